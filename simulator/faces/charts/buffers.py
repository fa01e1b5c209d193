"""Safety stock in pictures: demand until goods come in, and what each unit of buffer buys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.faces.charts.look import LIGHT, SILENT, Look, data, figure, plain, speaking
from simulator.faces.charts.scale import legend, span

if TYPE_CHECKING:
    import altair as alt


def density(
    rows: list[dict[str, Any]], level: float, mean: float, unit: str, look: Look = LIGHT, title: str = ""
) -> alt.LayerChart:
    """Draw the probability of each demand over the days at risk; beyond the level it is not served on the day."""
    import altair as alt

    words = {True: look.say("served on the day"), False: look.say("not served on the day")}
    parts = [[row for row in rows if (row["demand"] <= level if ok else row["demand"] >= level)] for ok in words]
    reach = span([row["demand"] for row in rows], look=look, room=0.0)
    x = alt.X("demand:Q", axis=reach.axis(unit), scale=reach.scale())
    y = alt.Y("density:Q", axis=None)
    named = sorted([(mean, look.say("expected demand")), (level, look.say("order-up-to level"))])
    marks = [{"at": at, "label": f"{label} {plain(at)}", "name": label, "much": plain(at, unit)} for at, label in named]
    marks, spoken = speaking(marks, {"name": "", "much": ""}, look)
    paint = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=list(words.values()), range=[look.pale(look.up, 0.35), look.pale(look.down, 0.8)]),
        legend=legend(words.values(), look),
    )
    areas = [
        alt.Chart(data([{**row, "kind": kind} for row in part]))
        .mark_area(opacity=1, **SILENT)
        .encode(x=x, y=y, color=paint)
        for part, kind in zip(parts, words.values(), strict=True)
    ]
    rules = alt.Chart(data(marks)).mark_rule(color=look.ink, strokeDash=[4, 3]).encode(x="at:Q", **spoken)
    aside = [
        alt.Chart(data([mark])).mark_text(color=look.ink, y=-8, **way, **SILENT).encode(x="at:Q", text="label:N")
        for mark, way in zip(marks, ASIDE, strict=True)
    ]
    head = alt.TitleParams(title, anchor="start") if title else alt.Undefined
    chart: alt.LayerChart = alt.LayerChart(layer=[*areas, rules, *aside], height=220, title=head)
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
    title: str = "",
) -> alt.LayerChart:
    """Service over safety stock by the formula; the point chosen; beside it what simulation found, with 95 % intervals.

    `reach` is what the axis of service spans, so that curves beside each other share it.
    """
    import altair as alt

    kinds = [look.say("by the formula"), look.say("your answer"), look.say("simulated, 95 % interval")]
    spread = span([row["stock"] for row in [*rows, *found, here]], look=look)
    tall = span(reach or [row["service"] for row in [*rows, *found]], look=look, room=0.03, within=(0.0, 100.0))
    x = alt.X("stock:Q", axis=spread.axis(words[0]), scale=spread.scale())
    y = alt.Y("service:Q", axis=tall.axis(words[1]), scale=tall.scale())
    scale = alt.Scale(domain=kinds, range=[look.up, look.ink, look.down])
    paint = alt.Color("kind:N", scale=scale, legend=legend(kinds, look, symbolType="circle"))
    (line, _), (spot, chosen), (runs, spoken) = (
        _services(part, kind, words, look) for part, kind in zip((rows, [here], found), kinds, strict=True)
    )
    layers: list[Any] = [
        alt.Chart(data(line)).mark_line(strokeWidth=2.5, **SILENT).encode(x=x, y=y, color=paint),
        alt.Chart(data(spot)).mark_point(filled=True, size=130, opacity=1).encode(x=x, y=y, color=paint, **chosen),
    ]
    if found:
        ends = alt.Chart(data(runs)).mark_rule(strokeWidth=3, **SILENT)
        points = alt.Chart(data(runs)).mark_point(size=80, shape="diamond", filled=True, opacity=1)
        layers += [
            ends.encode(x=x, y=alt.Y("low:Q", scale=tall.scale()), y2="high:Q", color=paint),
            points.encode(x=x, y=y, color=paint, **spoken),
        ]
    head = alt.TitleParams(title, anchor="start") if title else alt.Undefined
    chart: alt.LayerChart = alt.LayerChart(layer=layers, height=260, title=head)
    return chart


def _services(
    part: list[dict[str, Any]], kind: str, words: tuple[str, str], look: Look
) -> tuple[list[dict[Any, Any]], dict[str, Any]]:
    """Collect points of service over stock, with what each says."""
    told = [
        {**row, "kind": kind, "stock held": plain(row["stock"])}
        | {"how much": figure(row["service"], row.get("low"), row.get("high"), "", look=look)}
        for row in part
    ]
    return speaking(told, {"how much": words[1], "stock held": words[0], "kind": ""}, look)
