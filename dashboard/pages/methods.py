"""Methods: why should I believe it?"""

from __future__ import annotations

import html
import platform

import streamlit as st

from dashboard import results, show
from dashboard.case import scenario_of
from dashboard.controls import own_name, say, tell
from dashboard.look import header, policy_name
from dashboard.tables import definitions_table
from simulator.engine.scenario import preset, preset_names
from simulator.kernel.version import VERSION
from simulator.results.kpis import MEASURES

FLOW = (
    ("scenario file", "company", "luck by day and name"),
    ("policy: a rule for each decision", "monthly cycle: five steps", "days of the company"),
    ("books", "measures", "comparison with intervals"),
)
"""The model in one picture, a line after the other."""

LAWS = (
    "Every policy meets the same luck, day by day: all chance is drawn before the clock starts, keyed by what it belongs to.",
    "Planners see the past and present only: a test changes all demand after a day and sees no earlier decision move.",
    "Every unit of goods that leaves one account enters another; measures are computed from the books, once, after the run.",
    "95 % intervals are Student's over replications, Wilson's for probabilities; differences are paired, so shared luck cancels out.",
    "A ratio is a ratio of sums over the scored months, never a mean of ratios; the warm-up is not scored.",
    "A replication gives the same result to the last bit alone or among a thousand others.",
)
LIMITS = (
    "An order line is what one segment wants of one product on one day.",
    "The plants behind the example companies are invented; the giftware company's order lines are real.",
    "Results repeat to the last bit on one type of processor; logarithms may differ in the last digit between types.",
    "A policy that was tuned on these runs must be scored again on another seed.",
)


def main() -> None:
    """Model, definitions, known answers, limits, versions."""
    header(say("Methods"), say("Why should I believe it?"))
    model, words, policies, answers, sheet = st.tabs(
        [say("The model"), say("Measures"), say("Policies"), say("Known answers"), say("Versions")]
    )
    with model:
        the_model()
    with words:
        found = st.text_input(say("Search"), key="search measures", placeholder=say("a word of a title or definition"))
        table = definitions_table(list(MEASURES))
        if found:
            table = table[table.apply(lambda row: found.lower() in " ".join(map(str, row)).lower(), axis=1)]
        st.dataframe(table, hide_index=True, row_height=70, key="definitions")
    with policies:
        for name in preset_names():
            st.markdown(f"- **{policy_name(name)}** (`{name}`): {own_name(preset(name).note)}")
    with answers:
        known_answers()
    with sheet:
        versions()


def the_model() -> None:
    """The model in one picture, its laws and its limits."""
    lines = [" → ".join(f"<span>{html.escape(say(part))}</span>" for part in line) for line in FLOW]
    st.html(
        f'<div class="flow" role="img" aria-label="{html.escape(say("The model"))}">{"<br>↓<br>".join(lines)}</div>'
    )
    st.subheader(say("What holds"), anchor=False)
    st.markdown("\n".join(f"- {say(law)}" for law in LAWS))
    st.subheader(say("Limits"), anchor=False)
    st.markdown("\n".join(f"- {say(limit)}" for limit in LIMITS))


def known_answers() -> None:
    """The simulator against the literature, on this machine, when asked."""
    st.markdown(
        say(
            "The simulator is held against answers from the literature. Press to check on this machine; the same as `sop verify`."
        )
    )
    ask = results.verification()
    if not show.offer_answer(ask, 60.0):
        return
    import pandas as pd

    table = results.table(ask, "answers")
    right = int(table["ok"].sum())
    st.markdown(say("**{right} of {count} as known.**", right=right, count=len(table)))
    titles = {
        "name": say("Case"),
        "found": say("Found"),
        "expected": say("Known"),
        "source": say("Source"),
        "function": say("Function"),
        "ok": say("Holds"),
    }
    st.dataframe(pd.DataFrame(table).rename(columns=titles), hide_index=True, key="answers")


def versions() -> None:
    """List the versions that this page was computed with."""
    import numpy
    import pandas as pd
    import scipy

    scenario = scenario_of(st.session_state["case"])
    rows = {
        "sop-sandbox": VERSION,
        "Python": platform.python_version(),
        "NumPy": numpy.__version__,
        "SciPy": scipy.__version__,
        "Streamlit": st.__version__,
        say("Processor"): platform.machine(),
        say("Company"): f"{scenario.name} {scenario.fingerprint}",
        say("Horizon"): say(
            "{months} months, the first {warm_up} not scored, seed {seed}",
            months=scenario.experiment.months,
            warm_up=scenario.experiment.warm_up,
            seed=scenario.experiment.seed,
        ),
    }
    st.dataframe(
        pd.DataFrame({say("Part"): rows.keys(), say("Version"): rows.values()}), hide_index=True, key="versions"
    )
    for note in scenario.notes:
        st.caption(tell(note))


main()
