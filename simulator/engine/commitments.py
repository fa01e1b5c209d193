"""Must-meet quantities: what is fixed for each segment in families that are short, and what is kept for the first in rank."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simulator.kernel.units import Array, Mask

Serve = Callable[[Array, Array], Array]
"""Shares out what is there among claimants."""


class Commitments:
    """Units that each segment must still get of products that are short, until the month is over."""

    def __init__(self) -> None:
        self.month = -1
        self.left: Array = np.zeros(0)  # must be met, (segments, products, lanes)
        self.supply: Array = np.zeros(0)  # there and to come, (products, lanes)
        self.short: Mask = np.zeros(0, dtype=bool)

    def fix(self, month: int, wanted: Array, available: Array, short: Mask, serve: Serve) -> Array:
        """Fix the must-meet quantities of a month, (segments, products, lanes): the first in rank in full, then the next.

        `wanted` and `available` until the month is over; `short` marks (products, lanes).
        """
        met = serve(wanted, available)
        self.month, self.left, self.supply, self.short = month, met, available, short
        return met

    def within(self, month: int, wanted: Array, available: Array) -> Array:
        """Limit what segments may have today to what is not needed for those before them: what is to come may be for these."""
        if month != self.month:
            return wanted
        to_come, limited = np.maximum(self.supply - available, 0.0), wanted.copy()
        before = np.zeros_like(available)
        for segment, claim in enumerate(wanted):
            free = np.maximum(available - np.maximum(before - to_come, 0.0), 0.0)
            limited[segment] = np.where(self.short, np.minimum(claim, free), claim)
            before = before + np.maximum(self.left[segment], claim)
        return limited

    def take(self, month: int, shipped: Array) -> None:
        """Count off what was shipped."""
        if month == self.month:
            self.left = np.maximum(self.left - shipped, 0.0)
            self.supply = self.supply - shipped.sum(axis=0)
