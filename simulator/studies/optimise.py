"""The best setting of a policy: least cost or stock that keeps a service target, with a stated confidence.

The search, on luck that all settings share: the first entry is narrowed down to where the service surely reaches the
target, for every choice of the others (`narrowing.py`); among the settings that reach it, the one that does best is selected. Then the
winner and two safer settings are scored on luck that the search never met, from the safest down, and the last one that
still surely reaches the target is the answer. Searching and scoring on the same luck would flatter the winner: by how
much it did is reported.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.engine.scenario import Scenario
from simulator.kernel.guard import may_start_workers
from simulator.kernel.messages import Message, inside, listed, msg, number
from simulator.kernel.units import Array, ScenarioError
from simulator.kernel.workers import crew
from simulator.planning import Policy
from simulator.results.kpis import measures_named
from simulator.studies.cost import Work, workers_for
from simulator.studies.cutting import Stage
from simulator.studies.factors import FactorWords, label
from simulator.studies.narrowing import ABOUT, narrow_down, searched_settings
from simulator.studies.optimum import Aim, Optimum, checked_aim
from simulator.studies.results import Results, means_of
from simulator.studies.search_space import SearchSpace, entries_to_search
from simulator.studies.store import Store
from simulator.studies.study import Precision, Study
from simulator.studies.trials import Trials
from simulator.theory.selection import Selection, fixed_budget, kim_nelson
from simulator.theory.statistics import mean_interval


def next_stages(study: Study, store: Store, begun: list[Stage]) -> list[Stage]:
    """Return the stages wanted beyond those so far; nothing when the study is as large or as precise as it asks.

    No run is asked for twice: each point goes on from where its own stages end.
    """
    wanted, done = study.replications, _done(begun, len(study.points))
    target = done.copy()
    if isinstance(wanted, int):
        target[:] = wanted
    elif (done < wanted.at_least).any():
        target[:] = wanted.at_least
    else:
        wide = too_wide(Results(store), wanted, len(study.points))
        target[wide] = np.minimum(_more(done[wide]), wanted.at_most)
    return [_stage(done, target, n) for n in np.unique(done[done < target])]


def _stage(done: NDArray[np.int64], target: NDArray[np.int64], n: int) -> Stage:
    """The next replications of all points that have n of them and want more."""
    points = np.flatnonzero((done == n) & (done < target))
    return Stage(None if len(points) == len(done) else tuple(points.tolist()), int(n), int(target[points[0]]))


def _done(begun: list[Stage], points: int) -> NDArray[np.int64]:
    """Replications of each point that stages have asked for."""
    done = np.zeros(points, dtype=np.int64)
    for stage in begun:
        some = slice(None) if stage.points is None else list(stage.points)
        done[some] = np.maximum(done[some], stage.stop)
    return done


def _more(replications: NDArray[np.int64]) -> NDArray[np.int64]:
    """Half as many again: fewer rounds than small steps, less waste than doubling."""
    return replications + np.maximum(10, replications // 2)


def too_wide(results: Results, wanted: Precision, points: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Points of which some policy's interval is wider than asked; one that gives no interval is not pursued."""
    wide = np.zeros(points, dtype=bool)
    for measure, width in wanted.half_width.items():
        halves = means_of(results.array(measure))[2].reshape(points, -1)
        wide |= (halves > width).any(axis=1)
    return wide


# --- optimise ---


REVENUE = "revenue"
BESIDE = ("ebit_before_absorption", "ebit", "all_stock_value", "days_of_supply", REVENUE)
"""Measures that are shown of every setting, beside service and aim."""

WORTH, WORTH_OF_SALES = 0.002, 0.001
"""Share of the aim below which a difference between two settings is not worth finding; of a profit, which may be about
nothing, the share of net sales."""

FEWEST_REPLICATIONS = 5
"""Replications below which an interval says next to nothing."""

REPLICATION_LIMIT = 2_000
"""Replications of a setting beyond which telling it from another is given up."""

SHARES = 5
"""Parts in which a budget is given out, each to where it tells most by then."""

SAFER = 2
"""Settings with more service that are scored beside the winner."""


def optimise(
    scenario: Scenario,
    policy: Any,
    service: float,
    minimise: str = "cost",
    search: Sequence[FactorWords] = (),
    service_measure: str = "fill_rate",
    confidence: float = 0.95,
    replications: int = 60,
    difference: float | None = None,
    budget: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Optimum:
    """Find the setting of a policy with the least cost or stock whose service is surely at the target or above.

    `search` names the entry that is narrowed down, with its range, then others with their values; without it, the
    parameter of the policy's safety stock is searched over its declared range. The best is selected with the stated
    confidence if it is better by `difference`; or with so many more runs as `budget` says.
    """
    may_start_workers("optimise", workers)
    aim = checked_aim(minimise, service_measure, service, confidence)
    check_effort(replications, difference, budget)
    chosen = scenario.policy(policy)
    wanted = entries_to_search(scenario, chosen, search)
    measures = measures_named(list(dict.fromkeys([aim.service.name, aim.measure.name, *BESIDE])))
    seed = scenario.experiment.seed if seed is None else seed
    told = _counter(progress, wanted)
    told(0)
    workers = workers_for(
        [Work(scenario, chosen, *runs_of_search(scenario, chosen, search, replications, budget))], workers
    )
    with crew(workers) as hands:
        trials = Trials(scenario, chosen, seed, measures, crew=hands, told=told)
        return _searched(trials, aim, wanted, replications, difference, budget)


def _searched(
    trials: Trials, aim: Aim, wanted: SearchSpace, replications: int, difference: float | None, budget: int | None
) -> Optimum:
    """Narrow down, select, and score on luck that the search never met."""
    narrow_down(trials, aim, wanted, replications)
    feasible = [k for k in range(len(trials.settings)) if aim.floor(trials.of(k, aim.service.name)) >= aim.target]
    if not feasible:
        raise ScenarioError(out_of_reach(trials, aim, wanted))
    selection, difference = select_best(trials, aim, feasible, difference, budget)
    winner = feasible[selection.best]
    longest = max(values.shape[1] for values in trials.values)
    fresh = replace(trials, first=longest, settings=[], values=[])
    return confirmed_winner(aim, trials, fresh, winner, feasible, selection, difference, 2 * replications)


def check_effort(replications: int, difference: float | None, budget: int | None) -> None:
    """Refuse what no search can be made with."""
    if replications < FEWEST_REPLICATIONS:
        raise ScenarioError(
            msg(
                "replications is {n}; a search needs at least {least} of each setting",
                n=replications,
                least=FEWEST_REPLICATIONS,
            )
        )
    if difference is not None and difference <= 0.0:
        raise ScenarioError(
            msg("the difference worth finding is {difference}; it must be above 0", difference=f"{difference:g}")
        )
    if budget is not None and budget < 1:
        raise ScenarioError(msg("the budget is {n} runs; it must be at least 1", n=budget))


def _counter(progress: Callable[[int, int], None] | None, wanted: SearchSpace) -> Callable[[int], None]:
    """Progress by settings run, against those that are planned."""
    planned, done = searched_settings(wanted) + SAFER + 1, 0

    def told(more: int) -> None:
        nonlocal done
        done += more
        if progress:
            progress(min(done, planned), planned)

    return told


def runs_of_search(
    scenario: Scenario, policy: Policy, search: Sequence[FactorWords], replications: int, budget: int | None
) -> tuple[int, float]:
    """Replications that are run side by side, and how often, until the best is found and scored on fresh luck.

    Telling the best from the others without a budget may take more; as much again is reckoned with.
    """
    tried = searched_settings(entries_to_search(scenario, policy, search)) * replications
    runs = tried + (tried if budget is None else budget) + 2 * (SAFER + 1) * replications
    return len(ABOUT) * replications, runs / (len(ABOUT) * replications)


def out_of_reach(trials: Trials, aim: Aim, wanted: SearchSpace) -> Message:
    """Explain that no setting surely reaches the target."""
    policy, service = repr(trials.policy.name), inside(msg(aim.service.title))
    if all(np.isnan(trials.of(k, aim.service.name)).any() for k in range(len(trials.settings))):
        return msg("policy {name} gives no {measure}; name another measure of service", name=policy, measure=service)
    best = max(range(len(trials.settings)), key=lambda k: float(trials.of(k, aim.service.name).mean()))
    found = mean_interval(trials.of(best, aim.service.name))
    low, high = wanted.factor.range
    return msg(
        "no setting of policy {name} surely reaches a {measure} of {target} %: the highest is {mean} ± {half} % with {setting}; "
        "search a wider range than {low} to {high}, take another policy or lower the target",
        name=policy,
        measure=service,
        target=f"{100 * aim.target:g}",
        mean=number(100 * float(found.mean), 1),
        half=number(100 * float(found.half_width), 1),
        setting=listed((f"{entry}={label(value)}" for entry, value in trials.settings[best].items()), ", "),
        low=f"{low:g}",
        high=f"{high:g}",
    )


def select_best(
    trials: Trials, aim: Aim, feasible: list[int], difference: float | None, budget: int | None
) -> tuple[Selection, float | None]:
    """The best of the settings that reach the target, and the difference from which on it is so with the confidence.

    With a budget, as well as so many more runs can tell; then no difference is promised.
    """
    had = trials.values[feasible[0]].shape[1]
    values = np.array([aim.gain(trials.of(k, aim.measure.name))[:had] for k in feasible])
    if np.isnan(values).any():
        raise ScenarioError(
            msg(
                "policy {name} gives no {measure}; minimise something else",
                name=repr(trials.policy.name),
                measure=inside(msg(aim.measure.title)),
            )
        )
    worth = _worth(trials, aim, feasible) if difference is None else difference

    def run(who: Sequence[int], first: int, last: int) -> Array:
        if first >= REPLICATION_LIMIT:
            raise ScenarioError(
                msg(
                    "{most} replications do not tell settings apart that differ by {worth} in {measure}; ask for a larger difference",
                    most=number(REPLICATION_LIMIT),
                    worth=f"{worth:,.6g}",
                    measure=inside(msg(aim.measure.title)),
                )
            )
        trials.extend([feasible[k] for k in who], min(last, REPLICATION_LIMIT))
        return np.array([aim.gain(trials.of(feasible[k], aim.measure.name))[first:last] for k in who])

    if budget is not None:
        return fixed_budget(run, len(feasible), budget + had * len(feasible), had, max(1, budget // SHARES)), None
    return kim_nelson(run, len(feasible), worth, aim.confidence, first=had, batch=had), worth


def _worth(trials: Trials, aim: Aim, feasible: list[int]) -> float:
    """The difference between two settings that is worth finding."""
    share, scale = (WORTH, aim.measure.name) if aim.measure.unit != "money/year" else (WORTH_OF_SALES, REVENUE)
    return share * max(abs(float(trials.of(k, scale).mean())) for k in feasible)


def confirmed_winner(
    aim: Aim,
    trials: Trials,
    fresh: Trials,
    winner: int,
    feasible: list[int],
    selection: Selection,
    difference: float | None,
    replications: int,
) -> Optimum:
    """Score the winner and safer settings on fresh luck; from the safest down, the last that surely reaches the target.

    Testing in an order that was fixed before leaves the confidence whole: the first that fails ends it.
    """
    ladder = [*safer_settings(trials, aim, winner, feasible), winner]
    places = fresh.add([trials.settings[k] for k in ladder], replications)
    answer, sure = 0, False
    for step, place in enumerate(places):
        if aim.floor(fresh.of(place, aim.service.name)) < aim.target:
            break
        answer, sure = step, True
    k = ladder[answer]
    return Optimum(aim, trials.settings[k], sure, trials, fresh, k, places[answer], selection, feasible, difference)


def safer_settings(trials: Trials, aim: Aim, winner: int, feasible: list[int]) -> list[int]:
    """Settings whose service is higher by one and two standard errors or more, the safest first."""
    service = {k: float(trials.of(k, aim.service.name).mean()) for k in feasible}
    sample = trials.of(winner, aim.service.name)
    error = float(sample.std(ddof=1)) / np.sqrt(len(sample))
    found: list[int] = []
    for step in range(SAFER, 0, -1):
        above = [k for k in feasible if service[k] >= service[winner] + step * error and k not in found]
        gains = {k: float(aim.gain(trials.of(k, aim.measure.name)).mean()) for k in above}
        found += [max(above, key=lambda k: gains[k])] if above else []
    return sorted(found, key=lambda k: -service[k])
