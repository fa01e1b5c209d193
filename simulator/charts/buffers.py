"""Safety stock in pictures: demand until goods come in, and what each unit of buffer buys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.charts.look import LIGHT, Look, axis, data

if TYPE_CHECKING:
    import altair as alt


def density(rows: list[dict[str, Any]], level: float, mean: float, unit: str, look: Look = LIGHT) -> alt.LayerChart:
    """How likely each demand over the days at risk is; beyond the level it is not served on the day."""
    import altair as alt

    served = [row for row in rows if row["demand"] <= level]
    short = [row for row in rows if row["demand"] >= level]
    x = alt.X("demand:Q", axis=alt.Axis(**axis(unit)), scale=alt.Scale(zero=False, nice=False))
    y = alt.Y("density:Q", axis=None)
    named = sorted([(mean, look.say("expected demand")), (level, look.say("order-up-to level"))])
    marks = [{"at": at, "label": label} for at, label in named]
    lines = alt.Chart(data(marks))
    aside = [
        alt.Chart(data([mark])).mark_text(color=look.ink, y=-8, **way) for mark, way in zip(marks, ASIDE, strict=True)
    ]
    layers = [
        alt.Chart(data(served)).mark_area(opacity=0.35, color=look.up).encode(x=x, y=y),
        alt.Chart(data(short)).mark_area(opacity=0.8, color=look.down).encode(x=x, y=y),
        lines.mark_rule(color=look.ink, strokeDash=[4, 3]).encode(x="at:Q"),
        *(text.encode(x="at:Q", text="label:N") for text in aside),
    ]
    chart: alt.LayerChart = alt.LayerChart(layer=layers, height=220)
    return chart


ASIDE: tuple[dict[str, Any], ...] = ({"align": "right", "dx": -3}, {"align": "left", "dx": 3})
"""Names of two lines keep clear of each other, however near those are."""


def curve(
    rows: list[dict[str, Any]],
    here: dict[str, Any],
    found: list[dict[str, Any]],
    words: tuple[str, str],
    look: Look = LIGHT,
    reach: tuple[float, float] | None = None,
) -> alt.LayerChart:
    """Service over safety stock by the formula; the point chosen; beside it what simulation found, with 95 % intervals.

    `reach` is what the axis of service spans, so that curves beside each other share it.
    """
    import altair as alt

    x = alt.X("stock:Q", axis=alt.Axis(**axis(words[0])))
    scale = alt.Scale(zero=False) if reach is None else alt.Scale(domain=list(reach), zero=False)
    y = alt.Y("service:Q", axis=alt.Axis(**axis(words[1])), scale=scale)
    layers: list[Any] = [
        alt.Chart(data(rows)).mark_line(color=look.up, strokeWidth=2.5).encode(x=x, y=y),
        alt.Chart(data([here])).mark_point(filled=True, size=130, color=look.ink, opacity=1).encode(x=x, y=y),
    ]
    if found:
        runs = alt.Chart(data(found))
        layers += [
            runs.mark_rule(color=look.down, strokeWidth=3).encode(x=x, y=alt.Y("low:Q"), y2="high:Q"),
            runs.mark_point(color=look.down, size=80, shape="diamond", filled=True, opacity=1).encode(x=x, y=y),
        ]
    chart: alt.LayerChart = alt.LayerChart(layer=layers, height=260)
    return chart
