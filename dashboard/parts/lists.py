"""Lists of the company as forms: add a disruption, a promotion, a shock, a price change; change one, take one out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard import forms
from dashboard.case import Case, scenario_of
from dashboard.controls import say, tell, wrong
from dashboard.forms import RecordWords
from dashboard.look import called, product_name
from dashboard.words import as_it_stands
from simulator.company.entries import keys
from simulator.company.lists import (
    RecordList,
    field_title,
    list_of,
    record_lists,
)
from simulator.company.problems import Place
from simulator.company.toml import json_text, value_text
from simulator.engine.scenario import Scenario
from simulator.kernel.units import ScenarioError

Taken = Callable[[Case, str, Any], None]
"""Called with the case that has the record, the entry that was set and what it says."""

MOST_LISTED = 40


def choose_list(where: str, only_events: bool = False) -> RecordList:
    """The list that the form is about."""
    found = [each for each in record_lists() if not only_events or each.entry.startswith(("disruptions", "market"))]
    by_entry = {each.entry: each for each in found}
    entry = st.segmented_control(
        say("What happens"),
        list(by_entry),
        format_func=called(by_entry, lambda entry: say(by_entry[entry].title).capitalize()),
        default=found[0].entry,
        key=f"{where} list",
        required=True,
        label_visibility="collapsed",
    )
    chosen = by_entry[entry]
    note = tell(chosen.note)
    st.caption(f"{note[:1].upper()}{note[1:]}")
    return chosen


def form(where: str, case: Case, chosen: RecordList, label: str, taken: Taken, at: int | None = None) -> None:
    """The inputs of one record and the button that takes it: a new one, or the one at a place of the list."""
    scenario, key = scenario_of(case), f"{where} {chosen.entry}"
    place = _place(chosen, case, at)
    _begin(chosen, key, place, scenario)
    problems = st.session_state.get(f"{key} wrong", {})
    forms.draw_form(place, key, scenario, problems)
    if "" in problems:
        st.error(as_it_stands(problems[""]), icon=":material/error:")
    st.button(
        label,
        type="primary",
        icon=":material/add:" if at is None else ":material/check:",
        key=f"button {key} take",
        on_click=_take,
        args=(case, chosen, key, at, taken),
    )


def _place(chosen: RecordList, case: Case, at: int | None) -> Place:
    """The entry of a record: the next one of its list, or the one that is changed."""
    held = len(tables_of(case, chosen))
    return Place(f"{chosen.entry}[{held if at is None else at}]", chosen.kind, note=chosen.note)


def _begin(chosen: RecordList, key: str, place: Place, scenario: Scenario) -> None:
    """Begin a form with what is usual; what has a date begins with the first scored day."""
    state = st.session_state
    if not state.get(f"{key} begun"):
        day = scenario.days.date(int(scenario.days.month_start[scenario.experiment.warm_up])).isoformat()
        forms.fill(place, key, {"start": day} if "start" in chosen.kind.model_fields else {}, scenario)
        state[f"{key} begun"] = True
    else:
        for name in [name for name in state if str(name).startswith(f"{key} ")]:
            state[name] = state[name]  # an input that was not drawn for a while keeps what it said


def _take(case: Case, chosen: RecordList, key: str, at: int | None, taken: Taken) -> None:
    """Take the record over if the company can be so; else say beside its inputs why not."""
    place = _place(chosen, case, at)
    table = forms.words_said(place, key)
    new, entry, value = with_record(case, chosen, table, at)
    try:
        scenario_of(new)
    except ScenarioError as problem:
        st.session_state[f"{key} wrong"] = forms.wrong_by_input(wrong(problem), place, key, say(chosen.title))
        return
    forget(key)
    taken(new, entry, value)


def forget(key: str) -> None:
    """Begin the form anew."""
    for name in [name for name in st.session_state if str(name).startswith(f"{key} ")]:
        del st.session_state[name]


# --- what the list holds ---


def tables_of(case: Case, chosen: RecordList) -> list[RecordWords]:
    """The records of a list as the scenario says them."""
    table: Any = scenario_of(case).words
    for part in keys(chosen.entry):
        table = table.get(part, {}) if isinstance(table, dict) else {}
    return list(table) if isinstance(table, list) else []


def with_record(case: Case, chosen: RecordList, table: RecordWords, at: int | None = None) -> tuple[Case, str, Any]:
    """A case with one more record, or with another one at a place; the entry that says so, and what it says.

    The first one added is an entry of its own, which keeps links short; beyond that the whole list is said.
    """
    held, touched = tables_of(case, chosen), any(list_of(entry) == chosen for entry, _ in case.changes)
    if at is None and held and not touched:
        entry = f"{chosen.entry}[{len(held)}]"
        return case.with_entry(entry, table), entry, table
    every = [*held, table] if at is None else [*held[:at], table, *held[at + 1 :]]
    return with_list(case, chosen, every), chosen.entry, every


def with_list(case: Case, chosen: RecordList, tables: list[RecordWords]) -> Case:
    """A case whose list holds these records; unchanged where they are those of its base."""
    plain = Case(case.base, tuple(pair for pair in case.changes if not pair[0].startswith(chosen.entry)))
    same = json_text(tables) == json_text(tables_of(plain, chosen))
    return plain if same else plain.with_entry(chosen.entry, tables)


def records_held(where: str, case: Case, chosen: RecordList, put: Callable[[Case], None]) -> int | None:
    """List the records with buttons to change one or take it out; the place of the one that is being changed."""
    tables, scenario = tables_of(case, chosen), scenario_of(case)
    state, changing = st.session_state, f"{where} {chosen.entry} changing"
    at = state.get(changing)
    if at is not None and at >= len(tables):
        at = state[changing] = None
    if not tables:
        st.caption(say("None so far."))
    for k, table in enumerate(tables[:MOST_LISTED]):
        said, change, out = st.columns([8, 1.4, 1.4], vertical_alignment="center")
        mark = "→ " if k == at else ""
        said.markdown(f"{mark}**{k + 1}** {as_it_stands(record_line(table, scenario))}")
        change.button(
            say("Change"),
            key=f"button {where} {chosen.entry} change {k}",
            on_click=_open,
            args=(where, case, chosen, k),
            width="stretch",
        )
        fewer = [*tables[:k], *tables[k + 1 :]]
        out.button(
            say("Take out"),
            key=f"button {where} {chosen.entry} out {k}",
            on_click=_put_anew,
            args=(where, chosen, with_list(case, chosen, fewer), put),
            width="stretch",
        )
    if len(tables) > MOST_LISTED:
        st.caption(say("The first {most} are shown.", most=MOST_LISTED))
    return at


def _put_anew(where: str, chosen: RecordList, case: Case, put: Callable[[Case], None]) -> None:
    """Take a case over, and begin the form anew, whose place may be another one now."""
    forget(f"{where} {chosen.entry}")
    try:
        scenario_of(case)
    except ScenarioError as problem:
        st.session_state[f"{where} {chosen.entry} wrong"] = {"": wrong(problem)}
        return
    put(case)


def _open(where: str, case: Case, chosen: RecordList, at: int) -> None:
    """Open the form with a record of the list."""
    key = f"{where} {chosen.entry}"
    forget(key)
    forms.fill(_place(chosen, case, at), key, tables_of(case, chosen)[at], scenario_of(case))
    st.session_state[f"{key} begun"], st.session_state[f"{key} changing"] = True, at


def record_line(table: RecordWords, scenario: Scenario) -> str:
    """A record in a line: each field that says something, by its label."""
    return say(", ").join(f"{say(field_title(name))} {_value(value, scenario)}" for name, value in table.items())


def _value(value: Any, scenario: Scenario) -> str:
    if isinstance(value, dict):
        law = say(str(value["law"])) if "law" in value else ""
        return (
            f"{law} ({record_line({name: each for name, each in value.items() if name != 'law'}, scenario)})".lstrip()
        )
    if isinstance(value, str):
        return product_name(scenario.company, value)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return " + ".join(product_name(scenario.company, each) for each in value)
    return value_text(value)


__all__ = ["choose_list", "form", "record_line", "records_held", "tables_of", "with_list", "with_record"]
