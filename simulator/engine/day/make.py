"""Make: the floor starts what was released, within hours and parts."""

from __future__ import annotations

import numpy as np

from simulator.engine.firm import Firm
from simulator.kernel.lanes import TINY, only_rows, share_of
from simulator.kernel.units import Array


def start_production(firm: Firm) -> None:
    """Each working evening start what hours and parts allow, and use the parts."""
    n = firm.network
    if not firm.works_today:
        return
    if firm.people:
        firm.people.clock_in()
    worked = worked_quantity(firm)
    started = firm.begun + worked
    if firm.company.whole_units:
        started = np.floor(started + TINY)
    firm.begun += worked - started
    firm.to_start -= worked
    if n.inputs:
        firm.ledger.note("waiting", firm.to_start[n.made_rows])
    if n.bill:
        firm.ledger.move("consumed", n.bill.flow(started))
        if firm.drawn.any():
            firm.ledger.note("called_for", n.bill.flow(only_rows(started, firm.scheduled)))
    post_finished(firm, started)


def worked_quantity(firm: Firm) -> Array:
    """Work on the released quantity: all in proportion to what hours and parts allow, then use what that left over."""
    n, wanted = firm.network, firm.to_start
    if not n.inputs:
        return wanted.copy()
    there, asked = within_reach(firm), n.inputs.flow(wanted)
    if firm.stockroom:
        firm.stockroom.put_right((asked > there)[: len(n.names)])
    if firm.people and firm.people.sets_up:
        there = set_up(firm, there, wanted * n.inputs.tightest(share_of(there, asked)))
    worked = wanted * n.inputs.tightest(share_of(there, asked))
    if (worked < wanted).any():
        used = n.inputs.flow(worked)
        left, open_still = np.maximum(there - used, 0.0), np.maximum(asked - used, 0.0)
        worked += (wanted - worked) * n.inputs.tightest(share_of(left, open_still))
        asked = n.inputs.flow(worked)
    firm.ledger.note("hours_used", asked[len(n.names) :])
    return worked


def set_up(firm: Firm, there: Array, starting: Array) -> Array:
    """Set up families that did not run the working day before, and return what is then left within reach."""
    assert firm.people is not None
    items = len(firm.network.names)
    taken = firm.people.set_up(starting, there[items:])
    firm.ledger.note("hours_used", taken)
    return np.concatenate([there[:items], there[items:] - taken])


def within_reach(firm: Firm) -> Array:
    """Parts on hand that no unit begun is waiting for, and the hours of today: (items and resources, lanes)."""
    n = firm.network
    parts = firm.ledger.level["on_hand"] - n.bill.flow(firm.begun) if n.bill else firm.ledger.level["on_hand"]
    hours = firm.hours_today + firm.overtime_today
    if firm.quality:
        hours = firm.quality.after_rework(hours)
    reach: Array = np.maximum(np.concatenate([parts, hours]), 0.0)
    return reach


def post_finished(firm: Firm, started: Array) -> None:
    """Good units of what was started enter stock after their lead time."""
    n = firm.network
    good = firm.not_yet_good + started * n.good
    if firm.company.whole_units:
        whole = np.floor(good + TINY)
        firm.not_yet_good = good - whole
        good = whole
    firm.ledger.move("released", good[n.made_rows], n.made_rows)
    if firm.quality:
        good = firm.quality.inspect(started, good)
    for lead, rows in n.made_by_lead_time:
        firm.arrivals[(firm.today + lead) % len(firm.arrivals)][rows] += good[rows]
