"""Set the look of charts, readable for the colour-blind, on light and on dark; and word the tip of a mark, in the reader's language."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.faces.report.figures import UNKNOWN, places, places_of_gap

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

    def pale(self, colour: str, strength: float) -> str:
        """A colour as it looks on the paper with so little opacity: a legend shows it as the picture does."""
        parts = [(int(colour[k : k + 2], 16), int(self.paper[k : k + 2], 16)) for k in (1, 3, 5)]
        return "#" + "".join(f"{round(strength * ink + (1 - strength) * paper):02X}" for ink, paper in parts)

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


# --- tips ---


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
