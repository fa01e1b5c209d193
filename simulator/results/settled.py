"""A test of the scored months for steady state: stock and backlog that neither rise nor fall beyond demand, season and luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.engine.expected import expected_units
from simulator.engine.play import play, replication_blocks, trimmed, weather_for
from simulator.engine.scenario import Scenario
from simulator.kernel.lanes import TINY
from simulator.kernel.ledger import SCORED, Shelf
from simulator.kernel.messages import Message, listed, msg, number
from simulator.kernel.units import Array
from simulator.planning import Policy
from simulator.results.reading.courses import mean_levels
from simulator.theory.statistics import student_quantile

LEVEL_KINDS = ("stock", "backlog")
"""What is looked at, at cost and at price; a row each of mean levels by month."""

FEWEST = 6
"""Months below which a trend is not told from anything."""

WRONG = 0.05
"""Chance that a comparison in which all has settled is said not to have."""

MATERIAL = 0.05
"""Share of itself by which the mean of what is scored must be off where its course ends."""

DAY_OWED = 0.1
"""Days of sales by which that of a backlog must be."""

DIES_OUT = (1.0, 4.0)
"""Months in which the start of a run may be forgotten, down to a third."""

STEADY = 0.02
"""Share of its mean within which expected demand has neither season nor growth."""

ENOUGH = 20
"""Replications that are looked at where a comparison keeps no months."""


@dataclass(frozen=True)
class Drift:
    """A level that moves over the scored months: which way, and what it is in the first and the last of them."""

    kind: str
    column: str
    falls: bool
    first: float
    last: float

    def told(self, currency: str) -> Message:
        """As a part of a sentence."""
        return msg(
            "the {kind} of {column} {falls} from {first} to {last} {currency}",
            kind=msg("stock") if self.kind == "stock" else msg("backlog"),
            column=self.column,
            falls=msg("falls") if self.falls else msg("rises"),
            first=number(self.first),
            last=number(self.last),
            currency=currency,
        )


def remarks(scenarios: Mapping[str, Scenario], courses: Mapping[str, Array]) -> list[Message]:
    """Name what has not settled, and the warm-up that it needs, in one sentence; nothing where all has."""
    experiment = next(iter(scenarios.values())).experiment
    found = drifts(scenarios, courses, experiment.warm_up)
    if not found:
        return []
    longer = range(experiment.warm_up + 1, experiment.months - FEWEST + 1)
    enough = next((months for months in longer if not drifts(scenarios, courses, months)), None)
    currency = next(iter(scenarios.values())).company.currency
    remedy = (
        msg("experiment.warm_up = {months} would do", months=enough)
        if enough
        else msg("no warm-up within this run would do: raise experiment.months, or ask sop warmup")
    )
    return [
        msg(
            "Not settled: over the scored months {levels}, more than demand and luck explain; {remedy}.",
            levels=listed([drift.told(currency) for drift in found]),
            remedy=remedy,
        )
    ]


def drifts(scenarios: Mapping[str, Scenario], courses: Mapping[str, Array], first: int) -> list[Drift]:
    """Levels that move from a month on, each beyond luck, demand and what does not matter."""
    tests = len(LEVEL_KINDS) * len(courses)
    found = []
    for column, levels in courses.items():
        explained, a_day = _explained(scenarios[column], first)
        for kind, level in zip(LEVEL_KINDS, levels[:, first:], strict=True):
            off = min((unsettled(level, one_way, WRONG / tests) for one_way in explained), key=abs)
            least = max(MATERIAL * float(level.mean()), DAY_OWED * a_day if kind == "backlog" else 0.0)
            if abs(off) > least:
                first_months, last_months = (float(level[part].mean()) for part in (slice(0, 2), slice(-2, None)))
                found.append(Drift(kind, column, off > 0, first_months, last_months))
    return found


def _explained(scenario: Scenario, first: int) -> tuple[list[Array], float]:
    """Return what of demand explains a level, in each way in which it may, (months, 0 or 4); and sales a day.

    Its course, that of the month before, anticipation, and how a peak is worked off: the square of the month before, since
    what a full plant owes grows faster than what is asked of it, or the month before that one. Nothing where demand has
    neither season nor growth.
    """
    value = (expected_units(scenario) * scenario.network.price[:, 0]).sum(axis=1)
    a_day = float(value[first:].sum() / np.diff(scenario.days.month_start)[first:].sum())
    rate = value / np.maximum(scenario.days.worked, 1.0)
    rate = rate / max(float(rate[first:].mean()), TINY)
    if np.ptp(rate[first:]) <= STEADY:
        return [np.zeros((len(rate) - first, 0))], a_day
    now, before, long_before = rate[first:], _earlier(rate, 1)[first:], _earlier(rate, 2)[first:]
    usual = (now, before, np.cumsum(now - 1))
    return [np.column_stack([*usual, worked_off]) for worked_off in (np.square(before), long_before)], a_day


def _earlier(rate: Array, months: int) -> Array:
    """A course of demand so many months before; before the run that of a year later, if it is so long."""
    ago = rate[12 - months : 12] if len(rate) >= 12 else np.repeat(rate[:1], months)
    return np.concatenate([ago, rate[:-months]])


def unsettled(level: Array, explained: Array, wrong: float) -> float:
    """Estimate the excess of a level's mean, (months, lanes), over the end of its course; 0 where luck could make it.

    A line and two courses that die out, within about a month and within about four, are fitted to every replication
    by least squares, beside what demand explains. What counts must be beyond Student's quantile in two errors: that
    between replications, and that of the fit to their mean, which is large where the course is another one.
    """
    ago = np.arange(float(len(level)))
    shapes = (-ago, *(np.exp(-ago / months) for months in DIES_OUT))
    found = [_beyond(level, shape, explained, wrong / len(shapes)) for shape in shapes]
    return min(((left, off) for left, off in found if off), default=(0.0, 0.0))[1]  # of the course that fits best


def _beyond(level: Array, shape: Array, explained: Array, wrong: float) -> tuple[float, float]:
    """Return a course's unexplained rest, and its effect on the mean of a level against its end, if it is there."""
    months, lanes = level.shape
    design = np.column_stack([np.ones(months), shape, explained])
    free = months - design.shape[1]
    if months < FEWEST or lanes < 2 or free < 2:
        return 0.0, 0.0
    inverse = np.linalg.pinv(design.T @ design)
    sizes = (inverse @ design.T)[1] @ level
    average = level.mean(axis=1)
    left = average - design @ (inverse @ design.T @ average)
    luck = float(sizes.std(ddof=1)) / np.sqrt(lanes)
    fit = float(np.sqrt(np.square(left).sum() / free * inverse[1, 1]))
    size = float(sizes.mean())
    for degrees, error in ((lanes - 1, luck), (free, fit)):
        if abs(size) <= float(student_quantile(1 - wrong, degrees)) * error + TINY:
            return 0.0, 0.0
    return float(np.square(left).sum()), size * float(shape.mean() - shape[-1])


def looked_at(scenario: Scenario, policies: Sequence[Policy], replications: Sequence[int], seed: int) -> list[Message]:
    """Remarks on some policies from the first of their replications, where a comparison keeps no months."""
    parts: dict[str, list[Array]] = {policy.name: [] for policy in policies}
    shelf = Shelf()
    for block in replication_blocks(scenario, list(replications)[:ENOUGH]):
        weather = weather_for(scenario, seed, block)
        for policy in policies:
            books = trimmed(play(scenario, policy, weather, SCORED, shelf), len(block))
            parts[policy.name].append(mean_levels(books))
    courses = {name: np.concatenate(found, axis=-1) for name, found in parts.items()}
    return remarks(dict.fromkeys(courses, scenario), courses)


__all__ = ["Drift", "drifts", "looked_at", "remarks", "unsettled"]
