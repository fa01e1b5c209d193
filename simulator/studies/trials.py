"""Settings that were tried, and what each of them did so far; all on the same luck."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

from simulator.engine.scenario import Scenario
from simulator.engine.settings import Setting
from simulator.kernel.units import Array
from simulator.kernel.workers import Backend, Serial, in_order
from simulator.planning import Policy
from simulator.results.kpis import Measure
from simulator.studies.evaluate import evaluate

WORTH_SPREADING = 4.0
"""Seconds of work below which starting more processes costs more than it saves."""

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
        """(settings, measures, replications); the first setting by itself, since it shows whether more processes pay."""
        numbers = range(first, last)
        if not settings or not numbers:
            return np.zeros((len(settings), len(self.measures), len(numbers)))
        began = perf_counter()
        one = self._evaluated(settings[:1], numbers, Serial())
        left = (len(settings) - 1) * (perf_counter() - began)
        crew = Serial() if left < WORTH_SPREADING else self.crew
        found = np.concatenate([one, *([self._evaluated(settings[1:], numbers, crew)] if settings[1:] else [])])
        if self.told:
            self.told(len(settings))
        return found

    def _evaluated(self, settings: Sequence[Setting], numbers: range, crew: Backend) -> Array:
        """Spread by setting, so that settings that can share a run do."""
        cut = np.array_split(np.arange(len(settings)), min(len(settings), crew.workers))
        names = tuple(measure.name for measure in self.measures)
        jobs = [
            partial(evaluate, self.scenario, self.policy, [settings[k] for k in part], numbers, self.seed, names)
            for part in cut
        ]
        return np.concatenate(in_order(crew, jobs))
