"""A Chinese reader meets Chinese: every page, document, workbook and picture is opened, and every run of Latin letters is known."""

import html
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import python_calamine
from reader import APP, PAGES, go_to, open_page

from dashboard import show
from dashboard.speech import in_language
from dashboard.tables import WORDS
from simulator import load
from simulator.company.files import scenario_names
from simulator.engine.scenario import preset_names
from simulator.kernel.messages import msg, written
from simulator.kernel.version import VERSION
from simulator.results.elements import elements
from simulator.results.kpis import MEASURES

PLACE = Path(APP).parent
LATIN = re.compile("[A-Za-z]{2,}")
NAMES = """
    OP ERP EBIT WMAPE RMSE MASE GMROI OTIF SCOR AM RL MRP SS GBP EUR JSON CSV PDF PNG SVG TOML MB CC BY ID kV kg Excel
    AX AY AZ BX BY BZ CX CY CZ ABC XYZ
    Silver Pyke Thomas Teunter Sridharan Berry Udayabhanu Shapley Sobol Student Wilson Chen Lee Padmanabhan Whang
    OpenDocument Parquet Owen Holm Hyndman Koehler Chopra Meindl Trigg Hopp Spearman Little Nahmias Disney Towill
    Esc true false
    English Python NumPy SciPy Streamlit sop sandbox Suki
"""
"""Names and symbols that are the same in Chinese: of the field, of money, of units and classes, of authors and products."""

SYMBOLS = {*NAMES.split()}

CODES = {
    *preset_names(), *MEASURES, *scenario_names(), *(each.name for each in elements()), "giftware", "csv",
    "sop verify", "sop warmup", "sop pilot", "sop describe --measures",
    "open_purchases", "open_orders", "open_frames", VERSION,
}  # fmt: skip
"""Codes as files and the command line take them."""

NO_WORDS = re.compile(
    r"\b[0-9a-f]{12}\b|\b\w+\.csv\b|`[^`]*`|\b[a-z_]+(?:\.[a-z_]+)+\b|:material/\w+:|:\w+\[|https?://\S+"
)
CODE = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(CODES, key=len, reverse=True)))})(?![\w-])")

MACHINE = ("code", "text_input", "number_input", "text_area")
"""Inputs of a scenario are called as a file spells their entries; commands are typed as they stand."""


def lacking(page, kind, text):
    """The Latin words of a text that nobody has allowed."""
    if kind in MACHINE:
        return []
    text = text.replace("\\_", "_")  # as Markdown writes it
    return [word for word in LATIN.findall(CODE.sub(" ", NO_WORDS.sub(" ", text))) if word not in SYMBOLS]


def said_on(at):
    """Every text of a page with the kind of its element: texts, labels, helps, options, tables, titles of pictures."""
    for kind in ("title", "header", "subheader", "markdown", "caption", "info", "warning", "error", "success", "code"):
        for each in getattr(at, kind):
            yield kind, each.value
    for kind in ("metric", "button", "selectbox", "slider", "number_input", "multiselect", "text_input", "toggle", "tab", "expander",
                 "button_group", "download_button", "popover"):  # fmt: skip
        for each in at.get(kind):
            yield kind, getattr(each, "label", "") or getattr(getattr(each, "proto", None), "label", "")
            yield "help", getattr(each, "help", "") or ""
            yield from (
                ("option", str(getattr(option, "content", option))) for option in getattr(each, "options", None) or ()
            )
            yield (
                "value",
                f"{getattr(each, 'value', '') or ''} {getattr(each, 'delta', '')}" if kind == "metric" else "",
            )
    for each in at.dataframe:
        yield from (("column", str(name)) for name in each.value.columns)
        yield from (("cell", cell) for name in each.value for cell in each.value[name] if isinstance(cell, str))
    for each in at.get("html"):
        yield "html", words_of(each.proto.body)
    for each in at.get("vega_lite_chart"):
        spec = json.loads(each.proto.spec)
        yield "chart", json.dumps(spec.get("title", {}).get("text", ""), ensure_ascii=False)


def words_of(page):
    """The words of a page of HTML."""
    return html.unescape(re.sub(r"<(style|script).*?</\1>|<[^>]*>", " ", page, flags=re.DOTALL))


READ = (".xlsx", ".html", ".svg")
"""Kinds of files whose words are read here; a picture in points has the words of the one in lines."""


def words_in(name, content):
    """The words of what was saved; files for programs are the same in every language."""
    if name.endswith(".xlsx"):
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        for sheet in book.sheet_names:
            rows = book.get_sheet_by_name(sheet).to_python()
            yield from (sheet, *map(str, rows[0]))
            words = {k for k, head in enumerate(rows[0]) if head in {written(msg(each), "zh") for each in WORDS}}
            yield from {str(row[k]) for row in rows[1:] for k in words}
    elif name.endswith(".html"):
        inputs = written(msg("Inputs"), "zh")  # as the command line records them, for programs
        yield words_of(re.sub(rf"<h2>{inputs}</h2>.*?</table>", "", content.decode(), flags=re.DOTALL))
    elif name.endswith(".svg"):
        yield from ("".join(each.itertext()) for each in ET.fromstring(content).iter() if each.tag.endswith("}text"))


LINKS = [
    *((page, {}) for page in PAGES),
    *(("cycle", {"step": str(step)}) for step in (2, 3, 4, 5, 6)),
    ("cycle", {"policy": "siloed"}),
    pytest.param("compare", {"by": "segment"}, marks=pytest.mark.slow),
    ("scenario", {"company": "switchgear"}),
    ("scenario", {"company": "trading"}),
]


@pytest.fixture(scope="module")
def reader():
    """A Chinese reader, and what the page before him offers to save."""
    saved = {}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(show, "save", lambda label, make, name, kind: saved.setdefault(name, (label, make)))
        yield open_page(lang="zh"), saved


@pytest.mark.parametrize(("page", "link"), LINKS, ids=str)
def test_a_page_and_all_that_it_saves_is_chinese(page, link, reader):
    """No word of a page, of its pictures or of its files is English but for names, symbols and codes."""
    at, saved = reader
    saved.clear()
    for key, value in {"company": "giftware", **link}.items():
        at.query_params[key] = value
    go_to(at, page)
    assert not at.exception, at.exception
    found = [(kind, text) for kind, text in said_on(at) if lacking(page, kind, text) and not is_a_remark(page, text)]
    for name, (label, make) in saved.items():
        if name.startswith("month.") and link:
            continue  # the month is whole, whichever step is shown
        found += [("label", label)] if lacking(page, "label", label) else []
        if name.endswith(READ):
            content = in_language("zh", make, load(link.get("company", "giftware")).names("zh"))
            found += [(name, text) for text in words_in(name, content) if lacking(page, name, text)]
    assert not found, "\n".join(f"{kind}: {text[:300]}" for kind, text in dict.fromkeys(found))


def is_a_remark(page, text):
    """Whether it is a remark in the code of a page, which a page under test shows and a served one does not."""
    from dashboard.asks import EXAMPLES

    return (
        f'"""{text}"""' in (EXAMPLES.parent / "pages" / f"{page}.py").read_text()
        or text in (EXAMPLES.parent / "app.py").read_text()
    )
