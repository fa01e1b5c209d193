"""How a document is laid out: headings, paragraphs and tables of texts, the same for every form it is shown in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.faces.documents.paper import TOTAL, Document, Grid, Section
from simulator.faces.documents.phrases import listed, sentence

UNKNOWN = "–"
MOST_ROWS = 60
"""Lines of a table that a reader is shown; the data hold them all."""


@dataclass(frozen=True)
class Heading:
    """A title; level 1 is the document's."""

    text: str
    level: int


@dataclass(frozen=True)
class Paragraph:
    """Something said; `speaker` is named where a section has several owners."""

    text: str
    speaker: str = ""


@dataclass(frozen=True)
class Listing:
    """A table of texts, its first row the head; the first `left` columns are words."""

    title: str
    rows: list[list[str]]
    left: int = 1


Block = Heading | Paragraph | Listing


def laid_out(document: Document) -> Iterator[Block]:
    """The document from top to bottom."""
    yield Heading(document.title, 1)
    if document.held:
        yield Paragraph(_held(document, f"{document.held:%A %Y-%m-%d}"))
    for section in document.sections:
        yield from _section(section)


def _held(document: Document, day: str) -> str:
    """When, and who sat there."""
    if not document.present:
        return f"{day}."
    chair, *others = document.present
    return f"{day}. Present: {chair} (chair), {listed(others)}."


def _section(section: Section) -> Iterator[Block]:
    if section.heading:
        owner = f" ({section.owner})" if section.owner else ""
        yield Heading(f"{section.heading}{owner}", 2)
    elif section.owner:
        yield Paragraph(f"Owner: {section.owner}.")
    actions = [point for point in section.points if point.due]
    for point in section.points:
        if not point.due:
            yield Paragraph(point.text, sentence(point.owner) if point.owner not in ("", section.owner) else "")
    if actions:
        head = ["Action", "Owner", "Due", "Holds from"]
        rows = [[p.text, p.owner, f"{p.due}", f"{p.effective}"] for p in actions]
        yield Listing("", [head, *rows], left=4)
    for grid in section.grids:
        yield from tables(grid)


def tables(grid: Grid) -> Iterator[Listing]:
    """A grid as one table, or as one for each name where there are several figures by month."""
    if len(grid.columns) == 1:
        head = [_head(grid.kind), *(_title(figure.name, figure.unit) for figure in grid.figures)]
        body = [[name, *_cells(grid, i, range(len(grid.figures)), [0])] for i, name in enumerate(grid.names)]
        yield Listing(grid.title, [head, *_first(body)])
    elif len(grid.figures) == 1 and len(grid.names) > 1:
        unit = grid.figures[0].unit
        head = [_head(grid.kind), *grid.columns]
        body = [[name, *_cells(grid, i, [0], range(len(grid.columns)))] for i, name in enumerate(grid.names)]
        yield Listing(f"{grid.title}, {unit}", [head, *_first(body)])
    else:
        for i, name in enumerate(grid.names):
            yield Listing(_name_of(grid, name), list(_rows(grid, i)))


def _rows(grid: Grid, i: int) -> Iterator[list[str]]:
    """Figures down, months across, for one name."""
    yield ["", *grid.columns]
    for j, figure in enumerate(grid.figures):
        yield [_title(figure.name, figure.unit), *_cells(grid, i, [j], range(len(grid.columns)))]


def _name_of(grid: Grid, name: str) -> str:
    """What stands above the table of one name."""
    if len(grid.names) == 1:
        return grid.title
    return sentence(name) if name == TOTAL else f"{sentence(grid.kind)} {name}"


def _cells(grid: Grid, i: int, figures: Sequence[int] | range, columns: Sequence[int] | range) -> list[str]:
    return [
        shown(float(grid.values[i, j, k]), grid.figures[j].unit, grid.figures[j].signed)
        for j in figures
        for k in columns
    ]


def _first(rows: list[list[str]]) -> list[list[str]]:
    """The first rows of a long table, and how many are left out."""
    if len(rows) <= MOST_ROWS:
        return rows
    kept = rows[: MOST_ROWS - 1]
    more = f"{len(rows) - len(kept) - 1} more"
    return [*kept, [more, *[""] * (len(rows[0]) - 1)], rows[-1]]


def _head(kind: str) -> str:
    return sentence(kind)


def _title(name: str, unit: str) -> str:
    """A figure's name with its unit, which goes without saying for goods, shares and ratios."""
    return name if unit in ("units", "share", "ratio") or unit in name else f"{name}, {unit}"


def shown(value: float, unit: str, signed: bool = False) -> str:
    """A number as one reads it in its unit."""
    if not np.isfinite(value):
        return UNKNOWN
    sign = "+" if signed else ""
    if unit == "share":
        return f"{100 * value:{sign}z.1f} %"
    places = 1 if unit in ("ratio", "days") or (unit == "hours" and abs(value) < 100) else 0
    return f"{value:{sign}z,.{places}f}"
