"""The score of a team: economic profit between silo and best policy on the same luck, service, plan, actions and ranges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from simulator.classroom.fields import Prefilled
from simulator.classroom.game import Game
from simulator.classroom.lesson import RIVALS, Weights
from simulator.classroom.playing import History, Morning, Playing
from simulator.classroom.review import DONE, OPEN_STILL, actions_of
from simulator.classroom.state import DAYS, DEBRIEF, REVIEW, State, Team
from simulator.engine.books import Books
from simulator.kernel.units import Array
from simulator.results.kpis import values as measures_of

SCORED_BY = ("economic_profit", "fill_rate", "otif", "plan_attainment", "ebit_before_absorption", "lowest_cash")
"""Measures that a score needs, and those that are shown beside it."""

LOWEST, HIGHEST = -100.0, 150.0
"""Points of economic profit that a team may have: worse than silo by as much as the best is better, and beyond the best."""

SERVICE_RANGE = 0.20
"""Service that is so much below the contract's earns nothing; the contract's earns all."""

LEFT_OUT = 0.20
"""Share of months that a stated range leaves out."""


AS_GOOD = 50.0
"""Points for ranges as good as the recommended ones, which the policies are taken to state."""


@dataclass(frozen=True)
class Score:
    """Points of a team or a policy by part, 0 to 100 (economic profit beyond either way); None for what it had no part in."""

    name: str
    total: float
    parts: Mapping[str, float | None]
    measures: Mapping[str, float] = field(default_factory=dict)
    is_policy: bool = False


# --- points, each by itself ---


def profit_points(own: float, silo: float, best: float) -> float:
    """Economic profit on the scale from the fair silo, 0, to the best policy, 100."""
    if best <= silo:  # then there is no scale: as good as the silo is all that could be had
        return 100.0 if own >= silo else LOWEST
    return float(np.clip(100.0 * (own - silo) / (best - silo), LOWEST, HIGHEST))


def service_points(fill: float, target: float) -> float:
    """Service against the contract: all from its target on, nothing from 20 points below it."""
    return float(np.clip(100.0 * (fill - target + SERVICE_RANGE) / SERVICE_RANGE, 0.0, 100.0))


def plan_points(attainment: float) -> float | None:
    """The plan that was kept; None where nothing was planned."""
    return float(np.clip(100.0 * attainment, 0.0, 100.0)) if np.isfinite(attainment) else None


def action_points(states: Sequence[str]) -> float | None:
    """Actions that are done in time of those that are due; None where none is."""
    due = [state for state in states if state != OPEN_STILL]
    return 100.0 * due.count(DONE) / len(due) if due else None


def interval_score(low: float, high: float, came: float) -> float:
    """Width of a range, and what it was missed by times 2 / .2 (Winkler 1972): the less the better, in units."""
    missed = max(low - came, 0.0) + max(came - high, 0.0)
    return (high - low) + 2.0 / LEFT_OUT * missed


def range_points(own: Sequence[float], recommended: Sequence[float]) -> float | None:
    """Interval scores against those of the recommended ranges: 50 for as good, 100 for perfect, 0 for endlessly worse."""
    mine, theirs = sum(own), sum(recommended)
    if not own or mine + theirs <= 0:
        return None
    return 100.0 * theirs / (mine + theirs)


def total_points(parts: Mapping[str, float | None], weights: Weights) -> float:
    """The weighted mean of the parts that there are."""
    told = [(getattr(weights, name), points) for name, points in parts.items() if points is not None]
    whole = sum(weight for weight, _ in told)
    return float(sum(weight * points for weight, points in told) / whole) if whole else 0.0


# --- from the books ---


def class_scores(game: Game, until_round: int | None = None) -> list[Score]:
    """Score all teams and the policies that play beside them, the best first.

    Over the rounds that are over, or until one of them; once all are, over the months that settle as well. Nothing of what
    is still to come is in it.
    """
    state, playing = game.state, game.playing
    over = rounds_over(state) if until_round is None else min(until_round, rounds_over(state))
    if not over:
        return []
    played, whole = over, over == game.lesson.rounds and state.phase == DEBRIEF
    end = game.lesson.months if whole else game.lesson.month(over) + 1
    histories = {name: game.history(name, played + 1) for name in state.teams}
    found = dict(playing.whole([*histories.values()])) if histories else {}
    rivals = rival_measures(playing, end)
    told = []
    for name, history in histories.items():
        measures = measured(found[history], end)
        team = state.teams[name]
        parts = points(measures, rivals, playing) | {
            "actions": action_points([each.state for each in actions_of(team, played)]),
            "ranges": stated_ranges(playing, found[history], team, end),
        }
        told.append(Score(name, total_points(parts, state.weights), parts, measures))
    for name, measures in rivals.items():
        parts = points(measures, rivals, playing) | {"ranges": AS_GOOD if any(_ranged(playing, end)) else None}
        told.append(Score(name, total_points(parts, state.weights), parts, measures, True))
    return sorted(told, key=lambda score: -score.total)


def rounds_over(state: State) -> int:
    """Rounds whose month is over."""
    return max(state.round if state.phase in (DAYS, REVIEW, DEBRIEF) else state.round - 1, 0)


def measured(books: Books, end: int | None = None) -> dict[str, float]:
    """The measures of a run in its first lane, over the months from the first round on, or until before one."""
    experiment = books.scenario.experiment
    months = (experiment.warm_up, experiment.months if end is None else end)
    rows, found = measures_of(books, SCORED_BY, months=months)
    return {measure.name: float(figures[0]) for (measure, _), figures in zip(rows, found, strict=True)}


def rival_measures(playing: Playing, end: int | None = None) -> dict[str, dict[str, float]]:
    """The measures of the policies that play beside the teams, on the same luck."""
    for name in RIVALS:
        if name not in playing.rivals:
            playing.rivals[name] = playing.whole([()], policy=playing.file.policy(name))[()]
    return {name: measured(playing.rivals[name], end) for name in RIVALS}


def trend(game: Game, team: str) -> list[Score]:
    """A team's own score after each round that is over: all that it sees of the ranking before the end."""
    found = [class_scores(game, round) for round in range(1, rounds_over(game.state) + 1)]
    return [next(score for score in scores if score.name == team and not score.is_policy) for scores in found]


def points(
    measures: Mapping[str, float], rivals: Mapping[str, Mapping[str, float]], playing: Playing
) -> dict[str, float | None]:
    """Points of profit, service and plan."""
    profits = [each["economic_profit"] for each in rivals.values()]
    silo = rivals[RIVALS[0]]["economic_profit"]
    return {
        "profit": profit_points(measures["economic_profit"], silo, max(profits)),
        "service": service_points(measures["fill_rate"], playing.scenario.experiment.service_target),
        "plan": plan_points(measures["plan_attainment"]),
    }


def stated_ranges(playing: Playing, books: Books, team: Team, end: int) -> float | None:
    """Points for the ranges that a team stated for the month after each round, as far as it is over; those not stated are recommended."""
    own, recommended = [], []
    for round in _ranged(playing, end):
        month = playing.lesson.month(round)
        low, high = Prefilled(playing, Morning(books, 0, month, playing.day(round))).range_of_next()
        came = demand_of(books, month + 1)
        told = team.submitted.get((round, "demand"), {})
        for k, family in enumerate(playing.scenario.network.families):
            least = told.get(f"~low:{family}@{month + 2}", float(low[k]))
            most = max(told.get(f"~high:{family}@{month + 2}", float(high[k])), least)
            own.append(interval_score(least, most, float(came[k])))
            recommended.append(interval_score(float(low[k]), float(high[k]), float(came[k])))
    return range_points(own, recommended)


def _ranged(playing: Playing, end: int) -> Iterator[int]:
    """The rounds of whose next month the demand is known."""
    return (round for round in range(1, playing.lesson.rounds + 1) if playing.lesson.month(round) + 1 < end)


def demand_of(books: Books, month: int) -> Array:
    """Demand that fell due in a month, by family."""
    past = len(books.demand_by_month) - books.scenario.days.months
    return np.asarray(books.scenario.network.by_family(books.demand_by_month[past + month, :, :1])[:, 0])


def histories_of(game: Game) -> dict[str, History]:
    """Everything that each team decided, to the round that is played."""
    return {name: game.history(name, game.state.round + 1) for name in game.state.teams}
