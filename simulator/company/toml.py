"""TOML as text and back: names, values and whole files, written and read in one place for files, options, links and inputs."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from simulator.company.entries import dotted, quoted
from simulator.kernel.messages import msg
from simulator.kernel.units import ScenarioError

# --- values ---


def value_text(value: Any) -> str:
    """Write a value on one line, as one types it into a file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return string_text(value)
    if isinstance(value, float):
        return repr(finite(value))
    if isinstance(value, dt.date | dt.time):  # a moment is a date too
        return value.isoformat()
    if isinstance(value, Mapping):
        inner = ", ".join(f"{quoted(name)} = {value_text(each)}" for name, each in value.items() if each is not None)
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(value_text, value)) + "]"
    if value is None:
        raise ScenarioError(msg("nothing was given; a file can leave an entry out, but not say that it is nothing"))
    return str(value)


def string_text(text: str) -> str:
    """Write a text in quotes; signs that a file may not hold are spelt out."""
    if re.search("[\ud800-\udfff]", text):
        raise ScenarioError(msg("a text holds half a sign, which no file can hold; type it anew"))
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def read_value(text: str) -> Any:
    """Read a value as one types it into a file: TOML where it is TOML, else the text itself."""
    try:
        read = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):  # of which one is a number of more digits than can be read
        return text
    return finite(read["value"]) if len(read) == 1 else text


def unread(text: str) -> str | None:
    """Cut a text that begins as a list or a table to where it can no longer be read as one; None if it is none, or can be."""
    if not text.lstrip().startswith(("[", "{")):
        return None
    try:
        tomllib.loads(f"value = {text}")
    except RecursionError:
        return text[:SHOWN]
    except ValueError as error:
        place = re.search(r"at line 1, column (\d+)", str(error))
        return text[int(place[1]) - len("value = ") - 1 :][:SHOWN] if place else ""
    return None


SHOWN = 20
"""Letters that show a place in a text."""


def finite(value: Any) -> Any:
    """Refuse a value that is, or holds, a number without end or that is none."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ScenarioError(
            msg("{value} is no number that can be reckoned with; type one with digits", value=f"{value}")
        )
    for each in value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ():
        finite(each)
    return value


def json_text(value: Any) -> str:
    """Write a value as links and requests hold it: days and times as text, which entries read as what they are."""
    return json.dumps(finite(value), ensure_ascii=False, allow_nan=False, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a file")


# --- files ---


def file_text(words: Mapping[str, Any]) -> str:
    """Write a file: plain entries first, a section a table, lists of tables a line an item."""
    return "\n".join(_sections(words, ())).lstrip("\n") + "\n"


def _sections(table: Mapping[str, Any], above: tuple[str, ...]) -> Iterator[str]:
    plain = {name: value for name, value in table.items() if not isinstance(value, Mapping) and value is not None}
    tables = {name: value for name, value in table.items() if isinstance(value, Mapping)}
    if above and (plain or not tables):
        yield f"\n[{dotted(*above)}]"
    for name, value in plain.items():
        yield f"{quoted(name)} = {_lines(value)}"
    for name, value in tables.items():
        yield from _sections(value, (*above, name))


def _lines(value: Any) -> str:
    if isinstance(value, list | tuple) and any(isinstance(each, Mapping) for each in value):
        return "[\n" + "".join(f"    {value_text(each)},\n" for each in value) + "]"
    return value_text(value)


def mended(text: str, words: Mapping[str, Any]) -> str:
    """A file with its words made these, its comments kept; written anew where they cannot be kept."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        _put(document, words)
        said = tomlkit.dumps(document)
        kept = tomllib.loads(said) == words
    except (TOMLKitError, ValueError):
        kept = False
    return said if kept else file_text(words)


def _put(table: Any, words: Mapping[str, Any]) -> None:
    for name, value in words.items():
        if name in table and isinstance(value, Mapping) and isinstance(table[name], Mapping):
            _put(table[name], value)
        elif name not in table or table[name] != value:
            table[name] = value
    for name in [name for name in table if name not in words]:
        del table[name]
