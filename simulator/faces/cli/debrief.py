"""The debrief of a game on the command line, and everything of it as a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.kernel.messages import Text, msg, number, percent, said, spoken, written

if TYPE_CHECKING:
    from simulator.classroom.debrief.luck import Luck
    from simulator.classroom.debrief.screens import TeamDebrief
    from simulator.classroom.game import Game
    from simulator.classroom.roles import Cell, Section


def last_game(path: Path) -> Game:
    """The game of a log that was begun last."""
    from simulator.classroom.game import Game
    from simulator.classroom.log import GameLog
    from simulator.kernel.units import ScenarioError

    codes = GameLog(path).codes() if path.is_file() else []
    if not codes:
        raise ScenarioError(
            msg("there is no game in {path}; name a file that --log wrote, or a class's classes.db", path=f"{path}")
        )
    game = Game.open(GameLog(path), codes[0])
    if game.state.phase != "debrief":
        raise ScenarioError(msg("the last game in {path} is not over yet; play it to its end", path=f"{path}"))
    return game


def debriefed(game: Game, is_told: bool, as_json: bool, workbook: Path | None, lucks: int | None) -> None:
    """Tell the debrief of all teams of a game, and write its workbook."""
    from simulator.classroom.debrief.broken import look_back
    from simulator.classroom.debrief.luck import LUCKS, luck_and_skill
    from simulator.classroom.debrief.screens import debrief_of
    from simulator.classroom.robots import as_line

    replayed, again = luck_and_skill(game, lucks or LUCKS), look_back(game)
    found = [debrief_of(game, team, again) for team in game.state.teams]
    if is_told and as_json:
        click.echo(as_line({"luck": replayed, "debrief": found}))
    elif is_told:
        for line in _lines(game, replayed, found):
            click.echo(line)
    if workbook is not None:
        _write(game, replayed, found, workbook)


def _lines(game: Game, replayed: Sequence[Luck], found: Sequence[TeamDebrief]) -> Iterator[str]:
    """The debrief in words and tables."""
    from simulator.classroom.debrief.screens import luck_in_words, sections_of_debrief

    texts = game.file.texts(spoken().language)

    def shown(text: Text) -> str:
        told = written(text)
        return texts.get(told, told)

    yield f"\n# {said('Luck and skill')}"
    for each in replayed:
        name = said("policy {name}", name=each.name) if each.is_policy else each.name
        yield f"{name}: {luck_in_words(each)}"
    for team in found:
        for section in sections_of_debrief(team, game.playing.scenario.company.currency):
            yield f"\n# {team.team}: {section.title}"
            yield from lines_of_section(section, shown)


def lines_of_section(section: Section, shown: object) -> Iterator[str]:
    """The figures, sentences and tables of a section, as Markdown."""
    assert callable(shown)
    for each in section.figures:
        value = each.value if each.value is None else percent(each.value) if each.percent else number(each.value)
        yield f"{shown(each.label)}: {'–' if value is None else written(value)} {'' if each.percent else shown(each.unit)}".rstrip()
    yield from map(shown, section.sentences)
    for sheet in section.tables:
        yield f"\n{shown(sheet.title)}" + (f" ({shown(sheet.unit)})" if sheet.unit else "")
        yield f"|  | {' | '.join(map(shown, sheet.columns))} |"
        yield "| --- " * (len(sheet.columns) + 1) + "|"
        for name, cells in sheet.rows:
            yield f"| {shown(name)} | {' | '.join(_cell(cell, shown) for cell in cells)} |"


def _cell(cell: Cell, shown: object) -> str:
    assert callable(shown)
    if isinstance(cell.value, float | int):
        return written(percent(cell.value) if cell.share else number(cell.value))
    return "–" if cell.value is None else str(shown(cell.value))


def _write(game: Game, replayed: Sequence[Luck], found: Sequence[TeamDebrief], path: Path) -> None:
    """Write a workbook without live formulas."""
    import pandas as pd

    from simulator.classroom.debrief.workbook import game_tables
    from simulator.kernel.extras import must_have

    must_have(msg("a workbook"), "files", "xlsxwriter")
    plain = {"strings_to_formulas": False, "strings_to_urls": False}
    with pd.ExcelWriter(path, engine="xlsxwriter", engine_kwargs={"options": plain}) as writer:
        for name, table in game_tables(game, replayed, found).items():
            table.to_excel(writer, sheet_name=name[:31], index=False)
    click.echo(said("Everything of the game is in {path}", path=f"{path}"))
