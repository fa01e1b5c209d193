"""Policies side by side: service against stock, a measure with its intervals, differences from the reference.

Encodings are made of their classes: what is said by a bare text, Altair looks up among all its classes anew, which takes as long as
the rest of the picture.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from simulator.faces.charts.look import LIGHT, SILENT, Look, data, factor, figure, speaking, unit_words
from simulator.faces.charts.scale import BESIDE, Span, bounds, span, told_apart
from simulator.kernel.messages import msg
from simulator.kernel.units import ScenarioError
from simulator.results.judged import SURE
from simulator.studies.analysis.sample import CALM_MEASURE, SERVICE_MEASURE, STOCK_MEASURE

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd


def policy_points(summary: pd.DataFrame, look: Look = LIGHT) -> list[dict[str, Any]]:
    """Each policy's stock as x, its service in percent as y, its plan nervousness in percent where it plans."""
    found: dict[str, dict[str, Any]] = {}
    for row in summary.to_dict("records"):
        name, scale = (
            {STOCK_MEASURE: "x", SERVICE_MEASURE: "y", CALM_MEASURE: "nervous"}.get(row["measure"]),
            factor(row["unit"]),
        )
        if name:
            spot = found.setdefault(row["policy"], {"policy": row["policy"], "label": row.get("label", row["policy"])})
            ends = {f"{name}_{end}": row[end] * scale for end in ("low", "high")}
            said = figure(row["mean"], row["low"], row["high"], row["unit"], look=look)
            spot.update({name: row["mean"] * scale, **ends, f"{name}_said": said if row["mean"] == row["mean"] else ""})
    if not found or not all("x" in spot and "y" in spot for spot in found.values()):
        raise ScenarioError(
            msg(
                "--chart needs the measures {service} and {stock}; name both with --measure, or name none",
                service=SERVICE_MEASURE,
                stock=STOCK_MEASURE,
            )
        )
    return [{key: None if value != value else value for key, value in spot.items()} for spot in found.values()]


def finding(spots: Sequence[dict[str, Any]], look: Look = LIGHT) -> str:
    """Word the finding of the frontier for its title; no policy is put above one it cannot be told from."""
    best, least = max(spots, key=lambda spot: spot["y"]), min(spots, key=lambda spot: spot["x"])
    sure = len(spots) > 1 and told_apart((spot["y_low"], spot["y_high"]) for spot in spots)
    words = look.say("{best} fills most ({fill} %), {least} holds least ({days} days)")
    if len(spots) > 1 and not sure:
        words = look.say("Nobody surely fills most, {least} holds least ({days} days)")
    return words.format(best=best["label"], fill=f"{best['y']:.1f}", least=least["label"], days=f"{least['x']:.0f}")


def frontier(summary: pd.DataFrame, about: str = "", look: Look = LIGHT) -> alt.LayerChart:
    """Fill rate over days of stock with 95 % intervals both ways; colour says how nervous the plans are."""
    import altair as alt

    spots = placed(policy_points(summary, look))
    wide = span([spot[end] for spot in spots for end in ("x_low", "x_high", "x")], look=look, room=(0.1, 0.25))
    ends = [spot[end] for spot in spots for end in ("y_low", "y_high")]
    tall = span([spot["y"] for spot in spots], look=look, room=0.1, within=ALL, ends=ends)
    spots, spoken = speaking(
        spots, {"label": "policy", "y_said": "fill rate", "x_said": "days of stock of products", **CALM}, look
    )
    x = alt.X("x:Q", axis=wide.axis(look.say("days of stock of products")), scale=wide.scale())
    y = alt.Y("y:Q", axis=tall.axis(look.say("fill rate, %")), scale=tall.scale())
    base = alt.Chart(data(spots)).encode(x=x, y=y)
    crosses = base.mark_rule(strokeWidth=2, color=look.faint, **SILENT)
    layers = [
        crosses.encode(y=alt.Y("y_low:Q"), y2=alt.Y2("y_high:Q")),
        crosses.encode(x=alt.X("x_low:Q"), x2=alt.X2("x_high:Q")),
    ]
    by_plan = {planned: [s for s in spots if (s.get("nervous") is not None) == planned] for planned in (True, False)}
    by_side = {right: [s for s in spots if s["right"] == right] for right in (True, False)}
    layers += [_marks(part, planned, look).encode(x=x, y=y, **spoken) for planned, part in by_plan.items() if part]
    layers += [_labels(part, x, y, right, look) for right, part in by_side.items() if part]
    subtitle: dict[str, Any] = {"subtitle": f"{about}; crosses are 95 % intervals"} if about else {}
    lines = re.split(r"(?<=[)）][,，])\s*", finding(spots, look), maxsplit=1)  # so that a phone shows all of it
    title = alt.TitleParams(lines, anchor="start", **subtitle)
    chart: alt.LayerChart = alt.LayerChart(layer=layers, title=title, height=360)
    return chart


ALL = (0.0, 100.0)
CALM = {"nervous_said": "plan nervousness"}


def placed(spots: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The points with their names to the right, or to the left where another point is in the way."""
    wide = max(spot["x"] for spot in spots) - min(spot["x"] for spot in spots) or 1.0
    tall = max(spot["y"] for spot in spots) - min(spot["y"] for spot in spots) or 1.0

    def crowded(spot: dict[str, Any]) -> bool:
        near = [(other["x"] - spot["x"], abs(other["y"] - spot["y"])) for other in spots if other is not spot]
        return any(0 <= right < 0.25 * wide and apart < 0.1 * tall for right, apart in near)

    return [{**spot, "right": not crowded(spot)} for spot in spots]


def _marks(spots: list[dict[str, Any]], planned: bool, look: Look) -> alt.Chart:
    """Policies with plans, filled by how nervous those are where that can be told apart; the others hollow."""
    import altair as alt

    base = alt.Chart(data(spots))
    if not planned:
        hollow: alt.Chart = base.mark_point(filled=False, size=110, opacity=1, stroke=look.ink, strokeWidth=1.5)
        return hollow
    filled = base.mark_point(filled=True, size=110, opacity=1, stroke=look.ink)
    if not told_apart((spot["nervous_low"], spot["nervous_high"]) for spot in spots):
        plain: alt.Chart = filled.encode(color=alt.ColorValue(look.up))
        return plain
    reach = span([spot["nervous"] for spot in spots], look=look, room=0.0, within=ALL, count=2)
    title = look.say("plan nervousness, %")
    colour = alt.Color(
        "nervous:Q",
        scale=alt.Scale(domain=[reach.low, reach.high], range=list(look.ramp)),
        legend=reach.legend(title, orient="bottom-right", gradientLength=90),
    )
    chart: alt.Chart = filled.encode(color=colour)
    return chart


def _labels(spots: list[dict[str, Any]], x: Any, y: Any, right: bool, look: Look) -> alt.Chart:
    import altair as alt

    named = alt.Chart(data(spots)).encode(x=x, y=y, text=alt.Text("label:N"))
    way: dict[str, Any] = {"align": "left" if right else "right", "dx": 9 if right else -9, "dy": -9}
    chart: alt.Chart = named.mark_text(color=look.ink, **way, **SILENT)
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


def _reach(part: pd.DataFrame, rows: Sequence[dict[str, Any]], names: Sequence[str], look: Look, gap: bool) -> Span:
    """Return the span of one measure's figures: a share at most the whole, a difference with room for its word."""
    unit = str(part.iloc[0]["unit"])
    if gap:
        return span([0.0, *(row[name] for row in rows for name in names)], look=look, room=(ROOM, WORDS))
    ends, values = ([row[name] for row in rows for name in names if (name in ENDS) == of] for of in (True, False))
    return span(values, look=look, within=bounds(unit), ends=ends)


ENDS = ("low", "high")
ROOM, WORDS = 0.06, 0.4
"""Room before the first mark; and behind the last one, for what is to be thought of it."""


def intervals(part: pd.DataFrame, currency: str, look: Look = LIGHT) -> alt.LayerChart:
    """One measure: each policy's mean with its 95 % interval, and where nine in ten single runs lie."""
    import altair as alt

    first = part.iloc[0]
    title, code = look.say(str(first["title"])), str(first["unit"])
    unit = unit_words(code, currency, look)
    names = ("mean", "low", "high", "p5", "p95")
    rows = _rows(part, names, look)
    for row, of in zip(rows, part.to_dict("records"), strict=True):
        row["level"] = figure(of["mean"], of["low"], of["high"], code, currency, look)
        row["single"] = " – ".join(figure(of[end], None, None, code, currency, look) for end in ("p5", "p95"))
    rows, spoken = speaking(rows, {"label": "policy", "level": "mean", "single": "90 % of single runs"}, look)
    reach = _reach(part, rows, names, look, gap=False)
    base = alt.Chart(data(rows), title=alt.TitleParams(f"{title}, {unit}", anchor="start")).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(**BESIDE)), color=alt.Color("colour:N", scale=None)
    )
    x = alt.X("p5:Q", axis=reach.axis(), scale=reach.scale())
    layers = [
        base.mark_rule(strokeWidth=1.5, opacity=0.6, **SILENT).encode(x=x, x2=alt.X2("p95:Q")),
        base.mark_rule(strokeWidth=5, **SILENT).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q")),
        base.mark_point(filled=True, size=70, opacity=1).encode(x=alt.X("mean:Q"), **spoken),
    ]
    chart: alt.LayerChart = alt.LayerChart(layer=layers, height=34 * len(rows) + 20)
    return chart


def differences(part: pd.DataFrame, currency: str, look: Look = LIGHT) -> alt.LayerChart:
    """One measure: each policy's difference from the reference on the same luck, about zero; grey where none is sure to matter."""
    import altair as alt

    first = part.iloc[0]
    code = str(first["unit"])
    unit = look.say("points") if factor(code) == 100 else unit_words(code, currency, look)
    against = look.say("difference from {policy}, {unit}").format(policy=first.get("label", first["policy"]), unit=unit)
    names = ("difference", "difference_low", "difference_high")
    rows = _rows(part, names, look)  # the reference too, beside its mean
    for row, of in zip(rows, part.to_dict("records"), strict=True):
        if of["verdict"] not in (*SURE, "reference"):
            row["colour"] = look.faint
        row["verdict"] = look.say(row["verdict"])
        middle, low, high = (of[name] for name in names)
        row["gap"] = "" if of["verdict"] == "reference" else figure(middle, low, high, code, currency, look, gap=True)
    rows, spoken = speaking(rows, {"label": "policy", "gap": "difference", "verdict": ""}, look)
    base = alt.Chart(data(rows), title=alt.TitleParams(against, anchor="start")).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(**BESIDE)), color=alt.Color("colour:N", scale=None)
    )
    reach = _reach(part, rows, names, look, gap=True)
    x = alt.X("difference_low:Q", axis=reach.axis(), scale=reach.scale())
    zero = alt.Chart(data([{"zero": 0}])).mark_rule(color=look.ink, strokeDash=[3, 3], **SILENT)
    layers = [
        zero.encode(x=alt.X("zero:Q")),
        base.mark_rule(strokeWidth=5, **SILENT).encode(x=x, x2=alt.X2("difference_high:Q")),
        base.mark_point(filled=True, size=70, opacity=1).encode(x=alt.X("difference:Q"), **spoken),
        base.mark_text(align="left", dx=6, dy=-8, **SILENT).encode(
            x=alt.X("difference_high:Q"), text=alt.Text("verdict:N"), color=alt.ColorValue(look.ink)
        ),
    ]
    chart: alt.LayerChart = alt.LayerChart(layer=layers, height=34 * len(rows) + 20)
    return chart
