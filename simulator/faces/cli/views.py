"""Show a study beyond its means for `sop results`: what matters, what is best, how sure; as text, table or picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from simulator.faces.cli.options import FilePath, one_of
from simulator.kernel.messages import listed, msg, said

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from simulator.studies.results import Results

F = TypeVar("F", bound=Callable[..., Any])

FLAGS = {
    "effects": "Effects of factors and of pairs of them.",
    "tornado": "What each factor's ends change, the widest swing first.",
    "sobol": "Sobol indices: shares of the variance (design sobol-indices).",
    "parallel": "Every setting over all factors and measures, the best tenth of them marked.",
    "frontier": "Settings that no other beats in both service and stock.",
    "ranking": "How far every setting lies from the best of the others, with intervals for all at once.",
    "best": "The best setting, scored anew on fresh luck; with --service, of those that keep it.",
    "convergence": "How the means of the best settings settle with more replications.",
    "precision": "Replications that intervals of one percent, or half a point, would take.",
}


def view_options(command: F) -> F:
    """Give a command the views of a study."""
    for decorate in (
        click.option("--chart", type=FilePath(), help="Draw the view: .svg, .png or .html."),
        click.option("--service", type=float, metavar="SHARE", help="Fill rate that --best must keep, such as 0.97."),
        click.option(
            "--policy", metavar="NAME", help="The policy that a view looks at; the study's first if not given."
        ),
        click.option("--heat", metavar="A,B", help="The mean over two factors."),
        one_of("view", **{name: (name, text) for name, text in FLAGS.items()}),
    ):
        command = decorate(command)
    return command


@dataclass(frozen=True)
class View:
    """A view: its table, its text, and its picture if it can be drawn."""

    table: pd.DataFrame
    text: Callable[[], str]
    picture: Callable[[], alt.LayerChart] | None = None


def view_asked_for(
    results: Results,
    view: str | None = None,
    heat: str | None = None,
    measure: str | None = None,
    policy: str | None = None,
    service: float | None = None,
    chart: Path | None = None,
    form: str | None = None,
) -> str | None:
    """A view as it is asked for; nothing if none is."""
    from simulator.faces import charts
    from simulator.faces.report import files

    if view is None and heat is None:
        return None
    name = measure or results.study.measures[0]
    if chart:
        charts.may_be_drawn(chart)
    if view == "best":
        if chart:
            raise click.UsageError(str(msg("there is no picture of {option}; leave --chart out", option="--best")))
        from simulator.faces.cli.best_setting import best_setting_text

        return best_setting_text(results, name, service, form)
    made = heated(results, heat, name, policy) if heat else viewed(results, str(view), name, policy)
    if chart:
        if made.picture is None:
            raise click.UsageError(str(msg("there is no picture of {option}; leave --chart out", option=f"--{view}")))
        charts.save(made.picture(), chart)
        click.echo(said("drawn: {file}", file=f"{chart}"), err=True)
    if form == "csv":
        return files.as_csv(made.table).rstrip("\n")
    if form == "json":
        return files.as_json(files.records(made.table.astype(object).where(made.table.notna(), None)))
    return made.text()


def heated(results: Results, factors: str, measure: str, policy: str | None) -> View:
    """The mean over two factors."""
    from simulator.faces.analysis import pictures, report
    from simulator.faces.cli import view_texts

    across, up = two_of(factors, [name for f in results.factors for name in (f.name, f.entry)])
    table = report.heat(results, measure, across, up, policy)
    return View(
        table,
        lambda: under(results, policy) + view_texts.heat_text(results, table, measure, across, up),
        lambda: pictures.draw_heat(table, measure, across, up, results.study.currency),
    )


def two_of(words: str, known: list[str]) -> tuple[str, str]:
    """Two factors with a comma between them; a name may hold a comma itself."""
    commas = [k for k, sign in enumerate(words) if sign == ","]
    pairs = [(words[:k].strip(), words[k + 1 :].strip()) for k in commas]
    if not pairs or not all(pairs[0]):
        raise click.UsageError(
            str(msg("--heat is {value}; it must be two factors, such as z,frozen", value=repr(words)))
        )
    return next((pair for pair in pairs if {*pair} <= {*known}), pairs[0])


def viewed(results: Results, view: str, measure: str, policy: str | None) -> View:
    """Any other view."""
    from simulator.faces.analysis import pictures, report
    from simulator.faces.cli import view_texts

    if view in ("frontier", "precision", "parallel", "ranking", "convergence"):
        return of_all_policies(results, view, measure)
    table, currency = getattr(report, view)(results, measure, policy), results.study.currency
    pictured: dict[str, Callable[[], alt.LayerChart]] = {
        "effects": lambda: pictures.draw_effects(table, measure, currency),
        "tornado": lambda: pictures.draw_tornado(table, measure, currency),
        "sobol": lambda: pictures.draw_sobol(table, measure),
    }
    return View(
        table,
        lambda: under(results, policy) + getattr(view_texts, f"{view}_text")(results, table, measure),
        pictured[view],
    )


def under(results: Results, policy: str | None) -> str:
    """Choose the policy of a view among several."""
    from simulator.faces.analysis.sample import of_policy

    names = results.study.policies
    chosen = of_policy(results, policy)
    others = listed((name for name in names if name != chosen), ", ")
    return (
        said("under {policy}; --policy shows {others}", policy=chosen, others=others) + "\n\n" if len(names) > 1 else ""
    )


def of_all_policies(results: Results, view: str, measure: str) -> View:
    """A view in which all settings and policies of a study stand beside each other."""
    from simulator.faces.analysis import report, standings
    from simulator.faces.cli import view_texts

    names, currency = [factor.name for factor in results.factors], results.study.currency
    if view == "precision":
        table = report.precision(results)
        return View(table, lambda: view_texts.precision_text(results, table))
    if view == "frontier":
        sides, front = (report.SERVICE_MEASURE, report.STOCK_MEASURE, report.CALM_MEASURE), report.frontier(results)
        text = partial(view_texts.frontier_text, results, front, list(sides))
        return View(front, text, lambda: standings.draw_frontier(front, *sides, currency))
    make = report.comparisons if view == "ranking" else getattr(report, view)
    found: pd.DataFrame = make(results, measure)
    draw = getattr(standings, f"draw_{view}")
    drawn = partial(draw, found, measure) if view == "parallel" else partial(draw, found, measure, names, currency)
    return View(found, partial(getattr(view_texts, f"{view}_text"), results, found, measure), drawn)
