"""Rules of planning and replenishment on cases that are worked out by hand."""

import numpy as np
import pytest

from simulator import lanes
from simulator.policies import rules
from simulator.policies.safety_stock import loss_factor
from simulator.units import PolicyError
from simulator.view import MONTH
from tests.engine.small import BREAD, CAKE, FLOUR, SALT, at, blank, expecting, holding

PRODUCTS, PARTS = np.arange(3), np.arange(3, 4)
MONDAY, TUESDAY = 1, 2
"""The second and third of February; on Mondays the week is planned."""


def tonight(firm, rule, rows=PRODUCTS, released=None, **settings):
    """What a rule releases tonight of each item, in the first lane; None where it does not decide."""
    released = np.zeros_like(firm.to_start) if released is None else released
    answer = rules.Replenishment.known[rule](**settings)(firm.view, rows, released)
    return answer if answer is None else answer[:, 0].tolist()


# --- by position -----------------------------------------------------------------------------------------------------

FIFTY = {"bread": 50.0, "cake": 0.0, "salt": 0.0, "flour": 0.0}


def test_order_up_to_orders_what_the_position_lacks():
    """10 on hand, 5 under way, 4 to start and 7 owed lack 38 of 50; a position beyond the level lacks nothing."""
    firm = holding(at(), BREAD, on_hand=10, on_order=5, to_start=4, owed=7)
    assert tonight(firm, "order-up-to", level=FIFTY) == [38.0, 0.0, 0.0]
    assert tonight(holding(firm, BREAD, on_hand=90), "order-up-to", level=FIFTY) == [0.0, 0.0, 0.0]


def test_yield_is_started_in_addition():
    """At a yield of a half, twice what is lacking is started, and what is to start counts half."""
    firm = holding(at(products__bread__make__good=0.5), BREAD, on_hand=10, to_start=8)
    assert tonight(firm, "order-up-to", level=FIFTY) == [2 * (50 - 10 - 4), 0.0, 0.0]


def test_parts_see_what_is_released_above_them():
    """100 flour less 2 for each of 38 loaves tonight and 1 for each of 3 cakes to start lacks 179 of 200."""
    firm = holding(holding(at(), FLOUR, on_hand=100), CAKE, to_start=3)
    released = np.zeros_like(firm.to_start)
    released[BREAD] = 38
    level = {**FIFTY, "flour": 200.0}
    assert tonight(firm, "order-up-to", PARTS, released, level=level) == [200 - (100 - 3 - 76)]


def test_a_computed_level_covers_review_and_lead_time():
    """10 a day over a review of 7 and a lead time of 1, less the day of review itself, and safety stock of 5: 75."""
    firm = expecting(at(), bread=10)
    firm.plans.force_safety_stock[BREAD] = 5
    assert tonight(firm, "order-up-to", days=7)[BREAD] == pytest.approx(75)
    assert tonight(firm, "order-up-to", PARTS, days=7)[0] == pytest.approx(2 * 10 * (2 + 7 - 1))


def test_a_smoothed_order_goes_part_of_the_way():
    """Use of 70 a week and a tenth of what the position lacks beyond it: 70 + (75 - 40 - 70) / 10."""
    firm = holding(expecting(at(), bread=10), BREAD, on_hand=40)
    firm.plans.force_safety_stock[BREAD] = 5
    assert tonight(firm, "order-up-to", days=7, fraction=0.1)[BREAD] == pytest.approx(70 + (75 - 40 - 70) / 10)


WORKWEEK = ["mon", "tue", "wed", "thu", "fri"]


def reviews(days, **calendar):
    """The days of six weeks on which a review is due that comes round every so many days."""
    firm, due = at(**calendar), []
    for day in np.flatnonzero(firm.days.working[:42]):
        firm.ledger.day = int(day)
        due += [int(day)] if firm.view.review_due(days) else []
    return due


def test_reviews_come_round():
    """Every seventh day from the first; every day where the review is daily."""
    assert reviews(7) == [0, 7, 14, 21, 28, 35]
    assert reviews(1) == list(range(42))


def test_a_review_on_a_day_off_is_held_on_the_next_working_day():
    """From a start on a Sunday weekly reviews are on Mondays, after a holiday on Tuesdays; none is left out."""
    assert reviews(7, calendar__working_days=WORKWEEK) == [1, 8, 15, 22, 29, 36]
    assert reviews(7, calendar__working_days=WORKWEEK, calendar__holidays=["2026-02-09"]) == [1, 9, 15, 22, 29, 36]
    assert reviews(3, calendar__working_days=WORKWEEK)[:6] == [1, 3, 8, 9, 12, 15]


@pytest.mark.parametrize(("position", "ordered"), [(13, 0), (12, 10), (3, 10), (2, 20), (-9, 30)])
def test_the_reorder_point_orders_multiples_until_the_position_is_above(position, ordered):
    """s = 12, Q = 10: nothing at 13; at 12 and below as many lots as bring it above 12."""
    firm = holding(at(), BREAD, on_hand=max(position, 0), owed=max(-position, 0))
    none = dict.fromkeys(("cake", "salt", "flour"), -1.0)
    listed = {"point": {"bread": 12.0, **none}, "lot": {"bread": 10.0, "cake": 1.0, "salt": 1.0, "flour": 1.0}}
    assert tonight(firm, "reorder-point", **listed)[BREAD] == ordered
    assert position + ordered > 12


def test_a_computed_reorder_point_covers_the_lead_time():
    """Salt of 4 a day: s is 3 days and safety stock of 6, Q 5 days; at 19 nothing, at 18 a lot of 20."""
    firm = expecting(at(), salt=4)
    firm.plans.force_safety_stock[SALT] = 6
    assert tonight(holding(firm, SALT, on_hand=18.5), "reorder-point", lot_days=5)[SALT] == 0
    assert tonight(holding(firm, SALT, on_hand=17.9), "reorder-point", lot_days=5)[SALT] == pytest.approx(20)


@pytest.mark.parametrize(("position", "ordered"), [(13, 0), (12, 48), (5, 55)])
def test_min_max_orders_up_to_the_maximum(position, ordered):
    """s = 12, S = 60: nothing above s, and what lacks of S at or below."""
    firm = holding(at(), BREAD, on_hand=position)
    assert tonight(firm, "min-max", minimum={"bread": 12.0}, maximum={"bread": 60.0})[BREAD] == ordered


@pytest.mark.parametrize(("position", "ordered"), [(40, 0), (21, 0), (20, 20), (1, 20), (0, 40)])
def test_kanban_sends_whole_containers(position, ordered):
    """10 a day, containers of two days: the loop holds ceil(10 x 3 x 1.3 / 20) = 2; only empty ones are sent back."""
    firm = holding(expecting(at(), bread=10), BREAD, on_hand=position)
    usage = {"rule": "planned", "days": 20}
    assert tonight(firm, "kanban", container_days=2, slack=0.3, usage=usage)[BREAD] == pytest.approx(ordered)


def test_orders_keep_minimum_multiple_and_batch():
    """38 wanted: at least 40 and in 25s makes 50; in batches of 12 makes 48; nothing stays nothing."""
    buy = {
        "products__salt__buy__minimum_order": 40.0,
        "products__salt__buy__multiple": 25.0,
        "products__bread__make__batch": 12.0,
    }
    firm = holding(holding(at(**buy), SALT, on_hand=12), BREAD, on_hand=12)
    level = {**FIFTY, "salt": 50.0}
    assert tonight(firm, "order-up-to", level=level) == [48.0, 0.0, 50.0]


@pytest.mark.parametrize(
    ("rule", "settings"),
    [
        ("order-up-to", {"level": {"bred": 5.0}}),
        ("order-up-to", {"level": {**FIFTY, "bred": 5.0}}),
        ("reorder-point", {"lot": {"bred": 5.0}}),
        ("min-max", {"minimum": {"bred": 1.0}, "maximum": {"bread": 5.0}}),
    ],
)
def test_a_level_for_something_unknown_is_refused(rule, settings):
    """The sentence names it, and what is near."""
    with pytest.raises(PolicyError, match="lists 'bred', which is no item of the company; did you mean bread"):
        tonight(at(), rule, **settings)


# --- from the plans --------------------------------------------------------------------------------------------------


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
    """Salt of 4 a day until the next chance and its lead time, 10 days, and safety stock of 6, less 11 there: 35."""
    firm = holding(expecting(at(MONDAY), salt=4), SALT, on_hand=11)
    firm.plans.force_safety_stock[SALT] = 6
    assert tonight(firm, "master-schedule")[SALT] == pytest.approx(4 * 10 + 6 - 11)


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


# --- supply plans ----------------------------------------------------------------------------------------------------


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


# --- safety stock, use, demand plans ---------------------------------------------------------------------------------


def buffered(rule, firm, interval=MONTH, **settings):
    """Safety stock of each item in the first lane."""
    days = np.full((4, 1), interval)
    return rules.SafetyStock.known[rule](**settings)(firm.desk, days)[:, 0]


def erring(months=1):
    """Forecasts of the last months, too high by 6 and too low by 8 for bread, too low by 3 for cake."""
    firm = at(day=40)  # in March, with February over
    firm.past_months, flat = 2, np.zeros((12, 3, 2))
    firm.demand_by_month = np.zeros((4, 3, 2))
    firm.demand_by_month[:3, BREAD], firm.demand_by_month[:3, CAKE] = 100, 50
    firm.snapshots = []
    for made, error in ((1, 6.0), (2, -8.0)):
        forecast = flat.copy()
        forecast[:, BREAD], forecast[:, CAKE] = 100 + error, 50 - 3.0
        firm.snapshots.append((made, forecast))
    return expecting(firm, bread=10, salt=4)


RMSE = np.sqrt((36 + 64) / 2)


def test_safety_stock_by_days_of_cover():
    """Five days of 10 loaves, and of the 20 flour that they take."""
    assert buffered("days-of-cover", erring(), days=5.0) == pytest.approx([50, 0, 20, 100])


def test_safety_stock_by_list_and_none():
    """What the list says; nothing."""
    assert buffered("listed", at(), units={"salt": 7.0}).tolist() == [0, 0, 7, 0]
    assert buffered("none", at()).tolist() == [0, 0, 0, 0]


def test_safety_stock_against_the_forecasts_error():
    """z times the root mean squared error of a month: not the deviation of demand, which never varied."""
    bread, cake, salt, flour = buffered("demand-error", erring(), z=2.0)
    assert (bread, cake, salt) == pytest.approx((2 * RMSE, 2 * 3, 0))
    assert flour == pytest.approx(2 * np.sqrt((2 * RMSE) ** 2 + 3**2))


def test_safety_stock_grows_with_the_root_of_the_interval():
    """A quarter of a month has half the error of a month."""
    assert buffered("demand-error", erring(), MONTH / 4, z=2.0)[BREAD] == pytest.approx(RMSE)


def test_safety_stock_for_two_months_is_against_their_cumulative_error():
    """Of the one forecast whose two months are over: 6 too high in each is 12, not 6 times the root of two."""
    assert buffered("demand-error", erring(), 2 * MONTH, z=1.0)[BREAD] == pytest.approx(12)


def test_safety_stock_against_late_deliveries_as_well():
    """Errors of demand and of lead time add in squares; a maker's own lead time does not vary."""
    late = {"law": "gamma", "mean": 3.0, "sd": 2.0}
    firm = expecting(at(products__salt__buy__lead_time=late), bread=10, salt=4)
    found = buffered("demand-and-lead-time-error", firm, z=1.5)
    assert found == pytest.approx([0, 0, 1.5 * 4 * 2, 0])
    both = erring()
    both.network.lead_time_sd.flags.writeable = True
    both.network.lead_time_sd[FLOUR] = 3.0
    flour = buffered("demand-and-lead-time-error", both, z=1.5)[FLOUR]
    assert flour == pytest.approx(1.5 * np.sqrt((2 * RMSE) ** 2 + 9 + (20 * 3.0) ** 2))


def test_safety_stock_for_a_fill_rate():
    """A month of 10 loaves a day may be short 2 %: the factor at which the normal loss is that over the error."""
    firm = erring()
    interval = MONTH
    allowed = 0.02 * 10 * (interval - 1 + 1)  # a lead time of one day
    k = loss_factor(np.array([allowed / RMSE]))[0]
    assert buffered("fill-rate-target", firm, interval, fill_rate=0.98)[BREAD] == pytest.approx(k * RMSE)


@pytest.mark.parametrize(
    ("k", "loss"), [(0.0, 0.39894), (0.5, 0.19780), (1.0, 0.08332), (2.0, 0.00849), (3.0, 0.000382)]
)
def test_the_loss_factor_inverts_the_normal_loss(k, loss):
    """G(k) from any table; more loss than no buffer would have needs none."""
    assert loss_factor(np.array([loss]))[0] == pytest.approx(k, abs=2e-3)
    assert loss_factor(np.array([0.6]))[0] == 0


def used(rule, firm, **settings):
    """What each item is believed to need a day, in the first lane."""
    return rules.Usage.known[rule](**settings)(firm.view)[:, 0]


def taking(*bread):
    """A company that was asked for these loaves on the days until today, and used two of flour for each."""
    firm = at(day=len(bread) - 1)
    for day, units in enumerate(bread):
        firm.ledger.book["due"][day, 0, BREAD] = firm.ledger.book["due"][day, 1, BREAD] = units / 2
        firm.ledger.book["consumed"][day, FLOUR] = 2 * units
    return firm


def test_use_as_planned_explodes_the_bills():
    """10 loaves and 1 cake a day take 21 flour; at a yield of a half for cake, 22."""
    firm = expecting(at(), bread=10, cake=1, salt=4)
    assert used("planned", firm, days=30) == pytest.approx([10, 1, 4, 21])
    half = expecting(at(products__cake__make__good=0.5), bread=10, cake=1)
    assert used("planned", half, days=30)[FLOUR] == pytest.approx(22)


def test_use_lately_is_the_mean_of_the_last_days():
    """Of 4, 8 and 3 over two days 5.5, today included; flour twice that; over more days than there are, of all."""
    assert used("recent-mean", taking(4, 8, 3), days=2) == pytest.approx([5.5, 0, 0, 11])
    assert used("recent-mean", taking(4, 8, 3), days=60)[BREAD] == pytest.approx(5)


def test_use_smoothed_by_day():
    """4, then half way to 8 is 6, then half way to 3 is 4.5."""
    assert used("smoothed", taking(4, 8, 3), alpha=0.5) == pytest.approx([4.5, 0, 0, 9])
    assert used("smoothed", taking(4, 8, 3), alpha=1.0)[BREAD] == 3


def test_use_that_remembers_the_day_before():
    """From today's 14 back to a mean of 10 by halves: 12, 11, 10.5 are 11.1667 a day over three days."""
    found = used("autoregressive", taking(9, 14), mean=10.0, correlation=0.5, days=3)
    assert found[BREAD] == pytest.approx((12 + 11 + 10.5) / 3)


def test_demand_plans():
    """The forecast, or where more is signed for a month, that."""
    firm = at()
    firm.plans.forecast[0, :, BREAD] = 100
    firm.falling_due[:] = 0
    firm.falling_due[2, 0, BREAD], firm.falling_due[1, 0, CAKE] = 130, 7
    forecast = rules.DemandPlan.known["forecast-only"]()(firm.desk)
    either = rules.DemandPlan.known["orders-or-forecast"]()(firm.desk)
    assert forecast[:2, :, 0].tolist() == [[100, 0, 0], [100, 0, 0]]
    assert either[:2, :, 0].tolist() == [[130, 7, 0], [100, 0, 0]]


# --- verbs of lanes --------------------------------------------------------------------------------------------------


def column(*numbers):
    """One lane."""
    return np.array(numbers, dtype=float)[:, None]


def test_ranked_serves_the_first_in_full():
    """4, 5 and 6 wanted of 7: 4, 3 and none."""
    assert lanes.ranked(column(4, 5, 6), np.array([7.0]))[:, 0].tolist() == [4, 3, 0]


def test_ration_serves_all_alike():
    """4, 5 and 6 wanted of 7.5: half of each; of 20: all."""
    assert lanes.ration(column(4, 5, 6), np.array([7.5]))[:, 0].tolist() == [2, 2.5, 3]
    assert lanes.ration(column(4, 5, 6), np.array([20.0]))[:, 0].tolist() == [4, 5, 6]


def test_oldest_first_serves_the_longest_wait():
    """Waiting since Monday 4 and 2, since Tuesday 3 and 3: of 9, all of Monday's and half of Tuesday's."""
    waiting = np.array([[[4.0], [2.0]], [[3.0], [3.0]]])
    assert lanes.oldest_first(waiting, np.array([9.0]))[:, 0].tolist() == [5.5, 3.5]
    assert lanes.oldest_first(waiting, np.array([3.0]))[:, 0].tolist() == [2, 1]


def test_lots_round_up():
    """To the minimum and to whole multiples; nothing stays nothing, and a whole multiple itself."""
    found = lanes.lots(column(0, 1, 40, 41, 75), column(*[40] * 5), column(*[25] * 5))
    assert found[:, 0].tolist() == [0, 50, 50, 50, 75]
    assert lanes.lots(column(3.5), column(0), column(0))[0, 0] == 3.5


def test_what_falls_due_is_posted_lane_by_lane():
    """The same row on another day in each lane; days beyond the calendar begin it again."""
    calendar = np.zeros((5, 2, 2))
    lanes.post_due(calendar, np.array([[3, 6]]), np.array([1]), np.array([[7.0, 9.0]]))
    lanes.post_due(calendar, np.array([[3, 4]]), np.array([1]), np.array([[1.0, 2.0]]))
    assert calendar[3, 1].tolist() == [8, 0]
    assert calendar[1, 1].tolist() == [0, 9]
    assert calendar[4, 1].tolist() == [0, 2]
    assert calendar.sum() == 19


def test_a_rule_for_one_lane_is_made_to_work_on_all():
    """Sorted lane by lane."""
    assert lanes.per_lane(np.sort)(np.array([[3, 1], [2, 9]])).tolist() == [[2, 1], [3, 9]]


def test_links_carry_amounts_and_find_the_tightest():
    """Two sources, three targets: flows add up; each source's share is that of its scarcest target, 1 without any."""
    links = lanes.Links([(0, 0, 2.0), (0, 1, 1.0), (1, 1, 3.0)], 3, 3)
    assert links.flow(column(10, 1, 5))[:, 0].tolist() == [20, 13, 0]
    assert links.tightest(column(0.9, 0.4, 0.1))[:, 0].tolist() == [0.4, 0.4, 1.0]


def test_blank_books_are_blank():
    """The books that the tests of measures fill in by hand start empty."""
    b = blank()
    assert not any(table.any() for table in (*b.flows.values(), *b.closing.values()))
