"""Define an answer once: question, verdict, charts, tables, assumptions and definitions, as every form of it shows them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from simulator.kernel.messages import UNKNOWN, Message, Text, capital, in_currency, msg, number, percent, said, written

if TYPE_CHECKING:
    import pandas as pd

    from simulator.results.kpis import Measure

TEXT, FIGURE, SHARE, DAY = "text", "figure", "share", "day"
"""What the cells of a column or an axis hold; a share is cell_text in percent."""

OF_THE_FIGURE = -1
"""Decimals of a column whose rows are of several units: none from a hundred on, two below."""

SPOTS, LINES, BARS = "points", "lines", "bars"
"""Kinds of chart: a point a series, a line a series, bars by category."""


@dataclass(frozen=True)
class Column:
    """A column of a table: its head, what its cells hold, and how many decimals it shows."""

    head: Text
    form: str = TEXT
    places: int = 0  # or OF_THE_FIGURE


@dataclass(frozen=True)
class Table:
    """Rows of plain values; `brief` tables are printed, all others are in the workbook only."""

    name: Text
    title: Text
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    brief: bool = True


@dataclass(frozen=True)
class Series:
    """Points of one name: across are figures, or the names of bars."""

    name: Text
    across: Sequence[Any]
    up: Sequence[float]


@dataclass(frozen=True)
class Chart:
    """A picture: its finding, its axes, its series."""

    kind: str
    title: Text
    across: Column
    up: Column
    series: Sequence[Series]


@dataclass(frozen=True)
class Handout:
    """Hold an answer: what was asked, what is answered, what it rests on."""

    title: Text
    question: Text
    about: Text
    verdict: Sequence[Text]
    charts: Sequence[Chart] = ()
    tables: Sequence[Table] = ()
    parts: Table | None = None
    assumptions: Sequence[Text] = ()
    definitions: Table | None = None
    remarks: Sequence[Text] = ()
    made: Sequence[tuple[Text, Text]] = field(default=())

    def every_table(self) -> list[Table]:
        """All tables: the parts after the others, and what measures mean at the end."""
        return [*self.tables, *(table for table in (self.parts, self.definitions) if table)]


def sentence(text: Text) -> str:
    """Write a sentence with its capital and its full stop."""
    told = written(capital(text)).strip()
    return told if told.endswith((".", "。", "!", "?", ":", "：", "？")) else said("{sentence}.", sentence=told)


def cell_text(value: Any, column: Column) -> str:
    """Write a cell as print shows it."""
    if isinstance(value, Message):
        return written(capital(value))
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return UNKNOWN
    if column.form == SHARE:
        return written(percent(value, column.places))
    if column.form == FIGURE and isinstance(value, int | float):
        return written(number(value, places_for([value]) if column.places < 0 else column.places))
    return value.isoformat() if isinstance(value, dt.date) else written(str(value))


def number_format(column: Column) -> str:
    """The format of a spreadsheet for a column's figures."""
    if column.places < 0:
        return "[>=100]#,##0;[<=-100]-#,##0;0.00"
    digits = "." + "0" * column.places if column.places else ""
    return {SHARE: f"0{digits}%", FIGURE: f"#,##0{digits}", DAY: "yyyy-mm-dd"}.get(column.form, "@")


def places_for(values: Sequence[float]) -> int:
    """Decimals that a column of figures needs: none from a hundred on, two below ten."""
    sizes = [abs(value) for value in values if value is not None and math.isfinite(value)]
    largest = max(sizes, default=0.0)
    return 0 if largest >= 100 or all(size == int(size) for size in sizes) else 1 if largest >= 10 else 2


def table_of_frame(name: Text, title: Text, frame: pd.DataFrame) -> Table:
    """A table of pandas, as it is, for the workbook only."""
    figures = [frame[head].dtype.kind in "fiu" for head in frame.columns]
    columns = [
        Column(str(head), FIGURE if figure else TEXT, OF_THE_FIGURE if figure else 0)
        for head, figure in zip(frame.columns, figures, strict=True)
    ]
    rows = [
        [cell if figure else str(cell) for cell, figure in zip(row, figures, strict=True)]
        for row in frame.itertuples(index=False)
    ]
    return Table(name, title, columns, rows, brief=False)


def definition_table(measures: Sequence[Measure], currency: str) -> Table:
    """Names, units and definitions of measures as a table."""
    rows = [
        (
            msg(each.title),
            in_currency(each.unit, currency),
            msg(each.definition),
            msg(each.better) if each.better else "",
        )
        for each in measures
    ]
    columns = [Column(msg("what is measured")), Column(msg("unit")), Column(msg("definition")), Column(msg("better"))]
    return Table(msg("definitions"), msg("What the measures mean"), columns, rows)
