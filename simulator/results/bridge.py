"""The worth of S&OP and of each of its elements: Shapley values over all combinations, on the same luck."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from math import comb
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.engine.scenario import Scenario, load
from simulator.kernel.guard import may_start_workers
from simulator.kernel.messages import Message, msg
from simulator.kernel.units import Array, ScenarioError, nearest
from simulator.kernel.workers import Backend, crew
from simulator.planning import ELEMENTS, Policy
from simulator.results.compare import Estimate, estimate
from simulator.results.equal_bridge import settings_of, tuning_numbers
from simulator.results.equal_service import Bench, Outcome, Tuned, enough, fresh_numbers
from simulator.results.kpis import MEASURES, Measure, measures_named
from simulator.results.run import replication_numbers
from simulator.results.settled import looked_at
from simulator.results.side_by_side import scored
from simulator.results.target import CommonTarget, target_of

if TYPE_CHECKING:
    import pandas as pd

BRIDGED = (
    "ebit_before_absorption", "contribution", "lowest_cash", "all_stock_value", "days_of_supply", "production_change",
    "fill_rate",
)  # fmt: skip
"""Measures of a bridge that names none: money first, then stock, then service."""

MOST_COMBINED = 8
"""Elements up to which every combination is run; beyond, orders of switching on are sampled."""


@dataclass(frozen=True)
class Element:
    """One element of S&OP: the decision rights that it changes from the base policy's to the full one's."""

    name: str
    title: str
    rights: tuple[str, ...]


def elements() -> list[Element]:
    """The elements, in the order in which a company would take them up."""
    tables = tomllib.loads(ELEMENTS.read_text(encoding="utf-8"))
    return [Element(name, table["title"], tuple(table["rights"])) for name, table in tables.items()]


def chosen_elements(names: Sequence[str] | None) -> list[Element]:
    """Elements by name, all when none are named."""
    known = {element.name: element for element in elements()}
    for name in names or ():
        if name not in known:
            raise ScenarioError(
                msg("there is no element {name} of S&OP; {hint}", name=repr(name), hint=nearest(name, list(known)))
            )
    return [known[name] for name in names] if names else list(known.values())


def policy_with_elements(base: Policy, full: Policy, on: Sequence[Element]) -> Policy:
    """The base policy with some elements of the full one."""
    rights = {right: getattr(full, right) for element in on for right in element.rights}
    return base.model_copy(update={**rights, "name": "+".join([base.name, *(e.name for e in on)])})


def differing_elements(base: Policy, full: Policy, parts: Sequence[Element]) -> list[Element]:
    """The elements in which two policies differ; switching on another one changes nothing."""
    return [part for part in parts if any(getattr(base, right) != getattr(full, right) for right in part.rights)]


def refuse_alike(base: Policy, full: Policy) -> None:
    """Refuse two policies between which there is nothing to bridge."""
    if not differing_elements(base, full, chosen_elements(None)):
        raise ScenarioError(
            msg(
                "policies {base} and {full} differ in no element of S&OP; take two that do",
                base=base.name,
                full=full.name,
            )
        )


@dataclass
class Bridge:
    """The value of each element in each measure: (measures, replications) by combination, and what follows from it."""

    scenario: Scenario
    base: Policy
    full: Policy
    parts: list[Element]
    measures: list[Measure]
    replications: list[int]
    seed: int
    value: dict[frozenset[str], Array]
    orders: list[tuple[str, ...]] | None  # sampled orders of switching on, None where every combination was run
    remarks: list[Message] = field(default_factory=list)  # what a reader must know before the figures
    at: CommonTarget | None = None  # to which every combination was brought
    tuned: dict[frozenset[str], Tuned] = field(default_factory=dict)

    @property
    def cautions(self) -> list[Message]:
        """Cautions to read before these figures are believed, a sentence each."""
        from simulator.results.cautions import cautions

        return [*cautions(self.scenario, [self.base, self.full]), *self.remarks]

    @cached_property
    def worth(self) -> dict[str, Array]:
        """Shapley value of each element, (measures, replications); they add up to the total."""
        names = [part.name for part in self.parts]
        if self.orders is None:
            return {name: self._over_all(name, [n for n in names if n != name]) for name in names}
        gains: dict[str, Array] = {name: np.zeros_like(next(iter(self.value.values()))) for name in names}
        for order in self.orders:
            for k, name in enumerate(order):
                gains[name] = gains[name] + self._gain(name, order[:k]) / len(self.orders)
        return gains

    def _over_all(self, name: str, others: list[str]) -> Array:
        n = len(others) + 1
        worth = np.zeros_like(self.value[frozenset()])
        for size in range(n):
            for before in combinations(others, size):
                worth = worth + self._gain(name, before) / (n * comb(n - 1, size))
        return worth

    def _gain(self, name: str, before: Sequence[str]) -> Array:
        return self.value[frozenset({*before, name})] - self.value[frozenset(before)]

    @property
    def end(self) -> str:
        """The name of the bridge's end: the full policy, or as much of it as was switched on."""
        whole = len(self.parts) == len(elements())
        return self.full.name if whole else str(msg("{policy} with these elements", policy=self.base.name))

    def policy_of(self, on: frozenset[str], name: str) -> Policy:
        """The policy that was run for a combination, under a name."""
        run = (
            self.tuned[on].policy
            if self.tuned
            else policy_with_elements(self.base, self.full, [part for part in self.parts if part.name in on])
        )
        return run.model_copy(update={"name": name})

    @property
    def unequal(self) -> dict[frozenset[str], Tuned]:
        """Combinations that could not be brought to the target, or lie beyond it without a buffer."""
        return {on: one for on, one in self.tuned.items() if one.outcome is not Outcome.REACHED}

    @property
    def total(self) -> Array:
        """Full policy less base policy, (measures, replications)."""
        return self.value[frozenset(part.name for part in self.parts)] - self.value[frozenset()]

    @property
    def ladder(self) -> dict[str, Array]:
        """The gain of each element when they are switched on one after the other, in their order."""
        names = [part.name for part in self.parts]
        return {name: self._gain(name, names[:k]) for k, name in enumerate(names)}

    def sampling_error(self, row: int, name: str) -> float:
        """Half-width of the 95 % interval that comes from sampling orders alone; 0 where all combinations were run."""
        if self.orders is None:
            return 0.0
        gains = np.array([self._gain(name, order[: order.index(name)])[row].mean() for order in self.orders])
        return estimate(gains).half

    def table(self) -> pd.DataFrame:
        """A row a measure and bar: start, the elements, end; with 95 % intervals, for bridge and ladder."""
        import pandas as pd

        first, last = self.value[frozenset()], self.value[frozenset(p.name for p in self.parts)]
        rows: list[dict[str, Any]] = []
        for row, measure in enumerate(self.measures):
            bars: list[tuple[str, str, Estimate, Estimate, float]] = [
                ("start", self.base.name, estimate(first[row]), estimate(first[row]), 0.0),
                *(
                    (
                        part.name,
                        part.title,
                        estimate(self.worth[part.name][row]),
                        estimate(self.ladder[part.name][row]),
                        self.sampling_error(row, part.name),
                    )
                    for part in self.parts
                ),
                (
                    "total",
                    str(msg("in all")),
                    estimate(self.total[row]),
                    estimate(self.total[row]),
                    0.0,
                ),
                ("end", self.end, estimate(last[row]), estimate(last[row]), 0.0),
            ]
            for name, title, bar, step, sampled in bars:
                rows.append(
                    {
                        "scenario": self.scenario.case,
                        "measure": measure.name,
                        "unit": measure.unit,
                        "better": measure.better,
                        "element": name,
                        "title": title,
                        "value": bar.mean,
                        "low": bar.low,
                        "high": bar.high,
                        "ladder": step.mean,
                        "ladder_low": step.low,
                        "ladder_high": step.high,
                        "sampling_error": sampled,
                        **({"at": f"{self.at.name}={self.at.value:g}"} if self.at else {}),
                    }
                )
        return pd.DataFrame(rows)


def bridge(
    scenario: Scenario | str | Path | Mapping[str, Any],
    base: str | Path | Policy | Mapping[str, Any] = "siloed",
    full: str | Path | Policy | Mapping[str, Any] = "sop-smoothed",
    replications: int | Sequence[int] | None = None,
    seed: int | None = None,
    measures: Sequence[str] = BRIDGED,
    parts: Sequence[str] | None = None,
    permutations: int = 64,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    at: CommonTarget | str | Mapping[str, Any] | None = None,
    as_run: bool = False,
) -> Bridge:
    """Run every combination of elements between two policies on the same luck (Shapley 1953).

    Each is first brought to the same target by its buffer: `at`, or the fill rate that the contract asks for; then all are
    run on fresh luck. With `as_run` each keeps the buffer that it has.

    Where the policies differ in more than eight elements, `permutations` orders of switching on are sampled, each with its
    reverse (Castro, Gomez & Tejada 2009), and the error of that is shown.
    """
    may_start_workers("bridge", workers)
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    first, last, switches = scenario.policy(base), scenario.policy(full), chosen_elements(parts)
    if first.name == last.name and first != last:
        raise ScenarioError(
            msg(
                "two policies are called {name}, so that no table tells them apart; rename one file",
                name=repr(first.name),
            )
        )
    refuse_alike(first, last)
    numbers = replication_numbers(replications, scenario.experiment.replications)
    seed = scenario.experiment.seed if seed is None else seed
    orders = (
        None
        if len(differing_elements(first, last, switches)) <= MOST_COMBINED
        else _orders(switches, permutations, seed)
    )
    wanted = _combinations(switches, orders)
    # a switch that changes nothing gives the same policy, which is run once: its bar is exactly zero
    policies = {on: policy_with_elements(first, last, [part for part in switches if part.name in on]) for on in wanted}
    unlike: dict[str, tuple[Policy, list[frozenset[str]]]] = {}
    for on, policy in policies.items():
        key = policy.model_copy(update={"name": ""}).model_dump_json()
        unlike.setdefault(key, (policy, []))[1].append(on)
    ends = {first.name: frozenset[str](), last.name: frozenset(part.name for part in switches)}
    found = Bridge(scenario, first, last, switches, measures_named(list(measures)), numbers, seed, {}, orders)
    runs = {min(combos, key=len): policy for policy, combos in unlike.values()}
    with crew(workers) as hands:
        if not as_run:
            found.at = target_of(at or {"fill_rate": scenario.experiment.service_target})
            runs = _brought(found, runs, hands, progress)
        names = [measure.name for measure in found.measures]
        tell = progress if as_run else progress and (lambda done, total: progress(total + done, 2 * total))
        scored_runs = scored(scenario, [*runs.values()], found.replications, seed, names, hands, tell)
    values_of = dict(zip(runs, scored_runs, strict=True))
    for _, combos in unlike.values():
        on = min(combos, key=len)
        found.value |= dict.fromkeys(combos, values_of[on])
        if found.at:
            reached = values_of[on][names.index(found.at.name)]
            found.tuned |= dict.fromkeys(combos, replace(found.tuned[on], reached=reached))
    both = [found.policy_of(on, name) for name, on in ends.items()]
    found.remarks = looked_at(scenario, both, found.replications, seed)
    return found


def _brought(
    found: Bridge, runs: Mapping[frozenset[str], Policy], hands: Backend, progress: Callable[[int, int], None] | None
) -> dict[frozenset[str], Policy]:
    """Bring the runs to the bridge's target on its replications, and let it be scored on fresh ones."""
    assert found.at is not None
    numbers = tuning_numbers(enough(found.replications))
    expected = 3 * len(runs) * len(numbers)
    tell = progress and (lambda done, total: progress(done, 2 * total))
    bench = Bench(found.scenario, found.at, found.seed, hands, tell, expected)
    found.tuned = settings_of(runs, bench, numbers)
    found.replications = fresh_numbers(found.replications)
    if found.at.name not in {measure.name for measure in found.measures}:
        found.measures.append(found.at.measure)
    return {on: found.tuned[on].policy for on in runs}


def _combinations(switches: Sequence[Element], orders: list[tuple[str, ...]] | None) -> list[frozenset[str]]:
    names = [part.name for part in switches]
    ladder = [frozenset(names[:k]) for k in range(len(names) + 1)]
    if orders is None:
        every = [frozenset(on) for size in range(len(names) + 1) for on in combinations(names, size)]
    else:
        every = [frozenset(order[:k]) for order in orders for k in range(len(names) + 1)]
    return list(dict.fromkeys([*ladder, *every]))


def _orders(switches: Sequence[Element], permutations: int, seed: int) -> list[tuple[str, ...]]:
    """Sampled orders of switching on, each with its reverse."""
    names = [part.name for part in switches]
    luck = np.random.Generator(np.random.PCG64DXSM(np.random.SeedSequence(seed, spawn_key=(len(names),))))
    drawn = [tuple(luck.permutation(names).tolist()) for _ in range((permutations + 1) // 2)]
    return [order for one in drawn for order in (one, one[::-1])]


__all__ = [
    "BRIDGED",
    "MEASURES",
    "Bridge",
    "Element",
    "bridge",
    "differing_elements",
    "elements",
    "policy_with_elements",
]
