"""Draw one run read by four service levels, four bars a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.faces.charts.cycle import SLANTED
from simulator.faces.charts.look import LIGHT, Look, data, plain, speaking
from simulator.faces.charts.scale import WHOLE, legend, span
from simulator.results.kpis import MEASURES
from simulator.results.kpis.levels import LEVELS, SCORED

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd


def service_levels(table: pd.DataFrame, title: str, look: Look = LIGHT) -> alt.Chart:
    """Draw the service levels of one run by month; `table` has a row a period and a column a level."""
    import altair as alt

    names = {level: look.say(MEASURES[level].title) for level in LEVELS}
    rows = [
        {"label": str(row["period"]), "level": name, "value": row[level], "much": plain(row[level], "share", look)}
        for row in table[table["period"] != SCORED].to_dict("records")
        for level, name in names.items()
        if row[level] == row[level]
    ]
    told, spoken = speaking(rows, {"label": "", "level": "", "much": ""}, look)
    reach = span([row["value"] for row in rows], look=look, shares=True, zero=True, within=WHOLE)
    periods = list(dict.fromkeys(row["label"] for row in rows))
    x = alt.X("label:O", axis=alt.Axis(title=None, **SLANTED), sort=periods, scale=alt.Scale(domain=periods))
    scale = alt.Scale(domain=[*names.values()], range=list(look.colours[: len(names)]))
    chart: alt.Chart = (
        alt.Chart(data(told), title=alt.TitleParams(title, anchor="start"), height=260)
        .mark_bar()
        .encode(
            x=x,
            xOffset=alt.XOffset("level:N", sort=[*names.values()]),
            y=alt.Y("value:Q", axis=reach.axis(None), scale=reach.scale()),
            color=alt.Color("level:N", scale=scale, sort=None, legend=legend([*names.values()], look)),
            **spoken,
        )
    )
    return chart
