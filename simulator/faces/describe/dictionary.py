"""The data dictionary: what a scenario file may hold, from what records and rules declare of themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from simulator import planning as policies
from simulator.company import Company, Orders
from simulator.company.laws import Law
from simulator.company.names import Names
from simulator.company.problems import Place, allowed_words, is_record, members, tag, unit_words, value_as_written
from simulator.engine.scenario import Experiment
from simulator.engine.validation import HEAD
from simulator.kernel.messages import Message, Value, msg
from simulator.kernel.units import Record
from simulator.planning.rules import Rule, rights, shipped


@dataclass(frozen=True)
class Entry:
    """An entry that a file may hold."""

    entry: str
    unit: Message
    allowed: Message
    default: Value
    meaning: Message


def dictionary(kind: type[Record], where: str = "") -> list[Entry]:
    """The entries of a record and of the records in it, by dotted name."""
    return [entry for name, field in kind.model_fields.items() for entry in _entries(Place(where, kind), name, field)]


def _entries(table: Place, name: str, field: FieldInfo) -> Iterator[Entry]:
    """An entry, and what it holds if it is a table."""
    place = table.field(name, field)
    kind, *others = place.options
    within, mark = _within(place)
    if is_record(kind) and not others and not issubclass(kind, Rule):
        within, mark = kind, ""
    meaning = field.description or _first_line(kind)
    yield Entry(
        place.path + mark,
        unit_words(place.unit),
        allowed_words(place),
        _default(field) if not within or field.default is None else "",
        msg(meaning),
    )
    if within:
        yield from dictionary(within, place.path + mark)


def _within(place: Place) -> tuple[Any, str]:
    """The record that a table of names or a list holds, and how its entries are written."""
    kind = place.options[0]
    held = [part for part in getattr(kind, "__args__", ()) if is_record(part)]
    mark = "[]" if getattr(kind, "__origin__", None) is tuple else ".<name>"
    return (held[0], mark) if held else (None, "")


def _default(field: FieldInfo) -> Value:
    """Return the value of an entry that is left out."""
    value = field.default
    if value is PydanticUndefined:
        return msg("required")
    if isinstance(value, Rule):
        return value.name
    if value is None or (isinstance(value, tuple | dict) and not value):
        return msg("none")
    if isinstance(value, date):
        return str(value)
    return value_as_written(list(value) if isinstance(value, tuple) else value)


def _first_line(kind: type) -> str:
    """Return the first line of a record's description, without the shape of its answer."""
    return (kind.__doc__ or "").strip().split("\n")[0].split(": (")[0]


def dictionaries() -> dict[str, list[Entry]]:
    """The dictionary of a scenario file, part by part: company and demand, laws of chance, experiment."""
    laws = dict.fromkeys([*members(Law), Orders])
    return {
        "The company": [replace(e, entry=f"company.{e.entry}") if e.entry in HEAD else e for e in dictionary(Company)],
        "Laws of chance": [
            entry for law in laws for entry in _choice(law, "law", str((tag(law) or ("", ("",)))[1][0]))
        ],
        "The experiment": dictionary(Experiment, "experiment"),
        "Names in other languages": dictionary(Names, "names"),
        "A policy, in a file of its own or as policies.<name>": dictionary(policies.Policy),
    }


def rule_dictionaries(own: bool = True) -> dict[str, list[Entry]]:
    """List all rules by the decision right that they serve, with their settings; only those of the product where `own` is False."""
    return {
        right.kind.capitalize(): [
            entry for name, rule in right.known.items() if own or shipped(rule) for entry in _choice(rule, "rule", name)
        ]
        for right in rights()
    }


def _choice(kind: type[Record], by: str, name: str) -> list[Entry]:
    """A law or rule and its settings."""
    head = f'{by} = "{name}"'
    settings = [replace(e, entry=f"  {e.entry}") for e in dictionary(kind) if e.entry != by]
    return [Entry(head, msg(""), msg(""), "", msg(_first_line(kind))), *settings]
