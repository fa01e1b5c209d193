"""Safety-stock lab: how much buffer, and why?"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard import controls, downloads, export, jobs, results, show
from dashboard.asks import Ask
from dashboard.case import scenario_of
from dashboard.controls import language, say, tell
from dashboard.kinds import row_count
from dashboard.look import called, header, look, product_name
from dashboard.parts import buffer
from dashboard.words import as_it_stands
from simulator.company.phrases import as_given
from simulator.faces import charts
from simulator.kernel.clock import WEEK
from simulator.kernel.messages import from_data

if TYPE_CHECKING:
    import pandas as pd

CHECKED = 30
"""Replications of a check."""

SET = 30
"""Replications of each setting in the whole company."""


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
        if found.lumpy:
            st.caption(say("Too uneven for a normal law: gamma, as the fill-rate target of a policy takes it."))
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
            show_every(ask, products, target, cycle, review)


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
            say(
                "Of the error of the forecast over lead time and review, brought down to a day; season and growth must be guessed, too."
            ),
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


def show_every(ask: Ask, products: pd.DataFrame, target: float, cycle: bool, review: int) -> None:
    """Every product by formula, with what is held now; then these settings in the whole company, where they are asked for."""
    scenario = scenario_of(ask.case)
    table = buffer.every_product(products, target, cycle, review, ask.case, scenario.company.currency)
    st.caption(
        say(
            "The same target for every product, by formula. A, B, C by value a year; X, Y, Z by how regular its months are. "
            "Now is what the policy order-up-to holds."
        )
    )
    st.dataframe(table, hide_index=True, key="every product")
    show.save(say("CSV"), lambda: export.csv(table), "safety-stock.csv", "text/csv")
    st.subheader(say("These settings in the whole company"))
    if cycle:
        st.info(say("Choose the fill rate as service: that is what settings are brought to in the whole company."))
        return
    st.caption(
        say(
            "Plant, parts, suppliers and the forecast as they are: where the formula is off there, simulation corrects it."
        )
    )
    if review == WEEK:
        st.code(f"sop stock {scenario.name} --service {target:g}", language="bash")
    wish = Ask("stock", ask.case, (), SET, ask.seed, (("review", review), ("service", target)))
    runs = 15 * jobs.seconds(1, SET, scenario.experiment.months, row_count(scenario))
    if not show.offer_answer(wish, runs):
        return
    for line in (from_data(each) for each in results.noted(wish, "told.json")):
        st.markdown(as_it_stands(tell(line)))
    settings = buffer.in_company(results.table(wish, "stock"))
    st.dataframe(settings, hide_index=True, key="in the whole company")
    with st.container(horizontal=True):
        place = jobs.folder_of(wish.key)
        downloads.answer_files("stock", lambda ending: (place / f"answer-{language()}{ending}").read_bytes())
        show.save(say("CSV"), lambda: export.csv(settings), "stock.csv", "text/csv")


def show_check(ask: Ask, product: str, found: buffer.StockForTarget) -> None:
    """Compare the formula in its own world with the company's own demand."""
    st.caption(
        say(
            "Simulates seven levels of stock of this product alone twice: with demand as the formula takes it, every day alike "
            "and as uneven as the forecast errs, and with demand as this company's customers order. What plant, parts and "
            "suppliers leave of it is shown under Every product."
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
