"""A CSV file of order lines, read and checked: the first wrong entry is named by line and column."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import NoReturn, TypeVar

import numpy as np

from simulator.company.encoding import code_of, is_unmarked
from simulator.kernel.messages import Message, listed, msg, number
from simulator.kernel.units import Array, ScenarioError, Whole, in_file, nearest
from simulator.kernel.watching import Tell

ORDER_COLUMNS = ("invoice", "invoiced_at", "product", "quantity", "unit_price", "customer")
"""Columns of a file that says all; those of NEEDED_COLUMNS must be there, the others and MORE may."""

NEEDED_COLUMNS, MORE = ("invoiced_at", "product", "quantity"), ("line", "segment")

ALSO = {"date": "invoiced_at", "order": "invoice", "price": "unit_price"}
"""Shorter names of columns."""

LARGEST_FILE = 64  # MB, about a million lines: it is read whole, and more would crowd out the run itself
LONGEST_HISTORY = 50  # years: a longer one is a slip in a date
LARGEST_NUMBER = 1e9  # units or money of one line: more is a slip of the keyboard

OFTEN = 50_000  # lines from one look at how far it is to the next

MINUTES = 24 * 60  # a day
EPOCH = dt.date(1970, 1, 1).toordinal()

EntryType = TypeVar("EntryType")


@dataclass(frozen=True)
class OrderFile:
    """The lines of a file, column by column; a column that the file does not have is empty in every line."""

    path: Path
    read: int
    equal: int  # lines that repeat another in every column ...
    dropped: bool  # ... and whether they are still there
    invoice: Sequence[str]
    customer: Sequence[str]
    segment: Sequence[str] | None
    product: Sequence[str]
    minute: Whole  # since 1970: a cancellation follows its order, perhaps on the same day
    quantity: Array
    unit_price: Array | None


def read_order_file(path: Path, content: bytes, tell: Tell, equal_lines: str | None = None) -> OrderFile:
    """Read the columns of a file with this content; ScenarioError says in one sentence what is wrong with it.

    Lines that repeat another in every column are dropped or kept as `equal_lines` says; without it they are dropped
    where a column numbers the lines of an order, since then they were written twice.
    """
    found = _columns(path, _text(path, content), tell, equal_lines)
    numbers, columns = found.numbers, found.columns

    def each(column: str, meaning: Callable[[str], EntryType], allowed: Message) -> list[EntryType]:
        return _each(path, numbers, column, columns[column], meaning, allowed)

    minute = each("invoiced_at", _minute, msg("it must be a date such as 2011-03-31 or 2011-03-31 14:05"))
    _check_span(path, minute)
    most = number(LARGEST_NUMBER)
    amount = msg("it must be a number with a decimal point between -{most} and {most}", most=most)
    nothing = [""] * len(numbers)
    return OrderFile(
        path=path,
        read=found.read,
        equal=found.equal,
        dropped=found.dropped,
        invoice=columns.get("invoice", nothing),
        customer=columns.get("customer", nothing),
        segment=[entry.strip() for entry in columns["segment"]] if "segment" in columns else None,
        product=each("product", _code, msg("it must be a product's code")),
        minute=np.array(minute, dtype=np.int64),
        quantity=np.array(each("quantity", _number, amount)),
        unit_price=np.array(each("unit_price", _number, amount)) if "unit_price" in columns else None,
    )


def _wrong(path: Path, what: Message, allowed: Message) -> NoReturn:
    raise ScenarioError(in_file(path, msg("{what}; {allowed}", what=what, allowed=allowed)))


def content_of(path: Path) -> bytes:
    """Read the bytes of a file of order lines; ScenarioError says in one sentence why it cannot be read."""
    if not path.is_file():
        _wrong(
            path,
            msg("there is no such file"),
            msg("give the path of a CSV file of order lines, seen from the scenario file"),
        )
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE * 1_000_000 + 1)  # counted as it is read, whatever the system says of it
    except OSError as error:
        _wrong(
            path,
            msg("it cannot be opened ({why})", why=f"{error.strerror}"),
            msg("it must be readable; change its permissions"),
        )
    if len(content) > LARGEST_FILE * 1_000_000:
        size = max(path.stat().st_size, len(content)) / 1e6
        _wrong(
            path,
            msg("it has {size} MB", size=number(size)),
            msg("at most {most} MB are read; keep fewer products or years", most=LARGEST_FILE),
        )
    return content


def _text(path: Path, content: bytes) -> str:
    if is_unmarked(content):
        holds = msg("it holds zero bytes, as UTF-16 and UTF-32 without a byte-order mark do")
        _wrong(path, holds, msg("save the file as CSV in UTF-8"))
    try:
        return content.decode(code_of(content))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        _wrong(path, msg("line {line} is not UTF-8 text", line=line), msg("save the file as CSV in UTF-8"))


@dataclass(frozen=True)
class _Columns:
    read: int
    equal: int
    dropped: bool
    numbers: list[int]  # of the line of each row
    columns: dict[str, Sequence[str]]


def _columns(path: Path, text: str, tell: Tell, equal_lines: str | None) -> _Columns:
    """Return of each line its number and its entries by column."""
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines)
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    seen: set[tuple[str, ...]] = set()
    once: dict[str, str] = {}  # most entries are there again and again, and are held once
    read = 0
    try:
        header = [ALSO.get(name.strip(), name.strip()) for name in next(reader, [])]
        places = _places(path, header)
        drop = "line" in places if equal_lines is None else equal_lines == "drop"
        for entries in reader:
            if entries and len(entries) != len(header):
                many = msg("line {line} has {n} entries", line=reader.line_num, n=len(entries))
                _wrong(path, many, msg("give {n}, as in its first line", n=len(header)))
            if entries:
                read += 1
                if read % OFTEN == 0:
                    tell(lines.tell(), len(text))
                row = tuple(map(once.setdefault, entries, entries))
                if not (drop and row in seen):
                    rows.append(row)
                    numbers.append(reader.line_num)
                seen.add(row)
    except csv.Error as error:
        why = msg("line {line} is no CSV ({why})", line=reader.line_num, why=f"{error}")
        _wrong(path, why, msg("save the file as plain comma-separated text"))
    if not rows:
        head = msg("give at least one below the first line, {columns}", columns=",".join(ORDER_COLUMNS))
        _wrong(path, msg("it holds no order lines"), head)
    by_column = list(zip(*rows, strict=True))
    return _Columns(read, read - len(seen), drop, numbers, {name: by_column[k] for name, k in places.items()})


def _places(path: Path, header: list[str]) -> dict[str, int]:
    """Find the columns that are read; those that nobody can do without must be there."""
    places = {}
    for name in (*ORDER_COLUMNS, *MORE):
        if header.count(name) > 1:
            times = msg("column {column} is there {n} times", column=name, n=header.count(name))
            _wrong(path, times, msg("keep one of them"))
        if name in header:
            places[name] = header.index(name)
    for name in NEEDED_COLUMNS:
        if name not in places:
            missing = msg("column {column} is missing", column=name)
            if any(header):
                missing = msg("column {column} is missing ({hint})", column=name, hint=nearest(name, header))
            must = msg(
                "the first line must name {columns}; or let sop import read it", columns=listed(NEEDED_COLUMNS, ", ")
            )
            _wrong(path, missing, must)
    return places


def _each(
    path: Path,
    numbers: list[int],
    column: str,
    entries: Sequence[str],
    meaning: Callable[[str], EntryType],
    allowed: Message,
) -> list[EntryType]:
    """Convert the entries of a column; report the first that cannot be read with its line number."""
    meant: dict[str, EntryType] = {}
    try:
        for entry in dict.fromkeys(entries):  # in their order, so that the first wrong one is met first
            meant[entry] = meaning(entry)
    except ValueError:
        line = numbers[entries.index(entry)]
        what = msg("line {line}, column {column} is {value}", line=line, column=column, value=repr(entry))
        _wrong(path, what, msg("{allowed}; correct it or take the line out", allowed=allowed))
    return [meant[entry] for entry in entries]


def _code(entry: str) -> str:
    if not entry.strip():
        raise ValueError(entry)
    return entry.strip()


def _number(entry: str) -> float:
    number = float(entry)
    if not isfinite(number) or abs(number) > LARGEST_NUMBER:
        raise ValueError(entry)
    return number


def _minute(entry: str) -> int:
    time = dt.datetime.fromisoformat(entry.strip())
    return (time.toordinal() - EPOCH) * MINUTES + time.hour * 60 + time.minute


def _check_span(path: Path, minute: list[int]) -> None:
    first, last = (dt.date.fromordinal(edge // MINUTES + EPOCH) for edge in (min(minute), max(minute)))
    if (last - first).days > LONGEST_HISTORY * 365.25:
        _wrong(
            path,
            msg("column invoiced_at runs from {first} to {last}", first=first, last=last),
            msg("at most {most} years are read; correct the dates or keep fewer years", most=LONGEST_HISTORY),
        )
