"""A company in words, and what is remarkable about it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.case import Case, scenario_of
from dashboard.controls import say, tell
from dashboard.look import company_name, look_at, remarks_of
from dashboard.parts.paper import escaped
from simulator.faces.describe import profile


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
