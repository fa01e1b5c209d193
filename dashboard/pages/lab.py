"""Safety-stock lab: how much buffer, and why?"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard import controls, export, results, show
from dashboard.asks import Ask
from dashboard.case import scenario_of
from dashboard.controls import language, say, tell
from dashboard.look import called, header, look, product_name
from dashboard.parts import buffer
from dashboard.words import figures
from simulator.company.phrases import as_given
from simulator.faces import charts

if TYPE_CHECKING:
    import pandas as pd

CHECKED = 30
"""Replications of a check."""

RARE = 0.01
"""A chance that one may leave out of account."""


def main() -> None:
    """Choose, ask, show."""
    header(say("Safety-stock lab"), say("How much buffer, and why?"), st.session_state["case"])
    ask = results.first_demand(st.session_state["case"])
    if not show.offer_answer(ask, 3.0, begin=True):
        return
    products = results.table(ask, "products")
    live(ask, products)


@st.fragment
def live(ask: Ask, products: pd.DataFrame) -> None:
    """The answer by formula, at once; then by simulation, when asked."""
    currency = scenario_of(ask.case).company.currency
    left, right = st.columns([4, 7], gap="large")
    with left:
        product = product_input(products)
        target, cycle = target_inputs()
        numbers, review = number_inputs(products, product)
        found = buffer.stock_for_target(numbers, review, target, cycle)
    with right:
        st.markdown(found.sentence(target))
        cost = float(scenario_of(ask.case).company.products[product].unit_cost)
        buffer.stock_tiles(found, cost, currency)
        title = say(
            "Demand over the protection interval of {days} days; what lies beyond the level is not served on the day",
            days=as_given(found.at_risk),
        )
        in_days = say(
            "How likely each demand over the protection interval of {days} days is", days=as_given(found.at_risk)
        )
        draw = partial(charts.density, found.density(), found.level, found.expected, tell("units"), look(), in_days)
        show.chart(
            "density",
            (found.level, found.expected, found.spread),
            draw,
            title,
            lambda: buffer.rows_as_table(found.density()),
        )
        if found.below_zero > RARE:
            st.caption(
                say(
                    "The normal distribution gives demand below zero a chance of {chance}: too uneven for the formula alone. "
                    "Check by simulation.",
                    chance=figures.figure_text(found.below_zero, "share", "", language()),
                )
            )
    titles = ("The formula with the numbers in it", "Check by simulation", "Every product")
    formula, check, every = st.tabs([say(each) for each in titles], key="lab tabs", on_change="rerun")
    if formula.open:
        with formula:
            buffer.formula(found, target)
    if check.open:
        with check:
            show_check(ask, product, found)
    if every.open:
        with every:
            table = buffer.every_product(products, target, cycle, review, ask.case, currency)
            st.caption(
                say(
                    "The same target for every product. A, B, C by value a year; X, Y, Z by how regular its months are."
                )
            )
            st.dataframe(table, hide_index=True, key="every product")
            show.save(say("CSV"), lambda: export.csv(table), "safety-stock.csv", "text/csv")


def product_input(products: pd.DataFrame) -> str:
    """Choose the product."""
    names = products["product"].tolist()
    company = scenario_of(st.session_state["case"]).company
    classes = dict(zip(names, products["abc"] + products["xyz"], strict=True))
    controls.remembered("product", names[0], controls.one_of(names))
    label = say("Product")
    return controls.drawn(
        "product",
        lambda: st.selectbox(
            label,
            names,
            format_func=called(names, lambda name: product_name(company, name, f"({classes[name]})")),
            key="product",
            help=say("A, B, C by value a year; X, Y, Z by how regular its months are."),
        ),
    )


def target_inputs() -> tuple[float, bool]:
    """The service wanted, and which service is meant."""
    kinds = {"fill": say("Fill rate"), "cycle": say("Cycle service")}
    controls.remembered("service", "fill", controls.one_of(kinds))
    words = say(
        "Fill rate is the share of demand served on the day; cycle service is the share of replenishment "
        "cycles without a stock-out. They are not the same."
    )
    kind = controls.drawn(
        "service",
        lambda: st.segmented_control(
            say("Service"), list(kinds), format_func=kinds.get, key="service", required=True, help=words
        ),
    )
    controls.remembered("goal", 97.0, controls.between(50.0, 99.9, float))
    goal = controls.drawn("goal", lambda: st.slider(say("Target"), 50.0, 99.9, key="goal", step=0.1, format="%.1f %%"))
    return float(goal) / 100, kind == "cycle"


def number_inputs(products: pd.DataFrame, product: str) -> tuple[dict[str, float], int]:
    """Offer the product's own numbers, which feed the formula, to be changed at will."""
    row = products[products["product"] == product].iloc[0]
    if st.session_state.get("lab product") != product:  # another product brings its own numbers
        asked = st.session_state.get("lab product") is None
        st.session_state["lab product"] = product
        for key in () if asked else ("mean", "sd", "lead", "leadsd"):
            controls.set_to(key, float(f"{row[COLUMN[key]]:.4g}"))
    review = controls.number_input(
        "review", say("Review period, days"), 7, 1, 60, say("Days from one order to the next.")
    )
    with st.expander(say("Demand and lead time of this product"), icon=":material/tune:"):
        found = {COLUMN[key]: product_number(key, row, *rest) for key, *rest in product_entries()}
    return {**found, "level": 0.0}, int(review)


COLUMN = {"mean": "mean", "sd": "sd", "lead": "lead_time", "leadsd": "lead_time_sd"}


def product_entries() -> list[tuple[Any, ...]]:
    """The numbers of a product with their bounds and meaning."""
    return [
        ("mean", say("Mean daily demand, units"), 0.001, say("Mean over all days of the run.")),
        (
            "sd",
            say("Standard deviation of daily demand, units"),
            0.0,
            say("Between runs on the same days, so that season and growth, which planners know, are no uncertainty."),
        ),
        (
            "lead",
            say("Lead time, days"),
            1.0,
            say("From order to stock; an order of tonight with a lead time of one day is there tomorrow morning."),
        ),
        (
            "leadsd",
            say("Standard deviation of lead time, days"),
            0.0,
            say("Zero for a supplier who is always on time."),
        ),
    ]


def product_number(key: str, row: Any, label: str, least: float, words: str) -> float:
    """One of them."""
    usual = max(least, float(f"{row[COLUMN[key]]:.4g}"))
    return controls.number_input(key, label, usual, least, 1e7, words)


def show_check(ask: Ask, product: str, found: buffer.StockForTarget) -> None:
    """Compare the formula in its own world with the company's own demand."""
    st.caption(
        say(
            "Simulates seven levels of stock twice: with demand as the formula takes it, normal and every day "
            "alike, and with demand as this company's customers order."
        )
    )
    if scenario_of(ask.case).replayed is not None:
        st.info(
            say(
                "The company replays its real order lines, of which there is one run only; choose fitted demand to check by simulation."
            )
        )
        return
    numbers = {**found.numbers, "level": max(0.0, found.level), "product": product, "review": found.review}
    check = Ask(
        "check", ask.case, (), CHECKED, ask.seed, tuple(sorted((name, value) for name, value in numbers.items()))
    )
    if not show.offer_answer(check, 6.0):
        return
    table = results.table(check, "checked")
    st.markdown(buffer.verdict(table, found.cycle, found.safety_stock))
    rows, company, words = buffer.curve_points(table, found.cycle)
    title = say("Service over safety stock: the line is the formula, diamonds are simulation with 95 % intervals")
    columns = st.columns(2, gap="medium")
    for world, (column, (name, points)) in enumerate(zip(columns, company.items(), strict=True)):
        with column:
            here = {"stock": found.safety_stock, "service": found.service * 100}
            draw = partial(charts.curve, rows, here, points, words, look(), buffer.reach(table, found.cycle), name)
            content = (check.key, found.safety_stock, found.cycle, name)
            show.chart(f"curve-{world}", content, draw, title, lambda points=points: buffer.rows_as_table(points))


main()
