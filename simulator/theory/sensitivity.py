"""Work out what matters: effects of factors, and the share of the variance that each one explains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from simulator.theory.arrays import Array, as_floats
from simulator.theory.statistics import mean_interval, student_quantile

__all__ = ["Effects", "VarianceShares", "factor_effects", "radial_points", "term_columns", "variance_shares"]

SAME = 1e-8
"""Columns that differ by less, relative to their size, say the same."""


@dataclass(frozen=True)
class VarianceShares:
    """Sobol indices by factor with their bootstrap intervals: alone, and with all interactions."""

    first: Array
    first_low: Array
    first_high: Array
    total: Array
    total_low: Array
    total_high: Array


def radial_points(count: int, factors: int, seed: int = 0) -> Array:
    """The sample that Sobol indices are estimated from, in the unit cube: (count x (factors + 2), factors).

    Two samples A and B, each of `count` points (a power of 2) of a scrambled Sobol sequence, then for each factor A with
    that factor's column from B. Saltelli et al. (2010).
    """
    from scipy.stats import qmc

    if count < 2 or count & (count - 1):
        raise ValueError(f"the base sample is {count}; it must be a power of 2 of at least 2")
    luck = np.random.Generator(np.random.PCG64DXSM(np.random.SeedSequence(seed)))
    both = qmc.Sobol(2 * factors, rng=luck).random(count)
    a, b = both[:, :factors], both[:, factors:]
    mixed = [np.where(np.arange(factors) == k, b, a) for k in range(factors)]
    return np.concatenate([a, b, *mixed])


def variance_shares(
    values: ArrayLike, factors: int, confidence: float = 0.95, resamples: int = 1_000, seed: int = 0
) -> VarianceShares:
    """Sobol indices from what the model gave at `radial_points`, with percentile intervals from drawing the base sample anew.

    First order after Saltelli et al. (2010), total after Jansen (1999), both about the common mean. A model that gives
    the same everywhere has no variance to explain: all shares are 0.
    """
    parts = as_floats(values).reshape(factors + 2, -1)
    first, total = _shares(parts[:, None])
    luck = np.random.Generator(np.random.PCG64DXSM(np.random.SeedSequence(seed)))
    drawn = np.array(
        [_shares(parts[:, None, luck.integers(0, parts.shape[1], parts.shape[1])]) for _ in range(resamples)]
    )
    tail = (1.0 - confidence) / 2.0
    low, high = np.quantile(drawn[..., 0], [tail, 1.0 - tail], axis=0)
    return VarianceShares(first[:, 0], low[0], high[0], total[:, 0], low[1], high[1])


def _shares(parts: Array) -> tuple[Array, Array]:
    """First-order and total shares, (factors, samples) each, from (factors + 2, samples, points)."""
    a, b, mixed = parts[0], parts[1], parts[2:]
    mean = parts[:2].mean(axis=(0, 2))[:, None]
    variance = np.square(parts[:2] - mean).mean(axis=(0, 2))
    scale = np.where(variance > 0.0, variance, np.inf)
    return ((b - mean) * (mixed - a)).mean(axis=-1) / scale, np.square(a - mixed).mean(axis=-1) / (2.0 * scale)


@dataclass(frozen=True)
class Effects:
    """Hold the change that each term makes from its low end to its high one, on average over all other factors."""

    names: list[str]
    effect: Array
    half_width: Array
    aliases: list[list[str]]  # terms that this design cannot tell from each one
    explained: float  # share of the variance between the points' means


def term_columns(
    coded: Array, names: Sequence[str], pairs: bool = True, owners: Sequence[object] | None = None
) -> tuple[Array, list[str]]:
    """The columns of a linear model, factors coded from -1 to 1, then their products by pair: (points, terms).

    A category of several levels has several columns of one owner, which are not multiplied with each other.
    """
    columns, terms, whose = [*np.asarray(coded).T], [*names], owners or range(len(names))
    for i, j in combinations(range(len(names)), 2) if pairs else ():
        if whose[i] != whose[j]:
            columns.append(coded[:, i] * coded[:, j])
            terms.append(f"{names[i]} x {names[j]}")
    return np.array(columns).T, terms


def factor_effects(
    columns: ArrayLike, names: Sequence[str], values: ArrayLike, confidence: float = 0.95, misfit: bool = False
) -> Effects:
    """Effects of terms by least squares in each replication, with Student intervals over the replications.

    (points, terms) and (points, replications). In a factorial these are the textbook's contrasts (Box, Hunter & Hunter
    2005); in any other design those of the plane that fits best. There, `misfit` widens the intervals by what the plane
    does not explain, as if that were chance. Terms that the design cannot tell apart are named once.
    """
    model, found = as_floats(columns), as_floats(values)
    chosen, aliases = _independent(model, names)
    full = np.column_stack([np.ones(len(model)), model[:, chosen]])
    fitted = np.linalg.pinv(full) @ found
    mean = found.mean(axis=1)
    left, whole = np.square(mean - full @ fitted.mean(axis=1)).sum(), np.square(mean - mean.mean()).sum()
    explained = float(1.0 - left / whole) if whole > 0.0 else 1.0
    each = 2.0 * fitted[1:].T
    half = mean_interval(each, confidence).half_width if len(each) > 1 else np.full(len(chosen), np.nan)
    if misfit:
        half = np.hypot(half, _misfit(full, float(left), confidence))
    return Effects([names[k] for k in chosen], each.mean(axis=0), half, aliases, explained)


def _misfit(full: Array, left: float, confidence: float) -> Array:
    """Half-widths of effects from the residuals of the plane; infinite where no point is left over to judge it by."""
    degrees = len(full) - full.shape[1]
    if degrees < 1:
        return np.full(full.shape[1] - 1, np.inf)
    error = np.sqrt(np.diag(np.linalg.inv(full.T @ full))[1:] * left / degrees)
    return np.asarray(2.0 * student_quantile(confidence, degrees) * error)


def _independent(model: Array, names: Sequence[str]) -> tuple[list[int], list[list[str]]]:
    """Terms, first come first served, that add something to those before; beside each the terms that say the same."""
    basis, chosen, aliases = [np.full(len(model), len(model) ** -0.5)], list[int](), list[list[str]]()
    for k, column in enumerate(model.T):
        rest = column - sum((b @ column) * b for b in basis)
        length = float(np.linalg.norm(rest))
        if length > SAME * np.sqrt(len(column)):
            basis.append(rest / length)
            chosen.append(k)
            aliases.append([])
        else:
            alike = [place for place, c in enumerate(chosen) if _parallel(model[:, c], column)]
            for place in alike:
                aliases[place].append(names[k])
    return chosen, aliases


def _parallel(one: Array, other: Array) -> bool:
    a, b = one - one.mean(), other - other.mean()
    product, lengths = float(abs(a @ b)), float(np.linalg.norm(a) * np.linalg.norm(b))
    return lengths > 0.0 and product >= (1.0 - SAME) * lengths
