"""Play: can you do better than the policies?"""

from __future__ import annotations

import streamlit as st

from dashboard.controls import say
from dashboard.look import header
from dashboard.speech import language


def _offer(title: str, about: str, label: str, place: str, icon: str) -> None:
    """One thing that can be played, and the button that leads there."""
    st.subheader(title, anchor=False)
    st.markdown(about)
    st.link_button(label, f"{place}?lang={language()}", type="primary", icon=f":material/{icon}:")


def main() -> None:
    """Tell what can be played, and lead there."""
    header(say("Play"), say("Can you do better than the policies?"))
    alone, puzzle, class_ = st.columns(3, gap="large")
    with alone:
        _offer(
            say("A lesson alone"),
            say(
                "Run a maker of heaters and fans for one to six months: you hold all roles, the policies play beside you on the same luck, "
                "and the debrief tells luck from skill."
            ),
            say("Choose a lesson"),
            "/alone",
            "sports_esports",
        )
    with puzzle:
        _offer(
            say("Puzzle of the day"),
            say(
                "One morning, one decision. Then the truth of the next three months, over what each answer was worth in many possible "
                "futures. Everybody has the same puzzle on the same day."
            ),
            say("To the puzzle"),
            "/alone/puzzle",
            "extension",
        )
    with class_:
        st.subheader(say("A class"), anchor=False)
        st.markdown(
            say(
                "Up to thirty teams on their phones, led by a trainer. A command opens it, since the network can reach it then:"
            )
        )
        st.code("sop dashboard --class", language=None)
    st.caption(say("Games are kept on the machine that serves this page; nobody needs an account."))


main()
