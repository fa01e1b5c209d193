"""Write an answer as one page that prints well and needs no network: no script, nothing fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from simulator.faces.answer.definition import TEXT, Chart, Handout, Table, cell_text, sentence
from simulator.faces.answer.drawing import chart_drawing
from simulator.faces.documents.web import PAGES
from simulator.kernel.messages import Text, capital, msg, said, spoken, written

LINES_OF_PAGE = 400

PAGE_STYLE = """
body { font: 16px/1.55 system-ui, "Noto Sans CJK SC", sans-serif; color: #111; background: #fff; }
body { max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
.verdict { font-size: 1.2rem; font-weight: 600; border-left: 4px solid #0072B2; padding-left: .8rem; }
figure { margin: 1.5rem 0; } svg { width: 100%; height: auto; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .5rem 0 1rem; }
caption { text-align: left; font-weight: 600; }
th, td { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid #ddd; vertical-align: top; } .word { text-align: left; }
@media print {
  body { margin: 0; max-width: none; font-size: 11px; } .scroll { overflow: visible; }
  figure, tr { break-inside: avoid; } thead { display: table-header-group; } h2 { break-after: avoid; }
}
"""


def page_text(answer: Handout) -> str:
    """The page as text."""
    title = escape(written(capital(answer.title)))
    body = "".join(_body(answer))
    return (
        f'<!doctype html>\n<html lang="{PAGES[spoken().language]}">\n<head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        f"<style>{PAGE_STYLE}</style></head>\n<body>\n<h1>{title}</h1>\n{body}</body>\n</html>\n"
    )


def _body(answer: Handout) -> Iterator[str]:
    yield f"<p><strong>{_plain(answer.question)}</strong></p>\n"
    yield from (f"<p{' class=verdict' if k == 0 else ''}>{_plain(told)}</p>\n" for k, told in enumerate(answer.verdict))
    yield f"<p>{_plain(answer.about)}</p>\n"
    yield from _listed(msg("look at"), answer.remarks)
    yield from map(_figure, answer.charts)
    brief = [table for table in answer.every_table() if table.brief and table is not answer.definitions]
    yield from ("".join(_table(table)) for table in brief)
    yield from _listed(msg("assumptions"), answer.assumptions)
    if answer.definitions:
        yield "".join(_table(answer.definitions))
    if answer.made:
        yield f"<h2>{escape(written(capital(msg('made with'))))}</h2>\n<ul>"
        yield from (f"<li>{escape(written(capital(name)))}: {escape(written(text))}</li>" for name, text in answer.made)
        yield "</ul>\n"


def _listed(head: Text, texts: Sequence[Text]) -> Iterator[str]:
    if texts:
        yield f"<h2>{escape(written(capital(head)))}</h2>\n<ul>"
        yield from (f"<li>{_plain(text)}</li>" for text in texts)
        yield "</ul>\n"


def _figure(chart: Chart) -> str:
    """A chart as lines and letters within the page, in the letters of the page."""
    from reportlab.graphics import renderSVG

    svg = renderSVG.drawToString(chart_drawing(chart))
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"font-family: ?[^;\"]+", "font-family: system-ui, 'Noto Sans CJK SC', sans-serif", svg)
    spoken_title = escape(sentence(chart.title), quote=True)
    return f'<figure role="img" aria-label="{spoken_title}">{svg}</figure>\n'


def _table(table: Table) -> Iterator[str]:
    yield f'<div class="scroll"><table><caption>{escape(written(capital(table.title)))}</caption>\n<thead><tr>'
    for column in table.columns:
        yield f"<th{' class=word' if column.form == TEXT else ''}>{escape(written(capital(column.head)))}</th>"
    yield "</tr></thead>\n<tbody>\n"
    for row in table.rows[:LINES_OF_PAGE]:
        cells = zip(row, table.columns, strict=True)
        inner = (
            f"<td{' class=word' if c.form == TEXT else ''}>{escape(cell_text(value, c))}</td>" for value, c in cells
        )
        yield f"<tr>{''.join(inner)}</tr>\n"
    yield "</tbody></table></div>\n"
    if len(table.rows) > LINES_OF_PAGE:
        yield f"<p>{escape(said('{n} of {all} rows; the workbook has all', n=LINES_OF_PAGE, all=len(table.rows)))}</p>\n"


def _plain(text: Text) -> str:
    return escape(sentence(text))
