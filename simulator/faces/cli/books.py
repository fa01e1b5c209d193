"""The books of one replication as a planner reads them: by month or day, family, item, segment or resource."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.kernel.messages import msg, said
from simulator.kernel.units import Array, ScenarioError, Whole

if TYPE_CHECKING:
    import pandas as pd

    from simulator.company import Days
    from simulator.engine.books import Books

ALL = "all families"


@dataclass(frozen=True)
class Period:
    """The days that a line of the table stands for."""

    name: str
    first: int
    end: int


def months(days: Days) -> list[Period]:
    """Every month of the run."""
    edges = zip(days.month_start[:-1].tolist(), days.month_start[1:].tolist(), strict=True)
    return [Period(days.month_name(month), first, end) for month, (first, end) in enumerate(edges)]


def days(calendar: Days, month: str | None = None) -> list[Period]:
    """Every day of the run, or of one month."""
    first, end = (0, calendar.count) if month is None else _span(calendar, month)
    return [Period(calendar.date(day).strftime("%Y-%m-%d %a"), day, day + 1) for day in range(first, end)]


def _span(calendar: Days, month: str) -> tuple[int, int]:
    """First and last day of a month, given by its number or as 2011-03."""
    known = months(calendar)
    found = [p for k, p in enumerate(known) if month in (p.name, str(k + 1))]
    if not found:
        allowed = msg("1 to {n}, or {first} to {last}", n=len(known), first=known[0].name, last=known[-1].name)
        raise ScenarioError(msg("--month is {month}; it must be one of {allowed}", month=repr(month), allowed=allowed))
    return found[0].first, found[0].end


class Sheet:
    """The books of a lone lane, summed or read at the end of each period: (periods, rows)."""

    def __init__(self, books: Books, periods: list[Period]) -> None:
        self.books, self.periods, self.network = books, periods, books.scenario.network
        self.n_products = len(self.network.products)

    def flow(self, name: str) -> Array:
        """What went through an account, items or segments x products."""
        book = self.books.flows[name][..., 0]
        return np.stack([book[p.first : p.end].sum(axis=0) for p in self.periods])

    def memo(self, name: str) -> Array:
        """What was counted."""
        book = self.books.memos[name][..., 0]
        return np.stack([book[p.first : p.end].sum(axis=0) for p in self.periods])

    def level(self, name: str) -> Array:
        """What an account holds at the end."""
        return self.books.closing[name][[p.end - 1 for p in self.periods]][..., 0]

    def hours_there(self) -> Array:
        """Regular hours of each resource."""
        there = self.books.hours_there
        if len(there) > 1:
            return np.stack([there[p.first : p.end, :, 0].sum(axis=0) for p in self.periods])
        working = self.books.scenario.days.working
        return np.array([[working[p.first : p.end].sum()] for p in self.periods]) * self.network.hours[:, 0]

    def families(self, products: Array) -> Array:
        """Products summed into all families together and each by itself."""
        by_family = [products[:, self.network.family_of == k].sum(axis=1) for k in range(len(self.network.families))]
        return np.stack([products.sum(axis=1), *by_family], axis=1)

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
    if by_month(sheet):
        columns |= _against_plan(sheet)
    return sheet.table("family", [ALL, *n.families], columns)


def by_month(sheet: Sheet) -> bool:
    """Whether the periods are months, for which there are plans."""
    return len(sheet.periods) == sheet.books.scenario.days.months


def _against_plan(sheet: Sheet) -> dict[str, Array]:
    """Production planned for each month at the latest cycle, and how near what was started came to it."""
    n = sheet.network
    plan = in_force(sheet, sheet.books.plans.production)
    made = sheet.flow("released")[:, n.sold] * np.isin(np.arange(sheet.n_products), n.made)
    if not plan.any():
        return {}  # every item is replenished by its own rule
    planned = np.column_stack([plan.sum(axis=1), plan])
    with np.errstate(invalid="ignore", divide="ignore"):
        attainment = 1 - np.abs(sheet.families(made) - planned) / planned
    return {"plan": planned, "attainment": np.where(planned > 0, attainment, np.nan)}


def in_force(sheet: Sheet, versions: Array) -> Array:
    """What the plan in force said of each month at its start, nothing before the first one was made: (months, rows)."""
    made_in, months = sheet.books.plans.made_in, np.arange(len(sheet.periods))
    made: Whole = np.array([max((m for m in made_in if m <= month), default=month + 1) for month in months])
    known = made <= months
    return np.where(known[:, None], versions[np.minimum(made, months), np.where(known, months - made, 0), :, 0], 0.0)


def stock_table(sheet: Sheet) -> pd.DataFrame:
    """What came in, went out and is there, of every item."""
    shipped = np.zeros_like(sheet.flow("received"))
    shipped[:, : sheet.n_products] = sheet.flow("shipped")[:, : sheet.n_products]
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
    """What the floor started, finished and holds, of every made item; then the hours of each resource."""
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
    used, there = sheet.memo("hours_used"), sheet.hours_there()
    with np.errstate(invalid="ignore", divide="ignore"):
        load = np.where(there > 0, used / there, np.nan)
    hours = sheet.table(
        "resource", n.resources, {"hours_used": used, "hours_there": there, "load": load, **_people(sheet)}
    )
    return pd.concat([made, hours], ignore_index=True)


def _people(sheet: Sheet) -> dict[str, Array]:
    """People at the end, and who came and went, where the company describes them."""
    staffing = sheet.network.staffing
    if staffing is None or not staffing.manned.any():
        return {}
    heads = np.stack([sheet.books.memos["heads"][p.end - 1, :, 0] for p in sheet.periods])
    return {"heads": heads, **{name: sheet.memo(name) for name in ("hired", "dismissed", "resigned")}}


def purchase_table(sheet: Sheet) -> pd.DataFrame:
    """What was ordered from suppliers, came in and is under way, of every bought item; then of every source, where there is more to it."""
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
    """What each source was asked for and delivered, what of it came by the promised day and what failed inspection."""
    titles = {"ordered": "ordered_from", "delivered": "came_from", "on_time": "on_time", "rejected": "rejected_from"}
    columns = {title: sheet.memo(memo) for title, memo in titles.items()}
    return sheet.table("source", sheet.network.sources.names, columns)


def plan_table(sheet: Sheet) -> pd.DataFrame:
    """What each family's plans in force said of the month, beside what came."""
    if not by_month(sheet):
        raise ScenarioError(msg("--book plan is kept by month; leave out --daily and --month"))
    plans, n = sheet.books.plans, sheet.network
    made: Whole = np.array([max(m for m in plans.made_in if m <= k) for k in range(len(sheet.periods))])
    planned = in_force(sheet, plans.production)
    columns = {
        "forecast": sheet.families(in_force(sheet, plans.forecast)),
        "demand_plan": sheet.families(in_force(sheet, plans.demand)),
        "demand": sheet.families(sheet.flow("due").sum(axis=1)),
        "production_plan": np.column_stack([planned.sum(axis=1), planned]),
        "released": sheet.families(sheet.flow("released")[:, n.sold]),
        "safety_stock": sheet.families(plans.safety_stock[made, : sheet.n_products, 0]),
        "on_hand": sheet.families(sheet.level("on_hand")[:, n.sold]),
    }
    return sheet.table("family", [ALL, *n.families], columns)


BOOKS: dict[str, Callable[[Sheet], pd.DataFrame]] = {
    "family": family_table,
    "stock": stock_table,
    "orders": orders_table,
    "production": production_table,
    "purchase": purchase_table,
    "plan": plan_table,
}


def blocks(table: pd.DataFrame) -> Iterator[tuple[str, list[list[str]]]]:
    """The table name by name as texts, a line a period; columns that say nothing of a name are left out."""
    kinds = [kind for kind in ("family", "item", "source", "segment", "resource") if kind in table]
    for kind in kinds:
        for name, part in table[table[kind].notna()].groupby(kind, sort=False):
            shown = part.drop(columns=kinds).dropna(axis=1, how="all")
            body = [
                [str(line[0]), *(_text(t, v) for t, v in zip(shown.columns[1:], line[1:], strict=True))]
                for line in shown.to_numpy()
            ]
            yield str(name), [[said(title.replace("_", " ")) for title in shown.columns], *body]


def _text(title: str, value: float) -> str:
    """A quantity without digits that nobody needs."""
    if value != value:
        return "–"
    if title in ("attainment", "load"):
        return f"{100 * value:.0f} %"
    return f"{value:,.1f}" if title.startswith("hours") else f"{value + 0.0:,.0f}"
