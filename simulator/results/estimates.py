"""Estimates from several runs: means, differences on the same luck, their intervals, and a verdict in words."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from simulator.kernel.units import Array
from simulator.results.kpis import Measure
from simulator.theory.statistics import paired_share_ends, share_ends, student_quantile

CONFIDENCE = 0.95
ALIKE = ("not distinguishable", "no difference", "one replication says nothing of luck")
"""Verdicts by which two policies cannot be told from each other."""


@dataclass(frozen=True)
class Estimate:
    """A mean over replications with its interval, Student's unless it has ends of its own, and the range of single replications."""

    mean: float
    half: float
    p5: float
    p95: float
    ends: tuple[float, float] | None = None

    @property
    def low(self) -> float:
        """Lower end of the interval."""
        return self.ends[0] if self.ends else self.mean - self.half

    @property
    def high(self) -> float:
        """Upper end of the interval."""
        return self.ends[1] if self.ends else self.mean + self.half


def estimate(sample: Array) -> Estimate:
    """Mean, 95 % interval (Student t, ddof 1) and 5-95 % range of what was found in each replication."""
    found = sample[np.isfinite(sample)]
    if not len(found):
        return Estimate(*(float("nan"),) * 4)
    half = float("nan")
    if len(found) > 1:
        half = float(student_quantile(CONFIDENCE, len(found) - 1) * found.std(ddof=1) / np.sqrt(len(found)))
    low, high = np.quantile(found, [0.05, 0.95])
    return Estimate(float(found.mean()), half, float(low), float(high))


def level_of(measure: Measure, sample: Array) -> Estimate:
    """A measure of one policy; a probability, which runs answer by yes or no, has an interval that stays a probability."""
    found, own = sample[np.isfinite(sample)], estimate(sample)
    if measure.unit != "probability" or len(found) < 2:
        return own
    return replace(own, ends=share_ends(int(found.sum()), len(found)))


def gap_of(measure: Measure, sample: Array, reference: Array) -> Estimate:
    """The difference of one policy from another on the same luck."""
    gaps, own = sample - reference, estimate(sample - reference)
    found = gaps[np.isfinite(gaps)]
    if measure.unit != "probability" or len(found) < 2:
        return own
    return replace(own, ends=paired_share_ends(int((found > 0).sum()), int((found < 0).sum()), len(found)))


def verdict(measure: Measure, gap: Estimate) -> str:
    """Better, worse, higher, lower, or not distinguishable at 95 %."""
    if not np.isfinite(gap.mean):
        return "not measured"
    if not np.isfinite(gap.half):
        return "no difference" if gap.mean == 0 else "one replication says nothing of luck"
    if gap.low <= 0 <= gap.high:
        return "not distinguishable"
    up = gap.mean > 0
    if not measure.better:
        return "higher" if up else "lower"
    return "better" if up == (measure.better == "higher") else "worse"
