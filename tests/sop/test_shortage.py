"""The shortage rule: whose safety stock is released, and when."""

from types import SimpleNamespace

import numpy as np
import pytest

from simulator.planning.shortage import KeepSafetyStock, ReleaseSafetyStock
from tests.sop.workshop import bought, cups, played, policy

NAMES = ["cup", "mug", "bowl"]


@pytest.fixture
def desk():
    """A family of a made and a bought product, one of a made product, clay; a hundred of each asked a month."""
    company = cups(
        products={
            "cup": {"family": "drink", "make": {"bill": {"clay": 1.0}, "hours": {"wheel": 0.1}}},
            "mug": {"family": "drink", "buy": bought(40)},
            "bowl": {"family": "eat", "make": {"hours": {"wheel": 0.1}}},
        },
        components={"clay": {"buy": bought(9)}},
        suppliers={"near": {}},
        demand={},
    )
    stock = np.array([[30.0], [20.0], [10.0], [50.0]]) * np.ones(2)
    return SimpleNamespace(network=company.network, demand_plan=np.full((12, 3, 2), 100.0), safety_stock=stock)


def short(family, month, amount):
    """A shortage in one family and month, in the second of two lanes."""
    shortage = np.zeros((12, 2, 2))
    shortage[month, family, 1] = amount
    return shortage


def test_a_short_family_releases_what_it_makes(desk):
    """Down to zero, in the lane that is short; what is bought and the other family keep theirs."""
    released = ReleaseSafetyStock()(desk, short(0, 1, 40.0))
    np.testing.assert_array_equal(released[:, 0], [30, 20, 10, 50])
    np.testing.assert_array_equal(released[:, 1], [0, 20, 10, 50])
    np.testing.assert_array_equal(desk.safety_stock[:, 1], [30, 20, 10, 50])


@pytest.mark.parametrize(("month", "amount", "kept"), [(0, 0.05, 10), (0, 0.2, 0), (1, 5, 0), (2, 500, 10)])
def test_only_what_is_felt_and_near_counts(desk, month, amount, kept):
    """A thousandth of a month's demand is no shortage, nor is one that later cycles can still mend."""
    assert ReleaseSafetyStock()(desk, short(1, month, amount))[2, 1] == kept


def test_further_months_can_be_looked_at(desk):
    """A setting."""
    assert ReleaseSafetyStock(months=3)(desk, short(1, 2, 500.0))[2, 1] == 0


def test_without_the_rule_nothing_is_released(desk):
    """Whatever is short."""
    np.testing.assert_array_equal(KeepSafetyStock()(desk, short(0, 0, 500.0)), desk.safety_stock)


def test_a_static_safety_stock_comes_back_after_a_shortage():
    """It is computed once; what a shortage released is planned again as soon as the rule no longer releases it."""
    listed = {"rule": "listed", "units": {"cup": 30.0}}
    how = policy(safety_stock=listed, safety_stock_static=True, capacity="rccp", shortage="release")
    season = (3.0, *(0.818,) * 11)  # January asks for three times what comes later
    plans = played(cups(hours=1.2, opening=20, season=season, months=12), how).plans
    np.testing.assert_array_equal(plans.safety_stock[0], 0.0)
    np.testing.assert_array_equal(plans.safety_stock[-1], 30.0)
