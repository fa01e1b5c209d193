"""Describe a company's market, the events in it, the life of its products, its customers and its sales team, in words."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.company.events import Competitor, Event, Launch, PriceChange, Promotion, Shock
from simulator.company.phrases import counted_things, first_names, percent, short_number
from simulator.engine.scenario import Scenario
from simulator.kernel.messages import Message, Value, listed, msg
from simulator.kernel.messages import percent as in_percent


def market(scenario: Scenario) -> Iterator[Message]:
    """A sentence for everything that moves demand."""
    for part in (_lives, _events, _loyalty, _sales, _pipeline):
        yield from part(scenario)


def _lives(scenario: Scenario) -> Iterator[Message]:
    for name, product in scenario.company.products.items():
        if product.launch:
            yield _launch(name, product.launch)
        if product.phase_out:
            last = _last(product.phase_out.last_time_buy)
            yield msg("End of {product}: {month}, {last}.", product=name, month=product.phase_out.month, last=last)


def _launch(name: str, launch: Launch) -> Message:
    others = list(launch.cannibalises)
    plan = msg(
        "{units} units a month expected after {months}",
        units=short_number(launch.expected),
        months=counted_things(launch.ramp, "month"),
    )
    if others:
        plan = msg("{plan}, partly from {products}", plan=plan, products=first_names(others))
    return msg("Launch of {product}: {month}, {plan}.", product=name, month=launch.month, plan=plan)


def _last(share: float) -> Message:
    if not share:
        return msg("without a last-time buy")
    return msg("after a last-time buy of {share} of a year's demand", share=percent(share))


def _events(scenario: Scenario) -> Iterator[Message]:
    for event in scenario.company.market.events.values():
        known = msg("nobody is told") if event.known is None else told_before(event.known)
        about: Value = event.family or (first_names(event.products) if event.products else msg("all products"))
        if event.segments:
            about = msg("{products} for {segments}", products=about, segments=first_names(event.segments))
        yield msg(
            "Market, {day}: {what}, {about}; {known}.", day=event.start, what=_happens(event), about=about, known=known
        )


def told_before(days: int) -> Message:
    """Word the notice of an event: the days by which it is known before."""
    return msg("told {days} before", days=counted_things(days, "day"))


def _happens(event: Event) -> Message:
    """Word the effect of an event."""
    if isinstance(event, Promotion):
        return msg(
            "promotion of {days} with {share} more demand",
            days=counted_things(event.days, "day"),
            share=percent(event.lift),
        )
    if isinstance(event, PriceChange):
        share = percent(abs(event.change))
        return (
            msg("list price {share} higher", share=share)
            if event.change > 0
            else msg("list price {share} lower", share=share)
        )
    if isinstance(event, Competitor):
        lost = msg("a competitor takes {share} of demand", share=percent(event.lost))
        back = counted_things(event.regained, "day") if event.regained else None
        return msg("{lost} (won back in {days})", lost=lost, days=back) if back else lost
    assert isinstance(event, Shock)
    return msg("demand goes to {share}", share=percent(event.factor))


def _loyalty(scenario: Scenario) -> Iterator[Message]:
    for name, segment in scenario.company.segments.items():
        if segment.loyalty:
            yield msg(
                "Customers {segment}: expect {share} on the day; each point below costs {points} points of their demand, "
                "at most {most}.",
                segment=name,
                share=percent(segment.loyalty.expects),
                points=short_number(segment.loyalty.sensitivity),
                most=percent(segment.loyalty.most_lost),
            )


def _sales(scenario: Scenario) -> Iterator[Message]:
    force = scenario.company.sales
    if force:
        asked = [
            msg("{name} {value}", name=channel, value=in_percent(target.growth, 0, signed=True))
            for channel, target in force.targets.items()
        ]
        managed = msg("managed by {managed}", managed=force.managed)
        if force.pushes:
            managed = msg(
                "{managed}, pulls up to {share} of the next weeks forward at a month's end",
                managed=managed,
                share=percent(force.push),
            )
        yield msg("Sales: {managed}; targets on last year: {targets}.", managed=managed, targets=listed(asked, ", "))


def _pipeline(scenario: Scenario) -> Iterator[Message]:
    for deal in scenario.company.demand.projects:
        if deal.stages:
            yield msg(
                "Pipeline of {product} for {segment}: {stages}; {first} stated at first, {won} won.",
                product=deal.product,
                segment=deal.segment,
                stages=listed((stage.name for stage in deal.stages), ", "),
                first=percent(deal.stages[0].says),
                won=percent(deal.win_rate),
            )
