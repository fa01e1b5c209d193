"""Everything that leaves the pages is read back: pictures by their ink, tables by their cells, files by what reads them."""

import io
import json
import re
import tomllib
import xml.etree.ElementTree as ET
import zipfile

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pypdfium2
import pytest
import python_calamine
import vl_convert as vlc
from PIL import Image
from pptx import Presentation
from reader import open_page

from dashboard import export, show
from dashboard.look import spec_of
from dashboard.speech import in_language
from simulator.engine.scenario import load
from simulator.faces import charts

NEAR = 22
"""Points around the place of a text within which its ink must be."""

LINKS = [
    ("compare", {}),
    ("compare", {"lang": "zh", "measure": "bullwhip"}),
    ("lab", {}),
    *[("cycle", {"step": str(step), "lang": "zh" if step == 3 else "en"}) for step in range(1, 6)],
    ("bridge", {}),
    ("replay", {}),
    ("sweep", {}),
    ("scenario", {"set": json.dumps({"products.85123A.price": 3.25})}),
]


@pytest.fixture
def saved(monkeypatch):
    """What the pages offer to save, by name: made when it is asked for, as by a press."""
    found = {}
    monkeypatch.setattr(show, "save", lambda label, make, name, kind: found.update({name: make}))
    return found


@pytest.mark.parametrize(("page", "link"), LINKS, ids=lambda each: each if isinstance(each, str) else "-".join(each))
def test_whatever_a_page_lets_go_reads_back(page, link, saved):
    """No picture without its words, no sheet without its cells, no file that its reader refuses."""
    at = open_page(page, **link)
    assert not at.exception
    assert saved
    # the month is whole, whichever step is shown
    wanted = [name for name in saved if link.get("step", "1") == "1" or not name.startswith("month.")]
    made = {name: in_language(link.get("lang", "en"), saved[name]) for name in wanted}
    for name, content in made.items():
        kind = name.rpartition(".")[2]
        if kind == "png":
            assert not unread(made[name.replace(".png", ".svg")], content), name
        else:
            READERS[kind](content)


# --- readers ---


def texts_of(svg):
    """The words of a picture and where each of them stands."""

    def walk(node, x, y):
        moved = re.match(r"translate\(([-\d.]+),\s*([-\d.]+)\)", node.get("transform", ""))
        x, y = (x + float(moved[1]), y + float(moved[2])) if moved else (x, y)
        if node.tag.endswith("}text") and node.get("opacity") != "0" and "".join(node.itertext()).strip():
            yield "".join(node.itertext()), x, y
        for each in node:
            yield from walk(each, x, y)

    return [*walk(ET.fromstring(svg), 0.0, 0.0)]


def unread(svg, png):
    """The words of a picture that leave no ink: held against the same picture without words."""
    words = texts_of(svg)
    assert len(words) > 3
    bare = vlc.svg_to_png(re.sub(r"<text.*?</text>", "", svg.decode(), flags=re.DOTALL), scale=2)
    full, empty = (np.asarray(Image.open(io.BytesIO(each)).convert("L"), dtype=int) for each in (png, bare))
    assert full.shape == empty.shape
    ink = np.abs(full - empty) > 60
    lacking = []
    for text, x, y in words:
        top, left = (int(2 * max(0.0, at - NEAR)) for at in (y, x))
        there = ink[top : int(2 * (y + NEAR)), left : int(2 * (x + NEAR))]
        if there.sum() < 6 and text not in "·-–.":
            lacking.append(text)
    return lacking


def read_svg(content):
    """Words stand in it as text, all of each."""
    said = [text for text, _, _ in texts_of(content)]
    assert len(said) > 3
    assert not any("…" in text for text in said), said
    assert b"<script" not in content


def read_workbook(content):
    """Every sheet has a head and lines, and no cell is an error."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    for name in book.sheet_names:
        head, *rows = book.get_sheet_by_name(name).to_python()
        assert rows, name
        assert all(str(title).strip() for title in head), name
        assert not any(str(cell).startswith("#") for row in rows for cell in row), name


def read_csv(content):
    """A table with a head, as a spreadsheet opens it."""
    table = pd.read_csv(io.BytesIO(content), encoding="utf-8-sig")
    assert len(table)
    assert not any(str(title).startswith("Unnamed") for title in table.columns)


def read_page(content):
    """A title, sections, tables with cells, and the words of its pictures; nothing to fetch."""
    text = content.decode()
    assert re.search(r"<h1>[^<]{3,}", text)
    assert text.count("<td") > 20
    assert "<script" not in text
    assert not re.search(r'(src|href)="http', text)
    for picture in re.findall(r"<svg.*?</svg>", text, flags=re.DOTALL):
        assert len(texts_of(picture)) > 3


def read_toml_file(content):
    """A scenario or a study."""
    words = tomllib.loads(content.decode())
    assert words.get("extends") or words.get("scenario")
    if "extends" in words:
        assert load(words).company


def read_zip(content):
    """A store or plans by item: whole, and every part of it a table."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    parts = archive.namelist()
    assert all(pq.read_table(io.BytesIO(archive.read(name))).num_rows for name in parts if name.endswith(".parquet"))
    for name in parts:
        if name.endswith(".csv"):
            read_csv(archive.read(name))
    assert any(name.endswith((".parquet", ".csv")) for name in parts)


def read_slides(content):
    """Slides with words, each on the page."""
    deck = Presentation(io.BytesIO(content))
    assert len(deck.slides) > 1
    for slide in deck.slides:
        words = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert any(text.strip() for text in words)
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width


def read_pdf(content):
    """Pages with words."""
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]
    assert pages
    assert all(len(text) > 20 for text in pages)


READERS = {
    "pptx": read_slides,
    "pdf": read_pdf,
    "svg": read_svg,
    "xlsx": read_workbook,
    "csv": read_csv,
    "html": read_page,
    "json": json.loads,
    "toml": read_toml_file,
    "zip": read_zip,
}


# --- pictures alone ---


def drawn(words):
    """Two bars with names in some language."""
    rows = [{"name": word, "figure": word, "value": 2000.0 * k} for k, word in enumerate(words, 1)]
    return spec_of(charts.side_by_side(rows, words[0], words[1]))


@pytest.mark.parametrize("words", [("Printing", "Sewing"), ("印刷", "缝纫"), ("Prägen", "Нить")])
def test_a_picture_has_ink_where_its_words_stand(words):
    """In every script that names of a company may have."""
    spec = drawn(words)
    assert not unread(export.picture(spec, "svg"), export.picture(spec, "png"))


def test_the_reader_of_pictures_sees_what_is_missing():
    """A family whose name no style sheet takes draws no word: that is what is looked for."""
    spec, unquoted = json.dumps({"width": 760, **drawn(("Printing", "Sewing"))}), {"font": "Source Sans 3, sans-serif"}
    svg = vlc.vegalite_to_svg(spec, config=unquoted).encode()
    assert len(unread(svg, vlc.vegalite_to_png(spec, scale=2, config=unquoted))) > 3


def test_names_that_have_room_are_not_cut():
    """Words are measured as they are drawn: what takes 290 of 300 points stands whole."""
    name = "S&OP by the rules, safety factor 3, packing hours 4.95"
    spec = spec_of(charts.options([{"name": name, "value": 5.0}], "Costs", "EUR"))
    spec["layer"][0]["encoding"]["y"]["axis"]["labelLimit"] = 300
    where = {text: x for text, x, _ in texts_of(export.picture(spec, "svg"))}
    assert where[name] == pytest.approx(295, abs=10)  # the right end of the label
    assert '"DejaVu Sans"' in export.fonts()


@pytest.mark.parametrize("ending", ["svg", "png", "html"])
def test_a_picture_of_the_command_line_reads_back(ending, tmp_path):
    """As `--chart` writes it."""
    rows = [{"name": word, "figure": word, "value": 2.0} for word in ("Printing", "Sewing")]
    chart = charts.side_by_side(rows, "Load", "units")
    for each in {ending, "svg"}:
        charts.save(chart, tmp_path / f"chart.{each}")
    svg, content = ((tmp_path / f"chart.{each}").read_bytes() for each in ("svg", ending))
    if ending == "png":
        assert not unread(svg, content)
    elif ending == "svg":
        read_svg(content)
    else:
        assert b"Printing" in content
        assert not re.search(rb'src="http', content)
