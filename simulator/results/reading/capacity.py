"""Rough-cut capacity in figures: hours against load, long-lead parts, and what the production plan asks of suppliers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulator.kernel.lanes import TINY
from simulator.kernel.units import Array
from simulator.results.reading.month import Month

LITTLE = 0.5
"""Hours that nobody calls an overload."""

FULL = 0.995
"""A resource that is loaded to this share of its hours is a bottleneck."""


@dataclass(frozen=True)
class Load:
    """Hours by month and resource: (months ahead, resources)."""

    month: Month

    @cached_property
    def wished(self) -> Array:
        """Of what was still to be made of the plan as it was wished, before any capacity check."""
        noted = self.month.noted("wished")
        return self.month.load(self.month.still(self.month.production if noted is None else noted))

    @cached_property
    def approved(self) -> Array:
        """Of what was still to be made of the approved plan."""
        return self.month.load(self.month.projected.to_make)

    @cached_property
    def limit(self) -> Array:
        """Regular hours and all overtime that could be worked."""
        return self.month.regular + self.month.overtime_limit

    def overloaded(self, months: int) -> list[tuple[int, int]]:
        """(month ahead, resource) in which the wished plan needs more than regular hours."""
        over = self.wished[:months] > self.month.regular[:months] + LITTLE
        return [(int(k), int(r)) for k, r in np.argwhere(over)]

    def bottleneck(self, months: int, family: int) -> tuple[int, int] | None:
        """The (month ahead, resource) whose hours are taken most among those that a family's products need, if any is full."""
        used = self.month.n.total_load.matrix.toarray()[:, (self.month.n.family_of == family) & self.month.is_made]
        mine = used.any(axis=1)
        there = self.month.approved_hours[:months] + self.month.overtime[:months]
        share = np.where(mine, self.approved[:months] / np.maximum(there, TINY), 0.0)
        if not share.size or share.max() < FULL:
            return None
        k, r = np.unravel_index(int(np.argmax(share)), share.shape)
        return int(k), int(r)


@dataclass(frozen=True)
class Needs:
    """Requirements of a production plan for every bought item, (months ahead, bought items)."""

    month: Month

    @property
    def names(self) -> list[str]:
        """The bought items."""
        return [self.month.n.names[k] for k in self.month.n.bought]

    @property
    def cost(self) -> Array:
        """Standard cost of each."""
        return np.asarray(self.month.n.unit_cost[self.month.n.bought, 0])

    def gross(self, production: Array, demand: Array) -> Array:
        """The production plan of families exploded through all bills, and the demand for products that are bought.

        Where families are not planned, the demand for all products.
        """
        m = self.month
        sold = m.by_product(production) + np.where(m.is_made, 0.0, demand) if m.has_family_plan else demand
        return np.asarray(m.n.total_use.flow(sold.T)[m.n.bought].T)

    @cached_property
    def approved(self) -> Array:
        """Of the approved plan; of this month only what is still to be made and to come."""
        m = self.month
        demand = m.demand.copy()
        demand[0] *= m.share_left
        return self.gross(m.projected.to_make, demand)

    @cached_property
    def there(self) -> Array:
        """On hand and on order, less what is owed, on the day of the supply plan."""
        return self.month.position(self.month.supply_day)[self.month.n.bought]

    @cached_property
    def safety_stock(self) -> Array:
        """That is to be left at the end."""
        return self.month.of(self.month.plans.safety_stock)[self.month.n.bought]

    @cached_property
    def to_buy(self) -> Array:
        """Net requirement: units still to be ordered to come in by the end of each month."""
        lacking = np.cumsum(self.approved, axis=0) + self.safety_stock - self.there
        return np.asarray(np.diff(np.maximum.accumulate(np.maximum(lacking, 0.0), axis=0), axis=0, prepend=0.0))

    def short(self) -> list[tuple[int, int, float]]:
        """(month ahead, bought item, units) that the wished plan lacks by then, as no new order could come in time."""
        m = self.month
        wished = m.noted("wished")
        plan, day = m.still(m.production if wished is None else wished), m.supply_day
        need = np.cumsum(self.gross(plan, np.zeros_like(m.demand)), axis=0)
        ends = m.days.month_start[m.index + 1 : m.index + 1 + len(plan)] - day
        lead = np.maximum(m.n.lead_time[m.n.bought, 0], 1.0)
        there = m.morning("on_hand", day)[m.n.bought] + m.morning("on_order", day)[m.n.bought] * np.minimum(
            ends[:, None] / lead, 1.0
        )
        lacking = np.where(lead > ends[:, None], need - there, 0.0)
        return [(int(k), int(i), float(lacking[k, i])) for k, i in np.argwhere(lacking > 0.5)]
