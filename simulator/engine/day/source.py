"""Source: what is made and bought is released; what was bought or made arrives."""

from __future__ import annotations

import numpy as np

from simulator.engine.day.purchase import place_orders, unload
from simulator.engine.firm import Firm
from simulator.kernel.lanes import TINY, only_rows, post_due
from simulator.kernel.units import Array
from simulator.world.view import read_only


def receive(firm: Firm) -> None:
    """Each morning put finished lots and delivered components into stock."""
    arriving = firm.arrivals[firm.today % len(firm.arrivals)]
    if firm.purchasing:
        arriving[firm.network.bought] = unload(firm)
    firm.ledger.move("received", arriving)
    arriving[...] = 0.0
    if firm.quality:
        firm.quality.take_in()


def release(firm: Firm) -> None:
    """Each working evening decide what to make and buy: first what is sold, then what goes into it."""
    n, policy = firm.network, firm.policy
    parts = slice(len(n.products), len(n.names))
    weekly = policy.products.weekly and policy.components.weekly
    if not firm.works_today or (weekly and not firm.planning_day[firm.today]):
        firm.over |= ~firm.drawn
        return
    released = np.zeros_like(firm.to_start)
    for rule, mine in ((policy.products, n.sold), (policy.components, parts)):
        rows = read_only(np.arange(mine.start, mine.stop))
        answer = rule(firm.view, rows, read_only(released)) if rows.size else None
        if answer is not None:
            released[mine] = firm.checked(answer, (rows.size, firm.lanes), rule)
            if rule.replaces:
                firm.to_start[mine] = 0.0
            elif n.bill:
                firm.ledger.note("called_for", n.bill.flow(only_rows(released, mine)))
        firm.over |= ~n.is_part_of_part & ~firm.drawn  # all that these go into is decided now
    firm.over |= ~firm.drawn
    if n.made.size:
        firm.to_start[n.made_rows] += released[n.made_rows]
    if n.bought.size:
        buy(firm, firm.mandates.ordered(released[n.bought_rows]))


def buy(firm: Firm, ordered: Array) -> None:
    """Post each order to the day on which it arrives; a supplier delivers first in, first out unless overtaking is allowed."""
    if not ordered.any():
        return
    if firm.company.whole_units:  # a broken unit cannot be ordered, unless the supplier's multiple is one
        ordered = np.where(firm.network.bought_in_multiples, ordered, np.ceil(ordered - TINY))
    if firm.purchasing:
        place_orders(firm, ordered)
        return
    n = firm.network
    firm.ledger.move("released", ordered, n.bought_rows)
    for lead, rows, items in n.bought_by_lead_time:  # a lead time that never varies needs no look at the weather
        firm.arrivals[(firm.today + lead) % len(firm.arrivals)][items] += ordered[rows]
    if n.varying.size:
        post_varying(firm, ordered[n.varying])


def post_varying(firm: Firm, ordered: Array) -> None:
    """Post orders whose lead time varies to their day of arrival, lane by lane."""
    rows = firm.network.varying
    arrival = firm.today + firm.weather.delivery[firm.today, rows].astype(np.int64)
    arrival = np.where(firm.overtaking[rows], arrival, np.maximum(arrival, firm.last_arrival))
    firm.last_arrival = np.where(ordered > 0, np.maximum(arrival, firm.last_arrival), firm.last_arrival)
    post_due(firm.arrivals, arrival, firm.network.bought[rows], ordered)
