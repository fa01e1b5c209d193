"""Many settings of one company on the same luck: the pure function behind sweeps and optimisation."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, TypeVar

import numpy as np

from simulator.engine.play import lanes_at_once, play
from simulator.engine.scenario import Scenario
from simulator.engine.settings import Setting, changed_policy, changed_scenario
from simulator.engine.settings_in_lanes import joined_policies, shared_words, tiled
from simulator.kernel.ledger import SCORED
from simulator.kernel.units import Array
from simulator.planning import Policy
from simulator.results.kpis import measures_named, values
from simulator.results.side_by_side import weather_and_paper
from simulator.studies.luck import luck_key
from simulator.world.luck import Weather

PolicyInSetting = tuple[Policy, Setting]
"""A policy and the setting that it is run with."""


def evaluate(
    scenario: Scenario,
    policy: Policy,
    settings: Sequence[Setting],
    replications: Sequence[int],
    seed: int,
    measures: Sequence[str],
) -> Array:
    """Measures of a policy in every setting, on the same luck: (settings, measures, replications).

    Bit by bit what a run of each setting alone would find, whatever it is evaluated with.
    """
    return scores(scenario, [(policy, setting) for setting in settings], replications, seed, measures)


def scores(
    scenario: Scenario,
    cases: Sequence[PolicyInSetting],
    replications: Sequence[int],
    seed: int,
    measures: Sequence[str],
) -> Array:
    """Score cases of several policies: (cases, measures, replications)."""
    names = [measure.name for measure in measures_named(measures)]
    found = np.full((len(cases), len(names), len(replications)), np.nan)
    ready = [(changed_scenario(scenario, s), changed_policy(p, s, scenario.source)) for p, s in cases]
    for alike in grouped(range(len(cases)), lambda k: luck_key(ready[k][0])):
        at_once = lanes_at_once(ready[alike[0]][0])
        for first in range(0, len(replications), at_once):
            lanes = slice(first, first + at_once)
            _in_one_weather(ready, alike, list(replications[lanes]), seed, names, found[:, :, lanes])
    return found


def _in_one_weather(
    ready: list[tuple[Scenario, Policy]],
    alike: list[int],
    replications: list[int],
    seed: int,
    names: list[str],
    found: Array,
) -> None:
    """Fill in the scores of cases that share their luck, as many side by side as memory holds."""
    (weather, shelf), lanes = weather_and_paper(ready[alike[0]][0], seed, replications), len(replications)
    wider: dict[int, Weather] = {}
    for group in grouped(alike, lambda k: (ready[k][0].fingerprint, shared_words(ready[k][1]))):
        scenario = ready[group[0]][0]
        for part in _parts(group, max(1, lanes_at_once(scenario) // lanes)):
            if len(part) not in wider:
                wider = {len(part): tiled(weather, lanes, len(part))}
            policy = joined_policies([ready[k][1] for k in part], lanes)
            books = play(scenario, policy, wider[len(part)], SCORED, shelf)
            _, table = values(books, names)
            found[part] = table[:, : lanes * len(part)].reshape(len(names), len(part), lanes).swapaxes(0, 1)


Thing = TypeVar("Thing")


def grouped(things: Sequence[Thing], key: Callable[[Thing], Hashable]) -> list[list[Thing]]:
    """Things with the same key together, in the order in which each key first appears."""
    groups: dict[Any, list[Thing]] = {}
    for thing in things:
        groups.setdefault(key(thing), []).append(thing)
    return list(groups.values())


def _parts(group: list[int], size: int) -> Iterator[list[int]]:
    for first in range(0, len(group), size):
        yield group[first : first + size]
