"""Compare policies, or one policy in several scenarios, on the same luck: means, paired differences, intervals, a verdict in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from simulator.engine.play import lanes_at_once, play, replication_blocks, trimmed, weather_for
from simulator.engine.scenario import Scenario, load
from simulator.kernel.guard import may_start_workers
from simulator.kernel.ledger import SCORED, Shelf
from simulator.kernel.messages import Message, listed, msg
from simulator.kernel.units import Array, ScenarioError
from simulator.kernel.workers import Backend, Serial, crew, in_order
from simulator.planning import Policy
from simulator.planning.rules import Rule
from simulator.results.comparison import Comparison
from simulator.results.equal_service import brought_to, enough, fresh_numbers
from simulator.results.estimates import ALIKE, Estimate, estimate, verdict
from simulator.results.kpis import GROUPINGS, MAIN, MEASURES, Measure, can_be_told_by, measures_named, tidy, values
from simulator.results.reading.courses import mean_levels
from simulator.results.run import replication_numbers
from simulator.results.side_by_side import is_slow, scored, weather_and_paper
from simulator.results.target import CommonTarget, target_of
from simulator.world.luck import Weather

AT_EQUAL_SERVICE = (
    "fill_rate", "otif", "contract_missed", "all_stock_value", "stock_value", "days_of_supply", "lowest_cash", "contribution",
    "ebit", "ebit_before_absorption", "production_change", "purchase_swing", "nervousness", "overtime",
)  # fmt: skip
"""Measures of a comparison at equal service that names none, beside the target."""

OF_A_PART = ("fill_rate", "stock_value", "days_of_supply", "backlog_value")
"""Measures of each part, where a comparison is also told by parts."""

DEFAULT_POLICIES = ("siloed", "chase", "level", "sop", "sop-smoothed", "sop-optimised")


def usual_measures(scenario: Scenario) -> tuple[str, ...]:
    """Return the measures of a comparison that names none: the main ones, and those that the scenario adds."""
    return tuple(dict.fromkeys((*MAIN, *scenario.experiment.measures)))


def cost_notes(scenario: Scenario, policies: Sequence[Policy], replications: int) -> list[Message]:
    """Return the notes of slow rules on their running time, before they start."""
    rules = [rule for policy in policies for _, rule in policy if isinstance(rule, Rule)]
    notes = [rule.cost_note(scenario.network, scenario.experiment.months * replications) for rule in rules]
    return list(dict.fromkeys(note for note in notes if note))


def compare(
    scenario: Scenario | str | Path | Mapping[str, Any],
    policies: Sequence[str | Path | Policy | Mapping[str, Any]] | None = None,
    replications: int | Sequence[int] | None = None,
    seed: int | None = None,
    measures: Sequence[str] | str | None = None,
    by: str = "total",
    progress: Callable[[int, int], None] | None = None,
    at: CommonTarget | str | Mapping[str, Any] | None = None,
    workers: int | None = None,
    within: str = "",
) -> Comparison:
    """Run every policy in the same weather, block by block; measures are kept, books are not.

    With `at`, such as `fill_rate=0.95`, the buffer of each policy is first set so that it reaches that target; then all are
    run on fresh luck. That takes all cores, or as many `workers`; else all is done here unless `workers` says how many share it.
    With `within`, such as `product`, service and stock of each part come with it.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    chosen = [scenario.policy(choice) for choice in (policies or scenario.experiment.policies or DEFAULT_POLICIES)]
    names = [policy.name for policy in chosen]
    if len(set(names)) < len(names):
        raise ScenarioError(
            msg("the policy {name} is named twice; name each policy once", name=repr(max(names, key=names.count)))
        )
    cases = {policy.name: (scenario, policy) for policy in chosen}
    return compared(scenario, cases, replications, seed, measures, by, progress, at=at, workers=workers, within=within)


def compare_scenarios(
    scenarios: Mapping[str, Scenario],
    policy: str | Path | Policy | Mapping[str, Any] | None = None,
    replications: int | Sequence[int] | None = None,
    seed: int | None = None,
    measures: Sequence[str] | str | None = None,
    by: str = "total",
    progress: Callable[[int, int], None] | None = None,
    at: CommonTarget | str | Mapping[str, Any] | None = None,
    workers: int | None = None,
    within: str = "",
) -> Comparison:
    """Run one policy in several scenarios, the reference first: what they have in common meets the same luck.

    Names, experiment and measures that are not given are those of the last scenario.
    """
    last = [*scenarios.values()][-1]
    choice = policy or (last.experiment.policies or DEFAULT_POLICIES)[0]
    cases = {name: (scenario, _policy_of(scenario, last, choice)) for name, scenario in scenarios.items()}
    one_money(scenarios, measures_named(measures or usual_measures(last)))
    result = compared(last, cases, replications, seed, measures, by, progress, True, at, workers, within=within)
    result.others = dict(scenarios)
    return result


def one_money(scenarios: Mapping[str, Scenario], asked: Sequence[Measure]) -> None:
    """Refuse to take euros from pounds."""
    (first, reference), *others = scenarios.items()
    for name, other in others:
        here, there = reference.company.currency, other.company.currency
        if here != there and any(measure.unit.startswith("money") for measure in asked):
            raise ScenarioError(
                msg(
                    "{first} reckons in {here} and {name} in {there}, so that money cannot be compared; name "
                    "measures without money, such as fill_rate, or set company.currency",
                    first=first,
                    here=here,
                    name=name,
                    there=there,
                )
            )


def _policy_of(scenario: Scenario, last: Scenario, choice: str | Path | Policy | Mapping[str, Any]) -> Policy:
    """The scenario's own policy of that name; the last scenario's, where it knows none."""
    own = isinstance(choice, str) and choice in scenario.policies
    return (scenario if own else last).policy(choice)


def _by_scenario(cases: Mapping[str, tuple[Scenario, Policy]]) -> list[list[str]]:
    """Names of the cases of each scenario: they share its weather."""
    found: dict[int, list[str]] = {}
    for name, (scenario, _) in cases.items():
        found.setdefault(id(scenario), []).append(name)
    return list(found.values())


def compared(
    scenario: Scenario,
    cases: Mapping[str, tuple[Scenario, Policy]],
    replications: int | Sequence[int] | None,
    seed: int | None,
    measures: Sequence[str] | str | None,
    by: str,
    progress: Callable[[int, int], None] | None,
    apart: bool = False,
    at: CommonTarget | str | Mapping[str, Any] | None = None,
    workers: int | None = None,
    hands: Backend | None = None,
    within: str = "",
) -> Comparison:
    """Run the cases block by block, side by side where there are `hands` or workers; those of the same scenario share its weather.

    Cases `apart` are of scenarios by these names.
    """
    if at is not None:
        return _compared_at(
            target_of(at), scenario, cases, replications, seed, measures, by, progress, apart, workers, within
        )
    import pandas as pd

    if by not in GROUPINGS:
        raise ScenarioError(
            msg("there is no grouping {by}; allowed are {names}", by=repr(by), names=listed(GROUPINGS, ", "))
        )
    measures = [measures] if isinstance(measures, str) else measures
    if measures and list(measures) != ["all"]:
        can_be_told_by(by, measures_named(measures))
    measures = measures or usual_measures(scenario)
    measures_named(measures)
    seed = scenario.experiment.seed if seed is None else seed
    numbers = replication_numbers(replications, scenario.experiment.replications)
    rows: dict[str, list[tuple[Measure, str]]] = {}
    parts: dict[str, list[Array]] = {name: [] for name in cases}
    months: dict[str, list[Array]] = {name: [] for name in cases}
    inner: dict[str, list[_Part]] = {name: [] for name in cases}
    blocks = list(replication_blocks(min((one for one, _ in cases.values()), key=lanes_at_once), numbers))
    if hands is None and (workers or 1) > 1:
        may_start_workers("compare", workers)
    with nullcontext(hands) if hands else crew(workers or 1) as helpers:
        found_in, tell = _in_turn if helpers.workers == 1 else _side_by_side, progress or (lambda done, total: None)
        for name, found in found_in(cases, blocks, seed, measures, (by, within), helpers, tell):
            rows[name] = found.rows
            parts[name].append(found.values)
            months[name].append(found.levels)
            inner[name] += [found.inner] if found.inner else []
    joined = {name: np.concatenate(blocks_found, axis=1) for name, blocks_found in parts.items()}
    first, *others = (rows[name] for name in cases)
    if any(other != first for other in others):
        raise ScenarioError(msg("the scenarios differ in what they have by {by}; compare them by total", by=by))
    table = pd.concat(
        [
            tidy(name if apart else one.case, policy.name, numbers, first, joined[name], by)
            for name, (one, policy) in cases.items()
        ],
        ignore_index=True,
    )
    courses = {name: np.concatenate(found, axis=-1) for name, found in months.items()}
    policies = [policy for _, policy in cases.values()]
    result = Comparison(scenario, policies, numbers, seed, by, first, joined, table, courses=courses)
    if within:
        result.inner = _inner(result, within, inner)
    return result


def _inner(whole: Comparison, within: str, found: Mapping[str, Sequence[_Part]]) -> Comparison | None:
    """Tell the comparison by part as well, unless the cases differ in their parts."""
    first, *others = ([(MEASURES[name], group) for name, group in parts[0].rows] for parts in found.values())
    if any(other != first for other in others):
        return None
    joined = {name: np.concatenate([part.values for part in parts], axis=1) for name, parts in found.items()}
    return replace(whole, by=within, rows=first, found=joined, table=whole.table.iloc[:0])


class _Part(NamedTuple):
    """Measures of each part of a company in one block, by their names."""

    rows: list[tuple[str, str]]
    values: Array


class _Found(NamedTuple):
    """One block of a case: its measures, stock and backlog by month, and measures of parts where they are asked for."""

    rows: list[tuple[Measure, str]]
    values: Array
    levels: Array
    inner: _Part | None = None


def _in_turn(
    cases: Mapping[str, tuple[Scenario, Policy]],
    blocks: Sequence[list[int]],
    seed: int,
    measures: Sequence[str],
    by: tuple[str, str],
    _: Backend,
    progress: Callable[[int, int], None],
) -> Iterator[tuple[str, _Found]]:
    """Run everything here, one after the other; the cases of a scenario share its weather."""
    done, shelf = 0, Shelf()
    for block in blocks:
        for alike in _by_scenario(cases):
            weather = weather_for(cases[alike[0]][0], seed, block)
            for name in alike:
                yield name, _found(cases[name], weather, len(block), measures, by, shelf)
                done += len(block)
                progress(done, len(cases) * sum(map(len, blocks)))
            del weather  # before the next is drawn


def _side_by_side(
    cases: Mapping[str, tuple[Scenario, Policy]],
    blocks: Sequence[list[int]],
    seed: int,
    measures: Sequence[str],
    by: tuple[str, str],
    hands: Backend,
    progress: Callable[[int, int], None],
) -> Iterator[tuple[str, _Found]]:
    """Run every case and block as a piece of work of its own, the longest first: bit by bit what they give in turn."""
    names = sorted(cases, key=lambda name: not is_slow(cases[name][1]))
    work = [(name, block) for block in blocks for name in names]
    pieces = [partial(_alone, cases[name], block, seed, tuple(measures), by) for name, block in work]
    for (name, _), (rows, own, levels, inner) in zip(work, in_order(hands, pieces, progress), strict=True):
        yield name, _Found([(MEASURES[measure], group) for measure, group in rows], own, levels, inner)


def _alone(
    case: tuple[Scenario, Policy], block: list[int], seed: int, measures: tuple[str, ...], by: tuple[str, str]
) -> tuple[list[tuple[str, str]], Array, Array, _Part | None]:
    weather, shelf = weather_and_paper(case[0], seed, block)
    found = _found(case, weather, len(block), measures, by, shelf)
    return [(measure.name, group) for measure, group in found.rows], found.values, found.levels, found.inner


def _found(
    case: tuple[Scenario, Policy],
    weather: Weather,
    lanes: int,
    measures: Sequence[str],
    by: tuple[str, str],
    shelf: Shelf,
) -> _Found:
    books = trimmed(play(*case, weather, SCORED, shelf), lanes)
    whole, within = by
    inner = None
    if within:
        rows, own = values(books, OF_A_PART, within)
        inner = _Part([(measure.name, group) for measure, group in rows], own)
    return _Found(*values(books, measures, whole), mean_levels(books), inner)


def _compared_at(
    target: CommonTarget,
    scenario: Scenario,
    cases: Mapping[str, tuple[Scenario, Policy]],
    replications: int | Sequence[int] | None,
    seed: int | None,
    measures: Sequence[str] | str | None,
    by: str,
    progress: Callable[[int, int], None] | None,
    apart: bool,
    workers: int | None,
    within: str,
) -> Comparison:
    """Bring all cases to the target on these replications, and compare them on as many that were not used for that."""
    may_start_workers("compare", workers)
    seed = scenario.experiment.seed if seed is None else seed
    numbers = enough(replication_numbers(replications, scenario.experiment.replications))
    measures = [measures] if isinstance(measures, str) else list(measures or measures_at(target, scenario))
    if by == "total" and measures != ["all"]:
        measures = list(dict.fromkeys([target.name, *measures]))

    def tell(done: int, total: int, part: int = 0) -> None:
        if progress:  # tuning is about two parts of three
            progress(*((2 * done, 3 * total) if part == 0 else (2 * total + done, 3 * total)))

    with crew(workers) as hands:
        beside = [measure.name for measure in measures_named(measures)] if by == "total" else []
        tuned = brought_to(target, cases, numbers, seed, workers, tell, hands, beside)
        ready = {name: (one, tuned[name].policy) for name, (one, _) in cases.items()}
        fresh = fresh_numbers(numbers)
        found = compared(
            scenario, ready, fresh, seed, measures, by, lambda d, t: tell(d, t, 1), apart, hands=hands, within=within
        )
    found.at = target
    found.tuned = {name: replace(one, reached=_reached(found, name, target, ready)) for name, one in tuned.items()}
    return found


def measures_at(target: CommonTarget, scenario: Scenario) -> tuple[str, ...]:
    """Return the measures of a comparison at equal service that names none: service, stock, cash, profit, steadiness."""
    return tuple(dict.fromkeys((target.name, *AT_EQUAL_SERVICE, *scenario.experiment.measures)))


def _reached(found: Comparison, name: str, target: CommonTarget, ready: Mapping[str, tuple[Scenario, Policy]]) -> Array:
    """The target's measure of a case on fresh luck."""
    if found.by == "total":
        row = next(k for k, (measure, _) in enumerate(found.rows) if measure.name == target.name)
        own: Array = found.found[name][row]
        return own
    one, policy = ready[name]
    (found_alone,) = scored(one, [policy], found.replications, found.seed, [target.name], Serial())
    return np.asarray(found_alone[0])


__all__ = [
    "ALIKE",
    "MEASURES",
    "Comparison",
    "Estimate",
    "compare",
    "compare_scenarios",
    "compared",
    "estimate",
    "one_money",
    "usual_measures",
    "verdict",
]
