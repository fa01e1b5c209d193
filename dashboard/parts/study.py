"""The inputs of a study: which one, its policies, what is varied between which ends, the design, how often, what is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, get_args

import streamlit as st

from dashboard import controls, studies
from dashboard.asks import Ask
from dashboard.case import LOADED, Case, scenario_of
from dashboard.controls import say, tell, wrong
from dashboard.look import called, policy_name
from dashboard.parts import factors
from dashboard.words import as_it_stands
from simulator.engine.scenario import preset_names
from simulator.engine.validation import validated
from simulator.kernel.units import ScenarioError
from simulator.results.kpis import MAIN, MEASURES
from simulator.studies.design import SAMPLED, Kind
from simulator.studies.study import Precision

MOST_POLICIES, MOST_RUNS = 4, 10_000
USUAL_RUNS, USUAL_POINTS = 20, 32
USUAL_MEASURES = ["fill_rate", "days_of_supply", "stock_value", "nervousness", "contribution"]
DESIGNS = {
    "grid": "Every combination",
    "latin-hypercube": "Latin hypercube sample",
    "sobol-indices": "Sample for Sobol indices",
    "sobol": "Sobol sequence",
    "one-at-a-time": "One at a time",
    "full-factorial": "Both ends, all combinations",
    "fractional-factorial": "Both ends, a fraction of the combinations",
    "list": "A list: first values together, then the second",
}
STUDY_TITLES = {
    "safety-stock": "How much safety stock is enough?",
    "what-matters": "What explains how well customers are served?",
}
"""Studies as people call them; one that is not here goes by its own name."""


def study_title(name: str) -> str:
    """A study as it is called."""
    if name == studies.OWN:
        return say("Put one together")
    return say("Your own study file") if LOADED.fullmatch(name) else say(STUDY_TITLES.get(name, name))


def choose_study(case: Case) -> Ask | None:
    """The study that the inputs ask for; nothing where one of them cannot be, which is said at it."""
    loaded = st.session_state.pop("next study", None)
    if loaded:
        controls.set_to("study", loaded)
        controls.keep_choice("study", loaded)
    options = [*studies.of_company(case.base), studies.OWN]
    try:
        told = st.query_params.get("study", st.session_state.get("kept study", ""))
        if LOADED.fullmatch(told):
            studies.words_of(told)
            options.append(told)
    except ScenarioError as problem:
        controls.notice(wrong(problem))
    controls.remembered("study", options[0], controls.one_of(options))
    left, middle, varied, right = st.columns([5, 2, 2, 2], vertical_alignment="bottom")
    with left:
        name = controls.drawn("study", lambda: study_input(options))
    with right.popover(say("Load"), icon=":material/upload_file:", width="stretch"):
        load_file()
    words = dict(own_words(case) if name == studies.OWN else studies.words_of(name))
    with middle:
        words["replications"] = replications_input(name, words.get("replications", 100))
    if name == studies.OWN:
        return own(case, words)
    if words.get("note"):
        st.caption(as_it_stands(say(str(words["note"]))))
    ask = asked(case, name, words)
    with varied:
        factors_of(ask, words)
    return ask


def study_input(options: list[str]) -> str:
    """Choose the study."""
    words = say("A study runs policies at many settings of a company, all on the same luck.")
    return st.selectbox(say("Study"), options, format_func=called(options, study_title), key="study", help=words)


def replications_input(name: str, said: Any) -> Any:
    """Ask for the replications of each setting; a study that asks for a precision decides itself."""
    if not isinstance(said, int):
        told = validated(Precision, said, "study", "replications")
        st.markdown(
            say(
                "{least} to {most} replications, as many as its precision takes.",
                least=told.at_least,
                most=told.at_most,
            )
        )
        return said
    key = f"reps-{name}"
    controls.remembered(key, said, controls.between(1, MOST_RUNS))
    words = say("Runs of each setting and policy, all on the same luck; four times as many halve the intervals.")
    return int(
        controls.drawn(key, lambda: st.number_input(say("Replications"), 1, MOST_RUNS, key=key, step=1, help=words))
    )


def asked(case: Case, name: str, words: Mapping[str, Any]) -> Ask | None:
    """The ask for a study; what is wrong with it as a whole is said here."""
    try:
        return studies.asked(case, name, words)
    except ScenarioError as problem:
        st.error(wrong(problem), icon=":material/error:")
        return None


def factors_of(ask: Ask | None, words: Mapping[str, Any]) -> None:
    """Show the factors of a study from a file, to be changed here."""
    if ask is None:
        return
    with st.popover(say("Factors"), icon=":material/tune:", width="stretch", on_change="rerun", key="factors shown"):
        alt = say("Factors of this study with their ends.")
        st.dataframe(what_varies(ask), hide_index=True, key="what varies", alt=alt)
        st.button(say("Change this study"), icon=":material/edit:", on_click=change, args=(ask, words))


def what_varies(ask: Ask) -> Any:
    """Factors with their entries and ends."""
    import pandas as pd

    rows = []
    for factor in studies.study_of(ask).factors:
        ends = ", ".join(map(str, factor.levels)) or f"{factor.range[0]:g} – {factor.range[1]:g}"
        rows.append(
            {
                say("Factor"): say(factor.name),
                say("Entry"): factor.entry,
                say("Values"): ends,
                say("Unit"): say(factor.unit),
            }
        )
    return pd.DataFrame(rows)


def change(ask: Ask, words: Mapping[str, Any]) -> None:
    """Take a study over into the inputs, to be changed there."""
    design = {"kind": "grid", **words.get("design", {})}
    controls.set_to("study", studies.OWN)
    controls.set_to("with", list(ask.policies)[:MOST_POLICIES])
    controls.set_to("vary", json.dumps([dict(factor) for factor in words.get("factors", [])][: factors.MOST_FACTORS]))
    controls.set_to("design", design["kind"])
    controls.set_to("points", design.get("points", USUAL_POINTS))
    controls.set_to("keep", list(studies.study_of(ask).measures))
    controls.set_to("reps-own", min(ask.replications, MOST_RUNS))


# --- put together on the screen ---


def own_words(case: Case) -> dict[str, Any]:
    """The words of the study that the inputs make, but for its replications."""
    scenario = scenario_of(case)
    options = list(dict.fromkeys([*scenario.policies, *preset_names()]))
    left, right = st.columns([1, 1], gap="medium")
    usual = ["sop"] if "sop" in options else options[:1]
    controls.remembered("with", usual, controls.some_of(options, 1, MOST_POLICIES))
    with left:
        label = say("Policies")
        policies = controls.drawn(
            "with",
            lambda: st.multiselect(
                label, options, format_func=called(options, policy_name), key="with", max_selections=MOST_POLICIES,
                help=say("Each is run at every setting."),
            ),
        )  # fmt: skip
    of_all = tuple(policies or usual)
    with right:
        varied = factors.varied(case, of_all)
    factors.ranges(varied, case, of_all)
    return {"policies": list(of_all), "factors": varied, "replications": USUAL_RUNS, **design_inputs()}


def own(case: Case, words: Mapping[str, Any]) -> Ask | None:
    """The study of the inputs, if each of them can be."""
    return None if st.session_state.get("wrong factors") else asked(case, studies.OWN, words)


def design_inputs() -> dict[str, Any]:
    """Choose the combinations to run, and the figures kept of every run."""
    left, right = st.columns([1, 1], gap="medium", vertical_alignment="bottom")
    names = [name for name in get_args(Kind) if name in DESIGNS]
    controls.remembered("design", "grid", controls.one_of(names))
    with left:
        titles = called(names, lambda name: say(DESIGNS[name]))
        words = say(
            "A grid shows shapes, samples reach far with many factors, Sobol indices say whose the variance is."
        )
        kind = controls.drawn(
            "design", lambda: st.selectbox(say("Design"), names, format_func=titles, key="design", help=words)
        )
    with right.popover(say("More"), icon=":material/settings:", width="stretch"):
        controls.remembered("points", USUAL_POINTS, controls.between(2, studies.MOST_POINTS))
        words = say("Points of a sample; of Sobol indices the base sample, a power of 2.")
        points = controls.drawn(
            "points",
            lambda: st.number_input(
                say("Points"), 2, studies.MOST_POINTS, key="points", step=1, help=words, disabled=kind not in SAMPLED
            ),
        )
        measures = measures_input()
    design = {"kind": kind, **({"points": int(points)} if kind in SAMPLED else {})}
    return {"design": design, "measures": measures}


def measures_input() -> list[str]:
    """Ask for the measures to keep of every run."""
    controls.remembered(
        "keep", [name for name in USUAL_MEASURES if name in MEASURES], controls.some_of(list(MEASURES), 1)
    )
    titles = called(MEASURES, lambda name: tell(MEASURES[name].title))
    found = controls.drawn(
        "keep", lambda: st.multiselect(say("Measures"), list(MEASURES), format_func=titles, key="keep")
    )
    return found or list(MAIN[:1])


# --- a file ---


def load_file() -> None:
    """A study from a file; its company becomes the one on the screen."""
    file = st.file_uploader(say("A study file (.toml, up to 1 MB)"), type=["toml"], key="study file")
    if file is None or st.session_state.get("study taken") == file.file_id:
        return
    st.session_state["study taken"] = file.file_id
    try:
        code, base = studies.brought(file.getvalue())
    except ScenarioError as problem:
        st.error(wrong(problem), icon=":material/error:")
        return
    controls.forget_changes()
    st.session_state["next company"] = base
    st.session_state["next study"] = code
    st.rerun()


__all__ = ["DESIGNS", "STUDY_TITLES", "choose_study", "study_title"]
