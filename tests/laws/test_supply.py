"""Suppliers: what is ordered comes, late or rejected some of it; nothing is lost on the way, and nobody sees tomorrow."""

from pathlib import Path

import numpy as np
import pytest

from simulator.engine.play import play, weather_for
from simulator.engine.scenario import load, preset
from simulator.results.kpis import values
from simulator.results.run import simulate
from tests.laws.tight import PATH, before, once
from tests.laws.tight import books as plain_books

SUPPLY = Path(__file__).with_name("supply.toml")
SOURCING = ("shares", "cheapest", "fastest", "by-record")
EXPEDITING = ("none", "cover", "below-safety-stock")
PAIRS = (*((s, "none") for s in SOURCING), *(("shares", e) for e in EXPEDITING[1:]))
UNITS = {"whole": True, "broken": False}
EVERY = [*((*pair, "whole") for pair in PAIRS), ("shares", "cover", "broken"), ("by-record", "none", "broken")]
MONTHS = 9
LANES = range(5)


@once
def scenario(units="whole", months=MONTHS):
    """The company."""
    return load(SUPPLY, {"company.whole_units": UNITS[units], "experiment.months": months})


@once
def weather(units="whole", months=MONTHS):
    """The luck of all replications."""
    return weather_for(scenario(units, months), 5, LANES)


def policy(sourcing="shares", expediting="none", base="sop"):
    """S&OP with other rules of buying."""
    words = {**preset(base).model_dump(), "name": "test", "sourcing": sourcing, "expediting": expediting}
    return scenario().policy(words)


@once
def books(sourcing="shares", expediting="none", units="whole", base="sop"):
    """All that one policy did; shared, so nobody may write into it."""
    found = play(scenario(units), policy(sourcing, expediting, base), weather(units))
    for table in (*found.flows.values(), *found.closing.values(), *found.memos.values()):
        table.flags.writeable = False
    return found


def near(units):
    """Whole units add up exactly, broken ones but for rounding."""
    return 0.0 if units == "whole" else 1e-6


@pytest.mark.parametrize(("sourcing", "expediting", "units"), EVERY)
def test_what_is_ordered_is_on_order_until_it_comes_or_is_sent_back(sourcing, expediting, units):
    """Scheduled receipts = released - received - rejected, for every item, day and lane; none is lost while it waits."""
    b = books(sourcing, expediting, units)
    on_order = b.closing["on_order"]
    expected = before(on_order) + b.flows["released"] - b.flows["received"] - b.flows["rejected"]
    np.testing.assert_allclose(on_order, expected, rtol=0, atol=near(units))
    assert on_order.min() >= -near(units)


@pytest.mark.parametrize(("sourcing", "expediting", "units"), EVERY)
def test_sources_add_up_to_items_and_suppliers(sourcing, expediting, units):
    """Orders, deliveries and rejects by source are those by item; only good units are paid, at the price agreed."""
    b = books(sourcing, expediting, units)
    n, sources, memo = b.scenario.network, b.scenario.network.sources, b.memos
    for item, k in enumerate(n.bought):
        mine = np.flatnonzero(sources.item == item)
        came, bad = memo["came_from"][:, mine].sum(axis=1), memo["rejected_from"][:, mine].sum(axis=1)
        for amount, flow in (
            (memo["ordered_from"][:, mine].sum(axis=1), "released"),
            (bad, "rejected"),
            (came - bad, "received"),
        ):
            np.testing.assert_allclose(amount, b.flows[flow][:, k], rtol=0, atol=near(units), err_msg=flow)
    good = (memo["came_from"] - memo["rejected_from"]) * sources.price
    for supplier in range(len(n.suppliers)):
        mine = good[:, sources.supplier == supplier].sum(axis=1)
        np.testing.assert_allclose(memo["delivered_value"][:, supplier], mine, rtol=1e-12, atol=1e-6)
    assert (memo["on_time"] <= memo["came_from"]).all()
    assert (memo["rejected_from"] <= memo["came_from"] + near(units)).all()
    if units == "whole":
        for name in ("ordered_from", "came_from", "on_time", "rejected_from", "expedited"):
            assert (memo[name] == np.rint(memo[name])).all(), name


def until_back(down, day):
    """The first day from this one on that is not down; days beyond the run are well."""
    while day < len(down) and down[day] > 0:
        day += 1
    return day


class Clerk:
    """One source in one lane in plain Python: a capacity book, a calendar, first in first out."""

    def __init__(self, b, luck, row, lane):
        n = b.scenario.network.sources
        self.record, self.days = n.records[row], b.scenario.days
        out = luck.outages.share[..., lane]
        self.supplier, self.route = out[:, n.outage_of_supplier[row]], out[:, n.outage_of_route[row]]
        self.lead = luck.delivery[:, row, lane]
        multiple = self.record.multiple
        most = np.inf if self.record.capacity is None else self.record.capacity
        self.monthly = np.floor(most / multiple) * multiple if multiple and most < np.inf else most
        self.left, self.queue, self.last, self.due, self.on_time = 0.0, 0.0, 0, {}, {}
        self.waited = self.held = 0

    def morning(self, day):
        """A new month: what waited is taken on first."""
        if day in self.days.month_start:
            self.left = self.monthly
            taken = min(self.queue, self.left)
            self.queue -= taken
            self.take_on(day, taken, False)

    def evening(self, day, units):
        """An order comes in; what does not fit into the month waits."""
        taken = min(units, self.left)
        self.queue += units - taken
        self.take_on(day, taken, True)

    def take_on(self, day, units, punctual):
        """Post what is taken on: it waits for the supplier, then travels, then waits for the lane."""
        self.left -= units
        late = float(np.ceil(units * self.supplier[day] - 1e-9))
        for amount, start in ((units - late, day), (late, until_back(self.supplier, day))):
            if amount > 0:
                self.held += amount * (start > day)
                arrival = start + int(self.lead[day])
                if not self.record.overtaking:
                    arrival = max(arrival, self.last)
                if start == day or amount == units:
                    self.last = max(arrival, self.last)
                self.arrive(day, amount, arrival, punctual)

    def arrive(self, day, units, arrival, punctual):
        """Through the lane and the inspection."""
        share = self.route[arrival] if arrival < len(self.route) else 0.0
        late = float(np.ceil(units * share - 1e-9))
        mean = self.record.lead_time.mean
        promise = self.record.promise or np.ceil(max(1.0, mean if self.record.lead_time.sd else round(mean)) - 1e-9)
        for amount, when in ((units - late, arrival), (late, until_back(self.route, arrival))):
            self.waited += amount * (when > arrival)
            in_stock = when + self.record.inspection_days
            self.due[in_stock] = self.due.get(in_stock, 0.0) + amount
            if punctual and in_stock <= day + promise + self.record.inspection_days:
                self.on_time[in_stock] = self.on_time.get(in_stock, 0.0) + amount


@once
def replayed(sourcing, lane):
    """Every source that has its item alone, followed by a clerk: [(row, clerk)]."""
    b, luck, found = books(sourcing), weather(), []
    n = b.scenario.network.sources
    for row in range(len(n.records)):
        if (n.item == n.item[row]).sum() > 1 and n.records[row].capacity is not None:
            continue  # whether it waits here or goes to another is not in the books
        clerk = Clerk(b, luck, row, lane)
        for day in range(b.scenario.days.count):
            clerk.morning(day)
            clerk.evening(day, b.memos["ordered_from"][day, row, lane])
        found.append((row, clerk))
    return found


@pytest.mark.parametrize("lane", [0, 3])
@pytest.mark.parametrize("sourcing", SOURCING)
def test_every_delivery_is_an_order_followed_by_hand(sourcing, lane):
    """Outages, closed lanes, inspection, capacity and first in, first out: a clerk finds every delivery and if it was in time."""
    b = books(sourcing)
    for row, clerk in replayed(sourcing, lane):
        for memo, due in (("came_from", clerk.due), ("on_time", clerk.on_time)):
            expected = [due.get(day, 0.0) for day in range(b.scenario.days.count)]
            name = f"{b.scenario.network.sources.names[row]}: {memo}"
            np.testing.assert_array_equal(b.memos[memo][:, row, lane], expected, err_msg=name)


def test_the_clerk_had_something_to_do():
    """Suppliers who are out and lanes that are closed hold something up."""
    clerks = [clerk for lane in (0, 3) for _, clerk in replayed("shares", lane)]
    assert sum(clerk.held for clerk in clerks) > 100
    assert sum(clerk.waited for clerk in clerks) > 100


@pytest.mark.parametrize("sourcing", SOURCING)
def test_no_source_delivers_more_than_its_capacity(sourcing):
    """Until the end of each month, what came from a source is at most what it could take on in the months so far."""
    b = books(sourcing)
    sources, days = b.scenario.network.sources, b.scenario.days
    waited = 0.0
    for row in np.flatnonzero(np.isfinite(sources.capacity[:, 0])):
        could = sources.capacity[row, 0] * (days.month + 1.0)
        came, ordered = (np.cumsum(b.memos[memo][:, row], axis=0) for memo in ("came_from", "ordered_from"))
        assert (came <= could[:, None] + 1e-9).all()
        waited += np.maximum(ordered - could[:, None], 0.0).max()
    assert waited > 0, "no order ever had to wait for its month"


def test_orders_keep_the_lots_of_their_source():
    """At least the minimum and a multiple, whoever is asked; but for what fills up a month's capacity."""
    b = books("shares")
    for row, record in enumerate(b.scenario.network.sources.records):
        ordered = b.memos["ordered_from"][:, row]
        ordered = ordered[ordered > 0]
        if record.capacity is None:
            assert (ordered >= record.minimum_order).all()
        if record.multiple:
            np.testing.assert_array_equal(ordered % record.multiple, 0.0)


def test_shares_are_kept_over_time():
    """Where nobody is out or full, orders add up to the shares, but for a lot or two."""
    quiet = load(SUPPLY, {"disruptions": [], "experiment.months": MONTHS})
    b = play(quiet, policy("shares"), weather_for(quiet, 5, LANES))
    mine = np.flatnonzero(
        quiet.network.sources.item == list(quiet.network.bought).index(quiet.network.names.index("screw"))
    )
    ordered = b.memos["ordered_from"][:, mine].sum(axis=0)
    biggest = b.memos["ordered_from"][:, mine].max()
    np.testing.assert_array_less(np.abs(ordered - ordered.sum(axis=0) * quiet.network.sources.share[mine]), 2 * biggest)


def test_rules_choose_differently():
    """The cheapest, the fastest and the best get more than the others give them."""
    n = scenario().network
    mine = np.flatnonzero(n.sources.item == list(n.bought).index(n.names.index("screw")))
    part = {}
    for rule in SOURCING:
        ordered = books(rule).memos["ordered_from"][:, mine].sum(axis=(0, 2))
        part[rule] = ordered / ordered.sum()
    cheap, quick = 2, 1
    assert part["cheapest"][cheap] > 0.8
    assert part["fastest"][quick] > 0.8
    assert np.argmax(part["by-record"]) == cheap
    assert part["shares"].min() > 0.1


@pytest.mark.parametrize("expediting", EXPEDITING[1:])
def test_express_costs_its_premium_and_comes_sooner(expediting):
    """Only where it is offered, never more than is ordered, at price x premium; and what is traded is owed less."""
    b = books("shares", expediting)
    n, sources, express = b.scenario.network, b.scenario.network.sources, b.memos["expedited"]
    offered = sources.by_item((sources.express_days > 0) * 1.0)[:, 0] > 0
    assert not express[:, ~offered].any()
    used = express.sum(axis=(0, 2)) > 0
    assert used[[list(n.bought).index(n.names.index(name)) for name in ("flange", "chip")]].all()
    assert (express <= b.flows["released"][:, n.bought]).all()
    extra = sources.price * sources.premium
    quick = np.flatnonzero(sources.express_days[:, 0])  # one a bought item
    worth = sum(extra[row, 0] * express[:, sources.item[row]].sum() for row in quick)
    assert b.memos["expedite_value"].sum() == pytest.approx(worth)
    flange = n.products.index("flange")  # traded: nothing but the express order helps it
    owed = [
        x.closing["backlog"][:, :, flange].sum() + x.flows["lost"][:, :, flange].sum() for x in (books("shares"), b)
    ]
    assert owed[1] < owed[0]


def test_sites_that_are_out_give_fewer_hours():
    """Hours used are within what is left of the line, which is all used at times; the rest of the time they are more."""
    b = books()
    n, out = b.scenario.network, b.memos["outage"][:, n_of(b, "resource", "line")]
    there = n.hours[0] * (1 - out)
    limit = (n.hours[0] + n.overtime_limit[0]) * (1 - out)
    used = b.memos["hours_used"][:, 0]
    assert (used <= limit * (1 + 1e-12)).all()
    assert ((out > 0) & (used >= there * (1 - 1e-9))).any()
    assert used[out == 0].max() > limit[out > 0].max()
    working = b.scenario.days.working[:, None]
    np.testing.assert_allclose(b.hours_there[:, 0], there * working, rtol=1e-12)
    assert (b.overtime_hours[:, 0] <= n.overtime_limit[0] * (1 - out) * (1 + 1e-9)).all()
    assert (b.overtime_hours[:, 0][out > 0] > 0).any()


def n_of(b, *thing):
    """Where something that can be out stands."""
    return b.scenario.network.sources.disrupted.index(thing)


def test_planners_order_ahead_of_a_shut_supplier_they_are_warned_of():
    """In the days before, more is ordered from the works that will be shut than without a word."""
    deaf = load(SUPPLY, {"disruptions.0.warning": 0, "experiment.months": MONTHS})
    day = (np.datetime64("2024-04-10") - scenario().days.first).astype(int)
    told = books().memos["ordered_from"][day - 12 : day]
    untold = play(deaf, policy(), weather_for(deaf, 5, LANES)).memos["ordered_from"][day - 12 : day]
    near_ = scenario().network.sources.supplier == scenario().network.suppliers.index("near")
    assert told[:, near_].sum() > 1.2 * untold[:, near_].sum()


# --- what suppliers never change ---


def test_suppliers_with_nothing_to_them_change_no_bit():
    """A capacity that never binds, and the tight company does all that it did."""
    boundless = load(PATH, {"components.chip.buy.capacity": 1e12})
    assert "ordered_from" in next(simulate(boundless, "sop").books()).memos
    for rule in ("sop", "order-up-to"):
        mine, known = next(simulate(boundless, rule).books()), plain_books(rule)
        for name, table in {**known.flows, **known.closing}.items():
            np.testing.assert_array_equal({**mine.flows, **mine.closing}[name], table, err_msg=name)


@pytest.mark.parametrize(("sourcing", "expediting"), [("by-record", "cover"), ("shares", "below-safety-stock")])
def test_a_replication_is_the_same_alone_in_company_and_in_any_place(sourcing, expediting):
    """Lane position never matters."""
    rule = policy(sourcing, expediting)

    def everything(replications):
        found = next(simulate(scenario(months=6), rule, replications, 5).books())
        lane = found.replications.index(3)
        return {name: table[..., lane] for name, table in {**found.flows, **found.closing, **found.memos}.items()}

    together, alone, turned = everything([3, 0, 4]), everything([3]), everything([4, 3])
    for name, table in together.items():
        np.testing.assert_array_equal(table, alone[name], err_msg=name)
        np.testing.assert_array_equal(table, turned[name], err_msg=name)


def test_another_disruption_moves_nobody_elses_luck():
    """An outage more, in front of the others, leaves lead times, lots and all other outages as they were."""
    words = [d.model_dump(mode="json", exclude_none=True) for d in scenario().company.disruptions]
    more = {"resource": "test", "rate": 6.0, "length": {"law": "gamma", "mean": 5.0, "sd": 2.0}}
    other = load(SUPPLY, {"disruptions": [more, *words], "experiment.months": MONTHS})
    one, two = weather(), weather_for(other, 5, LANES)
    there = [other.network.sources.disrupted.index(thing) for thing in scenario().network.sources.disrupted]
    np.testing.assert_array_equal(one.outages.share[:, :-1], two.outages.share[:, there])
    np.testing.assert_array_equal(one.delivery, two.delivery)
    np.testing.assert_array_equal(one.rejects, two.rejects)
    assert two.outages.share[:, 0].any()


def test_a_longer_horizon_leaves_earlier_luck_unchanged():
    """Two months more move nothing of the months before, but how long what is out at the end stays so."""
    short, long = weather(months=5).outages, weather(months=7).outages
    days = len(short.share)
    for name in ("share", "told_until", "told_from", "told_share"):
        np.testing.assert_array_equal(getattr(short, name), getattr(long, name)[:days], err_msg=name)
    well = short.delay + np.arange(days)[:, None, None] < days
    np.testing.assert_array_equal(short.delay[well], long.delay[:days][well])


@pytest.mark.parametrize("rules", [("by-record", "cover"), ("fastest", "below-safety-stock")])
@pytest.mark.parametrize("cut", [100, 190])
def test_no_rule_sees_tomorrow(rules, cut):
    """Nothing before a day moves when what is out, rejected and late from that day on is different."""
    from copy import deepcopy

    other = deepcopy(weather())
    later = slice(cut, None)
    other.delivery[later] += 5
    other.rejects[later] = 0.5
    other.outages.share[later, :-1] = 0.7
    other.outages.delay[later, :-1] = 3
    other.outages.told_from[later, :-1], other.outages.told_until[later, :-1] = cut, cut + 40
    other.outages.told_share[later, :-1] = 1.0
    one, two = books(*rules), play(scenario(), policy(*rules), other)
    for name in ("released", "consumed", "shipped"):
        np.testing.assert_array_equal(one.flows[name][:cut], two.flows[name][:cut], err_msg=name)
        assert (one.flows[name][cut:] != two.flows[name][cut:]).any()
    np.testing.assert_array_equal(one.memos["expedited"][:cut], two.memos["expedited"][:cut])


def test_what_waits_for_its_month_comes_later():
    """Steel beyond the capacity of both makers comes all the same: after the last order everything is delivered."""
    words = {"experiment.months": 4, "disruptions": [], "components.steel.buy.reject": 0.0}
    lone = load(SUPPLY, words)
    b = play(lone, policy(), weather_for(lone, 5, LANES))
    n = lone.network.sources
    late = 0.0
    for row in np.flatnonzero(np.isfinite(n.capacity[:, 0])):
        ordered, came = (np.cumsum(b.memos[memo][:, row], axis=0) for memo in ("ordered_from", "came_from"))
        could = n.capacity[row, 0] * (lone.days.month + 1.0)[:, None]
        start = lone.days.month_start[1:-1]
        # What was ordered in a month beyond what it could do is there a while into the months after.
        there = came[np.minimum(start + 27, lone.days.count - 1)]
        needed = np.minimum(ordered[start - 1], could[start])
        late += np.maximum(ordered[start - 1] - could[start - 1], 0.0).sum()
        assert (there >= needed - 1e-9).mean() > 0.9
    assert late > 0


def test_planners_are_told_no_sooner_than_the_warning():
    """Of the shut works they know from the warning on and not a day before; of a law that varies they know the mean only."""
    company, out = scenario(), weather().outages
    row = company.network.sources.disrupted.index(("supplier", "near"))
    day = (np.datetime64("2024-04-10") - company.days.first).astype(int)
    knows = out.told_until[:, row, 0] > 0
    np.testing.assert_array_equal(np.flatnonzero(knows), np.arange(day - 12, day + 19))
    assert (out.told_until[knows, row, 0] == day + 19).all()
    lane = company.network.sources.disrupted.index(("route", "sea"))
    first = (out.told_until[:, lane] > 0) & (np.arange(len(out.share))[:, None] < out.told_from[:, lane])
    length = (out.told_until - out.told_from)[:, lane][first]
    assert first.any()
    assert (length == 9).all()


def test_measures_are_ratios_of_what_is_in_the_books():
    """On time, rejected, price and express in value at cost, disruption in days; nothing where nobody counts."""
    names = ["supplier_on_time", "reject_rate", "purchase_price", "expedited_share", "disruption_days"]
    b = books("shares", "cover")
    n, memo, first = b.scenario.network, b.memos, int(b.scenario.days.month_start[b.scenario.experiment.warm_up])
    cost = n.unit_cost[n.bought]

    def worth(name, each):
        return (memo[name][first:].sum(axis=0) * each).sum(axis=0)

    by_source = cost[n.sources.item]
    came, bad = worth("came_from", by_source), worth("rejected_from", by_source)
    expected = [
        worth("on_time", by_source) / came,
        bad / came,
        memo["delivered_value"][first:].sum(axis=(0, 1)) / (came - bad),
        worth("expedited", cost) / worth("ordered_from", by_source),
        memo["outage"][first:].sum(axis=(0, 1)),
    ]
    _, found = values(b, names)
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert (found > 0).any(axis=1).all()  # each is at work in some replication; express is rare
    _, unknown = values(plain_books("sop"), names)
    assert np.isnan(unknown).all()
