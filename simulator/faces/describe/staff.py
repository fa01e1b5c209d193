"""Who gives a company its hours: people, shifts, machines that fail, set-ups, and who else makes its products."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.company import Failures, People, Resource
from simulator.company.phrases import count, number, percent, price, some
from simulator.engine.scenario import Scenario
from simulator.world.staffing import up_share


def staff(scenario: Scenario) -> Iterator[str]:
    """Each resource that is said more of than its hours."""
    currency = scenario.company.currency
    for name, resource in scenario.company.resources.items():
        told = [*_people(resource.people, currency), *_machines(resource)]
        if told:
            yield f"Behind {name}: {'; '.join(told)}."


def _people(people: People | None, currency: str) -> Iterator[str]:
    if people is None:
        return
    most = f" to {people.most}" if people.most is not None else " or more"
    who = "1 person" if people.heads == 1 else f"{people.heads} people"
    yield f"{who} of {number(people.hours)} hours a day, {people.least}{most} possible"
    slow = f", slow for {count(people.ramp_days, 'day')}" if people.ramp_days else ""
    yield f"a new one starts after {count(people.hire_days, 'day')}{slow}, and costs {price(people.hire_cost)} {currency}"
    yield f"notice {count(people.notice_days, 'day')}, {price(people.dismiss_cost)} {currency}"
    if people.attrition:
        yield f"{percent(people.attrition)} leave in a year"


def _machines(resource: Resource) -> Iterator[str]:
    if resource.shifts:
        yield f"{count(resource.shifts.now, 'shift')}, {resource.shifts.most} possible"
    if resource.failures:
        yield _failures(resource.failures, up_share(resource))
    if resource.setups:
        yield f"set up for {some([f'{family} in {number(hours)} h' for family, hours in resource.setups.items()])}"


def _failures(failures: Failures, up: float) -> str:
    each = f"every {number(failures.time_to_failure)} hours for {number(failures.repair.mean)}"
    return f"{count(failures.machines, 'machine')} failing {each} on average, up {percent(up)} of the time"


def subcontractors(scenario: Scenario) -> Iterator[str]:
    """What others make too."""
    for name, product in scenario.company.products.items():
        offer = product.make.subcontract if product.make else None
        if offer:
            limit = f"up to {number(offer.most)} a month, {count(offer.lead_time, 'day')} after the order"
            yield f"Subcontracted: {name}, {limit}, {percent(offer.premium)} above standard cost."
