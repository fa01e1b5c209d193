"""Define the parts of a document: sections with their owner, what was said in them, and grids of numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simulator.kernel.messages import Message, Text, Value, msg, written
from simulator.kernel.units import Array

if TYPE_CHECKING:
    import pandas as pd

TOTAL = msg("total")
FAMILY, PRODUCT, COMPONENT, RESOURCE = msg("family"), msg("product"), msg("component"), msg("resource")
SEGMENT, OPTION, COMPANY, STAGE, SOURCE = msg("segment"), msg("option"), msg("company"), msg("stage"), msg("source")
"""What the name of a line is one of."""

UNITS, SHARE, RATIO = msg("units"), msg("share"), msg("ratio")
DAYS, HOURS, PEOPLE = msg("days"), msg("hours"), msg("people")
"""What figures are counted in; money is counted in the company's currency."""

COLUMNS = (
    "section", "owner", "text", "due", "effective", "table", "kind", "name", "figure", "column", "unit", "value",
)  # fmt: skip
"""Of every document as a table: a line is something said, or one number."""


class Figure(NamedTuple):
    """A kind of number: what it is called and counted in; the sign is shown where it is a difference."""

    name: Text
    unit: Text = UNITS
    signed: bool = False
    names_unit: bool = False  # the name says already what it is counted in


class Point(NamedTuple):
    """Something said or decided; an action has an owner, a day on which it is due and one from which it holds."""

    text: Value
    owner: Text = ""
    due: dt.date | None = None
    effective: dt.date | None = None


@dataclass(frozen=True)
class Grid:
    """Numbers by name, figure and column: (names, figures, columns)."""

    title: Text
    kind: Message  # what a name is: family, product, component, resource, segment, option
    names: Sequence[Text]
    figures: Sequence[Figure]
    columns: Sequence[Text]  # months; a single one when the figures say all
    values: Array

    def lines(self) -> Iterator[dict[str, Any]]:
        """One number after the other."""
        for (i, j, k), value in np.ndenumerate(self.values):
            figure = self.figures[j]
            yield {
                "table": self.title,
                "kind": self.kind,
                "name": self.names[i],
                "figure": figure.name,
                "column": self.columns[k],
                "unit": figure.unit,
                "value": float(value) + 0.0,
            }


def beside(
    title: Text, kind: Message, names: Sequence[Text], figures: Mapping[Figure, Array], column: Text = ""
) -> Grid:
    """A grid of figures side by side, each (names,)."""
    values = np.stack([np.asarray(v, dtype=np.float64) for v in figures.values()], axis=1)[:, :, None]
    return Grid(title, kind, list(names), list(figures), [column], values)


def by_month(
    title: Text, kind: Message, names: Sequence[Text], months: Sequence[str], figures: Mapping[Figure, Array]
) -> Grid:
    """A grid of figures by month, each (months, names)."""
    values = np.stack([np.asarray(v, dtype=np.float64)[: len(months)].T for v in figures.values()], axis=1)
    return Grid(title, kind, list(names), list(figures), list(months), values)


def and_total(names: Sequence[str]) -> list[Text]:
    """Name the rows of a table that ends with their total."""
    return [*names, TOTAL]


@dataclass(frozen=True)
class Section:
    """A part of a document: who owns it, what was said, and the numbers that it rests on."""

    heading: Text
    owner: Text = ""
    points: Sequence[Point] = ()
    grids: Sequence[Grid] = ()

    def lines(self) -> Iterator[dict[str, Any]]:
        """List the points, then the numbers."""
        for point in self.points:
            yield {
                "owner": point.owner or self.owner,
                "text": point.text,
                "due": point.due.isoformat() if point.due else "",
                "effective": point.effective.isoformat() if point.effective else "",
            }
        for grid in self.grids:
            yield from ({"owner": self.owner, **line} for line in grid.lines())


@dataclass(frozen=True)
class Document:
    """A document of one month: when it was made, who sat there, and its sections."""

    name: str
    title: Text
    sections: Sequence[Section]
    held: dt.date | None = None
    present: Sequence[Text] = field(default=())

    def table(self, write: Callable[[Value], str] = written) -> pd.DataFrame:
        """Tabulate all that it says, in the language spoken here: a line is something said, or one number."""
        import pandas as pd

        lines = [
            {name: value if name == "value" else write(value) for name, value in line.items()}
            for section in self.sections
            for line in ({"section": section.heading, **line} for line in section.lines())
        ]
        table = pd.DataFrame(lines, columns=[*COLUMNS])
        words = [name for name in COLUMNS if name != "value"]
        table[words] = table[words].astype(object).fillna("")
        return table.astype({"value": float})


def said(*texts: Value) -> list[Point]:
    """Sentences as points; empty ones are left out."""
    return [Point(text) for text in texts if text]
