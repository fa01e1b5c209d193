"""Every line of money is traced to the event that caused it, on books that are filled in by hand."""

from collections import defaultdict

import numpy as np
import pytest

from simulator.engine.money.accounts import ACCOUNTS, CASH, OUTSIDE, PAYABLES, RECEIVABLES, sign
from simulator.engine.money.terms import Terms
from simulator.engine.money.valued import Valued
from simulator.results.kpis import Score
from simulator.results.money import MONEY_FLOWS, Money
from simulator.world.network import Network
from tests.engine.small import BREAD, CAKE, DAYS, FIRST, FLOUR, SALT, SECOND, blank, company

TERMS = {
    "suppliers__mill__payment_days": 20,
    "segments__first__payment_days": 30,
    "segments__first__bad_debt": 0.02,
    "segments__first__late_penalty": 0.03,
    "finance__late_penalty": 0.01,
    "finance__holding_rate": 0.3,
    "finance__capital_rate": 0.1,
    "channels": {"van": {"transport_cost": 0.1, "selling_cost": 0.2, "transport_days": 2}},
    "segments__second__channel": "van",
    "segments__second__lead_time": 2,  # the way takes as long
    "resources__line__hour_cost": 7.0,
    "resources__line__overtime_premium": 3.0,
}


@pytest.fixture
def books():
    """The bakery's empty books, with terms."""
    return blank(company(**TERMS))


def on_days(flow):
    """Amounts of the first lane by day, where there are any."""
    return {int(day): float(flow[day, 0]) for day in np.flatnonzero(np.abs(flow[:, 0]) > 1e-12)}


def moved(books, *leave_out):
    """Every flow that moved, by day; what runs every day anyway is left out."""
    standing = {"wages", "paid_month", "fixed_cost", "paid_suppliers", "storage", *leave_out}
    flows = Money(books).flows
    return {name: on_days(flows[name]) for name in MONEY_FLOWS if name not in standing and flows[name].any()}


def test_a_shipment_is_invoiced_served_and_paid(books):
    """Two loaves at 5 on day 3: 10 at list price, 4 of standard cost, .2 never paid, 9.8 thirty days later."""
    books.flows["due"][3, FIRST, BREAD, 0] = 2
    books.flows["shipped"][3, BREAD, 0] = 2
    assert moved(books) == {
        "sales": {3: 10},
        "bad_debt": {3: pytest.approx(0.2)},
        "cost_of_goods": {3: 4},
        "collected": {33: pytest.approx(9.8)},
    }


def test_a_channel_costs_transport_and_selling_and_two_days_of_the_way(books):
    """One cake at 10 through the van, which takes a tenth and a fifth; the customer pays when it is there."""
    books.flows["due"][4, SECOND, CAKE, 0] = 1
    books.flows["shipped"][4, CAKE, 0] = 1
    assert moved(books) == {
        "sales": {4: 10},
        "cost_of_goods": {4: 4},
        "transport": {4: 1},
        "selling": {4: 2},
        "collected": {6: 10},
    }


def test_lateness_is_charged_evening_by_evening_at_the_segments_rate(books):
    """A loaf owed to the first for two evenings costs 3 % of 5 each; a cake owed to the second the company's 1 % of 10."""
    books.flows["due"][3, FIRST, BREAD] = books.flows["due"][3, SECOND, CAKE] = 1
    books.closing["backlog"][3:5, FIRST, BREAD] = 1
    books.closing["backlog"][3, SECOND, CAKE] = 1
    books.flows["lost"][4, SECOND, CAKE] = 1
    books.flows["shipped"][5, BREAD] = 1
    found = moved(books)
    assert found["penalties"] == {3: pytest.approx(0.15 + 0.1), 4: pytest.approx(0.15)}
    assert found["sales"] == {5: 5}
    assert found["collected"] == {
        5: pytest.approx(-0.1),  # deducted two days later, from what the second pays
        33: pytest.approx(-0.15),
        34: pytest.approx(-0.15),
        35: pytest.approx(4.9),
    }


def test_what_is_bought_is_owed_at_its_real_price(books):
    """Eight units of salt at a standard of 1 for 10 in all: 2 above standard, 10 paid twenty days later."""
    books.flows["received"][6, SALT] = 8
    books.memos["delivered_value"] = np.zeros((DAYS, 1, 2))
    books.memos["delivered_value"][6, 0] = 10
    flows = Money(books).flows
    assert on_days(flows["purchases"]) == {6: 8}
    assert on_days(flows["price_variance"]) == {6: 2}
    assert on_days(flows["paid_suppliers"]) == {26: 10}


def test_without_a_price_of_its_own_it_is_bought_at_standard(books):
    """Then nothing varies."""
    books.flows["received"][6, SALT] = 8
    flows = Money(books).flows
    assert on_days(flows["paid_suppliers"]) == {26: 8}
    assert not flows["price_variance"].any()


def test_the_floor_turns_parts_and_hours_into_work_in_process(books):
    """Three loaves started: 3 of flour, 3 of conversion; 7 pounds of flour taken instead of 6; finished at 6."""
    books.flows["released"][2, BREAD] = 3
    books.flows["consumed"][2, FLOUR] = 7
    books.flows["received"][3, BREAD] = 3
    assert moved(books) == {
        "used": {2: 3.5},
        "absorbed": {2: 3},
        "usage_variance": {2: 0.5},
        "finished": {3: 6},
    }


@pytest.mark.parametrize(
    ("flow", "item", "line", "amount"),
    [
        ("scrapped", CAKE, "scrap", 8),
        ("expired", SALT, "expiry", 2),
        ("shrunk", FLOUR, "shrinkage", 1),
        ("returned", CAKE, "restocked", 8),
    ],
)
def test_goods_that_go_another_way_are_valued_at_standard(books, flow, item, line, amount):
    """Two of each, on day 5."""
    books.flows[flow] = np.zeros_like(books.flows["released"])
    books.flows[flow][5, item] = 2
    assert moved(books) == {line: {5: amount}}


def test_a_subcontractor_is_paid_standard_cost_and_a_premium():
    """Two cakes at 4 and a quarter."""
    outside = {"premium": 0.25, "most": 100.0}
    books = blank(company(**TERMS, products__cake__make__subcontract=outside))
    books.flows["subcontracted"] = np.zeros_like(books.flows["released"])
    books.flows["subcontracted"][5, CAKE] = 2
    assert moved(books) == {"subcontracted": {5: 8}, "subcontract_premium": {5: 2}}


def test_goods_sent_back_are_credited_and_deducted_from_what_the_segment_pays(books):
    """One cake at 10, sent back by the second."""
    books.memos["sent_back"] = np.zeros_like(books.flows["due"])
    books.memos["sent_back"][7, SECOND, CAKE] = 1
    assert moved(books) == {"credits": {7: 10}, "collected": {9: -10}}


def test_a_push_is_paid_in_discount(books):
    """What was granted, not what it brought."""
    books.memos["push_discount"] = np.zeros_like(books.flows["due"])
    books.memos["push_discount"][7, SECOND, CAKE] = 3
    assert moved(books) == {"push_discounts": {7: 3}, "collected": {9: -3}}


def test_the_price_of_the_day_is_that_of_the_shipment(books, monkeypatch):
    """Due at 5 on day 3 and shipped on day 4, when bread costs a fifth less; bad debt is of what is invoiced."""
    factors = np.ones((DAYS, 3))
    factors[4, BREAD] = 0.8
    monkeypatch.setattr(Valued, "price_factors", factors)
    books.flows["due"][3, FIRST, BREAD] = 1
    books.closing["backlog"][3, FIRST, BREAD] = 1
    books.flows["shipped"][4, BREAD] = 1
    found = moved(books, "collected", "penalties")
    assert found == {
        "sales": {4: 5},
        "price_changes": {4: pytest.approx(1)},
        "bad_debt": {4: pytest.approx(0.08)},
        "cost_of_goods": {4: 2},
    }
    margins = Score(books).margins
    assert margins["price_changes"][FIRST, BREAD, 0] == pytest.approx(1)
    assert margins["bad_debt"][FIRST, BREAD, 0] == pytest.approx(0.08)


def test_overtime_is_paid_with_its_wage_and_its_premium(books):
    """Twelve hours on a day of ten: two at 7 and 3; regular hours are paid anyway, those of the oven too, at 20."""
    books.hours_used[4, 0] = 12
    flows = Money(books).flows
    assert on_days(flows["overtime"]) == {4: pytest.approx(20)}
    assert on_days(flows["wages"]) == dict.fromkeys(range(DAYS), 10 * 7 + 4 * 20)
    assert on_days(flows["paid_month"]) == {
        27: pytest.approx(28 * 150 + 20),  # February
        58: pytest.approx(31 * 150),
    }


def test_people_cost_what_they_are_paid_hired_and_let_go():
    """Two hired and one dismissed at the oven; four hours paid there at 9, ten counted at the line, which is available half the time."""
    oven = {"heads": 2, "hours": 2.0, "wage": 9.0, "hire_cost": 300.0, "dismiss_cost": 500.0}
    line = {"resources__line__availability": 0.5, "resources__line__shifts": {"premium": 1.5}}
    books = blank(company(**TERMS, **line, resources__oven__people=oven))
    for memo, row, amount in (("hired", 1, 2), ("dismissed", 1, 1), ("paid_hours", 0, 10), ("shift_hours", 0, 5)):
        books.memos[memo] = np.zeros((DAYS, 2, 2))
        books.memos[memo][4, row] = amount
    books.memos["paid_hours"][4, 1] = 4
    flows = Money(books).flows
    assert on_days(flows["hiring"]) == {4: 600}
    assert on_days(flows["dismissal"]) == {4: 500}
    assert on_days(flows["wages"]) == {4: 10 / 0.5 * 7 + 4 * 9 + 5 * 1.5}


def test_counting_and_hurry_are_paid_at_once(books, monkeypatch):
    """Three counts at 2.5, and what express orders cost more."""
    monkeypatch.setattr(Terms, "count_cost", 2.5)
    books.memos["counted"] = np.zeros((DAYS, 4, 2))
    books.memos["counted"][4, :3] = 1
    books.memos["expedite_value"] = np.zeros((DAYS, 1, 2))
    books.memos["expedite_value"][5, 0] = 11
    assert moved(books) == {"counting": {4: 7.5}, "expediting": {5: 11}}


def test_storage_is_charged_on_what_lies_there_less_the_price_of_capital(books):
    """Eight units of salt at 1 from day 6 on, at 20 % a year."""
    books.flows["received"][6, SALT] = 8
    assert on_days(Money(books).flows["storage"]) == {day: pytest.approx(8 * 0.2 / 365.25) for day in range(6, DAYS)}


def test_margins_add_up_to_the_lines(books):
    """Whoever bought and whatever was bought, what can be told by order is the whole line."""
    luck = np.random.default_rng(7)
    books.flows["due"][...] = luck.integers(0, 9, books.flows["due"].shape)
    books.closing["backlog"][...] = luck.integers(0, 9, books.flows["due"].shape)
    books.memos["sent_back"] = luck.integers(0, 3, books.flows["due"].shape) * 1.0
    books.memos["push_discount"] = luck.integers(0, 3, books.flows["due"].shape) * 1.0
    books.flows["returned"] = luck.integers(0, 3, books.flows["released"].shape) * 1.0
    books.flows["returned"][:, FLOUR] = 0.0
    owed = np.diff(books.closing["backlog"], axis=0, prepend=0.0)
    books.flows["shipped"][...] = (books.flows["due"] - owed).sum(axis=1)
    score = Score(books)
    for name, lines in score.margins.items():
        np.testing.assert_allclose(lines.sum(axis=(0, 1)), score.money.flows[name].sum(axis=0), err_msg=name)


def test_every_flow_leaves_one_account_and_enters_another():
    """Lines of the profit and loss account meet the outside once, all others never; drawings alone are no expense."""
    for name, (source, target) in MONEY_FLOWS.items():
        assert source != target
        assert {source, target} <= {*ACCOUNTS, OUTSIDE}, name
        assert (sign(name) != 0) == (OUTSIDE in (source, target)), name


def test_the_opening_position_is_that_of_a_company_that_runs():
    """Ten loaves a day to a segment that pays after thirty days: 300 loaves at 5 less bad debt are open, and paid day by day."""
    daily = {"law": "constant", "mean": 10.0}
    wanted = {"everyday": [{"product": "bread", "segment": "first", "daily": daily}]}
    books = blank(company(**TERMS, demand=wanted))
    money = Money(books)
    assert money.opening[RECEIVABLES] == pytest.approx(300 * 5 * 0.98)
    assert money.opening[PAYABLES] == pytest.approx(
        -20 * 20 * 0.5
    )  # twenty pounds of flour a day, owed for twenty days
    paid = defaultdict(float, on_days(money.flows["collected"]))
    assert [paid[day] for day in (0, 29, 30)] == [pytest.approx(49), pytest.approx(49), 0]
    assert money.closing(RECEIVABLES)[29, 0] == pytest.approx(0)
    assert money.closing(PAYABLES)[19, 0] == pytest.approx(0)
    assert money.opening[CASH] == 0


def test_standard_cost_is_split_into_material_and_conversion():
    """Bread takes two pounds of flour at .5 of its 2; the rest is hours."""
    scenario = company()
    terms = Money(blank(scenario)).terms
    assert isinstance(terms.network, Network)
    assert terms.material.tolist() == [1.0, 0.5, 0.0, 0.0]
    assert terms.conversion.tolist() == [1.0, 3.5, 0.0, 0.0]


def test_the_opening_debt_is_owed_to_each_source_by_its_share():
    """Twenty pounds of flour a day, a quarter of it from a dearer works that is paid after ten days."""
    wanted = {"everyday": [{"product": "bread", "segment": "first", "daily": {"law": "constant", "mean": 10.0}}]}
    mill = {"supplier": "mill", "share": 0.75, "lead_time": {"law": "constant", "mean": 2.0}}
    works = {"supplier": "works", "share": 0.25, "price": 0.6, "lead_time": {"law": "constant", "mean": 2.0}}
    buy = {**mill, "others": [works]}
    suppliers = {"suppliers__works": {"payment_days": 10}, "components__flour__buy": buy}
    money = Money(blank(company(**TERMS, **suppliers, demand=wanted)))
    assert money.opening[PAYABLES] == pytest.approx(-20 * (0.75 * 0.5 * 20 + 0.25 * 0.6 * 10))
