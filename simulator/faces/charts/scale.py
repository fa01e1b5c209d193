"""Set the span of an axis or a colour, the places of its ticks and their wording, for every chart in one place."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from simulator.faces.charts.look import LIGHT, PERCENT, Look

if TYPE_CHECKING:
    import altair as alt

TICKS = 5
ROOM = 0.06
"""Room beyond the outermost marks, as a share of what they span."""

WHOLE = (0.0, 1.0)
"""What a share or a probability may be."""


@dataclass(frozen=True)
class Span:
    """From where to where, the ticks between, and what a tick's number is divided by, with the sign for that."""

    low: float
    high: float
    step: float
    power: float = 1.0
    sign: str = ""

    @property
    def ticks(self) -> list[float]:
        """Multiples of the step within the span."""
        first, last = math.ceil(self.low / self.step - 1e-9), math.floor(self.high / self.step + 1e-9)
        return [k * self.step for k in range(first, last + 1)]

    @property
    def digits(self) -> int:
        """Decimals that tell a tick from the next one, no more."""
        return next((d for d in range(12) if _whole(self.step / self.power * 10**d)), 12)

    @property
    def form(self) -> str:
        """A tick's number as the browser writes it."""
        number = f"format(datum.value / {self.power!r}, ',.{self.digits}f') + '{self.sign}'"
        return number if self.sign == "%" else f"datum.value === 0 ? '0' : {number}"

    def text(self, value: float) -> str:
        """Write a tick's number as the browser does."""
        number = f"{value / self.power:z,.{self.digits}f}".replace("-", "−")
        return "0" if value == 0 and self.sign != "%" else f"{number}{self.sign}"

    def axis(self, title: str | None = None, **more: Any) -> alt.Axis:
        """An axis with these ticks."""
        import altair as alt

        return alt.Axis(title=title, values=self.ticks, labelExpr=self.form, grid=True, **more)

    def scale(self, **more: Any) -> alt.Scale:
        """A scale over the whole span, no more; an interval that reaches beyond it ends at its edge."""
        import altair as alt

        return alt.Scale(domain=[self.low, self.high], nice=False, zero=False, clamp=True, **more)

    def legend(self, title: str, **more: Any) -> alt.Legend:
        """A scale of colours with ticks of which no two read alike."""
        import altair as alt

        shown = self.ticks if len(self.ticks) > 1 else [self.low, self.high]
        return alt.Legend(title=title, values=shown, labelExpr=self.form, **more)


def span(
    values: Iterable[Any],
    unit: str = "",
    look: Look = LIGHT,
    *,
    shares: bool = False,
    points: bool = False,
    zero: bool = False,
    room: float | tuple[float, float] = ROOM,
    within: tuple[float, float] | None = None,
    ends: Iterable[Any] = (),
    count: int = TICKS,
) -> Span:
    """Return the span of some figures with a little room, never beyond what they may be.

    `shares` are figures between 0 and 1 that are written in percent, differences of them in `points`; `within` are the
    bounds of what they may be, which some measures exceed. `ends` are those of intervals: these reach beyond such bounds
    where there are few runs, and the span does not follow them there.
    """
    known = _known(values) or [0.0]
    if within:
        within = min(within[0], *known), max(within[1], *known)
    known += [min(max(end, within[0]), within[1]) if within else end for end in _known(ends)]
    low, high = min(known), max(known)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    wide = high - low or abs(high) * 0.1 or (0.01 if shares else 1.0)
    before, after = room if isinstance(room, tuple) else (room, room)
    least, most = low - before * wide, high + after * wide
    if zero:  # bars stand on the axis
        least, most = (0.0 if low == 0 else least), (0.0 if high == 0 else most)
    if within:
        least, most = max(least, within[0]), min(most, within[1])
    most = most if most > least else least + wide
    step = _step(most - least, count)
    if shares:
        return Span(least, most, step, 0.01, "" if points else "%")
    power, sign = look.size_of(max(abs(least), abs(most)))
    return Span(least, most, step, power, sign)


def _known(values: Iterable[Any]) -> list[float]:
    return [float(value) for value in values if value is not None and math.isfinite(value)]


def bounds(unit: str, shares: bool = False) -> tuple[float, float] | None:
    """Return the bounds of a measure of this unit, in percent or as a share."""
    if unit not in PERCENT:
        return None
    return WHOLE if shares else (0.0, 100.0)


def _step(wide: float, count: int) -> float:
    """A round number, so that about so many fit."""
    rough = wide / count
    power = 10.0 ** math.floor(math.log10(rough))
    return float(f"{next((m for m, most in ROUND if rough < most * power), 10) * power:.1g}")


ROUND = ((1, 2**0.5), (2, 10**0.5), (5, 50**0.5))
"""Round numbers, each up to where the next one is nearer."""


def _whole(number: float) -> bool:
    return abs(number - round(number)) < 1e-6 * max(1.0, abs(number)) and round(number) != 0


def told_apart(rows: Iterable[tuple[float, float]]) -> bool:
    """Tell if any two figures have intervals that do not meet: colours may tell them apart only then."""
    ends = [(low, high) for low, high in rows if low == low and high == high]
    return bool(ends) and max(low for low, _ in ends) > min(high for _, high in ends)


LINE = 14
"""The height of a line of a label."""

BROKEN: dict[str, Any] = {"labelExpr": "split(datum.label, '\\n')", "labelLimit": 0}
"""Labels that stand whole, in several lines where they are long."""


BESIDE: dict[str, Any] = {"labelLimit": 320}
"""Room for names beside an axis: of policies, factors and options, some 55 letters."""


def in_rows(name: str, letters: int) -> str:
    """A label in lines of at most so many letters, a Chinese sign counting as two."""
    wide = any(sign >= "\u2e80" for sign in name)
    return "\n".join(wrap(name, letters // 2 if wide else letters))


def legend(names: Iterable[str], look: Look = LIGHT, **more: Any) -> alt.Legend:
    """Names above a chart, as many in a row as its width holds."""
    import altair as alt

    wide = max((sum(1 if sign < "\u2e80" else 2 for sign in str(name)) for name in names), default=1)
    room = round(look.size * (0.58 * wide + 3.2))
    columns = alt.ExprRef(f"max(1, floor(width / {room}))")
    return alt.Legend(title=None, orient="top", labelLimit=0, columns=columns, **more)
