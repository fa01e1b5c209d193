"""Describe a company's trade: its products, its customers and their terms, its suppliers, and what may go wrong there."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.company import Disruption, Segment, Source, Supplier
from simulator.company.phrases import (
    counted_things,
    first_names,
    made_and_bought,
    percent,
    price,
    range_words,
    short_number,
    small_percent,
)
from simulator.company.whole import in_begun
from simulator.engine.expected import expected_units
from simulator.engine.scenario import Scenario
from simulator.faces.describe.market import told_before
from simulator.kernel.lanes import TINY
from simulator.kernel.messages import Listed, Message, Value, listed, msg, plural
from simulator.kernel.units import DAYS_A_YEAR
from simulator.results.money import Expectation
from simulator.world.sources import planned_days


def products(scenario: Scenario) -> Iterator[Message]:
    """Count the products, and say what each family brings."""
    n, items = scenario.network, scenario.company.products
    how_many: Value = len(n.products)
    if len(n.families) > 1:
        how_many = msg("{n} in {families}", n=len(n.products), families=counted_things(len(n.families), "family"))
    yield msg("Products: {how_many}; {kinds}.", how_many=how_many, kinds=made_and_bought(items))
    expected = Expectation(scenario)
    units = expected.orders.sum(axis=0) * DAYS_A_YEAR
    sales, cost = units * n.price[:, 0], units * n.unit_cost[n.sold, 0]
    for k, family in enumerate(n.families):
        mine = n.family_of == k
        worth = sales[mine].sum()
        if worth > TINY:
            share = msg(
                "{share} of turnover, gross margin {margin}",
                share=percent(worth / sales.sum()),
                margin=percent(1 - cost[mine].sum() / worth),
            )
        else:
            share = msg("no turnover")
        yield msg(
            "{family}: {products} at {price} each; {share}.",
            family=family,
            products=counted_things(int(mine.sum()), "product"),
            price=range_words(n.price[mine, 0], price),
            share=share,
        )


def demand(scenario: Scenario) -> Iterator[Message]:
    """List the streams of demand with their totals."""
    by_month, n = expected_units(scenario), scenario.network
    a_year = by_month.sum(axis=0) * 12 / scenario.days.months
    by_family = [a_year[n.family_of == k].sum() for k in range(len(n.families))]
    shares = [
        msg("{name} {value}", name=family, value=percent(units / max(a_year.sum(), TINY)))
        for family, units in zip(n.families, by_family, strict=True)
    ]
    units = msg("{units} units a year expected", units=short_number(a_year.sum()))
    if 1 < len(shares) <= 12:
        units = msg("{units} ({shares})", units=units, shares=listed(shares, ", "))
    streams = list(_streams(scenario))
    yield msg("Demand: {streams}; {units}.", streams=listed(streams, ", ") if streams else msg("none"), units=units)
    rates = by_month.sum(axis=1) / np.maximum(np.diff(scenario.days.worked_so_far[scenario.days.month_start]), 1.0)
    if rates.max() > 1.2 * rates.mean():
        peak, valley = (scenario.days.month_name(int(k)) for k in (np.argmax(rates), np.argmin(rates)))
        high, low = (percent(each / rates.mean()) for each in (rates.max(), rates.min()))
        yield msg(
            "Season: a working day of {peak} asks for {high} of the mean one, one of {valley} for {low}.",
            peak=peak,
            high=high,
            valley=valley,
            low=low,
        )


def _streams(scenario: Scenario) -> Iterator[Message]:
    streams = scenario.company.demand
    if scenario.replayed is not None:
        yield msg("the real order lines day by day")
    elif streams.everyday:
        yield counted_things(len(streams.everyday), "everyday stream")
    if n := len(streams.contracts):
        yield plural("{n} stream of small contracts", "{n} streams of small contracts", n)
    if n := len(streams.frames):
        yield plural("{n} stream of frame contracts", "{n} streams of frame contracts", n)
    if n := len(streams.projects):
        yield plural("{n} stream of projects", "{n} streams of projects", n)


def customers(scenario: Scenario) -> Iterator[Message]:
    """Each segment: how much it buys, how it is served, how it pays."""
    company, sales = scenario.company, Expectation(scenario).sales
    for name, worth in zip(scenario.network.segments, sales, strict=True):
        segment = company.segments[name]
        rank = msg("rank {rank}", rank=segment.rank)
        if sales.sum() > TINY:
            rank = msg("{share} of turnover, {rank}", share=percent(worth / sales.sum()), rank=rank)
        yield msg(
            "{segment}: {rank}, {service}; {terms}.",
            segment=name,
            rank=rank,
            service=_service(segment),
            terms=_terms(segment, company.finance.late_penalty),
        )
    for name, channel in company.channels.items():
        mine = [n for n, segment in company.segments.items() if segment.channel == name]
        if mine:
            costs = msg(
                "transport {transport} and selling {selling} of the price",
                transport=small_percent(channel.transport_cost),
                selling=small_percent(channel.selling_cost),
            )
            if channel.transport_days:
                costs = msg(
                    "{costs}, {days} on the way", costs=costs, days=counted_things(channel.transport_days, "day")
                )
            yield msg(
                "Channel {channel}, to {segments}: {costs}.", channel=name, segments=first_names(mine), costs=costs
            )


def _service(segment: Segment) -> Message:
    due, wait = msg("due at once"), msg("waits for ever")
    if segment.lead_time:
        due = msg("due {days} after the order", days=counted_things(segment.lead_time, "day"))
    if segment.patience is not None:
        wait = msg("gives up after {days}", days=counted_things(segment.patience, "day"))
    return msg("{due}, {wait} when short", due=due, wait=wait)


def _terms(segment: Segment, usual: float) -> Message:
    pays = msg("pays at once")
    if segment.payment_days:
        pays = msg("pays after {days}", days=counted_things(segment.payment_days, "day"))
    penalty = usual if segment.late_penalty is None else segment.late_penalty
    if not penalty:
        return pays
    return msg("{pays}, deducts {rate} of the price for each day of delay", pays=pays, rate=small_percent(penalty))


def suppliers(scenario: Scenario) -> Iterator[Message]:
    """Each supplier: what it delivers, how long it takes, when it is paid, how much is bought there."""
    bought, items = Expectation(scenario).purchases, scenario.company.items.items()
    for (name, record), worth in zip(scenario.company.suppliers.items(), bought, strict=True):
        mine = {n: s for n, i in items if i.buy for s in i.buy.sources if s.supplier == name}
        if mine:
            days = range_words(np.array([planned_days(source) for source in mine.values()]))
            paid = msg("paid on delivery")
            if record.payment_days:
                paid = msg("paid after {days}", days=counted_things(record.payment_days, "day"))
            if bought.sum() > TINY:
                paid = msg("{paid}; {share} of purchases", paid=paid, share=percent(worth / bought.sum()))
            yield msg(
                "Supplier {supplier}: {items}; {days} days from order to stock on average, {paid}.",
                supplier=_placed(name, record),
                items=first_names(mine),
                days=days,
                paid=paid,
            )


def _placed(name: str, supplier: Supplier) -> Value:
    """A supplier with the country and the route, where they are stated."""
    if not supplier.country:
        return name
    if not supplier.route:
        return msg("{name} ({country})", name=name, country=supplier.country)
    return msg("{name} ({country}, by {route})", name=name, country=supplier.country, route=supplier.route)


# --- sources ---


def sources(scenario: Scenario) -> Iterator[Message]:
    """A line for each item with more to its sources than a lead time, and for each disruption."""
    company = scenario.company
    for name, item in company.items.items():
        if item.buy and not item.buy.is_plain:
            told = listed((_source(source, item.unit_cost) for source in item.buy.sources), "; ")
            yield msg("Sources of {item}: {sources}.", item=name, sources=told)
    yield from (_disruption(disruption) for disruption in company.disruptions)


def _source(source: Source, cost: float) -> Listed:
    """One way of buying, against what the item is reckoned to cost."""
    price = cost if source.price is None else source.price
    share = percent(source.share)
    told = [msg("{share} from {supplier} at {price}", share=share, supplier=source.supplier, price=short_number(price))]
    if source.reject:
        told.append(msg("{share} rejected", share=small_percent(source.reject, digits=2)))
    if source.capacity is not None:
        told.append(msg("at most {units} a month", units=short_number(source.capacity)))
    if source.express:
        days, more = counted_things(source.express.days, "day"), percent(source.express.premium)
        told.append(msg("express in {days} for {share} more", days=days, share=more))
    return listed(told, ", ")


def _disruption(disruption: Disruption) -> Message:
    """Word a disruption: the thing that fails, when and for how long."""
    kind, name = disruption.thing
    what = {
        "supplier": msg("supplier {name}", name=name),
        "route": msg("the lane {name}", name=name),
        "resource": msg("the site {name}", name=name),
    }[kind]
    out = msg("{what} is out", what=what)
    if disruption.severity != 1:
        out = msg("{what} is out to {share}", what=what, share=percent(disruption.severity))
    often = msg("on {day}", day=f"{disruption.start}")
    if disruption.rate:
        often = msg("{n} times a year", n=short_number(disruption.rate))
    length = msg("{n} days", n=short_number(in_begun(disruption.length)[0]))
    return msg(
        "Disruption: {out} {often}, for {length}, {known}.",
        out=out,
        often=often,
        length=msg("{days} on average", days=length) if disruption.length.sd else length,
        known=told_before(disruption.warning) if disruption.warning else msg("without warning"),
    )
