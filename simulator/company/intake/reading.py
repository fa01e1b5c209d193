"""Rows of tables as the demand and the facts of a company: what can be read is kept, what cannot is remarked on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from simulator.company.buckets import Dates, bucket_of, stray
from simulator.company.gate import control_character
from simulator.company.intake.mapping import Understood, Wishes
from simulator.company.intake.remarks import Remark, Remarks
from simulator.company.intake.roles import (
    EXAMPLE,
    NEEDED_ROLES,
    PASSED_OVER,
    TOTALS,
    Heads,
    head_word,
    heads_of,
    table_of,
    told_by_content,
)
from simulator.company.intake.sheets import Cell, RawSheet, sheets_of
from simulator.company.intake.values import REMEMBERED, date_of, date_order, decimal_mark, number_of, plain
from simulator.company.order_file import LARGEST_NUMBER
from simulator.kernel.messages import listed, msg
from simulator.kernel.units import Mask, ScenarioError, nearest

LONGEST_CODE = 60

FORMULA = ("=", "+", "-", "@")
"""Signs with which a text begins that spreadsheets take for a formula."""

SAMPLE = 2_000
"""Rows from which numbers and dates of a table are told."""

NUMBERS = (
    "quantity", "price", "cost", "lead_time", "stock", "minimum", "multiple", "hours_a_day", "hours", "heads", "hours_a_head",
    "call_offs",
)  # fmt: skip

OPTIONAL = ("order", "line", "customer", "segment", "price")


@dataclass
class DemandRows:
    """Hold the rows of demand that are kept, column by column, with where each stood."""

    date: list[dt.datetime] = field(default_factory=list)
    product: list[str] = field(default_factory=list)
    quantity: list[float] = field(default_factory=list)
    more: dict[str, list[str]] = field(default_factory=dict)
    place: list[tuple[int, int, int]] = field(default_factory=list)  # table, row among its rows, column

    def keep(self, which: Sequence[int]) -> None:
        """Keep some of the rows."""
        self.date = [self.date[k] for k in which]
        self.product = [self.product[k] for k in which]
        self.quantity = [self.quantity[k] for k in which]
        self.place = [self.place[k] for k in which]
        self.more = {name: [entries[k] for k in which] for name, entries in self.more.items()}


def understood(paths: Sequence[Path], wishes: Wishes, added: Sequence[Path] = ()) -> tuple[list[Understood], list[str]]:
    """Read the files, and tell of each sheet what table it holds; name the sheets that hold none and are passed over.

    Those `added` hold what came after the others.
    """
    found, passed_over, seen = [], [], set[str]()
    for place, path in enumerate([*paths, *added]):
        for sheet in sheets_of(path, wishes.encoding, wishes.delimiter):
            if head_word(sheet.name) in PASSED_OVER:
                continue
            heads = heads_of(sheet, {**wishes.columns, **_usual(wishes)}, wishes.passed_over)
            seen.update(name.casefold() for name in heads.names)
            table = table_of(sheet, heads)
            if table in ("", "demand"):
                lacking = _lacking(heads)
                hopeless = heads.place >= 0 and not table and not heads.roles
                guessed = (
                    heads if hopeless or not lacking else told_by_content(sheet, heads, lacking, wishes.passed_over)
                )
                if not _lacking(guessed):
                    heads, table = guessed, "demand"
            if table:
                found.append(replace(_understood(sheet, heads, table, wishes), added=place >= len(paths)))
            elif not sheet.name:
                _refuse_unknown(sheet, heads)
            else:
                passed_over.append(sheet.name)
    for head in wishes.columns.values():
        if plain(head).casefold() not in seen:
            raise ScenarioError(
                msg(
                    "--map names the column {name}, which no table has; {hint}",
                    name=repr(head),
                    hint=nearest(head, sorted(seen)),
                )
            )
    if not any(each.table == "demand" for each in found):
        raise ScenarioError(
            msg(
                "no table of demand was found in {files}: it needs columns for {roles}, or a product and a column for each "
                "period; name them by --map role=column",
                files=listed([path.name for path in paths], ", "),
                roles=listed(NEEDED_ROLES["demand"], ", "),
            )
        )
    return found, passed_over


def _usual(wishes: Wishes) -> dict[str, str]:
    """Columns of the last import, for roles and columns of which nothing else is said."""
    said = {plain(head).casefold() for head in wishes.columns.values()}
    return {
        role: head
        for role, head in wishes.usual_columns.items()
        if role not in wishes.columns and plain(head).casefold() not in said
    }


def _lacking(heads: Heads) -> tuple[str, ...]:
    has = (
        set(heads.roles)
        | ({"date", "quantity"} if heads.periods else set())
        | ({"date"} if "year" in heads.roles else set())
    )
    return tuple(role for role in NEEDED_ROLES["demand"] if role not in has)


def _refuse_unknown(sheet: RawSheet, heads: Heads) -> None:
    lacking = _lacking(heads)
    raise ScenarioError(
        msg(
            "{file}: no column is known for {roles}; its heads are {heads}; name them by --map role=column, such as --map "
            "quantity={example}",
            file=f"{sheet.file} [{sheet.name}]" if sheet.name else sheet.file,
            roles=listed(lacking, ", "),
            heads=listed([name for name in heads.names if name][:12], ", "),
            example=next(
                (name for k, name in enumerate(heads.names) if name and k not in heads.roles.values()), "Menge"
            ),
        )
    )


def _understood(sheet: RawSheet, heads: Heads, table: str, wishes: Wishes) -> Understood:
    sample = [row for _, row in sheet.rows[heads.place + 1 : heads.place + 1 + SAMPLE]]
    day = [heads.roles[role] for role in ("date", "due") if role in heads.roles]
    texts = [cell for row in sample for k in day if k < len(row) and isinstance(cell := row[k], str)]
    order, certain = (wishes.dates, True) if wishes.dates else date_order(texts)
    if not certain and wishes.usual_dates:
        order, certain = wishes.usual_dates, True
    figures = [heads.roles[role] for role in NUMBERS if role in heads.roles] + list(heads.periods)
    written = [cell for row in sample for k in figures if k < len(row) and isinstance(cell := row[k], str) and cell]
    mark = wishes.decimal or decimal_mark(written, sheet.delimiter == ";")
    return Understood(sheet, heads, table, order, certain, mark)


@dataclass
class Reader:
    """Read the rows of all tables, and take down what is wrong with them."""

    tables: Sequence[Understood]
    wishes: Wishes
    remarks: Remarks = field(default_factory=Remarks)
    rows: DemandRows = field(default_factory=DemandRows)
    read: int = 0  # rows of demand, or cells where each period has a column

    def demand(self) -> str:
        """Read all demand, and return what a row of it is."""
        for name in OPTIONAL:
            if any(
                name in table.heads.roles or (name == "segment" and "channel" in table.heads.roles)
                for table in self._of("demand")
            ):
                self.rows.more[name] = []
        for number, table in enumerate(self.tables):
            if table.table == "demand":
                self._read_demand(number, table)
        if not self.rows.date:
            raise ScenarioError(
                msg(
                    "no row of demand can be read: {why}",
                    why=listed(list(self.remarks.sentences())[:3] or [msg("there is none")], " "),
                )
            )
        self.rows.more = {name: entries for name, entries in self.rows.more.items() if any(entries)}
        self._after_as_of()
        self._there_before()
        bucket = self.wishes.bucket or self._bucket()
        self._strays()
        self._equal_rows(bucket)
        return bucket

    def _of(self, table: str) -> Iterator[Understood]:
        yield from (each for each in self.tables if each.table == table)

    def note(self, table: Understood, row: int, column: int | None, value: Cell, rule: str) -> None:
        """Take a remark down."""
        name = "" if column is None else table.heads.names[column]
        self.remarks.add(
            Remark(table.sheet.file, table.sheet.name, table.sheet.rows[row][0], name, code_of_cell(value)[:80], rule)
        )

    def _read_demand(self, number: int, table: Understood) -> None:
        roles, periods = table.heads.roles, table.heads.periods
        for k in range(table.heads.place + 1, len(table.sheet.rows)):
            row = table.sheet.rows[k][1]
            product = self.product(table, k, row)
            if periods:
                self._read_wide(number, table, k, row, product)
                continue
            self.read += 1
            if product is None:
                continue
            at = [roles.get(role) for role in ("date", "quantity")]
            day = self._date(table, k, row)
            if day is None:
                continue
            cell = _at(row, at[1])
            units = number_of(cell, table.decimal)
            if units is None or abs(units) > LARGEST_NUMBER:
                nothing = cell is None or not str(cell).strip()
                rule = "no-quantity" if nothing else "bad-quantity" if units is None else "large"
                self.note(table, k, at[1], cell, rule)
                continue
            self._keep(number, table, k, row, at[1] or 0, day, product, units)

    def _read_wide(self, number: int, table: Understood, k: int, row: list[Cell], product: str | None) -> None:
        """Read a row that has a column for each period; an empty cell is no demand."""
        if product is None:
            self.read += 1
            return
        for column, day in table.heads.periods.items():
            cell = _at(row, column)
            if cell is None or (isinstance(cell, str) and not cell.strip()):
                continue
            self.read += 1
            units = number_of(cell, table.decimal)
            if units is None or abs(units) > LARGEST_NUMBER:
                self.note(table, k, column, cell, "bad-quantity" if units is None else "large")
            else:
                self._keep(number, table, k, row, column, day, product, units)

    def _keep(
        self,
        number: int,
        table: Understood,
        k: int,
        row: list[Cell],
        column: int,
        day: dt.datetime,
        product: str,
        units: float,
    ) -> None:
        self.rows.date.append(day)
        self.rows.product.append(product)
        self.rows.quantity.append(units)
        self.rows.place.append((number, k, column))
        for name, entries in self.rows.more.items():
            at = table.heads.roles.get(name, table.heads.roles.get("channel") if name == "segment" else None)
            cell = _at(row, at)
            if name == "price":
                price = number_of(cell, table.decimal)
                entries.append("" if price is None else f"{price:.10g}")
                if price is None and cell is not None and str(cell).strip():
                    self.note(table, k, at, cell, "bad-fact")
            else:
                entries.append(code_of_cell(cell))

    def product(self, table: Understood, k: int, row: list[Cell], role: str = "product") -> str | None:
        """The product of a row; none, with a remark, where the row has none or is a total."""
        at = table.heads.roles[role]
        code = code_of_cell(_at(row, at))
        if any(isinstance(cell, str) and _is_total(cell) for cell in row[: max(at + 1, 3)]):
            self.note(table, k, None, next((cell for cell in row if cell), None), "total")
        elif not code:
            filled = [cell for cell in row if cell not in (None, "")]
            first = next((c for c, cell in enumerate(row) if cell not in (None, "")), at)
            self.note(table, k, at, None, "no-product") if len(filled) > 1 else self.note(
                table, k, first, filled[0], "no-product"
            )
        elif len(code) > LONGEST_CODE or control_character(code) or code.startswith(FORMULA):
            self.note(table, k, at, code, "bad-product")
        elif code == EXAMPLE:
            self.note(table, k, at, code, "example")
        else:
            return code
        return None

    def _date(self, table: Understood, k: int, row: list[Cell]) -> dt.datetime | None:
        roles = table.heads.roles
        at = roles.get("date")
        cell = _at(row, at)
        day = date_of(cell, table.dates)
        if "year" in roles and (day is None or not isinstance(cell, dt.datetime)):
            year, month = number_of(_at(row, roles["year"])), number_of(cell)
            if year and month and 1990 <= year <= 2100 and 1 <= month <= 12 and month == int(month):
                day = dt.datetime(int(year), int(month), 1)
        if day is None:
            self.note(table, k, at, cell, "no-date" if cell is None or str(cell).strip() == "" else "bad-date")
        return day

    # What only all rows together show

    def set_aside(self, mask: Mask, rule: str) -> None:
        """Leave rows out by a rule, each with a remark."""
        if not mask.any():
            return
        for k in np.flatnonzero(mask).tolist():
            number, row, column = self.rows.place[k]
            table = self.tables[number]
            day = rule in ("future", "stray", "known") and not table.heads.periods
            self.note(
                table, row, table.heads.roles.get("date") if day else column, _shown(table, row, column, day), rule
            )
        self.rows.keep(np.flatnonzero(~mask).tolist())

    def _after_as_of(self) -> None:
        if self.wishes.as_of:
            last = dt.date.fromisoformat(self.wishes.as_of)
            self.set_aside(np.array([day.date() > last for day in self.rows.date]), "future")
        if not self.rows.date:
            raise ScenarioError(msg("all rows of demand are dated after {day}; correct --as-of", day=self.wishes.as_of))

    def _there_before(self) -> None:
        """Set rows of added tables aside that are dated within what was there before: they would count twice."""
        added = np.array([self.tables[number].added for number, _, _ in self.rows.place], dtype=bool)
        if added.any() and not added.all():
            days = self.days()
            self.set_aside(added & (days <= days[~added].max()), "known")

    def days(self) -> Dates:
        """The date of each row that is kept."""
        return np.array([day.date() for day in self.rows.date], dtype="datetime64[D]")

    def _bucket(self) -> str:
        """Tell what a row is: from the periods that have columns, else from the dates."""
        periods = sorted({day for table in self._of("demand") for day in table.heads.periods.values()})
        if periods:
            step = float(np.median(np.diff(np.array(periods, dtype="datetime64[D]")).astype(np.int64)))
            return "month" if step > 20 else "week" if step > 4 else "day"
        who = self.rows.more.get("segment") or self.rows.more.get("customer") or [""] * len(self.rows.product)
        _, key = np.unique(
            np.array([f"{p}\0{w}" for p, w in zip(self.rows.product, who, strict=True)]), return_inverse=True
        )
        return bucket_of(self.days(), key.astype(np.int64))

    def _strays(self) -> None:
        self.set_aside(stray(self.days()), "stray")

    def _equal_rows(self, bucket: str) -> None:
        """Find rows that repeat another in every column that is read; with a line number they were written twice."""
        if bucket != "line" or any(table.heads.periods for table in self._of("demand")):
            return
        seen: set[tuple[object, ...]] = set()
        equal = np.zeros(len(self.rows.date), dtype=bool)
        for k, (number, row, _) in enumerate(self.rows.place):
            key = (number, *self.tables[number].sheet.rows[row][1])
            equal[k] = key in seen
            seen.add(key)
        if self.wishes.equal_lines == "drop" or "line" in self.rows.more:
            self.set_aside(equal, "equal-dropped")
            return
        for k in np.flatnonzero(equal).tolist():
            number, row, _ = self.rows.place[k]
            self.note(self.tables[number], row, None, self.rows.product[k], "equal")


def _shown(table: Understood, row: int, column: int, day: bool) -> Cell:
    return _at(table.sheet.rows[row][1], table.heads.roles.get("date") if day else column)


@lru_cache(maxsize=REMEMBERED)
def _is_total(cell: str) -> bool:
    """Tell if a cell says that its row is a sum of others."""
    return "".join(filter(str.isalnum, cell.casefold())) in TOTALS


def _at(row: list[Cell], column: int | None) -> Cell:
    return row[column] if column is not None and column < len(row) else None


@lru_cache(maxsize=REMEMBERED)
def code_of_cell(cell: Cell) -> str:
    """A code as text: a number of a workbook without decimals that it never had."""
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell == int(cell) and abs(cell) < 1e15 else f"{cell:.15g}"
    return plain(cell).removeprefix("'")
