"""Rates and terms, a day as it is expected, the budget and what became of it: digits worked by hand."""

import numpy as np
import pytest

from simulator.engine.money.expectation import Expectation
from simulator.engine.money.terms import Terms
from simulator.results.money import Budget, Money, Statements
from tests.engine.small import BREAD, CAKE, FIRST, SALT, blank, company
from tests.money.test_money_lines import TERMS

YEAR = 365.25


def terms(**changes):
    """The bakery's."""
    scenario = company(**{**TERMS, **changes})
    return Terms(scenario.company, scenario.network)


def test_terms_of_customers():
    """The first pays after 30 days and never 2 %; the second pays when the van is there, after a tenth and a fifth of the price."""
    found = terms(segments__second__bad_debt=0.05)
    assert found.days_to_pay.tolist() == [30, 2]
    assert found.serving.tolist() == pytest.approx([0.02, 0.1 + 0.2 + 0.05])
    assert found.penalty.tolist() == [0.03, 0.01]
    assert found.storage == pytest.approx(0.2 / YEAR)


def test_terms_of_suppliers():
    """The works are paid after 10 days; salt is bought there, flour from the mill."""
    salt = {"supplier": "works", "lead_time": {"law": "constant", "mean": 3.0}}
    found = terms(suppliers__works__payment_days=10, products__salt__buy=salt)
    assert found.days_to_suppliers[found.supplier_of].tolist() == [10, 20]
    assert found.supplier_terms.tolist() == [10, 20]
    assert found.bought_at(10).tolist() == [0, 0, 1, 0]
    assert found.bought_at(20).tolist() == [0, 0, 0, 0.5]


def test_conversion_is_that_of_all_levels():
    """Flour is milled of 2 wheat at .1, half of it good: .4 of its .5 is wheat. Bread takes 2 flour: 1 of its own and .2."""
    wheat = {"unit_cost": 0.1, "buy": {"supplier": "mill", "lead_time": {"law": "constant", "mean": 2.0}}}
    flour = {"unit_cost": 0.5, "make": {"bill": {"wheat": 2.0}, "hours": {"oven": 0.01}, "good": 0.5}}
    found = terms(components__flour=flour, components__wheat=wheat)
    assert found.network.names == ["bread", "cake", "salt", "flour", "wheat"]
    assert found.material.tolist() == pytest.approx([1.0, 0.5, 0, 0.4, 0])
    assert found.conversion.tolist() == pytest.approx([1.0, 3.5, 0, 0.1, 0])
    assert found.conversion_in_all.tolist() == pytest.approx([1.2, 3.6, 0])


def test_terms_of_resources():
    """Machines at the line, available half the time and in shifts; two people of two hours at the oven."""
    oven = {"heads": 2, "hours": 2.0, "wage": 9.0, "hire_cost": 300.0, "dismiss_cost": 500.0}
    line = {"resources__line__availability": 0.5, "resources__line__shifts": {"premium": 1.5}}
    found = terms(
        **line, resources__oven__people=oven, products__cake__make__subcontract={"premium": 0.25, "most": 9.0}
    )
    assert found.wage.tolist() == [7, 9]
    assert found.paid_hours.tolist() == [10, 4]
    assert found.paid_for.tolist() == [2, 1]
    assert found.shift_premium.tolist() == [1.5, 0]
    assert found.hire_cost.tolist() == [0, 300]
    assert found.dismiss_cost.tolist() == [0, 500]
    assert found.premium_outside.tolist() == [0, 1, 0, 0]
    assert found.count_cost == 0
    assert terms(stockroom={"count_cost": 2.5}).count_cost == 2.5


WANTED = [
    {"product": product, "segment": segment, "daily": {"law": "constant", "mean": float(units)}}
    for product, segment, units in (("bread", "first", 10), ("bread", "second", 5), ("cake", "second", 2))
]
EXPECTED = {
    **TERMS,
    "demand": {"everyday": WANTED},
    "finance__fixed_cost": 590.0,
    "products__bread__opening_stock": 10.0,
    "products__cake__opening_stock": 0.0,
    "products__salt__opening_stock": 0.0,
    "components__flour__opening_stock": 100.0,
    "experiment__history": 0,
}


def test_a_day_as_it_is_expected():
    """15 loaves at 5 and 2 cakes at 10 a day, of 32 flour; opening with 10 loaves and 100 flour."""
    day = Expectation(company(**EXPECTED))
    assert (day.months, day.days) == (2, 59)
    np.testing.assert_allclose(day.orders, [[10, 0, 0], [5, 2, 0]])
    np.testing.assert_allclose(day.sales, [50, 45])
    np.testing.assert_allclose(day.units, [15, 2, 0, 32])
    np.testing.assert_allclose(day.purchases, [16])
    np.testing.assert_allclose(day.invoiced, [49, 45])
    np.testing.assert_allclose(day.serving_rate, [(10 * 0.02 + 5 * 0.3) / 15, 0.3, 0])
    figures = {
        "cost_of_goods": 30 + 8,
        "absorbed": 15 * 1 + 2 * 3.5,
        "wages": 10 * 7 + 4 * 20,
        "serving": 50 * 0.02 + 45 * 0.3,
        "fixed_cost": 20,
        "opening_stock": 10 * 2 + 100 * 0.5,
        "storage": 70 * 0.2 / YEAR,
        "receivables": 49 * 30 + 45 * 2,
        "payables": 16 * 20,
    }
    assert {name: getattr(day, name) for name in figures} == pytest.approx(figures)


def test_the_first_months_may_be_all_that_is_looked_at():
    """February alone; no more months than the run has; days off are no working days, and wages are a day's over all days."""
    scenario = company(**EXPECTED, calendar__working_days=["mon", "tue", "wed", "thu", "fri"])
    february = Expectation(scenario, 1)
    assert (february.months, february.days, february.fixed_cost) == (1, 28, pytest.approx(590 / 28))
    assert february.wages == pytest.approx(150 * 20 / 28)
    assert Expectation(scenario, 9).months == 2


def years():
    """Fourteen months: in the first year 100 loaves, 50 cakes and 30 salt are planned, in the rest nothing.

    On the last day of the year 150 loaves fall due, 10 of them lost and 10 owed on, 20 cakes and 60 salt; 3 were granted
    to bring orders forward.
    """
    books, last = blank(company(**EXPECTED, experiment__months=14)), 364
    books.plans.budget[0, :3] = np.array([[60.0], [50.0], [0.0]])
    books.plans.budget[11, :3] = np.array([[40.0], [0.0], [30.0]])
    books.flows["due"][last, FIRST] = np.array([[150.0], [20.0], [60.0]])
    books.flows["lost"][last, FIRST, BREAD] = 10
    books.closing["backlog"][last:, FIRST, BREAD] = 10
    for item, units in ((BREAD, 130), (CAKE, 20), (SALT, 60)):
        books.flows["shipped"][last, item] = units
    books.memos["push_discount"] = np.zeros_like(books.flows["due"])
    books.memos["push_discount"][last, FIRST, BREAD] = 3
    return books


PLANNED = 100 * 3 + 50 * 6 + 30 * 2  # margin
SHARE = (140 * 5 + 20 * 10 + 60 * 3) / (100 * 5 + 50 * 10 + 30 * 3)
STANDING = 365 * 150 + 12 * 590
PLANNED_COST = 500 * 1.7 / 15 + 500 * 0.3 + STANDING - (100 * 1 + 50 * 3.5) + 70 * 0.2 / YEAR * 365
STORAGE = (70 * 364 + 70 - (130 * 2 + 20 * 4 + 60 * 1)) * 0.2 / YEAR
SALES = 130 * 5 + 20 * 10 + 60 * 3
COST = STANDING + (SALES - 3) * 0.02 + 10 * 5 * 0.03 + STORAGE  # wages and fixed cost, bad debt, lateness, storage


@pytest.mark.parametrize(
    ("line", "amount"),
    [
        ("budgeted EBIT", PLANNED - PLANNED_COST),
        ("volume", (SHARE - 1) * PLANNED),
        ("mix", 140 * 3 + 20 * 6 + 60 * 2 - SHARE * PLANNED),
        ("price", -3),
        ("timing", -10 * 3),
        ("cost", PLANNED_COST - COST),
        ("EBIT", SALES - 3 - (130 * 2 + 20 * 4 + 60 * 1) - COST),
    ],
)
def test_the_budget_and_what_became_of_it(line, amount):
    """Of the first year; for the rest there was no plan, and only its price, timing and result are told."""
    explained = Budget(Money(years())).explained
    assert explained[line][0] == pytest.approx([amount] * 2)
    told = not np.isnan(explained[line][1]).any()
    assert told == (line in ("price", "timing", "EBIT"))


def test_business_years_are_named_by_their_months():
    """The last one is a part."""
    assert Budget(Money(years())).years == ["2026-02 to 2027-01", "2027-02 to 2027-03"]


def test_totals_stand_even_where_they_are_nothing():
    """Books in which nothing happened, of a company that pays nobody."""
    bare = {"resources__line__hour_cost": 0.0, "resources__oven__hour_cost": 0.0}
    lines = Statements(Money(blank(company(**bare))), [(0, 28), (28, 59)]).lines
    assert [(line.name, line.is_total) for line in lines] == [
        (name, True)
        for name in (
            "net sales", "gross margin", "EBIT", "profit before tax", "EBIT, stock at standard cost",
                "EBIT before absorption", "opening cash", "closing cash", "working capital",
            "cash", "equity but for fixed assets",
        )
    ]  # fmt: skip
    sold = blank(company(**bare))
    sold.flows["due"][3, FIRST, BREAD] = sold.flows["shipped"][3, BREAD] = 2
    lines = Statements(Money(sold), [(0, 28), (28, 59)]).lines
    told = {line.name: line.amount[:, 0].tolist() for line in lines if not line.is_total}
    assert told["sales"] == [10, 0]
    assert told["cost of goods"] == [-4, 0]
    assert told["from customers"] == [10, 0]
    assert told["stock"] == [-4, -4]
