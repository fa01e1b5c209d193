"""Tables that a reader brings: read within bounds in a folder of their own, understood, and made a company of this reader's."""

from __future__ import annotations

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
from simulator.company.intake.mapping import Wishes
from simulator.company.intake.roles import heads_of
from simulator.company.intake.sheets import sheets_of
from simulator.company.toml import file_text
from simulator.faces.report.data_report import Done, imported, remark_table
from simulator.faces.report.template import write_template
from simulator.kernel.messages import Message, msg, speaking
from simulator.kernel.units import ScenarioError

if TYPE_CHECKING:
    import pandas as pd

MOST_PRODUCTS = 300
"""Products of a company on a page; the command line takes more."""

MOST_PREVIEW, MOST_LISTED = 8, 500

TABLE_ENDINGS = ("csv", "txt", "tsv", "gz", "xlsx", "xls", "ods", "parquet")

UNSAFE = re.compile(r"[^\w .()\-]+")


@dataclass(frozen=True)
class ReadTables:
    """Hold what became of the tables: sentences, tables to look at, and files to take away."""

    understood: list[Message]
    counts: list[Message]
    remarks: list[Message]
    assumed: list[Message]
    preview: pd.DataFrame
    listed: pd.DataFrame
    folder: bytes  # packed
    text: str  # of the scenario
    demand: bytes


def safe_name(name: str) -> str:
    """The name of a file without folders and signs that mean something to a system."""
    plain = UNSAFE.sub("_", Path(name.replace("\\", "/")).name).strip(". ")
    return plain[-80:] or "table"


def read_tables(files: Sequence[tuple[str, bytes]], wishes: Wishes, name: str) -> ReadTables:
    """Read tables in a folder that is gone afterwards; ScenarioError says in one sentence why that cannot be."""
    with tempfile.TemporaryDirectory(prefix="sop-tables-") as place:
        paths = _put(files, Path(place))
        try:
            done = imported(paths, wishes, Path(place) / "mine", name, MOST_PRODUCTS)
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


def wishes_of(columns: Mapping[str, str], **said: str) -> Wishes:
    """The reader's word on the tables; what is left empty is told from them."""
    return Wishes(columns={role: head for role, head in columns.items() if head}, **said)
