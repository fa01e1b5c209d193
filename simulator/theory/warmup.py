"""Propose a warm-up: the beginning of a run to leave out before anything is averaged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from simulator.theory.arrays import Array, as_floats, average

__all__ = [
    "Truncation",
    "moving_average_of_welch",
    "mser",
    "periods_outside",
    "settling_period",
    "smoothed",
    "without_season",
]

BATCH = 5


@dataclass(frozen=True)
class Truncation:
    """Hold the number of periods to leave out, and the statistic that says so."""

    periods: int
    found: bool  # False where the least lies in the second half: the series has not settled, run longer
    statistic: Array  # of leaving out 0, 1, 2 ... batches


def mser(series: ArrayLike, batch: int = BATCH) -> Truncation:
    """Leave out as many batches as make the mean of the rest most precise: MSER-5 where a batch is five periods.

    The statistic is sum (z - mean)^2 / m^2 over the m batches that remain; the earliest least counts. White (1997);
    White, Cobb & Spratt (2000).
    """
    values = as_floats(series)
    count = len(values) // batch
    if count < 4:
        raise ValueError(f"{len(values)} periods are fewer than four batches of {batch}")
    means = values[: count * batch].reshape(count, batch).mean(axis=1)
    statistic = np.array([np.square(means[d:] - means[d:].mean()).sum() / (count - d) ** 2 for d in range(count - 1)])
    tried = statistic[: max(count - BATCH, count // 2 + 1)]  # the last few batches alone are alike by chance
    least = int(np.argmin(tried))
    return Truncation(least * batch, least <= count // 2, statistic)


def moving_average_of_welch(values: ArrayLike, window: int) -> Array:
    """The mean over replications, smoothed: (replications, periods) to (periods - window). Welch (1983); Law (2015), 9.5.1."""
    return smoothed(average(values), window)


def smoothed(series: ArrayLike, window: int) -> Array:
    """Averages of a period and `window` to either side, (periods, ...) to (periods - window, ...); fewer near the beginning."""
    values = as_floats(series)
    if not 0 <= window <= len(values) // 4:
        raise ValueError(f"the window is {window} periods; it must be from 0 to a quarter of {len(values)}")
    running = np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])
    middle = np.arange(len(values) - window)
    half = np.minimum(middle, window)
    width = (2 * half + 1).reshape(-1, *[1] * (values.ndim - 1))
    return np.asarray((running[middle + half + 1] - running[middle - half]) / width)


def without_season(series: ArrayLike, season: int) -> Array:
    """The series less the season's usual shape, learnt from its last whole seasons and without their level.

    The first season teaches nothing, since that is where the start is felt.
    """
    values = as_floats(series)
    seasons = len(values) // season - 1
    if seasons < 1:
        raise ValueError(f"{len(values)} periods are fewer than two seasons of {season}")
    last = values[len(values) - seasons * season :].reshape(seasons, season)
    shape = np.roll((last - last.mean(axis=1, keepdims=True)).mean(axis=0), len(values) % season)
    return values - np.resize(shape, len(values))


def settling_period(smooth: ArrayLike, tolerance: float = 0.05) -> int | None:
    """The first period from which a smoothed curve stays within a share of its later level; None if it never does.

    The later level is the mean of the second half, in which the curve must have settled.
    """
    curve = as_floats(smooth)
    level = float(curve[len(curve) // 2 :].mean())
    first = periods_outside(curve - level, tolerance * abs(level))
    return first if first <= len(curve) // 2 else None


def periods_outside(curve: ArrayLike, width: float) -> int:
    """Count the periods until a curve stays within a distance of zero."""
    far = np.flatnonzero(np.abs(as_floats(curve)) > width)
    return int(far[-1]) + 1 if far.size else 0
