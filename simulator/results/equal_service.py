"""Bring policies to the same service by their buffers: the setting of each, found on one luck, to be scored on fresh luck."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from simulator.engine.scenario import Scenario
from simulator.kernel.guard import may_start_workers
from simulator.kernel.messages import msg
from simulator.kernel.units import Array, ScenarioError
from simulator.kernel.workers import Backend, crew
from simulator.planning import Policy
from simulator.planning.buffer import Buffer
from simulator.results.binding import Binding, what_binds
from simulator.results.kpis import Measure
from simulator.results.run import replication_numbers
from simulator.results.side_by_side import Talk, alike, answer
from simulator.results.target import CommonTarget, target_of
from simulator.theory.crossing import Crossing, beyond, first_crossing

PILOT, LEAST_PILOT = 4, 12
"""A pilot takes the fourth part of the replications, and so many at least."""

ROUNDS_OF_SETTINGS = 5
"""Rounds of settings that a pilot, and the search on all replications, take at most."""

EXACT = 0.02
"""Distance on the target's scale at which a setting has reached it: .1 point at 95 %."""

NEAR_TARGET, WIDE, STRAIGHT, ROUGHLY = 0.3, 1.2, 0.35, 0.7
"""Distances on the target's scale: of a setting tried on either side of the one sought (1.4 points at 95 %), and of the steps
that are taken for straight in the pilot, in the search on all replications, and in that of one of many (5.7, 1.7 and 3.3 points)."""

BENT = 0.2
"""Distance on the target's scale by which a straight line is mostly too low, over a step of the first settings (1 point at 95 %)."""

TOLD_APART = 0.1
"""Distance on the target's scale between two settings from which the price of service is read (.5 points at 95 %)."""

LEANT, BEYOND = 0.08, 1.3
"""Distance on the target's scale that is made good by the pilot's slope, .4 points at 95 %, and how much further than a larger one
the next setting lies."""

AROUND = 0.15
"""Share of a guess by which settings are tried to either side of it."""

START, ONE_SETTING = 0.3, 0.02
"""Share of the range from which a policy without a buffer starts, and below which two settings are one."""


class Outcome(StrEnum):
    """List how a search for a setting may end."""

    REACHED = "reached"
    ABOVE = "above"
    OUT_OF_REACH = "out of reach"


@dataclass(frozen=True)
class Tuned:
    """A policy whose buffer is set to a target, as far as that goes, and the way there."""

    policy: Policy
    as_run: Policy
    buffer: Buffer
    """Of the policy as it runs, with the scale of the setting."""
    target: CommonTarget
    setting: float
    outcome: Outcome
    tried: tuple[tuple[float, float], ...]
    """Settings on all replications of the search, and the figure that each reached."""
    reached: Array = field(default_factory=lambda: np.zeros(0))
    """The target's measure on fresh luck, one a replication; empty until it is scored."""
    binds: tuple[Binding, ...] = ()
    """Shares of what is not served at the setting by cause, where the target is out of reach."""
    prices: Mapping[str, float] = field(default_factory=dict)
    """Of measures that were looked at beside the target: by how much each moves with it about the setting; empty if none were."""

    @property
    def value(self) -> float:
        """The setting as the policy's entry is written."""
        return self.buffer.shown(self.setting)

    @property
    def value_as_run(self) -> float:
        """The entry of the policy as it runs."""
        return self.buffer.shown(self.buffer.amount)

    def at_target(self, measure: Measure, sample: Array) -> Array:
        """Move a measure to the target itself: less its price times the miss, replication by replication.

        The mean then hangs neither on the setting nor on the luck that it was found on, and the spread over replications holds what
        both leave open. As it came where the target was not reached, where nothing told the price, and for answers of yes or no.
        """
        price = self.prices.get(measure.name, np.nan)
        if self.outcome is not Outcome.REACHED or not np.isfinite(price) or measure.unit == "probability":
            return sample
        if measure.name == self.target.name:
            return np.full_like(sample, self.target.value)
        moved: Array = sample - price * (self.reached - self.target.value)
        return moved


@dataclass(eq=False)
class Search:
    """One policy on its way to the target: settings tried in this phase, and the figure of each."""

    policy: Policy
    target: CommonTarget
    guess: float | None = None
    straight: float = STRAIGHT
    tried: dict[float, float] = field(default_factory=dict)
    place: float | None = None
    outcome: Outcome | None = None
    slope: float | None = None
    """Of the pilot's step to the target, height a setting."""
    near: bool = False
    """The place, and a setting below it, have been asked for."""
    beside: dict[float, Array] = field(default_factory=dict)
    """Means of measures that are looked at beside the target, at the settings tried in this phase."""
    pilot: tuple[dict[float, float], dict[float, Array]] = field(default_factory=lambda: ({}, {}))
    """What was tried in the pilot, once that is over, and the measures beside it."""

    def __post_init__(self) -> None:
        self.buffer = self.policy.buffer()
        if self.guess is None:
            self.guess = self.buffer.amount or START * self.buffer.most

    @property
    def _points(self) -> tuple[list[float], list[float]]:
        places = sorted(self.tried)
        return places, [self.target.height(self.tried[place]) for place in places]

    @property
    def _height(self) -> float:
        return self.target.height(self.target.value)

    # --- pilot: where about the first crossing is ---

    def first_settings(self) -> list[float]:
        """None, the guess, and twice as much."""
        assert self.guess is not None
        guess = min(max(self.guess, ONE_SETTING * self.buffer.most), self.buffer.most)
        return sorted({0.0, guess, min(2 * guess, self.buffer.most)})

    def wanted(self) -> list[float]:
        """Settings to be tried next; nothing once the place is known or out of reach."""
        places, heights = self._points
        if not places:
            return self.first_settings()
        if heights[0] >= self._height:
            self.place, self.outcome = 0.0, Outcome.ABOVE
            return []
        step = first_crossing(places, heights, self._height)
        if step:
            self.place, self.outcome = step.place, Outcome.REACHED
            return [] if self._straight(step, WIDE, NEAR_TARGET / 2) else [step.trial]
        top = int(np.argmax(heights))
        self.place, self.outcome = places[top], Outcome.OUT_OF_REACH
        most = self.buffer.most
        if top == len(places) - 1:
            return [] if places[top] >= most else sorted({min(2 * places[top], most), min(4 * places[top], most)})
        around = [(places[top] + places[k]) / 2 for k in (top - 1, top + 1)]
        return [] if self._near(places[top + 1] - places[top - 1]) else around

    def _straight(self, step: Crossing, rise: float, near: float) -> bool:
        """Tell if a step rises so little, is so narrow, or ends so near to the target that a straight line does."""
        ends = [self.target.height(self.tried[end]) - self._height for end in (step.low, step.high)]
        return step.rise <= rise or self._near(step.high - step.low) or min(map(abs, ends)) <= near

    def _near(self, apart: float) -> bool:
        return apart <= ONE_SETTING * self.buffer.most

    # --- few replications, which the pilot takes all: the place and the setting in one go ---

    def wanted_of_few(self) -> list[float]:
        """Settings to be tried next: once the first crossing is known, its place on a straight line and one below."""
        if self.near:
            return self.last_wanted()
        wanted = self.wanted()
        step = first_crossing(*self._points, self._height)
        if step is None:
            return wanted
        self.near = True
        below = step.place - BENT * (step.high - step.low) / step.rise
        around = {max(below, step.low), step.place} - self.tried.keys()
        return [] if self._straight(step, self.straight, EXACT) else sorted(around)

    # --- on all replications: the setting ---

    def about_guess(self) -> list[float]:
        """Settings on either side of the guess, where others tell about where the place is."""
        assert self.guess is not None
        self.place, self.outcome = min(self.guess, self.buffer.most), Outcome.REACHED
        apart = max(2 * ONE_SETTING * self.buffer.most, AROUND * self.place)
        return sorted({max(self.place - apart, 0.0), min(self.place + apart, self.buffer.most)})

    def narrowed(self) -> list[float]:
        """The place that the pilot found, whose slope there tells what a small miss comes to; from here on all replications count."""
        assert self.place is not None
        if self.outcome is Outcome.OUT_OF_REACH:
            wanted = {self.place}
        elif self.outcome is Outcome.ABOVE:
            wanted = {0.0, self._apart() / 2}
        else:
            step = first_crossing(*self._points, self._height)
            self.slope = step.rise / (step.high - step.low) if step else None
            wanted = {self.place}
        self.pilot = self.tried, self.beside
        self.tried, self.beside = {}, {}
        return sorted(wanted)

    def _apart(self) -> float:
        """The distance between settings that lie so far apart in height as `NEAR_TARGET` says, by the pilot's points about the place."""
        places, heights = self._points
        assert self.place is not None
        least = ONE_SETTING * self.buffer.most
        low = max((k for k, place in enumerate(places) if place <= self.place - least), default=0)
        high = min((k for k, place in enumerate(places) if place >= self.place + least), default=len(places) - 1)
        slope = (heights[high] - heights[low]) / (places[high] - places[low])
        apart = NEAR_TARGET / slope if slope > 0 else float("inf")
        return min(max(apart, least), self.buffer.most / 8)

    def last_wanted(self) -> list[float]:
        """Settings still to be tried on all replications."""
        places, heights = self._points
        if self.slope and len(places) == 1:
            miss = self._height - heights[0]
            self.place = min(max(places[0] + miss / self.slope, 0.0), self.buffer.most)
            over = min(max(places[0] + BEYOND * miss / self.slope, 0.0), self.buffer.most)
            return [] if abs(miss) <= LEANT or self._near(abs(over - places[0])) else [over]
        step = first_crossing(places, heights, self._height)
        if step:
            self.place, self.outcome = step.place, Outcome.REACHED
            return [] if self._straight(step, self.straight, EXACT) else [step.trial]
        if heights[0] >= self._height and places[0] == 0.0:
            self.place, self.outcome = 0.0, Outcome.ABOVE
            return []
        if self.outcome is Outcome.OUT_OF_REACH and max(heights) < self._height:
            return []
        if max(heights) < self._height and int(np.argmax(heights)) < len(places) - 1:
            self.place, self.outcome = places[int(np.argmax(heights))], Outcome.OUT_OF_REACH
            return []
        further = beyond(places, heights, self._height, 0.0, self.buffer.most)
        if further in self.tried:
            self.place, self.outcome = further, Outcome.OUT_OF_REACH
            return []
        self.place = further
        return [further]

    def found(self, beside: Sequence[str] = ()) -> Tuned:
        """The policy at its setting, and the prices of the measures that were looked at beside the target."""
        assert self.place is not None
        assert self.outcome is not None
        return Tuned(
            self.policy.with_buffer(self.place),
            self.policy,
            self.buffer,
            self.target,
            self.place,
            self.outcome,
            tuple(sorted(self.tried.items())),
            prices=dict(zip(beside, prices.tolist(), strict=True)) if (prices := self.prices()).size else {},
        )

    def prices(self) -> Array:
        """Tell how each measure beside the target moves with it; nothing if no two settings tell.

        From the setting tried nearest to the place to the next one that is told apart from it, on all replications or else in
        the pilot.
        """
        place, height = self.place, self.target.height
        assert place is not None
        for tried, beside in ((self.tried, self.beside), self.pilot):
            nearest, *others = sorted(beside, key=lambda setting: abs(setting - place)) or [place]
            for other in others:
                if abs(height(tried[other]) - height(tried[nearest])) >= TOLD_APART:
                    return np.asarray((beside[other] - beside[nearest]) / (tried[other] - tried[nearest]))
        return np.zeros(0)


def tuned_to(
    scenario: Scenario,
    policies: Sequence[str | Path | Policy | Mapping[str, Any]],
    target: CommonTarget | str | Mapping[str, Any],
    replications: int | Sequence[int] | None = None,
    seed: int | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    guesses: Mapping[str, float] | None = None,
    hands: Backend | None = None,
    beside: Sequence[str] = (),
) -> list[Tuned]:
    """Set the buffer of each policy so that it reaches the target on these replications: the least setting that does.

    Settings of a policy are run side by side in the same luck, few replications first; `guesses` say by a policy's name where
    to begin; `beside` names measures of which the price of the target is told. To be scored on luck that no setting was chosen by,
    take other replications (`fresh_numbers`).
    """
    may_start_workers("tuned_to", workers)
    aim = target_of(target)
    numbers = enough(replication_numbers(replications, scenario.experiment.replications))
    seed = scenario.experiment.seed if seed is None else seed
    searches = [
        Search(scenario.policy(choice), aim, (guesses or {}).get(scenario.policy(choice).name)) for choice in policies
    ]
    with nullcontext(hands) if hands else crew(workers) as helpers:
        bench = Bench(scenario, aim, seed, helpers, progress, expected_runs(len(searches), len(numbers)), beside)
        settle(searches, bench, numbers)
        found = [search.found(beside) for search in searches]
        return [
            replace(one, binds=what_binds(scenario, one.policy, fresh_numbers(numbers), seed))
            if one.outcome is Outcome.OUT_OF_REACH
            else one
            for one in found
        ]


Case = tuple[Scenario, Policy]
"""A policy and the scenario that it is run in."""


def brought_to(
    target: CommonTarget,
    cases: Mapping[str, Case],
    numbers: Sequence[int],
    seed: int,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    hands: Backend | None = None,
    beside: Sequence[str] = (),
) -> dict[str, Tuned]:
    """Set the buffer of each case to the target, the policies of a scenario side by side; see `tuned_to`."""
    found: dict[str, Tuned] = {}
    for scenario in {id(scenario): scenario for scenario, _ in cases.values()}.values():
        mine = {name: policy for name, (one, policy) in cases.items() if one is scenario}
        tell = progress and partial(_told_of_all, progress, len(found), len(mine), len(cases))
        policies = [*mine.values()]
        settings = tuned_to(scenario, policies, target, numbers, seed, workers, tell, hands=hands, beside=beside)
        found |= zip(mine, settings, strict=True)
    return {name: found[name] for name in cases}


def _told_of_all(
    progress: Callable[[int, int], None], before: int, share: int, whole: int, done: int, total: int
) -> None:
    """Pass on how far one scenario is as part of all of them."""
    progress(before * total + done * share, whole * total)


def settle(searches: Sequence[Search], bench: Bench, numbers: Sequence[int]) -> None:
    """Find the setting of each search: where about by a pilot, then on all replications.

    Where the pilot takes all replications, each search goes on as soon as its own settings are known.
    """
    pilot = pilot_of(numbers)
    if len(pilot) == len(numbers):
        teams = [[searches[k] for k in places] for places in alike([search.policy for search in searches])]
        return bench.hold([bench.rounds([(one, one.wanted_of_few) for one in team], numbers) for team in teams])
    bench.hold([_by_pilot(searches, bench, pilot, numbers)])


def _by_pilot(searches: Sequence[Search], bench: Bench, pilot: Sequence[int], numbers: Sequence[int]) -> Talk:
    yield from bench.rounds([(search, search.wanted) for search in searches], pilot)
    yield from bench.tries([(search, search.narrowed()) for search in searches], numbers)
    yield from bench.rounds([(search, search.last_wanted) for search in searches], numbers)


def settle_from_guesses(searches: Sequence[Search], bench: Bench, numbers: Sequence[int]) -> None:
    """Find the setting of each search about a guess, on all replications at once."""
    bench.hold([_from_guesses(searches, bench, numbers)])


def _from_guesses(searches: Sequence[Search], bench: Bench, numbers: Sequence[int]) -> Talk:
    yield from bench.tries([(search, search.about_guess()) for search in searches], numbers)
    yield from bench.rounds([(search, search.last_wanted) for search in searches], numbers)


def pilot_of(numbers: Sequence[int]) -> list[int]:
    """Replications on which the place is narrowed down."""
    return list(numbers)[: max(LEAST_PILOT, len(numbers) // PILOT)]


def fresh_numbers(numbers: Sequence[int]) -> list[int]:
    """As many replications that none of these is: the luck on which settings found on these are scored."""
    return [max(numbers) + 1 + k for k in range(len(numbers))]


def expected_runs(policies: int, replications: int) -> int:
    """Count the replications, over all settings, that a search usually takes."""
    return policies * (4 * min(max(LEAST_PILOT, replications // PILOT), replications) + 2 * replications)


def enough(numbers: list[int]) -> list[int]:
    """Refuse to set a buffer by the luck of a single replication."""
    if len(numbers) < 2:
        raise ScenarioError(msg("replications is {n}; a comparison at equal service needs at least 2", n=len(numbers)))
    return numbers


@dataclass
class Bench:
    """Runs settings of several policies side by side, and tells how far it is."""

    scenario: Scenario
    target: CommonTarget
    seed: int
    hands: Backend
    progress: Callable[[int, int], None] | None = None
    expected: int = 0
    beside: Sequence[str] = ()
    """Measures to look at beside the target, of which each search tells the price."""
    done: int = 0

    def hold(self, talks: Sequence[Talk]) -> None:
        """Have searches try what they ask for, all on the same luck, until they are done."""
        answer(talks, self.scenario, self.seed, [self.target.name, *self.beside], self.hands)

    def rounds(self, searches: Sequence[tuple[Search, Callable[[], list[float]]]], numbers: Sequence[int]) -> Talk:
        """Ask each search for settings and try them, until none asks for more."""
        for _ in range(ROUNDS_OF_SETTINGS):
            wanted = [(search, ask()) for search, ask in searches]
            if not any(settings for _, settings in wanted):
                return
            yield from self.tries(wanted, numbers)
        for _, ask in searches:
            ask()

    def tries(self, wanted: Sequence[tuple[Search, list[float]]], numbers: Sequence[int]) -> Talk:
        """Try settings of searches that are new to them."""
        tries = [(search, place) for search, settings in wanted for place in settings if place not in search.tried]
        found = yield [search.policy.with_buffer(place) for search, place in tries], numbers
        for (search, place), figures in zip(tries, found, strict=True):
            search.tried[place] = _mean(figures[0], search)
            if self.beside:
                means = [known.mean() if (known := _known(each)).size else np.nan for each in figures[1:]]
                search.beside[place] = np.array(means)
        self.done += len(tries) * len(numbers)
        if self.progress and self.expected:
            self.progress(min(self.done, self.expected), self.expected)


def _known(figures: Array) -> Array:
    """Figures of the replications in which there is one."""
    return figures[np.isfinite(figures)]


def _mean(figures: Array, search: Search) -> float:
    """The mean over replications; a measure that is never there is no target."""
    known = _known(figures)
    if not len(known):
        raise ScenarioError(
            msg(
                "policy {name} gives no {measure} here; name another target",
                name=repr(search.policy.name),
                measure=search.target.name,
            )
        )
    return float(known.mean())
