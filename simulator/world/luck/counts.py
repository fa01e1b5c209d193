"""Counts of order lines and of deals, by inversion of their cumulative probabilities."""

from __future__ import annotations

import numpy as np

from simulator.kernel.messages import msg
from simulator.kernel.units import Array, ScenarioError, Whole

MOST_COUNTS = 20_000_000
"""Probabilities of counts that are worked out at once: 160 MB."""


PARTS_OF_ONE = 4_096
"""Equal parts of probability, a power of two, in most of which all numbers mean the same count."""


FEW_AT_ONCE = 12.0
"""Mean count up to which stepping through the counts of all days at once is quicker than searching day by day."""


def draw_counts(rate: Array, dispersion: float, u: Array, over: slice = slice(None)) -> Whole:
    """Counts with these mean rates by day, Poisson or negative binomial, by inversion: (lanes, days), of all days or some."""
    levels, group = np.unique(rate, return_inverse=True)
    group = group[over]
    if len(levels) > 1 and levels[-1] <= FEW_AT_ONCE:
        return _stepped(cumulative(levels, dispersion), group, u)
    counts = np.zeros(u.shape, dtype=np.int64)
    order = np.argsort(group, kind="stable")
    days = np.split(order, np.searchsorted(group[order], np.arange(1, len(levels))))
    for level, table, these in zip(levels, cumulative(levels, dispersion), days, strict=True):
        if level > 0:
            counts[:, these] = first_above(table, u[:, these])
    return counts


def first_above(table: Array, u: Array) -> Whole:
    """Return the place of each number in a cumulative table, as np.searchsorted does; only near a step is it searched for."""
    if u.size < 4 * PARTS_OF_ONE:
        return np.searchsorted(table, u)
    ends = np.searchsorted(table, np.linspace(0.0, 1.0, PARTS_OF_ONE + 1))
    part = (u * PARTS_OF_ONE).astype(np.int16)  # exact, as they are a power of two
    found: Whole = ends[part]
    near = (ends[1:] > ends[:-1])[part]
    found[near] = np.searchsorted(table, u[near])
    return found


def _stepped(table: Array, level: Whole, u: Array) -> Whole:
    """For each number count the cumulative probabilities of its day's level that lie below it, (lanes, days)."""
    counts = np.zeros(u.shape, dtype=np.int32)
    for reached in table.T:
        below = reached[level] < u
        if not below.any():
            break
        counts += below
    return counts.astype(np.int64)


def cumulative(mean: Array, dispersion: float) -> Array:
    """Cumulative probabilities of counts with these means and this variance over mean: (means, counts)."""
    from scipy.special import betainc, pdtr

    most = float(mean.max())
    counts = most + 12 * np.sqrt(most * dispersion) + 12 * dispersion + 10
    if counts * len(mean) > MOST_COUNTS:
        raise ScenarioError(
            msg(
                "demand comes in up to {n} order lines or deals at once, more than can be drawn one by one; "
                "lower its mean, dispersion, season or trend, or give it the law normal or gamma",
                n=f"{counts:,.4g}",
            )
        )
    top = np.arange(int(counts))
    if dispersion <= 1 + 1e-9:
        return np.asarray(pdtr(top, mean[:, None]))
    size = mean / (dispersion - 1)  # of the negative binomial, by its recursion where the first probability can be held
    first = np.power(dispersion, -size)
    if first[mean > 0].min(initial=1.0) < 1e-280:
        return np.asarray(betainc(size[:, None], top + 1.0, 1 / dispersion))
    ratios = (size[:, None] + top[:-1]) / top[1:] * (1 - 1 / dispersion)
    steps = np.concatenate([first[:, None], ratios], axis=1)
    return np.cumsum(np.cumprod(steps, axis=1), axis=1)
