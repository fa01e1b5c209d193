"""Write an answer as PDF: the verdict on the first page, then charts, tables, parts, assumptions and definitions."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Any

from simulator.faces.answer.definition import TEXT, Handout, Table, cell_text, sentence
from simulator.faces.answer.drawing import CHINESE, LATIN, chart_drawing, font_of, register_fonts
from simulator.kernel.messages import Text, capital, msg, said, spoken, written

LINES_PRINTED, COLUMNS_PRINTED = 60, 12
ROWS_TOGETHER, NEEDED = 12, 120
"""Rows of a table that stays on one page, and points that the beginning of a longer one needs."""
PAGE_WIDTH, PAGE_HEIGHT, PAGE_MARGIN = 842.0, 595.0, 45.0
"""A4 across, in points."""


def pdf_bytes(answer: Handout) -> bytes:
    """The PDF as bytes, which are the same for the same answer."""
    from reportlab.platypus import SimpleDocTemplate

    register_fonts()
    out = io.BytesIO()
    template = SimpleDocTemplate(
        out,
        pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
        leftMargin=PAGE_MARGIN,
        rightMargin=PAGE_MARGIN,
        topMargin=PAGE_MARGIN,
        bottomMargin=PAGE_MARGIN,
        title=written(capital(answer.title)),
        author="",
        lang={"zh": "zh-CN"}.get(spoken().language, "en"),
        invariant=1,
    )
    template.build(list(_story(answer)), onFirstPage=_footer, onLaterPages=_footer)
    return out.getvalue()


def _footer(page: Any, _: Any) -> None:
    text = said("page {n}", n=page.getPageNumber())
    page.setFont(font_of(text), 8)
    page.drawRightString(PAGE_WIDTH - PAGE_MARGIN, 24, text)


def _story(answer: Handout) -> Iterator[Any]:
    from reportlab.platypus import KeepTogether, Spacer

    yield _words(answer.title, 20, heading=True)
    yield _words(sentence(answer.question), 13, heading=True)
    yield _words(sentence(answer.about), 9)
    for k, told in enumerate(answer.verdict):
        yield _words(sentence(told), 13 if k == 0 else 10.5, heading=k == 0)
    yield from _listed(msg("look at"), answer.remarks)
    for chart in answer.charts:
        yield KeepTogether([Spacer(1, 10), chart_drawing(chart, PAGE_WIDTH - 2 * PAGE_MARGIN - 20)])
    for table in [table for table in answer.every_table() if table.brief and table is not answer.definitions]:
        yield Spacer(1, 8)
        yield from _table(table)
    yield from _listed(msg("assumptions"), answer.assumptions)
    if answer.definitions:
        yield from _table(answer.definitions)
    if answer.made:
        yield Spacer(1, 8)
        yield from (_words(f"{written(capital(name))}: {written(text)}", 8.5) for name, text in answer.made)


def _listed(head: Text, texts: Sequence[Text]) -> Iterator[Any]:
    if texts:
        yield _words(head, 12, heading=True)
        yield from (_words(sentence(text), 9.5) for text in texts)


def _table(table: Table) -> Iterator[Any]:
    """A table with its head on each page; the first columns and rows of one that is larger."""
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import CondPageBreak, KeepTogether, LongTable, TableStyle

    columns = table.columns[:COLUMNS_PRINTED]
    title = _words(table.title, 12, heading=True)
    head = [_words(column.head, 8, right=column.form != TEXT) for column in columns]
    body = [
        [_words(cell_text(row[k], column), 8, right=column.form != TEXT) for k, column in enumerate(columns)]
        for row in table.rows[:LINES_PRINTED]
    ]
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("BACKGROUND", (0, 0), (-1, 0), HexColor("#DCE6F1")),
        ("LINEBELOW", (0, 0), (-1, -1), 0.3, HexColor("#BBBBBB")),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]
    grid = LongTable([head, *body], colWidths=_widths(table), repeatRows=1, style=TableStyle(style))
    yield from [KeepTogether([title, grid])] if len(body) < ROWS_TOGETHER else [CondPageBreak(NEEDED), title, grid]
    if len(table.rows) > LINES_PRINTED or len(table.columns) > COLUMNS_PRINTED:
        told = msg(
            "{n} of {all} rows; the workbook has all", n=min(LINES_PRINTED, len(table.rows)), all=len(table.rows)
        )
        yield _words(told, 8)


def _widths(table: Table) -> list[float]:
    """Columns as wide as their longest cell asks, together as wide as the page."""
    columns, room = table.columns[:COLUMNS_PRINTED], PAGE_WIDTH - 2 * PAGE_MARGIN
    wanted = []
    for k, column in enumerate(columns):
        cells = [cell_text(row[k], column) for row in table.rows[:LINES_PRINTED]]
        longest = max((sum(2 if ord(sign) > 0x2E80 else 1 for sign in cell) for cell in cells), default=6)
        wanted.append(float(min(60, max(longest, 9))))
    return [room * each / sum(wanted) for each in wanted]


def _words(text: Text, size: float, heading: bool = False, right: bool = False) -> Any:
    """A paragraph; each stretch of letters in the font that has them."""
    from reportlab.lib.enums import TA_LEFT, TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    told = written(capital(text))
    chinese = spoken().language == "zh"
    style = ParagraphStyle(
        "words",
        fontName=LATIN,
        fontSize=size,
        leading=size * 1.35,
        spaceBefore=size * 0.5 if heading else 0,
        spaceAfter=size * 0.3,
        keepWithNext=heading,
        alignment=TA_RIGHT if right else TA_LEFT,
        wordWrap="CJK" if chinese or font_of(told) == CHINESE else None,
    )
    return Paragraph("".join(_stretches(told, heading)), style)


def _stretches(text: str, heading: bool) -> Iterator[str]:
    for font, signs in groupby(text, key=font_of):
        part = escape("".join(signs), quote=False)
        name = "Helvetica-Bold" if heading and font == LATIN else font
        yield f'<font name="{name}">{part}</font>'
