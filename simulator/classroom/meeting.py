"""The meeting of a round: plans that clash in one picture, options simulated from today, and afterwards the facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.classroom.game import Game
from simulator.classroom.log import RefusedError
from simulator.classroom.playing import MONTHS_AHEAD, History, Option, Playing
from simulator.classroom.review import actions_section, causes
from simulator.classroom.roles import ISSUES, Field, Section
from simulator.classroom.state import PLAN
from simulator.classroom.together import Together
from simulator.engine.books import Books
from simulator.kernel.messages import Text, msg
from simulator.kernel.units import DAYS_A_YEAR, Array
from simulator.results.kpis import values as measures_of
from simulator.results.reading.last_month import last_month
from simulator.results.reading.month import Month

ARBITRARY = ("production", "overtime", "people", "subcontract")
"""What operations decides; left to the rules, the supply plan follows from the agreed demand."""

CARD_MEASURES = ("fill_rate", "ebit_before_absorption", "lowest_cash")
"""An option is told by service, EBIT and cash."""

SCORE_OF_PROFIT = "economic_profit"
"""By its mean options are compared in the debrief."""

OUTCOME_SHARES = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class CardOutcome:
    """A measure of an option over the months ahead: one future in ten is below the first figure, one in ten above the last."""

    measure: str
    label: Text
    unit: Text
    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Card:
    """An option of the meeting: the values that it decides, and its outcomes in many futures."""

    letter: str
    title: Text
    note: Text
    values: Mapping[str, float]
    outcomes: Sequence[CardOutcome]
    futures: int
    months: Sequence[str]
    vetoed: str = ""


# --- before the meeting ---


def collision(game: Game, team: str) -> list[Section]:
    """The plans of all roles in one picture: demand, hours, parts and cash, red where they clash."""
    return [*issues(game, team).values()][:4]


def issues(game: Game, team: str) -> dict[str, Section]:
    """The six issues of a meeting by their names: where plans clash, last month's service, and the actions."""
    state, morning = game.state, game.morning(team)
    found = state.copy_of_team(team)
    plans = Together(morning, found.together(state.round))
    last = last_month(plans.month)
    told: dict[str, Section] = {
        "demand": Section(ISSUES["demand"], tables=[plans.demand_table()]),
        "hours": Section(ISSUES["hours"], tables=[plans.hours_table()]),
        "parts": Section(
            ISSUES["parts"],
            [msg("Red is what no order placed today can bring in time; the rules order the rest.")],
            tables=[plans.parts_table()],
        ),
        "cash": Section(ISSUES["cash"], tables=[plans.cash_table()]),
        "service": Section(ISSUES["service"], [] if last is None else [*causes(last)]),
        "actions": actions_section(found, state.round - 1),
    }
    return told


# --- the options ---


def options_of(game: Game, team: str) -> list[tuple[str, Text, Text, dict[str, float]]]:
    """Three options: as the rules recommend, all plans as submitted, and one plan for the agreed demand or all hours there are."""
    decided = {
        k: v for k, v in game.state.copy_of_team(team).together(game.state.round).items() if not k.startswith("~")
    }
    agreed = {key: v for key, v in decided.items() if key.split(":")[0] not in ARBITRARY}
    found = [
        ("A", msg("As recommended"), msg("every department does what the rules recommend"), {}),
        ("B", msg("The plans as they are"), msg("every department does what it submitted"), decided),
    ]
    if agreed in ({}, decided):
        hours = {f.key: f.high for f in game.fields(team) if f.key.startswith("overtime:") and f.high and f.high >= 1.0}
        told = msg("as submitted, with all overtime that is allowed")
        return [*found, ("C", msg("All hours there are"), told, {**decided, **_rounded_down(hours)})]
    told = msg("demand, parts and money as submitted; production and hours follow from them")
    return [*found, ("C", msg("One plan for the agreed demand"), told, agreed)]


def _rounded_down(hours: Mapping[str, float]) -> dict[str, float]:
    return {key: float(np.floor(amount)) for key, amount in hours.items()}


def cards(game: Game, team: str, edited: Mapping[str, float] | None = None, futures: int | None = None) -> list[Card]:
    """The options of a team, and one that it edited, each simulated in the same possible futures from this morning on.

    In all futures, unless as many as come first are enough to begin with.
    """
    state = game.state
    if state.round < 1:
        raise RefusedError(msg("the first round has not begun; wait for the trainer"))
    options = options_of(game, team)
    if edited is not None:
        options.append(("D", msg("Your own"), msg("edited by the team"), game.checked(team, state.round, edited)))
    vetoes = state.teams[team].vetoes.get(state.round)
    decided = [game.playing.decisions(state.round, values) for *_, values in options]
    worth = worth_of(game.playing, state.round, game.history(team), decided, futures)
    months = Month(game.morning(team).books, game.morning(team).month, game.morning(team).lane).ahead[:MONTHS_AHEAD]
    return [
        Card(letter, title, note, values, each.outcomes, each.futures, months, vetoes[1] if vetoes and vetoes[0] == letter else "")
        for (letter, title, note, values), each in zip(options, worth, strict=True)
    ]  # fmt: skip


@dataclass(frozen=True)
class Worth:
    """An option in its futures: outcomes, and its mean economic profit over the months ahead."""

    outcomes: list[CardOutcome]
    profit: float
    futures: int


def worth_of(
    playing: Playing, round: int, history: History, options: Sequence[History], futures: int | None = None
) -> list[Worth]:
    """Options of a round after a history, each in the same possible futures; those that were simulated before are not again."""
    keep_worth(playing, round, [(history, each) for each in options], futures)
    return [_worth(playing, round, playing.kept[round, history, each]) for each in options]


def keep_worth(playing: Playing, round: int, options: Sequence[Option], futures: int | None = None) -> None:
    """Simulate options of one team or of several, side by side, in all futures or in the first; what was simulated before is not again."""
    wanted = playing.futures if futures is None else futures
    lacking: dict[int, list[Option]] = {}
    for each in dict.fromkeys(options):
        there = playing.kept.get((round, *each))
        lacking.setdefault(0 if there is None else there.shape[1], []).append(each)
    for there, some in lacking.items():
        for each, books in playing.options(round, some, range(there, wanted)) if there < wanted else ():
            new, key = _figures(books), (round, *each)
            playing.kept[key] = np.concatenate([playing.kept[key], new], axis=1) if there else new


def simulate_ahead(game: Game, teams: Sequence[str], futures: int | None = None) -> None:
    """Simulate the options of teams together before they are asked for, in all futures or in the first; while somebody's plan is still
    to come, only the one that no plan changes."""
    state, playing = game.state, game.playing
    options: list[Option] = []
    for team in teams:
        ready = state.phase != PLAN or state.all_submitted(team)
        own = [values for *_, values in options_of(game, team)] if ready else [{}]
        options += [(game.history(team), playing.decisions(state.round, values)) for values in own]
    keep_worth(playing, state.round, options, futures)


def _figures(books: Books) -> Array:
    """Measure an option's futures over the months ahead: what its card tells, and the economic profit, (measures, futures)."""
    months = (books.scenario.experiment.warm_up, books.scenario.days.months)
    return measures_of(books, [*CARD_MEASURES, SCORE_OF_PROFIT], months=months)[1]


def _worth(playing: Playing, round: int, figures: Array) -> Worth:
    """Service, EBIT and lowest cash over the months ahead: P10, P50 and P90; and the mean economic profit."""
    days, first = playing.scenario.days, playing.lesson.month(round)
    begin, end = days.month_start[[first, min(first + MONTHS_AHEAD, days.months)]]
    share = float(end - begin) / DAYS_A_YEAR
    currency = playing.scenario.company.currency
    labels = {
        "fill_rate": (msg("Served on the day"), "%", 100.0),
        "ebit_before_absorption": (msg("EBIT of these months"), currency, share),
        "lowest_cash": (msg("Lowest cash"), currency, 1.0),
    }
    told = []
    for measure, mine in zip(CARD_MEASURES, figures[:-1], strict=True):
        label, unit, factor = labels[measure]
        low, middle, high = (float(q) * factor for q in np.quantile(mine, OUTCOME_SHARES))
        told.append(CardOutcome(measure, label, unit, low, middle, high))
    return Worth(told, share * float(figures[-1].mean()), figures.shape[1])


def fields_by_key(game: Game, team: str) -> dict[str, Field]:
    """The fields of a team by their keys."""
    return {field.key: field for field in game.fields(team)}


def edited_fields(game: Game, team: str, values: Mapping[str, float]) -> Iterator[tuple[Field, float]]:
    """The fields that an option decides, with the value."""
    known = fields_by_key(game, team)
    yield from ((known[key], value) for key, value in values.items() if key in known)
