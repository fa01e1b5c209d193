"""Navigation: language, company, and the page that was asked for."""

from __future__ import annotations

import streamlit as st

from dashboard import controls
from dashboard.case import LOADED, companies, file_of
from dashboard.controls import say
from dashboard.look import called, company_name, dark
from dashboard.speech import language, names
from simulator.kernel.messages import speaking

PAGES = {
    "data": ("Your data", ":material/upload_file:"),
    "compare": ("Compare", ":material/compare_arrows:"),
    "today": ("From today", ":material/event_upcoming:"),
    "lab": ("Safety-stock lab", ":material/science:"),
    "cycle": ("S&OP month", ":material/event_repeat:"),
    "bridge": ("Value bridge", ":material/stairs:"),
    "replay": ("One possible year", ":material/movie:"),
    "sweep": ("Sweep", ":material/query_stats:"),
    "scenario": ("Scenario", ":material/tune:"),
    "play": ("Play", ":material/sports_esports:"),
    "methods": ("Methods", ":material/verified:"),
}
"""Pages by their path, with title and sign; `compare` opens."""


PAGE_STYLE = """
[data-testid="stMetricDelta"], [data-testid="stMetricDelta"] * { white-space: normal !important; overflow-wrap: anywhere; }
[data-testid="stMetric"] { padding: 0 !important; }
[data-testid="stMetric"] > div { padding: 0.55rem 0.9rem !important; }
[data-testid="stMainBlockContainer"] { padding-left: 2.5rem; padding-right: 2.5rem; }
@media (min-width: 800px) { [data-testid="stMainBlockContainer"] { padding-top: 1.6rem; } }
[data-testid="stElementContainer"]:has([data-testid="stVegaLiteChart"]) [data-testid="stElementToolbar"] { top: 0.1rem; }
[data-testid="stPopoverBody"]:has([data-testid="stDataFrame"]) { min-width: min(46rem, 92vw); }
.katex-display { overflow-x: auto; overflow-y: hidden; padding-bottom: 0.3rem; }
.flow { text-align: center; line-height: 2.3; }
.flow span { border: 1.5px solid currentColor; border-radius: 0.5rem; padding: 0.25rem 0.7rem; white-space: nowrap; }
.paper { overflow-x: auto; margin: 0.3rem 0 0.8rem; }
.paper table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.9rem; }
.paper caption { text-align: left; font-weight: 600; padding-bottom: 0.2rem; }
.paper th, .paper td { padding: 0.12rem 0.6rem; text-align: right; white-space: nowrap; border-bottom: 1px solid #8884; }
.paper .word { text-align: left; white-space: normal; min-width: 6rem; }
"""
"""A difference with its interval is never cut off; documents look like paper."""

ON_DARK = """
[data-testid="stMultiSelect"] span[title] { color: #111 !important; }
[data-testid="stBaseButton-primary"] p, [data-testid="stBaseLinkButton-primary"] p { color: #111 !important; }
"""
"""Chosen policies and the button to run stand on a light blue then."""


def main() -> None:
    """Draw the frame, then the page."""
    st.set_page_config(page_title="S&OP sandbox", page_icon="📦", layout="wide")
    state = st.session_state
    st.html(f"<style>{PAGE_STYLE}{ON_DARK if dark() else ''}</style>")
    pages = navigation()
    page = st.navigation(pages, position="hidden" if state.get("kept show") else "sidebar")
    state["moved"], state["page"] = state.get("page") not in (None, page.url_path), page.url_path
    with st.sidebar:
        controls.choose_language()
        choose_company()
    head = st.container()
    with speaking(language(), names()):
        page.run()
    with head:
        controls.show_notices()


def navigation() -> list[st.Page]:
    """The pages with their titles in the reader's language."""
    controls.begin_language()
    return [
        st.Page(f"pages/{path}.py", title=say(title), icon=icon, url_path=path, default=path == "compare")
        for path, (title, icon) in PAGES.items()
    ]


def choose_company() -> None:
    """The company that all pages are about, and how far it was changed."""
    own = [base for base in st.session_state.get("own companies", []) if file_of(base).is_file()]
    options = [*own, *companies()]
    loaded = st.session_state.pop("next company", None)
    if loaded:
        options = list(dict.fromkeys([loaded, *options]))
        controls.set_to("company", loaded)
        controls.keep_choice("company", loaded)
    told = st.query_params.get("company", st.session_state.get("kept company", ""))
    if LOADED.fullmatch(told) and told not in options and file_of(told).is_file():
        options = [told, *options]
    first = next(name for name in options if not name.startswith("@"))
    controls.remembered("company", first, controls.one_of(options))
    controls.adopt_changes()
    controls.drawn(
        "company",
        lambda: st.selectbox(
            say("Company"),
            options,
            format_func=called(options, company_name),
            key="company",
            on_change=controls.forget_changes,
        ),
    )
    found = controls.case()
    controls.keep_changes(found)
    st.session_state["case"] = found
    if found.changes:
        st.caption(say("Entries changed: {count}; see the page Scenario.", count=len(found.changes)))


main()
