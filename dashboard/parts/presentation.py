"""Presentation: large type, one thing at a time, next and back by the arrow keys."""

from __future__ import annotations

import streamlit as st

from dashboard import controls
from dashboard.controls import say

LARGE = """
html { font-size: 125% !important; }
[data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stSidebarCollapsedControl"] { display: none !important; }
[data-testid="stMainBlockContainer"] { padding-top: 0.8rem; padding-bottom: 0.5rem; }
[data-testid="stMainBlockContainer"] h1 { padding: 0.2rem 0 0.4rem !important; }
[data-testid="stMarkdownContainer"] li { line-height: 1.36; margin-bottom: 0.1rem; }
[data-testid="stMarkdownContainer"] p { margin-bottom: 0.45rem; }
[data-testid="stVerticalBlock"] { gap: 0.6rem; }
"""


def is_on() -> bool:
    """Tell if the page is presented."""
    return bool(controls.remembered("show", 0, controls.between(0, 1)))


def offer() -> None:
    """The button that begins."""
    controls.keep_choice("show", 0)
    label, words = say("Present"), say("Large type, one thing at a time; arrow keys go on and back, Esc ends.")
    st.button(
        label, icon=":material/slideshow:", help=words, on_click=controls.set_to, args=("show", 1), width="stretch"
    )


def slide(count: int) -> int:
    """Show the place in a sequence, with the buttons to go on."""
    st.html(f"<style>{LARGE}</style>")
    controls.keep_choice("show", 1)
    now = min(int(controls.remembered("slide", 0, controls.between(0, 99))), count - 1)
    controls.keep_choice("slide", now)
    left, middle, right, out = st.columns([2, 5, 2, 2], vertical_alignment="center")
    back, on = {"args": ("slide", max(0, now - 1))}, {"args": ("slide", min(count - 1, now + 1))}
    left.button(
        say("Back"),
        shortcut="Left",
        key="slide back",
        on_click=controls.set_to,
        disabled=now == 0,
        width="stretch",
        **back,
    )
    middle.progress((now + 1) / count, text=say("{now} of {count}", now=now + 1, count=count))
    right.button(
        say("Next"),
        shortcut="Right",
        key="slide on",
        on_click=controls.set_to,
        disabled=now == count - 1,
        type="primary",
        width="stretch",
        **on,
    )
    out.button(say("End"), shortcut="Esc", key="slide end", on_click=_end, width="stretch")
    return now


def said_before(place: str, unit: str) -> bool:
    """Ask the audience for a figure before the bar is shown; tell if it has been said, or if nobody wants to say one."""
    key = f"said {place}"
    if st.session_state.get(f"{key} shown"):
        return True
    st.number_input(say("Say a figure first: what does it add, in {unit}?", unit=unit), value=None, key=f"{key} typed")
    st.button(say("Show it"), key=f"{key} button", type="primary", on_click=_show, args=(key,), shortcut="Down")
    return False


def _show(key: str) -> None:
    st.session_state[f"{key} shown"] = True
    st.session_state[f"{key} kept"] = st.session_state.get(f"{key} typed")


def what_was_said(place: str) -> float | None:
    """The figure that the audience said before the bar was shown."""
    found: float | None = st.session_state.get(f"said {place} kept")
    return found


def _end() -> None:
    controls.set_to("show", 0)
    controls.set_to("slide", 0)
