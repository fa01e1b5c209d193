"""A day of the company as it is expected before any luck: what it sells and buys, in money."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from simulator.engine.expected import expected_orders
from simulator.engine.money.terms import Terms
from simulator.engine.scenario import Scenario
from simulator.kernel.units import Array


class Expectation:
    """Means a calendar day over the first months of the run, or over all of them."""

    def __init__(self, scenario: Scenario, months: int | None = None) -> None:
        self.scenario, self.network = scenario, scenario.network
        self.terms = Terms(scenario.company, scenario.network)
        self.months = min(months or scenario.days.months, scenario.days.months)
        self.days = int(scenario.days.month_start[self.months])

    @cached_property
    def orders(self) -> Array:
        """Units that fall due, (segments, products)."""
        return np.asarray(expected_orders(self.scenario)[: self.months].sum(axis=0) / self.days)

    @cached_property
    def sales(self) -> Array:
        """At list price, (segments,)."""
        return np.asarray(self.orders @ self.network.price[:, 0])

    @cached_property
    def units(self) -> Array:
        """Good units of every item that these orders take, (items,)."""
        return np.asarray(self.network.total_use.flow(self.orders.sum(axis=0)[:, None])[:, 0])

    @cached_property
    def purchases(self) -> Array:
        """At the prices agreed, each source with its share, (suppliers,)."""
        n, sources = self.network, self.network.sources
        value = self.units[n.bought][sources.item] * (sources.price * sources.share)[:, 0]
        return np.bincount(sources.supplier, weights=value, minlength=len(n.suppliers)).astype(np.float64)

    @property
    def purchases_by_terms(self) -> Array:
        """Purchases by days until payment, (terms,)."""
        terms = self.terms
        return np.array([self.purchases[terms.days_to_suppliers == days].sum() for days in terms.supplier_terms])

    @property
    def invoiced(self) -> Array:
        """Sales that customers will pay, (segments,)."""
        return self.sales * (1 - self.terms.bad_debt)

    @property
    def cost_of_goods(self) -> float:
        """At standard cost."""
        return float(self.orders.sum(axis=0) @ self.terms.cost[self.network.sold])

    @property
    def absorbed(self) -> float:
        """Conversion in it."""
        return float(self.orders.sum(axis=0) @ self.terms.conversion_in_all)

    @property
    def wages(self) -> float:
        """Regular hours."""
        worked = self.scenario.days.working[: self.days].mean()
        return float(self.terms.paid_hours @ self.terms.wage * worked)

    @property
    def serving(self) -> float:
        """Transport, selling and bad debt."""
        return float(self.sales @ self.terms.serving)

    @property
    def serving_rate(self) -> Array:
        """Cost of serving as a share of each product's price, in the mix of its customers: (products,)."""
        sold = self.orders.sum(axis=0)
        return np.asarray(self.terms.serving @ self.orders / np.where(sold > 0, sold, 1.0))

    @property
    def fixed_cost(self) -> float:
        """Fixed cost a day, independent of sales."""
        months = float(self.scenario.days.left[: self.months].sum())
        return self.scenario.company.finance.fixed_cost * months / self.days

    @property
    def opening_stock(self) -> float:
        """Stated stock of the first morning, at standard cost."""
        return float(self.terms.cost @ np.nan_to_num(self.network.opening_stock[:, 0]))

    @property
    def storage(self) -> float:
        """Of the opening stock that is stated."""
        return self.opening_stock * self.terms.storage

    @property
    def receivables(self) -> float:
        """Money owed by customers as long as they pay on time."""
        return float(self.invoiced @ self.terms.days_to_pay)

    @property
    def payables(self) -> float:
        """Money owed to suppliers as long as they are paid on time."""
        return float(self.purchases @ self.terms.days_to_suppliers)
