"""Factors of a study: entries that policies and company declare, and the ends or levels that each takes."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Literal, get_args, get_origin

import streamlit as st

from dashboard import controls, fields
from dashboard.asks import policy_of
from dashboard.case import Case, scenario_of
from dashboard.controls import say, wrong
from dashboard.words import as_it_stands
from simulator.company.entries import dotted, keys
from simulator.company.gate import LARGEST_NUMBER
from simulator.engine.validation import validated
from simulator.kernel.units import ScenarioError
from simulator.studies.factors import FactorWords, known_factor, refuse_what_clashes

MOST_FACTORS, USUAL_STEPS, MOST_STEPS = 6, 5, 1_000

USUAL = {"entry": "policy.safety_stock.z", "name": "safety factor", "low": 0.0, "high": 3.0, "steps": 7}
"""What is varied when nothing is chosen, where the policies have it."""


def varied(case: Case, policies: tuple[str, ...]) -> list[dict[str, Any]]:
    """The factors of a study that is put together, and their inputs; `wrong factors` says whether one cannot be."""
    known_entries = entries_of(case, policies)
    usual = [USUAL] if str(USUAL["entry"]) in known_entries else []
    controls.remembered("vary", json.dumps(usual), read_factors)
    factors_input(known_entries)
    factors: list[dict[str, Any]] = json.loads(st.session_state["vary"])
    controls.keep_choice("vary", json.dumps(factors))
    return factors


@lru_cache(maxsize=32)
def entries_of(case: Case, policies: tuple[str, ...]) -> dict[str, fields.ScenarioEntry]:
    """Entries that can be varied: numbers, choices and switches that all policies and the company declare."""
    scenario = scenario_of(case)
    of_policies = [{e.path: e for e in fields.policy_entries(policy_of(scenario, name))} for name in policies]
    shared = [entry for path, entry in of_policies[0].items() if all(path in others for others in of_policies)]
    company = [e for e in fields.changeable_entries(scenario) if e.group != "experiment"]
    return {e.path: e for e in [*shared, *company] if e.value is not None and (levels_of(e) or numeric(e))}


def numeric(entry: fields.ScenarioEntry) -> bool:
    """Tell if an entry is a number."""
    return isinstance(entry.value, int | float) and not isinstance(entry.value, bool)


def levels_of(entry: fields.ScenarioEntry) -> list[Any]:
    """List the levels of a choice, a switch or a decision right."""
    if named := fields.rules_of(entry.place):
        return named
    if isinstance(entry.value, bool):
        return [False, True]
    kind = entry.place.options[0]
    return list(get_args(kind)) if get_origin(kind) is Literal else []


def read_factors(text: str) -> str:
    """Factors from a link: a list of tables, as JSON. What each says is checked at its inputs."""
    said = controls.read_json(text)
    right = isinstance(said, list) and len(said) <= MOST_FACTORS and all(map(can_be_shown, said))
    if not right or len({each["entry"] for each in said}) < len(said):
        raise ValueError(
            say("it must be a list of at most {most} factors, each a table with an entry", most=MOST_FACTORS)
        )
    return json.dumps(said)


def can_be_shown(factor: Any) -> bool:
    """Tell if inputs can hold a factor."""
    if not isinstance(factor, dict) or not isinstance(factor.get("entry"), str):
        return False
    ends = [factor[name] for name in ("low", "high") if name in factor]
    steps, levels, name = factor.get("steps", USUAL_STEPS), factor.get("values", []), factor.get("name", "")
    plain = (
        isinstance(levels, list) and len(levels) <= MOST_STEPS and all(isinstance(v, str | int | float) for v in levels)
    )
    numbers = all(isinstance(end, int | float) and abs(end) < LARGEST_NUMBER for end in ends)
    return plain and numbers and isinstance(name, str) and isinstance(steps, int) and 2 <= steps <= MOST_STEPS


def factors_input(entries: Mapping[str, fields.ScenarioEntry]) -> None:
    """Choose the entries to vary."""
    state = st.session_state
    now = [each["entry"] for each in json.loads(state["vary"])]
    options = [*entries, *(entry for entry in now if entry not in entries)]
    state["factors"] = now
    st.multiselect(
        say("Factors, what is varied"), options, key="factors", max_selections=MOST_FACTORS, on_change=take_factors, args=(entries,),
        help=say("Entries of the policies begin with policy.; all others are the company's. Type a word of a name."),
    )  # fmt: skip


def take_factors(entries: Mapping[str, fields.ScenarioEntry]) -> None:
    """Keep the factors that stay, give new ones a range about what the entry says now."""
    state = st.session_state
    before = {each["entry"]: each for each in json.loads(state["vary"])}
    now = [before.get(entry) or usual_range(entries[entry]) for entry in state["factors"]]
    controls.set_to("vary", json.dumps(now))


def usual_range(entry: fields.ScenarioEntry) -> dict[str, Any]:
    """A fifth below and above what an entry says, within what it may say; every level of a choice."""
    if levels_of(entry):
        return {"entry": entry.path, "values": levels_of(entry)}
    bounds = {
        name: getattr(b, name)
        for b in entry.place.bounds
        for name in ("ge", "gt", "le", "lt")
        if getattr(b, name, None) is not None
    }
    value, whole = float(entry.value), entry.place.options[0] is int
    low, high = sorted((0.8 * value, 1.2 * value)) if value else (0.0, 1.0)
    if whole:
        low, high = math.floor(min(low, value - 1)), math.ceil(max(high, value + 1))
    low = max(low, float(bounds.get("ge", -math.inf)), (value + bounds["gt"]) / 2 if "gt" in bounds else -math.inf)
    high = min(high, float(bounds.get("le", math.inf)), (value + bounds["lt"]) / 2 if "lt" in bounds else math.inf)
    return {"entry": entry.path, "low": float(f"{low:.4g}"), "high": float(f"{high:.4g}"), "steps": USUAL_STEPS}


def ranges(factors: list[dict[str, Any]], case: Case, policies: tuple[str, ...]) -> None:
    """The ends of each factor, folded away while all of them can be."""
    problems = {each["entry"]: problem_of(json.dumps(each), case, policies) for each in factors}
    st.session_state["wrong factors"] = any(problems.values())
    if not factors:
        st.caption(say("Nothing is varied: the policies are compared as they are."))
        return
    summary = "; ".join(f"{short(each)} {ends_of(each)}" for each in factors)
    with st.expander(
        say("Ranges: {ranges}", ranges=as_it_stands(summary)),
        icon=":material/linear_scale:",
        expanded=any(problems.values()),
    ):
        for each in factors:
            range_inputs(each, entries_of(case, policies).get(each["entry"]))
            if problems[each["entry"]]:
                st.error(problems[each["entry"]], icon=":material/error:")


def short(factor: Mapping[str, Any]) -> str:
    """A factor by its name."""
    return say(str(factor["name"])) if factor.get("name") else dotted(*keys(str(factor["entry"]))[-3:])


def ends_of(factor: Mapping[str, Any]) -> str:
    """Between which ends it is varied."""
    if factor.get("values"):
        return ", ".join(map(str, factor["values"]))
    return f"{factor.get('low', '?')} – {factor.get('high', '?')}"


@lru_cache(maxsize=256)
def problem_of(factor: str, case: Case, policies: tuple[str, ...]) -> str:
    """Name the problem of a factor in the sentence of the command line, or nothing if it can be varied so."""
    try:
        words = validated(FactorWords, json.loads(factor), "the study", "factors")
        scenario = scenario_of(case)
        chosen = [policy_of(scenario, name) for name in policies]
        refuse_what_clashes([known_factor(words, scenario, chosen)], [], scenario, chosen)
    except ScenarioError as problem:
        return wrong(problem)
    return ""


def range_inputs(factor: dict[str, Any], entry: fields.ScenarioEntry | None) -> None:
    """Low, high and number of values of a factor, or its levels."""
    path = str(factor["entry"])
    head, *columns = st.columns([4, 2, 2, 2], vertical_alignment="center")
    head.markdown(f"**{as_it_stands(path)}**" + (f"  \n:gray[{entry.meaning}]" if entry else ""))
    if factor.get("values"):
        options = levels_of(entry) if entry and levels_of(entry) else list(factor["values"])
        with columns[0]:
            one(path, "values", say("Values"), factor["values"], lambda **more: st.multiselect(options=options, **more))
        return
    titles = {"low": say("Low"), "high": say("High"), "steps": say("Values")}
    for column, (name, title) in zip(columns, titles.items(), strict=True):
        value = factor.get(name, USUAL_STEPS if name == "steps" else 0.0)
        kind: Any = {"min_value": 2, "max_value": MOST_STEPS, "step": 1} if name == "steps" else {"format": "%.6g"}
        with column:
            one(
                path,
                name,
                title,
                int(value) if name == "steps" else float(value),
                lambda kind=kind, **more: st.number_input(**kind, **more),
            )


def one(path: str, name: str, title: str, value: Any, draw: Callable[..., Any]) -> None:
    """One input of a factor; what it says is taken over when it changes."""
    key = f"{name} {path}"
    st.session_state[key] = value
    draw(label=title, key=key, on_change=take_range, args=(path, name, key))


def take_range(path: str, name: str, key: str) -> None:
    """Take over a new end, number of values or choice of levels."""
    state = st.session_state
    factors = json.loads(state["vary"])
    for each in factors:
        if each["entry"] == path and state[key] not in (None, []):
            each[name] = state[key]
    controls.set_to("vary", json.dumps(factors))


__all__ = ["MOST_FACTORS", "ranges", "varied"]
