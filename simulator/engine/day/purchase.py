"""Purchase: orders go to suppliers, who deliver them, late or rejected some of them; what is out is noticed."""

from __future__ import annotations

import numpy as np

from simulator.engine.departments import Purchasing
from simulator.engine.firm import Firm
from simulator.kernel.lanes import TINY, lots
from simulator.kernel.units import Array, Whole
from simulator.world.view import read_only

Parcel = tuple[Array, Whole]
"""Units that travel together, and the day they are at: (sources, lanes) each."""


def watch_suppliers(firm: Firm) -> None:
    """Each morning note who is out; on the first of a month suppliers take on what had to wait for it."""
    buying = firm.purchasing
    assert buying is not None
    buying.sent[firm.today % len(buying.sent)] = 0.0
    things, out = len(buying.sources.disrupted), firm.weather.outages
    if out:
        firm.ledger.note("outage", out.share[firm.today, :things])
        firm.ledger.note("told_until", out.told_until[firm.today, :things].astype(np.float64))
    asked = asked_express(firm)
    if asked is not None:
        pull_in(firm, buying, asked)
    if firm.today in firm.days.month_start:
        buying.left[:] = buying.monthly
        if buying.waiting.any():
            taken_on = np.minimum(buying.waiting, buying.left)
            buying.left -= taken_on
            buying.waiting -= taken_on
            send(firm, buying, taken_on, punctual=False)


def place_orders(firm: Firm, ordered: Array) -> None:
    """Share tonight's orders, (bought items, lanes), out to their sources; some go express; orders beyond their limits wait."""
    buying, n, bought = firm.purchasing, firm.network, firm.network.bought
    assert buying is not None
    taken_on, waiting = shared_out(firm, buying, ordered)
    buying.waiting += waiting
    by_source = taken_on + waiting
    buying.ordered += by_source
    firm.ledger.note("ordered_from", by_source)
    firm.ledger.move("released", n.sources.by_item(by_source), bought)
    express = in_a_hurry(firm, buying, n.sources.by_item(by_source), taken_on)
    if express is not None:
        firm.ledger.note("expedited", n.sources.by_item(express))
        extra = express * n.sources.price * n.sources.premium
        firm.ledger.note("expedite_value", buying.to_supplier.flow(extra))
        send_express(firm, buying, express)
        firm.register.sent_express(n.sources.by_item(express))
        taken_on = taken_on - express
    send(firm, buying, taken_on)


def pull_in(firm: Firm, buying: Purchasing, wanted: Array) -> None:
    """Have open orders come express, those due soonest first, as far as their source offers it and it makes them come sooner."""
    n, books = buying.sources, [buying.dock, buying.punctual]
    delivers = ~buying.shut() + np.zeros((1, firm.lanes))
    books += [] if buying.bad is None else [buying.bad]
    for row in np.flatnonzero(n.express_days[:, 0] > 0):
        if not wanted[n.item[row]].any():
            continue
        item, first = int(n.item[row]), int(n.express_days[row, 0] + n.inspection[row, 0])
        hurried, left = np.zeros(firm.lanes), wanted[item]
        soon, days = (firm.today + first) % len(buying.dock), firm.today + np.arange(first + 1, len(buying.dock))
        later = days % len(buying.dock)
        for late in later[buying.dock[later, row].any(axis=-1)].tolist():
            if not left.any():
                break
            there = buying.dock[late, row]
            moved = np.minimum(there, left * delivers[row])
            moved = np.floor(moved + TINY) if firm.company.whole_units else moved
            share = moved / np.maximum(there, TINY)
            buying.express[soon, row] += there * share
            for book in books:
                part = book[late, row] * share
                book[late, row] -= part
                book[soon, row] += part
            hurried = hurried + moved
            left = wanted[item] - hurried
        if hurried.any():
            note_express(firm, buying, int(row), hurried)
            firm.register.to_come_express[item] -= hurried


def note_express(firm: Firm, buying: Purchasing, row: int, units: Array) -> None:
    """Count units of a source that come express, and their extra price."""
    n = buying.sources
    by_source = np.zeros((len(n.records), firm.lanes))
    by_source[row] = units
    firm.ledger.note("expedited", n.by_item(by_source))
    firm.ledger.note("expedite_value", buying.to_supplier.flow(by_source * n.price * n.premium))


# --- who gets the order ---


def shared_out(firm: Firm, buying: Purchasing, ordered: Array) -> tuple[Array, Array]:
    """Share orders out to sources in the order of the policy's rule; the rest waits at the first source for next month."""
    n, rows = buying.sources, len(buying.sources.records)
    taken_on, waiting = np.zeros((rows + 1, firm.lanes)), np.zeros((rows + 1, firm.lanes))
    alone = ordered[n.item[n.alone]]
    taken_on[n.alone] = np.minimum(alone, buying.left[n.alone])
    waiting[n.alone] = alone - taken_on[n.alone]
    if n.shared.size:
        asked, lanes, rest = asked_in_turn(firm, buying), np.arange(firm.lanes), ordered[n.shared]
        for turn in asked:
            wanted, fits = in_lots(buying, rest, turn)
            taken_on[turn, lanes] += fits
            rest = np.maximum(wanted - fits, 0.0)
        waiting[asked[0], lanes] += rest
    buying.left -= taken_on[:rows]
    return taken_on[:rows], waiting[:rows]


def asked_in_turn(firm: Firm, buying: Purchasing) -> list[Whole]:
    """Order the sources of each item with several, (shared items, lanes) each; sources known to be shut come last."""
    n, rule = buying.sources, firm.policy.sourcing
    answer = np.asarray(rule(firm.view), dtype=np.float64) + np.zeros((1, firm.lanes))
    rank = firm.checked(answer, (len(n.records), firm.lanes), rule)
    nobody = np.full((1, firm.lanes), np.inf)
    figure = np.concatenate([rank, nobody])[n.slots]
    shut = np.concatenate([buying.shut() + np.zeros((1, firm.lanes)), nobody])[n.slots]
    turns = np.lexsort((figure, shut), axis=1)
    places = np.take_along_axis(n.slots[:, :, None] + np.zeros_like(turns), turns, axis=1)
    return list(np.moveaxis(places, 1, 0))


def in_lots(buying: Purchasing, units: Array, turn: Whole) -> tuple[Array, Array]:
    """Round an order to the lots of the source that is asked, and return the part that fits into its month."""
    n, lanes = buying.sources, np.arange(units.shape[-1])
    minimum, multiple = (np.append(figure[:, 0], 0.0)[turn] for figure in (n.minimum, n.multiple))
    room = np.concatenate([buying.left, np.zeros((1, len(lanes)))])[turn, lanes]
    nobody = turn == len(n.records)
    wanted = np.where(nobody, units, lots(units, minimum, multiple))
    fits = np.where(room >= minimum, np.minimum(wanted, room), 0.0)
    return wanted, np.where(nobody, 0.0, fits)


def in_a_hurry(firm: Firm, buying: Purchasing, ordered: Array, taken_on: Array) -> Array | None:
    """Return the part of tonight's orders that goes express, (sources, lanes); None if no source offers that."""
    n, rule = buying.sources, firm.policy.expediting
    answer = rule(firm.view, read_only(ordered)) if n.express_days.any() else None
    asked = asked_express(firm) if n.express_days.any() else None
    if asked is not None:
        answer = np.minimum(ordered, asked) if answer is None else np.maximum(answer, np.minimum(ordered, asked))
    if answer is None:
        return None
    wanted = np.minimum(firm.checked(answer, ordered.shape, rule), ordered)
    share = np.where(ordered > 0, wanted / np.maximum(ordered, TINY), 0.0)[n.item]
    express = np.where(n.express_days > 0, taken_on * share, 0.0)
    if firm.company.whole_units:
        express = np.minimum(np.ceil(express - TINY), taken_on)
    return express


def asked_express(firm: Firm) -> Array | None:
    """Units left to come express by the approved option and by the month's decisions, once the executives have met.

    (bought items, lanes); None for nothing.
    """
    asked, month = firm.register.express_today, firm.view.month
    if not firm.decided.expedites:
        return asked
    decided = [
        d for d in firm.decided.expedites if d.taken < month or d.taken in firm.plans.made_in or not firm.holds_cycles
    ]
    so_far = firm.ledger.memo["expedited"][int(firm.days.month_start[month]) : firm.today + 1].sum(axis=0)
    left = firm.decided.express(decided, month, so_far)
    return asked if left is None else left if asked is None else np.maximum(asked, left)


# --- when it comes ---


def send(firm: Firm, buying: Purchasing, units: Array, punctual: bool = True) -> None:
    """Post what suppliers took on to the days on which it passes inspection; what had to wait for them is not punctual."""
    rows = np.flatnonzero(units.any(axis=1))
    if not rows.size:
        return
    n, today = buying.sources, firm.today
    buying.sent[today % len(buying.sent), rows] += units[rows]
    lead = firm.weather.delivery[today, rows].astype(np.int64)
    for amount, day in arrivals(firm, buying, rows, units[rows], lead):
        in_stock = day + n.inspection[rows]
        in_time = punctual & (in_stock <= today + n.promise[rows])
        post(firm, buying, rows, amount, in_stock, amount * in_time)


def arrivals(firm: Firm, buying: Purchasing, rows: Whole, units: Array, lead: Whole) -> list[Parcel]:
    """Return the days on which an order is at the dock, after waiting for a supplier who is out and for a closed lane.

    First in, first out, unless overtaking is allowed; but what a supplier who is partly out still sends does not
    wait for the part that it holds back.
    """
    n, last = buying.sources, buying.last_arrival[rows]
    today = np.full(units.shape, firm.today)
    parcels: list[Parcel] = []
    for amount, start in held_up(firm, units, today, n.outage_of_supplier[rows]):
        day = np.where(n.overtaking[rows], start + lead, np.maximum(start + lead, last))
        whole = (amount > 0) & ((start == firm.today) | (amount == units))
        buying.last_arrival[rows] = np.where(whole, np.maximum(day, last), last)
        last = buying.last_arrival[rows]
        parcels += held_up(firm, amount, day, n.outage_of_route[rows])
    return parcels


def held_up(firm: Firm, units: Array, day: Whole, things: Whole) -> list[Parcel]:
    """Split units into those that pass a supplier or a lane on that day, and those that wait until it is back."""
    out = firm.weather.outages
    if out is None or (things == out.share.shape[1] - 1).all():
        return [(units, day)]
    when, lanes = np.minimum(day, len(out.share) - 1), np.arange(units.shape[-1])
    share, delay = out.share[when, things[:, None], lanes], out.delay[when, things[:, None], lanes]
    waits = units * share
    if firm.company.whole_units:
        waits = np.ceil(waits - TINY)
    if not waits.any():
        return [(units, day)]
    return [(units - waits, day), (waits, day + delay)]


def send_express(firm: Firm, buying: Purchasing, units: Array) -> None:
    """Express orders wait for a supplier who is out, but go around a closed lane, and overtake."""
    rows = np.flatnonzero(units.any(axis=1))
    if not rows.size:
        return
    n, today = buying.sources, np.full((rows.size, firm.lanes), firm.today)
    days = n.express_days[rows] + n.inspection[rows]
    for amount, start in held_up(firm, units[rows], today, n.outage_of_supplier[rows]):
        post(firm, buying, rows, amount, start + days, amount * (start == today))
        where = ((start + days) % len(buying.dock), rows[:, None], np.arange(firm.lanes))
        buying.express[where] += amount


def post(firm: Firm, buying: Purchasing, rows: Whole, units: Array, day: Whole, punctual: Array) -> None:
    """Write a parcel into the calendars of the dock."""
    where = (day % len(buying.dock), rows[:, None], np.arange(units.shape[-1]))
    buying.dock[where] += units
    buying.punctual[where] += punctual
    if buying.bad is not None:
        assert firm.weather.rejects is not None
        buying.bad[where] += units * firm.weather.rejects[firm.today, rows]


# --- what comes ---


def unload(firm: Firm) -> Array:
    """Inspect what comes this morning: good units by bought item; the bad ones are sent back and never paid."""
    buying, n = firm.purchasing, firm.network
    assert buying is not None
    slot = firm.today % len(buying.dock)
    came, on_time = buying.dock[slot].copy(), buying.punctual[slot].copy()
    buying.dock[slot], buying.punctual[slot], buying.express[slot] = 0.0, 0.0, 0.0
    if not came.any():
        return np.zeros((len(n.bought), firm.lanes))
    buying.came += came
    buying.came_on_time += on_time
    firm.ledger.note("came_from", came)
    firm.ledger.note("on_time", on_time)
    if buying.bad is not None:
        came = came - inspect(firm, buying, buying.bad[slot])
    firm.ledger.note("delivered_value", buying.to_supplier.flow(came * buying.sources.price))
    return buying.sources.by_item(came)


def inspect(firm: Firm, buying: Purchasing, bad: Array) -> Array:
    """Reject today's bad units, (sources, lanes): whole units if units are whole, the rest of one carried on."""
    rejected = bad.copy()
    bad[...] = 0.0
    if firm.company.whole_units:
        buying.part_rejected += rejected
        rejected = np.floor(buying.part_rejected + TINY)
        buying.part_rejected -= rejected
    buying.rejected += rejected
    firm.ledger.note("rejected_from", rejected)
    firm.ledger.move("rejected", buying.sources.by_item(rejected), firm.network.bought)
    return rejected
