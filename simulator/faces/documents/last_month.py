"""Last month, each quantity against the plan that was in force when it began."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulator.faces.documents.month import Month
from simulator.kernel.units import Array


@dataclass(frozen=True)
class LastMonth:
    """What came of the month before, by family, beside what was planned."""

    now: Month
    plan: Month  # the cycle whose plan was in force

    @property
    def index(self) -> int:
        """Its number."""
        return self.now.index - 1

    @property
    def name(self) -> str:
        """What the calendar calls it."""
        return self.now.days.month_name(self.index)

    @property
    def ahead(self) -> int:
        """How many months ahead the plan looked at it."""
        return self.index - self.plan.index

    @cached_property
    def span(self) -> tuple[int, int]:
        """Its first day, and the first of this month."""
        return self.now.span(self.index)

    def _flow(self, name: str) -> Array:
        products = self.now.flow(name, *self.span)
        return self.now.by_family(products.sum(axis=0) if products.ndim == 2 else products)

    @cached_property
    def sales(self) -> Array:
        """Orders that fell due."""
        return self.now.by_family(self.now.demand_of(self.index))

    @cached_property
    def planned_sales(self) -> Array:
        """The demand plan for it."""
        return self.now.by_family(self.plan.demand[self.ahead])

    @cached_property
    def budget(self) -> Array:
        """The business plan for it."""
        start = Month(self.now.books, self.index, self.now.lane)
        return self.now.by_family(start.budget[0])

    @cached_property
    def shipments(self) -> Array:
        """What left for customers."""
        return self._flow("shipped")

    @cached_property
    def production(self) -> Array:
        """Good units that were started."""
        return self.now.by_family(self.now.made(*self.span))

    @cached_property
    def planned_production(self) -> Array:
        """What the plan in force asked for."""
        cube = self.plan.plans.production
        day = int(self.now.days.first_worked[self.index]) + 1
        return np.asarray(Month(self.now.books, self.index, self.now.lane).in_force(cube, day)[0])

    @cached_property
    def on_hand(self) -> Array:
        """Products on hand at its end, by product."""
        return self.now.morning("on_hand", self.span[1])[self.now.n.sold]

    @cached_property
    def position(self) -> Array:
        """Made products on hand and in process, less their backlog, at its end."""
        products = self.now.position(self.span[1])[self.now.n.sold]
        return self.now.by_family(np.where(self.now.is_made, products, 0.0))

    @cached_property
    def open_orders(self) -> Array:
        """Due and not shipped at its end, by product."""
        return np.asarray(self.now.morning("backlog", self.span[1]).sum(axis=0))

    @cached_property
    def new_shortage(self) -> Array:
        """What fell due and could not be served on the day, the old backlog first."""
        days, lane = slice(*self.span), self.now.lane
        books = self.now.books
        due = books.flows["due"][days, ..., lane]
        open_orders = books.closing["backlog"][days, ..., lane] + books.flows["lost"][days, ..., lane]
        return self.now.by_family(np.minimum(due, open_orders).sum(axis=(0, 1)))

    @property
    def fill_rate(self) -> Array:
        """By family: 1 - new shortage / demand."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(np.where(self.sales > 0, 1 - self.new_shortage / self.sales, np.nan))

    @property
    def total_fill_rate(self) -> float:
        """The same of all families."""
        return 1 - float(self.new_shortage.sum() / self.sales.sum()) if self.sales.sum() > 0 else float("nan")

    @property
    def attainment(self) -> float:
        """1 - sum of |made - planned| / sum planned, over families."""
        wanted = float(self.planned_production.sum())
        missed = float(np.abs(self.production - self.planned_production).sum())
        return 1 - missed / wanted if wanted > 0 else float("nan")


def last_month(month: Month) -> LastMonth | None:
    """The month before, where there was one with a plan."""
    plan = month.begun(month.index - 1)
    return LastMonth(month, plan) if plan else None
