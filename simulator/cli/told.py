"""The views of a study in words and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.measures import MEASURES
from simulator.report import figures

if TYPE_CHECKING:
    import pandas as pd

    from simulator.experiments.results import Results


def title_of(results: Results, measure: str, points: bool = True) -> str:
    """A measure with its unit, in points where differences are shown."""
    known = MEASURES[measure]
    return figures.heading({"title": known.title, "unit": known.unit}, results.study.currency, points)


def difference_of(row: dict[Any, Any], measure: str, name: str) -> str:
    """A difference of a measure with its interval."""
    ends = {"difference": row[name], "difference_low": row["low"], "difference_high": row["high"]}
    return figures.with_interval({**ends, "unit": MEASURES[measure].unit, "verdict": ""}).replace(" equal", "").rstrip()


def mean_of(mean: float, half: float, measure: str) -> str:
    """A mean of a measure with its half-width."""
    return figures.with_half_width(
        {"mean": mean, "low": mean - half, "high": mean + half, "unit": MEASURES[measure].unit}
    )


def value_of(value: Any) -> str:
    """A value of a factor."""
    from simulator.experiments.factors import label

    return f"{value:g}" if isinstance(value, float) else label(value)


def effects(results: Results, table: pd.DataFrame, measure: str) -> str:
    """Effects, the largest first."""
    rows = [[f"{title_of(results, measure)}, from low to high", "effect [95 %]", "cannot be told from"]]
    rows += [[row["term"], difference_of(row, measure, "effect"), row["same_as"]] for row in table.to_dict("records")]
    share = f"These terms explain {100 * table['explained'].iloc[0]:.1f} % of the variance between points."
    return f"{figures.aligned(rows)}\n\n{share}"


def tornado(results: Results, table: pd.DataFrame, measure: str) -> str:
    """A line a factor, the widest swing first."""
    middle = "base" if results.study.design == "one-at-a-time" else "middle"
    head = f"{title_of(results, measure)}, against the {middle}"
    rows = [[head, "at", "low end [95 %]", "at", "high end [95 %]"]]
    for factor, ends in table.groupby("factor", sort=False):
        low, high = ends.to_dict("records")
        told = [difference_of(end, measure, "difference") for end in (low, high)]
        rows.append([str(factor), str(low["at"]), told[0], str(high["at"]), told[1]])
    return figures.aligned(rows)


def sobol(results: Results, table: pd.DataFrame, measure: str) -> str:
    """A line a factor, the most telling first."""
    rows = [["share of the variance", "alone [95 %]", "with interactions [95 %]"]]
    for row in table.sort_values("total", ascending=False).to_dict("records"):
        shares = [f"{row[k]:.3f} [{row[f'{k}_low']:.3f}, {row[f'{k}_high']:.3f}]" for k in ("first", "total")]
        rows.append([row["factor"], *shares])
    first, luck = float(table["first"].sum()), float(table["luck"].iloc[0])
    note = f"Factors alone explain {100 * first:.1f} %, the rest is interaction; luck of the replications is {100 * luck:.1f} % at most."
    if first > 1.0:
        note = "Shares add up to more than the whole: the base sample is small, raise design.points."
    return f"{MEASURES[measure].title}\n\n{figures.aligned(rows)}\n\n{note}"


def heat(results: Results, table: pd.DataFrame, measure: str, across: str, up: str) -> str:
    """Cells of two factors."""
    columns, lines = (sorted(set(table[side])) for side in ("across", "up"))
    cells = {
        (row["across"], row["up"]): mean_of(row["mean"], row["half_width"], measure)
        for row in table.to_dict("records")
    }  # fmt: skip
    rows = [[f"{up} \\ {across}", *map(value_of, columns)]]
    rows += [[value_of(line), *(cells.get((column, line), figures.UNKNOWN) for column in columns)] for line in lines]
    return f"{title_of(results, measure, False)}\n\n{figures.aligned(rows)}"


def frontier(results: Results, table: pd.DataFrame, measures: list[str]) -> str:
    """Settings on the frontier, the least stock first."""
    names, known = [factor.name for factor in results.factors], [name for name in measures if name in table]
    rows = [["policy", *names, *(title_of(results, name, False) for name in known)]]
    for row in table[table["efficient"]].sort_values(known[-1] if len(known) < 2 else known[1]).to_dict("records"):
        told = [mean_of(row[name], row[f"{name}_half"], name) for name in known]
        rows.append([row["policy"], *(value_of(row[name]) for name in names), *told])
    beaten = int(table["beaten_by"].notna().sum())
    note = f"{len(rows) - 1} of {len(table)} settings lie on the frontier; {beaten} are surely beaten in both by one that does."
    return f"{figures.aligned(rows, 1 + len(names))}\n\n{note}"


def precision(table: pd.DataFrame) -> str:
    """Replications, measure by measure."""
    rows = [["widest interval of each measure", "mean", "half-width", "replications", "asked", "needed"]]
    for row in table.astype(object).where(table.notna(), None).to_dict("records"):
        told = [f"{row[name]:,.4g}" for name in ("mean", "half_width")]
        needed = figures.UNKNOWN if row["needed"] is None else f"{row['needed']:,}"
        rows.append([row["measure"], *told, f"{row['replications']:,}", f"{row['asked']:,.3g}", needed])
    return figures.aligned(rows)
