"""Open a class on the local network: its code, the trainer's PIN, and the address under which phones reach it."""

from __future__ import annotations

import ipaddress
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.kernel.messages import msg, said, spoken

if TYPE_CHECKING:
    from simulator.classroom.game import Game
    from simulator.classroom.log import GameLog

EVERYWHERE = "0.0.0.0"
"""All networks of this machine: what a class needs, and nothing else gets."""

SAME_CLASS = 12 * 3_600
"""Seconds within which the same command goes on with the class that it had begun."""

NOBODY = "192.0.2.1"
"""An address kept for examples: nothing is sent to it; it only says by which network this machine would go out."""


def open_class(folder: Path, lesson: str, teams: int, new: bool, any_lesson: bool = False) -> tuple[Game, bool]:
    """Go on with the class that was begun before, of this lesson or of any, or begin one; and tell if it goes on."""
    from simulator.classroom.game import Game
    from simulator.classroom.lesson import read_lesson
    from simulator.classroom.log import GameLog

    file = read_lesson(lesson)
    folder.mkdir(parents=True, exist_ok=True)
    log = GameLog(folder / "classes.db")
    before = None if new else _unfinished(log, "" if any_lesson else file.name)
    if before:
        return before, True
    names = [said("Team {n}", n=k + 1) for k in range(teams)]
    return Game.create(log, file, names, language=spoken().language), False


def _unfinished(log: GameLog, lesson: str) -> Game | None:
    """The latest class of a lesson, or of any without a name, if it is young and not over."""
    from simulator.classroom.game import Game
    from simulator.classroom.state import DEBRIEF

    for code in log.codes():
        registered = log.game(code)
        if time.time() - registered.created > SAME_CLASS:
            return None
        if lesson in ("", registered.lesson["name"]):
            game = Game(log, registered)
            return game if game.phase().phase != DEBRIEF else None
    return None


def in_the_network() -> str:
    """The number of this machine in the local network; that of the machine itself where there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((NOBODY, 9))
            found = str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"
    return "127.0.0.1" if ipaddress.ip_address(found).is_unspecified else found


def announce(game: Game, goes_on: bool, address: str) -> None:
    """Tell the trainer all that is needed, once."""
    click.echo(
        said("The class {title} goes on where it was.", title=game.lesson.title)
        if goes_on
        else said("The class {title} is open.", title=game.lesson.title)
    )
    click.echo(said("Phones: {address}, code {code}", address=f"{address}/", code=game.code))
    click.echo(said("Trainer: {address}, PIN {pin}", address=f"{address}/c/{game.code}/trainer", pin=game.pin))
    click.echo(
        str(
            msg(
                "Everybody in this network can reach this address until you end it with Ctrl-C; the same command goes on with the class."
            )
        )
    )
