"""Every constraint of the tight company binds somewhere: otherwise the laws on it prove nothing."""

import numpy as np
import pytest

from tests.laws.test_goods import arrivals, overtime_in_force, started_of
from tests.laws.tight import POLICIES, before, books, releases, row, scenario, weather


def prime(number):
    """Whether nothing divides it."""
    return number > 1 and all(number % k for k in range(2, int(number**0.5) + 1))


def test_axes_are_distinct_primes():
    """No axis passes for another."""
    n, experiment = scenario().network, scenario().experiment
    axes = [
        len(n.resources), len(n.segments), len(n.families), len(n.products), experiment.replications,
        experiment.months, len(n.names), experiment.history, scenario().days.count,
    ]  # fmt: skip
    assert axes == [2, 3, 5, 7, 11, 13, 17, 19, 397]
    assert all(prime(axis) for axis in axes)


@pytest.mark.parametrize("policy", POLICIES)
def test_stock_is_short_for_every_product_and_for_every_part(policy):
    """Each product has days on which someone waits; each part runs out, but for what one unit of each user takes."""
    b = books(policy)
    waiting = (b.closing["backlog"] + b.flows["lost"]).sum(axis=(0, 1, 3))
    assert (waiting > 0).all()
    in_one_of_each = b.scenario.network.bill.matrix.sum(axis=1)
    for part in ("hub", "shaft", "coil", "steel", "bolt", "chip", "wire", "screw"):
        k = row(b, part)
        assert (b.closing["on_hand"][:, k] <= in_one_of_each[k]).any(), part


@pytest.mark.parametrize("policy", POLICIES)
def test_resources_are_full(policy):
    """On some days no hour of a resource is left."""
    b = books(policy)
    there = (b.scenario.network.hours + overtime_in_force(b)) * b.scenario.days.working[:, None, None]
    full = (b.hours_used >= there * (1 - 1e-9)) & (there > 0)
    assert full.any(axis=(0, 2)).all()


def test_overtime_is_authorised_and_worked():
    """Where it may be, hours beyond the regular ones are worked."""
    b = books("sop")
    assert (b.hours_used > b.scenario.network.hours + 1e-6).any(axis=(0, 2)).all()


def test_the_shared_part_is_what_holds_production_back():
    """On some days the chips are gone and all who use them wait: customers for cranks and drives, drives for coils."""
    b = books("chase")
    gone = b.closing["on_hand"][:, row(b, "chip")] <= 3
    owed = b.closing["backlog"].sum(axis=1)[:, [row(b, "crank"), row(b, "drive")]].min(axis=1) > 0
    idle = b.hours_used[:, 1] < 0.9 * b.scenario.network.hours[1]
    assert (gone & owed & idle).sum() > 10


def test_a_product_goes_into_another_and_is_short_for_both():
    """Brackets are sold and used, and run out."""
    b = books("chase")
    k = row(b, "bracket")
    assert b.flows["consumed"][:, k].any()
    assert b.flows["shipped"][:, k].any()
    assert ((b.closing["on_hand"][:, k] == 0) & (b.closing["backlog"][:, :, k].sum(axis=1) > 0)).any()


def test_patience_ends_in_one_segment_at_once_in_another_later_and_never_in_the_third():
    """Walk-ins are lost on the day, shops after six days of waiting, key accounts never."""
    b = books("chase")
    assert scenario().network.segments == ["key", "shop", "walk-in"]
    lost, owed = b.flows["lost"].sum(axis=(0, 2, 3)), b.closing["backlog"].sum(axis=(0, 2, 3))
    assert lost[0] == 0 < owed[0]
    assert lost[1] > 0 < owed[1]
    assert lost[2] > 0 == owed[2]


def test_ranks_matter():
    """On some days a product goes to one segment while another gets none of what it wants."""
    b = books("chase")
    left = b.closing["backlog"] + b.flows["lost"]
    starved = (b.flows["served"][:, 0] > 0) & (left[:, 2] > 0) & (b.flows["served"][:, 2] == 0)
    split = (b.flows["served"][:, 1] > 0) & (left[:, 1] > 0)
    assert starved.any()
    assert split.any()


def test_first_in_first_out_holds_back_deliveries_and_overtaking_happens():
    """Some orders wait for an earlier one at a supplier; at another some pass it."""
    b, luck = books("order-up-to"), weather()
    held = {}
    for bought, k in enumerate(b.scenario.network.bought):
        each = (
            arrivals(b.flows["released"][:, k, lane], luck.delivery[:, bought, lane], False)[1] for lane in range(11)
        )
        held[b.scenario.network.names[k]] = sum(each)
    assert min(held[name] for name in ("flange", "steel", "bolt", "sheet", "chip", "wire", "screw")) > 0, held
    assert scenario().company.components["sheet"].buy.overtaking
    assert held["label"] == 0


@pytest.mark.parametrize(("item", "least"), [("flange", 50.0), ("bolt", 120.0), ("screw", 150.0), ("chip", 20.0)])
def test_minimum_orders_bind(item, least):
    """Some orders are as small as the supplier takes, and some are larger."""
    ordered = np.concatenate(
        [books(policy).flows["released"][:, row(books(policy), item)].ravel() for policy in POLICIES]
    )
    assert ordered[ordered > 0].min() == least < ordered.max()


def test_batches_bind():
    """Some releases to the floor are one batch."""
    smallest = {}
    for _, rows, answer in [*releases("chase"), *releases("reorder-point")]:
        for k, mine in zip(rows, answer, strict=True):
            if mine.any():
                smallest[k] = min(smallest.get(k, np.inf), mine[mine > 0].min())
    for name in ("bracket", "shaft"):
        assert smallest[scenario().network.names.index(name)] == scenario().company.items[name].make.batch


def test_yield_costs_units():
    """Fewer come into stock than are started, and not every day by a whole unit."""
    b = books("chase")
    makers, started, _ = started_of(b)
    good = b.flows["released"][:, row(b, "drive")]
    lost = started[makers.index("drive")] - good
    assert lost.sum() > 0.15 * good.sum()
    assert (np.abs(lost - 0.2 * started[makers.index("drive")]) > 0.1).any()


def test_days_off_postpone_orders_and_whole_weeks_are_off():
    """Orders fall due on another day than asked for, a week has no working day, the first day is none."""
    days = scenario().days
    assert not days.working[0]
    off = ~days.working
    assert any(off[k : k + 7].all() for k in range(days.count))
    asked = weather().signed[:, 1].sum(axis=(1, 2)) > 0
    assert off[np.flatnonzero(asked[:-9]) + 2].any()


def test_contracts_frames_and_projects_happen():
    """Contracts are signed ahead, call-offs slip, deals are won, lost and slip; some are older than the first day."""
    luck, n = weather(), scenario().network
    signings = {name: luck.signings.product == n.products.index(name) for name in ("axle", "drive", "crank")}
    assert all(mine.sum() > 20 for mine in signings.values())
    assert ((luck.signings.due - luck.signings.day) > 60).any()
    assert (luck.signings.day == 0).any()
    held, called = luck.frames.quantity > 0, luck.frames.quantity < 0
    late = scenario().days.month[luck.frames.day[called]] > luck.frames.month[called]
    assert 0 < late.sum() < called.sum()
    assert held.any()
    deals = np.unique(luck.projects.weight[luck.projects.day > 0]).size
    assert 0.3 * deals < signings["crank"].sum() < 0.7 * deals  # some are lost
    times_in_sight = np.unique(luck.projects.weight[luck.projects.quantity > 0], return_counts=True)[1]
    assert times_in_sight.max() > 2  # some slip, a month at a time


def test_the_order_book_is_deep():
    """Orders wait in the book for their day, up to months."""
    book = books("chase").closing["order_book"]
    assert (book.sum(axis=(1, 2))[1:] > 0).all()


def test_receipts_come_on_days_off():
    """Deliveries do not keep office hours."""
    b = books("chase")
    assert b.flows["received"][~b.scenario.days.working].any()
    assert (before(b.closing["on_hand"])[1:] != b.closing["on_hand"][1:]).any()
