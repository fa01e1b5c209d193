"""All settings of a study at one glance, and how the best of them settle with more replications."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.kernel.messages import msg
from simulator.kernel.units import Array, Mask, ScenarioError
from simulator.results.kpis import MEASURES
from simulator.studies.analysis.sample import SERVICE_MEASURE, STOCK_MEASURE, complete
from simulator.studies.factors import CATEGORY
from simulator.theory.statistics import mean_interval

if TYPE_CHECKING:
    import pandas as pd

    from simulator.studies.results import Results

TENTH = 0.1
SETTLING, REPLICATION_STEPS = 3, 40
"""Settings whose means are followed, and numbers of replications at which they are looked at."""


def parallel(results: Results, measure: str) -> pd.DataFrame:
    """A row a setting and axis: policy, factors, service, stock and the measure; `place` is how far up its axis it lies.

    `best` marks the tenth of all settings with the best means of the measure.
    """
    import pandas as pd

    if not results.factors:
        raise ScenarioError(
            msg("the study {name} varies nothing; give it factors to see what they do", name=repr(results.study.name))
        )
    held = [name for name in (SERVICE_MEASURE, STOCK_MEASURE) if name in results.study.measures and name != measure]
    means = {name: results.mean(name)["mean"].to_numpy(dtype=np.float64) for name in (*held, measure)}
    there = np.isfinite(np.array(list(means.values()))).all(axis=0)
    keys = results.points.loc[there, ["point", "policy"]].reset_index(names="row")
    best = _best_tenth(means[measure][there], MEASURES[measure].better == "lower")
    parts = [
        keys.assign(axis=axis, kind=kind, place=places, shown=shown, best=best)
        for axis, kind, places, shown in [
            *_choices(results, there),
            *((n, "measure", *_scaled(m[there], n)) for n, m in means.items()),
        ]
    ]
    table: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return table


def _best_tenth(means: Array, low: bool) -> Mask:
    """The best tenth of all settings, one at least."""
    count = max(1, math.floor(TENTH * len(means)))
    return np.isin(np.arange(len(means)), np.argsort(means if low else -means, kind="stable")[:count])


def _choices(results: Results, there: Array) -> list[tuple[str, str, Any, list[str]]]:
    """List the choices behind each setting: the policy where there are several, and every factor."""
    points, axes = results.points[there], list[tuple[str, str, Any, list[str]]]()
    if len(results.study.policies) > 1:
        axes.append(("policy", "factor", *_in_order(points["policy"].tolist(), list(results.study.policies))))
    for factor in results.factors:
        given = points[factor.name].tolist()
        if factor.kind == CATEGORY:
            axes.append((factor.name, "factor", *_in_order(given, [factor.cell(level) for level in factor.levels])))
        else:
            low, high = factor.range
            places = (np.array(given, dtype=np.float64) - low) / max(high - low, 1e-300)
            axes.append((factor.name, "factor", places, [f"{value:.4g}" for value in given]))
    return axes


def _in_order(given: list[Any], levels: list[Any]) -> tuple[Array, list[str]]:
    """Categories in equal steps."""
    last = max(len(levels) - 1, 1)
    return np.array([levels.index(value) / last for value in given]), [str(value) for value in given]


def _scaled(means: Array, measure: str) -> tuple[Array, list[str]]:
    """Means from the lowest to the highest."""
    low, high = means.min(), means.max()
    share = MEASURES[measure].unit in ("share", "probability")
    return (means - low) / max(high - low, 1e-300), [f"{100 * m:.1f} %" if share else f"{m:,.4g}" for m in means]


def convergence(results: Results, measure: str) -> pd.DataFrame:
    """A row a setting and number of replications: mean and 95 % interval of the first so many, the best settings first."""
    import pandas as pd

    values = results.array(measure)
    sample = values[:, complete(values, results, 2)]
    means, low = sample.mean(axis=1), MEASURES[measure].better == "lower"
    order = np.argsort(means if low else -means, kind="stable")[:SETTLING]
    steps = np.unique(np.geomspace(2, sample.shape[1], REPLICATION_STEPS).round().astype(int)).tolist()
    rows = []
    for row in order.tolist():
        for count in steps:
            found = mean_interval(sample[row, :count])
            rows.append(
                {
                    "row": row,
                    "replications": count,
                    "mean": float(found.mean),
                    "low": float(found.low),
                    "high": float(found.high),
                }
            )
    table = pd.DataFrame(rows)
    return results.points.iloc[table["row"]].reset_index(drop=True).join(table)
