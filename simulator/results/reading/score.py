"""The scored part of the books, and how a measure groups it."""

from __future__ import annotations

from copy import copy
from functools import cached_property

import numpy as np

from simulator.engine.books import Books
from simulator.engine.scenario import Scenario
from simulator.kernel.lanes import new_shortage
from simulator.kernel.units import DAYS_A_YEAR, Array, Whole
from simulator.results.money import Expectation, Money
from simulator.results.money.margin import by_order
from simulator.results.reading.accuracy import Errors, errors_of, errors_of_stage
from simulator.results.reading.lost import Lost
from simulator.results.reading.record import Reading

GROUPINGS = ("total", "product", "family", "segment", "channel")
OF_CUSTOMERS = ("segment", "channel")
"""Groupings of who bought, not of what."""

DOOR = "door"


class Score:
    """The books of the scored months, or of others that are named, and how a measure groups them."""

    def __init__(self, books: Books, by: str = "total", months: tuple[int, int] | None = None) -> None:
        """Months are given by the first one and the one after the last."""
        scenario = books.scenario
        self.books, self.by, self.read, self.network, self.days = (
            books,
            by,
            Reading(books),
            scenario.network,
            scenario.days,
        )
        self.first_month, self.end_month = months or (scenario.experiment.warm_up, self.days.months)
        self.first, self.end = int(self.days.month_start[self.first_month]), int(self.days.month_start[self.end_month])
        self.over = slice(self.first, self.end)
        self.span = self.end - self.first
        self.target = scenario.experiment.service_target
        self.price, self.unit_cost = self.network.price, self.network.unit_cost
        self.made_products: Whole = np.intersect1d(np.arange(len(self.network.products)), self.network.made)

    def in_groups(self, by: str) -> Score:
        """The books told by other groups; sums that were made already, and hold for any groups, are kept."""
        other = copy(self)
        other.by = by
        for name in ("groups", "production"):
            vars(other).pop(name, None)
        return other

    def flow(self, name: str) -> Array:
        """A flow on the scored days."""
        return self.books.flows[name][self.over]

    def level(self, name: str) -> Array:
        """A closing level on the scored days."""
        return self.books.closing[name][self.over]

    def memo(self, name: str) -> Array | None:
        """Return a count over the scored days; None where it is not kept."""
        book = self.books.memos.get(name)
        return None if book is None else book[self.over]

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

    @property
    def unknown(self) -> Array:
        """Not a number for every group: the company has nothing of the kind."""
        return np.full((len(self.groups), self.due.shape[-1]), np.nan)

    @cached_property
    def overtime_hours(self) -> Array:
        """Hours worked beyond the regular ones on the scored days, (resources, lanes)."""
        return np.asarray(self.books.overtime_hours[self.over].sum(axis=0))

    # --- sums that several measures share ---

    @cached_property
    def money(self) -> Money:
        """The books in money."""
        return Money(self.books)

    @cached_property
    def margins(self) -> dict[str, Array]:
        """Earnings split by segment and product, over the scored days: (segments, products, lanes) each."""
        return by_order(self.money, self.over)

    @cached_property
    def due(self) -> Array:
        """Demand, (segments, products, lanes)."""
        return self.read.due(self.first, self.end)

    @cached_property
    def new_shortage(self) -> Array:
        """By day: what fell due today and stock could not serve after the old backlog."""
        return new_shortage(self.flow("due"), self.level("backlog"), self.flow("lost"))

    @cached_property
    def short(self) -> Array:
        """New shortage, summed over the days."""
        return np.asarray(self.new_shortage.sum(axis=0))

    @cached_property
    def lost(self) -> Lost:
        """New shortage by cause."""
        return Lost(self.read, self.first_month, self.end_month)

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
        return self.read.served(self.first, self.end)

    @cached_property
    def shipped(self) -> Array:
        """(products, lanes)"""
        return self.read.shipped(self.first, self.end)

    def in_months(self, daily: Array) -> Array:
        """Sum days into the scored months, (months, ...)."""
        return np.asarray(np.add.reduceat(daily, self.days.month_start[self.first_month : self.end_month] - self.first))

    def by_month(self, daily: Array) -> Array:
        """Sum days into the scored months in which anybody worked, per working day: (months, rows, lanes)."""
        worked, sums = self.days.worked[self.first_month : self.end_month], self.in_months(daily)
        return np.asarray(sums[worked > 0] / worked[worked > 0, None, None])

    @cached_property
    def production(self) -> Array:
        """Starts of made products by month and group, per working day."""
        daily = np.zeros((self.span, len(self.network.products), self.due.shape[-1]))
        daily[:, self.made_products] = self.flow("released")[:, self.made_products]
        return self.goods(self.by_month(daily))

    @cached_property
    def errors(self) -> Errors:
        """Forecasts one month ahead of the scored months, and what came."""
        return errors_of(self.read, self.first_month, self.end_month)

    def forecasts_of(self, stage: str) -> Errors | None:
        """Return the errors of a stage of the forecast; None where the process has no such stage."""
        return errors_of_stage(self.read, stage, self.first_month, self.end_month)

    @cached_property
    def kept_plan(self) -> tuple[Array, Array]:
        """Deviation of production from the plans in force at the start of each month, and those plans: (families, lanes) each."""
        months = [self.read.kept(month) for month in range(self.first_month, self.end_month)]
        off, planned = (np.sum([month[k] for month in months], axis=0) for k in (0, 1))
        return off, planned


def expected_sales(scenario: Scenario, by: str = "total") -> dict[str, float]:
    """A year's sales at list price as they are expected before any luck, by group."""
    n = scenario.network
    value = Expectation(scenario).orders * n.price[:, 0] * DAYS_A_YEAR  # (segments, products)
    if by in OF_CUSTOMERS:
        names = (
            [scenario.company.segments[name].channel or DOOR for name in n.segments] if by == "channel" else n.segments
        )
        amounts = value.sum(axis=1)
    else:
        families = [n.families[row] for row in n.family_of]
        names = {"product": n.products, "family": families}.get(by, ["total"] * len(families))
        amounts = value.sum(axis=0)
    return {name: float(amounts[[other == name for other in names]].sum()) for name in dict.fromkeys(names)}
