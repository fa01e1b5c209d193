"""Base stock when the supplier is out now and then (Snyder & Shen 2019, chapter 9)."""

from __future__ import annotations

import numpy as np

from simulator.kernel.units import Array


def days_out(disruption: float, recovery: float, most: int = 10_000) -> Array:
    """pi_n: share of days that are the n-th in a row on which the supplier is out; n = 0 is in business.

    Each day it goes out with probability alpha, `disruption`, and comes back with beta, `recovery`.
    """
    n = np.arange(1, most)
    out = disruption * recovery / (disruption + recovery) * (1 - recovery) ** (n - 1)
    return np.concatenate([[recovery / (disruption + recovery)], out])


def disrupted_base_stock_cost(
    level: float, demand: float, holding: float, stockout: float, disruption: float, recovery: float
) -> float:
    """Cost a day of base stock S: sum of pi_n [h (S - (n+1) d)+ + p ((n+1) d - S)+]; what is ordered while well is there at once."""
    share = days_out(disruption, recovery)
    left = level - demand * np.arange(1, len(share) + 1)
    return float((share * (holding * np.maximum(left, 0.0) + stockout * np.maximum(-left, 0.0))).sum())


def disrupted_base_stock(
    demand: float, holding: float, stockout: float, disruption: float, recovery: float
) -> tuple[float, float]:
    """The least S that covers p / (p + h) of the days, a whole number of days' demand, and its cost a day."""
    covered = np.cumsum(days_out(disruption, recovery))
    level = demand * (1 + int(np.searchsorted(covered, stockout / (stockout + holding))))
    return level, disrupted_base_stock_cost(level, demand, holding, stockout, disruption, recovery)
