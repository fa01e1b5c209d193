"""Classes that this server holds: what is quick is answered at once, what must be simulated is worked out in the background."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dashboard.classroom.door import Guesses, Seal
from simulator.classroom.game import Game
from simulator.classroom.log import GameLog, Registered
from simulator.classroom.log import RefusedError as Refused
from simulator.classroom.roles import ROLES, Field
from simulator.classroom.screens import role_view
from simulator.classroom.state import DEBRIEF, LOBBY, State
from simulator.kernel.messages import msg
from simulator.kernel.units import ScenarioError

EVERY = 0.5
"""Seconds between two looks at the clocks of the classes."""

PATIENCE = 30.0
"""Seconds for which a submit waits until the figures of the month are there."""

MOST_OPEN = 50
"""Classes that a server holds open at once."""

QUIET_FOR = 300.0
"""Seconds without a sign of any phone after which a class may make room for another; its log keeps everything."""

AFTER_JOINING = 3.0
"""Seconds after the last join before figures of the first month are worked out."""

HERE_FOR = 20.0
"""Seconds after its last sign within which a phone counts as here."""

Stamp = tuple[Any, ...]


class NotYetError(Refused):
    """A request that will be met in a moment; a page's script sends it again by itself."""


class Desk:
    """One after the other, what must be simulated; an answer is kept for as long as the state it belongs to lasts."""

    def __init__(self, now: Callable[[], Stamp]) -> None:
        self.now = now
        self._asked: dict[tuple[str, ...], tuple[Stamp, Callable[[], Any]]] = {}
        self._done: dict[tuple[str, ...], tuple[Stamp, Any]] = {}
        self._latest: dict[str, int] = {}
        self._some = threading.Condition()
        self._ended, self._count = False, 0
        self._worker = threading.Thread(target=self._work, daemon=True)
        self._worker.start()

    def ask(self, key: tuple[str, ...], stamp: Stamp, work: Callable[[], Any], patience: float = 0.0) -> Any:
        """The answer, or None while it is not there yet; a refusal is raised."""
        with self._some:
            if not self._is_there(key, stamp):
                self._asked[key] = (stamp, work)
                self._some.notify_all()
                if not patience or not self._some.wait_for(lambda: self._is_there(key, stamp), patience):
                    return None
            found = self._done[key][1]
        if isinstance(found, ScenarioError):
            raise found
        return found

    def last(self, key: tuple[str, ...], stamp: Stamp) -> Any:
        """The last answer for a state that began with a stamp, while a better one is being worked out; None if there is none."""
        with self._some:
            at, found = self._done.get(key, ((), None))
        return found if at[: len(stamp)] == stamp else None

    def is_there(self, key: tuple[str, ...], stamp: Stamp) -> bool:
        """Tell if an answer is there."""
        with self._some:
            return self._is_there(key, stamp)

    def _is_there(self, key: tuple[str, ...], stamp: Stamp) -> bool:
        return key in self._done and self._done[key][0] == stamp

    def sign(self, team: str = "") -> int:
        """A number that rises whenever something has been worked out for a team or for all; without a team, for anybody."""
        return max(self._latest.get(team, 0), self._latest.get("", 0)) if team else self._count

    def end(self) -> None:
        """Work no more."""
        with self._some:
            self._ended = True
            self._some.notify_all()

    def _work(self) -> None:
        while True:
            with self._some:
                self._some.wait_for(lambda: self._asked or self._ended)
                if self._ended:
                    return
                key = next(iter(self._asked))
                stamp, work = self._asked.pop(key)
                if self._is_there(key, stamp):
                    continue
            before = self.now()
            found: Any
            try:
                found = work()
            except ScenarioError as wrong:
                found = wrong
            except Exception as fault:
                traceback.print_exception(fault)
                found = Refused(
                    msg("this could not be worked out ({kind}), a fault of the program", kind=type(fault).__name__)
                )
            with self._some:
                if self.now() == before:  # otherwise it belongs to a state that is over; whoever wants it asks again
                    self._done[key] = (stamp, found)
                    self._count += 1
                    self._latest[key[1] if len(key) > 1 and key[0] != "luck" else ""] = self._count
                self._some.notify_all()


class Front(Game):
    """A game as the server asks it: what has been worked out is taken from the desk, so that nobody waits for a simulation."""

    desk: Desk
    back: Game

    def fields(self, team: str) -> list[Field]:
        """Fields of a team, once they have been worked out."""
        found: list[Field] | None = self.desk.ask(
            ("fields", team), month_stamp(self.state), lambda: self.back.fields(team), PATIENCE
        )
        if found is None:
            raise NotYetError(msg("the figures of this month are still being worked out; try again in a moment"))
        return found


def month_stamp(state: State) -> Stamp:
    """All that the figures of a month depend on."""
    return (state.epoch, state.round, tuple(sorted(state.happened.items())))


class Class:
    """A class that is open: its game, twice, so that a quick question never waits for a long answer."""

    def __init__(self, log: GameLog, registered: Registered, prepare: Callable[[Class], None]) -> None:
        self.prepare = prepare
        self.code, self.pin = registered.code, registered.pin
        self.front, self.back = Front(log, registered), Game(log, registered)
        self.desk = Desk(lambda: month_stamp(self.front.state))
        self.front.desk, self.front.back = self.desk, self.back
        self.seen: dict[str, float] = {}
        self.opened = time.monotonic()
        self.drafts: dict[tuple[str, Stamp], dict[str, float]] = {}
        self._texts: dict[str, dict[str, str]] = {}
        self._calm = (-1, 0.0)

    @property
    def state(self) -> State:
        """The state of the game."""
        return self.front.state

    def view(self, team: str, role: str) -> Any:
        """A role's report and fields, or None while they are being worked out."""
        return self.desk.ask(("view", team, role), month_stamp(self.state), lambda: role_view(self.back, team, role))

    def texts(self, language: str) -> dict[str, str]:
        """Names and texts of the lesson in a language."""
        if language not in self._texts:
            self._texts[language] = self.front.file.texts(language)
        return self._texts[language]

    def saw(self, player: str) -> None:
        """Note a sign of a phone."""
        self.seen[player] = time.monotonic()

    def is_here(self, player: str) -> bool:
        """Tell if a phone gave a sign lately."""
        return time.monotonic() - self.seen.get(player, -HERE_FOR) < HERE_FOR

    @property
    def quiet_for(self) -> float:
        """Seconds since the last sign of any phone."""
        return time.monotonic() - max([*self.seen.values(), self.opened])

    def _is_joining(self, last: int) -> bool:
        """Tell if something was written into the log lately: while a class joins, nothing is simulated that would make it wait."""
        if last != self._calm[0]:
            self._calm = (last, time.monotonic())
        return time.monotonic() - self._calm[1] < AFTER_JOINING

    def tick(self) -> None:
        """Go on when the time of a phase is over, and have ready what phones are about to ask for."""
        state = self.state
        if state.phase not in (LOBBY, DEBRIEF):
            self.front.tick()
        if state.phase == LOBBY and self._is_joining(state.last):
            return
        stamp = month_stamp(self.state)
        for team in list(self.state.teams):
            for role in ROLES:
                if not self.desk.is_there(("view", team, role), stamp) and self.front.state.holders(team, role):
                    self.view(team, role)
        self.prepare(self)


class Room:
    """All classes of a server, on one log."""

    def __init__(self, folder: Path, prepare: Callable[[Class], None], most: int = MOST_OPEN) -> None:
        self.prepare, self.most = prepare, most
        folder.mkdir(parents=True, exist_ok=True)
        self.log, self.seal = GameLog(folder / "classes.db"), Seal(folder / "seal")
        self.codes, self.pins = Guesses(20, 60.0), Guesses(5, 300.0)
        self._open: dict[str, Class] = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()

    def find(self, code: str, who: str) -> Class:
        """Find the class of a code; guessing is slowed down."""
        wanted = code.strip().upper()
        self.codes.may_guess(who)
        with self._lock:
            if wanted in self._open:
                return self._open[wanted]
            try:
                registered = self.log.game(wanted)
            except Refused:
                self.codes.was_wrong(who)
                raise
            if len(self._open) >= self.most:
                self._close_the_quietest()
            if len(self._open) >= self.most:
                raise Refused(
                    msg("this server holds {n} games, and all are being played; try again later", n=self.most)
                )
            self._open[wanted] = Class(self.log, registered, self.prepare)
            return self._open[wanted]

    def open_latest(self) -> None:
        """Open the class that was begun last, if it is not over, before anybody asks: nobody who joins waits for it."""
        for code in self.log.codes()[:1]:
            if Game.open(self.log, code).phase().phase != DEBRIEF:
                self.find(code, "")

    def _close_the_quietest(self) -> None:
        """Let the class go from which nothing was heard for the longest, if it is long enough."""
        code, quietest = max(self._open.items(), key=lambda each: each[1].quiet_for)
        if quietest.quiet_for > QUIET_FOR:
            quietest.desk.end()
            del self._open[code]

    def start(self) -> None:
        """Look at the clocks from now on."""
        threading.Thread(target=self._watch, daemon=True).start()

    def end(self) -> None:
        """Stop the clocks; the log keeps everything."""
        self._ended.set()
        for each in self._open.values():
            each.desk.end()

    def _watch(self) -> None:
        while not self._ended.wait(EVERY):
            for each in list(self._open.values()):
                try:
                    each.tick()
                except Exception as fault:
                    traceback.print_exception(fault)
