"""One measure of one policy at all points of a study: what an analysis looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.kernel.messages import msg
from simulator.kernel.units import Array, Index, ScenarioError, nearest
from simulator.results.kpis import MEASURES, Measure
from simulator.studies.factors import CATEGORY, Factor

if TYPE_CHECKING:
    import pandas as pd

    from simulator.studies.results import Results


STOCK_MEASURE, SERVICE_MEASURE, CALM_MEASURE = "days_of_supply", "fill_rate", "nervousness"
"""What settings and policies are held against each other in: stock, service, and how calm plans are."""


@dataclass(frozen=True)
class Sample:
    """Values of the replications that all points were run in."""

    measure: Measure
    policy: str
    design: str
    factors: list[Factor]
    points: pd.DataFrame  # a column a factor, by name
    values: Array  # (points, replications)

    @property
    def means(self) -> Array:
        """Mean over replications, by point."""
        return np.asarray(self.values.mean(axis=1))

    def coded(self) -> tuple[Array, list[str], list[str]]:
        """Factors from -1 at their low end to 1 at their high one; names of the columns; the factor that each belongs to.

        A category has a column for each level but the first, 1 where it is chosen: its effect is against the first level.
        """
        columns, names, owners = list[Array](), list[str](), list[str]()
        for factor in self.factors:
            given = self.points[factor.name]
            if factor.kind != CATEGORY:
                low, high = factor.range
                columns.append((2.0 * given.to_numpy(dtype=np.float64) - low - high) / max(high - low, 1e-300))
                names.append(factor.name)
                owners.append(factor.name)
                continue
            for level in factor.levels[1:]:
                columns.append(np.where(given == factor.cell(level), 1.0, -1.0))
                names.append(f"{factor.name} = {factor.cell(level)}")
                owners.append(factor.name)
        return np.array(columns).reshape(-1, len(self.points)).T, names, owners

    def named(self, factor: str) -> Factor:
        """A factor by its name or entry."""
        for known in self.factors:
            if factor in (known.name, known.entry):
                return known
        raise ScenarioError(
            msg(
                "the study has no factor {name}; {hint}",
                name=repr(factor),
                hint=nearest(factor, [known.name for known in self.factors]),
            )
        )


def sample(results: Results, measure: str, policy: str | None = None) -> Sample:
    """A measure of one policy, the study's first if none is named."""
    chosen, values = of_policy(results, policy), results.array(measure)
    if not results.factors:
        raise ScenarioError(
            msg("the study {name} varies nothing; give it factors to see what they do", name=repr(results.study.name))
        )
    rows = np.flatnonzero(results.points["policy"] == chosen)
    there = complete(values[rows], results)
    points = results.points.iloc[rows].reset_index(drop=True)
    return Sample(MEASURES[measure], chosen, results.study.design, results.factors, points, values[rows][:, there])


def of_policy(results: Results, policy: str | None) -> str:
    """A policy of the study."""
    known = list(results.study.policies)
    if policy is not None and policy not in known:
        raise ScenarioError(
            msg("the study has no policy {name}; {hint}", name=repr(policy), hint=nearest(policy, known))
        )
    return known[0] if policy is None else policy


def complete(values: Array, results: Results, least: int = 1) -> Index:
    """Replications that all rows have: only those are on the same luck. An interval needs at least two."""
    there = np.flatnonzero(np.isfinite(values).all(axis=0))
    if not there.size:
        raise ScenarioError(
            msg(
                "{address} has no replication yet that all points were run in; sop sweep goes on with what is missing",
                address=results.store.address,
            )
        )
    if len(there) < least:
        raise ScenarioError(
            msg(
                "{address} has {n} replication of all points; this view needs {least}",
                address=results.store.address,
                n=len(there),
                least=least,
            )
        )
    return there
