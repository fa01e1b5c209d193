"""One month of one replication, as its planners saw it at each of the five steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from simulator.company import Days
from simulator.engine.books import Books
from simulator.kernel.lanes import TINY
from simulator.kernel.plans import HORIZON, OUTSIDE, SITES_OPEN
from simulator.kernel.units import Array, Mask
from simulator.planning.capacity import product_mix
from simulator.planning.projection import still_to_make
from simulator.results.kpis import measure_values
from simulator.results.reading.accuracy import Errors, errors_of_stage, forecast_in
from simulator.results.reading.projection import Projection
from simulator.results.reading.record import LAG, Reading, ratio, with_total

REPORT, DEMAND, SUPPLY, PRE_MEETING, EXECUTIVE = range(5)
"""The five steps, in order."""

Found = TypeVar("Found")

LOOK = 3
"""Months ahead that meetings talk about first: what they expect, change and act on."""


class Month:
    """The books and plans of one lane, read no further than the steps of one month could read them."""

    def __init__(self, books: Books, index: int, lane: int) -> None:
        books = books if len(books.replications) == 1 else books.of_lane(lane)
        self.books, self.index, self.lane, self.read = books, index, 0, Reading(books)
        self.n, self.plans, self.policy = books.scenario.network, books.plans, books.policy
        self.company, self.experiment = books.scenario.company, books.scenario.experiment
        self.currency = self.company.currency
        self.days = Days(self.company.calendar, books.scenario.days.months + HORIZON + 2)
        self.name = self.days.month_name(index)
        self.ahead = [self.days.month_name(index + k) for k in range(HORIZON)]
        self.families = self.n.families
        self.is_made = self.read.is_made[:, 0]
        self._once: dict[Callable[[Month], Any], Any] = {}

    def once(self, work: Callable[[Month], Found]) -> Found:
        """Work something out once for all that is told of this month."""
        if work not in self._once:
            self._once[work] = work(self)
        found: Found = self._once[work]
        return found

    # --- the calendar ---

    @cached_property
    def held(self) -> tuple[int, ...]:
        """The day of each step; the first cycle of all is held in one day."""
        if self.is_first:
            return (int(self.days.first_worked[self.index]),) * 5
        return tuple(self.days.working_day(self.index, day) for day in self.policy.meeting_days)

    @property
    def supply_day(self) -> int:
        """The day of the supply plan, from whose morning on stock is rolled forward."""
        return self.held[SUPPLY]

    def date(self, step: int) -> dt.date:
        """The day of a step."""
        return self.days.date(self.held[step])

    @property
    def next_cycle(self) -> int:
        """The month of the next cycle."""
        return self.days.next_cycle(self.index, self.policy.cycle_months)

    def working_days_from(self, day: int, ahead: int) -> int:
        """The day that is so many working days later."""
        return self.days.working_days_from(day, ahead)

    @property
    def due(self) -> int:
        """The day on which this month's decision should take effect."""
        return self.working_days_from(self.held[EXECUTIVE], 0 if self.is_first else self.policy.decision_delay)

    @property
    def effective(self) -> int:
        """The day on which this month's decision took effect."""
        return int(self.plans.effective[self.index][self.lane])

    def late_date(self, due: dt.date) -> dt.date:
        """The date on which an action that was due is done where it is late."""
        day = (due - self.days.date(0)).days
        return self.days.date(self.working_days_from(day, self.policy.discipline.late_days))

    def days_after_effect(self, days: float) -> dt.date:
        """The date so many days after the decision took effect."""
        return self.days.date(self.effective + round(days))

    @property
    def is_first(self) -> bool:
        """True in the first cycle of all."""
        return self.plans.made_in[0] == self.index

    @property
    def has_meetings(self) -> bool:
        """True if the steps are held one after the other, on days of their own."""
        return len(set(self.policy.meeting_days)) > 1

    @cached_property
    def working(self) -> Array:
        """Working days of this month and those ahead."""
        start = self.days.month_start[self.index : self.index + HORIZON + 1]
        return np.asarray(np.diff(self.days.worked_so_far[start]))

    @cached_property
    def days_left(self) -> Array:
        """Working days by month; of this month only those left on the morning of the supply plan."""
        worked, left = self.days.worked_so_far, self.working.copy()
        left[0] = worked[self.span(self.index)[1]] - worked[self.supply_day]
        return left

    @property
    def share_left(self) -> float:
        """Working days of this month left on the morning of the supply plan, over all of them."""
        return float(self.days_left[0] / max(self.working[0], 1.0))

    # --- the cube of plans ---

    def of(self, cube: Array) -> Array:
        """This month's version of a plan."""
        return np.asarray(cube[self.index, ..., self.lane])

    def noted(self, table: str) -> Array | None:
        """This month's version of a table that only some policies write."""
        return self.of(self.plans.tables[table]) if table in self.plans.tables else None

    @cached_property
    def demand(self) -> Array:
        """The demand plan, (months ahead, products)."""
        return self.of(self.plans.demand)

    @cached_property
    def production(self) -> Array:
        """The approved production plan, (months ahead, families)."""
        return self.of(self.plans.production)

    @property
    def demand_at_price(self) -> Array:
        """The demand plan at list price, (months ahead, products)."""
        return np.asarray(self.demand * self.price)

    @property
    def production_a_day(self) -> Array:
        """The production plan by working day, (months ahead, families)."""
        return np.asarray(self.production / np.maximum(self.working, 1.0)[:, None])

    @property
    def has_family_plan(self) -> bool:
        """True if families are planned, false if every item is replenished by its own rule."""
        return bool(self.policy.plans_families and self.n.made.size)

    @property
    def has_purchase_plan(self) -> bool:
        """True if what is planned is what is bought: a company that makes nothing, with a supply plan."""
        return bool(self.policy.plans_families and not self.n.made.size)

    @property
    def is_planned(self) -> bool:
        """True if supply is planned: production of families, or the purchases of a company that makes nothing."""
        return self.has_family_plan or self.has_purchase_plan

    @cached_property
    def safety_stock(self) -> Array:
        """Safety stock of products, (products,)."""
        return self.of(self.plans.safety_stock)[self.n.sold]

    def in_force(self, cube: Array, day: int) -> Array:
        """Return the plan in force before a day, by month of the run from this one on: (months ahead, rows)."""
        months = range(self.index, self.index + HORIZON)
        return np.stack([self.read.in_force(cube, month, day - 1)[:, 0] for month in months])

    @cached_property
    def budget(self) -> Array:
        """The business plan, (months ahead, products): of this business year, then its months grown once more as it was made.

        Not a number where nothing was known when the year began.
        """
        end, growth = self._months_of_this_year, 1 + self.company.finance.budget_growth
        of_this_year = self.plans.budget[self.index + end - 12 : self.index + end, :, self.lane]
        known = np.concatenate([of_this_year[12 - end :], of_this_year[: 12 - end] * growth])
        return known if known.sum() > 0 else np.full_like(known, np.nan)

    @property
    def _months_of_this_year(self) -> int:
        """Months ahead that belong to the business year of this one."""
        return 12 - self.index % 12

    @property
    def budgeted(self) -> Mask:
        """Mark the months ahead that have a business plan."""
        return np.asarray(np.isfinite(self.budget).all(axis=1))

    @property
    def budgeted_months(self) -> list[str]:
        """Name the months ahead that have a business plan."""
        return [name for name, known in zip(self.ahead, self.budgeted, strict=True) if known]

    @property
    def of_this_year(self) -> Mask:
        """Mark the months ahead that belong to this business year and have a business plan."""
        return np.asarray((np.arange(HORIZON) < self._months_of_this_year) & self.budgeted)

    @property
    def months_of_this_year(self) -> list[str]:
        """Name them."""
        return [name for name, mine in zip(self.ahead, self.of_this_year, strict=True) if mine]

    def begun(self, month: int) -> Month | None:
        """The cycle whose plan was in force when a month began."""
        if month < 0:
            return None
        made = int(self.read.version(month, self.read.began(month))[0])
        return Month(self.books, made, self.lane) if made >= 0 else None

    # --- the books ---

    def morning(self, account: str, day: int) -> Array:
        """Return the level of an account on the morning of a day; of stock, the recorded one."""
        recorded = self.books.memos.get("recorded")
        if account == "on_hand" and recorded is not None and day > 0:
            return np.asarray(recorded[day - 1, ..., 0])
        return np.array(self.read.evening(account, day - 1)[..., 0])

    def flow(self, name: str, first: int, end: int) -> Array:
        """Sum a flow from one day until before another."""
        return self.read.went(name, first, max(end, 0))[..., 0]

    def counted(self, memo: str, first: int, end: int) -> Array:
        """Sum a count from one day until before another."""
        return np.asarray(self.books.memos[memo][first:end, ..., 0].sum(axis=0))

    def span(self, month: int) -> tuple[int, int]:
        """First day of a month, and of the next one."""
        return int(self.days.month_start[month]), int(self.days.month_start[month + 1])

    def demand_of(self, month: int) -> Array:
        """Return demand due in a month of the run; negative months lie before its first day: (products,)."""
        return self.read.demand_of(month)[:, 0]

    def made(self, first: int, end: int) -> Array:
        """Good units of made products started, (products,)."""
        return self.read.started(first, end)[:, 0]

    def measured(self, measure: str, first: int, end: int) -> Array:
        """A measure over some months, family by family and of all together: (families + 1,)."""
        parts = [measure_values(self.books, measure, (first, end), by) for by in ("family", "total")]
        return np.concatenate(parts)[:, 0]

    def errors(self, stage: str, months: int) -> Errors | None:
        """Forecasts of a stage against the last so many months that can be told; None before the first of them."""
        made = forecast_in(self.read, 0, self.index)[-months:]
        return errors_of_stage(self.read, stage, made[0] + LAG, self.index) if made else None

    def position(self, day: int) -> Array:
        """On hand and under way, less what is owed, on the morning of a day: (items,)."""
        there = self.morning("on_hand", day) + self.morning("on_order", day)
        there[self.n.sold] -= self.morning("backlog", day).sum(axis=0)
        return there

    def memo(self, name: str, first: int, end: int) -> Array | None:
        """Sum a count from one day until before another, (rows,); None where it is not kept."""
        found = self.read.counted(name, first, max(end, 0))
        return None if found is None else found[..., 0]

    # --- families, products, resources ---

    def by_family(self, products: Array) -> Array:
        """Sum (..., products) into (..., families)."""
        return self.n.by_family(products[..., None])[..., 0]

    def families_and_total(self, products: Array) -> Array:
        """Sum (..., products, lanes) into (..., families and all of them, lanes)."""
        return with_total(self.read.by_family(products), axis=-2)

    @property
    def price(self) -> Array:
        """List prices, (products,)."""
        return np.asarray(self.n.price[:, 0])

    @property
    def cost(self) -> Array:
        """Standard cost of products, (products,)."""
        return np.asarray(self.n.unit_cost[self.n.sold, 0])

    def every_month(self, rows: Array) -> Array:
        """Repeat a figure for every month ahead, (rows,) -> (months ahead, rows)."""
        return np.repeat(rows[None], len(self.ahead), axis=0)

    def days_of_demand(self, stock: Array) -> Array:
        """Days of the demand plan of this month and the next, by family and of all: (families and total,)."""
        demand = with_total(self.by_family(self.demand[:2].sum(axis=0)))
        days = float(np.diff(self.days.month_start[[self.index, self.index + 2]])[0])
        return ratio(stock, demand / max(1.0, days))

    @cached_property
    def mix(self) -> Array:
        """Each made product's share in its family's planned demand, (months ahead, products)."""
        return product_mix(self.n, self.demand[..., None])[..., 0]

    def by_product(self, production: Array) -> Array:
        """A production plan of families as products, (months ahead, families) -> (months ahead, products)."""
        return np.asarray(production[:, self.n.family_of] * self.mix[: len(production)])

    def still(self, production: Array) -> Array:
        """Of a production plan, what was still to be made on the morning of the supply plan."""
        return still_to_make(production, self.by_family(self.made(self.span(self.index)[0], self.supply_day)))

    def load(self, production: Array) -> Array:
        """Hours that a production plan takes, parts included: (months ahead, resources)."""
        return np.asarray(self.n.total_load.flow(self.by_product(production).T).T)

    def _hours(self, table: str) -> Array:
        """Regular hours a working day as planners counted on them, (months ahead or 1, resources)."""
        counted, open_sites = self.noted(table), self.noted(SITES_OPEN)
        hours = self.n.hours.T if counted is None else counted
        return hours if open_sites is None else np.asarray(hours * open_sites)

    @property
    def regular(self) -> Array:
        """Regular hours before anything was decided, of this month those that are left, (months ahead, resources)."""
        return np.asarray(self.days_left[:, None] * self._hours("hours settled"))

    @property
    def approved_hours(self) -> Array:
        """Regular hours with the people of the approved plan, of this month those that are left, (months ahead, resources)."""
        return np.asarray(self.days_left[:, None] * self._hours("hours planned"))

    @property
    def overtime_limit(self) -> Array:
        """Overtime hours that could be worked, (months ahead, resources)."""
        share = np.array([resource.overtime for resource in self.company.resources.values()])
        limit = self._hours("hours settled") * share
        return np.asarray(self.days_left[:, None] * limit)

    @property
    def still_outside(self) -> Array:
        """Units still to be subcontracted, by the month in whose place they would be made here, (months ahead, families)."""
        noted = self.noted(OUTSIDE)
        return np.zeros_like(self.production) if noted is None else noted

    @property
    def overtime(self) -> Array:
        """Overtime hours authorised, (months ahead, resources)."""
        return np.asarray(self.of(self.plans.overtime) * self.days_left[:, None])

    @cached_property
    def unit_cost(self) -> Array:
        """Standard cost of a unit of each family's made products, in the mix of the demand plan: (families,)."""
        demand = np.where(self.is_made, self.demand, 0.0).sum(axis=0)
        mix = demand / np.maximum(self.by_family(demand)[self.n.family_of], TINY)
        return self.by_family(mix * self.n.unit_cost[self.n.sold, 0])

    @cached_property
    def projected(self) -> Projection:
        """Stock and backlog to be expected of the approved plan."""
        return Projection(self)
