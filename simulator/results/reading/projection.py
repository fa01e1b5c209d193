"""Projection of an approved plan: expected stock, backlog and shipments, month by month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.kernel.units import Array
from simulator.planning.projection import rolled_forward

if TYPE_CHECKING:
    from simulator.results.reading.month import Month


@dataclass(frozen=True)
class Projection:
    """Stock of made products rolled forward from the morning of the supply plan: (months ahead, families).

    Stock is what is on hand and in process, less the backlog; what is below nothing is owed. Of the first
    month only what is still to be made and still to come counts.
    """

    opening: Array  # (families,)
    to_make: Array
    to_come: Array
    closing: Array
    shipments: Array  # what customers are to get, bought products included; of the first month all of it

    @property
    def openings(self) -> Array:
        """Opening of the first month, and of each later one the closing of the month before."""
        return np.concatenate([self.opening[None], self.closing[:-1]])

    @property
    def stock(self) -> Array:
        """Stock at the end of each month."""
        return np.maximum(self.closing, 0.0)

    @property
    def backlog(self) -> Array:
        """Backlog at the end of each month."""
        return np.maximum(-self.closing, 0.0)


def projected(month: Month) -> Projection:
    """Opening, and what is made, less what is asked for."""
    day = month.supply_day
    opening = month.by_family(np.where(month.is_made, month.position(day)[month.n.sold], 0.0))
    to_make = month.still(month.production)
    to_come = month.by_family(np.where(month.is_made, month.demand, 0.0))
    to_come[0] *= month.share_left
    closing = rolled_forward(opening, to_make + month.still_outside, to_come)
    return Projection(opening, to_make, to_come, closing, _shipments(month, closing, to_come))


def _shipments(month: Month, closing: Array, to_come: Array) -> Array:
    """The executable plan: what is asked for, and the backlog as far as supply allows; bought products as asked for."""
    start, day = month.span(month.index)[0], month.supply_day
    owed = np.maximum(-closing, 0.0)
    made = np.where(month.is_made, 1.0, 0.0)
    backlog = month.by_family(made * month.morning("backlog", day).sum(axis=0))
    before = np.concatenate([backlog[None], owed[:-1]])
    ahead = np.maximum(to_come + before - owed, 0.0)
    ahead[0] += month.by_family(made * month.flow("shipped", start, day))
    return np.asarray(ahead + month.by_family(np.where(month.is_made, 0.0, month.demand)))
