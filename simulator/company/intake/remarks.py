"""Remarks on the rows of a table: where, what stands there, by which rule, and whether the row was set aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from simulator.kernel.messages import Message, Value, msg, number

REMARK_RULES = {
    "total": msg("a row of totals"),
    "example": msg("the example of a template"),
    "no-product": msg("no product"),
    "bad-product": msg("no product code: too long, begins like a formula, or with signs that cannot be shown"),
    "no-date": msg("no date"),
    "bad-date": msg("not a date"),
    "no-quantity": msg("no quantity"),
    "bad-quantity": msg("not a number"),
    "large": msg("a number beyond all reason"),
    "future": msg("dated after the as-of date"),
    "known": msg("dated within what was there before the file was added"),
    "stray": msg("dated far from all other rows"),
    "equal-dropped": msg("repeats another row in every column"),
    "small-product": msg("a product beyond the number that is taken, the smallest first"),
    "no-due": msg("no date on which it is due"),
    "equal": msg("repeats another row in every column"),
    "zeros": msg("leading zeros lost; taken for the product that has them"),
    "twice": msg("names a product again; the first row counts"),
    "no-facts": msg("a product that the table of products lacks; its facts are assumed"),
    "bad-fact": msg("cannot be read; left out and assumed"),
    "negative-stock": msg("stock below zero; taken as none"),
    "short": msg("a lead time below a day; taken as one"),
}
"""What may be wrong with a row."""

SET_ASIDE = (
    "total", "example", "no-product", "bad-product", "no-date", "bad-date", "no-quantity", "bad-quantity", "large", "future", "known",
    "stray", "equal-dropped", "small-product", "no-due",
)  # fmt: skip
"""Rules by which a row is left out; by all others it is kept."""

MOST_KEPT = 100_000
"""Remarks that are held; all are counted."""


@dataclass(frozen=True)
class Remark:
    """Say of one cell, or of a row as a whole, what is wrong."""

    file: str
    sheet: str
    row: int
    column: str
    value: str
    rule: str

    @property
    def aside(self) -> bool:
        """Tell if the row was set aside for it."""
        return self.rule in SET_ASIDE


@dataclass
class Remarks:
    """Hold the remarks on all tables, and count them by rule; a row that is set aside has one remark."""

    found: list[Remark] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, remark: Remark) -> None:
        """Take a remark down."""
        self.counts[remark.rule] += 1
        if len(self.found) < MOST_KEPT:
            self.found.append(remark)

    @property
    def aside(self) -> int:
        """Rows that were set aside."""
        return sum(count for rule, count in self.counts.items() if rule in SET_ASIDE)

    def sentences(self) -> Iterator[Message]:
        """Count the rows by rule, those set aside first, with an example of each."""
        for rule in REMARK_RULES:
            if self.counts[rule]:
                first = next(remark for remark in self.found if remark.rule == rule)
                said: dict[str, Value] = {
                    "rule": REMARK_RULES[rule],
                    "n": number(self.counts[rule]),
                    "where": place_words(first),
                    "value": repr(first.value),
                }
                if rule in SET_ASIDE:
                    yield msg("Set aside, {rule}: {n} (first: {where}, {value}).", **said)
                else:
                    yield msg("Kept, {rule}: {n} (first: {where}, {value}).", **said)


def place_words(remark: Remark) -> Message:
    """Say where a remark belongs: file, sheet, row, column."""
    file = f"{remark.file} [{remark.sheet}]" if remark.sheet else remark.file
    if remark.column:
        return msg("{file}, row {row}, column {column}", file=file, row=remark.row, column=remark.column)
    return msg("{file}, row {row}", file=file, row=remark.row)
