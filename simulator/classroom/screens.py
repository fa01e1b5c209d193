"""Screens of a team: a board for all of it, and for each role its own figures, news and fields."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.classroom.game import Game
from simulator.classroom.known import KNOWN
from simulator.classroom.log import RefusedError
from simulator.classroom.playing import Morning
from simulator.classroom.roles import ROLES, Cell, Figure, RoleView, Section, Sheet
from simulator.kernel.messages import Text, msg
from simulator.kernel.units import nearest
from simulator.results.reading.last_month import LastMonth, last_month
from simulator.results.reading.month import Month

BOARD = "board"

BEHIND = 0.1
"""A figure that is off its plan by more than this share stands in red."""


def role_view(game: Game, team: str, role: str) -> RoleView:
    """All that a role of a team sees in this round, and what it may fill in."""
    if role not in ROLES:
        raise RefusedError(
            msg("there is no role {name}; {hint}", name=repr(str(role)[:40]), hint=nearest(str(role), [*ROLES]))
        )
    state, found = game.state, game.state.copy_of_team(team)
    return RoleView(
        role,
        ROLES[role].title,
        ROLES[role].does,
        state.round,
        game.phase().month,
        [*news_of(game, role)],
        sections_of(game, team, role),
        [field for field in game.fields(team) if field.role == role],
        found.submitted.get((state.round, role), {}),
        not state.holders(team, role),
    )


def news_of(game: Game, role: str) -> Iterator[Text]:
    """News and rumours that a role hears in this round; nobody is told which are false."""
    state = game.state
    begin = game.lesson.dated | state.happened
    for k, round in sorted(begin.items()):
        happening = game.lesson.happenings[k]
        if round == state.round and happening.news and happening.role in ("", role):
            yield happening.news
    for rumour in game.lesson.rumours:
        if game.lesson.events and rumour.round == state.round and rumour.role == role:
            yield rumour.text


def board(game: Game, team: str) -> list[Section]:
    """The board of a team: last month against its plan."""
    return sections_of(game, team, BOARD)


def sections_of(game: Game, team: str, name: str) -> list[Section]:
    """The sections of a role or of the board on the morning of this round, which stay as they are until the next one."""
    kept, key = game.playing.kept, (game.state.round, game.history(team), name)
    if key not in kept:
        morning: Morning = game.morning(team)
        month = Month(morning.books, morning.month, morning.lane)
        last = last_month(month)
        kept[key] = [*KNOWN[name](month)] if name != BOARD else [] if last is None else [last_section(last)]
    found: list[Section] = kept[key]
    return found


def last_section(last: LastMonth) -> Section:
    """Last month against its plan, family by family."""
    target = last.now.experiment.service_target
    columns = [
        msg("Demand"),
        msg("planned"),
        msg("Made"),
        msg("planned"),
        msg("In stock"),
        msg("Owed"),
        msg("Served on the day"),
    ]
    rows = []
    for k, family in enumerate(last.now.families):
        served = float(last.fill_rate[k])
        rows.append(
            (
                family,
                [
                    Cell(float(last.sales[k])),
                    Cell(float(last.planned_sales[k])),
                    Cell(float(last.production[k]), _is_behind(last.production[k], last.planned_production[k])),
                    Cell(float(last.planned_production[k])),
                    Cell(float(last.stock[k])),
                    Cell(float(last.owed[k]), bool(last.owed[k] > 0)),
                    Cell(served, bool(served < target)),
                ],
            )
        )
    served = last.total_fill_rate
    figures = [
        Figure(msg("Served on the day"), served, "%", alarm=bool(served < target), percent=True, places=1),
        Figure(msg("EBIT of the month"), last.measured("ebit_before_absorption") / 12, last.now.currency),
        Figure(msg("Lowest cash of the month"), last.measured("lowest_cash"), last.now.currency),
    ]
    told = msg("Planned is the plan in force when the month began, before that month's decisions.")
    return Section(msg("Last month"), [told], figures, [Sheet(msg("By family"), columns, rows, msg("units"))])


def _is_behind(made: float, planned: float) -> bool:
    return bool(np.isfinite(planned) and made < (1 - BEHIND) * planned)
