"""The understanding of a table, kept in mapping.toml and used again for the next export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from simulator.company.gate import tables_of
from simulator.company.intake.roles import HEAD_WORDS, Heads
from simulator.company.intake.sheets import DELIMITERS, RawSheet
from simulator.company.intake.values import DATE_ORDERS
from simulator.company.toml import file_text
from simulator.kernel.messages import Message, listed, msg
from simulator.kernel.units import ScenarioError, in_file, nearest

MAPPING_FILE = "mapping.toml"

DECIMAL_MARKS = {",": msg("decimal comma"), ".": msg("decimal point")}


@dataclass(frozen=True)
class Wishes:
    """State what the user said of the tables; what is empty is told from them."""

    columns: Mapping[str, str] = field(default_factory=dict)  # head of each role
    bucket: str = ""
    as_of: str = ""
    equal_lines: str = ""  # keep or drop
    cancelled: str = ""
    encoding: str = ""
    delimiter: str = ""
    dates: str = ""
    decimal: str = ""
    ignored: tuple[str, ...] = ()  # heads of columns that mean nothing
    usual_columns: Mapping[str, str] = field(default_factory=dict)  # of the last import, as far as they are there
    usual_dates: str = ""  # of the last import, where the file leaves it open

    @property
    def passed_over(self) -> frozenset[str]:
        """The heads of columns that mean nothing, as they are compared."""
        return frozenset(head.strip().casefold() for head in self.ignored)


@dataclass(frozen=True)
class Understood:
    """Hold how one table was understood."""

    sheet: RawSheet
    heads: Heads
    table: str
    dates: str  # order of day, month and year
    certain: bool  # of the order of dates
    decimal: str
    added: bool = False  # to tables that were there before

    @property
    def columns(self) -> dict[str, str]:
        """The head of each role, in the order of the columns."""
        return {role: self.heads.names[k] for role, k in sorted(self.heads.roles.items(), key=lambda each: each[1])}

    def words(self) -> dict[str, Any]:
        """Return the understanding as entries of a file."""
        said: dict[str, Any] = {"table": self.table, "file": self.sheet.file}
        if self.sheet.name:
            said["sheet"] = self.sheet.name
        if self.sheet.encoding:
            said |= {"encoding": self.sheet.encoding, "delimiter": self.sheet.delimiter}
        said |= {"dates": self.dates, "decimal": self.decimal}
        if self.heads.place >= 0:
            said["heads_in_row"] = self.sheet.rows[self.heads.place][0]
        return {**said, "columns": self.columns}

    def sentence(self) -> Message:
        """Say how the table was understood."""
        where = f"{self.sheet.file} [{self.sheet.name}]" if self.sheet.name else self.sheet.file
        columns = listed([f"{role} = {head}" for role, head in self.columns.items()], ", ")
        facts: dict[str, Any] = {"where": where, "table": self.table, "columns": columns}
        if self.heads.periods:
            return msg(
                "{where}: table {table}, a column for each of {n} periods; columns {columns}.",
                n=len(self.heads.periods),
                **facts,
            )
        return msg("{where}: table {table}; columns {columns}.", **facts)

    def details(self) -> list[Message]:
        """Say in what code, with what signs, and what of it is a guess."""
        found = []
        if self.sheet.encoding:
            sign = DELIMITERS.get(self.sheet.delimiter, self.sheet.delimiter)
            found.append(
                msg(
                    "text in {encoding}, delimiter {delimiter}, {decimal}",
                    encoding=self.sheet.encoding,
                    delimiter=msg(sign),
                    decimal=DECIMAL_MARKS[self.decimal],
                )
            )
        if "date" in self.heads.roles and self.dates != "ymd":
            order = self.dates
            found.append(
                msg("dates as {order}", order=order)
                if self.certain
                else msg("dates as {order}, which the file leaves open: --dates says it", order=order)
            )
        if self.heads.guessed:
            found.append(
                msg(
                    "told by what the columns hold, not by their heads: {roles}; --map says it",
                    roles=listed(self.heads.guessed, ", "),
                )
            )
        return found


def read_mapping(path: Path, given: Wishes) -> Wishes:
    """Fill in what the user did not say from the mapping of the last import; how a file is written is told anew from each."""
    words = tables_of(path, "mapping")
    files = words.get("files", [])
    demand = next((each for each in files if isinstance(each, dict) and each.get("table") == "demand"), {})
    columns = demand.get("columns", {})
    if not isinstance(columns, dict) or not all(isinstance(head, str) for head in columns.values()):
        raise ScenarioError(in_file(path.name, msg("files.columns must name a column for each role")))
    check_roles(columns, path.name)

    ignored = words.get("ignored", [])
    if not isinstance(ignored, list) or not all(isinstance(head, str) for head in ignored):
        raise ScenarioError(in_file(path.name, msg("{entry} must be a list of texts", entry="ignored")))

    def kept(name: str, said: str, table: Mapping[str, Any]) -> str:
        value = table.get(name, "")
        if not isinstance(value, str):
            raise ScenarioError(in_file(path.name, msg("{entry} must be a text", entry=name)))
        return said or value

    return replace(
        given,
        bucket=kept("bucket", given.bucket, words),
        equal_lines=kept("equal_lines", given.equal_lines, words),
        cancelled=kept("cancelled", given.cancelled, words),
        ignored=given.ignored or tuple(head for head in ignored if head not in given.columns.values()),
        usual_columns=columns,
        usual_dates=kept("dates", "", demand),
    )


def check_roles(columns: Mapping[str, str], source: str) -> None:
    """Refuse a role that no column can have."""
    for role in columns:
        if role not in HEAD_WORDS:
            raise ScenarioError(
                in_file(
                    source,
                    msg(
                        "there is no such role of a column: {name}; {hint}",
                        name=repr(role),
                        hint=nearest(role, list(HEAD_WORDS)),
                    ),
                )
            )


def check_wishes(wishes: Wishes) -> None:
    """Refuse an order of dates or a decimal mark that nobody writes."""
    check_roles(wishes.columns, "--map")
    if wishes.dates and wishes.dates not in DATE_ORDERS:
        raise ScenarioError(
            msg(
                "--dates is {value}; it must be one of {names}",
                value=repr(wishes.dates),
                names=listed(DATE_ORDERS, ", "),
            )
        )
    if len(wishes.delimiter) > 1:
        raise ScenarioError(msg("--delimiter is {value}; it must be one sign", value=repr(wishes.delimiter)))
    if wishes.decimal and wishes.decimal not in DECIMAL_MARKS:
        raise ScenarioError(msg("--decimal is {value}; it must be a point or a comma", value=repr(wishes.decimal)))


def kept_tables(path: Path) -> list[dict[str, Any]]:
    """The tables of an earlier import, as they were understood."""
    files = tables_of(path, "mapping").get("files", []) if path.is_file() else []
    return [dict(each) for each in files if isinstance(each, dict)] if isinstance(files, list) else []


def mapping_text(
    tables: Sequence[Understood], wishes: Wishes, bucket: str, before: Sequence[Mapping[str, Any]] = ()
) -> str:
    """Write the understanding of all tables as a file; those of an earlier import stay before them."""
    words: dict[str, Any] = {"bucket": bucket, "equal_lines": wishes.equal_lines or "keep"}
    if wishes.cancelled:
        words["cancelled"] = wishes.cancelled
    if wishes.as_of:
        words["as_of"] = wishes.as_of
    if wishes.ignored:
        words["ignored"] = list(wishes.ignored)
    return file_text({**words, "files": [*before, *(table.words() for table in tables)]})
