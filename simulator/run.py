"""Run a company: one SimPy environment, many lanes, books at the end."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from simpy import Environment

from simulator.books import Books
from simulator.chance import Weather, draw
from simulator.firm import Firm
from simulator.ledger import EVERYTHING, SCORED, Shelf
from simulator.policies import Policy
from simulator.processes.close import close_books
from simulator.processes.deliver import ship
from simulator.processes.make import start_production
from simulator.processes.meet import hold_cycle
from simulator.processes.order import take_orders
from simulator.processes.source import receive, release
from simulator.scenario import Scenario, load
from simulator.units import Array, ScenarioError

if TYPE_CHECKING:
    import pandas as pd

PROCESSES = (hold_cycle, receive, take_orders, ship, release, start_production, close_books)
MEMORY = 128 << 20
"""Bytes that the books of one block of lanes may take."""


def play(
    scenario: Scenario, policy: Policy, weather: Weather, keep: Collection[str] = EVERYTHING, shelf: Shelf | None = None
) -> Books:
    """Simulate one policy in this weather; books on a shelf are overwritten by the next play that uses it."""
    env = Environment()
    firm = Firm(env, scenario.company, scenario.network, scenario.days, weather, policy, keep, shelf)
    for process in PROCESSES:
        env.process(process(firm))
    env.run(until=24 * scenario.days.count)
    ledger = firm.ledger
    return Books(
        scenario,
        policy,
        weather.replications,
        ledger.book,
        ledger.closing,
        firm.plans,
        firm.hours_used,
        firm.demand_by_month,
    )


def weather_for(scenario: Scenario, seed: int, replications: Sequence[int]) -> Weather:
    """The luck of these replications.

    A lone lane would be summed in another order than lanes in company (NumPy adds a single column
    pairwise), so that a run always holds at least two; `trimmed` takes the second one off.
    """
    lanes = list(replications) if len(replications) > 1 else [*replications, *replications]
    e = scenario.experiment
    return draw(scenario.company, scenario.network, scenario.days, e.history, seed, lanes, scenario.replayed)


def trimmed(books: Books, lanes: int) -> Books:
    """The books without the lane that only kept the first one company."""
    if len(books.replications) == lanes:
        return books
    for table in (books.flows, books.closing):
        for name, array in table.items():
            table[name] = array[..., :lanes]
    tables: tuple[dict[Any, Any], ...] = (
        vars(books.plans),
        books.plans.tables,
        books.plans.effective,
        books.plans.chosen,
    )
    for table in tables:
        for name, array in table.items():
            if isinstance(array, np.ndarray):
                table[name] = array[..., :lanes]
    books.hours_used, books.demand_by_month = books.hours_used[..., :lanes], books.demand_by_month[..., :lanes]
    books.replications = books.replications[:lanes]
    return books


def blocks(scenario: Scenario, replications: Sequence[int]) -> Iterator[list[int]]:
    """Cut the replications into blocks whose books fit in memory; how they are cut changes no result."""
    n, days = scenario.network, scenario.days.count
    rows = 5 * len(n.segments) * len(n.products) + 6 * len(n.names) + len(n.resources)
    size = max(2, min(1_000, MEMORY // (8 * rows * days)))
    for first in range(0, len(replications), size):
        yield list(replications[first : first + size])


def numbered(replications: int | Sequence[int] | None, default: int) -> list[int]:
    """Replications by how many, or by their numbers."""
    wanted = default if replications is None else replications
    numbers = list(range(wanted)) if isinstance(wanted, int) else [int(r) for r in wanted]
    if not numbers or min(numbers) < 0 or len(set(numbers)) != len(numbers):
        raise ScenarioError("replications must be a number of at least 1, or a list of different numbers of at least 0")
    return numbers


@dataclass
class Run:
    """One policy on one scenario: its measures, and its books where asked."""

    scenario: Scenario
    policy: Policy
    replications: list[int]
    seed: int
    _kept: list[Books] = field(default_factory=list, repr=False)

    def books(self, keep: Collection[str] = EVERYTHING) -> Iterator[Books]:
        """The books block by block; those that were not kept are simulated again, to the same bits."""
        if self._kept:
            yield from self._kept
            return
        shelf: Shelf = {}  # a block's books give way to the next one's
        for block in blocks(self.scenario, self.replications):
            weather = weather_for(self.scenario, self.seed, block)
            yield trimmed(play(self.scenario, self.policy, weather, keep, shelf), len(block))

    def daily(self, name: str) -> Array:
        """One account or flow by day: (lanes, days, items or segments x products)."""
        parts = [_named(books, name).copy() for books in self.books()]
        return np.ascontiguousarray(np.moveaxis(np.concatenate(parts, axis=-1), -1, 0))

    def measures(self, by: str = "total") -> pd.DataFrame:
        """Tidy table: scenario, policy, replication, measure, unit, value; `by` product, family or segment adds them."""
        import pandas as pd

        from simulator.measures import table

        return pd.concat([table(books, by) for books in self.books(SCORED)], ignore_index=True)


ALIASES = {"demand": "due", "ordered": "released", "produced": "released"}


def _named(books: Books, name: str) -> Array:
    name = ALIASES.get(name, name)
    found = {**books.flows, **books.closing}
    if name not in found:
        raise ScenarioError(f"there is no book {name!r}; there are {', '.join(sorted(found))}")
    return found[name]


def simulate(
    scenario: Scenario | str | Path | Mapping[str, Any],
    policy: Any = None,
    replications: int | Sequence[int] | None = None,
    seed: int | None = None,
) -> Run:
    """Simulate a policy: `replications` is how many, or a list of their numbers."""
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    experiment = scenario.experiment
    chosen = scenario.policy(
        policy if policy is not None else (experiment.policies or (*scenario.policies, "chase"))[0]
    )
    numbers = numbered(replications, experiment.replications)
    run = Run(scenario, chosen, numbers, experiment.seed if seed is None else seed)
    if len(list(blocks(scenario, numbers))) == 1:
        run._kept = list(run.books())
    return run
