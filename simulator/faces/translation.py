"""Every text that the simulator may say: `python -m simulator.faces.translation zh` lists those without a translation."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from inspect import cleandoc
from pathlib import Path
from string import Formatter

from simulator.kernel.messages import catalogue

HERE = Path(__file__).resolve().parents[1]

SAYING = ("msg", "plural", "said")
"""Functions whose first argument is the id of a message; a plural has a second form."""


def ids(folder: Path = HERE) -> dict[str, str]:
    """The ids of messages in the source of a folder, each with the file where it stands."""
    found: dict[str, str] = {}
    for file in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in SAYING and node.args:
                found |= {text: str(file.relative_to(folder)) for text in _texts(node.args[0])}
    return found


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _texts(node: ast.expr) -> Iterator[str]:
    """The text of an argument, or both where a condition chooses."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    if isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))


def declared() -> Iterator[str]:
    """List the texts declared once and shown by their id: measures, entries, rules, elements, lines of statements, options."""
    from simulator.faces.report import figures
    from simulator.results.elements import blocks_of, elements
    from simulator.results.estimates import ALIKE, PERHAPS, UNMEASURED
    from simulator.results.kpis import MEASURES

    for measure in MEASURES.values():
        yield from (measure.title, measure.definition, *_unit(measure.unit))
    yield from (element.title for element in elements())
    yield from (block.title for block in blocks_of(elements()))
    yield from (*PERHAPS, *PERHAPS.values(), *ALIKE, UNMEASURED, *figures.SHORT.values())
    yield from _entries()
    yield from _money()
    yield from _help()


def _unit(unit: str) -> Iterable[str]:
    """The parts of a unit that are said: money is the company's own currency."""
    what, _, each = unit.partition("/")
    return (each,) if what == "money" else (unit,)


def _entries() -> Iterator[str]:
    from simulator.faces.describe import dictionaries, rule_dictionaries
    from simulator.faces.describe.profile import SECTIONS

    yield from SECTIONS
    for tables in (dictionaries(), rule_dictionaries(own=False)):
        for title, entries in tables.items():
            yield title
            for entry in entries:
                yield from (entry.meaning.id, *(() if entry.unit.values else (entry.unit.id,)))


def _money() -> Iterator[str]:
    from simulator.results.money import budget, statements

    yield from (statements.PROFIT_AND_LOSS, statements.CASH_FLOW, statements.WORKING_CAPITAL, statements.ABSORPTION)
    yield from (statements.AT_STANDARD_COST, *statements.PARKED.values(), statements.BEFORE_ABSORPTION)
    yield from (*statements.CASH_LINES, *statements.LINE_TITLES.values(), *budget.EXPLAINED)


def _help() -> Iterator[str]:
    from simulator.faces.cli import main

    yield "Show this message and exit."  # click's own
    for command in (main, *main.commands.values()):
        helps = (command.help, *(getattr(parameter, "help", None) for parameter in command.params))
        yield from (cleandoc(text) for text in helps if text)


def missing(language: str) -> list[str]:
    """Texts that no catalogue of the simulator holds."""
    texts = catalogue(language).texts
    every = dict.fromkeys([*ids(), *declared()])
    return [text for text in every if any(map(str.isalpha, text)) and text not in texts]


def slots(text: str) -> set[str]:
    """The names of a text's slots."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


if __name__ == "__main__":
    print("\n".join(missing(sys.argv[1])))
