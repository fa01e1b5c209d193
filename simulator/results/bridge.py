"""The worth of S&OP, of its blocks and of each of its elements, on the same luck: fair shares, alone, and what is lost without."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.engine.scenario import Scenario, load
from simulator.kernel.guard import may_start_workers
from simulator.kernel.messages import Message, msg
from simulator.kernel.units import Array, ScenarioError
from simulator.kernel.workers import Backend, crew
from simulator.planning import Policy
from simulator.results.compare import Estimate, estimate
from simulator.results.elements import (
    Element,
    ElementBlock,
    blocks_of,
    chosen_elements,
    differing_elements,
    elements,
    policy_with_elements,
    refuse_alike,
)
from simulator.results.equal_bridge import settings_of, tuning_numbers
from simulator.results.equal_service import Bench, Outcome, Tuned, enough, fresh_numbers
from simulator.results.kpis import MEASURES, Measure, measures_named
from simulator.results.kpis.sources import SOURCES
from simulator.results.run import replication_numbers
from simulator.results.settled import looked_at
from simulator.results.side_by_side import scored
from simulator.results.target import CommonTarget, target_of
from simulator.theory.shares import coalitions, fair_shares, shares_of_blocks

if TYPE_CHECKING:
    import pandas as pd

BRIDGED = ("ebit_before_absorption", "fill_rate", "all_stock_value", "production_change", "lowest_cash")
"""Measures of a bridge that names none: money first, then service reached, stock, smoothness, cash."""

BRIDGE_REASONS = (*BRIDGED, *SOURCES)
"""Measures that say why an element is worth what it is, beside those that are asked for."""


@dataclass(frozen=True)
class Bar:
    """The worth of an element or block, (measures, replications) each: its fair share, alone, as the last one, in its turn."""

    name: str
    title: str
    block: str
    share: Array
    alone: Array
    """If only this is switched on."""
    last: Array
    """If all others are there already: what is lost without it."""
    step: Array
    """If all that come before it in the usual order are there."""


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
    remarks: list[Message] = field(default_factory=list)  # what a reader must know before the figures
    at: CommonTarget | None = None  # to which every combination was brought
    tuned: dict[frozenset[str], Tuned] = field(default_factory=dict)
    reasons: dict[frozenset[str], Array] = field(default_factory=dict)  # `BRIDGE_REASONS` by combination, as value
    money_as_scored: dict[frozenset[str], Array] = field(
        default_factory=dict
    )  # profit of both ends before the miss is made good

    @property
    def cautions(self) -> list[Message]:
        """Cautions to read before these figures are believed, a sentence each."""
        from simulator.results.cautions import cautions

        return [*cautions(self.scenario, [self.base, self.full]), *self.remarks]

    @cached_property
    def blocks(self) -> list[ElementBlock]:
        """The blocks that the elements lie in."""
        return blocks_of(self.parts)

    @property
    def _together(self) -> list[tuple[str, ...]]:
        return [block.elements for block in self.blocks]

    @cached_property
    def worth(self) -> dict[str, Array]:
        """Fair share of each element, (measures, replications): over all orders of blocks, and of elements in their block."""
        return fair_shares(self.value, self._together)

    @cached_property
    def bars(self) -> list[Bar]:
        """The elements, read in three ways."""
        return self._bars_of(self.value, self.worth)

    @cached_property
    def block_bars(self) -> list[Bar]:
        """The blocks, read in the same ways; the shares of a block's elements add up to its own."""
        return self._blocks_in(self.value)

    @cached_property
    def why(self) -> dict[str, Bar]:
        """Elements and blocks in the measures of `BRIDGE_REASONS`; nothing where those were not kept."""
        if not self.reasons:
            return {}
        bars = self._bars_of(self.reasons, fair_shares(self.reasons, self._together))
        return {bar.name: bar for bar in (*bars, *self._blocks_in(self.reasons))}

    def _bars_of(self, value: Mapping[frozenset[str], Array], shares: Mapping[str, Array]) -> list[Bar]:
        names = [part.name for part in self.parts]
        return [
            Bar(part.name, part.title, part.block, shares[part.name], *_gains(value, {part.name}, names[:k], names))
            for k, part in enumerate(self.parts)
        ]

    def _blocks_in(self, value: Mapping[frozenset[str], Array]) -> list[Bar]:
        names, found, before = [part.name for part in self.parts], [], list[str]()
        for block, share in zip(self.blocks, shares_of_blocks(value, self._together), strict=True):
            gains = _gains(value, set(block.elements), before, names)
            found.append(Bar(block.name, block.title, block.name, share, *gains))
            before = [*before, *block.elements]
        return found

    @property
    def idle(self) -> list[Element]:
        """Elements that change nothing in any measure and replication, whatever else is there."""
        return [part for part in self.parts if not np.nan_to_num(self.worth[part.name]).any()]

    @property
    def combinations(self) -> int:
        """Number of combinations that differ, each of which was run."""
        return len({id(found) for found in self.value.values()})

    @property
    def end(self) -> str:
        """The name of the bridge's end: the full policy, or as much of it as was switched on."""
        lacking = {*differing_elements(self.base, self.full, elements())} - {*self.parts}
        return str(msg("{policy} with these elements", policy=self.base.name)) if lacking else self.full.name

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
        return {bar.name: bar.step for bar in self.bars}

    def table(self) -> pd.DataFrame:
        """A row a measure and bar: start, the elements, total, end; each reading with its 95 % interval."""
        return self._tabled(self.bars)

    def blocks_table(self) -> pd.DataFrame:
        """A row a measure and bar: start, the blocks, total, end; each reading with its 95 % interval."""
        return self._tabled(self.block_bars)

    def _tabled(self, bars: Sequence[Bar]) -> pd.DataFrame:
        import pandas as pd

        first, last = self.value[frozenset()], self.value[frozenset(p.name for p in self.parts)]
        whole = [
            Bar("start", self.base.name, "", *(first,) * 4),
            *bars,
            Bar("total", str(msg("in all")), "", *(self.total,) * 4),
            Bar("end", self.end, "", *(last,) * 4),
        ]
        rows = [self._row(row, measure, bar) for row, measure in enumerate(self.measures) for bar in whole]
        return pd.DataFrame(rows)

    def _row(self, row: int, measure: Measure, bar: Bar) -> dict[str, Any]:
        return {
            "scenario": self.scenario.case,
            "measure": measure.name,
            "unit": measure.unit,
            "better": measure.better,
            "element": bar.name,
            "title": bar.title,
            "block": bar.block,
            **dict(_with_interval("value", "", estimate(bar.share[row]))),
            **dict(_with_interval("ladder", "ladder_", estimate(bar.step[row]))),
            **dict(_with_interval("alone", "alone_", estimate(bar.alone[row]))),
            **dict(_with_interval("last", "last_", estimate(bar.last[row]))),
            **({"at": f"{self.at.name}={self.at.value:g}"} if self.at else {}),
        }


def _with_interval(name: str, prefix: str, found: Estimate) -> Iterator[tuple[str, float]]:
    yield from ((name, found.mean), (f"{prefix}low", found.low), (f"{prefix}high", found.high))


def _gains(
    value: Mapping[frozenset[str], Array], mine: set[str], before: Sequence[str], names: Sequence[str]
) -> tuple[Array, Array, Array]:
    """Gains of some elements: alone, to all others, and to those that come before them."""
    others = frozenset(names) - mine
    return tuple(  # type: ignore[return-value]
        value[frozenset(there) | mine] - value[frozenset(there)] for there in (frozenset[str](), others, before)
    )


def bridge(
    scenario: Scenario | str | Path | Mapping[str, Any],
    base: str | Path | Policy | Mapping[str, Any] = "siloed",
    full: str | Path | Policy | Mapping[str, Any] = "sop-smoothed",
    replications: int | Sequence[int] | None = None,
    seed: int | None = None,
    measures: Sequence[str] = BRIDGED,
    parts: Sequence[str] | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    at: CommonTarget | str | Mapping[str, Any] | None = None,
    as_run: bool = False,
) -> Bridge:
    """Switch the elements between two policies on, block by block, on the same luck (Shapley 1953; Owen 1977).

    Each combination is first brought to the same target by its buffer: `at`, or the fill rate that the contract asks for; then
    all are run on fresh luck. With `as_run` each keeps the buffer that it has.

    An element's worth is its gain averaged over all orders that keep blocks together; a block's is the sum of its elements'.
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
    wanted = coalitions([block.elements for block in blocks_of(switches)])
    # a switch that changes nothing gives the same policy, which is run once: its bar is exactly zero
    policies = {on: policy_with_elements(first, last, [part for part in switches if part.name in on]) for on in wanted}
    unlike: dict[str, tuple[Policy, list[frozenset[str]]]] = {}
    for on, policy in policies.items():
        key = policy.model_copy(update={"name": ""}).model_dump_json()
        unlike.setdefault(key, (policy, []))[1].append(on)
    ends = {first.name: frozenset[str](), last.name: frozenset(part.name for part in switches)}
    found = Bridge(scenario, first, last, switches, measures_named(list(measures)), numbers, seed, {})
    runs = {min(combos, key=len): policy for policy, combos in unlike.values()}
    if not as_run:
        found.at = target_of(at or {"fill_rate": scenario.experiment.service_target})
        if found.at.name not in {measure.name for measure in found.measures}:
            found.measures.append(found.at.measure)
    names = list(dict.fromkeys([*(measure.name for measure in found.measures), *BRIDGE_REASONS]))
    with crew(workers) as hands:
        if not as_run:
            runs = _brought(found, runs, names, hands, progress)
        tell = progress if as_run else progress and (lambda done, total: progress(total + done, 2 * total))
        scored_runs = scored(scenario, [*runs.values()], found.replications, seed, names, hands, tell)
    values_of = dict(zip(runs, scored_runs, strict=True))
    for _, combos in unlike.values():
        _keep(found, combos, values_of[min(combos, key=len)], names)
    both = [found.policy_of(on, name) for name, on in ends.items()]
    found.remarks = looked_at(scenario, both, found.replications, seed)
    return found


def _keep(found: Bridge, combos: Sequence[frozenset[str]], scored: Array, names: Sequence[str]) -> None:
    """Keep what was scored of combinations that are one policy, at the target itself where there is one."""
    own = scored
    if found.at:
        reached = scored[names.index(found.at.name)]
        one = replace(found.tuned[min(combos, key=len)], reached=reached)
        found.tuned |= dict.fromkeys(combos, one)
        own = np.array([one.at_target(MEASURES[name], figures) for name, figures in zip(names, scored, strict=True)])
    found.value |= dict.fromkeys(combos, own[: len(found.measures)])
    found.reasons |= dict.fromkeys(combos, own[[names.index(name) for name in BRIDGE_REASONS]])
    ends = {frozenset[str](), frozenset(part.name for part in found.parts)}
    found.money_as_scored |= dict.fromkeys(ends.intersection(combos), scored[names.index(BRIDGED[0])])


def _brought(
    found: Bridge,
    runs: Mapping[frozenset[str], Policy],
    names: Sequence[str],
    hands: Backend,
    progress: Callable[[int, int], None] | None,
) -> dict[frozenset[str], Policy]:
    """Bring the runs to the bridge's target on its replications, and let it be scored on fresh ones."""
    assert found.at is not None
    numbers = tuning_numbers(enough(found.replications))
    expected = 3 * len(runs) * len(numbers)
    tell = progress and (lambda done, total: progress(done, 2 * total))
    bench = Bench(found.scenario, found.at, found.seed, hands, tell, expected, names)
    found.tuned = settings_of(runs, bench, numbers)
    found.replications = fresh_numbers(found.replications)
    return {on: found.tuned[on].policy for on in runs}


__all__ = ["BRIDGED", "MEASURES", "Bar", "Bridge", "Element", "bridge", "elements", "policy_with_elements"]
