"""What a company sells, to whom and on which terms, and from whom it buys."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.company import Segment
from simulator.company.phrases import count, made_and_bought, number, percent, price, rate, some, span
from simulator.engine.expected import expected_units
from simulator.engine.scenario import Scenario
from simulator.kernel.lanes import TINY
from simulator.results.money import Expectation
from simulator.world.sources import planned_days

YEAR = 365.25


def products(scenario: Scenario) -> Iterator[str]:
    """How many products there are, and what each family brings."""
    n, items = scenario.network, scenario.company.products
    families = f" in {count(len(n.families), 'family')}" if len(n.families) > 1 else ""
    yield f"Products: {len(n.products)}{families}; {made_and_bought(items)}."
    expected = Expectation(scenario)
    units = expected.orders.sum(axis=0) * YEAR
    sales, cost = units * n.price[:, 0], units * n.unit_cost[n.sold, 0]
    for k, family in enumerate(n.families):
        mine = n.family_of == k
        worth = sales[mine].sum()
        if worth > TINY:
            margin = f", gross margin {percent(1 - cost[mine].sum() / worth)}"
            share = f"{percent(worth / sales.sum())} of turnover{margin}"
        else:
            share = "no turnover"
        yield f"{family}: {count(int(mine.sum()), 'product')} at {span(n.price[mine, 0], price)} each; {share}."


def demand(scenario: Scenario) -> Iterator[str]:
    """Which streams there are and what they come to."""
    by_month, n = expected_units(scenario), scenario.network
    a_year = by_month.sum(axis=0) * 12 / scenario.days.months
    by_family = [a_year[n.family_of == k].sum() for k in range(len(n.families))]
    shares = [f"{f} {percent(units / max(a_year.sum(), TINY))}" for f, units in zip(n.families, by_family, strict=True)]
    split = f" ({', '.join(shares)})" if 1 < len(shares) <= 12 else ""
    yield f"Demand: {', '.join(_streams(scenario)) or 'none'}; {number(a_year.sum())} units a year expected{split}."
    rates = by_month.sum(axis=1) / np.maximum(np.diff(scenario.days.worked_so_far[scenario.days.month_start]), 1.0)
    if rates.max() > 1.2 * rates.mean():
        peak, valley = (scenario.days.month_name(int(k)) for k in (np.argmax(rates), np.argmin(rates)))
        high, low = (percent(each / rates.mean()) for each in (rates.max(), rates.min()))
        yield f"Season: a working day of {peak} asks for {high} of the mean one, one of {valley} for {low}."


def _streams(scenario: Scenario) -> Iterator[str]:
    streams = scenario.company.demand
    if scenario.replayed is not None:
        yield "the real order lines day by day"
    elif streams.everyday:
        yield count(len(streams.everyday), "everyday stream")
    signed = {"small contracts": streams.contracts, "frame contracts": streams.frames, "projects": streams.projects}
    yield from (f"{count(len(each), 'stream')} of {kind}" for kind, each in signed.items() if each)


def customers(scenario: Scenario) -> Iterator[str]:
    """Each segment: how much it buys, how it is served, how it pays."""
    company, sales = scenario.company, Expectation(scenario).sales
    for name, worth in zip(scenario.network.segments, sales, strict=True):
        segment = company.segments[name]
        share = f"{percent(worth / sales.sum())} of turnover, " if sales.sum() > TINY else ""
        yield f"{name}: {share}rank {segment.rank}, {_service(segment)}; {_terms(segment, company.finance.late_penalty)}."
    for name, channel in company.channels.items():
        mine = [n for n, segment in company.segments.items() if segment.channel == name]
        if mine:
            way = f", {count(channel.transport_days, 'day')} on the way" if channel.transport_days else ""
            costs = f"transport {rate(channel.transport_cost)} and selling {rate(channel.selling_cost)} of the price"
            yield f"Channel {name}, to {some(mine)}: {costs}{way}."


def _service(segment: Segment) -> str:
    due = f"due {count(segment.lead_time, 'day')} after the order" if segment.lead_time else "due at once"
    wait = "waits for ever" if segment.patience is None else f"gives up after {count(segment.patience, 'day')}"
    return f"{due}, {wait} when short"


def _terms(segment: Segment, usual: float) -> str:
    pays = f"pays after {count(segment.payment_days, 'day')}" if segment.payment_days else "pays at once"
    penalty = usual if segment.late_penalty is None else segment.late_penalty
    late = f", deducts {rate(penalty)} of the price for each day of delay" if penalty else ""
    return f"{pays}{late}"


def suppliers(scenario: Scenario) -> Iterator[str]:
    """Each supplier: what it delivers, how long it takes, when it is paid, how much is bought there."""
    bought, items = Expectation(scenario).purchases, scenario.company.items.items()
    for (name, record), worth in zip(scenario.company.suppliers.items(), bought, strict=True):
        mine = {n: s for n, i in items if i.buy for s in i.buy.sources if s.supplier == name}
        if mine:
            days = span(np.array([planned_days(source) for source in mine.values()]))
            place = f" ({record.country}{f', by {record.route}' if record.route else ''})" if record.country else ""
            paid = f"paid after {count(record.payment_days, 'day')}" if record.payment_days else "paid on delivery"
            share = f"; {percent(worth / bought.sum())} of purchases" if bought.sum() > TINY else ""
            yield f"Supplier {name}{place}: {some(mine)}; {days} days from order to stock on average, {paid}{share}."
