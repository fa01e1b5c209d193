"""When the start is over: how much of a run's beginning to leave out before anything is averaged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from simulator.theory.arrays import Array, as_floats, average

__all__ = ["Truncation", "moving_average_of_welch", "mser", "settled", "without_season"]

BATCH = 5


@dataclass(frozen=True)
class Truncation:
    """How many periods to leave out, and the statistic that says so."""

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
    """The mean over replications, smoothed by 2 w + 1 periods: (replications, periods) to (periods - w).

    Near the beginning the window shrinks so that it stays centred. Welch (1983); Law (2015), section 9.5.1.
    """
    mean = average(values)
    if not 0 <= window <= len(mean) // 4:
        raise ValueError(f"the window is {window} periods; it must be from 0 to a quarter of {len(mean)}")
    running = np.concatenate([[0.0], np.cumsum(mean)])
    middle = np.arange(len(mean) - window)
    half = np.minimum(middle, window)
    return np.asarray((running[middle + half + 1] - running[middle - half]) / (2 * half + 1))


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


def settled(smooth: ArrayLike, tolerance: float = 0.05) -> int | None:
    """The first period from which a smoothed curve stays within a share of its later level; None if it never does.

    The later level is that of the second half, the share is of the largest distance from it or of the level itself.
    """
    curve = as_floats(smooth)
    level = float(curve[len(curve) // 2 :].mean())
    outside = np.flatnonzero(np.abs(curve - level) > tolerance * max(abs(level), np.finfo(float).tiny))
    first = int(outside[-1]) + 1 if outside.size else 0
    return first if first <= len(curve) // 2 else None
