"""Families that are bought are planned in every document: what comes in, what is short until when, from whom, what is ordered."""

import numpy as np
import pytest

from simulator import load, simulate
from simulator.faces.documents import Month, cycle_tables, documents_of
from simulator.faces.documents.issues import open_issues
from simulator.faces.documents.recommendation import balanced
from simulator.planning.expediting import Cover
from simulator.planning.safety_stock import DaysOfCover
from simulator.results.reading.meeting import SHORTAGE, SURPLUS, balances
from tests.test_documents import texts, workshop

MONTH = 14


def trader(opening, lead_time=40, **buy):
    """Ten kettles a working day, four of them for dealers, from one supplier."""
    company = workshop(5.0)
    kettle = company["products"]["kettle"]
    del kettle["make"], company["components"], company["resources"]
    kettle["opening_stock"] = opening
    kettle["buy"] = {"supplier": "foundry", "lead_time": {"law": "constant", "mean": lead_time}, **buy}
    return company


def first_balance(company, **policy):
    """The balance of kettles in the first cycle of all, held on the first of January."""
    case = load(company)
    run = simulate(case, case.policy("sop").model_copy(update=policy), [0])
    (balance,) = balances(Month(next(run.books()), 0, 0))
    return balance


def test_a_shortage_of_what_is_bought_by_hand():
    """Of January's demand 60 kettles are there, and an order of today comes in February, after 40 days."""
    balance = first_balance(trader(60.0))
    asked = balance.month.demand[0, 0]
    assert 180 < asked < 240
    assert balance.rule == SHORTAGE
    np.testing.assert_allclose(balance.short[:2], [asked - 60.0, 0.0])
    said = str(balanced(balance))
    assert f"kettles: demand exceeds supply, {asked - 60.0:.0f} units are owed at the end of 2024-01." in said
    assert "It is short until the end of 2024-01; a new order takes 40 days from foundry." in said
    assert "Alternative: wait, and ration what is there." in said
    assert "Sales and purchasing commit to 60 units for 2024-01." in said
    np.testing.assert_allclose(balance.must_be_met, [60.0, 0.0])  # dealers want four of ten, and rank first
    (issue,) = open_issues(balance.month)
    assert str(issue.what) == f"kettles owes up to {asked - 60.0:.0f} units, from 2024-01 on."


@pytest.mark.parametrize(
    ("expediting", "said"), [({}, "wait"), ({"expediting": Cover()}, "order express kettle from foundry")]
)
def test_express_is_an_alternative_where_the_policy_orders_so(expediting, said):
    """The source offers it in both cases."""
    balance = first_balance(trader(60.0, express={"days": 5, "premium": 2.0}), **expediting)
    assert f"Alternative: {said}" in str(balanced(balance))


def test_a_surplus_of_what_is_bought_says_what_lacks_of_safety_stock():
    """Of 240 kettles less than the safety stock of twenty days is left at the end of January."""
    balance = first_balance(trader(240.0), safety_stock=DaysOfCover(days=20.0))
    left = 240.0 - balance.month.demand[0, 0]
    lacking = balance.safety_stock() - left
    assert balance.rule == SURPLUS
    assert left > 0
    assert lacking > 0.1 * balance.safety_stock()
    np.testing.assert_allclose(balance.below_safety_stock[0], lacking)
    assert f"At the end of 2024-01 {lacking:.0f} units of safety stock are missing" in str(balanced(balance))


@pytest.fixture(scope="module")
def run():
    """The trading company."""
    return simulate(load("trading", {"experiment.months": MONTH}), "sop", [0])


def test_the_supply_plan_of_a_trading_company_is_its_inventory_plan(run):
    """Closing stock and safety stock are those of the inventory plan, and stock rolls forward."""
    told = cycle_tables(run, MONTH)
    plan = told["supply_plan"].query("name == 'drills' and column != '2025-02'")
    by_figure = plan.pivot_table(index="column", columns="figure", values="value")
    rolled = by_figure["opening stock"] + by_figure["+ receipts"] - by_figure["- demand to come"]
    np.testing.assert_allclose(rolled, by_figure["= closing stock"])
    inventory = told["inventory_plan"].query("name == 'drills'").pivot_table(
        index="column", columns="figure", values="value"
    ).loc[by_figure.index]  # fmt: skip
    np.testing.assert_allclose(inventory["closing stock"], by_figure["= closing stock"])
    np.testing.assert_allclose(inventory["safety stock"], by_figure["safety stock"])
    assert "production" not in " ".join(by_figure.columns)


def test_the_executives_of_a_trading_company_approve_what_is_ordered(run):
    """With its value, the same as in the purchase plan."""
    told = cycle_tables(run, MONTH)
    minutes = texts(documents_of(run, MONTH), "executive_meeting")
    assert "Approved: the purchase and inventory plan." in minutes
    value = told["purchase_plan"].query("figure == 'at cost'")["value"].iloc[:3].sum()
    assert f"is worth {value:,.0f} EUR: above all drill" in minutes
    everything = " ".join(texts([document], document.name) for document in documents_of(run, MONTH))
    assert "no plan to approve" not in everything
    assert "no plan of families" not in everything


def test_stock_below_safety_stock_is_an_exception(run):
    """What was on hand on the last evening of January, over the safety stock in force then."""
    books = next(run.books())
    last = int(books.scenario.days.month_start[MONTH - 1]) - 1
    on_hand = run.daily("on_hand")[0, last, 0]
    share = on_hand / books.plans.safety_stock[MONTH - 2, 0, 0]
    assert 0 < share < 0.9
    table = cycle_tables(run, MONTH)["executive_meeting"]
    figures = table.query("figure == 'Safety stock that is there'").set_index("column")["value"]
    np.testing.assert_allclose([figures["last month"], figures["plan"]], [share, 1.0])
    minutes = texts(documents_of(run, MONTH), "executive_meeting")
    assert f"Safety stock that is there {share:.1%}".replace("%", " %") in minutes
    assert "All key figures are on plan" not in minutes


def test_bought_families_of_a_maker_are_balanced_too():
    """Doormats of giftware, beside the families that are made."""
    run = simulate(load("giftware", {"experiment.months": MONTH}), "sop", [0])
    found = balances(Month(next(run.books()), MONTH - 1, 0))
    assert [balance.name for balance in found if balance.is_bought] == ["doormats"]
    assert "doormats: supply exceeds demand." in texts(documents_of(run, MONTH), "pre_meeting")
