"""The documents of a month of S&OP: a file for each of the five steps, and one for the plans that come out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.company.calendar import month_of
from simulator.engine.books import Books
from simulator.faces.documents.demand_plan import demand_plan
from simulator.faces.documents.executive_meeting import executive_meeting
from simulator.faces.documents.no_cycle import without_cycle
from simulator.faces.documents.pack import pages
from simulator.faces.documents.paper import Document, Figure, Grid, Point, Section
from simulator.faces.documents.plans import OUTCOMES, outcome
from simulator.faces.documents.pre_meeting import pre_meeting
from simulator.faces.documents.sales_report import sales_report
from simulator.faces.documents.supply_plan import supply_plan
from simulator.kernel.messages import listed, msg
from simulator.kernel.units import ScenarioError
from simulator.results.reading.month import Month
from simulator.results.run import Run

if TYPE_CHECKING:
    import pandas as pd

USUAL = 14
"""The month that is shown when none is named: one in the second year."""

STEPS = (sales_report, demand_plan, supply_plan, pre_meeting, executive_meeting)
TITLES = {
    "sales_report": msg("Sales forecast report"),
    "demand_plan": msg("Demand plan"),
    "supply_plan": msg("Supply plan"),
    "pre_meeting": msg("Pre-S&OP meeting"),
    "executive_meeting": msg("Executive S&OP meeting"),
    **{name: title for name, title, *_ in OUTCOMES},
}


def documents_of(run: Run, month: int | str | None = None, replication: int | None = None) -> list[Document]:
    """Write five documents of the steps and eight plans of one month, numbered from 1 or named as 2011-03.

    They are of the run's first replication when none is named.
    """
    books, lane = run.books_of(replication)
    found = Month(books, month_index(books, month), lane)
    if not books.plans.made_in:
        return without_cycle(found, TITLES)
    return [*(step(found) for step in STEPS), *outcome(found)]


def pack_of(run: Run, month: int | str | None = None, replication: int | None = None) -> list[Document]:
    """Write the three pages of a month: what happened and why, what must be decided, what was decided and is due."""
    books, lane = run.books_of(replication)
    found = Month(books, month_index(books, month), lane)
    return pages(found) if books.plans.made_in else without_cycle(found, TITLES)[:1]


def cycle_tables(run: Run, month: int | str | None = None, replication: int | None = None) -> dict[str, pd.DataFrame]:
    """Tabulate the same documents by name: a line is something said, or one number."""
    return {document.name: document.table() for document in documents_of(run, month, replication)}


def month_index(books: Books, month: int | str | None) -> int:
    """The index of a month with a cycle; the usual one, or the last there is, when none is named."""
    days, made_in = books.scenario.days, books.plans.made_in
    if month is None:
        return max([m for m in made_in or range(days.months) if m < USUAL], default=min(made_in, default=0))
    index = month_of(days, month)
    if made_in and index not in made_in:
        near = sorted(made_in, key=lambda m: abs(m - index))[:2]
        every = books.policy.cycle_months
        rarely = msg("policy {policy} plans every {every} months", policy=repr(books.policy.name), every=every)
        raise ScenarioError(
            msg(
                "month {number} ({month}) has no cycle, as {why}; take {others}",
                number=index + 1,
                month=days.month_name(index),
                why=rarely if days.worked[index] else msg("nobody works in it"),
                others=listed([f"{m + 1} ({days.month_name(m)})" for m in sorted(near)], " or "),
            )
        )
    return index


__all__ = ["Document", "Figure", "Grid", "Month", "Point", "Section", "documents", "month_index", "month_of"]
