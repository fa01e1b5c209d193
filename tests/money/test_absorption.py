"""Wages parked in stock: a month worked out by hand, and a law for every flow of goods."""

from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from simulator import load, simulate
from simulator.results.kpis import values
from simulator.results.money import Money
from tests.money.toy import UP_TO, WORDS

TIGHT = Path(__file__).parents[1] / "laws" / "tight-money.toml"
JANUARY = 31 * (40 - 30 + 40 - 2 - 5 - 1) - 310  # ten lamps a day sold, ten started: 992
A_YEAR = 365.25 / 90


@cache
def lamps(level, holding=0.1):
    """The lamp maker, who makes up to a level; there are 20 lamps on the first morning. All of .1 is the price of capital."""
    policy = {**UP_TO, "products": {"rule": "order-up-to", "level": {"lamp": level}}}
    return simulate(load(WORDS, {"finance.holding_rate": holding}), policy, 2)


def line(level, name, holding=0.1):
    """A line of the statements, one amount a month."""
    return lamps(level, holding).money().query("replication == 0 and line == @name")["value"].to_numpy()


@pytest.mark.parametrize(
    ("level", "name", "january"),
    [
        (20, "EBIT, stock at standard cost", JANUARY),
        (20, "wages parked in work in process", -40),  # of the 20 lamps of the first morning ten are in process now
        (20, "wages parked in stock", 40),
        (20, "EBIT before absorption", JANUARY),
        (120, "EBIT, stock at standard cost", JANUARY + 400),  # a hundred lamps more, 4 of conversion in each
        (120, "wages parked in work in process", -40),
        (120, "wages parked in stock", -360),  # from 20 to 110 lamps on hand
        (120, "EBIT before absorption", JANUARY),
    ],
)
def test_a_month_by_hand(level, name, january):
    """Twenty lamps a day can be made, so that a hundred more are there within ten days; nobody is paid more for it."""
    assert line(level, name)[0] == pytest.approx(january, abs=1e-9)


def test_making_the_same_goods_earlier_earns_nothing():
    """EBIT takes a hundred lamps that nobody bought for 400 of profit; before absorption both makers earn the same."""
    few, many = (next(lamps(level).books()) for level in (20, 120))
    assert (few.flows["shipped"] == many.flows["shipped"]).all()
    names = ["ebit", "wages_parked", "ebit_before_absorption"]
    gap = values(many, names)[1][:, 0] - values(few, names)[1][:, 0]
    np.testing.assert_allclose(gap, [400 * A_YEAR, 400 * A_YEAR, 0.0], rtol=0, atol=1e-8)


def test_goods_made_earlier_cost_their_storage():
    """A thousandth of their value a day, and nothing else, month by month."""
    gap, storage = (
        line(120, name, 0.46525) - line(20, name, 0.46525) for name in ("EBIT before absorption", "storage")
    )
    np.testing.assert_allclose(gap, storage, rtol=0, atol=1e-9)
    assert (storage[1:] < -16).all()  # 100 lamps of 6 over 28 days and 31


def within(company, name):
    """Conversion in the standard cost of an item, its parts' included."""
    item = company.items[name]
    if not item.make:
        return 0.0
    material = sum(use * company.items[part].unit_cost for part, use in item.make.bill.items())
    parts = sum(use * within(company, part) for part, use in item.make.bill.items())
    return item.unit_cost + (parts - material) / item.make.expected_good


IN = ("released", "subcontracted", "returned")
OUT = ("shipped", "consumed", "scrapped", "expired", "shrunk")


@pytest.mark.parametrize("policy", ["siloed", "sop-smoothed", "pull"])
def test_what_is_parked_is_what_came_in_less_what_went_out(policy):
    """Every flow that brings conversion cost into stock or out of it, on the scored days and in every month."""
    books = next(simulate(load(TIGHT), policy).books())
    n, money = books.scenario.network, Money(books)
    each = np.array([within(books.scenario.company, name) for name in n.names])
    assert (each > 0).sum() >= 2

    def moved(name, over):
        flow = books.flows.get(name)
        rows = np.arange(flow.shape[1]) if flow is not None else None
        return 0.0 if flow is None else np.einsum("dil,i->l", flow[over], each[rows] * np.isin(rows, n.made))

    start = books.scenario.days.month_start
    for first, end in [(start[0], start[-1]), *pairwise(start)]:
        over = slice(int(first), int(end))
        grown = sum(moved(name, over) for name in IN) - sum(moved(name, over) for name in OUT)
        np.testing.assert_allclose(sum(money.parked(int(first), int(end)).values()), grown, rtol=0, atol=1e-6)
