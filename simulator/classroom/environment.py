"""A lesson as an environment for programs that learn: one round a step, by the conventions of Gymnasium, with or without that package."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from simulator.classroom.game import Game
from simulator.classroom.lesson import as_words, lesson_of, read_lesson
from simulator.classroom.log import GameLog
from simulator.classroom.playing import is_decision
from simulator.classroom.robots import FEWEST_FUTURES, answer_for, fields_seen, visible
from simulator.classroom.scoring import class_scores
from simulator.classroom.state import DEBRIEF, PLAN
from simulator.kernel.units import Array

GYMNASIUM = "gymnasium"

PLAYER = "program"
"""The name of the team that the program plays."""

Stepped = tuple[Array, float, bool, bool, dict[str, Any]]


def _base() -> type:
    """The package's base class where it is installed."""
    return importlib.import_module(GYMNASIUM).Env if find_spec(GYMNASIUM) else object


class LessonEnv(_base()):  # type: ignore[misc]
    """A lesson that a program plays alone, round by round.

    An action has a number from -1 to 1 for each decision of `decisions`: 0 is what is recommended, -1 and 1 are the ends of what
    may be decided, or nothing and twice as much where there is no end. An observation is what is recommended for each of them, and the
    ends; `info["seen"]` is all that a team sees. The reward comes at the end: the score, 0 for the fair silo and 100 for the best policy
    on the same luck in its half that is economic profit.
    """

    def __init__(self, lesson: str | Path, **changes: Any) -> None:
        self.words = {**as_words(read_lesson(lesson)), **changes}
        self.game: Game | None = None
        self._folder: TemporaryDirectory[str] | None = None
        self._seen: dict[str, Any] = {}
        self.reset()
        self.decisions: Sequence[str] = [*self._fields()]
        if find_spec(GYMNASIUM):
            box = importlib.import_module(f"{GYMNASIUM}.spaces").Box
            self.action_space = box(-1.0, 1.0, (len(self.decisions),), np.float64)
            self.observation_space = box(-np.inf, np.inf, (3 * len(self.decisions),), np.float64)

    def reset(
        self, *, seed: int | None = None, options: Mapping[str, Any] | None = None
    ) -> tuple[Array, dict[str, Any]]:
        """Begin anew; a seed is the number of the luck that is played, the lesson's own where there is none."""
        begun = getattr(super(), "reset", None)
        if begun is not None:
            begun(seed=seed)
        self.close()
        words = self.words if seed is None else {**self.words, "replication": seed}
        self._folder = TemporaryDirectory()
        log = GameLog(Path(self._folder.name) / "games.db")
        self.game = Game.create(log, lesson_of(words, PLAYER), [(PLAYER, 1, "")])
        self.game.futures = FEWEST_FUTURES
        return self._go_on(), {"seen": deepcopy(self._seen)}

    def step(self, action: Array | Sequence[float]) -> Stepped:
        """Decide a round, and let its month run by."""
        assert self.game is not None
        amounts = np.clip(np.asarray(action, dtype=np.float64), -1.0, 1.0)
        fields = self._fields()
        values = {
            fields[name]["key"]: _between(fields[name], float(amount))
            for name, amount in zip(self.decisions, amounts, strict=True)
            if name in fields and amount != 0
        }
        answer_for(self.game, PLAYER, {"values": values})
        observation = self._go_on()
        is_over = self.game.phase().phase == DEBRIEF
        reward = next(s.total for s in class_scores(self.game) if s.name == PLAYER) if is_over else 0.0
        return observation, reward, is_over, False, {"seen": deepcopy(self._seen)}

    def close(self) -> None:
        """Let go of the log."""
        if self.game is not None and self._folder is not None:
            self.game.log.close()
            self._folder.cleanup()
        self.game = self._folder = None

    def _go_on(self) -> Array:
        """Go on to the next round that is open for plans, or to the end; the observation there."""
        assert self.game is not None
        self.game.advance()
        while self.game.phase().phase not in (PLAN, DEBRIEF):
            self.game.advance()
        if self.game.phase().phase == PLAN:
            self._seen = visible(self.game, PLAYER)
        fields = self._fields()
        ends = [
            _ends(fields[name]) if name in fields else (0.0, 0.0, 0.0) for name in getattr(self, "decisions", fields)
        ]
        return np.array(ends, dtype=np.float64).T.ravel()

    def _fields(self) -> dict[str, dict[str, Any]]:
        """Fields that decide something, by what and how many months ahead."""
        found, round = {}, self._seen["round"]
        assert self.game is not None
        month = self.game.lesson.month(round) + 1
        for field in fields_seen(self._seen):
            if is_decision(field["key"]) and field["default"] is not None:
                name, _, later = field["key"].partition("@")
                found[f"{name}+{int(later) - month if later else 0}"] = field
        return found


def _ends(field: Mapping[str, Any]) -> tuple[float, float, float]:
    """The recommendation of a field, and the ends between which an action lies."""
    usual = float(field["default"])
    low = field["low"] if field["low"] is not None else -abs(usual)
    high = field["high"] if field["high"] is not None else max(2.0 * usual, 0.0)
    return usual, float(low), float(high)


def _between(field: Mapping[str, Any], amount: float) -> float:
    """The figure of an action: the recommendation at 0, the ends at -1 and 1."""
    usual, low, high = _ends(field)
    return usual + amount * (high - usual if amount > 0 else usual - low)
