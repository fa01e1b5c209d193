"""Tables as they stand in a file: rows of cells with their numbers; text, workbooks and Parquet read alike."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.company.encoding import MARKS
from simulator.company.intake.bounds import (
    LARGEST_MB,
    MOST_CELLS,
    MOST_COLUMNS,
    PARQUET_KIND,
    ROWS_OF_TEXT,
    TOO_MANY_CELLS,
    WORKBOOK_CELLS,
    opened,
    refuse,
)
from simulator.kernel.extras import must_have
from simulator.kernel.messages import msg, number

Cell = str | float | dt.datetime | None

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
SAMPLE_LINES = 200
LONGEST_CELL = 2_000
HEAD_LINES = 20
"""Lines above the rows of a table, that are not counted among them."""

CHILD_SECONDS, CHILD_MEMORY = 60, 768 << 20
"""What a workbook may take to be read in a process of its own; one that means no harm takes a tenth of it."""


@dataclass(frozen=True)
class RawSheet:
    """Hold the rows of a table, each with its number in the file; blank ones are left out."""

    file: str
    name: str  # of the sheet; empty where a file is one table
    rows: list[tuple[int, list[Cell]]]
    encoding: str = ""
    delimiter: str = ""


def sheets_of(path: Path, encoding: str = "", delimiter: str = "") -> list[RawSheet]:
    """Read all tables of a file; ScenarioError says in one sentence why that cannot be."""
    kind, content = opened(path)
    if kind == "text":
        return [_text_table(path.name, content, encoding, delimiter)]
    if kind == PARQUET_KIND:
        return [_parquet(path.name, content)]
    return _workbook(path.name, content)


# --- text ---


def _text_table(name: str, content: bytes, encoding: str, delimiter: str) -> RawSheet:
    text, code = decoded(name, content, encoding)
    if text[:4].lower() == "sep=" and len(text) > 5:
        delimiter, text = text[4], text.partition("\n")[2]
    if text.count("\n") > ROWS_OF_TEXT + HEAD_LINES or text.count("\r") > 2 * ROWS_OF_TEXT:
        _refuse_large(name, ROWS_OF_TEXT + HEAD_LINES, 0, 0, MOST_CELLS)
    if "\0" in text:
        raise refuse(name, msg("it is no table; give CSV, .xlsx, .xls, .ods or Parquet"))
    sign = delimiter or delimiter_of(text)
    rows: list[tuple[int, list[Cell]]] = []
    once: dict[str, str] = {}
    cells = 0
    reader = csv.reader(_lines(name, text, sign), delimiter=sign)
    try:
        for entries in reader:
            if not any(map(str.strip, entries)):
                continue
            cells += len(entries)
            _refuse_large(name, len(rows), len(entries), cells, MOST_CELLS)
            row = [once.setdefault(entry, entry) for entry in entries]
            if max(map(len, row)) > LONGEST_CELL:
                raise refuse(
                    name,
                    msg(
                        "line {line} has an entry of more than {n} characters; look for a quote that is never closed",
                        line=reader.line_num,
                        n=number(LONGEST_CELL),
                    ),
                )
            rows.append((reader.line_num, list(row)))
    except csv.Error as error:
        raise refuse(name, msg("line {line} is no CSV ({why})", line=reader.line_num, why=f"{error}")) from None
    if max((len(row) for _, row in rows), default=0) < 2:
        raise refuse(name, msg("it is no table: no line has two entries; name the sign between them by --delimiter"))
    return RawSheet(name, "", rows, code, sign)


MOST_DELIMITERS = 10 * MOST_COLUMNS
"""Delimiters of a line, those within quotes among them."""


def _lines(name: str, text: str, sign: str) -> Iterator[str]:
    """The lines of a text, of which none is cut into more entries than any table has."""
    for line in io.StringIO(text, newline=""):
        _refuse_large(name, 0, MOST_COLUMNS + 1 if line.count(sign) > MOST_DELIMITERS else 0, 0, MOST_CELLS)
        yield line


def _refuse_large(name: str, rows: int, columns: int, cells: int, most_cells: int) -> None:
    if rows >= ROWS_OF_TEXT + HEAD_LINES or columns > MOST_COLUMNS or cells > most_cells:
        raise refuse(
            name,
            msg(
                "it has more than {rows} rows, {columns} columns or {cells} cells; keep fewer years or products",
                rows=number(ROWS_OF_TEXT),
                columns=number(MOST_COLUMNS),
                cells=number(most_cells),
            ),
        )


def decoded(name: str, content: bytes, encoding: str = "") -> tuple[str, str]:
    """The text of a file and the code that it is written in, as stated, marked, or told from its bytes."""
    code = encoding or next((code for mark, code in MARKS.items() if content.startswith(mark)), "") or _told(content)
    try:
        return content.decode(code).lstrip("\ufeff"), code.removesuffix("-sig")
    except LookupError:
        raise refuse(name, msg("there is no encoding {name}", name=repr(code))) from None
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise refuse(
            name,
            msg(
                "line {line} is no text in {code}; name another by --encoding, or save it as UTF-8",
                line=line,
                code=code,
            ),
        ) from None


def _told(content: bytes) -> str:
    """The code of a text without a mark: UTF-8 if it can be, UTF-16 by its zeros, Chinese by its pairs, else Western."""
    if b"\0" in content[:4096]:
        odd, even = content[1:4096:2].count(0), content[0:4096:2].count(0)
        return (
            "latin-1"
            if odd and even and min(odd, even) > 0.1 * max(odd, even)
            else "utf-16-le"
            if odd > even
            else "utf-16-be"
        )
    for code in ("utf-8", "gb18030"):
        try:
            text = content.decode(code)
        except UnicodeDecodeError:
            continue
        if code == "utf-8" or _is_chinese(content):
            return code
        del text
    return "cp1252"


def _is_chinese(content: bytes) -> bool:
    """Tell if the bytes beyond ASCII come in pairs of the frequent Chinese characters, as those of other languages do not."""
    pairs = frequent = k = 0
    while k < len(content):
        if content[k] < 0x80:
            k += 1
            continue
        if k + 1 < len(content):
            pairs += 1
            frequent += 0xB0 <= content[k] <= 0xD7 and content[k + 1] >= 0xA1
        k += 2
        if pairs >= 2_000:
            break
    return pairs > 0 and frequent >= 0.7 * pairs


def delimiter_of(text: str) -> str:
    """The sign between entries: the one that cuts nearly all lines into the same number of them, and into the most."""
    lines = [line for line in text[:200_000].splitlines()[:SAMPLE_LINES] if line.strip()]
    best, found = 0.0, ","
    for sign in DELIMITERS:
        try:
            counts = [len(row) for row in csv.reader(lines, delimiter=sign)]
        except csv.Error:  # an entry too long to be one: said where the whole is read
            continue
        usual = max(set(counts), key=counts.count)
        score = (usual - 1) * (counts.count(usual) / len(counts)) ** 2
        if score > best:
            best, found = score, sign
    return found


# --- workbooks and Parquet ---

CHILD_PROGRAM = """
import sys, json, io, datetime as dt
try:
    import resource
    for limit, most in ((resource.RLIMIT_AS, %d), (resource.RLIMIT_CPU, %d), (resource.RLIMIT_FSIZE, 1 << 29), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(limit, (most, most))
except ImportError:
    pass
from python_calamine import CalamineWorkbook
def plain(cell):
    if isinstance(cell, dt.datetime): return {"d": cell.isoformat()}
    if isinstance(cell, dt.date): return {"d": cell.isoformat() + "T00:00:00"}
    if isinstance(cell, (dt.time, dt.timedelta)): return str(cell)
    return cell
book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
cells, out = 0, sys.stdout
for name in book.sheet_names:
    sheet = book.get_sheet_by_name(name)
    first = (sheet.start or (0, 0))[0]
    if sheet.height * sheet.width > %d: print(json.dumps(["large", name])); sys.exit(3)
    print(json.dumps(["sheet", name]))
    for k, row in enumerate(sheet.to_python(skip_empty_area=True)):
        if any(cell not in ("", None) for cell in row):
            cells += len(row)
            if cells > %d: print(json.dumps(["large", name])); sys.exit(3)
            print(json.dumps([first + k + 1, [plain(cell) for cell in row]]))
"""


def _workbook(name: str, content: bytes) -> list[RawSheet]:
    """Read a workbook in a process of its own, which ends at bounds of memory and time; formulas are not worked out."""
    must_have(msg("reading workbooks"), "files", "python_calamine")
    child = CHILD_PROGRAM % (CHILD_MEMORY, CHILD_SECONDS, 25 * WORKBOOK_CELLS, WORKBOOK_CELLS)
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-X", "utf8", "-c", child],
            input=content,
            capture_output=True,
            timeout=CHILD_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise refuse(
            name, msg("it took longer than {n} seconds to read; save the sheet that counts as CSV", n=CHILD_SECONDS)
        ) from None
    lines = done.stdout.decode("utf-8", errors="replace").splitlines()
    if done.returncode == 3 or (lines and lines[-1].startswith('["large"')):
        raise refuse(name, TOO_MANY_CELLS)
    if done.returncode:
        raise refuse(name, _why_unread(done.stderr.decode("utf-8", errors="replace")))
    sheets: list[RawSheet] = []
    once: dict[Any, Any] = {}
    for line in lines:
        head, *rest = json.loads(line)
        if head == "sheet":
            sheets.append(RawSheet(name, str(rest[0]), []))
        else:
            row = [_cell(cell) for cell in rest[0]]
            sheets[-1].rows.append((int(head), [once.setdefault((type(cell), cell), cell) for cell in row]))
    return [sheet for sheet in sheets if sheet.rows]


def _why_unread(error: str) -> Any:
    last = (error.strip().splitlines() or [""])[-1]
    if "assword" in last:
        return msg("it has a password; save it without one")
    if "MemoryError" in last or "memory allocation" in error or not last:
        return msg("it needs more memory or time to read than any table does")
    return msg("it is no workbook that can be read ({why})", why=last.rpartition(":")[2].strip()[:120])


def _cell(cell: Any) -> Cell:
    if isinstance(cell, dict):
        return dt.datetime.fromisoformat(cell["d"])
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return float(cell)
    return str(cell)[:LONGEST_CELL] if cell not in (None, "") else None


def _parquet(name: str, content: bytes) -> RawSheet:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(content))
        head = file.metadata
        unpacked = sum(head.row_group(k).total_byte_size for k in range(head.num_row_groups))
        _refuse_large(name, head.num_rows, head.num_columns, head.num_rows * head.num_columns, MOST_CELLS)
        if unpacked > 4 * LARGEST_MB * 1_000_000:
            raise refuse(
                name, msg("it unpacks to more than {most} MB; keep fewer years or products", most=4 * LARGEST_MB)
            )
        table = file.read()
    except (pa.ArrowException, OSError) as error:
        raise refuse(
            name, msg("it is no Parquet file that can be read ({why})", why=" ".join(f"{error}".split())[:120])
        ) from None
    columns = [[_from_arrow(cell) for cell in table.column(k).to_pylist()] for k in range(table.num_columns)]
    rows: list[tuple[int, list[Cell]]] = [(1, list(table.column_names))]
    rows += [(k + 2, list(row)) for k, row in enumerate(zip(*columns, strict=True))]
    return RawSheet(name, "", rows)


def _from_arrow(cell: Any) -> Cell:
    if isinstance(cell, dt.datetime):
        return cell.replace(tzinfo=None)
    if isinstance(cell, dt.date):
        return dt.datetime(cell.year, cell.month, cell.day)
    if cell is None or isinstance(cell, str | float):
        return cell
    return float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else str(cell)[:LONGEST_CELL]


def texts_of(sheets: list[RawSheet]) -> Iterator[str]:
    """Say of each sheet where it stands."""
    yield from (f"{sheet.file} [{sheet.name}]" if sheet.name else sheet.file for sheet in sheets)
