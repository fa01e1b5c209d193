"""Read the bytes of a file as text: in UTF-8, or as Windows writes it, with a byte-order mark."""

from __future__ import annotations

import re

from simulator.kernel.messages import msg
from simulator.kernel.units import ScenarioError

MARKS = {
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
"""What files begin with that Windows writes, and how they are read: the longer before the shorter that they begin with."""

LINE_END, BARE_RETURN = re.compile(r"\r\n?|\n"), re.compile(r"\r(?!\n)")
"""Ends of lines as anybody writes them, and those that no reader of TOML takes."""


def code_of(content: bytes) -> str:
    """The code that a text is written in, as its first bytes say."""
    return next((code for mark, code in MARKS.items() if content.startswith(mark)), "utf-8")


def is_unmarked(content: bytes) -> bool:
    """Tell if a text holds zero bytes, as every other one is in UTF-16 and UTF-32, and does not begin with their mark."""
    return code_of(content) == "utf-8" and b"\0" in content


def text_of(content: bytes, name: str) -> str:
    """The text of a file, in UTF-8 or as Windows writes it: with a byte-order mark, in UTF-16 or UTF-32."""
    code = code_of(content)
    if is_unmarked(content):
        raise ScenarioError(
            msg(
                "{name} is no UTF-8 text: it holds zero bytes, as UTF-16 and UTF-32 without a byte-order mark do; save it as UTF-8",
                name=name,
            )
        )
    try:
        return content.decode(code)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ScenarioError(
            msg(
                "{name} cannot be read as text: line {line} is not {code}; save it as UTF-8",
                name=name,
                line=line,
                code=code.removesuffix("-sig").upper(),
            )
        ) from None


def toml_text(content: bytes, name: str) -> str:
    """The text of a TOML file, each of its lines ended as TOML takes it."""
    text = text_of(content, name)
    if bare := BARE_RETURN.search(text):
        raise ScenarioError(
            msg(
                "{name} ends line {line} with a carriage return alone, which no line of TOML may; save it with line ends of "
                "Windows or Unix (CRLF or LF)",
                name=name,
                line=len(LINE_END.findall(text, 0, bare.start())) + 1,
            )
        )
    return text
