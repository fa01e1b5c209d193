"""One company for one year: the contract at risk, and how long a pilot must run to see what many runs say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from simulator.engine.play import play, replication_blocks, trimmed, weather_for
from simulator.engine.scenario import Scenario, load
from simulator.kernel.ledger import SCORED, Shelf
from simulator.kernel.units import Array
from simulator.planning import Policy
from simulator.results.estimates import Estimate, gap_of, level_of
from simulator.results.kpis import MEASURES, Measure, measure_values, measures_named
from simulator.results.kpis.service import misses_target
from simulator.results.run import replication_numbers
from simulator.theory.pilot import months_needed, sites_needed, smallest_seen, wrong_way

WHOLE_YEAR = 12
LENGTHS = (1, 2, 3, 4, 6, WHOLE_YEAR)
"""Numbers of months over which the luck of one company is read off the runs."""

CONTRACT, PENALTIES = "contract_missed", "penalties"

Stretches = dict[tuple[str, int, int], Array]
"""Values of measures by name and stretch of months, (replications,) each."""


@dataclass(frozen=True)
class Pilot:
    """A difference between two policies over many runs, and the luck that one company has before and after a change."""

    scenario: Scenario
    policies: tuple[Policy, Policy]
    replications: list[int]
    seed: int
    measure: Measure
    gap: Estimate  # paired, over the scored months
    spread: dict[int, tuple[float, float]]  # by number of months: variance between runs under either policy
    contract: tuple[
        Estimate, Estimate
    ]  # chance of missing it over a year, or over the scored months where they are fewer
    penalties: tuple[Estimate, Estimate]  # a year

    def variance(self, months: int) -> float:
        """Variance of the difference of so many months after from as many before; of a longer stretch, by that of the longest."""
        known = max(length for length in self.spread if length <= months)
        return sum(self.spread[known]) * known / months

    @property
    def variances(self) -> dict[int, float]:
        """Variance of the difference by the numbers of months that were read off the runs."""
        return {months: sum(both) for months, both in self.spread.items()}

    def months(self, difference: float) -> int:
        """Months before and as many after from which one company sees a difference, 95 % sure and in 80 % of cases."""
        return months_needed(self.variances, difference)

    def sites(self, months: int, difference: float) -> int:
        """Sites like this one that see a difference in so many months before and after."""
        return sites_needed(self.variance(months), difference)

    def seen(self, months: int) -> float:
        """The smallest difference that one company sees in so many months before and after."""
        return smallest_seen(self.variance(months))

    def wrong(self, months: int, difference: float) -> float:
        """Chance that so many months before and after show a difference the other way round."""
        return wrong_way(self.variance(months), difference)

    @property
    def contract_months(self) -> int:
        """Months over which the contract is held against its target."""
        first, end = _last_year(self.scenario)
        return end - first


def pilot(
    scenario: Scenario | str | Path | Mapping[str, Any],
    first: str | Path | Policy | Mapping[str, Any],
    second: str | Path | Policy | Mapping[str, Any],
    measure: str = "fill_rate",
    replications: int | Sequence[int] | None = None,
    seed: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Pilot:
    """Run two policies on the same luck, and read off their runs what one company would see before and after the change.

    Variances are those between runs within the same months of the calendar: season and trend are taken to be known.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    (known,) = measures_named(measure)
    policies = (scenario.policy(first), scenario.policy(second))
    numbers = replication_numbers(replications, scenario.experiment.replications)
    seed = scenario.experiment.seed if seed is None else seed
    found: list[dict[tuple[str, int, int], list[Array]]] = [{}, {}]
    shelf, done = Shelf(), 0
    for block in replication_blocks(scenario, numbers):
        weather = weather_for(scenario, seed, block)
        for kept, policy in zip(found, policies, strict=True):
            books = trimmed(play(scenario, policy, weather, SCORED, shelf), len(block))
            for name, start, end in _wanted(scenario, known.name):
                kept.setdefault((name, start, end), []).append(
                    measure_values(books, name, (start, end))[0, : len(block)]
                )
            done += len(block)
            if progress:
                progress(done, 2 * len(numbers))
    joined = [{key: np.concatenate(parts) for key, parts in kept.items()} for kept in found]
    return _read(scenario, policies, numbers, seed, known, joined)


def _windows(scenario: Scenario, months: int) -> list[tuple[int, int]]:
    """The stretches of so many months that the scored ones hold, one after the other."""
    first, end = scenario.experiment.warm_up, scenario.days.months
    return [(start, start + months) for start in range(first, end - months + 1, months)]


def _last_year(scenario: Scenario) -> tuple[int, int]:
    """The last whole year of the scored months, or all of them where they are fewer."""
    return (_windows(scenario, WHOLE_YEAR) or [(scenario.experiment.warm_up, scenario.days.months)])[-1]


def _wanted(scenario: Scenario, measure: str) -> Iterator[tuple[str, int, int]]:
    """Each measure over each stretch of months that it is read over."""
    first, end = scenario.experiment.warm_up, scenario.days.months
    every = [(measure, *window) for months in LENGTHS for window in _windows(scenario, months)]
    yield from dict.fromkeys(
        [*every, (measure, first, end), (PENALTIES, first, end), ("fill_rate", *_last_year(scenario))]
    )


def _read(
    scenario: Scenario,
    policies: tuple[Policy, Policy],
    numbers: list[int],
    seed: int,
    measure: Measure,
    found: list[Stretches],
) -> Pilot:
    """Estimate the difference, the luck of stretches of months, and the contract."""
    first, end = scenario.experiment.warm_up, scenario.days.months
    one, other = found
    gap = gap_of(measure, other[measure.name, first, end], one[measure.name, first, end])
    spread = {
        months: (_variance(one, measure.name, windows), _variance(other, measure.name, windows))
        for months in LENGTHS
        if (windows := _windows(scenario, months))
    }
    year = _last_year(scenario)
    target = scenario.experiment.service_target

    def missed(kept: Stretches) -> Estimate:
        return level_of(MEASURES[CONTRACT], misses_target(kept["fill_rate", *year], target))

    def paid(kept: Stretches) -> Estimate:
        return level_of(MEASURES[PENALTIES], kept[PENALTIES, first, end])

    return Pilot(
        scenario, policies, numbers, seed, measure, gap, spread, (missed(one), missed(other)), (paid(one), paid(other))
    )


def _variance(kept: Stretches, measure: str, windows: list[tuple[int, int]]) -> float:
    """Variance between runs, a mean over stretches of the same length."""
    return float(np.mean([np.nanvar(kept[measure, *window], ddof=1) for window in windows]))
