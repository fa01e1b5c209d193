"""Rough-cut capacity: hours are kept in every month, nothing is made twice, and a plan that fits is not touched."""

from types import SimpleNamespace

import numpy as np
import pytest

from simulator.kernel.lanes import only_rows
from simulator.planning.capacity import (
    LongLead,
    beyond_hours,
    hours_per_unit,
    load_of,
    mix_of,
    product_mix,
    pulled_ahead,
    within_hours,
)
from tests.sop.workshop import bought, cups, played, policy, stream, two_families

MONTHS, FAMILIES, RESOURCES, LANES = 7, 5, 3, 11


@pytest.fixture
def case():
    """Plans of five families on three resources, some of them far beyond the hours; a family without hours among them."""
    chance = np.random.default_rng(4)
    load = chance.uniform(0.1, 1.0, (MONTHS, FAMILIES, RESOURCES, LANES))
    load[:, 0, 1] = load[:, 2, 0] = load[:, 3, 1:] = load[:, 4] = 0.0
    plan = chance.gamma(2.0, 40.0, (MONTHS, FAMILIES, LANES))
    plan[2:4, 1] = 0.0
    return plan, load, chance.uniform(60.0, 180.0, (MONTHS, RESOURCES, 1))


NOTHING_DONE = np.zeros((FAMILIES, LANES))


@pytest.mark.parametrize("pull_ahead", [0, 1, 3, 6])
def test_hours_hold_in_every_month(case, pull_ahead):
    """On every resource, in every lane."""
    plan, load, hours = case
    fitted = within_hours(plan, load, hours, NOTHING_DONE, pull_ahead)
    assert (load_of(fitted, load) <= hours * (1 + 1e-9)).all()
    assert (fitted >= 0).all()
    assert (load_of(plan, load) > hours).any(axis=(1, 2)).all()


@pytest.mark.parametrize("pull_ahead", [0, 1, 3, 6])
def test_no_more_is_made_than_is_planned_and_none_too_early(case, pull_ahead):
    """By a month's end at most what is planned for so many months later; in all at most the plan."""
    plan, load, hours = case
    made = np.cumsum(within_hours(plan, load, hours, NOTHING_DONE, pull_ahead), axis=0)
    wished = np.cumsum(plan, axis=0)
    ahead = np.minimum(np.arange(MONTHS) + pull_ahead, MONTHS - 1)
    assert (made <= wished[ahead] * (1 + 1e-9) + 1e-9).all()


def test_a_family_without_hours_is_made_as_planned(case):
    """What takes no hours is neither pulled ahead nor late."""
    plan, load, hours = case
    np.testing.assert_array_equal(within_hours(plan, load, hours, NOTHING_DONE)[:, 4], plan[:, 4])


def test_a_plan_that_fits_is_passed_on_to_the_last_bit(case):
    """In the lanes where it fits, whatever the lanes beside them need."""
    plan, load, hours = case
    plan[..., ::2] *= 0.01
    fitted = within_hours(plan, load, hours, NOTHING_DONE, 6)
    np.testing.assert_array_equal(fitted[..., ::2], plan[..., ::2])
    assert (fitted[..., 1::2] != plan[..., 1::2]).any(axis=(0, 1)).all()


def test_a_lane_is_fitted_the_same_alone_or_in_company(case):
    """To the last bit, in any two lanes."""
    plan, load, hours = case
    fitted = within_hours(plan, load, hours, NOTHING_DONE, 3)
    few = [2, 9]
    np.testing.assert_array_equal(
        within_hours(plan[..., few], load[..., few], hours, NOTHING_DONE[:, few], 3), fitted[..., few]
    )


def test_the_bottleneck_is_loaded_to_its_maximum():
    """Two families share the second resource; the first one's own bottleneck leaves hours on it for the second family."""
    load = np.zeros((1, 2, 2, 2))
    load[0, 0], load[0, 1, 1] = 1.0, 1.0
    plan, hours = np.full((1, 2, 2), 100.0), np.array([[[20.0], [150.0]]])
    fitted = within_hours(plan, load, hours, np.zeros((2, 2)))
    np.testing.assert_allclose(fitted[0, :, 0], [20.0, 100.0])
    tighter = within_hours(plan, load, np.array([[[20.0], [100.0]]]), np.zeros((2, 2)))
    np.testing.assert_allclose(tighter[0, :, 0], [20.0, 80.0])


def test_excess_goes_to_the_latest_month_with_hours_to_spare():
    """120 in the last month of 100 hours: 15 fit in the month before, 5 in the one before that."""
    plan = np.array([60.0, 90.0, 85.0, 120.0])[:, None, None] * np.ones((1, 1, 2))
    load, hours = np.ones((4, 1, 1, 2)), np.full((4, 1, 1), 100.0)
    np.testing.assert_allclose(within_hours(plan, load, hours, np.zeros((1, 2)))[:, 0, 0], [60, 95, 100, 100])
    np.testing.assert_allclose(within_hours(plan, load, hours, np.zeros((1, 2)), 0)[:, 0, 0], [60, 90, 85, 100])


def test_what_no_month_before_can_take_comes_later():
    """130, then 60 and 60 in months of 100 hours: thirty are late in the first, and made in the second."""
    plan = np.array([130.0, 60.0, 60.0])[:, None, None] * np.ones((1, 1, 2))
    load, hours = np.ones((3, 1, 1, 2)), np.full((3, 1, 1), 100.0)
    np.testing.assert_allclose(within_hours(plan, load, hours, np.zeros((1, 2)))[:, 0, 0], [100, 90, 60])


def test_how_early_is_limited():
    """A peak of 300 at the end, hours for 100: at most two months early, the first months keep their own plan."""
    plan = np.array([10.0, 10.0, 10.0, 10.0, 300.0])[:, None, None] * np.ones((1, 1, 2))
    load, hours = np.ones((5, 1, 1, 2)), np.full((5, 1, 1), 100.0)
    # The 10 of the two months after next may be made early as well, which makes room for the peak in these.
    np.testing.assert_allclose(pulled_ahead(plan, load, hours, 11)[:, 0, 0], [10, 30, 100, 100, 100])
    np.testing.assert_allclose(within_hours(plan, load, hours, np.zeros((1, 2)), 1)[:, 0, 0], [10, 20, 10, 100, 100])


def test_what_is_made_already_takes_no_hours_that_are_left():
    """Of a month of 100, 60 are made and 30 hours are left: 90 this month, the rest is late."""
    plan = np.array([100.0, 50.0])[:, None, None] * np.ones((1, 1, 2))
    load, hours = np.ones((2, 1, 1, 2)), np.array([[[30.0]], [[100.0]]])
    np.testing.assert_allclose(within_hours(plan, load, hours, np.full((1, 2), 60.0))[:, 0, 0], [90, 60])
    np.testing.assert_array_equal(within_hours(plan, load, hours, np.full((1, 2), 70.0)), plan)


def test_nothing_to_make_and_no_hours_at_all():
    """Empty months, a month without working days, a company without resources: no division by nothing."""
    plan, load = np.zeros((2, 1, 2)), np.ones((2, 1, 1, 2))
    np.testing.assert_array_equal(within_hours(plan, load, np.zeros((2, 1, 1)), np.zeros((1, 2))), 0.0)
    np.testing.assert_array_equal(beyond_hours(np.ones((1, 2)), np.ones((1, 1, 2)), np.zeros((1, 1))), 1.0)
    some = np.ones((2, 1, 2))
    without = within_hours(some, np.zeros((2, 1, 0, 2)), np.zeros((2, 0, 1)), np.zeros((1, 2)))
    np.testing.assert_array_equal(without, some)


def desk_of(company, demand):
    """What the arithmetic of the mix reads of a desk."""
    return SimpleNamespace(network=company.network, demand_plan=demand)


def test_the_mix_of_a_month_without_demand_is_that_of_all_months():
    """Work that is pulled into it takes hours; a family without any demand has its products in equal parts."""
    company = two_families()
    demand = np.zeros((12, 3, 2))
    demand[1, 0], demand[3, 1] = 30.0, 10.0
    mix = mix_of(desk_of(company, demand))
    np.testing.assert_allclose(mix[:, :2, 0], [[0.75, 0.25], [1, 0], [0.75, 0.25], [0, 1], *[[0.75, 0.25]] * 8])
    np.testing.assert_array_equal(mix[:, 2], 1.0)  # tables, without demand
    np.testing.assert_allclose(mix_of(desk_of(company, np.zeros((12, 3, 2))))[:, :2], 0.5)


def test_a_bought_product_has_no_part_in_the_mix_of_what_is_made():
    """Of a family of three, two are made: 30 and 10 asked for; the 60 of the bought one take no hours."""
    family = np.zeros(3, dtype=int)
    network = SimpleNamespace(
        products=["a", "b", "bought"], made=np.array([0, 1]), family_of=family, by_family=_summed_in_one_family
    )
    mix = product_mix(network, np.array([[[30.0], [10.0], [60.0]], [[0.0], [0.0], [60.0]]]))
    np.testing.assert_allclose(mix[..., 0], [[0.75, 0.25, 0.0], [0.75, 0.25, 0.0]])


def _summed_in_one_family(units):
    return units.sum(axis=-2, keepdims=True)


def test_hours_of_a_unit_are_those_of_all_that_goes_into_it():
    """A chair and half a stool: their own hours, and those of the frames in them over the frames' yield; a stool's over its own."""
    company = two_families()
    demand = np.ones((12, 3, 2)) * np.array([[2.0], [1.0], [5.0]])
    hours = hours_per_unit(company.network, mix_of(desk_of(company, demand)))
    saw = (2 * (0.1 + 1.0 * 0.15 / 0.9) + 1 * (0.5 / 0.8 * 0.15 / 0.9)) / 3
    paint = (2 * 0.2 + 1 * 0.1 / 0.8) / 3
    np.testing.assert_allclose(hours[0, :, :, 0], [[saw, paint], [2.0 * 0.15 / 0.9, 0.4]])


def test_a_family_that_is_bought_takes_no_hours():
    """Only what is made is planned by family and held against hours; what is bought has no production plan."""
    mug = {"family": "mugs", "price": 4.0, "unit_cost": 2.0, "opening_stock": 50.0, "buy": bought(5)}
    cup = {"family": "cups", "opening_stock": 20.0, "make": {"hours": {"wheel": 0.1}}}
    company = cups(
        hours=0.8,
        products={"cup": cup, "mug": mug},
        suppliers={"near": {}},
        demand={"everyday": [stream("cup", 10), stream("mug", 7)]},
    )
    plans = played(company, policy(capacity="rccp")).plans
    np.testing.assert_array_equal(plans.production[:, :, 1], 0.0)
    np.testing.assert_allclose(plans.production[0, :, 0, 0], 8.0 * company_days())


def company_days():
    """Days of the months of 2024."""
    return np.array([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


# --- parts that cannot come sooner ---


def parts_company(clay=0.0, blanks=0.0, lead=50):
    """A cup takes a blank, a blank two of clay, and clay comes after fifty days."""
    cup = {"family": "cups", "opening_stock": 20.0, "make": {"bill": {"blank": 1.0}, "hours": {"wheel": 0.1}}}
    return cups(
        products={"cup": cup},
        components={
            "blank": {"opening_stock": float(blanks), "make": {"bill": {"clay": 2.0}}},
            "clay": {"opening_stock": float(clay), "buy": bought(lead)},
        },
        suppliers={"near": {}},
    )


@pytest.mark.parametrize(("clay", "blanks", "january"), [(200, 0, 100), (200, 60, 160), (0, 60, 60), (900, 0, 300)])
def test_long_lead_parts_limit_what_is_planned(clay, blanks, january):
    """300 are wished for in January: as many as clay and blanks on hand give; the rest comes when new clay can be there."""
    plans = played(parts_company(clay, blanks), policy(capacity="rccp")).plans
    np.testing.assert_allclose(plans.tables["wished"][0, 0], 300)
    np.testing.assert_allclose(plans.production[0, 0], january)
    np.testing.assert_allclose(plans.production[0, :2].sum(axis=0), 300 + 290)  # February ends on day 60, after day 50


def test_parts_that_come_in_time_limit_nothing():
    """A lead time within the month, or a check that does not ask for parts."""
    in_time = played(parts_company(lead=20), policy(capacity="rccp")).plans
    np.testing.assert_array_equal(in_time.production[0], in_time.tables["wished"][0])
    unasked = played(parts_company(), policy(capacity={"rule": "rccp", "parts": False})).plans
    np.testing.assert_array_equal(unasked.production[0], unasked.tables["wished"][0])


def test_parts_on_order_count_once_they_are_due():
    """Of 100 on order 62 are due by the end of January, enough for 31 cups; with clay on hand for 10 more, 41."""
    company = parts_company()
    n = company.network
    clay, stock, order = n.names.index("clay"), np.zeros((3, 2)), np.zeros((3, 2))
    stock[clay], order[clay] = 20.0, 100.0
    desk = SimpleNamespace(
        network=n,
        days=company.days,
        month=0,
        today=0,
        on_hand=stock,
        on_order=order,
        demand_plan=np.ones((3, 1, 2)),
        lead_time=n.lead_time,
        receipts_by_month=only_rows(order * 0.62, [clay])[None],
    )
    parts = LongLead(desk, np.ones((3, 1, 2)))
    np.testing.assert_allclose(parts.beyond(0, np.full((1, 2), 300.0)), 300.0 - 41.0)
    np.testing.assert_array_equal(parts.beyond(1, np.full((1, 2), 300.0)), 0.0)


def test_a_short_part_limits_only_what_it_goes_into():
    """Of screws 150 lie here, 40 more are due by day 10 and 56 by day 14; seats are half chairs (4 screws), half stools (none).

    By day 10 there are 150 + 40 = 190 for 50 chairs and 10 tables (8 screws), which take 280: 19/28 of chairs and
    tables. By day 14 there are 206, 16 of them unused, for 10 chairs that take 40. From day 15 on, screws can come.
    """
    n = two_families().network
    screw, plenty = n.names.index("screw"), np.full((len(n.names), 1), 1e6)
    on_hand, on_order = plenty.copy(), np.zeros_like(plenty)
    on_hand[screw], on_order[screw] = 150.0, 60.0
    desk = SimpleNamespace(
        network=n,
        days=SimpleNamespace(month_start=np.array([0, 10, 14, 20])),
        month=0,
        today=0,
        on_hand=on_hand,
        on_order=on_order,
        lead_time=n.lead_time,
        receipts_by_month=np.stack([on_order * 10 / 15, on_order * 14 / 15]),
    )
    mix = np.array([[[0.5], [0.5], [1.0]]] * 3)
    parts = LongLead(desk, mix)
    np.testing.assert_allclose(parts.beyond(0, np.array([[100.0], [10.0]]))[:, 0], [50 * 9 / 28, 10 * 9 / 28])
    np.testing.assert_allclose(parts.beyond(1, np.array([[20.0], [0.0]]))[:, 0], [10 * 0.6, 0.0])
    np.testing.assert_array_equal(parts.beyond(2, np.array([[20.0], [10.0]])), 0.0)


def test_months_that_share_parts_use_them_once():
    """Clay for 400 cups and none for 100 days: January makes its 300, February 100, March nothing."""
    plans = played(parts_company(clay=800, lead=100), policy(capacity="rccp")).plans
    np.testing.assert_allclose(plans.production[0, :3, 0, 0], [300, 100, 0])


def test_later_work_keeps_within_hours_too():
    """What parts push into later months still has to fit into their hours."""
    company = parts_company(clay=0, lead=50)
    tight = cups(**{**tables_of(company), "hours": 1.2})
    plan = played(tight, policy(capacity="rccp")).plans.production[0, :, 0, 0]
    np.testing.assert_allclose(plan[0], 0)
    assert (plan <= 12.0 * company_days() + 1e-6).all()
    np.testing.assert_allclose(plan[:5], 12.0 * company_days()[:5] * [0, 1, 1, 1, 1])


def tables_of(company):
    """The tables from which a company of the same kind is made again."""
    return {
        "products": {k: v.model_dump(mode="json", exclude_unset=True) for k, v in company.company.products.items()},
        "components": {k: v.model_dump(mode="json", exclude_unset=True) for k, v in company.company.components.items()},
        "suppliers": {"near": {}},
    }


def test_overtime_is_what_the_plan_takes_beyond_regular_hours():
    """In the days that are left, and never beyond its limit; the floor works it."""
    few = {name: {"hours": 5.0, "overtime": 0.2, "overtime_premium": 8.0} for name in ("saw", "paint")}
    books = played(two_families(resources=few), policy(capacity="rccp", meeting_days=(1, 2, 3, 5, 6)))
    n, plans = books.scenario.network, books.plans
    assert (plans.overtime <= n.overtime_limit * (1 + 1e-9)).all()
    assert (books.hours_used <= (n.hours + n.overtime_limit) * (1 + 1e-9)).all()
    opening = plans.overtime[0, 0] > 0
    assert opening.any()
    desk = SimpleNamespace(network=n, demand_plan=plans.demand[0])
    daily = load_of(plans.production[0], hours_per_unit(n, mix_of(desk)))[0] / 23  # working days of January
    np.testing.assert_allclose(plans.overtime[0, 0][opening], (daily - n.hours)[opening])


def test_options_are_regular_hours_and_overtime():
    """Two where a resource can work longer, one where none can or it is not asked for."""
    one = played(cups(overtime=0.0), policy(capacity="rccp")).plans
    two = played(cups(overtime=0.1), policy(capacity="rccp")).plans
    off = played(cups(overtime=0.1), policy(capacity={"rule": "rccp", "overtime": False})).plans
    options = [int(np.isfinite(p.tables["option cost"][0, :, 0, 0]).sum()) for p in (one, two, off)]
    assert options == [1, 2, 1]
