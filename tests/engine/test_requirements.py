"""Master schedule and material requirements, on cases that are worked out by hand."""

import numpy as np
import pytest

from tests.engine.small import BREAD, CAKE, FLOUR, PARTS, SALT, at, expecting, holding, tonight

MONDAY, TUESDAY = 1, 2
"""The second and third of February; on Mondays the week is planned."""


def scheduled(bread=0.0, cake=0.0, made=0.0, day=MONDAY, **changes):
    """280 baked goods in February's plan, 3 loaves to a cake; stock that leaves these needs over 28 days."""
    firm = expecting(at(day, **changes), bread=30, cake=10)
    firm.plans.force_production[0, 0], firm.plans.force_production[1, 0] = 280, 310
    if day:
        firm.ledger.book["released"][0, BREAD] = made
    holding(firm, BREAD, on_hand=30 * 29 - bread)
    return holding(firm, CAKE, on_hand=10 * 29 - cake)


def test_the_schedule_shares_the_familys_week_by_need():
    """Of 270 left on 27 days a week's 70: 60 and 140 needed makes 21 and 49."""
    found = tonight(scheduled(bread=60, cake=140, made=10), "master-schedule", cover=28)
    assert found[:2] == pytest.approx([21, 49])


def test_the_schedule_shares_what_is_beyond_all_need_by_demand():
    """20 and 10 needed of 70: the other 40 go 3 to 1."""
    found = tonight(scheduled(bread=20, cake=10, made=10), "master-schedule", cover=28)
    assert found[:2] == pytest.approx([20 + 30, 10 + 10])


@pytest.mark.parametrize(("made", "left"), [(0, 280), (280, 0), (500, 0)])
def test_the_schedule_adds_up_to_what_is_left_of_the_month(made, left):
    """Seven of 27 days' share of what the family plan leaves; never less than nothing."""
    found = tonight(scheduled(bread=20, cake=300, made=made), "master-schedule")
    assert sum(found[:2]) == pytest.approx(left * 7 / 27)


def test_weeks_of_the_schedule_add_up_to_the_month():
    """If each week is made as scheduled, the month's plan is made: no more, no less."""
    firm = scheduled(bread=500, cake=500, day=0)
    for day in range(28):
        firm.ledger.day = day
        week = tonight(firm, "master-schedule")
        if week is not None:
            firm.ledger.book["released"][day, :2] = np.array(week[:2])[:, None]
    assert firm.ledger.book["released"][:28, :2, 0].sum() == pytest.approx(280)


def test_the_schedule_starts_more_where_yield_is_below_one():
    """Good units add up to the family's week."""
    firm = scheduled(bread=60, cake=140, made=10, products__bread__make__good=0.5)
    assert tonight(firm, "master-schedule", cover=28)[:2] == pytest.approx([42, 49])


def test_the_schedule_rounds_to_whole_batches():
    """21 in batches of 8 is three."""
    firm = scheduled(bread=60, cake=140, made=10, products__bread__make__batch=8.0)
    assert tonight(firm, "master-schedule", cover=28)[BREAD] == 24


def test_the_week_is_planned_on_its_first_working_day():
    """On a Tuesday nothing is decided; what was decided stands."""
    assert tonight(scheduled(day=TUESDAY), "master-schedule") is None
    assert tonight(scheduled(day=TUESDAY), "mrp", PARTS) is None


def test_bought_products_are_ordered_as_the_plan_needs_them():
    """Salt of 4 a day over a week and its lead time of 3, less today, which is over, and safety stock of 6, less 11 there: 31."""
    firm = holding(expecting(at(MONDAY), salt=4), SALT, on_hand=11)
    firm.plans.force_safety_stock[SALT] = 6
    assert tonight(firm, "master-schedule")[SALT] == pytest.approx(4 * (7 + 3 - 1) + 6 - 11)


def required(lead_time, cover=0.0, released=70.0, **changes):
    """Flour for 10 loaves a day: 30 on hand and 20 on order."""
    law = {"law": "constant", "mean": float(lead_time)}
    firm = expecting(at(MONDAY, components__flour__buy__lead_time=law, **changes), bread=10)
    firm.plans.force_production[:, 0] = (
        np.diff(firm.calendar.month_start)[: len(firm.plans.force_production), None] * 10.0
    )
    tonights = np.zeros_like(firm.to_start)
    tonights[BREAD] = released
    return tonight(holding(firm, FLOUR, on_hand=30, on_order=20), "mrp", PARTS, tonights, cover=cover)[0]


@pytest.mark.parametrize(("lead_time", "need"), [(1, 160), (2, 180), (7, 280), (9, 320)])
def test_requirements_are_offset_by_the_lead_time(lead_time, need):
    """Tonight's release must last until the next planning and its lead time: 20 a day over 7 + L days, less 50."""
    assert required(lead_time) == pytest.approx(need - 50)


def test_requirements_start_from_what_is_released_tonight():
    """Twice this week's loaves take 140 more flour."""
    assert required(2, released=140.0) == pytest.approx(180 + 140 - 50)


def test_requirements_hold_cover_or_safety_stock():
    """Three days of use in addition."""
    assert required(2, cover=3.0) == pytest.approx(180 + 60 - 50)


def test_requirements_are_exploded_through_every_level():
    """Grain for flour: released as early as the flour that it goes into, and as its own lead time asks.

    Flour takes 7 days and a unit of grain a unit; flour's starts until the week's end are what is needed in 14 days:
    280 less 50 there. Grain takes 7 days more: flour's starts until day 14, less 40 of grain.
    """
    grain = {"unit_cost": 0.1, "buy": {"supplier": "mill", "lead_time": {"law": "constant", "mean": 7.0}}}
    mill = {"components__flour": {"make": {"bill": {"grain": 1.0}, "lead_time": 7}}, "components__grain": grain}
    firm = expecting(at(MONDAY, **mill), bread=10)
    firm.plans.force_production[:, 0] = (
        np.diff(firm.calendar.month_start)[: len(firm.plans.force_production), None] * 10.0
    )
    tonights = np.zeros_like(firm.to_start)
    tonights[BREAD] = 70
    holding(holding(firm, FLOUR, on_hand=50), 4, on_hand=40)
    assert tonight(firm, "mrp", np.arange(3, 5), tonights, cover=0.0) == pytest.approx([280 - 50, 420 - 50 - 40])
