"""Select the best of several ways, and say how many runs that takes.

Two answers: Kim & Nelson's sequential procedure runs until it is sure enough, and the optimal allocation of a computing
budget gives a fixed number of runs to where they tell most. More is better in both; negate what should be small.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.theory.arrays import Array, as_floats

__all__ = [
    "Alternatives",
    "Selection",
    "Whole",
    "budget_shares",
    "fixed_budget",
    "kim_nelson",
    "next_runs",
    "sequential_constant",
]

Whole = NDArray[np.int64]
Alternatives = Callable[[Sequence[int], int, int], Array]
"""What some alternatives do in replications from a first one up to another: (alternatives, replications)."""

FIRST_STAGE = 20
"""Replications of every alternative from which its spread is judged."""

REPLICATION_LIMIT = 1 << 20
"""Replications of one alternative beyond which a selection is given up."""


@dataclass(frozen=True)
class Selection:
    """The alternative that was selected, and what it took."""

    best: int
    counts: Whole  # replications that each alternative was given
    means: Array  # over the replications that each was given
    kept: tuple[int, ...]  # those never told from the best

    @property
    def runs(self) -> int:
        """Replications in all."""
        return int(self.counts.sum())


def sequential_constant(alternatives: int, first: int = FIRST_STAGE, confidence: float = 0.95) -> float:
    """h squared of the sequential procedure with c = 1, valid where alternatives share their luck.

    h^2 = 2 eta (n0 - 1), eta = [(2 alpha / (k - 1))^(-2 / (n0 - 1)) - 1] / 2. Kim & Nelson (2001).
    """
    error, degrees = (1.0 - confidence) / (alternatives - 1), first - 1
    return float(((2.0 * error) ** (-2.0 / degrees) - 1.0) * degrees)


class _Race:
    """The replications so far, and who is still in."""

    def __init__(self, alternatives: Alternatives, count: int) -> None:
        self.alternatives, self.kept = alternatives, list(range(count))
        self.values: list[Array] = [np.zeros(0)] * count
        self.totals: list[Array] = [np.zeros(0)] * count  # running

    def run(self, who: Sequence[int], until: int) -> None:
        """Bring alternatives that have run equally often up to a number of replications."""
        found = self.alternatives(who, len(self.values[who[0]]), until)
        for one, row in zip(who, as_floats(found), strict=True):
            self.values[one] = np.append(self.values[one], row)
            self.totals[one] = np.cumsum(self.values[one])

    def means(self, who: Sequence[int], after: int) -> Array:
        """Return the means after a number of replications, or after those that there are."""
        return np.array([self.totals[one][:after][-1] / len(self.totals[one][:after]) for one in who])

    def result(self, best: int, after: int) -> Selection:
        """The selection; what was run in a batch beyond the end is not counted."""
        everyone = range(len(self.values))
        counts = np.array([min(len(self.values[one]), after) for one in everyone])
        return Selection(best, counts, self.means(everyone, after), tuple(self.kept))


def kim_nelson(
    alternatives: Alternatives,
    count: int,
    difference: float,
    confidence: float = 0.95,
    first: int = FIRST_STAGE,
    batch: int = 1,
) -> Selection:
    """Select the best of `count`, rightly with this confidence if it is better by `difference` at least.

    Whoever falls behind someone else by more than luck can explain is run no further. Runs come in growing batches of
    at least `batch`, but are looked at one by one: a batch changes the work and never the answer. Procedure KN of Kim &
    Nelson (2001).
    """
    if difference <= 0.0:
        raise ValueError(f"the difference worth finding is {difference:g}; it must be above 0")
    race = _Race(alternatives, count)
    race.run(race.kept, first)
    if count == 1:
        return race.result(0, first)
    spread = _patience(np.array(race.values), difference, confidence)
    done, limit = first, floor(float(spread.max())) + 1
    while True:
        _drop_losers(race, done, spread, difference)
        if len(race.kept) == 1 or done >= limit:
            return race.result(race.kept[int(np.argmax(race.means(race.kept, done)))], done)
        if done == REPLICATION_LIMIT:
            raise ValueError(f"{REPLICATION_LIMIT:,} replications did not tell differences of {difference:g}")
        done += 1
        if done > len(race.values[race.kept[0]]):
            race.run(race.kept, done - 1 + max(batch, done // 2))


def _patience(found: Array, difference: float, confidence: float) -> Array:
    """h^2 S^2 / d^2 of each pair: replications after which the two are parted at the latest."""
    variance = (found[:, None] - found[None]).var(axis=-1, ddof=1)
    return np.asarray(sequential_constant(len(found), found.shape[1], confidence) * variance / difference**2)


def _drop_losers(race: _Race, done: int, spread: Array, difference: float) -> None:
    """Keep who is within W = max(0, d / 2r (h^2 S^2 / d^2 - r)) of everyone else."""
    kept, means = race.kept, race.means(race.kept, done)
    slack = np.maximum(0.0, difference / (2.0 * done) * (spread[np.ix_(kept, kept)] - done))
    race.kept = [who for k, who in enumerate(kept) if (means[k] >= means - slack[k]).all()]


def budget_shares(means: ArrayLike, variances: ArrayLike) -> Array:
    """Shares of a fixed budget at which the best is most probably recognised, as a sum of 1.

    N_i / N_j = [(s_i / d_i) / (s_j / d_j)]^2 for all but the best, N_b = s_b sqrt(sum (N_i / s_i)^2), with d the distance
    from the best. Chen, Lin, Yucesan & Chick (2000), theorem 1.
    """
    mean, variance = as_floats(means), as_floats(variances)
    best, spread = int(np.argmax(mean)), np.maximum(variance, np.finfo(float).tiny)
    distance = np.maximum(mean[best] - mean, np.finfo(float).eps * max(1.0, float(np.abs(mean).max())))
    weight = np.where(np.arange(len(mean)) == best, 0.0, spread / np.square(distance))
    weight = weight / max(float(weight.max()), np.finfo(float).tiny)
    weight[best] = np.sqrt(spread[best] * np.sum(np.square(weight) / spread))
    return np.asarray(weight / weight.sum())


def next_runs(means: ArrayLike, variances: ArrayLike, counts: ArrayLike, more: int) -> Whole:
    """Share out `more` replications over the alternatives.

    Nobody gives back what was run; whole numbers are rounded down and the rest goes to the best. Chen & Lee (2011), appendix.
    """
    share, had = budget_shares(means, variances), np.asarray(counts, dtype=np.int64)
    total = int(had.sum()) + more
    wanted, open_ = had.copy(), np.ones(len(share), dtype=bool)
    while True:
        left = total - int(wanted[~open_].sum())
        wanted[open_] = np.floor(left * share[open_] / share[open_].sum()).astype(np.int64)
        enough = open_ & (wanted < had)
        if not enough.any():
            break
        wanted[enough], open_ = had[enough], open_ & ~enough
    wanted[int(np.argmax(means))] += total - int(wanted.sum())
    return np.asarray(wanted - had)


def fixed_budget(
    alternatives: Alternatives, count: int, budget: int, first: int = FIRST_STAGE, step: int | None = None
) -> Selection:
    """Select the best of `count` with a budget of replications in all, given step by step to where they tell most."""
    if budget < count * first:
        raise ValueError(f"the budget is {budget}; {count} alternatives with {first} first runs need {count * first}")
    race = _Race(alternatives, count)
    race.run(race.kept, first)
    while (left := budget - sum(map(len, race.values))) > 0:
        variances = [float(values.var(ddof=1)) for values in race.values]
        had = [len(values) for values in race.values]
        runs = next_runs(race.means(race.kept, budget), variances, had, min(step or 5 * count, left))
        for who in np.flatnonzero(runs).tolist():
            race.run([who], had[who] + int(runs[who]))
    return race.result(int(np.argmax(race.means(race.kept, budget))), budget)
