"""Write an answer as five slides: question, verdict, exchange, parts, assumptions; their charts are the program's own."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from simulator.faces.answer.definition import (
    BARS,
    LINES,
    TEXT,
    Chart,
    Column,
    Handout,
    Table,
    cell_text,
    number_format,
    sentence,
)
from simulator.faces.answer.drawing import SERIES_COLOURS
from simulator.faces.report.files import harmless
from simulator.kernel.messages import Text, capital, msg, said, spoken, written

SLIDE_WIDTH, SLIDE_HEIGHT = 13.333, 7.5
LEFT, TOP, INNER = 0.6, 1.45, 12.1
"""Inches of a slide, and of what stands on it."""

LINES_SHOWN, COLUMNS_SHOWN, LONGEST_CELL = 11, 8, 40
FEW_COLUMNS, LONGEST_OF_FEW = 4, 78
"""Columns up to which a cell may be longer, and how long."""

DARK_INK, ACCENT, FAINT = "1A1A1A", "0072B2", "DCE6F1"
LINES_ABOVE_TABLE = 8
"""Lines of the verdict below which a table still has room."""

FONTS = {"en": "Calibri", "zh": "Microsoft YaHei"}


def slides_bytes(answer: Handout) -> bytes:
    """The slides as bytes."""
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(SLIDE_WIDTH), Inches(SLIDE_HEIGHT)
    deck.core_properties.title = written(capital(answer.title))
    deck.core_properties.author = ""
    deck.core_properties.language = spoken().language
    _question(_slide(deck, answer.title), answer)
    _verdict(_slide(deck, msg("verdict")), answer)
    for chart in answer.charts[:1]:
        _put_chart(_slide(deck, chart.title), chart)
    if answer.parts:
        _put_table(_slide(deck, answer.parts.title), answer.parts, TOP)
    _put_lines(_slide(deck, msg("assumptions")), [*answer.assumptions, *answer.remarks], TOP, 16)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _slide(deck: Any, title: Text) -> Any:
    """An empty slide with a title that programs know as one."""
    from pptx.enum.text import PP_ALIGN

    slide = deck.slides.add_slide(deck.slide_layouts[5])
    for holder in list(slide.placeholders):
        if holder != slide.shapes.title:
            holder._element.getparent().remove(holder._element)
    box = slide.shapes.title
    _place(box, LEFT, 0.35, INNER, 1.0)
    box.text_frame.word_wrap = True
    _write(box.text_frame, [sentence(title).rstrip(".。")], 26, bold=True, colour=ACCENT)
    box.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    return slide


def _place(shape: Any, *inches: float) -> None:
    from pptx.util import Inches

    shape.left, shape.top, shape.width, shape.height = (Inches(each) for each in inches)


def _write(frame: Any, lines: Sequence[str], size: float, bold: bool = False, colour: str = DARK_INK) -> None:
    """Write lines as paragraphs, in a font that the language has."""
    for k, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if k == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = line
        _style(run.font, size, bold, colour)
        paragraph.space_after = _points(size * 0.5)


def _style(font: Any, size: float, bold: bool, colour: str) -> None:
    from pptx.dml.color import RGBColor

    font.size, font.bold, font.name = _points(size), bold, FONTS[spoken().language]
    font.color.rgb = RGBColor.from_string(colour)
    if spoken().language == "zh":
        _east_asian(font)


def _east_asian(font: Any) -> None:
    """Name the font for Chinese signs, which the program takes from an element of its own."""
    element = font._element
    for old in element.findall("{http://schemas.openxmlformats.org/drawingml/2006/main}ea"):
        element.remove(old)
    latin = element.find("{http://schemas.openxmlformats.org/drawingml/2006/main}latin")
    new = element.makeelement(
        "{http://schemas.openxmlformats.org/drawingml/2006/main}ea", {"typeface": FONTS["zh"]}, nsmap=None
    )
    latin.addnext(new)


def _points(size: float) -> Any:
    from pptx.util import Pt

    return Pt(size)


def _put_lines(slide: Any, texts: Sequence[Text], top: float, size: float, first_bold: bool = False) -> None:
    """Sentences in a box, smaller where there are many."""
    told = [sentence(text) for text in texts]
    wide = _lines_of(told)
    size = min(size, max(9.0, 72 * (SLIDE_HEIGHT - top - 0.5) / max(wide, 1) / 1.75))
    frame = slide.shapes.add_textbox(0, 0, 0, 0)
    _place(frame, LEFT, top, INNER, SLIDE_HEIGHT - top - 0.4)
    frame.text_frame.word_wrap = True
    if first_bold and told:
        _write(frame.text_frame, told[:1], size + 4, bold=True)
        told = told[1:]
        for line in told:
            frame.text_frame.add_paragraph()
            run = frame.text_frame.paragraphs[-1].add_run()
            run.text = line
            _style(run.font, size, False, DARK_INK)
            frame.text_frame.paragraphs[-1].space_after = _points(size * 0.5)
        return
    _write(frame.text_frame, told, size)


def _lines_of(texts: Iterable[str]) -> int:
    """Lines that sentences take on a slide; a Chinese sign takes two places."""
    return sum(1 + sum(2 if ord(sign) > 0x2E80 else 1 for sign in text) // 105 for text in texts)


def _question(slide: Any, answer: Handout) -> None:
    """The question in large letters, and the runs that answer it."""
    made = [msg("{name}: {told}", name=capital(name), told=told) for name, told in answer.made]
    _put_lines(slide, [answer.question, answer.about, *made], 2.2, 18, first_bold=True)


def _verdict(slide: Any, answer: Handout) -> None:
    """The verdict, and the first table below it where there is room."""
    _put_lines(slide, answer.verdict, TOP, 16, first_bold=True)
    if answer.tables and answer.tables[0].brief and _lines_of(map(sentence, answer.verdict)) <= LINES_ABOVE_TABLE:
        _put_table(slide, answer.tables[0], 4.4)


def _put_table(slide: Any, table: Table, top: float) -> None:
    """The first rows and columns of a table; how many more the workbook has."""
    from pptx.util import Inches

    room = int((SLIDE_HEIGHT - top - 0.9) / 0.34)
    rows, columns = table.rows[: min(LINES_SHOWN, room)], table.columns[:COLUMNS_SHOWN]
    frame = slide.shapes.add_table(len(rows) + 1, len(columns), 0, 0, 0, 0)
    _place(frame, LEFT, top, INNER, 0.34 * (len(rows) + 1))
    grid = frame.table
    for place, width in zip(grid.columns, _widths(table, rows), strict=True):
        place.width = Inches(width)
    for place in grid.rows:
        place.height = Inches(0.34)
    for k, column in enumerate(columns):
        _cell(grid.cell(0, k), written(capital(column.head)), True, column.form != TEXT)
        for line, row in enumerate(rows, start=1):
            _cell(
                grid.cell(line, k), _shortened(cell_text(row[k], column), _longest(table)), False, column.form != TEXT
            )
    if len(rows) < len(table.rows):
        more = said("{n} of {all} rows; the workbook has all", n=len(rows), all=len(table.rows))
        note = slide.shapes.add_textbox(0, 0, 0, 0)
        _place(note, LEFT, SLIDE_HEIGHT - 0.5, INNER, 0.3)
        _write(note.text_frame, [more], 10)


def _widths(table: Table, rows: Sequence[Sequence[Any]]) -> list[float]:
    """Inches of the columns, by their longest words."""
    wanted = []
    for k, column in enumerate(table.columns[:COLUMNS_SHOWN]):
        words = written(capital(column.head)).split()
        cells = [
            *(len(word) * (2 if ord(word[0]) > 0x2E80 else 1) for word in words),
            *(len(cell_text(row[k], column)) for row in rows),
        ]
        wanted.append(float(min(_longest(table), max(8, *cells))))
    return [INNER * each / sum(wanted) for each in wanted]


def _longest(table: Table) -> int:
    return LONGEST_OF_FEW if len(table.columns) <= FEW_COLUMNS else LONGEST_CELL


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _cell(cell: Any, text: str, head: bool, right: bool) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.text import PP_ALIGN

    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor.from_string(FAINT if head else "FFFFFF")
    cell.margin_top = cell.margin_bottom = _points(2)
    _write(cell.text_frame, [text], 11, bold=head)
    cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT


def _put_chart(slide: Any, chart: Chart) -> None:
    """A chart of the program's own, whose figures can be opened and changed."""
    from pptx.chart.data import CategoryChartData, XyChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
    from pptx.util import Inches

    data: Any
    if chart.kind == BARS:
        data, shape = CategoryChartData(number_format=_chart_format(chart.up)), XL_CHART_TYPE.BAR_CLUSTERED
        data.categories = [harmless(cell_text(each, chart.across)) for each in chart.series[0].across]
        for one in chart.series:
            data.add_series(harmless(written(one.name)), list(one.up))
    else:
        data = XyChartData(number_format=_chart_format(chart.up))
        shape = XL_CHART_TYPE.XY_SCATTER_LINES if chart.kind == LINES else XL_CHART_TYPE.XY_SCATTER
        for one in chart.series:
            points = data.add_series(harmless(written(one.name)))
            for x, y in zip(one.across, one.up, strict=True):
                points.add_data_point(x, y)
    where = (Inches(LEFT), Inches(TOP), Inches(INNER), Inches(SLIDE_HEIGHT - TOP - 0.3))
    drawn = slide.shapes.add_chart(shape, *where, data).chart
    drawn.has_legend = len(chart.series) > 1
    if drawn.has_legend:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.RIGHT, False
    drawn.has_title = False
    _style(drawn.font, 13, False, DARK_INK)
    _axes(drawn, chart)
    for k, series in enumerate(drawn.plots[0].series):
        _colour(series, SERIES_COLOURS[k % len(SERIES_COLOURS)].removeprefix("#"), chart.kind)


def _chart_format(column: Column) -> str:
    """The format of a chart's figures, which has no conditions: the library writes them into the chart as they are."""
    return "#,##0" if column.places < 0 else number_format(column)


def _axes(drawn: Any, chart: Chart) -> None:
    """Name the axes and give them the number formats; bars stand in the order of their table."""
    from pptx.enum.chart import XL_TICK_LABEL_POSITION

    for axis, column in ((drawn.category_axis, chart.across), (drawn.value_axis, chart.up)):
        axis.has_title = True
        _write(axis.axis_title.text_frame, [written(capital(column.head))], 13)
        if column.form != TEXT:
            axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = _chart_format(column), False
    if chart.kind == BARS:
        drawn.category_axis.reverse_order = True
        drawn.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW  # beside bars that go the other way
    else:
        drawn.category_axis.has_major_gridlines = False


def _colour(series: Any, colour: str, kind: str) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_MARKER_STYLE

    if kind == BARS:
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = RGBColor.from_string(colour)
        return
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 12
    series.marker.format.fill.solid()
    series.marker.format.fill.fore_color.rgb = RGBColor.from_string(colour)
    if kind == LINES:
        series.format.line.color.rgb = RGBColor.from_string(colour)
    else:
        series.format.line.fill.background()
