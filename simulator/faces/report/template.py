"""An empty workbook to fill in: a sheet for each table of a company, with notes, lists and an example row that is passed over."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, NamedTuple

from simulator.company.intake.roles import EXAMPLE, NEEDED_ROLES
from simulator.kernel.extras import must_have
from simulator.kernel.messages import Message, msg, said
from simulator.kernel.units import ScenarioError, in_file


class TemplateColumn(NamedTuple):
    """A column of a template: its role, its head, what it means, and an example."""

    role: str
    head: Message
    note: Message
    example: Any


def _columns(*columns: tuple[str, Message, Message, Any]) -> tuple[TemplateColumn, ...]:
    return tuple(TemplateColumn(*column) for column in columns)


EXAMPLE_DAY = dt.datetime(2024, 1, 31)

PRODUCT_COLUMN = ("product", msg("product code"), msg("as in every other sheet"), EXAMPLE)
DUE_COLUMN = ("due", msg("due date"), msg("on which it should arrive, or be delivered"), EXAMPLE_DAY)
QUANTITY_COLUMN = ("quantity", msg("quantity"), msg("units"), 12)

TEMPLATE_SHEETS: dict[str, tuple[Message, Message, tuple[TemplateColumn, ...]]] = {
    "demand": (
        msg("demand"),
        msg(
            "Needed. One row for each order line, or for each total of a day, week or month. Or a row for each product, and a "
            "column for each period instead of date and quantity."
        ),
        _columns(
            PRODUCT_COLUMN,
            ("date", msg("date"), msg("of the order; for totals any day of their period"), EXAMPLE_DAY),
            QUANTITY_COLUMN,
            ("order", msg("order number"), msg("may be left empty"), "4711"),
            ("line", msg("line number"), msg("of the order; equal rows are then dropped as written twice"), 1),
            ("customer", msg("customer code"), msg("may be left empty"), "C1"),
            ("price", msg("unit price"), msg("a unit, net; the median is taken where the products have none"), 9.5),
            ("segment", msg("customer group"), msg("customers who are served alike"), None),
            ("channel", msg("channel"), msg("taken where there is no customer group"), None),
            ("requested", msg("requested date"), msg("kept for you; not used"), None),
        ),
    ),
    "products": (
        msg("products"),
        msg("One row for each product. Empty cells are assumed, and the data report says how."),
        _columns(
            PRODUCT_COLUMN,
            ("name", msg("product name"), msg("for people"), msg("cup")),
            ("family", msg("product family"), msg("in which it is planned; else ABC class"), msg("cups")),
            ("price", msg("unit price"), msg("a unit, net"), 9.5),
            ("cost", msg("unit cost"), msg("a unit, at which stock is valued"), 5.7),
            ("lead_time", msg("lead time (days)"), msg("from order to stock, in calendar days"), 21),
            ("lead_time_sd", msg("lead time deviation (days)"), msg("standard deviation of the lead time"), 5),
            ("supplier", msg("supplier"), msg("who delivers it"), msg("Smith")),
            ("minimum", msg("minimum order"), msg("units"), 48),
            ("multiple", msg("order multiple"), msg("units; orders come in multiples of it"), 12),
            ("pack", msg("pack size"), msg("units; taken where there is no order multiple"), None),
            ("stock", msg("stock"), msg("units on hand on the first day of the run"), 96),
            ("made", msg("made (yes/no)"), msg("no: bought"), msg("no")),
            ("hours", msg("hours per unit"), msg("of the resource, where it is made"), None),
            ("resource", msg("resource"), msg("on which it is made"), None),
            ("shelf_life", msg("shelf life (days)"), msg("empty: for ever"), None),
        ),
    ),
    "open_purchases": (
        msg("open purchases"),
        msg("Purchase orders on their way."),
        _columns(
            PRODUCT_COLUMN, DUE_COLUMN, QUANTITY_COLUMN, ("supplier", msg("supplier"), msg("may be left empty"), None),
        ),
    ),
    "open_orders": (
        msg("open orders"),
        msg("Customer orders that are not delivered yet."),
        _columns(
            PRODUCT_COLUMN, DUE_COLUMN, QUANTITY_COLUMN, ("segment", msg("customer group"), msg("may be left empty"), None),
        ),
    ),
    "resources": (
        msg("resources"),
        msg("What limits production, where something is made."),
        _columns(
            ("resource", msg("resource"), msg("as the products name it"), EXAMPLE),
            ("hours_a_day", msg("hours a day"), msg("regular hours of all its stations together, a working day"), 16),
            ("overtime", msg("overtime (share)"), msg("of regular hours that can be worked in addition"), 0.1),
        ),
    ),
    "people": (
        msg("staff"),
        msg("Who works on a resource today; and in a row each with a date, who starts (or, below zero, leaves) on it."),
        _columns(
            ("resource", msg("resource"), msg("as the resources name it"), EXAMPLE),
            ("heads", msg("headcount"), msg("who are there; in a row with a date those who start, below zero those who leave"), 4),
            ("due", msg("due date"), msg("empty: today"), None),
            ("hours_a_head", msg("hours per person"), msg("regular hours that each gives, a working day; empty: 8"), 8),
        ),
    ),
    "contracts": (
        msg("frame contracts"),
        msg("Frame contracts of which something is still to be called off."),
        _columns(
            PRODUCT_COLUMN,
            ("due", msg("due date"), msg("in the month of the next call-off"), EXAMPLE_DAY),
            ("quantity", msg("quantity"), msg("units that are still to be called off"), 120),
            ("call_offs", msg("call-offs left"), msg("one a month, all alike"), 4),
            ("segment", msg("customer group"), msg("may be left empty"), None),
        ),
    ),
    "bill": (
        msg("bill of materials"),
        msg("What goes into what is made."),
        _columns(
            ("parent", msg("parent"), msg("product that is made"), EXAMPLE),
            ("child", msg("part"), msg("product or part that goes in"), msg("handle")),
            ("quantity", msg("quantity"), msg("units in one unit of the parent"), 1),
        ),
    ),
}  # fmt: skip
"""Sheets by table: name, what it is for, columns."""

TEMPLATE_NOTES = (
    msg("Fill in what you have; only the sheet demand is needed. Then: sop import {file} --out FOLDER."),
    msg("Rows whose product is {example} show how a row is written, and are passed over."),
    msg("Columns and sheets that you do not need may be deleted or left empty; the order of columns is free."),
)

ROWS_WITH_LISTS = 2_000
"""Rows in which a list to choose from is offered."""


def write_template(path: Path) -> None:
    """Write the workbook; a file that is there is not written over."""
    if path.suffix.lower() != ".xlsx":
        raise ScenarioError(msg("{file} must end in .xlsx", file=repr(str(path))))
    if path.exists():
        raise ScenarioError(in_file(path, msg("it is there already; name another file")))
    must_have(msg("writing workbooks"), "files", "xlsxwriter")
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        styles = {
            "head": book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1}),
            "needed": book.add_format({"bold": True, "bg_color": "#F4D8A8", "border": 1}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "example": book.add_format({"italic": True, "font_color": "#777777"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        _write_notes(book.add_worksheet(said("notes")), path.name, styles)
        for table, (name, _, columns) in TEMPLATE_SHEETS.items():
            _write_sheet(book.add_worksheet(str(name)), table, columns, styles)


def _write_notes(sheet: Any, file: str, styles: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100, styles["wrap"])
    line = 0
    for note in TEMPLATE_NOTES:
        values = {"file": file, "example": EXAMPLE}
        sheet.write(
            line, 1, str(msg(note.id, **{slot: values[slot] for slot in values if "{" + slot + "}" in note.id}))
        )
        line += 1
    for name, meaning, columns in TEMPLATE_SHEETS.values():
        sheet.write(line + 1, 0, str(name), styles["head"])
        sheet.write(line + 1, 1, str(meaning))
        line += 2
        for column in columns:
            sheet.write(line, 0, str(column.head))
            sheet.write(line, 1, str(column.note))
            line += 1


def _write_sheet(sheet: Any, table: str, columns: tuple[TemplateColumn, ...], styles: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 0)
    for k, column in enumerate(columns):
        needed = column.role in NEEDED_ROLES[table]
        sheet.write(0, k, str(column.head), styles["needed" if needed else "head"])
        sheet.write_comment(0, k, str(column.note))
        sheet.set_column(
            k,
            k,
            max(14, len(str(column.head)) + 2),
            styles["day"] if column.role in ("date", "due", "requested") else None,
        )
        if isinstance(column.example, dt.datetime):
            sheet.write_datetime(1, k, column.example, styles["day"])
        elif column.example is not None:
            cell = str(column.example) if isinstance(column.example, Message) else column.example
            sheet.write(1, k, cell, styles["example"])
        if column.role == "made":
            choice = {"validate": "list", "source": [said("yes"), said("no")]}
            sheet.data_validation(1, k, ROWS_WITH_LISTS, k, choice)
        if column.role in ("quantity", "price", "cost", "stock", "lead_time", "minimum", "multiple"):
            limits = {"validate": "decimal", "criteria": ">=", "value": 0, "error_type": "warning"}
            sheet.data_validation(1, k, ROWS_WITH_LISTS, k, limits)
