"""Work for the desk for a class: plans that clash, options, the days, what came true, scores and luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dashboard.classroom.room import Class, month_stamp
from simulator.classroom.meeting import Card, cards, issues, simulate_ahead
from simulator.classroom.review import after, days_of_round, review
from simulator.classroom.roles import Cell, Section, Sheet
from simulator.classroom.screens import board, last_section
from simulator.classroom.state import COLLISION, DAYS, DEBRIEF, MEETING, OPEN, PLAN, REVIEW, State
from simulator.kernel.messages import msg
from simulator.results.reading.last_month import last_month
from simulator.results.reading.month import Month

if TYPE_CHECKING:
    from simulator.classroom.debrief.luck import Luck
    from simulator.classroom.debrief.screens import TeamDebrief
    from simulator.classroom.scoring import Score

Stamped = tuple[Any, ...]

TEAMS_AT_ONCE = 6
"""Teams whose options are simulated one behind the other before others have their turn."""


def plans_stamp(state: State, team: str) -> Stamped:
    """All that the meeting of a team depends on: the month, and all that was submitted for it."""
    found = state.teams[team]
    sent = sorted((at[1], sorted(v.items())) for at, v in found.submitted.items() if at[0] == state.round)
    return (*month_stamp(state), repr(sent))


def over_stamp(state: State) -> Stamped:
    """All that the end of a month depends on: decisions are taken, and nothing changes them any more."""
    return (*month_stamp(state), state.phase in (DAYS, REVIEW, DEBRIEF))


def clash(room: Class, team: str) -> dict[str, Section] | None:
    """The issues of a meeting by their names, among them the plans of all roles in one picture."""
    found: dict[str, Section] | None = room.desk.ask(
        ("clash", team), plans_stamp(room.state, team), lambda: issues(room.back, team)
    )
    return found


def options(room: Class, team: str) -> list[Card] | None:
    """The options of a team's meeting, with one of its own if it drew one up: in as many futures as are there by now."""
    own = room.drafts.get((team, month_stamp(room.state)))
    stamp = (*plans_stamp(room.state, team), repr(own), room.state.teams[team].vetoes.get(room.state.round))
    first: list[Card] | None = room.desk.ask(
        ("cards", team), stamp, lambda: cards(room.back, team, own, room.back.playing.at_first)
    )
    if first is None:
        return None
    every: list[Card] | None = room.desk.ask(("all cards", team), stamp, lambda: cards(room.back, team, own))
    return every or first


def draft(room: Class, team: str, values: Mapping[str, float]) -> None:
    """Let an option of the team's own be worked out; it is a draft until the team commits to it."""
    room.drafts = {at: kept for at, kept in room.drafts.items() if at[1] == month_stamp(room.state)}
    room.drafts[team, month_stamp(room.state)] = room.front.checked(team, room.state.round, values)


def days_running(room: Class, team: str) -> dict[str, Any] | None:
    """The days of the month, for a picture that moves."""
    found: dict[str, Any] | None = room.desk.ask(
        ("days", team), over_stamp(room.state), lambda: days_of_round(room.back, team)
    )
    return found


def came_true(room: Class, team: str) -> list[Section] | None:
    """Facts of the month against plans, and the team's own way so far."""
    found: list[Section] | None = room.desk.ask(
        ("review", team), over_stamp(room.state), lambda: [*review(room.back, team), own_way(room, team)]
    )
    return found


def own_way(room: Class, team: str) -> Section:
    """A team's own figures, month by month."""
    game = room.back
    round = game.state.round
    morning = after(game, team, round)
    rows = []
    figures: list[Any] = []
    for k in range(1, round + 1):
        last = last_month(Month(morning.books, game.lesson.month(k) + 1, morning.lane))
        if last is not None:
            figures = list(last_section(last).figures)
            cells = [Cell(f.value, f.alarm, share=f.percent) for f in figures]
            rows.append((msg("Round {n}", n=k), cells))
    columns = [f.label if f.percent else msg("{figure}, {unit}", figure=f.label, unit=f.unit) for f in figures]
    return Section(msg("Your own way so far"), tables=[Sheet(msg("Month by month"), columns, rows)])


def team_board(room: Class, team: str) -> list[Section] | None:
    """The board of a team in this phase."""
    phase = room.state.phase
    if phase in (COLLISION, MEETING) and not room.state.silence:
        found_of = clash(room, team)
        return None if found_of is None else [*found_of.values()]
    if phase in (DAYS, REVIEW):
        return came_true(room, team)
    return report_of(room, team)


def report_of(room: Class, team: str) -> list[Section] | None:
    """The report of last month, with which a round begins."""
    found: list[Section] | None = room.desk.ask(
        ("board", team), month_stamp(room.state), lambda: board(room.back, team)
    )
    return found


def scores(room: Class) -> list[Score] | None:
    """The scores of all teams and policies."""
    from simulator.classroom.scoring import class_scores

    state = room.state  # the months that settle count from the debrief on, so that the last month's scores are others
    stamp = (*over_stamp(state), state.phase == DEBRIEF, repr(state.weights))
    found: list[Score] | None = room.desk.ask(("scores",), stamp, lambda: class_scores(room.back))
    return found


def luck(room: Class) -> list[Luck] | None:
    """Outcomes of each team, over the box of what its decisions were worth: in as many other lucks as have been replayed."""
    from simulator.classroom.debrief.luck import batches, in_other_lucks, together, told_by

    stamp, game = over_stamp(room.state), room.back
    numbers: list[list[int]] | None = room.desk.ask(("luck", "lucks"), stamp, lambda: batches(game))
    parts: list[dict[str, Any]] = []
    for k, batch in enumerate(numbers or ()):
        found = room.desk.ask(("luck", f"{k}"), stamp, lambda batch=batch: in_other_lucks(game, batch))
        if found is None:
            break
        parts.append(found)
    if not parts:
        return None
    told = ("luck", "told")
    there: list[Luck] | None = room.desk.ask(told, (*stamp, len(parts)), lambda: told_by(game, together(iter(parts))))
    return there or room.desk.last(told, stamp)


def debrief_of_team(room: Class, team: str) -> TeamDebrief | None:
    """The debrief of a team but for its luck: decisions, broken plans, private plans, biases, the bridge."""
    from simulator.classroom.debrief.broken import look_back
    from simulator.classroom.debrief.screens import debrief_of

    stamp, game = over_stamp(room.state), room.back
    again = room.desk.ask(("again",), stamp, lambda: look_back(game))
    if again is None:
        return None
    found: TeamDebrief | None = room.desk.ask(("debrief", team), stamp, lambda: debrief_of(game, team, again))
    return found


def prepare(room: Class) -> None:
    """Have ready what phones and wall are about to ask for, and let robots play."""
    state = room.state
    people = [team for team in state.teams if any(p.team == team and p.here for p in state.players.values())]
    if state.phase in OPEN and state.phase not in ("report",):
        room.desk.ask(("robots",), (*month_stamp(state), state.phase == PLAN), lambda: _robots(room))
    if state.phase == DEBRIEF:
        if scores(room) is None or luck(room) is None:
            return
        for team in dict.fromkeys([*([state.wall] if state.wall else []), *people, *state.teams]):
            debrief_of_team(room, team)
    for team in people:
        if state.phase in (COLLISION, MEETING) and not state.silence:
            clash(room, team)
    if state.phase in (PLAN, COLLISION, MEETING) and not state.silence:
        _ahead(room, [team for team in people if state.round not in state.teams[team].committed])
    for team in people:
        if state.phase in (COLLISION, MEETING) and not state.silence and state.round not in state.teams[team].committed:
            options(room, team)
        if state.phase in (DAYS, REVIEW):
            days_running(room, team)
            came_true(room, team)


def _ahead(room: Class, teams: Sequence[str]) -> None:
    """Simulate options of some teams at a time while plans are written and clashes looked at, so that a meeting need not wait.

    In the first futures for everybody, then in all.
    """
    asked: list[tuple[str, Stamped]] = []
    for k in range(0, len(teams), TEAMS_AT_ONCE):
        some = teams[k : k + TEAMS_AT_ONCE]
        stamp = (
            *month_stamp(room.state),
            *(plans_stamp(room.state, team) for team in some if room.state.all_submitted(team)),
        )
        asked.append((f"{k}", stamp))
        room.desk.ask(
            ("ahead", f"{k}"), stamp, lambda some=some: simulate_ahead(room.back, some, room.back.playing.at_first)
        )
    if all(room.desk.is_there(("ahead", name), stamp) for name, stamp in asked):
        for name, stamp in asked:
            some = teams[int(name) : int(name) + TEAMS_AT_ONCE]
            room.desk.ask(("all ahead", name), stamp, lambda some=some: simulate_ahead(room.back, some))


def _robots(room: Class) -> bool:
    from simulator.classroom.robots import let_robots_play

    let_robots_play(room.back)
    return True
