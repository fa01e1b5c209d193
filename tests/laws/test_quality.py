"""Quality and records: lots, repairs, returns, shelf lives and stock records, on the tight company with all of them."""

from collections import deque
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest

from simulator.engine.play import weather_for
from simulator.engine.scenario import load
from simulator.results.kpis import MEASURES, values
from simulator.results.run import simulate
from tests.laws.test_goods import started_of
from tests.laws.tight import FEW_LANES, UNITS, before, kept_for_the_first, near, once, played, row, tampered
from tests.laws.tight import PATH as TIGHT
from tests.laws.tight import scenario as tight

PATH = Path(__file__).with_name("quality.toml")
POLICIES = ["siloed", "chase", "sop", "order-up-to", "pull"]
EVERY = [*((policy, "whole") for policy in POLICIES), ("siloed", "broken"), ("sop", "broken")]
ALMOST = 1e-6


@once
def scenario(units="whole", **changes):
    """The company with quality and records; changes by dotted name with __ for the dots."""
    named = {entry.replace("__", "."): value for entry, value in changes.items()}
    return load(PATH, {"company.whole_units": UNITS[units], **named})


def luck_of(company, replications=range(11)):
    """The luck of some replications."""
    return weather_for(company, company.experiment.seed, list(replications))


@once
def weather(units="whole"):
    """The luck of all replications; shared, so nobody may write into it."""
    return luck_of(scenario(units))


@once
def books(policy, units="whole"):
    """All that one policy did; shared, so nobody may write into it."""
    return next(simulate(scenario(units), policy).books())


# --- goods and hours ---


@pytest.mark.parametrize(("policy", "units"), EVERY)
def test_stock_is_what_was_there_and_came_less_what_went(policy, units):
    """Opening + received + returned - used, shipped, expired and lost = closing."""
    b = books(policy, units)
    n, flows = b.scenario.network, b.flows
    went = flows["consumed"] + flows["expired"] + flows["shrunk"]
    went[:, n.sold] += flows["shipped"]
    came = flows["received"] + flows["returned"]
    expected = before(b.closing["on_hand"], n.opening_stock) + came - went
    np.testing.assert_allclose(b.closing["on_hand"], expected, rtol=0, atol=near(units))


@pytest.mark.parametrize(("policy", "units"), EVERY)
def test_scheduled_receipts_are_released_less_received_and_scrapped(policy, units):
    """What was expected to be good and is not, leaves; nothing else does."""
    b = books(policy, units)
    flows, on_order = b.flows, b.closing["on_order"]
    expected = before(on_order) + flows["released"] - flows["received"] - flows["scrapped"]
    np.testing.assert_allclose(on_order, expected, rtol=0, atol=near(units))
    fixed = np.delete(flows["scrapped"], b.scenario.network.uncertain, axis=1)
    assert not fixed.any()


@pytest.mark.parametrize(("policy", "units"), EVERY)
def test_nothing_is_ever_below_nothing(policy, units):
    """No account and no flow is negative; only a lot may turn out better than expected."""
    b = books(policy, units)
    tables = {**b.flows, **b.closing, **b.memos}
    least = {name: table.min() for name, table in tables.items() if name != "scrapped"}
    assert all(value >= -near(units) for value in least.values()), least
    assert b.flows["scrapped"].min() < 0 < b.flows["scrapped"].max()


@pytest.mark.parametrize("policy", POLICIES)
def test_whole_units_stay_whole(policy):
    """Every account of goods and everything counted is whole, but hours and what releases of broken units call for and leave waiting."""
    b = books(policy)
    hours = ("hours_used", "rework_hours", "called_for", "waiting")
    for name, table in {**b.flows, **b.closing, **b.memos}.items():
        assert name in hours or (table == np.rint(table)).all(), name


def lots(b, item):
    """What was started of an item by day, from the parts that it used; and its record."""
    makers, started, unexplained = started_of(b)
    assert unexplained < ALMOST
    return started[makers.index(item)], b.scenario.company.items[item].make


@pytest.mark.parametrize("item", ["axle", "drive", "crank", "hub"])
@pytest.mark.parametrize(("policy", "units"), EVERY)
def test_a_lot_turns_out_as_its_luck_and_comes_when_it_is_finished(policy, units, item):
    """Good = yield of the day x started, repaired = share x bad; each comes when it should, and is expected until then."""
    b, luck, k = books(policy, units), weather(units), row(books(policy, units), item)
    (started, make), u = lots(b, item), list(b.scenario.network.uncertain).index(k)

    def in_units(amount):
        total = np.cumsum(amount, axis=0)
        total = np.floor(total + ALMOST) if units == "whole" else total
        return np.diff(total, axis=0, prepend=0.0)

    def later(amount, days):
        return np.concatenate([np.zeros_like(amount[:days]), amount[: len(amount) - days]])

    good = in_units(started * luck.yields[:, u])
    repaired = in_units((started - good) * (make.rework.share if make.rework else 0.0))
    expected, wait = b.flows["released"][:, k], make.rework.days if make.rework else 0
    lead = make.lead_time
    arrived = later(good, lead) + later(repaired, lead + wait)
    for name, found, right in (
        ("finished", b.memos["finished"][:, u], later(started, lead)),
        ("faulty", b.memos["faulty"][:, u], later(started - good, lead)),
        ("repaired", b.memos["repaired"][:, u], later(repaired, lead)),
        ("received", b.flows["received"][:, k], arrived),
        ("scrapped", b.flows["scrapped"][:, k], later(expected - good - repaired, lead)),
        ("released", np.cumsum(expected, axis=0), np.cumsum(in_units(started * make.expected_good), axis=0)),
    ):
        np.testing.assert_allclose(found, right, rtol=0, atol=ALMOST, err_msg=name)


@pytest.mark.parametrize("policy", POLICIES)
def test_repairs_take_their_hours_first_and_the_floor_what_is_left(policy):
    """Each working day the hours owed to repairs are worked, as far as there are; the rest waits for the next day."""
    b = books(policy, "whole")
    n, working = b.scenario.network, b.scenario.days.working
    each = np.zeros((len(n.resources), len(n.uncertain)))
    for u, k in enumerate(n.uncertain):
        make = n.items[k].make
        for resource, hours in make.rework.hours.items() if make.rework else ():
            each[n.resources.index(resource), u] = hours
    owed, waited = np.zeros((len(n.resources), 11)), False
    for day in range(len(working)):
        owed = owed + each @ b.memos["repaired"][day]
        found = b.memos["rework_hours"][day]
        assert (found <= owed + ALMOST).all()
        assert working[day] or not found.any()
        if working[day]:  # what is still owed waits since no hour was left
            full = b.hours_used[day] >= n.hours - ALMOST
            assert (full | (found >= owed - ALMOST)).all()
        owed, waited = owed - found, waited or (working[day] and (owed - found).max() > 1)
    assert waited
    assert (b.hours_used >= b.memos["rework_hours"] - ALMOST).all()
    assert (b.hours_used <= (n.hours + n.overtime_limit) * working[:, None, None] + ALMOST).all()


# --- returns ---


@pytest.mark.parametrize("lane", FEW_LANES)
@pytest.mark.parametrize("policy", ["chase", "sop"])
def test_a_share_of_what_is_shipped_comes_back_when_its_luck_says(policy, lane):
    """Units sent back, in plain Python: share of each day's shipments, more in trouble, taken in on a working day."""
    b, luck = books(policy), weather()
    company, days, n = b.scenario.company, b.scenario.days, b.scenario.network
    returning = [s for s, name in enumerate(n.segments) if company.segments[name].returns]
    trouble = company.products["crank"].make.trouble[0]
    first = (trouble.start - company.calendar.start).days
    expected = np.zeros_like(b.memos["sent_back"][..., lane])
    for r, s in enumerate(returning):
        share = np.full((days.count, len(n.products)), company.segments[n.segments[s]].returns.share)
        share[first : first + trouble.days, row(b, "crank")] += trouble.sent_back
        back = np.diff(
            np.floor(np.cumsum(b.flows["served"][:, s, :, lane] * share, axis=0) + ALMOST), axis=0, prepend=0.0
        )
        for day in range(days.count):
            there = day + int(luck.return_days[day, r, lane])
            while there < days.count and not days.working[there]:
                there += 1
            if there < days.count:
                expected[there, s] += back[day]
    np.testing.assert_allclose(b.memos["sent_back"][..., lane], expected, rtol=0, atol=ALMOST)


@pytest.mark.parametrize("policy", POLICIES)
def test_what_comes_back_fit_enters_stock_and_what_may_go_bad_never_does(policy):
    """The share of each segment that is fit to be sold again; nothing that has a shelf life."""
    b = books(policy)
    n, company = b.scenario.network, b.scenario.company
    fit = np.zeros_like(b.flows["returned"][:, n.sold])
    for s, name in enumerate(n.segments):
        if company.segments[name].returns:
            fit += b.memos["sent_back"][:, s] * company.segments[name].returns.restock
    fit = np.diff(np.floor(np.cumsum(fit, axis=0) + ALMOST), axis=0, prepend=0.0)
    for name in ("flange", "grip"):
        assert not b.flows["returned"][:, row(b, name)].any()
        fit[:, row(b, name)] = 0.0
    np.testing.assert_allclose(b.flows["returned"][:, n.sold], fit, rtol=0, atol=ALMOST)


# --- shelf life ---


def expiries(received, issued, lost, opening, life):
    """First expired, first out, as a queue of receipts: what is thrown away by day."""
    shelf, gone = deque([[0, opening]]), []

    def take(units):
        while units > 0 and shelf:
            taken = min(units, shelf[0][1])
            shelf[0][1] -= taken
            units -= taken
            if shelf[0][1] == 0:
                shelf.popleft()

    for day in range(len(received)):
        shelf.append([day, received[day]])
        take(issued[day])
        expired = 0.0
        while shelf and shelf[0][0] <= day - life + 1:
            expired += shelf.popleft()[1]
        gone.append(expired)
        take(lost[day])
    return gone


@pytest.mark.parametrize("lane", FEW_LANES)
@pytest.mark.parametrize("item", ["grip", "flange", "wire", "shaft"])
@pytest.mark.parametrize("policy", POLICIES)
def test_the_oldest_goes_first_and_what_is_past_its_life_is_thrown_away(policy, item, lane):
    """On the evening of its last day, to the unit."""
    b, k = books(policy), row(books(policy), item)
    issued = b.flows["consumed"][:, k, lane].copy()
    if k < len(b.scenario.network.products):
        issued += b.flows["shipped"][:, k, lane]
    record = b.scenario.company.items[item]
    gone = expiries(
        b.flows["received"][:, k, lane], issued, b.flows["shrunk"][:, k, lane], record.opening_stock, record.shelf_life
    )
    np.testing.assert_array_equal(b.flows["expired"][:, k, lane], gone)


# --- records ---

LAST_OF_WEEK = np.arange(397) % 7 == 6


@pytest.mark.parametrize(("policy", "units"), EVERY)
def test_a_record_errs_only_where_bookings_or_losses_made_it_and_no_count_mended_it(policy, units):
    """From one week's losses to the next a record keeps its error, or has none since it was counted or found empty."""
    b = books(policy, units)
    error = b.memos["recorded"] - b.closing["on_hand"]
    kept = np.abs(error - before(error)) <= ALMOST
    mended = np.abs(error) <= ALMOST
    quiet = ~LAST_OF_WEEK
    assert (kept | mended | (b.memos["recorded"] <= ALMOST))[quiet].all()
    counted = (b.memos["counted"] > 0) & quiet[:, None, None]
    assert mended[counted].all()
    assert counted.sum() > 1_000


@pytest.mark.parametrize("policy", POLICIES)
def test_a_picker_who_finds_the_shelf_empty_puts_the_record_right(policy):
    """Where customers wait in the evening for what is kept for nobody, the record says what is there."""
    b = books(policy)
    looked, sold = b.scenario.days.working & ~LAST_OF_WEEK, b.scenario.network.sold
    owed = (b.closing["backlog"].sum(axis=1)[looked] > 0) & ~kept_for_the_first(b)[looked]
    said, shelf = b.memos["recorded"][looked][:, sold], b.closing["on_hand"][looked][:, sold]
    assert owed.sum() > 1_000
    np.testing.assert_array_equal(said[owed], shelf[owed])


@pytest.mark.parametrize("policy", POLICIES)
def test_every_item_is_counted_as_often_as_its_class(policy):
    """On working days, each item as often as one of the classes says, and those of more value more often."""
    b = books(policy)
    times = b.memos["counted"].sum(axis=0)
    assert not b.memos["counted"][~b.scenario.days.working].any()
    assert set(np.unique(b.memos["counted"])) == {0.0, 1.0}
    allowed = [round(397 / days) + spare for days in (10, 25, 60) for spare in (-1, 0, 1)]
    assert np.isin(times, allowed).all()
    assert times[row(b, "drive")].min() > times[row(b, "screw")].max()


def test_planners_see_the_record_and_pickers_meet_the_shelf():
    """Half of the stock goes every month and nobody books it: whoever never counts never orders."""
    words = {
        "name": "leaky",
        "experiment": {"months": 6},
        "suppliers": {"mill": {}},
        "products": {"salt": {"opening_stock": 1000.0, "buy": {"supplier": "mill", "lead_time": {"law": "constant", "mean": 2.0}}}},
        "stockroom": {"shrinkage": 0.5},
    }  # fmt: skip
    policy = {"products": {"rule": "order-up-to", "level": {"salt": 1000.0}}, "supply_plan": "none"}
    blind = simulate(load(words), policy, 2)
    assert blind.daily("released").sum() == 0
    assert blind.daily("on_hand")[0, -1, 0] < 1000 / 2**5
    counted = simulate(load(words | {"stockroom": {"shrinkage": 0.5, "count": {"a": 7, "b": 7, "c": 7}}}), policy, 2)
    assert counted.daily("released").sum() > 0
    assert counted.daily("on_hand")[0, 30:, 0].min() > 500


# --- luck, tomorrow, lanes ---


def tampered_quality(luck, day):
    """The same luck until a day, and much else from then on, yields, returns and bookings among it."""
    other = tampered(luck, day)
    other.yields[day:] *= 0.5
    other.return_days[day:] = 1
    other.misbooked[day // 7 :] *= -1.0
    return other


@pytest.mark.parametrize("policy", POLICIES)
def test_no_policy_sees_tomorrows_quality(policy):
    """No release, start or shipment before a day moves when yields, returns and bookings from that day on are changed."""
    company, cut = scenario(experiment__months=5), int(scenario().days.first_worked[3])
    luck = luck_of(company, range(3))
    one, other = (
        played(policy_of(policy), luck, company),
        played(policy_of(policy), tampered_quality(luck, cut), company),
    )
    for name, table in {**one.flows, **one.closing, **one.memos}.items():
        there = {**other.flows, **other.closing, **other.memos}[name]
        np.testing.assert_array_equal(table[:cut], there[:cut], err_msg=name)
    assert (one.flows["scrapped"][cut:] != other.flows["scrapped"][cut:]).any()


def policy_of(name):
    """A policy of the company."""
    return scenario().policy(name)


@pytest.mark.parametrize(("policy", "units"), [("siloed", "whole"), ("sop", "broken")])
def test_a_replication_is_the_same_alone_in_company_and_in_any_place(policy, units):
    """Lane position never matters, nor in the measures; two months of past sort items differently from lane to lane."""

    def everything(replications):
        company = scenario(units, experiment__months=5, experiment__history=2)
        b = next(simulate(company, policy, replications).books())
        assert len(replications) == 1 or (b.memos["counted"] != b.memos["counted"][..., :1]).any()
        lane = b.replications.index(11)
        found = {**b.flows, **b.closing, **b.memos, "measures": values(b, ["all"])[1]}
        return {name: table[..., lane] for name, table in found.items()}

    together, alone = everything([3, 11, 42, 0]), everything([11])
    for name, table in together.items():
        np.testing.assert_array_equal(table, alone[name], err_msg=name)


NOTHING_TO_DO = {
    "stockroom": {"count": {"a": 7, "b": 7, "c": 7}},
    "segments.key.returns": {"share": 0.0, "days": {"law": "constant", "mean": 5.0}},
    "products.grip.shelf_life": 3_000,
    "products.axle.make.trouble": [{"start": "2024-03-01", "days": 30, "good": 0.9}],
}


def seven_months(policy, changes):
    """The books of the tight company with some changes."""
    return next(simulate(load(TIGHT, {"experiment.months": 7, **changes}), policy, 3).books())


@once
def without_departments(policy):
    """The same company as it is; shared, so nobody may write into it."""
    return seven_months(policy, {})


@pytest.mark.parametrize(
    ("policy", "entry"),
    [("siloed", "all"), ("chase", "all"), ("sop", "all"), *(("sop", entry) for entry in NOTHING_TO_DO)],
)
def test_a_department_with_nothing_to_do_changes_no_bit(policy, entry):
    """Perfect records, no returns, a life longer than the run, a trouble that is none: books as without."""
    changes = NOTHING_TO_DO if entry == "all" else {entry: NOTHING_TO_DO[entry]}
    plain, idle = without_departments(policy), seven_months(policy, deepcopy(changes))
    for name, table in {**plain.flows, **plain.closing, **plain.memos}.items():
        np.testing.assert_array_equal(table, {**idle.flows, **idle.closing, **idle.memos}[name], err_msg=name)


def test_quality_and_records_move_nobody_elses_luck():
    """Demand, lead times, moods and slips are those of the company without them."""
    mine, plain = weather(), luck_of(tight())
    for name in ("signed", "delivery", "past", "mood", "slip"):
        np.testing.assert_array_equal(getattr(mine, name), getattr(plain, name), err_msg=name)
    assert plain.yields is plain.return_days is plain.misbooked is None


def test_another_item_moves_nobody_elses_quality():
    """One more product in front of the parts, and one more yield that varies, leave the luck of all others."""
    aardvark = {"family": "light", "buy": {"supplier": "near", "lead_time": {"law": "constant", "mean": 9.0}}}
    coil = {"components.coil.make.good_spread": 0.1, "components.coil.make.good": 0.9}
    larger, names = load(PATH, {"products.aardvark": aardvark, **coil}), scenario().network
    other, more = luck_of(larger), larger.network
    assert other.yields.shape[1] == 1 + weather().yields.shape[1]
    np.testing.assert_array_equal(other.yields[:, : len(names.uncertain)], weather().yields)
    np.testing.assert_array_equal(other.return_days, weather().return_days)
    np.testing.assert_array_equal(other.misbooked[:, [more.names.index(n) for n in names.names]], weather().misbooked)


def test_yields_have_their_mean_and_spread():
    """Lots of usual days have the mean and deviation that is declared, those of a trouble its mean; none is above one."""
    luck, company = luck_of(scenario(), range(150)), scenario().company
    for u, k in enumerate(scenario().network.uncertain):
        make, drawn = scenario().network.items[k].make, luck.yields[:, u]
        usual = np.ones(len(drawn), dtype=bool)
        for trouble in make.trouble:
            first = (trouble.start - company.calendar.start).days
            usual[first : first + trouble.days] = False
            assert drawn[first : first + trouble.days].mean() == pytest.approx(trouble.good, abs=0.01)
        assert drawn[usual].mean() == pytest.approx(
            make.good, abs=4 * make.good_spread / np.sqrt(drawn[usual].size) + 1e-3
        )
        assert drawn[usual].std() == pytest.approx(make.good_spread, abs=0.005)
        assert 0 <= drawn.min() <= drawn.max() <= 1


def test_all_of_it_happens():
    """Otherwise the laws above prove nothing."""
    b = books("chase")
    n = b.scenario.network
    assert (b.flows["expired"].sum(axis=(0, 2))[n.perishable] > 0).all()
    assert (b.memos["faulty"].sum(axis=(0, 2)) > 0).all()
    assert (b.memos["rework_hours"].sum(axis=(0, 2)) > 0).all()
    assert (b.memos["sent_back"].sum(axis=(0, 2, 3)) > 0).tolist() == [True, True, False]
    assert b.flows["returned"][:, n.sold].any()
    short = b.memos["recorded"] > b.closing["on_hand"]
    assert short.any()
    assert (b.memos["recorded"] < b.closing["on_hand"]).any()


def by_hand(b):
    """What the measures of quality should find, from all days, in plain sums."""
    n, first = b.scenario.network, int(b.scenario.days.month_start[b.scenario.experiment.warm_up])
    memo = {name: b.memos[name][first:].sum(axis=0) for name in ("finished", "faulty", "repaired", "sent_back")}
    flow = {name: b.flows[name][first:].sum(axis=0) for name in ("returned", "expired", "shrunk", "served")}
    sold, cost, years = n.uncertain < len(n.products), n.unit_cost, (len(b.scenario.days.working) - first) / 365.25
    finished, bad, repaired = (memo[name][sold].sum(axis=0) for name in ("finished", "faulty", "repaired"))
    scrap = ((memo["faulty"] - memo["repaired"]) * cost[n.uncertain]).sum(axis=0)
    scrap += ((memo["sent_back"].sum(axis=0) - flow["returned"][n.sold]) * cost[n.sold]).sum(axis=0)
    shelf, said = b.closing["on_hand"][first:], b.memos["recorded"][first:]
    return {
        "final_yield": 1 - (bad - repaired) / finished,
        "first_pass_yield": 1 - bad / finished,
        "scrap_value": scrap / years,
        "return_rate": memo["sent_back"].sum(axis=(0, 1)) / flow["served"].sum(axis=(0, 1)),
        "expired_value": (flow["expired"] * cost).sum(axis=0) / years,
        "shrinkage_value": (flow["shrunk"] * cost).sum(axis=0) / years,
        "record_accuracy": (np.abs(said - shelf) <= 0.02 * shelf).mean(axis=(0, 1)),
    }


@pytest.mark.parametrize("policy", ["chase", "sop"])
def test_measures_of_quality_are_sums_of_the_books(policy):
    """Each beside its own definition, in all lanes; a perfect order is on time in full, and kept."""
    b = books(policy)
    mine = [name for name, m in MEASURES.items() if m.function.__module__ == "simulator.results.kpis.quality"]
    found = dict(zip(mine, values(b, mine)[1], strict=True))
    expected = by_hand(b)
    expected["perfect_order"] = values(b, ["otif"])[1][0] * (1 - expected["return_rate"])
    assert {*expected} == {*found}
    for name, numbers in expected.items():
        np.testing.assert_allclose(found[name], numbers, rtol=1e-9, err_msg=name)
