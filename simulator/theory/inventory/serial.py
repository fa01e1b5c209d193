"""Stages in a row: least-cost echelon levels when each stage orders from the one above it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulator.theory.arrays import Array
from simulator.theory.inventory.loss import normal_shortage

__all__ = ["SerialPolicy", "best_serial"]

REACH = 8.0  # deviations of demand beyond which nothing is felt
FINENESS = 100  # grid points in a deviation of the shortest lead time's demand


@dataclass(frozen=True)
class SerialPolicy:
    """Echelon levels to order up to, the customer's stage first, and their cost a period."""

    echelon_order_up_to: tuple[float, ...]
    cost: float

    @property
    def local_order_up_to(self) -> tuple[float, ...]:
        """Turn echelon levels into each stage's own level: the echelon's level less that of the next stage.

        A stage can use no more than all above it let through, hence the lowest level from it upwards.
        """
        usable = np.minimum.accumulate(self.echelon_order_up_to[::-1])[::-1]
        return tuple(float(level) for level in np.diff(usable, prepend=0.0))


def _lowest(grid: Array, cost: Array) -> tuple[float, float]:
    """Place and value of the lowest point, by a parabola through the three lowest grid points."""
    i = int(np.argmin(cost))
    left, here, right = cost[i - 1 : i + 2]
    bend = left - 2.0 * here + right
    shift = 0.5 * (left - right) / bend
    return float(grid[i] + shift * (grid[1] - grid[0])), float(here - 0.125 * (left - right) ** 2 / bend)


def _over_lead_time(grid: Array, cost: Array, mean: float, sd: float) -> tuple[Array, Array]:
    """Expected cost after the demand of a lead time, on the part of the grid where that demand is inside it."""
    if sd == 0.0:
        return grid + mean, cost
    step = grid[1] - grid[0]
    half = math.ceil(REACH * sd / step)
    weight = np.exp(-0.5 * (np.arange(-half, half + 1) * step / sd) ** 2)
    length = 1 << (cost.size + 2 * half).bit_length()
    folded = np.fft.irfft(np.fft.rfft(cost, length) * np.fft.rfft(weight / weight.sum(), length), length)
    return grid[half:-half] + mean, folded[2 * half : cost.size]


def best_serial(
    mean: float, sd: float, lead_times: Sequence[float], echelon_holding: Sequence[float], backlog: float
) -> SerialPolicy:
    """Least-cost echelon base stocks of stages in a row, normal demand, the customer's stage first.

    Stage j pays its echelon rate on all that is on hand at j, below it and on the way between them (stock in transit is
    included), and the customer's stage pays `backlog` a unit owed. Stage by stage: C_j(y) = E C^_j(y - D(L_j)),
    C^_{j+1}(x) = h_{j+1} x + C_j(min(S_j, x)). Clark & Scarf (1960); Chen & Zheng (1994); Snyder & Shen (2019), 6.2.
    Only the first stage has a kink, and it is exact; the others are convolved on a grid.
    """
    means, sds = [mean * time for time in lead_times], [sd * math.sqrt(time) for time in lead_times]
    wide = REACH * (math.sqrt(sum(s * s for s in sds)) + sum(sds[1:]))
    step = min(s for s in sds if s > 0.0) / FINENESS
    grid = np.arange(means[0] - wide - sum(means[1:]), means[0] + wide + sum(means[1:]), step)
    short = normal_shortage(grid, means[0], sds[0])
    cost = echelon_holding[0] * (grid - means[0]) + (backlog + sum(echelon_holding)) * short
    level, least = _lowest(grid, cost)
    levels = [level]
    for held, mean_j, sd_j in zip(echelon_holding[1:], means[1:], sds[1:], strict=True):
        passed_on = held * grid + np.where(grid <= level, cost, least)
        grid, cost = _over_lead_time(grid, passed_on, mean_j, sd_j)
        level, least = _lowest(grid, cost)
        levels.append(level)
    return SerialPolicy(tuple(levels), least)
