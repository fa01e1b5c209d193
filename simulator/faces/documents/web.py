"""Documents as one self-contained page: no script, nothing fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from html import escape

from simulator.faces.documents.layout import Block, Heading, Listing, Paragraph, laid_out
from simulator.faces.documents.paper import Document

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #111; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h2 { border-top: 2px solid #0072B2; padding-top: 1rem; margin-top: 3rem; }
nav a { margin-right: 1rem; }
.scroll { overflow-x: auto; margin: 0.8rem 0 1.2rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: 0.2rem; }
th, td { padding: 0.15rem 0.7rem; text-align: right; white-space: nowrap; border-bottom: 1px solid #ddd; }
th { border-bottom: 1px solid #666; }
.word { text-align: left; }
.words td { white-space: normal; vertical-align: top; }
"""


def as_page(
    title: str,
    documents: Iterable[Document],
    tell: Callable[[str], str] = str,
    language: str = "en",
    remarks: Iterable[str] = (),
) -> str:
    """One page with all documents, its texts as `tell` says them in that language; remarks stand at its head as they are."""
    every = list(documents)
    links = "".join(f'<a href="#{d.name}">{escape(tell(d.title))}</a> ' for d in every)
    body = "\n".join(f'<section id="{d.name}">\n{"".join(_blocks(d, tell))}</section>' for d in every)
    said = "".join(f"<p>{escape(remark)}</p>\n" for remark in remarks)
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<h1>{escape(title)}</h1>\n{said}<nav>{links}</nav>\n{body}\n</body>\n</html>\n"
    )


def _blocks(document: Document, tell: Callable[[str], str]) -> Iterator[str]:
    return (_block(block, tell) for block in laid_out(document))


def _block(block: Block, tell: Callable[[str], str]) -> str:
    if isinstance(block, Heading):
        return f"<h{block.level + 1}>{escape(tell(block.text))}</h{block.level + 1}>\n"
    if isinstance(block, Paragraph):
        speaker = f"<b>{escape(tell(block.speaker))}:</b> " if block.speaker else ""
        return f"<p>{speaker}{escape(tell(block.text))}</p>\n"
    return "".join(_table(_told(block, tell)))


def _told(listing: Listing, tell: Callable[[str], str]) -> Listing:
    """A listing whose heads and words are said as the reader speaks; figures stay."""
    head, *body = listing.rows
    said = [[tell(cell) if k < listing.left else cell for k, cell in enumerate(row)] for row in body]
    return replace(listing, title=tell(listing.title), rows=[[tell(cell) for cell in head], *said])


def _table(listing: Listing) -> Iterator[str]:
    words = ' class="words"' if listing.left > 1 else ""
    yield f'<div class="scroll"><table{words}>\n'
    if listing.title:
        yield f"<caption>{escape(listing.title)}</caption>\n"
    head, *body = listing.rows
    yield f"<thead>{_row(head, 'th', listing.left)}</thead>\n<tbody>\n"
    yield from (_row(row, "td", listing.left) for row in body)
    yield "</tbody></table></div>\n"


def _row(cells: list[str], tag: str, left: int) -> str:
    inner = "".join(f"<{tag}{' class=word' if k < left else ''}>{escape(c)}</{tag}>" for k, c in enumerate(cells))
    return f"<tr>{inner}</tr>\n"
