"""Policies side by side: service against stock, a measure with its intervals, differences from the reference."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from simulator.charts.look import LIGHT, Look, axis, data, factor, unit_words
from simulator.units import ScenarioError

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

STOCK, SERVICE, NERVOUS = "days_of_supply", "fill_rate", "nervousness"


def points(summary: pd.DataFrame) -> list[dict[str, Any]]:
    """Each policy's stock as x, its service in percent as y, its plan nervousness in percent where it plans."""
    found: dict[str, dict[str, Any]] = {}
    for row in summary.to_dict("records"):
        name, scale = {STOCK: "x", SERVICE: "y", NERVOUS: "nervous"}.get(row["measure"]), factor(row["unit"])
        if name:
            spot = found.setdefault(row["policy"], {"policy": row["policy"], "label": row.get("label", row["policy"])})
            spot.update(
                {name: row["mean"] * scale, f"{name}_low": row["low"] * scale, f"{name}_high": row["high"] * scale}
            )
    if not found or not all("x" in spot and "y" in spot for spot in found.values()):
        raise ScenarioError(f"--chart needs the measures {SERVICE} and {STOCK}; name both with --measure, or name none")
    return [{key: None if value != value else value for key, value in spot.items()} for spot in found.values()]


def finding(spots: Sequence[dict[str, Any]], look: Look = LIGHT) -> str:
    """What the frontier says, for its title."""
    best, least = max(spots, key=lambda spot: spot["y"]), min(spots, key=lambda spot: spot["x"])
    words = look.say("{best} fills most ({fill} %), {least} holds least ({days} days)")
    return words.format(best=best["label"], fill=f"{best['y']:.1f}", least=least["label"], days=f"{least['x']:.0f}")


def frontier(summary: pd.DataFrame, about: str = "", look: Look = LIGHT) -> alt.LayerChart:
    """Fill rate over days of stock with 95 % intervals both ways; colour says how nervous the plans are."""
    import altair as alt

    spots = placed(points(summary))
    x = alt.X("x:Q", axis=alt.Axis(**axis(look.say("days of stock"))), scale=alt.Scale(zero=False, padding=40))
    low, high = min(spot["y_low"] for spot in spots), max(spot["y_high"] for spot in spots)
    room = 0.1 * (high - low) or 1.0
    domain = alt.Scale(domain=[max(0.0, low - room), max(high, min(100.0, high + room))], nice=False, zero=False)
    y = alt.Y("y:Q", axis=alt.Axis(**axis(look.say("fill rate, %"))), scale=domain)
    base = alt.Chart(data(spots)).encode(x=x, y=y)
    crosses = base.mark_rule(strokeWidth=2, color=look.faint)
    layers = [crosses.encode(y="y_low:Q", y2="y_high:Q"), crosses.encode(x="x_low:Q", x2="x_high:Q")]
    by_plan = {planned: [s for s in spots if (s.get("nervous") is not None) == planned] for planned in (True, False)}
    by_side = {right: [s for s in spots if s["right"] == right] for right in (True, False)}
    layers += [_marks(part, x, y, planned, look) for planned, part in by_plan.items() if part]
    layers += [_labels(part, x, y, right, look) for right, part in by_side.items() if part]
    subtitle: dict[str, Any] = {"subtitle": f"{about}; crosses are 95 % intervals"} if about else {}
    lines = re.split(r"(?<=[)）][,，])\s*", finding(spots, look), maxsplit=1)  # so that a phone shows all of it
    title = alt.TitleParams(lines, anchor="start", **subtitle)
    chart: alt.LayerChart = alt.LayerChart(layer=layers, title=title, height=360)
    return chart


def placed(spots: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The points with their names to the right, or to the left where another point is in the way."""
    wide = max(spot["x"] for spot in spots) - min(spot["x"] for spot in spots) or 1.0
    tall = max(spot["y"] for spot in spots) - min(spot["y"] for spot in spots) or 1.0

    def crowded(spot: dict[str, Any]) -> bool:
        near = [(other["x"] - spot["x"], abs(other["y"] - spot["y"])) for other in spots if other is not spot]
        return any(0 <= right < 0.25 * wide and apart < 0.1 * tall for right, apart in near)

    return [{**spot, "right": not crowded(spot)} for spot in spots]


def _marks(spots: list[dict[str, Any]], x: Any, y: Any, planned: bool, look: Look) -> alt.Chart:
    """Policies with plans, filled by how nervous those are; the others hollow."""
    import altair as alt

    words = {"y": "fill rate, %", "x": "days of stock", **({"nervous": "plan nervousness, %"} if planned else {})}
    figures = [alt.Tooltip(f"{name}:Q", title=look.say(text), format=".1f") for name, text in words.items()]
    tips = [alt.Tooltip("label:N", title=look.say("policy")), *figures]
    base = alt.Chart(data(spots)).encode(x=x, y=y, tooltip=tips)
    legend = alt.Legend(title=look.say("plan nervousness, %"), orient="bottom-right", gradientLength=90, tickCount=2)
    colour = alt.Color("nervous:Q", scale=alt.Scale(range=list(look.ramp)), legend=legend)
    hollow = base.mark_point(filled=False, size=110, opacity=1, stroke=look.ink, strokeWidth=1.5)
    filled = base.mark_point(filled=True, size=110, opacity=1, stroke=look.ink).encode(color=colour)
    chart: alt.Chart = filled if planned else hollow
    return chart


def _labels(spots: list[dict[str, Any]], x: Any, y: Any, right: bool, look: Look) -> alt.Chart:
    import altair as alt

    named = alt.Chart(data(spots)).encode(x=x, y=y, text="label:N")
    chart: alt.Chart = named.mark_text(align="left" if right else "right", dx=9 if right else -9, dy=-9, color=look.ink)
    return chart


def _rows(part: pd.DataFrame, names: Sequence[str], look: Look) -> list[dict[str, Any]]:
    """Some figures of one measure in the unit that they are shown in."""
    scale = factor(str(part.iloc[0]["unit"]))
    return [
        {
            "label": row.get("label", row["policy"]),
            "colour": look.colours[k % len(look.colours)],
            "verdict": row["verdict"],
        }
        | {name: row[name] * scale if row[name] == row[name] else None for name in names}
        for k, row in enumerate(part.to_dict("records"))
    ]


def intervals(part: pd.DataFrame, currency: str, look: Look = LIGHT) -> alt.LayerChart:
    """One measure: each policy's mean with its 95 % interval, and where nine in ten single runs lie."""
    import altair as alt

    first = part.iloc[0]
    title = look.say(str(first["title"]))
    unit = unit_words(str(first["unit"]), currency, look)
    rows = _rows(part, ("mean", "low", "high", "p5", "p95"), look)
    base = alt.Chart(data(rows), title=alt.TitleParams(f"{title}, {unit}", anchor="start")).encode(
        y=alt.Y("label:N", sort=None, title=None), color=alt.Color("colour:N", scale=None)
    )
    x = alt.X("p5:Q", axis=alt.Axis(**axis()), scale=alt.Scale(zero=False, padding=8))
    tips = [alt.Tooltip(f"{name}:Q", title=look.say(words), format=",.4~g") for name, words in SPREAD.items()]
    layers = [
        base.mark_rule(strokeWidth=1.5, opacity=0.6).encode(x=x, x2="p95:Q"),
        base.mark_rule(strokeWidth=5).encode(x="low:Q", x2="high:Q"),
        base.mark_point(filled=True, size=70, opacity=1).encode(x="mean:Q", tooltip=["label:N", *tips]),
    ]
    chart: alt.LayerChart = alt.LayerChart(layer=layers, height=34 * len(rows) + 20)
    return chart


SPREAD = {
    "mean": "mean",
    "low": "95 % interval from",
    "high": "to",
    "p5": "90 % of single runs from",
    "p95": "up to",
}


def differences(part: pd.DataFrame, currency: str, look: Look = LIGHT) -> alt.LayerChart:
    """One measure: each policy's difference from the reference on the same luck, about zero."""
    import altair as alt

    first = part.iloc[0]
    points_word = look.say("points") if factor(str(first["unit"])) == 100 else None
    unit = points_word or unit_words(str(first["unit"]), currency, look)
    against = look.say("difference from {policy}, {unit}").format(policy=first.get("label", first["policy"]), unit=unit)
    rows = _rows(part, ("difference", "difference_low", "difference_high"), look)  # the reference too, beside its mean
    for row in rows:
        row["verdict"] = look.say(row["verdict"])
    base = alt.Chart(data(rows), title=alt.TitleParams(against, anchor="start")).encode(
        y=alt.Y("label:N", sort=None, title=None), color=alt.Color("colour:N", scale=None)
    )
    x = alt.X("difference_low:Q", axis=alt.Axis(**axis()), scale=alt.Scale(padding=60))
    layers = [
        alt.Chart(data([{"zero": 0}])).mark_rule(color=look.ink, strokeDash=[3, 3]).encode(x="zero:Q"),
        base.mark_rule(strokeWidth=5).encode(x=x, x2="difference_high:Q"),
        base.mark_point(filled=True, size=70, opacity=1).encode(x="difference:Q", tooltip=["label:N", "verdict:N"]),
        base.mark_text(align="left", dx=6, dy=-8).encode(
            x="difference_high:Q", text="verdict:N", color=alt.value(look.ink)
        ),
    ]
    chart: alt.LayerChart = alt.LayerChart(layer=layers, height=34 * len(rows) + 20)
    return chart
