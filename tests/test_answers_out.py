"""An answer that leaves the house is read back from each file: words, figures, charts, pages; nothing in it is carried out."""

import io
import json
import re
import zipfile

import pandas as pd
import pypdfium2
import pytest
from click.testing import CliRunner
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from python_calamine import CalamineWorkbook

from simulator.engine.scenario import load
from simulator.faces.answer.definition import BARS, FIGURE, SHARE, SPOTS, Chart, Column, Handout, Series, Table
from simulator.faces.answer.of_bridge import answer_of_bridge
from simulator.faces.answer.of_comparison import answer_of_comparison
from simulator.faces.answer.writing import FORMS, answer_bytes
from simulator.faces.cli import main
from simulator.kernel.messages import speaking
from simulator.results.bridge import BRIDGED, bridge
from simulator.results.compare import compare
from simulator.results.under_contract import NEEDED

EVIL = '=HYPERLINK("http://example.org","x")'


@pytest.fixture(scope="module")
def found():
    short = load("giftware", {"experiment.months": 4, "experiment.warm_up": 1})
    return compare(short, ["siloed", "sop"], 2, measures=NEEDED, within="product")


@pytest.fixture(scope="module")
def files(found):
    return {ending: answer_bytes(answer_of_comparison(found), ending) for ending in FORMS}


@pytest.fixture(scope="module")
def hostile():
    chart = Chart(
        BARS,
        "+1",
        Column("@name"),
        Column("-2", FIGURE),
        [Series(EVIL, [EVIL, "<a&b>"], [1.0, 2.0]), Series("<b>", [EVIL, "<a&b>"], [3, 4])],
    )
    spots = Chart(
        SPOTS, "=2", Column("x", FIGURE), Column("y", SHARE), [Series(EVIL, [1.0], [0.5]), Series("b", [2.0], [0.6])]
    )
    table = Table(EVIL, EVIL, [Column(EVIL), Column("n", FIGURE)], [(EVIL, 1.0), ("<script>", float("nan"))])
    return Handout("title", EVIL, "about", [EVIL, "<script>alert(1)</script>"], [chart, spots], [table], parts=table)


def slides(content):
    return Presentation(io.BytesIO(content)).slides


def words_of(slide):
    told = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    told += [cell.text for shape in slide.shapes if shape.has_table for row in shape.table.rows for cell in row.cells]
    return "\n".join(told)


def pages(content):
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]


def test_every_form_says_the_verdict_and_names_every_product(found, files):
    verdict = str(answer_of_comparison(found).verdict[0])
    book = CalamineWorkbook.from_filelike(io.BytesIO(files[".xlsx"]))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    cover = [row[0] for row in sheets["Cover"]]
    assert verdict in cover
    assert "Which way of planning suits giftware best: siloed, sop?" in cover
    every = {*found.scenario.company.products}
    assert {str(row[0]) for row in sheets["By product"][1:]} == every
    printed = "\n".join(pages(files[".pdf"]))
    assert verdict in printed
    assert all(product in printed for product in every)
    page = files[".html"].decode()
    assert verdict in page
    assert all(f">{product}</td>" in page for product in every)
    assert verdict in words_of(slides(files[".pptx"])[1])


def test_figures_of_the_workbook_are_those_of_the_comparison(found, files):
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(files[".xlsx"])).get_sheet_by_name("By product").to_python()
    head = sheet[0]
    fill = {str(row[0]): row[head.index("Fill rate, sop")] for row in sheet[1:]}
    inner = found.inner
    for (measure, product), runs in zip(inner.rows, inner.found["sop"], strict=True):
        if measure.name == "fill_rate":
            assert fill[product] == pytest.approx(runs.mean())


def test_parts_add_up_to_the_whole(found):
    """Stock of the products by themselves is the stock of products in all: they were measured in the same runs."""
    inner = found.inner
    whole = compare(found.scenario, ["siloed", "sop"], 2, measures=["stock_value"])
    for name in ("siloed", "sop"):
        parts = [
            runs
            for (measure, _), runs in zip(inner.rows, inner.found[name], strict=True)
            if measure.name == "stock_value"
        ]
        assert sum(parts) == pytest.approx(whole.found[name][0])


def test_there_are_five_slides_with_a_chart_of_the_program_s_own(found, files):
    deck = slides(files[".pptx"])
    assert len(deck) == 5
    assert all(slide.shapes.title.text_frame.text for slide in deck)
    (chart,) = [shape.chart for slide in deck for shape in slide.shapes if shape.shape_type == MSO_SHAPE_TYPE.CHART]
    assert [series.name for series in chart.plots[0].series] == ["siloed", "sop"]
    tall = [next(iter(series.values)) for series in chart.plots[0].series]
    assert tall == pytest.approx([found.level("fill_rate", name).mean for name in ("siloed", "sop")])
    within = Presentation(io.BytesIO(files[".pptx"]))
    for slide in deck:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= within.slide_width
            assert shape.top + shape.height <= within.slide_height


def test_the_workbook_has_number_formats_and_a_chart_of_its_own(files):
    parts = zipfile.ZipFile(io.BytesIO(files[".xlsx"]))
    assert b"scatterChart" in parts.read("xl/charts/chart1.xml")
    assert b"0.0%" in parts.read("xl/styles.xml")


def test_pages_of_the_pdf_are_drawn(files):
    """Ink is on each page, in the colour of each policy on one of them."""
    seen = set()
    for page in pypdfium2.PdfDocument(files[".pdf"]):
        colours = {colour for _, colour in page.render(scale=0.5).to_pil().getcolors(100_000)}
        assert len(colours) > 5
        seen |= colours
    assert {(0, 114, 178), (213, 94, 0)} <= seen


def test_an_answer_speaks_chinese(found):
    with speaking("zh", found.scenario.names("zh")):
        made = {ending: answer_bytes(answer_of_comparison(found), ending) for ending in FORMS}
    assert "结论" in words_of(slides(made[".pptx"])[1])
    assert "假设" in "".join(pages(made[".pdf"]))
    assert 'lang="zh-CN"' in made[".html"].decode()
    assert CalamineWorkbook.from_filelike(io.BytesIO(made[".xlsx"])).sheet_names[0] == "封面"


def test_nothing_of_a_visitor_is_carried_out(hostile):
    """Texts that begin like formulas stay texts, in the sheets and in those that charts carry inside; marks are shown, not obeyed."""
    made = {ending: answer_bytes(hostile, ending) for ending in FORMS}
    books = [made[".xlsx"]]
    deck = zipfile.ZipFile(io.BytesIO(made[".pptx"]))
    books += [deck.read(name) for name in deck.namelist() if name.endswith(".xlsx")]
    assert len(books) == 2
    for content in books:
        book = zipfile.ZipFile(io.BytesIO(content))
        for name in book.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert not re.search(rb"<f[ >]", book.read(name)), name
            assert b'TargetMode="External"' not in book.read(name), name
    page = made[".html"].decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert not re.search(r"src=|href=|url\((?!#)|@import|\bon\w+=", page)
    assert EVIL in "\n".join(pages(made[".pdf"])).replace("\r\n", " ")


def test_the_command_line_writes_an_answer_or_says_what_is_wrong(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = ["compare", "trading", "--policy", "siloed", "--policy", "chase", "--replications", "2", "--as-run"]
    run += ["--months", "3", "--warm-up", "1", "--out"]
    told = CliRunner().invoke(main, [*run, "a.xlsx"])
    assert told.exit_code == 0, told.output
    assert "written: a.xlsx" in told.stderr
    assert (tmp_path / "a.xlsx").read_bytes()[:2] == b"PK"
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]
    told = CliRunner().invoke(main, [*run, "none/a.pdf"])
    assert told.stderr == "sop: --out is 'none/a.pdf', but there is no folder 'none'; make it first\n"
    told = CliRunner().invoke(main, [*run, "a.xlsx", "--format", "csv"])
    assert told.exit_code == 2
    assert "--format has no effect with an answer as a file" in told.stderr


def test_a_bridge_and_a_run_leave_as_files(tmp_path, monkeypatch, found):
    """Bars are those of the bridge, the book is the one that `sop run` prints; Chinese has a form of each."""
    short = found.scenario
    told = bridge(short, "siloed", "sop", 2, None, BRIDGED[:1], ("shortage", "consensus"), 1, as_run=True)
    deck = slides(answer_bytes(answer_of_bridge(told), ".pptx"))
    (chart,) = [shape.chart for slide in deck for shape in slide.shapes if shape.shape_type == MSO_SHAPE_TYPE.CHART]
    blocks = told.blocks_table().query("element not in ['start', 'end', 'total']")
    assert list(chart.plots[0].series[0].values) == pytest.approx(blocks["value"].tolist())
    assert len(deck) == 5
    boxes = [shape for shape in deck[1].shapes if shape.shape_type != MSO_SHAPE_TYPE.PLACEHOLDER]
    assert len(boxes) == 1, "a long verdict leaves no room for a table"
    monkeypatch.chdir(tmp_path)
    run = ["run", "giftware", "--months", "3", "--warm-up", "1", "--out", "r.xlsx"]
    printed = CliRunner().invoke(main, [*run, "--csv"])
    assert printed.exit_code == 0, printed.output
    book = CalamineWorkbook.from_path(tmp_path / "r.xlsx").get_sheet_by_name("Family").to_python()
    table = pd.read_csv(io.StringIO(printed.stdout))
    at = book[0].index("shipped")
    assert [row[at] for row in book[1:]] == pytest.approx(table["shipped"].tolist())
    with speaking("zh", short.names("zh")):
        assert "假设" in "".join(pages(answer_bytes(answer_of_bridge(told), ".pdf")))


def charts_of(deck):
    return [shape.chart for slide in deck for shape in slide.shapes if shape.shape_type == MSO_SHAPE_TYPE.CHART]


def test_the_months_from_today_leave_as_files(tmp_path, monkeypatch):
    """The shop of one product runs out in no run or in all of them: bars of 0 or 1, and its dates in the table."""
    monkeypatch.chdir(tmp_path)
    run = ["today", "trading", "--policy", "sop", "--replications", "2", "--ahead", "2", "--out"]
    for ending in FORMS:
        told = CliRunner().invoke(main, [*run, f"t{ending}", "--json"])
        assert told.exit_code == 0, told.output
    products = json.loads(told.stdout)["products"]
    (chart,) = charts_of(slides((tmp_path / "t.pptx").read_bytes()))
    assert list(chart.plots[0].series[0].values) == pytest.approx([row["chance"] for row in products])
    book = CalamineWorkbook.from_path(tmp_path / "t.xlsx")
    rows = book.get_sheet_by_name("Products").to_python()
    assert rows[0][:4] == ["Product", "On hand", "On its way", "Owed"]
    assert [row[1] for row in rows[1:]] == [row["on_hand"] for row in products]
    assert "What do the next 2 months bring to trading" in pages((tmp_path / "t.pdf").read_bytes())[0]


def test_a_month_leaves_as_files(tmp_path, monkeypatch):
    """Slides tell the decision first, and who does what by when; the workbook has every figure of the documents."""
    monkeypatch.chdir(tmp_path)
    run = ["cycle", "giftware", "--months", "3", "--warm-up", "1", "--month", "2"]
    for ending in (".pptx", ".xlsx", ".pdf"):
        told = CliRunner().invoke(main, [*run, "--out", f"m{ending}"])
        assert told.exit_code == 0, told.output
    papers = json.loads(CliRunner().invoke(main, [*run, "--json"]).stdout)["documents"]
    deck = slides((tmp_path / "m.pptx").read_bytes())
    words = "\n".join(map(words_of, deck))
    decision = next(row["text"] for row in papers["executive_meeting"]["rows"] if row["section"] == "Decision")
    assert decision.rstrip(".") in words_of(deck[1])
    due = [row for paper in papers.values() for row in paper["rows"] if row["due"]]
    assert due
    assert [row["owner"] for row in due[:8] if row["owner"].casefold() not in words.casefold()] == []
    plan = [row for row in papers["supply_plan"]["rows"] if row["name"] == "total"]
    wanted = [row["value"] for row in plan if row["figure"] == "approved production"]
    (chart,) = charts_of(deck)
    assert list(chart.plots[0].series[0].values) == pytest.approx(wanted)
    book = CalamineWorkbook.from_path(tmp_path / "m.xlsx")
    rows = book.get_sheet_by_name("Supply plan").to_python()
    assert [row[4 : 4 + len(wanted)] for row in rows if row[1:3] == ["Total", "Approved production"]][:1] == [
        pytest.approx(wanted)
    ]


def test_a_study_leaves_as_files(tmp_path, monkeypatch):
    """A factor that does nothing to a measure has bars of nothing; the other moves it, and is named in the verdict."""
    monkeypatch.chdir(tmp_path)
    words = """scenario = "trading"\npolicies = ["chase"]\nreplications = 2\nmeasures = ["fill_rate"]\nseed = 1
    [design]\nkind = "grid"
    [[factors]]\nentry = "policy.safety_stock.z"\nname = "safety factor"\nvalues = [0.0, 3.0]
    [[factors]]\nentry = "products.drill.price"\nname = "price"\nvalues = [100.0, 200.0]"""
    (tmp_path / "study.toml").write_text(words, encoding="utf-8")
    told = CliRunner().invoke(main, ["sweep", "study.toml", "--out", "there", "--workers", "1", "--yes"])
    assert told.exit_code == 0, told.output
    for ending in FORMS:
        told = CliRunner().invoke(main, ["results", "there", "--out", f"s{ending}"])
        assert told.exit_code == 0, told.output
    told = CliRunner().invoke(main, ["results", "there", "--tornado", "--csv"])
    table = pd.read_csv(io.StringIO(told.stdout)).set_index(["factor", "end"])["difference"]
    deck = slides((tmp_path / "s.pptx").read_bytes())
    (chart,) = charts_of(deck)
    assert [series.values[0] for series in chart.plots[0].series] == pytest.approx(
        [100 * table["safety factor", end] for end in ("low", "high")]
    )
    assert [series.values[1] for series in chart.plots[0].series] == [0.0, 0.0]
    assert "safety factor" in words_of(deck[1])
    book = CalamineWorkbook.from_path(tmp_path / "s.xlsx")
    assert len(book.get_sheet_by_name("Settings").to_python()) == 1 + 4
    told = CliRunner().invoke(main, ["results", "there", "--out", "s.pdf", "--check"])
    assert told.exit_code == 2
    assert "check has no effect with an answer as a file" in told.stderr


def test_a_page_has_room_for_many_bars():
    """Twenty names in three series are drawn on one page of a PDF."""
    names = [f"product {k}" for k in range(20)]
    bars = Chart(
        BARS, "many", Column("product"), Column("share", SHARE), [Series(f"s{k}", names, [0.5] * 20) for k in range(3)]
    )
    told = pages(answer_bytes(Handout("title", "question", "about", ["verdict"], [bars]), ".pdf"))
    assert any("product 0" in page and "product 19" in page for page in told)
