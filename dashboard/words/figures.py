"""Figures in words: percent with one decimal, money in thousands, no more digits than the interval supports."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from simulator.faces.report.figures import LOPSIDED, PERCENT, UNKNOWN, places, places_of_gap
from simulator.kernel import messages
from simulator.kernel.messages import Number, msg, written

SIZES = {"en": ((1e6, "M"), (1e4, "k")), "zh": ((1e8, "亿"), (1e4, "万"))}
MINUS = "\N{MINUS SIGN}"
POWERS = {"M": 1e6, "k": 1e3, "亿": 1e8, "万": 1e4}


def decimal_text(value: float, digits: int, language: str, signed: bool = False) -> str:
    """Write a number with so many decimals as messages do, with the minus sign of print."""
    return messages.number(value, digits, signed).written(language).replace("-", MINUS)


def money_scale(size: float, unit: str, language: str) -> tuple[float, str]:
    """Choose the divisor of large money, and its sign."""
    if unit.startswith("money"):
        for least, sign in SIZES[language]:
            if abs(size) >= least:
                return POWERS[sign], sign
    return 1.0, ""


def unit_of(unit: str, currency: str, language: str, difference: bool = False) -> str:
    """The unit behind a figure."""
    if unit in PERCENT:
        return written(msg("points"), language) if difference else "%"
    if unit.startswith("money"):
        return unit.replace("money", currency).replace("/year", written(msg("/year"), language))
    return "" if unit == "ratio" else written(msg(unit), language)


def with_half(mean: float, half: float, unit: str, currency: str, language: str, bare: bool = False) -> str:
    """A mean with the half-width of its 95 % interval: 93.6 ± 0.4 %; bare where the unit stands elsewhere."""
    if not math.isfinite(mean):
        return UNKNOWN
    factor = 100.0 if unit in PERCENT else 1.0
    power, sign = money_scale(mean, unit, language)
    digits = places(half * factor / power, unit)
    text = decimal_text(mean * factor / power, digits, language) + sign
    if math.isfinite(half):
        text += f" ± {decimal_text(half * factor / power, digits, language)}{sign}"
    return text if bare else f"{text} {unit_of(unit, currency, language)}".strip()


def level(row: Mapping[Any, Any], currency: str, language: str, bare: bool = False) -> str:
    """The mean of a line of a summary: with its half-width, or with both ends where they are not as far."""
    half = (row["high"] - row["low"]) / 2
    if row["unit"] != LOPSIDED or not math.isfinite(half):
        return with_half(row["mean"], half, row["unit"], currency, language, bare)
    low, mean, high = (decimal_text(100 * row[name], 1, language) for name in ("low", "mean", "high"))
    return f"{mean} % [{low}, {high}]"


def with_ends(gap: float, low: float, high: float, unit: str, currency: str, language: str, bare: bool = False) -> str:
    """A difference with its 95 % interval: +10.1 points [+9.3, +10.9]; bare where the unit stands elsewhere."""
    if not math.isfinite(gap):
        return UNKNOWN
    factor = 100.0 if unit in PERCENT else 1.0
    power, sign = money_scale(max(abs(gap), abs(low) if low == low else 0.0), unit, language)
    digits = places_of_gap(low * factor / power, high * factor / power, unit)
    middle, *ends = (decimal_text(end * factor / power, digits, language, signed=True) for end in (gap, low, high))
    interval = f" [{', '.join(ends)}]" if math.isfinite(low) else ""
    behind = "" if bare else unit_of(unit, currency, language, difference=True)
    return f"{middle}{sign} {behind}".strip() + interval


def figure_text(value: float, unit: str, currency: str, language: str, digits: int = 0) -> str:
    """One figure of a run or of an input."""
    if not math.isfinite(value):
        return UNKNOWN
    factor = 100.0 if unit in PERCENT else 1.0
    shown = decimal_text(value * factor, 1 if unit in PERCENT else digits, language)
    return f"{shown} {unit_of(unit, currency, language)}".strip()


def duration(seconds: float, language: str) -> str:
    """A time to wait, roughly."""
    if seconds < 90:
        return written(msg("{n} s", n=Number(max(1, round(seconds)))), language)
    return written(msg("{n} min", n=Number(round(seconds / 60))), language)
