"""Facts about products, resources, bills and open orders, from the tables that hold them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simulator.company.gate import tables_of
from simulator.company.intake.mapping import Understood
from simulator.company.intake.reading import Reader, code_of_cell
from simulator.company.intake.sheets import Cell
from simulator.company.intake.values import date_of, number_of, plain
from simulator.company.toml import file_text
from simulator.kernel.messages import msg
from simulator.kernel.units import ScenarioError, in_file

PRODUCT_FIGURES = {
    **dict.fromkeys(("price", "cost", "lead_time", "lead_time_sd", "minimum", "multiple", "pack", "hours"), 0.0),
    "shelf_life": 1.0,
}
"""Figures of a product, with the least that each may be."""

TEXTS = ("name", "family", "supplier", "resource")

SAID_YES = frozenset(
    ["yes", "y", "true", "ja", "j", "x", "make", "made", "e", "eigenfertigung", "1", "是", "自制", "制造"]
)
SAID_NO = frozenset(["no", "n", "false", "nein", "buy", "bought", "f", "fremdbeschaffung", "0", "否", "外购", "采购"])


OF_THE_DAY = ("open_purchases", "open_orders", "contracts", "people")
"""Tables that tell how it stands on a day."""


@dataclass
class Facts:
    """Hold what tables say of products, resources, bills, open purchases and open orders."""

    products: dict[str, dict[str, Any]] = field(default_factory=dict)
    resources: dict[str, dict[str, float]] = field(default_factory=dict)
    bill: list[tuple[str, str, float]] = field(default_factory=list)
    open_purchases: list[dict[str, Any]] = field(default_factory=list)
    open_orders: list[dict[str, Any]] = field(default_factory=list)
    contracts: list[dict[str, Any]] = field(default_factory=list)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)  # by resource


FACTS_FILE = "facts.toml"
"""Facts as the tables gave them, kept for a further month."""


def facts_text(facts: Facts) -> str:
    """Write what tables said of products, resources and bills, as it is true beyond a day."""
    words: dict[str, Any] = {
        "products": {code: {k: v for k, v in told.items() if k != "stock"} for code, told in facts.products.items()},
        "resources": facts.resources,
        "bill": [{"parent": parent, "child": child, "quantity": units} for parent, child, units in facts.bill],
    }
    return file_text({name: value for name, value in words.items() if value})


def kept_facts(path: Path) -> Facts:
    """Read what was kept of the tables of an earlier import."""
    if not path.is_file():
        return Facts()
    words = tables_of(path, "facts")
    try:
        return Facts(
            products={str(code): dict(told) for code, told in words.get("products", {}).items()},
            resources={str(name): dict(told) for name, told in words.get("resources", {}).items()},
            bill=[(str(e["parent"]), str(e["child"]), float(e["quantity"])) for e in words.get("bill", [])],
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ScenarioError(
            in_file(path, msg("it is not as sop import wrote it; take it away and import the old files again"))
        ) from None


def read_facts(reader: Reader, before: Facts | None = None) -> Facts:
    """Read all tables other than demand; what was known before stands where no added table says otherwise."""
    facts = before or Facts()
    later = {table.table for table in reader.tables if table.added}
    for table in reader.tables:
        if later and not table.added and table.table in OF_THE_DAY:
            continue  # of an earlier day
        rows = range(table.heads.place + 1, len(table.sheet.rows))
        for k in rows:
            row = table.sheet.rows[k][1]
            if table.table == "products":
                _product(reader, table, k, row, facts)
            elif table.table == "resources":
                _resource(reader, table, k, row, facts)
            elif table.table == "bill":
                _bill(reader, table, k, row, facts)
            elif table.table == "people":
                _people(reader, table, k, row, facts)
            elif table.table in OF_THE_DAY:
                _open(reader, table, k, row, getattr(facts, table.table))
    if later:
        _forget_stock(reader, facts)
    return facts


def _forget_stock(reader: Reader, facts: Facts) -> None:
    """Leave out the stock of an earlier day, unless an added table gives it anew."""
    anew = any(table.added and "stock" in table.heads.roles for table in reader.tables)
    for told in facts.products.values():
        if not anew:
            told.pop("stock", None)


def _cell(table: Understood, row: list[Cell], role: str) -> Cell:
    at = table.heads.roles.get(role)
    return row[at] if at is not None and at < len(row) else None


def _product(reader: Reader, table: Understood, k: int, row: list[Cell], facts: Facts) -> None:
    code = reader.product(table, k, row)
    if code is None:
        return
    if code in facts.products and not table.added:
        reader.note(table, k, table.heads.roles["product"], code, "twice")
        return
    found: dict[str, Any] = {}
    for role, least in PRODUCT_FIGURES.items():
        value = _figure(reader, table, k, row, role, least)
        if value is not None:
            found[role] = value * (7 if role.startswith("lead_time") and _in_weeks(table, role) else 1)
    stock = _figure(reader, table, k, row, "stock", None)
    if stock is not None and stock < 0:
        reader.note(table, k, table.heads.roles["stock"], _cell(table, row, "stock"), "negative-stock")
    if stock is not None:
        found["stock"] = max(stock, 0.0)
    if "lead_time" in found and found["lead_time"] < 1:
        reader.note(table, k, table.heads.roles["lead_time"], _cell(table, row, "lead_time"), "short")
        found["lead_time"] = 1.0
    for role in TEXTS:
        text = code_of_cell(_cell(table, row, role))
        if text:
            found[role] = text[:100]
    made = _cell(table, row, "made")
    if made not in (None, ""):
        word = plain(code_of_cell(made)).casefold()
        if word in SAID_YES | SAID_NO:
            found["made"] = word in SAID_YES
        else:
            reader.note(table, k, table.heads.roles["made"], made, "bad-fact")
    facts.products[code] = {**facts.products.get(code, {}), **found}


def _in_weeks(table: Understood, role: str) -> bool:
    head = table.heads.names[table.heads.roles[role]].casefold()
    return any(word in head for word in ("week", "woche", "周"))


def _figure(reader: Reader, table: Understood, k: int, row: list[Cell], role: str, least: float | None) -> float | None:
    cell = _cell(table, row, role)
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    value = number_of(cell, table.decimal)
    if value is None or abs(value) > 1e12 or (least is not None and value < least):
        reader.note(table, k, table.heads.roles[role], cell, "bad-fact")
        return None
    return value


def _resource(reader: Reader, table: Understood, k: int, row: list[Cell], facts: Facts) -> None:
    name = reader.product(table, k, row, "resource")
    if name is None:
        return
    hours = _figure(reader, table, k, row, "hours_a_day", 1e-9)
    if hours is None:
        reader.note(table, k, table.heads.roles["hours_a_day"], _cell(table, row, "hours_a_day"), "bad-quantity")
        return
    found = {"hours": hours}
    overtime = _figure(reader, table, k, row, "overtime", 0.0)
    if overtime is not None:
        found["overtime"] = overtime / 100 if overtime > 1 else overtime
    facts.resources[name] = found


def _bill(reader: Reader, table: Understood, k: int, row: list[Cell], facts: Facts) -> None:
    parent = reader.product(table, k, row, "parent")
    child = reader.product(table, k, row, "child") if parent else None
    units = _figure(reader, table, k, row, "quantity", 1e-9) if child else None
    if parent and child and units:
        facts.bill.append((parent, child, units))
    elif parent and child:
        reader.note(table, k, table.heads.roles["quantity"], _cell(table, row, "quantity"), "bad-quantity")


def _open(reader: Reader, table: Understood, k: int, row: list[Cell], found: list[dict[str, Any]]) -> None:
    code = reader.product(table, k, row)
    if code is None:
        return
    due = date_of(_cell(table, row, "due"), table.dates)
    if due is None:
        reader.note(table, k, table.heads.roles["due"], _cell(table, row, "due"), "no-due")
        return
    units = _figure(reader, table, k, row, "quantity", 0.0)
    if units is None:
        reader.note(table, k, table.heads.roles["quantity"], _cell(table, row, "quantity"), "bad-quantity")
        return
    segment = code_of_cell(_cell(table, row, "segment"))
    more: dict[str, Any] = {"segment": segment} if segment else {}
    if table.table == "contracts":
        left = _figure(reader, table, k, row, "call_offs", 1.0)
        more["call_offs"] = 1 if left is None else min(round(left), MOST_CALL_OFFS)
    found.append({"item": code, "due": due.date(), "quantity": units, **more})


MOST_CALL_OFFS = 36
"""Monthly call-offs of a contract that are read."""


def _people(reader: Reader, table: Understood, k: int, row: list[Cell], facts: Facts) -> None:
    """Read the people of a resource: a row without a date those of today, one with a date who starts or leaves on it."""
    name = reader.product(table, k, row, "resource")
    if name is None:
        return
    heads = _figure(reader, table, k, row, "heads", None)
    cell = _cell(table, row, "due")
    due = date_of(cell, table.dates)
    if heads is None or heads != round(heads) or abs(heads) > MOST_HEADS:
        reader.note(table, k, table.heads.roles["heads"], _cell(table, row, "heads"), "bad-quantity")
    elif cell not in (None, "") and due is None:
        reader.note(table, k, table.heads.roles["due"], cell, "bad-date")
    else:
        mine = facts.people.setdefault(name, {"changes": []})
        hours = _figure(reader, table, k, row, "hours_a_head", 1e-9)
        if hours is not None:
            mine["hours"] = hours
        if due is None:
            mine["heads"] = round(heads)
        elif heads:
            mine["changes"].append({"on": due.date(), "heads": round(heads)})


MOST_HEADS = 10_000
"""People of a resource that are read."""
