"""Documents as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from simulator.faces.documents.layout import Block, Heading, Listing, Paragraph, laid_out, speaks
from simulator.faces.documents.paper import Document
from simulator.kernel.messages import Value, written


def as_markdown(title: Value, documents: Iterable[Document], remarks: Iterable[Value] = ()) -> str:
    """Write one text with all documents, in the language spoken here; remarks stand at its head."""
    blocks = [_block(block) for document in documents for block in laid_out(document)]
    return "\n\n".join([f"# {_plain(title)}", *map(_plain, remarks), *blocks]) + "\n"


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"{'#' * (block.level + 1)} {_plain(block.text)}"
    if isinstance(block, Paragraph):
        if block.speaker:
            return f"**{_plain(speaks(block))}** {_plain(block.text)}"
        return _plain(block.text)
    return "\n".join(_table(block))


def _table(listing: Listing) -> Iterator[str]:
    if listing.title:
        yield f"**{_plain(listing.title)}**\n"
    head, *body = listing.rows
    yield _line(head)
    yield _line([":---" if k < listing.left else "---:" for k in range(len(head))], escape=False)
    yield from (_line(row) for row in body)


def _line(cells: Sequence[Value], escape: bool = True) -> str:
    return f"| {' | '.join(_plain(cell) if escape else f'{cell}' for cell in cells)} |"


def _plain(value: Value) -> str:
    """Write a value so that Markdown shows it as it is."""
    text = written(value)
    for sign in "\\`*_[]<>|#":
        text = text.replace(sign, f"\\{sign}")
    return text
