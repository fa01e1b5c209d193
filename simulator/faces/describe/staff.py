"""Describe the sources of a company's hours: people, shifts, machines that fail, set-ups, and subcontractors."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.company import Failures, People, Resource
from simulator.company.phrases import counted_things, first_names, percent, price, short_number
from simulator.engine.scenario import Scenario
from simulator.kernel.messages import Message, listed, msg, plural
from simulator.world.staffing import up_share


def staff(scenario: Scenario) -> Iterator[Message]:
    """Each resource that is said more of than its hours."""
    currency = scenario.company.currency
    for name, resource in scenario.company.resources.items():
        told = [*_people(resource.people, currency), *_machines(resource)]
        if told:
            yield msg("Behind {resource}: {parts}.", resource=name, parts=listed(told, "; "))


def _people(people: People | None, currency: str) -> Iterator[Message]:
    if people is None:
        return
    bounds = msg("{least} or more", least=people.least)
    if people.most is not None:
        bounds = msg("{least} to {most}", least=people.least, most=people.most)
    yield msg(
        "{people} of {hours} hours a day, {bounds} possible",
        people=plural("{n} person", "{n} people", people.heads),
        hours=short_number(people.hours),
        bounds=bounds,
    )
    starts = msg("a new one starts after {days}", days=counted_things(people.hire_days, "day"))
    if people.ramp_days:
        starts = msg("{starts}, slow for {days}", starts=starts, days=counted_things(people.ramp_days, "day"))
    yield msg("{starts}, and costs {money} {currency}", starts=starts, money=price(people.hire_cost), currency=currency)
    days, cost = counted_things(people.notice_days, "day"), price(people.dismiss_cost)
    yield msg("notice {days}, {money} {currency}", days=days, money=cost, currency=currency)
    if people.attrition:
        yield msg("{share} leave in a year", share=percent(people.attrition))


def _machines(resource: Resource) -> Iterator[Message]:
    if resource.shifts:
        shifts = counted_things(resource.shifts.now, "shift")
        yield msg("{shifts}, {most} possible", shifts=shifts, most=resource.shifts.most)
    if resource.failures:
        yield _failures(resource.failures, up_share(resource))
    if resource.setups:
        setups = [
            msg("{family} in {hours} h", family=family, hours=short_number(hours))
            for family, hours in resource.setups.items()
        ]
        yield msg("set up for {families}", families=first_names(setups))


def _failures(failures: Failures, up: float) -> Message:
    return msg(
        "{machines} failing every {hours} hours for {repair} on average, up {share} of the time",
        machines=counted_things(failures.machines, "machine"),
        hours=short_number(failures.time_to_failure),
        repair=short_number(failures.repair.mean),
        share=percent(up),
    )


def subcontractors(scenario: Scenario) -> Iterator[Message]:
    """Describe the products that subcontractors make too."""
    for name, product in scenario.company.products.items():
        offer = product.make.subcontract if product.make else None
        if offer:
            yield msg(
                "Subcontracted: {product}, up to {units} a month, {days} after the order, {share} above standard cost.",
                product=name,
                units=short_number(offer.most),
                days=counted_things(offer.lead_time, "day"),
                share=percent(offer.premium),
            )
