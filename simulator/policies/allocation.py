"""Who gets the stock when it does not reach for all."""

from __future__ import annotations

import numpy as np

from simulator import lanes
from simulator.policies.rules import Allocation
from simulator.units import Array, Index
from simulator.view import View


class Ranked(Allocation, name="ranked"):
    """The first segment in full, then the next."""

    def __call__(self, view: View, wanted: Array, available: Array) -> Array:
        """Serve segments by rank."""
        return lanes.ranked(wanted, available)


class Proportional(Allocation, name="proportional"):
    """All segments in the same proportion."""

    def __call__(self, view: View, wanted: Array, available: Array) -> Array:
        """Serve each segment the same share of what it wants."""
        return lanes.ration(wanted, available)


class FirstCome(Allocation, name="first-come"):
    """The longest wait first, whoever waits; orders due on the same day in proportion."""

    def __call__(self, view: View, wanted: Array, available: Array) -> Array:
        """Serve by due date; sorted out only where stock is short."""
        product, lane = np.nonzero(lanes.total(wanted) > available)
        if len(wanted) == 1 or not len(product):
            return lanes.ranked(wanted, available)
        served = wanted.copy()
        open_now = wanted[:, product, lane]
        recent = self._recent(view, open_now, product, lane)
        newer = np.cumsum(recent, axis=0) - recent
        unserved = np.clip(
            open_now - newer, 0.0, recent
        )  # by age, today first: what is open is the newest of what was due
        unserved[-1] = np.maximum(open_now - newer[-1], 0.0)  # the last age holds all that is older
        served[:, product, lane] = lanes.oldest_first(unserved[::-1], available[product, lane])
        return served

    @staticmethod
    def _recent(view: View, open_now: Array, product: Index, lane: Index) -> Array:
        """Orders by day due, today first, as far back as any of what is open: (ages, segments, cases)."""
        days = 16
        while True:
            recent = view.due_lately(days)[:, :, product, lane]
            if len(recent) < days or (recent.sum(axis=0) >= open_now).all():
                return recent
            days *= 4
