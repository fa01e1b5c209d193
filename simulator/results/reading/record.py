"""Figures of the books for any days, and plans for any month: (rows, lanes) each."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np

from simulator.engine.books import Books
from simulator.engine.month.sales_report import LAG
from simulator.kernel.lanes import TINY, new_shortage
from simulator.kernel.plans import HORIZON
from simulator.kernel.units import Array, Mask, Whole

__all__ = ["LAG", "LITTLE", "AgainstPlan", "Reading", "deviation", "ratio", "with_total"]

LITTLE = 0.5
"""Units and hours that nobody talks about: a plan below this is none, and nothing is held against it in percent."""


def ratio(part: Array, whole: Array) -> Array:
    """Divide sums; not a number, and no warning, where there is nothing to divide by."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(np.abs(whole) > TINY, part / whole, np.nan))


def with_total(amount: Array, axis: int = -1) -> Array:
    """Put the sum of the rows behind them."""
    return np.concatenate([amount, amount.sum(axis=axis, keepdims=True)], axis=axis)


def deviation(actual: Array, plan: Array, least: float = 0.0) -> Array:
    """Tell by what share a figure is above its plan; not a number where the plan is no more than the least."""
    return np.asarray(np.where(plan > least, ratio(actual, plan) - 1, np.nan))


class AgainstPlan(NamedTuple):
    """A quantity beside its plan, (rows,) each."""

    actual: Array
    plan: Array

    @property
    def difference(self) -> Array:
        """Actual less plan."""
        return np.asarray(self.actual - self.plan)

    @property
    def deviation(self) -> Array:
        """Difference as a share of the plan; not a number where the plan is next to nothing."""
        return deviation(self.actual, self.plan, LITTLE)


class Reading:
    """The books of one block of replications."""

    def __init__(self, books: Books) -> None:
        self.books, self.plans = books, books.plans
        self.company, self.network, self.days = books.scenario.company, books.scenario.network, books.scenario.days

    # --- accounts ---

    def went(self, flow: str, first: int = 0, end: int | None = None) -> Array:
        """Sum what went through an account from one day until before another."""
        return np.asarray(self.books.flows[flow][max(first, 0) : end].sum(axis=0))

    def counted(self, memo: str, first: int = 0, end: int | None = None) -> Array | None:
        """Sum what was counted from one day until before another; None where nobody counts it."""
        book = self.books.memos.get(memo)
        return None if book is None else np.asarray(book[max(first, 0) : end].sum(axis=0))

    def evening(self, account: str, day: int) -> Array:
        """Read what an account holds at a day's end; at the end of day -1, what the run opened with."""
        if day >= 0:
            return np.asarray(self.books.closing[account][day])
        if account in ("on_hand", "on_order"):
            return self.books.on_first_morning(account)
        return np.zeros(self.books.closing[account].shape[1:])

    def span_of(self, month: int) -> tuple[int, int]:
        """First day of a month, and of the next one."""
        return int(self.days.month_start[month]), int(self.days.month_start[month + 1])

    # --- goods and orders, over some days ---

    @cached_property
    def is_made(self) -> Mask:
        """Mark the products made here, (products, 1)."""
        return np.isin(np.arange(len(self.network.products)), self.network.made)[:, None]

    def due(self, first: int, end: int) -> Array:
        """Demand: orders that fell due, (segments, products, lanes)."""
        return self.went("due", first, end)

    def shipped(self, first: int, end: int) -> Array:
        """Units that left for customers, (products, lanes)."""
        return self.went("shipped", first, end)[self.network.sold]

    def started(self, first: int, end: int) -> Array:
        """Good units of made products started, (products, lanes); what is bought is not production."""
        return np.where(self.is_made, self.went("released", first, end)[self.network.sold], 0.0)

    def served(self, first: int, end: int) -> Array:
        """Units that went to customers: what fell due and was not lost, less what more is owed, (segments, products, lanes)."""
        kept = self.due(first, end) - self.went("lost", first, end)
        return kept - self.evening("backlog", end - 1) + self.evening("backlog", first - 1)

    def short(self, first: int, end: int) -> Array:
        """Sum new shortage over some days, (segments, products, lanes)."""
        days = slice(first, end)
        flows, owed = self.books.flows, self.books.closing["backlog"]
        return np.asarray(new_shortage(flows["due"][days], owed[days], flows["lost"][days]).sum(axis=0))

    def on_hand(self, day: int) -> Array:
        """Products on hand at a day's end, (products, lanes)."""
        return self.evening("on_hand", day)[self.network.sold]

    def owed(self, day: int) -> Array:
        """Due and not shipped at a day's end, (products, lanes)."""
        return np.asarray(self.evening("backlog", day).sum(axis=0))

    def demand_of(self, month: int) -> Array:
        """Return demand due in a month of the run; negative months lie before its first day: (products, lanes)."""
        past = len(self.books.demand_by_month) - self.days.months
        return np.asarray(self.books.demand_by_month[past + month])

    def by_family(self, products: Array) -> Array:
        """Sum (..., products, lanes) into (..., families, lanes)."""
        return self.network.by_family(products)

    # --- hours ---

    def hours_used(self, first: int, end: int) -> Array:
        """Hours worked, (resources, lanes)."""
        return np.asarray(self.books.hours_used[first:end].sum(axis=0))

    def hours_there(self, first: int, end: int) -> Array:
        """Regular hours there to work in, (resources, 1 or lanes)."""
        there = self.books.hours_there
        if len(there) == 1:
            return np.asarray(there[0] * self.days.working[first:end].sum())
        return np.asarray(there[first:end].sum(axis=0))

    def load(self, first: int, end: int) -> Array:
        """Hours used over regular hours, (resources, lanes); not a number where there are none to work in."""
        return ratio(self.hours_used(first, end), self.hours_there(first, end))

    # --- plans ---

    @cached_property
    def effective(self) -> Whole:
        """The day on which each cycle's plan took effect, (cycles, lanes)."""
        lanes = self.books.closing["backlog"].shape[-1]
        return np.array([self.plans.effective[made] for made in self.plans.made_in], dtype=np.int64).reshape(-1, lanes)

    def version(self, month: int, day: int) -> Whole:
        """Find the cycle whose plan for a month was in force on the evening of a day, lane by lane; -1 for none."""
        made_in = np.array(self.plans.made_in, dtype=np.int64)
        covers = np.flatnonzero((made_in <= month) & (month < made_in + HORIZON))
        effective, made = self.effective[covers], made_in[covers, None]
        over = np.where(effective <= day, effective * len(self.plans.forecast) + made, -1)  # of one day, the later made
        latest = np.max(over, axis=0, initial=-1)
        return np.where(latest >= 0, latest % len(self.plans.forecast), -1)

    def in_force(self, cube: Array, month: int, day: int) -> Array:
        """Return the plan for a month as of the evening of a day, zero where there was none: (rows, lanes)."""
        return _of_version(self.plans.as_carried_out(cube), month, self.version(month, day))

    def began(self, month: int) -> int:
        """The day on whose morning a month's work begins; what is in force then is the plan that it is held to."""
        return int(self.days.first_worked[month])

    def planned(self, cube: Array, month: int) -> Array:
        """Return the plan for a month in force at its start, (rows, lanes)."""
        return self.in_force(cube, month, self.began(month))

    def safety_stock(self, month: int) -> Array:
        """Safety stock in force at the start of a month, nothing before the first plan: (items, lanes)."""
        version = self.version(month, self.began(month))
        return np.where(
            version >= 0,
            self.plans.as_carried_out(self.plans.safety_stock)[np.maximum(version, 0), :, np.arange(len(version))].T,
            0.0,
        )

    def kept(self, month: int) -> tuple[Array, Array]:
        """Compare a month's production with the plan in force at its start: deviation and plan, (families, lanes) each.

        Nothing where there was no plan yet, and of a month in which nobody works.
        """
        version = self.version(month, self.began(month))
        planned = _of_version(self.plans.as_carried_out(self.plans.production), month, version)
        off = np.abs(self.by_family(self.started(*self.span_of(month))) - planned)
        held = (version >= 0) & bool(self.days.worked[month])
        return np.where(held, off, 0.0), np.where(held, planned, 0.0)


def _of_version(cube: Array, month: int, version: Whole) -> Array:
    """A month's column of the version that each lane had in force, nothing where it had none: (rows, lanes)."""
    made = np.maximum(version, 0)
    ahead = np.clip(month - made, 0, HORIZON - 1)
    return np.where(version >= 0, cube[made, ahead, :, np.arange(len(version))].T, 0.0)
