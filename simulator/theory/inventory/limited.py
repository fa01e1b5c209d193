"""Limited supply: a daily capacity, and one stock for customers who are ranked."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from simulator.theory.arrays import Array, as_floats
from simulator.theory.inventory.loss import normal_shortage

__all__ = ["CapacityPerformance", "RankedShortage", "capacitated_base_stock", "ranked_classes"]

LARGEST_CHAIN = 20_000_000  # links of the shortfall's states; more means that capacity hardly exceeds demand


@dataclass(frozen=True)
class CapacityPerformance:
    """Hold the performance of a base stock under a daily capacity: share served, units at day's end, shortfall probabilities."""

    fill_rate: float
    on_hand: float
    backlog: float
    shortfall: Array


@dataclass(frozen=True)
class RankedShortage:
    """Hold the shortage of ranked classes served from one stock in one period, the first in rank first."""

    fill_rate: Array
    shortage: Array


def _shortfall(probabilities: Array, capacity: int) -> Array:
    """Long-run probabilities of what production still lags behind the base stock, V' = max(0, V + D - capacity).

    Demand that comes in whole lots moves in steps of their common measure. The chain is cut where less than 1e-14 of it is
    left: its tail falls by exp(-theta) a step, where E exp(theta (D - capacity)) = 1 (Lundberg 1926).
    """
    support = np.flatnonzero(probabilities)
    step = int(np.gcd.reduce([*support.tolist(), capacity]))
    found = _in_steps(probabilities[::step], capacity // step)
    shortfall = np.zeros(step * (found.size - 1) + 1)
    shortfall[::step] = found
    return shortfall


def _in_steps(probabilities: Array, capacity: int) -> Array:
    """Solve the chain of shortfalls as a band: only states within reach of a day's demand and capacity are linked."""
    from scipy.linalg import solve_banded

    most = int(np.flatnonzero(probabilities)[-1])
    up = most - capacity
    if up <= 0:
        return np.ones(1)
    tail = np.log(1e14) / _decay(probabilities, capacity)
    band = most + 1
    if not tail < LARGEST_CHAIN / band:
        raise ValueError(
            f"capacity {capacity} hardly exceeds mean demand: the shortfall spreads over {tail:,.0f} steps and more"
        )
    states = int(tail) + 2 * band
    # p(v) = sum of p(v + capacity - d) P(D = d) for v above nothing; p(0) is set to 1, and the sum to 1 afterwards.
    rows = np.zeros((band, states))
    rows[:] = -probabilities[:band][:, None]  # on the diagonal d - capacity below the main one
    rows[capacity] += 1.0
    right = np.zeros(states)
    right[:up] = probabilities[capacity + 1 : band]
    share = np.maximum(np.concatenate([[1.0], solve_banded((up, capacity), rows, right)]), 0.0)
    return np.asarray(share / share.sum())


def _decay(probabilities: Array, capacity: int) -> float:
    """The theta above nothing at which E exp(theta (D - capacity)) = 1, by halving."""
    moves, chances = np.arange(probabilities.size) - capacity, probabilities
    moves, chances = moves[chances > 0], chances[chances > 0]

    def grows(theta: float) -> bool:
        exponents = np.log(chances) + theta * moves
        return bool(np.logaddexp.reduce(exponents) > 0)

    low, high = 0.0, 1.0
    while not grows(high):
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if grows(middle) else (middle, high)
    return high


def capacitated_base_stock(
    order_up_to: int, capacity: int, probabilities: ArrayLike, days_at_risk: int = 1
) -> CapacityPerformance:
    """Service and stock when at most `capacity` is made a day to bring the position back to the base stock.

    Demand of a day has these probabilities of 0, 1, 2, ...; what is made overnight is on the shelf in the morning when
    `days_at_risk` is 1. The shortfall below S is a Markov chain; stock is S less the shortfall less the demand at risk.
    Federgruen & Zipkin (1986); Tayur (1993).
    """
    demand = as_floats(probabilities)
    demand = demand / demand.sum()
    mean = float((np.arange(demand.size) * demand).sum())
    if mean > capacity * (1.0 - 1e-9):
        raise ValueError(f"capacity {capacity} a day does not exceed the mean demand of {mean:g}")
    shortfall = _shortfall(demand, capacity)
    before = shortfall  # what lacks from the base stock just after the receipt, then at that day's end
    for _ in range(days_at_risk - 1):
        before = np.convolve(before, demand)
    lacking = np.convolve(before, demand)
    owed = float((np.maximum(np.arange(lacking.size) - order_up_to, 0) * lacking).sum())
    owed_before = float((np.maximum(np.arange(before.size) - order_up_to, 0) * before).sum())
    held = float((np.maximum(order_up_to - np.arange(lacking.size), 0) * lacking).sum())
    return CapacityPerformance(1.0 - (owed - owed_before) / mean, held, owed, shortfall)


def ranked_classes(stock: ArrayLike, means: Sequence[ArrayLike], sds: Sequence[ArrayLike]) -> RankedShortage:
    """Share of each class's demand served when the first class takes first, demands normal and independent.

    What the first m classes lack together is (their joint demand - stock)^+, so a class lacks the difference of two
    normal losses. Exact for demand that is not negative; one row a class.
    """
    lacking, last, mean, variance = [], as_floats(0.0), as_floats(0.0), as_floats(0.0)
    for class_mean, class_sd in zip(means, sds, strict=True):
        mean, variance = mean + as_floats(class_mean), variance + as_floats(class_sd) ** 2
        together = normal_shortage(stock, mean, np.sqrt(variance))
        lacking.append(together - last)
        last = together
    shortage = np.stack(np.broadcast_arrays(*lacking))
    demanded = np.stack(np.broadcast_arrays(*(as_floats(m) + np.zeros_like(last) for m in means)))
    return RankedShortage(1.0 - shortage / demanded, shortage)
