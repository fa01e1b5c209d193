"""Assumptions of a cycle, and what finance expects, on digits worked by hand."""

import datetime as dt

import numpy as np
import pytest

from simulator.results.reading.assumptions import ANNOUNCED, DELIVERIES, assumptions
from simulator.results.run import simulate
from tests.sop.test_new_decisions import FOLLOW, shop
from tests.sop.workshop import luck, played


def of_kind(books, month, kind):
    """The figures of a kind in the first lane."""
    (found,) = [each for each in assumptions(books, month) if each.kind == kind]
    return found.assumed[0, 0], found.came[0, 0], bool(found.failed[0, 0])


def test_what_suppliers_deliver_is_held_against_what_was_due():
    """Ten a day are ordered and take five days: on the first of February 50 are on order, and all of February comes."""
    books = played(shop(), FOLLOW)
    assumed, came, failed = of_kind(books, 1, DELIVERIES)
    assert assumed == pytest.approx(50.0)  # what is still to be ordered is no assumption on suppliers
    assert came == pytest.approx(280.0)
    assert not failed


def test_a_delivery_that_does_not_come_fails():
    """The same books, but nothing was received in February."""
    books = played(shop(), FOLLOW)
    books.flows["received"][31:59] = 0.0
    assert of_kind(books, 1, DELIVERIES) == (pytest.approx(50.0), 0.0, True)


@pytest.mark.parametrize(("lift", "came", "failed"), [(1.0, 380.0, False), (1.5, 415.0, True)])
def test_what_is_announced_is_checked(lift, came, failed):
    """A naive forecast plans 310 whatever is told of seven days of March: 70 more are less than a quarter of it, 105 are not."""
    promotion = {"family": "mugs", "start": dt.date(2025, 3, 5), "days": 7, "lift": lift, "known": 60}
    books = played(shop(market={"promotions": [promotion]}), FOLLOW)
    assert of_kind(books, 2, ANNOUNCED) == (pytest.approx(310.0), pytest.approx(came), failed)


def test_nothing_is_assumed_of_what_nobody_tells():
    """The same promotion without news."""
    promotion = {"family": "mugs", "start": dt.date(2025, 3, 5), "days": 7, "lift": 1.0, "known": None}
    books = played(shop(market={"promotions": [promotion]}), FOLLOW)
    assert not any(each.made.any() for each in assumptions(books, 2) if each.kind == ANNOUNCED)


def test_the_share_that_failed_is_a_measure():
    """Four months with one delivery each: none failed."""
    run = simulate(shop(), FOLLOW, 3)
    assert (run.measures(measures=["assumptions_failed"])["value"] == 0).all()


def test_finance_expects_the_business_plan():
    """Ten a day, and three per cent more wanted: March is expected at 319.3 in the cycle of February."""
    company = shop()
    plans = played(company, FOLLOW, luck(company)).plans
    np.testing.assert_allclose(plans.tables["forecast: finance"][1, 0], 310 * 1.03, rtol=0.01)
