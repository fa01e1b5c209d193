"""The way in: every file, text, name and number that a user gives passes here before anything is made of it."""

from __future__ import annotations

import datetime as dt
import os
import re
import stat
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from simulator.company.encoding import toml_text
from simulator.company.entries import dotted_below, under
from simulator.kernel.messages import Message, msg, number
from simulator.kernel.units import ScenarioError, in_file

LARGEST = 1 << 20
"""Bytes that a TOML file may have."""

LONGEST_PATH, LONGEST_NAME = 4_000, 255
"""Bytes of a path, and of each name in it, that file systems take."""

LONGEST_KEY, LONGEST_TEXT = 200, 20_000
"""Characters of a key, and of a text that stands for anything else."""

MOST_LEVELS, MOST_ENTRIES = 24, 60_000
"""Tables or lists inside each other, and entries of all of them, beyond which a file is no scenario."""

LARGEST_NUMBER, SMALLEST_NUMBER, MOST_DIGITS = 1e15, 1e-12, 19
"""Sizes of a number, 0 aside, between which sums of money, units and days can be reckoned with."""

MOST_PARTS, MOST_HEADERS = 100, 20_000
LONG_KEY = re.compile(r"(?<![\w.-])(?:[\w-]+[ \t]*\.[ \t]*){" + str(MOST_PARTS) + "}")
HEADER = re.compile(r"^[ \t]*\[", re.MULTILINE)
"""Keys in a row, and tables of a file, that take a reader of TOML seconds."""

EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
"""Between these days calendars are kept."""

CONTROL = ("Cc", "Cs", "Zl", "Zp")
"""Kinds of characters that steer a terminal, end a line or stand for none at all ..."""

TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""... and single ones that turn the direction of writing, or are not seen."""

A_KIND = {
    "scenario": "a scenario",
    "policy": "a policy",
    "study": "a study",
    "table": "a table",
    "mapping": "a mapping",
    "rules file": "a rules file",
}
"""Kinds of files as a sentence names them."""

THE_PATH = msg("the path")


# --- paths and files -------------------------------------------------------------------------------------------------


def path_of(words: str | Path, what: Message | str = THE_PATH) -> Path:
    """A path that a file system can be asked for; one sentence where it cannot."""
    if not isinstance(words, str | os.PathLike):
        raise ScenarioError(
            msg("{what} is {value}; it must be a path or a name", what=what, value=short_quote(f"{words}"))
        )
    said = os.fspath(words)
    refuse_control(said, what)
    size, longest = len(os.fsencode(said)), max(map(len, os.fsencode(said).split(os.fsencode(os.sep))))
    if size > LONGEST_PATH or longest > LONGEST_NAME:
        raise ScenarioError(
            msg(
                "{what} {path} has {size} bytes; a path may have at most {most}, and a name in it at most {longest}",
                what=what,
                path=short_quote(said),
                size=number(size),
                most=number(LONGEST_PATH),
                longest=LONGEST_NAME,
            )
        )
    return Path(words)


def content_of(path: Path, most: int = LARGEST, kind: str = "scenario", named: str = "") -> bytes:
    """The bytes of a regular file, counted as they are read: no pipe or device is waited for, nothing endless read."""
    name = named or path.name
    try:
        handle = os.open(path_of(path), os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise ScenarioError(msg("there is no file {path}", path=f"{path}")) from None
    except OSError as error:
        raise ScenarioError(msg("{name} cannot be read: {why}", name=name, why=error.strerror or f"{error}")) from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise ScenarioError(
            msg(
                "{name} is no regular file; give the path of {kind} that lies on a disk",
                name=name,
                kind=msg(A_KIND[kind]),
            )
        )
    with os.fdopen(handle, "rb") as file:
        try:
            content = file.read(most + 1)
        except OSError as error:
            raise ScenarioError(
                msg("{name} cannot be read: {why}", name=name, why=error.strerror or f"{error}")
            ) from None
        size = max(len(content), os.fstat(handle).st_size)
    if len(content) > most:
        raise ScenarioError(
            msg(
                "{name} has {size} bytes; {kind} may have at most {most}",
                name=name,
                size=number(size),
                kind=msg(A_KIND[kind]),
                most=number(most),
            )
        )
    return content


def tables_of(path: Path, kind: str = "scenario") -> dict[str, Any]:
    """The tables of a TOML file, fit to be made something of; errors name the file, and the line where the syntax breaks."""
    return tables_in(content_of(path, LARGEST, kind), path.name)


def tables_in(content: bytes, name: str, most_signs: int | None = None) -> dict[str, Any]:
    """The tables of what a TOML file holds, as `tables_of` gives them.

    `most_signs` bounds the time that it takes where others wait meanwhile: every entry, list and table has such a sign.
    """
    text = toml_text(content, name)
    if most_signs is not None and (count := sum(map(text.count, SIGNS))) > most_signs:
        raise ScenarioError(
            msg(
                "{name} has about {n} entries; on a page a file may have at most {most}",
                name=name,
                n=number(count),
                most=number(most_signs),
            )
        )
    words = parsed(text, name)
    refuse_unfit(words, name)
    return words


SIGNS = "=,[{"
"""Each entry of a TOML file comes with one of them at least."""


def parsed(text: str, name: str) -> dict[str, Any]:
    """The tables of a TOML text; what would take long to read is refused before."""
    if LONG_KEY.search(text):
        raise ScenarioError(
            msg(
                "{name} is not valid: it has a key of more than {most} parts; none lies so deep",
                name=name,
                most=MOST_PARTS,
            )
        )
    if (count := len(HEADER.findall(text))) > MOST_HEADERS:
        raise ScenarioError(
            msg(
                "{name} has {n} tables; a file may have at most {most}",
                name=name,
                n=number(count),
                most=number(MOST_HEADERS),
            )
        )
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ScenarioError(msg("{name} is not valid TOML: its tables lie too deep", name=name)) from None
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(msg("{name} is not valid TOML: {why}", name=name, why=printable(str(error)))) from None
    except ValueError as error:  # a date that no calendar has, a number of thousands of digits
        why = msg("a number has too many digits") if "digits" in str(error) else printable(str(error))
        raise ScenarioError(msg("{name} is not valid TOML: {why}", name=name, why=why)) from None


# --- what stands in them ---------------------------------------------------------------------------------------------


def refuse_unfit(words: Any, source: str, where: str = "") -> None:
    """Refuse what no company, policy or study can be made of: control characters, numbers without bounds, endless depth."""
    tasks: list[tuple[str, Any, int]] = [(where, words, 0)]  # no recursion: the depth is what is not known
    count = 0
    while tasks:
        path, value, level = tasks.pop()
        if level > MOST_LEVELS:
            raise ScenarioError(
                in_file(
                    source,
                    msg(
                        "{entry} holds tables or lists that lie too deep; a scenario needs no more than ten levels",
                        entry=short_quote(path),
                    ),
                )
            )
        if isinstance(value, dict | list | tuple):
            count += len(value)
            if count > MOST_ENTRIES:
                raise ScenarioError(
                    msg(
                        "{name} has more than {most} entries; that is no scenario, take fewer",
                        name=source,
                        most=number(MOST_ENTRIES),
                    )
                )
            tasks += ((name, each, level + 1) for name, each in _within(path, value, source))
        elif problem := fault_of_value(value):
            raise ScenarioError(in_file(source, under(path or "it", problem)))


def _within(path: str, value: Any, source: str) -> Iterator[tuple[str, Any]]:
    """List the entries of a table or list by dotted name, and check the keys themselves."""
    if not isinstance(value, dict):
        yield from ((dotted_below(path, k), each) for k, each in enumerate(value))
        return
    for key, each in value.items():
        name = str(key)
        if not name.strip() or len(name) > LONGEST_KEY:
            size = msg("an empty key") if not name.strip() else msg("a key of {n} characters", n=number(len(name)))
            raise ScenarioError(
                in_file(
                    source,
                    msg(
                        "{entry} has {size}; a key has from 1 to {most}",
                        entry=path or "it",
                        size=size,
                        most=LONGEST_KEY,
                    ),
                )
            )
        refuse_control(name, in_file(source, msg("the key {entry}", entry=dotted_below(path, printable(name)))), "")
        yield dotted_below(path, name), each


def fault_of_value(value: Any) -> Message:
    """Return the fault of a value that is wrong in any entry; an empty text if it may be right."""
    if isinstance(value, str):
        return _unfit_text(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _unfit_day(value) if isinstance(value, dt.date) else msg("")
    if isinstance(value, int) and abs(value) >= 2**63:  # a seed may have as many
        return msg(
            "{entry} is a number of {n} digits; numbers have at most {most}",
            entry="",
            n=number(_digits(value)),
            most=MOST_DIGITS,
        )
    if isinstance(value, float) and LARGEST_NUMBER < abs(value) < float("inf"):
        return msg(
            "{entry} is {value}; numbers beyond {most} cannot be simulated, take a larger unit",
            entry="",
            value=f"{value:g}",
            most=f"{LARGEST_NUMBER:g}",
        )
    if isinstance(value, float) and 0 < abs(value) < SMALLEST_NUMBER:
        return msg(
            "{entry} is {value}; numbers closer to 0 than {least} cannot be simulated, take 0 or a smaller unit",
            entry="",
            value=f"{value:g}",
            least=f"{SMALLEST_NUMBER:g}",
        )
    return msg("")


def _digits(value: int) -> int:
    """Count the digits of a whole number without writing it out, which takes long for many."""
    digits = int(abs(value).bit_length() * 0.30103) + 1
    return int(digits - (10 ** (digits - 1) > abs(value)))


def _unfit_text(value: str) -> Message:
    if len(value) > LONGEST_TEXT:
        return msg(
            "{entry} is a text of {n} characters; a text may have at most {most}",
            entry="",
            n=number(len(value)),
            most=number(LONGEST_TEXT),
        )
    sign = control_character(value, allowed="\n\t\r")
    return (
        msg(
            "{entry} is {value}, which holds the control character {sign}; take it out",
            entry="",
            value=short_quote(value),
            sign=spelt(sign),
        )
        if sign
        else msg("")
    )


def _unfit_day(value: dt.date) -> Message:
    day = value.date() if isinstance(value, dt.datetime) else value
    return (
        msg("")
        if EARLIEST <= day <= LATEST
        else msg(
            "{entry} is {day}; dates must be from {first} to {last}",
            entry="",
            day=f"{value}",
            first=EARLIEST,
            last=LATEST,
        )
    )


# --- characters ------------------------------------------------------------------------------------------------------


def refuse_control(words: str, what: Message | str, showing: str | None = None, allowed: str = "") -> None:
    """Refuse a name with a character that no name has."""
    sign = control_character(words, allowed)
    if sign:
        raise ScenarioError(
            msg(
                "{what} holds the control character {sign}; take it out",
                what=what if showing is not None else msg("{what} {value}", what=what, value=short_quote(words)),
                sign=spelt(sign),
            )
        )


def control_character(words: str, allowed: str = "") -> str:
    """The first character that steers a terminal, ends a line or is not seen; none in most texts."""
    if words.isascii() and words.isprintable():
        return ""
    return next((sign for sign in words if _is_control(sign) and sign not in allowed), "")


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) in CONTROL or sign in TURNING


def spelt(sign: str) -> str:
    """A character by its number."""
    return f"U+{ord(sign):04X}"


def printable(words: str) -> str:
    """A text that is shown without doing anything to a terminal, cut to a length that one reads."""
    plain = "".join(f"\\u{ord(sign):04x}" if _is_control(sign) else sign for sign in words)
    return plain if len(plain) <= LONGEST_NAME else f"{plain[: LONGEST_NAME - 1]}…"


def short_quote(words: str) -> str:
    """Quote a text, cut short."""
    plain = printable(words)
    return f"'{plain if len(plain) <= 60 else plain[:59] + '…'}'"


def refuse_argument(word: str) -> None:
    """Refuse an argument of the command line that nothing can be made of."""
    if len(word) > LONGEST_TEXT:
        raise ScenarioError(
            msg(
                "an argument has {n} characters; it may have at most {most}",
                n=number(len(word)),
                most=number(LONGEST_TEXT),
            )
        )
    refuse_control(word, msg("the argument"), allowed="\n\t")
