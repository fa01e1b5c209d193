"""The puzzle of the day on the command line: the figures and the question, and with an answer the truth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from simulator.kernel.messages import said, speaking, spoken, written

if TYPE_CHECKING:
    from simulator.classroom.game import Game
    from simulator.classroom.puzzle import Puzzle


def ask_puzzle(day: str | None, letter: str | None, path: Path | None, as_json: bool) -> None:
    """Ask the puzzle of a day, or answer it; with a log the first answer stands."""
    from simulator.classroom.log import GameLog
    from simulator.classroom.puzzle import day_told, puzzle, puzzle_game

    wanted = day_told(day or "", dt.date.today())
    with TemporaryDirectory() as folder:
        game = puzzle_game(GameLog(path or Path(folder) / "games.db"), wanted)
        with speaking(spoken().language, game.file.texts(spoken().language)):
            asked = puzzle(game)
            if as_json:
                _as_json(game, asked, letter)
            else:
                for line in _told(game, asked, letter):
                    click.echo(line)


def _as_json(game: Game, asked: Puzzle, letter: str | None) -> None:
    from simulator.classroom.puzzle import choose, solved
    from simulator.classroom.robots import as_line

    told: dict[str, object] = {"puzzle": asked}
    if letter:
        told |= {"chosen": choose(game, asked, "command", letter), "solved": solved(game, asked)}
    click.echo(as_line(told))


def _told(game: Game, asked: Puzzle, letter: str | None) -> Iterator[str]:
    from simulator.classroom.puzzle import answer_in_words, choose, judged, solved
    from simulator.faces.cli.debrief import lines_of_section

    currency = game.file.scenario.company.currency
    yield f"# {said('Puzzle of {day}', day=asked.day)}"
    yield said("A maker of heaters and fans, a morning in {month}", month=asked.month)
    if not letter:
        for each in asked.sections:
            yield f"\n## {written(each.title)}"
            yield from lines_of_section(each, written)
    yield f"\n{written(asked.question)}"
    if not letter:
        yield from (f"{option.letter}: {written(option.title)}" for option in asked.options)
        yield said("Answer with --choose and a letter.")
        return
    chosen = choose(game, asked, "command", letter)
    found = solved(game, asked)
    yield said("You chose {letter}.", letter=chosen)
    yield from map(written, judged(found, chosen, currency))
    yield from (written(answer_in_words(each, currency)) for each in found)
