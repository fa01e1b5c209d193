"""Compare: which way of planning serves customers best for the money?"""

from __future__ import annotations

import streamlit as st

from dashboard import alternatives, controls, downloads, jobs, results, show
from dashboard.asks import Ask, first_of, is_first
from dashboard.case import Case, scenario_of
from dashboard.controls import say
from dashboard.kinds import row_count
from dashboard.look import called, header, policy_name
from dashboard.parts import comparison as parts
from dashboard.parts.at_service import how_compared
from dashboard.parts.what_if import alternatives_shown, panel, possible
from simulator.engine.scenario import Scenario, preset_names

MOST_SHOWN = 1 + alternatives.MOST
"""A policy as it is and its alternatives, or so many policies."""

REPLICATIONS_OF_A_PAGE, MOST_MONTHS = 1000, 60
LARGEST_SEED = 2**53 - 1
"""Beyond that, browsers round."""


def main() -> None:
    """Choose, ask, show."""
    case = st.session_state["case"]
    scenario = scenario_of(case)
    header(say("Compare ways of planning"), say("Which way of planning serves customers best for the money?"), case)
    ask, wished = choose_comparison(case, scenario)
    if wished and quick(wished):
        jobs.begin_ahead(wished)
    runs, size = len(ask.policies) * (results.TIMES_AT_EQUAL if ask.more else 1), row_count(scenario)
    seconds = jobs.seconds(runs, ask.replications, scenario_of(ask.case).experiment.months, size)
    begin = bool(st.session_state.pop("begin comparison", False)) and seconds < show.MOST_SECONDS
    there = show.offer_answer(ask, seconds, begin)
    nothing_yet = say("No result for these inputs yet. Press Run, or open the example of the reference company.")
    shown = show.at_hand("compare", ask, there, case, nothing_yet, open_example)
    if shown:
        parts.comparison_result(shown)
        if not is_first(shown):
            downloads.of_comparison(shown)


def open_example() -> None:
    """Back to what the page opens with."""
    for key in ("company", "policies", "n", "months", "seed", "how"):
        controls.set_to(key, st.session_state[f"default {key}"])
    controls.forget_changes()


def names(scenario: Scenario) -> list[str]:
    """Policies that can be compared on this company: its own first."""
    known = dict.fromkeys([*scenario.policies, *results.DEFAULT_POLICIES, *preset_names()])
    made = [name for name in controls.made_policies() if name not in known]
    return [*known, *made, *(name for name in alternatives_shown() if possible(scenario, name))]


MOST_SECONDS_AHEAD = 5.0
"""Seconds that an answer may take which is begun before it is asked for."""


def quick(ask: Ask) -> bool:
    """Tell if an answer that is not asked for yet is so quick that nobody minds if nobody wants it."""
    there = scenario_of(ask.case)
    return (
        bool(first_of(ask))
        and jobs.seconds(2, ask.replications, there.experiment.months, row_count(there)) < MOST_SECONDS_AHEAD
    )


def choose_comparison(case: Case, scenario: Scenario) -> tuple[Ask, Ask | None]:
    """The inputs that need a simulation, and what the next press of a button would ask for."""
    e, options = scenario.experiment, names(scenario)
    left, middle, right = st.columns([8, 2, 2], vertical_alignment="bottom")
    controls.remembered("policies", list(results.usual_policies(scenario)), controls.some_of(options, 1, MOST_SHOWN))
    with left:
        picked = controls.drawn("policies", lambda: policies_input(options))
    with middle.popover(say("What if"), icon=":material/help_center:", width="stretch"):
        next_ones = panel(case, results.usual_policies(scenario))
    with right.popover(say("More"), icon=":material/settings:", width="stretch"):
        words = say("Runs of each policy, each on its own luck; four times as many halve the interval.")
        n = controls.number_input(
            "n", say("Replications"), results.usual_replications(scenario), 2, REPLICATIONS_OF_A_PAGE, words
        )
        words = say("Months that are simulated; the first {warm_up} are not scored.", warm_up=e.warm_up)
        months = controls.number_input(
            "months", say("Months"), e.months, e.warm_up + 1, max(MOST_MONTHS, e.months), words
        )
        words = say("The number from which all luck follows; the same seed gives the same result.")
        seed = controls.number_input("seed", say("Seed"), e.seed, 0, LARGEST_SEED, words)
    equal = how_compared(e.service_target)
    changed = case if months == e.months else case.with_entry("experiment.months", months)
    ask = results.comparing(changed, tuple(picked or list(results.usual_policies(scenario))), n, seed, equal)
    return ask, results.comparing(changed, tuple(next_ones), n, seed) if next_ones else None


def policies_input(options: list[str]) -> list[str]:
    """The policies to compare."""
    return st.multiselect(
        say("Policies, the first one is the reference"),
        options,
        format_func=called(options, policy_name),
        key="policies",
        max_selections=MOST_SHOWN,
        help=say(
            "A policy is a set of rules for forecast, plans, safety stock and shortage. Every policy meets the same luck, day by day."
        ),
    )


main()
