"""Implausible entries that a file may hold: no work, no scored days, no arrivals, amounts beyond all use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from simulator.company.laws import Spread
from simulator.company.phrases import counted_things, first_names, short_number
from simulator.engine.expected import expected_units
from simulator.engine.scenario import Scenario
from simulator.kernel.messages import Message, Value, msg
from simulator.kernel.messages import number as whole
from simulator.kernel.plans import HORIZON
from simulator.kernel.units import Array
from simulator.planning import Policy
from simulator.planning.replenishment import MinMax, OrderUpTo, ReorderPoint
from simulator.planning.rules import Replenishment

WILD = 10.0
"""Deviation of demand over its mean beyond which it is more likely a slip of the pen."""

HOURS_A_DAY = 24.0


def never_worked(scenario: Scenario) -> Iterator[Message]:
    """A run, or its scored months, without a working day."""
    days, first = scenario.days, int(scenario.days.month_start[scenario.experiment.warm_up])
    if not days.working.any():
        yield msg("No day of the run is worked: nothing is made, falls due or is delivered.")
    elif not days.working[first:].any():
        yield msg("No day of the months that are scored is worked.")


def nothing_scored(scenario: Scenario) -> Iterator[Message]:
    """Demand that is over before the scored months begin."""
    units = expected_units(scenario)
    first = int(scenario.days.month_start[scenario.experiment.warm_up])
    if scenario.days.working[first:].any() and units.any() and not units[scenario.experiment.warm_up :].any():
        yield msg("Nothing is expected to fall due in the months that are scored.")


def too_far_away(scenario: Scenario) -> Iterator[Message]:
    """Warn of lead times beyond the run's end or beyond the planning horizon."""
    n, days = scenario.network, scenario.days.count
    wait = n.lead_time[:, 0]
    ahead = HORIZON * 365.25 / 12
    late = _named(scenario, wait >= days)
    if late:
        yield msg(
            "Nothing that is ordered of {names} arrives: {wait} of lead time, {days} of run.",
            names=first_names(late),
            wait=counted_things(int(wait.max()), "day"),
            days=counted_things(days, "day"),
        )
    unseen = _named(scenario, (wait > ahead) & (wait < days))
    if unseen:
        yield msg(
            "Lead time beyond the {n} months that planners look ahead: {names}.", n=HORIZON, names=first_names(unseen)
        )


def beyond_all_use(scenario: Scenario) -> Iterator[Message]:
    """Stocks and smallest orders that outlast the run."""
    n, use = scenario.network, _use(scenario)
    for row in np.flatnonzero((use > 0) & (np.maximum(n.minimum, n.multiple)[:, 0] > use)):
        least = float(max(n.minimum[row, 0], n.multiple[row, 0]))
        yield msg(
            "The smallest order of {item} is {units} units, more than the run uses: {use}.",
            item=n.names[row],
            units=_amount(least),
            use=_amount(use[row]),
        )
    full = _named(scenario, (use > 0) & (n.opening_stock[:, 0] > use))
    if full:
        yield msg("Opening stock outlasts the run: {names}.", names=first_names(full))


def wild_demand(scenario: Scenario) -> Iterator[Message]:
    """Demand whose deviation is many times its mean."""
    streams = scenario.company.demand.everyday
    spread = {s.product: s.daily for s in streams if isinstance(s.daily, Spread)}
    names = [product for product, law in spread.items() if law.sd > WILD * law.mean]
    if names:
        yield msg(
            "Demand that varies by more than {n} times its mean: {names}.", n=round(WILD), names=first_names(names)
        )


def longer_than_a_day(scenario: Scenario) -> Iterator[Message]:
    """Machines and people that are said to work more hours than a day has."""
    for name, resource in scenario.company.resources.items():
        stations = [resource.failures.machines] if resource.failures else []
        stations += [resource.people.heads] if resource.people else []
        if stations and resource.hours > HOURS_A_DAY * max(stations):
            yield msg(
                "{resource} works {hours} hours a day, more than {stations} have.",
                resource=name,
                hours=short_number(resource.hours),
                stations=counted_things(max(stations), "station"),
            )


def never_ordered(scenario: Scenario, policy: Policy) -> Iterator[Message]:
    """Levels at which nothing is ordered before somebody waits for it."""
    n, use = scenario.network, _use(scenario)
    bare = [
        name
        for rule, names in ((policy.products, n.products), (policy.components, list(scenario.company.components)))
        for name in names
        if _level(rule, name) <= 0 < use[n.names.index(name)]
    ]
    if bare:
        yield msg(
            "Policy {policy} orders only what is owed of {names}: levels at 0 or below.",
            policy=policy.name,
            names=first_names(bare),
        )


def _level(rule: Replenishment, name: str) -> float:
    """The level up to which a rule is told to order an item; endless where it works it out."""
    if isinstance(rule, MinMax):
        return (rule.maximum or {}).get(name, 0.0 if rule.maximum else np.inf)
    listed = rule.level if isinstance(rule, OrderUpTo) else rule.point if isinstance(rule, ReorderPoint) else None
    lot = (rule.lot or {}).get(name, 1.0) if isinstance(rule, ReorderPoint) else 0.0
    return listed[name] + lot if listed and name in listed else np.inf


def _use(scenario: Scenario) -> Array:
    """Units of each item that the run is expected to use."""
    expected = expected_units(scenario).sum(axis=0)
    return np.asarray(scenario.network.total_use.flow(expected[:, None])[:, 0])


def _named(scenario: Scenario, which: Iterable[bool]) -> list[str]:
    """Items that are used, of those marked."""
    used = _use(scenario) > 0
    return [name for name, marked, wanted in zip(scenario.network.names, which, used, strict=True) if marked and wanted]


def _amount(units: float) -> Value:
    """Units as one reads them, however many."""
    return whole(units) if units < 1e12 else f"{units:.3g}"


def too_much_at_once(scenario: Scenario) -> Iterator[Message]:
    """Lots and lead times that bring more than is used within a shelf life."""
    n = scenario.network
    for item in n.perishable:
        use = n.total_use.flow(expected_units(scenario).sum(axis=0)[:, None])[item, 0] / scenario.days.count
        least = max(n.minimum[item, 0], n.multiple[item, 0])
        if use > 0 and least > use * n.shelf_life[item, 0]:
            yield msg(
                "The smallest lot of {item} lasts {days}, but it keeps for {life} only.",
                item=n.names[item],
                days=counted_things(int(np.ceil(least / use)), "day"),
                life=counted_things(int(n.shelf_life[item, 0]), "day"),
            )
