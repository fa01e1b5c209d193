"""Estimates of measures and of differences on the same luck, and the verdict on a difference."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from simulator.kernel.units import Array
from simulator.results.kpis import Measure
from simulator.theory.statistics import (
    mean_p_value,
    paired_share_ends,
    paired_share_p_value,
    share_ends,
    student_quantile,
)

CONFIDENCE = 0.95
UNMEASURED, EQUAL, UNTOLD, SMALL = "not measured", "equal", "not distinguishable", "too small to matter"
ALONE = "one replication says nothing of luck"
ALIKE = (EQUAL, UNTOLD, SMALL, ALONE)
"""Verdicts by which no difference is sure and large enough to matter."""

PERHAPS = {word: f"perhaps {word}" for word in ("better", "worse", "higher", "lower")}
"""Weak verdicts: told by their own interval, but not together with all others of their table."""


@dataclass(frozen=True)
class Estimate:
    """A mean over replications with its interval, Student's unless it has ends of its own, and the range of single replications."""

    mean: float
    half: float
    p5: float
    p95: float
    ends: tuple[float, float] | None = None
    p_value: float | None = None  # of a difference: that there is none
    equal: bool = False  # a difference of nothing in every replication

    @property
    def low(self) -> float:
        """Lower end of the interval."""
        return self.ends[0] if self.ends else self.mean - self.half

    @property
    def high(self) -> float:
        """Upper end of the interval."""
        return self.ends[1] if self.ends else self.mean + self.half

    @property
    def is_told(self) -> bool:
        """True if the interval leaves 0 out."""
        return bool(np.isfinite(self.half)) and not self.low <= 0 <= self.high


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


def moved_together(came: Array, told: Array) -> Array:
    """Move single runs as a whole to the mean that is told: how they spread is what came."""
    moved: Array = came + float(np.nanmean(told - came)) if np.isfinite(came).any() else came
    return moved


def level_of(measure: Measure, sample: Array) -> Estimate:
    """A measure of one policy; a probability, which runs answer by yes or no, has an interval that stays a probability."""
    found, own = sample[np.isfinite(sample)], estimate(sample)
    if measure.unit != "probability" or len(found) < 2:
        return own
    return replace(own, ends=share_ends(int(found.sum()), len(found)))


def gap_of(measure: Measure, sample: Array, reference: Array) -> Estimate:
    """The difference of one policy from another on the same luck, with the p-value that goes with its interval."""
    gaps = sample - reference
    found, own = gaps[np.isfinite(gaps)], estimate(gaps)
    if len(found) and not found.any():
        own = replace(own, equal=True)
    if len(found) < 2:
        return own
    if measure.unit != "probability":
        return replace(own, p_value=None if own.equal else mean_p_value(found))
    more, less = int((found > 0).sum()), int((found < 0).sum())
    p_value = None if own.equal else paired_share_p_value(more, less, len(found))
    return replace(own, ends=paired_share_ends(more, less, len(found)), p_value=p_value)


def verdict(measure: Measure, gap: Estimate, smallest: float = 0.0, survives: bool = True) -> str:
    """Better, worse, higher or lower: told at 95 %, more than the smallest difference that matters, and together with its table.

    What does not survive together with all other differences of its table is a weak mark, perhaps better. A difference is too small
    to matter if it is told and no more than the smallest amount, or if all of its interval is within that.
    """
    if not np.isfinite(gap.mean):
        return UNMEASURED
    if gap.equal:
        return EQUAL
    if not np.isfinite(gap.half):
        return ALONE
    if smallest and (max(abs(gap.low), abs(gap.high)) <= smallest or (gap.is_told and abs(gap.mean) <= smallest)):
        return SMALL
    if not gap.is_told:
        return UNTOLD
    up = gap.mean > 0
    word = "higher" if up else "lower"
    if measure.better:
        word = "better" if up == (measure.better == "higher") else "worse"
    return word if survives else PERHAPS[word]
