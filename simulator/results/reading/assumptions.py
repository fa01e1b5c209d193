"""Assumptions of a cycle on the month that it plans: made with figures, checked when the month is over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from simulator.engine.books import Books
from simulator.kernel.plans import PARTS_DUE
from simulator.kernel.units import Array, Mask
from simulator.results.reading.record import LITTLE

DELIVERIES, WINS, ANNOUNCED = "deliveries", "wins", "announced"
"""What is assumed: what suppliers deliver, deals that are won, demand for products of which something is announced."""

LATE, APART, ONE_DEAL = 0.1, 0.25, 1.0
"""A tenth less fails a delivery; a quarter, and more than one deal, a chance that is stated; a quarter an announced demand."""

MOVED = 0.05
"""A smaller share of usual demand is no announcement that a plan rests on."""


class Assumption(NamedTuple):
    """Figures of one kind by row, (rows, lanes), and which of them failed; a row that nothing was assumed of is not made."""

    kind: str
    names: list[str]
    assumed: Array
    came: Array
    failed: Mask

    @property
    def made(self) -> Mask:
        """True where something was assumed."""
        return np.asarray(self.assumed > LITTLE)


def assumptions(books: Books, month: int) -> Iterator[Assumption]:
    """Hold the assumptions of a month's cycle against the books until its end."""
    yield from _deliveries(books, month)
    yield from _wins(books, month)
    yield from _announced(books, month)


def supply_day(books: Books, month: int) -> int:
    """The day of a month's supply plan; the first cycle of all is held in one day."""
    days = books.scenario.days
    first = month == books.plans.made_in[0]
    return int(days.first_worked[month]) if first else days.working_day(month, books.policy.meeting_days[2])


def _deliveries(books: Books, month: int) -> Iterator[Assumption]:
    """Bought items on order that planners expected by the month's end, from the supply plan on."""
    if PARTS_DUE not in books.plans.tables:
        return
    n, end = books.scenario.network, int(books.scenario.days.month_start[month + 1])
    assumed = np.nan_to_num(books.plans.tables[PARTS_DUE][month, 0])
    came = books.flows["received"][supply_day(books, month) : end, n.bought].sum(axis=0)
    failed = (assumed > LITTLE) & (came < (1 - LATE) * assumed - LITTLE)
    yield Assumption(DELIVERIES, [n.names[k] for k in n.bought], assumed, came, failed)


def _wins(books: Books, month: int) -> Iterator[Assumption]:
    """Deals decided in the month: how many were won, against the chances that had been stated."""
    if "stated" not in books.memos:
        return
    start, end = books.scenario.days.month_start[month : month + 2]
    stated, won = (books.memos[name][start:end].sum(axis=(0, 1))[None] for name in ("stated", "won"))
    failed = (stated > LITTLE) & (np.abs(won - stated) > np.maximum(APART * stated, ONE_DEAL))
    yield Assumption(WINS, [""], stated, won, failed)


def _announced(books: Books, month: int) -> Iterator[Assumption]:
    """Demand of the month for products of which something was announced, against the demand plan."""
    market = books.scenario.market
    if market is None:
        return
    moved = np.abs(market.told(supply_day(books, month))[month] - 1.0) > MOVED
    past = len(books.demand_by_month) - books.scenario.days.months
    assumed = np.where(moved[:, None], books.plans.demand[month, 0], 0.0)
    came = books.demand_by_month[past + month]
    failed = (assumed > LITTLE) & (np.abs(came - assumed) > APART * assumed)
    yield Assumption(ANNOUNCED, list(books.scenario.network.products), assumed, came, failed)
