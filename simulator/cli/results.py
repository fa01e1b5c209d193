"""sop results: what a sweep found, as tables for people and programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.cli.group import FAILED
from simulator.cli.options import machine_formats
from simulator.cli.views import shown, view_options

if TYPE_CHECKING:
    import pandas as pd

    from simulator.experiments.results import Results

MOST_LINES = 60
"""Lines of a table that are printed for people; programs get all."""


@click.command("results")
@click.argument("folder")
@click.option(
    "--measure", "measures", multiple=True, metavar="NAME", help="A measure; all that were kept if not given."
)
@click.option("--runs", "what", flag_value="runs", help="Every run, not the means.")
@click.option("--check", "what", flag_value="check", help="Read every part, and say whether all are there and whole.")
@click.option("--export", type=click.Path(path_type=Path), help="Write the table: .csv or .parquet.")
@view_options
@machine_formats
def show_results(
    folder: str, measures: tuple[str, ...], what: str | None, export: Path | None, form: str | None, **view: Any
) -> int:
    """Means of every point and policy with 95 % intervals; or every run; for people, or as CSV, JSON, Parquet."""
    from simulator.experiments.results import Results
    from simulator.report import files

    results = Results(folder)
    for line in overview(results):
        click.echo(line, err=form is not None)
    if what == "check":
        return 0 if results.runs == results.runs_wanted and not results.damaged else FAILED
    told = shown(results, measure=measures[0] if measures else None, form=form, **view)
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
        click.echo("\n" + lines(results, table))
    return 0


def overview(results: Results) -> list[str]:
    """What is there, what is missing, what failed, and the hash of it all."""
    told, runs, wanted = results.study, results.runs, results.runs_wanted
    points = len(results.points) // len(told.policies)
    missing = "" if runs == wanted else f"; {wanted - runs:,} are missing, sop sweep goes on with them"
    lines = [
        f"{told.name} on {told.scenario}: {points:,} points, policies {', '.join(told.policies)}, seed {told.seed}",
        f"{runs:,} of {wanted:,} runs{missing}; content {results.content}",
    ]
    if results.damaged:
        many = len(results.damaged)
        lines.append(f"{many} part{' is' if many == 1 else 's are'} damaged and left out; sop sweep makes them anew")
    for block in results.failed:
        first, last = block["replications"]
        lines.append(f"failed: {block['where']}, replications {first} to {last}: {block['reason']}")
    return lines


def lines(results: Results, table: pd.DataFrame) -> str:
    """A table for people: a mean with its half-width in the measure's unit."""
    from simulator.report import figures

    first = table.head(MOST_LINES)
    if "mean" in table:
        from simulator.measures import MEASURES

        cells = [
            figures.with_half_width(
                {**row, "low": row["mean"] - row["half_width"], "high": row["mean"] + row["half_width"]}
            )
            for row in first.to_dict("records")
        ]
        titles = [
            figures.heading({"title": MEASURES[row["measure"]].title, "unit": row["unit"]}, results.study.currency)
            for row in first.to_dict("records")
        ]
        first = first.drop(columns=["mean", "half_width", "unit", "better"]).assign(measure=titles)
        first["mean ± half-width (95 %)"] = cells
    rows = [[*map(str, first.columns)], *([cell(value) for value in row] for row in first.to_numpy().tolist())]
    more = len(table) - len(first)
    note = f"\n... and {more:,} more lines; --csv, --json or --export give all" if more > 0 else ""
    return figures.aligned(rows) + note


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
