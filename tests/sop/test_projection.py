"""The projection of a plan on digits worked by hand: receipts by due date, lateness, slips, and the stock that they leave."""

from types import SimpleNamespace as Only

import numpy as np
import pytest

from simulator.planning.projection import Outlook
from simulator.planning.requirement import shared_by_need
from simulator.world.call_offs import CallOffs
from simulator.world.receipts import due_before, lateness
from simulator.world.view.now import Now
from tests.sop.workshop import changed, cups, played, policy

# --- receipts ---


def test_orders_are_due_their_lead_time_after_they_were_placed():
    """Placed 5, 4, 3, 2 and 1 days ago: 10, 20, 30, 40, 50. With six days, 10 are due before tomorrow's end, 30 a day later."""
    placed = np.array([10.0, 20, 30, 40, 50]).reshape(5, 1, 1)
    due = due_before(np.array([[150.0]]), placed, np.array([[6.0]]), np.array([1, 2, 3, 5, 6, 90]))
    assert due[:, 0, 0].tolist() == [0, 10, 30, 100, 150, 150]


def test_what_is_overdue_is_due_now():
    """Of a lead time of three days, all that was placed four days ago or earlier should be there: 25 of 85 on order."""
    placed = np.array([10.0, 10, 10, 20, 20, 20]).reshape(6, 1, 1)
    due = due_before(np.array([[85.0]]), placed, np.array([[3.0]]), np.array([1, 2, 3, 4]))
    assert due[:, 0, 0].tolist() == [45, 65, 85, 85]


def test_a_lead_time_may_differ_by_lane_and_end_within_a_day():
    """Five days ago 10, then nothing: of 5.5 days half are due before day 1; of 9 days all before day 5."""
    placed = np.zeros((5, 1, 2))
    placed[0] = 10.0
    due = due_before(np.full((1, 2), 10.0), placed, np.array([[5.5, 9.0]]), np.array([1, 2, 4, 5]))
    assert due[:, 0, 0].tolist() == [5, 10, 10, 10]
    assert due[:, 0, 1].tolist() == [0, 0, 0, 10]


def test_orders_from_before_the_first_day_are_spread_over_the_rest_of_their_lead_time():
    """On day 2, with ten days: 40 were on order on the first day, from eight days; 5 a day are due from now on, then 1 and 3."""
    placed = np.array([1.0, 3.0]).reshape(2, 1, 1)
    due = due_before(np.array([[44.0]]), placed, np.array([[10.0]]), np.array([1, 4, 8, 9, 10]))
    np.testing.assert_allclose(due[:, 0, 0], [5, 20, 40, 41, 44])
    first_day = due_before(np.array([[40.0]]), placed[:0], np.array([[10.0]]), np.array([1, 10]))
    np.testing.assert_allclose(first_day[:, 0, 0], [4, 40])


def test_lateness_is_the_mean_time_on_order_beyond_the_lead_time():
    """Ten a day came for 20 days, 120 were on order: 12 days each, two more than ten; nothing is learnt from nothing."""
    level, came = np.full((2, 1), 20 * 120.0), np.array([[20 * 10.0], [0.0]])
    assert lateness(level, came, np.array([[10.0], [10.0]]))[:, 0].tolist() == [2, 0]
    assert lateness(level, came, np.array([[13.0], [13.0]]))[:, 0].tolist() == [0, 0]


# --- call-offs ---


def test_call_offs_that_slip_are_learnt_and_come_a_month_later():
    """Of 40 agreed for a month 10 slipped, a quarter; of 8 open at the cycle 6 stayed, three quarters.

    Of 8, 20 and 30 held then 2 come this month, (20 + 6) x .75 = 19.5 the next, (30 + 6.5) x .75 = 27.375 after.
    """
    record, held = CallOffs(1, 1), np.zeros((5, 1, 1))
    held[2] = 40.0
    record.turn_month(held, 1)
    record.turn_month(held, 2)
    record.hold_cycle(np.array([[8.0]]))
    held[2] = 10.0  # thirty were called off
    held[1:2] = -4.0  # rounding below nothing is nothing owed
    held[0] = 0.0
    record.turn_month(held, 3)
    assert (record.agreed[0, 0], record.slipped[0, 0]) == (40, 10)
    assert (record.open[0, 0], record.stayed[0, 0]) == (8, 6)
    expected = record.expected(np.array([8.0, 20, 30]).reshape(3, 1, 1))
    np.testing.assert_allclose(expected[:, 0, 0], [2, 19.5, 27.375])


def test_no_more_than_all_slips_where_most_was_signed_for_this_very_month():
    """10 were agreed on the month's first morning, 30 more signed and due in it, and nothing was called off: all slips, not 400 %."""
    record, held = CallOffs(1, 1), np.zeros((6, 1, 1))
    held[2] = 10
    record.turn_month(held, 2)
    held[2] += 30
    record.turn_month(held, 3)
    np.testing.assert_array_equal(record.expected(np.full((3, 1, 1), 50.0))[:, 0, 0], [50, 0, 0])


def test_before_experience_call_offs_come_as_agreed():
    """Nothing is known of slips yet."""
    held = np.array([8.0, 20, 30]).reshape(3, 1, 1)
    np.testing.assert_array_equal(CallOffs(1, 1).expected(held), held)


# --- shares ---


@pytest.mark.parametrize(
    ("quantity", "shares"),
    [(0, (0, 0)), (9, (6, 3)), (12, (8, 4)), (20, (10, 10))],
)
def test_a_family_quantity_goes_to_products_by_need_and_then_as_usual(quantity, shares):
    """Cups lack 8 and mugs 4: 9 are shared 6 to 3, 12 meet both; of 20, eight more go by demand, 2 to 6."""
    network = Only(family_of=np.array([0, 0]), by_family=lambda amount: amount.sum(axis=0, keepdims=True))
    need, usual = np.array([[8.0], [4.0]]), np.array([[1.0], [3.0]])
    np.testing.assert_allclose(shared_by_need(network, np.array([[float(quantity)]]), need, usual)[:, 0], shares)


# --- stock ---


class Watched(Outlook):
    """Outlooks, as they were made."""

    made = ()

    def __init__(self, view, planned=True):
        super().__init__(view, planned)
        Watched.made = (*Watched.made, self)


@pytest.fixture
def outlooks(monkeypatch):
    """Those of a run, a cycle each."""
    Watched.made = ()
    monkeypatch.setattr("simulator.engine.month.supply_plan.Outlook", Watched)
    return lambda company, rules: (played(company, rules), Watched.made)[1]


def test_units_in_process_count_when_they_are_due(outlooks):
    """Ten cups a day are asked for, 600 lie there, and cups take 20 days.

    A plan of 310 for January, of 31 days, starts ten a day: by its end the starts of 11 days are there, 110, by
    February's the other 200 and nine days' worth of 290 in 29: 310 + 90. Stock goes from 600 to 400, then 200.
    """
    outlook = outlooks(changed(cups(opening=600), **{"products.cup.make.lead_time": 20}), policy())[0]
    plan = np.zeros((12, 1, 3))
    plan[:2, 0] = [[310], [290]]
    np.testing.assert_allclose(outlook.receipts(plan)[:2, 0, 0], [110, 400])
    np.testing.assert_allclose(outlook.stock(plan)[:2, 0, 0], [600 + 110 - 310, 600 + 400 - 600])


def test_what_is_owed_is_stock_below_nothing(outlooks):
    """Nothing is made of 310 cups asked for: 290 are owed at the end of January, of 20 in stock."""
    outlook = outlooks(cups(opening=20), policy())[0]
    np.testing.assert_allclose(outlook.stock(np.zeros((12, 1, 3)))[0, 0], -290.0)


def test_what_subcontractors_make_is_due_their_own_lead_time_later():
    """Cups take 2 days here and 5 outside: of 6 started yesterday and 10 ordered three days ago, 6 come tomorrow, the 10 a day later."""
    placed = {"released": np.zeros((5, 1, 1)), "subcontracted": np.zeros((5, 1, 1))}
    placed["released"][4], placed["subcontracted"][2] = 6.0, 10.0
    view = Only(
        network=Only(sold=slice(0, 1), lead_time=np.array([[2.0]]), outside=Only(lead_time=np.array([5]))),
        on_order=np.array([[16.0]]),
        _placed=lambda flow, lead: placed[flow],
        _promised=lambda: np.array([[2.0]]),
    )
    due = Now.receipts_before(view, np.array([1, 2, 3]))
    assert due[:, 0, 0].tolist() == [0, 6, 16]


def test_what_is_replenished_is_brought_up_to_its_safety_stock(outlooks):
    """Where families are not planned, orders still to be placed meet the 310 cups asked for in January and leave the safety stock of 30."""
    rules = policy(supply_plan="none", safety_stock={"rule": "days-of-cover", "days": 3})
    outlook = outlooks(cups(opening=20), rules)[0]
    held = outlook.stock(np.zeros((12, 1, 3)))[0, 0]
    np.testing.assert_allclose(held, 30.0, rtol=0.02)
    np.testing.assert_allclose(outlook.receipts(np.zeros((12, 1, 3)))[0, 0], 290 + held)
