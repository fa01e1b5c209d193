"""A month of S&OP in pictures: actual against plan, the parts of demand, load against limit, options side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from simulator.faces.charts.look import LIGHT, SILENT, Look, data, plain, speaking
from simulator.faces.charts.scale import BESIDE, BROKEN, Span, in_rows, legend, span

if TYPE_CHECKING:
    import altair as alt

Row = dict[str, Any]
"""A number of a document: name, figure, column, value."""

BELOW = 12
"""Letters of a line below a group of bars."""

SLANTED: dict[str, Any] = {"labelAngle": -45, "labelOverlap": True}


def _counted(rows: Sequence[Row], unit: str, look: Look, share: bool = False) -> list[Row]:
    return [{**row, "much": plain(row["value"], "share" if share else unit, look)} for row in rows]


def side_by_side(rows: Sequence[Row], title: str, unit: str, look: Look = LIGHT, share: bool = False) -> alt.Chart:
    """Figures of each name beside each other: actual, plan and budget of families, or the errors of forecasts."""
    import altair as alt

    figures = list(dict.fromkeys(row["figure"] for row in rows))
    scale = alt.Scale(domain=figures, range=_inks(len(figures), look))
    reach = span([row["value"] for row in rows], look=look, shares=share, zero=True)
    named = [{**row, "below": in_rows(str(row["name"]), BELOW)} for row in rows]
    counted, spoken = speaking(_counted(named, unit, look, share), {"name": "", "figure": "", "much": ""}, look)
    chart: alt.Chart = (
        alt.Chart(data(counted), title=alt.TitleParams(title, anchor="start"), height=300)
        .mark_bar()
        .encode(
            x=alt.X("below:N", sort=None, title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True, **BROKEN)),
            xOffset=alt.XOffset("figure:N", sort=figures),
            y=alt.Y("value:Q", axis=reach.axis(unit or None), scale=reach.scale()),
            color=alt.Color("figure:N", scale=scale, sort=None, legend=legend(figures, look)),
            **spoken,
        )
    )
    return chart


def stack(rows: Sequence[Row], title: str, unit: str, look: Look = LIGHT) -> alt.Chart:
    """Draw the parts of each month's demand on top of each other."""
    import altair as alt

    figures = list(dict.fromkeys(row["figure"] for row in rows))
    scale = alt.Scale(domain=figures, range=list(look.colours[: len(figures)]))
    numbered = [{**row, "order": figures.index(row["figure"])} for row in rows]
    counted, spoken = speaking(_counted(numbered, unit, look), {"column": "", "figure": "", "much": ""}, look)
    reach = _stacked(rows, look)
    chart: alt.Chart = (
        alt.Chart(data(counted), title=alt.TitleParams(title, anchor="start"), height=300)
        .mark_bar()
        .encode(
            x=alt.X("column:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("value:Q", axis=reach.axis(unit), scale=reach.scale()),
            color=alt.Color("figure:N", scale=scale, sort=None, legend=legend(figures, look)),
            order=alt.Order("order:Q"),
            **spoken,
        )
    )
    return chart


def _stacked(rows: Sequence[Row], look: Look) -> Span:
    """Return the span of bars on top of each other, those below zero downwards."""
    ordered = sorted(rows, key=lambda row: str(row["column"]))
    columns = [[row["value"] for row in part] for _, part in groupby(ordered, key=lambda row: str(row["column"]))]
    ends = [sum(v for v in part if (v > 0) == up) for part in columns for up in (True, False)]
    return span(ends, look=look, zero=True)


def load(rows: Sequence[Row], title: str, look: Look = LIGHT) -> alt.LayerChart:
    """Load of each resource's regular hours by month, dotted as wished, drawn out as approved.

    Above the line it takes overtime, or cannot be done.
    """
    import altair as alt

    names, plans = (list(dict.fromkeys(row[key] for row in rows)) for key in ("name", "figure"))
    scale = alt.Scale(domain=names, range=list((look.colours * 3)[: len(names)]))
    reach = span([1.0, *(row["value"] for row in rows)], look=look, shares=True, zero=True)
    counted, spoken = speaking(
        _counted(rows, "", look, share=True), {"name": "", "figure": "", "column": "", "much": ""}, look
    )
    dot = {"filled": True, "size": 26, "strokeWidth": 0}
    faint = [{"strokeDash": [2, 3], "opacity": 0.75, "point": dot}] if len(plans) > 1 else []
    ways: list[dict[str, Any]] = [*faint, {"strokeDash": [1, 0], "opacity": 1.0, "point": dot}]
    limit = alt.Chart(data([{"limit": 1.0}])).mark_rule(color=look.ink, strokeDash=[5, 3], **SILENT).encode(y="limit:Q")
    y = alt.Y("value:Q", axis=reach.axis(None), scale=reach.scale())
    lines = [
        alt.Chart(data([row for row in counted if row["figure"] == plan]))
        .mark_line(strokeWidth=2, **way)
        .encode(
            x=alt.X("column:O", title=None, axis=alt.Axis(**SLANTED)),
            y=y,
            color=alt.Color("name:N", scale=scale, sort=None, legend=legend(names, look)),
            **spoken,
        )
        for plan, way in zip(plans, ways, strict=True)
    ]
    head = alt.TitleParams(title, anchor="start")
    chart: alt.LayerChart = alt.LayerChart(layer=[limit, *lines], title=head, height=300)
    return chart


def options(rows: Sequence[Row], title: str, unit: str, look: Look = LIGHT) -> alt.LayerChart:
    """Draw the expected cost of each option."""
    import altair as alt

    counted, spoken = speaking(_counted(rows, unit, look), {"name": "", "much": ""}, look)
    base = alt.Chart(data(counted), title=alt.TitleParams(title, anchor="start"))
    y = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(**BESIDE))
    reach = span([row["value"] for row in rows], look=look, zero=True, room=(0.2, 0.2))  # for the figure behind a bar
    x = alt.X("value:Q", axis=reach.axis(unit), scale=reach.scale())
    sides = [([row for row in counted if (row["value"] >= 0) == up], up) for up in (True, False)]
    layers = [base.mark_bar(color=look.up).encode(x=x, y=y, **spoken)]
    layers += [
        alt.Chart(data([{**row, "text": plain(row["value"])} for row in part]))
        .mark_text(align="left" if up else "right", dx=5 if up else -5, color=look.ink, **SILENT)
        .encode(x=x, y=y, text="text:N")
        for part, up in sides
        if part
    ]
    chart: alt.LayerChart = alt.LayerChart(layer=layers, height=60 + 34 * len(rows))
    return chart


def _inks(count: int, look: Look) -> list[str]:
    return [look.colours[0], look.faint, *look.colours[1:]][:count]
