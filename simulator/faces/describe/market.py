"""What happens in a company's market, to its products, and how its customers and its sales team behave, in words."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.company.events import Competitor, Event, PriceChange, Promotion, Shock
from simulator.company.phrases import count, number, percent, some
from simulator.engine.scenario import Scenario


def market(scenario: Scenario) -> Iterator[str]:
    """A sentence for everything that moves demand."""
    for part in (_lives, _events, _loyalty, _sales, _pipeline):
        yield from part(scenario)


def _lives(scenario: Scenario) -> Iterator[str]:
    for name, product in scenario.company.products.items():
        if product.launch:
            launch, others = product.launch, list(product.launch.cannibalises)
            takes = f", partly from {some(others)}" if others else ""
            plan = f"{number(launch.expected)} units a month expected after {count(launch.ramp, 'month')}"
            yield f"Launch of {name}: {launch.month}, {plan}{takes}."
        if product.phase_out:
            yield f"End of {name}: {product.phase_out.month}, {_last(product.phase_out.last_time_buy)}."


def _last(share: float) -> str:
    return f"after a last-time buy of {percent(share)} of a year's demand" if share else "without a last-time buy"


def _events(scenario: Scenario) -> Iterator[str]:
    for event in scenario.company.market.events.values():
        told = "nobody is told" if event.known is None else f"told {count(event.known, 'day')} before"
        about = event.family or some(event.products) or "all products"
        whom = f" for {some(event.segments)}" if event.segments else ""
        yield f"Market, {event.start}: {_happens(event)}, {about}{whom}; {told}."


def _happens(event: Event) -> str:
    """What an event does, in words."""
    if isinstance(event, Promotion):
        return f"promotion of {count(event.days, 'day')} with {percent(event.lift)} more demand"
    if isinstance(event, PriceChange):
        return f"list price {percent(abs(event.change))} {'higher' if event.change > 0 else 'lower'}"
    if isinstance(event, Competitor):
        back = f" (won back in {count(event.regained, 'day')})" if event.regained else ""
        return f"a competitor takes {percent(event.lost)} of demand{back}"
    assert isinstance(event, Shock)
    return f"demand goes to {percent(event.factor)}"


def _loyalty(scenario: Scenario) -> Iterator[str]:
    for name, segment in scenario.company.segments.items():
        if segment.loyalty:
            yield (
                f"Customers {name}: expect {percent(segment.loyalty.expects)} on the day; each point below costs "
                f"{number(segment.loyalty.sensitivity)} points of their demand, at most {percent(segment.loyalty.most_lost)}."
            )


def _sales(scenario: Scenario) -> Iterator[str]:
    force = scenario.company.sales
    if force:
        asked = ", ".join(f"{channel} {100 * target.growth:+.0f} %" for channel, target in force.targets.items())
        pushes = (
            f", pulls up to {percent(force.push)} of the next weeks forward at a month's end" if force.pushes else ""
        )
        yield f"Sales: managed by {force.managed}{pushes}; targets on last year: {asked}."


def _pipeline(scenario: Scenario) -> Iterator[str]:
    for deal in scenario.company.demand.projects:
        if deal.stages:
            names = ", ".join(stage.name for stage in deal.stages)
            said = f"{percent(deal.stages[0].says)} stated at first, {percent(deal.win_rate)} won"
            yield f"Pipeline of {deal.product} for {deal.segment}: {names}; {said}."
