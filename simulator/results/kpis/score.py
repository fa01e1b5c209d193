"""The scored part of the books, and how a measure groups it."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from simulator.engine.books import Books
from simulator.kernel.units import Array, Whole
from simulator.results.money import Money
from simulator.results.money.margin import by_order

LAG = 1
"""Months before the month itself, at which a forecast is held against it: made at the start of the month before."""


GROUPINGS = ("total", "product", "family", "segment", "channel")
OF_CUSTOMERS = ("segment", "channel")
"""Groupings of who bought, not of what."""

YEAR = 365.25
DOOR = "door"


class Score:
    """The scored part of the books, and how to group it."""

    def __init__(self, books: Books, by: str = "total") -> None:
        scenario = books.scenario
        self.books, self.by, self.network, self.days = books, by, scenario.network, scenario.days
        self.first_month = scenario.experiment.warm_up
        self.first = int(self.days.month_start[self.first_month])
        self.span = self.days.count - self.first
        self.target = scenario.experiment.service_target
        self.price, self.unit_cost = self.network.price, self.network.unit_cost
        self.made_products: Whole = np.intersect1d(np.arange(len(self.network.products)), self.network.made)

    def flow(self, name: str) -> Array:
        """A flow on the scored days."""
        return self.books.flows[name][self.first :]

    def level(self, name: str) -> Array:
        """A closing level on the scored days."""
        return self.books.closing[name][self.first :]

    @cached_property
    def groups(self) -> list[str]:
        """Names of the groups."""
        n = self.network
        return {
            "total": ["total"], "product": n.products, "family": n.families, "segment": n.segments,
            "channel": list(dict.fromkeys(self.channel_of)),
        }[self.by]  # fmt: skip

    @property
    def channel_of(self) -> list[str]:
        """The channel of each segment; customers without one come to the door."""
        return [self.books.scenario.company.segments[name].channel or DOOR for name in self.network.segments]

    def orders(self, amount: Array) -> Array:
        """Sum (segments, products, lanes) into the groups."""
        if self.by in OF_CUSTOMERS:
            by_segment = np.asarray(amount.sum(axis=1))
            if self.by == "segment":
                return by_segment
            mine = [[channel == group for channel in self.channel_of] for group in self.groups]
            return np.stack([by_segment[rows].sum(axis=0) for rows in mine])
        return self.goods(amount.sum(axis=0))

    def goods(self, amount: Array) -> Array:
        """Sum (..., products, lanes) into the groups."""
        if self.by == "product":
            return amount
        return self.network.by_family(amount) if self.by == "family" else np.asarray(amount.sum(axis=-2, keepdims=True))

    def regular_hours(self, span: slice = slice(None)) -> Array:
        """Regular hours there to work in on some of the scored days, (resources, 1 or lanes)."""
        there = self.books.hours_there
        if len(there) == 1:
            return np.asarray(there[0] * self.days.working[self.first :][span].sum())
        return np.asarray(there[self.first :][span].sum(axis=0))

    @cached_property
    def overtime_hours(self) -> Array:
        """Hours worked beyond the regular ones on the scored days, (resources, lanes)."""
        return np.asarray(self.books.overtime_hours[self.first :].sum(axis=0))

    # --- sums that several measures share ---

    @cached_property
    def money(self) -> Money:
        """The books in money."""
        return Money(self.books)

    @cached_property
    def margins(self) -> dict[str, Array]:
        """What can be told by who bought what, over the scored days: (segments, products, lanes) each."""
        return by_order(self.money, self.first)

    @cached_property
    def due(self) -> Array:
        """Demand, (segments, products, lanes)."""
        return np.asarray(self.flow("due").sum(axis=0))

    @cached_property
    def new_shortage(self) -> Array:
        """By day: what fell due today and stock could not serve after the old backlog."""
        return np.minimum(self.flow("due"), self.level("backlog") + self.flow("lost"))

    @cached_property
    def short(self) -> Array:
        """New shortage, summed over the days."""
        return np.asarray(self.new_shortage.sum(axis=0))

    @cached_property
    def mean_backlog(self) -> Array:
        """(segments, products, lanes)"""
        return np.asarray(self.level("backlog").sum(axis=0) / self.span)

    @cached_property
    def mean_on_hand(self) -> Array:
        """(items, lanes)"""
        return np.asarray(self.level("on_hand").sum(axis=0) / self.span)

    @cached_property
    def mean_on_order(self) -> Array:
        """(items, lanes)"""
        return np.asarray(self.level("on_order").sum(axis=0) / self.span)

    @cached_property
    def served(self) -> Array:
        """Units that went to customers: what fell due, less what was lost and what is owed more, (segments, products, lanes)."""
        opened = self.books.closing["backlog"][self.first - 1] if self.first else 0.0
        return np.asarray(self.due - self.flow("lost").sum(axis=0) + opened - self.level("backlog")[-1])

    @cached_property
    def shipped(self) -> Array:
        """(products, lanes)"""
        return np.asarray(self.flow("shipped").sum(axis=0))

    def by_month(self, daily: Array) -> Array:
        """Sum days into the scored months in which anybody worked, per working day: (months, rows, lanes)."""
        starts, worked = self.days.month_start[self.first_month : -1], self.days.worked[self.first_month :]
        sums = np.add.reduceat(daily, starts - self.first, axis=0)
        return np.asarray(sums[worked > 0] / worked[worked > 0, None, None])

    @cached_property
    def production(self) -> Array:
        """Starts of made products by month and group, per working day."""
        daily = np.zeros((self.span, len(self.network.products), self.due.shape[-1]))
        daily[:, self.made_products] = self.flow("released")[:, self.made_products]
        return self.goods(self.by_month(daily))

    @cached_property
    def forecasts(self) -> tuple[Array, Array]:
        """Forecast one month ahead, and what came: (months, products, lanes) each; months without a forecast left out."""
        made = self.forecast_in
        return self.books.plans.forecast[made, LAG], self.came_after(made)

    @cached_property
    def forecast_in(self) -> list[int]:
        """Months whose forecast of the month after can be held against what came: it is scored, and somebody worked in it."""
        months = [m for m in self.books.plans.forecast_in if self.first_month <= m + LAG < self.days.months]
        return [m for m in months if self.days.worked[m + LAG]]

    def came_after(self, made: list[int]) -> Array:
        """Demand of the months after these, (months, products, lanes)."""
        past = len(self.books.demand_by_month) - self.days.months
        return self.books.demand_by_month[[past + m + LAG for m in made]]
