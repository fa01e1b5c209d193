"""Describe the company of a scenario, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from simulator.company.phrases import counted_things
from simulator.engine.scenario import Scenario
from simulator.faces.describe import market, money, plant, quality, trade
from simulator.kernel.messages import Message, Text, Value, listed, msg, number
from simulator.results.cautions import cautions

Part = Callable[[Scenario], Iterator[Message]]


def sections(scenario: Scenario) -> dict[str, list[Message]]:
    """Describe the company of a scenario: sentences by heading; headings without any are left out."""
    found = {title: [line for part in parts for line in part(scenario)] for title, parts in SECTIONS.items()}
    return {title: lines for title, lines in found.items() if lines}


def profile(scenario: Scenario) -> list[Text]:
    """Describe the company of a scenario as lines of text."""
    lines: list[Text] = list(_head(scenario))
    for title, sentences in sections(scenario).items():
        lines += ["", msg(title), *(msg("  {sentence}", sentence=sentence) for sentence in sentences)]
    return lines


def in_short(scenario: Scenario) -> Message:
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
    things = listed((counted_things(*each) for each in counts if each[0]), ", ")
    return msg("{things}; {months}", things=things, months=counted_things(e.months, "month"))


def _head(scenario: Scenario) -> Iterator[Message]:
    company = scenario.company
    named: Value = scenario.name
    if company.name != scenario.name:
        named = msg("{name} ({company})", name=scenario.name, company=company.name)
    yield msg("{name}: {note}.", name=named, note=company.note) if company.note else msg("{name}.", name=named)


def _calendar(scenario: Scenario) -> Iterator[Message]:
    calendar, days = scenario.company.calendar, scenario.days
    worked: Value = msg("every day of the week")
    if len(calendar.working_days) != 7:
        worked = listed(map(msg, calendar.working_days), ", ")
    if calendar.holidays:
        worked = msg("{days}, less {holidays}", days=worked, holidays=counted_things(len(calendar.holidays), "holiday"))
    yield msg(
        "Calendar: from {start}, worked {days}: {n} working days.",
        start=calendar.start,
        days=worked,
        n=number(int(days.working.sum())),
    )


def _experiment(scenario: Scenario) -> Iterator[Message]:
    e = scenario.experiment
    months, runs = counted_things(e.months, "month"), counted_things(e.replications, "replication")
    span = msg("{months}, all scored", months=months)
    if e.warm_up:
        span = msg("{months}, the first {n} not scored", months=months, n=e.warm_up)
    if e.history:
        span = msg("{span}, {months} of demand known before", span=span, months=counted_things(e.history, "month"))
    if e.policies:
        runs = msg("{runs} of {policies}", runs=runs, policies=listed(e.policies, ", "))
    yield msg("Experiment: {span}; {runs}, seed {seed}.", span=span, runs=runs, seed=f"{e.seed}")
    if scenario.policies:
        yield msg("Policies of its own: {names}.", names=listed(scenario.policies, ", "))


def _data(scenario: Scenario) -> Iterator[Message]:
    yield from (msg("Data: {note}", note=note) for note in scenario.notes)


def _look_at(scenario: Scenario) -> Iterator[Message]:
    yield from cautions(scenario)


SECTIONS: dict[str, tuple[Part, ...]] = {
    "What it sells": (trade.products, trade.demand),
    "Customers": (trade.customers,),
    "Market and sales": (market.market,),
    "Plant": (plant.parts, plant.resources, plant.staff, plant.subcontractors),
    "Quality and records": (quality.quality,),
    "Suppliers": (trade.suppliers, trade.sources),
    "Money": (money.money,),
    "How it is simulated": (_calendar, _experiment, _data),
    "Look at": (_look_at,),
}
"""Headings, and what says something under each."""
