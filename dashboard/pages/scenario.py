"""Scenario: choose a company, change any of its entries, save it, load one; switch elements of S&OP on and off."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard import controls, export, fields, show
from dashboard.case import Case, brought, scenario_of
from dashboard.controls import say, tell
from dashboard.look import called, company_name, element_title, header, look_at, policy_name, product_name, remarks_of
from dashboard.parts import ladder, lists
from dashboard.parts.paper import escaped
from dashboard.words import as_it_stands
from simulator.company.entries import dotted, keys
from simulator.company.toml import json_text, value_text
from simulator.faces.describe import profile
from simulator.kernel.messages import plural
from simulator.kernel.units import ScenarioError
from simulator.results.elements import elements

MOST_FOUND = 24
GROUPS = {
    "products": "Products",
    "components": "Components",
    "resources": "Resources",
    "suppliers": "Suppliers",
    "channels": "Channels",
    "segments": "Customers",
    "demand": "Demand",
    "market": "Market",
    "sales": "Sales team",
    "marketing": "Marketing",
    "disruptions": "Disruptions",
    "stockroom": "Stock records",
    "scorecard": "Scorecard",
    "finance": "Finance",
    "calendar": "Calendar",
    "company": "The company",
    "experiment": "The experiment",
}


def main() -> None:
    """Choose, change, save."""
    case = st.session_state["case"]
    header(say("Scenario"), say("What company is this, and what if something were different?"))
    what_it_is(case)
    happens, change, policy, files = st.tabs(
        [say("What happens"), say("Change an entry"), say("Elements of S&OP"), say("Save and load")]
    )
    with happens:
        events(case)
    with change:
        differences(case)
        editor(case)
    with policy:
        switches()
    with files:
        save_and_load(case)


# --- lists ---


def events(case: Case) -> None:
    """Lists of the company: what is in them, and a form for one more."""
    chosen = lists.choose_list("scenario")
    at = lists.records_held("scenario", case, chosen, put)
    left, right, _ = st.columns([1, 1, 4])
    left.button(
        say("Undo"),
        icon=":material/undo:",
        key="undo list",
        on_click=undo,
        disabled=not st.session_state.get("undone"),
        width="stretch",
    )
    if at is not None:
        right.button(
            say("Leave as it is"),
            key="leave",
            on_click=lists.forget,
            args=(f"scenario {chosen.entry}",),
            width="stretch",
        )
    st.markdown(f"**{say('One more') if at is None else say('Change number {n}', n=at + 1)}**")
    label = say("Add to the company") if at is None else say("Take over")
    lists.form("scenario", case, chosen, label, lambda new, entry, value: put(new), at)


# --- entries ---


def differences(case: Case) -> None:
    """List the differences from the base, with undo."""
    if not case.changes:
        st.caption(say("Nothing is changed: this is {company} as it comes.", company=company_name(case.base)))
        return
    st.markdown(f"**{say('What differs from the base')}**")
    before, now = (
        {entry.path: entry.value for entry in fields.changeable_entries(scenario_of(each))}
        for each in (Case(case.base), case)
    )
    for entry, text in case.changes:
        left, right = st.columns([6, 1], vertical_alignment="center")
        new = now.get(entry, json.loads(text))  # of a list of tables, only their entries are known
        left.markdown(f"`{entry.replace('`', '')}`: {said_of(before.get(entry))} → **{said_of(new)}**")
        right.button(say("Take back"), key=f"back {entry}", on_click=put, args=(case.without(entry),), width="stretch")
    left, right, _ = st.columns([1, 1, 4])
    left.button(
        say("Undo"), icon=":material/undo:", on_click=undo, disabled=not st.session_state.get("undone"), width="stretch"
    )
    right.button(say("Take all back"), on_click=put, args=(Case(case.base),), width="stretch")


def said_of(value: Any) -> str:
    """A value as a file would write it."""
    return say("left out") if value is None else as_it_stands(value_text(value))


def put(case: Case) -> None:
    """Make another case the one on the screen, and remember how it was."""
    state = st.session_state
    state.setdefault("undone", []).append(list(state.get("changes", [])))
    state["changes"] = [list(pair) for pair in case.changes]
    state.pop("problem", None)


def undo() -> None:
    """Back to how it was before the last change."""
    state = st.session_state
    if state.get("undone"):
        state["changes"] = state["undone"].pop()


def what_it_is(case: Case) -> None:
    """The company in words."""
    scenario = scenario_of(case)
    with st.expander(say("{company} in words", company=company_name(case.base)), icon=":material/factory:"):
        st.markdown(in_chapters(profile(scenario)))
    look_at(remarks_of(case))


def in_chapters(lines: Sequence[str]) -> str:
    """The profile with its headings: a line after an empty one is such."""
    said = []
    for before, line in zip(["", *lines], lines, strict=False):
        if line:
            text = escaped(tell(line))
            said.append(f"\n**{text}**\n" if not before else f"- {text}")
    return "\n".join(said)


def changed(path: str, key: str) -> None:
    """Take a new value over if the company can be so; else say why at its input."""
    state = st.session_state
    case: Case = state["case"]
    entry = next(each for each in fields.changeable_entries(scenario_of(case)) if each.path == path)
    shown = state[key]
    if shown is None and entry.value is not None:
        state["problem"] = (path, say("Type a value; the one before is kept."), None)
        return
    base = next((e.value for e in fields.changeable_entries(scenario_of(Case(case.base))) if e.path == path), None)
    try:
        value = fields.from_screen(entry, shown)
        new = case.without(path) if json_text(value) == json_text(base) else case.with_entry(path, value)
        scenario_of(new)
    except ScenarioError as problem:
        state["problem"] = (path, controls.wrong(problem), shown)
        return
    put(new)


def editor(case: Case) -> None:
    """The entries, grouped and searched."""
    found = fields.changeable_entries(scenario_of(case))
    search = st.text_input(
        say("Search"), key="search entries", placeholder=say("a word of a name or meaning, such as lead_time")
    )
    if search:
        words = search.lower().split()
        hits = [
            e for e in found if all(word in f"{e.path} {e.place.note} {tell(e.place.note)}".lower() for word in words)
        ]
        st.caption(
            say(plural("{n} entry found.", "{n} entries found.", len(hits)))
            + (say(" The first {most} are shown.", most=MOST_FOUND) if len(hits) > MOST_FOUND else "")
        )
        inputs(hits[:MOST_FOUND], whole=True)
        return
    groups = [group for group in GROUPS if any(e.group == group for e in found)]
    group = st.segmented_control(
        say("Part of the company"),
        groups,
        format_func=called(groups, lambda name: say(GROUPS[name])),
        default=groups[0],
        key="group",
        required=True,
    )
    part = [e for e in found if e.group == group]
    items, company = list(dict.fromkeys(e.item for e in part)), scenario_of(case).company
    item = (
        st.selectbox(
            say("Which"),
            items,
            key=f"item {group}",
            format_func=called(items, lambda name: product_name(company, name) if name else say("general")),
        )
        if len(items) > 1
        else items[0]
    )
    here = [e for e in part if e.item == item]
    inputs([e for e in here if e.value is not None])
    absent = [e for e in here if e.value is None]
    if absent:
        with st.expander(
            say("Left out here, and can be added"), icon=":material/add:", expanded=len(absent) == len(here)
        ):
            inputs(absent)


def inputs(part: list[fields.ScenarioEntry], whole: bool = False) -> None:
    """Inputs in three columns, each with its meaning and with what is wrong with it where something is."""
    wrong, sentence, typed = st.session_state.get("problem", ("", "", None))
    currency = scenario_of(st.session_state["case"]).company.currency
    for first in range(0, len(part), 3):
        for column, entry in zip(st.columns(3), part[first : first + 3], strict=False):
            with column:
                if whole:
                    st.caption(dotted(*keys(entry.path)[:-1]))
                fields.widget(entry, f"entry {entry.path}", currency, changed, typed if entry.path == wrong else None)
                if entry.path == wrong:
                    st.error(as_it_stands(sentence), icon=":material/error:")


# --- elements ---


def switches() -> None:
    """Elements of S&OP switched on in siloed planning make a policy that every page knows."""
    st.markdown(
        say(
            "Begin with siloed planning and switch elements of S&OP on. The policy that comes out can be "
            "compared, shown month by month and day by day."
        )
    )

    def switch(name: str) -> bool:
        return st.toggle(tell(element_title(name)), key=f"element {name}", help=ladder.does(name))

    chosen = [element.name for element in elements() if switch(element.name)]
    name = "+".join(["siloed", *chosen])
    left, right = st.columns([2, 3], vertical_alignment="center")
    if left.button(
        say("Add to the policies"),
        type="primary",
        disabled=not chosen,
        width="stretch",
        on_click=controls.add_policy,
        args=(name,),
    ):
        right.success(say("{policy} can now be chosen on every page.", policy=policy_name(name)))
    if controls.made_policies():
        st.caption(say("Made so far: {names}.", names=", ".join(controls.made_policies())))


# --- files ---


def save_and_load(case: Case) -> None:
    """The scenario as a file, and files as scenarios."""
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"**{say('Save')}**")
        show.save(say("Scenario file"), lambda: export.scenario_file(case), "scenario.toml", "application/toml")
        st.code(export.scenario_file(case).decode(), language="toml")
    with right:
        st.markdown(f"**{say('Load')}**")
        file = st.file_uploader(say("A scenario file (.toml, up to 1 MB)"), type=["toml"], key="scenario file")
        if file is not None and st.session_state.get("taken") != file.file_id:
            take(file)


def take(file: Any) -> None:
    """Make a file that was brought the company on the screen; say what is wrong with it if it is none."""
    st.session_state["taken"] = file.file_id
    try:
        case = brought(file.getvalue())
    except ScenarioError as problem:
        st.error(as_it_stands(controls.wrong(problem)), icon=":material/error:")
        return
    controls.forget_changes()
    st.session_state["next company"] = case.base
    st.rerun()


main()
