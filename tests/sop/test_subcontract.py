"""Subcontractors by hand: ordered within what they offer, there after their lead time, and only where the plan wants it."""

import numpy as np
import pytest

from simulator.kernel.units import ScenarioError
from tests.sop.workshop import changed, cups, played, policy, with_subcontractor

RCCP = policy(capacity="rccp")
EIGHT_OF_TEN = 0.8
"""Hours a day in which the wheel turns eight cups; ten are asked for."""


def outside(books):
    """What was ordered outside by day, in the first replication."""
    return books.flows["subcontracted"][:, 0, 0]


def test_what_hours_lack_is_made_outside():
    """Eight of ten a day are made here; the two that lack are ordered and come: nobody waits once the first have come."""
    company = with_subcontractor(cups(hours=EIGHT_OF_TEN, opening=100, months=8), most=200.0)
    books = played(company, RCCP)
    months = np.add.reduceat(outside(books), company.days.month_start[:-1])
    np.testing.assert_allclose(months[3:], 2 * np.diff(company.days.month_start)[3:], atol=12)
    assert books.closing["backlog"][60:].max() < 20
    without = played(cups(hours=EIGHT_OF_TEN, opening=100, months=8), RCCP)
    assert without.closing["backlog"][-1].min() > 300


def test_no_more_than_is_offered():
    """Thirty a month where sixty lack."""
    company = with_subcontractor(cups(hours=EIGHT_OF_TEN, opening=0, months=6), most=30.0)
    months = np.add.reduceat(outside(played(company, RCCP)), company.days.month_start[:-1])
    np.testing.assert_allclose(months, 30.0)


@pytest.mark.parametrize("how", [policy(), policy(capacity={"rule": "rccp", "outside": False})], ids=["none", "not"])
def test_nobody_asks_who_does_not_check(how):
    """Without a capacity check, or with one that may not, nothing is made outside."""
    assert outside(played(with_subcontractor(cups(hours=EIGHT_OF_TEN)), how)).sum() == 0


def test_orders_come_after_their_lead_time_and_go_out_before():
    """Sixty days from order to stock: what is to replace own production of a month is ordered two months before."""
    company = with_subcontractor(cups(hours=EIGHT_OF_TEN, opening=200, months=10), lead_time=60, most=300.0)
    books = played(company, RCCP)
    here = np.concatenate([[0.0], books.flows["released"][:-1, 0, 0]])
    there = np.concatenate([np.zeros(60), outside(books)[:-60]])
    np.testing.assert_allclose(books.flows["received"][:, 0, 0], here + there)
    assert outside(books).sum() > 300
    assert books.closing["backlog"].max() == 0


def test_dear_subcontractors_are_not_asked():
    """A premium above what owing costs: the plan owes."""
    dear = with_subcontractor(cups(hours=EIGHT_OF_TEN, opening=100, months=6), premium=10.0)
    assert outside(played(dear, RCCP)).sum() == 0


def test_the_cheapest_plan_orders_outside_what_it_says():
    """What the linear program plans outside is ordered outside, month by month."""
    company = with_subcontractor(cups(hours=EIGHT_OF_TEN, opening=20, months=6))
    books = played(company, policy(supply_plan="cost-optimal"))
    ordered = np.add.reduceat(outside(books), company.days.month_start[:-1])
    planned = books.plans.outside[np.arange(6), 0, 0, 0]
    np.testing.assert_allclose(ordered, planned, rtol=0.05, atol=1.0)
    assert ordered.sum() > 300


def test_components_are_not_made_outside():
    """One sentence says where it may be described."""
    gear = {"make": {"hours": {"wheel": 0.1}, "subcontract": {"premium": 0.1, "most": 5.0}}}
    with pytest.raises(ScenarioError, match=r"components\.gear\.make\.subcontract is given; only products can be made"):
        changed(cups(), **{"components.gear": gear})
