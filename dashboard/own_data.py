"""Tables that a reader brings: read within bounds in a folder of their own, understood, and made a company of this reader's."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import secrets
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard import keeping
from dashboard.case import BROUGHT_LINES, HOME, Case, brought, names_only
from simulator.company.intake.company_file import DEMAND_FILE
from simulator.company.intake.mapping import MAPPING_FILE, Understood, Wishes
from simulator.company.intake.roles import column_letter, heads_of
from simulator.company.intake.sheets import Cell, sheets_of
from simulator.company.toml import file_text
from simulator.faces.report.data_report import Done, imported, remark_table
from simulator.faces.report.template import write_template
from simulator.kernel.messages import Message, msg, said, speaking
from simulator.kernel.units import ScenarioError

if TYPE_CHECKING:
    import pandas as pd

MOST_PRODUCTS = 300
"""Products of a company on a page; the command line takes more."""

MOST_PREVIEW, MOST_LISTED = 8, 500

FIRST_ROWS, MOST_MARKED_ROWS, MOST_COLUMNS_SHOWN, MOST_TABLES = 5, 30, 60, 8
"""Rows of a table that are shown, the first and those with remarks; its columns; and tables."""

MOST_KEPT_BYTES = 24_000_000
"""Bytes of the files of a reader's own companies that a session holds."""

TABLE_ENDINGS = ("csv", "txt", "tsv", "gz", "xlsx", "xls", "ods", "parquet")

UNSAFE = re.compile(r"[^\w .()\-]+")


@dataclass(frozen=True)
class ReadTable:
    """Hold one table as it was understood: the meaning of each column, its first rows and those with remarks, cells marked."""

    where: str
    table: str
    columns: list[tuple[str, str, str]]  # head, role, first entries
    rows: pd.DataFrame
    red: pd.DataFrame  # of the same shape: whether a cell has a remark


@dataclass(frozen=True)
class ReadTables:
    """Hold what became of the tables: sentences, tables to look at, and files to take away."""

    understood: list[Message]
    counts: list[Message]
    remarks: list[Message]
    assumed: list[Message]
    tables: list[ReadTable]
    preview: pd.DataFrame
    listed: pd.DataFrame
    folder: bytes  # packed
    text: str  # of the scenario
    demand: bytes
    mapping: str


@dataclass(frozen=True)
class Kept:
    """Hold the files of a company that a reader made, so that a month can be added to it; nobody else's session has them."""

    name: str
    files: list[tuple[str, bytes]]
    mapping: str


def safe_name(name: str) -> str:
    """The name of a file without folders and signs that mean something to a system."""
    plain = UNSAFE.sub("_", Path(name.replace("\\", "/")).name).strip(". ")
    return plain[-80:] or "table"


def read_tables(
    files: Sequence[tuple[str, bytes]], wishes: Wishes, name: str, before: Kept | None = None
) -> ReadTables:
    """Read tables in a folder that is gone afterwards; ScenarioError says in one sentence why that cannot be.

    With a company that was there `before`, the files are added to its own, and read as those were understood.
    """
    with tempfile.TemporaryDirectory(prefix="sop-tables-") as place:
        old, folder = list(before.files) if before else [], Path(place) / "mine"
        paths = _put([*old, *files], Path(place))
        if before:
            folder.mkdir()
            (folder / MAPPING_FILE).write_text(before.mapping, encoding="utf-8")
        earlier, added = (paths[: len(old)], paths[len(old) :]) if before else (paths, [])
        try:
            done = imported(earlier, wishes, folder, name, MOST_PRODUCTS, added)
        except ScenarioError as problem:
            raise ScenarioError(names_only(problem.text)) from None
        return _read(done, Path(place) / "mine")


def _put(files: Sequence[tuple[str, bytes]], place: Path) -> list[Path]:
    """Write the files that were brought, each under a name of its own."""
    paths = []
    for number, (name, content) in enumerate(files):
        folder = place / f"{number}"
        folder.mkdir()
        path = folder / safe_name(name)
        path.write_bytes(content)
        paths.append(path)
    return paths


def _read(done: Done, folder: Path) -> ReadTables:
    import pandas as pd

    rows = done.found.rows
    shown = range(min(MOST_PREVIEW, len(rows.date)))
    preview = pd.DataFrame(
        {
            "date": [rows.date[k].date() for k in shown],
            "product": [rows.product[k] for k in shown],
            "quantity": [rows.quantity[k] for k in shown],
            **{name: [entries[k] for k in shown] for name, entries in rows.more.items()},
        }
    )
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
    tables = [line for line in done.understood() if "read as:" not in line.id]
    return ReadTables(
        tables=[_table(done, table) for table in done.reader.tables[:MOST_TABLES]],
        mapping=(folder / MAPPING_FILE).read_text(encoding="utf-8"),
        understood=tables,
        counts=list(done.counts()),
        remarks=list(done.reader.remarks.sentences()),
        assumed=[*done.found.assumed, *done.scenario.assumed],
        preview=preview,
        listed=remark_table(done.reader.remarks.found[:MOST_LISTED]),
        folder=packed.getvalue(),
        text=file_text(done.found.words),
        demand=(folder / DEMAND_FILE).read_bytes(),
    )


def _table(done: Done, table: Understood) -> ReadTable:
    """One table as it stands in its file, with its first rows, those that have remarks, and the cells marked."""
    import pandas as pd

    names = list(table.heads.names)[:MOST_COLUMNS_SHOWN]
    mine = [r for r in done.reader.remarks.found if (r.file, r.sheet) == (table.sheet.file, table.sheet.name)]
    marked: dict[int, set[str]] = {}
    for remark in mine:
        if remark.row in marked or len(marked) < MOST_MARKED_ROWS:
            marked.setdefault(remark.row, set()).add(remark.column)
    below = table.sheet.rows[table.heads.place + 1 :]
    chosen = [*below[:FIRST_ROWS], *(each for each in below[FIRST_ROWS:] if each[0] in marked)]
    heads = [said("row"), *(f"{name or column_letter(k)}" for k, name in enumerate(names))]
    heads = [head if head not in heads[:k] else f"{head} ({k})" for k, head in enumerate(heads)]
    cells = [
        [number, *(_as_text(row[k] if k < len(row) else None) for k in range(len(names)))] for number, row in chosen
    ]
    red = [
        [False, *(name in marked.get(number, ()) or marked.get(number) == {""} for name in names)]
        for number, _ in chosen
    ]
    samples = [[row[k] for _, row in below[:FIRST_ROWS] if k < len(row)] for k in range(len(names))]
    meant = {place: role for role, place in table.heads.roles.items()}
    columns = [
        (name, meant.get(k, ""), ", ".join(filter(None, map(_as_text, samples[k]))))
        for k, name in enumerate(names)
        if name and k not in table.heads.periods
    ]
    where = f"{table.sheet.file} [{table.sheet.name}]" if table.sheet.name else table.sheet.file
    return ReadTable(where, table.table, columns, pd.DataFrame(cells, columns=heads), pd.DataFrame(red, columns=heads))


def _as_text(cell: Cell) -> str:
    """A cell as it is shown: a date or a number as text, so that a column may hold both."""
    if isinstance(cell, float):
        return f"{cell:.10g}"
    return "" if cell is None else f"{cell:%Y-%m-%d}" if isinstance(cell, dt.datetime) else cell[:80]


def heads_in(files: Sequence[tuple[str, bytes]]) -> list[str]:
    """The heads of all tables, to choose from where a column is not known; none where nothing can be read."""
    found: dict[str, None] = {}
    with tempfile.TemporaryDirectory(prefix="sop-tables-") as place:
        for path in _put(files, Path(place)):
            try:
                for sheet in sheets_of(path):
                    found |= dict.fromkeys(name for name in heads_of(sheet).names if name)
            except ScenarioError:
                continue
    return list(found)


def use(read: ReadTables) -> Case:
    """Keep the company and its demand for this reader, and return it as a case."""
    name = f"{hashlib.sha256(read.demand).hexdigest()[:32]}.csv"
    path = HOME / "scenarios" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        if keeping.full(path.parent, keeping.BROUGHT):
            raise ScenarioError(msg("this server has no room for one more file; try again in an hour"))
        part = path.with_name(f"{secrets.token_hex(8)}.part")
        part.write_bytes(read.demand)
        os.replace(part, path)
    keeping.note_use(path)
    assert BROUGHT_LINES.fullmatch(name)
    return brought(read.text.replace(f'"{DEMAND_FILE}"', f'"{name}"').encode())


@lru_cache
def template_bytes(language: str) -> bytes:
    """The workbook to fill in, in a language."""
    with speaking(language), tempfile.TemporaryDirectory(prefix="sop-tables-") as place:
        path = Path(place) / "items.xlsx"
        write_template(path)
        return path.read_bytes()


def wishes_of(chosen: Mapping[str, str], **told: str) -> Wishes:
    """The reader's word on the tables: the meaning chosen for each head, none for those that mean nothing; the rest is told."""
    columns = {role: head for head, role in chosen.items() if role}
    return Wishes(columns=columns, ignored=tuple(head for head, role in chosen.items() if not role), **told)


def pasted_name(text: str) -> str:
    """The name under which a pasted range is read: with tabs as a spreadsheet copies it, else as it was typed."""
    return "pasted.tsv" if "\t" in text else "pasted.csv"
