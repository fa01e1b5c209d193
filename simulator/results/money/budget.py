"""The annual budget in money, and what became of it: volume, mix, price, timing and cost add up to the difference."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from simulator.engine.money.accounts import EBIT, sign
from simulator.engine.money.journal import Money
from simulator.kernel.lanes import TINY
from simulator.kernel.units import Array

EXPLAINED = ("budgeted EBIT", "volume", "mix", "price", "timing", "cost", "EBIT")
STANDARD = ("sales", "cost_of_goods")
PRICED = ("price_changes", "push_discounts")
MONTHS = 12


class Budget:
    """Budget and result by business year, (years, lanes); the last year may be a part of one."""

    def __init__(self, money: Money) -> None:
        self.money, self.network, days = money, money.read.network, money.days
        self.first_month = np.arange(0, days.months, MONTHS)
        self.edges = np.append(days.month_start[self.first_month], days.count)

    @property
    def years(self) -> list[str]:
        """The business years by their first and last month."""
        name, last = self.money.days.month_name, [*self.first_month[1:], self.money.days.months]
        return [f"{name(int(a))} to {name(int(b) - 1)}" for a, b in zip(self.first_month, last, strict=True)]

    def by_year(self, daily: Array) -> Array:
        """Sum days into business years."""
        return np.asarray(np.add.reduceat(daily, self.edges[:-1], axis=0))

    @cached_property
    def planned(self) -> Array:
        """The business plan, (years, products, lanes)."""
        months = self.money.books.plans.budget[: self.money.days.months]
        return np.asarray(np.add.reduceat(months, self.first_month, axis=0))

    @cached_property
    def asked(self) -> Array:
        """Units that fell due and were not given up, (years, products, lanes)."""
        flows = self.money.books.flows
        return self.by_year(flows["due"].sum(axis=1)) - self.by_year(flows["lost"].sum(axis=1))

    @cached_property
    def shipped(self) -> Array:
        """Units shipped, (years, products, lanes)."""
        return self.by_year(self.money.books.flows["shipped"])

    def value(self, units: Array, each: Array) -> Array:
        """Units of products at so much each, (years, lanes)."""
        return np.asarray((units * each).sum(axis=1))

    @cached_property
    def explained(self) -> dict[str, Array]:
        """From the budgeted result to the real one; not a number in years for which there was no business plan."""
        price, margin = self.network.price, self.network.price - self.network.unit_cost[self.network.sold]
        planned, asked = self.value(self.planned, margin), self.value(self.asked, margin)
        worth = self.value(self.planned, price)
        there = worth > TINY
        share = np.where(there, self.value(self.asked, price) / np.where(there, worth, 1.0), np.nan)
        budgeted, actual = self.planned_cost, self.cost
        return {
            "budgeted EBIT": np.where(there, planned - budgeted, np.nan),
            "volume": (share - 1) * planned,
            "mix": asked - share * planned,
            "price": self._lines(PRICED),
            "timing": self.value(self.shipped, margin) - asked,
            "cost": np.where(there, budgeted, np.nan) - actual,
            "EBIT": self._lines(EBIT),
        }

    def _lines(self, names: tuple[str, ...]) -> Array:
        return np.asarray(sum(sign(name) * self.by_year(self.money.flows[name]) for name in names))

    @property
    def cost(self) -> Array:
        """All that the result holds beside sales at list price and their standard cost."""
        return -self._lines(tuple(name for name in EBIT if name not in (*STANDARD, *PRICED)))

    @property
    def planned_cost(self) -> Array:
        """Cost in the business plan beside that of its goods.

        Serving customers in the expected mix, hours less what they absorb, storage of the opening stock, fixed cost.
        """
        expected = self.money.expected
        serving = self.value(self.planned, self.network.price * expected.serving_rate[:, None])
        absorbed = self.value(self.planned, expected.terms.conversion_in_all[:, None])
        standing = self.by_year(self.money.flows["wages"] + self.money.flows["fixed_cost"])
        days = np.diff(self.edges)[:, None]
        return serving + standing - absorbed + expected.storage * days
