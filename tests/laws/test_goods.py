"""Goods: nothing appears, nothing vanishes, nothing is used that is not there."""

import numpy as np
import pytest

from tests.laws.tight import EVERY, FEW_LANES, POLICIES, before, books, near, releases, row, scenario, weather

ALMOST = 1e-6


@pytest.mark.parametrize(("policy", "units"), EVERY)
def test_stock_is_what_was_there_and_came_less_what_went(policy, units):
    """Opening + receipts - issues = closing, for every item, day and lane."""
    b = books(policy, units)
    network, on_hand = b.scenario.network, b.closing["on_hand"]
    issued = b.flows["consumed"].copy()
    issued[:, network.sold] += b.flows["shipped"]
    expected = before(on_hand, network.opening_stock) + b.flows["received"] - issued
    np.testing.assert_allclose(on_hand, expected, rtol=0, atol=near(units))


@pytest.mark.parametrize(("policy", "units"), EVERY)
def test_scheduled_receipts_are_released_less_received(policy, units):
    """What is on order was released and has not come, for every item, day and lane."""
    b = books(policy, units)
    on_order = b.closing["on_order"]
    expected = before(on_order) + b.flows["released"] - b.flows["received"]
    np.testing.assert_allclose(on_order, expected, rtol=0, atol=near(units))


@pytest.mark.parametrize(("policy", "units"), EVERY)
def test_nothing_is_ever_below_nothing(policy, units):
    """No account and no flow is negative on any day in any lane."""
    b = books(policy, units)
    least = {name: table.min() for name, table in {**b.flows, **b.closing}.items()}
    assert all(value >= -near(units) for value in least.values()), least


@pytest.mark.parametrize(("policy", "units"), EVERY)
def test_nothing_is_shipped_or_used_that_was_not_there(policy, units):
    """What leaves stock on a day was there after that morning's receipts."""
    b = books(policy, units)
    there = before(b.closing["on_hand"], b.scenario.network.opening_stock) + b.flows["received"]
    sold = b.scenario.network.sold
    assert (b.flows["shipped"] <= there[:, sold] + near(units)).all()
    there[:, sold] -= b.flows["shipped"]
    assert (b.flows["consumed"] <= there + near(units)).all()


def started_of(b):
    """Units started by day of the items that have a bill, solved from what was used; and what that does not explain."""
    company = b.scenario.company
    makers = [name for name, item in company.items.items() if item.make and item.make.bill]
    use = np.array([[company.items[m].make.bill.get(part, 0.0) for m in makers] for part in company.items])
    days, items, lanes = b.flows["consumed"].shape
    used = b.flows["consumed"].transpose(1, 0, 2).reshape(items, -1)
    started = np.linalg.pinv(use) @ used
    assert np.linalg.matrix_rank(use) == len(makers)
    return makers, started.reshape(len(makers), days, lanes), np.abs(use @ started - used).max()


@pytest.mark.parametrize(("policy", "units"), EVERY)
def test_parts_are_used_as_the_bills_say(policy, units):
    """Used = usage x started: eleven parts agree on the starts of eight items, and all that is good was started."""
    b = books(policy, units)
    makers, started, unexplained = started_of(b)
    for name, mine in zip(makers, started, strict=True):
        if b.scenario.company.items[name].make.good == 1:
            np.testing.assert_allclose(mine, b.flows["released"][:, row(b, name)], rtol=0, atol=ALMOST, err_msg=name)
    assert unexplained < ALMOST
    assert started.min() > -ALMOST
    if units == "whole":
        np.testing.assert_allclose(started, np.rint(started), atol=ALMOST)


@pytest.mark.parametrize(("policy", "units"), EVERY)
def test_yield_is_lost_between_start_and_stock(policy, units):
    """Good units since the first day = yield x started, cut to whole units where units are whole."""
    b = books(policy, units)
    makers, started, _ = started_of(b)
    for name, mine in zip(makers, started, strict=True):
        good = np.cumsum(b.flows["released"][:, b.scenario.network.names.index(name)], axis=0)
        expected = b.scenario.company.items[name].make.good * np.cumsum(mine, axis=0)
        expected = np.floor(expected + ALMOST) if units == "whole" else expected
        np.testing.assert_allclose(good, expected, rtol=0, atol=ALMOST, err_msg=name)


def overtime_in_force(b):
    """Authorised overtime, from the plans and the days on which they took effect: (days, resources, lanes)."""
    hours, month_of = np.zeros_like(b.hours_used), b.scenario.days.month
    effects = [(day, made, lane) for made in b.plans.made_in for lane, day in enumerate(b.plans.effective[made])]
    for first, made, lane in sorted(effects):
        ahead = month_of[first:] - made
        seen = (ahead >= 0) & (ahead < 12)
        hours[first:][seen, :, lane] = b.plans.overtime[made, ahead[seen], :, lane]
    return hours


@pytest.mark.parametrize(("policy", "units"), EVERY)
def test_hours_used_are_there(policy, units):
    """Hours used <= regular hours and authorised overtime, none on days off, overtime within its limit."""
    b = books(policy, units)
    n, overtime = b.scenario.network, overtime_in_force(b)
    working = b.scenario.days.working[:, None, None]
    assert (b.hours_used <= (n.hours + overtime) * working * (1 + 1e-12)).all()
    assert (overtime <= n.overtime_limit + ALMOST).all()


@pytest.mark.parametrize(("policy", "units"), EVERY)
def test_hours_used_are_those_of_the_units_started(policy, units):
    """Since the first day, hours = hours a unit x units started, but for units begun: less than one an item."""
    b = books(policy, units)
    makers, started, _ = started_of(b)
    company, names = b.scenario.company, b.scenario.network.names
    for resource, used in zip(
        b.scenario.network.resources, np.cumsum(b.hours_used, axis=0).swapaxes(0, 1), strict=True
    ):
        explained, slack = np.zeros_like(used), 1e-6
        for name, item in company.items.items():
            each = item.make.hours.get(resource, 0.0) if item.make else 0.0
            by_day = started[makers.index(name)] if name in makers else b.flows["released"][:, names.index(name)]
            explained += each * np.cumsum(by_day, axis=0)
            slack += each if units == "whole" else 0.0
        gap = used - explained
        assert (gap > -1e-6).all()
        assert (gap < slack).all()


@pytest.mark.parametrize("policy", POLICIES)
def test_whole_units_stay_whole(policy):
    """Every account of goods and orders holds whole units only."""
    b = books(policy)
    for name, table in {**b.flows, **b.closing}.items():
        assert (table == np.rint(table)).all(), name


@pytest.mark.parametrize(("policy", "units"), EVERY)
def test_what_is_made_comes_after_its_lead_time(policy, units):
    """Every receipt of a made item is what was started its lead time before, and nothing is forgotten."""
    b = books(policy, units)
    for k in b.scenario.network.made:
        lead = b.scenario.network.items[k].make.lead_time
        received, released = b.flows["received"][:, k], b.flows["released"][:, k]
        assert (received[:lead] == 0).all()
        np.testing.assert_array_equal(received[lead:], released[:-lead])


def arrivals(ordered, lead_times, overtaking):
    """When an item's orders come in a lane, in plain Python: {day: units}, and how many waited for an earlier one."""
    due, last, held = {}, 0, 0
    for day, units in enumerate(ordered):
        if units > 0:
            arrival = day + int(lead_times[day])
            if not overtaking:
                held += arrival < last
                arrival = last = max(arrival, last)
            due[arrival] = due.get(arrival, 0.0) + units
    return due, held


@pytest.mark.parametrize("policy", POLICIES)
def test_every_delivery_is_an_order_after_its_drawn_lead_time(policy):
    """Each order comes after the lead time drawn for its day, first in, first out unless overtaking is allowed."""
    b, luck = books(policy), weather()
    for bought, k in enumerate(b.scenario.network.bought):
        overtaking = b.scenario.network.items[k].buy.overtaking
        for lane in FEW_LANES:
            due, _ = arrivals(b.flows["released"][:, k, lane], luck.delivery[:, bought, lane], overtaking)
            expected = [due.get(day, 0.0) for day in range(b.scenario.days.count)]
            np.testing.assert_allclose(b.flows["received"][:, k, lane], expected, rtol=0, atol=ALMOST)


@pytest.mark.parametrize("policy", POLICIES)
def test_orders_keep_minimum_and_multiple(policy):
    """A supplier gets no order below its minimum and none that is no multiple."""
    b = books(policy)
    for k in b.scenario.network.bought:
        buy, ordered = b.scenario.network.items[k].buy, b.flows["released"][:, k]
        ordered = ordered[ordered > 0]
        assert (ordered >= buy.minimum_order).all()
        if buy.multiple:
            np.testing.assert_array_equal(ordered % buy.multiple, 0.0)


@pytest.mark.parametrize("policy", ["chase", "order-up-to", "reorder-point", "pull"])
def test_releases_to_the_floor_keep_the_batch(policy):
    """What is released to the floor is whole batches."""
    batch = {k: item.make.batch for k, item in enumerate(scenario().network.items) if item.make and item.make.batch}
    seen = dict.fromkeys(batch, 0)
    for _, rows, answer in releases(policy):
        for k in set(rows) & set(batch):
            mine = answer[list(rows).index(k)]
            np.testing.assert_allclose(mine / batch[k], np.rint(mine / batch[k]), atol=1e-9)
            seen[k] += (mine > 0).sum()
    assert all(seen.values()), seen


@pytest.mark.parametrize("policy", POLICIES)
def test_nothing_is_released_or_started_on_a_day_off(policy):
    """On days off nobody ships, orders or starts anything; deliveries do come."""
    b = books(policy)
    off = ~b.scenario.days.working
    for flow in ("released", "consumed", "shipped", "served", "due"):
        assert not b.flows[flow][off].any(), flow
    assert b.flows["received"][off].any()
