"""Describe the parts and the hours from which a company makes its goods: machines, people, shifts and subcontractors."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.company import Failures, People, Resource
from simulator.company.phrases import counted_things, first_names, made_and_bought, percent, price, short_number
from simulator.engine.expected import planned_load
from simulator.engine.money.terms import Terms
from simulator.engine.scenario import Scenario
from simulator.kernel.messages import Message, listed, msg, plural
from simulator.world.staffing import up_share


def parts(scenario: Scenario) -> Iterator[Message]:
    """Components and bills of materials."""
    company = scenario.company
    if company.components:
        made = [name for name, item in company.components.items() if item.make]
        kinds = made_and_bought(company.components)
        if made:
            kinds = msg("{kinds}; semi-finished: {names}", kinds=kinds, names=first_names(made))
        yield msg("Components: {n}, {kinds}.", n=len(company.components), kinds=kinds)
    if len(company.levels) > 1:
        yield msg("Bill of materials: {n} levels, from components to products.", n=len(company.levels))


def resources(scenario: Scenario) -> Iterator[Message]:
    """Each resource: its hours, what they cost, how expected demand loads it."""
    company, load = scenario.company, planned_load(scenario)
    wages = Terms(company, scenario.network).wage
    for (name, record), row, wage in zip(company.resources.items(), load, wages, strict=True):
        busiest = int(np.argmax(row[:-1]))
        hours = msg(
            "{hours} hours a working day at {wage} {currency} each",
            hours=short_number(record.hours),
            wage=price(wage),
            currency=company.currency,
        )
        if record.availability < 1:
            hours = msg("{hours}, {share} of them available", hours=hours, share=percent(record.availability))
        if record.overtime:
            hours = msg("{hours}, {share} more in overtime", hours=hours, share=percent(record.overtime))
        yield msg(
            "Resource {name}: {hours}; expected demand loads it to {load} on average, {peak} in {month}.",
            name=name,
            hours=hours,
            load=percent(row[-1]),
            peak=percent(row[busiest]),
            month=scenario.days.month_name(busiest),
        )


# --- people, machines, subcontractors ---


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
