"""Run a company: one SimPy environment, many lanes, books at the end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from simpy import Environment

from simulator.engine.accounts import figures_a_day
from simulator.engine.books import Books
from simulator.engine.day.timetable import work
from simulator.engine.firm import Firm
from simulator.engine.running import before, stands, weather_before
from simulator.engine.scenario import Scenario, load
from simulator.kernel.ledger import EVERYTHING, SCORED, Shelf
from simulator.kernel.messages import Message, Value, listed, msg
from simulator.kernel.units import Array, ScenarioError, nearest
from simulator.planning import Policy
from simulator.world.luck import Weather, draw
from simulator.world.opening import Opening

if TYPE_CHECKING:
    import pandas as pd

    from simulator.results.money import Money

FEW = 16
"""Replications up to which every book is kept, to be looked into; of more, those that measures read."""

FLOWS_OF_MONEY = 20
"""Flows that measures of money work out beside the books of goods: more than a small company has books."""

MEMORY = 256 << 20
"""Bytes that the books of one block of lanes may take,"""

ROOM = 640 << 20
"""and those of the usual hundred replications, which are quickest at once."""

REHEARSED = 62
"""Days that a rehearsal takes: two cycles of planning are held in them."""

USUAL, MOST = 100, 1_000
"""Replications in a block: as many as are usually asked for, and beyond which more together cost no less each."""


def play(
    scenario: Scenario, policy: Policy, weather: Weather, keep: Collection[str] = EVERYTHING, shelf: Shelf | None = None
) -> Books:
    """Simulate one policy in this weather; books on a shelf are overwritten by the next play that uses it."""
    opening, earlier = None, before(scenario)
    if earlier is not None:
        assert weather.before is not None
        with _run_through(earlier, policy, weather.before, SCORED, None, None) as firm:
            opening = stands(firm, scenario.network.opening_stock)
    with _run_through(scenario, policy, weather, keep, shelf, opening) as firm:
        return _books_of(firm, scenario, policy)


@contextmanager
def _run_through(
    scenario: Scenario,
    policy: Policy,
    weather: Weather,
    keep: Collection[str],
    shelf: Shelf | None,
    opening: Opening | None,
) -> Iterator[Firm]:
    """A firm on the evening of its last day."""
    env = Environment()
    firm = Firm(env, scenario.company, scenario.network, scenario.days, weather, policy, keep, shelf, opening)
    days = work(firm)
    env.process(days)
    env.run(until=24 * scenario.days.count)
    yield firm
    days.close()  # waiting frames would hold the firm's arrays until the collector comes round
    vars(firm).clear()


def rehearse(scenario: Scenario, policy: Policy) -> None:
    """Play the first days of one replication: what a policy and a company do not agree on is refused as in a run."""
    env = Environment()
    weather = weather_for(scenario, scenario.experiment.seed, [0])
    firm = Firm(env, scenario.company, scenario.network, scenario.days, weather, policy, SCORED)
    days = work(firm)
    env.process(days)
    env.run(until=24 * min(REHEARSED, scenario.days.count))
    days.close()


def _books_of(firm: Firm, scenario: Scenario, policy: Policy) -> Books:
    ledger, weather = firm.ledger, firm.weather
    return Books(
        scenario,
        policy,
        weather.replications,
        ledger.book,
        ledger.closing,
        firm.plans,
        ledger.memo,
        firm.demand_by_month,
        firm.opened,
    )


def weather_for(scenario: Scenario, seed: int, replications: Sequence[int]) -> Weather:
    """The luck of these replications.

    A lone lane would be summed in another order than lanes in company (NumPy adds a single column
    pairwise), so that a run always holds at least two; `trimmed` takes the second one off.
    """
    lanes = list(replications) if len(replications) > 1 else [*replications, *replications]
    e = scenario.experiment
    weather = draw(scenario.company, scenario.network, scenario.days, e.history, seed, lanes, scenario.replayed)
    weather.before = weather_before(scenario, seed, lanes)
    return weather


def trimmed(books: Books, lanes: int) -> Books:
    """The books without the lane that only kept the first one company."""
    if len(books.replications) == lanes:
        return books
    for table in (books.flows, books.closing, books.memos, books.opened):
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
    books.demand_by_month = books.demand_by_month[..., :lanes]
    books.replications = books.replications[:lanes]
    return books


def blocks(scenario: Scenario, replications: Sequence[int]) -> Iterator[list[int]]:
    """Cut the replications into equal blocks whose books fit in memory; how they are cut changes no result."""
    number = ceil(len(replications) / lanes_at_once(scenario))
    for part in np.array_split(np.asarray(replications), number):
        yield [int(replication) for replication in part]


def bytes_a_lane(scenario: Scenario) -> int:
    """Bytes that the books of one replication take."""
    return 8 * scenario.days.count * (figures_a_day(scenario.company, scenario.network) + FLOWS_OF_MONEY)


def lanes_at_once(scenario: Scenario) -> int:
    """Replications whose books fit in memory."""
    lane = bytes_a_lane(scenario)
    return max(2, min(MOST, max(MEMORY // lane, min(USUAL, ROOM // lane))))


def numbered(replications: int | Sequence[int] | None, default: int) -> list[int]:
    """Replications by how many, or by their numbers."""
    wanted = default if replications is None else replications
    numbers = list(range(wanted)) if isinstance(wanted, int) else [int(r) for r in wanted]
    if not numbers or min(numbers) < 0 or len(set(numbers)) != len(numbers):
        raise ScenarioError(
            msg("replications must be a number of at least 1, or a list of different numbers of at least 0")
        )
    return numbers


@dataclass
class Run:
    """One policy on one scenario: its measures, and its books where asked."""

    scenario: Scenario
    policy: Policy
    replications: list[int]
    seed: int
    _kept: list[Books] = field(default_factory=list, repr=False)
    _kept_of_each: frozenset[str] = frozenset()  # names that were asked for; a company has not all of them
    _tables: dict[tuple[str, tuple[str, ...]], pd.DataFrame] = field(default_factory=dict, repr=False)

    @property
    def cautions(self) -> list[Message]:
        """What deserves a look before these figures are believed, a sentence each."""
        from simulator.results.cautions import cautions

        return cautions(self.scenario, [self.policy])

    def books(self, keep: Collection[str] = EVERYTHING) -> Iterator[Books]:
        """The books block by block, for reading; those that were not kept are simulated again, to the same bits."""
        return self._block_by_block(keep, shared=False)

    def _block_by_block(self, keep: Collection[str] = EVERYTHING, shared: bool = True) -> Iterator[Books]:
        """The books block by block; where they are shared, a block's give way to the next one's."""
        if self._kept and self._kept_of_each.issuperset(keep):
            yield from self._kept
            return
        shelf: Shelf | None = {} if shared else None
        for block in blocks(self.scenario, self.replications):
            # no name holds the weather while the next one is drawn
            books = play(self.scenario, self.policy, weather_for(self.scenario, self.seed, block), keep, shelf)
            yield trimmed(books, len(block))
            del books

    def daily(self, name: str) -> Array:
        """One account or flow by day: (lanes, days, items or segments x products)."""
        wanted = SCORED if ALIASES.get(name, name) in SCORED else EVERYTHING
        parts = [_named(books, name).copy() for books in self._block_by_block(wanted)]
        return np.ascontiguousarray(np.moveaxis(np.concatenate(parts, axis=-1), -1, 0))

    def measures(self, by: str = "total", measures: Sequence[str] | str | None = None) -> pd.DataFrame:
        """Tidy table: scenario, policy, replication, measure, unit, value; `by` product, family or segment adds them.

        The main measures, unless others are named; `all` gives every one that there is.
        """
        import pandas as pd

        from simulator.results.kpis import can_be_told_by, named, table

        asked = tuple(measure.name for measure in named(measures))
        if measures and measures != "all" and list(measures) != ["all"]:
            can_be_told_by(by, named(measures))
        if (by, asked) not in self._tables:
            parts = [table(books, by, asked) for books in self._block_by_block(SCORED)]
            self._tables[by, asked] = pd.concat(parts, ignore_index=True)
        return self._tables[by, asked].copy()

    def money(self, periods: Sequence[tuple[str, int, int]] | None = None) -> pd.DataFrame:
        """Profit and loss, cash flow and working capital by month: scenario, policy, replication, period, statement, line, value.

        Other periods are given by name, first day and the day after the last.
        """
        from simulator.results.money.tables import months, statement_table

        chosen = months(self.scenario.days) if periods is None else periods
        return self._in_money(lambda money: statement_table(money, chosen))

    def budget(self) -> pd.DataFrame:
        """From the budgeted to the real EBIT of each business year: volume, mix, price, timing and cost add up to the difference."""
        from simulator.results.money.tables import budget_table

        return self._in_money(budget_table)

    def _in_money(self, table: Callable[[Money], pd.DataFrame]) -> pd.DataFrame:
        import pandas as pd

        from simulator.results.kpis import in_company
        from simulator.results.money import Money

        return pd.concat([table(Money(in_company(books))) for books in self._block_by_block(SCORED)], ignore_index=True)

    def books_of(self, replication: int | None = None) -> tuple[Books, int]:
        """Hand out the books with one replication in them, the first when none is named, and its lane there."""
        number = self.replications[0] if replication is None else replication
        if number not in self.replications:
            raise ScenarioError(
                msg("replication is {n}; this run holds {numbers}", n=number, numbers=_span(self.replications))
            )
        whole = len(self.replications) <= FEW
        kept = [books for books in self._kept if whole and number in books.replications]
        books = kept[0] if kept else next(Run(self.scenario, self.policy, [number], self.seed).books())
        return books, books.replications.index(number)


def _span(numbers: Sequence[int]) -> Value:
    """Replications in words."""
    in_a_row = len(numbers) > 2 and [*numbers] == [*range(numbers[0], numbers[0] + len(numbers))]
    if in_a_row:
        return msg("{first} to {last}", first=numbers[0], last=numbers[-1])
    return listed(numbers, ", ")


ALIASES = {"demand": "due", "ordered": "released", "produced": "released"}


def _named(books: Books, name: str) -> Array:
    name = ALIASES.get(name, name)
    found = {**books.flows, **books.closing}
    if name not in found:
        raise ScenarioError(
            msg("there is no book {name}; {hint}", name=repr(name), hint=nearest(name, [*found, *ALIASES]))
        )
    return found[name]


def usual_policy(scenario: Scenario, policy: Any = None) -> Policy:
    """The policy that is asked for; where none is, the first that the experiment compares or the scenario has."""
    usual = (scenario.experiment.policies or (*scenario.policies, "chase"))[0]
    return scenario.policy(usual if policy is None else policy)


def simulate(
    scenario: Scenario | str | Path | Mapping[str, Any],
    policy: Any = None,
    replications: int | Sequence[int] | None = None,
    seed: int | None = None,
) -> Run:
    """Simulate a policy: `replications` is how many, or a list of their numbers.

    Books that fit in memory are kept; of more replications the measures are, and books are simulated again where asked for.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    experiment, chosen = scenario.experiment, usual_policy(scenario, policy)
    numbers = numbered(replications, experiment.replications)
    run = Run(scenario, chosen, numbers, experiment.seed if seed is None else seed)
    if len(list(blocks(scenario, numbers))) == 1:
        keep = EVERYTHING if len(numbers) <= FEW else SCORED
        run._kept, run._kept_of_each = list(run.books(keep)), keep
    else:
        run.measures()
    return run
