"""A game: teams join, submit, meet and commit, and the trainer leads; all that happens is written into the log first."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from pathlib import Path
from typing import Any

from simulator.classroom.fields import Prefilled
from simulator.classroom.lesson import LessonFile, Weights, as_words, lesson_of, read_lesson
from simulator.classroom.log import Entry, GameLog, RefusedError, Registered
from simulator.classroom.playing import History, Morning, Playing, in_order, is_decision
from simulator.classroom.roles import AGENDA, MOST_PLAYERS, ON_AGENDA, ROLES, Field, seats
from simulator.classroom.state import DAYS, DEBRIEF, LOBBY, OPEN, PHASE_TITLES, REVIEW, Player, State, bounded_text
from simulator.company.gate import LARGEST_NUMBER
from simulator.engine.validation import validated
from simulator.kernel.lanes import TINY
from simulator.kernel.messages import Text, listed, msg
from simulator.kernel.units import nearest

MOST_TEAMS, MOST_NAME, MOST_REASON, MOST_ACTIONS, MOST_VALUES = 30, 40, 300, 3, 200
"""Bounds of a game: teams, signs of a name and of a reason, actions of a meeting, values of a plan."""

ROBOTS = ("recommend", "random", "silo")
"""Programs that play a team: by the recommendation, by chance, or each department for itself."""

LONGEST_EXTENSION = 3_600
"""Seconds by which a phase may be stretched at once."""

FEW_TEAMS = 4

FUTURES_ALONE = 100
"""Futures for one person alone, whose machine may serve others beside."""


@dataclass(frozen=True)
class PhaseView:
    """A game at a moment: the round, the phase, and the clock."""

    code: str
    title: Text
    round: int
    rounds: int
    month: str
    phase: str
    phase_title: Text
    seconds: float | None  # that the phase lasts, stretches included; None for as long as the trainer likes
    left: float | None  # below 0 when its time is over
    paused: bool
    silence: bool
    ranking: bool
    wall: str
    epoch: int  # restarts so far
    last: int  # entry of the log: whoever has seen it need not ask again
    next: tuple[int, str]


@dataclass(frozen=True)
class TeamView:
    """A team as the trainer sees it: who is there, which roles nobody holds, who has submitted, and whether it committed."""

    name: str
    size: int
    robot: str
    players: Sequence[Player]
    missing: Sequence[str]
    submitted: Sequence[str]
    committed: bool
    veto: tuple[str, str] | None


class Game:
    """One class with one lesson. All methods may be called from many threads, and from many processes on one log."""

    def __init__(self, log: GameLog, registered: Registered) -> None:
        self.log, self.code, self._pin = log, registered.code, registered.pin
        self.file: LessonFile = lesson_of(registered.lesson["words"], registered.lesson["name"])
        self.lesson = self.file.lesson
        self._lock, self._state = threading.RLock(), State(self.lesson)
        self._playing: tuple[tuple[Any, ...], Playing] | None = None
        self.futures = 0  # in which options are simulated; as many as suit the number of teams where it is 0
        self.keeps: object = None  # something that must live as long as the game
        self._fields: dict[tuple[int, History], list[Field]] = {}
        self.language = str(registered.lesson.get("language", "en"))
        self.alone = bool(registered.lesson.get("alone", False))  # one person who leads, and no clock
        if self.alone:
            self.futures = FUTURES_ALONE

    @classmethod
    def create(
        cls,
        log: GameLog,
        lesson: str | Path | LessonFile,
        teams: Sequence[str | tuple[str, int] | tuple[str, int, str]] = (),
        changes: Mapping[str, Any] | None = None,
        language: str = "en",
        alone: bool = False,
    ) -> Game:
        """Open a game of a lesson; `changes` sets entries of it (rounds, seed, minutes, level), teams are name, size, robot."""
        found = lesson if isinstance(lesson, LessonFile) else read_lesson(lesson)
        words = {**as_words(found), **(changes or {})}
        checked = lesson_of(words, found.name, found.name)
        told = {"name": found.name, "words": as_words(checked), "language": language}
        game = cls(log, log.register({**told, "alone": True} if alone else told))
        for team in teams:
            name, size, robot = (team, 4, "") if isinstance(team, str) else (*team, "")[:3]
            game.add_team(name, size, robot)
        return game

    @classmethod
    def open(cls, log: GameLog, code: str) -> Game:
        """Go on with a game of the log."""
        return cls(log, log.game(code))

    @property
    def pin(self) -> str:
        """The trainer's PIN, for the screen on which the game was opened."""
        return self._pin

    def is_trainer(self, pin: str) -> bool:
        """Tell if a PIN is the trainer's."""
        return secrets.compare_digest(str(pin).encode(), self._pin.encode())

    # --- the state ---

    @property
    def state(self) -> State:
        """The state after the last entry of the log."""
        with self._lock:
            return self._state.read(self.log.entries(self.code, self._state.last))

    @property
    def playing(self) -> Playing:
        """The company, with the events that came about so far."""
        with self._lock:
            state = self.state
            futures = self.futures or futures_for(sum(not team.robot for team in state.teams.values()))
            wanted = (tuple(sorted(state.happened.items())), futures)
            if self._playing is None or self._playing[0] != wanted:
                self._playing = (wanted, Playing(self.file, dict(state.happened), futures))
                self._fields = {}
            return self._playing[1]

    def history(self, team: str, before: int | None = None) -> History:
        """All that a team decided in the rounds before this one, or before another."""
        with self._lock:
            state = self.state
            rounds = range(1, state.round if before is None else before)
            found = state.copy_of_team(team)
            return in_order([d for r in rounds for d in self.playing.decisions(r, found.in_force(r).values)])

    def morning(self, team: str) -> Morning:
        """The morning on which this round is decided, as a team has come to it; that of the first round in the lobby."""
        with self._lock:
            mine = self.history(team)
            every = [self.history(name) for name in self.state.teams]
            return self.playing.mornings(max(self.state.round, 1), every)[mine]

    def fields(self, team: str) -> list[Field]:
        """List the fields of a team in this round, role by role, prefilled with what the rules recommend."""
        with self._lock:
            key = (self.state.round, self.history(team))
            if key not in self._fields:
                self._fields[key] = Prefilled(self.playing, self.morning(team)).fields()
            return self._fields[key]

    def phase(self) -> PhaseView:
        """Tell the round and phase that the game is in, and how much time is left."""
        with self._lock:
            state = self.state
            month = self.file.scenario.days.month_name(self.lesson.month(max(state.round, 1)))
            seconds, left = (None, None) if self.alone else (state.seconds, state.left(self.log.now()))
            return PhaseView(
                self.code, self.lesson.title, state.round, self.lesson.rounds, month, state.phase,
                PHASE_TITLES[state.phase], seconds, left, state.paused_at is not None,
                state.silence, state.ranking, state.wall, state.epoch, state.last, state.after,
            )  # fmt: skip

    def teams(self) -> list[TeamView]:
        """All teams, as the trainer sees them."""
        with self._lock:
            state, found = self.state, []
            for team in state.teams.values():
                mine = [p for p in state.players.values() if p.team == team.name]
                missing = [role for role in ROLES if not state.holders(team.name, role)]
                told = [role for role in ROLES if (state.round, role) in team.submitted]
                committed, veto = state.round in team.committed, team.vetoes.get(state.round)
                found.append(TeamView(team.name, team.size, team.robot, mine, missing, told, committed, veto))
            return found

    def _write(
        self,
        kind: str,
        body: dict[str, Any],
        check: Callable[[State], None] | None = None,
        team: str = "",
        player: str = "",
        key: str = "",
    ) -> Entry:
        """Write an entry if the state at that very moment allows it."""
        with self._lock:
            state = self.state

            def allowed(entries: list[Entry]) -> None:
                if check:
                    check(state.read(entries))

            # keys are of a game and of who sends them, so that nobody meets another's
            sender = team if kind == "join" else player or team  # who joins has no id yet
            own = f"{kind}:{sender}:{bounded_text(key, msg('a key'), 80)}" if key else ""
            return self.log.write(self.code, kind, body, team, player, own, allowed, state.last)

    # --- players ---

    def add_team(self, name: str, size: int = 4, robot: str = "") -> str:
        """Add a team of one to five players; a robot plays it alone."""
        told = bounded_text(name, msg("the name of a team"), MOST_NAME, 1)
        known_robot(robot)
        if not isinstance(size, int) or not 1 <= size <= MOST_PLAYERS:
            raise RefusedError(
                msg("a team has {size} players; it must have 1 to {most}", size=str(size), most=MOST_PLAYERS)
            )

        def check(state: State) -> None:
            if told in state.teams:
                raise RefusedError(msg("there is a team {name} already; take another name", name=repr(told)))
            if len(state.teams) >= MOST_TEAMS:
                raise RefusedError(msg("there are {most} teams; join one of them", most=MOST_TEAMS))

        self._write("team", {"size": size, "robot": robot}, check, told)
        return told

    def join(self, team: str, name: str, roles: Sequence[str] = (), key: str = "") -> Player:
        """Join a team; without roles those of the first free seat. The id in the answer is what the phone shows from then on."""
        told, wanted = bounded_text(name, msg("a name"), MOST_NAME, 1), _known_roles(roles)
        chosen: list[str] = []

        def check(state: State) -> None:
            size = state.copy_of_team(team).size
            here = [p for p in state.players.values() if p.team == team and p.here]
            if len(here) >= MOST_PLAYERS:
                raise RefusedError(msg("team {name} is full; join another", name=repr(team)))
            free = [seat for seat in seats(size) if not any(state.holders(team, role) for role in seat)]
            body["roles"] = list(wanted or (free[0] if free else ()))

        body: dict[str, Any] = {"name": told, "roles": chosen}
        with self._lock:
            entry = self._write("join", body, check, team, secrets.token_urlsafe(12), key)
            return self.state.players[entry.player]

    def player(self, id: str) -> Player:
        """Find a player by the id that their phone shows."""
        found = self.state.players.get(str(id))
        if found is None:
            raise RefusedError(msg("nobody in this game has this phone; join again with the code"))
        return found

    def take_roles(self, id: str, roles: Sequence[str]) -> Player:
        """Hold other roles of one's team; whoever held them holds them as well."""
        player = self.player(id)
        self._write("roles", {"roles": list(_known_roles(roles))}, None, player.team, player.id)
        return self.player(id)

    def leave(self, id: str) -> None:
        """Leave the game; the roles go on by themselves."""
        player = self.player(id)
        self._write("leave", {}, None, player.team, player.id)

    # --- a round ---

    def submit(self, id: str, role: str, round: int, values: Mapping[str, Any], key: str = "") -> Entry:
        """Submit the plan of a role for a round; the last one before the team commits counts.

        Values are by the keys of fields; those that are left out, and those as they were prefilled, leave it to the rules.
        """
        player = self.player(id)
        if role not in player.roles:
            raise RefusedError(msg("you do not hold the role {role}; take it over first", role=repr(str(role))))
        told = self.checked(player.team, round, values, (role,))
        body = {"round": round, "role": role, "values": told}
        return self._write("submit", body, self._still_open(player.team, round), player.team, player.id, key)

    def commit(
        self,
        id: str,
        round: int,
        option: str,
        values: Mapping[str, Any],
        reason: str = "",
        actions: Sequence[Mapping[str, Any]] = (),
        key: str = "",
    ) -> Entry:
        """Commit a team to a plan: the letter of a card, the values that it decides (edited or not), why, and up to three actions.

        An action is text, owner (a role), due (a round) and, where it is done by deciding it, the field.
        """
        player = self.player(id)
        return self._committed(player.team, player.id, round, option, values, reason, actions, key)

    def _committed(
        self, team: str, who: str, round: int, option: str, values: Mapping[str, Any], reason: str,
        actions: Sequence[Mapping[str, Any]], key: str,
    ) -> Entry:  # fmt: skip
        told = bounded_text(option, msg("the name of an option"), MOST_NAME)
        body = {
            "round": round,
            "option": told,
            "values": self.checked(team, round, values),
            "reason": bounded_text(reason, msg("a reason"), MOST_REASON),
            "actions": [self._action(each, round) for each in _at_most(actions, MOST_ACTIONS)],
        }

        def check(state: State) -> None:
            self._still_open(team, round)(state)
            veto = state.teams[team].vetoes.get(round)
            if veto and veto[0] == told:
                raise RefusedError(msg("finance has vetoed this option: {reason}", reason=veto[1]))

        return self._write("commit", body, check, team, who, key)

    def play_for(self, team: str, round: int, answer: Mapping[str, Any]) -> None:
        """Submit and commit what a program decides for a team: values by field, and option, reason and actions if it likes."""
        told = self.checked(team, round, answer.get("values", {}))
        roles = {field.key: field.role for field in self.fields(team)}
        open_still = self._still_open(team, round)
        for role in ROLES:
            mine = {key: value for key, value in told.items() if roles[key] == role}
            if mine:
                body = {"round": round, "role": role, "values": mine}
                self._write("submit", body, open_still, team)
        decided = {key: value for key, value in told.items() if is_decision(key)}
        words = (str(answer.get("option", "")), decided, str(answer.get("reason", "")), answer.get("actions", ()), "")
        self._committed(team, "", round, *words)

    def veto(self, id: str, round: int, option: str, reason: str) -> Entry:
        """Let finance veto an option with a reason; an empty reason takes the veto back."""
        player = self.player(id)
        if "finance" not in player.roles:
            raise RefusedError(msg("you do not hold the role {role}; take it over first", role=repr("finance")))
        told = bounded_text(option, msg("the name of an option"), MOST_NAME)
        body = {"round": round, "option": told, "reason": bounded_text(reason, msg("a reason"), MOST_REASON)}
        return self._write("veto", body, self._still_open(player.team, round), player.team, player.id)

    def action_done(self, id: str, action: int) -> Entry:
        """Report an action of one's team done, in the round that is played."""
        player, state = self.player(id), self.state
        known = {a.number for c in state.teams[player.team].committed.values() for a in c.actions}
        if action not in known:
            raise RefusedError(msg("your team has no action {number}", number=str(action)))
        body = {"action": action, "round": state.round}
        return self._write("done", body, None, player.team, player.id, f"done:{state.epoch}:{action}")

    def write_choice(self, who: str, letter: str) -> str:
        """Write down an answer to a puzzle; the first one that somebody gives stands, and is handed back."""
        entry = self._write("choose", {"letter": letter}, None, "", bounded_text(who, msg("a key"), 80, 1), "once")
        return str(entry.body["letter"])

    def _still_open(self, team: str, round: int) -> Callable[[State], None]:
        """Refuse what comes for another round, too early, or after the team has committed."""

        def check(state: State) -> None:
            found = state.copy_of_team(team)
            if round != state.round or state.phase not in OPEN:
                raise RefusedError(
                    msg(
                        "round {round} is not open for plans; the class is in round {now}",
                        round=str(round),
                        now=state.round,
                    )
                )
            if round in found.committed:
                by = found.committed[round].by
                raise RefusedError(
                    msg("your team has committed this round by {name}; it holds", name=by or msg("a robot"))
                )

        return check

    def checked(self, team: str, round: int, values: Mapping[str, Any], roles: Sequence[str] = ()) -> dict[str, float]:
        """Values that are known fields of these roles, or of any, within their limits, without those that are as prefilled."""
        told: dict[str, float] = {}
        if not isinstance(values, Mapping) or len(values) > MOST_VALUES:
            raise RefusedError(msg("a plan must be a table of at most {most} values", most=MOST_VALUES))
        if round != self.state.round or self.state.phase == LOBBY:
            self._still_open(team, round)(self.state)
        known = {field.key: field for field in self.fields(team) if not roles or field.role in roles}
        for key, value in values.items():
            if value is None:
                continue
            if key not in known:
                raise RefusedError(msg("there is nothing to fill in that is called {key}", key=repr(str(key)[:80])))
            amount, field = _number(key, value), known[key]
            low, high = -inf if field.low is None else field.low, inf if field.high is None else field.high
            if not low <= amount <= high:
                limits = msg("{low} to {high}", low=f"{low:g}", high=f"{high:g}")
                raise RefusedError(
                    msg("{key} is {value}; it must be {limits}", key=key, value=f"{amount:g}", limits=limits)
                )
            if field.default is None or abs(amount - field.default) > TINY:
                told[key] = amount
        agenda = [amount for key, amount in told.items() if key.startswith(AGENDA)]
        if any(amount != 1 for amount in agenda) or len(agenda) > ON_AGENDA:
            raise RefusedError(msg("an agenda has {most} issues at most, each 0 or 1", most=ON_AGENDA))
        return told

    def _action(self, told: Mapping[str, Any], round: int) -> dict[str, Any]:
        """An action as it is written down."""
        due = told.get("due", round)
        if not isinstance(due, int) or not round <= due <= self.lesson.rounds:
            raise RefusedError(
                msg(
                    "an action is due in round {due}; it must be {first} to {last}",
                    due=str(due),
                    first=round,
                    last=self.lesson.rounds,
                )
            )
        (owner,) = _known_roles([str(told.get("owner", "demand"))])
        text = bounded_text(told.get("text", ""), msg("an action"), 120, 1)
        return {
            "text": text,
            "owner": owner,
            "due": due,
            "field": bounded_text(told.get("field", ""), msg("the key of a field"), 160),
        }

    # --- the trainer ---

    def advance(self, expected: tuple[int, str] | None = None) -> PhaseView:
        """Go on to the next phase. Whoever expects another phase than the one that is on changes nothing."""
        with self._lock:
            state = self.state
            if state.phase != DEBRIEF and (expected is None or tuple(expected) == (state.round, state.phase)):
                self._write("advance", {}, None, "", "", f"{state.epoch}:{state.round}:{state.phase}")
            return self.phase()

    def tick(self) -> PhaseView:
        """Go on if the time of this phase is over."""
        now = self.phase()
        over = now.left is not None and now.left <= 0 and not now.paused and now.phase not in (REVIEW, DAYS)
        return self.advance((now.round, now.phase)) if over else now

    def pause(self) -> None:
        """Stop the clock."""
        self._write("pause", {})

    def resume(self) -> None:
        """Let the clock go on."""
        self._write("resume", {})

    def extend(self, seconds: float) -> None:
        """Give this phase more time, or less."""
        if not isfinite(seconds) or abs(seconds) > LONGEST_EXTENSION:
            raise RefusedError(msg("a phase is stretched by at most {most} seconds", most=LONGEST_EXTENSION))
        self._write("extend", {"seconds": float(seconds)})

    def silence(self, on: bool) -> None:
        """Hold the round without meeting, or with one again."""
        self._write("silence", {"on": bool(on)})

    def ranking(self, on: bool) -> None:
        """Show the ranking to all, or hide it."""
        self._write("ranking", {"on": bool(on)})

    def wall(self, team: str) -> None:
        """Put a team's board on the wall; an empty name takes it off."""
        if team:
            self.state.copy_of_team(team)
        self._write("wall", {}, None, team)

    def robot(self, team: str, robot: str) -> None:
        """Let a program play a team, or people again."""
        known_robot(robot)
        self.state.copy_of_team(team)
        self._write("robot", {"robot": robot}, None, team)

    def weigh(self, weights: Mapping[str, float]) -> None:
        """Set the weights of the score."""
        found = validated(Weights, dict(weights), "lesson", "weights")
        self._write("weigh", found.model_dump())

    def inject(self, happening: int) -> None:
        """Let something happen in this round that the lesson keeps ready; numbered from 0."""
        ready = [k for k in range(len(self.lesson.happenings)) if k not in self.lesson.dated]
        if happening not in ready:
            raise RefusedError(msg("the lesson has no event {number} to let happen", number=str(happening)))

        def check(state: State) -> None:
            if state.phase not in OPEN:
                raise RefusedError(msg("events begin while plans are open; wait for the next round"))

        self._write("happen", {"happening": happening, "round": self.state.round}, check)

    def restart(self, round: int) -> None:
        """Take a round up again from its beginning; what was decided in it and later is put aside, and stays in the log."""
        if self.state.phase == LOBBY or not 1 <= round <= self.state.round:
            raise RefusedError(msg("round {round} has not been played; choose one that has", round=str(round)))
        self._write("restart", {"round": round})


def futures_for(teams: int) -> int:
    """Futures in which each option is simulated: 200 for one team of people, fewer for many, so that nobody waits long."""
    return 200 if teams <= 1 else 100 if teams <= FEW_TEAMS else 50


def _number(key: str, value: Any) -> float:
    """A value that is a number that can be reckoned with."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST_NUMBER:
        raise RefusedError(msg("{key} is {value}; it must be a number", key=key, value=repr(value)[:80]))
    return float(value)


def _known_roles(roles: Sequence[str]) -> tuple[str, ...]:
    """Roles that there are, each once."""
    if isinstance(roles, str) or len(roles) > len(ROLES):
        raise RefusedError(msg("roles must be a list of: {names}", names=listed(ROLES, ", ")))
    for role in roles:
        if role not in ROLES:
            raise RefusedError(
                msg(
                    "there is no role {name}; {hint}", name=repr(str(role)[:40]), hint=nearest(str(role)[:40], [*ROLES])
                )
            )
    return tuple(dict.fromkeys(roles))


def known_robot(robot: str) -> None:
    """Refuse a robot that there is not; no name is none."""
    if robot and robot not in ROBOTS:
        raise RefusedError(
            msg("there is no robot {name}; {hint}", name=repr(str(robot)[:40]), hint=nearest(str(robot)[:40], ROBOTS))
        )


def _at_most(actions: Sequence[Mapping[str, Any]], most: int) -> Sequence[Mapping[str, Any]]:
    if isinstance(actions, str | Mapping) or len(actions) > most or not all(isinstance(a, Mapping) for a in actions):
        raise RefusedError(msg("a meeting agrees on at most {most} actions", most=most))
    return actions
