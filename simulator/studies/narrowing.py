"""Close in on the least value of an entry at which the service surely is at the target or above."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from simulator.studies.optimum import Aim
from simulator.studies.search_space import SearchSpace
from simulator.studies.trials import Trials
from simulator.theory.crossing import first_crossing, logit
from simulator.theory.statistics import mean_interval

INSIDE = 4
"""Values tried inside an interval that is cut evenly, the first of them the whole range."""

FINE = 1 / 125
"""Share of the range down to which the step up to the target is narrowed: twice a fifth of the first fifth."""

ABOUT = (-2.25, -1.35, -0.45, 0.45, 5.0)
"""Where values are tried about the place at which a line crosses the target, in fine steps: mostly below it, since service rises
fastest at first and is above the line; the last is one to be safe with."""

SURELY = 0.999
"""Confidence with which a value does worse than the one below it before none above is tried."""


def narrow_down(trials: Trials, aim: Aim, wanted: SearchSpace, replications: int) -> None:
    """Close in on the least value of the first entry that surely reaches the target, for all choices of the others side by side.

    Values from end to end first; then about the place where a line crosses the target; where that misses twice, cut evenly.
    """
    ladders = [Ladder(trials, aim, wanted, others) for others in wanted.others()]
    for ask in LOOKS:
        asked = [(ladder, value) for ladder in ladders for value in ask(ladder)]
        settings = [{wanted.entry: value, **ladder.others} for ladder, value in asked]
        for (ladder, value), place in zip(asked, trials.add(settings, replications), strict=True):
            ladder.places[value] = place


def searched_settings(wanted: SearchSpace) -> int:
    """Count the settings that narrowing down usually tries at most."""
    return len(wanted.others()) * (2 + INSIDE + len(ABOUT))


@dataclass
class Ladder:
    """Values of the first entry that were tried with one choice of the others, by their places on the list of trials."""

    trials: Trials
    aim: Aim
    wanted: SearchSpace
    others: Mapping[str, Any]
    places: dict[Any, int] = field(default_factory=dict)

    def lower_half(self) -> list[Any]:
        """The lower half of the values from end to end, two at least."""
        values = self._from_end_to_end()
        return values[: max(2, -(-len(values) // 2))]

    def upper_half(self) -> list[Any]:
        """The upper half, unless the highest value below it reaches the target and already does worse than the one below itself."""
        rest = self._from_end_to_end()[len(self.places) :]
        return [] if rest and self._is_past_the_best() else rest

    def about_line(self) -> list[Any]:
        """Values about the place where a straight line, on the scale of log odds, crosses the target on the step up to it."""
        step = self._step()
        if step is None:
            return []
        low, high = step
        floors = [logit(self._floor(value)) for value in step]
        crossing = first_crossing(step, floors, logit(self.aim.target))
        return self.wanted.about(crossing.place if crossing else (low + high) / 2, self._fine(), ABOUT, low, high)

    def evenly(self) -> list[Any]:
        """Values inside the step up to the target, if that is not fine yet."""
        step = self._step()
        return [] if step is None else self.wanted.between(*step, INSIDE)

    def _from_end_to_end(self) -> list[Any]:
        return self.wanted.between(*self.wanted.factor.range, INSIDE)

    def _floor(self, value: Any) -> float:
        return self.aim.floor(self.trials.of(self.places[value], self.aim.service.name))

    def _reaches(self, value: Any) -> bool:
        return self._floor(value) >= self.aim.target

    def _is_past_the_best(self) -> bool:
        """Tell if the highest value tried reaches the target, and surely does worse than the one below it."""
        *_, below, top = sorted(self.places)
        gains = [self.aim.gain(self.trials.of(self.places[value], self.aim.measure.name)) for value in (below, top)]
        return self._reaches(top) and bool(mean_interval(gains[0] - gains[1], 2 * SURELY - 1).low > 0)

    def _fine(self) -> float:
        return self.wanted.step(FINE)

    def _step(self) -> tuple[Any, Any] | None:
        """The first step up to the target, from a value that does not reach it; nothing where there is none, or it is fine."""
        ups = (step for step in pairwise(sorted(self.places)) if self._reaches(step[1]) and not self._reaches(step[0]))
        low, high = next(ups, (0.0, 0.0))
        return (low, high) if high - low > self._fine() else None


LOOKS = (
    Ladder.lower_half,
    Ladder.upper_half,
    Ladder.about_line,
    Ladder.about_line,
    Ladder.evenly,
    Ladder.evenly,
)
"""What is tried one after the other; the last two bring the first step of the range, a fifth of it, down to a fine one by themselves."""
