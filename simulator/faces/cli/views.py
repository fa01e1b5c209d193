"""Show a study beyond its means for `sop results`: what matters, what is best, how sure; as text, table or picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from simulator.faces.analysis.views import VIEWS, Asked
from simulator.faces.cli.options import FilePath, draw, one_of
from simulator.faces.report import figures
from simulator.kernel.messages import listed, msg, percent, said

if TYPE_CHECKING:
    from simulator.studies.analysis import BestSetting
    from simulator.studies.results import Results

F = TypeVar("F", bound=Callable[..., Any])

BEST = "The best setting, scored anew on fresh luck; with --service, of those that keep it."
"""Help of the view that is run anew."""


def view_options(command: F) -> F:
    """Give a command the views of a study."""
    flags: dict[str, tuple[str, str]] = {}
    for name, view in VIEWS.items():
        flags |= {name: (name, view.help)} if name != "heat" else {}
        flags |= {"best": ("best", BEST)} if name == "ranking" else {}
    for decorate in (
        click.option("--chart", type=FilePath(), help="Draw the view: .svg, .png or .html."),
        click.option("--service", type=float, metavar="SHARE", help="Fill rate that --best must keep, such as 0.97."),
        click.option(
            "--policy", metavar="NAME", help="The policy that a view looks at; the study's first if not given."
        ),
        click.option("--heat", metavar="A,B", help=VIEWS["heat"].help),
        one_of("view", **flags),
    ):
        command = decorate(command)
    return command


def takes(view: str | None, heat: str | None) -> tuple[str, ...]:
    """Name what a view is asked: a measure, a policy; the best setting is of all policies."""
    if view == "best":
        return ("measure",)
    return VIEWS["heat" if heat else str(view)].parameters


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
    found = VIEWS.get("heat" if heat else str(view))
    if chart and (found is None or not found.is_drawn):
        raise click.UsageError(str(msg("there is no picture of {option}; leave --chart out", option=f"--{view}")))
    if found is None:
        return best_setting_text(results, name, service, form)
    asked = Asked(name, policy, *(two_of(heat, results) if heat else ()))
    table = found.table(results, asked)
    if chart:
        draw(found.chart(results, asked, table), chart)
    if form == "csv":
        return files.as_csv(table).rstrip("\n")
    if form == "json":
        return files.as_json(files.records(table.astype(object).where(table.notna(), None)))
    return (under(results, policy) if "policy" in found.parameters else "") + found.words(results, asked, table)


def two_of(words: str, results: Results) -> tuple[str, str]:
    """Two factors with a comma between them; a name may hold a comma itself."""
    known = {name for factor in results.factors for name in (factor.name, factor.entry)}
    commas = [k for k, sign in enumerate(words) if sign == ","]
    pairs = [(words[:k].strip(), words[k + 1 :].strip()) for k in commas]
    if not pairs or not all(pairs[0]):
        raise click.UsageError(
            str(msg("--heat is {value}; it must be two factors, such as z,frozen", value=repr(words)))
        )
    return next((pair for pair in pairs if {*pair} <= known), pairs[0])


def under(results: Results, policy: str | None) -> str:
    """Choose the policy of a view among several."""
    from simulator.studies.analysis.sample import of_policy

    names = results.study.policies
    chosen = of_policy(results, policy)
    others = listed((name for name in names if name != chosen), ", ")
    return (
        said("under {policy}; --policy shows {others}", policy=chosen, others=others) + "\n\n" if len(names) > 1 else ""
    )


# --- the best ---


def best_setting_text(results: Results, measure: str, service: float | None, form: str | None) -> str:
    """The winner on fresh luck, and by how much the study flattered it; for programs also every row against the best."""
    from simulator.faces.report import files
    from simulator.studies import analysis

    if form == "csv":
        return files.as_csv(analysis.comparisons(results, measure)).rstrip("\n")
    found = analysis.best_setting(results, measure, service)
    if form == "json":
        table = analysis.comparisons(results, measure)
        return files.as_json(
            {**found.record(), "cautions": list(results.study.cautions), "comparisons": files.records(table)}
        )
    return best_setting_in_words(results, found)


def best_setting_in_words(results: Results, found: BestSetting) -> str:
    """The winner in words."""
    name = found.measure.name
    means = [figures.mean_of(float(i.mean), float(i.half_width), name) for i in (found.fresh, found.seen)]
    gap = {"gap": float(found.optimism.mean), "low": float(found.optimism.low), "high": float(found.optimism.high)}
    rows = [
        [
            figures.measure_heading(name, results.study.currency, False),
            said("on fresh luck"),
            said("in the study"),
            said("optimism [95 %]"),
        ],
        [found.policy, *means, figures.difference_of(gap, name, "gap")],
    ]
    notes = [
        said(
            "{n} of {all} settings may be the best, with 95 % confidence for all at once.",
            n=found.possible,
            all=found.allowed,
        )
    ]
    if found.target is not None and found.service is not None:
        least = percent(found.service)
        notes.append(
            said("Its fill rate is at least {share} with 95 % confidence.", share=least)
            if found.confirmed
            else said(
                "Its fill rate is at least {share} with 95 % confidence, which is below what was asked: add replications.",
                share=least,
            )
        )
    setting = [f"{entry} = {figures.value_of(value)}" for entry, value in found.setting.items()]
    return "\n\n".join(["\n".join(setting) or said("no factors"), figures.aligned(rows), "\n".join(notes)])
