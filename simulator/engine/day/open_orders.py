"""Open purchase orders in a fork: nobody knows when they will come, and every future has a day of its own for each."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.engine.departments import Purchasing
from simulator.engine.firm import Firm
from simulator.kernel.lanes import TINY, post_due
from simulator.kernel.units import Array, Mask, Whole


def draw_arrivals_anew(firm: Firm) -> None:
    """On the morning of a fork draw the days anew on which open orders come: by the law of what has not come so far.

    What goes express, what was under way before the first day, and what comes from a supplier or over a lane that may be out
    keeps its day.
    """
    anew, n, today = firm.weather.anew, firm.network, firm.today
    if anew is None or today != firm.weather.fork_day:
        return
    days = np.arange(max(today - len(anew), 0), today)
    if firm.purchasing:
        _at_the_dock(firm, firm.purchasing, days)
        return
    rows, items = n.varying, n.bought[n.varying]
    sent = firm.ledger.book["released"][days][:, items]
    sent = np.where(_may_be_open(firm, rows, days, firm.overtaking[rows]), sent, 0.0)
    sent, kept = _open(np.ascontiguousarray(firm.arrivals[:, items]), sent, today)
    firm.arrivals[:, items] = kept
    last = _last_day(kept, today)
    for _, units, day in _arrivals(firm, rows, days, sent, last, firm.overtaking[rows]):
        post_due(firm.arrivals, day, items, units)
    firm.last_arrival = np.maximum(last, 0)


def _at_the_dock(firm: Firm, buying: Purchasing, days: Whole) -> None:
    """Do so where sources are told apart: inspection follows, and what is punctual and what is bad comes with it."""
    n, today = buying.sources, firm.today
    none = len(n.disrupted)
    may_vary = np.array([len(edges) > 0 for edges in firm.network.delivery_edges])
    rows = np.flatnonzero(may_vary & (n.outage_of_supplier == none) & (n.outage_of_route == none))
    if not rows.size:
        return
    there, known = buying.dock[:, rows], buying.express[:, rows].copy()
    for row, days_here in enumerate(n.inspection[rows, 0]):  # what is being inspected has come
        inspected = np.arange(today, today + int(days_here)) % len(there)
        known[inspected, row] = there[inspected, row]
    sent = buying.sent[days % len(buying.sent)][:, rows]
    sent = np.where(_may_be_open(firm, rows, days, n.overtaking[rows]), sent, 0.0)
    sent, kept = _open(there - known, sent, today)
    share = (kept + known) / np.maximum(there, TINY)
    for book in (buying.punctual, *([] if buying.bad is None else [buying.bad])):
        book[:, rows] = book[:, rows] * share
    buying.dock[:, rows] = kept + known
    last = _last_day(kept, today) - n.inspection[rows]
    for sent_on, units, at_dock in _arrivals(firm, rows, days, sent, last, n.overtaking[rows]):
        day = at_dock + n.inspection[rows]
        post_due(buying.dock, day, rows, units)
        post_due(buying.punctual, day, rows, units * (day <= sent_on + n.promise[rows]))
        if buying.bad is not None:
            assert firm.weather.rejects is not None
            post_due(buying.bad, day, rows, units * firm.weather.rejects[sent_on, rows])
    buying.last_arrival[rows] = np.maximum(last, 0)


def _may_be_open(firm: Firm, rows: Whole, days: Whole, overtaking: Mask) -> Mask:
    """Tell what may still be open of what was sent on each day: where orders overtake each other, what has not come by now."""
    came_in = firm.weather.delivery[days][:, rows].astype(np.int64)
    return np.asarray(~overtaking | (days[:, None, None] + came_in >= firm.today))


def _open(calendar: Array, sent: Array, today: int) -> tuple[Array, Array]:
    """Of what was sent on each day, (days, rows, lanes), the part that is still open, the newest of it; and a calendar of the rest.

    The calendar goes round, (slots, rows, lanes). What is open beyond all that was sent is from before, and the first to come.
    """
    left = calendar.sum(axis=0)
    still = np.empty_like(sent)
    for k in range(len(sent) - 1, -1, -1):
        still[k] = np.minimum(sent[k], left)
        left = left - still[k]
    kept = np.zeros_like(calendar)
    for ahead in range(len(calendar)):
        slot = (today + ahead) % len(calendar)
        kept[slot] = np.minimum(calendar[slot], left)
        left = left - kept[slot]
    return still, kept


def _last_day(kept: Array, today: int) -> Whole:
    """The last day on which something comes of a calendar, -1 for none: (rows, lanes)."""
    last = np.full(kept.shape[1:], -1)
    for ahead in range(len(kept)):
        last = np.where(kept[(today + ahead) % len(kept)] > 0, today + ahead, last)
    return last


def _arrivals(
    firm: Firm, rows: Whole, days: Whole, sent: Array, last: Whole, overtaking: Mask
) -> Iterator[tuple[int, Array, Whole]]:
    """Go through the days on which something was sent that is open: the day, the units, the days on which these are at the dock.

    First in, first out unless overtaking is allowed: the last day of each row is kept in `last`.
    """
    anew, today = firm.weather.anew, firm.today
    assert anew is not None
    edges_of = [firm.network.delivery_edges[row] for row in rows]
    for k, sent_on in enumerate(days):
        units = sent[k]
        if not units.any():
            continue
        age, luck = int(today - sent_on), anew[len(anew) - int(today - sent_on), rows]
        lead = np.empty(units.shape, dtype=np.int64)
        for row, edges in enumerate(edges_of):
            first = overtaking[row] | (
                last[row] < today
            )  # nothing before it is open: it is late by itself, or not yet due
            least = np.where(first, edges[age - 2] if 2 <= age < len(edges) + 2 else 0.0 if age < 2 else 1.0, 0.0)
            longer = 1 + np.searchsorted(edges, least + (1.0 - least) * luck[row])
            lead[row] = np.where(first, np.maximum(longer, age), longer)
        day = np.where(overtaking, sent_on + lead, np.maximum(sent_on + lead, last))
        last[...] = np.where(units > 0, np.maximum(day, last), last)
        yield int(sent_on), units, day
