"""Draw figures over time: bands over months, the days of one possible year, plans by month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulator.faces.charts.cycle import SLANTED
from simulator.faces.charts.look import DASHES, LIGHT, SILENT, Look, data, plain, speaking
from simulator.faces.charts.scale import legend, span

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd


def bands(table: pd.DataFrame, title: str, unit: str, look: Look = LIGHT, time: str = "month") -> alt.LayerChart:
    """Mean of each series over time, inside the band that holds nine in ten runs."""
    import altair as alt

    names = list(dict.fromkeys(table["label"]))
    rows = table[["label", time, "mean", "p5", "p95"]].to_dict("records")
    counted = [
        {**row, "level": plain(row["mean"], unit), "band": f"{plain(row['p5'])} – {plain(row['p95'], unit)}"}
        for row in rows
    ]
    counted, spoken = speaking(counted, {"label": "", time: "", "level": "mean", "band": "90 % of runs"}, look)
    reach = span([row[name] for row in rows for name in ("mean", "p5", "p95")], look=look, zero=True)
    order = alt.Scale(domain=names, range=list(look.colours[: len(names)]))
    named = legend(names, look, symbolType="stroke", symbolOpacity=1)
    kind = "T" if time == "day" else "O"
    tick = SLANTED if kind == "O" else {"format": "%Y-%m"}
    base = alt.Chart(data(counted), title=alt.TitleParams(title, anchor="start")).encode(
        x=alt.X(f"{time}:{kind}", axis=alt.Axis(title=None, **tick)),
        color=alt.Color("label:N", scale=order, sort=None, legend=named),
    )
    dash = alt.StrokeDash("label:N", scale=alt.Scale(domain=names, range=list(DASHES[: len(names)])), legend=named)
    y = alt.Y("p5:Q", axis=reach.axis(unit), scale=reach.scale())
    layers = [
        base.mark_area(opacity=0.18, **SILENT).encode(y=y, y2="p95:Q"),
        base.mark_line(strokeWidth=2, **SILENT).encode(y="mean:Q", strokeDash=dash),
        base.mark_point(filled=True, size=60, opacity=0).encode(y="mean:Q", **spoken),
    ]
    chart: alt.LayerChart = alt.LayerChart(layer=layers, height=230)
    return chart


def possible_year(table: pd.DataFrame, title: str, unit: str, until: str, look: Look = LIGHT) -> alt.LayerChart:
    """One run day by day, as far as it has been played, beside the band of all runs."""
    import altair as alt

    played = table[table["day"] <= until]
    kinds = [look.say("this run"), look.say("the middle run"), look.say("90 % of all runs")]
    columns = ["value", "p5", "p50", "p95"]
    reach = span(table[columns].to_numpy().ravel(), look=look, zero=True)  # of all days: no frame of a film jumps
    x = alt.X("day:T", axis=alt.Axis(title=None, format="%Y-%m", tickCount=8))
    head = alt.TitleParams(title, anchor="start")
    band = alt.Chart(data(table[["day", "p5", "p50", "p95"]].assign(kind=kinds[2], middle=kinds[1]).to_dict("records")))
    rows, spoken = _played(played, kinds[0], unit, look)
    line = alt.Chart(data(rows))
    now = alt.Chart(data([{"day": until}])).mark_rule(color=look.ink, strokeDash=[3, 3], **SILENT).encode(x="day:T")
    scale = alt.Scale(domain=kinds, range=[look.down, look.up, look.pale(look.up, 0.3)])
    paint, middle = (
        alt.Color(
            f"{field}:N",
            scale=scale,
            legend=legend(kinds, look, symbolType="stroke", symbolStrokeWidth=3, symbolOpacity=1),
        )
        for field in ("kind", "middle")
    )
    y = alt.Y("p5:Q", axis=reach.axis(unit), scale=reach.scale())
    layers = [
        band.mark_area(opacity=1, **SILENT).encode(x=x, y=y, y2="p95:Q", color=paint),
        band.mark_line(strokeDash=[4, 3], strokeWidth=1, **SILENT).encode(x=x, y="p50:Q", color=middle),
        line.mark_line(strokeWidth=1.6, **SILENT).encode(x=x, y="value:Q", color=paint),
        alt.Chart(data(rows[::WEEK])).mark_point(filled=True, size=40, opacity=0).encode(x=x, y="value:Q", **spoken),
        now,
    ]
    chart: alt.LayerChart = alt.LayerChart(layer=layers, height=180, title=head)
    return chart


def _played(played: pd.DataFrame, kind: str, unit: str, look: Look) -> tuple[list[dict[Any, Any]], dict[str, Any]]:
    """The days of a run so far, with what each says."""
    rows = [
        {**row, "kind": kind, "much": plain(row["value"], unit), "band": f"{plain(row['p5'])} – {plain(row['p95'])}"}
        for row in played[["day", "value", "p5", "p95"]].to_dict("records")
    ]
    return speaking(rows, {"day": "", "much": "this run", "band": "90 % of all runs"}, look)


WEEK = 7
"""Days from one mark that speaks to the next."""


def plan(table: pd.DataFrame, lines: Mapping[str, str], title: str, unit: str, look: Look = LIGHT) -> alt.LayerChart:
    """A plan by month: bars for the first series, lines for the others; `lines` says how each is called."""
    import altair as alt

    first, *others = lines
    shown = table[table["figure"].isin(lines)]
    named = shown.assign(label=shown["figure"].map(dict(lines)), much=[plain(value, unit) for value in shown["value"]])
    x = alt.X("column:O", axis=alt.Axis(title=None, **SLANTED))
    reach = span(shown["value"], look=look, zero=True)
    y = alt.Y("value:Q", axis=reach.axis(unit), scale=reach.scale())
    scale = alt.Scale(domain=list(lines.values()), range=[look.faint, *look.colours[: len(others)]])
    colour = alt.Color("label:N", scale=scale, sort=None, legend=legend(lines.values(), look))
    columns = ["label", "column", "value", "much", "figure"]
    rows, spoken = speaking(named[columns].to_dict("records"), {"label": "", "column": "", "much": ""}, look)
    bars = alt.Chart(data([row for row in rows if row["figure"] == first]))
    rest = alt.Chart(data([row for row in rows if row["figure"] != first]))
    layers = [
        bars.mark_bar(opacity=0.75).encode(x=x, y=y, color=colour, **spoken),
        rest.mark_line(point=True, strokeWidth=2).encode(x=x, y=y, color=colour, **spoken),
    ]
    head = alt.TitleParams(title, anchor="start")
    chart: alt.LayerChart = alt.LayerChart(layer=layers, title=head, height=240)
    return chart
