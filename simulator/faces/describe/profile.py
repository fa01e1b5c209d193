"""What company a scenario describes, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from simulator.company.phrases import count
from simulator.engine.scenario import Scenario
from simulator.faces.describe import market, money, plant, quality, staff, supply, trade
from simulator.results.cautions import cautions

Part = Callable[[Scenario], Iterator[str]]


def sections(scenario: Scenario) -> dict[str, list[str]]:
    """What company a scenario describes: sentences by heading; headings without any are left out."""
    found = {title: [line for part in parts for line in part(scenario)] for title, parts in SECTIONS.items()}
    return {title: lines for title, lines in found.items() if lines}


def profile(scenario: Scenario) -> list[str]:
    """The same as lines of text."""
    lines = list(_head(scenario))
    for title, sentences in sections(scenario).items():
        lines += ["", title, *(f"  {sentence}" for sentence in sentences)]
    return lines


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


def _data(scenario: Scenario) -> Iterator[str]:
    yield from (f"Data: {note}" for note in scenario.notes)


def _look_at(scenario: Scenario) -> Iterator[str]:
    yield from cautions(scenario)


SECTIONS: dict[str, tuple[Part, ...]] = {
    "What it sells": (trade.products, trade.demand),
    "Customers": (trade.customers,),
    "Market and sales": (market.market,),
    "Plant": (plant.parts, plant.resources, staff.staff, staff.subcontractors),
    "Quality and records": (quality.quality,),
    "Suppliers": (trade.suppliers, supply.sources),
    "Money": (money.money,),
    "How it is simulated": (_calendar, _experiment, _data),
    "Look at": (_look_at,),
}
"""Headings, and what says something under each."""
