"""Sources in words: who could deliver what, on which terms, and what may go wrong."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.company import Disruption, Source
from simulator.company.phrases import counted_things, percent, short_number, small_percent
from simulator.company.whole import in_begun
from simulator.engine.scenario import Scenario
from simulator.faces.describe.market import told_before
from simulator.kernel.messages import Listed, Message, listed, msg


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
