"""The views of a study: each is a class with its table, its words and its chart, found by its name in `VIEWS`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from simulator.faces.report import figures
from simulator.kernel.messages import inside, msg, number, percent, said

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from simulator.faces.charts.look import Look
    from simulator.studies.results import Results

MOST_RANKED = 20
"""Settings of a ranking that are told; programs get all."""


@dataclass(frozen=True)
class Asked:
    """The measure that a view looks at, the policy where it is of one, and the two factors of a heat map."""

    measure: str = ""
    policy: str | None = None
    across: str = ""
    up: str = ""


class View:
    """A view of a study: its table as programs get it, told in words, and drawn where it can be."""

    name: ClassVar[str]
    help: ClassVar[str]
    parameters: ClassVar[tuple[str, ...]] = ("measure",)
    is_drawn: ClassVar[bool] = True

    def table(self, results: Results, asked: Asked) -> pd.DataFrame:
        """The view as a tidy table."""
        raise NotImplementedError

    def words(self, results: Results, asked: Asked, table: pd.DataFrame) -> str:
        """The view for people, in aligned columns and sentences."""
        raise NotImplementedError

    def chart(self, results: Results, asked: Asked, table: pd.DataFrame, **look: Look) -> alt.LayerChart:
        """The view as a picture, in a look of its own where one is given."""
        raise NotImplementedError


# --- what matters ---


class Effects(View):
    """Effects, the largest first."""

    name = "effects"
    help = "Effects of factors and of pairs of them."
    parameters = ("measure", "policy")

    def table(self, results: Results, asked: Asked) -> pd.DataFrame:
        """A row a term."""
        from simulator.studies import analysis

        return analysis.effects(results, asked.measure, asked.policy)

    def words(self, results: Results, asked: Asked, table: pd.DataFrame) -> str:
        """A line a term, and what all of them explain."""
        head = said(
            "{measure}, from low to high", measure=figures.measure_heading(asked.measure, results.study.currency)
        )
        rows = [[head, said("effect [95 %]"), said("cannot be told from")]]
        rows += [
            [row["term"], figures.difference_of(row, asked.measure, "effect"), row["same_as"]]
            for row in table.to_dict("records")
        ]
        if not any(table["same_as"]):
            rows = [row[:2] for row in rows]
        explained = percent(table["explained"].iloc[0])
        share = said("These terms explain {share} of the variance between points.", share=explained)
        return f"{figures.aligned(rows)}\n\n{share}"

    def chart(self, results: Results, asked: Asked, table: pd.DataFrame, **look: Look) -> alt.LayerChart:
        """The largest on top."""
        from simulator.faces.analysis import pictures

        return pictures.draw_effects(table, asked.measure, results.study.currency, **look)


class Tornado(View):
    """A line a factor, the widest swing first."""

    name = "tornado"
    help = "What each factor's ends change, the widest swing first."
    parameters = ("measure", "policy")

    def table(self, results: Results, asked: Asked) -> pd.DataFrame:
        """Two rows a factor."""
        from simulator.studies import analysis

        return analysis.tornado(results, asked.measure, asked.policy)

    def words(self, results: Results, asked: Asked, table: pd.DataFrame) -> str:
        """Both ends side by side."""
        title = figures.measure_heading(asked.measure, results.study.currency)
        head = said("{measure}, against the middle", measure=title)
        if results.study.design == "one-at-a-time":
            head = said("{measure}, against the base", measure=title)
        rows = [[head, said("at"), said("low end [95 %]"), said("at"), said("high end [95 %]")]]
        for factor, ends in table.groupby("factor", sort=False):
            low, high = ends.to_dict("records")
            told = [figures.difference_of(end, asked.measure, "difference") for end in (low, high)]
            rows.append([str(factor), str(low["at"]), told[0], str(high["at"]), told[1]])
        return figures.aligned(rows)

    def chart(self, results: Results, asked: Asked, table: pd.DataFrame, **look: Look) -> alt.LayerChart:
        """Two bars a factor."""
        from simulator.faces.analysis import pictures

        return pictures.draw_tornado(table, asked.measure, results.study.currency, **look)


class Sobol(View):
    """A line a factor, the most telling first."""

    name = "sobol"
    help = "Sobol indices: shares of the variance (design sobol-indices)."
    parameters = ("measure", "policy")

    def table(self, results: Results, asked: Asked) -> pd.DataFrame:
        """A row a factor."""
        from simulator.studies import analysis

        return analysis.sobol(results, asked.measure, asked.policy)

    def words(self, results: Results, asked: Asked, table: pd.DataFrame) -> str:
        """Shares alone and with interactions, and how far luck may have made them."""
        rows = [[said("share of the variance"), said("alone [95 %]"), said("with interactions [95 %]")]]
        for row in table.sort_values("total", ascending=False).to_dict("records"):
            shares = [
                figures.with_ends(row[kind], row[f"{kind}_low"], row[f"{kind}_high"], 3) for kind in ("first", "total")
            ]
            rows.append([row["factor"], *shares])
        first, luck = float(table["first"].sum()), float(table["luck"].iloc[0])
        note = said(
            "Factors alone explain {share}, the rest is interaction; luck of the replications is {luck} at most.",
            share=percent(first),
            luck=percent(luck),
        )
        if first > 1.0:
            note = said("Shares add up to more than the whole: the base sample is small, raise design.points.")
        return f"{said(figures.measure_of(asked.measure).title)}\n\n{figures.aligned(rows)}\n\n{note}"

    def chart(self, results: Results, asked: Asked, table: pd.DataFrame, **look: Look) -> alt.LayerChart:
        """Two bars a factor."""
        from simulator.faces.analysis import pictures

        return pictures.draw_sobol(table, asked.measure, **look)


class Heat(View):
    """Cells of two factors."""

    name = "heat"
    help = "The mean over two factors."
    parameters = ("measure", "policy", "across", "up")

    def table(self, results: Results, asked: Asked) -> pd.DataFrame:
        """A row a cell."""
        from simulator.studies import analysis

        return analysis.heat(results, asked.measure, asked.across, asked.up, asked.policy)

    def words(self, results: Results, asked: Asked, table: pd.DataFrame) -> str:
        """One factor across, the other down."""
        columns, lines = (_in_order(table[side].tolist()) for side in ("across", "up"))
        cells = {
            (row["across"], row["up"]): figures.mean_of(row["mean"], row["half_width"], asked.measure)
            for row in table.to_dict("records")
        }
        rows = [[f"{asked.up} \\ {asked.across}", *map(figures.value_of, columns)]]
        for line in lines:
            found = (cells.get((column, line), figures.UNKNOWN) for column in columns)
            rows.append([figures.value_of(line), *found])
        return f"{figures.measure_heading(asked.measure, results.study.currency, False)}\n\n{figures.aligned(rows)}"

    def chart(self, results: Results, asked: Asked, table: pd.DataFrame, **look: Look) -> alt.LayerChart:
        """A cell each, the figure in it."""
        from simulator.faces.analysis import pictures

        return pictures.draw_heat(table, asked.measure, asked.across, asked.up, results.study.currency, **look)


def _in_order(values: list[Any]) -> list[Any]:
    """Numbers by size, categories as the study lists them."""
    found = list(dict.fromkeys(values))
    return found if any(isinstance(value, str) for value in found) else sorted(found)


# --- how settings stand ---


class Parallel(View):
    """Every setting over all factors and measures."""

    name = "parallel"
    help = "Every setting over all factors and measures, the best tenth of them marked."

    def table(self, results: Results, asked: Asked) -> pd.DataFrame:
        """A row a setting and axis."""
        from simulator.studies import analysis

        return analysis.parallel(results, asked.measure)

    def words(self, results: Results, asked: Asked, table: pd.DataFrame) -> str:
        """Between which values of each factor the best tenth of all settings lies."""
        best = table[table["best"] & (table["kind"] == "factor")]
        title = inside(msg(figures.measure_of(asked.measure).title))
        rows = [[said("best tenth in {measure}", measure=title), said("from"), said("to")]]
        for axis, part in best.groupby("axis", sort=False):
            ends = part.sort_values("place")["shown"].tolist()
            rows.append([str(axis), ends[0], ends[-1]])
        return figures.aligned(rows)

    def chart(self, results: Results, asked: Asked, table: pd.DataFrame, **look: Look) -> alt.LayerChart:
        """A line a setting."""
        from simulator.faces.analysis import standings

        return standings.draw_parallel(table, asked.measure, **look)


class Frontier(View):
    """Settings on the frontier, the least stock first."""

    name = "frontier"
    help = "Settings that no other beats in both service and stock."
    parameters = ()

    def table(self, results: Results, asked: Asked) -> pd.DataFrame:
        """A row a setting."""
        from simulator.studies import analysis

        return analysis.frontier(results)

    def words(self, results: Results, asked: Asked, table: pd.DataFrame) -> str:
        """A line a setting that no other beats."""
        from simulator.studies.analysis import CALM_MEASURE, SERVICE_MEASURE, STOCK_MEASURE

        names = [factor.name for factor in results.factors]
        known = [name for name in (SERVICE_MEASURE, STOCK_MEASURE, CALM_MEASURE) if name in table]
        titles = (figures.measure_heading(name, results.study.currency, False) for name in known)
        rows = [[said("policy"), *names, *titles]]
        for row in table[table["efficient"]].sort_values(known[-1] if len(known) < 2 else known[1]).to_dict("records"):
            told = [figures.mean_of(row[name], row[f"{name}_half"], name) for name in known]
            rows.append([row["policy"], *(figures.value_of(row[name]) for name in names), *told])
        beaten = int(table["beaten_by"].notna().sum())
        note = said(
            "{n} of {all} settings lie on the frontier; {beaten} are surely beaten in both by one that does.",
            n=len(rows) - 1,
            all=len(table),
            beaten=beaten,
        )
        return f"{figures.aligned(rows, 1 + len(names))}\n\n{note}"

    def chart(self, results: Results, asked: Asked, table: pd.DataFrame, **look: Look) -> alt.LayerChart:
        """Service over stock."""
        from simulator.faces.analysis import standings
        from simulator.studies.analysis import CALM_MEASURE, SERVICE_MEASURE, STOCK_MEASURE

        return standings.draw_frontier(
            table, SERVICE_MEASURE, STOCK_MEASURE, CALM_MEASURE, results.study.currency, **look
        )


class Ranking(View):
    """The best settings, the best first, with their distance from the best of the others."""

    name = "ranking"
    help = "How far every setting lies from the best of the others, with intervals for all at once."

    def table(self, results: Results, asked: Asked) -> pd.DataFrame:
        """A row a setting."""
        from simulator.studies import analysis

        return analysis.comparisons(results, asked.measure)

    def words(self, results: Results, asked: Asked, table: pd.DataFrame) -> str:
        """A line for each of the best."""
        measure, currency = asked.measure, results.study.currency
        names = [factor.name for factor in results.factors]
        apart = said(
            "{measure}, from the best of the others [95 %]", measure=figures.measure_heading(measure, currency)
        )
        rows = [[said("policy"), *names, figures.measure_heading(measure, currency, False), apart, said("may be best")]]
        for row in table.head(MOST_RANKED).to_dict("records"):
            mean = figures.mean_of(row["mean"], row["half_width"], measure)
            ends = figures.ends_of(row["from_best_low"], row["from_best_high"], measure)
            rows.append([*_setting(results, row), mean, ends, said("yes") if row["possible"] else said("no")])
        count = int(table["possible"].sum())
        note = said(
            "{n} of {all} settings may be the best, with 95 % confidence for all at once.", n=count, all=len(table)
        )
        return f"{figures.aligned(rows, 1 + len(names))}\n\n{note}"

    def chart(self, results: Results, asked: Asked, table: pd.DataFrame, **look: Look) -> alt.LayerChart:
        """A bar for each of the best."""
        from simulator.faces.analysis import standings

        names = [factor.name for factor in results.factors]
        return standings.draw_ranking(table, asked.measure, names, results.study.currency, **look)


class Convergence(View):
    """The mean of each of the best settings after more and more replications."""

    name = "convergence"
    help = "How the means of the best settings settle with more replications."

    def table(self, results: Results, asked: Asked) -> pd.DataFrame:
        """A row a setting and number of replications."""
        from simulator.studies import analysis

        return analysis.convergence(results, asked.measure)

    def words(self, results: Results, asked: Asked, table: pd.DataFrame) -> str:
        """Some steps of each."""
        names = [factor.name for factor in results.factors]
        title = figures.measure_heading(asked.measure, results.study.currency, False)
        rows = [[said("policy"), *names, said("replications"), title]]
        for _, part in table.groupby("row", sort=False):
            steps = part.to_dict("records")
            for row in [*steps[:: max(1, len(steps) // 6)], steps[-1]]:
                mean = figures.mean_of(row["mean"], (row["high"] - row["low"]) / 2, asked.measure)
                rows.append([*_setting(results, row), str(number(row["replications"])), mean])
        return figures.aligned(rows, 1 + len(names))

    def chart(self, results: Results, asked: Asked, table: pd.DataFrame, **look: Look) -> alt.LayerChart:
        """A line for each of the best, with its band."""
        from simulator.faces.analysis import standings

        names = [factor.name for factor in results.factors]
        return standings.draw_convergence(table, asked.measure, names, results.study.currency, **look)


def _setting(results: Results, row: dict[Any, Any]) -> list[str]:
    """Policy and factors of a row."""
    return [row["policy"], *(figures.value_of(row[factor.name]) for factor in results.factors)]


class Precision(View):
    """Replications that intervals of a width would take, measure by measure."""

    name = "precision"
    help = "Replications that intervals of one percent, or half a point, would take."
    parameters = ()
    is_drawn = False

    def table(self, results: Results, asked: Asked) -> pd.DataFrame:
        """A row a measure."""
        from simulator.studies import analysis

        return analysis.precision(results)

    def words(self, results: Results, asked: Asked, table: pd.DataFrame) -> str:
        """A line a measure."""
        rows = [[said(title) for title in PRECISION]]
        for row in table.astype(object).where(table.notna(), None).to_dict("records"):
            measure = row["measure"]
            rows.append(
                [
                    figures.measure_heading(measure, results.study.currency, False),
                    figures.mean_of(row["mean"], row["half_width"], measure),
                    said("point {number}, {policy}", number=row["point"], policy=row["policy"]),
                    str(number(row["replications"])),
                    figures.width_of(row["asked"], row["unit"]),
                    figures.UNKNOWN if row["needed"] is None else str(number(row["needed"])),
                ]
            )
        note = said("A half-width of half a point of a share, of one percent of anything else.")
        return f"{figures.aligned(rows)}\n\n{note}"


PRECISION = ("widest interval", "mean ± half-width (95 %)", "at", "replications", "half-width asked", "needed")
"""Columns of the table of replications that are needed."""

VIEWS: dict[str, View] = {
    view.name: view
    for view in (
        Effects(), Tornado(), Sobol(), Heat(), Parallel(), Frontier(), Ranking(), Convergence(), Precision(),
    )
}  # fmt: skip
"""Every view by its name."""
