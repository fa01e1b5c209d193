"""The choice between policies at equal service and policies as they run, the same on every page that offers it."""

from __future__ import annotations

import streamlit as st

from dashboard import controls
from dashboard.controls import say

EQUAL, AS_RUN = "equal", "run"


def how_compared(contract: float) -> bool:
    """Tell if all is brought to the contract first, each buffer set so that it is met, or compared as policies run."""
    controls.remembered("how", EQUAL, controls.one_of([EQUAL, AS_RUN]))
    titles = {EQUAL: say("At {share} service", share=f"{100 * contract:g} %"), AS_RUN: say("As policies run")}
    words = say(
        "At equal service each policy's buffer is first set so that it reaches the contract; what it then holds and earns is "
        "the method's. As run, whoever holds most stock serves best."
    )
    chosen = controls.drawn(
        "how",
        lambda: st.segmented_control(
            say("Compare"), list(titles), format_func=titles.get, key="how", required=True, help=words
        ),
    )
    return bool(chosen == EQUAL)
