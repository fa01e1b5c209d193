"""Write an answer as a workbook: a cover with the verdict, a sheet a table with number formats, native charts, definitions."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Sequence
from typing import Any

from simulator.faces.answer.definition import (
    BARS,
    LINES,
    Chart,
    Column,
    Handout,
    Table,
    cell_text,
    number_format,
    sentence,
)
from simulator.faces.answer.drawing import SERIES_COLOURS
from simulator.kernel.messages import Message, capital, msg, said, written

SAFE = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
    "in_memory": True,
}
"""Options by which no text of a cell becomes a formula, a link or a number."""

WIDEST, MEASURED, LONGEST_SHEET = 60, 500, 31
COVER_WIDTH = 110
A4 = 9


def workbook_bytes(answer: Handout) -> bytes:
    """The workbook as bytes."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, SAFE) as book:
        names = _sheet_names(answer)
        _write_cover(book, answer, names)
        if answer.charts:
            _write_charts(book, answer.charts)
        for name, table in zip(names, answer.every_table(), strict=True):
            _write_table(book, name, table)
    return out.getvalue()


def _sheet_names(answer: Handout) -> list[str]:
    """A name for each table that a sheet may have, no two alike."""
    taken = {said("cover").casefold(), said("charts").casefold()}
    found = []
    for table in answer.every_table():
        plain = "".join(sign for sign in written(capital(table.name)) if sign not in "[]:*?/\\'").strip() or "table"
        name, k = plain[:LONGEST_SHEET], 2
        while name.casefold() in taken:
            name, k = f"{plain[: LONGEST_SHEET - 4]} ({k})", k + 1
        taken.add(name.casefold())
        found.append(name)
    return found


def _write_cover(book: Any, answer: Handout, names: list[str]) -> None:
    """Question, verdict, what it rests on, and what is on the other sheets."""
    sheet = book.add_worksheet(written(capital(msg("cover"))))
    large, bold = (book.add_format({"bold": True, "font_size": size, "text_wrap": True}) for size in (18, 12))
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    verdict = book.add_format(
        {"text_wrap": True, "valign": "top", "font_size": 13, "bold": True, "bg_color": "#E8F1FA"}
    )
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, COVER_WIDTH)
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    line = 0

    def put(text: str, style: Any) -> None:
        nonlocal line
        sheet.write_string(line, 0, text, style)
        lines = math.ceil(sum(2 if ord(sign) > 0x2E80 else 1 for sign in text) / (COVER_WIDTH * 0.95))
        if lines > 1:
            sheet.set_row(line, 16 * lines + 2)
        line += 1

    put(written(capital(answer.title)), large)
    put(sentence(answer.question), bold)
    put(sentence(answer.about), wrap)
    line += 1
    for k, told in enumerate(answer.verdict):
        put(sentence(told), verdict if k == 0 else wrap)
    for head, texts in ((msg("look at"), answer.remarks), (msg("assumptions"), answer.assumptions)):
        if texts:
            line += 1
            put(written(capital(head)), bold)
            for text in texts:
                put(sentence(text), wrap)
    line += 1
    put(written(capital(msg("sheets"))), bold)
    for name, table in zip(names, answer.every_table(), strict=True):
        sheet.write_url(line, 0, f"internal:'{name}'!A1", string=f"{name}: {written(capital(table.title))}")
        line += 1
    if answer.made:
        line += 1
        for what, told in answer.made:
            put(f"{written(capital(what))}: {written(told)}", wrap)


def _write_table(book: Any, name: str, table: Table) -> None:
    """A table with its head frozen, a filter, and each column in its number format."""
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "bg_color": "#DCE6F1", "text_wrap": True, "valign": "top", "bottom": 1})
    styles = [book.add_format({"num_format": number_format(column), "valign": "top"}) for column in table.columns]
    wide = []
    for k, column in enumerate(table.columns):
        sheet.write_string(0, k, written(capital(column.head)), head)
        widths = [len(cell_text(row[k], column)) for row in table.rows[:MEASURED]]
        widest = max([*widths, len(written(column.head)) // 2, 8])
        if widest > WIDEST:
            styles[k].set_text_wrap()
        wide.append(min(WIDEST, widest + 2))
        sheet.set_column(k, k, wide[k])
    for line, row in enumerate(table.rows, start=1):
        longest = max(
            len(cell) if isinstance(cell, str) else len(written(cell)) if isinstance(cell, Message) else 0
            for cell in row
        )
        if longest > WIDEST:
            sheet.set_row(line, 15 * math.ceil(longest / (WIDEST - 4)) + 2)
        for k, (value, column) in enumerate(zip(row, table.columns, strict=True)):
            write_cell(sheet, line, k, value, column, styles[k])
    heads = (
        math.ceil(1.3 * len(written(column.head)) / max(6, width))
        for column, width in zip(table.columns, wide, strict=True)
    )
    sheet.set_row(0, 16 * max(heads) + 2)
    sheet.freeze_panes(1, 1)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def write_cell(sheet: Any, line: int, place: int, value: Any, column: Column, style: Any) -> None:
    """A value as what it is: a figure, a day, else a text, whatever it begins with; nothing where there is none."""
    if isinstance(value, bool | str | Message):
        sheet.write_string(line, place, cell_text(value, column), style)
    elif isinstance(value, dt.date):
        sheet.write_datetime(line, place, dt.datetime(value.year, value.month, value.day), style)
    elif value is None or not math.isfinite(value):
        sheet.write_blank(line, place, None, style)
    else:
        sheet.write_number(line, place, value, style)


# --- charts ---

SHAPES = {LINES: {"type": "scatter", "subtype": "straight"}, BARS: {"type": "bar"}}
DATA_LEFT, CHART_ROWS = 14, 24
"""Columns to the right of the pictures in which their figures stand, and rows that a picture takes."""


def _write_charts(book: Any, charts: Sequence[Chart]) -> None:
    """All charts on one sheet, each drawn by the spreadsheet from the figures beside it."""
    sheet = book.add_worksheet(written(capital(msg("charts"))))
    sheet.set_column(DATA_LEFT, DATA_LEFT + 2, 18)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    for place, chart in enumerate(charts):
        _write_chart(book, sheet, chart, place * CHART_ROWS)


def _write_chart(book: Any, sheet: Any, chart: Chart, top: int) -> None:
    drawn, where = book.add_chart(SHAPES.get(chart.kind, {"type": "scatter"})), sheet.get_name()
    bold, across, up = (
        book.add_format({"bold": True}),
        *(book.add_format({"num_format": number_format(axis)}) for axis in (chart.across, chart.up)),
    )
    line = top
    for k, head in enumerate((msg("series"), chart.across.head, chart.up.head)):
        sheet.write_string(line, DATA_LEFT + k, written(capital(head)), bold)
    for k, each in enumerate(chart.series):
        first = line + 1
        for x, y in zip(each.across, each.up, strict=True):
            line += 1
            sheet.write_string(line, DATA_LEFT, written(each.name))
            write_cell(sheet, line, DATA_LEFT + 1, x, chart.across, across)
            write_cell(sheet, line, DATA_LEFT + 2, y, chart.up, up)
        colour = {"color": SERIES_COLOURS[k % len(SERIES_COLOURS)]}
        style: dict[str, Any] = {"marker": {"type": "circle", "size": 9, "fill": colour, "border": colour}}
        if chart.kind == BARS:
            style = {"fill": colour}
        elif chart.kind == LINES:
            style = {"line": {**colour, "width": 1.75}}
        drawn.add_series(
            {
                "name": [where, first, DATA_LEFT],
                "categories": [where, first, DATA_LEFT + 1, line, DATA_LEFT + 1],
                "values": [where, first, DATA_LEFT + 2, line, DATA_LEFT + 2],
                **style,
            }
        )
    drawn.set_title({"name": sentence(chart.title).rstrip(".。"), "name_font": {"size": 12}})
    named = {"name": written(capital(chart.across.head)), "num_format": number_format(chart.across)}
    valued = {"name": written(capital(chart.up.head)), "num_format": number_format(chart.up)}
    turned: dict[str, Any] = (
        {"reverse": True} if chart.kind == BARS else {}
    )  # bars stand under each other in the order of the table
    if turned:
        turned = {**turned, "label_position": "low"}
    drawn.set_x_axis({**named, **turned})
    drawn.set_y_axis(valued)
    if len(chart.series) == 1:
        drawn.set_legend({"none": True})
    drawn.set_size({"width": 860, "height": 440})
    sheet.insert_chart(top, 0, drawn)
