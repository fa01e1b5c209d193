"""sop results: what a sweep found, as tables for people and programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.faces.cli.group import FAILED
from simulator.faces.cli.options import FilePath, Speaking, machine_formats, one_of, refuse_idle, screen_width
from simulator.faces.cli.views import takes, view_asked_for, view_options
from simulator.kernel.messages import Message, Value, listed, msg, number, plural, said

if TYPE_CHECKING:
    import pandas as pd

    from simulator.studies.results import Results

MOST_LINES = 60
"""Lines of a table that are printed for people; programs get all."""


MOST_NAMED = 20
"""Files that are named in a sentence."""


@click.command("results", cls=Speaking)
@click.argument("folder", type=FilePath(address=True))
@click.option(
    "--measure", "measures", multiple=True, metavar="NAME", help="A measure; all that were kept if not given."
)
@one_of(
    "what",
    runs=("runs", "Every run, not the means."),
    check=("check", "Read every part, and say whether all are there and whole."),
)
@click.option("--export", type=FilePath(), help="Write the table: .csv or .parquet.")
@click.option(
    "--out",
    type=FilePath(),
    metavar="FILE",
    help="Write what matters and which setting is best as a workbook, slides, PDF or page: .xlsx, .pptx, .pdf, .html.",
)
@view_options
@machine_formats
def show_results(
    folder: str,
    measures: tuple[str, ...],
    what: str | None,
    export: Path | None,
    out: Path | None,
    form: str | None,
    **view: Any,
) -> int:
    """Means of every point and policy with 95 % intervals; or every run; for people, or as CSV, JSON, Parquet."""
    from simulator.faces.report import files
    from simulator.studies.results import Results

    refuse_idle_here(what, export, form, measures, **view)
    if out:
        from simulator.faces.answer.writing import may_be_answered

        refuse_idle(["runs", "check", "export", "json", "csv", "chart", "service"], msg("with an answer as a file"))
        may_be_answered(out)
    results = Results(folder)
    told = view_asked_for(results, measure=measures[0] if measures else None, form=form, **view)
    for line in overview(results):
        click.echo(line, err=form is not None)
    status = FAILED if faults(results) else 0
    if out:
        from simulator.faces.answer.of_study import answer_of_study
        from simulator.faces.cli.answers import write_file

        write_file(answer_of_study(results, measures[0] if measures else "", view.get("policy") or ""), out)
        return status
    if what == "check":
        return check_store(results) or status
    if told is not None:
        click.echo(told if form else f"\n{told}")
        return status
    table = results.table(measures or None) if what == "runs" else results.summary(measures or None)
    if export:
        export_results(table, export)
        click.echo(said("written: {files}", files=f"{export}"), err=True)
    elif form == "csv":
        click.echo(files.as_csv(table).rstrip("\n"))
    elif form == "json":
        head = {"content": results.content, "cautions": list(results.study.cautions)}
        click.echo(files.as_json({**head, "rows": files.records(table)}))
    else:
        click.echo("\n" + (lines(table) if what == "runs" else means(results, measures or results.study.measures)))
    return status


def refuse_idle_here(
    what: str | None, export: Path | None, form: str | None, measures: tuple[str, ...], **options: Any
) -> None:
    """Refuse what would change nothing in what is asked for."""
    view, heat = options.get("view"), options.get("heat")
    asked = f"--{view}" if view else "--heat" if heat else ""
    if view and heat:
        raise click.UsageError(
            str(msg("{options} exclude each other; give one of them", options=listed(["--heat", asked], " and ")))
        )
    if not asked:
        refuse_idle(["chart", "service", "policy"], msg("without a view, such as --effects or --best"))
    else:
        refuse_idle(["runs", "check", "export"], msg("with {option}", option=asked))
    if view != "best":
        refuse_idle(["service"], msg("without --best"))
    if asked and "policy" not in takes(view, heat):
        refuse_idle(["policy"], msg("with {option}, which shows all policies", option=asked))
    if asked and "measure" not in takes(view, heat):
        refuse_idle(["measure"], msg("with {option}, which needs measures of its own", option=asked))
    if asked and len(measures) > 1:
        raise click.UsageError(
            str(msg("{option} shows one measure; {n} are named, name one", option=asked, n=len(measures)))
        )
    if what == "check":
        refuse_idle(["export", "json", "csv", "measure"], msg("with --check"))
    elif export:
        refuse_idle(["json", "csv"], msg("with --export, which writes by the ending of its file"))


def check_store(results: Results) -> int:
    """Say that nothing is missing; what is was told before."""
    if results.runs != results.runs_wanted or faults(results):
        return FAILED
    click.echo(said("every run is there, and every file is what was written"))
    return 0


def overview(results: Results) -> list[str]:
    """Count the runs that are there, missing and failed, with the hash of all results."""
    from simulator.company.phrases import counted_things, policies_named
    from simulator.studies.at_service import buffers_told, held_buffers

    told, runs, wanted = results.study, results.runs, results.runs_wanted
    points = counted_things(len(results.points) // len(told.policies), "point")
    there = msg("{n} of {all} runs", n=number(runs), all=number(wanted))
    if runs != wanted:
        there = msg("{runs}; {n} are missing, sop sweep goes on with them", runs=there, n=number(wanted - runs))
    lines = [
        said(
            "{study} on {scenario}: {points}, {policies}, seed {seed}",
            study=told.name,
            scenario=told.scenario,
            points=points,
            policies=policies_named(told.policies),
            seed=f"{told.seed}",
        ),
        said("{runs}; content {hash}", runs=there, hash=results.content),
        *faults(results),
    ]
    if (at := told.words.get("at")) and (notes := held_buffers(results.store)):
        lines.append(str(buffers_told(at, notes)))
    lines += [said("look at: {remark}", remark=remark) for remark in told.cautions]
    for block in results.failed:
        first, last = block["replications"]
        lines.append(
            said(
                "failed: {where}, replications {first} to {last}: {why}",
                where=block["where"],
                first=first,
                last=last,
                why=block["reason"],
            )
        )
    return lines


def faults(results: Results) -> list[str]:
    """A sentence for each way in which the folder is not as sop sweep left it, with the names of files and what to do."""
    from simulator.studies.results import remedy_for_damage

    damaged = [msg("{file} ({why})", file=file, why=why) for file, why in results.damaged.items()]
    told: tuple[tuple[Message, Sequence[Value]], ...] = (
        (msg("damaged and left out"), damaged),
        (msg("no part of this study and left out"), results.strangers),
        (msg("missing"), results.missing),
    )
    return [
        str(
            plural(
                "{folder} has {n} file that is {what}: {names}; {remedy}",
                "{folder} has {n} files that are {what}: {names}; {remedy}",
                len(names),
                folder=results.store.address,
                what=what,
                names=_some(names),
                remedy=remedy_for_damage(results.store),
            )
        )
        for what, names in told
        if names
    ]


def _some(names: Sequence[Value]) -> Value:
    first, more = listed(names[:MOST_NAMED], ", "), len(names) - MOST_NAMED
    return msg("{names} and {n} more", names=first, n=number(more)) if more > 0 else first


def means(results: Results, measures: Sequence[str]) -> str:
    """A line a point and policy, a column a measure: means with half-widths, in the measure's unit."""
    import pandas as pd

    from simulator.faces.report import figures

    tables = {name: results.mean(name) for name in measures}
    runs = pd.DataFrame({name: table["replications"] for name, table in tables.items()}).max(axis=1).tolist()
    keys = results.points if len(set(runs)) == 1 else results.points.assign(replications=runs)
    names = figures.aligned(_cells(keys), keys.shape[1]).splitlines()
    columns = [
        [
            figures.measure_heading(name, results.study.currency, False),
            *(figures.mean_of(row["mean"], row["half_width"], name) for row in rows),
        ]
        for name, table in tables.items()
        for rows in [table.head(MOST_LINES).to_dict("records")]
    ]
    head = said("mean ± half-width (95 %)")
    if len(set(runs)) == 1:
        head = said("mean ± half-width (95 %) of {n} replications", n=number(runs[0]))
    strips = figures.in_strips([list(row) for row in zip(names, *columns, strict=True)], screen_width())
    return "\n\n".join([head, *strips]) + _more(len(keys))


def lines(table: pd.DataFrame) -> str:
    """A table for people as it is."""
    from simulator.faces.report import figures

    return figures.aligned(_cells(table)) + _more(len(table))


def _cells(table: pd.DataFrame) -> list[list[str]]:
    rows = table.head(MOST_LINES).to_numpy(dtype=object).tolist()
    return [[said(str(name)) for name in table.columns], *([cell(value) for value in row] for row in rows)]


def _more(count: int) -> str:
    if count <= MOST_LINES:
        return ""
    return "\n" + said("... and {n} more lines; --csv, --json or --export give all", n=number(count - MOST_LINES))


def cell(value: object) -> str:
    """A figure with the digits that one reads."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def export_results(table: pd.DataFrame, path: Path) -> None:
    """A table as a file of the kind that its name ends in."""
    from simulator.faces.report import files
    from simulator.kernel.units import ScenarioError

    if path.suffix == ".csv":
        path.write_text(files.as_csv(table), encoding="utf-8")
    elif path.suffix == ".parquet":
        table.to_parquet(path, index=False)
    else:
        raise ScenarioError(msg("--export is {file}; it must end in .csv or .parquet", file=repr(str(path))))
