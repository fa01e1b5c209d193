"""The views of a study as pictures with their tables, each as `sop results` gives it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard import controls, results, show
from dashboard.asks import Ask
from dashboard.case import scenario_of
from dashboard.controls import language, say, tell, wrong
from dashboard.look import called, labelled, look
from dashboard.parts import settings
from dashboard.words import figures
from simulator.faces.analysis.views import VIEWS, Asked
from simulator.faces.charts.look import factor
from simulator.kernel.units import ScenarioError
from simulator.results.kpis import MEASURES
from simulator.studies.analysis import SERVICE_MEASURE, STOCK_MEASURE

if TYPE_CHECKING:
    import pandas as pd

NEEDED_FOR_SOBOL = (
    "Sobol indices need a design of their own: choose Sample for Sobol indices when you put a study together, or change "
    "this one. This study's design allows effects and the tornado."
)
TABS = ("Effects", "Shares of the variance", "All settings at once", "Which is best", "How sure")
COLUMN_TITLES = {
    "factor": "Factor", "end": "End", "at": "At", "difference": "Change", "low": "Interval from", "high": "Interval to",
    "swing": "Swing", "term": "Term", "effect": "Effect", "same_as": "Cannot be told from", "explained": "Explained",
    "first": "Alone", "first_low": "Alone, from", "first_high": "Alone, to", "total": "With interactions",
    "total_low": "With interactions, from", "total_high": "With interactions, to", "luck": "Luck, at most",
    "mean": "Mean", "half_width": "Half-width (95 %)", "points": "Points", "policy": "Policy", "efficient": "On the frontier",
    "beaten_by": "Surely beaten by row", "from_best_low": "From the best, from", "from_best_high": "From the best, to",
    "possible": "May be the best", "replications": "Replications", "measure": "Measure", "asked": "Asked", "needed": "Needed",
    "axis": "Axis", "shown": "Value", "best": "Best tenth", "point": "Point", "unit": "Unit",
}  # fmt: skip
"""Columns of the tables by their names in `sop results --csv`."""


class Views:
    """The views of one study on one measure, under one policy where a view is of one."""

    def __init__(self, ask: Ask, measure: str, policy: str) -> None:
        self.ask, self.measure, self.policy = ask, measure, policy
        self.currency = scenario_of(ask.case).company.currency
        self.factors = [factor.name for factor in results.swept(ask).factors]

    def nothing_varied(self) -> None:
        """A study without factors compares its policies."""
        st.info(say("This study varies nothing; choose factors to see what matters."), icon=":material/info:")
        st.dataframe(
            titled_columns(results.swept(self.ask).mean(self.measure), self.measure),
            hide_index=True,
            key="means of policies",
        )

    def shown(self, draw: Callable[[], Any]) -> None:
        """A view, or in a sentence why the study cannot show it."""
        try:
            draw()
        except ScenarioError as problem:
            st.info(wrong(problem), icon=":material/info:")

    def asked(self, across: str = "", up: str = "") -> Asked:
        """The measure and policy that are looked at, and the two factors of a heat map."""
        return Asked(self.measure, self.policy, across, up)

    def table(self, view: str, *pair: str) -> pd.DataFrame:
        """A view as `sop results` gives it, policies by the names that people use."""
        return with_labels(results.view(self.ask, view, self.asked(*pair)))

    def means(self) -> pd.DataFrame:
        """The mean of every setting."""
        return with_labels(results.swept(self.ask).mean(self.measure))

    def picture(self, view: str, alt: str, table: pd.DataFrame, *pair: str, **options: Any) -> None:
        """A picture with its table and downloads."""
        content = (self.ask.key, self.measure, self.policy, *pair)
        draw = partial(VIEWS[view].chart, results.swept(self.ask), self.asked(*pair), table, look=look())
        show.chart(f"sweep-{view}", content, draw, alt, lambda: titled_columns(table, self.measure), **options)

    # --- pictures ---

    def tornado(self) -> None:
        """Draw the effect of each factor's ends."""
        table = self.table("tornado")
        alt = say("Tornado: what the ends of each factor change, the widest swing on top. {finding}.")
        self.picture("tornado", alt, table)

    def frontier(self) -> None:
        """Service against stock."""
        sides = (SERVICE_MEASURE, STOCK_MEASURE)
        if not set(sides) <= set(results.swept(self.ask).study.measures):
            st.info(
                say("Service against stock needs the measures fill rate and days of stock; keep both."),
                icon=":material/info:",
            )
            return
        table = self.table("frontier")
        alt = say("Fill rate over days of stock, a mark a setting, those on the frontier joined. {finding}.")
        self.picture("frontier", alt, table, pick=partial(settings.pick, self.ask))

    def details(self) -> None:
        """One click down; only what is open is made."""
        draws = (self.effects, self.sobol, self.parallel, self.ranking, self.sure)
        for tab, draw in zip(
            st.tabs([say(title) for title in TABS], key="sweep tabs", on_change="rerun"), draws, strict=True
        ):
            if tab.open:
                with tab:
                    self.shown(draw)

    def heat(self) -> None:
        """The mean over two factors."""
        pair, columns = [], st.columns(2, gap="medium")
        for column, key, label, usual in zip(
            columns, ("across", "up"), (say("Across"), say("Up")), self.factors, strict=False
        ):
            options = [name for name in self.factors if name not in pair]
            controls.remembered(key, usual if usual in options else options[0], controls.one_of(options))
            with column:
                pair.append(
                    controls.drawn(
                        key,
                        lambda key=key, label=label, options=options: st.selectbox(
                            label, options, format_func=called(options, say), key=key
                        ),
                    )
                )
        table = self.table("heat", *pair)
        alt = say("Heat map: mean over two factors, a cell each. {finding}.")
        self.picture("heat", alt, table, *pair)

    def effects(self) -> None:
        """Main effects and interactions."""
        table = self.table("effects")
        alt = say("Effects of factors and of pairs of them with 95 % intervals, the largest on top. {finding}.")
        self.picture("effects", alt, table)
        share = figures.figure_text(float(table["explained"].iloc[0]), "share", self.currency, language())
        st.caption(
            say(
                "These terms explain {share} of the variance between settings. Where that is little, look at two factors together.",
                share=share,
            )
        )

    def sobol(self) -> None:
        """Draw each factor's share of the variance."""
        if results.swept(self.ask).study.design != "sobol-indices":
            st.info(say(NEEDED_FOR_SOBOL), icon=":material/info:")
            return
        table = self.table("sobol")
        alt = say(
            "Sobol indices: share of the variance that each factor explains, alone and with interactions. {finding}."
        )
        self.picture("sobol", alt, table)
        if float(table["first"].sum()) > 1:
            st.caption(say("Shares add up to more than the whole: the base sample is small, take more points."))

    def parallel(self) -> None:
        """Every setting over all factors and measures."""
        table = self.table("parallel")
        plain = table["axis"] == "policy"
        table.loc[plain, "shown"] = table.loc[plain, "label"]
        alt = say("Parallel coordinates: a line a setting over all factors and measures. {finding}.")
        self.picture("parallel", alt, table)

    def ranking(self) -> None:
        """Draw the distance of every setting from the best of the others, and show the winner on fresh luck."""
        table = self.table("ranking")
        alt = say(
            "The best settings with simultaneous 95 % intervals of their distance from the best of the others. {finding}."
        )
        self.picture("ranking", alt, table)
        settings.best_setting(self.ask, self.measure, self.factors, self.currency)

    def sure(self) -> None:
        """Show if the means have settled, and how many replications would do."""
        left, right = st.columns([1, 1], gap="medium")
        with left:
            table = self.table("convergence")
            alt = say("Mean of the first so many replications of the best settings, with 95 % intervals. {finding}.")
            self.picture("convergence", alt, table)
        with right:
            st.markdown(
                say(
                    "**Replications that would do** for one percent of an amount, or half a point of a share, at the "
                    "setting with the widest interval:"
                )
            )
            st.dataframe(titled_columns(self.precision()), hide_index=True, key="precision")

    def precision(self) -> pd.DataFrame:
        """List each measure's precision and the one asked for, in its unit, with the replications that takes."""
        import pandas as pd

        code = language()
        rows = self.table("precision").to_dict("records")
        told = [
            {
                "measure": tell(MEASURES[row["measure"]].title),
                "mean": figures.with_half(row["mean"], row["half_width"], unit, self.currency, code),
                "replications": row["replications"],
                "asked": f"± {asked} {figures.unit_of(unit, self.currency, code, difference=True)}",
                "needed": row["needed"],
            }
            for row in rows
            for unit in [MEASURES[row["measure"]].unit]
            for asked in [figures.with_half(row["asked"], row["asked"], unit, "", code, bare=True).split(" ±")[0]]
        ]
        return pd.DataFrame(told)


def with_labels(table: pd.DataFrame) -> pd.DataFrame:
    """A table with policies also by the names that people use."""
    return labelled(table) if "policy" in table else table


def titled_columns(table: pd.DataFrame, measure: str = "") -> pd.DataFrame:
    """A table whose columns are called as people call them; shares in percent, figures to six digits."""
    shown = table.drop(columns=["policy", "label"], errors="ignore")
    if "label" in table:
        shown.insert(0, say("Policy"), table["label"])
    titles = {name: title_of_column(name) for name in shown.columns}
    for name in shown.select_dtypes("float"):
        scale = factor(unit_of_column(name, measure))
        shown[name] = [float(f"{scale * value:.6g}") for value in shown[name]]
        titles[name] += ", %" if scale != 1 else ""
    return shown.rename(columns=titles)


OF_MEASURE = (
    "mean", "half_width", "low", "high", "difference", "swing", "effect", "from_best_low", "from_best_high",
)  # fmt: skip
OF_VARIANCE = ("explained", "first", "first_low", "first_high", "total", "total_low", "total_high", "luck")
"""Columns in the unit of the measure that a view is about, and shares of its variance."""


def unit_of_column(name: str, measure: str) -> str:
    """The unit of a column: of a measure of that name, of the one that the view is about, or a share of its variance."""
    if name in OF_VARIANCE:
        return "share"
    found = MEASURES.get(measure if name in OF_MEASURE else name.removesuffix("_half"))
    return found.unit if found else ""


def title_of_column(name: str) -> str:
    """A column as it is called: of the view, of a measure, of a factor."""
    measure = name.removesuffix("_half")
    if measure in MEASURES:
        title = tell(MEASURES[measure].title)
        return title if measure == name else f"{title} ±"
    return say(COLUMN_TITLES.get(name, name))


__all__ = ["COLUMN_TITLES", "Views", "titled_columns"]
