"""Several comparisons at once: intervals and tests that all hold together with the stated confidence.

Values are (alternatives, replications) on common random numbers; replications pair them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from simulator.theory.arrays import Array, Mask, as_floats
from simulator.theory.statistics import student_quantile

__all__ = ["Best", "allowances", "holm", "with_the_best"]


def allowances(values: ArrayLike, confidence: float = 0.95) -> Array:
    """Work out the differences that luck alone may make, one-sided and k - 1 at once: (alternatives, alternatives)."""
    sample = as_floats(values)
    alternatives, count = sample.shape
    error = np.array([(sample - one).std(axis=-1, ddof=1) for one in sample]) / np.sqrt(count)
    one_sided = 1.0 - 2.0 * (1.0 - confidence) / max(alternatives - 1, 1)
    return np.asarray(student_quantile(one_sided, count - 1) * error)


@dataclass(frozen=True)
class Best:
    """Hold the distance of every alternative from the best of the others, more being better."""

    low: Array
    high: Array
    possible: Mask  # it may be the best


def with_the_best(means: ArrayLike, allowance: ArrayLike) -> Best:
    """Every alternative less the best of the others, intervals that hold together.

    An alternative whose high end is 0 is not the best but by a tie, one whose low end is 0 is. Hsu (1984); with
    allowances by pair, Edwards & Hsu (1983).
    """
    mean = as_floats(means)
    width, itself = np.broadcast_to(as_floats(allowance), (len(mean), len(mean))), np.eye(len(mean), dtype=bool)
    gap = mean[:, None] - mean[None]
    reach = np.where(itself, np.inf, gap + width).min(axis=1)
    rivals = (reach >= 0.0)[None] & ~itself
    low = np.where(rivals, gap - width, np.inf).min(axis=1)
    return Best(np.minimum(np.where(rivals.any(axis=1), low, 0.0), 0.0), np.maximum(reach, 0.0), reach >= 0.0)


def holm(p_values: ArrayLike) -> Array:
    """Adjust p-values for being a family: those below alpha hold together, with an error of alpha for all. Holm (1979).

    The smallest of m is taken m times, the next m - 1 times, and none may lie below one before it.
    """
    p = as_floats(p_values)
    order = np.argsort(p, kind="stable")
    taken = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(taken, 1.0)
    return adjusted
