"""Rates that closed months teach: lines of the statements that no plan gives, as shares of the lines that they follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simulator.engine.money.accounts import STOCK
from simulator.engine.money.journal import Money
from simulator.kernel.lanes import TINY
from simulator.kernel.units import Array

LOOK_BACK = 12
"""Closed months that are looked back on: a season is in them once."""

FOLLOWS: Mapping[str, str] = {
    "push_discounts": "sales",
    "credits": "sales",
    "restocked": "sales",
    "price_variance": "purchases",
    "usage_variance": "absorbed",
    "scrap": "absorbed",
    "expiry": "stock",
    "shrinkage": "stock",
}
"""Each line that is learnt, and what it is a share of; of stock, a share a day."""


@dataclass(frozen=True)
class Learnt:
    """The last twelve closed months before a month, of one lane of the books in money; nothing is known before one is closed."""

    money: Money
    month: int
    lane: int

    @property
    def first(self) -> int:
        """The month with which they begin."""
        return max(self.month - LOOK_BACK, 0)

    @property
    def days(self) -> slice:
        """The days that they look back on."""
        start = self.money.month_start
        return slice(int(start[self.first]), int(start[self.month]))

    def went(self, flow: str) -> float:
        """Sum a flow over these months."""
        return float(np.sum(self.money.flows[flow][self.days, self.lane]))

    def share(self, flow: str) -> float:
        """A line over what it follows; nothing where there was nothing to follow."""
        of = FOLLOWS[flow]
        base = float(self.money.closing(STOCK)[self.days, self.lane].sum()) if of == "stock" else self.went(of)
        return self.went(flow) / base if base > TINY else 0.0

    def a_day(self, flow: str, decided: float = 0.0) -> float:
        """A line that follows nothing, as a mean day of these months; what was decided once does not come again by itself."""
        return float(max(self.went(flow) - decided, 0.0) / max(self.days.stop - self.days.start, 1))

    @property
    def penalty(self) -> float | None:
        """Penalties a day over what was owed at list price, as months began and ended; None where next to nothing was."""
        months = np.arange(self.first, self.month)
        start = self.money.month_start
        owed = np.array([self._owed(int(day) - 1) for day in start[self.first : self.month + 1]])
        days = np.diff(start)[months]
        base = float(((owed[:-1] + owed[1:]) / 2 * days).sum()) if months.size else 0.0
        return float(self.went("penalties") / base) if base > TINY else None

    def _owed(self, day: int) -> float:
        """The backlog of an evening at list price; nothing before the first."""
        return float(np.sum(self.money.read.owed[day, :, self.lane])) if day >= 0 else 0.0


def usual_mix(due: Array) -> Array:
    """Each customer's share of a product's demand, (segments, products); of a product without any, that of all products."""
    by_product, whole = due.sum(axis=0), due.sum()
    everyone = due.sum(axis=1) / whole if whole > TINY else np.full(len(due), 1.0 / len(due))
    return np.asarray(np.where(by_product > TINY, due / np.maximum(by_product, TINY), everyone[:, None]))
