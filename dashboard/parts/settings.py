"""One setting of a study: choose it, take it to Compare; the best one, scored anew on luck that the study never met."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard import controls, results, show, studies
from dashboard.asks import Ask
from dashboard.controls import language, say
from dashboard.look import SETTING, called, look, policy_name
from dashboard.words import as_it_stands, figures
from simulator.faces.analysis import standings
from simulator.results.kpis import MEASURES

if TYPE_CHECKING:
    import pandas as pd


def name_of(table: pd.DataFrame, factors: list[str], row: int) -> str:
    """A setting in words."""
    return standings.labels(table, factors, look())[row]


def pick(ask: Ask) -> None:
    """Take the setting that was pointed at in the frontier."""
    event = st.session_state.get("chart sweep-frontier")
    marks = event.selection.get(standings.CHOSEN, []) if event else []
    if marks and "point" in marks[0]:
        row = int(marks[0]["point"]) * len(ask.policies) + list(ask.policies).index(str(marks[0]["policy"]))
        controls.set_to("spot", row)


def choose_setting(ask: Ask, table: pd.DataFrame, factors: list[str], measure: str) -> None:
    """A setting by its name, and the way to Compare."""
    names = standings.labels(table, factors, look())
    low = MEASURES[measure].better == "lower"
    best = int(table["mean"].idxmin() if low else table["mean"].idxmax())
    controls.remembered("spot", best, controls.between(0, len(names) - 1))
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        words = say("Point at a mark of the frontier, or choose here. It opens with the best one in the measure.")
        titles = called(range(len(names)), lambda row: names[row])
        row = int(
            controls.drawn(
                "spot",
                lambda: st.selectbox(say("Setting"), range(len(names)), format_func=titles, key="spot", help=words),
            )
        )
    if right.button(say("Open in Compare"), icon=":material/compare_arrows:", key="to compare", width="stretch"):
        to_compare(ask, row)


def to_compare(ask: Ask, row: int) -> None:
    """The company at this setting, and the policy beside what it is without it."""
    point, place = divmod(row, len(ask.policies))
    policy = ask.policies[place]
    case, tuned = studies.with_setting(ask.case, ask, point, policy, f"{policy}{SETTING}{point + 1}")
    st.session_state["changes"] = [list(pair) for pair in case.changes]
    controls.set_to("policies", list(dict.fromkeys([policy, tuned])))
    controls.set_to("look", tuned)
    st.switch_page("pages/compare.py")


def best_setting(ask: Ask, measure: str, factors: list[str], currency: str) -> None:
    """The best setting on fresh luck, and by how much the study flattered it."""
    st.markdown(f"**{say('The best one, scored anew')}**")
    st.caption(
        say(
            "Whoever picks the best of many on the luck that scored them is flattered. Twice as many new replications tell by how much."
        )
    )
    more = (("sweep", ask.key), ("measure", measure), *ask.more)
    fresh = Ask("winner", ask.case, ask.policies, ask.replications, ask.seed, more)
    if not show.offer_answer(fresh, 10.0):
        return
    found: dict[str, Any] = results.noted(fresh, "winner.json")
    unit = MEASURES[measure].unit
    halves = {end: (found[end]["high"] - found[end]["low"]) / 2 for end in ("fresh", "seen")}
    means = {
        end: figures.with_half(found[end]["mean"], half, unit, currency, language()) for end, half in halves.items()
    }
    gap = figures.with_ends(*(found["optimism"][end] for end in ("mean", "low", "high")), unit, currency, language())
    named = {factor.entry: factor.name for factor in results.swept(ask).factors}
    setting = ", ".join(
        f"{say(named[entry])} {value:.4g}" if isinstance(value, float) else f"{say(named[entry])} {value}"
        for entry, value in found["setting"].items()
    )
    words = say(
        "{policy}, {setting}: **{fresh} on fresh luck**, {seen} in the study; it was flattered by {gap}.",
        policy=policy_name(found["policy"]),
        setting=as_it_stands(setting),
        gap=gap,
        **means,
    )
    st.markdown(words)


__all__ = ["best_setting", "choose_setting", "name_of", "pick"]
