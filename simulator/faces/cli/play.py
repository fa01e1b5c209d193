"""sop play: play a lesson of the training room with a robot, or with a program that answers in JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.faces.cli.options import FilePath, Speaking, refuse_idle
from simulator.kernel.messages import listed, msg, number, said, spoken, with_texts

if TYPE_CHECKING:
    from simulator.classroom.lesson import LessonFile
    from simulator.classroom.scoring import Score


PARTS = {
    "profit": msg("economic profit"),
    "service": msg("service"),
    "plan": msg("plan kept"),
    "actions": msg("actions done"),
    "ranges": msg("ranges"),
}
"""Parts of a score in words."""


IDLE_WITH_PUZZLE = [
    "lesson", "robot", "guide", "seed", "replication", "rounds", "class", "team", "debrief", "workbook", "lucks",
]  # fmt: skip
"""What says nothing where a puzzle is asked."""


IDLE_IN_CLASS = ["lesson", "robot", "guide", "seed", "replication", "rounds", "log", "debrief", "workbook", "lucks"]
"""What says nothing where a team of a class is played."""

LONGEST_DECISION = 60_000
"""Signs that a decision may have."""


@click.command("play", cls=Speaking)
@click.argument("lesson", required=False)
@click.option("--robot", metavar="NAME", help="Let a robot decide: recommend, random or silo.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON; without --robot also ask for decisions as JSON.")
@click.option("--guide", is_flag=True, help="Print the trainer's guide instead.")
@click.option("--puzzle", "is_puzzle", is_flag=True, help="Ask the puzzle of the day instead: one decision.")
@click.option("--day", metavar="DATE", help="Day of the puzzle, such as 2026-11-30; today.")
@click.option("--choose", "letter", metavar="LETTER", help="Answer the puzzle, and see the truth.")
@click.option("--seed", type=click.IntRange(min=0), help="Number from which all luck follows.")
@click.option("--replication", type=click.IntRange(min=0), help="The run that is played.")
@click.option("--rounds", type=click.IntRange(1, 12), help="Months that are played.")
@click.option(
    "--class",
    "room",
    metavar="CLASS",
    help="With --json, play a team of a running class: its code, or its address with the code.",
)
@click.option("--team", metavar="NAME", default="Program", show_default=True, help="Team of the class that is played.")
@click.option("--log", "path", type=FilePath(), help="File in which the game is kept.")
@click.option(
    "--debrief", "is_debriefed", is_flag=True, help="Add the debrief; without a lesson, of the last game in --log."
)
@click.option("--workbook", type=FilePath(), help="Write everything of the game, with its debrief, as a workbook.")
@click.option("--lucks", type=click.IntRange(2, 2_000), help="Other lucks in which the debrief replays the game; 200.")
def play_lesson(
    lesson: str | None,
    robot: str | None,
    as_json: bool,
    guide: bool,
    is_puzzle: bool,
    day: str | None,
    letter: str | None,
    seed: int | None,
    replication: int | None,
    rounds: int | None,
    room: str | None,
    team: str,
    path: Path | None,
    is_debriefed: bool,
    workbook: Path | None,
    lucks: int | None,
) -> None:
    """Play a lesson of the training room with a program, and score it beside the policies on the same luck.

    Without a lesson all are listed. With --json and no robot each round is told as one line of JSON, all that a team sees,
    and the next line that comes in is what it decides: {"values": {"overtime:line": 40}, "reason": "..."}. With --class the
    team is one of a class that is going on.
    """
    from simulator.classroom.lesson import as_words, guide_of, lesson_names, lesson_of, read_lesson
    from simulator.classroom.robots import as_line, play
    from simulator.classroom.scoring import class_scores
    from simulator.faces.cli.debrief import debriefed, last_game
    from simulator.kernel.units import ScenarioError

    if is_puzzle:
        refuse_idle(IDLE_WITH_PUZZLE, msg("with --puzzle, which is one decision"))
        from simulator.faces.cli.puzzle import ask_puzzle

        ask_puzzle(day, letter, path, as_json)
        return
    refuse_idle(["day", "choose"], msg("without --puzzle"))
    if room is not None:
        _in_class(room, team, as_json)
        return
    refuse_idle(["team"], msg("without --class"))
    wants_more = is_debriefed or workbook is not None
    if not wants_more:
        refuse_idle(["lucks"], msg("without --debrief or --workbook"))
    if lesson is None and path is not None and wants_more:
        debriefed(last_game(path), is_debriefed, as_json, workbook, lucks)
        return
    if lesson is None:
        for name in lesson_names():
            click.echo(f"{name}: {_in_its_language(read_lesson(name), 'title')}")
        return
    found = read_lesson(lesson)
    if guide:
        click.echo(guide_of(found.name, spoken().language))
        return
    if robot is None and not as_json:
        raise ScenarioError(msg("nobody plays: name a robot with --robot, or answer in JSON with --json"))
    changes = {"seed": seed, "replication": replication, "rounds": rounds}
    words = {**as_words(found), **{name: value for name, value in changes.items() if value is not None}}
    file = lesson_of(words, found.name, lesson)

    game = play(file, robot if robot else _answered, path=path)
    scored = class_scores(game)
    click.echo(as_line({"lesson": file.name, "scores": scored}) if as_json else _told(scored))
    if wants_more:
        debriefed(game, is_debriefed, as_json, workbook, lucks)


def _in_class(room: str, team: str, as_json: bool) -> None:
    """Play a team of a running class, and tell its score."""
    from simulator.classroom.robots import as_line
    from simulator.faces.cli.class_player import play_in_class
    from simulator.kernel.units import ScenarioError

    refuse_idle(IDLE_IN_CLASS, msg("with --class, which is led by its trainer"))
    if not as_json:
        raise ScenarioError(msg("nobody plays: name a robot with --robot, or answer in JSON with --json"))
    click.echo(as_line({"class": room, "scores": play_in_class(room, team, _answered)}))


def _answered(seen: Mapping[str, Any]) -> Mapping[str, Any]:
    """Tell what a team sees as a line, and read the next line as what it decides."""
    from simulator.classroom.robots import as_line

    click.echo(as_line({"seen": seen}))
    sys.stdout.flush()
    return _decisions(sys.stdin.readline(LONGEST_DECISION))


def _decisions(line: str) -> Mapping[str, Any]:
    """The decisions of a line; nothing is decided where nothing comes in."""
    from simulator.kernel.units import ScenarioError

    if not line.strip():
        return {}
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise ScenarioError(
            msg("a decision is one line of JSON, such as {example}", example='{"values": {"overtime:line": 40}}')
        )
    return told


def _in_its_language(file: LessonFile, field: str) -> str:
    """A text of a lesson in the language that is spoken."""
    text = str(getattr(file.lesson, field))
    return str(with_texts(text, lambda word: file.texts(spoken().language).get(word, word)))


def _told(scored: Sequence[Score]) -> str:
    """The scores as a table in words, the best first."""
    lines = []
    for score in scored:
        parts = {name: points for name, points in score.parts.items() if points is not None}
        told = listed((msg("{part} {points}", part=PARTS[name], points=number(p)) for name, p in parts.items()), ", ")
        lines.append(
            said("{name}: {total} points ({parts})", name=score.name, total=number(score.total, 1), parts=told)
        )
    return "\n".join(lines)
