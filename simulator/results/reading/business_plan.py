"""The next months and the year in money, against the business plan."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulator.kernel.units import Array
from simulator.results.reading.month import LOOK, Month

YEAR = 12
"""Months of a business year."""


@dataclass(frozen=True)
class NextMonths:
    """The next months in money: demand at price and at cost, the business plan, and stock."""

    month: Month

    @property
    def sales(self) -> float:
        """Demand at list price."""
        return float((self.month.demand[:LOOK] * self.month.price).sum())

    @property
    def margin(self) -> float:
        """Demand at list price, less its standard cost."""
        return self.sales - float((self.month.demand[:LOOK] * self.month.cost).sum())

    @property
    def budget(self) -> float:
        """The business plan at list price."""
        return float((self.month.budget[:LOOK] * self.month.price).sum())

    @property
    def opening_stock(self) -> float:
        """Stock of products at cost on the morning of the supply plan."""
        return float(self.month.projected.stock_value[0].sum())

    @property
    def closing_stock(self) -> float:
        """Stock of products at cost at the end of these months."""
        return float(self.month.projected.stock_value[LOOK].sum())


@dataclass(frozen=True)
class BusinessYear:
    """Sales to date and the demand plan to go, against the business plan of the year: (products,) each."""

    month: Month

    @property
    def _first(self) -> int:
        """The month with which the business year begins."""
        return self.month.index // YEAR * YEAR

    @cached_property
    def sold(self) -> Array:
        """Demand since the business year began."""
        months = range(self._first, self.month.index)
        none = np.zeros(len(self.month.n.products))
        return np.sum([self.month.demand_of(k) for k in months], axis=0) if len(months) else none

    @cached_property
    def to_go(self) -> Array:
        """The demand plan of the months to go."""
        return np.asarray(self.month.demand[self.month.of_this_year].sum(axis=0))

    @property
    def expected(self) -> Array:
        """Sold and to go."""
        return np.asarray(self.sold + self.to_go)

    @cached_property
    def budget(self) -> Array:
        """The business plan of the whole year."""
        year = slice(self._first, self._first + YEAR)
        return np.asarray(self.month.plans.budget[year, :, self.month.lane].sum(axis=0))

    @property
    def gap(self) -> Array:
        """Expected less the business plan, at list price."""
        return np.asarray((self.expected - self.budget) * self.month.price)

    @property
    def expected_value(self) -> float:
        """Expected sales at list price."""
        return float((self.expected * self.month.price).sum())

    @property
    def budgeted_value(self) -> float:
        """The business plan of the year at list price."""
        return float((self.budget * self.month.price).sum())

    @property
    def production(self) -> float:
        """The production plan of the months to go."""
        return float(self.month.production[self.month.of_this_year].sum())

    @property
    def budgeted_production(self) -> float:
        """Sales of the business plan, in the months to go, of products made here."""
        made = np.where(self.month.is_made, self.month.budget, 0.0)
        return float(self.month.by_family(made)[self.month.of_this_year].sum())

    # --- the months to go, (months,) each ---

    def _to_go(self, plan: Array, price: Array | float = 1.0) -> Array:
        return np.asarray((plan[self.month.of_this_year] * price).sum(axis=1))

    @property
    def plan_to_go(self) -> Array:
        """The demand plan, in units."""
        return self._to_go(self.month.demand)

    @property
    def budget_to_go(self) -> Array:
        """The business plan, in units."""
        return self._to_go(self.month.budget)

    @property
    def difference_to_go(self) -> Array:
        """The demand plan less the business plan, in units."""
        return self._to_go(self.month.demand - self.month.budget)

    @property
    def plan_value_to_go(self) -> Array:
        """The demand plan at list price."""
        return self._to_go(self.month.demand, self.month.price)

    @property
    def budget_value_to_go(self) -> Array:
        """The business plan at list price."""
        return self._to_go(self.month.budget, self.month.price)
