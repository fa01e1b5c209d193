"""sop import, template, data: from a spreadsheet or an export to a company, and what its data is like."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from simulator.faces.cli.options import FilePath, Speaking, must_name_folder
from simulator.kernel.messages import listed, msg, said

MOST_SHOWN = 12
"""Remarks of the table on the screen; the files hold all."""


@click.command("import", cls=Speaking)
@click.argument("files", nargs=-1, required=True, type=FilePath())
@click.option(
    "--out", type=FilePath(), required=True, help="Folder for the company, its demand, the mapping and the data report."
)
@click.option(
    "--map", "columns", multiple=True, metavar="ROLE=COLUMN", help="Name the column of a role, such as quantity=Menge."
)
@click.option(
    "--bucket", type=click.Choice(["line", "day", "week", "month"]), help="Whether a row is an order line or a total."
)
@click.option("--as-of", metavar="DATE", help="Last day of the history; later rows are set aside.")
@click.option(
    "--keep-equal-lines/--drop-equal-lines", "keep", default=True, help="Whether a row that repeats another counts."
)
@click.option("--cancelled", default="", metavar="TEXT", help="How the number of an order begins that cancels another.")
@click.option("--encoding", default="", help="Code of the text, such as cp1252 or gb18030.")
@click.option("--delimiter", default="", help="Sign between entries.")
@click.option("--dates", default="", metavar="ymd|dmy|mdy", help="Order of day, month and year.")
@click.option("--decimal", default="", metavar=".|,", help="Sign before the decimals.")
@click.option(
    "--products", type=click.IntRange(1, 5_000), default=500, show_default=True, help="Largest products that are taken."
)
@click.option("--name", default="", help="Name of the company; else that of the folder.")
def import_files(
    files: tuple[Path, ...],
    out: Path,
    columns: tuple[str, ...],
    bucket: str | None,
    as_of: str | None,
    keep: bool,
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
        bucket=bucket or "",
        as_of=_day(as_of),
        equal_lines="keep" if keep else "drop",
        **{sign: _sign(value) for sign, value in signs.items()},
    )
    done = data_report.imported(list(files), wishes, out, name or out.resolve().name, products)
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
