"""Ask for alternatives beside the answer: eight knobs that make one on the same luck, and some that are ready."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import controls
from dashboard.alternatives import MOST, OUT, code_for, is_alternative, parted
from dashboard.asks import case_of
from dashboard.case import Case, scenario_of
from dashboard.controls import say
from dashboard.look import called, policy_name
from dashboard.parts.lists import choose_list, form
from dashboard.speech import own_name
from simulator.company.entries import dotted
from simulator.engine.scenario import Scenario
from simulator.kernel.units import ScenarioError
from simulator.planning import Policy

Setting = dict[str, Any]

DIALS = ("z", "fill_rate", "days")
"""Entries of a rule for safety stock that set how much there is."""

USUAL_Z = (1.28, 1.65, 2.05, 2.33)
"""Safety factors of 90, 95, 98 and 99 % cycle service."""

NONE = ""


def alternatives_shown() -> list[str]:
    """Alternatives that the reader made in this session, or that the link names."""
    told = st.query_params.get("policies", "").split(",")
    return [name for name in dict.fromkeys([*st.session_state.get("alternatives", []), *told]) if is_alternative(name)]


def possible(scenario: Scenario, name: str) -> bool:
    """Tell if an alternative can be on this company."""
    try:
        case_of(scenario, name)
    except ScenarioError:
        return False
    return True


def panel(case: Case, plain: Sequence[str]) -> list[str]:
    """Choose a policy and turn a knob: the alternative is compared with that policy as it is.

    What comes back is what would be compared if it were asked for now; nothing where no knob is turned.
    """
    scenario = scenario_of(case)
    chosen = st.session_state.get("kept policies", [])
    bases = list(dict.fromkeys(parted(name)[0] for name in [*chosen, *plain]))
    usual = next((name for name in bases if name.startswith("sop")), bases[0])
    base = st.selectbox(
        say("What if, under"), bases, bases.index(usual), format_func=called(bases, policy_name), key="what if base"
    )
    policy = case_of(scenario, base)[1]
    st.caption(say("An alternative meets the same luck as the policy as it is, day by day."))
    with st.container(horizontal=True, gap="small", key="ready alternatives"):
        for setting in ready(scenario, policy):
            code = code_for(base, setting)
            label = policy_name(code).removeprefix(policy_name(base)).lstrip(", ，、")
            st.button(label, key=f"ready {code}", on_click=add, args=(base, setting))
    setting = knobs(scenario, policy)
    at_most = len([name for name in chosen if is_alternative(name)]) >= MOST
    st.button(
        say("Add this alternative"),
        type="primary",
        icon=":material/add:",
        disabled=not setting or at_most,
        help=say("At most {most} alternatives stand beside each other.", most=MOST),
        on_click=add,
        args=(base, setting),
    )
    happens = st.expander(say("Something happens"), icon=":material/bolt:", key="something happens", on_change="rerun")
    if happens.open:  # its form is as much as all else of the panel
        with happens:
            event = choose_list("what if", only_events=True)
            words = say("Add as an alternative")
            form("what if", case, event, words, lambda new, entry, value: add(base, {entry: value}))
    if any(map(is_alternative, chosen)):
        st.button(say("Back to all policies"), icon=":material/undo:", on_click=back)
    code = code_for(base, setting)
    return beside(base, code) if setting and not at_most and possible(scenario, code) else []


def beside(base: str, code: str) -> list[str]:
    """List a policy as it is, the alternatives that are there, and one more."""
    chosen = [name for name in st.session_state.get("kept policies", []) if is_alternative(name)]
    return list(dict.fromkeys([base, *chosen, code]))[: MOST + 1]


def add(base: str, setting: Mapping[str, Any]) -> None:
    """Compare an alternative with the policy as it is, beside the alternatives that are there; simulate it unasked."""
    state, code = st.session_state, code_for(base, setting)
    kept = beside(base, code)
    state["alternatives"] = list(dict.fromkeys([*state.get("alternatives", []), code]))
    controls.set_to("policies", kept)
    controls.set_to("look", code)
    controls.set_to("how", "run")  # at equal service a buffer that is changed would be set anew
    state["begin comparison"] = True


def back() -> None:
    """Show the usual policies again."""
    controls.begin_anew("policies", "look", "how")


def ready(scenario: Scenario, policy: Policy) -> Iterator[Setting]:
    """Questions that managers ask first."""
    entry, value = dial(policy)
    if entry.endswith(".z"):
        higher = next((z for z in USUAL_Z if z > value + 0.01), None)
        if higher is not None:
            yield {entry: higher}
    elif entry.endswith(".days"):
        yield {entry: value + 5}
    yield {"what_if.demand": 1.2}
    if (supplier := slowest_supplier(scenario)) is not None:
        yield {OUT + dotted(supplier): 6}
    if scenario.company.resources:
        yield {"what_if.capacity": 0.9}
    yield {"what_if.lead_time_days": 10}


def dial(policy: Policy) -> tuple[str, float]:
    """The entry that sets how much safety stock there is, and what it says; no entry where the rule has none."""
    rule = policy.safety_stock
    for name in DIALS:
        value = getattr(rule, name, None)
        if isinstance(value, int | float):
            return f"policy.safety_stock.{name}", float(value)
    return NONE, 0.0


def slowest_supplier(scenario: Scenario) -> str | None:
    """The supplier whose goods take longest: the one that hurts most when it is out."""
    found = {
        source.supplier: source.lead_time.mean
        for item in scenario.company.items.values()
        if item.buy
        for source in item.buy.sources
    }
    return max(found, key=lambda name: found[name]) if found else None


def knobs(scenario: Scenario, policy: Policy) -> Setting:
    """Eight knobs; those that are turned are the setting."""
    found: Setting = {}
    entry, value = dial(policy)
    columns = st.columns(2)

    def turned(place: int, label: str, now: float, low: float, high: float, step: float, words: str) -> float | None:
        with columns[place % 2]:
            said = st.number_input(label, low, high, now, step, "%g", key=f"knob {label}", help=words)
        return None if said is None or said == now else float(said)

    if entry:
        label = {"z": say("Safety factor z"), "days": say("Days of cover"), "fill_rate": say("Target fill rate, share")}
        name = entry.rpartition(".")[2]
        top = {"z": 4.0, "days": 180.0, "fill_rate": 0.999}[name]
        step = {"z": 0.05, "days": 1.0, "fill_rate": 0.01}[name]
        words = say("How much safety stock the policy holds.")
        if (new := turned(0, label[name], value, 0.0, top, step, words)) is not None:
            found[entry] = new
    months = turned(
        1,
        say("Months between cycles"),
        float(policy.cycle_months),
        1.0,
        12.0,
        1.0,
        say("How often plans are made anew."),
    )
    if months is not None:
        found["policy.cycle_months"] = int(months)
    company_wide = (
        ("what_if.demand", say("Demand, %"), 100.0, say("Of all products from the first day on.")),
        ("what_if.price", say("Prices, %"), 100.0, say("Demand answers by the elasticity of each product.")),
        ("what_if.capacity", say("Capacity, %"), 100.0, say("Regular hours of all resources.")),
    )
    for place, (name, label_, usual, words) in enumerate(company_wide, 2):
        if (new := turned(place, label_, usual, 10.0, 500.0, 5.0, words)) is not None:
            found[name] = round(new / 100, 4)
    overtime = max((each.overtime for each in scenario.company.resources.values()), default=0.0)
    new = turned(5, say("Overtime up to, %"), round(100 * overtime, 1), 0.0, 100.0, 5.0, say("Of regular hours."))
    if new is not None:
        found["what_if.overtime"] = round(new / 100, 4)
    days = turned(6, say("Lead times, days more"), 0.0, -30.0, 120.0, 5.0, say("Of all suppliers."))
    if days is not None:
        found["what_if.lead_time_days"] = int(days)
    return {**found, **supplier_out(scenario, columns[1])}


def supplier_out(scenario: Scenario, column: Any) -> Setting:
    """A supplier that delivers nothing for some weeks from the first scored day."""
    options = [*scenario.company.suppliers]
    with column:
        name = st.selectbox(
            say("Supplier out"),
            options,
            index=None,
            format_func=called(options, own_name),
            placeholder=say("none"),
            key="knob supplier",
            help=say("From the first scored day, without warning."),
        )
        weeks = st.number_input(say("For how many weeks"), 1, 104, 6, key="knob weeks") if name else None
    return {OUT + dotted(name): int(weeks)} if name and weeks else {}
