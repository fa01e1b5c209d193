"""The value bridge on its page: at equal service, blocks first, three readings, and why a rung costs."""

import io
import json

import pytest
from pptx import Presentation
from reader import open_page

from dashboard import downloads, jobs, results
from dashboard.asks import Ask
from dashboard.case import Case
from dashboard.kinds import KINDS
from dashboard.progress import read_json, write_json
from dashboard.words.figures import PERCENT
from simulator.kernel.messages import as_data, msg
from simulator.results.kpis import MEASURES

LINK = {"company": "trading", "set": json.dumps({"experiment.months": 8, "experiment.warm_up": 2})}
ENDS = {"from": "siloed", "to": "dire", "runs": "5"}


@pytest.fixture(scope="module")
def answered():
    """The bridge from decent silos to dire ones, which costs, on a small company, kept where the page looks for it."""
    case = Case("trading").with_entry("experiment.months", 8).with_entry("experiment.warm_up", 2)
    first = results.first_bridge(case, 5)
    ask = Ask(first.kind, first.case, ("siloed", "dire"), first.replications, first.seed, first.more)
    place = jobs.folder_of(ask.key)
    place.mkdir(parents=True)
    KINDS["bridge"](ask, place)
    write_json(place / "done.json", {"kind": "bridge"})
    return ask


def test_the_page_opens_at_equal_service_with_the_blocks(answered):
    """The whole in a sentence, the blocks, then the elements; a table of three readings, whose blocks add up."""
    at = open_page("bridge", **LINK, **ENDS)
    assert not at.exception
    told = [each.value for each in at.markdown]
    assert any(
        text.startswith("From Siloed to Dire (a caricature): ") and "of 100 runs of 6 months" in text for text in told
    )
    assert any(text.startswith("Better forecast") for text in told)
    assert [tab.label for tab in at.tabs] == [
        "Four blocks",
        "Worth of each element",
        "Three readings",
        "One after the other",
    ]
    heads = [list(frame.value.columns) for frame in at.dataframe]
    assert ["Block, element", "Worth [95 %]", "Only this [95 %]", "All but this: lost [95 %]"] in heads
    blocks = results.table(answered, "blocks")
    part = blocks[blocks["measure"] == "ebit_before_absorption"].set_index("element")["value"]
    inner = part.drop(["start", "total", "end"])
    assert inner.sum() == pytest.approx(part["end"] - part["start"], abs=0.01)
    assert next(iter(blocks["measure"])) == "ebit_before_absorption"


def test_the_command_beside_it_is_at_the_same_target(answered):
    """As the page asks for it, or as run where the reader chose that."""
    assert "--at fill_rate=0.95 --measure" in downloads.bridge_line(answered, ["fill_rate"])
    as_run = results.first_bridge(answered.case, 5, equal=False)
    assert "--as-run --measure" in downloads.bridge_line(as_run, ["fill_rate"])
    assert as_run.key != answered.key


def test_a_rung_that_costs_says_why(answered):
    """In presentation, beside that rung alone."""
    file = jobs.folder_of(answered.key) / "told.json"
    words = msg(
        "It costs {gap} {currency} a year here: {moved}.", gap="-900", currency="EUR", moved="for lateness -900"
    )
    write_json(file, {**read_json(file), "steps": {"speed": as_data(words)}})
    at = open_page("bridge", **LINK, **ENDS, show="1")
    shown = {}
    while True:
        assert not at.exception
        shown[at.title[0].value] = [each.value for each in at.warning if each.value.startswith("It costs")]
        if at.button(key="slide on").disabled:
            break
        at.button(key="slide on").click().run()
        next(each for each in at.button if each.label == "Show it").click().run()
    assert len(shown) == 1 + 4
    assert shown.pop("+ decision speed") == ["It costs -900 EUR a year here: for lateness -900."]
    assert not any(shown.values())


def test_the_audience_says_a_figure_before_the_bar_is_shown(answered):
    """Until then nothing tells what the rung adds; afterwards what was said stands beside what came."""
    rungs = results.table(answered, "rungs")
    measure = str(rungs["measure"].iloc[0])
    levels = rungs[rungs["measure"] == measure]["mean"].tolist()
    at = open_page("bridge", **LINK, **ENDS, show="1")
    before = len(at.markdown)
    at.button(key="slide on").click().run()
    assert len(at.markdown) < before  # the rung's name and words alone
    at.number_input[0].set_value(12.5).run()
    next(each for each in at.button if each.label == "Show it").click().run()
    told = next(each.value for each in at.markdown if each.value.startswith("You said"))
    scale, places = (100, 1) if MEASURES[measure].unit in PERCENT else (1, 0)
    assert told.startswith(f"You said +{12.5:,.{places}f}; it adds {scale * (levels[1] - levels[0]):+,.{places}f} ")
    assert not at.exception


def test_the_bridge_leaves_as_slides_pdf_and_report(answered):
    """Worth of the blocks as bars, the first sentence as verdict, by the names that the page uses."""
    deck = Presentation(io.BytesIO(downloads.bridge_file(answered, ".pptx"))).slides
    (chart,) = [shape.chart for slide in deck for shape in slide.shapes if shape.has_chart]
    blocks = results.table(answered, "blocks")
    own = blocks[(blocks["measure"] == blocks["measure"].iloc[0]) & ~blocks["element"].isin(["start", "end", "total"])]
    assert list(chart.plots[0].series[0].values) == pytest.approx(own["value"].tolist())
    first = str(results.told_of_bridge(answered)["whole"][0])
    assert any(first in shape.text_frame.text for shape in deck[1].shapes if shape.has_text_frame)
    page = downloads.bridge_file(answered, ".html").decode()
    assert "from Siloed to" in page
    assert "<script" not in page
    assert downloads.bridge_file(answered, ".pdf").startswith(b"%PDF")
