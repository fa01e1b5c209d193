"""Supply plans, on cases that are worked out by hand."""

import numpy as np
import pytest

from simulator.planning import rules
from tests.engine.small import BREAD, CAKE, at, expecting, holding


def planned(rule, firm, **settings):
    """What a rule plans for the baked family, month by month, in the first lane."""
    return rules.SupplyPlan.known[rule](**settings)(firm.desk)[:, 0, 0]


def season(*per_day):
    """A plan of bread in some months, so many a day; the rest of the year 10."""
    firm = expecting(at(), bread=10)
    days = np.diff(firm.calendar.month_start)[:12]
    firm.plans.demand[0, : len(per_day), BREAD] = (np.array(per_day) * days[: len(per_day)])[:, None]
    return firm


def test_chase_makes_the_net_requirement_of_each_month():
    """10 a day: February and a day of lead time, 290, and safety stock of 20 less 50 there, 260; then 310, 300, 310."""
    firm = holding(season(), BREAD, on_hand=60, owed=10)
    firm.plans.safety_stock[0, BREAD] = 20
    assert planned("chase", firm)[:4] == pytest.approx([260, 310, 300, 310])


def test_chase_makes_nothing_while_stock_lasts():
    """400 on hand serve all of February and part of March."""
    assert planned("chase", holding(season(), BREAD, on_hand=400))[:3] == pytest.approx([0, 600 - 400, 300])


def test_chase_makes_no_less_for_one_product_since_another_has_too_much():
    """Surplus of cake does not feed who wants bread."""
    firm = holding(holding(expecting(season(), cake=1), BREAD, on_hand=60), CAKE, on_hand=9_000)
    assert planned("chase", firm)[0] == pytest.approx(290 - 60)


def test_level_makes_the_same_every_working_day():
    """Whatever the season, each day makes the same, and the year makes its demand and what stock lacks."""
    firm = holding(season(2, 2, 2, 2, 2, 40, 40), BREAD, on_hand=500)
    plan, days = planned("level", firm, catch_up=12.0), np.diff(firm.calendar.month_start)[:12]
    rate = firm.plans.demand[0, :, BREAD, 0].sum() / days.sum()
    assert np.ptp(plan / days) < 1e-9
    needed = (
        np.cumsum(firm.plans.demand[0, :, BREAD, 0]) + np.append(firm.plans.demand[0, 1:, BREAD, 0] / days[1:], 0) - 500
    )
    lacking = (needed - rate * np.cumsum(days)).max()
    assert plan[0] / days[0] == pytest.approx(rate + lacking / days.sum())


def test_level_and_chase_agree_on_steady_demand():
    """With stock for the lead time there, both make what is wanted."""
    firm = holding(season(), BREAD, on_hand=10)
    assert planned("level", firm)[:11] == pytest.approx(planned("chase", firm)[:11])


def test_hybrid_is_the_weighted_mean():
    """A core of a quarter is level, the rest chases."""
    firm = holding(season(2, 2, 30, 30), BREAD, on_hand=100)
    mean = 0.25 * planned("level", firm, catch_up=3.0) + 0.75 * planned("chase", firm)
    assert planned("hybrid", firm, core=0.25, catch_up=3.0) == pytest.approx(mean)


def test_peak_shaving_is_calmer_than_chase_and_never_late():
    """Production builds ahead of the peak: no month behind the need, and less up and down."""
    firm = holding(season(2, 2, 2, 30, 30), BREAD, on_hand=100)
    calm, chase = planned("peak-shaving", firm, room=60.0), planned("chase", firm)
    assert (np.cumsum(calm) >= np.cumsum(chase) - 1e-6).all()
    assert np.abs(np.diff(calm)).sum() < 0.8 * np.abs(np.diff(chase)).sum()


def test_no_plan_plans_nothing():
    """Items are replenished by their own rules."""
    assert not planned("none", season()).any()


@pytest.mark.parametrize("rule", ["chase", "level"])
def test_a_plan_made_within_a_month_holds_what_was_made_of_it(rule):
    """On day 10 with 120 made: the month's plan is those and what is still needed."""
    firm = expecting(at(10), bread=10)
    firm.ledger.book["released"][:10, BREAD] = 12
    holding(firm, BREAD, on_hand=10)
    assert planned(rule, firm)[0] == pytest.approx(120 + 10 * 18)
