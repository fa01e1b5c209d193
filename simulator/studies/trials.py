"""Settings that were tried, and what each of them did so far; all on the same luck."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import ceil
from typing import Any

import numpy as np

from simulator.engine.scenario import Scenario
from simulator.engine.settings import Setting, changed_policy, changed_scenario
from simulator.engine.settings_in_lanes import shared_words
from simulator.kernel.units import Array
from simulator.kernel.workers import Backend, Serial, in_order
from simulator.planning import Policy
from simulator.results.kpis import Measure
from simulator.studies.evaluate import evaluate, grouped

OnProgress = Callable[[int], None]
"""Is told how many more settings have been run."""


@dataclass
class Trials:
    """A policy in several settings, each run as far as it was needed: replications are numbered from `first` on."""

    scenario: Scenario
    policy: Policy
    seed: int
    measures: list[Measure]
    first: int = 0
    crew: Backend = field(default_factory=Serial)
    told: OnProgress | None = None
    settings: list[dict[str, Any]] = field(default_factory=list)
    values: list[Array] = field(default_factory=list)  # of each setting, (measures, replications)

    def add(self, settings: Sequence[Setting], replications: int) -> list[int]:
        """Try settings, those known already only once; their places on the list."""
        new = [dict(s) for s in settings if dict(s) not in self.settings]
        found = self._run(new, self.first, self.first + replications)
        self.settings += new
        self.values += list(found)
        return [self.settings.index(dict(s)) for s in settings]

    def extend(self, places: Sequence[int], until: int) -> None:
        """Run settings further, to so many replications each."""
        for had in sorted({self.values[k].shape[1] for k in places}):
            behind = [k for k in places if self.values[k].shape[1] == had < until]
            found = self._run([self.settings[k] for k in behind], self.first + had, self.first + until)
            for k, more in zip(behind, found, strict=True):
                self.values[k] = np.concatenate([self.values[k], more], axis=1)

    def of(self, place: int, measure: str) -> Array:
        """Return one setting's figures of a measure, one a replication."""
        row: Array = self.values[place][[m.name for m in self.measures].index(measure)]
        return row

    def _run(self, settings: Sequence[Setting], first: int, last: int) -> Array:
        """(settings, measures, replications)."""
        numbers = range(first, last)
        if not settings or not numbers:
            return np.zeros((len(settings), len(self.measures), len(numbers)))
        found = self._evaluated(settings, numbers)
        if self.told:
            self.told(len(settings))
        return found

    def _evaluated(self, settings: Sequence[Setting], numbers: range) -> Array:
        """Run by the whole crew."""
        names = tuple(measure.name for measure in self.measures)
        found = np.zeros((len(settings), len(names), len(numbers)))
        work = self._pieces(settings, len(numbers))
        jobs = [
            partial(evaluate, self.scenario, self.policy, [settings[k] for k in some], numbers[part], self.seed, names)
            for some, part in work
        ]
        for (some, part), scores in zip(work, in_order(self.crew, jobs), strict=True):
            found[some, :, part] = scores
        return found

    def _pieces(self, settings: Sequence[Setting], replications: int) -> list[tuple[list[int], slice]]:
        """Settings spread over the crew, those that can share a run together; fewer runs than workers are cut by replications."""
        runs = grouped(range(len(settings)), lambda k: self._shared(settings[k]))
        bundles = [[k for run in some for k in runs[run]] for some in _spread(len(runs), self.crew.workers)]
        parts = _spread(replications, ceil(self.crew.workers / len(bundles)))
        return [(bundle, slice(part[0], part[-1] + 1)) for bundle in bundles for part in parts]

    def _shared(self, setting: Setting) -> tuple[Hashable, ...]:
        """The words that must be alike for two settings to share a run."""
        policy = changed_policy(self.policy, setting, self.scenario.source)
        return changed_scenario(self.scenario, setting).fingerprint, shared_words(policy)


def _spread(things: int, parts: int) -> list[list[int]]:
    """Numbers of things in so many neighbouring parts, none of them empty."""
    return [part.tolist() for part in np.array_split(np.arange(things), min(things, parts))]
