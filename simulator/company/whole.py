"""Laws of chance in whole numbers: days and units that come whole, about the mean that was stated."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from simulator.company.laws import Law
from simulator.kernel.units import Array, Whole

GRID = (np.arange(4_000) + 0.5) / 4_000
"""Probabilities at which a law is tabled."""

KEPT = 0.005
"""How far the nearest whole numbers may be from the mean, in units or days; beyond, neighbours are mixed until it is right."""


class InWhole:
    """A law whose values are whole and not below a least one; its mean is the stated one, or the least where that is more.

    The nearest whole number keeps the mean of a law that spreads over several of them. Where it does not (a lead time of
    10.4 days that never varies, a size of two units give or take two), the values share the whole numbers beside them in
    the proportion that keeps it, and what is cut at the least is taken from above it.
    """

    def __init__(self, law: Law, least: int) -> None:
        self.law, self.least = law, least
        exact = law.quantile(GRID)
        wanted = max(float(exact.mean()), float(least))
        nearest = np.maximum(np.rint(exact), least)
        self.plain = abs(float(nearest.mean()) - wanted) <= KEPT
        table = nearest if self.plain else _mixed(exact, wanted, least)
        self.table: Whole = table.astype(np.int64)
        self.table.flags.writeable = False

    @property
    def mean(self) -> float:
        """Return the mean of a long record: the stated one, or the least value if that is more."""
        return max(self.law.mean, float(self.least))

    @property
    def sd(self) -> float:
        """The stated standard deviation, or that of the mixture where numbers had to be mixed."""
        return self.law.sd if self.plain else float(self.table.std())

    def quantile(self, u: Array) -> Whole:
        """The whole number at each probability."""
        if self.plain:
            return np.maximum(np.rint(self.law.quantile(u)), self.least).astype(np.int64)
        return self.table[(u * len(self.table)).astype(np.int64)]


def _mixed(exact: Array, wanted: float, least: int) -> Array:
    """Whole numbers beside the exact ones, smallest first, that have the mean wanted to within one in the table."""
    above = np.maximum(exact - least, 0.0)
    if wanted <= least:
        return np.full_like(exact, float(least))
    running = np.floor(np.cumsum(above * ((wanted - least) / above.mean())) + 0.5)
    return np.sort(least + np.diff(running, prepend=0.0))


@lru_cache(maxsize=4_096)
def in_whole(law: Law, least: int = 1) -> InWhole:
    """A law in whole numbers, worked out once however often it is asked for."""
    return InWhole(law, least)


def varies(law: Law) -> bool:
    """Tell if its whole days differ from one time to the next."""
    return in_whole(law).sd > 0


@lru_cache(maxsize=1_024)
def in_begun(law: Law) -> tuple[float, float]:
    """Mean and standard deviation of a law whose begun days count, at least one."""
    days = days_begun(law.quantile(GRID))
    return float(days.mean()), float(days.std())


def days_begun(days: Array) -> Array:
    """Days as they are counted where a begun one counts."""
    return np.maximum(np.ceil(days - 1e-9), 1.0)
