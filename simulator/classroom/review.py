"""The end of a round: the days as they ran by, plan against actual, cause by cause and action by action."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.classroom.fields import Prefilled
from simulator.classroom.game import Game
from simulator.classroom.log import RefusedError
from simulator.classroom.playing import Morning
from simulator.classroom.roles import ISSUES, ROLES, STATEMENT, Cell, Section, Sheet
from simulator.classroom.screens import last_section
from simulator.classroom.state import Action, Team
from simulator.kernel.messages import Message, Text, msg, number
from simulator.results.reading.last_month import LastMonth, last_month
from simulator.results.reading.lost import Cause, LostTo
from simulator.results.reading.month import Month

DONE, DONE_LATE, OPEN_STILL, DROPPED = "done", "late", "open", "dropped"
"""What became of an action: done by its round, done later, not yet due, or overdue and not done."""

HALF_A_UNIT = 0.5
"""Goods of which less is missing are shown as none."""


@dataclass(frozen=True)
class ActionState:
    """An action of a team and its state."""

    action: Action
    state: str


def after(game: Game, team: str, round: int) -> Morning:
    """The books of a team once the month of a round is over."""
    state = game.state
    if not 1 <= round <= state.round or (round == state.round and state.phase not in ("days", "review", "debrief")):
        raise RefusedError(msg("round {round} is not over yet", round=str(round)))
    mine = game.history(team, round + 1)
    every = [game.history(name, round + 1) for name in state.teams]
    return game.playing.mornings(round + 1, every)[mine]


def review(game: Game, team: str, round: int | None = None) -> list[Section]:
    """Tell what came true in a round, this one if none is named: against plan, by cause, by role, and of actions."""
    played = game.state.round if round is None else round
    morning = after(game, team, played)
    last = last_month(Month(morning.books, morning.month, morning.lane))
    assert last is not None
    found = game.state.teams[team]
    return [
        last_section(last),
        Section(msg("Not served, and why"), [*causes(last)]),
        Section(msg("Expected and come"), tables=[expected_and_come(last, expected_by_sales(game, team, played))]),
        actions_section(found, played),
    ]


def causes(last: LastMonth) -> Iterator[Text]:
    """A sentence for each cause of what was not served on the day, the largest first."""
    lost = [each for each in last.lost_to if each.served >= HALF_A_UNIT]
    if not lost:
        yield msg("All that was due was served on the day.")
    for each in sorted(lost, key=lambda one: -one.served):
        yield cause_in_words(each)


def cause_in_words(lost: LostTo) -> Message:
    """Say what was not served on the day, and why."""
    n = number(lost.served)
    if lost.cause == Cause.PARTS:
        return msg("{n} units were not served on the day since {part} was missing.", n=n, part=lost.name)
    if lost.cause == Cause.HOURS:
        return msg("{n} units were not served on the day since {resource} had no hours left.", n=n, resource=lost.name)
    told = {
        Cause.PURCHASES: msg("{n} units were not served on the day since bought goods came late.", n=n),
        Cause.QUALITY: msg("{n} units were not served on the day since more turned out bad than planned.", n=n),
        Cause.DEMAND: msg("{n} units were not served on the day since customers wanted more than planned.", n=n),
        Cause.RECORDS: msg(
            "{n} units were not served on the day since the record held goods that were not there.", n=n
        ),
        Cause.PLAN: msg("{n} units were not served on the day since the plan did not make or buy them in time.", n=n),
    }
    return told[lost.cause]


def expected_by_sales(game: Game, team: str, round: int) -> dict[str, float]:
    """Demand of a round's month as sales submitted it, family by family; as it was recommended where they left it alone."""
    every = [game.history(name, round) for name in game.state.teams]
    morning = game.playing.mornings(round, every)[game.history(team, round)]
    said = game.state.teams[team].submitted.get((round, "sales"), {})
    ends = f"@{game.lesson.month(round) + 1}"
    fields = [f for f in Prefilled(game.playing, morning).fields() if f.role == "sales" and f.does == STATEMENT]
    return {str(f.about): said.get(f.key, f.default or 0.0) for f in fields if f.key.endswith(ends)}


def expected_and_come(last: LastMonth, expected: Mapping[str, float]) -> Sheet:
    """Demand as sales expected it at the start of the month, as it was planned before, and as it came."""
    rows = []
    for k, family in enumerate(last.now.families):
        said, came = expected[family], float(last.sales[k])
        rows.append((family, [Cell(said), Cell(float(last.planned_sales[k])), Cell(came), Cell(came - said)]))
    columns = [msg("Sales expected"), msg("Planned before"), msg("Came"), msg("More than expected")]
    return Sheet(msg("Demand of the month"), columns, rows, msg("units"))


def actions_of(team: Team, round: int) -> list[ActionState]:
    """The actions of a team, and what has become of them by the end of a round."""
    raised = [action for c in team.committed.values() for action in c.actions if action.raised <= round]
    return [ActionState(action, _state(team, action, round)) for action in sorted(raised, key=lambda a: a.number)]


def _state(team: Team, action: Action, round: int) -> str:
    """An action is done when it is reported done, or when what it is about has been decided."""
    rounds = [team.done[action.number]] if action.number in team.done else []
    about = action.field.split("@")[0]
    for round_of, c in team.committed.items():
        if about and round_of >= action.raised and any(key.split("@")[0] == about for key in c.values):
            rounds.append(round_of)
    rounds = [r for r in rounds if r <= round]
    if rounds:
        return DONE if min(rounds) <= action.due else DONE_LATE
    return OPEN_STILL if round < action.due else DROPPED


def actions_table(team: Team, round: int) -> Sheet:
    """The register of a team's actions."""
    states: dict[str, Text] = {
        DONE: msg("done in time"), DONE_LATE: msg("done late"), OPEN_STILL: msg("not yet due"), DROPPED: msg("not done"),
    }  # fmt: skip
    rows = []
    for each in actions_of(team, round):
        said = Cell(states[each.state], each.state in (DONE_LATE, DROPPED))
        rows.append((each.action.text, [Cell(ROLES[each.action.owner].title), Cell(float(each.action.due)), said]))
    return Sheet(msg("Register of actions"), [msg("Owner"), msg("Due in round"), msg("State")], rows)


def actions_section(team: Team, round: int) -> Section:
    """The register of a team's actions, or that there are none."""
    if not actions_of(team, round):
        return Section(ISSUES["actions"], [msg("No actions have been agreed so far.")])
    return Section(ISSUES["actions"], tables=[actions_table(team, round)])


def days_of_round(game: Game, team: str, round: int | None = None) -> dict[str, Any]:
    """The days of a round's month, for a picture that moves: by family demand, shipped, made, stock and owed of each day."""
    played = game.state.round if round is None else round
    morning = after(game, team, played)
    month = Month(morning.books, morning.month - 1, morning.lane)
    first, end = month.span(morning.month - 1)
    books, n, lane = morning.books, month.n, morning.lane
    found: dict[str, Any] = {
        "days": [month.days.date(day).isoformat() for day in range(first, end)],
        "families": n.families,
    }
    orders = {"demand": books.flows["due"], "owed": books.closing["backlog"]}
    goods = {"made": books.flows["received"], "stock": books.closing["on_hand"], "shipped": books.flows["shipped"]}
    for name, book in orders.items():
        found[name] = month.by_family(book[first:end, ..., lane].sum(axis=1)).tolist()
    for name, book in goods.items():
        found[name] = month.by_family(np.ascontiguousarray(book[first:end, n.sold, lane])).tolist()
    return found
