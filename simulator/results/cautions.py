"""Cautions about entries that a scenario may have and a planner should look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

import simulator.results.implausible as implausible
from simulator.company.phrases import counted_things, first_names, percent
from simulator.engine.expected import expected_units, planned_load
from simulator.engine.running import months_before
from simulator.engine.scenario import Scenario
from simulator.kernel.messages import Message, msg, plural
from simulator.planning import Policy


def cautions(scenario: Scenario, policies: Sequence[Policy] = ()) -> list[Message]:
    """Say what is allowed and still deserves a look, of a company and of the policies that run it; a sentence each."""
    said = [sentence for check in CHECKS for sentence in check(scenario)]
    return said + [sentence for policy in policies for sentence in implausible.never_ordered(scenario, policy)]


def cautions_beside(scenarios: Mapping[str, Scenario], policies: Sequence[Policy] = ()) -> list[Message]:
    """Say it of several scenarios, of each what is not true of all; and whether they have anything in common."""
    own_policies = [[policy] for policy in policies] or [[] for _ in scenarios]
    each = [cautions(scenario, own) for scenario, own in zip(scenarios.values(), own_policies, strict=True)]
    common = [sentence for sentence in each[0] if all(sentence in said for said in each)]
    own = [
        msg("{source}: {problem}", source=n, problem=s)
        for n, said in zip(scenarios, each, strict=True)
        for s in said
        if s not in common
    ]
    return [*_strangers(scenarios), *common, *own]


def _strangers(scenarios: Mapping[str, Scenario]) -> Iterator[Message]:
    """Companies that share no luck, since they sell nothing that is called the same."""
    (first, reference), *others = scenarios.items()
    for name, other in others:
        if not {*reference.network.products} & {*other.network.products}:
            yield msg(
                "{name} and {first} have no product in common, so that nothing of their luck is the same.",
                name=name,
                first=first,
            )


def _idle(scenario: Scenario) -> Iterator[Message]:
    """Parts that go into nothing, resources without work."""
    company = scenario.company
    makes = [item.make for item in company.items.values() if item.make]
    if parts := _unused(company.components, {part for make in makes for part in make.bill}):
        yield plural("{names} goes into nothing.", "{names} go into nothing.", len(parts), names=first_names(parts))
    if resources := _unused(company.resources, {resource for make in makes for resource in make.hours}):
        yield plural("{names} makes nothing.", "{names} make nothing.", len(resources), names=first_names(resources))


def _unused(names: Iterable[str], used: set[str]) -> list[str]:
    return [name for name in names if name not in used]


def _unwanted(scenario: Scenario) -> Iterator[Message]:
    """Products without demand."""
    n = scenario.network
    if not scenario.days.working.any():
        return
    wanted = {n.products[k] for k in np.flatnonzero(expected_units(scenario).sum(axis=0) > 0)}
    if idle := _unused(n.products, wanted):
        yield plural(
            "{names} is wanted by nobody.", "{names} are wanted by nobody.", len(idle), names=first_names(idle)
        )


def _overloaded(scenario: Scenario) -> Iterator[Message]:
    """Resources that cannot do what is expected of them."""
    if not scenario.days.working.any():
        return
    for resource, row in zip(scenario.network.resources, planned_load(scenario), strict=True):
        if row[-1] > 1:
            yield msg(
                "{resource} cannot keep up: expected demand needs {share} of its hours.",
                resource=resource,
                share=percent(row[-1]),
            )


def _runs_already(scenario: Scenario) -> Iterator[Message]:
    """Opening stocks that are left out, and what stands in their place."""
    earlier = months_before(scenario)
    if earlier is None:
        return
    items = [name for name, item in scenario.company.items.items() if item.opening_stock is None]
    yield msg(
        "Opening stock of {names} is left out: each policy begins with the stock, work in process and orders on the way that "
        "it holds after {months} months before the first day; state 0 for empty shelves.",
        names=first_names(items),
        months=earlier.experiment.months,
    )


def _empty_shelves(scenario: Scenario) -> Iterator[Message]:
    """Items that are needed and not there on the first day."""
    n = scenario.network
    needed = n.total_use.flow(expected_units(scenario).sum(axis=0)[:, None]) > 0
    new = {name for name, product in scenario.company.products.items() if product.launch}
    bare = np.flatnonzero(needed[:, 0] & (n.opening_stock[:, 0] <= 0))
    empty = [n.names[k] for k in bare if n.names[k] not in new]
    if empty:
        wait = counted_things(int(n.lead_time[n.names.index(empty[0]), 0]), "day")
        warm_up = scenario.experiment.warm_up
        first, then = msg("and scored from the first day"), msg("not scored before month {month}", month=warm_up + 1)
        yield msg(
            "No opening stock of {names} ({item} takes {days} to come), {scored}.",
            names=first_names(empty),
            item=empty[0],
            days=wait,
            scored=then if warm_up else first,
        )


def _sold_at_a_loss(scenario: Scenario) -> Iterator[Message]:
    """Products whose price does not pay for them."""
    priced = {name: p for name, p in scenario.company.products.items() if p.price > 0}
    loss = [name for name, p in priced.items() if p.price < p.unit_cost]
    if loss:
        yield msg("Price below standard cost: {names}.", names=first_names(loss))


CHECKS = (
    implausible.never_worked, implausible.nothing_scored, _idle, _unwanted, implausible.wild_demand, _overloaded,
    implausible.longer_than_a_day, implausible.too_far_away, _runs_already, _empty_shelves, implausible.beyond_all_use, _sold_at_a_loss,
    implausible.too_much_at_once,
)  # fmt: skip
"""What is looked at, what makes all others pointless first."""
