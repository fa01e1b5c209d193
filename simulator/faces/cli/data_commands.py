"""sop import, template, data: from a spreadsheet or an export to a company, and what its data is like."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.faces.cli.options import (
    FilePath,
    Speaking,
    changed_by_options,
    machine_formats,
    must_name_folder,
    on_scenario,
)
from simulator.kernel.messages import listed, msg, said

if TYPE_CHECKING:
    from simulator.results.back_test import BackTest
    from simulator.results.data_check import DataCheck

MOST_SHOWN = 12
"""Remarks of the table on the screen; the files hold all."""


@click.command("import", cls=Speaking)
@click.argument("files", nargs=-1, type=FilePath())
@click.option(
    "--out", type=FilePath(), required=True, help="Folder for the company, its demand, the mapping and the data report."
)
@click.option(
    "--map", "columns", multiple=True, metavar="ROLE=COLUMN", help="Name the column of a role, such as quantity=Menge."
)
@click.option(
    "--bucket", type=click.Choice(["line", "day", "week", "month"]), help="Whether a row is an order line or a total."
)
@click.option("--ignore", multiple=True, metavar="COLUMN", help="A column that means nothing here.")
@click.option(
    "--add",
    "added",
    multiple=True,
    type=FilePath(),
    help="A further file, such as last month's: of its rows those count that come after the others, or after what the folder holds.",
)
@click.option("--as-of", metavar="DATE", help="Last day of the history; later rows are set aside.")
@click.option(
    "--keep-equal-lines/--drop-equal-lines", "keep", default=None, help="Whether a row that repeats another counts."
)
@click.option("--cancelled", default="", metavar="TEXT", help="How the number of an order begins that cancels another.")
@click.option("--encoding", default="", help="Code of the text, such as cp1252 or gb18030.")
@click.option("--delimiter", default="", help="Sign between entries.")
@click.option("--dates", default="", metavar="ymd|dmy|mdy", help="Order of day, month and year.")
@click.option("--decimal", default="", metavar=".|,", help="Sign before the decimals.")
@click.option(
    "--products",
    type=click.IntRange(1, 5_000),
    default=2_000,
    show_default=True,
    help="Largest products that are taken.",
)
@click.option("--name", default="", help="Name of the company; else that of the folder.")
def import_files(
    files: tuple[Path, ...],
    out: Path,
    columns: tuple[str, ...],
    ignore: tuple[str, ...],
    added: tuple[Path, ...],
    bucket: str | None,
    as_of: str | None,
    keep: bool | None,
    products: int,
    name: str,
    **signs: str,
) -> None:
    """Make a company of tables as spreadsheets and ERP systems export them: CSV of any kind, .gz, .xlsx, .xls, .ods, Parquet.

    What was understood is shown, and kept in mapping.toml of the folder for the next time. Rows that cannot be read are set
    aside, counted by rule and listed in remarks.csv and remarks.xlsx; all others are used.
    """
    from simulator.company.intake.mapping import Wishes
    from simulator.faces.report import data_report

    must_name_folder(out)
    wishes = Wishes(
        columns=dict(map(_role, columns)),
        ignored=ignore,
        bucket=bucket or "",
        as_of=_day(as_of),
        equal_lines="" if keep is None else "keep" if keep else "drop",
        cancelled=signs["cancelled"],
        encoding=signs["encoding"],
        delimiter=_sign(signs["delimiter"]),
        dates=signs["dates"],
        decimal=signs["decimal"],
    )
    done = data_report.imported(list(files), wishes, out, name or out.resolve().name, products, added)
    for sentence in done.sentences(MOST_SHOWN):
        click.echo(str(sentence))
    click.echo(said("written: {files}", files=listed(map(str, done.written), ", ")), err=True)


def _sign(value: str) -> str:
    return {"\\t": "\t", "tab": "\t"}.get(value, value)


def _role(words: str) -> tuple[str, str]:
    role, equals, column = words.partition("=")
    if not equals or not role.strip() or not column.strip():
        raise click.UsageError(
            str(msg("--map is {value}; it must be ROLE=COLUMN, such as quantity=Menge", value=repr(words)))
        )
    return role.strip(), column.strip()


def _day(words: str | None) -> str:
    if words is None:
        return ""
    try:
        return dt.date.fromisoformat(words).isoformat()
    except ValueError:
        raise click.UsageError(
            str(msg("--as-of is {value}; it must be a date such as 2024-12-31", value=repr(words)))
        ) from None


@click.command("template", cls=Speaking)
@click.argument("file", type=FilePath())
def write_workbook(file: Path) -> None:
    """Write an empty workbook to fill in, for sop import: demand, products, open orders, resources, bills, with notes."""
    from simulator.faces.report.template import write_template

    write_template(file)
    click.echo(said("written: {files}", files=str(file)))
    click.echo(said("Fill it in, then: sop import {file} --out FOLDER.", file=str(file)))


@click.command("data", cls=Speaking)
@on_scenario
@click.option(
    "--worst",
    type=click.IntRange(0, 5_000),
    default=20,
    show_default=True,
    help="Products that are shown, the worst first.",
)
@machine_formats
def show_data(scenario: str, worst: int, form: str | None, **options: Any) -> None:
    """Say what a company's own demand is like, and hold it against what is generated from it: by product, the worst first."""
    from simulator.faces.report import files
    from simulator.results.back_test import back_test
    from simulator.results.data_check import data_check

    found = data_check(changed_by_options(scenario, **options))
    tested = back_test(found)
    if form == "csv":
        click.echo(files.as_csv(found.table).rstrip("\n"))
    elif form == "json":
        content = {
            "sentences": [str(line) for line in found.sentences()],
            "figures": found.records(),
            "back_test": tested.records() if tested else [],
            "products": files.records(found.table),
        }
        click.echo(files.as_json(content))
    else:
        click.echo("\n\n".join(_data_told(found, tested, worst)))


def _data_told(found: DataCheck, tested: BackTest | None, worst: int) -> Iterator[str]:
    from simulator.faces.report.figures import aligned
    from simulator.results.data_check import LIVES

    yield "\n".join(map(str, found.sentences()))
    heads = [said("all products"), said("real"), said("generated"), said("95 % of histories"), ""]
    rows = [
        [
            str(figure.name),
            _few(figure.real),
            _few(figure.mean),
            f"{_few(figure.low)} – {_few(figure.high)}",
            "" if figure.alike else said("outside"),
        ]
        for figure in found.figures()
    ]
    yield aligned([heads, *rows])
    if tested:
        yield "\n".join([*map(str, tested.sentences()), aligned(tested.rows())])
    yield aligned(found.class_table())
    table = found.table.head(worst)
    if worst and len(table):
        heads = [said("product"), said("class"), said("units"), said("life"), said("month"), said("deviation")]
        heads += [said("generated"), said("outside"), said("worst in")]
        rows = [
            [
                row["product"],
                row["class"],
                _few(row.units),
                str(LIVES[row.life]),
                _few(row.month_mean),
                _few(row.month_sd),
                _few(row.month_sd_generated),
                said("{n} of {of}", n=int(row.outside), of=int(row.of)),
                row.worst,
            ]
            for _, row in table.iterrows()
        ]
        yield aligned([heads, *rows], left=2)


def _few(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
