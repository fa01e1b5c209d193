"""Write what was read as a company: a scenario file, its demand, and the mapping for the next time."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from simulator.company.buckets import Dates, period_end, quiet_days
from simulator.company.calendar import DAY_NAMES
from simulator.company.files import COMPANY_FILE, PLACES
from simulator.company.intake.facts import FACTS_FILE, Facts, facts_text
from simulator.company.intake.mapping import MAPPING_FILE, kept_tables, mapping_text
from simulator.company.intake.reading import FORMULA, DemandRows, Reader
from simulator.company.toml import file_text
from simulator.kernel.messages import Message, listed, msg, number, percent
from simulator.kernel.units import ScenarioError

IMPORTED_FILE, DEMAND_FILE = "imported.toml", "demand.csv"

OWN_WORDS = """# What is written here stands instead of what sop import writes into imported.toml, and stays when tables are imported again.

extends = "imported"
"""

COST_SHARE, ASSUMED_PRICE = 0.6, 1.0
ASSUMED_LEAD_TIME, LEAD_TIME_SPREAD = 14.0, 0.3
HOLIDAY_ROWS = 10  # rows a working day, from which a day without any is one on which nobody works
WORKED_SHARE = 0.02  # of the rows of a day of the week, below which it is no working day
MOST_HISTORY = 24
VALUE_CLASSES = (("A", 0.8), ("B", 0.95), ("C", 1.0))
"""Families where none are given: by value of use, to these shares of all of it."""


@dataclass
class Imported:
    """Hold a company as it was read, and what was assumed of it."""

    words: dict[str, Any]
    rows: DemandRows
    facts: Facts
    bucket: str
    assumed: list[Message] = field(default_factory=list)


def company_of(reader: Reader, facts: Facts, bucket: str, name: str, most_products: int) -> Imported:
    """Make a company of the demand and the facts that were read."""
    _right_codes(reader, facts)
    _largest(reader, facts, most_products)
    rows, assumed = reader.rows, list[Message]()
    _fill_prices(rows, facts)
    products = list(dict.fromkeys([*sorted(set(rows.product)), *facts.products]))
    calendar = _calendar(reader, bucket, assumed)
    segments = sorted({entry for entry in rows.more.get("segment", []) if entry})
    if segments and "" in rows.more["segment"]:
        rows.more["segment"] = [entry or "others" for entry in rows.more["segment"]]
        segments.append("others")
    families = _families(rows, facts, products, assumed)
    suppliers = sorted({facts.products.get(p, {}).get("supplier", "supplier") for p in products if _bought(p, facts)})
    words: dict[str, Any] = {
        "company": {"name": name, "whole_units": all(units == int(units) for units in rows.quantity)},
        "calendar": calendar,
        "products": {p: _product(p, facts, families) for p in products},
        "components": _components(facts, products, assumed),
        "suppliers": {supplier: {} for supplier in suppliers},
        "resources": _resources(facts, assumed),
        "segments": {segment: {"rank": k + 1} for k, segment in enumerate(segments)} or {"customers": {}},
        "demand": {"history": {"file": DEMAND_FILE, "bucket": bucket, "equal_lines": "keep"}},
        "experiment": _experiment(reader, calendar, bucket),
    }
    if reader.wishes.cancelled:
        words["demand"]["history"]["cancelled"] = reader.wishes.cancelled
    if any("supplier" in each for each in (words["components"].get(c, {}).get("buy", {}) for c in words["components"])):
        words["suppliers"].setdefault("supplier", {})
    _assumed_facts(products, facts, assumed)
    words |= _today(words, facts, assumed)
    return Imported({key: value for key, value in words.items() if value != {}}, rows, facts, bucket, assumed)


def _right_codes(reader: Reader, facts: Facts) -> None:
    """Find products of demand among those of the table: as written, else by their code without leading zeros, if one has it."""
    if not facts.products:
        return
    short: dict[str, list[str]] = defaultdict(list)
    for code in facts.products:
        short[code.lstrip("0") or "0"].append(code)
    told: set[str] = set()
    for k, code in enumerate(reader.rows.product):
        if code in facts.products:
            continue
        table, row, _ = reader.rows.place[k]
        meant = short.get(code.lstrip("0") or "0", [])
        if len(meant) == 1:
            reader.rows.product[k] = meant[0]
        if code not in told:
            told.add(code)
            at = reader.tables[table].heads.roles["product"]
            reader.note(reader.tables[table], row, at, code, "zeros" if len(meant) == 1 else "no-facts")


def _largest(reader: Reader, facts: Facts, most: int) -> None:
    """Leave out the smallest products beyond the number that is taken."""
    units: dict[str, float] = defaultdict(float)
    for code, quantity in zip(reader.rows.product, reader.rows.quantity, strict=True):
        units[code] += max(quantity, 0.0)
    if len(units) <= most:
        return
    kept = set(sorted(units, key=lambda code: (-units[code], code))[:most])
    reader.set_aside(np.array([code not in kept for code in reader.rows.product]), "small-product")
    facts.products = {code: told for code, told in facts.products.items() if code in kept}


def _calendar(reader: Reader, bucket: str, assumed: list[Message]) -> dict[str, Any]:
    """Working days and holidays as the dates show them, and a start on the day after the as-of date, or in the month after the last one."""
    days = reader.days()
    end = period_end(days.max(), bucket) if bucket != "line" else days.max() + 1
    start = _first_month_after(end, quiet_days(days) if bucket in ("line", "day") else 7)
    if reader.wishes.as_of:
        start = dt.date.fromisoformat(reader.wishes.as_of) + dt.timedelta(days=1)
    calendar: dict[str, Any] = {"start": start}
    if bucket in ("week", "month"):
        if _follow_weekdays(reader, days, bucket):
            calendar["working_days"] = list(DAY_NAMES[:5])
            assumed.append(msg("Worked from Monday to Friday: totals by week or month do not tell it."))
        else:
            assumed.append(msg("Worked every day: the totals follow the days of a month, not its working days."))
        return calendar
    weekday = (days.astype(np.int64) + 3) % 7
    share = np.bincount(weekday, minlength=7) / len(days)
    worked = [name for name, part in zip(DAY_NAMES, share, strict=True) if part >= WORKED_SHARE]
    calendar["working_days"] = worked
    open_on = np.arange(days.min(), days.max() + 1)
    open_on = open_on[np.isin((open_on.astype(np.int64) + 3) % 7, [DAY_NAMES.index(name) for name in worked])]
    idle = np.setdiff1d(open_on, days)
    if len(days) >= HOLIDAY_ROWS * len(open_on) and len(idle):
        calendar["holidays"] = [day.astype(object) for day in idle]
        assumed.append(
            msg("Closed on the {n} working days without any row; those of the run are not known.", n=len(idle))
        )
    return calendar


def _follow_weekdays(reader: Reader, days: Dates, bucket: str) -> bool:
    """Tell if totals by month vary less by a weekday than by a day; where something is made, weekdays are taken."""
    if bucket == "week" or any(table.table == "resources" for table in reader.tables):
        return True
    months, place = np.unique(days.astype("datetime64[M]"), return_inverse=True)
    totals = np.bincount(place, weights=np.maximum(reader.rows.quantity, 0.0))
    starts, ends = months.astype("datetime64[D]"), (months + 1).astype("datetime64[D]")
    rates = totals / np.busday_count(starts, ends), totals / (ends - starts).astype(np.int64)
    by_weekday, by_day = (float(rate.std() / max(rate.mean(), 1e-9)) for rate in rates)
    return by_weekday < by_day


def _first_month_after(end: Any, most_quiet: int) -> dt.date:
    """The first of the month in which the history has ended; the next one where it ends within a month."""
    month = end.astype("datetime64[M]")
    within = int((end - month.astype("datetime64[D]")).astype(np.int64))
    left = int(((month + 1).astype("datetime64[D]") - end).astype(np.int64))
    later = month + int(within > 0 and left <= most_quiet)
    return later.astype("datetime64[D]").astype(object)  # type: ignore[no-any-return]


def _families(rows: DemandRows, facts: Facts, products: Sequence[str], assumed: list[Message]) -> dict[str, str]:
    given = {p: facts.products[p]["family"] for p in products if "family" in facts.products.get(p, {})}
    if given:
        return {p: given.get(p, "others") for p in products}
    value = dict.fromkeys(products, 0.0)
    for code, units in zip(rows.product, rows.quantity, strict=True):
        value[code] += max(units, 0.0) * facts.products.get(code, {}).get("price", ASSUMED_PRICE)
    total, running, families = sum(value.values()) or 1.0, 0.0, {}
    for code in sorted(value, key=lambda each: (-value[each], each)):
        families[code] = next(name for name, most in VALUE_CLASSES if running / total < most or name == "C")
        running += value[code]
    assumed.append(msg("Families are the classes A, B and C by value of use, since none are given."))
    return families


def _bought(product: str, facts: Facts) -> bool:
    return not facts.products.get(product, {}).get("made", False)


def _buy(told: dict[str, Any]) -> dict[str, Any]:
    mean = told.get("lead_time", ASSUMED_LEAD_TIME)
    sd = told.get("lead_time_sd", round(LEAD_TIME_SPREAD * mean, 1))
    law = {"law": "gamma", "mean": mean, "sd": sd} if sd else {"law": "constant", "mean": mean}
    found: dict[str, Any] = {"supplier": told.get("supplier", "supplier"), "lead_time": law}
    if told.get("minimum"):
        found["minimum_order"] = told["minimum"]
    if multiple := told.get("multiple") or told.get("pack"):
        found["multiple"] = multiple
    return found


def _product(code: str, facts: Facts, families: dict[str, str]) -> dict[str, Any]:
    told = facts.products.get(code, {})
    price = told.get("price", round(told["cost"] / COST_SHARE, 4) if told.get("cost") else ASSUMED_PRICE)
    found: dict[str, Any] = {
        "family": families[code],
        "price": float(price),
        "unit_cost": float(told.get("cost", round(COST_SHARE * price, 4))),
    }
    if "stock" in told:
        found["opening_stock"] = told["stock"]
    if "shelf_life" in told:
        found["shelf_life"] = int(told["shelf_life"])
    if "name" in told:
        found["note"] = told["name"]
    if not told.get("made"):
        return {**found, "buy": _buy(told)}
    make: dict[str, Any] = {"lead_time": max(round(told.get("lead_time", 1)), 1)}
    bill = {child: units for parent, child, units in facts.bill if parent == code}
    if bill:
        make["bill"] = bill
    if told.get("resource") in facts.resources and told.get("hours"):
        make["hours"] = {told["resource"]: told["hours"]}
    return {**found, "make": make}


def _fill_prices(rows: DemandRows, facts: Facts) -> None:
    """Take the median price of a product's rows where no table states its price."""
    prices: dict[str, list[float]] = defaultdict(list)
    for code, price in zip(rows.product, rows.more.get("price", []), strict=False):
        if price and float(price) > 0:
            prices[code].append(float(price))
    for code in dict.fromkeys(rows.product):
        told = facts.products.setdefault(code, {})
        if "price" not in told and code in prices:
            told["price"] = median(prices[code])


def _components(facts: Facts, products: Sequence[str], assumed: list[Message]) -> dict[str, Any]:
    """Parts of bills that no customer buys: bought, at a cost that nobody stated."""
    parts = list(dict.fromkeys(child for _, child, _ in facts.bill if child not in products))
    if parts:
        assumed.append(
            msg("Parts of bills that are no products are bought, at no cost: {names}.", names=listed(parts[:5], ", "))
        )
    return {part: {"buy": _buy({})} for part in parts}


def _experiment(reader: Reader, calendar: dict[str, Any], bucket: str) -> dict[str, Any]:
    first = reader.days().min().astype("datetime64[M]")
    months = int((np.datetime64(calendar["start"], "M") - first).astype(np.int64))
    return {
        "months": 12,
        "warm_up": 0,
        "history": max(1, min(MOST_HISTORY, months)),
        "replications": 20,
        "policies": ["order-up-to", "reorder-point", "siloed", "sop"],
    }


SHIFT_HOURS = 8.0
"""Hours a day of one of the people, where no table tells it."""


def _resources(facts: Facts, assumed: list[Message]) -> dict[str, Any]:
    """Resources with the people who are there today, and those who start or leave on days to come."""
    found: dict[str, Any] = {name: dict(told) for name, told in facts.resources.items()}
    strangers = [name for name in facts.people if name not in found]
    if strangers:
        assumed.append(
            msg("Left out, people of resources that no table has: {names}.", names=listed(strangers[:5], ", "))
        )
    for name, told in facts.people.items():
        if name in found and told.get("heads"):
            hours = told.get("hours", SHIFT_HOURS)
            found[name]["people"] = {"heads": told["heads"], "hours": hours, "least": 0}
            if told["changes"]:
                found[name]["people"]["changes"] = told["changes"]
    if any("people" in told and "hours" not in facts.people[name] for name, told in found.items()):
        assumed.append(msg("Each of the people gives {hours} hours a working day.", hours=f"{SHIFT_HOURS:g}"))
    return found


def _today(words: dict[str, Any], facts: Facts, assumed: list[Message]) -> dict[str, Any]:
    """Return what is on its way and what is owed on the first day, as far as the company can begin with it."""
    items = {**words["products"], **words["components"]}
    stocked = {name for name, item in items.items() if "buy" in item and "opening_stock" in item}
    purchases = [each for each in facts.open_purchases if each["item"] in stocked and each["quantity"] > 0]
    orders = [each for each in facts.open_orders if each["item"] in words["products"] and each["quantity"] > 0]
    frames = [each for each in facts.contracts if each["item"] in words["products"] and each["quantity"] > 0]
    given = len(facts.open_purchases) + len(facts.open_orders) + len(facts.contracts)
    left = given - len(purchases) - len(orders) - len(frames)
    if left:
        assumed.append(
            msg(
                "Left out, {n} open purchases, orders and contracts of items that are made, not known or without a stated stock.",
                n=number(left),
            )
        )
    if stocked and not purchases:
        assumed.append(msg("Nothing is on its way on the first day: stock is given, and no open purchases."))
    segments = list(words["segments"])
    owed = [
        {
            "product": each["item"],
            "segment": each["segment"] if each.get("segment") in segments else segments[0],
            "due": each["due"],
            "quantity": each["quantity"],
        }
        for each in orders
    ]
    found: dict[str, Any] = {}
    if purchases:
        found["open_purchases"] = [{name: each[name] for name in ("item", "due", "quantity")} for each in purchases]
    if frames:
        found["open_frames"] = [
            {
                "product": each["item"],
                "segment": each["segment"] if each.get("segment") in segments else segments[0],
                "quantity": each["quantity"],
                "first": each["due"],
                "call_offs": each["call_offs"],
            }
            for each in frames
        ]
    return found | ({"open_orders": owed} if owed else {})


def _assumed_facts(products: Sequence[str], facts: Facts, assumed: list[Message]) -> None:
    """Say of how many products a fact is assumed, and how."""
    for role, how in (
        ("price", msg("price from the rows of demand or the cost, else {price}", price=f"{ASSUMED_PRICE:g}")),
        ("cost", msg("cost of {share} of the price", share=percent(COST_SHARE, 0))),
        (
            "lead_time",
            msg(
                "lead time of {days} days, deviation {sd}",
                days=f"{ASSUMED_LEAD_TIME:g}",
                sd=f"{ASSUMED_LEAD_TIME * LEAD_TIME_SPREAD:g}",
            ),
        ),
        ("stock", msg("opening stock as of a company that has been running")),
    ):
        lacking = [p for p in products if role not in facts.products.get(p, {})]
        if lacking:
            assumed.append(
                msg(
                    "Not given for {n} of {all} products, assumed: {how}.",
                    n=number(len(lacking)),
                    all=number(len(products)),
                    how=how,
                )
            )


# --- files ---


def demand_text(rows: DemandRows) -> str:
    """The demand as the engine reads it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    more = {name: entries for name, entries in rows.more.items() if name != "price" or all(entries)}
    writer.writerow(["date", "product", "quantity", *more])
    columns: list[Iterable[Any]] = [
        (f"{day:%Y-%m-%d %H:%M}" if day.hour or day.minute else f"{day:%Y-%m-%d}" for day in rows.date),
        rows.product,
        (f"{units:.12g}" for units in rows.quantity),
        *([f"'{each}" if each.startswith(FORMULA) else each for each in entries] for entries in more.values()),
    ]
    writer.writerows(zip(*columns, strict=True))
    return out.getvalue()


def write_company(found: Imported, reader: Reader, folder: Path, given: Facts, on_top: bool = False) -> list[Path]:
    """Write the scenario, its demand, the mapping, and the facts as they were given.

    What is `on_top` of the kept demand leaves the mapping of the files that it came from.
    """
    if any(place.is_dir() and folder.resolve().is_relative_to(place.resolve()) for place in PLACES[:1]):
        raise ScenarioError(msg("--out lies in the product's own folder; name another"))
    company = folder / COMPANY_FILE
    if company.exists() and 'extends = "imported"' not in company.read_text(encoding="utf-8", errors="replace"):
        raise ScenarioError(
            msg("{file} is there and was not made by sop import; name another folder", file=repr(str(company)))
        )
    folder.mkdir(parents=True, exist_ok=True)
    files = ", ".join(dict.fromkeys(table.sheet.file.replace("\n", " ") for table in reader.tables))
    head = (
        f"# Made by sop import from {files}.\n# Facts that no table gave are assumed; the data report lists them.\n\n"
    )
    tables = [table for table in reader.tables if table.added or not on_top]
    before = kept_tables(folder / MAPPING_FILE) if on_top else []
    names = {(table.table, table.sheet.file) for table in tables}
    before = [each for each in before if (each.get("table"), each.get("file")) not in names]
    texts = {
        IMPORTED_FILE: head + file_text(found.words),
        DEMAND_FILE: demand_text(found.rows),
        MAPPING_FILE: mapping_text(tables, reader.wishes, found.bucket, before),
        FACTS_FILE: facts_text(given),
    }
    if not company.exists():
        texts = {COMPANY_FILE: OWN_WORDS, **texts}
    written = []
    for name, text in texts.items():
        path = folder / name
        path.write_text(text, encoding="utf-8", newline="")
        written.append(path)
    return written
