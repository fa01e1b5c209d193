"""The cost of work before it starts: seconds and memory, by rule of thumb or, of long work, from a short timed piece of itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil
from time import perf_counter

from simulator.engine.accounts import figures_a_day
from simulator.engine.from_there import FEWEST_LANES
from simulator.engine.play import bytes_a_lane, lanes_at_once, play, weather_for
from simulator.engine.scenario import Scenario, load
from simulator.kernel.ledger import SCORED, Shelf
from simulator.kernel.messages import Message, msg
from simulator.kernel.workers import hands
from simulator.planning import Policy
from simulator.planning.rules import Rule
from simulator.results.kpis import MAIN, values
from simulator.studies.plan import duration_words, size_words

WORTH_TELLING, WORTH_TIMING = 20.0, 120.0
"""Seconds by rule of thumb from which on a cost is told, and from which on it is timed first: twenty times what that takes."""

WORTH_SHARING = 4.0
"""Seconds from which on work is shared out to workers, who take a second to start."""

A_DAY, A_FIGURE, A_PROGRAM = 1.2e-3, 4e-8, 2e-3
"""Seconds that a day, a figure of the books and a linear program take, rather more than less."""

TRIED, MOST_TIMED = (2, 12), 6
"""Replications of the timed pieces, and the months that they last at most."""

TIMING_SECONDS = 6.0
"""Seconds after which no further policy is timed: it is taken to cost what the dearest of the others does."""

OF_A_PROCESS, WEATHER = 150e6, 1.5
"""Bytes that a process takes before it holds any books, and what luck and the day's work add to them."""


@dataclass(frozen=True)
class Work:
    """A policy that is played in a scenario: so many replications, and that so many times."""

    scenario: Scenario
    policy: Policy
    replications: int
    times: float = 1.0

    def seconds(self, fixed: float, each: float) -> float:
        """Reckon with what a play takes at all, and what each replication of it adds."""
        plays = ceil(self.replications / lanes_at_once(self.scenario))
        return self.times * (plays * fixed + self.replications * each)

    @property
    def roughly(self) -> float:
        """Seconds that it takes by rule of thumb, programs included."""
        days, company = self.scenario.days.count, self.scenario.company
        figures = figures_a_day(company, self.scenario.network)
        rules = [rule for _, rule in self.policy if isinstance(rule, Rule)]
        solved = (
            sum(rule.cost_note(self.scenario.network, 1) is not None for rule in rules)
            * self.scenario.experiment.months
        )
        return self.seconds(days * A_DAY, days * figures * A_FIGURE + solved * A_PROGRAM)

    @property
    def memory(self) -> float:
        """Bytes that its largest block takes."""
        lanes = min(max(self.replications, 2), lanes_at_once(self.scenario))
        return OF_A_PROCESS + WEATHER * lanes * bytes_a_lane(self.scenario)


def options_from(
    scenario: Scenario, policy: Policy, month: int, options: int, lanes: int, ahead: int | None
) -> list[Work]:
    """The work of options from a month on: a common past, which futures of one run share, and what each option goes on for."""
    until_end = scenario.experiment.months - month
    past = Work(_of_months(scenario, month), policy, lanes if ahead is None else FEWEST_LANES)
    then = _of_months(scenario, until_end if ahead is None else max(1, min(ahead, until_end)))
    return [*([past] if month else []), Work(then, policy, lanes, options)]


def _of_months(scenario: Scenario, months: int) -> Scenario:
    """So many months of a scenario, from its first."""
    return replace(scenario, experiment=scenario.experiment.model_copy(update={"months": months, "warm_up": 0}))


@dataclass(frozen=True)
class Cost:
    """The expected cost of some work on this machine."""

    seconds: float
    memory: float

    def sentence(self) -> Message:
        """Say it."""
        return msg(
            "this takes about {time} and {size} of memory",
            time=duration_words(self.seconds),
            size=size_words(self.memory),
        )


def cost(works: Sequence[Work], workers: int | None = 1, before: Callable[[], None] = lambda: None) -> Cost | None:
    """Tell what works take; of long ones a short piece is timed, `before` which it is told. Nothing where all is soon over."""
    cores = max(1, min(workers or os.cpu_count() or 1, os.cpu_count() or 1))
    memory, roughly = cores * max(work.memory for work in works), sum(work.roughly for work in works) / cores
    if roughly < WORTH_TIMING:
        return Cost(roughly, memory) if roughly >= WORTH_TELLING else None
    before()
    began, found, dearest = perf_counter(), 0.0, (0.0, 0.0)
    for work in sorted(works, key=lambda work: -work.roughly):
        if perf_counter() - began < TIMING_SECONDS:
            pace = timed(work.scenario, work.policy)
            dearest = max(dearest, pace)
        else:
            pace = dearest
        found += work.seconds(*pace)
    return Cost(found / cores, memory)


def workers_for(works: Sequence[Work], workers: int | None) -> int:
    """Count the workers for work that may be done here as well: as many as are asked for, else all cores where that pays."""
    if workers is None and sum(work.roughly for work in works) < WORTH_SHARING:
        return 1
    return hands(workers)[0]


def timed(scenario: Scenario, policy: Policy) -> tuple[float, float]:
    """Seconds that a play takes at all, and for each replication: from two short ones, drawn out to its length."""
    months = min(scenario.experiment.months, MOST_TIMED)
    shorter = _of_months(scenario, months)
    longer = scenario.days.count / shorter.days.count
    few = min(_seconds(shorter, policy, TRIED[0]) for _ in range(2))  # the first time, something may still be read in
    more = _seconds(shorter, policy, TRIED[1])
    each = max(more - few, 0.0) / (TRIED[1] - TRIED[0])
    return longer * max(few - TRIED[0] * each, 0.0), longer * each


def _seconds(scenario: Scenario, policy: Policy, lanes: int) -> float:
    """Draw the luck of a few replications, run them, measure them."""
    began = perf_counter()
    weather = weather_for(scenario, scenario.experiment.seed, range(lanes))
    values(play(scenario, policy, weather, SCORED, Shelf()), MAIN)
    return perf_counter() - began


PIECES = 4.0
"""Times a dozen short replications of a small company that a known answer takes on average to be simulated."""

OF_KNOWN_ANSWERS = 4e8
"""Bytes of the books of the largest of them."""


def cost_of_known_answers(simulated: int) -> Cost:
    """Time a small company; formulas take next to nothing beside it."""
    if not simulated:
        return Cost(0.0, OF_A_PROCESS)
    scenario = load("trading")
    fixed, each = timed(scenario, scenario.policy("sop"))
    return Cost(PIECES * simulated * (fixed + 12 * each), OF_A_PROCESS + OF_KNOWN_ANSWERS)
