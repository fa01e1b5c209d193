"""What happens over time: bands over months, the days of one possible year, load against limit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from simulator.charts.look import DASHES, LIGHT, Look, axis, data

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd


def bands(table: pd.DataFrame, title: str, unit: str, look: Look = LIGHT, time: str = "month") -> alt.LayerChart:
    """Mean of each series over time, inside the band that holds nine in ten runs."""
    import altair as alt

    names = list(dict.fromkeys(table["label"]))
    rows = table[["label", time, "mean", "p5", "p95"]].to_dict("records")
    order = alt.Scale(domain=names, range=list(look.colours[: len(names)]))
    legend = alt.Legend(title=None, orient="top", labelLimit=260, columns=2, symbolType="stroke", symbolOpacity=1)
    kind = "T" if time == "day" else "O"
    tick = {"labelAngle": -45, "labelOverlap": True} if kind == "O" else {"format": "%Y-%m"}
    base = alt.Chart(data(rows), title=alt.TitleParams(title, anchor="start")).encode(
        x=alt.X(f"{time}:{kind}", axis=alt.Axis(title=None, **tick)),
        color=alt.Color("label:N", scale=order, sort=None, legend=legend),
    )
    dash = alt.StrokeDash("label:N", scale=alt.Scale(domain=names, range=list(DASHES[: len(names)])), legend=legend)
    layers = [
        base.mark_area(opacity=0.18).encode(y=alt.Y("p5:Q", axis=alt.Axis(**axis(unit))), y2="p95:Q"),
        base.mark_line(strokeWidth=2).encode(
            y="mean:Q", strokeDash=dash, tooltip=["label:N", f"{time}:{kind}", alt.Tooltip("mean:Q", format=",.0f")]
        ),
    ]
    chart: alt.LayerChart = alt.LayerChart(layer=layers, height=230)
    return chart


def possible_year(table: pd.DataFrame, title: str, unit: str, until: str, look: Look = LIGHT) -> alt.LayerChart:
    """One run day by day, as far as it has been played, beside the band of all runs."""
    import altair as alt

    played = table[table["day"] <= until]
    x = alt.X("day:T", axis=alt.Axis(title=None, format="%Y-%m", tickCount=8))
    head = alt.TitleParams(title, anchor="start")
    band = alt.Chart(data(table[["day", "p5", "p50", "p95"]].to_dict("records")), title=head)
    line = alt.Chart(data(played[["day", "value"]].to_dict("records")))
    now = alt.Chart(data([{"day": until}])).mark_rule(color=look.ink, strokeDash=[3, 3]).encode(x="day:T")
    layers = [
        band.mark_area(opacity=0.2, color=look.up).encode(
            x=x, y=alt.Y("p5:Q", axis=alt.Axis(**axis(unit))), y2="p95:Q"
        ),
        band.mark_line(strokeDash=[4, 3], strokeWidth=1, color=look.up).encode(x=x, y="p50:Q"),
        line.mark_line(strokeWidth=1.6, color=look.down).encode(
            x=x, y="value:Q", tooltip=["day:T", alt.Tooltip("value:Q", format=",.0f")]
        ),
        now,
    ]
    chart: alt.LayerChart = alt.LayerChart(layer=layers, height=180)
    return chart


def plan(table: pd.DataFrame, lines: Mapping[str, str], title: str, unit: str, look: Look = LIGHT) -> alt.LayerChart:
    """A plan by month: bars for the first series, lines for the others; `lines` says how each is called."""
    import altair as alt

    first, *others = lines
    named = table.assign(label=table["figure"].map(dict(lines)))
    x = alt.X("column:O", axis=alt.Axis(title=None, labelAngle=-45))
    y = alt.Y("value:Q", axis=alt.Axis(**axis(unit)))
    scale = alt.Scale(domain=list(lines.values()), range=[look.faint, *look.colours[: len(others)]])
    legend = alt.Legend(title=None, orient="top", columns=4, labelLimit=240)
    colour = alt.Color("label:N", scale=scale, sort=None, legend=legend)
    tips = ["label:N", "column:O", alt.Tooltip("value:Q", format=",.0f")]
    columns = ["label", "column", "value"]
    bars = alt.Chart(data(named.loc[named["figure"] == first, columns].to_dict("records")))
    rest = alt.Chart(data(named.loc[named["figure"].isin(others), columns].to_dict("records")))
    layers = [
        bars.mark_bar(opacity=0.75).encode(x=x, y=y, color=colour, tooltip=tips),
        rest.mark_line(point=True, strokeWidth=2).encode(x=x, y=y, color=colour, tooltip=tips),
    ]
    head = alt.TitleParams(title, anchor="start")
    chart: alt.LayerChart = alt.LayerChart(layer=layers, title=head, height=240)
    return chart
