"""Describe the parts and the hours from which a company makes its goods."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.company.phrases import first_names, made_and_bought, percent, price, short_number
from simulator.engine.expected import planned_load
from simulator.engine.scenario import Scenario
from simulator.kernel.messages import Message, msg
from simulator.results.money.terms import Terms


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
