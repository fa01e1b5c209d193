"""Allocate stock that does not reach for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import numpy as np

from simulator.kernel import lanes
from simulator.kernel.messages import msg
from simulator.kernel.units import Array, quantity
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
        served, days = wanted.copy(), 16
        while len(product):  # few are open for so long that more days must be looked through
            due_since = lanes.running(view.due_lately(days)[:, :, product, lane])
            followed = (due_since[-1] >= wanted[:, product, lane]).all(axis=0) | (len(due_since) < days)
            mine = product[followed], lane[followed]
            served[:, *mine] = self._oldest_first(due_since[..., followed], wanted[:, *mine], available[mine])
            product, lane, days = product[~followed], lane[~followed], 4 * days
        return served

    @staticmethod
    def _oldest_first(due_since: Array, open_now: Array, available: Array) -> Array:
        """Serve cases by age: `due_since` adds demand up from today back to the oldest open order, (ages, segments, cases).

        What is open is the newest of what fell due. Differences of what is covered are exactly nothing beyond it, so that a
        case is served alike however far back it is followed.
        """
        covered = np.minimum(due_since, open_now)
        unserved = np.concatenate([(open_now - covered[-1])[None], np.diff(covered, axis=0, prepend=0.0)[::-1]])
        return lanes.oldest_first(unserved, available)
