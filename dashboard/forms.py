"""A form of a record: an input with label, unit and meaning for each of its fields, and the table that they say.

Nothing of a record is restated here: what is asked, what may be chosen and what is usual follow from its declaration.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

import streamlit as st

from dashboard.controls import say, tell
from dashboard.fields import ScenarioEntry, unit_beside
from dashboard.look import called, product_name
from dashboard.words import as_it_stands
from simulator.company.lists import field_title, names_known
from simulator.company.problems import Place, is_record, tag
from simulator.company.problems.places import tags
from simulator.company.toml import read_value, value_text
from simulator.engine.scenario import Scenario

ACROSS = 3
"""Inputs beside each other."""

RecordWords = dict[str, Any]
Wrong = dict[str, str]
"""What is wrong, by the entry that it is about."""


@dataclass(frozen=True)
class Input:
    """A field of a record in a form: what it is, whether it must be said, and what it says if nobody does."""

    place: Place
    key: str
    name: str
    needed: bool
    usual: Any

    @property
    def kind(self) -> Any:
        """The type of its value."""
        return self.place.options[0]

    @property
    def is_table(self) -> bool:
        """Tell if it is a record of its own, or one of several kinds of them."""
        return is_record(self.kind)


def inputs_of(place: Place, key: str) -> list[Input]:
    """The fields of a record, figures and names that must be said first; the one that tells its kind is chosen before."""
    kind = place.options[0]
    told = tag(kind)
    found = [
        Input(place.field(name, field), f"{key} {name}", name, field.is_required(), field.get_default())
        for name, field in kind.model_fields.items()
        if not told or name != told[0]
    ]
    return sorted(found, key=lambda each: (not each.needed or each.is_table, each.name == "note"))


def draw_form(place: Place, key: str, scenario: Scenario, wrong: Wrong) -> None:
    """Draw the inputs of a record in columns, each with what is wrong with it."""
    found = inputs_of(place, key)
    for first in range(0, len(found), ACROSS):
        for column, each in zip(st.columns(ACROSS), found[first : first + ACROSS], strict=False):
            with column:
                _draw_one(each, scenario, wrong)


def _draw_one(each: Input, scenario: Scenario, wrong: Wrong) -> None:
    if each.is_table:
        _draw_table(each, scenario, wrong)
    else:
        _widget(each, scenario)
        st.caption(tell(each.place.note))
    if each.place.path in wrong:
        st.error(as_it_stands(wrong[each.place.path]), icon=":material/error:")


def _draw_table(each: Input, scenario: Scenario, wrong: Wrong) -> None:
    """A record within the record: its kind where there are several, then its own inputs one below the other."""
    title = say(field_title(each.name))
    if len(each.place.options) > 1:
        kinds = [str(name) for option in each.place.options for name in tags(option)]
        st.selectbox(title, kinds, format_func=called(kinds, say), key=f"{each.key} kind", help=_meaning(each))
        st.caption(tell(each.place.note))
    elif not each.needed and not st.toggle(title, key=f"{each.key} said", help=_meaning(each)):
        return
    for part in inputs_of(_kind_of(each), each.key):
        _draw_one(part, scenario, wrong)


def _kind_of(each: Input) -> Place:
    """The place of a record, of the kind that was chosen where there are several."""
    chosen = st.session_state.get(f"{each.key} kind")
    options = each.place.options
    kind = next((option for option in options if chosen in tags(option)), options[0])
    return Place(each.place.path, kind, each.place.unit, note=each.place.note)


def _widget(each: Input, scenario: Scenario) -> None:
    """The input that a field's type and its name ask for."""
    label = f"{say(field_title(each.name))}{unit_beside(each.place.unit, scenario.company.currency)}"
    common: dict[str, Any] = {"key": each.key, "help": _meaning(each)}
    left_out = say("left out") if not each.needed else say("type") if each.kind in (int, float, str) else say("choose")
    known = names_known(scenario.company, each.name)
    if get_origin(each.kind) is dict and known is not None:
        _draw_shares(each, label, known, scenario)
    elif get_origin(each.kind) is tuple and known is not None:
        st.multiselect(label, known, format_func=_named(known, scenario), placeholder=left_out, **common)
    elif known is not None or get_origin(each.kind) is Literal:
        options = known if known is not None else list(get_args(each.kind))
        st.selectbox(label, options, index=None, format_func=_named(options, scenario), placeholder=left_out, **common)
    elif each.kind is bool:
        st.toggle(label, **common)
    elif each.kind is dt.date:
        first, last = scenario.days.date(0), scenario.days.date(scenario.days.count - 1)
        st.date_input(label, value=None, min_value=first, max_value=last, **common)
    elif each.kind in (int, float):
        whole = each.kind is int
        st.number_input(
            label,
            value=None,
            step=1 if whole else None,
            format=None if whole else "%.6g",
            placeholder=left_out,
            **common,
        )
    else:
        st.text_input(label, placeholder=left_out, **common)


def _draw_shares(each: Input, label: str, known: list[str], scenario: Scenario) -> None:
    """A number for each of the names that are chosen."""
    name = _named(known, scenario)
    chosen = st.multiselect(
        label, known, format_func=name, placeholder=say("left out"), key=each.key, help=_meaning(each)
    )
    for one in chosen:
        st.number_input(f"{label}: {name(one)}", value=None, format="%.6g", key=f"{each.key} {one}")


def _named(options: list[str], scenario: Scenario) -> Any:
    """Things of the company as the reader calls them; choices of a field as they are said."""
    return called(options, lambda name: product_name(scenario.company, name))


def _meaning(each: Input) -> str:
    """Say what an input means, and what is allowed; what a table may say is seen in its own inputs."""
    if each.is_table:
        return tell(each.place.note)
    return ScenarioEntry(each.place.path, each.usual, each.place).meaning


def every_input(place: Place, key: str) -> Iterator[Input]:
    """All inputs of a form, those within tables included."""
    for each in inputs_of(place, key):
        yield each
        if each.is_table:
            yield from every_input(_kind_of(each), each.key)


def wrong_by_input(sentences: str, place: Place, key: str, title: str) -> Wrong:
    """Sentences on what is wrong, by the input that each names, which is called by its label; by nothing where it names none."""
    names = {each.place.path: say(field_title(each.name)) for each in every_input(place, key)}
    found: Wrong = {}
    for sentence in sentences.splitlines():
        path = max((each for each in names if each in sentence), key=len, default="")
        told = sentence.replace(path, names[path]) if path else sentence.replace(place.path, title)
        found[path] = f"{found[path]}\n{told}" if path in found else told
    return found


# --- what is said ---


def fill(place: Place, key: str, table: RecordWords, scenario: Scenario) -> None:
    """Put the words of a record into the inputs of its form, and what is usual where they say nothing."""
    state = st.session_state
    for each in inputs_of(place, key):
        said = table.get(each.name)
        if each.is_table:
            if len(each.place.options) > 1:
                state[f"{each.key} kind"] = str((said or {}).get("law", tags(each.place.options[0])[0]))
            state[f"{each.key} said"] = said is not None
            fill(_kind_of(each), each.key, said or {}, scenario)
        else:
            state[each.key] = _for_input(each, each.usual if said is None and not each.needed else said, scenario)
            for name, share in (said or {}).items() if isinstance(said, dict) else ():
                state[f"{each.key} {name}"] = share


def _for_input(each: Input, value: Any, scenario: Scenario) -> Any:
    """A value as its input holds it."""
    known = names_known(scenario.company, each.name)
    if each.kind is dt.date:
        return dt.date.fromisoformat(value) if isinstance(value, str) else value
    if known is not None:
        several = get_origin(each.kind) in (tuple, dict)
        return [name for name in value or () if name in known] if several else value if value in known else None
    if each.kind in (int, float) and value is not None:
        return each.kind(value)
    if get_origin(each.kind) is tuple or isinstance(value, dict | list):
        return "" if not value or value == each.usual else value_text(list(value))
    return ("" if value is None else value) if each.kind is str else value


def words_said(place: Place, key: str) -> RecordWords:
    """The table that the inputs say: what must be said, and what is not usual."""
    return dict(_said(place, key))


def _said(place: Place, key: str) -> Iterator[tuple[str, Any]]:
    state = st.session_state
    for each in inputs_of(place, key):
        if each.is_table:
            if each.needed or state.get(f"{each.key} said"):
                kind = _kind_of(each)
                told = {"law": state[f"{each.key} kind"]} if f"{each.key} kind" in state and tag(kind.kind) else {}
                yield each.name, {**told, **words_said(kind, each.key)}
            continue
        value = _from_input(each, state.get(each.key))
        if value not in (None, "", [], {}) and (each.needed or value != _plain(each.usual)):
            yield each.name, value


def _from_input(each: Input, value: Any) -> Any:
    """A value as a file would say it."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if get_origin(each.kind) is dict and isinstance(value, list):
        shares = {name: st.session_state.get(f"{each.key} {name}") for name in value}
        return {name: share for name, share in shares.items() if share is not None}
    if get_origin(each.kind) is tuple and isinstance(value, str):
        return read_value(value) if value.strip() else None
    return float(value) if each.kind is float and isinstance(value, int) and not isinstance(value, bool) else value


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


__all__ = ["Input", "draw_form", "every_input", "fill", "inputs_of", "words_said", "wrong_by_input"]
