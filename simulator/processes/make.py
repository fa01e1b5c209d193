"""Make: the floor starts what was released, within hours and parts."""

from __future__ import annotations

import numpy as np

from simulator.clock import Hour, upcoming
from simulator.firm import Firm
from simulator.lanes import TINY, share_of
from simulator.processes import Steps
from simulator.units import Array


def start_production(firm: Firm) -> Steps:
    """Each working evening start what hours and parts allow, and use the parts."""
    n = firm.network
    while n.made.size:
        yield upcoming(firm.env, Hour.START)
        if not firm.works_today:
            continue
        worked = work(firm)
        started = firm.begun + worked
        if firm.company.whole_units:
            started = np.floor(started + TINY)
        firm.begun += worked - started
        firm.to_start -= worked
        if n.bill:
            firm.ledger.move("consumed", n.bill.flow(started))
        post_finished(firm, started)


def work(firm: Firm) -> Array:
    """How much of the released quantity is worked on today: all in proportion, then what the first share left over."""
    n, wanted = firm.network, firm.to_start
    hours = n.hours + firm.plans.force_overtime[firm.view.month]
    worked = affordable(firm, wanted, np.zeros_like(wanted), hours)
    if not (worked < wanted).any():
        firm.hours_used[firm.today] = n.load.flow(worked)
        return worked
    worked += affordable(firm, wanted - worked, worked, hours)
    firm.hours_used[firm.today] = n.load.flow(worked)
    return worked


def affordable(firm: Firm, wanted: Array, worked: Array, hours: Array) -> Array:
    """The part of what is wanted that every resource and every part still allows, beyond what is worked on already."""
    n, share = firm.network, np.ones_like(wanted)
    if n.load:
        left = np.maximum(hours - n.load.flow(worked), 0.0)
        share = n.load.tightest(share_of(left, n.load.flow(wanted)))
    if n.bill:
        taken, asked = firm.begun + worked, wanted
        left = np.maximum(firm.ledger.level["on_hand"] - n.bill.flow(taken), 0.0)
        share = np.minimum(share, n.bill.tightest(share_of(left, n.bill.flow(asked))))
    return wanted * share


def post_finished(firm: Firm, started: Array) -> None:
    """Good units of what was started enter stock after their lead time."""
    n = firm.network
    good = firm.not_yet_good + started * n.good
    if firm.company.whole_units:
        whole = np.floor(good + TINY)
        firm.not_yet_good = good - whole
        good = whole
    firm.ledger.move("released", good[n.made], n.made)
    for lead, rows in n.made_by_lead_time:
        firm.arrivals[(firm.today + lead) % len(firm.arrivals), rows] += good[rows]
