"""Numbers and dates as people write them: decimal comma or point, thousands apart, the day, month or year first."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from simulator.company.intake.sheets import Cell

EARLIEST_DAY, LATEST_DAY = dt.date(1990, 1, 1), dt.date(2100, 12, 31)

DATE_ORDERS = ("ymd", "dmy", "mdy")
"""Orders in which a date is written."""

SERIALS = (20_000, 80_000)
"""Days since 1899-12-30, as spreadsheets count them, from 1954 to 2119."""

REMEMBERED = 1 << 15
"""Cells whose meaning is remembered: most of a large table are there again and again."""

ODD_SPACES = "[\u00a0\u202f\u2009 ]"
MONEY_SIGNS = re.compile(r"^(?:[A-Z]{3}|[€$£¥￥])\s*|\s*(?:EUR|USD|GBP|CHF|CNY|RMB|[€$£¥￥元])$")
UNIT_SIGNS = re.compile(r"\s*(?:st|stk|stck|pcs?|ea|units?|kg|件|个|箱|台|套|只)\.?$", re.IGNORECASE)
PLAIN_DIGITS = re.compile(r"^\d[\d.,'’]*$|^[.,]\d+$")

MONTH_NAMES = (
    ("january", "januar", "jan", "jän"), ("february", "februar", "feb"), ("march", "märz", "mar", "mrz", "mär"), ("april", "apr"),
    ("may", "mai"), ("june", "juni", "jun"), ("july", "juli", "jul"), ("august", "aug"), ("september", "sept", "sep"),
    ("october", "oktober", "oct", "okt"), ("november", "nov"), ("december", "dezember", "dec", "dez"),
)  # fmt: skip
MONTH_OF = {name: k + 1 for k, names in enumerate(MONTH_NAMES) for name in names}

TIME_PART = r"(?:[T ]+(\d{1,2}):(\d{2})(?::\d{2}(?:[.,]\d+)?)?\s*([AaPp][Mm])?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?)?$"
DATE_PARTS = re.compile(r"^(\d{1,4})[-/. ]{1,2}(\d{1,2})[-/. ]{1,2}(\d{1,4})\.?" + TIME_PART)
CHINESE_DATE = re.compile(r"^(\d{4})年(\d{1,2})月(?:(\d{1,2})[日号])?" + TIME_PART)
COMPACT_DATE = re.compile(r"^(\d{4})(\d{2})(\d{2})?$")
YEAR_MONTH = re.compile(r"^(\d{4})[-/. ]?[Mm]?(\d{1,2})$")
MONTH_YEAR = re.compile(r"^(\d{1,2})[-/. ](\d{4})$")
WEEK_OF_YEAR = re.compile(
    r"^(?:(\d{4})[-/ ]?(?:w|kw|cw|wk|第)[- ]?(\d{1,2})周?|(?:w|kw|cw|wk|week|woche)[- .]*(\d{1,2})[-/. ]+(\d{4}))$",
    re.IGNORECASE,
)
WITH_MONTH = re.compile(r"^(?:(\d{1,2})[-. ]+)?([^\W\d_]{3,9})\.?[-, ']*(?:(\d{1,2}),[ ]*)?(\d{4}|\d{2})" + TIME_PART)


def plain(text: str) -> str:
    """A text without double width, odd spaces and spaces at its ends."""
    return unicodedata.normalize("NFKC", text).strip() if not text.isascii() else text.strip()


# --- numbers ---


def decimal_mark(texts: Iterable[str], comma_is_usual: bool = False) -> str:
    """Tell from the numbers of a file whether a comma or a point stands before the decimals.

    Where both stand in one number the last does; a sign that stands twice parts thousands, as does one that always has three
    digits behind it while smaller numbers have none.
    """
    commas = points = plain_large = 0
    three = {",": 0, ".": 0}
    for text in texts:
        core = re.sub(ODD_SPACES + r"|[-+()]", "", MONEY_SIGNS.sub("", plain(text)))
        where = {sign: core.rfind(sign) for sign in ",."}
        if where[","] >= 0 and where["."] >= 0:
            return "," if where[","] > where["."] else "."
        for sign, other in ((",", "."), (".", ",")):
            if core.count(sign) > 1:
                return other
            if core.count(sign) == 1:
                behind = len(core) - where[sign] - 1
                if behind != 3 or core.startswith(("0", sign)):
                    return sign
                three[sign] += 1
        commas, points = three[","], three["."]
        plain_large += core.isdigit()
    if commas and not points:
        return "," if not plain_large or comma_is_usual else "."
    if points and not commas:
        return "," if comma_is_usual and plain_large else "."
    return "," if comma_is_usual else "."


@lru_cache(maxsize=REMEMBERED)
def number_of(cell: Cell, mark: str = ".") -> float | None:
    """The number that a cell holds; none where it holds something else."""
    if isinstance(cell, float):
        return cell
    if cell is None or isinstance(cell, dt.datetime):
        return None
    text = UNIT_SIGNS.sub("", MONEY_SIGNS.sub("", plain(cell)))
    sign = 1.0
    if text.startswith("(") and text.endswith(")"):
        sign, text = -1.0, text[1:-1]
    if text.endswith("-") or text.startswith(("-", "−", "+")):
        sign = -sign if "+" not in text[:1] else sign
        text = text.strip("-−+")
    text = re.sub(ODD_SPACES, "", MONEY_SIGNS.sub("", text.strip()))
    if not text or len(text) > 30:
        return None
    other = "." if mark == "," else ","
    if PLAIN_DIGITS.match(text):
        whole, _, part = text.rpartition(mark) if mark in text else (text, "", "")
        if mark in whole or other in part or not _grouped(whole, other):
            return None
        text = re.sub(r"[.,'’]", "", whole) + ("." + part if part else "")
    try:
        found = float(text)
    except ValueError:
        return None
    return sign * found if abs(found) < 1e15 else None


def _grouped(whole: str, other: str) -> bool:
    """Tell if the signs between thousands stand where they belong."""
    groups = re.split(r"[,.'’]", whole)
    return len(groups) == 1 or (0 < len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]))


# --- dates ---


def date_order(texts: Sequence[str]) -> tuple[str, bool]:
    """Tell the order in which dates are written, and whether it is certain."""
    first: list[int] = []
    second: list[int] = []
    point = 0
    for text in texts:
        found = DATE_PARTS.match(plain(text))
        if not found:
            continue
        if len(found[1]) == 4:
            return "ymd", True
        first.append(int(found[1]))
        second.append(int(found[2]))
        point += "." in text
    if not first:
        return "ymd", True
    if max(first) > 12 or point == len(first):
        return "dmy", max(first) > 12 or point > 0
    if max(second) > 12:
        return "mdy", True
    if len(set(first)) == 1 and len(set(second)) > 1:
        return "dmy", False
    return ("mdy", False) if len(set(second)) == 1 and len(set(first)) > 1 else ("dmy", False)


@lru_cache(maxsize=REMEMBERED)
def date_of(cell: Cell, order: str = "ymd") -> dt.datetime | None:
    """The date that a cell holds, with its time of the day if it has one; none where it holds something else."""
    if isinstance(cell, dt.datetime):
        return _within(cell)
    if cell is None:
        return None
    if isinstance(cell, float):
        return _from_number(cell)
    text = plain(cell)
    if len(text) > 40:
        return None
    try:
        return _within(_from_text(text, order))
    except ValueError:
        return None


def _within(day: dt.datetime | None) -> dt.datetime | None:
    return day if day and EARLIEST_DAY <= day.date() <= LATEST_DAY else None


def _from_number(cell: float) -> dt.datetime | None:
    """Days that a spreadsheet counts, or digits such as 20230131 and 202301."""
    if SERIALS[0] <= cell < SERIALS[1]:
        return dt.datetime(1899, 12, 30) + dt.timedelta(days=cell)
    return date_of(f"{cell:.0f}") if cell == int(cell) and cell > 190_000 else None


def _from_text(text: str, order: str) -> dt.datetime | None:
    if found := DATE_PARTS.match(text):
        parts = dict(zip(order if len(found[1]) < 3 else "ymd", map(int, found.groups()[:3]), strict=True))
        if len(found[1]) < 3 and order == "ymd" and len(found[3]) > 2:
            parts = dict(zip("dmy", map(int, found.groups()[:3]), strict=True))
        return _moment(_year(parts["y"]), parts["m"], parts["d"], found.groups()[3:6])
    if found := CHINESE_DATE.match(text):
        return _moment(int(found[1]), int(found[2]), int(found[3] or 1), found.groups()[3:6])
    if found := WEEK_OF_YEAR.match(text):
        year, week = (found[1], found[2]) if found[1] else (found[4], found[3])
        return dt.datetime.combine(dt.date.fromisocalendar(int(year), int(week), 1), dt.time())
    if found := COMPACT_DATE.match(text):
        return dt.datetime(int(found[1]), int(found[2]), int(found[3] or 1))
    if text.isdigit():
        return _from_number(float(text)) if len(text) == 5 else None
    if found := YEAR_MONTH.match(text):
        return dt.datetime(int(found[1]), int(found[2]), 1)
    if found := MONTH_YEAR.match(text):
        return dt.datetime(int(found[2]), int(found[1]), 1)
    if (found := WITH_MONTH.match(text)) and (month := MONTH_OF.get(found[2].casefold())):
        return _moment(_year(int(found[4])), month, int(found[1] or found[3] or 1), found.groups()[4:7])
    return None


def _year(year: int) -> int:
    return year if year > 99 else 2000 + year if year < 70 else 1900 + year


def _moment(year: int, month: int, day: int, time: Sequence[str | None]) -> dt.datetime:
    hour, minute, half = time
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + 12 * (half.lower() == "pm")
    return dt.datetime(year, month, day, hours, int(minute or 0))
