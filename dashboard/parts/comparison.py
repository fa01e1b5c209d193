"""The result of a comparison: the sentence, the tiles beside the frontier, and everything else one click down."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import controls, jobs, results, show
from dashboard.asks import Ask
from dashboard.case import scenario_of
from dashboard.controls import language, say, tell
from dashboard.kinds import row_count
from dashboard.look import called, in_names, labelled, look, look_at, policy_name, remarks_of
from dashboard.parts.lost import lost_of_policies
from dashboard.parts.products import products_of
from dashboard.speech import voice
from dashboard.tables import differences_table, means_table, months_table
from dashboard.verdicts import Rows, asks_what_if, policy_to_take, summary_rows, verdict_texts
from dashboard.words import as_it_stands, figures
from simulator.faces import charts
from simulator.kernel.messages import capital
from simulator.results.kpis import MEASURES
from simulator.results.story import SERIES

if TYPE_CHECKING:
    import pandas as pd

SMOOTH = ("production_change", "purchase_swing", "bullwhip")
SERIES_TITLES = {
    "stock": "Stock of products at month's end, at cost",
    "backlog": "Backlog at month's end, at price",
    "production": "Production started in the month",
    "demand": "Demand due in the month",
    "shipped": "Shipped in the month",
}


@st.fragment
def comparison_result(ask: Ask) -> None:
    """All that a comparison says; moving the target or looking at another policy simulates nothing."""
    scenario = scenario_of(ask.case)
    currency, take = scenario.company.currency, policy_to_take(results.decided(ask))
    known = remarks_of(st.session_state["case"])
    look_at([in_names(ask, remark) for remark in results.cautions(ask) if remark not in known])
    verdict_card(ask)
    with_usual = summary_rows(labelled(results.summary(ask)))
    large_figures(with_usual, take, currency)
    exchange_picture(ask, labelled(results.summary(ask)), currency)
    left, right = st.columns([1, 1], gap="medium")
    with left:
        target = service_target(scenario.experiment.service_target)
    with right:
        policy = looked_at(list(ask.policies), take)
    summary = _with_target(ask.key, target, voice(), ask)
    shown = results.tile_measures(dict.fromkeys(summary["measure"]))
    rows = summary_rows(summary[summary["measure"].isin([*shown, "fill_rate", "otif"])])
    measure_tiles(rows, shown, policy, currency)
    lost_of_policies(ask, policy, currency)
    details(ask, summary, policy, currency, target)


def verdict_card(ask: Ask) -> None:
    """Say what to do under the contract, and below it the price, the gain and how sure they are."""
    first, *others = map(as_it_stands, _concluded(ask.key, voice(), ask))
    with st.container(border=True):
        st.markdown(f"#### {first}")
        if others:
            st.markdown("  \n".join(others))
        horizon = None if asks_what_if(results.decided(ask)) else results.comparison(ask).horizon()
        if horizon:
            st.caption(as_it_stands(say("{sentence}.", sentence=capital(in_names(ask, horizon)))))


LARGE_FIGURES = ("ebit_before_absorption", "all_stock_value", "fill_rate")
"""Three figures of the policy to take, against the reference."""


def large_figures(rows: Rows, policy: str, currency: str) -> None:
    """Profit, stock and service of the policy to take."""
    there = [measure for measure in LARGE_FIGURES if (measure, policy) in rows]
    for column, measure in zip(st.columns(len(there)), there, strict=True):
        with column:
            show.tile(rows[measure, policy], currency)


def exchange_picture(ask: Ask, summary: pd.DataFrame, currency: str) -> None:
    """Service over stock as each policy's buffer grows; the points of this run where no curves were drawn yet."""
    curves = results.exchange_of(ask)
    if curves.policies and jobs.state_of(curves.key).status == "done":
        table = results.table(curves, "curves")
        table = labelled(table)
        contract = scenario_of(ask.case).experiment.service_target
        words = say(
            "Fill rate over all stock, a line a policy as its buffer grows, with bars of 95 %; rings mark the policies as "
            "they run, the dashed line the contract. {finding}."
        )
        draw = partial(
            charts.exchange_curves,
            table,
            contract,
            currency,
            chosen=results.present_buffers(curves),
            look=look(),
            order=[policy_name(policy) for policy in ask.policies],
        )
        show.chart("exchange", (curves.key,), draw, words, lambda: table)
        return
    few = summary[summary["measure"].isin(["fill_rate", "days_of_supply", "nervousness"])]
    words = say("Fill rate over days of stock, a point a policy, crosses are 95 % intervals. {finding}.")
    show.chart(
        "frontier", (ask.key,), partial(charts.frontier, few, look=look()), words, lambda: means_table(few, currency)
    )
    if curves.policies:
        with st.expander(say("Service against stock as the buffer grows"), icon=":material/show_chart:"):
            scenario = scenario_of(ask.case)
            runs = len(curves.policies) * CURVE_SETTINGS
            seconds = jobs.seconds(runs, curves.replications, scenario.experiment.months, row_count(scenario))
            show.offer_answer(curves, seconds)


CURVE_SETTINGS = 6
"""Settings of a policy's curve."""


@st.cache_resource(max_entries=500, show_spinner=False)
def _with_target(key: str, target: float, spoken: tuple[str, int], _ask: Ask) -> pd.DataFrame:
    """The summary under a target; the same for all readers of a language, who change nothing in it."""
    return labelled(results.summary(_ask, "total", target))


@st.cache_resource(max_entries=200, show_spinner=False)
def _concluded(key: str, spoken: tuple[str, int], _ask: Ask) -> list[str]:
    """Put the verdict on the comparison into words, which no target changes."""
    return verdict_texts(results.decided(_ask))


def service_target(usual: float) -> float:
    """The fill rate that the contract asks for, in percent on the screen."""
    controls.remembered("target", usual * 100, controls.between(50.0, 99.9, float))
    words = say("A run misses the contract when its fill rate is below this. Moving it needs no simulation.")
    percent = controls.drawn(
        "target",
        lambda: st.slider(
            say("Service contract: fill rate of at least"),
            50.0,
            99.9,
            key="target",
            step=0.1,
            format="%.1f %%",
            help=words,
        ),
    )
    return round(float(percent) / 100, 4)


def looked_at(policies: list[str], usual: str) -> str:
    """The policy that the tiles are about."""
    controls.remembered("look", usual, controls.one_of(policies))
    label = say("Tiles show")
    return controls.drawn(
        "look",
        lambda: st.selectbox(
            label,
            policies,
            format_func=called(policies, policy_name),
            key="look",
            help=say(
                "Tiles show this policy, and below each figure its difference from the reference with its 95 % interval."
            ),
        ),
    )


def measure_tiles(rows: Rows, shown: list[str], policy: str, currency: str) -> None:
    """Eight tiles, four in a row."""
    box = st.container(gap="xsmall")
    for k in range(0, len(shown), 4):
        for column, measure in zip(box.columns(4, gap="small"), shown[k : k + 4], strict=False):
            with column:
                beside = ""
                if measure == "fill_rate" and "otif" not in shown:
                    otif = rows["otif", policy]
                    beside = f" (OTIF {figures.figure_text(otif['mean'], 'share', currency, language())})"
                show.tile(rows[measure, policy], currency, beside)


def details(ask: Ask, summary: pd.DataFrame, policy: str, currency: str, target: float) -> None:
    """One click down: a measure at a time, months, smoothness, groups, all figures; only what is open is made."""
    titles = ("Measure by measure", "Month by month", "Smoothness", "Families and segments", "Products", "All figures")
    one, months, smooth, groups, products, every = st.tabs(
        [say(title) for title in titles], key="details", on_change="rerun"
    )
    with one:
        if one.open:
            a_measure(ask, summary, currency, target)
    with months:
        if months.open:
            monthly(ask, policy, currency)
    with smooth:
        if smooth.open:
            st.caption(say("How stable production and purchasing were: lower is more stable."))
            for measure in [name for name in SMOOTH if name in set(summary["measure"])]:
                means_and_differences(
                    ask, summary[summary["measure"] == measure], currency, f"smooth-{measure}", target
                )
    with groups:
        if groups.open:
            grouped(ask, currency)
    with products:
        if products.open:
            products_of(ask, policy)
    with every:
        if every.open:
            st.dataframe(means_table(summary, currency), hide_index=True, key="all means")
            st.dataframe(differences_table(summary, currency), hide_index=True, key="all differences")
            for told in results.comparison(ask).legend():
                st.caption(say("{sentence}.", sentence=capital(told)))


def a_measure(ask: Ask, summary: pd.DataFrame, currency: str, target: float) -> None:
    """One measure, its definition and its two pictures."""
    names = list(dict.fromkeys(summary["measure"]))
    controls.remembered("measure", "fill_rate", controls.one_of(names))
    titles = called(names, lambda name: f"{tell(MEASURES[name].title)} ({tell(MEASURES[name].unit)})")
    label = say("Measure")
    measure = controls.drawn("measure", lambda: st.selectbox(label, names, format_func=titles, key="measure"))
    st.caption(show.help_on(measure))
    means_and_differences(ask, summary[summary["measure"] == measure], currency, measure, target)


def means_and_differences(ask: Ask, part: pd.DataFrame, currency: str, key: str, target: float) -> None:
    """One measure: means on the left, paired differences on the right."""
    left, right = st.columns(2, gap="medium")
    title = tell(str(part.iloc[0]["title"]))
    content = (ask.key, target if "contract_missed" in key else None)
    with left:
        words = say("{title} of each policy with its 95 % interval; thin lines hold 90 % of single runs.", title=title)
        draw = partial(charts.intervals, part, currency, look())
        show.chart(f"intervals-{key}", content, draw, words, lambda: means_table(part, currency))
    if len(ask.policies) > 1:
        with right:
            words = say(
                "{title}: differences from the reference on the same luck, about zero, with 95 % intervals.",
                title=title,
            )
            draw = partial(charts.differences, part, currency, look())
            show.chart(f"differences-{key}", content, draw, words, lambda: differences_table(part, currency))


def monthly(ask: Ask, policy: str, currency: str) -> None:
    """Stock, backlog, production and demand over the months, the policy shown beside the reference."""
    table = results.monthly_table(ask)
    pair = list(dict.fromkeys([ask.policies[0], policy]))
    table = labelled(table[table["policy"].isin(pair)])
    st.caption(say("Lines are means over all runs, bands hold 90 % of them."))
    columns = st.columns(2, gap="medium")
    for k, series in enumerate(("stock", "backlog", "production", "demand")):
        part = table[table["series"] == series]
        if series == "demand":
            part = part[part["policy"] == pair[0]].assign(label=say("All policies alike"))
        unit = currency if SERIES[series] == "money" else tell("units")
        title = say(SERIES_TITLES[series])
        words = say("{title}, month by month, mean and band of 90 % of runs.", title=title)
        draw = partial(charts.bands, part, title, unit, look())
        with columns[k % 2]:
            show.chart(f"months-{series}", (ask.key, *pair), draw, words, partial(months_table, part))


def grouped(ask: Ask, currency: str) -> None:
    """Show the measures of each family or customer segment."""
    controls.remembered("by", "family", controls.one_of(["family", "segment"]))
    titles = {"family": say("Families"), "segment": say("Customer segments")}
    by = controls.drawn(
        "by", lambda: st.segmented_control(say("By"), list(titles), format_func=titles.get, key="by", required=True)
    )
    summary = labelled(results.summary(ask, by or "family"))
    st.dataframe(means_table(summary, currency, by), hide_index=True, key=f"groups {by}")
