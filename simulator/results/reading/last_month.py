"""Last month, each quantity against the plan that was in force when it began."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulator.kernel.units import Array
from simulator.results.reading.month import Month
from simulator.results.reading.record import ratio, with_total


@dataclass(frozen=True)
class LastMonth:
    """Results of the month before, by family, beside its plan."""

    now: Month
    plan: Month  # the cycle whose plan was in force

    @property
    def index(self) -> int:
        """Its number."""
        return self.now.index - 1

    @property
    def name(self) -> str:
        """Its name in the calendar."""
        return self.now.days.month_name(self.index)

    @property
    def ahead(self) -> int:
        """Months from the plan's making to this month."""
        return self.index - self.plan.index

    @cached_property
    def span(self) -> tuple[int, int]:
        """Its first day, and the first of this month."""
        return self.now.span(self.index)

    @cached_property
    def start(self) -> Month:
        """It, as it was when it began."""
        return Month(self.now.books, self.index, self.now.lane)

    def measured(self, measure: str) -> float:
        """A measure of this month alone, of all together."""
        return float(self.now.measured(measure, self.index, self.index + 1)[-1])

    @cached_property
    def sales(self) -> Array:
        """Orders that fell due."""
        return self.now.by_family(self.now.demand_of(self.index))

    @cached_property
    def planned_sales(self) -> Array:
        """The demand plan for it."""
        return self._planned(self.now.plans.demand, products=True)

    @cached_property
    def budget(self) -> Array:
        """The business plan for it."""
        return self.now.by_family(self.start.budget[0])

    @cached_property
    def shipments(self) -> Array:
        """Units shipped to customers."""
        return self.now.by_family(self.now.read.shipped(*self.span)[:, 0])

    @cached_property
    def production(self) -> Array:
        """Good units of made products that were started."""
        return self.now.by_family(self.now.made(*self.span))

    @cached_property
    def planned_production(self) -> Array:
        """Production in the plan in force."""
        return self._planned(self.now.plans.production)

    def _planned(self, cube: Array, products: bool = False) -> Array:
        planned = self.now.read.planned(cube, self.index)[:, 0]
        return self.now.by_family(planned) if products else planned

    @cached_property
    def on_hand(self) -> Array:
        """Products on hand at its end, by product, as the stock record has it."""
        return self.now.morning("on_hand", self.span[1])[self.now.n.sold]

    @cached_property
    def position(self) -> Array:
        """Made products on hand and in process, less their backlog, at its end."""
        products = self.now.position(self.span[1])[self.now.n.sold]
        return self.now.by_family(np.where(self.now.is_made, products, 0.0))

    @cached_property
    def open_orders(self) -> Array:
        """Due and not shipped at its end, by product."""
        return self.now.read.owed(self.span[1] - 1)[:, 0]

    @property
    def fill_rate(self) -> Array:
        """Served on the day, by family."""
        return self.now.measured("fill_rate", self.index, self.index + 1)[:-1]

    @property
    def total_fill_rate(self) -> float:
        """Served on the day, of all families."""
        return self.measured("fill_rate")

    @property
    def attainment(self) -> float:
        """Plan attainment of all families."""
        return self.measured("plan_attainment")

    def lots(self, memo: str) -> Array:
        """Return a count of finished lots of products with random yield; empty where it is not kept."""
        rows, found = self.now.n.uncertain, self.now.memo(memo, *self.span)
        return np.zeros(0) if found is None else found[rows < len(self.now.n.products)]

    @property
    def planned_yield(self) -> float:
        """The yield that is planned with, of the lots that were finished."""
        rows, finished = self.now.n.uncertain, self.lots("finished")
        good = self.now.n.good[rows[rows < len(self.now.n.products)], 0]
        return float(ratio(np.sum(finished * good), finished.sum())) if finished.size else float("nan")

    # --- days of stock: of all products on hand, and of what is made here with what is under way ---

    @property
    def cover(self) -> Array:
        """Days that all products on hand at its end last at this month's demand plan, by family and of all together."""
        on_hand = with_total(self.now.by_family(self.on_hand))
        return ratio(on_hand, with_total(self.now.by_family(self.now.demand[0])) / self._days)

    @property
    def days_of_made(self) -> tuple[float, float]:
        """Stock of products made here, in process included and backlog taken off, in days of the demand plan then in force.

        At its end, and planned for its end.
        """
        daily = np.where(self.now.is_made, self.plan.demand[self.ahead + 1], 0.0).sum() / self._days
        stock = np.array([self.position.sum(), self.plan.projected.closing[self.ahead].sum()])
        actual, planned = ratio(stock, np.full(2, daily))
        return float(actual), float(planned)

    @property
    def _days(self) -> float:
        """Days of this month."""
        return float(np.diff(self.now.span(self.now.index))[0])


def last_month(month: Month) -> LastMonth | None:
    """The month before, where there was one with a plan."""
    plan = month.begun(month.index - 1)
    return LastMonth(month, plan) if plan else None
