"""Sweep: what matters, what is best?"""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import controls, downloads, jobs, results, show, studies
from dashboard.asks import Ask
from dashboard.controls import language, say, tell
from dashboard.look import SETTING, header, look_at_the_rest, policy_name
from dashboard.parts import answers
from dashboard.parts import study as inputs
from dashboard.words import figures
from simulator.kernel.messages import number, plural
from simulator.results.kpis import MEASURES
from simulator.studies.plan import ASKED_FROM, size_words

MOST_SECONDS = 4 * 3600
"""Beyond this, no page should be kept open for it."""

FILL_SHARE = 0.8
"""A smaller offer fills this share of the time."""


def main() -> None:
    """Choose, plan, run, show."""
    case = studies.without_settings(st.session_state["case"], SETTING)
    header(say("Sweep"), say("What matters, what is best?"), case)
    ask = inputs.choose_study(case)
    there = ask is not None and jobs.state_of(ask.key).status == "done" and whole(ask)
    if ask and not there:
        there = planned(ask)
    nothing_yet = say("No result for this study yet. Press Run, or open the example of the reference company.")
    shown = show.at_hand("sweep", ask, there, case, nothing_yet, open_example)
    if shown:
        look_at_the_rest(results.swept(shown).study.cautions, case)
        answers.study_result(shown)
        downloads.of_study(shown)
    elif ask is None:
        st.info(say("Mend what is marked above; then the study can be planned."), icon=":material/info:")


def whole(ask: Ask) -> bool:
    """Tell if the answer that is there can be trusted, and warn with a way out if not."""
    if results.whole(ask):
        return True
    words = say(
        "A file of this result is not what was written, so nothing is shown. Press Run: what is whole is kept, the rest is run again."
    )
    st.warning(words, icon=":material/error:")
    return False


def open_example() -> None:
    """Back to what the page opens with."""
    controls.set_to("company", results.STUDIED)
    controls.forget_changes()
    for key in (
        "study",
        "answer",
        "who",
        "spot",
        *(key for key in st.session_state if str(key).startswith("kept reps-")),
    ):
        for name in (str(key).removeprefix("kept "), f"kept {str(key).removeprefix('kept ')}"):
            st.session_state.pop(name, None)
    st.query_params.clear()
    controls.keep_choice("company", results.STUDIED)


def planned(ask: Ask) -> bool:
    """Show the cost of a study before it runs, then the run itself, and tell if its answer is there."""
    if jobs.state_of(ask.key).status in ("waiting", "running"):
        return show.offer_answer(ask, 0.0, so_far=lambda: so_far(ask))
    plan_ask = Ask("plan", ask.case, ask.policies, ask.replications, ask.seed, ask.more)
    if not show.offer_answer(plan_ask, 4.0, begin=True):
        st.caption(say("Two short runs of each policy tell how long the study will take."))
        return False
    plan = results.noted(plan_ask, "plan.json")
    st.markdown(cost(plan))
    seconds, confirmed = float(plan["seconds"]), False
    if seconds > MOST_SECONDS:
        st.warning(
            say(
                "That is too long for a page. Take fewer replications or settings, or run the study file with `sop sweep`."
            ),
            icon=":material/hourglass_disabled:",
        )
        smaller(ask, seconds)
        return False
    if seconds > ASKED_FROM:
        smaller(ask, seconds)
        confirmed = st.checkbox(
            say("Start it all the same; it goes on when this page is closed."), key=f"all the same {ask.key}"
        )
    if jobs.state_of(ask.key).status == "stopped":
        st.caption(say("What was finished is kept; the study goes on from there."))
    return show.offer_answer(ask, seconds, confirmed=confirmed, so_far=lambda: so_far(ask))


def cost(plan: dict[str, Any]) -> str:
    """The plan in words."""
    return say(
        "{settings} x {policies} x {replications} = **{runs}**; about **{wait}**, {disk} on disk.",
        settings=plural("{n} setting", "{n} settings", plan["points"]),
        policies=plural("{n} policy", "{n} policies", plan["policies"]),
        replications=plural("{n} replication", "{n} replications", plan["replications"]),
        runs=plural("{n} run", "{n} runs", plan["runs"]),
        wait=figures.duration(plan["seconds"], language()), disk=size_words(plan["bytes"]),
    )  # fmt: skip


def smaller(ask: Ask, seconds: float) -> None:
    """Replications that fit the time, if any do."""
    fewer = int(ask.replications * FILL_SHARE * ASKED_FROM / seconds)
    if fewer < 2:
        st.caption(say("Even two replications take longer; take fewer values, or a latin hypercube sample."))
        return
    key = f"reps-{dict(ask.more)['name']}"
    wait = figures.duration(seconds * fewer / ask.replications, language())
    st.button(
        say("Take {n} replications: about {wait}", n=number(fewer), wait=wait),
        on_click=controls.set_to,
        args=(key, fewer),
        key="smaller",
    )


def so_far(ask: Ask) -> str:
    """Report the means of the settings that are finished."""
    told = results.noted(ask, f"{jobs.STORE}/progress.json")
    if not told:
        return ""
    measure = next(iter(next(iter(told["so_far"].values()))))
    known = MEASURES[measure]
    means = [
        f"{policy_name(policy)} {figures.figure_text(found[measure], known.unit, '', language(), 1)}"
        for policy, found in told["so_far"].items()
        if found[measure] is not None
    ]
    words = say("{done} of {all} runs.", done=number(told["runs_done"]), all=number(told["runs"]))
    return (
        f"{words} {say('Mean {measure} so far: {means}.', measure=tell(known.title), means=', '.join(means))}"
        if means
        else words
    )


main()
