"""Figures as a reader wants them: no more digits than their interval supports, aligned in columns."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from simulator.kernel.messages import in_currency, msg, number, said

if TYPE_CHECKING:
    from simulator.results.kpis import Measure

UNKNOWN = "–"
PERCENT = ("share", "probability")
MOST_PLACES = 4
LOPSIDED = "probability"
"""The unit whose intervals are not even to both sides."""

GAP = "  "

SHORT = {"not distinguishable": "unclear", "too small to matter": "too small"}
"""Verdicts that are too long for a column; a line below the table says what is meant."""

Row: TypeAlias = Mapping[Any, Any]
"""A line of a comparison's summary."""


def heading(row: Row, currency: str, points: bool = False) -> str:
    """A measure's title with the unit that its figures are shown in."""
    unit = str(row["unit"])
    if unit in PERCENT:
        unit = "points" if points else "%"
    return said("{title}, {unit}", title=msg(str(row["title"])), unit=in_currency(unit, currency))


def with_half_width(row: Row) -> str:
    """A mean with the half-width of its interval."""
    mean, half = _shown(row, "mean"), (_shown(row, "high") - _shown(row, "low")) / 2
    if not math.isfinite(mean):
        return UNKNOWN
    power, sign = _magnitude(row, "mean")
    digits = places(half / power, row["unit"])
    value = f"{mean / power:z,.{digits}f}{sign}"
    if row["unit"] == LOPSIDED and math.isfinite(half):
        return f"{value} [{_shown(row, 'low'):.{digits}f}, {_shown(row, 'high'):.{digits}f}]"
    return f"{value} ± {half / power:z,.{digits}f}{sign}" if math.isfinite(half) else value


def with_interval(row: Row) -> str:
    """A difference with its interval and what to think of it."""
    low, gap, high = (_shown(row, name) for name in ("difference_low", "difference", "difference_high"))
    if not math.isfinite(gap):
        return UNKNOWN
    power, sign = _magnitude(row, "difference")
    digits = places_of_gap(low / power, high / power, row["unit"])
    value, *edges = (f"{edge / power:+z,.{digits}f}{sign}" for edge in (gap, low, high))
    if not math.isfinite(low):
        return value
    verdict = SHORT.get(str(row["verdict"]), str(row["verdict"]))
    return f"{value} [{', '.join(edges)}] {said(verdict) if row['verdict'] else ''}"


def _shown(row: Row, name: str) -> float:
    """A figure in the unit that it is shown in."""
    return float(row[name]) * (100 if row["unit"] in PERCENT else 1)


def _magnitude(row: Row, name: str) -> tuple[float, str]:
    """Money is shown in thousands or millions where it is large."""
    size = abs(float(row[name])) if row["unit"].startswith("money") else 0.0
    if size >= 1e6:
        return 1e6, "M"
    return (1e3, "k") if size >= 1e4 else (1.0, "")


def places(half: float, unit: str) -> int:
    """Decimals that the half-width of an interval supports: its first two digits, one for percent."""
    most = 1 if unit in PERCENT else 3
    if not math.isfinite(half) or half <= 0:
        return 1
    return min(most, max(0, 1 - math.floor(math.log10(half))))


def places_of_gap(low: float, high: float, unit: str) -> int:
    """Return the decimals that the interval of a difference supports: an interval that leaves out 0 shows no 0."""
    digits = places((high - low) / 2, unit)
    while low * high > 0 and digits < MOST_PLACES and 0 in (round(low, digits), round(high, digits)):
        digits += 1
    return digits


# --- of a measure by its name ---


def measure_of(name: str) -> Measure:
    """A measure by its name."""
    from simulator.results.kpis import MEASURES

    return MEASURES[name]


def measure_heading(measure: str, currency: str, points: bool = True) -> str:
    """A measure with its unit, in points where differences are shown."""
    known = measure_of(measure)
    return heading({"title": known.title, "unit": known.unit}, currency, points)


def mean_of(mean: float, half: float, measure: str) -> str:
    """A mean of a measure with its half-width."""
    return with_half_width({"mean": mean, "low": mean - half, "high": mean + half, "unit": measure_of(measure).unit})


def difference_of(row: Row, measure: str, name: str) -> str:
    """A difference of a measure with its interval."""
    ends = {"difference": row[name], "difference_low": row["low"], "difference_high": row["high"]}
    return with_interval({**ends, "unit": measure_of(measure).unit, "verdict": ""}).rstrip()


def ends_of(low: float, high: float, measure: str) -> str:
    """Between which ends a difference of a measure lies."""
    unit = measure_of(measure).unit
    shown = [end * (100 if unit in PERCENT else 1) for end in (low, high)]
    digits = places((shown[1] - shown[0]) / 2, unit)
    return f"[{', '.join(f'{end:+z,.{digits}f}' for end in shown)}]"


def with_ends(value: float, low: float, high: float, digits: int) -> str:
    """A figure with the ends of its interval."""
    return f"{number(value, digits)} [{number(low, digits)}, {number(high, digits)}]"


def width_of(half: float, unit: str) -> str:
    """A half-width that is asked for, in the unit that it is shown in."""
    from simulator.company.phrases import short_number

    return str(short_number(half * (100 if unit in PERCENT else 1)))


def value_of(value: Any) -> str:
    """A value of a factor."""
    from simulator.studies.factors import label

    return f"{value:g}" if isinstance(value, float) else label(value)


# --- tables ---


def aligned(rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """Columns under each other; the first ones to the left, the others to the right."""
    from rich.cells import cell_len  # a Chinese sign takes two places

    widths = [max(cell_len(row[k]) for row in rows) for k in range(len(rows[0]))]

    def cell(text: str, k: int) -> str:
        fill = " " * (widths[k] - cell_len(text))
        return text + fill if k < left else fill + text

    return "\n".join(GAP.join(cell(text, k) for k, text in enumerate(row)).rstrip() for row in rows)


def in_strips(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """A table cut into strips of columns that fit the width, each with the first column."""
    return [aligned(strip) for strip in strips(rows, width)]


def strips(rows: Sequence[Sequence[str]], width: int) -> list[list[list[str]]]:
    """Cut a table into strips of columns that fit the width, as rows of cells."""
    from rich.cells import cell_len

    widths = [max(cell_len(row[k]) for row in rows) + len(GAP) for k in range(len(rows[0]))]
    cut: list[list[int]] = [[]]
    for column in range(1, len(rows[0])):
        if cut[-1] and widths[0] + sum(widths[k] for k in cut[-1]) + widths[column] > width + len(GAP):
            cut.append([])
        cut[-1].append(column)
    return [[[row[0], *(row[k] for k in strip)] for row in rows] for strip in cut]
