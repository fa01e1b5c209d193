"""Documents as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from simulator.faces.documents.layout import Block, Heading, Listing, Paragraph, laid_out
from simulator.faces.documents.paper import Document


def as_markdown(title: str, documents: Iterable[Document], remarks: Iterable[str] = ()) -> str:
    """One text with all documents; remarks stand at its head."""
    blocks = [_block(block) for document in documents for block in laid_out(document)]
    return "\n\n".join([f"# {_plain(title)}", *map(_plain, remarks), *blocks]) + "\n"


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"{'#' * (block.level + 1)} {_plain(block.text)}"
    if isinstance(block, Paragraph):
        speaker = f"**{_plain(block.speaker)}:** " if block.speaker else ""
        return f"{speaker}{_plain(block.text)}"
    return "\n".join(_table(block))


def _table(listing: Listing) -> Iterator[str]:
    if listing.title:
        yield f"**{_plain(listing.title)}**\n"
    head, *body = listing.rows
    yield _line(head)
    yield _line([":---" if k < listing.left else "---:" for k in range(len(head))], escape=False)
    yield from (_line(row) for row in body)


def _line(cells: list[str], escape: bool = True) -> str:
    return f"| {' | '.join(_plain(cell) if escape else cell for cell in cells)} |"


def _plain(text: str) -> str:
    """A text that Markdown shows as it is."""
    for sign in "\\`*_[]<>|#":
        text = text.replace(sign, f"\\{sign}")
    return text
