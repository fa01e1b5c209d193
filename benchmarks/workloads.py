"""The supply chains every simulator in the table has to run, and the fill rates they must find.

Conventions: customers order during the day; each stage orders at the end of the day; an order released at the end
of day t with lead time L is on the shelf at the start of day t + L, so L days of demand are at risk. Old backlog is
served first, and short orders are shipped in part. Fill rate = units served from stock the same day / units demanded.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import erf, exp, lgamma, log, pi, sqrt
from time import process_time
from typing import NamedTuple

import numpy as np


class Outcome(NamedTuple):
    """The finding of a simulator and the time it took."""

    fill_rate: float
    standard_error: float
    seconds: float
    node_days: int


@dataclass(frozen=True)
class Workload:
    """Stages in series under daily base-stock control; the first one serves the customers."""

    name: str
    title: str
    demand: str
    mean: float
    sd: float
    base_stock: tuple[float, ...]
    lead_time: tuple[int, ...]
    exact_fill_rate: Callable[["Workload"], float]
    days: int = 360
    # Days left out of the fill rate: a run starts with full shelves and nothing on order.
    warm_up: int = 30

    def draw(self, rng: np.random.Generator) -> float:
        """Customer demand of one day."""
        return rng.poisson(self.mean) if self.demand == "poisson" else max(0.0, rng.normal(self.mean, self.sd))

    def node_days(self, replications: int) -> int:
        """The work done: stages x days x replications, warm-up included."""
        return len(self.base_stock) * self.days * replications


def poisson_loss(mean: float, level: int) -> float:
    """Units by which Poisson demand is expected to exceed a stock level."""
    below = sum((level - d) * exp(d * log(mean) - mean - lgamma(d + 1)) for d in range(level))
    return mean - level + below


def one_stage_poisson(workload: Workload) -> float:
    """Fill rate of an order-up-to level: backlog after L days of demand less backlog after L - 1, per day's demand."""
    (level,), (days,), mean = workload.base_stock, workload.lead_time, workload.mean
    return 1 - (poisson_loss(mean * days, int(level)) - poisson_loss(mean * (days - 1), int(level))) / mean


def normal_loss(k: np.ndarray) -> np.ndarray:
    """Standard normal loss function, G(k) = phi(k) - k (1 - Phi(k))."""
    return np.exp(-k * k / 2) / sqrt(2 * pi) - k * (1 - np.vectorize(erf)(k / sqrt(2))) / 2


def normal_grid(mean: float, sd: float, points: int = 601) -> tuple[np.ndarray, np.ndarray]:
    """Points of a normal distribution out to eight deviations, and their weights (trapezoid)."""
    k = np.linspace(-8, 8, points)
    weight = np.exp(-k * k / 2)
    return mean + sd * k, weight / weight.sum()


def three_stages_normal(workload: Workload) -> float:
    """Fill rate of stage 1 when each stage's backlog delays the one it supplies (integrated numerically).

    Backlogs: B3 = (D3 - S3)+, B2 = (B3 + D2 - S2)+. Stage 1 opens the day with (S1 - B2)+ on the shelf if its lead
    time is one day, and what it cannot serve is the day's demand beyond that.
    """
    (s1, s2, s3), (l1, l2, l3), mean, sd = workload.base_stock, workload.lead_time, workload.mean, workload.sd
    assert l1 == 1, "with a longer lead time the shelf also depends on the demand of the days before"
    third, third_weight = normal_grid(mean * l3, sd * sqrt(l3))
    second, second_weight = normal_grid(mean * l2, sd * sqrt(l2))
    backlog = np.maximum(np.maximum(third - s3, 0)[:, None] + second - s2, 0)
    shelf = np.maximum(s1 - backlog, 0)
    short = sd * normal_loss((shelf - mean) / sd)
    return 1 - float(third_weight @ short @ second_weight) / mean


WORKLOADS = {
    "w1": Workload(
        name="w1",
        title="one stock, Poisson(20) a day, lead time 7 days, order-up-to 152",
        demand="poisson",
        mean=20,
        sd=sqrt(20),
        # The smallest level with a fill rate of at least .95.
        base_stock=(152,),
        lead_time=(7,),
        exact_fill_rate=one_stage_poisson,
    ),
    "w2": Workload(
        name="w2",
        title="three stages, N(5,1) a day, lead times 1, 1, 2 days, local base stock 6.49, 5.53, 10.69",
        demand="normal",
        mean=5,
        sd=1,
        # Clark-Scarf echelon levels 6.49, 12.02, 22.71 (Snyder & Shen, example 6.1), as local levels.
        base_stock=(6.49, 5.53, 10.69),
        lead_time=(1, 1, 2),
        exact_fill_rate=three_stages_normal,
    ),
}


def timed(workload: Workload, replications: int, fill_rate: Callable[[int], float]) -> Outcome:
    """Run one replication after the other and keep their fill rates and the time they took."""
    start = process_time()
    rates = [fill_rate(replication) for replication in range(replications)]
    seconds = process_time() - start
    return Outcome(*mean_and_error(rates), seconds, workload.node_days(replications))


def mean_and_error(rates: list[float] | np.ndarray) -> tuple[float, float]:
    """Mean over replications and its standard error."""
    return float(np.mean(rates)), float(np.std(rates, ddof=1) / sqrt(len(rates)))
