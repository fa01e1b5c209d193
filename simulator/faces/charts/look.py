"""Set the look of charts: colours that colour-blind readers tell apart, on light and on dark; words in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair as alt

COLOURS = ("#0072B2", "#D55E00", "#882255", "#CC79A7", "#332288", "#1A1A1A")
BRIGHT = ("#56B4E9", "#E69F00", "#F2A6CF", "#44C9A2", "#B6A6F2", "#F0F0F0")
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 2], [10, 4])
PERCENT = ("share", "probability")


def as_it_is(text: str) -> str:
    """A text in the language in which it was written."""
    return text


@dataclass(frozen=True)
class Look:
    """Colours of a chart, the ink of its words, and how its words are said."""

    colours: tuple[str, ...] = COLOURS
    ink: str = "#1A1A1A"
    faint: str = "#767676"
    paper: str = "#FFFFFF"
    ramp: tuple[str, str] = ("#9CC9E8", "#7A1F3D")  # from little to much
    say: Callable[[str], str] = as_it_is
    sizes: tuple[tuple[float, float, str], ...] = ((1e6, 1e6, "M"), (1e4, 1e3, "k"))  # from, divided by, sign
    size: int = 12  # of letters

    @property
    def up(self) -> str:
        """The colour of gains."""
        return self.colours[0]

    @property
    def down(self) -> str:
        """The colour of losses."""
        return self.colours[1]

    def size_of(self, value: float) -> tuple[float, str]:
        """Return the divisor of a large figure, and the sign for it."""
        return next(((power, sign) for least, power, sign in self.sizes if abs(value) >= least), (1.0, ""))


LIGHT = Look()
DARK = Look(BRIGHT, "#F0F0F0", "#9A9A9A", "#171614", ("#F6D55C", "#F2668B"))


def unit_words(unit: str, currency: str, look: Look = LIGHT) -> str:
    """The unit of an axis."""
    if unit in PERCENT:
        return "%"
    return look.say(unit).replace("money", currency) if unit.startswith("money") else look.say(unit)


def factor(unit: str) -> float:
    """Return the factor that brings a figure to the unit it is shown in."""
    return 100.0 if unit in PERCENT else 1.0


def in_short(title: str) -> str:
    """A title as an axis can hold it: what stands before its first comma."""
    return re.split("[,，]", title, maxsplit=1)[0]


def data(rows: Any) -> alt.InlineData:
    """Rows, each a dictionary, as a chart's data."""
    import altair as alt

    return alt.InlineData(values=rows)
