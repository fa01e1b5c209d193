"""What a company makes its goods of, and with which hours."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.company.phrases import made_and_bought, number, percent, price, some
from simulator.engine.expected import planned_load
from simulator.engine.scenario import Scenario
from simulator.results.money.terms import Terms


def parts(scenario: Scenario) -> Iterator[str]:
    """Components and bills of materials."""
    company = scenario.company
    if company.components:
        made = [name for name, item in company.components.items() if item.make]
        semi_finished = f"; semi-finished: {some(made)}" if made else ""
        yield f"Components: {len(company.components)}, {made_and_bought(company.components)}{semi_finished}."
    if len(company.levels) > 1:
        yield f"Bill of materials: {len(company.levels)} levels, from components to products."


def resources(scenario: Scenario) -> Iterator[str]:
    """Each resource: its hours, what they cost, how expected demand loads it."""
    company, load = scenario.company, planned_load(scenario)
    wages = Terms(company, scenario.network).wage
    for (name, record), row, wage in zip(company.resources.items(), load, wages, strict=True):
        busiest = int(np.argmax(row[:-1]))
        there = f", {percent(record.availability)} of them available" if record.availability < 1 else ""
        hours = f"{number(record.hours)} hours a working day at {price(wage)} {company.currency} each{there}"
        more = f", {percent(record.overtime)} more in overtime" if record.overtime else ""
        peak = f"{percent(row[busiest])} in {scenario.days.month_name(busiest)}"
        yield f"Resource {name}: {hours}{more}; expected demand loads it to {percent(row[-1])} on average, {peak}."
