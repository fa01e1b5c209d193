"""Programs that play a team: they see what a person sees, as JSON, and answer with decisions, as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zlib import crc32

import numpy as np

from simulator.classroom.game import ROBOTS, Game, known_robot
from simulator.classroom.lesson import LessonFile
from simulator.classroom.log import GameLog
from simulator.classroom.roles import AGENDA, ROLES, for_page
from simulator.classroom.screens import board, role_view
from simulator.classroom.state import DEBRIEF, OPEN

Answer = Mapping[str, Any]
"""Values by field, and where wanted option, reason and actions."""

FEWEST_FUTURES = 24
"""Futures that are drawn where no options are simulated in them: as many lanes as a past may take."""

OPTIMISM = 0.05
"""By how much a silo's sales raise the plan."""

INERTIA = 0.25
"""How far a silo's operations stay with what they made last month, instead of what is recommended."""

MADE = 2
"""The column of the board that tells what was made last month."""


@dataclass(frozen=True)
class Seen:
    """All that a team sees in a round: its board, and each role's view."""

    lesson: str
    team: str
    round: int
    rounds: int
    month: str
    board: Any
    roles: Mapping[str, Any]


def visible(game: Game, team: str, language: str = "en") -> dict[str, Any]:
    """All that a team sees in this round, as JSON can hold it: no more than a person sees."""
    phase = game.phase()
    views = {role: role_view(game, team, role) for role in ROLES}
    seen = Seen(str(phase.title), team, phase.round, phase.rounds, phase.month, board(game, team), views)
    told: dict[str, Any] = for_page(seen, language)
    return told


def fields_seen(seen: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The fields of all roles."""
    for view in seen["roles"].values():
        yield from view["fields"]


def recommend(seen: Mapping[str, Any], luck: np.random.Generator) -> Answer:
    """Decide nothing: the recommendation stands."""
    return {"values": {}, "reason": "as recommended"}


def at_random(seen: Mapping[str, Any], luck: np.random.Generator) -> Answer:
    """Decide every field by chance: evenly within its limits, or from nothing to twice what is recommended.

    The demand plan is corrected by up to all that is expected of the family, either way.
    """
    values: dict[str, float] = {}
    for field in fields_seen(seen):
        if field["key"].startswith(AGENDA):
            continue
        usual = field["default"] or 0.0
        kind, _, about = field["key"].partition(":")
        if kind == "forecast":
            values[field["key"]] = float(expected_of(seen, about) * (2.0 * luck.random() - 1.0))
            continue
        low = field["low"] if field["low"] is not None else -abs(usual)
        high = field["high"] if field["high"] is not None else max(2.0 * usual, 0.0)
        if field["default"] is not None and high > low:
            values[field["key"]] = float(low + (high - low) * luck.random())
    return {"values": values, "reason": "by chance"}


def expected_of(seen: Mapping[str, Any], family: str) -> float:
    """Units a month that the plan expects of a family."""
    said = [float(f["default"]) for f in fields_seen(seen) if f["key"].startswith(f"~expects:{family}@")]
    return sum(said) / max(len(said), 1)


def in_silos(seen: Mapping[str, Any], luck: np.random.Generator) -> Answer:
    """Let each department act on its own numbers: sales a little high, works that like no change, no overtime, nothing bought ahead."""
    values: dict[str, float] = {}
    made = {
        name: cells[MADE]["value"]
        for part in seen["board"]
        for sheet in part["tables"]
        for name, cells in sheet["rows"]
    }
    for field in fields_seen(seen):
        kind, _, about = field["key"].partition(":")
        if kind == "overtime":
            values[field["key"]] = 0.0
        if kind == "production":
            before = made.get(about.partition("@")[0]) or field["default"]
            values[field["key"]] = float(round(INERTIA * before + (1 - INERTIA) * field["default"]))
        if kind == "~expects":
            values[field["key"]] = float(round((1 + OPTIMISM) * field["default"]))
        if kind == "forecast":
            values[field["key"]] = float(round(OPTIMISM * expected_of(seen, about)))
    return {"values": values, "reason": "each for itself"}


PLAYERS: Mapping[str, Callable[[Mapping[str, Any], np.random.Generator], Answer]] = dict(
    zip(ROBOTS, (recommend, at_random, in_silos), strict=True)
)
"""The robots by their names."""


def luck_of(game: Game, team: str, round: int) -> np.random.Generator:
    """A robot's own luck, which follows from the lesson's seed, the team and the round."""
    key = (crc32(b"robot"), crc32(team.encode()), game.lesson.replication, round)
    return np.random.default_rng(np.random.SeedSequence(game.lesson.seed, spawn_key=key))


def let_robots_play(game: Game) -> None:
    """Let every robot of a class submit and commit in the round that is open, if it has not."""
    state = game.state
    if state.phase not in OPEN:
        return
    for team in [t for t in state.teams.values() if t.robot and state.round not in t.committed]:
        answer = PLAYERS[team.robot](visible(game, team.name), luck_of(game, team.name, state.round))
        answer_for(game, team.name, answer)


def answer_for(game: Game, team: str, answer: Answer) -> None:
    """Submit and commit what a program answers for a team; statements are kept with the role that makes them."""
    game.play_for(team, game.state.round, answer)


def play(
    file: LessonFile,
    choose: Callable[[Mapping[str, Any]], Answer] | str,
    tell: Callable[[dict[str, Any]], None] | None = None,
    path: Path | None = None,
) -> Game:
    """Play a whole lesson with one program, or with a robot by its name; the game that is over is handed back."""
    if isinstance(choose, str):
        known_robot(choose)
    folder = None if path else TemporaryDirectory()
    log = GameLog(path or Path(folder.name if folder else ".") / "games.db")
    name = choose if isinstance(choose, str) else "program"
    game = Game.create(log, file, [(name, 1, "")])
    game.futures = FEWEST_FUTURES  # nobody asks for options
    game.keeps = folder  # the log lives as long as the game does
    while game.phase().phase != DEBRIEF:
        phase = game.advance()
        if phase.phase == "plan":
            seen = visible(game, name)
            if tell:
                tell(seen)
            answer = (
                PLAYERS[choose](seen, luck_of(game, name, phase.round)) if isinstance(choose, str) else choose(seen)
            )
            answer_for(game, name, answer)
    return game


def as_line(thing: Any) -> str:
    """Write something as one line of JSON."""
    return json.dumps(for_page(thing), ensure_ascii=False, allow_nan=False)
