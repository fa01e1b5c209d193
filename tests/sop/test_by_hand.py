"""The three rules on months that are worked out by hand: surplus, shortage, wave."""

import numpy as np
import pytest

from tests.sop.workshop import LOW_THEN_HIGH, cups, played, policy

STOCK = {"rule": "listed", "units": {"cup": 30.0}}
JANUARY, FEBRUARY, MARCH = 31, 29, 31


def test_surplus_the_unconstrained_plan_stands_and_safety_stock_is_kept():
    """January: 310 asked, 10 more until the lead time is over, 30 of safety stock, 100 there: 250 are made; then what sells."""
    books = played(cups(), policy(safety_stock=STOCK, capacity="rccp", shortage="release"))
    plans = books.plans
    np.testing.assert_allclose(plans.demand[0, :3, 0, 0], [310, 290, 310])
    np.testing.assert_allclose(plans.production[0, :3, 0, 0], [310 + 10 + 30 - 100, 290, 310])
    np.testing.assert_array_equal(plans.production[0], plans.tables["wished"][0])
    np.testing.assert_array_equal(plans.overtime, 0.0)
    np.testing.assert_array_equal(plans.tables["shortage"][0], 0.0)
    np.testing.assert_array_equal(plans.safety_stock[:, 0], 30.0)
    made = books.flows["released"][:JANUARY, 0].sum(axis=0)
    np.testing.assert_allclose(made, 250)
    np.testing.assert_allclose(books.flows["due"][:JANUARY, 0, 0].sum(axis=0), 310)
    assert books.closing["backlog"].max() < 1e-6


def test_shortage_releases_safety_stock_and_loads_the_bottleneck_to_its_maximum():
    """A wheel of .8 hours makes 8 a day, 8.8 in overtime, of 10 asked: all of it is planned, in every month ahead."""
    books = played(
        cups(hours=0.8, overtime=0.1, opening=20), policy(safety_stock=STOCK, capacity="rccp", shortage="release")
    )
    plans = books.plans
    days = np.array([JANUARY, FEBRUARY, MARCH])
    np.testing.assert_allclose(plans.tables["wished"][0, 0, 0], 310 + 10 + 30 - 20)
    np.testing.assert_allclose(plans.production[0, :3, 0, 0], 8.8 * days)
    np.testing.assert_allclose(plans.overtime[0, :, 0, 0], 0.08)
    short = (
        310 - 20 - 8.8 * (JANUARY - 1)
    )  # at January's end, safety stock used up; the last day's start comes next day
    np.testing.assert_allclose(plans.tables["shortage"][0, :2, 0, 0], [short, short + (10 - 8.8) * FEBRUARY])
    np.testing.assert_array_equal(plans.safety_stock[0], 0.0)
    np.testing.assert_allclose(books.hours_used[:, 0], 0.88)


def test_without_the_rule_safety_stock_is_kept_in_shortage():
    """The same month, and nobody releases anything."""
    books = played(cups(hours=0.8, opening=20), policy(safety_stock=STOCK, capacity="rccp"))
    np.testing.assert_array_equal(books.plans.safety_stock[0, 0], 30.0)
    np.testing.assert_allclose(books.hours_used[:, 0], 0.8)


@pytest.mark.parametrize("pull_ahead", [0, 1, 6])
def test_a_month_beyond_its_hours_is_made_earlier_and_then_later(pull_ahead):
    """Eight a day until September, then sixteen, and the wheel makes twelve: September, August, July make what lacks.

    September has 112 to spare, August 124; July makes the other 116 of the 352. Nothing is made more than a
    month before it is needed, as July makes August's cups and September October's. The lead time of a day
    shifts eight cups from October to September, and the horizon ends with December.
    """
    check = {"rule": "rccp", "pull_ahead": pull_ahead}
    plan = played(cups(1.2, opening=8, season=LOW_THEN_HIGH), policy(capacity=check)).plans.production[0, :, 0, 0]
    np.testing.assert_allclose(plan[:6], [248, 232, 248, 240, 248, 240])
    np.testing.assert_allclose(plan[6:9], [248, 248, 248] if pull_ahead == 0 else [364, 372, 360])
    np.testing.assert_allclose(plan[9:], [372, 360, 372])


def test_a_wave_is_made_level_where_there_is_room():
    """Nine months at 8 a day, three at 16: 3,660 to make in 366 days with the stock there is, 10 a day in every month."""
    shaving = {"rule": "peak-shaving", "room": 365.0}
    books = played(cups(opening=34, season=LOW_THEN_HIGH), policy(safety_stock=STOCK, supply_plan=shaving))
    days = np.array([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    np.testing.assert_allclose(books.plans.production[0, :, 0, 0], 10.0 * days)


def test_a_wave_with_little_room_keeps_to_the_room():
    """The same wave with room for twelve days of demand: what is made ahead of need never exceeds it."""
    mean, hours = 3664 / 12, {"rule": "peak-shaving", "room": 12.0}
    company, plain = cups(opening=34, season=LOW_THEN_HIGH), {"safety_stock": STOCK}
    chase = played(company, policy(**plain)).plans.production[0, :, 0, 0]
    shaved = played(company, policy(supply_plan=hours, **plain)).plans.production[0, :, 0, 0]
    ahead = np.cumsum(shaved - chase)
    room = mean / (365.25 / 12) * 12
    assert ahead.min() > -1e-9
    np.testing.assert_allclose(ahead.max(), room)
    np.testing.assert_allclose(ahead[-1], 0, atol=1e-9)
    rate = shaved / np.array([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    assert rate.max() < 16 - 1
    assert (np.diff(rate) > -1e-9).all()


def test_the_linear_program_builds_stock_only_for_what_hours_cannot_make():
    """With free changes of hours and dear stock the cheapest plan is chase, but for the wave beyond the wheel's hours."""
    free = {"wheel": {"hours": 1.2, "change_cost": 0.0}}
    company = cups(opening=8, season=LOW_THEN_HIGH, resources=free)
    plan = played(company, policy(supply_plan="cost-optimal")).plans.production[0, :, 0, 0]
    fitted = played(company, policy(capacity={"rule": "rccp", "pull_ahead": 11})).plans.production[0, :, 0, 0]
    np.testing.assert_allclose(plan, fitted, rtol=1e-6)


def test_the_linear_program_is_level_where_changes_are_dear():
    """A thousand for an hour more or less: the wave is built up at one rate."""
    dear = {"wheel": {"hours": 1.2, "change_cost": 1000.0}}
    plan = played(cups(opening=34, season=LOW_THEN_HIGH, resources=dear), policy(supply_plan="cost-optimal"))
    days = np.array([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    rate = plan.plans.production[0, :, 0, 0] / days
    np.testing.assert_allclose(rate, rate[0], rtol=1e-6)


def test_the_linear_program_weighs_overtime_against_stock():
    """An hour of overtime costs ten units 1 each, a month of stock a thirtieth of 2 a unit: up to three months ahead are cheaper."""
    resources = {"wheel": {"hours": 1.2, "overtime": 0.5, "overtime_premium": 1.0, "change_cost": 0.0}}
    finance = {"holding_rate": 0.2}  # .0333 a unit and month; overtime costs .1 a unit
    company = cups(opening=8, season=LOW_THEN_HIGH, resources=resources, finance=finance)
    plan = played(company, policy(supply_plan="cost-optimal")).plans.production[0, :, 0, 0]
    days = np.array([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    # A unit made k months ahead costs k x .0333: three months and overtime cost the same, four are dearer.
    np.testing.assert_allclose(plan[:5], 8.0 * days[:5], rtol=1e-6)
    assert plan[8] > 8.5 * days[8]
    made_in_overtime = np.maximum(plan - 12.0 * days, 0).sum()
    chased_in_overtime = 4.0 * days[9:].sum() - 16
    assert 0 <= made_in_overtime < chased_in_overtime


def test_the_decision_rule_makes_what_is_asked_where_nothing_changes():
    """Stock where it should be and ten a day for ever: ten a day are made."""
    books = played(cups(opening=40), policy(safety_stock=STOCK, supply_plan="linear-decision-rule"))
    days = np.array([JANUARY, FEBRUARY, MARCH])
    np.testing.assert_allclose(books.plans.production[0, :3, 0, 0], 10.0 * days, rtol=1e-3)


def test_the_decision_rule_answers_the_wave_calmly_and_ahead():
    """Its rate moves less than demand, starts before the peak, and ends up with all of it made."""
    books = played(
        cups(opening=38, season=LOW_THEN_HIGH), policy(safety_stock=STOCK, supply_plan="linear-decision-rule")
    )
    rate = books.plans.production[0, :, 0, 0] / np.array([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    assert rate[8] > 8.2
    assert rate.max() < 16
    assert np.abs(np.diff(rate)).max() < 8


def test_the_decision_rule_brings_stock_back_to_where_it_should_be():
    """Three hundred too many on hand: they are used up over the months, and not all at once."""
    books = played(cups(opening=340), policy(safety_stock=STOCK, supply_plan="linear-decision-rule"))
    plan = books.plans.production[0, :, 0, 0]
    assert plan.sum() == pytest.approx(3660 - 300, rel=0.005)
    assert 0 < plan[0] < 310 - 30
    assert plan[11] == pytest.approx(310, rel=0.02)


MID_MONTH = (1, 2, 3, 5, 6)


@pytest.mark.parametrize("rule", ["chase", "peak-shaving", "cost-optimal", "linear-decision-rule", "level"])
def test_a_plan_made_in_the_middle_of_a_month_holds_what_was_made_before(rule):
    """Nothing has changed on the third of February: the month's 290 are planned still, 20 of them made."""
    books = played(cups(hours=1.0, opening=40), policy(safety_stock=STOCK, supply_plan=rule, meeting_days=MID_MONTH))
    np.testing.assert_allclose(books.plans.tables["wished"][1, 0, 0], 290, rtol=2e-3)


def test_hours_in_the_middle_of_a_month_are_those_that_are_left():
    """On the third of February 16 cups are made and 27 days of 8 are left: 232 of the 290 and more that are wished for."""
    books = played(cups(hours=0.8, opening=20), policy(capacity="rccp", meeting_days=MID_MONTH))
    assert (books.plans.tables["wished"][1, 0] > 290).all()
    np.testing.assert_allclose(books.plans.production[1, 0], 16 + 27 * 8)
    np.testing.assert_allclose(books.plans.production[1, 1], 31 * 8)
