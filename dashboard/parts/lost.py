"""Lost service by cause: beside the tiles of a comparison, and month by month of one run."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import results, show
from dashboard.asks import Ask
from dashboard.case import scenario_of
from dashboard.controls import language, own_name, say
from dashboard.look import labelled, look
from dashboard.tables import means_table
from dashboard.words import figures
from simulator.faces import charts
from simulator.results.reading.lost import Cause
from simulator.results.reading.lost_table import NOT_SERVED, SCORED_MONTHS

if TYPE_CHECKING:
    import pandas as pd


def lost_of_policies(ask: Ask, policy: str, currency: str) -> None:
    """The largest cause of the policy that the tiles show, and every policy's causes; nothing where nothing was lost."""
    summary = labelled(results.lost(ask))
    rows = charts.lost_shares(summary)
    if not rows:
        return
    left, right = st.columns([11, 13], gap="medium")
    with left:
        largest_cause([row for row in rows if row["policy"] == policy], currency)
        st.caption(
            say(
                "Each unit that was not served on the day is put down to one cause; with the fill rate they are all demand."
            )
        )
    with right:
        words = say(
            "Demand that each policy did not serve on the day, by cause, a bar a policy; with the fill rate the causes are "
            "all demand. {finding}."
        )
        draw = partial(charts.COMPARED_VIEWS["lost"].draw, summary, look=look())
        show.chart("lost", (ask.key,), draw, words, lambda: means_table(summary, currency))


def largest_cause(rows: list[charts.LostRow], currency: str) -> None:
    """The tile of the cause that took most of the service of a policy."""
    title = say("Largest cause of lost service")
    if not rows:
        st.metric(
            title,
            say("none"),
            say("all demand was served on the day"),
            delta_color="off",
            delta_arrow="off",
            border=True,
        )
        return
    most = max(rows, key=lambda row: row["mean"])
    share = figures.figure_text(most["mean"] / sum(row["mean"] for row in rows), "share", currency, language())
    words = say(
        "{level} of demand, {share} of what was lost",
        level=figures.level(most, currency, language()),
        share=share,
    )
    name = charts.cause_name(most["cause"], look())
    st.metric(title, name, words, delta_color="off", delta_arrow="off", help=show.help_on(most["measure"]), border=True)


def lost_of_run(ask: Ask) -> None:
    """One click down: what one run did not serve on the day, month by month."""
    part = st.expander(
        say("Lost because of, month by month"),
        icon=":material/stacked_bar_chart:",
        key="lost months",
        on_change="rerun",
    )
    if not part.open:
        return
    with part:
        table = results.table(ask, "lost")
        table = table[(table["lost"] == NOT_SERVED) & (table["period"] != SCORED_MONTHS)].rename(
            columns={"period": "month"}
        )
        if table.empty:
            st.caption(say("In this run all demand was served on the day."))
            return
        days = scenario_of(ask.case).days
        months = [days.month_name(month) for month in range(days.months)]
        title = say("Not served on the day, share of each month's demand by cause")
        draw = partial(charts.lost_by_month, table, months, title, look())
        show.chart("lost-months", (ask.key,), draw, f"{title}.", partial(lost_lines, table))


def lost_lines(table: pd.DataFrame) -> pd.DataFrame:
    """A line a month and cause, with the part or resource that held production back."""
    import pandas as pd

    return pd.DataFrame(
        {
            say("Month"): table["month"],
            say("Cause"): [charts.cause_name(Cause(cause), look()) for cause in table["cause"]],
            say("Part or resource"): [own_name(name) for name in table["name"]],
            say("Units not served on the day"): table["units"].round(),
            say("Share of demand, %"): (100 * table["share"]).round(1),
        }
    )
