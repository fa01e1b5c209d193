"""Documents as one self-contained page: no script, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from simulator.faces.documents.layout import Block, Heading, Listing, Paragraph, laid_out, speaks
from simulator.faces.documents.paper import Document
from simulator.kernel.messages import Value, spoken, written

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


PAGES = {"en": "en", "zh": "zh-CN"}
"""What pages call their languages."""


def as_page(title: Value, documents: Iterable[Document], remarks: Iterable[Value] = ()) -> str:
    """Write one page with all documents, in the language spoken here; remarks stand at its head."""
    every = list(documents)
    links = "".join(f'<a href="#{d.name}">{_plain(d.title)}</a> ' for d in every)
    body = "\n".join(f'<section id="{d.name}">\n{"".join(map(_block, laid_out(d)))}</section>' for d in every)
    said = "".join(f"<p>{_plain(remark)}</p>\n" for remark in remarks)
    return (
        f'<!doctype html>\n<html lang="{PAGES[spoken().language]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{_plain(title)}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<h1>{_plain(title)}</h1>\n{said}<nav>{links}</nav>\n{body}\n</body>\n</html>\n"
    )


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h{block.level + 1}>{_plain(block.text)}</h{block.level + 1}>\n"
    if isinstance(block, Paragraph):
        speaker = f"<b>{_plain(speaks(block))}</b> " if block.speaker else ""
        return f"<p>{speaker}{_plain(block.text)}</p>\n"
    return "".join(_table(block))


def _table(listing: Listing) -> Iterator[str]:
    words = ' class="words"' if listing.left > 1 else ""
    yield f'<div class="scroll"><table{words}>\n'
    if listing.title:
        yield f"<caption>{_plain(listing.title)}</caption>\n"
    head, *body = listing.rows
    yield f"<thead>{_row(head, 'th', listing.left)}</thead>\n<tbody>\n"
    yield from (_row(row, "td", listing.left) for row in body)
    yield "</tbody></table></div>\n"


def _row(cells: Sequence[Value], tag: str, left: int) -> str:
    inner = "".join(f"<{tag}{' class=word' if k < left else ''}>{_plain(c)}</{tag}>" for k, c in enumerate(cells))
    return f"<tr>{inner}</tr>\n"


def _plain(value: Value) -> str:
    """Write a value so that a page shows it as it is."""
    return escape(written(value))
