"""Sources in words: who could deliver what, on which terms, and what may go wrong."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.company import Disruption, Source
from simulator.company.phrases import count, number, percent
from simulator.company.whole import in_begun
from simulator.engine.scenario import Scenario


def sources(scenario: Scenario) -> Iterator[str]:
    """A line for each item with more to its sources than a lead time, and for each disruption."""
    company = scenario.company
    for name, item in company.items.items():
        if item.buy and not item.buy.is_plain:
            told = "; ".join(_source(source, item.unit_cost) for source in item.buy.sources)
            yield f"Sources of {name}: {told}."
    yield from (_disruption(disruption) for disruption in company.disruptions)


def _source(source: Source, cost: float) -> str:
    """One way of buying, against what the item is reckoned to cost."""
    price = cost if source.price is None else source.price
    told = [f"{percent(source.share)} from {source.supplier} at {number(price)}"]
    if source.reject:
        told.append(f"{100 * source.reject:.2g} % rejected")
    if source.capacity is not None:
        told.append(f"at most {number(source.capacity)} a month")
    if source.express:
        told.append(f"express in {count(source.express.days, 'day')} for {percent(source.express.premium)} more")
    return ", ".join(told)


def _disruption(disruption: Disruption) -> str:
    """What goes wrong, when and for how long."""
    kind, name = disruption.thing
    what = {"supplier": f"supplier {name}", "route": f"the lane {name}", "resource": f"the site {name}"}[kind]
    often = f"{number(disruption.rate)} times a year" if disruption.rate else f"on {disruption.start}"
    lost = "" if disruption.severity == 1 else f" to {percent(disruption.severity)}"
    told = f"told {count(disruption.warning, 'day')} before" if disruption.warning else "without warning"
    length = f"{number(in_begun(disruption.length)[0])} days{' on average' if disruption.length.sd else ''}"
    return f"Disruption: {what} is out{lost} {often}, for {length}, {told}."
