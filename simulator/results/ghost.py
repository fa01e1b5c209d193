"""Ghost runs: the same luck with one decision changed, and what that was worth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.company.calendar import month_of
from simulator.engine.decided import decisions_of, first_day
from simulator.engine.forking import fork_of, until
from simulator.engine.from_there import GoOn, common_past
from simulator.engine.play import USUAL_MEMORY, bytes_a_lane, lanes_at_once, replication_blocks, trimmed, weather_for
from simulator.engine.scenario import Scenario
from simulator.kernel.ledger import SCORED, Shelf
from simulator.kernel.messages import Message, msg
from simulator.kernel.units import Array, ScenarioError
from simulator.kernel.workers import in_forks
from simulator.planning import Policy
from simulator.planning.decisions import Decision
from simulator.results.comparison import Comparison
from simulator.results.kpis import MEASURES, Measure, tidy, values
from simulator.results.reading.accuracy import biased, without_bias
from simulator.results.reading.month import Month
from simulator.results.run import replication_numbers
from simulator.world.luck import Fork, Seed

AS_IT_WAS = "as it was"
"""The column of the run in which nothing is decided beside the rules."""

GHOST_MEASURES = ("fill_rate", "otif", "all_stock_value", "backlog_value", "ebit_before_absorption", "lowest_cash")
"""What a decision is worth in, when no measures are named."""

LANES = 200
"""Futures that a look ahead is taken into."""


@dataclass
class Ghosts(Comparison):
    """A run as it was, and beside it the same luck with other decisions."""

    month: int = 0
    ahead: int | None = None
    forked: int | None = None  # the replication whose futures are looked at

    @property
    def across(self) -> str:
        """The difference between the columns."""
        return "decision"

    def remarks(self) -> list[Message]:
        """Nothing is said of months that have not settled: what comes of one decision is no long run."""
        return []

    def horizon(self) -> Message | None:
        """Nothing is said of one company's luck: a decision of one month is no change of its ways."""
        return None

    def record(self) -> dict[str, Any]:
        """Record the origin of these results."""
        told: dict[str, Any] = {"month": self.scenario.days.month_name(self.month), "decisions": self.columns[1:]}
        if self.forked is not None:
            told |= {"replication": self.forked, "ahead": self.ahead, "lanes": len(self.replications)}
        return {**super().record(), **told}


def ghost(
    scenario: Scenario,
    policy: Any,
    month: int | str | None,
    decisions: Sequence[str] | Mapping[str, Sequence[Decision]],
    replications: int | Sequence[int] | None = None,
    seed: int | None = None,
    measures: Sequence[str] | None = None,
    ahead: int | None = None,
    lanes: int = LANES,
    progress: Callable[[int, int], None] | None = None,
    workers: int | None = 1,
) -> Ghosts:
    """Run the same luck again with other decisions in a month, each option by itself; measures are taken from that month on.

    With `ahead` the first replication goes on into so many possible futures (`lanes`), some months ahead. Options by their names,
    as a file of decisions holds them, may decide in several months; the first of them counts where no month is given. With several
    `workers` (none named: one a core) options go on side by side, in processes that are forked, for programs without busy threads.
    """
    chosen = scenario.policy(policy)
    if isinstance(decisions, Mapping):
        first, index = first_month(scenario, None, decisions), first_month(scenario, month, decisions)
        if index > first:
            raise ScenarioError(
                msg(
                    "month is {month}, and something is decided in {first}; leave the month out, or take that one or an earlier one",
                    month=scenario.days.month_name(index),
                    first=scenario.days.month_name(first),
                )
            )
        cases = {AS_IT_WAS: (), **{name or _joined(mine): tuple(mine) for name, mine in decisions.items()}}
    else:
        index = first_month(scenario, month, decisions)
        cases = _as_typed(decisions, scenario, chosen, index)
    scored = until(scenario, index, ahead)
    seed, numbers = (
        scenario.experiment.seed if seed is None else seed,
        replication_numbers(replications, scenario.experiment.replications),
    )
    luck: Seed = seed
    forked, day = None, first_day([*cases.values()], scenario, chosen, index)
    if ahead is not None:
        forked = numbers[0]
        luck = fork_of(scored, forked, seed, day)
        numbers = replication_numbers(lanes, LANES)
    rows, found = _played(scored, chosen, cases, luck, day, numbers, measures or GHOST_MEASURES, progress, workers)
    return _ghosts(scored, chosen, numbers, seed, rows, found, index, ahead, forked)


def first_month(
    scenario: Scenario, month: int | str | None, decisions: Sequence[str] | Mapping[str, Sequence[Decision]]
) -> int:
    """The month from which on options are measured, counted from 0: the one that is named, or the first of their decisions."""
    if month is not None:
        return month_of(scenario.days, month)
    assert isinstance(decisions, Mapping)
    return min(each.taken for mine in decisions.values() for each in mine)


def _joined(decisions: Sequence[Decision]) -> str:
    """Decisions that are taken together, as they are typed."""
    return " + ".join(map(str, decisions))


def _as_typed(words: Sequence[str], scenario: Scenario, policy: Policy, month: int) -> dict[str, tuple[Decision, ...]]:
    """The options of a month, each under its own words, after the run as it was."""
    cases: dict[str, tuple[Decision, ...]] = {AS_IT_WAS: ()}
    for each in words:
        taken = decisions_of(each, scenario, policy, month)
        name = _joined(taken)
        if name in cases:
            raise ScenarioError(msg("the decision {name} is named twice; name each once", name=name))
        cases[name] = taken
    return cases


def alternatives(month: Month) -> list[str]:
    """List the decisions that the minutes of a month offer as alternatives, as they are typed: forecasts without their bias."""
    told, ahead = [], len(month.ahead[1:4])
    for family, _ in biased(month):
        _, change = without_bias(month, family)
        if change is not None:
            told.append(f"forecast:{family}={change / ahead:.0f}")
    return told


def _played(
    scored: Scenario,
    policy: Policy,
    cases: dict[str, tuple[Decision, ...]],
    luck: Seed,
    day: int,
    numbers: list[int],
    measures: Sequence[str],
    progress: Callable[[int, int], None] | None,
    workers: int | None,
) -> tuple[list[tuple[Measure, str]], dict[str, Array]]:
    """Measures of each case by replication, all in the same weather."""
    rows: list[tuple[str, str]] = []
    parts: dict[str, list[Array]] = {name: [] for name in cases}
    done, shelf, futures, options = 0, Shelf(), isinstance(luck, Fork), [*cases.values()]
    for block in _blocks(scored, numbers, futures):
        weather, many = weather_for(scored, luck, block), len(block)

        def tell(played: int, _: int, before: int = done, many: int = many) -> None:
            if progress:
                progress(before + played * many, len(cases) * len(numbers))

        with common_past(scored, policy, weather, day, SCORED, shelf, alike=futures) as go_on:

            def option(k: int, many: int = many, go_on: GoOn = go_on) -> tuple[list[tuple[str, str]], Array]:
                found, figures = values(trimmed(go_on(options[k]), many), measures)
                return [(measure.name, group) for measure, group in found], figures

            told = in_forks(option, len(options), workers, tell)
        rows = told[0][0]
        for mine, (_, figures) in zip(parts.values(), told, strict=True):
            mine.append(figures)
        done += len(options) * many
        del weather, option, go_on  # before the next is drawn
    return [(MEASURES[name], group) for name, group in rows], {
        name: np.concatenate(mine, axis=1) for name, mine in parts.items()
    }


def _blocks(scored: Scenario, numbers: list[int], futures: bool) -> Iterator[list[int]]:
    """Cut the replications into blocks; futures of one run, whose past is common, into as few as there is room for."""
    if not futures:
        yield from replication_blocks(scored, numbers)
        return
    most = max(lanes_at_once(scored), USUAL_MEMORY // bytes_a_lane(scored))
    yield from (numbers[first : first + most] for first in range(0, len(numbers), most))


def _ghosts(
    scored: Scenario,
    policy: Policy,
    numbers: list[int],
    seed: int,
    rows: list[tuple[Measure, str]],
    found: dict[str, Array],
    index: int,
    ahead: int | None,
    forked: int | None,
) -> Ghosts:
    """Put the measures beside each other."""
    import pandas as pd

    tables = [
        tidy(scored.case, policy.name, numbers, rows, mine, "total").assign(decision=name)
        for name, mine in found.items()
    ]
    table = pd.concat(tables, ignore_index=True)
    return Ghosts(scored, [policy], numbers, seed, "total", rows, found, table, month=index, ahead=ahead, forked=forked)
