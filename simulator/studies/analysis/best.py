"""Find the best setting: the frontier, simultaneous comparisons, the winner on fresh luck, replications needed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.kernel.guard import may_start_workers
from simulator.kernel.messages import msg
from simulator.kernel.units import Array, Index, ScenarioError
from simulator.kernel.workers import crew
from simulator.results.kpis import MEASURES, Measure, measures_named
from simulator.studies.analysis.sample import CALM_MEASURE, SERVICE_MEASURE, STOCK_MEASURE, complete
from simulator.studies.cost import Work, workers_for
from simulator.studies.study import load_study
from simulator.studies.trials import Trials
from simulator.theory.multiple import allowances, with_the_best
from simulator.theory.statistics import Interval, mean_interval, replications_for_half_width, unpaired_interval

if TYPE_CHECKING:
    import pandas as pd

    from simulator.studies.results import Results

ONE_SIDED = 0.9
"""Confidence of the two-sided interval whose lower end is the one-sided 95 % bound."""

RELATIVE, OF_SHARES = 0.01, 0.005
"""Half-widths that are asked for where none is named: one percent of an amount, half a point of a share."""


def frontier(
    results: Results, service: str = SERVICE_MEASURE, stock: str = STOCK_MEASURE, colour: str = CALM_MEASURE
) -> pd.DataFrame:
    """A row a point and policy: service, stock and a third measure with half-widths; efficient, or surely beaten by which row.

    A row is efficient if none has more service with no more stock; it is surely beaten where a row on the frontier is
    better in both, and the paired 95 % intervals of both differences leave 0 out.
    """
    sides = [results.array(measure) for measure in (service, stock)]
    signs = [1.0 if MEASURES[measure].better == "higher" else -1.0 for measure in (service, stock)]
    there = complete(np.concatenate(sides), results)
    gains = [sign * side[:, there] for sign, side in zip(signs, sides, strict=True)]
    means = [gain.mean(axis=1) for gain in gains]
    efficient = _efficient(means[0], means[1])
    table = results.points.copy()
    for measure in dict.fromkeys((service, stock, colour)):
        if measure in results.study.measures:
            known = results.mean(measure)
            table[measure], table[f"{measure}_half"] = known["mean"], known["half_width"]
    table["efficient"] = efficient
    table["beaten_by"] = _beaten(gains, means, np.flatnonzero(efficient))
    return table


def _efficient(first: Array, second: Array) -> Array:
    """Rows that no other row beats in one without losing in the other."""
    order, best = np.lexsort((-second, -first)), -math.inf
    result = np.zeros(len(first), dtype=bool)
    for row in order.tolist():
        if second[row] > best:
            result[row], best = True, float(second[row])
    return result


def _beaten(gains: list[Array], means: list[Array], front: Index) -> list[int | None]:
    """The row of the frontier that surely beats each row in both measures; none if no row does."""
    found: list[int | None] = []
    for row in range(len(means[0])):
        rivals = [int(k) for k in front if all(mean[k] > mean[row] for mean in means)]
        surely = (k for k in rivals if all(_surely(gain[k] - gain[row]) for gain in gains))
        found.append(next(surely, None))
    return found


def _surely(gap: Array) -> bool:
    return len(gap) > 1 and float(mean_interval(gap).low) > 0.0


def comparisons(results: Results, measure: str) -> pd.DataFrame:
    """A row a point and policy, the best first: its mean, and how far it lies from the best of the others.

    The 95 % intervals hold for all rows at once (Hsu 1984; Edwards & Hsu 1983). `possible` says which rows may be the best.
    """
    goal, values = directed(measure), results.array(measure)
    sample = _gains(values[:, complete(values, results, 2)], goal)
    found = with_the_best(sample.mean(axis=1), allowances(sample))
    table = results.mean(measure)
    sign = 1.0 if goal.better == "higher" else -1.0
    ends = np.sort(np.stack([sign * found.low, sign * found.high]), axis=0)
    table["from_best_low"], table["from_best_high"], table["possible"] = ends[0], ends[1], found.possible
    return table.sort_values("mean", ascending=goal.better == "lower", kind="stable", ignore_index=True)


def directed(measure: str) -> Measure:
    """A measure that has a better direction."""
    (known,) = measures_named([measure])
    if not known.better:
        raise ScenarioError(msg("{measure} has no better direction; name a measure that has one", measure=measure))
    return known


def _gains(values: Array, measure: Measure) -> Array:
    return values if measure.better == "higher" else -values


@dataclass(frozen=True)
class BestSetting:
    """The best row of a study, scored anew on luck that the study never met."""

    measure: Measure
    policy: str
    setting: dict[str, Any]
    possible: int  # rows that may be the best, of all that were allowed
    allowed: int
    seen: Interval
    fresh: Interval
    optimism: Interval
    service: float | None  # what its service is at least on fresh luck, where a target was given
    target: float | None

    @property
    def confirmed(self) -> bool:
        """Tell if the service target is surely kept on fresh luck."""
        return self.target is None or (self.service is not None and self.service >= self.target)

    def record(self) -> dict[str, Any]:
        """For programs and pages."""
        ends = {"seen": self.seen, "fresh": self.fresh, "optimism": self.optimism}
        return {
            "policy": self.policy,
            "setting": self.setting,
            "measure": self.measure.name,
            "confirmed": self.confirmed,
            "service_at_least": self.service,
            **{name: {"mean": float(i.mean), "low": float(i.low), "high": float(i.high)} for name, i in ends.items()},
        }


def best_setting(
    results: Results,
    measure: str,
    target: float | None = None,
    service: str = SERVICE_MEASURE,
    replications: int | None = None,
    workers: int | None = None,
) -> BestSetting:
    """The best point and policy, among those that surely keep a service target, and by how much the study flattered it."""
    goal, values = directed(measure), results.array(measure)
    there, rows = complete(values, results, 2), _allowed(results, service, target)
    gains = _gains(values[rows][:, there], goal)
    possible = with_the_best(gains.mean(axis=1), allowances(gains)).possible.sum() if len(rows) > 1 else 1
    row = int(rows[int(np.argmax(gains.mean(axis=1)))])
    wanted = [measure, *([service] if target is not None else [])]
    trials = _fresh(results, row, wanted, replications or 2 * len(there), workers)
    fresh, seen = trials.of(0, measure), values[row, there]
    flattered = unpaired_interval(seen, fresh) if goal.better == "higher" else unpaired_interval(fresh, seen)
    return BestSetting(
        goal,
        trials.policy.name,
        trials.settings[0],
        int(possible),
        len(rows),
        mean_interval(seen),
        mean_interval(fresh),
        flattered,
        None if target is None else float(mean_interval(trials.of(0, service), ONE_SIDED).low),
        target,
    )


def _fresh(results: Results, row: int, measures: list[str], replications: int, workers: int | None) -> Trials:
    """One row of the study, run in replications that the study did not have."""
    study = load_study({**results.study.words, "name": results.study.name})
    if study.key != results.study.key:
        raise ScenarioError(
            msg(
                "the study or its scenario has changed since {address} was run; sweep it again",
                address=results.store.address,
            )
        )
    point, place = divmod(row, len(study.policies))
    kept = [m for k, m in enumerate(measures_named(measures)) if m.name not in measures[:k]]
    first = results.array(measures[0]).shape[1]
    workers = workers_for([Work(study.scenario, study.policies[place], replications)], workers)
    may_start_workers("best_setting", workers)
    with crew(workers) as hands:
        trials = Trials(study.scenario, study.policies[place], study.seed, kept, first=first, crew=hands)
        trials.add([study.points[point]], replications)
    return trials


def _allowed(results: Results, service: str, target: float | None) -> Index:
    """Rows whose service is surely at the target or above; all where there is none."""
    values = results.array(service if target is not None else results.study.measures[0])
    if target is None:
        return np.arange(len(values))
    served = values[:, complete(values, results, 2)]
    low = mean_interval(served.T, ONE_SIDED).low
    rows = np.flatnonzero(low >= target)
    if not rows.size:
        raise ScenarioError(
            msg(
                "no point of the study surely has a {service} of {target}; the highest is {most}",
                service=service,
                target=f"{target:g}",
                most=f"{served.mean(axis=1).max():.4g}",
            )
        )
    return rows


def precision(results: Results, half_widths: dict[str, float] | None = None) -> pd.DataFrame:
    """A row a measure: the widest interval of all points, and the replications that bring it to a half-width.

    One percent of the mean is asked of amounts and half a point of shares, unless said otherwise. Law (2015), 9.4.1.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for name in half_widths or results.study.measures:
        widths = results.mean(name)["half_width"].to_numpy(dtype=np.float64)
        if np.isnan(widths).all():
            continue
        worst = int(np.nanargmax(widths))
        values = results.array(name)[worst]
        values = values[np.isfinite(values)]
        mean, asked = float(values.mean()), (half_widths or {}).get(name)
        asked = _usual(name, mean) if asked is None else asked
        needed = replications_for_half_width(float(values.var(ddof=1)), asked, len(values)) if asked > 0 else None
        told = {"measure": name, "unit": MEASURES[name].unit, "mean": mean, "replications": len(values)}
        point, place = divmod(worst, len(results.study.policies))
        where = {"point": point, "policy": results.study.policies[place]}
        rows.append({**told, "half_width": float(widths[worst]), "asked": asked, "needed": needed, **where})
    return pd.DataFrame(rows).astype({"needed": "Int64"})


def _usual(measure: str, mean: float) -> float:
    return OF_SHARES if MEASURES[measure].unit in ("share", "probability") else RELATIVE * abs(mean)
