"""An answer on stock as a workbook: what was found in sentences, every product with the cells of change marked, the columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from simulator.faces.report.files import as_csv
from simulator.kernel.extras import must_have
from simulator.kernel.messages import capital, msg, said
from simulator.kernel.units import ScenarioError
from simulator.studies.stock_answer import StockAnswer
from simulator.studies.stock_words import STOCK_COLUMNS, StockColumn, stock_asked, stock_cells, stock_sentences

FORMS = {
    "units": "#,##0",
    "signed": "+#,##0;-#,##0;0",
    "money": "#,##0",
    "days": "0.0",
    "share": "0.0%",
    "text": "@",
}
"""The number formats of a workbook, by kind of column."""

SUFFIXES = (".xlsx", ".csv")


def check_stock_file(path: Path) -> None:
    """Refuse the name of a file whose kind is not written."""
    if path.suffix.lower() not in SUFFIXES:
        raise ScenarioError(
            msg("--out is {file}; it must end in one of {kinds}", file=repr(str(path)), kinds=", ".join(SUFFIXES))
        )
    if path.suffix.lower() == ".xlsx":
        must_have(msg("writing workbooks"), "files", "xlsxwriter")


def write_stock(found: StockAnswer, path: Path) -> None:
    """Write the answer, as a workbook or as CSV by the end of the file's name."""
    if path.suffix.lower() == ".csv":
        path.write_text(as_csv(headed_table(found)), encoding="utf-8-sig")
        return
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    with xlsxwriter.Workbook(path, options) as book:
        _write_answer(book, found)
        _write_products(book, found)
        _write_columns(book)


def headed_table(found: StockAnswer) -> Any:
    """The table with its headings in words."""
    import pandas as pd

    rows = stock_cells(found.table(), lambda column, cell: cell)
    return pd.DataFrame(rows, columns=[str(column.head) for column in STOCK_COLUMNS])


def _write_answer(book: Any, found: StockAnswer) -> None:
    sheet = book.add_worksheet(said("answer"))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 110, book.add_format({"text_wrap": True, "valign": "top"}))
    sheet.write(
        0, 0, str(capital(stock_asked(found))), book.add_format({"bold": True, "font_size": 14, "text_wrap": True})
    )
    for line, sentence in enumerate([*stock_sentences(found), *found.cautions], 2):
        sheet.write(line, 0, str(sentence))


def _write_products(book: Any, found: StockAnswer) -> None:
    sheet = book.add_worksheet(said("products"))
    head = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True, "valign": "top"})
    forms = {kind: book.add_format({"num_format": form}) for kind, form in FORMS.items()}
    currency = found.scenario.company.currency
    for k, column in enumerate(STOCK_COLUMNS):
        title = str(capital(column.head))
        sheet.write(0, k, f"{title}, {currency}" if column.kind == "money" else title, head)
        sheet.write_comment(0, k, str(column.note))
        sheet.set_column(
            k, k, 14 if column.kind != "text" or column.key in ("product", "class") else 24, forms[column.kind]
        )
    rows = stock_cells(found.table(), _cell)
    for line, cells in enumerate(rows, 1):
        for k, cell in enumerate(cells):
            if cell is not None:
                sheet.write(line, k, cell, forms[STOCK_COLUMNS[k].kind])
    place = next(k for k, column in enumerate(STOCK_COLUMNS) if column.key == "change")
    for criteria, colour in ((">", "#E2EFDA"), ("<", "#FCE4D6")):
        style = {"type": "cell", "criteria": criteria, "value": 0, "format": book.add_format({"bg_color": colour})}
        sheet.conditional_format(1, place, len(rows), place, style)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(rows), len(STOCK_COLUMNS) - 1)


def _cell(column: StockColumn, value: Any) -> Any:
    """A cell as a spreadsheet holds it; nothing where there is no figure."""
    if column.kind == "text":
        return str(value)
    figure = float(value)
    if figure != figure:
        return None
    return round(figure) + 0 if column.kind in ("units", "signed") and abs(figure) >= 10 else round(figure, 4)


def _write_columns(book: Any) -> None:
    sheet = book.add_worksheet(said("columns"))
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 110)
    for line, column in enumerate(STOCK_COLUMNS):
        sheet.write(line, 0, str(capital(column.head)))
        sheet.write(line, 1, str(column.note))
