"""One person alone against the policies: a lesson without a trainer and without a clock, led by whoever plays."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simulator.classroom.game import Game
from simulator.classroom.lesson import LessonFile, lesson_names, read_lesson
from simulator.classroom.log import GameLog, RefusedError
from simulator.classroom.roles import ROLES
from simulator.classroom.state import LOBBY, MEETING, Player
from simulator.kernel.messages import msg, said


def begin_alone(
    log: GameLog,
    lesson: str | Path | LessonFile,
    changes: Mapping[str, Any] | None = None,
    language: str = "en",
) -> tuple[Game, Player]:
    """Open a game of one team and one player with all roles, in its first month; the policies' scores are shown from then on."""
    game = Game.create(log, lesson, (), changes, language, alone=True)
    name = said("You")
    game.add_team(name, 1)
    player = game.join(name, name, [*ROLES])
    game.ranking(True)
    game.advance((0, LOBBY))
    return game, player


def minutes_alone(found: LessonFile) -> int:
    """Minutes that a lesson takes one person: as long as its clock gives a class."""
    a_month: float = sum(found.lesson.minutes.model_dump().values())
    return max(round(found.lesson.rounds * a_month), 1)


def lessons_alone() -> list[LessonFile]:
    """Lessons that may be played alone, the shortest first."""
    return sorted(map(read_lesson, lesson_names()), key=lambda each: (minutes_alone(each), each.name))


def go_on_alone(game: Game, seen: tuple[int, str]) -> None:
    """Go on from the phase that the player saw to the next one."""
    if not game.alone:
        raise RefusedError(msg("the trainer leads this class"))
    game.advance(seen)


def after_commit(game: Game, round: int) -> None:
    """Let the month run by as soon as one person alone has committed to a plan."""
    if game.alone:
        game.advance((round, MEETING))


def submit_alone(game: Game, player: Player, round: int, values: Mapping[str, Any], key: str = "") -> None:
    """Submit the plans of all roles at once."""
    roles = {field.key: field.role for field in game.fields(player.team)}
    game.checked(player.team, round, values)
    for role in player.roles:
        game.submit(player.id, role, round, {k: v for k, v in values.items() if roles[k] == role}, f"{role}{key}")
