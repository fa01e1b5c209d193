"""The approved plans in money: the financial plan, and the year against the business plan."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulator.kernel.lanes import TINY
from simulator.kernel.units import Array
from simulator.results.money.terms import Terms
from simulator.results.reading.month import LOOK, Month

YEAR = 12
"""Months of a business year."""


@dataclass(frozen=True)
class FinancialPlan:
    """Income and expense of the approved plans, (months ahead,) each, at the rates by which the books are kept.

    Penalties, returns and write-offs are not planned. Expense is negative.
    """

    month: Month

    @cached_property
    def terms(self) -> Terms:
        """Rates of the company."""
        return Terms(self.month.company, self.month.n)

    @cached_property
    def shipped(self) -> Array:
        """Executable shipments, (months ahead, products)."""
        return self.month.projected.shipped_products

    @cached_property
    def _sold(self) -> Array:
        """Shipments at list price, (months ahead, products)."""
        return np.asarray(self.shipped * self.month.price)

    @property
    def sales(self) -> Array:
        """Sales value."""
        return np.asarray(self._sold.sum(axis=1))

    @property
    def cost_of_goods(self) -> Array:
        """Shipments at standard cost."""
        return np.asarray(-(self.shipped @ self.terms.cost[self.month.n.sold]))

    @property
    def margin(self) -> Array:
        """Sales less cost of goods."""
        return self.sales + self.cost_of_goods

    @property
    def serving(self) -> Array:
        """Transport, selling and bad debt, in the mix of the customers of the last year."""
        month, rates = self.month, self.terms.serving
        lately = month.flow("due", month.supply_day - 365, month.supply_day)
        known, whole = lately.sum(axis=0), lately.sum()
        usual = rates @ lately.sum(axis=1) / whole if whole > TINY else rates.mean()
        share = np.where(known > TINY, rates @ lately / np.maximum(known, TINY), usual)
        return np.asarray(-(self._sold @ share))

    @property
    def regular_hours(self) -> Array:
        """Regular hours, paid whether they are worked or not."""
        return np.asarray(-self.month.working[: len(self.sales)] * float(self.terms.paid_hours @ self.terms.wage))

    @property
    def conversion(self) -> Array:
        """Conversion that the production plan puts into goods."""
        month = self.month
        made = month.by_product(month.production) if month.has_family_plan else self.shipped
        return np.asarray(made @ self.terms.conversion_in_all)

    @property
    def overtime(self) -> Array:
        """Overtime authorised, with its premium."""
        if not self.month.has_family_plan:
            return np.zeros(len(self.sales))
        return np.asarray(-(self.month.overtime @ (self.terms.wage + self.month.n.overtime_premium[:, 0])))

    @cached_property
    def stock(self) -> Array:
        """Stock of products at cost at each month's end."""
        return np.asarray(self.month.projected.stock_value[1:].sum(axis=1))

    @property
    def storage(self) -> Array:
        """Storage of products, without the interest on them."""
        finance = self.month.company.finance
        return -self.stock * (finance.holding_rate - finance.capital_rate) / 12

    @property
    def fixed_cost(self) -> Array:
        """Fixed cost of a month."""
        return np.full(len(self.sales), -self.month.company.finance.fixed_cost)

    @property
    def ebit(self) -> Array:
        """The planned result before interest and tax."""
        return np.asarray(
            self.sales
            + self.cost_of_goods
            + self.serving
            + self.regular_hours
            + self.conversion
            + self.overtime
            + self.storage
            + self.fixed_cost
        )

    @property
    def budgeted_sales(self) -> Array:
        """The business plan at list price."""
        return np.asarray((self.month.budget * self.month.price).sum(axis=1))


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
        return np.asarray(self.month.demand[self.month.budgeted].sum(axis=0))

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
        return float(self.month.production[self.month.budgeted].sum())

    @property
    def budgeted_production(self) -> float:
        """Sales of the business plan, in the months to go, of products made here."""
        made = np.where(self.month.is_made, self.month.budget, 0.0)
        return float(self.month.by_family(made)[self.month.budgeted].sum())

    # --- the months to go, (months,) each ---

    def _to_go(self, plan: Array, price: Array | float = 1.0) -> Array:
        return np.asarray((plan[self.month.budgeted] * price).sum(axis=1))

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
