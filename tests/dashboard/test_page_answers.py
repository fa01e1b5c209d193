"""What is shown is what the simulator says: examples, parts that are joined, files that leave and come in."""

import io
import json
import subprocess
import time

import numpy as np
import pandas as pd
import pytest
import reader
from click.testing import CliRunner

from dashboard import asks, build, downloads, export, jobs, results, turns
from dashboard.asks import EXAMPLES, Ask
from dashboard.case import HOME, Case, brought, scenario_of
from dashboard.kinds import compare_policies
from dashboard.origin import code_of
from dashboard.paper import read_month, write_month
from dashboard.speech import in_language
from dashboard.verdicts import verdict_texts
from simulator import bridge, compare, load, simulate
from simulator.faces.cli import main
from simulator.faces.documents import documents_of
from simulator.faces.documents.web import as_page
from simulator.kernel.units import ScenarioError
from simulator.results.compare import usual_measures
from simulator.results.story import joined_stories, story, with_target

FEW = 3
SMALL = Case("trading")
SHORT = SMALL.with_entry("experiment.months", 14)


def test_every_example_is_there_and_nothing_else():
    """Pages answer before any click; what no page opens with is not kept."""
    wanted = {ask.key for ask in build.examples()}
    there = {path.name for path in EXAMPLES.iterdir() if path.is_dir()}
    assert wanted == there, "the examples are out of date: run `sop dashboard --examples`"


@pytest.mark.parametrize("base", results.SHOWN)
def test_an_example_is_what_the_simulator_says_today(base):
    """The first replications are simulated again and agree, but for last bits.

    Those differ between types of processors, by some 1e-13 of a share that is a small rest of large figures.
    """
    ask = results.first_comparison(Case(base))
    kept, found = results.comparison(ask), scenario_of(ask.case)
    policies = ask.policies if base != "switchgear" else ask.policies[:2]  # the rest would take a minute
    tuned = [kept.tuned[name].policy for name in policies]
    today = compare(found, tuned, kept.replications[:FEW], ask.seed, usual_measures(found))
    for name in policies:
        np.testing.assert_allclose(kept.found[name][:, :FEW], today.found[name], rtol=1e-12)


def test_the_bridge_example_is_at_the_contracts_service_and_adds_up():
    """Both ends are near it on fresh luck; in money, elements and blocks lead from one to the other to the cent."""
    ask = results.first_bridge(Case("giftware"))
    contract = scenario_of(ask.case).experiment.service_target
    for name in ("bars", "blocks"):
        table = results.table(ask, name)
        served, money = (
            table[table["measure"] == measure].set_index("element")["value"]
            for measure in ("fill_rate", results.JUDGED)
        )
        assert [served["start"], served["end"]] == pytest.approx([contract] * 2, abs=0.02)
        between = money.drop(["start", "total", "end"])
        assert between.sum() == pytest.approx(money["end"] - money["start"], abs=0.01)


def test_a_story_is_a_comparison():
    """Months and groups change no number; parts that ran side by side are as if they had run together."""
    scenario = scenario_of(SHORT.with_entry("experiment.measures", ["payables"]))
    policies = [scenario.policy(name) for name in ("siloed", "sop", "order-up-to")]
    whole = story(scenario, policies, range(FEW), 7)
    parts = joined_stories([story(scenario, policies[k::2], range(FEW), 7) for k in range(2)], policies)
    told = compare(scenario, ["siloed", "sop", "order-up-to"], FEW, 7)
    by_family = compare(scenario, policies, FEW, 7, by="family").summary()
    assert "payables" in set(told.summary()["measure"])
    for found in (whole, parts):
        assert found.comparison().table.equals(told.table)
        assert found.comparison("family").summary().equals(by_family)
    assert parts.months().equals(whole.months())


def test_another_target_is_another_simulation_without_simulating():
    """Moving the target gives what a run against that target gives."""
    found = compare(scenario_of(SHORT), ["siloed", "sop"], FEW)
    moved = with_target(found, 0.999)
    again = compare(scenario_of(SHORT.with_entry("experiment.service_target", 0.999)), ["siloed", "sop"], FEW)
    named = ["scenario"]  # which says of the company that its target was changed
    assert moved.summary().drop(columns=named).equals(again.summary().drop(columns=named))


def test_a_kept_story_reads_as_it_was(tmp_path):
    """What a process leaves is what a page reads."""
    ask = Ask("compare", SHORT, ("siloed", "sop"), FEW, 5)
    compare_policies(ask, tmp_path)
    from simulator.results.story import read

    scenario = scenario_of(SHORT)
    policies = [scenario.policy(name) for name in ask.policies]
    kept = read(scenario, policies, 5, tmp_path / "story.npz").comparison()
    assert kept.summary().equals(compare(scenario, ["siloed", "sop"], FEW, 5).summary())


def test_documents_survive_their_file(tmp_path):
    """Every line of every document."""
    documents = documents_of(simulate(scenario_of(SMALL), "sop", [0]), 14, 0)
    write_month(tmp_path / "month.json.gz", documents)
    for before, after in zip(documents, read_month(tmp_path / "month.json.gz"), strict=True):
        assert (after.name, after.title, after.held, [*after.present]) == (
            before.name,
            before.title,
            before.held,
            [*before.present],
        )
        pd.testing.assert_frame_equal(after.table(), before.table())


def test_documents_of_another_version_are_refused_in_a_sentence(tmp_path):
    """They were kept as finished English, which nobody reads back."""
    import gzip

    from simulator.kernel.units import WorkError

    file = tmp_path / "month.json.gz"
    file.write_bytes(gzip.compress(b'[{"name": "sales_report", "title": "Sales forecast report"}]'))
    with pytest.raises(WorkError, match="as another version wrote them; take them away and ask again"):
        read_month(file)


# --- jobs ---


def finished(ask, seconds=60):
    """Wait for an answer."""
    for _ in range(int(seconds / 0.1)):
        state = jobs.state_of(ask.key)
        if state.status not in ("waiting", "running"):
            return state
        time.sleep(0.1)
    raise AssertionError("no answer in time")


def test_an_ask_is_answered_once_for_all():
    """The process leaves what `compare` says; whoever asks the same again has it at once."""
    ask = Ask("compare", SMALL, ("siloed", "chase"), 4, 11)
    assert jobs.start(ask).status in ("waiting", "running")
    assert jobs.start(ask).status in ("waiting", "running")
    assert finished(ask).status == "done"
    assert jobs.start(ask).status == "done"
    told = compare(scenario_of(SMALL), ["siloed", "chase"], 4, 11)
    assert results.comparison(ask).summary().equals(told.summary())


def test_a_stopped_run_leaves_nothing():
    """No process, no half an answer."""
    ask = Ask("compare", Case("giftware"), ("siloed", "sop"), 500, 13)
    jobs.start(ask)
    pid = turns.read_book().wishes[0].pid
    jobs.stop(ask.key)
    assert jobs.state_of(ask.key).status == "none"
    assert subprocess.run(["ps", "-g", str(pid), "-o", "stat="], capture_output=True, text=True).stdout.strip() in (
        "",
        "Z",
    )


def test_what_cannot_be_simulated_says_why():
    """The sentence of the simulator reaches the page."""
    ask = Ask("check", SMALL, (), 2, 1, (("product", "none of ours"), ("level", 1.0)))
    jobs.start(ask)
    state = finished(ask)
    assert state.status == "failed"
    assert "fault of the program" in str(state.sentence)


def test_the_engine_has_a_mark_that_follows_its_sources():
    """Answers of another engine are kept apart."""
    assert HOME.name == "dashboard"
    assert asks.engine() == code_of("dashboard.work")[:12]
    assert asks.engine() in str(jobs.folder_of("0" * 20))


# --- what comes in ---


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x00\x01\x02\xff", "UTF-8"),
        (b"[" * 100_000, "entries"),
        (b"x = 1\n" + b"# " * 600_000, "at most"),
        (b'extends = "../../etc/passwd"', "must name one of"),
        (b'extends = "giftware"\n[products.85123A]\nprice = -1\n', "must be at least 0"),
        (b'extends = "giftware"\n[products.85123A]\nprize = 1\n', "no such entry"),
        (b"[experiment]\nreplications = 1000000000\n", "replications"),
        (b'extends = "giftware"\n[demand.history]\nfile = "/etc/passwd"\n', "comes with the product"),
    ],
)
def test_a_hostile_file_is_refused_in_a_sentence(content, said):
    """Named, not executed, not kept."""
    before = set((HOME / "scenarios").glob("*.toml")) if (HOME / "scenarios").exists() else set()
    with pytest.raises(ScenarioError, match=said):
        brought(content)
    assert set((HOME / "scenarios").glob("*.toml")) == before


def test_a_saved_scenario_loads_again():
    """What differs from the base comes back, and gives the same company."""
    case = Case("giftware").with_entry("products.85123A.price", 3.25).with_entry("experiment.months", 30)
    again = brought(export.scenario_file(case))
    assert scenario_of(again).company == scenario_of(case).company
    assert scenario_of(again).experiment == scenario_of(case).experiment


# --- what leaves ---


def test_a_workbook_holds_no_live_formula():
    """Names that look like formulas stay names; inputs, results, definitions and versions are there."""
    import python_calamine

    nasty = pd.DataFrame(
        {"=1+1": ["=HYPERLINK(0)", "+cmd|' /C calc'!A0", "@SUM(A1)", "http://evil"], "value": [1.5, -2, 3, 4]}
    )
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(export.workbook({"sheet": nasty})))
    assert book.get_sheet_by_name("sheet").to_python()[1] == ["=HYPERLINK(0)", 1.5]
    raw = export.workbook({"sheet": nasty})
    import zipfile

    sheet = zipfile.ZipFile(io.BytesIO(raw)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet


def test_the_workbook_of_a_comparison_reads_back():
    """The same numbers as on the page, with all that made them."""
    import python_calamine

    ask = results.first_comparison(SMALL)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(downloads.comparison_workbook(ask)))
    assert {"Cover", "Charts", "summary", "replications", "months", "inputs", "Definitions"} < {*book.sheet_names}
    cover = "\n".join(str(row[0]) for row in book.get_sheet_by_name("Cover").to_python())
    assert all(told.rstrip(".") in cover for told in verdict_texts(results.decided(ask)))
    head, *rows = book.get_sheet_by_name("summary").to_python()
    read = pd.DataFrame(rows, columns=head)
    told = results.summary(ask)
    np.testing.assert_allclose(read["mean"].replace("", np.nan).astype(float), told["mean"], rtol=1e-12)
    inputs = dict(book.get_sheet_by_name("inputs").to_python()[1:])
    assert json.loads(inputs["versions"])["sop-sandbox"]


@pytest.mark.parametrize("form", ["png", "svg"])
def test_a_picture_is_drawn_here(form):
    """Without a browser and without a network."""
    from dashboard.look import spec_of
    from simulator.faces import charts

    spec = spec_of(charts.frontier(results.summary(results.first_comparison(SMALL))))
    drawn = export.picture(spec, form)
    assert drawn.startswith(b"\x89PNG" if form == "png" else b"<svg")


def test_the_report_fetches_nothing():
    """One page, no script, no address."""
    page = downloads.comparison_file(results.first_comparison(SMALL), ".html").decode()
    assert "<script" not in page
    assert 'src="http' not in page
    assert "<svg" in page


def test_a_report_speaks_as_its_reader_does():
    """It is made in a thread that knows no reader."""
    page = in_language("zh", lambda: downloads.comparison_file(results.first_comparison(SMALL), ".html")).decode()
    assert '<html lang="zh-CN">' in page
    assert "比较计划方式" in page
    documents = documents_of(simulate(scenario_of(SMALL), "sop", [0]), 14, 0)
    month = in_language("zh", lambda: as_page("x", documents))
    assert '<html lang="zh-CN">' in month
    assert "销售预测报告" in month
    assert "Sales forecast report" not in month
    assert as_page("x", documents).count("<td") == month.count("<td")


def test_a_picture_of_a_dark_page_can_be_read():
    """Its words are light, so its ground is dark."""
    spec = {"mark": "point", "data": {"values": [{"x": 1}]}, "encoding": {"x": {"field": "x", "type": "quantitative"}}}
    assert b"#191714" in export.picture(spec, "svg", paper="#191714")


def test_what_made_a_result_is_told_as_the_command_line_tells_it():
    """The same inputs, to the fingerprint of the scenario."""
    ask = Ask("compare", SMALL, ("siloed", "sop"), FEW, 5)
    jobs.start(ask)
    assert finished(ask).status == "done"
    words = downloads.command_line(ask).split()
    told_there = CliRunner().invoke(main, [*words[1:], "--json"])
    assert json.loads(downloads.comparison_json(ask)) == json.loads(told_there.stdout)


def test_the_command_line_gives_the_same():
    """The command that the page shows is understood, and answers the same numbers."""
    case = SMALL.with_entry("experiment.months", 20)
    ask = Ask("compare", case, ("siloed", "sop"), FEW, 5)
    words = downloads.command_line(ask).split()
    assert words[:3] == ["sop", "compare", "trading"]
    told = CliRunner().invoke(main, [*words[1:], "--json"])
    found = compare(scenario_of(case), ["siloed", "sop"], FEW, 5).summary()
    assert [row["mean"] for row in json.loads(told.stdout)["summary"]] == [None if m != m else m for m in found["mean"]]


def test_a_bridge_by_command_is_the_bridge_of_the_page():
    """The same function, the same numbers."""
    parts = ["consensus", "shortage"]
    found = bridge(scenario_of(SMALL), "siloed", "sop", 2, parts=parts, measures=["fill_rate"], workers=1, as_run=True)
    line = downloads.bridge_line(results.first_bridge(SMALL), ["fill_rate"])
    assert line.startswith(
        "sop bridge trading --base siloed --full sop-smoothed --element consensus --element capacity"
    )
    assert line.endswith("--at fill_rate=0.95 --measure fill_rate --replications 24")
    assert "buying" not in line  # the two policies buy alike
    assert found.table()["value"].notna().all()


assert reader  # it chooses where answers are kept


@pytest.mark.parametrize(
    "text",
    [
        "[finance]\n",
        "[market]\n",
        "[stockroom]\n",
        'instead = ["finance"]\n[finance]\nholding_rate = 0.2\n',
        'instead = ["products.85123A.make"]\n[products.85123A.make]\nlead_time = 5\n',
        '[products.85123A]\nnote = "SOMETHING ELSE"\n',
        '[products.85123A.make]\n[names.zh]\nbags = "包"\n',
    ],
)
def test_a_file_is_the_same_company_on_the_page_and_on_the_command_line(tmp_path, text):
    """Empty tables change nothing that is there, tables named in `instead` stand for it, notes may be new."""
    (tmp_path / "mine.toml").write_text(f'extends = "giftware"\n{text}', encoding="utf-8")
    there = load(tmp_path / "mine.toml")
    on_the_page = scenario_of(brought((tmp_path / "mine.toml").read_bytes()))
    assert on_the_page.company.model_dump(exclude={"name"}) == there.company.model_dump(exclude={"name"})
