"""Orders: each is shipped, owed or lost; who waits how long; who is served first."""

from collections import deque

import numpy as np
import pytest

from simulator.planning.allocation import FirstCome, Proportional
from tests.laws.tight import (
    EVERY,
    FEW_LANES,
    POLICIES,
    before,
    books,
    kept_for_the_first,
    near,
    played,
    scenario,
    tampered,
    weather,
    weather_of,
    with_rules,
)

HAIR = 1e-9


@pytest.mark.parametrize(("policy", "units"), EVERY)
def test_ordered_is_shipped_owed_or_lost(policy, units):
    """Signed = in the order book + due, and due = served + lost + owed, for every segment, product, day and lane."""
    b = books(policy, units)
    since = {name: np.cumsum(b.flows[name], axis=0) for name in ("signed", "due", "served", "lost")}
    np.testing.assert_allclose(since["signed"], since["due"] + b.closing["order_book"], rtol=0, atol=near(units))
    owed = since["due"] - since["served"] - since["lost"]
    np.testing.assert_allclose(b.closing["backlog"], owed, rtol=0, atol=near(units))


@pytest.mark.parametrize(("policy", "units"), EVERY)
def test_what_is_served_is_what_is_shipped(policy, units):
    """Orders served, over the segments, are the goods that leave stock."""
    b = books(policy, units)
    np.testing.assert_allclose(b.flows["served"].sum(axis=1), b.flows["shipped"], rtol=0, atol=near(units))


def fallen_due(luck, lane):
    """Orders by day due, from the signatures of the weather, in plain Python; and those already signed at the start."""
    company, days = scenario(), scenario().days
    due = np.zeros((days.count, len(company.network.segments), len(company.network.products)))
    for s, segment in enumerate(company.network.segments):
        for day in range(days.count):
            falls = day + company.company.segments[segment].lead_time
            while falls < days.count and not days.working[falls]:
                falls += 1
            if falls < days.count:
                due[falls, s] += luck.signed[day, s, :, lane]
    deals = luck.signings
    for k in np.flatnonzero((deals.lane == lane) & (deals.due < days.count)):
        due[deals.due[k], deals.segment[k], deals.product[k]] += deals.quantity[k]
    return due


@pytest.mark.parametrize("lane", FEW_LANES)
def test_signed_orders_fall_due_on_the_day_asked_for(lane):
    """Each signature falls due after its segment's lead time or its contract's date, on the next working day."""
    np.testing.assert_array_equal(books("chase").flows["due"][..., lane], fallen_due(weather(), lane))


@pytest.mark.parametrize("lane", FEW_LANES)
def test_months_of_demand_are_the_days_that_fell_due(lane):
    """What planners are told of a month is what fell due in it; before the first day, what the weather drew."""
    b, start = books("chase"), scenario().days.month_start
    months = np.add.reduceat(b.flows["due"].sum(axis=1), start[:-1], axis=0)
    np.testing.assert_array_equal(b.demand_by_month[19:, :, lane], months[..., lane])
    np.testing.assert_array_equal(b.demand_by_month[:19, :, lane], weather().past[..., lane])


def test_orders_of_a_long_closure_fall_due_on_the_day_work_begins_again():
    """However long nothing is worked, no order falls due in between, and none is forgotten."""
    closed = tuple(str(day) for day in np.arange("2024-02-05", "2024-04-15", dtype="datetime64[D]"))
    nothing = {"demand__contracts": (), "demand__frames": (), "demand__projects": ()}
    company = scenario(experiment__months=5, calendar__holidays=closed, **nothing)
    b = played(company.policy("chase"), weather_of(company), company)
    off = ~company.days.working
    assert off.sum() > 80
    assert not b.flows["due"][off].any()
    since = np.cumsum(b.flows["signed"] - b.flows["due"], axis=0)
    np.testing.assert_array_equal(since, b.closing["order_book"])
    reopened = int(company.days.next_working[60])
    assert (
        b.flows["due"][reopened].sum(axis=(1, 2)) > b.flows["due"][reopened + 1 :].sum(axis=(2, 3)).mean(axis=0)
    ).all()


def replayed(due, served, patience):
    """One queue of orders, first in, first out, in plain Python: lost and owed by day, and the nights waited in all."""
    queue, lost, owed, waited = deque(), [], [], 0.0
    for day, (new, out) in enumerate(zip(due, served, strict=True)):
        queue.append([day, new])
        while out > HAIR:
            part = min(out, queue[0][1])
            out, queue[0][1], waited = out - part, queue[0][1] - part, waited + part * (day - queue[0][0])
            if queue[0][1] <= HAIR:
                queue.popleft()
        gone = 0.0
        while patience is not None and queue and day - queue[0][0] >= patience:
            first, units = queue.popleft()
            gone, waited = gone + units, waited + units * (day - first)
        lost.append(gone)
        owed.append(sum(units for _, units in queue))
    return lost, owed, waited + sum(units * (len(due) - first) for first, units in queue)


QUEUES = [(s, p) for s in range(3) for p in range(7)]


@pytest.mark.parametrize(("policy", "units"), EVERY)
def test_orders_are_lost_exactly_when_patience_is_over(policy, units):
    """An order is given up on the evening on which its patience is over, and not before."""
    b = books(policy, units)
    segments = [b.scenario.company.segments[name] for name in b.scenario.network.segments]
    for (s, p), lane in ((q, lane) for q in QUEUES for lane in FEW_LANES):
        lost, owed, _ = replayed(b.flows["due"][:, s, p, lane], b.flows["served"][:, s, p, lane], segments[s].patience)
        np.testing.assert_allclose(b.flows["lost"][:, s, p, lane], lost, rtol=0, atol=near(units))
        np.testing.assert_allclose(b.closing["backlog"][:, s, p, lane], owed, rtol=0, atol=near(units))


@pytest.mark.parametrize("policy", POLICIES)
def test_littles_law_holds_to_the_unit(policy):
    """Backlog summed over the nights = nights waited summed over the orders, each followed by itself."""
    b = books(policy)
    segments = [b.scenario.company.segments[name] for name in b.scenario.network.segments]
    for lane in FEW_LANES:
        waited = 0.0
        for s, p in QUEUES:
            flows = (b.flows[name][:, s, p, lane] for name in ("due", "served"))
            waited += replayed(*flows, segments[s].patience)[2]
        assert waited == b.closing["backlog"][..., lane].sum() > 0


def left_over(b):
    """What each segment still wanted after the day's shipments."""
    return b.closing["backlog"] + b.flows["lost"]


@pytest.mark.parametrize(("policy", "units"), [(p, u) for p, u in EVERY if p not in ("siloed", "dire")])
def test_no_lower_rank_is_served_while_a_higher_one_waits(policy, units):
    """Ranked: a segment gets a product only when those above it want no more of it that day."""
    b = books(policy, units)
    waits = left_over(b) > near(units)
    for higher in range(2):
        below = b.flows["served"][:, higher + 1 :].sum(axis=1)
        assert (below[waits[:, higher]] <= near(units)).all()


def test_ranks_are_the_segments_order():
    """Segments stand by rank, whatever their order in the file."""
    assert scenario().network.segments == ["key", "shop", "walk-in"]


@pytest.mark.parametrize(("policy", "units"), EVERY)
def test_nobody_waits_for_what_is_there(policy, units):
    """On a working day a product is left on the shelf only if nobody wants it, or the first in rank must get it this month."""
    b = books(policy, units)
    there = before(b.closing["on_hand"], b.scenario.network.opening_stock) + b.flows["received"]
    shelf = there[:, b.scenario.network.sold] - b.flows["shipped"]
    idle = np.minimum(shelf, left_over(b).sum(axis=1) * ~kept_for_the_first(b))[b.scenario.days.working]
    assert (idle <= near(units)).all()


def first_come(orders, stock, working, patience):
    """One product served by due date in plain Python: orders (days, segments) and stock by day; served by day."""
    queue, on_hand, served = [], 0.0, np.zeros_like(orders)
    for day, new in enumerate(orders):
        queue.append((day, list(new)))
        on_hand += stock[day]
        for _, cohort in queue if working[day] else ():
            part = min(1.0, on_hand / sum(cohort)) if sum(cohort) > HAIR else 0.0
            for s, units in enumerate(cohort):
                cohort[s] -= units * part
                on_hand -= units * part
                served[day, s] += units * part
        for due, cohort in queue:
            for s in range(len(cohort)):
                if patience[s] is not None and day - due >= patience[s]:
                    cohort[s] = 0.0
    return served


@pytest.mark.parametrize("lane", FEW_LANES)
def test_first_come_is_served_by_due_date(lane):
    """First come, first served: the oldest due date first, whoever waits; equal dates in proportion."""
    b = books("siloed", "broken")
    company, sold = b.scenario.company, b.scenario.network.sold
    patience = [company.segments[name].patience for name in b.scenario.network.segments]
    used_overnight = before(b.flows["consumed"], -b.scenario.network.opening_stock)
    stock = (b.flows["received"] - used_overnight)[:, sold, lane]
    for p in range(7):
        served = first_come(b.flows["due"][:, :, p, lane], stock[:, p], b.scenario.days.working, patience)
        np.testing.assert_allclose(b.flows["served"][:, :, p, lane], served, rtol=0, atol=1e-6)


def test_first_come_in_whole_units_differs_by_broken_units_only():
    """Of a day's units, fewer than one a segment go to a later order while an earlier one waits."""
    b = books("siloed")
    patience = [b.scenario.company.segments[name].patience for name in b.scenario.network.segments]
    for p, lane in ((p, lane) for p in range(7) for lane in FEW_LANES):
        oldest = [_oldest_after(b, s, p, lane, patience[s]) for s in range(3)]
        for day in np.flatnonzero(b.scenario.days.working):
            first = min(ages[day][0] for ages in oldest)
            ahead = sum(units for ages in oldest for due, units in ages[day][1] if due > first)
            assert ahead < 3


def _oldest_after(b, s, p, lane, patience):
    """By day: the due date of the oldest order left after shipping, and what was served by due date."""
    queue, told = deque(), []
    for day in range(b.scenario.days.count):
        queue.append([day, b.flows["due"][day, s, p, lane]])
        out, served = b.flows["served"][day, s, p, lane], []
        while out > 0:
            part = min(out, queue[0][1])
            served.append((queue[0][0], part))
            out, queue[0][1] = out - part, queue[0][1] - part
            if queue[0][1] == 0:
                queue.popleft()
        queue = deque(order for order in queue if order[1] > 0)
        told.append((queue[0][0] if queue else 10**9, served))
        while patience is not None and queue and day - queue[0][0] >= patience:
            queue.popleft()
    return told


def test_in_proportion_all_get_the_same_share():
    """Proportional: segments that want a short product get the same share of what they want."""
    b = played(with_rules(allocation=Proportional()), weather("broken"), scenario("broken"))
    wanted = b.flows["served"] + left_over(b)
    share = b.flows["served"].sum(axis=1, keepdims=True) / np.maximum(wanted.sum(axis=1, keepdims=True), HAIR)
    np.testing.assert_allclose(b.flows["served"], wanted * share, rtol=0, atol=1e-6)
    assert ((share > 0.1) & (share < 0.9)).any()


def test_the_rules_of_allocation_differ():
    """Rank, proportion and due date serve other customers: the laws above are of different things."""
    by_rule = [
        books("chase"),
        *(played(with_rules(allocation=rule()), weather()) for rule in (FirstCome, Proportional)),
    ]
    served = [b.flows["served"].sum(axis=(0, 2)) for b in by_rule]
    assert all((a != b).any() for k, a in enumerate(served) for b in served[:k])


def test_luck_that_is_tampered_with_changes_what_falls_due():
    """The replay above can fail: other signatures fall due otherwise."""
    other = fallen_due(tampered(weather(), 200), 0)
    assert (other != fallen_due(weather(), 0))[200:].any()
