"""Open a file that anybody may have made: by its first bytes, within bounds of size, unpacking nothing twice."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from pathlib import Path

from simulator.company.gate import content_of
from simulator.kernel.messages import Message, msg, number
from simulator.kernel.units import ScenarioError, in_file

LARGEST_MB = 64
"""Megabytes of a file, packed or unpacked."""

ROWS_OF_TEXT, MOST_COLUMNS, MOST_CELLS = 1_000_000, 2_000, 8_000_000
"""Rows, columns and cells of a table of text."""

MOST_PARTS, MOST_PACKING = 2_000, 400
"""Parts of a workbook, and how many times smaller a part may be packed: text of a sheet packs to a twentieth."""

WORKBOOK_CELLS = 4_000_000

TOO_MANY_CELLS = msg(
    "it has a sheet of more than {most} cells, or a cell far outside all others; save what counts as CSV",
    most=number(WORKBOOK_CELLS),
)

CHUNK_BYTES = 1 << 16

WORKBOOK, OLD_WORKBOOK, PARQUET_KIND = "workbook", "old workbook", "columns"


def refuse(name: str, what: Message) -> ScenarioError:
    """Make the error that says what is wrong with a file."""
    return ScenarioError(in_file(name, what))


def opened(path: Path) -> tuple[str, bytes]:
    """Read a file and tell its kind: text, workbook, old workbook or columns (Parquet); anything else is refused."""
    content = content_of(path, LARGEST_MB * 1_000_000, "table")
    if content[:2] == b"\x1f\x8b":
        content = _unpacked(path.name, content)
    return kind_of_content(path.name, content), content


def kind_of_content(name: str, content: bytes) -> str:
    """Tell the kind of a file by its first bytes; ScenarioError says what it is instead of a table."""
    if content[:2] == b"\x1f\x8b":
        raise refuse(name, msg("it is packed twice; unpack it"))
    if content[:4] == b"PK\x03\x04":
        check_parts(name, content)
        return WORKBOOK
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return OLD_WORKBOOK
    if content[:4] == b"PAR1":
        return PARQUET_KIND
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<?xml", b"<head")):
        raise refuse(
            name,
            msg("it is a web page or XML, whatever its name ends in; open it in a spreadsheet and save it as .xlsx"),
        )
    if start.startswith((b"%pdf", b"\x89png", b"\xff\xd8\xff", b"{\\rtf", b"mz\x90", b"\x7felf")):
        raise refuse(name, msg("it is no table; give CSV, .xlsx, .xls, .ods or Parquet"))
    if not content.strip():
        raise refuse(name, msg("it is empty"))
    return "text"


def _unpacked(name: str, content: bytes) -> bytes:
    """Unpack what gzip packed, as far as the bounds go."""
    most = LARGEST_MB * 1_000_000
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            inner = packed.read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise refuse(name, msg("it cannot be unpacked ({why})", why=f"{error}")) from None
    if len(inner) > most:
        raise refuse(name, msg("it unpacks to more than {most} MB; keep fewer years or products", most=LARGEST_MB))
    return inner


def check_parts(name: str, content: bytes) -> None:
    """Refuse a packed workbook that unpacks to far more than it says, holds macros, a password, or is no workbook."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise refuse(name, msg("it cannot be unpacked ({why})", why=f"{error}")) from None
    names = [part.filename for part in parts]
    if "[Content_Types].xml" not in names and "mimetype" not in names:
        raise refuse(name, msg("it is a packed folder; unpack it and give the files in it"))
    if len(parts) > MOST_PARTS:
        raise refuse(
            name, msg("it has {n} parts; a workbook has at most {most}", n=number(len(parts)), most=number(MOST_PARTS))
        )
    if any(part.flag_bits & 1 for part in parts):
        raise refuse(name, msg("it has a password; save it without one"))
    if any(part.casefold().endswith(("vbaproject.bin", ".zip", ".gz", ".7z", ".exe")) for part in names):
        raise refuse(name, msg("it holds macros or packed files; save it as .xlsx"))
    total = 0
    for part in parts:
        try:
            total += _true_size(name, archive, part, total)
        except (zipfile.BadZipFile, OSError, EOFError, zlib.error, NotImplementedError, ValueError) as error:
            if isinstance(error, ScenarioError):
                raise
            raise refuse(name, msg("it cannot be unpacked ({why})", why=f"{error}")) from None


def _true_size(name: str, archive: zipfile.ZipFile, part: zipfile.ZipInfo, before: int) -> int:
    """Unpack a part and count its bytes, whatever its head says of them; none of it is kept."""
    size, tail, cells = 0, b"", 0
    is_sheet = part.filename.startswith("xl/worksheets/")
    with archive.open(part) as inner:
        while chunk := inner.read(CHUNK_BYTES):
            size += len(chunk)
            if size > CHUNK_BYTES and size > MOST_PACKING * max(part.compress_size, 1):
                raise refuse(
                    name,
                    msg("a part of it is packed {n} times smaller than it is, as no table is", n=number(MOST_PACKING)),
                )
            if before + size > 4 * LARGEST_MB * 1_000_000:
                raise refuse(
                    name, msg("it unpacks to more than {most} MB; keep fewer years or products", most=4 * LARGEST_MB)
                )
            seen = tail + chunk
            if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
                raise refuse(name, msg("it declares entities, as no workbook does"))
            tail = seen[-16:]
            if is_sheet:
                cells += chunk.count(b"<c ") + chunk.count(b"<c>")
            if cells > WORKBOOK_CELLS:
                raise refuse(name, TOO_MANY_CELLS)
    return size
