"""What company a scenario describes, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from simulator.company import Item
from simulator.describe.market import market
from simulator.describe.phrases import count, number, percent, some
from simulator.expected import expected_units, planned_load
from simulator.scenario import Scenario


def profile(scenario: Scenario) -> list[str]:
    """What company a scenario describes, a sentence a line."""
    parts = (_head, _products, _parts, _suppliers, _resources, _segments, _demand, market, _calendar, _experiment)
    lines = [line for part in parts for line in part(scenario)]
    return [*lines, *(f"Data: {note}" for note in scenario.notes)]


def in_short(scenario: Scenario) -> str:
    """The company in one line."""
    c, demand = scenario.company, scenario.company.demand
    streams = len(demand.everyday) + len(demand.contracts) + len(demand.frames) + len(demand.projects)
    counts = (
        (len(c.products), "product"),
        (len(c.components), "component"),
        (len(c.resources), "resource"),
        (len(c.suppliers), "supplier"),
        (len(c.segments), "segment"),
        (streams, "demand stream"),
    )
    e = scenario.experiment
    return f"{', '.join(count(*each) for each in counts if each[0])}; {count(e.months, 'month')}"


def _head(scenario: Scenario) -> Iterator[str]:
    company = scenario.company
    named = scenario.name if company.name == scenario.name else f"{scenario.name} ({company.name})"
    yield f"{named}: {company.note}." if company.note else f"{named}."


def _made_and_bought(items: Mapping[str, Item]) -> str:
    made = sum(item.make is not None for item in items.values())
    return ", ".join(f"{n} {how}" for n, how in ((made, "made"), (len(items) - made, "bought")) if n)


def _products(scenario: Scenario) -> Iterator[str]:
    company = scenario.company
    families = [p.family for p in company.products.values()]
    sizes = [f"{family} {families.count(family)}" for family in company.families]
    in_families = f" in {count(len(sizes), 'family')} ({some(sizes)})" if len(sizes) > 1 else ""
    yield f"Products: {len(families)}{in_families}; {_made_and_bought(company.products)}."


def _parts(scenario: Scenario) -> Iterator[str]:
    company = scenario.company
    if company.components:
        made = [name for name, item in company.components.items() if item.make]
        semi_finished = f"; semi-finished: {some(made)}" if made else ""
        yield f"Components: {len(company.components)}, {_made_and_bought(company.components)}{semi_finished}."
    if len(company.levels) > 1:
        yield f"Bill of materials: {len(company.levels)} levels, from components to products."


def _suppliers(scenario: Scenario) -> Iterator[str]:
    for supplier, record in scenario.company.suppliers.items():
        bought = {n: i.buy for n, i in scenario.company.items.items() if i.buy and i.buy.supplier == supplier}
        if bought:
            means = [buy.lead_time.mean for buy in bought.values()]
            span = " to ".join(dict.fromkeys((number(min(means)), number(max(means)))))
            place = f" ({record.country})" if record.country else ""
            yield f"Supplier {supplier}{place}: {some(bought)}; {span} days from order to stock on average."


def _resources(scenario: Scenario) -> Iterator[str]:
    for (resource, record), row in zip(scenario.company.resources.items(), planned_load(scenario), strict=True):
        busiest = int(np.argmax(row[:-1]))
        there = f", {percent(record.availability)} of them available" if record.availability < 1 else ""
        hours = f"{number(record.hours)} hours a working day{there}"
        peak = f"{percent(row[busiest])} in {scenario.days.month_name(busiest)}"
        yield f"Resource {resource}: {hours}; expected demand loads it to {percent(row[-1])} on average, {peak}."


def _segments(scenario: Scenario) -> Iterator[str]:
    for name, segment in sorted(scenario.company.segments.items(), key=lambda each: each[1].rank):
        due = f"due {count(segment.lead_time, 'day')} after the order" if segment.lead_time else "due at once"
        wait = "waits for ever" if segment.patience is None else f"gives up after {count(segment.patience, 'day')}"
        yield f"Customers {name}: rank {segment.rank}, {due}, {wait} when short."


def _demand(scenario: Scenario) -> Iterator[str]:
    a_year, n = expected_units(scenario).sum(axis=0) * 12 / scenario.days.months, scenario.network
    by_family = [a_year[n.family_of == k].sum() for k in range(len(n.families))]
    shares = [f"{f} {percent(units / max(a_year.sum(), 1e-9))}" for f, units in zip(n.families, by_family, strict=True)]
    split = f" ({', '.join(shares)})" if 1 < len(shares) <= 12 else ""
    yield f"Demand: {', '.join(_streams(scenario)) or 'none'}; {number(a_year.sum())} units a year expected{split}."


def _streams(scenario: Scenario) -> Iterator[str]:
    demand = scenario.company.demand
    if scenario.replayed is not None:
        yield "the real order lines day by day"
    elif demand.everyday:
        yield count(len(demand.everyday), "everyday stream")
    signed = {"small contracts": demand.contracts, "frame contracts": demand.frames, "projects": demand.projects}
    yield from (f"{count(len(streams), 'stream')} of {kind}" for kind, streams in signed.items() if streams)


def _calendar(scenario: Scenario) -> Iterator[str]:
    calendar, days = scenario.company.calendar, scenario.days
    off = f", less {count(len(calendar.holidays), 'holiday')}" if calendar.holidays else ""
    work = "every day of the week" if len(calendar.working_days) == 7 else ", ".join(calendar.working_days)
    yield f"Calendar: from {calendar.start}, worked {work}{off}: {int(days.working.sum()):,} working days."


def _experiment(scenario: Scenario) -> Iterator[str]:
    e = scenario.experiment
    scored = f", the first {e.warm_up} not scored" if e.warm_up else ", all scored"
    known = f", {count(e.history, 'month')} of demand known before" if e.history else ""
    named = f" of {', '.join(e.policies)}" if e.policies else ""
    runs = f"{count(e.replications, 'replication')}{named}, seed {e.seed}"
    yield f"Experiment: {count(e.months, 'month')}{scored}{known}; {runs}."
    if scenario.policies:
        yield f"Policies of its own: {', '.join(scenario.policies)}."
