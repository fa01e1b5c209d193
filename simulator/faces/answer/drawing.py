"""Draw the charts of an answer as lines and letters, for paper and for a page that fetches nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from simulator.faces.answer.definition import BARS, LINES, Chart, Column, cell_text, places_for, sentence
from simulator.kernel.messages import capital, written

SERIES_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#666666", "#000000")
INK, FAINT = "#1A1A1A", "#D8D8D8"
LATIN, CHINESE = "Helvetica", "STSong-Light"
"""Fonts that every reader of PDF has: none is put into the file."""

TICKS, LETTER = 5, 9
BAR_STEP, MOST_BARS = 22, 25


def font_of(text: str) -> str:
    """The font that has all letters of a text."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return CHINESE
    return LATIN


TALLEST = 470.0
"""Points of a picture that a page has room for."""


def chart_drawing(chart: Chart, width: float = 680, height: float = 290) -> Any:
    """The chart as a drawing: points or lines in a frame, or bars under each other."""
    from reportlab.graphics.shapes import Drawing

    register_fonts()
    if chart.kind == BARS:
        return _bars(chart, width)
    drawing = Drawing(width, height)
    left, bottom, right, top = 70.0, 48.0, width - 150.0, height - 34.0
    across = _ends([x for each in chart.series for x in each.across])
    up = _ends([y for each in chart.series for y in each.up])

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            left + (x - across[0]) / (across[1] - across[0]) * (right - left),
            bottom + (y - up[0]) / (up[1] - up[0]) * (top - bottom),
        )

    for tick in _ticks(*up):
        y = place(across[0], tick)[1]
        _line(drawing, left, y, right, y, FAINT)
        _text(drawing, left - 6, y - 3, _tick_text(tick, chart.up, up), "end")
    for tick in _ticks(*across):
        x = place(tick, up[0])[0]
        _line(drawing, x, bottom, x, bottom - 4, INK)
        _text(drawing, x, bottom - 16, _tick_text(tick, chart.across, across), "middle")
    _line(drawing, left, bottom, right, bottom, INK)
    _text(drawing, (left + right) / 2, 12, written(capital(chart.across.head)), "middle", 10)
    _text(drawing, 4, height - 28, written(capital(chart.up.head)), "start", 10)
    _text(drawing, 4, height - 12, sentence(chart.title).rstrip(".。"), "start", 11)
    for k, each in enumerate(chart.series):
        _series(drawing, chart.kind, each, place, SERIES_COLOURS[k % len(SERIES_COLOURS)])
        y = top - 14 * k - 6
        _dot(drawing, right + 16, y + 3, SERIES_COLOURS[k % len(SERIES_COLOURS)], 4)
        _text(drawing, right + 26, y, _cut(written(each.name), 20), "start")
    return drawing


def _series(drawing: Any, kind: str, series: Any, place: Any, colour: str) -> None:
    from reportlab.graphics.shapes import PolyLine
    from reportlab.lib.colors import HexColor

    spots = [
        place(x, y) for x, y in zip(series.across, series.up, strict=True) if math.isfinite(x) and math.isfinite(y)
    ]
    if kind == LINES and len(spots) > 1:
        flat = [end for spot in spots for end in spot]
        drawing.add(PolyLine(flat, strokeColor=HexColor(colour), strokeWidth=1.6))
    for x, y in spots:
        _dot(drawing, x, y, colour, 3 if kind == LINES else 5)


def _bars(chart: Chart, width: float) -> Any:
    """Bars under each other, each series of a name beside the next; figures at their ends."""
    from reportlab.graphics.shapes import Drawing, Rect
    from reportlab.lib.colors import HexColor

    names = [cell_text(each, chart.across) for each in chart.series[0].across][:MOST_BARS]
    thick = (BAR_STEP - 6) / len(chart.series) if len(chart.series) < 3 else 8.0
    thick = min(thick, ((TALLEST - 76) / max(len(names), 1) - 6) / len(chart.series))
    step = thick * len(chart.series) + 6
    height = 60 + step * len(names) + (16 if len(chart.series) > 1 else 0)
    drawing = Drawing(width, height)
    left, right = 190.0, width - 80.0
    values = [v for series in chart.series for v in series.up[:MOST_BARS] if math.isfinite(v)]
    low, high = min(0.0, *values), max(0.0, *values)
    wide = (high - low) or 1.0
    _text(drawing, 4, height - 12, sentence(chart.title).rstrip(".。"), "start", 11)
    _text(drawing, 4, height - 28, written(capital(chart.up.head)), "start", 10)
    zero = left + (0 - low) / wide * (right - left)
    for line, name in enumerate(names):
        base = height - 44 - step * (line + 1)
        _text(drawing, left - 8, base + step / 2 - 4, _cut(name, 34), "end")
        for k, series in enumerate(chart.series):
            value = series.up[line]
            if not math.isfinite(value):
                continue
            x, y = left + (value - low) / wide * (right - left), base + step - 3 - thick * (k + 1)
            colour = HexColor(SERIES_COLOURS[k % len(SERIES_COLOURS)])
            drawing.add(Rect(min(zero, x), y, abs(x - zero), thick - 1, fillColor=colour, strokeColor=None))
            _text(drawing, max(x, zero) + 4, y + thick / 2 - 3, cell_text(value, chart.up), "start", 8)
    _line(drawing, zero, height - 44, zero, height - 44 - step * len(names), INK)
    if len(chart.series) > 1:
        for k, series in enumerate(chart.series):
            _dot(drawing, left + 150 * k, 8, SERIES_COLOURS[k % len(SERIES_COLOURS)], 4)
            _text(drawing, left + 150 * k + 8, 5, _cut(written(series.name), 24), "start")
    return drawing


# --- letters and lines ---


def _text(drawing: Any, x: float, y: float, text: str, anchor: str, size: float = LETTER) -> None:
    from reportlab.graphics.shapes import String
    from reportlab.lib.colors import HexColor

    drawing.add(String(x, y, text, fontName=font_of(text), fontSize=size, textAnchor=anchor, fillColor=HexColor(INK)))


def _line(drawing: Any, x: float, y: float, to_x: float, to_y: float, colour: str) -> None:
    from reportlab.graphics.shapes import Line
    from reportlab.lib.colors import HexColor

    drawing.add(Line(x, y, to_x, to_y, strokeColor=HexColor(colour), strokeWidth=0.7))


def _dot(drawing: Any, x: float, y: float, colour: str, radius: float) -> None:
    from reportlab.graphics.shapes import Circle
    from reportlab.lib.colors import HexColor

    drawing.add(Circle(x, y, radius, fillColor=HexColor(colour), strokeColor=None))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _ends(values: Sequence[float]) -> tuple[float, float]:
    """The ends of an axis: those of the values with some room, or a unit around a single one."""
    known = [value for value in values if math.isfinite(value)] or [0.0]
    low, high = min(known), max(known)
    room = 0.08 * (high - low) or 0.05 * abs(high) or 1.0
    return (0.0 if 0 <= low < room else low - room), high + room


def _ticks(low: float, high: float) -> list[float]:
    """Round figures between two ends, about five."""
    power = 10.0 ** math.floor(math.log10((high - low) / TICKS))
    step = next(power * k for k in (1, 2, 2.5, 5, 10) if (high - low) / (power * k) <= TICKS + 1)
    return [step * k for k in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _tick_text(tick: float, column: Column, ends: tuple[float, float]) -> str:
    ticks = [100 * each if column.form == "share" else each for each in _ticks(*ends)]
    return cell_text(tick, Column(column.head, column.form, places_for(ticks)))


def register_fonts() -> None:
    """Let letters be measured in the font for Chinese, which readers of PDF bring along."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    if CHINESE not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))
