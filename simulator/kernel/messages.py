"""Sentences by id with named values, formatted last and in one place, in the language of the reader.

The id of a message is its English text with named slots, as gettext has it; other languages are catalogues of that text
(`words/zh/*.po`). A value is a figure, a date, a list, another message, or a text of the user's, which passes through as it is.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import floor, log10
from pathlib import Path
from typing import Any, TypeAlias

LANGUAGES = {"en": "English", "zh": "简体中文"}
"""The languages by their code."""

LOCALES = {"en": "en", "zh": "zh_Hans_CN"}
CATALOGUES = [Path(__file__).resolve().parent / "words"]
"""Folders of catalogues, a folder of gettext files for each language in each; pages add theirs."""

BETWEEN: dict[str, dict[str, str]] = {"en": {}, "zh": {" ": "", ", ": "、", "; ": "；", " and ": "和", " or ": "或"}}
"""How a language writes the signs between values in a row, where it writes them otherwise than English."""

VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Variables that say which language a user speaks, in gettext's order; the first may list several."""

UNKNOWN = "–"
"""Stands for a figure that does not exist, such as a ratio to nothing."""


# Values of a message


@dataclass(frozen=True, slots=True)
class Number:
    """A figure with its decimals."""

    value: float
    places: int = 0
    signed: bool = False
    percent: bool = False

    def __str__(self) -> str:
        """Write the figure in the language that is spoken here."""
        return written(self)

    def written(self, language: str) -> str:
        """Write the figure as a language does: thousands apart, no negative zero."""
        if not math.isfinite(self.value):
            return UNKNOWN
        shown = round((100 if self.percent else 1) * self.value, self.places) + 0.0
        digits = f"{abs(shown):,.{self.places}f}" if language == "en" else _decimal(abs(shown), self.places, language)
        sign = "-" if shown < 0 else "+" if self.signed and shown > 0 else ""
        return f"{sign}{digits}{' %' if self.percent else ''}"


@dataclass(frozen=True, slots=True)
class Listed:
    """Values in a row: `a, b and c`, or joined by a sign."""

    values: tuple[Value, ...]
    sign: str = ""

    def __str__(self) -> str:
        """Write the values in the language that is spoken here."""
        return written(self)

    def written(self, language: str) -> str:
        """Write the values as a language lists them."""
        texts = [_written(value, language) for value in self.values]
        if self.sign:
            between = BETWEEN[language].get(self.sign, self.sign)
            return (f" {between} " if between == "或" and any(map(str.isascii, texts)) else between).join(texts)
        return _list(texts, language)


@dataclass(frozen=True, slots=True, repr=False)
class Message:
    """A sentence or phrase by its id, with its values; `count` chooses the plural.

    It may begin with a capital, or stand inside a sentence, where only an abbreviation has one.
    """

    id: str
    values: tuple[tuple[str, Value], ...] = ()
    many: str = ""
    count: float | None = None
    capital: bool = False
    inside: bool = False

    def __str__(self) -> str:
        """Write the message in the language that is spoken here."""
        return written(self)

    def __repr__(self) -> str:
        """Show the message as the text that it is for whoever reads it."""
        return repr(str(self))

    def __bool__(self) -> bool:
        """Tell whether there is anything to say."""
        return bool(self.id)

    def written(self, language: str) -> str:
        """Write the message in a language: the text of its id there, its values in their slots."""
        text = catalogue(language).text(self.id, self.many, self.count)
        if self.values:
            text = text.format_map({name: _written(value, language) for name, value in self.values})
        if self.inside and not text[:2].isupper():
            return text[:1].lower() + text[1:]
        own = self.capital and not self.id.startswith("{")  # a name that it begins with stays as it is
        return text[:1].upper() + text[1:] if own else text


Value: TypeAlias = "Message | Number | Listed | str | int | dt.date"
Text: TypeAlias = Message | str
"""Something to be said: a message, or a text of the user's."""


# Making messages


def msg(text: str, **values: Value) -> Message:
    """Say a text with named slots; the text is the id of the message and is never put together from others."""
    return Message(text, tuple(values.items()))


def said(text: str, **values: Value) -> str:
    """Say a text at once, where it is read."""
    return str(msg(text, **values))


def plural(one: str, many: str, n: float | Number, **values: Value) -> Message:
    """Say a text that depends on a number, which stands in the slot {n}."""
    number_of = n if isinstance(n, Number) else Number(float(n))
    shown = round(number_of.value, number_of.places)
    return Message(one, (("n", number_of), *values.items()), many, shown)


def number(value: float, places: int = 0, signed: bool = False) -> Number:
    """Show a figure with a number of decimals."""
    return Number(float(value), places, signed)


def percent(share: float, places: int = 1, signed: bool = False) -> Number:
    """Show a share in percent."""
    return Number(float(share), places, signed, percent=True)


def rounded(amount: float, signed: bool = True, digits: int = 3) -> Number:
    """Show a large amount, such as money, to so many digits; whole below that."""
    size = floor(log10(abs(amount))) if amount else 0
    return number(round(amount, min(digits - 1 - size, 0)), signed=signed)


def in_currency(unit: str, currency: str) -> Message:
    """A unit in the company's own currency where it is measured in money."""
    what, slash, each = unit.partition("/")
    if what != "money":
        return msg(unit)
    return (
        msg("{currency}/{each}", currency=currency, each=msg(each)) if slash else msg("{currency}", currency=currency)
    )


def listed(values: Iterable[Value], sign: str = "") -> Listed:
    """Put values in a row, as a sentence does or with a sign between them."""
    return Listed(tuple(values), sign)


def capital(text: Text) -> Text:
    """Begin a message with a capital; a text of the user's stays as it is."""
    return replace(text, capital=True, inside=False) if isinstance(text, Message) else text


def inside(text: Text) -> Text:
    """Let a title stand inside a sentence; a text of the user's stays as it is."""
    return replace(text, inside=True, capital=False) if isinstance(text, Message) else text


def sentences(texts: Iterable[Text]) -> Listed:
    """Put sentences behind each other."""
    return Listed(tuple(text for text in texts if text), " ")


def kind_of(value: Value) -> Value:
    """Leave the figures out of a message, so that like ones can be counted."""
    match value:
        case Message():
            slots = tuple((name, kind_of(slot)) for name, slot in value.values)
            return replace(value, values=slots, count=None)
        case Listed():
            return replace(value, values=tuple(map(kind_of, value.values)))
        case Number() | int():
            return 0
    return value


def with_texts(value: Value, change: Callable[[str], str]) -> Value:
    """Change every text of the user's in a value."""
    match value:
        case Message():
            return replace(value, values=tuple((name, with_texts(slot, change)) for name, slot in value.values))
        case Listed():
            return replace(value, values=tuple(with_texts(part, change) for part in value.values))
        case str():
            return change(value)
    return value


# Keeping them in files


def as_data(value: Value) -> Any:
    """Put a value into what JSON can hold, so that it may be written later in any language."""
    match value:
        case Message():
            slots = {name: as_data(slot) for name, slot in value.values}
            form = {"capital": value.capital, "inside": value.inside}
            return {"id": value.id, "values": slots, "many": value.many, "count": value.count, **form}
        case Number():
            return {"number": value.value, "places": value.places, "signed": value.signed, "percent": value.percent}
        case Listed():
            return {"listed": [as_data(part) for part in value.values], "sign": value.sign}
        case dt.date():
            return {"date": value.isoformat()}
    return value


def from_data(data: Any) -> Value:
    """Read a value back."""
    if not isinstance(data, dict):
        return str(data) if not isinstance(data, int) else data
    if "id" in data:
        slots = tuple((name, from_data(slot)) for name, slot in data["values"].items())
        return Message(data["id"], slots, data["many"], data["count"], data["capital"], data["inside"])
    if "number" in data:
        return Number(data["number"], data["places"], data["signed"], data["percent"])
    if "listed" in data:
        return Listed(tuple(from_data(part) for part in data["listed"]), data["sign"])
    return dt.date.fromisoformat(data["date"])


# Writing them


@dataclass(frozen=True)
class Speech:
    """The language of a reader, and the names of the company in that language."""

    language: str = "en"
    names: Mapping[str, str] = field(default_factory=dict)


SPOKEN: ContextVar[Speech | None] = ContextVar("spoken", default=None)
ENGLISH = Speech()


def spoken() -> Speech:
    """Tell how to speak to the reader of this thread; in English unless somebody asked for another language."""
    return SPOKEN.get() or ENGLISH


@contextmanager
def speaking(language: str, names: Mapping[str, str] | None = None) -> Iterator[None]:
    """Speak a language for a while, with the company's names in it."""
    token = SPOKEN.set(Speech(language, names or {}))
    try:
        yield
    finally:
        SPOKEN.reset(token)


def language_of(environment: Mapping[str, str]) -> str:
    """Find the language that a user asks for in gettext's variables, the first of them that is set; English if unknown."""
    asked = next((environment[name] for name in VARIABLES if environment.get(name)), "")
    codes = (re.split("[_.@-]", each)[0].lower() for each in asked.split(":"))
    return next((code for code in codes if code in LANGUAGES), "en")


def written(value: Value, language: str | None = None) -> str:
    """Write a value in a language, or in the one that is spoken here."""
    return _written(value, language or spoken().language)


def _written(value: Value, language: str) -> str:
    if isinstance(value, Message | Number | Listed):
        return value.written(language)
    if isinstance(value, str):
        return spoken().names.get(value, value)
    return f"{value}"


@lru_cache(maxsize=8)
def catalogue(language: str) -> Catalogue:
    """Read the catalogue of a language, once."""
    return Catalogue(language)


class Catalogue:
    """The texts of one language by their ids."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.texts: dict[str, str | Sequence[str]] = {}
        for file in [file for folder in CATALOGUES for file in sorted((folder / language).glob("*.po"))]:
            from babel.messages.pofile import read_po

            with file.open("rb") as lines:
                self.texts |= {_id(m): m.string for m in read_po(lines) if m.id and m.string and not m.fuzzy}

    def text(self, one: str, many: str = "", count: float | None = None) -> str:
        """Find the text of an id; the id itself where the catalogue has none, as English has none."""
        found = self.texts.get(one)
        if found is None:
            return many if many and count != 1 else one
        if isinstance(found, str):
            return found
        return found[min(_plural_form(count, self.language), len(found) - 1)]


def _id(message: Any) -> str:
    return str(message.id if isinstance(message.id, str) else message.id[0])


def _plural_form(count: float | None, language: str) -> int:
    """Choose the form of a plural; Chinese has one for all."""
    return 0 if language == "zh" or count == 1 else 1


def _decimal(value: float, places: int, language: str) -> str:
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * places if places else "")
    return format_decimal(value, format=pattern, locale=LOCALES[language])


def _list(texts: Sequence[str], language: str) -> str:
    if language == "en":  # the house writes no comma before the last
        return " and ".join(filter(None, (", ".join(texts[:-1]), *texts[-1:])))
    from babel.lists import format_list

    return format_list(list(texts), locale=LOCALES[language])
