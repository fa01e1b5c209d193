"""Estimate the use of an item a day."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np

from simulator.kernel.lanes import total
from simulator.kernel.units import Array, quantity
from simulator.planning.rules import Usage
from simulator.world.view import View


class Planned(Usage, name="planned"):
    """Use of the demand plan, bills exploded."""

    looks_back: ClassVar[bool] = False

    days: Annotated[int, quantity("days", "ahead over which it is averaged", ge=1, le=365)] = 60

    def __call__(self, view: View) -> Array:
        """Use a day over the days ahead."""
        return view.usage(self.days)


class RecentMean(Usage, name="recent-mean"):
    """The mean of the last days that are over; whole weeks hold every weekday alike."""

    days: Annotated[int, quantity("days", "averaged, the last that is over included", ge=1, le=730)] = 56

    def __call__(self, view: View) -> Array:
        """Use a day over the days past."""
        used = view.used_lately(self.days)
        return np.asarray(total(used) / len(used))


class Smoothed(Usage, name="smoothed"):
    """Exponential smoothing of daily use, up to the last day that is over."""

    alpha: Annotated[float, quantity("share", "weight of the latest day", gt=0, le=1)] = 0.1

    def __call__(self, view: View) -> Array:
        """Weights fall by 1 - alpha a day; the oldest day carries what is left of them."""
        used = view.used_lately(1 + int(np.ceil(np.log(1e-12) / np.log(1 - self.alpha))) if self.alpha < 1 else 1)
        weight = self.alpha * np.power(1 - self.alpha, np.arange(len(used))[::-1])
        weight[0] = 1 - weight[1:].sum()
        return total(used * weight[:, None, None])


class Autoregressive(Usage, name="autoregressive"):
    """Least-error forecast of a demand that remembers the day before (Lee, Padmanabhan & Whang 1997)."""

    mean: Annotated[float, quantity("units/day", "long-run mean", ge=0)]
    correlation: Annotated[float, quantity("correlation", "of one day with the next", gt=-1, lt=1)]
    days: Annotated[int, quantity("days", "covered by an order", ge=1, le=365)] = 1

    def __call__(self, view: View) -> Array:
        """The mean over the days covered, each nearer to the long run than the one before."""
        weight = np.power(self.correlation, np.arange(1, self.days + 1)).sum() / self.days
        return np.asarray(self.mean + weight * (view.used_lately(1)[-1] - self.mean))
