"""Say a month of S&OP as an answer: what was decided, the plan as a picture, who does what by when, every table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from simulator.faces.answer.definition import (
    DAY,
    FIGURE,
    LINES,
    OF_THE_FIGURE,
    Chart,
    Column,
    Handout,
    Series,
    Table,
    places_for,
)
from simulator.faces.answer.of_comparison import made_of
from simulator.faces.describe import in_short
from simulator.faces.documents.paper import TOTAL
from simulator.kernel.messages import Message, Text, Value, capital, msg, written

if TYPE_CHECKING:
    from simulator.engine.scenario import Scenario
    from simulator.faces.documents import Document, Grid

BALANCED = {
    msg("approved production"): msg("approved production"),
    msg("- demand to come"): msg("demand to come"),
    msg("= closing stock"): msg("closing stock"),
    msg("safety stock"): msg("safety stock"),
}
"""Lines of the picture, of those that the plan has, as they are called in it."""

DECISION = "Decision"
"""Heading of what was decided."""

CLOSING = msg("= closing stock")


def answer_of_month(
    scenario: Scenario,
    documents: Sequence[Document],
    month: str,
    policy: str,
    about: Text,
    remarks: Sequence[Text] = (),
    company: str = "",
) -> Handout:
    """The documents of a month as an answer; `company` and `policy` are the names by which readers know them."""
    company = company or scenario.name
    return Handout(
        title=msg("A month of S&OP"),
        question=msg(
            "What did the cycle of {month} decide for {company} under {policy}?",
            month=month,
            company=company,
            policy=policy,
        ),
        about=about,
        verdict=list(_decided(documents)),
        charts=[*_picture(documents)],
        tables=[*_grids(documents)],
        parts=_actions(documents),
        assumptions=[
            msg("{company}: {things}", company=company, things=in_short(scenario)),
            *scenario.assumed,
            *scenario.notes,
        ],
        remarks=remarks,
        made=made_of(scenario),
    )


MOST_SAID = 8
"""Sentences of the verdict."""


def _decided(documents: Sequence[Document]) -> Iterator[Text]:
    """Yield what the executives decided; of a process without their meeting what its last report says."""
    meeting = next((d for d in documents if d.name == "executive_meeting"), documents[0])
    first = [s for s in meeting.sections if getattr(s.heading, "id", "") == DECISION]
    others = [section for section in meeting.sections if section not in first]
    points = [point.text for section in [*first, *others] for point in section.points if not point.due]
    yield from (_text(text) for text in points[:MOST_SAID])


def _picture(documents: Sequence[Document]) -> Iterator[Chart]:
    """Production, demand and stock of all products together, month by month."""
    grid = next((g for d in documents if d.name == "supply_plan" for g in _tables(d) if _has(g, CLOSING)), None)
    if grid is None or TOTAL not in grid.names or len(grid.columns) < 2:
        return
    row = list(grid.names).index(TOTAL)
    across = [float(k + 1) for k in range(len(grid.columns))]
    series = [
        Series(capital(BALANCED[figure.name]), across, [float(value) for value in grid.values[row, k]])
        for k, figure in enumerate(grid.figures)
        if figure.name in BALANCED
    ]
    yield Chart(
        LINES,
        msg("The supply plan of all products together, month by month from {month} on", month=grid.columns[0]),
        Column(msg("month ahead"), FIGURE),
        Column(msg("units"), FIGURE, places_for([value for each in series for value in each.up])),
        series,
    )


def _tables(document: Document) -> Iterator[Grid]:
    for section in document.sections:
        yield from section.grids


def _has(grid: Grid, name: Text) -> bool:
    return any(figure.name == name for figure in grid.figures)


def _grids(documents: Sequence[Document]) -> Iterator[Table]:
    """A sheet a document: all its figures, a line a name and figure, a column a month."""
    for document in documents:
        grids = list(_tables(document))
        if grids:
            width = max(len(grid.columns) for grid in grids)
            heads = [Column(msg("table")), Column(msg("name")), Column(msg("figure")), Column(msg("unit"))]
            heads += [Column(f"{k + 1}", FIGURE, OF_THE_FIGURE) for k in range(width)]
            months = next((grid.columns for grid in grids if len(grid.columns) == width), ())
            if width > 1 and all(grid.columns in (months, [""]) or len(grid.columns) == 1 for grid in grids):
                heads[4:] = [Column(name, FIGURE, OF_THE_FIGURE) for name in months]
            yield Table(document.title, document.title, heads, [*_lines(grids, width)], brief=False)


def _lines(grids: Sequence[Grid], width: int) -> Iterator[list[Any]]:
    for grid in grids:
        for i, name in enumerate(grid.names):
            for j, figure in enumerate(grid.figures):
                values = [float(value) for value in grid.values[i, j]]
                yield [_text(grid.title), name, figure.name, figure.unit, *values, *([None] * (width - len(values)))]


def _actions(documents: Sequence[Document]) -> Table | None:
    """List the actions: owner, due day, and the day from which each holds."""
    rows = [
        [_text(point.text), point.owner, point.due, point.effective]
        for document in documents
        for section in document.sections
        for point in section.points
        if point.due
    ]
    columns = [Column(msg("action")), Column(msg("owner")), Column(msg("due"), DAY), Column(msg("holds from"), DAY)]
    return Table(msg("actions"), msg("Who does what by when"), columns, rows) if rows else None


def _text(value: Value) -> Text:
    return value if isinstance(value, str | Message) else written(value)
