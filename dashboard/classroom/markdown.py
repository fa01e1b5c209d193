"""The trainers' guides as pages: headings, paragraphs, numbered and other lists, tables; all text is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markupsafe import Markup

from dashboard.classroom.html import BLANK, fill, join

STRESSED = re.compile(r"\*([^*]+)\*")
ITEM = re.compile(r"(?:(\d+)\.|-) +(.*)")


def as_page(words: str) -> Markup:
    """A guide as a page."""
    return join(_block(block) for block in re.split(r"\n\s*\n", words.strip()))


def _block(block: str) -> Markup:
    lines = block.splitlines()
    level = len(lines[0]) - len(lines[0].lstrip("#"))
    if level:
        rest = _block("\n".join(lines[1:])) if lines[1:] else BLANK
        return fill(f"<h{min(level, 3)}>{{text}}</h{min(level, 3)}>", text=_words(lines[0].lstrip("# "))) + rest
    if lines[0].startswith("|"):
        return _table(lines)
    if ITEM.fullmatch(lines[0]):
        kind = "ol" if lines[0][0].isdigit() else "ul"
        return fill(
            f"<{kind}>{{items}}</{kind}>",
            items=join(fill("<li>{text}</li>", text=_words(text)) for text in _items(lines)),
        )
    return fill("<p>{text}</p>", text=_words(" ".join(lines)))


def _words(text: str) -> Markup:
    """A line of text; what stands between two stars is stressed."""
    parts = STRESSED.split(text)
    return join(fill("<em>{part}</em>" if k % 2 else "{part}", part=part) for k, part in enumerate(parts))


def _items(lines: list[str]) -> Iterator[str]:
    """The points of a list; a line that is none goes on with the one before."""
    found: list[str] = []
    for line in lines:
        item = ITEM.fullmatch(line)
        if item:
            found.append(item[2])
        else:
            found[-1] += f" {line.strip()}"
    yield from found


def _table(lines: list[str]) -> Markup:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    head = join(fill("<th scope=col class=words>{text}</th>", text=_words(text)) for text in rows[0])
    body = join(
        fill("<tr>{cells}</tr>", cells=join(fill("<td class=words>{text}</td>", text=_words(text)) for text in row))
        for row in rows[2:]
    )
    return fill("<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>", head=head, body=body)
