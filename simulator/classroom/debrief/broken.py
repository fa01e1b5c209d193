"""Plans that broke, whether the picture of the clashes had shown it, and the agreed plan against the private ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.classroom.fields import LOOK_AHEAD, Prefilled
from simulator.classroom.game import Game
from simulator.classroom.playing import Morning, is_decision
from simulator.classroom.review import cause_in_words
from simulator.classroom.roles import ROLES, Field
from simulator.classroom.scoring import rounds_over
from simulator.classroom.state import State, Team
from simulator.classroom.together import Together
from simulator.kernel.lanes import TINY
from simulator.kernel.messages import Text
from simulator.results.reading.last_month import LastMonth, last_month
from simulator.results.reading.lost import Cause, LostTo
from simulator.results.reading.month import Month

ISSUE_OF = {
    Cause.PARTS: "parts",
    Cause.PURCHASES: "parts",
    Cause.HOURS: "hours",
    Cause.DEMAND: "demand",
    Cause.PLAN: "demand",
}
"""The issue of a meeting under which a cause is seen."""


@dataclass(frozen=True)
class Break:
    """A month of a team: what was served, and the cause that cost most of what was not.

    `seen` is the round whose picture first showed the clash, `unseen` one whose picture would have shown it if that round had not
    been silent; 0 for none.
    """

    team: str
    round: int
    month: str
    served: float
    kept: float
    cause: Text = ""  # empty where all was served
    units: float = 0.0
    seen: int = 0
    unseen: int = 0
    issue: str = ""  # of the meeting, to which the cause belongs; empty where it belongs to none
    agenda: Sequence[str] = ()


@dataclass(frozen=True)
class Private:
    """A figure that somebody changed: as recommended, as its role submitted it, and as the team committed it."""

    team: str
    round: int
    role: str
    about: Text
    what: Text
    unit: Text
    recommended: float | None
    submitted: float | None
    agreed: float | None


@dataclass(frozen=True)
class LookedBack:
    """A team's rounds again: where its plan broke, and private plans against the agreed one."""

    breaks: Sequence[Break]
    private: Sequence[Private]


def look_back(game: Game) -> dict[str, LookedBack]:
    """Play all rounds of all teams again, with the pictures that they saw or would have seen."""
    state, playing, over = game.state, game.playing, rounds_over(game.state)
    pictures: dict[str, dict[int, Together]] = {team: {} for team in state.teams}
    breaks: dict[str, list[Break]] = {team: [] for team in state.teams}
    private: dict[str, list[Private]] = {team: [] for team in state.teams}
    for round in range(1, over + 2):
        histories = {team: game.history(team, round) for team in state.teams}
        mornings = playing.mornings(round, [*histories.values()])
        for name, team in state.teams.items():
            morning = mornings[histories[name]]
            if round > 1:
                last = last_month(Month(morning.books, morning.month, morning.lane))
                if last is not None:
                    breaks[name].append(_break(state, name, round - 1, last, pictures[name]))
            if round <= over:
                pictures[name][round] = Together(morning, team.together(round))
                private[name] += _private(team, round, morning, Prefilled(playing, morning).fields())
    return {name: LookedBack(breaks[name], private[name]) for name in state.teams}


def _break(state: State, team: str, round: int, last: LastMonth, pictures: Mapping[int, Together]) -> Break:
    found = Break(team, round, last.name, last.total_fill_rate, last.attainment)
    lost = [each for each in last.lost_to if each.served > TINY]
    if not lost:
        return found
    worst = max(lost, key=lambda each: each.served)
    red = [k for k in range(max(1, round - LOOK_AHEAD + 1), round + 1) if _shows(pictures[k], worst, round - k)]
    seen = [k for k in red if k in state.showed]
    unseen = [k for k in red if k not in state.showed]
    return Break(
        team, round, found.month, found.served, found.kept, cause_in_words(worst), worst.served,
        min(seen, default=0), min(unseen, default=0), ISSUE_OF.get(worst.cause, ""), state.teams[team].agenda(round),
    )  # fmt: skip


def _shows(picture: Together, lost: LostTo, ahead: int) -> bool:
    """Tell if a picture of so many months before was red where a cause lies."""
    if lost.cause == Cause.PARTS:
        return bool(picture.late[ahead, picture.part_names.index(lost.name)])
    if lost.cause == Cause.HOURS:
        return bool(picture.overloaded[ahead, picture.n.resources.index(lost.name)])
    if lost.cause == Cause.DEMAND:
        return bool(np.any(picture.apart[ahead]))
    if lost.cause in (Cause.PLAN, Cause.PURCHASES):
        return bool(np.any(picture.short[ahead]) or np.any(picture.late[ahead]))
    return False  # what turned out bad, or was not there, is in no plan


def _private(team: Team, round: int, morning: Morning, fields: Sequence[Field]) -> Iterator[Private]:
    """Figures that a role submitted or the team committed otherwise than recommended; sales' forecast beside the agreed demand plan."""
    told, agreed = team.together(round), team.in_force(round).values
    if not told and not agreed:
        return
    plan = Together(morning, agreed)
    demand = {
        f"~expects:{name}@{plan.index + 2}": float(plan.agreed[1, row]) for row, name in enumerate(plan.n.families)
    }
    for field in sorted(fields, key=lambda each: [*ROLES].index(each.role)):
        said, done = told.get(field.key), agreed.get(field.key)
        if (said is None and done is None) or not (is_decision(field.key) or field.key in demand):
            continue
        decided = demand.get(field.key, field.default if done is None else done)
        yield Private(
            team.name, round, field.role, field.about, field.label, field.unit, field.default,
            field.default if said is None else said, decided,
        )  # fmt: skip
