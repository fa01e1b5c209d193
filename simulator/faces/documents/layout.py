"""Lay out a document: headings, paragraphs and tables, the same for every form it is written in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simulator.faces.documents.paper import DAYS, HOURS, RATIO, SHARE, TOTAL, UNITS, Document, Figure, Grid, Section
from simulator.kernel.messages import Message, Number, Text, Value, capital, listed, msg, number, percent

MOST_ROWS = 60
"""Lines of a table that a reader is shown; the data hold them all."""


@dataclass(frozen=True)
class Heading:
    """A title; level 1 is the document's."""

    text: Value
    level: int


@dataclass(frozen=True)
class Paragraph:
    """Something said; `speaker` is named where a section has several owners."""

    text: Value
    speaker: Text = ""


def speaks(paragraph: Paragraph) -> Message:
    """Name the speaker of a paragraph, as it stands before what is said."""
    return msg("{speaker}:", speaker=paragraph.speaker)


@dataclass(frozen=True)
class Listing:
    """A table, its first row the head; the first `left` columns are words."""

    title: Text
    rows: list[list[Value]]
    left: int = 1


Block = Heading | Paragraph | Listing


def laid_out(document: Document) -> Iterator[Block]:
    """The document from top to bottom."""
    yield Heading(document.title, 1)
    if document.held:
        yield Paragraph(held(document))
    for section in document.sections:
        yield from _section(section)


WEEKDAYS = (
    msg("Monday"), msg("Tuesday"), msg("Wednesday"), msg("Thursday"), msg("Friday"), msg("Saturday"), msg("Sunday"),
)  # fmt: skip


def held(document: Document) -> Message:
    """Say when it was made, and who sat there; nothing where it belongs to no day."""
    if not document.held:
        return msg("")
    weekday = WEEKDAYS[document.held.weekday()]
    if not document.present:
        return msg("{weekday} {date}.", weekday=weekday, date=document.held)
    chair, *others = document.present
    return msg(
        "{weekday} {date}. Present: {chair} (chair), {others}.",
        weekday=weekday,
        date=document.held,
        chair=chair,
        others=listed(others),
    )


def _section(section: Section) -> Iterator[Block]:
    if section.heading and section.owner:
        yield Heading(msg("{heading} ({owner})", heading=section.heading, owner=section.owner), 2)
    elif section.heading:
        yield Heading(section.heading, 2)
    elif section.owner:
        yield Paragraph(msg("Owner: {owner}.", owner=section.owner))
    actions = [point for point in section.points if point.due]
    for point in section.points:
        if not point.due:
            yield Paragraph(point.text, capital(point.owner) if point.owner not in ("", section.owner) else "")
    if actions:
        head: list[Value] = [msg("Action"), msg("Owner"), msg("Due"), msg("Holds from")]
        rows: list[list[Value]] = [[p.text, p.owner, p.due or "", p.effective or ""] for p in actions]
        yield Listing("", [head, *rows], left=4)
    for grid in section.grids:
        yield from tables(grid)


def tables(grid: Grid) -> Iterator[Listing]:
    """Lay a grid out as one table, or as one for each name where there are several figures by month."""
    if len(grid.columns) == 1:
        head: list[Value] = [capital(grid.kind), *map(_title, grid.figures)]
        body = [[name, *_cells(grid, i, range(len(grid.figures)), [0])] for i, name in enumerate(grid.names)]
        yield Listing(grid.title, [head, *_first(body)])
    elif len(grid.figures) == 1 and len(grid.names) > 1:
        head = [capital(grid.kind), *grid.columns]
        body = [[name, *_cells(grid, i, [0], range(len(grid.columns)))] for i, name in enumerate(grid.names)]
        yield Listing(_in_unit(grid.title, grid.figures[0].unit), [head, *_first(body)])
    else:
        for i, name in enumerate(grid.names):
            yield Listing(_name_of(grid, name), list(_rows(grid, i)))


def _rows(grid: Grid, i: int) -> Iterator[list[Value]]:
    """Figures down, months across, for one name."""
    yield ["", *grid.columns]
    for j, figure in enumerate(grid.figures):
        yield [_title(figure), *_cells(grid, i, [j], range(len(grid.columns)))]


def _name_of(grid: Grid, name: Text) -> Text:
    """Say what stands above the table of one name."""
    if len(grid.names) == 1:
        return grid.title
    return capital(name) if name == TOTAL else msg("{kind} {name}", kind=capital(grid.kind), name=name)


def _cells(grid: Grid, i: int, figures: Sequence[int] | range, columns: Sequence[int] | range) -> list[Value]:
    return [
        shown(float(grid.values[i, j, k]), grid.figures[j].unit, grid.figures[j].signed)
        for j in figures
        for k in columns
    ]


def _first(rows: list[list[Value]]) -> list[list[Value]]:
    """Keep the first rows of a long table and its last, and say how many are left out."""
    if len(rows) <= MOST_ROWS:
        return rows
    kept = rows[: MOST_ROWS - 1]
    more = msg("{n} more", n=number(len(rows) - len(kept) - 1))
    return [*kept, [more, *[""] * (len(rows[0]) - 1)], rows[-1]]


def _title(figure: Figure) -> Text:
    """Say a figure's name with its unit, which goes without saying for goods, shares and ratios."""
    plain = figure.names_unit or figure.unit in (UNITS, SHARE, RATIO)
    return figure.name if plain else _in_unit(figure.name, figure.unit)


def _in_unit(name: Text, unit: Text) -> Message:
    return msg("{figure}, {unit}", figure=name, unit=unit)


def shown(value: float, unit: Text, signed: bool = False) -> Number:
    """Show a number as one reads it in its unit."""
    if unit == SHARE:
        return percent(value, 1, signed)
    places = 1 if unit in (RATIO, DAYS) or (unit == HOURS and abs(value) < 100) else 0
    return number(value, places, signed)
