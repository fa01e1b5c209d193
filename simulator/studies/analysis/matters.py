"""Weigh the factors of a study: effects and interactions, tornado, Sobol indices, heat map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.kernel.messages import msg
from simulator.kernel.units import Array, ScenarioError
from simulator.studies.analysis.sample import Sample, sample
from simulator.studies.factors import CATEGORY, Factor
from simulator.theory.sensitivity import Effects, term_columns, variance_shares
from simulator.theory.sensitivity import factor_effects as theory_effects
from simulator.theory.statistics import mean_interval

if TYPE_CHECKING:
    import pandas as pd

    from simulator.studies.results import Results

BINS = 6
"""Cells to a side of a heat map where a factor took more values."""

BALANCED = ("grid", "full-factorial", "fractional-factorial")
"""Designs in which a factor's ends are met with the same values of all others."""


def effects(results: Results, measure: str, policy: str | None = None) -> pd.DataFrame:
    """A row a term, the largest first: what the measure changes from its low end to its high one, with 95 % interval.

    Pairs of factors are looked at where there are points enough; `same_as` names the terms that the design cannot tell
    from this one, `explained` the share of the variance between points that all terms together explain.
    """
    import pandas as pd

    found = sample(results, measure, policy)
    if found.design == "one-at-a-time":
        raise ScenarioError(
            msg(
                "effects need points that vary factors together; this study varies one at a time, of which the tornado can be had"
            )
        )
    coded, names, owners = found.coded()
    pairs, terms = term_columns(coded, names, True, owners)
    if len(terms) >= len(found.points) and found.design != "fractional-factorial":
        pairs, terms = coded, names
    told = plane(found, pairs, terms)
    table = pd.DataFrame(
        {
            "term": told.names,
            "effect": told.effect,
            "low": told.effect - told.half_width,
            "high": told.effect + told.half_width,
            "same_as": ["; ".join(alike) for alike in told.aliases],
            "explained": told.explained,
        }
    )
    return table.sort_values("effect", key=np.abs, ascending=False, kind="stable", ignore_index=True)


def plane(found: Sample, columns: Array, terms: list[str]) -> Effects:
    """The linear model of the points; where its design is not balanced, what it misses counts as chance."""
    return theory_effects(columns, terms, found.values, misfit=found.design not in BALANCED)


def tornado(results: Results, measure: str, policy: str | None = None) -> pd.DataFrame:
    """Two rows a factor, the widest swing first: what its low and its high end change, with 95 % interval.

    One at a time, against the base; in a grid or factorial, the mean at the end less the mean of all; in a sample or
    list, half the effect of the plane that fits best.
    """
    import pandas as pd

    found = sample(results, measure, policy)
    sampled = found.design not in (*BALANCED, "one-at-a-time")
    coded, names, _ = found.coded()
    fitted = plane(found, coded, names) if sampled else None
    rows: list[dict[str, Any]] = []
    for factor in found.factors:
        low, high = _fitted(factor, fitted) if fitted else _met(found, factor)
        swing = abs(high.mean - low.mean)
        for side, end in (("low", low), ("high", high)):
            told = {
                "factor": factor.name,
                "end": side,
                "at": f"{end.value:g}" if isinstance(end.value, float) else str(end.value),
                "difference": end.mean,
            }
            rows.append({**told, "low": end.mean - end.half, "high": end.mean + end.half, "swing": swing})
    return pd.DataFrame(rows).sort_values("swing", ascending=False, kind="stable", ignore_index=True)


@dataclass(frozen=True)
class End:
    """An end of a factor, and what it changes."""

    value: Any
    mean: float
    half: float


def _outermost(factor: Factor, ends: list[End]) -> tuple[End, End]:
    """Find the ends of a factor; those of the measure, if the factor is a category."""
    ends.sort(key=lambda end: end.mean if factor.kind == CATEGORY else end.value)
    return ends[0], ends[-1]


def _met(found: Sample, factor: Factor) -> tuple[End, End]:
    """Ends that the design has met with all else alike, by paired differences."""
    given = found.points[factor.name].tolist()
    if found.design == "one-at-a-time":
        tried = [k for k in range(len(given)) if k == 0 or given[k] != given[0]]
        gaps = {given[k]: found.values[k] - found.values[0] for k in tried}
    else:
        middle = found.values.mean(axis=0)
        gaps = {value: found.values[[g == value for g in given]].mean(axis=0) - middle for value in given}
    halves = {value: float(mean_interval(gap).half_width) if len(gap) > 1 else np.nan for value, gap in gaps.items()}
    return _outermost(factor, [End(value, float(gap.mean()), halves[value]) for value, gap in gaps.items()])


def _fitted(factor: Factor, fitted: Effects) -> tuple[End, End]:
    """Ends of the plane; of a category, its levels about their middle."""
    mine = [k for k, name in enumerate(fitted.names) if name == factor.name or name.startswith(f"{factor.name} = ")]
    if factor.kind != CATEGORY:
        effect, half = (float(part[mine[0]]) / 2 for part in (fitted.effect, fitted.half_width))
        return End(factor.low, -effect, half), End(factor.high, effect, half)
    effects = np.append(0.0, fitted.effect[mine])
    halves = np.append(fitted.half_width[mine].max(), fitted.half_width[mine]) / 2
    levels = [factor.cell(level) for level in factor.levels]
    ends = zip(levels, (effects - effects.mean()).tolist(), halves.tolist(), strict=True)
    return _outermost(factor, [End(*end) for end in ends])


def sobol(results: Results, measure: str, policy: str | None = None) -> pd.DataFrame:
    """A row a factor: shares of the variance that it explains alone and with all interactions, with 95 % intervals.

    `luck` is how much of the variance between points the luck of the replications could be, at most.
    """
    import pandas as pd

    found = sample(results, measure, policy)
    if found.design != "sobol-indices":
        raise ScenarioError(
            msg(
                "Sobol indices need a study whose design is sobol-indices; this one is {design}, of which effects and tornado can be had",
                design=found.design,
            )
        )
    shares = variance_shares(found.means, len(found.factors))
    count = found.values.shape[1]
    between = float(found.means.var())
    noise = float((found.values.var(axis=1, ddof=1) / count).mean()) if count > 1 else float("nan")
    columns = {
        name: getattr(shares, name) for name in ("first", "first_low", "first_high", "total", "total_low", "total_high")
    }
    return pd.DataFrame(
        {"factor": [f.name for f in found.factors], **columns, "luck": noise / between if between else 0.0}
    )


def heat(results: Results, measure: str, across: str, up: str, policy: str | None = None) -> pd.DataFrame:
    """A row a cell of two factors: the mean over all points in it, with its half-width over replications."""
    import pandas as pd

    found = sample(results, measure, policy)
    one, other = found.named(across), found.named(up)
    if one == other:
        raise ScenarioError(msg("a heat map is of two factors, and {name} is named twice", name=repr(one.name)))
    places = [_cells(found, factor) for factor in (one, other)]
    rows: list[dict[str, Any]] = []
    for x, at_x in enumerate(places[0][1]):
        for y, at_y in enumerate(places[1][1]):
            inside = (places[0][0] == x) & (places[1][0] == y)
            if inside.any():
                each = found.values[inside].mean(axis=0)
                half = float(mean_interval(each).half_width) if len(each) > 1 else float("nan")
                told = {"across": at_x, "up": at_y, "mean": float(each.mean()), "half_width": half}
                rows.append({**told, "points": int(inside.sum())})
    return pd.DataFrame(rows)


def _cells(found: Sample, factor: Factor) -> tuple[Array, list[Any]]:
    """Sort points into cells, and name the cells by their value, or by the middle of their part of the range."""
    given = found.points[factor.name]
    values = [factor.cell(v) for v in factor.levels] if factor.kind == CATEGORY else sorted(set(given.tolist()))
    if factor.kind == CATEGORY or len(values) <= 2 * BINS:
        return np.array([values.index(v) for v in given.tolist()], dtype=np.float64), values
    low, high = factor.range
    place = np.minimum((given.to_numpy(dtype=np.float64) - low) / (high - low) * BINS, BINS - 1)
    return np.floor(place), [float(f"{low + (k + 0.5) * (high - low) / BINS:.4g}") for k in range(BINS)]
