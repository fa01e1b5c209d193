"""Columns by their heads: what a head in English, German or Chinese means, and which row of a table holds the heads."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from simulator.company.intake.sheets import Cell, RawSheet
from simulator.company.intake.values import date_of, number_of, plain

_TOLD = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))

HEAD_WORDS: dict[str, list[str]] = _TOLD["columns"]
"""Heads of columns by role, as they are compared."""

SHEET_WORDS: dict[str, list[str]] = _TOLD["sheets"]
"""Names of sheets by table."""

PASSED_OVER: list[str] = _TOLD["others"]["passed_over"]
"""Sheets of a template that hold no table."""

TOTALS = frozenset(_TOLD["others"]["totals"])
"""Words that stand in a row of totals."""

BY_WORD = {word: role for role, words in HEAD_WORDS.items() for word in words}

NEEDED_ROLES = {
    "demand": ("product", "date", "quantity"),
    "products": ("product",),
    "open_purchases": ("product", "due", "quantity"),
    "open_orders": ("product", "due", "quantity"),
    "resources": ("resource", "hours_a_day"),
    "bill": ("parent", "child", "quantity"),
    "people": ("resource", "heads"),
    "contracts": ("product", "due", "quantity", "call_offs"),
}
"""Tables, with the columns that each must have."""

MOST_ABOVE = 40
"""Rows above the heads that are looked through: titles, filters, the date of the report."""

EXAMPLE = "EXAMPLE"
"""Product of the rows of a template that show how a row is written."""

FEWEST_PERIODS = 3
"""Heads that are dates, from which a table has a column for each period."""


def head_word(head: str) -> str:
    """A head as it is compared, without its unit in brackets: small letters and digits only."""
    text = unicodedata.normalize("NFKC", head).casefold()
    text = re.sub(r"[(\[{<].*?[)\]}>]", "", text) or text
    return "".join(sign for sign in text if sign.isalnum())


def role_of(head: str, near: bool = True) -> str:
    """The role of a column by its head; empty where no word for it is known."""
    word = head_word(head)
    if word in BY_WORD:
        return BY_WORD[word]
    short = re.sub(r"(in)?(tagen|wochen|days|weeks|eur|usd|gbp|chf|cny|stk|st|pcs)$", "", word)
    if short in BY_WORD:
        return BY_WORD[short]
    close = (
        get_close_matches(word, [each for each in BY_WORD if len(each) > 4], 1, 0.88) if near and len(word) > 4 else []
    )
    return BY_WORD[close[0]] if close else ""


@dataclass(frozen=True)
class Heads:
    """The row of heads of a table, what its columns mean, and the columns that stand for periods."""

    place: int  # among the rows of the sheet; -1 where no row holds heads
    names: tuple[str, ...]
    roles: dict[str, int]  # column of each role
    periods: dict[int, dt.datetime]  # a date for each column that stands for a period
    guessed: tuple[str, ...] = ()  # roles told by what the column holds, not by its head


def heads_of(sheet: RawSheet, stated: dict[str, str] | None = None, ignored: frozenset[str] = frozenset()) -> Heads:
    """Find the row of heads: the first with the most heads that are known or stated; those ignored mean nothing."""
    stated = stated or {}
    best, found = 0, Heads(-1, (), {}, {})
    for place, (_, row) in enumerate(sheet.rows[:MOST_ABOVE]):
        heads = _heads(place, row, stated, ignored)
        if len(heads.roles) + min(len(heads.periods), FEWEST_PERIODS) > best:
            best, found = len(heads.roles) + min(len(heads.periods), FEWEST_PERIODS), heads
    if found.place >= 0 and len(found.names) > 1:
        return found
    return _without_heads(sheet)


def _heads(place: int, row: list[Cell], stated: dict[str, str], ignored: frozenset[str]) -> Heads:
    names = tuple(map(_head_text, row))
    roles: dict[str, int] = {}
    periods: dict[int, dt.datetime] = {}
    for role, head in stated.items():
        places = [k for k, name in enumerate(names) if name.casefold() == plain(head).casefold()]
        if places and places[0] not in roles.values():
            roles[role] = places[0]
    for k, cell in enumerate(row):
        if k in roles.values() or names[k].casefold() in ignored:
            continue
        role = role_of(names[k]) if isinstance(cell, str) and not date_of(cell) else ""
        if role and role not in roles:
            roles[role] = k
        elif not role and cell is not None and (day := date_of(cell, "dmy")):
            periods[k] = day
    if len(periods) < FEWEST_PERIODS or "product" not in roles:
        periods = {}
    return Heads(place, names, roles, periods)


def _head_text(cell: Cell) -> str:
    if isinstance(cell, dt.datetime):
        return f"{cell:%Y-%m-%d}"
    return plain(cell) if isinstance(cell, str) else "" if cell is None else f"{cell:g}"


def _without_heads(sheet: RawSheet) -> Heads:
    """A table without heads: columns are named A, B, C ..., and their roles told by what they hold."""
    width = max(len(row) for _, row in sheet.rows)
    names = tuple(column_letter(k) for k in range(width))
    return Heads(-1, names, {}, {})


def told_by_content(
    sheet: RawSheet, heads: Heads, missing: tuple[str, ...], ignored: frozenset[str] = frozenset()
) -> Heads:
    """Tell missing roles by what the columns hold, as long as one column alone can have the role."""
    sample = [row for _, row in sheet.rows[heads.place + 1 : heads.place + 201]]
    taken = {*heads.roles.values(), *heads.periods}
    free = [k for k, name in enumerate(heads.names) if k not in taken and name.casefold() not in ignored]
    roles, guessed = dict(heads.roles), []
    for role in missing:
        fits = [
            k
            for k in free
            if k not in roles.values() and _fits(role, [row[k] if k < len(row) else None for row in sample])
        ]
        if len(fits) == 1:
            roles[role] = fits[0]
            guessed.append(role)
    return Heads(heads.place, heads.names, roles, heads.periods, tuple(guessed))


def _fits(role: str, cells: list[Cell]) -> bool:
    some = [cell for cell in cells if cell is not None and cell != ""]
    if len(some) < 2:
        return False
    dates = sum(date_of(cell, "dmy") is not None and not isinstance(cell, float) for cell in some) / len(some)
    numbers = sum(number_of(cell) is not None or number_of(cell, ",") is not None for cell in some) / len(some)
    if role in ("date", "due"):
        return dates > 0.9
    if role in ("quantity", "hours_a_day", "heads"):
        return numbers > 0.9 and dates < 0.5
    texts = [str(cell) for cell in some]
    return role == "product" and dates < 0.5 and numbers < 0.5 and len(set(texts)) < max(len(texts), 3)


def table_of(sheet: RawSheet, heads: Heads) -> str:
    """Tell which table of a company a sheet holds, by its name, else by its columns; empty if none."""
    word = head_word(sheet.name)
    if word in PASSED_OVER:
        return ""
    roles = set(heads.roles) | ({"date", "quantity"} if heads.periods else set())
    named = next((table for table, words in SHEET_WORDS.items() if word in words), "")
    if named and set(NEEDED_ROLES[named]) <= roles:
        return named
    if "product" in roles and "date" in roles and "quantity" in roles:
        return "demand"
    if {"parent", "child"} <= roles:
        return "bill"
    if {"product", "due", "quantity", "call_offs"} <= roles:
        return "contracts"
    if {"resource", "heads"} <= roles:
        return "people"
    if {"product", "due", "quantity"} <= roles:
        return (
            "open_purchases"
            if "supplier" in roles
            else "open_orders"
            if roles & {"segment", "customer"}
            else "open_purchases"
        )
    if {"resource", "hours_a_day"} <= roles:
        return "resources"
    facts = roles & {
        "name",
        "family",
        "price",
        "cost",
        "lead_time",
        "supplier",
        "stock",
        "minimum",
        "pack",
        "made",
        "shelf_life",
    }
    return "products" if "product" in roles and facts else named


def column_letter(k: int) -> str:
    """The letters of a column in a spreadsheet."""
    letters = ""
    k += 1
    while k:
        k, rest = divmod(k - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
