"""A month of S&OP in pictures: actual against plan, the parts of demand, load against limit, options side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from simulator.charts.look import LIGHT, Look, axis, data

if TYPE_CHECKING:
    import altair as alt

Row = dict[str, Any]
"""A number of a document: name, figure, column, value."""


def side_by_side(rows: Sequence[Row], title: str, unit: str, look: Look = LIGHT, share: bool = False) -> alt.Chart:
    """Figures of each name beside each other: actual, plan and budget of families, or the errors of forecasts."""
    import altair as alt

    figures = list(dict.fromkeys(row["figure"] for row in rows))
    scale = alt.Scale(domain=figures, range=_inks(len(figures), look))
    shown = {"format": ".0%", "labelExpr": "datum.label"} if share else {}
    chart: alt.Chart = (
        alt.Chart(data(list(rows)), title=alt.TitleParams(title, anchor="start"), height=300)
        .mark_bar()
        .encode(
            x=alt.X("name:N", sort=None, title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            xOffset=alt.XOffset("figure:N", sort=figures),
            y=alt.Y("value:Q", axis=alt.Axis(**{**axis(unit or None), **shown})),
            color=alt.Color("figure:N", scale=scale, sort=None, legend=_legend()),
            tooltip=["name:N", "figure:N", alt.Tooltip("value:Q", format=".1%" if share else ",.0f")],
        )
    )
    return chart


def stack(rows: Sequence[Row], title: str, unit: str, look: Look = LIGHT) -> alt.Chart:
    """What a month's demand is made of."""
    import altair as alt

    figures = list(dict.fromkeys(row["figure"] for row in rows))
    scale = alt.Scale(domain=figures, range=list(look.colours[: len(figures)]))
    numbered = [{**row, "order": figures.index(row["figure"])} for row in rows]
    chart: alt.Chart = (
        alt.Chart(data(numbered), title=alt.TitleParams(title, anchor="start"), height=300)
        .mark_bar()
        .encode(
            x=alt.X("column:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("value:Q", axis=alt.Axis(**axis(unit))),
            color=alt.Color("figure:N", scale=scale, sort=None, legend=_legend()),
            order=alt.Order("order:Q"),
            tooltip=["column:O", "figure:N", alt.Tooltip("value:Q", format=",.0f")],
        )
    )
    return chart


def load(rows: Sequence[Row], title: str, look: Look = LIGHT) -> alt.LayerChart:
    """Load of each resource's regular hours by month; above the line it takes overtime, or cannot be done."""
    import altair as alt

    names = list(dict.fromkeys(row["name"] for row in rows))
    scale = alt.Scale(domain=names, range=list((look.colours * 3)[: len(names)]))
    base = alt.Chart(data(list(rows))).encode(x=alt.X("column:O", title=None, axis=alt.Axis(labelAngle=-45)))
    limit = alt.Chart(data([{"limit": 1.0}])).mark_rule(color=look.ink, strokeDash=[5, 3]).encode(y="limit:Q")
    lines = base.mark_line(point=True, strokeWidth=2).encode(
        y=alt.Y("value:Q", axis=alt.Axis(title=None, format=".0%", tickCount=6)),
        color=alt.Color("name:N", scale=scale, sort=None, legend=_legend()),
        tooltip=["name:N", "column:O", alt.Tooltip("value:Q", format=".0%")],
    )
    head = alt.TitleParams(title, anchor="start")
    chart: alt.LayerChart = alt.LayerChart(layer=[limit, lines], title=head, height=300)
    return chart


def options(rows: Sequence[Row], title: str, unit: str, look: Look = LIGHT) -> alt.LayerChart:
    """What each option is expected to cost."""
    import altair as alt

    base = alt.Chart(data(list(rows)), title=alt.TitleParams(title, anchor="start"))
    y = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=260))
    most = max((row["value"] for row in rows), default=0.0)  # room for the figure behind the longest bar
    x = alt.X("value:Q", axis=alt.Axis(**axis(unit)), scale=alt.Scale(domainMax=1.15 * most, nice=False))
    layers = [
        base.mark_bar(color=look.up).encode(x=x, y=y, tooltip=["name:N", alt.Tooltip("value:Q", format=",.0f")]),
        base.mark_text(align="left", dx=5, color=look.ink).encode(x=x, y=y, text=alt.Text("value:Q", format=",.0f")),
    ]
    chart: alt.LayerChart = alt.LayerChart(layer=layers, height=60 + 34 * len(rows))
    return chart


def _inks(count: int, look: Look) -> list[str]:
    return [look.colours[0], look.faint, *look.colours[1:]][:count]


def _legend() -> Any:
    import altair as alt

    return alt.Legend(title=None, orient="top", labelLimit=260, columns=4)
