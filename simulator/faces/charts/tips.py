"""Word the tip of a mark, shown when it is pointed at or read aloud: names that people use, figures with their intervals."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from simulator.faces.charts.look import LIGHT, PERCENT, Look, factor
from simulator.faces.report.figures import UNKNOWN, places, places_of_gap

SAID = "said"
"""The field of a row that is read aloud."""

SILENT: dict[str, Any] = {"aria": False}
"""Marks that only adorn others are not read aloud."""


def figure(
    value: Any, low: Any, high: Any, unit: str, currency: str = "", look: Look = LIGHT, gap: bool = False
) -> str:
    """A figure with its unit and its 95 % interval, no more digits than that supports; a difference with its sign."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    scale = factor(unit)
    value, low, high = (scale * (math.nan if each is None else each) for each in (value, low, high))
    power, sign = look.size_of(value) if unit.startswith("money") else (1.0, "")
    digits = places_of_gap(low / power, high / power, unit) if gap else places((high - low) / 2 / power, unit)

    def number(each: float) -> str:
        return f"{each / power:{'+' if gap else ''}z,.{digits}f}".replace("-", "−")

    word = unit_said(unit, currency, look, gap)
    interval = f" [{number(low)}, {number(high)}]" if math.isfinite(low) and math.isfinite(high) else ""
    return f"{number(value)}{sign} {word}".strip() + interval


def unit_said(unit: str, currency: str, look: Look = LIGHT, gap: bool = False) -> str:
    """The unit behind a figure."""
    if unit in PERCENT:
        return look.say("points") if gap else "%"
    if unit.startswith("money"):
        return unit.replace("money", currency).replace("/year", look.say("/year"))
    return "" if unit in ("", "ratio") else look.say(unit)


def plain(value: Any, unit: str = "", look: Look = LIGHT) -> str:
    """One figure of a run or a plan."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    if unit in PERCENT:
        return f"{100 * value:z,.1f} %".replace("-", "−")
    digits = 0 if abs(value) >= 100 or float(value).is_integer() else 1
    return f"{value:z,.{digits}f} {unit}".strip().replace("-", "−")


def speaking(
    rows: Iterable[Mapping[Any, Any]], titles: Mapping[str, str], look: Look = LIGHT
) -> tuple[list[dict[Any, Any]], dict[str, Any]]:
    """Rows with what each says aloud, and the encodings that show and say it; every field is a text by now."""
    import altair as alt

    named = {field: look.say(title) if title else "" for field, title in titles.items()}

    def aloud(row: Mapping[Any, Any]) -> str:
        parts = [(title, str(row[field])) for field, title in named.items() if row.get(field) not in (None, "")]
        return "; ".join(f"{title}: {text}" if title else text for title, text in parts)

    tips = [alt.Tooltip(f"{field}:N", title=title or " ") for field, title in named.items()]
    return [{**row, SAID: aloud(row)} for row in rows], {"tooltip": tips, "description": alt.Description(f"{SAID}:N")}
