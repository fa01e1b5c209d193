"""Allocate stock that does not reach for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import numpy as np

from simulator.kernel import lanes
from simulator.kernel.messages import msg
from simulator.kernel.units import Array, Whole, quantity
from simulator.planning.fit import Misfits
from simulator.planning.rules import Allocation
from simulator.world.view import View

if TYPE_CHECKING:
    from simulator.company import Company


class Ranked(Allocation, name="ranked"):
    """The first segment in full, then the next."""

    by_rank = True

    def __call__(self, view: View, wanted: Array, available: Array) -> Array:
        """Serve segments by rank."""
        return lanes.ranked(wanted, available)


class Reserved(Allocation, name="reserved"):
    """The first segment in full, then the next, but a part of the safety stock is kept for the first in rank (Veinott 1965).

    Segments below them are served from what lies above this critical level. When safety stock is released in a shortage,
    nothing is kept back.
    """

    by_rank = True

    ranks: Annotated[int, quantity("segments", "first in rank that may have the reserve", ge=1)] = 1
    share: Annotated[
        float, quantity("share", "of the safety stock that is reserved for them", by_lane=True, gt=0, le=1)
    ] = 0.25

    def asks_for_plans(self) -> bool:
        """Safety stock is a plan."""
        return True

    def misfits(self, company: Company, mine: Sequence[str]) -> Misfits:
        """Somebody must rank below those for whom stock is kept."""
        if self.ranks >= len(company.segments):
            yield msg(
                "{entry} is {n}; it must be less than the number of segments of the company, {segments}, "
                "or stock would be kept back from nobody",
                entry="ranks",
                n=self.ranks,
                segments=len(company.segments),
            )

    def __call__(self, view: View, wanted: Array, available: Array) -> Array:
        """Serve the first ranks from all stock, the others from what the first leave above the reserve."""
        first = lanes.ranked(wanted[: self.ranks], available)
        reserve = self.share * np.maximum(view.safety_stock[view.network.sold], 0.0)
        left = np.maximum(available - lanes.total(first) - reserve, 0.0)
        return np.concatenate([first, lanes.ranked(wanted[self.ranks :], left)])


class Proportional(Allocation, name="proportional"):
    """All segments in the same proportion."""

    def __call__(self, view: View, wanted: Array, available: Array) -> Array:
        """Serve each segment the same share of what it wants."""
        return lanes.ration(wanted, available)


class FirstCome(Allocation, name="first-come"):
    """The longest wait first, over all segments; orders due on the same day in proportion."""

    def __call__(self, view: View, wanted: Array, available: Array) -> Array:
        """Serve by due date; sorted out only where stock is short."""
        product, lane = np.nonzero(lanes.total(wanted) > available)
        if len(wanted) == 1 or not len(product):
            return lanes.ranked(wanted, available)
        served = wanted.copy()
        open_now = wanted[:, product, lane]
        # What is open is the newest of what fell due. Differences of what is covered are exactly nothing beyond it,
        # so that a lane is served alike however far back the lanes beside it must be followed.
        covered = np.minimum(self._due_since(view, open_now, product, lane), open_now)
        unserved = np.concatenate([(open_now - covered[-1])[None], np.diff(covered, axis=0, prepend=0.0)[::-1]])
        served[:, product, lane] = lanes.oldest_first(unserved, available[product, lane])
        return served

    @staticmethod
    def _due_since(view: View, open_now: Array, product: Whole, lane: Whole) -> Array:
        """Sum demand due since each day, from today back to the oldest open order: (ages, segments, cases)."""
        days = 16
        while True:
            recent = np.cumsum(view.due_lately(days)[:, :, product, lane], axis=0)
            if len(recent) < days or (recent[-1] >= open_now).all():
                return recent
            days *= 4
