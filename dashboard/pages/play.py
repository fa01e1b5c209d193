"""Play: can you do better than the policies?"""

from __future__ import annotations

import streamlit as st

from dashboard.controls import say
from dashboard.look import header
from dashboard.speech import language


def main() -> None:
    """Tell what can be played, and lead there."""
    header(say("Play"), say("Can you do better than the policies?"))
    alone, puzzle, class_ = st.columns(3, gap="large")
    with alone:
        st.subheader(say("A lesson alone"), anchor=False)
        st.markdown(
            say(
                "Run a maker of heaters and fans for one to six months: you hold all roles, the policies play beside you on the same luck, "
                "and the debrief tells luck from skill."
            )
        )
        st.link_button(
            say("Choose a lesson"), f"/alone?lang={language()}", type="primary", icon=":material/sports_esports:"
        )
    with puzzle:
        st.subheader(say("Puzzle of the day"), anchor=False)
        st.markdown(
            say(
                "One morning, one decision. Then the truth of the next three months, over what each answer was worth in many possible "
                "futures. Everybody has the same puzzle on the same day."
            )
        )
        st.link_button(
            say("To the puzzle"), f"/alone/puzzle?lang={language()}", type="primary", icon=":material/extension:"
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
