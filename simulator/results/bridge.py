"""The worth of S&OP and of each of its elements: Shapley values over all combinations, on the same luck."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import chain, combinations
from math import comb
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.engine.play import play, replication_blocks, trimmed, weather_for
from simulator.engine.scenario import Scenario, load
from simulator.kernel.guard import may_start_workers
from simulator.kernel.ledger import SCORED, Shelf
from simulator.kernel.messages import Message, msg
from simulator.kernel.units import Array, ScenarioError, nearest
from simulator.kernel.workers import crew, in_order
from simulator.planning import ELEMENTS, Policy
from simulator.results.compare import Estimate, estimate
from simulator.results.kpis import MEASURES, Measure, measures_named, values
from simulator.results.run import replication_numbers
from simulator.results.settled import looked_at

if TYPE_CHECKING:
    import pandas as pd

BRIDGED = ("fill_rate", "days_of_supply", "production_change", "contribution", "ebit_before_absorption", "lowest_cash")
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
) -> Bridge:
    """Run every combination of elements between two policies on the same luck (Shapley 1953).

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
    runs = [policy for policy, _ in unlike.values()]
    found = scores(scenario, runs, numbers, seed, list(measures), workers, progress)
    value = {on: array for (_, combos), array in zip(unlike.values(), found, strict=True) for on in combos}
    remarks = looked_at(scenario, [first, last], numbers, seed)
    return Bridge(scenario, first, last, switches, measures_named(measures), numbers, seed, value, orders, remarks)


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


def scores(
    scenario: Scenario,
    policies: Sequence[Policy],
    numbers: Sequence[int],
    seed: int,
    measures: Sequence[str],
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Array]:
    """Measures of many policies on the same luck, (measures, replications) each; blocks and policies side by side on all cores."""
    size = max(1, min(8, len(policies) // 8))  # the weather is drawn once a job; small jobs share the cores evenly
    cut = [list(policies[k : k + size]) for k in range(0, len(policies), size)]
    jobs = [
        partial(_score, scenario, part, block, seed, tuple(measures))
        for block in replication_blocks(scenario, numbers)
        for part in cut
    ]
    with crew(workers) as hands:
        done = in_order(hands, jobs, progress)
    per_block = [list(chain.from_iterable(done[k : k + len(cut)])) for k in range(0, len(done), len(cut))]
    return [np.concatenate([block[p] for block in per_block], axis=1) for p in range(len(policies))]


def _score(
    scenario: Scenario, policies: list[Policy], block: list[int], seed: int, measures: tuple[str, ...]
) -> list[Array]:
    weather, shelf = weather_for(scenario, seed, block), Shelf()
    return [
        values(trimmed(play(scenario, policy, weather, SCORED, shelf), len(block)), measures)[1] for policy in policies
    ]


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
