"""The views of a study in words and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.company.phrases import short_number
from simulator.faces.report import figures
from simulator.kernel.messages import inside, msg, percent, said
from simulator.results.kpis import MEASURES

MOST_RANKED = 20
"""Settings of a ranking that are told; programs get all."""

if TYPE_CHECKING:
    import pandas as pd

    from simulator.studies.results import Results


def measure_heading(results: Results, measure: str, points: bool = True) -> str:
    """A measure with its unit, in points where differences are shown."""
    known = MEASURES[measure]
    return figures.heading({"title": known.title, "unit": known.unit}, results.study.currency, points)


def difference_of(row: dict[Any, Any], measure: str, name: str) -> str:
    """A difference of a measure with its interval."""
    ends = {"difference": row[name], "difference_low": row["low"], "difference_high": row["high"]}
    return figures.with_interval({**ends, "unit": MEASURES[measure].unit, "verdict": ""}).rstrip()


def mean_of(mean: float, half: float, measure: str) -> str:
    """A mean of a measure with its half-width."""
    return figures.with_half_width(
        {"mean": mean, "low": mean - half, "high": mean + half, "unit": MEASURES[measure].unit}
    )


def value_of(value: Any) -> str:
    """A value of a factor."""
    from simulator.studies.factors import label

    return f"{value:g}" if isinstance(value, float) else label(value)


def effects_text(results: Results, table: pd.DataFrame, measure: str) -> str:
    """Effects, the largest first."""
    head = said("{measure}, from low to high", measure=measure_heading(results, measure))
    rows = [[head, said("effect [95 %]"), said("cannot be told from")]]
    rows += [[row["term"], difference_of(row, measure, "effect"), row["same_as"]] for row in table.to_dict("records")]
    if not any(table["same_as"]):
        rows = [row[:2] for row in rows]
    explained = percent(table["explained"].iloc[0])
    share = said("These terms explain {share} of the variance between points.", share=explained)
    return f"{figures.aligned(rows)}\n\n{share}"


def tornado_text(results: Results, table: pd.DataFrame, measure: str) -> str:
    """A line a factor, the widest swing first."""
    title = measure_heading(results, measure)
    head = said("{measure}, against the middle", measure=title)
    if results.study.design == "one-at-a-time":
        head = said("{measure}, against the base", measure=title)
    rows = [[head, said("at"), said("low end [95 %]"), said("at"), said("high end [95 %]")]]
    for factor, ends in table.groupby("factor", sort=False):
        low, high = ends.to_dict("records")
        told = [difference_of(end, measure, "difference") for end in (low, high)]
        rows.append([str(factor), str(low["at"]), told[0], str(high["at"]), told[1]])
    return figures.aligned(rows)


def sobol_text(results: Results, table: pd.DataFrame, measure: str) -> str:
    """A line a factor, the most telling first."""
    rows = [[said("share of the variance"), said("alone [95 %]"), said("with interactions [95 %]")]]
    for row in table.sort_values("total", ascending=False).to_dict("records"):
        shares = [f"{row[k]:.3f} [{row[f'{k}_low']:.3f}, {row[f'{k}_high']:.3f}]" for k in ("first", "total")]
        rows.append([row["factor"], *shares])
    first, luck = float(table["first"].sum()), float(table["luck"].iloc[0])
    note = said(
        "Factors alone explain {share}, the rest is interaction; luck of the replications is {luck} at most.",
        share=percent(first),
        luck=percent(luck),
    )
    if first > 1.0:
        note = said("Shares add up to more than the whole: the base sample is small, raise design.points.")
    return f"{said(MEASURES[measure].title)}\n\n{figures.aligned(rows)}\n\n{note}"


def heat_text(results: Results, table: pd.DataFrame, measure: str, across: str, up: str) -> str:
    """Cells of two factors."""
    columns, lines = (_in_order(table[side].tolist()) for side in ("across", "up"))
    cells = {
        (row["across"], row["up"]): mean_of(row["mean"], row["half_width"], measure)
        for row in table.to_dict("records")
    }  # fmt: skip
    rows = [[f"{up} \\ {across}", *map(value_of, columns)]]
    rows += [[value_of(line), *(cells.get((column, line), figures.UNKNOWN) for column in columns)] for line in lines]
    return f"{measure_heading(results, measure, False)}\n\n{figures.aligned(rows)}"


def _in_order(values: list[Any]) -> list[Any]:
    """Numbers by size, categories as the study lists them."""
    found = list(dict.fromkeys(values))
    return found if any(isinstance(value, str) for value in found) else sorted(found)


def frontier_text(results: Results, table: pd.DataFrame, measures: list[str]) -> str:
    """Settings on the frontier, the least stock first."""
    names, known = [factor.name for factor in results.factors], [name for name in measures if name in table]
    rows = [[said("policy"), *names, *(measure_heading(results, name, False) for name in known)]]
    for row in table[table["efficient"]].sort_values(known[-1] if len(known) < 2 else known[1]).to_dict("records"):
        told = [mean_of(row[name], row[f"{name}_half"], name) for name in known]
        rows.append([row["policy"], *(value_of(row[name]) for name in names), *told])
    beaten = int(table["beaten_by"].notna().sum())
    note = said(
        "{n} of {all} settings lie on the frontier; {beaten} are surely beaten in both by one that does.",
        n=len(rows) - 1,
        all=len(table),
        beaten=beaten,
    )
    return f"{figures.aligned(rows, 1 + len(names))}\n\n{note}"


def setting_of(results: Results, row: dict[Any, Any]) -> list[str]:
    """Policy and factors of a row."""
    return [row["policy"], *(value_of(row[factor.name]) for factor in results.factors)]


def ranking_text(results: Results, table: pd.DataFrame, measure: str) -> str:
    """The best settings, the best first, with their distance from the best of the others."""
    names = [factor.name for factor in results.factors]
    apart = said("{measure}, from the best of the others [95 %]", measure=measure_heading(results, measure))
    rows = [[said("policy"), *names, measure_heading(results, measure, False), apart, said("may be best")]]
    for row in table.head(MOST_RANKED).to_dict("records"):
        mean = mean_of(row["mean"], row["half_width"], measure)
        rows.append(
            [*setting_of(results, row), mean, ends_of(row, measure), said("yes") if row["possible"] else said("no")]
        )
    count = int(table["possible"].sum())
    note = said("{n} of {all} settings may be the best, with 95 % confidence for all at once.", n=count, all=len(table))
    return f"{figures.aligned(rows, 1 + len(names))}\n\n{note}"


def ends_of(row: dict[Any, Any], measure: str) -> str:
    """Between which distances from the best of the others a row lies."""
    unit = MEASURES[measure].unit
    low, high = (row[f"from_best_{end}"] * (100 if unit in figures.PERCENT else 1) for end in ("low", "high"))
    digits = figures.places((high - low) / 2, unit)
    return f"[{low:+z,.{digits}f}, {high:+z,.{digits}f}]"


def parallel_text(results: Results, table: pd.DataFrame, measure: str) -> str:
    """Between which values of each factor the best tenth of all settings lies."""
    best = table[table["best"] & (table["kind"] == "factor")]
    title = inside(msg(MEASURES[measure].title))
    rows = [[said("best tenth in {measure}", measure=title), said("from"), said("to")]]
    for axis, part in best.groupby("axis", sort=False):
        ends = part.sort_values("place")["shown"].tolist()
        rows.append([str(axis), ends[0], ends[-1]])
    return figures.aligned(rows)


def convergence_text(results: Results, table: pd.DataFrame, measure: str) -> str:
    """The mean of each of the best settings after more and more replications."""
    names = [factor.name for factor in results.factors]
    rows = [[said("policy"), *names, said("replications"), measure_heading(results, measure, False)]]
    for _, part in table.groupby("row", sort=False):
        steps = part.to_dict("records")
        for row in [*steps[:: max(1, len(steps) // 6)], steps[-1]]:
            mean = mean_of(row["mean"], (row["high"] - row["low"]) / 2, measure)
            rows.append([*setting_of(results, row), f"{row['replications']:,}", mean])
    return figures.aligned(rows, 1 + len(names))


PRECISION = ("widest interval", "mean ± half-width (95 %)", "at", "replications", "half-width asked", "needed")
"""Columns of the table of replications that are needed."""


def precision_text(results: Results, table: pd.DataFrame) -> str:
    """Replications, measure by measure."""
    rows = [[said(title) for title in PRECISION]]
    for row in table.astype(object).where(table.notna(), None).to_dict("records"):
        share = row["unit"] in figures.PERCENT
        mean, asked = mean_of(row["mean"], row["half_width"], row["measure"]), row["asked"] * (100 if share else 1)
        needed = figures.UNKNOWN if row["needed"] is None else f"{row['needed']:,}"
        where = said("point {number}, {policy}", number=row["point"], policy=row["policy"])
        rows.append(
            [
                measure_heading(results, row["measure"], False),
                mean,
                where,
                f"{row['replications']:,}",
                str(short_number(asked)),
                needed,
            ]
        )
    note = said("A half-width of half a point of a share, of one percent of anything else.")
    return f"{figures.aligned(rows)}\n\n{note}"
