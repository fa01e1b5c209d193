"""Navigation: language, company, and the page that was asked for."""

from __future__ import annotations

import streamlit as st

from dashboard import controls
from dashboard.case import LOADED, companies, file_of
from dashboard.controls import say
from dashboard.look import company_name

PAGES = {
    "compare": ("Compare", ":material/compare_arrows:"),
    "lab": ("Safety-stock lab", ":material/science:"),
    "cycle": ("S&OP month", ":material/event_repeat:"),
    "bridge": ("Value bridge", ":material/stairs:"),
    "replay": ("One possible year", ":material/movie:"),
    "scenario": ("Scenario", ":material/tune:"),
    "methods": ("Methods", ":material/verified:"),
}
"""Pages by their path, with title and sign; the first one opens."""


STYLE = """
[data-testid="stMetricDelta"], [data-testid="stMetricDelta"] * { white-space: normal !important; overflow-wrap: anywhere; }
[data-testid="stMetric"] { padding: 0 !important; }
[data-testid="stMainBlockContainer"] { padding-left: 2.5rem; padding-right: 2.5rem; }
"""
"""A difference with its interval is never cut off."""


def main() -> None:
    """Draw the frame, then the page."""
    st.set_page_config(page_title="S&OP sandbox", page_icon="📦", layout="wide")
    state = st.session_state
    st.html(f"<style>{STYLE}</style>")
    pages = navigation()
    page = st.navigation(pages, position="hidden" if state.get("kept show") else "sidebar")
    state["moved"], state["page"] = state.get("page") not in (None, page.url_path), page.url_path
    with st.sidebar:
        controls.choose_language()
        choose_company()
    controls.show_notices()
    page.run()


def navigation() -> list[st.Page]:
    """The pages with their titles in the reader's language."""
    wanted = st.query_params.get("lang")
    if wanted in controls.LANGUAGES and st.session_state.get("written lang") != wanted:
        st.session_state["language"] = wanted
    return [
        st.Page(f"pages/{path}.py", title=say(title), icon=icon, url_path=path, default=path == "compare")
        for path, (title, icon) in PAGES.items()
    ]


def choose_company() -> None:
    """The company that all pages are about, and how far it was changed."""
    options = companies()
    told = st.query_params.get("company", st.session_state.get("kept company", ""))
    if LOADED.fullmatch(told) and file_of(told).is_file():
        options = [told, *options]
    controls.remembered(
        "company", options[0] if not options[0].startswith("@") else options[1], controls.one_of(options)
    )
    controls.adopt_changes()
    controls.drawn(
        "company",
        lambda: st.selectbox(
            say("Company"), options, format_func=company_name, key="company", on_change=controls.forget_changes
        ),
    )
    found = controls.case()
    controls.keep_changes(found)
    st.session_state["case"] = found
    if found.changes:
        st.caption(say("{count} entries changed; see the page Scenario.", count=len(found.changes)))


main()
