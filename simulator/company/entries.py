"""Names of entries: keys joined by dots and quoted as TOML quotes them, so that any name can be reached: products."12.5MM".price."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from simulator.kernel.messages import Message, msg
from simulator.kernel.units import ScenarioError, nearest

MOST_KEYS = 24
"""Keys in a row beyond which no entry lies; a scenario needs no more than ten."""

BARE = re.compile(r"[A-Za-z0-9_-]+")
KEY = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'[^']*'|[^\s.\[\]"'][^.\[\]]*)((?:\[\d+\])*)\s*""")
"""A key, quoted or not, and the places of a list that it is followed by; unquoted, more is taken than TOML itself takes."""

EQUALS = re.compile(r"""(?:^|\.)\s*(?:"(?:[^"\\]|\\.)*"|'[^']*')|(=)""")
"""A quoted key, which may hold an =, or an = that stands in none."""

LONGEST = 60  # characters of a name that are shown

ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def keys(name: str) -> tuple[str, ...]:
    """Take a dotted name apart into its keys; places of a list may stand in brackets or after a dot."""
    found: list[str] = []
    at = 0
    if not isinstance(name, str):
        raise ScenarioError(_unreadable(f"{name}"))
    while len(found) <= MOST_KEYS:
        key = KEY.match(name, at)
        if not key:
            raise ScenarioError(_unreadable(name))
        found += [_unquoted(key[1], name), *re.findall(r"\d+", key[2])]
        at = key.end()
        if at == len(name):
            return tuple(found)
        if name[at] != ".":
            raise ScenarioError(_unreadable(name))
        at += 1
    raise ScenarioError(
        msg("the entry {name} has more than {most} keys; no entry lies so deep", name=_cut(name), most=MOST_KEYS)
    )


def _unquoted(key: str, name: str) -> str:
    """A key without its quotes."""
    if key[0] not in "\"'":
        return key.rstrip()
    try:
        return str(tomllib.loads(f"key = {key}")["key"])
    except (tomllib.TOMLDecodeError, ValueError):
        raise ScenarioError(_unreadable(name)) from None


def _unreadable(name: str) -> Message:
    return msg(
        "the entry {name} cannot be read; give keys with dots between them, such as products.choc.price, "
        'and in quotes a key that has a dot itself, such as products."12.5MM".price',
        name=_cut(name),
    )


def _cut(name: str) -> str:
    """A name as messages show it: in quotes, cut to a length that one reads."""
    return repr(name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…")


def dotted(*path: str | int) -> str:
    """Join keys to a dotted name, quoted where TOML asks for it; a whole number is a place of a list."""
    name = ""
    for key in path:
        name += f"[{key}]" if isinstance(key, int) else f"{'.' if name else ''}{quoted(key)}"
    return name


def quoted(key: str) -> str:
    """Write a key as TOML does: bare where it may be."""
    if BARE.fullmatch(key):
        return key
    return '"' + "".join(ESCAPES.get(sign) or _escaped(sign) for sign in key) + '"'


def _escaped(sign: str) -> str:
    return f"\\u{ord(sign):04x}" if ord(sign) < 32 or ord(sign) == 127 else sign


def dotted_below(path: str, key: str | int) -> str:
    """Make a dotted name longer by a key."""
    if not path:
        return dotted(key)
    return f"{path}[{key}]" if isinstance(key, int) else f"{path}.{quoted(key)}"


def under(path: str, problem: Message | str) -> Message:
    """Say of a table's problem where the table is: before the entry that it names, or before all of it."""
    told = problem if isinstance(problem, Message) else msg("{problem}", problem=problem)
    if not path:
        return told
    if "entry" not in dict(told.values):
        return msg("{entry}: {problem}", entry=path, problem=told)
    values = {name: _below(path, str(value)) if name == "entry" else value for name, value in told.values}
    return replace(told, values=tuple(values.items()))


def _below(path: str, entry: str) -> str:
    return f"{path}.{entry}" if entry else path


def not_known(entry: str, name: str, what: Message, known: Sequence[str]) -> Message:
    """Say that an entry names something that there is not, and what it may have meant."""
    hint = nearest(name, known)
    return msg("{entry} names {name}, which is not {what}; {hint}", entry=entry, name=repr(name), what=what, hint=hint)


def usual(name: str) -> str:
    """Spell a name as every table and store does, in whatever quotes it came."""
    return dotted(*keys(name))


def assigned(words: str) -> tuple[str, str] | None:
    """Take ENTRY=VALUE apart, as texts; nothing where it is none."""
    equals = next((found.start() for found in EQUALS.finditer(words) if found[1]), -1)
    name = words[: max(equals, 0)].strip()
    return (name, words[equals + 1 :]) if name else None


def place_in_list(key: str, held: list[Any]) -> int | None:
    """The place of a list that a key picks; nothing where it picks none."""
    return int(key) if key.isascii() and key.isdigit() and len(key) < 10 and int(key) < len(held) else None


def spelt(path: tuple[str, ...], at: int, known: Any) -> str:
    """Quote a key with dots that was taken for several keys; an empty text if there is none."""
    for end in range(at + 2, len(path) + 1):
        if (key := ".".join(path[at:end])) in known:
            return dotted(*path[:at], key, *path[end:])
    return ""
