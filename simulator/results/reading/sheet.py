"""The books of one replication by month or day: of each family, item, source, segment and resource."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.engine.books import Books
from simulator.kernel.units import Array
from simulator.results.kpis import measure_values
from simulator.results.reading.record import Reading

if TYPE_CHECKING:
    import pandas as pd

ALL_FAMILIES = "all families"


@dataclass(frozen=True)
class Period:
    """The days that a line of the table stands for."""

    name: str
    first: int
    end: int


class Sheet:
    """The books of a lone lane, summed or read at the end of each period: (periods, rows)."""

    def __init__(self, books: Books, periods: list[Period]) -> None:
        self.books, self.periods, self.network, self.read = books, periods, books.scenario.network, Reading(books)

    def each(self, figure: Callable[[int, int], Array]) -> Array:
        """A figure of the days from one until before another, period by period."""
        return np.stack([figure(p.first, p.end)[..., 0] for p in self.periods])

    def flow(self, name: str) -> Array:
        """Sum a flow over each period, items or segments x products."""
        return self.each(lambda first, end: self.read.went(name, first, end))

    def memo(self, name: str) -> Array:
        """Sum a count that is kept over each period."""
        return np.stack([self.books.memos[name][p.first : p.end, :, 0].sum(axis=0) for p in self.periods])

    def level(self, name: str) -> Array:
        """Return the level of an account at the end of each period."""
        return self.each(lambda _, end: self.read.evening(name, end - 1))

    def planned(self, cube: Array) -> Array:
        """Return the plan in force at the start of each month for that month."""
        return np.stack([self.read.planned(cube, month)[:, 0] for month in range(len(self.periods))])

    def measured(self, measure: str) -> Array:
        """A measure month by month, of all families together and of each by itself."""
        of = [
            np.concatenate(
                [measure_values(self.books, measure, (month, month + 1), by)[:, 0] for by in ("total", "family")]
            )
            for month in range(len(self.periods))
        ]
        return np.stack(of)

    def families(self, products: Array) -> Array:
        """Products summed into all families together and each by itself."""
        return with_all(self.read.by_family(products[..., None])[..., 0])

    def table(self, kind: str, names: list[str], columns: dict[str, Array]) -> pd.DataFrame:
        """Columns of (periods, names) as a tidy table, name after name."""
        import pandas as pd

        index = {
            "period": [p.name for _ in names for p in self.periods],
            kind: np.repeat(names, len(self.periods)),
        }
        return pd.DataFrame({**index, **{title: values.T.ravel() for title, values in columns.items()}})


def family_table(sheet: Sheet) -> pd.DataFrame:
    """Demand, supply and stock of each family; by month also the plan and how far it was met."""
    n, sold = sheet.network, sheet.network.sold
    orders = {name: sheet.families(sheet.flow(name).sum(axis=1)) for name in ("due", "lost")}
    goods = {name: sheet.families(sheet.flow(name)[:, sold]) for name in ("shipped", "released", "received")}
    columns = {
        "demand": orders["due"],
        "shipped": goods["shipped"],
        "lost": orders["lost"],
        "released": goods["released"],
        "received": goods["received"],
        "on_hand": sheet.families(sheet.level("on_hand")[:, sold]),
        "backlog": sheet.families(sheet.level("backlog").sum(axis=1)),
    }
    if is_monthly(sheet):
        columns |= _against_plan(sheet)
    return sheet.table("family", [ALL_FAMILIES, *n.families], columns)


def with_all(families: Array) -> Array:
    """All families together before each by itself."""
    return np.concatenate([families.sum(axis=1, keepdims=True), families], axis=1)


def is_monthly(sheet: Sheet) -> bool:
    """Tell if the periods are months, for which there are plans."""
    return len(sheet.periods) == sheet.books.scenario.days.months


def _against_plan(sheet: Sheet) -> dict[str, Array]:
    """Compare production started with the plan in force at the start of each month, by family."""
    plan = sheet.planned(sheet.books.plans.production)
    if not plan.any():
        return {}  # every item is replenished by its own rule
    return {
        "made": sheet.families(sheet.each(sheet.read.started)),
        "plan": with_all(plan),
        "attainment": sheet.measured("plan_attainment"),
    }


def stock_table(sheet: Sheet) -> pd.DataFrame:
    """Tabulate receipts, issues and levels of stock of every item."""
    shipped = np.zeros_like(sheet.flow("received"))
    shipped[:, sheet.network.sold] = sheet.flow("shipped")[:, sheet.network.sold]
    columns = {
        "received": sheet.flow("received"),
        "shipped": shipped,
        "used": sheet.flow("consumed"),
        "on_hand": sheet.level("on_hand"),
        "on_order": sheet.level("on_order"),
    }
    return sheet.table("item", sheet.network.names, columns)


def orders_table(sheet: Sheet) -> pd.DataFrame:
    """Orders of each customer segment: signed, fallen due, served, given up, still open."""
    flows = {name: sheet.flow(name).sum(axis=2) for name in ("signed", "due", "served", "lost")}
    levels = {name: sheet.level(name).sum(axis=2) for name in ("order_book", "backlog")}
    return sheet.table("segment", sheet.network.segments, flows | levels)


def production_table(sheet: Sheet) -> pd.DataFrame:
    """Tabulate production started, finished and in process, of every made item; then the hours of each resource."""
    import pandas as pd

    n = sheet.network
    rows = n.made
    columns = {
        "started": sheet.flow("released")[:, rows],
        "finished": sheet.flow("received")[:, rows],
        "in_process": sheet.level("on_order")[:, rows],
    }
    if "subcontracted" in sheet.books.flows:
        columns["ordered_outside"] = sheet.flow("subcontracted")[:, rows]
    made = sheet.table("item", [n.names[k] for k in rows], columns)
    figures = {name: sheet.each(getattr(sheet.read, name)) for name in ("hours_used", "hours_there", "load")}
    hours = sheet.table("resource", n.resources, {**figures, **_people(sheet)})
    return pd.concat([made, hours], ignore_index=True)


def _people(sheet: Sheet) -> dict[str, Array]:
    """People at the end, and who came and went, where the company describes them."""
    staffing = sheet.network.staffing
    if staffing is None or not staffing.manned.any():
        return {}
    heads = np.stack([sheet.books.memos["heads"][p.end - 1, :, 0] for p in sheet.periods])
    return {"heads": heads, **{name: sheet.memo(name) for name in ("hired", "dismissed", "resigned")}}


def purchase_table(sheet: Sheet) -> pd.DataFrame:
    """Tabulate orders, receipts and open orders of every bought item; then of every source, where there are several."""
    n, rows = sheet.network, sheet.network.bought
    columns = {
        "ordered": sheet.flow("released")[:, rows],
        "received": sheet.flow("received")[:, rows],
        "on_order": sheet.level("on_order")[:, rows],
        "on_hand": sheet.level("on_hand")[:, rows],
    }
    items = sheet.table("item", [n.names[k] for k in rows], columns)
    if "ordered_from" not in sheet.books.memos:
        return items
    import pandas as pd

    return pd.concat([items, source_table(sheet)], ignore_index=True)


def source_table(sheet: Sheet) -> pd.DataFrame:
    """Tabulate orders and deliveries of each source, and units of them on time and rejected at inspection."""
    titles = {"ordered": "ordered_from", "delivered": "came_from", "on_time": "on_time", "rejected": "rejected_from"}
    columns = {title: sheet.memo(memo) for title, memo in titles.items()}
    return sheet.table("source", sheet.network.sources.names, columns)


def plan_table(sheet: Sheet) -> pd.DataFrame:
    """Tabulate each family's plans in force at the start of a month beside the actual figures."""
    plans, n = sheet.books.plans, sheet.network
    columns = {
        "forecast": sheet.families(sheet.planned(plans.forecast)),
        "demand_plan": sheet.families(sheet.planned(plans.demand)),
        "demand": sheet.families(sheet.flow("due").sum(axis=1)),
        "production_plan": with_all(sheet.planned(plans.production)),
        "made": sheet.families(sheet.each(sheet.read.started)),
        "released": sheet.families(sheet.flow("released")[:, n.sold]),
        "safety_stock": sheet.families(_safety_stock(sheet)),
        "on_hand": sheet.families(sheet.level("on_hand")[:, n.sold]),
    }
    return sheet.table("family", [ALL_FAMILIES, *n.families], columns)


def _safety_stock(sheet: Sheet) -> Array:
    """Safety stock of products in force at the start of each month, (months, products)."""
    months = range(len(sheet.periods))
    held = [sheet.read.safety_stock(month)[sheet.network.sold, 0] for month in months]
    return np.stack(held)
