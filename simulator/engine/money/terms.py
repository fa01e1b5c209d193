"""Rates and terms of a company, as rows beside the books: what its records say, worked out once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from simulator.company import Company, Resource, Segment
from simulator.company.demand import Channel
from simulator.kernel.units import Array, Whole
from simulator.world.network import Network

DOOR = Channel()
"""The channel of a segment that names none: customers come to the door."""


class Terms:
    """Costs, prices and payment terms of each customer, supplier, item and resource."""

    def __init__(self, company: Company, network: Network) -> None:
        self.company, self.network, self.finance = company, network, company.finance
        self._customers([company.segments[name] for name in network.segments])
        self._suppliers()
        self._standard_cost()
        self.storage = (self.finance.holding_rate - self.finance.capital_rate) / 365.25  # a day

    def _customers(self, segments: list[Segment]) -> None:
        ways = [self.company.channels[s.channel] if s.channel else DOOR for s in segments]
        self.days_to_pay: Whole = np.array(
            [s.payment_days + way.transport_days for s, way in zip(segments, ways, strict=True)]
        )
        self.bad_debt: Array = np.array([s.bad_debt for s in segments])
        self.transport: Array = np.array([way.transport_cost for way in ways])
        self.selling: Array = np.array([way.selling_cost for way in ways])
        self.penalty: Array = np.array([self.company.penalty(name) for name in self.network.segments])

    def _suppliers(self) -> None:
        n, suppliers = self.network, self.company.suppliers
        self.days_to_suppliers: Whole = np.array([suppliers[name].payment_days for name in n.suppliers], dtype=np.int64)
        self.supplier_of: Whole = np.array(
            [n.suppliers.index(buy.supplier) for item in n.items if (buy := item.buy)], dtype=np.int64
        )
        self.supplier_terms: Whole = np.unique(self.days_to_suppliers)

    def bought_at(self, wait: int) -> Array:
        """Standard cost of what is bought at these terms of payment, 0 for all other items: (items,)."""
        rows = self.network.bought[self.days_to_suppliers[self.supplier_of] == wait]
        return np.where(np.isin(np.arange(len(self.cost)), rows), self.cost, 0.0)

    def _standard_cost(self) -> None:
        """Split an item's standard cost into material and conversion: (items,)."""
        n = self.network
        self.cost: Array = n.unit_cost[:, 0]
        self.material: Array = np.zeros(len(n.names))
        for row, item in enumerate(n.items):
            parts = item.make.bill if item.make else {}
            self.material[row] = (
                sum(use * self.cost[n.names.index(part)] for part, use in parts.items()) / n.good[row, 0]
            )
        self.is_made: Array = np.isin(np.arange(len(n.names)), n.made).astype(np.float64)
        self.conversion: Array = (self.cost - self.material) * self.is_made

    @cached_property
    def conversion_in_all(self) -> Array:
        """Conversion in the standard cost of each product, through all levels: (products,)."""
        n = self.network
        return np.array([n.total_use.flow(unit[:, None])[:, 0] @ self.conversion for unit in np.eye(len(n.products))])

    @cached_property
    def conversion_within(self) -> Array:
        """Conversion in the standard cost of a unit of every item, its parts' included: (items,)."""
        n, within = self.network, self.conversion.copy()
        for level in reversed(n.levels):  # parts before their parents
            for row in level:
                make = n.items[row].make
                parts = make.bill if make else {}
                within[row] += sum(use * within[n.names.index(part)] for part, use in parts.items()) / n.good[row, 0]
        return within

    @property
    def serving(self) -> Array:
        """Transport, selling and bad debt of each segment, of the price."""
        return self.transport + self.selling + self.bad_debt

    def _of_resources(self, figure: Callable[[Resource], float]) -> Array:
        """A rate of each resource, (resources,)."""
        return np.array([figure(resource) for resource in self.company.resources.values()], dtype=np.float64)

    @property
    def wage(self) -> Array:
        """A regular hour, paid whether it is worked or not: that of its people, if they are described."""
        return self._of_resources(lambda r: r.people.wage if r.people else r.hour_cost)

    @property
    def paid_hours(self) -> Array:
        """Regular hours of a working day, whether the resource is available or not."""
        return self._of_resources(lambda r: r.people.heads * r.people.hours if r.people else r.hours)

    @property
    def paid_for(self) -> Array:
        """Hours paid for each that is counted as paid: machines are counted as far as they are available, people in full."""
        return self._of_resources(lambda r: 1.0 if r.people else 1.0 / r.availability)

    @property
    def shift_premium(self) -> Array:
        """Extra cost of an hour in a shift beyond the first."""
        return self._of_resources(lambda r: r.shifts.premium if r.shifts else 0.0)

    @property
    def hire_cost(self) -> Array:
        """Hiring one."""
        return self._of_resources(lambda r: r.people.hire_cost if r.people else 0.0)

    @property
    def dismiss_cost(self) -> Array:
        """Letting one go."""
        return self._of_resources(lambda r: r.people.dismiss_cost if r.people else 0.0)

    @property
    def count_cost(self) -> float:
        """Counting one item once."""
        return self.company.stockroom.count_cost if self.company.stockroom else 0.0

    @property
    def premium_outside(self) -> Array:
        """Cost of a subcontracted unit beyond its standard cost, (items,)."""
        outside = [item.make.subcontract if item.make else None for item in self.network.items]
        return np.asarray(self.cost * [each.premium if each else 0.0 for each in outside])
