"""Decisions by what was visible when they were taken, and by what came; and the game without one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simulator.classroom.fields import DECIDES, unit_of
from simulator.classroom.game import Game
from simulator.classroom.meeting import SCORE_OF_PROFIT, worth_of
from simulator.classroom.playing import History, Playing, in_order
from simulator.classroom.scoring import measured, rounds_over
from simulator.engine.decided import WHOLE_COMPANY
from simulator.kernel.messages import Text, listed, msg, number
from simulator.kernel.units import DAYS_A_YEAR
from simulator.planning.decisions import Decision


@dataclass(frozen=True)
class Ghost:
    """A team's game without one thing that it decided: what the decision brought in its own luck."""

    team: str
    round: int
    what: str
    about: Text
    profit: float  # economic profit that the decision brought over the scored months; below 0 it cost so much
    service: float  # points of the fill rate
    whole: bool = False  # all that was decided in the round, not one thing of it


@dataclass(frozen=True)
class Regret:
    """A round's commitment against the best of the options that the team had, in economic profit."""

    team: str
    round: int
    best: str
    about: Text
    regret: float


def decision_in_words(playing: Playing, decision: Decision) -> Text:
    """A decision as its field is called."""
    labels = {each.kind: each.label for each in DECIDES}
    about: Text = msg("the company") if decision.name == WHOLE_COMPANY else decision.name
    places = 2 if 0 < abs(decision.amount) < 1 else 0
    return msg(
        "{what} ({about}), {month}: {amount} {unit}",
        what=labels[decision.kind],
        about=about,
        month=playing.scenario.days.month_name(decision.month),
        amount=number(decision.amount, places),
        unit=unit_of(decision.kind, playing.scenario.company.currency),
    )


def all_in_words(playing: Playing, option: History) -> Text:
    """All that an option decides."""
    if not option:
        return msg("as recommended")
    return msg("{all}", all=listed((decision_in_words(playing, each) for each in option), "; "))


def of_a_year(playing: Playing) -> float:
    """The scored months as a share of a year."""
    days = playing.scenario.days
    first, end = (int(days.month_start[m]) for m in (playing.scenario.experiment.warm_up, days.months))
    return (end - first) / DAYS_A_YEAR


def options_then(game: Game, team: str, round: int) -> list[History]:
    """The options that a team had in a round: what it committed to, the recommendation, and the plans as submitted."""
    state, playing = game.state, game.playing
    taken = playing.decisions(round, state.teams[team].in_force(round).values)
    return list(dict.fromkeys([taken, (), playing.decisions(round, state.teams[team].together(round))]))


def ghosts(game: Game, team: str) -> list[Ghost]:
    """A team's game again without each of its decisions, and without each round's, on its own luck; the dearest first."""
    playing, over = game.playing, rounds_over(game.state)
    mine = game.history(team, over + 1)
    without: list[tuple[int, History]] = []
    for round in range(1, over + 1):
        taken = options_then(game, team, round)[0]
        without += [(round, (decision,)) for decision in taken]
        without += [(round, taken)] if len(taken) > 1 else []
    left = [tuple(d for d in mine if d not in gone) for _, gone in without]
    found, share = playing.whole([mine, *left]), of_a_year(playing)
    own, told = measured(found[mine]), []
    for (round, gone), history in zip(without, left, strict=True):
        ghost = measured(found[history])
        profit, service = (own[name] - ghost[name] for name in (SCORE_OF_PROFIT, "fill_rate"))
        whole, what = len(gone) > 1, " + ".join(map(str, gone))
        about = msg("all that was decided in this round") if whole else decision_in_words(playing, gone[0])
        told.append(Ghost(team, round, what, about, share * profit, service, whole))
    return sorted(told, key=lambda ghost: ghost.profit)


def regrets(game: Game, team: str) -> Iterator[Regret]:
    """Each round's commitment against the best option, by the mean of the futures that were possible that morning."""
    playing = game.playing
    for round in range(1, rounds_over(game.state) + 1):
        options = options_then(game, team, round)
        worth = [each.profit for each in worth_of(playing, round, game.history(team, round), options)]
        yield _regret(playing, team, round, dict(zip(options, worth, strict=True)))


def hindsight(game: Game, team: str) -> Iterator[Regret]:
    """Each round's commitment against the best option, by what came: nobody could know that."""
    playing, over = game.playing, rounds_over(game.state)
    mine, share = game.history(team, over + 1), of_a_year(playing)
    instead: dict[int, dict[History, History]] = {}
    for round in range(1, over + 1):
        options = options_then(game, team, round)
        rest = [d for d in mine if d not in options[0]]
        instead[round] = {option: in_order([*rest, *option]) for option in options}
    found = playing.whole([history for each in instead.values() for history in each.values()])
    worth = {history: share * measured(books)[SCORE_OF_PROFIT] for history, books in found.items()}
    for round, each in instead.items():
        yield _regret(playing, team, round, {option: worth[history] for option, history in each.items()})


def _regret(playing: Playing, team: str, round: int, worth: dict[History, float]) -> Regret:
    """The best option, and what was missed by not taking it; the first option is the one that was taken."""
    taken = next(iter(worth))
    best = max(worth, key=lambda option: worth[option])
    told = "" if best == taken else " + ".join(map(str, best))
    return Regret(team, round, told, all_in_words(playing, best), worth[best] - worth[taken])
