"""The state of a game, read from its log and from nothing else: teams, phases, plans and commitments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simulator.classroom.lesson import Lesson, Weights
from simulator.classroom.log import Entry, RefusedError
from simulator.classroom.roles import AGENDA, ISSUES, ROLES
from simulator.kernel.messages import Text, msg

LOBBY, REPORT, PLAN, COLLISION, MEETING, DAYS, REVIEW, DEBRIEF = (
    "lobby", "report", "plan", "collision", "meeting", "days", "review", "debrief"
)  # fmt: skip
PHASES = (REPORT, PLAN, COLLISION, MEETING, DAYS, REVIEW)
"""The phases of a round, in order; a silent round has neither collision screen nor meeting."""

OPEN = (REPORT, PLAN, COLLISION, MEETING)
"""Phases in which plans may still be submitted."""

PHASE_TITLES: Mapping[str, Text] = {
    LOBBY: msg("Waiting for players"),
    REPORT: msg("Report and news"),
    PLAN: msg("Your own plan"),
    COLLISION: msg("Where the plans clash"),
    MEETING: msg("The meeting"),
    DAYS: msg("The month runs by"),
    REVIEW: msg("What came true"),
    DEBRIEF: msg("Debrief"),
}


@dataclass(frozen=True)
class Action:
    """Something that a team will do: what, who, by which round; tied to a field where it is done by deciding it."""

    number: int
    text: str
    owner: str
    due: int
    raised: int
    field: str = ""


@dataclass(frozen=True)
class Commitment:
    """A decision of a team in a round: the option, the values it decides, why, and its actions."""

    round: int
    option: str
    values: Mapping[str, float]
    reason: str = ""
    by: str = ""
    at: float = 0.0
    actions: Sequence[Action] = ()


@dataclass
class Player:
    """Somebody in a team, by an id that only their phone knows, with the roles that they hold."""

    id: str
    name: str
    team: str
    roles: tuple[str, ...]
    here: bool = True


@dataclass
class Team:
    """A team: who plays in it, what each role has submitted and what was committed, by round."""

    name: str
    size: int
    robot: str = ""
    submitted: dict[tuple[int, str], dict[str, float]] = field(default_factory=dict)
    committed: dict[int, Commitment] = field(default_factory=dict)
    vetoes: dict[int, tuple[str, str]] = field(default_factory=dict)  # by round: option and reason
    done: dict[int, int] = field(default_factory=dict)  # by action: the round in which it was reported done

    def together(self, round: int) -> dict[str, float]:
        """The plans of all roles as they were submitted for a round."""
        return {key: v for role in ROLES for key, v in self.submitted.get((round, role), {}).items()}

    def agenda(self, round: int) -> list[str]:
        """The issues that the demand planner put on the agenda of a round."""
        told = self.submitted.get((round, "demand"), {})
        return [name for name in ISSUES if told.get(f"{AGENDA}{name}")]

    def in_force(self, round: int) -> Commitment:
        """The commitment for a round; where there is none, the plans as they were submitted."""
        return self.committed.get(round) or Commitment(round, "", self.together(round))


class State:
    """All that follows from the entries of a log, folded one after the other."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson, self.weights = lesson, lesson.weights
        self.teams: dict[str, Team] = {}
        self.players: dict[str, Player] = {}
        self.last = 0  # number of the last entry that was read
        self.round, self.phase = 0, LOBBY
        self.since, self.more = 0.0, 0.0
        self.paused_at: float | None = None
        self.epoch = 0  # restarts so far
        self.silence = self.ranking = False
        self.wall = ""
        self.showed: set[int] = set()  # rounds in which the teams saw where their plans clash
        self.happened: dict[int, int] = {}  # happenings that the trainer let come, by number: the round
        self.actions = 0
        self.chosen: dict[str, str] = {}  # by who chose in a puzzle: the letter

    def read(self, entries: Iterable[Entry]) -> State:
        """Fold further entries."""
        for entry in entries:
            getattr(self, f"_{entry.kind}")(entry)
            self.last = entry.number
        return self

    def copy_of_team(self, name: str) -> Team:
        """A team, or a sentence that there is none."""
        if name not in self.teams:
            raise RefusedError(msg("there is no team {name}", name=repr(name)))
        return self.teams[name]

    # --- the clock ---

    @property
    def phases(self) -> tuple[str, ...]:
        """The phases of this round."""
        return tuple(p for p in PHASES if not (self.silence and p in (COLLISION, MEETING)))

    @property
    def seconds(self) -> float | None:
        """The length of this phase; None for as long as the trainer likes."""
        if self.phase not in PHASES:
            return None
        return 60 * float(getattr(self.lesson.minutes, self.phase)) + self.more

    def left(self, now: float) -> float | None:
        """Seconds left of this phase, below 0 when its time is over."""
        return None if self.seconds is None else self.seconds - ((self.paused_at or now) - self.since)

    @property
    def after(self) -> tuple[int, str]:
        """The round and phase that come next."""
        if self.phase == DEBRIEF:
            return self.round, DEBRIEF
        if self.phase == LOBBY:
            return 1, REPORT
        place = self.phases.index(self.phase) if self.phase in self.phases else PHASES.index(self.phase)
        if place + 1 < len(self.phases):
            return self.round, self.phases[place + 1]
        return (self.round, DEBRIEF) if self.round == self.lesson.rounds else (self.round + 1, REPORT)

    def holders(self, team: str, role: str) -> list[Player]:
        """Players who hold a role and are here."""
        return [p for p in self.players.values() if p.team == team and role in p.roles and p.here]

    def all_submitted(self, team: str) -> bool:
        """Tell if whoever is here has submitted for every role that they hold."""
        held = {role for p in self.players.values() if p.team == team and p.here for role in p.roles}
        return all((self.round, role) in self.teams[team].submitted for role in held)

    # --- entries, one method a kind ---

    def _team(self, entry: Entry) -> None:
        self.teams[entry.team] = Team(entry.team, entry.body["size"], entry.body["robot"])

    def _robot(self, entry: Entry) -> None:
        self.teams[entry.team].robot = entry.body["robot"]

    def _join(self, entry: Entry) -> None:
        body = entry.body
        self.players[entry.player] = Player(entry.player, body["name"], entry.team, tuple(body["roles"]))

    def _roles(self, entry: Entry) -> None:
        self.players[entry.player].roles = tuple(entry.body["roles"])
        self.players[entry.player].here = True

    def _leave(self, entry: Entry) -> None:
        self.players[entry.player].here = False

    def _submit(self, entry: Entry) -> None:
        self.teams[entry.team].submitted[entry.body["round"], entry.body["role"]] = entry.body["values"]

    def _veto(self, entry: Entry) -> None:
        team, round = self.teams[entry.team], entry.body["round"]
        if entry.body["reason"]:
            team.vetoes[round] = (entry.body["option"], entry.body["reason"])
        else:
            team.vetoes.pop(round, None)

    def _commit(self, entry: Entry) -> None:
        body, actions = entry.body, []
        for each in body["actions"]:
            self.actions += 1
            told = (each["text"], each["owner"], each["due"])
            actions.append(Action(self.actions, *told, body["round"], each.get("field", "")))
        name = self.players[entry.player].name if entry.player in self.players else entry.player
        found = Commitment(body["round"], body["option"], body["values"], body["reason"], name, entry.at, actions)
        self.teams[entry.team].committed[body["round"]] = found

    def _done(self, entry: Entry) -> None:
        self.teams[entry.team].done.setdefault(entry.body["action"], entry.body["round"])

    def _choose(self, entry: Entry) -> None:
        self.chosen.setdefault(entry.player, entry.body["letter"])

    def _advance(self, entry: Entry) -> None:
        self.round, self.phase = self.after
        if self.phase == REPORT:
            self.silence = self.round in self.lesson.silent
        if self.phase == COLLISION:
            self.showed.add(self.round)
        self.since, self.more, self.paused_at = entry.at, 0.0, None

    def _pause(self, entry: Entry) -> None:
        if self.paused_at is None:
            self.paused_at = entry.at

    def _resume(self, entry: Entry) -> None:
        if self.paused_at is not None:
            self.since += entry.at - self.paused_at
            self.paused_at = None

    def _extend(self, entry: Entry) -> None:
        self.more += entry.body["seconds"]

    def _silence(self, entry: Entry) -> None:
        self.silence = entry.body["on"]

    def _ranking(self, entry: Entry) -> None:
        self.ranking = entry.body["on"]

    def _wall(self, entry: Entry) -> None:
        self.wall = entry.team

    def _weigh(self, entry: Entry) -> None:
        self.weights = Weights(**entry.body)

    def _happen(self, entry: Entry) -> None:
        self.happened[entry.body["happening"]] = entry.body["round"]

    def _restart(self, entry: Entry) -> None:
        """Take a round up again: what was submitted and committed in it and later is put aside."""
        first = entry.body["round"]
        for team in self.teams.values():
            team.submitted = {at: values for at, values in team.submitted.items() if at[0] < first}
            team.committed = {at: found for at, found in team.committed.items() if at < first}
            team.vetoes = {at: found for at, found in team.vetoes.items() if at < first}
            team.done = {at: round for at, round in team.done.items() if round < first}
        self.happened = {at: round for at, round in self.happened.items() if round < first}
        self.showed = {round for round in self.showed if round < first}
        self.round, self.phase, self.epoch = first, REPORT, self.epoch + 1
        self.silence = first in self.lesson.silent
        self.since, self.more, self.paused_at = entry.at, 0.0, None


def bounded_text(text: Any, what: Text, most: int, least: int = 0) -> str:
    """A text that somebody typed, without control signs and not too long."""
    said = "".join(sign for sign in str(text) if sign.isprintable()).strip()
    if not least <= len(said) <= most:
        raise RefusedError(
            msg(
                "{what} has {n} characters; it must have {least} to {most}",
                what=what,
                n=len(said),
                least=least,
                most=most,
            )
        )
    return said
