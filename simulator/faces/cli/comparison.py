"""sop compare and sop fva: policies side by side, scenarios, or stages of the forecast, in tables and words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from simulator.faces.cli.answers import folder_or_file, write_file
from simulator.faces.cli.at_target import AT_ONCE, TO_TUNE, one_target, settings_told, target_unless, with_target
from simulator.faces.cli.options import (
    FilePath,
    Speaking,
    answered,
    asks_first,
    changed_by_options,
    draw,
    machine_formats,
    on_scenario,
    progress,
    refuse_idle,
    screen_width,
    tell_cost,
    with_workers,
)
from simulator.kernel.messages import Message, Value, capital, listed, msg, said

if TYPE_CHECKING:
    import pandas as pd

    from simulator.engine.scenario import Scenario
    from simulator.results.compare import Comparison
    from simulator.results.target import CommonTarget


@click.command("compare", cls=Speaking)
@on_scenario
@click.option("--policy", "policies", multiple=True, metavar="NAME|FILE", help="A policy; the first is the reference.")
@click.option(
    "--against",
    metavar="SCENARIO",
    help="Compare one policy here with the same policy in this scenario, the reference.",
)
@click.option(
    "--case",
    "alternatives",
    multiple=True,
    metavar="NAME: policy=POLICY, ENTRY=VALUE",
    help="A named alternative: a policy and what differs from the scenario, or, after policy., from the policy; after the policies named.",
)
@click.option(
    "--at",
    "targets",
    multiple=True,
    metavar="MEASURE=FIGURE|contract",
    help="Compare at equal service: set each policy's buffer so that it reaches this target, such as fill_rate=0.95, or the "
    "scenario's contract.",
)
@click.option(
    "--as-run", is_flag=True, help="Compare each policy with its own buffer; usual where a scenario is named."
)
@click.option("--full", is_flag=True, help="Print all measures and differences, not one screen.")
@click.option("--replications", type=int, help="Runs of each policy, each on its own luck.")
@click.option(
    "--measure", "measures", multiple=True, metavar="NAME", help="A measure (sop describe --measures); or all."
)
@click.option(
    "--by", default="total", metavar="total|product|family|segment|channel", help="Measure each of these by itself."
)
@click.option(
    "--out",
    type=FilePath(),
    help="Folder for measures, summary and inputs; or the answer as a file: .xlsx, .pptx, .pdf or .html.",
)
@click.option(
    "--format", "kind", type=click.Choice(["parquet", "csv"]), default="parquet", help="Of the files in --out."
)
@click.option("--chart", type=FilePath(), help="Draw a view: .svg, .png or .html.")
@click.option(
    "--view",
    type=click.Choice(["frontier", "lost"]),
    default="frontier",
    help="What --chart draws: service against stock, or what was lost by cause.",
)
@with_workers
@asks_first
@machine_formats
def compare_policies(
    scenario: str,
    policies: tuple[str, ...],
    against: str | None,
    alternatives: tuple[str, ...],
    targets: tuple[str, ...],
    as_run: bool,
    full: bool,
    measures: tuple[str, ...],
    by: str,
    out: Path | None,
    kind: str,
    chart: Path | None,
    view: str,
    workers: int | None,
    yes: bool,
    form: str | None,
    **options: Any,
) -> None:
    """Compare policies in the same weather, or scenarios: means with 95 % intervals, differences from the first, a verdict."""
    from simulator.faces import charts as drawing
    from simulator.faces.report import files
    from simulator.results.compare import measures_at, usual_measures
    from simulator.results.under_contract import NEEDED

    if against and alternatives:
        raise click.UsageError(
            str(msg("{options} exclude each other; give one of them", options="--against and --case"))
        )
    folder, file = folder_or_file(out)
    if folder:
        files.may_hold_results(folder)
    else:
        refuse_idle(["format"], msg("with an answer as a file") if file else msg("without --out"))
    if chart:
        drawing.may_be_drawn(chart)
    else:
        refuse_idle(["view"], msg("without --chart"))
    if view == "lost":
        refuse_idle(["by"], msg("with --view lost, which is told of the whole company"))
    case = changed_by_options(scenario, **options)
    plain = not (against or alternatives or as_run)
    at = one_target(targets, case, plain and not _is_named("scenario"))
    if as_run and targets:
        raise click.UsageError(str(msg("{options} exclude each other; give one of them", options="--at and --as-run")))
    short = not (full or measures or form)
    adds = (*drawing.COMPARED_VIEWS[view].adds, *(NEEDED if (short or file) and by == "total" and not folder else ()))
    if adds:
        measures = tuple(dict.fromkeys((*(measures or (measures_at(at, case) if at else usual_measures(case))), *adds)))
    asked = {"measures": measures, "by": by, "at": at, "within": "product" if file and by == "total" else ""}
    if alternatives:
        result = _of_alternatives(case, policies, alternatives, asked, yes, workers)
    elif against:
        result = _of_scenarios(both_scenarios(case, against, policies, **options), policies, asked, yes, workers)
    else:
        result = _of_policies(case, policies, asked, yes, workers)
    summary = result.summary()
    picture = _drawn(result, summary, view) if chart else None  # a view that cannot be drawn stops all files
    if folder:
        write_folder(folder, result, summary, measures, kind)
    if file:
        from simulator.faces.answer.of_comparison import answer_of_comparison

        write_file(answer_of_comparison(result), file)
    if chart and picture:
        draw(picture, chart)
    click.echo(print_comparison(result, summary, form, short))


def _of_alternatives(
    case: Scenario,
    policies: tuple[str, ...],
    typed: tuple[str, ...],
    asked: dict[str, Any],
    yes: bool,
    workers: int | None,
) -> Comparison:
    """Compare named alternatives, after their cost is told."""
    from simulator.results.alternatives import alternatives_in, compare_alternatives

    named = all_alternatives(policies, alternatives_in(typed))
    workers = tell_cost_of(case, named, yes, asked["at"], workers)
    with progress(msg("comparing alternatives on {scenario}", scenario=case.name)) as tell:
        return compare_alternatives(case, named, progress=tell, workers=workers, **asked)


def _of_scenarios(
    both: dict[str, Scenario], policies: tuple[str, ...], asked: dict[str, Any], yes: bool, workers: int | None
) -> Comparison:
    """Compare one policy in two scenarios, after their cost is told."""
    from simulator.results.compare import compare_scenarios

    workers = ask_about(both, policies, yes, asked["at"], workers)
    with progress(msg("comparing {names}", names=listed(both, " and "))) as tell:
        return compare_scenarios(both, next(iter(policies), None), progress=tell, workers=workers, **asked)


def _of_policies(
    case: Scenario, policies: tuple[str, ...], asked: dict[str, Any], yes: bool, workers: int | None
) -> Comparison:
    """Compare policies, after their cost is told."""
    from simulator.results.compare import compare

    announce(case, policies, case.experiment.replications)
    workers = ask_about({case.name: case}, policies, yes, asked["at"], workers)
    with progress(msg("comparing policies on {scenario}", scenario=case.name)) as tell:
        return compare(case, policies=policies or None, progress=tell, workers=workers, **asked)


def _drawn(result: Comparison, summary: pd.DataFrame, view: str) -> Any:
    """A view of the comparison, as wide as a page."""
    from simulator.faces import charts as drawing

    shown = summary.rename(columns={result.across: "policy"})
    return drawing.COMPARED_VIEWS[view].draw(shown, str(comparison_runs(result))).properties(width=640)


def write_folder(folder: Path, result: Comparison, summary: pd.DataFrame, measures: tuple[str, ...], kind: str) -> None:
    """Write measures, summary, settings and all that made them, and say which files."""
    from simulator.faces.report import files
    from simulator.results.equal_words import policy_text, settings_table

    tables = {"measures": result.table, "summary": summary}
    if result.tuned:
        tables["settings"] = settings_table(result.tuned)
    tuned = {name: policy_text(one.policy) for name, one in result.tuned.items()}
    written = files.write_results(folder, inputs_of(result, measures, result.by), tables, kind, tuned)
    click.echo(said("written: {files}", files=listed(map(str, written), ", ")), err=True)


def _is_named(argument: str) -> bool:
    """Tell if an argument was typed."""
    return click.get_current_context().get_parameter_source(argument) is not ParameterSource.DEFAULT


def all_alternatives(policies: tuple[str, ...], typed: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The policies as they are, by their own names, and the alternatives typed after them."""
    plain = {Path(name).stem if name.endswith(".toml") else name: {"policy": name} for name in policies}
    twice = next((name for name in typed if name in plain), None)
    if twice is not None:
        raise click.UsageError(
            said("two alternatives are called {name}; give each a name of its own", name=repr(twice))
        )
    if len(plain) + len(typed) < 2:
        raise click.UsageError(said("there is one alternative; name another with --case, or a policy with --policy"))
    return {**plain, **typed}


def tell_cost_of(
    case: Scenario, named: dict[str, dict[str, Any]], yes: bool, at: CommonTarget | None, workers: int | None
) -> int | None:
    """Say before the work starts what all alternatives will take, and return how many workers will share it."""
    from simulator.results.alternatives import of_alternative

    made = [of_alternative(case, name, setting) for name, setting in named.items()]
    runs = case.experiment.replications
    times = TO_TUNE if at else AT_ONCE
    works = [(situation, policy, runs, times) for situation, policy in made]
    return tell_cost(case, [policy for _, policy in made], works, yes, workers, bool(at))


def both_scenarios(case: Scenario, against: str, policies: tuple[str, ...], **options: Any) -> dict[str, Scenario]:
    """The reference and the scenario, by name, run for as long and as often; what --set changes is changed in the second alone."""
    if len(policies) > 1:
        raise click.UsageError(
            str(msg("--against compares one policy in two scenarios; {n} are named, name one", n=len(policies)))
        )
    e = case.experiment
    same = {"months": e.months, "warm_up": e.warm_up, "replications": e.replications, "seed": e.seed}
    base = changed_by_options(against, **{**options, **same, "entries": ()})
    both = {f"experiment.{name}" for name in same} | {"demand.history.mode"}
    base = replace(base, changes=tuple(change for change in case.changes if change[0] in both))
    own = tuple(change for change in case.changes if change[0] not in both)
    names = (base.name, replace(case, changes=own).case) if base.name != case.name else (base.case, case.case)
    kept = base.experiment.model_copy(update={"policies": e.policies, "measures": e.measures})
    if (base.name, base.company, base.policies, kept) == (case.name, case.company, case.policies, e):
        raise click.UsageError(
            str(
                msg(
                    "--against is {name}, the same scenario; change an entry of the other with --set",
                    name=repr(against),
                )
            )
        )
    if names[0] == names[1]:
        raise click.UsageError(
            said("both scenarios are called {name}, so that no table tells them apart; rename one file", name=base.name)
        )
    return dict(zip(names, (base, case), strict=True))


def ask_about(
    cases: dict[str, Scenario],
    policies: tuple[str, ...],
    yes: bool,
    at: CommonTarget | None = None,
    workers: int | None = None,
) -> int | None:
    """Say before the work starts what all of it will take, and return how many workers will share it."""
    from simulator.results.compare import DEFAULT_POLICIES

    *_, last = cases.values()
    names = policies or last.experiment.policies or DEFAULT_POLICIES
    chosen = [last.policy(name) for name in (names[:1] if len(cases) > 1 else names)]
    times = TO_TUNE if at else AT_ONCE
    works = [(case, policy, last.experiment.replications, times) for case in cases.values() for policy in chosen]
    return tell_cost(last, chosen, works, yes, workers, bool(at))


def announce(case: Scenario, policies: tuple[str, ...], replications: int) -> None:
    """Say before the work starts which rules will take long."""
    from simulator.results.compare import cost_notes

    for note in cost_notes(case, [case.policy(name) for name in policies or case.experiment.policies], replications):
        click.echo(str(note), err=True)


def comparison_runs(result: Comparison) -> Message:
    """Describe the runs compared, in a line."""
    e, runs = result.scenario.experiment, len(result.replications)
    where: Value = result.scenario.name
    if result.across == "scenario":
        where = msg(
            "{policy} in {scenarios}", policy=result.policies[0].name, scenarios=listed(result.columns, " and ")
        )
    what: dict[str, Value] = {"where": where, "n": runs, "months": e.months, "seed": f"{result.seed}"}
    if e.warm_up:
        return msg(
            "{where}: {n} replications of {months} months, months {first} to {months} scored, seed {seed}",
            **what,
            first=e.warm_up + 1,
        )
    return msg("{where}: {n} replications of {months} months, seed {seed}", **what)


def inputs_of(result: Comparison, measures: tuple[str, ...], by: str) -> dict[str, Any]:
    """All that made the results; `words` is the scenario with its bases and the options resolved."""
    return {**result.record(), "measures": list(measures), "by": by, "words": result.scenario.words}


def print_comparison(
    result: Comparison, summary: pd.DataFrame, form: str | None, short: bool = False, first: Message | None = None
) -> str:
    """A comparison as it is asked for: in one screen or in full, as JSON or as CSV; a `first` sentence stands before all others."""
    from simulator.faces.cli.one_screen import may_be_short, one_screen
    from simulator.faces.report import files
    from simulator.results.equal_words import settings_table

    said_of = result.sentences()
    sentences = "\n".join(said("{sentence}.", sentence=capital(sentence)) for sentence in said_of)
    return answered(
        form,
        result.cautions,
        comparison_runs(result),
        lambda: summary,
        lambda: {
            "inputs": result.record(),
            **({"settings": files.records(settings_table(result.tuned))} if result.tuned else {}),
            "summary": files.records(summary),
            "sentences": [*([first] if first else []), *said_of],
            "legend": result.legend(),
        },
        lambda: (
            one_screen(result, summary)
            if short and may_be_short(result)
            else [
                *([str(first)] if first else []),
                *(settings_told(result.tuned) if result.tuned else []),
                *tables(result, summary),
                *([sentences] if sentences else []),
            ]
        ),
    )


def tables(result: Comparison, summary: pd.DataFrame) -> Iterator[str]:
    """The means by column, then the differences from the first."""
    from simulator.faces.report import figures

    first, *others = result.columns
    currency, by = result.scenario.company.currency, result.by
    keys = ["measure"] if by == "total" else ["measure", by]
    measures = [list[figures.Row](part.to_dict("records")) for _, part in summary.groupby(keys, sort=False)]
    width = screen_width()

    def label(row: figures.Row, points: bool) -> str:
        title = figures.heading(row, currency, points)
        return title if by == "total" else said("{measure}, {part}", measure=title, part=str(row[by]))

    means = [[label(rows[0], False), *map(figures.with_half_width, rows)] for rows in measures]
    yield from figures.in_strips([[said("mean ± half-width (95 %)"), first, *others], *means], width)
    if others:
        gaps = [[label(rows[0], True), *map(figures.with_interval, rows[1:])] for rows in measures]
        yield from figures.in_strips([[said("against {first} (95 %)", first=first), *others], *gaps], width)
        if legend := result.legend(figures.SHORT):
            yield "\n".join(said("{sentence}.", sentence=capital(told)) for told in legend)


# --- forecast value added ---


@click.command("fva", cls=Speaking)
@on_scenario
@click.option(
    "--policy", default="sop", metavar="NAME|FILE", show_default=True, help="A policy with a consensus forecast."
)
@click.option("--replications", type=int, help="Runs on each stage's forecast, all on the same luck.")
@with_target
@with_workers
@asks_first
@machine_formats
def forecast_value_added(
    scenario: str,
    policy: str,
    replications: int | None,
    targets: tuple[str, ...],
    as_run: bool,
    workers: int | None,
    yes: bool,
    form: str | None,
    **options: Any,
) -> None:
    """Forecast value added at equal service: run the whole company on the forecast of each stage, from naive to consensus."""
    from simulator.results.forecast_value import forecast_value, stage_words

    case = changed_by_options(scenario, **options)
    at = target_unless(targets, as_run, case)
    chosen_policy = case.policy(policy)
    number = replications or case.experiment.replications
    stages = 4 + (case.company.marketing is not None)
    times = stages * (AT_ONCE if as_run else TO_TUNE)
    workers = tell_cost(case, [chosen_policy], [(case, chosen_policy, number, times)], yes, workers, not as_run)
    with progress(msg("running {scenario} on the forecast of each stage", scenario=case.name)) as tell:
        result = forecast_value(case, policy, replications, None, tell, at, as_run, workers)
    click.echo(print_comparison(result, result.summary(), form, first=stage_words(result)))
