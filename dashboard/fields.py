"""Inputs made from what parameters declare of themselves: unit, bounds, meaning; nothing is restated here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

import streamlit as st

from dashboard.controls import say, tell
from simulator.company import Company
from simulator.company.entries import dotted, keys, usual
from simulator.company.problems import KINDS, Place, allowed_words, is_record
from simulator.company.problems.places import rules
from simulator.company.toml import read_value, value_text
from simulator.engine.scenario import Experiment, Scenario
from simulator.engine.validation import HEAD
from simulator.kernel.units import Record
from simulator.planning import Policy

STREAMS = ("everyday", "contracts", "frames", "projects")
NAMED = ("products", "components", "resources", "suppliers", "channels", "segments", "disruptions")
"""Parts of which there are several, each with a name or number ..."""
LISTED = ("demand", "market", "sales")
"""... and those with several lists."""


@dataclass(frozen=True)
class ScenarioEntry:
    """An entry of the scenario: where it is, what it is now, what it may be."""

    path: str
    value: Any
    place: Place

    @property
    def group(self) -> str:
        """The part of the company that it belongs to."""
        return keys(self.path)[0]

    @property
    def item(self) -> str:
        """The thing of that part, where there are several."""
        parts = keys(self.path)
        if parts[0] in LISTED:
            return dotted(*parts[1:3]) if len(parts) > 3 else ""
        return parts[1] if parts[0] in NAMED and len(parts) > 2 else ""

    @property
    def label(self) -> str:
        """The entry's name beside its input, as in a file."""
        parts = keys(self.path)
        deep = 3 if parts[0] in LISTED else 2
        return dotted(*parts[deep if self.item else 1 :]) or self.path

    @property
    def example(self) -> str:
        """A pattern for writing a part that is left out, with the entries it needs."""
        kind = self.place.options[0]
        if self.value is not None or not is_record(kind):
            return ""
        needed = [name for name, field in kind.model_fields.items() if field.is_required()]
        return "{ " + ", ".join(f"{name} = …" for name in needed) + " }"

    @property
    def meaning(self) -> str:
        """The entry's meaning, its unit and the values allowed."""
        unit = "" if self.place.unit in KINDS else f" ({tell(self.place.unit)})"
        return f"{tell(self.place.note)}{unit}. {say('Allowed: {what}.', what=tell(allowed_words(self.place)))}"


def changeable_entries(scenario: Scenario) -> list[ScenarioEntry]:
    """Everything that can be changed of a company and its experiment, each once."""
    company = scenario.company
    found = [*_within(Place("", Company), company)]
    found = [e for e in found if not e.path.startswith("demand.") or _said(scenario, e.path)]
    head = [ScenarioEntry(f"company.{e.path}", e.value, e.place) if e.path in HEAD else e for e in found]
    chance = [*_within(Place("experiment", Experiment), scenario.experiment)]
    return [e for e in [*head, *chance] if e.path not in ("company.name", "experiment.policies")]


def policy_entries(policy: Policy) -> list[ScenarioEntry]:
    """Everything that can be changed of a policy: which rule each decision right is given to, and what the rules say."""
    table = Place("policy", Policy)
    places = {name: table.field(name, field) for name, field in Policy.model_fields.items()}
    chosen = [
        ScenarioEntry(place.path, getattr(policy, name).model_dump()["rule"], place)
        for name, place in places.items()
        if rules_of(place)
    ]
    return [*chosen, *(e for e in _within(table, policy) if e.path not in ("policy.name", "policy.note"))]


def rules_of(place: Place) -> list[str]:
    """Rules that a decision right can be given to without further settings; none for anything else."""
    known = rules(place.options[0])
    return [str(name) for name, rule in known.items() if not any(f.is_required() for f in rule.model_fields.values())]


def _said(scenario: Scenario, path: str) -> bool:
    """Tell if an entry of demand stands in the file; streams that were fitted to a history do not."""
    table: Any = scenario.words
    parts = keys(path)
    for key in parts[: 3 if parts[1] in STREAMS else 2]:
        try:
            table = table[int(key)] if isinstance(table, list) else table[key]
        except (KeyError, IndexError, ValueError, TypeError):
            return False
    return True


def _within(table: Place, record: Record) -> Iterator[ScenarioEntry]:
    """The entries of a record and of the records in it."""
    for name, field in type(record).model_fields.items():
        yield from _entry(table.field(name, field), getattr(record, name))


def _entry(place: Place, value: Any) -> Iterator[ScenarioEntry]:
    if isinstance(value, Record):
        kind = type(value)
        yield from _within(Place(place.path, kind, place.unit, note=place.note), value)
    elif isinstance(value, dict) and any(isinstance(each, Record) for each in value.values()):
        for name, each in value.items():
            yield from _entry(place.below(name, type(each)), each)
    elif isinstance(value, tuple) and any(isinstance(each, Record) for each in value):
        for k, each in enumerate(value):
            yield from _entry(place.below(k, type(each)), each)
    elif not (place.options and get_origin(place.options[0]) is Literal and len(get_args(place.options[0])) == 1):
        yield ScenarioEntry(usual(place.path), value, place)


def widget(
    entry: ScenarioEntry, key: str, currency: str, changed: Callable[[str, str], None], typed: Any = None
) -> None:
    """The input of an entry, as its type and bounds ask for, and what it means; `typed` is what could not be taken."""
    kind = entry.place.options[0]
    common = {"key": key, "help": entry.meaning, "on_change": changed, "args": (entry.path, key)}
    shown = as_words(entry.value) if typed is None else typed
    st.session_state[key] = shown
    left_out = say("left out")
    if kind is bool:
        st.toggle(entry.label, **common)
    elif kind in (int, float) and not isinstance(shown, str):
        st.number_input(
            f"{entry.label}{unit_beside(entry.place.unit, currency)}",
            step=1 if kind is int else None,
            format=None if kind is int else "%.6g",
            placeholder=left_out,
            **common,
        )
    elif get_origin(kind) is Literal:
        st.selectbox(entry.label, list(get_args(kind)), placeholder=left_out, **common)
    else:
        st.text_input(entry.label, placeholder=entry.example or left_out, **common)
    st.caption(tell(entry.place.note))


def unit_beside(unit: str, currency: str) -> str:
    """A unit behind the label of its input; none where there is nothing to count."""
    return "" if unit in KINDS else f", {tell(unit).replace(tell('money'), currency)}"


def as_words(value: Any) -> Any:
    """A value as its input holds it: numbers, texts and switches as they are, all else as a file would write it."""
    beyond = isinstance(value, int) and abs(value) > LARGEST_WHOLE
    plain = value is None or (isinstance(value, bool | int | float | str) and not beyond)
    return value if plain else value_text(value)


def from_screen(entry: ScenarioEntry, shown: Any) -> Any:
    """Read the entry's value from its input."""
    kind = entry.place.options[0]
    if isinstance(shown, bool) or shown is None or (shown == "" and entry.value is None):
        return None if shown == "" else shown
    if kind is float:
        return float(shown)
    written = is_record(kind) or get_origin(kind) in (tuple, list, dict) or isinstance(entry.value, tuple | dict)
    return read_value(str(shown)) if written or kind is int else shown


LARGEST_WHOLE = 2**53 - 1
"""Beyond that, browsers round: a larger whole number is typed as text."""


__all__ = [
    "ScenarioEntry",
    "as_words",
    "changeable_entries",
    "from_screen",
    "policy_entries",
    "rules_of",
    "unit_beside",
    "widget",
]
