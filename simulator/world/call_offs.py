"""Call-offs of frame contracts: those that slip, learnt from the months that are over."""

from __future__ import annotations

import numpy as np

from simulator.kernel.lanes import TINY, total
from simulator.kernel.units import Array


class CallOffs:
    """The record of what was to be called off and was not: sums over past months, (products, lanes) each."""

    def __init__(self, products: int, lanes: int) -> None:
        self.agreed, self.slipped, self.open, self.stayed = np.zeros((4, products, lanes))
        self._of_month, self._at_cycle = np.zeros((2, products, lanes))

    def turn_month(self, held: Array, month: int) -> None:
        """Note on a month's first morning what of the last one was not called off; `held` is by month agreed."""
        if month > 1:  # what was agreed for the first month was not known on its first morning
            self.agreed += self._of_month
            self.slipped += np.maximum(held[month - 1], 0.0)
            self.open += self._at_cycle
            self.stayed += np.minimum(np.maximum(total(held[:month]), 0.0), self._at_cycle)
            self._at_cycle[...] = 0.0
        self._of_month = np.maximum(held[month], 0.0)

    def hold_cycle(self, held: Array) -> None:
        """Note what is to be called off in a month and still open when its cycle is held, (products, lanes)."""
        self._at_cycle = held.copy()

    def expected(self, held: Array) -> Array:
        """Move what is held under frames to the months in which it will fall due, (months ahead, products, lanes).

        Of this month's the share that used to stay open at the month's end, of the others the share that used to slip, comes a
        month later, and may slip again.
        """
        stays = self.stayed / np.maximum(self.open, TINY)
        slips = np.minimum(
            self.slipped / np.maximum(self.agreed, TINY), 1.0
        )  # what is signed within the month slips, too
        due, late = np.empty_like(held), np.zeros_like(held[0])
        for month, agreed in enumerate(held):
            late_then = (agreed + late) * (slips if month else stays)
            due[month], late = agreed + late - late_then, late_then
        return due
