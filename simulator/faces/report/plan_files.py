"""Write plans by item and period as files, in the columns in which the company's tables came in, so that they load back."""

from __future__ import annotations

import calendar
import csv
import datetime as dt
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simulator.company.gate import tables_of
from simulator.company.intake.mapping import MAPPING_FILE
from simulator.engine.scenario import Scenario
from simulator.faces.answer.definition import FIGURE, Column, Handout, Table, places_for
from simulator.faces.report.files import harmless
from simulator.kernel.messages import Message, capital, msg
from simulator.kernel.units import ScenarioError, in_file
from simulator.results.reading.item_plans import INVENTORY_PLAN, PRODUCTION_PLAN, PURCHASE_PLAN, SALES_PLAN, ItemPlan

PLAN_TITLES = {
    SALES_PLAN: msg("sales plan"),
    PRODUCTION_PLAN: msg("production plan"),
    PURCHASE_PLAN: msg("purchase plan"),
    INVENTORY_PLAN: msg("inventory plan"),
}

DATE_FORMS = {"ymd": "%Y-%m-%d", "dmy": "%d.%m.%Y", "mdy": "%m/%d/%Y"}

USUAL_HEADS = {"product": "product", "date": "date", "due": "due date", "quantity": "quantity", "supplier": "supplier"}


@dataclass(frozen=True)
class Shape:
    """The look of a table: its heads by role, and its signs; without a head for dates each month has a column."""

    heads: Mapping[str, str] = field(default_factory=lambda: USUAL_HEADS)
    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."
    dates: str = "ymd"
    wide: bool = False


def shapes_of(scenario: Scenario, mapping: Path | None = None) -> dict[str, Shape]:
    """The shape of each table as it came in: of the mapping named, else of that beside the scenario, else the usual one."""
    beside = scenario.folder / MAPPING_FILE if scenario.folder else None
    path = mapping or (beside if beside and beside.is_file() else None)
    files = tables_of(path, "mapping").get("files", []) if path else []
    if not isinstance(files, list) or not all(isinstance(each, dict) for each in files):
        raise ScenarioError(in_file(MAPPING_FILE, msg("files must be a list of tables")))
    found: dict[str, Shape] = {}
    for each in files:
        columns = each.get("columns", {})
        if not isinstance(columns, dict) or not all(isinstance(head, str) for head in columns.values()):
            raise ScenarioError(in_file(MAPPING_FILE, msg("files.columns must name a column for each role")))
        table = str(each.get("table", ""))
        found.setdefault(table, _shape(each, columns, table))
    return found


def _shape(each: Mapping[str, Any], columns: Mapping[str, str], table: str) -> Shape:
    heads = {**USUAL_HEADS, **{role: columns[role] for role in USUAL_HEADS if role in columns}}
    wide = table == "demand" and not {"date", "year"} & {*columns}
    dates = str(each.get("dates", "ymd"))
    return Shape(
        heads,
        str(each.get("encoding") or "utf-8"),
        str(each.get("delimiter") or ","),
        str(each.get("decimal") or "."),
        dates if dates in DATE_FORMS else "ymd",
        wide,
    )


def write_plans(folder: Path, plans: Sequence[ItemPlan], scenario: Scenario, mapping: Path | None = None) -> list[Path]:
    """Write each plan as CSV, and all of them as one workbook, each file whole or not at all."""
    from simulator.faces.answer.workbook import workbook_bytes

    shapes = shapes_of(scenario, mapping)
    contents = {f"{plan.kind}-plan.csv": _encoded(plan, shape_for(plan, shapes), scenario) for plan in plans}
    contents["plans.xlsx"] = workbook_bytes(_workbook(plans, shapes, scenario))
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        part = folder / f"{name}.part"
        part.write_bytes(content)
        os.replace(part, folder / name)
    return [folder / name for name in contents]


def _encoded(plan: ItemPlan, shape: Shape, scenario: Scenario) -> bytes:
    """A plan in the code in which the table came in; in marked UTF-8 where that was its code, or lacks a sign."""
    text = plan_content(plan, shape, scenario)
    if shape.encoding.lower().replace("_", "-") not in ("utf-8", "ascii"):
        try:
            return text.encode(shape.encoding)
        except (LookupError, UnicodeEncodeError):
            pass
    return text.encode("utf-8-sig")


def shape_for(plan: ItemPlan, shapes: Mapping[str, Shape]) -> Shape:
    """The shape in which a plan is written: purchases as open purchases came in, all others as demand did."""
    demand = shapes.get("demand", Shape())
    if plan.kind != PURCHASE_PLAN:
        return demand
    return shapes.get(
        "open_purchases", Shape(USUAL_HEADS, demand.encoding, demand.delimiter, demand.decimal, demand.dates)
    )


def plan_content(plan: ItemPlan, shape: Shape, scenario: Scenario) -> str:
    """A plan as text: a row an item and month, or a column for each month where the table came in so."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=shape.delimiter, lineterminator="\n")
    writer.writerows(_rows(plan, shape, scenario))
    return out.getvalue()


def _rows(plan: ItemPlan, shape: Shape, scenario: Scenario) -> Iterator[list[str]]:
    heads = shape.heads
    days = [plan_day(month, plan.kind).strftime(DATE_FORMS[shape.dates]) for month in plan.months]
    if shape.wide and plan.kind != PURCHASE_PLAN:
        yield [heads["product"], *plan.months]
        for k, item in enumerate(plan.items):
            yield [harmless(item), *(_figure(units, shape) for units in plan.units[:, k])]
        return
    due = plan.kind == PURCHASE_PLAN
    suppliers = _suppliers(scenario) if due else {}
    yield [heads["product"], heads["due" if due else "date"], heads["quantity"], *([heads["supplier"]] if due else [])]
    for k, item in enumerate(plan.items):
        for m, day in enumerate(days):
            if due and plan.units[m, k] <= 0:
                continue
            more = [harmless(suppliers.get(item, ""))] if due else []
            yield [harmless(item), day, _figure(plan.units[m, k], shape), *more]


def plan_day(month: str, kind: str) -> dt.date:
    """The day of a month's figure: the first for what happens in it, the last for what is due or there at its end."""
    year, number = map(int, month.split("-"))
    return dt.date(year, number, calendar.monthrange(year, number)[1] if kind in (PURCHASE_PLAN, INVENTORY_PLAN) else 1)


def _figure(units: float, shape: Shape) -> str:
    return f"{units + 0.0:.12g}".replace(".", shape.decimal)


def _suppliers(scenario: Scenario) -> dict[str, str]:
    return {name: item.buy.supplier for name, item in scenario.company.items.items() if item.buy and item.buy.supplier}


def _workbook(plans: Sequence[ItemPlan], shapes: Mapping[str, Shape], scenario: Scenario) -> Handout:
    """All plans, a sheet each with a column a month; the sheet of sales is the one that loads back as demand."""
    families = {name: product.family for name, product in scenario.company.products.items()}
    tables = [_sheet(plan, shape_for(plan, shapes), families) for plan in plans]
    months = plans[0].months
    question = msg(
        "Plans of {company} by item, {first} to {last}", company=scenario.name, first=months[0], last=months[-1]
    )
    told = [
        msg(
            "Units by month; stock is that of the month's end, and purchases are those still to be ordered to come in by it"
        ),
        msg("In sop import the sheet of sales is read, the others are passed over"),
    ]
    return Handout(msg("Plans by item"), question, scenario.name, told, (), tables)


def _sheet(plan: ItemPlan, shape: Shape, families: Mapping[str, str]) -> Table:
    title: Message = PLAN_TITLES[plan.kind]
    known = plan.kind != PURCHASE_PLAN
    heads = [Column(shape.heads["product"]), *([Column(msg("family"))] if known else [])]
    heads += [Column(month, FIGURE, min(places_for(plan.units[m].tolist()), 1)) for m, month in enumerate(plan.months)]
    rows = [
        [item, *([families.get(item, "")] if known else []), *(float(units) for units in plan.units[:, k])]
        for k, item in enumerate(plan.items)
    ]
    return Table(title, capital(title), heads, rows)
