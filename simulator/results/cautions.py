"""Cautions about entries that a scenario may have and a planner should look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

import simulator.results.cautions as implausible
from simulator.company import Days
from simulator.company.laws import Spread
from simulator.company.phrases import counted_things, first_names, percent, short_number
from simulator.engine.expected import expected_units, planned_load
from simulator.engine.running import months_before
from simulator.engine.scenario import Scenario
from simulator.kernel.messages import Message, Value, msg, plural
from simulator.kernel.messages import number as whole
from simulator.kernel.plans import HORIZON
from simulator.kernel.units import Array
from simulator.planning import Policy
from simulator.planning.master_schedule import MasterSchedule, MaterialRequirements
from simulator.planning.replenishment import MinMax, OrderUpTo, ReorderPoint
from simulator.planning.rules import Replenishment
from simulator.planning.supply_plan import NoPlan

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


def begins_within_a_month(scenario: Scenario) -> Iterator[Message]:
    """Say what the first month of the run is, where it starts on another day than the first of a month."""
    days = scenario.days
    if scenario.company.calendar.start.day > 1:
        all_of_it = int(Days(scenario.company.calendar.from_the_first, 1).worked[0])
        yield msg(
            "The run begins within {month}: its first month is what is left of it, {left} of {whole} working days.",
            month=days.month_name(0),
            left=int(days.worked[0]),
            whole=all_of_it,
        )


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


def never_planned(scenario: Scenario, policy: Policy) -> Iterator[Message]:
    """Rules that read a supply plan where there is none: what they decide on is never made or bought."""
    if not isinstance(policy.supply_plan, NoPlan):
        return
    n, used = scenario.network, _use(scenario) > 0
    made = [n.names[row] for row in n.made if row < len(n.products) and used[row]]
    parts = [name for name in scenario.company.components if used[n.names.index(name)]]
    for right, rule, names in (("products", policy.products, made), ("components", policy.components, parts)):
        if isinstance(rule, MasterSchedule | MaterialRequirements) and names:
            yield msg(
                "Policy {policy} plans nothing of {names}: {right} is {rule}, which follows a supply plan, and supply_plan is none.",
                policy=policy.name,
                names=first_names(names),
                right=right,
                rule=rule.name,
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


# --- cautions ---


def cautions(scenario: Scenario, policies: Sequence[Policy] = ()) -> list[Message]:
    """Say what is allowed and still deserves a look, of a company and of the policies that run it; a sentence each."""
    said = [sentence for check in CHECKS for sentence in check(scenario)]
    checks = (implausible.never_ordered, implausible.never_planned)
    return said + [sentence for policy in policies for check in checks for sentence in check(scenario, policy)]


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


def _assumed(scenario: Scenario) -> Iterator[Message]:
    """Assumptions about imported data that it does not state itself."""
    yield from scenario.assumed


CHECKS = (
    _assumed, implausible.never_worked, implausible.begins_within_a_month, implausible.nothing_scored, _idle, _unwanted,
    implausible.wild_demand, _overloaded,
    implausible.longer_than_a_day, implausible.too_far_away, _runs_already, _empty_shelves, implausible.beyond_all_use, _sold_at_a_loss,
    implausible.too_much_at_once,
)  # fmt: skip
"""What is looked at, what makes all others pointless first."""
