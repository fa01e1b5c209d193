"""The weather of a run: every source of uncertainty drawn before the clock starts, as tables by day and name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.company import Company, Days
from simulator.company.calendar import with_history
from simulator.company.market import AHEAD, market_outlook
from simulator.kernel.lanes import running
from simulator.kernel.units import Array
from simulator.world.luck.deals import deals
from simulator.world.luck.events import Events, fold_past, from_first_day
from simulator.world.luck.everyday import everyday, months_past
from simulator.world.luck.foreseen import told_to_sales
from simulator.world.luck.fork import Fork, Seed
from simulator.world.luck.machines import resignations, uptime
from simulator.world.luck.quality import return_days, yields
from simulator.world.luck.records import misbooked
from simulator.world.luck.stream import Stream
from simulator.world.luck.supply import Outages, outages, rejects
from simulator.world.network import Network

ACTION_OWNERS = ("demand", "production", "purchasing")
"""Departments that do the actions of a meeting."""

REACH = 2
"""Months after the run that hold the longest window from which a sales team pulls orders."""


@dataclass
class Weather:
    """Hold all luck of a run, drawn before it starts and common to every policy."""

    replications: list[int]
    signed: Array  # (days, segments, products, lanes): everyday orders by day of signature
    signings: Events  # contracts, call-offs and won projects as they become orders
    frames: Events  # changes of what is signed under frame contracts and not yet called off
    projects: Events  # changes of the deals in sight
    decisions: Events  # deals that leave the pipeline, won or lost
    delivery: NDArray[np.int16]  # (days, sources, lanes): lead time of an order released that day
    past: Array  # (months before the first day, products, lanes): demand by month due
    mood: Array  # (months, products, lanes): of the sales team, standard normal
    slip: Array  # (months, lanes): uniform; whether the decisions of a month slip
    follow_up: Array  # (months, owners of actions, lanes): uniform; what becomes of a meeting's actions
    temper: Array  # (deals,): uniform; how loyal its customer must be for a deal to come about
    yields: Array | None = None  # (days, uncertain items, lanes): good units of those started that day, as a share
    return_days: NDArray[np.int16] | None = (
        None  # (days, returning segments, lanes): until what is shipped that day is back
    )
    misbooked: NDArray[np.float32] | None = None  # (weeks, items, lanes): how far the week's bookings are off
    uptime: Array | None = None  # (days, resources, lanes): share of the day's hours in which machines run
    resignations: Array | None = None  # (months, resources, lanes): uniform; how many people leave
    rejects: Array | None = None  # (days, sources, lanes): share of a lot ordered that day that fails inspection
    outages: Outages | None = None  # of suppliers, lanes of transport and sites
    told: Array | None = (
        None  # (months from the first of the past, products, lanes): level that the sales team is told of
    )
    campaigns: Array | None = None  # (months, products, lanes): of marketing's judgement, standard normal
    anew: Array | None = (
        None  # (days before a fork, sources, lanes): uniform; when orders of these days come that are open
    )
    fork_day: int = -1  # the morning on which the replications part; before the first day where they share no past
    before: Weather | None = None  # of the months in which a company came to be as it begins


def draw(
    company: Company,
    network: Network,
    days: Days,
    history: int,
    seed: Seed,
    replications: Sequence[int],
    replayed: Array | None = None,
    real_past: Array | None = None,
) -> Weather:
    """Draw the weather of these replications; `history` months of demand are drawn before the first day.

    Of the last of them the real units stand instead where they are known: (months, products).
    """
    market = market_outlook(company, network.segments, Days(company.calendar, days.months + AHEAD))
    drawn = days if replayed is not None else _as_far_as_sales_reach(company, days)
    signed = np.zeros((drawn.count, len(network.segments), len(network.products), len(replications)))
    past = np.zeros((history, *signed.shape[2:]))
    before = with_history(company.calendar.from_the_first, history, 0)
    if replayed is not None:
        signed += replayed[: days.count, :, :, None]
    for stream in () if replayed is not None else company.demand.everyday:
        s, p = network.segments.index(stream.segment), network.products.index(stream.product)
        signed[:, s, p] += everyday(stream, drawn, seed, replications, company.demand.foreseen)
        if history and not (market and market.new[p]):  # nobody asked for what was not there
            past[:, p] += months_past(stream, before, seed, replications, company.demand.foreseen)
    if history and real_past is not None and len(real_past):
        past[-len(real_past) :] = real_past[-history:, :, None]
    if market:
        follow(signed, market.factors)
    if company.whole_units:
        make_whole(signed)
    ahead = deals(company, network, days, history, seed, replications, market)
    if history:
        fold_past(past, ahead.signings, company.calendar.start.day - 1)
    return Weather(
        replications=list(replications),
        signed=signed,
        signings=from_first_day(ahead.signings, days),
        frames=from_first_day(ahead.frames, days),
        projects=from_first_day(ahead.projects, days),
        decisions=from_first_day(ahead.decisions, days),
        delivery=_delivery(network, days, seed, replications),
        past=past,
        mood=_moods(network, days, seed, replications, "mood"),
        slip=np.ascontiguousarray(Stream(seed, "slip", "decisions", "meeting").table(replications, days.months).T),
        follow_up=_follow_up(days, seed, replications),
        temper=ahead.temper,
        yields=yields(network, days, seed, replications),
        return_days=return_days(company, network, days, seed, replications),
        misbooked=misbooked(company, network, days, seed, replications),
        uptime=uptime(company, days, seed, replications),
        resignations=resignations(company, days, seed, replications),
        rejects=rejects(network.sources, days, seed, replications),
        outages=outages(company.disruptions, network.sources.disrupted, days, seed, replications),
        told=told_to_sales(company, history, days.months, seed, replications) if replayed is None else None,
        campaigns=_moods(network, days, seed, replications, "marketing") if company.marketing else None,
        anew=_open_anew(network, days, seed, replications),
        fork_day=seed.day if isinstance(seed, Fork) else -1,
    )


def _as_far_as_sales_reach(company: Company, days: Days) -> Days:
    """The days of the run, and where a sales team may bring orders forward the months after it, from which they come."""
    takes = company.sales is not None and company.sales.takes_ahead
    return Days(company.calendar, days.months + REACH) if takes else days


def _moods(network: Network, days: Days, seed: Seed, replications: Sequence[int], whose: str) -> Array:
    """Draw the mood of sales or marketing about each product each month, at most two and a half deviations either way."""
    from scipy.special import ndtri

    luck = [Stream(seed, whose, name, "month").table(replications, days.months).T for name in network.products]
    return np.asarray(np.clip(ndtri(np.stack(luck, axis=1)), -2.5, 2.5))


def _follow_up(days: Days, seed: Seed, replications: Sequence[int]) -> Array:
    """Draw what becomes of the actions of each meeting, owner by owner."""
    luck = [Stream(seed, "follow-up", owner, "meeting").table(replications, days.months).T for owner in ACTION_OWNERS]
    return np.stack(luck, axis=1)


def _delivery(network: Network, days: Days, seed: Seed, replications: Sequence[int]) -> NDArray[np.int16]:
    """Whole days from release to the dock for an order released on each day, by source."""
    sources = network.sources
    delivery = np.empty((days.count, len(sources.records), len(replications)), dtype=np.int16)
    for row, edges in enumerate(network.delivery_edges):
        if len(edges):
            luck = Stream(seed, "delivery", sources.streams[row]).table(replications, days.count)
            delivery[:, row] = 1 + np.searchsorted(edges, luck).T
        else:
            delivery[:, row] = sources.lead_time[row, 0] - sources.inspection[row, 0]
    return delivery


def _open_anew(network: Network, days: Days, seed: Seed, replications: Sequence[int]) -> Array | None:
    """Draw when purchase orders come that are open on the morning of a fork, by the day on which they were placed."""
    if not isinstance(seed, Fork) or seed.day >= days.count or network.longest_delivery < 2:
        return None
    anew = np.zeros((network.longest_delivery, len(network.sources.records), len(replications)))
    for row, edges in enumerate(network.delivery_edges):
        if len(edges):
            luck = Stream(seed.anew, "open orders", network.sources.streams[row])
            anew[:, row] = luck.table(replications, len(anew)).T
    return anew


# --- demand follows the market, in whole units where units are whole ---


def follow(signed: Array, factors: Array) -> None:
    """Multiply quantities, (days, segments, products, lanes), by factors, (days or more, segments, products)."""
    factors = factors[: len(signed)]
    for s, p in np.argwhere((factors != 1).any(axis=0)):
        signed[:, s, p] *= factors[:, s, p, None]


def make_whole(signed: Array) -> None:
    """Carry parts of units from day to day, for each segment, product and lane: (days, segments, products, lanes).

    No unit is lost or made by rounding, however little is wanted a day; a day without demand stays one.
    """
    for s, p in np.ndindex(*signed.shape[1:3]):
        exact = signed[:, s, p]
        if (exact != np.rint(exact)).any():
            signed[:, s, p] = rounded(exact)


def rounded(exact: Array) -> Array:
    """Whole quantities by day whose running total is never more than half a unit from the exact one."""
    total = np.floor(running(exact) + 0.5)
    return np.diff(total, axis=0, prepend=0.0)
