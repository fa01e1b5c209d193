"""Statistical forecasts of monthly demand, from rates per working day; every one starts with whatever past there is."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from simulator.lanes import TINY
from simulator.plans import HORIZON
from simulator.policies.rules import Forecast
from simulator.units import Array, quantity
from simulator.view import Past

Share = Annotated[float, quantity("share", "smoothing constant", gt=0, le=1)]


def flat(rate: Array) -> Array:
    """The same rate in every month ahead, (products, lanes) -> (months ahead, products, lanes)."""
    return np.repeat(rate[None], HORIZON, axis=0)


def nothing(past: Past) -> Array:
    """Without a past there is nothing to go by."""
    return np.zeros((HORIZON, *past.rates.shape[1:]))


class Naive(Forecast, name="naive"):
    """Next month will be like last month; with `seasonal`, like the same month a year ago."""

    seasonal: Annotated[bool, quantity("yes/no", "repeat the same month of last year, once there is one")] = False

    def __call__(self, past: Past) -> Array:
        """Repeat the last month, or the last year."""
        if not len(past.rates):
            return nothing(past)
        if self.seasonal and len(past.rates) >= HORIZON:
            return past.monthly(past.rates[-HORIZON:])
        return past.monthly(flat(past.rates[-1]))


class MovingAverage(Forecast, name="moving-average"):
    """The mean of the last months."""

    months: Annotated[int, quantity("months", "how many months are averaged", ge=1, le=36)] = 3

    def __call__(self, past: Past) -> Array:
        """Carry the mean forward."""
        if not len(past.rates):
            return nothing(past)
        recent = past.rates[-self.months :]
        return past.monthly(flat(np.add.reduce(recent, axis=0) / len(recent)))


class SimpleSmoothing(Forecast, name="simple-smoothing"):
    """Exponential smoothing of the level (Brown 1959)."""

    level: Share = 0.3

    def __call__(self, past: Past) -> Array:
        """Carry the smoothed level forward."""
        if not len(past.rates):
            return nothing(past)
        level = past.rates[0]
        for rate in past.rates[1:]:
            level = level + self.level * (rate - level)
        return past.monthly(flat(level))


class Holt(Forecast, name="holt"):
    """Exponential smoothing of level and trend (Holt 1957), the trend damped month by month (Gardner & McKenzie 1985)."""

    level: Share = 0.3
    trend: Share = 0.1
    damping: Annotated[float, quantity("share", "of the trend that is left a month later; 1 is not damped", gt=0, le=1)] = 0.9

    def __call__(self, past: Past) -> Array:
        """Carry level and damped trend forward; demand is never negative."""
        if not len(past.rates):
            return nothing(past)
        level, trend = past.rates[0], np.zeros_like(past.rates[0])
        for rate in past.rates[1:]:
            expected = level + self.damping * trend
            before, level = level, expected + self.level * (rate - expected)
            trend = self.damping * trend + self.trend * (level - before - self.damping * trend)
        return past.monthly(np.maximum(level + damped(self.damping)[:, None, None] * trend, 0.0))


class HoltWinters(Forecast, name="holt-winters"):
    """Level, damped trend and multiplicative season (Winters 1960; Gardner & McKenzie 1985); Holt until a year is known."""

    level: Share = 0.2
    trend: Share = 0.05
    season: Share = 0.2
    damping: Annotated[float, quantity("share", "of the trend that is left a month later; 1 is not damped", gt=0, le=1)] = 0.9

    def __call__(self, past: Past) -> Array:
        """Carry level and damped trend forward and put the season back on; demand is never negative."""
        if len(past.rates) < 12:
            return Holt(level=self.level, trend=self.trend, damping=self.damping)(past)
        first_year = np.add.reduce(past.rates[:12], axis=0) / 12
        season = np.empty((12, *first_year.shape))
        season[past.season[:12]] = np.where(first_year > TINY, past.rates[:12] / np.maximum(first_year, TINY), 1.0)
        level, trend = first_year, np.zeros_like(first_year)
        for rate, month in zip(past.rates[12:], past.season[12:], strict=True):
            expected, now = level + self.damping * trend, season[month]
            seen = np.where(now > 0.05, rate / np.maximum(now, 0.05), expected)  # a dead month says nothing of the level
            before, level = level, expected + self.level * (seen - expected)
            trend = self.damping * trend + self.trend * (level - before - self.damping * trend)
            season[month] = now + self.season * (np.where(level > TINY, rate / np.maximum(level, TINY), 1.0) - now)
        ahead = np.maximum(level + damped(self.damping)[:, None, None] * trend, 0.0)
        return past.monthly(ahead * np.maximum(season[past.season_ahead], 0.0))


class Optimistic(Forecast, name="optimistic"):
    """A sales team's number: the recent months, and then some."""

    months: Annotated[int, quantity("months", "how many months are averaged", ge=1, le=36)] = 3
    optimism: Annotated[float, quantity("share", "by which the number exceeds the average", ge=-0.9, le=5)] = 0.15

    def __call__(self, past: Past) -> Array:
        """The mean of the last months, raised by the optimism."""
        return (1 + self.optimism) * MovingAverage(months=self.months)(past)


def damped(damping: float) -> Array:
    """Sums of the first powers of the damping: how many trends ahead each month is."""
    return np.cumsum(np.power(damping, np.arange(1, HORIZON + 1)))
