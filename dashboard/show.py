"""Parts of every page: tiles, charts with their table and downloads, and the states of an answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard import export, jobs, readers, standing_by
from dashboard.asks import FIRST_RUNS, Ask, first_of
from dashboard.case import Case
from dashboard.controls import language, say, tell
from dashboard.look import dark, look, spec_of
from dashboard.speech import in_language, names, voice
from dashboard.words import as_it_stands, figures
from simulator.results.compare import ALIKE, Estimate, verdict
from simulator.results.kpis import MEASURES

if TYPE_CHECKING:
    import pandas as pd

ARROWS = {True: "up", False: "down"}
COLOURS = {"better": "blue", "worse": "orange"}
GOOD = {"higher": "Higher is better.", "lower": "Lower is better.", "": "Neither higher nor lower is better as such."}


def help_on(measure: str) -> str:
    """Explain a measure: definition, unit, and which way is good."""
    found = MEASURES[measure]
    beyond = say("A difference matters beyond {amount}.", amount=tell(found.matters.text(found.unit)))
    return f"**{tell(found.title)}** ({tell(found.unit)}). {tell(found.definition)} {say(GOOD[found.better])} {beyond}"


def tile(row: Mapping[str, Any], currency: str, beside: str = "") -> None:
    """One measure of one policy: its mean, and what it is against the reference, in figures, arrow and word."""
    unit, judged, code = row["unit"], row["verdict"], language()
    money = unit.startswith("money")
    title = tell(row["title"]) + (f", {figures.unit_of(unit, currency, code)}" if money else "") + beside
    gap, low, high = (row[name] for name in ("difference", "difference_low", "difference_high"))
    told = judged not in ("reference", "not measured")
    st.metric(
        title,
        figures.level(row, currency, code, bare=money),
        f"{figures.with_ends(gap, low, high, unit, currency, code, bare=True)} {tell(judged)}"
        if told
        else tell(judged),
        delta_color=COLOURS.get(judged, "gray"),
        delta_arrow=ARROWS[gap > 0] if told and judged not in ALIKE else "off",
        help=help_on(row["measure"]),
        border=True,
    )


def rung(row: Mapping[str, Any], measure: str, currency: str, smallest: float, first: bool) -> None:
    """Show the effect of one element on a measure in a line: arrow, figure and word."""
    found, code = MEASURES[measure], language()
    if first:
        level = figures.with_half(row["value"], (row["high"] - row["low"]) / 2, row["unit"], currency, code)
        st.markdown(f"{tell(found.title)}: **{level}**")
        return
    gap, low, high = row["ladder"], row["ladder_low"], row["ladder_high"]
    ends = figures.with_ends(gap, low, high, row["unit"], currency, code)
    word = verdict(found, Estimate(gap, (high - low) / 2, low, high, equal=low == high == 0), smallest)
    arrow = "" if word in ALIKE else "↑ " if gap > 0 else "↓ "
    colour = COLOURS.get(word, "gray")
    st.markdown(f"{tell(found.title)}: **{ends}** :{colour}[{arrow}{tell(word)}]")


def chart(
    key: str,
    content: tuple[Any, ...],
    draw: Callable[[], Any],
    alt: str,
    table: Callable[[], pd.DataFrame] | None = None,
    pick: Callable[[], None] | None = None,
) -> None:
    """A chart with its text for those who cannot see it, its table and its downloads; large and bare without a table.

    `content` is all that the picture depends on beside language and background: the same is drawn once for all readers.
    `{finding}` in the text is what the picture's title says. `pick` is called when a mark is pointed at.
    """
    spec = _spec((key, voice(), dark(), table is None, *content), draw)
    alt = alt.replace("{finding}", " ".join((spec.get("title") or {}).get("text", "")))
    st.vega_lite_chart(spec, key=f"chart {key}", alt=alt, width="stretch", on_select=pick or "ignore")
    if table is None:
        return
    beside, paper = st.container(horizontal=True, gap="small"), look().paper
    shown = beside.popover(
        say("Table"), icon=":material/table:", key=f"table {key}", type="tertiary", on_change="rerun"
    )
    if shown.open:
        with shown:
            rows = table()
            st.dataframe(rows, hide_index=True, alt=alt)
            save(say("CSV"), lambda: export.csv(rows), f"{key}.csv", "text/csv")
    with beside.popover(say("Picture"), icon=":material/image:", key=f"picture {key}", type="tertiary"):
        save("PNG", lambda: export.picture(spec, "png", paper=paper), f"{key}.png", "image/png")
        save("SVG", lambda: export.picture(spec, "svg", paper=paper), f"{key}.svg", "image/svg+xml")


@st.cache_resource(max_entries=2_000, show_spinner=False)
def _spec(content: tuple[Any, ...], _draw: Callable[[], Any]) -> dict[str, Any]:
    return spec_of(_draw(), large=bool(content[3]))


def save(label: str, make: Callable[[], bytes], name: str, kind: str) -> None:
    """A button that makes a file when it is pressed, not before."""
    made = partial(in_language, language(), make, names())
    st.download_button(
        label, made, f"sop-{name}", kind, key=f"save {name}", on_click="ignore", icon=":material/download:"
    )


# --- the states of an answer ---


def offer_answer(
    ask: Ask, seconds: float, begin: bool = False, confirmed: bool = False, so_far: Callable[[], str] | None = None
) -> bool:
    """Tell if an answer is there; if not, say how far it is and offer what can be done.

    `begin` starts it unasked; `confirmed` offers it however long it takes; `so_far` says what is found meanwhile.
    """
    state, left = jobs.state_of(ask.key), ask.key in st.session_state.setdefault("left", set())
    if state.status == "done":
        st.session_state[f"good {ask.kind}"] = reader_place()
        if ask.kind == "compare":
            standing_by.stand_by(ask)
        return True
    if begin and state.status in ("none", "waiting", "running") and not left:
        state = jobs.start(ask)  # or join what was begun ahead
        await_first(ask)
    if refused := st.session_state.pop(f"refused {ask.key}", None):
        state = refused
    if state.status in ("waiting", "running") and not left:
        if first := first_there(ask):
            st.session_state["first shown"] = first.key
        under_way(ask, so_far)
    elif state.status in ("waiting", "running"):
        st.info(say("You left this run; it goes on for other readers."), icon=":material/group:")
        offer(ask, seconds, say("Watch it again"), confirmed=True)
    elif state.status in ("failed", "refused"):
        st.error(as_it_stands(tell(state.sentence)), icon=":material/error:")
        offer(ask, seconds, say("Try again"), confirmed)
        if state.status == "refused":
            st.button(say("Stop all my runs"), icon=":material/stop:", key=f"all {ask.key}", on_click=jobs.stop_all)
        last_good(ask)
    elif state.status == "stopped":
        st.warning(
            say("The run was stopped before its end. Run it again to have the answer."), icon=":material/stop_circle:"
        )
        offer(ask, seconds, say("Run again"), confirmed)
    else:
        offer(ask, seconds, say("Run"), confirmed)
    return False


def reader_place() -> tuple[dict[str, str], list[Any]]:
    """Describe the reader's place: the link, and the changed entries."""
    return st.query_params.to_dict(), list(st.session_state.get("changes", []))


def go_back(there: tuple[dict[str, str], list[Any]]) -> None:
    """To where the reader was."""
    link, st.session_state["changes"] = there
    st.query_params.from_dict(link)
    st.session_state["moved"] = False


def last_good(ask: Ask) -> None:
    """The way back to the last answer of this kind that this reader saw."""
    there = st.session_state.get(f"good {ask.kind}")
    if there:
        label = say("Back to the last result")
        st.button(label, icon=":material/undo:", key=f"back {ask.key}", on_click=go_back, args=(there,))


def at_hand(
    name: str, ask: Ask | None, there: bool, case: Case, nothing_yet: str, open_example: Callable[[], None]
) -> Ask | None:
    """Choose the answer to show: the one asked for, else this session's last about the same company; offer a way on."""
    if there:
        st.session_state[f"shown {name}"] = ask
        return ask
    if ask and (first := first_there(ask)):
        words = say(
            "So far {first} of {all} runs of each policy; all of them follow.", first=FIRST_RUNS, all=ask.replications
        )
        st.container(key="so far").caption(f":material/hourglass_top: {words}")
        return first
    last: Ask | None = st.session_state.get(f"shown {name}")
    if last and last.case.base == case.base and jobs.state_of(last.key).status == "done":
        st.info(
            say("Inputs changed. Below is the last result, for the inputs before; press Run for the new one."),
            icon=":material/history:",
        )
        return last
    if ask and jobs.state_of(ask.key).status not in ("waiting", "running"):
        st.info(nothing_yet, icon=":material/info:")
        st.button(say("Open the example"), on_click=open_example)
    return None


def first_there(ask: Ask) -> Ask | None:
    """Return the ask of the first runs of a comparison, once they are there."""
    first = first_of(ask)
    return first if first and jobs.state_of(first.key).status == "done" else None


WAIT = 1.0
"""Seconds for which a page that has just asked is held back for the first runs, so that they come with it."""


def await_first(ask: Ask) -> None:
    """Give the first runs of a comparison a moment to come, where there are any to come."""
    until = time.monotonic() + WAIT
    while first_of(ask) and time.monotonic() < until and jobs.state_of(ask.key).status in ("waiting", "running"):
        if first_there(ask):
            return
        time.sleep(0.02)


MOST_SECONDS = 600.0


def offer(ask: Ask, seconds: float, label: str, confirmed: bool = False) -> None:
    """The button that starts a simulation, with what it will take; one that takes too long is not offered unasked."""
    if seconds > MOST_SECONDS and not confirmed:
        wait = figures.duration(seconds, language())
        st.warning(
            say(
                "This would take about {wait}, too long for a page. Take fewer replications or policies, or run it from the command line.",
                wait=wait,
            ),
            icon=":material/hourglass_disabled:",
        )
        return
    wait = figures.duration(seconds, language())
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(label, type="primary", icon=":material/play_arrow:", key=f"run {ask.key}")
        st.caption(say("Takes about {wait}.", wait=wait))
    if pressed:
        st.session_state["left"].discard(ask.key)
        state = jobs.start(ask)
        if state.status == "refused":
            st.session_state[f"refused {ask.key}"] = state
        st.rerun()


@st.fragment(run_every=0.2)
def under_way(ask: Ask, so_far: Callable[[], str] | None = None) -> None:
    """Show the progress of a run, the time left, the findings so far, and a way to stop it."""
    state, reader = jobs.state_of(ask.key), readers.me()
    if state.status not in ("waiting", "running"):
        standing_by.stand_by()
        st.rerun()
    first = first_there(ask)
    if first and st.session_state.get("first shown") != first.key:
        st.session_state["first shown"] = first.key
        st.rerun()
    if reader not in state.owners:
        jobs.watch(ask.key, reader)
    left, right = st.columns([6, 1], vertical_alignment="center")
    left.progress(min(1.0, state.share), text=how_far(state))
    if right.button(say("Stop"), key=f"stop {ask.key}", icon=":material/stop:"):
        st.session_state.setdefault("left", set()).add(ask.key)
        jobs.stop(ask.key)
        st.rerun()
    if others := len({*state.owners} - {reader}):
        st.caption(say("Other readers who wait for this run: {count}. Stop leaves it to them.", count=others))
    if so_far and state.status == "running":
        st.caption(so_far())


def how_far(state: jobs.State) -> str:
    """Say how many runs come before this one, or how long it will still take."""
    if state.status == "waiting":
        return say("Waiting for a turn") + (
            say("; runs that come before: {count}", count=state.before) if state.before else ""
        )
    wait = "" if state.seconds_left is None else figures.duration(state.seconds_left, language())
    return say("Simulating") + (say(", about {wait} left", wait=wait) if wait else "")
