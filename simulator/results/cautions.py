"""What is allowed in a scenario and still deserves a planner's look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

import simulator.results.implausible as implausible
from simulator.company.phrases import count, percent, some
from simulator.engine.expected import expected_units, planned_load
from simulator.engine.running import before
from simulator.engine.scenario import Scenario
from simulator.planning import Policy


def cautions(scenario: Scenario, policies: Sequence[Policy] = ()) -> list[str]:
    """Say what is allowed and still deserves a look, of a company and of the policies that run it; a sentence each."""
    said = [sentence for check in CHECKS for sentence in check(scenario)]
    return said + [sentence for policy in policies for sentence in implausible.never_ordered(scenario, policy)]


def cautions_beside(scenarios: Mapping[str, Scenario], policies: Sequence[Policy] = ()) -> list[str]:
    """Say it of several scenarios, of each what is not true of all; and whether they have anything in common."""
    own_policies = [[policy] for policy in policies] or [[] for _ in scenarios]
    each = [cautions(scenario, own) for scenario, own in zip(scenarios.values(), own_policies, strict=True)]
    common = [sentence for sentence in each[0] if all(sentence in said for said in each)]
    own = [f"{n}: {s}" for n, said in zip(scenarios, each, strict=True) for s in said if s not in common]
    return [*_strangers(scenarios), *common, *own]


def _strangers(scenarios: Mapping[str, Scenario]) -> Iterator[str]:
    """Companies that share no luck, since they sell nothing that is called the same."""
    (first, reference), *others = scenarios.items()
    for name, other in others:
        if not {*reference.network.products} & {*other.network.products}:
            yield f"{name} and {first} have no product in common, so that nothing of their luck is the same."


def _idle(scenario: Scenario) -> Iterator[str]:
    """Parts that go into nothing, resources without work."""
    company = scenario.company
    makes = [item.make for item in company.items.values() if item.make]
    yield from _named("goes into nothing", "go into nothing", company.components, {p for m in makes for p in m.bill})
    yield from _named("makes nothing", "make nothing", company.resources, {r for m in makes for r in m.hours})


def _named(one: str, many: str, names: Iterable[str], used: Iterable[str]) -> Iterator[str]:
    idle = [name for name in names if name not in set(used)]
    if idle:
        yield f"{some(idle)} {one if len(idle) == 1 else many}."


def _unwanted(scenario: Scenario) -> Iterator[str]:
    """Products without demand."""
    n = scenario.network
    if not scenario.days.working.any():
        return
    wanted = {n.products[k] for k in np.flatnonzero(expected_units(scenario).sum(axis=0) > 0)}
    yield from _named("is wanted by nobody", "are wanted by nobody", n.products, wanted)


def _overloaded(scenario: Scenario) -> Iterator[str]:
    """Resources that cannot do what is expected of them."""
    if not scenario.days.working.any():
        return
    for resource, row in zip(scenario.network.resources, planned_load(scenario), strict=True):
        if row[-1] > 1:
            yield f"{resource} cannot keep up: expected demand needs {percent(row[-1])} of its hours."


def _runs_already(scenario: Scenario) -> Iterator[str]:
    """Opening stocks that are left out, and what stands in their place."""
    earlier = before(scenario)
    if earlier is None:
        return
    items = [name for name, item in scenario.company.items.items() if item.opening_stock is None]
    yield (
        f"Opening stock of {some(items)} is left out: each policy begins with the stock, work in process and orders on the "
        f"way that it holds after {earlier.experiment.months} months before the first day; state 0 for empty shelves."
    )


def _empty_shelves(scenario: Scenario) -> Iterator[str]:
    """Items that are needed and not there on the first day."""
    n = scenario.network
    needed = n.total_use.flow(expected_units(scenario).sum(axis=0)[:, None]) > 0
    new = {name for name, product in scenario.company.products.items() if product.launch}
    bare = np.flatnonzero(needed[:, 0] & (n.opening_stock[:, 0] <= 0))
    empty = [n.names[k] for k in bare if n.names[k] not in new]
    if empty:
        wait = count(int(n.lead_time[n.names.index(empty[0]), 0]), "day")
        warm_up = scenario.experiment.warm_up
        scored = f"not scored before month {warm_up + 1}" if warm_up else "and scored from the first day"
        yield f"No opening stock of {some(empty)} ({empty[0]} takes {wait} to come), {scored}."


def _sold_at_a_loss(scenario: Scenario) -> Iterator[str]:
    """Products whose price does not pay for them."""
    priced = {name: p for name, p in scenario.company.products.items() if p.price > 0}
    loss = [name for name, p in priced.items() if p.price < p.unit_cost]
    if loss:
        yield f"Price below standard cost: {some(loss)}."


CHECKS = (
    implausible.never_worked, implausible.nothing_scored, _idle, _unwanted, implausible.wild, _overloaded,
    implausible.longer_than_a_day, implausible.too_far_away, _runs_already, _empty_shelves, implausible.beyond_all_use, _sold_at_a_loss,
    implausible.too_much_at_once,
)  # fmt: skip
"""What is looked at, what makes all others pointless first."""
