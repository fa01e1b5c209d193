"""Projection of an approved plan: expected stock, backlog and shipments, month by month."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from simulator.kernel.plans import DEMAND_AHEAD, RECEIPTS_AHEAD, STOCK_AHEAD
from simulator.kernel.units import Array

if TYPE_CHECKING:
    from simulator.results.reading.month import Month


@dataclass(frozen=True)
class Projection:
    """Expected stock of all products from the morning of the supply plan on, as its planners reckoned: (months ahead, families).

    Stock is what is on hand, less the backlog; what is below nothing is owed. One product's stock serves no other's orders.
    Of the first month only what is still to be made and still to come counts.
    """

    month: Month

    @property
    def openings(self) -> Array:
        """Opening of the first month, and of each later one the closing of the month before."""
        return np.concatenate([self.opening[None], self.closing[:-1]])

    def _by_month(self, table: str) -> Array:
        """Split a table that sums from the supply plan on into months, (months ahead, products)."""
        noted = self.month.noted(table)
        assert noted is not None
        return np.diff(noted, axis=0, prepend=np.zeros_like(noted[:1]))

    @cached_property
    def products(self) -> Array:
        """Stock less backlog of each product at the end of each month, (months ahead, products)."""
        noted = self.month.noted(STOCK_AHEAD)
        assert noted is not None
        return noted

    @cached_property
    def opening(self) -> Array:
        """On hand less the backlog, (families,)."""
        month, day = self.month, self.month.supply_day
        return month.by_family(month.morning("on_hand", day)[month.n.sold] - month.morning("backlog", day).sum(axis=0))

    @cached_property
    def to_make(self) -> Array:
        """Units still to be started."""
        return self.month.still(self.month.production)

    @cached_property
    def to_come(self) -> Array:
        """Demand still to fall due."""
        return self.month.by_family(self._by_month(DEMAND_AHEAD))

    @cached_property
    def receipts(self) -> Array:
        """Units that come into stock: what is in process or on order, when it is due, and of what is still to be made what is done."""
        return self.month.by_family(self.receipts_of_products)

    @property
    def receipts_of_products(self) -> Array:
        """Units of each product that come into stock, (months ahead, products)."""
        return self._by_month(RECEIPTS_AHEAD)

    @cached_property
    def closing(self) -> Array:
        """Stock less backlog at the end of each month."""
        return self.month.by_family(self.products)

    @cached_property
    def stock(self) -> Array:
        """Stock at the end of each month."""
        return self.month.by_family(np.maximum(self.products, 0.0))

    @cached_property
    def stock_value(self) -> Array:
        """Stock at standard cost: (families,) of the opening, then of the end of each month, (months ahead + 1, families)."""
        month, cost = self.month, self.month.n.unit_cost[self.month.n.sold, 0]
        opening = month.morning("on_hand", month.supply_day)[month.n.sold]
        return month.by_family(np.concatenate([opening[None], np.maximum(self.products, 0.0)]) * cost)

    @cached_property
    def backlog(self) -> Array:
        """Backlog at the end of each month."""
        return self.month.by_family(np.maximum(-self.products, 0.0))

    @cached_property
    def shipments(self) -> Array:
        """The executable plan: what is asked for, and the backlog as far as supply allows; of the first month all of it."""
        return self.month.by_family(self.shipped_products)

    @cached_property
    def shipped_products(self) -> Array:
        """The executable plan by product, (months ahead, products)."""
        month, whole = self.month, self.shipments_to_come.copy()
        whole[0] += month.flow("shipped", month.span(month.index)[0], month.supply_day)[month.n.sold]
        return whole

    @cached_property
    def shipments_to_come(self) -> Array:
        """The executable plan by product from the morning of the supply plan on, (months ahead, products)."""
        owed_now = self.month.morning("backlog", self.month.supply_day).sum(axis=0)
        owed = np.concatenate([owed_now[None], np.maximum(-self.products, 0.0)])
        return np.asarray(np.maximum(self._by_month(DEMAND_AHEAD) + owed[:-1] - owed[1:], 0.0))
