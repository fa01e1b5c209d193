"""A run: one policy on one company, its measures and its books."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.company.calendar import month_of
from simulator.engine.books import Books
from simulator.engine.decided import decisions_of, first_day
from simulator.engine.forking import fork_of, until
from simulator.engine.play import may_all_be_kept, play, replication_blocks, trimmed, weather_for
from simulator.engine.scenario import Scenario, load
from simulator.kernel.ledger import EVERYTHING, SCORED, Shelf
from simulator.kernel.messages import Message, Value, listed, msg
from simulator.kernel.units import Array, ScenarioError, nearest
from simulator.planning import Policy
from simulator.planning.decisions import Decision
from simulator.world.luck import Fork, Seed

if TYPE_CHECKING:
    import pandas as pd

    from simulator.results.kpis import Measured
    from simulator.results.money import Money

FEW = 16
"""Replications up to which every book is kept, to be looked into; of more, those that measures read."""


def replication_numbers(replications: int | Sequence[int] | None, default: int) -> list[int]:
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
    fork_of: Fork | None = None  # where the replications are possible futures of one run
    decisions: tuple[Decision, ...] = ()  # that people take beside the policy's rules
    _kept: list[Books] = field(default_factory=list, repr=False)
    _kept_of_each: frozenset[str] = frozenset()  # names that were asked for; a company has not all of them
    _told: dict[tuple[str, str], list[Measured]] = field(
        default_factory=dict, repr=False
    )  # by part and measure, block by block

    @property
    def cautions(self) -> list[Message]:
        """Cautions to read before these figures are believed, a sentence each."""
        from simulator.results.cautions import cautions

        return cautions(self.scenario, [self.policy])

    @property
    def _luck(self) -> Seed:
        """That from which all luck of the run follows."""
        return self.seed if self.fork_of is None else self.fork_of

    def fork(
        self,
        month: int | str,
        lanes: int = 200,
        ahead: int | None = None,
        replication: int | None = None,
        seed: int | None = None,
        redrawn: bool = True,
        decisions: str = "",
    ) -> Run:
        """Simulate possible futures of one replication, a lane each: the past as it was, the luck from then on drawn anew.

        The morning of the executive meeting of a month, numbered from 1 or named as 2011-03, is where the futures
        part; its first day where it has no cycle. Everything known that morning is kept. The result is scored from that
        month on, and runs to the end or for some months `ahead`, that one counted. Luck that is not redrawn stays that of the
        run in every lane. The first replication is forked when none is named, and `seed` draws other futures.
        Decisions of that month, such as `overtime:assembly=40`, are taken in all lanes; the futures part on the day of the
        step in which the first of them enters.
        """
        number = self.replications[0] if replication is None else replication
        self._has(number)
        index = month_of(self.scenario.days, month)
        scenario = until(self.scenario, index, ahead)
        taken = decisions_of(decisions, self.scenario, self.policy, index) if decisions else ()
        day = first_day([taken], self.scenario, self.policy, index) if redrawn else scenario.days.count
        fork = fork_of(scenario, number, self.seed, day, seed)
        return Run(scenario, self.policy, replication_numbers(lanes, 1), self.seed, fork, (*self.decisions, *taken))

    def books(self, keep: Collection[str] = EVERYTHING) -> Iterator[Books]:
        """The books block by block, for reading; those that were not kept are simulated again, to the same bits."""
        return self._block_by_block(keep, shared=False)

    def _block_by_block(self, keep: Collection[str] = EVERYTHING, shared: bool = True) -> Iterator[Books]:
        """The books block by block; those that measures read are kept if all fit in memory.

        Else, where they are shared, a block's give way to the next one's.
        """
        if self._kept and self._kept_of_each.issuperset(keep):
            yield from self._kept
            return
        all_fit = keep == SCORED and may_all_be_kept(self.scenario, len(self.replications))
        shelf: Shelf | None = {} if shared and not all_fit else None
        kept: list[Books] = []
        for block in replication_blocks(self.scenario, self.replications):
            # no name holds the weather while the next one is drawn
            weather = [weather_for(self.scenario, self._luck, block)]
            books = trimmed(play(self.scenario, self.policy, weather.pop(), keep, shelf, self.decisions), len(block))
            if all_fit:
                kept.append(books)
            yield books
            del books
        if all_fit:
            self._kept, self._kept_of_each = kept, SCORED

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

        from simulator.results.kpis import can_be_told_by, known_grouping, measures_named, tidy

        asked, _ = measures_named(measures), known_grouping(by)
        if measures and measures != "all" and list(measures) != ["all"]:
            can_be_told_by(by, asked)
        asked = [measure for measure in asked if measure.is_by(by)]
        self._measure(by, [measure.name for measure in asked if (by, measure.name) not in self._told])
        parts, case = [], self.scenario.case
        for k, block in enumerate(self._blocks):
            found = [self._told[by, measure.name][k] for measure in asked]
            rows = [(measure, group) for measure, told in zip(asked, found, strict=True) for group in told.groups]
            figures = np.concatenate([told.figures for told in found] or [np.zeros((0, len(block)))])
            parts.append(tidy(case, self.policy.name, block, rows, figures, by))
        return pd.concat(parts, ignore_index=True)

    @property
    def _blocks(self) -> list[list[int]]:
        """Replications as they are played together."""
        kept = [books.replications for books in self._kept]
        return kept or list(replication_blocks(self.scenario, self.replications))

    def _measure(self, by: str, names: Sequence[str]) -> None:
        """Work out measures that nobody has asked for yet.

        Where books are not kept, the main ones are told by every part at once: they cost little beside a play, and who asks for
        the whole often asks for parts next.
        """
        from simulator.results.kpis import GROUPINGS, MAIN, measured_by

        if not names:
            return
        wanted = {by: list(names)}
        if not self._kept:
            wanted |= {one: [*MAIN, *(names if one == by else ())] for one in GROUPINGS}
        new = {one: [name for name in dict.fromkeys(of) if (one, name) not in self._told] for one, of in wanted.items()}
        found: dict[tuple[str, str], list[Measured]] = {}
        for books in self._block_by_block(SCORED):
            for part, told in measured_by(books, new):
                found.setdefault(part, []).append(told)
        self._told |= found

    def money(self, periods: Sequence[tuple[str, int, int]] | None = None) -> pd.DataFrame:
        """Profit and loss, cash flow and working capital by month: scenario, policy, replication, period, statement, line, value.

        Other periods are given by name, first day and the day after the last.
        """
        from simulator.results.money.statements import month_periods, statement_table

        chosen = month_periods(self.scenario.days) if periods is None else periods
        return self._in_money(lambda money: statement_table(money, chosen))

    def budget(self) -> pd.DataFrame:
        """From the budgeted to the real EBIT of each business year: volume, mix, price, timing and cost add up to the difference."""
        from simulator.results.money.statements import budget_table

        return self._in_money(budget_table)

    def _in_money(self, table: Callable[[Money], pd.DataFrame]) -> pd.DataFrame:
        import pandas as pd

        from simulator.results.kpis import in_company
        from simulator.results.money import Money

        return pd.concat([table(Money(in_company(books))) for books in self._block_by_block(SCORED)], ignore_index=True)

    def books_of(self, replication: int | None = None) -> tuple[Books, int]:
        """Hand out the books with one replication in them, the first when none is named, and its lane there."""
        number = self.replications[0] if replication is None else replication
        self._has(number)
        whole = len(self.replications) <= FEW
        kept = [books for books in self._kept if whole and number in books.replications]
        books = kept[0] if kept else next(self._alone(number).books())
        return books, books.replications.index(number)

    def _alone(self, number: int) -> Run:
        """One replication of the run by itself."""
        return Run(self.scenario, self.policy, [number], self.seed, self.fork_of, self.decisions)

    def _has(self, number: int) -> None:
        """Refuse a replication that the run does not hold."""
        if number not in self.replications:
            raise ScenarioError(
                msg("replication is {n}; this run holds {numbers}", n=number, numbers=_span(self.replications))
            )


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
    decisions: Sequence[Decision] = (),
) -> Run:
    """Simulate a policy: `replications` is how many, or a list of their numbers; decisions are taken beside its rules.

    Books that fit in memory are kept; of more replications the measures are, and books are simulated again where asked for.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    experiment, chosen = scenario.experiment, usual_policy(scenario, policy)
    numbers = replication_numbers(replications, experiment.replications)
    run = Run(scenario, chosen, numbers, experiment.seed if seed is None else seed, decisions=tuple(decisions))
    if len(list(replication_blocks(scenario, numbers))) == 1:
        keep = EVERYTHING if len(numbers) <= FEW else SCORED
        run._kept, run._kept_of_each = list(run.books(keep)), keep
    else:
        run.measures()
    return run
