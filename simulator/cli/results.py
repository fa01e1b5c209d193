"""sop results: what a sweep found, as tables for people and programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.cli.group import FAILED
from simulator.cli.options import FilePath, machine_formats, screen_width
from simulator.cli.views import shown, view_options

if TYPE_CHECKING:
    import pandas as pd

    from simulator.experiments.results import Results

MOST_LINES = 60
"""Lines of a table that are printed for people; programs get all."""


@click.command("results")
@click.argument("folder", type=FilePath(address=True))
@click.option(
    "--measure", "measures", multiple=True, metavar="NAME", help="A measure; all that were kept if not given."
)
@click.option("--runs", "what", flag_value="runs", help="Every run, not the means.")
@click.option("--check", "what", flag_value="check", help="Read every part, and say whether all are there and whole.")
@click.option("--export", type=FilePath(), help="Write the table: .csv or .parquet.")
@view_options
@machine_formats
def show_results(
    folder: str, measures: tuple[str, ...], what: str | None, export: Path | None, form: str | None, **view: Any
) -> int:
    """Means of every point and policy with 95 % intervals; or every run; for people, or as CSV, JSON, Parquet."""
    from simulator.experiments.results import Results
    from simulator.report import files

    results = Results(folder)
    told = shown(results, measure=measures[0] if measures else None, form=form, **view)
    for line in overview(results):
        click.echo(line, err=form is not None)
    if what == "check":
        return checked(results)
    if told is not None:
        click.echo(told if form else f"\n{told}")
        return 0
    table = results.table(measures or None) if what == "runs" else results.summary(measures or None)
    if export:
        written(table, export)
        click.echo(f"written: {export}", err=True)
    elif form == "csv":
        click.echo(files.as_csv(table).rstrip("\n"))
    elif form == "json":
        click.echo(files.as_json({"content": results.content, "rows": files.records(table)}))
    else:
        click.echo("\n" + (lines(table) if what == "runs" else means(results, measures or results.study.measures)))
    return 0


def checked(results: Results) -> int:
    """Say that nothing is missing; what is was told before."""
    if results.runs != results.runs_wanted or results.damaged:
        return FAILED
    click.echo("every run is there, and every part is what was written")
    return 0


def overview(results: Results) -> list[str]:
    """What is there, what is missing, what failed, and the hash of it all."""
    from simulator.describe.phrases import count

    told, runs, wanted = results.study, results.runs, results.runs_wanted
    points = count(len(results.points) // len(told.policies), "point")
    policies = f"{'policy' if len(told.policies) == 1 else 'policies'} {', '.join(told.policies)}"
    missing = "" if runs == wanted else f"; {wanted - runs:,} are missing, sop sweep goes on with them"
    lines = [
        f"{told.name} on {told.scenario}: {points}, {policies}, seed {told.seed}",
        f"{runs:,} of {wanted:,} runs{missing}; content {results.content}",
    ]
    if results.damaged:
        many = len(results.damaged)
        lines.append(f"{many} part{' is' if many == 1 else 's are'} damaged and left out; sop sweep makes them anew")
    for block in results.failed:
        first, last = block["replications"]
        lines.append(f"failed: {block['where']}, replications {first} to {last}: {block['reason']}")
    return lines


def means(results: Results, measures: Sequence[str]) -> str:
    """A line a point and policy, a column a measure: means with half-widths, in the measure's unit."""
    import pandas as pd

    from simulator.cli.told import mean_of, title_of
    from simulator.report import figures

    tables = {name: results.mean(name) for name in measures}
    runs = pd.DataFrame({name: table["replications"] for name, table in tables.items()}).max(axis=1).tolist()
    keys = results.points if len(set(runs)) == 1 else results.points.assign(replications=runs)
    names = figures.aligned(_cells(keys), keys.shape[1]).splitlines()
    columns = [
        [title_of(results, name, False), *(mean_of(row["mean"], row["half_width"], name) for row in rows)]
        for name, table in tables.items()
        for rows in [table.head(MOST_LINES).to_dict("records")]
    ]
    head = f"mean ± half-width (95 %){f' of {runs[0]:,} replications' if len(set(runs)) == 1 else ''}"
    strips = figures.in_strips([list(row) for row in zip(names, *columns, strict=True)], screen_width())
    return "\n\n".join([head, *strips]) + _more(len(keys))


def lines(table: pd.DataFrame) -> str:
    """A table for people as it is."""
    from simulator.report import figures

    return figures.aligned(_cells(table)) + _more(len(table))


def _cells(table: pd.DataFrame) -> list[list[str]]:
    rows = table.head(MOST_LINES).to_numpy(dtype=object).tolist()
    return [[*map(str, table.columns)], *([cell(value) for value in row] for row in rows)]


def _more(count: int) -> str:
    return (
        f"\n... and {count - MOST_LINES:,} more lines; --csv, --json or --export give all" if count > MOST_LINES else ""
    )


def cell(value: object) -> str:
    """A figure with the digits that one reads."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def written(table: pd.DataFrame, path: Path) -> None:
    """A table as a file of the kind that its name ends in."""
    from simulator.report import files
    from simulator.units import ScenarioError

    if path.suffix == ".csv":
        path.write_text(files.as_csv(table), encoding="utf-8")
    elif path.suffix == ".parquet":
        table.to_parquet(path, index=False)
    else:
        raise ScenarioError(f"--export is {str(path)!r}; it must end in .csv or .parquet")
