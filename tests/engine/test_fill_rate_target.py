"""A fill rate that is asked for is served, whatever lots, reviews and lumps there are; figures by hand and by simulation."""

import numpy as np
import pytest

from simulator import load, simulate
from simulator.kernel.lanes import TINY
from simulator.planning import rules
from simulator.planning.batches import month_of_weeks
from simulator.theory.inventory import (
    Demanded,
    FromTop,
    Spread,
    fill_rate,
    low_for_fill_rate,
    order_up_to_for_fill_rate,
    performance,
    tail,
)
from tests.every_day import some

STEADY = {"law": "normal", "mean": 100.0, "sd": 25.0}
LUMPY = {"law": "gamma", "mean": 100.0, "sd": 100.0}
RARE = {"law": "orders", "lines": 1 / 30.4375, "sizes": [100.0]}


def fill_rate_of_spread(low, spread, before, until):
    """Share served from stock where a review leaves the position in a range from `low` up: 1 - new shortage / demand."""
    new = spread.short(np.asarray(low), until)[0] - spread.short(np.asarray(low), before)[0]
    return 1.0 - new / (until.mean - before.mean)


def over(days, mean=100.0, sd=25.0, lumpy=False, orders=np.inf):
    """Demand over so many days."""
    return Demanded(np.array(mean * days), np.array(sd * days**0.5), np.array(lumpy), orders)


def test_without_lots_it_is_the_formula_of_periodic_review():
    """Silver, Pyke & Thomas (2017): S 2,050 with 19 days before the receipt serves .80217; weekly levels and back."""
    level = Spread(0.0)
    assert fill_rate_of_spread(2050.0, level, over(19), over(20)) == pytest.approx(0.80217, abs=5e-6)
    for target in (0.5, 0.9, 0.95, 0.999):
        found = low_for_fill_rate(target, level, over(9), over(16))
        assert found == pytest.approx(order_up_to_for_fill_rate(target, 100, 25, 9, 7), abs=1e-4)


def test_a_lot_is_the_mean_over_the_levels_that_it_passes():
    """(s,nQ): every position in (s, s+Q] is as likely; the integral is the sum of many levels."""
    positions = 940.0 + 1400.0 * (np.arange(20_000) + 0.5) / 20_000
    by_sum = fill_rate(positions, 100, 25, 9, 1).mean()
    assert fill_rate_of_spread(940.0, Spread(1400.0), over(9), over(10)) == pytest.approx(by_sum, abs=1e-7)


@pytest.mark.parametrize("law", [{}, {"lumpy": True, "sd": 100.0}, {"lumpy": True, "sd": 100.0, "orders": 1.5}])
def test_losses_are_integrals_of_the_tail(law):
    """E(D - y)+ is the area above y, and its own area the second."""
    levels = np.linspace(150.0, 12_000.0, 60_001)
    beyond, first, second = tail(levels, over(4, **law))
    assert first[0] == pytest.approx(np.trapezoid(beyond, levels), rel=1e-5)
    assert second[0] == pytest.approx(np.trapezoid(first, levels), rel=1e-5)


def test_one_large_order_now_and_then():
    """Orders of 100, .5 expected before the receipt: a level of 200 serves all but who is the third: 1 - P(2 or more before).

    e^-.5 (1 + .5) = .90980 find 100 or more; a level of 150 serves half of who is the second: e^-.5 (1 + .5 x .5) = .75816.
    """
    one = {"mean": 1.0, "sd": 10.0, "lumpy": True}  # a day: .01 orders of 100, variance .01 x 100^2
    before, until = over(50, orders=0.5, **one), over(50.1, orders=0.501, **one)
    assert fill_rate_of_spread(200.0, Spread(0.0), before, until) == pytest.approx(0.90980, abs=0.003)
    assert fill_rate_of_spread(150.0, Spread(0.0), before, until) == pytest.approx(0.75816, abs=0.005)


def test_levels_that_are_passed_one_by_one():
    """(R,s,S) with a range of two certain reviews: S, S - 1 review, and no third; the mean of the two levels."""
    review = over(7, sd=0.0)
    spread = FromTop(1400.0 - 1e-6, review)
    two = np.mean([fill_rate(level, 100, 25, 9, 7) for level in (2_400.0, 1_700.0)])
    assert fill_rate_of_spread(1_000.0, spread, over(9), over(16)) == pytest.approx(two, abs=1e-6)


def company(daily, **buy):
    """One bought product with a lead time of ten days and three years of a past; fifteen days' demand on hand at first."""
    mean = daily["mean"] if "mean" in daily else daily["lines"] * daily["sizes"][0]
    lead_time = {"law": "constant", "mean": 10.0}
    return {
        "name": "one",
        "company": {"whole_units": False},
        "experiment": {"months": 30, "warm_up": 6, "history": 36},
        "suppliers": {"far": {}},
        "products": {"p": {"opening_stock": 15.0 * mean, "buy": {"supplier": "far", "lead_time": lead_time, **buy}}},
        "demand": {"everyday": [{"product": "p", "segment": "customers", "daily": daily}]},
    }


def policy(target, rule, supply_plan="none"):
    """A policy that asks for a fill rate."""
    return {
        "forecast": {"rule": "simple-smoothing", "level": 0.05},
        "supply_plan": supply_plan,
        "safety_stock": {"rule": "fill-rate-target", "fill_rate": target},
        "products": rule,
    }


WEEKLY, DAILY = {"rule": "order-up-to", "days": 7}, {"rule": "order-up-to"}
CASES = {
    "weekly": (STEADY, {}, WEEKLY),
    "daily": (STEADY, {}, DAILY),
    "monthly": (STEADY, {}, {"rule": "order-up-to", "days": 30}),
    "lots of 1,400": (STEADY, {}, {"rule": "reorder-point", "lot_days": 14.0}),
    "lots of 3,000": (STEADY, {}, {"rule": "reorder-point", "lot_days": 30.0}),
    "minimum order 1,400": (STEADY, {"minimum_order": 1400.0}, DAILY),
    "multiple 500": (STEADY, {"multiple": 500.0}, DAILY),
    "min-max": (STEADY, {}, {"rule": "min-max", "lot_days": 14.0}),
    "min-max, weekly": (STEADY, {}, {"rule": "min-max", "lot_days": 14.0, "days": 7}),
    "lots, weekly": (STEADY, {}, {"rule": "reorder-point", "lot_days": 14.0, "days": 7}),
    "lumpy, weekly": (LUMPY, {}, WEEKLY),
    "lumpy, lots": (LUMPY, {}, {"rule": "reorder-point", "lot_days": 14.0}),
    "one order a month": (RARE, {}, WEEKLY),
    "by the plan": (STEADY, {}, {"rule": "master-schedule"}),
}


ALIKE = ("monthly", "lots of 3,000", "min-max, weekly", "lots, weekly", "lumpy, lots")
"""Cases that put together, or take further, what others have."""


@pytest.mark.parametrize("target", [0.95, *(pytest.param(one, marks=pytest.mark.slow) for one in (0.90, 0.98, 0.99))])
@pytest.mark.parametrize("case", some(CASES, *(case for case in CASES if case not in ALIKE)))
def test_what_is_asked_for_is_served(case, target):
    """Within half a point, and four standard errors of the simulation."""
    daily, buy, rule = CASES[case]
    plan = "chase" if rule["rule"] == "master-schedule" else "none"
    found = simulate(load(company(daily, **buy)), policy(target, rule, plan), 24)
    served = found.measures().query("measure == 'fill_rate'").value
    assert abs(served.mean() - target) < 0.005 + 4 * served.std(ddof=1) / len(served) ** 0.5 / 2


def test_lots_that_serve_more_than_the_target_leave_safety_stock_below_zero():
    """N(100, 25), lead time 10, lots of 1,400, .95: the range that serves it begins at 894.5, 105 below the mean of ten days.

    (The book's continuous review has no days between reviews in which the position falls below s: it says 60 below.)
    """
    assert low_for_fill_rate(0.95, Spread(1400.0), over(9), over(10)) == pytest.approx(894.546, abs=0.01)
    books = next(simulate(load(company(STEADY)), policy(0.95, CASES["lots of 1,400"][2]), 24).books())
    assert books.plans.safety_stock[12:, 0].mean() == pytest.approx(-105, abs=8)


def test_no_other_rule_may_plan_below_zero():
    """Who writes a rule and slips is told; the fill-rate target says of itself that it may."""
    known = rules.SafetyStock.known
    settings = {"listed": {"units": {"p": 1.0}}, "by-class": {"of": {"all": "none"}}}
    below = {name: rule(**settings.get(name, {})).goes_below_zero for name, rule in known.items()}
    assert [name for name, may in below.items() if may] == ["fill-rate-target"]


def test_a_tail_without_demand_is_nothing():
    """What nobody wants is never short."""
    none = over(5, mean=0.0, sd=0.0)
    assert [float(x) for x in tail(TINY, none)] == [0.0, 0.0, 0.0]
    assert performance(2050.0, 100, 25, 20).fill_rate == pytest.approx(0.80217, abs=5e-6)


def test_points_off_the_level_are_each_a_level():
    """A position that is 100 below its level as often as 300 above serves the mean of what the two serve."""
    spread = Spread(0.0, (-100.0, 300.0), (-100.0, 300.0))
    before, until = over(9), over(16)
    short = [spread.short(np.asarray(2_000.0), days, spread.off)[0] for days in (until, before)]
    by_hand = np.mean([fill_rate(level, 100, 25, 9, 7) for level in (1_900.0, 2_300.0)])
    assert 1 - (short[0] - short[1]) / 700 == pytest.approx(by_hand, abs=1e-9)
    for target in (0.8, 0.95, 0.999):
        low = low_for_fill_rate(target, spread, before, until)
        served = np.mean([fill_rate(low + off, 100, 25, 9, 7) for off in (-100.0, 300.0)])
        assert served == pytest.approx(target, abs=1e-6)


def made(batch, **others):
    """A plant that makes the product in batches within ten days, and perhaps others beside it: daily demand by name."""
    plant = company(STEADY)
    del plant["suppliers"]
    make = {"lead_time": 10, "batch": batch}
    plant["products"] = {name: {"opening_stock": 1500.0, "make": make} for name in ("p", *others)}
    plant["demand"]["everyday"] += [
        {"product": name, "segment": "customers", "daily": {"law": "normal", "mean": mean, "sd": mean / 4}}
        for name, mean in others.items()
    ]
    return load(plant)


def test_a_month_in_batches_by_hand():
    """100 a day in batches of 500, thirty days from a Monday: what is left of 3,000 makes up for each rounding.

    700 -> 500; 7/23 of 2,500 = 761 -> 1,000; 7/16 of 1,500 = 656 -> 500; 7/9 of 1,000 = 778 -> 1,000; and nothing is left.
    From 250 too little: 3,250; 758 -> 1,000, 685 -> 500, 766 -> 1,000, 583 -> 500, 250 -> 500 of the last two days.
    """
    n, use = made(500.0).network, np.array([[100.0, 100.0]])
    weeks = list(month_of_weeks(n, use, np.array([[0.0, -250.0]]), 28 * use, (0, 30)))
    assert [(start, end) for start, end, _ in weeks] == [(0, 7), (7, 14), (14, 21), (21, 28), (28, 30)]
    off = np.stack([off[0] for *_, off in weeks], axis=1)
    np.testing.assert_allclose(off, [[-200, 100, -100, 200, 0], [50, -150, 150, -50, 250]], atol=1e-9)


@pytest.mark.parametrize("target", [0.95, *(pytest.param(one, marks=pytest.mark.slow) for one in (0.90, 0.98))])
@pytest.mark.parametrize("batch", some((300.0, 500.0, 900.0, 1400.0), 500.0, 900.0))
def test_batches_of_a_master_schedule_serve_what_is_asked_for(batch, target):
    """Stock is off its plan by less than a batch, and not by nothing in the mean: within a point, and the luck of the runs."""
    found = simulate(made(batch), policy(target, {"rule": "master-schedule"}, "chase"), 32)
    served = found.measures().query("measure == 'fill_rate'").value
    assert abs(served.mean() - target) < 0.01 + 2 * served.std(ddof=1) / len(served) ** 0.5
