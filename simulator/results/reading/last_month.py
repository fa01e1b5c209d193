"""Last month, each quantity against the plan that was in force when it began."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from simulator.kernel.units import Array
from simulator.results.reading.accuracy import FINAL, NAIVE, records
from simulator.results.reading.lost import Lost, LostTo
from simulator.results.reading.month import Month
from simulator.results.reading.record import LITTLE, AgainstPlan, ratio, with_total

CLASS_A = 0.95
"""Share of a plan that a company with a plan to believe in keeps (Oliver Wight, Class A)."""

TOLERANCE = 0.10
"""Stock that is off its plan by less than this share is on plan."""

NOTICED = 0.01
"""A yield that is off its plan by less than this is on plan."""


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
        """Products on hand less the backlog at its end, by family."""
        return self.now.by_family(self.on_hand - self.open_orders)

    @cached_property
    def open_orders(self) -> Array:
        """Due and not shipped at its end, by product."""
        return self.now.read.owed(self.span[1] - 1)[:, 0]

    @cached_property
    def safety_stock(self) -> Array:
        """Safety stock of all products in force at its end, by product."""
        made = int(self.now.read.version(self.index, self.span[1] - 1)[0])
        return Month(self.now.books, made, self.now.lane).safety_stock

    @property
    def safety_stock_of_family(self) -> Array:
        """Safety stock in force at its end, by family."""
        return self.now.by_family(self.safety_stock)

    @property
    def safety_stock_there(self) -> float:
        """The share of safety stock in force at its end that was there; one product's stock is no other's."""
        there = np.minimum(np.maximum(self.on_hand, 0.0), self.safety_stock)
        return float(ratio(there.sum(keepdims=True), self.safety_stock.sum(keepdims=True))[0])

    @property
    def overdrawn(self) -> float:
        """The most that was taken of the credit line on any evening; nothing where the bank sets no limit."""
        if self.now.company.finance.credit_line is None:
            return 0.0
        return max(-self.measured("lowest_cash"), 0.0)

    @property
    def production_kept(self) -> Array:
        """Production against its plan, by family; not a number where none was planned."""
        return AgainstPlan(self.production, self.planned_production).deviation

    @property
    def missed(self) -> list[int]:
        """Number the families that kept their plan too badly, served too little, owe something or are short of safety stock."""
        off = np.abs(np.nan_to_num(self.production_kept)) > 1 - CLASS_A
        unserved = np.nan_to_num(self.fill_rate, nan=1.0) < self.now.experiment.service_target
        short = self.stock < (1 - TOLERANCE) * self.safety_stock_of_family - LITTLE
        return np.flatnonzero(off | unserved | short | (self.owed > LITTLE)).tolist()

    @property
    def fill_rate(self) -> Array:
        """Served on the day, by family."""
        return self.now.measured("fill_rate", self.index, self.index + 1)[:-1]

    @property
    def total_fill_rate(self) -> float:
        """Served on the day, of all families."""
        return self.measured("fill_rate")

    @property
    def fill_rates(self) -> Array:
        """Served on the day, by family and of all."""
        return np.append(self.fill_rate, self.total_fill_rate)

    @property
    def owed(self) -> Array:
        """Due and not shipped at its end, by family."""
        return self.now.by_family(self.open_orders)

    @property
    def owed_at_price(self) -> Array:
        """Due and not shipped at its end, at list price by family."""
        return self.now.by_family(self.open_orders * self.now.price)

    @property
    def stock(self) -> Array:
        """Products on hand at its end, by family."""
        return self.now.by_family(self.on_hand)

    @property
    def stock_at_cost(self) -> Array:
        """Products on hand at its end, at standard cost by family."""
        return self.now.by_family(self.on_hand * self.now.cost)

    @property
    def planned_shipments(self) -> Array:
        """Executable shipments of the plan in force, by family."""
        return np.asarray(self.plan.projected.shipments[self.ahead])

    @property
    def planned_position(self) -> Array:
        """Closing stock less backlog of the plan in force, by family."""
        return np.asarray(self.plan.projected.closing[self.ahead])

    @property
    def planned_backlog(self) -> Array:
        """Closing backlog of the plan in force, by family."""
        return np.asarray(self.plan.projected.backlog[self.ahead])

    @property
    def attainment(self) -> float:
        """Plan attainment of all families."""
        return self.measured("plan_attainment")

    @cached_property
    def lost_to(self) -> list[LostTo]:
        """Causes of what was not made and not served in it."""
        return Lost(self.now.read, self.index, self.index + 1).of_month(self.index)

    @property
    def lost_units(self) -> tuple[Array, Array]:
        """Units not made and not served, by cause: (causes,) each."""
        found = self.lost_to
        return np.array([each.made for each in found]), np.array([each.served for each in found])

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

    @property
    def yields(self) -> tuple[float, float]:
        """Yield of products whose yield is not always the same, as the measure has it; and what is planned with."""
        return self.measured("final_yield"), self.planned_yield

    # --- days of stock ---

    @property
    def cover(self) -> Array:
        """Days that all products on hand at its end last at this month's demand plan, by family and of all together."""
        return ratio(with_total(self.stock), with_total(self.now.by_family(self.now.demand[0])) / self._days)

    @property
    def days_of_stock(self) -> tuple[float, float]:
        """Stock of products less what is owed, in days of the demand plan then in force.

        At its end, and planned for its end.
        """
        daily = self.plan.demand[self.ahead + 1].sum() / self._days
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


class KeyFigure(NamedTuple):
    """A key figure of last month: its code, the figure, what it should be, and that this will do."""

    code: str
    actual: float
    plan: float
    good: bool


FILL_RATE, STOCK, SAFETY_STOCK, KEPT, ERROR, YIELD = (
    "fill_rate", "stock", "safety_stock", "plan_kept", "forecast_error", "yield",
)  # fmt: skip
"""Codes of key figures."""


def key_figures(month: Month) -> list[KeyFigure]:
    """Those of last month that can be told."""
    last = last_month(month)
    found = [] if last is None else list(_key_figures(last))
    return [each for each in found if np.isfinite(each.actual) and np.isfinite(each.plan)]


def _key_figures(last: LastMonth) -> Iterator[KeyFigure]:
    month = last.now
    target, filled = month.experiment.service_target, last.total_fill_rate
    yield KeyFigure(FILL_RATE, filled, target, filled >= target)
    if month.is_planned:
        days, planned = last.days_of_stock
        yield KeyFigure(STOCK, days, planned, abs(days - planned) <= TOLERANCE * abs(planned))
    yield KeyFigure(SAFETY_STOCK, last.safety_stock_there, 1.0, last.safety_stock_there >= 1 - TOLERANCE)
    if month.has_family_plan:
        yield KeyFigure(KEPT, last.attainment, CLASS_A, last.attainment >= CLASS_A)
    stages = records(month)
    if FINAL in stages and NAIVE in stages:
        error, naive = (float(stages[stage].wmape()[-1]) for stage in (FINAL, NAIVE))
        yield KeyFigure(ERROR, error, naive, error <= naive)
    good, planned = last.yields
    yield KeyFigure(YIELD, good, planned, good >= planned - NOTICED)
