"""One possible year: what does a run look like?"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard import controls, export, jobs, results, show
from dashboard.asks import Ask
from dashboard.case import scenario_of
from dashboard.controls import say, tell
from dashboard.kinds import row_count
from dashboard.look import called, family_name, header, look, policy_name
from simulator.engine.scenario import preset_names
from simulator.faces import charts
from simulator.kernel.messages import capital, from_data
from simulator.results.kpis import MEASURES
from simulator.results.kpis.levels import LEVELS
from simulator.results.story import FOLLOWED

if TYPE_CHECKING:
    import pandas as pd

CHART_TITLES = {
    "demand": "Demand due on the day",
    "production": "Production started",
    "stock": "Stock on hand",
    "backlog": "Backlog: units owed to customers",
    "shipped": "Shipped",
}
TOTAL = "total"
"""What the days call all families together."""

STEP = 7
"""Days that a step of the film goes on."""


def main() -> None:
    """Choose, ask, show."""
    header(
        say("One possible year"),
        say("What does a run look like, day by day, beside all that could have happened?"),
        st.session_state["case"],
    )
    ask, run = choose_replication()
    scenario = scenario_of(ask.case)
    if not show.offer_answer(
        ask, jobs.seconds(1, ask.replications, scenario.experiment.months, row_count(scenario)), begin=True
    ):
        return
    film(ask, run)
    service_levels(ask, run)


def service_levels(ask: Ask, run: int) -> None:
    """The run read by four service levels, and why they disagree; nothing in an answer that was kept before there were any."""
    told = (results.noted(ask, "levels.json") or {}).get(str(run))
    if told is None:
        return
    table = results.table(ask, "levels")
    mine = table[table["run"] == run].drop(columns="run")
    st.subheader(say("One run, four service levels"), anchor=False)
    words = say("Service levels of this run, four bars a month: cycles, days, units and order lines.")
    draw = partial(charts.service_levels, mine, say("Service levels by month, %"), look())
    show.chart("service-levels", (ask.key, run), draw, words, lambda: levels_table(mine))
    for sentence in told:
        st.markdown(say("{sentence}.", sentence=capital(from_data(sentence))))


def levels_table(table: pd.DataFrame) -> pd.DataFrame:
    """The levels in percent, a row a month, a column a level."""
    shown = table.assign(**{level: (100 * table[level]).round(1) for level in LEVELS})
    heads = {"period": say("Month"), **{level: tell(MEASURES[level].title) for level in LEVELS}}
    return shown.assign(period=[tell(period) for period in shown["period"]]).rename(columns=heads)


def choose_replication() -> tuple[Ask, int]:
    """Choose the policy, and the run to follow."""
    scenario = scenario_of(st.session_state["case"])
    options = list(dict.fromkeys([*scenario.policies, *preset_names(), *controls.made_policies()]))
    left, right = st.columns([3, 2])
    controls.remembered("policy", "sop" if "sop" in options else options[0], controls.one_of(options))
    with left:
        policy = controls.drawn(
            "policy",
            lambda: st.selectbox(say("Policy"), options, format_func=called(options, policy_name), key="policy"),
        )
    with right:
        words = say("Which of the possible runs: each has its own luck, the same for every policy.")
        run = controls.number_input("run", say("Replication"), 0, 0, FOLLOWED - 1, words)
    return results.first_year(st.session_state["case"], policy), int(run)


@st.fragment
def film(ask: Ask, run: int) -> None:
    """The run as far as it has been played; play, step, jump."""
    days = results.table(ask, "days")
    names = days["day"].unique().tolist()
    families = [TOTAL, *(name for name in days["family"].unique() if name != TOTAL)]
    playing = st.session_state.get("playing", False)
    controls.remembered("day", len(names) - 1, controls.between(0, len(names) - 1))
    controls.remembered("family", TOTAL, controls.one_of(families))
    columns = st.columns([1, 1, 1, 5, 3], vertical_alignment="bottom")
    columns[0].button(
        say("Stop") if playing else say("Play"), on_click=toggle, args=(len(names),), key="play", width="stretch"
    )
    for column, label, by in ((columns[1], f"−{STEP}", -STEP), (columns[2], f"+{STEP}", STEP)):
        words = say("{days} days back", days=STEP) if by < 0 else say("{days} days on", days=STEP)
        column.button(label, on_click=go, args=(by, len(names)), help=words, width="stretch")
    with columns[3]:
        slide = lambda: st.slider(say("Day of the run"), 0, len(names) - 1, key="day", disabled=playing)  # noqa: E731
        day = int(controls.drawn("day", slide))
    with columns[4]:
        family = controls.drawn(
            "family",
            lambda: st.selectbox(
                say("Family"),
                families,
                format_func=called(families, family_name),
                key="family",
            ),
        )
    pictures(days[days["family"] == family], names[day], f"run {run}", (ask.key, family, run))
    if playing:
        played(len(names))


def toggle(count: int) -> None:
    """Begin to play, from the start if the end was reached; or stop."""
    playing = not st.session_state.get("playing", False)
    st.session_state["playing"] = playing
    if playing and st.session_state.get("kept day", 0) >= count - 1:
        controls.set_to("day", 0)


def go(by: int, count: int) -> None:
    """Some days on or back."""
    controls.set_to("day", max(0, min(count - 1, int(st.session_state["kept day"]) + by)))


def played(count: int) -> None:
    """The next picture of the film."""
    import time

    day = int(st.session_state["kept day"])
    if day >= count - 1:
        st.session_state["playing"] = False
    else:
        time.sleep(0.25)
        st.session_state["kept day"] = min(count - 1, day + STEP)
        del st.session_state["day"]
    st.rerun(scope="fragment")


def pictures(days: pd.DataFrame, until: str, run: str, content: tuple[Any, ...]) -> None:
    """Stock, late customers, production and demand, each beside the band that nine in ten runs keep within."""
    st.caption(
        say(
            "The line is this run up to {day}; the band holds 90 % of all runs, the dashes are the middle one.",
            day=until,
        )
    )
    columns = st.columns(2, gap="medium")
    for k, series in enumerate(("stock", "backlog", "production", "demand")):
        part = days[days["series"] == series].rename(columns={run: "value"})
        weekly = smoothed(part) if series in ("production", "demand") else part
        title = say(CHART_TITLES[series]) + (say(", mean of seven days") if series in ("production", "demand") else "")
        with columns[k % 2]:
            table = part[["day", "value", "p5", "p50", "p95"]]
            draw = partial(charts.possible_year, weekly, title, tell("units"), until, look())
            words = say("{title}: this run beside the band of all.", title=title)
            show.chart(f"year-{series}", (*content, until), draw, words, lambda table=table: table)
    show.save(say("CSV"), lambda: export.csv(days), "days.csv", "text/csv")


def smoothed(part: pd.DataFrame) -> pd.DataFrame:
    """Means of seven days, so that weekends do not hide the season."""
    names = ["value", "p5", "p50", "p95"]
    return part.assign(**{name: part[name].rolling(7, min_periods=1).mean() for name in names})


main()
