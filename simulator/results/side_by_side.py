"""Measures of many policies on the same luck: those that differ in numbers alone share a run, and runs share the cores."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Generator, Iterator, Sequence
from functools import partial
from multiprocessing import parent_process
from typing import Any, TypeVar

import numpy as np

from simulator.engine.books import Books
from simulator.engine.play import lanes_at_once, play, replication_blocks, weather_for
from simulator.engine.scenario import Scenario
from simulator.engine.settings_in_lanes import joined_policies, shared_words, tiled
from simulator.kernel.ledger import SCORED, Shelf
from simulator.kernel.units import Array
from simulator.kernel.workers import Backend, Growing, Lost, as_they_come, in_order
from simulator.planning import Policy
from simulator.planning.rules import Rule
from simulator.results.kpis import values
from simulator.world.luck import Weather

Thing = TypeVar("Thing")

RUNS_A_JOB, JOBS_A_WORKER = 8, 4
"""Runs that share a drawing of luck at most, and jobs for each worker from which on they do."""


def scored(
    scenario: Scenario,
    policies: Sequence[Policy],
    numbers: Sequence[int],
    seed: int,
    measures: Sequence[str],
    hands: Backend,
    progress: Callable[[int, int], None] | None = None,
) -> list[Array]:
    """Score policies on the same luck, (measures, replications) each: bit by bit what each alone would find."""
    pieces = _Pieces(scenario, policies, numbers, seed, measures, hands.workers)
    return pieces.joined(in_order(hands, pieces.jobs, progress))


Talk = Generator[tuple[Sequence[Policy], Sequence[int]], list[Array], None]
"""Asks for the scores of policies on some replications, and says by them which it wants to know next."""


def answer(talks: Sequence[Talk], scenario: Scenario, seed: int, measures: Sequence[str], hands: Backend) -> None:
    """Score what each asks for until none asks for more; nobody waits for the answers of the others."""
    queue: Growing[tuple[tuple[int, int], Callable[[], _Tables]]] = Growing()
    asked: dict[int, _Pieces] = {}
    answers: dict[int, dict[int, _Tables]] = {}

    def go_on(who: int, scores: list[Array] | None) -> None:
        try:
            policies, numbers = talks[who].send(scores) if scores is not None else next(talks[who])
        except StopIteration:
            return
        if not policies:
            return go_on(who, [])
        asked[who], answers[who] = _Pieces(scenario, policies, numbers, seed, measures, hands.workers), {}
        jobs = [((who, place), job) for place, job in enumerate(asked[who].jobs)]
        queue.add(jobs, first=any(map(is_slow, policies)))  # what is left to the end keeps one worker from going

    for who in range(len(talks)):
        go_on(who, None)
    for (who, place), tables in as_they_come(hands, queue):
        if isinstance(tables, Lost):
            raise tables.error
        answers[who][place] = tables
        if len(answers[who]) == len(asked[who].jobs):
            go_on(who, asked[who].joined([answers[who][k] for k in range(len(asked[who].jobs))]))


_Tables = list[list[Array]]
"""Measures of a block of replications, by run and policy."""


class _Pieces:
    """The pieces of work that policies on some replications are cut into, and what comes of them."""

    def __init__(
        self,
        scenario: Scenario,
        policies: Sequence[Policy],
        numbers: Sequence[int],
        seed: int,
        measures: Sequence[str],
        workers: int,
    ) -> None:
        self.policies = policies
        blocks = list(replication_blocks(scenario, numbers))
        runs = list(_runs(policies, max(1, lanes_at_once(scenario) // max(map(len, blocks)))))
        runs.sort(key=lambda run: not is_slow(policies[run[0]]))  # what is left to the end keeps one worker from going
        size = max(1, min(RUNS_A_JOB, len(runs) * len(blocks) // (JOBS_A_WORKER * workers)))
        work = [(block, part) for block in blocks for part in _cut(runs, size)]
        self.parts = [part for _, part in work]
        self.jobs: list[Callable[[], _Tables]] = [
            partial(_score, scenario, [[policies[k] for k in run] for run in part], block, seed, tuple(measures))
            for block, part in work
        ]

    def joined(self, tables: Sequence[_Tables]) -> list[Array]:
        """The measures of each policy, (measures, replications), from the tables of all pieces."""
        found: list[list[Array]] = [[] for _ in self.policies]  # of each block
        for part, of_runs in zip(self.parts, tables, strict=True):
            for run, table in zip(part, of_runs, strict=True):
                for k, own in zip(run, table, strict=True):
                    found[k].append(own)
        return [np.concatenate(parts, axis=1) for parts in found]


def is_slow(policy: Policy) -> bool:
    """Tell if a rule of a policy has something to say on how long it takes."""
    rules = [rule for _, rule in policy if isinstance(rule, Rule)]
    return any(type(rule).cost_note is not Rule.cost_note for rule in rules)


def _runs(policies: Sequence[Policy], most: int) -> Iterator[list[int]]:
    """Places of the policies that share a run, so many at most."""
    for places in alike(policies):
        yield from _cut(places, most)


def alike(policies: Sequence[Policy]) -> list[list[int]]:
    """Places of the policies that may share a run, together."""
    found: dict[Any, list[int]] = {}
    for place, policy in enumerate(policies):
        found.setdefault(shared_words(policy.model_copy(update={"name": "", "note": ""})), []).append(place)
    return [*found.values()]


def _cut(things: list[Thing], size: int) -> Iterator[list[Thing]]:
    for first in range(0, len(things), size):
        yield things[first : first + size]


DRAWN: dict[bytes, Weather] = {}
"""The luck that a worker drew last, by all that it follows from."""

PAPER = Shelf()
"""Books that a worker is done with."""


def weather_and_paper(scenario: Scenario, seed: int, block: list[int]) -> tuple[Weather, Shelf]:
    """The luck of a block, and paper for its books; a worker keeps both, since its next piece of work mostly asks for the same."""
    if parent_process() is None:
        return weather_for(scenario, seed, block), Shelf()
    key = _given(scenario, seed, block)
    if key not in DRAWN:
        DRAWN.clear()  # before the next is drawn
        DRAWN[key] = weather_for(scenario, seed, block)
    return DRAWN[key], PAPER


def draw_ahead(scenario: Scenario, seed: int, blocks: Sequence[list[int]]) -> None:
    """Draw the luck of these blocks now; workers that are forked from this process have it, and no other."""
    wanted = {_given(scenario, seed, block): block for block in blocks}
    for key in [key for key in DRAWN if key not in wanted]:
        del DRAWN[key]
    for key, block in wanted.items():
        if key not in DRAWN:
            DRAWN[key] = weather_for(scenario, seed, block)


def _given(scenario: Scenario, seed: int, block: list[int]) -> bytes:
    """All that the luck of a block follows from, in words: what an object has worked out meanwhile is no part of it."""
    words = (scenario.company.model_dump_json(), scenario.experiment.model_dump_json())
    return pickle.dumps((*words, scenario.replayed, scenario.past, scenario.fitted, seed, block))


def _score(
    scenario: Scenario, runs: list[list[Policy]], block: list[int], seed: int, measures: tuple[str, ...]
) -> _Tables:
    """Tables of one block of replications, by run and policy."""
    weather, shelf = weather_and_paper(scenario, seed, block)
    tables = []
    for run in runs:
        table = values(in_lanes_of_each(scenario, run, weather, len(block), shelf), measures)[1]
        tables.append([table[:, k * len(block) : (k + 1) * len(block)].copy() for k in range(len(run))])
    return tables


def in_lanes_of_each(
    scenario: Scenario, policies: Sequence[Policy], weather: Weather, lanes: int, shelf: Shelf
) -> Books:
    """Play policies that may share a run, in so many lanes of the weather each."""
    named = [policy.model_copy(update={"name": policies[0].name, "note": ""}) for policy in policies]
    return play(scenario, joined_policies(named, lanes), tiled(weather, lanes, len(policies)), SCORED, shelf)
