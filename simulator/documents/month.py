"""One month of one replication, as its planners saw it at each of the five steps."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulator.books import Books
from simulator.company import Days
from simulator.lanes import TINY
from simulator.plans import HORIZON
from simulator.units import Array, Whole

REPORT, DEMAND, SUPPLY, PRE_MEETING, EXECUTIVE = range(5)
"""The five steps, in order."""


@dataclass(frozen=True)
class Projection:
    """Stock of made products rolled forward from the day of the supply plan: (months ahead, families).

    Stock is what is on hand and in process, less the backlog; what is below nothing is owed. Of the first
    month only what is still to be made and still to come counts.
    """

    opening: Array  # (families,)
    to_make: Array
    to_come: Array
    closing: Array
    shipments: Array  # what customers are to get, bought products included; of the first month all of it

    @property
    def stock(self) -> Array:
        """What is there at the end of each month."""
        return np.maximum(self.closing, 0.0)

    @property
    def backlog(self) -> Array:
        """What is owed at the end of each month."""
        return np.maximum(-self.closing, 0.0)


class Month:
    """The books and plans of one lane, read no further than the steps of one month could read them."""

    def __init__(self, books: Books, index: int, lane: int) -> None:
        self.books, self.index, self.lane = books, index, lane
        self.n, self.plans, self.policy = books.scenario.network, books.plans, books.policy
        self.company, self.experiment = books.scenario.company, books.scenario.experiment
        self.currency = self.company.currency
        self.days = Days(self.company.calendar, books.scenario.days.months + HORIZON + 2)
        self.name = self.days.month_name(index)
        self.ahead = [self.days.month_name(index + k) for k in range(HORIZON)]
        self.families = self.n.families
        self.is_made = np.isin(np.arange(len(self.n.products)), self.n.made)

    # --- the calendar ---

    @cached_property
    def held(self) -> tuple[int, ...]:
        """The day of each step; the first cycle of all is held in one day."""
        if self.plans.made_in[0] == self.index:
            return (int(self.days.first_worked[self.index]),) * 5
        return tuple(self.working_day(self.index, day) for day in self.policy.meeting_days)

    def working_day(self, month: int, number: int) -> int:
        """The day that is the so-many-th working day of a month."""
        worked = self.days.worked_so_far
        return int(np.searchsorted(worked, worked[self.days.month_start[month]] + number)) - 1

    def date(self, step: int) -> dt.date:
        """When a step was held."""
        return self.days.date(self.held[step])

    @property
    def next_cycle(self) -> int:
        """The month of the next cycle."""
        return self.index + self.policy.cycle_months

    @property
    def effective(self) -> int:
        """The day on which this month's decision took effect."""
        return int(self.plans.effective[self.index][self.lane])

    @cached_property
    def working(self) -> Array:
        """Working days of this month and those ahead."""
        start = self.days.month_start[self.index : self.index + HORIZON + 1]
        return np.asarray(np.diff(self.days.worked_so_far[start]))

    @property
    def share_left(self) -> float:
        """Working days of this month left on the morning of the supply plan, over all of them."""
        worked, start = self.days.worked_so_far, self.days.month_start
        return float((worked[start[self.index + 1]] - worked[self.held[SUPPLY]]) / max(self.working[0], 1.0))

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
    def has_family_plan(self) -> bool:
        """Whether families are planned at all, or every item is replenished by its own rule."""
        return bool(self.policy.supply_plan.name != "none" and self.n.made.size)

    def in_force(self, cube: Array, day: int) -> Array:
        """What was in force before a day, by month of the run from this one on: (months ahead, rows)."""
        effective = self.plans.effective
        over = sorted((int(effective[k][self.lane]), k) for k in self.plans.made_in if effective[k][self.lane] < day)
        table = np.zeros((self.days.months + HORIZON, cube.shape[2]))
        for _, made in over:
            table[made : made + HORIZON] = cube[made, ..., self.lane]
        return table[self.index : self.index + HORIZON]

    @cached_property
    def budget(self) -> Array:
        """The business plan, (months ahead, products); not a number beyond the year for which there is one."""
        end = (self.index // 12 + 1) * 12 - self.index
        known = self.plans.budget[self.index : self.index + HORIZON, :, self.lane].copy()
        known[end:] = np.nan
        return known if np.nansum(known) > 0 else np.full_like(known, np.nan)

    def begun(self, month: int) -> Month | None:
        """The cycle whose plan was in force when a month began."""
        if month < 0:
            return None
        effective, day = self.plans.effective, int(self.days.first_worked[month])
        over = [(int(effective[k][self.lane]), k) for k in self.plans.made_in if effective[k][self.lane] <= day]
        return Month(self.books, max(over)[1], self.lane) if over else None

    # --- the books ---

    def morning(self, account: str, day: int) -> Array:
        """What an account held on the morning of a day."""
        book = self.books.closing[account]
        if day > 0:
            return np.asarray(book[day - 1, ..., self.lane])
        return self.n.opening_stock[:, 0] if account == "on_hand" else np.zeros(book.shape[1:-1])

    def flow(self, name: str, first: int, end: int) -> Array:
        """What went through an account from one day until before another."""
        return np.asarray(self.books.flows[name][max(first, 0) : max(end, 0), ..., self.lane].sum(axis=0))

    def span(self, month: int) -> tuple[int, int]:
        """First day of a month, and of the next one."""
        return int(self.days.month_start[month]), int(self.days.month_start[month + 1])

    def demand_of(self, month: int) -> Array:
        """What fell due in a month of the run; negative months lie before its first day: (products,)."""
        past = len(self.books.demand_by_month) - self.books.scenario.days.months
        return np.asarray(self.books.demand_by_month[past + month, :, self.lane])

    @property
    def months_known(self) -> int:
        """Months of demand before the first day that planners know."""
        return len(self.books.demand_by_month) - self.books.scenario.days.months

    def made(self, first: int, end: int) -> Array:
        """Good units of made products started, (products,)."""
        return np.where(self.is_made, self.flow("released", first, end)[self.n.sold], 0.0)

    def position(self, day: int) -> Array:
        """On hand and under way, less what is owed, on the morning of a day: (items,)."""
        there = self.morning("on_hand", day) + self.morning("on_order", day)
        there[self.n.sold] -= self.morning("backlog", day).sum(axis=0)
        return there

    # --- families, products, resources ---

    def by_family(self, products: Array) -> Array:
        """Sum (..., products) into (..., families)."""
        return self.n.by_family(products[..., None])[..., 0]

    @cached_property
    def mix(self) -> Array:
        """Each made product's share in its family's planned demand, (months ahead, products)."""
        demand = np.where(self.is_made, self.demand, 0.0)
        return np.asarray(demand / np.maximum(self.by_family(demand)[:, self.n.family_of], TINY))

    def by_product(self, production: Array) -> Array:
        """A production plan of families as products, (months ahead, families) -> (months ahead, products)."""
        return np.asarray(production[:, self.n.family_of] * self.mix[: len(production)])

    def load(self, production: Array) -> Array:
        """Hours that a production plan takes, parts included: (months ahead, resources)."""
        return np.asarray(self.n.total_load.flow(self.by_product(production).T).T)

    @property
    def regular(self) -> Array:
        """Regular hours, (months ahead, resources)."""
        return np.asarray(self.working[:, None] * self.n.hours[:, 0])

    @property
    def overtime_limit(self) -> Array:
        """Overtime hours that could be worked, (months ahead, resources)."""
        return np.asarray(self.working[:, None] * self.n.overtime_limit[:, 0])

    @property
    def overtime(self) -> Array:
        """Overtime hours authorised, (months ahead, resources)."""
        return np.asarray(self.of(self.plans.overtime) * self.working[:, None])

    @cached_property
    def unit_cost(self) -> Array:
        """Standard cost of a unit of each family's made products, in the mix of the demand plan: (families,)."""
        demand = np.where(self.is_made, self.demand, 0.0).sum(axis=0)
        mix = demand / np.maximum(self.by_family(demand)[self.n.family_of], TINY)
        return self.by_family(mix * self.n.unit_cost[self.n.sold, 0])

    @cached_property
    def projected(self) -> Projection:
        """Stock and backlog to be expected of the approved plan."""
        day = self.held[SUPPLY]
        opening = self.by_family(np.where(self.is_made, self.position(day)[self.n.sold], 0.0))
        to_make = self.production.copy()
        to_make[0] = np.maximum(to_make[0] - self.by_family(self.made(self.span(self.index)[0], day)), 0.0)
        to_come = self.by_family(np.where(self.is_made, self.demand, 0.0))
        to_come[0] *= self.share_left
        closing = opening + np.cumsum(to_make - to_come, axis=0)
        return Projection(opening, to_make, to_come, closing, self._shipments(closing, to_come))

    def _shipments(self, closing: Array, to_come: Array) -> Array:
        """The executable plan: what is asked for, and the backlog as far as supply allows."""
        start, day = self.span(self.index)[0], self.held[SUPPLY]
        owed = np.maximum(-closing, 0.0)
        made = np.where(self.is_made, 1.0, 0.0)
        backlog = self.by_family(made * self.morning("backlog", day).sum(axis=0))
        before = np.concatenate([backlog[None], owed[:-1]])
        ahead = np.maximum(to_come + before - owed, 0.0)
        ahead[0] += self.by_family(made * self.flow("shipped", start, day))
        return np.asarray(ahead + self.by_family(np.where(self.is_made, 0.0, self.demand)))


def months_with_cycle(made_in: list[int]) -> Whole:
    """Numbers, from 1, of the months in which a cycle was held."""
    return np.array(made_in, dtype=np.int64) + 1
