"""Answers of a study: the sentence, what matters, service against stock, and everything else one click down."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from dashboard import controls, results, show
from dashboard.asks import Ask
from dashboard.controls import language, say, tell
from dashboard.look import called, policy_name
from dashboard.parts import settings
from dashboard.parts.views import Views
from dashboard.words import as_it_stands, figures
from simulator.faces.analysis import pictures
from simulator.kernel.units import ScenarioError
from simulator.results.kpis import MEASURES


@st.fragment
def study_result(ask: Ask) -> None:
    """All that a study says; looking at another measure, policy or setting simulates nothing."""
    swept = results.swept(ask)
    measures = list(swept.study.measures)
    left, right = st.columns([1, 1], gap="medium")
    controls.remembered("answer", measures[0], controls.one_of(measures))
    with left:
        titles = called(measures, lambda name: tell(MEASURES[name].title))
        words = show.help_on(st.session_state["answer"])
        measure = controls.drawn(
            "answer", lambda: st.selectbox(say("Measure"), measures, format_func=titles, key="answer", help=words)
        )
    policy = ask.policies[0]
    if len(ask.policies) > 1:
        controls.remembered("who", policy, controls.one_of(ask.policies))
        with right:
            label = say("What matters under")
            policy = controls.drawn(
                "who",
                lambda: st.selectbox(label, ask.policies, format_func=called(ask.policies, policy_name), key="who"),
            )
    warn_of_missing(ask)
    show_views(Views(ask, measure, policy))


def warn_of_missing(ask: Ask) -> None:
    """Blocks that were given up are named."""
    for block in results.swept(ask).failed:
        words = say("Not all of it could be run: {where}: {why}", where=block["where"], why=tell(str(block["reason"])))
        st.warning(words, icon=":material/error:")


def show_views(views: Views) -> None:
    """The sentence, the two main pictures, the rest in tabs."""
    if not views.factors:
        views.nothing_varied()
        return
    views.shown(lambda: st.markdown(study_conclusion(views)))
    left, right = st.columns([1, 1], gap="medium")
    with left:
        views.shown(views.tornado)
        if len(views.factors) > 1:
            views.shown(views.heat)
    with right:
        views.shown(views.frontier)
        settings.choose_setting(views.ask, views.means(), views.factors, views.measure)
    views.details()


def study_conclusion(views: Views) -> str:
    """Conclude which factor moves the measure most, by how much, and what is best, each with its uncertainty."""
    table = views.table("tornado")
    ends = table[table["factor"] == table["factor"].iloc[0]].to_dict("records")
    title = tell(MEASURES[views.measure].title)
    slots = {
        "factor": as_it_stands(say(str(ends[0]["factor"]))),
        "measure": pictures.inside(title),
        "policy": policy_name(views.policy),
    }
    if not all(math.isfinite(end["low"]) for end in ends):
        return say("One replication says nothing of luck; take more to see what matters.")
    for end in ends:
        slots |= {f"{end['end']}_at": pictures.level_text(end["at"]), end["end"]: change(views, end)}
    if all(end["low"] <= 0 <= end["high"] for end in ends):
        text = say(
            "**No factor surely moves {measure}** under {policy}; the widest swing: {factor}, {low} at {low_at}, "
            "{high} at {high_at}.",
            **slots,
        )
    else:
        text = say(
            "**{factor} moves {measure} most** under {policy}: {low} at {low_at}, {high} at {high_at}, against the middle.",
            **slots,
        )
    return f"{text[:2] + text[2].upper() + text[3:]} {best(views)}"


def change(views: Views, end: dict[Any, Any]) -> str:
    """A difference with its interval."""
    unit = MEASURES[views.measure].unit
    return figures.with_ends(end["difference"], end["low"], end["high"], unit, views.currency, language())


def best(views: Views) -> str:
    """Name the best setting, and the number of those that may be best."""
    if not MEASURES[views.measure].better:
        return ""
    try:
        table = views.table("ranking")
    except ScenarioError:  # one replication says nothing of luck
        return ""
    first = table.iloc[0]
    mean = figures.with_half(
        first["mean"], first["half_width"], MEASURES[views.measure].unit, views.currency, language()
    )
    slots = {"setting": as_it_stands(settings.name_of(table, views.factors, 0)), "mean": mean}
    count, every = int(table["possible"].sum()), len(table)
    if count == 1:
        return say("Best of {all} settings: {setting}, {mean}; no other may be the best.", all=every, **slots)
    return say(
        "Best of {all} settings: {setting}, {mean}; {count} of them may be the best.",
        all=every,
        count=count,
        **slots,
    )


__all__ = ["study_result"]
