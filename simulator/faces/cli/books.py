"""The books of one replication as a planner reads them: by month or day, family, item, segment or resource."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from simulator.faces.report.figures import UNKNOWN
from simulator.kernel.messages import msg, number, percent, said
from simulator.kernel.units import ScenarioError
from simulator.results.kpis import MEASURES
from simulator.results.kpis.levels import LEVELS, level_table
from simulator.results.reading import sheet as tables
from simulator.results.reading.lost_table import lost_in_lines, lost_table
from simulator.results.reading.sheet import Period
from simulator.results.reading.sheet import Sheet as Sheet

if TYPE_CHECKING:
    import pandas as pd

    from simulator.company import Days


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


def plan_table(sheet: Sheet) -> pd.DataFrame:
    """Tabulate what each family's plans in force said of a month, which must be told by month."""
    if not tables.is_monthly(sheet):
        raise ScenarioError(msg("--book plan is kept by month; leave out --daily and --month"))
    return tables.plan_table(sheet)


BOOKS: dict[str, Callable[[Sheet], pd.DataFrame]] = {
    "family": tables.family_table,
    "stock": tables.stock_table,
    "orders": tables.orders_table,
    "production": tables.production_table,
    "purchase": tables.purchase_table,
    "plan": plan_table,
    "lost": lambda sheet: lost_table(sheet.books),
    "levels": lambda sheet: level_table(sheet.books),
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
    if title in ("attainment", "load"):
        return str(percent(value, 0))
    return str(number(value, 1 if title.startswith("hours") else 0))


def lost_blocks(table: pd.DataFrame) -> Iterator[tuple[str, list[list[str]]]]:
    """Units not served and not made by cause as texts, a line a month; the last sums up the scored months."""
    from simulator.faces.documents.causes import CAUSE_NAMES

    causes = [str(name) for name in CAUSE_NAMES.values()]
    head = [said("period"), said("units"), said("share"), *causes, said("most held by")]
    blocks: dict[str, list[list[str]]] = {}
    for what, period, units, share, name in lost_in_lines(table):
        all_units, *each_cause = (str(number(each)) for each in units)
        line = [said(period), all_units, str(percent(share, 1)), *each_cause, name]
        blocks.setdefault(what, [head]).append(line)
    yield from blocks.items()


def level_lines(table: pd.DataFrame) -> list[list[str]]:
    """Service levels as texts, a line a month; the last is that of the scored months."""
    head = [said("period"), *(said(MEASURES[level].title) for level in LEVELS)]
    return [
        head,
        *([said(row["period"]), *(_level(row[level]) for level in LEVELS)] for row in table.to_dict("records")),
    ]


def _level(share: float) -> str:
    return UNKNOWN if share != share else f"{100 * share:z,.1f}"
