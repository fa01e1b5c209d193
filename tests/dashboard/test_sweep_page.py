"""Sweep: the example, studies that are put together or loaded, what they cost, and that the page says what `sop results` says."""

import io
import json
import time
import zipfile

import numpy as np
import pytest
from click.testing import CliRunner
from reader import open_page, texts

from dashboard import downloads, export, jobs, kinds, results, studies
from dashboard.asks import Ask, to_json
from dashboard.case import HOME, Case, scenario_of
from dashboard.parts import factors
from dashboard.work import answer_ask
from simulator import compare
from simulator.faces.analysis.views import Asked
from simulator.faces.cli import main
from simulator.kernel.messages import msg, written
from simulator.kernel.units import ScenarioError
from simulator.studies.evaluate import evaluate
from simulator.studies.plan import ASKED_FROM
from simulator.studies.sweep import sweep

Z = {"entry": "policy.safety_stock.z", "name": "z", "values": [0.5, 1.5, 2.5]}
DRILL = {"entry": "products.drill.buy.lead_time.mean", "low": 30.0, "high": 60.0, "steps": 2}
MEASURES = ["fill_rate", "days_of_supply", "contribution"]
SMALL = {"policies": ["chase", "sop"], "factors": [Z, DRILL], "replications": 3, "measures": MEASURES, "seed": 5}


def example():
    """The study that the page opens with."""
    return studies.first(Case("giftware"))


def finished(ask, seconds=120):
    """Run an ask to its end."""
    jobs.start(ask)
    return waited(ask, seconds)


def waited(ask, seconds=120):
    """Wait until an ask neither waits nor runs."""
    for _ in range(int(seconds / 0.1)):
        state = jobs.state_of(ask.key)
        if state.status not in ("waiting", "running"):
            return state
        time.sleep(0.1)
    raise AssertionError("no answer in time")


@pytest.fixture(scope="module")
def every_index():
    """A study in the design for Sobol indices, answered here as its process would."""
    link = {
        "with": "sop",
        "design": "sobol-indices",
        "points": "4",
        "reps-own": "3",
        "keep": "fill_rate,days_of_supply",
    }
    vary = [
        {"entry": "policy.safety_stock.z", "low": 0, "high": 3},
        {"entry": "policy.decision_delay", "low": 0, "high": 10},
    ]
    words = {"policies": ["sop"], "factors": vary, "replications": 3, "measures": link["keep"].split(",")}
    words["design"] = {"kind": "sobol-indices", "points": 4}
    ask = studies.asked(Case("trading"), studies.OWN, words)
    folder = jobs.folder_of(ask.key)
    folder.mkdir(parents=True)
    (folder / "ask.json").write_text(to_json(ask), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kinds, "CORES", 1)
        assert answer_ask(folder) == 0
    return {"company": "trading", "study": "own", "vary": json.dumps(vary), **link}


@pytest.fixture(scope="module")
def small():
    """A small study of the trading firm, run beside the page."""
    ask = studies.asked(Case("trading"), studies.OWN, SMALL)
    assert finished(ask).status == "done"
    return ask


# --- one truth ---


def test_the_example_is_what_the_simulator_says_today():
    """Some of its settings are simulated again and agree to the last bit; none is missing."""
    ask = example()
    kept, study = results.swept(ask), studies.study_of(ask)
    assert kept.runs == kept.runs_wanted == len(study.points) * len(study.policies) * ask.replications
    assert not kept.failed
    for place, policy in enumerate(study.policies):
        points = [0, 10, 20]
        today = evaluate(study.scenario, policy, [study.points[k] for k in points], range(2), ask.seed, study.measures)
        for row, measure in enumerate(study.measures):
            rows = [point * len(study.policies) + place for point in points]
            np.testing.assert_array_equal(kept.array(measure)[rows, :2], today[:, row])


@pytest.mark.parametrize(
    ("view", "options", "words"),
    [
        ("tornado", ("fill_rate", "sop"), ["--tornado", "--policy", "sop"]),
        ("effects", ("fill_rate", "sop"), ["--effects", "--policy", "sop"]),
        ("frontier", (), ["--frontier"]),
        ("ranking", ("fill_rate",), ["--ranking"]),
        ("parallel", ("fill_rate",), ["--parallel"]),
        ("convergence", ("fill_rate",), ["--convergence"]),
        ("precision", (), ["--precision"]),
        ("heat", ("fill_rate", None, "safety factor", "packing hours"), ["--heat", "safety factor,packing hours"]),
    ],
)
def test_the_page_shows_what_the_command_answers(view, options, words):
    """Every view of the page is that of `sop results` on the same folder."""
    ask = example()
    folder = str(jobs.folder_of(ask.key) / jobs.STORE)
    of_one = ["--measure", options[0]] if options else []
    told = CliRunner().invoke(main, ["results", folder, *of_one, *words, "--csv"])
    assert told.exit_code == 0, told.output
    assert told.stdout == export.as_csv(results.view(ask, view, Asked(*options)))


def test_a_study_that_runs_beside_the_page_is_that_of_the_command(small, tmp_path):
    """The same rows, to the last bit, from the file that the page saves."""
    (tmp_path / "study.toml").write_bytes(studies.study_file(small))
    alone = sweep(tmp_path / "study.toml", tmp_path / "out", workers=1)
    assert results.swept(small).content == alone.content


def test_a_setting_is_the_same_company_and_policy_on_every_page(small):
    """What Compare simulates at a setting is what the study found there."""
    row = 5 * 2 + 1
    case, policy = studies.with_setting(small.case, small, 5, "sop", "sop-setting-6")
    told = compare(scenario_of(case), [policy], small.replications, small.seed, MEASURES)
    for k, measure in enumerate(MEASURES):
        np.testing.assert_array_equal(told.found[policy][k], results.swept(small).array(measure)[row])
    assert studies.without_settings(case, "-setting-").changes == (("products.drill.buy.lead_time.mean", "60.0"),)


@pytest.mark.slow
def test_a_stopped_study_goes_on_where_it_was(tmp_path):
    """What was finished stays, is not run again, and the rest comes to the same rows; of the command it is tested every day."""
    ask = studies.asked(Case("trading"), studies.OWN, {**SMALL, "replications": 24, "seed": 6})
    jobs.start(ask)
    parts = jobs.folder_of(ask.key) / jobs.STORE / "parts"
    for _ in range(600):
        if list(parts.rglob("*.parquet")):
            break
        time.sleep(0.1)
    jobs.stop(ask.key)
    kept = {path.name: path.stat().st_mtime_ns for path in parts.rglob("*.parquet")}
    assert kept
    assert jobs.state_of(ask.key).status == "stopped"
    assert finished(ask).status == "done"
    assert all((parts / name[:2] / name).stat().st_mtime_ns == written for name, written in kept.items())
    assert results.swept(ask).content == sweep(studies.study_of(ask), tmp_path, workers=1).content


# --- what the reader sees ---


def test_the_sentence_has_number_and_interval():
    """Which factor moves the measure most, by how much at either end, and how many settings may be best."""
    at = open_page("sweep", who="sop")
    sentence = next(each.value for each in at.markdown if "moves fill rate most" in each.value)
    low = results.view(example(), "tornado", Asked("fill_rate", "sop")).iloc[0]
    for name in ("difference", "low", "high"):
        assert f"{100 * abs(low[name]):.1f}" in sentence
    possible = int(results.view(example(), "ranking", Asked("fill_rate"))["possible"].sum())
    assert f"{possible} of them may be the best" in sentence


def test_every_measure_and_language_has_an_answer():
    """Also one that has no better direction, also in Chinese."""
    for measure in studies.study_of(example()).measures:
        at = open_page("sweep", answer=measure, lang="zh")
        assert not at.exception, (measure, at.exception)
    assert at.title[0].value == written(msg("Sweep"), "zh")


@pytest.mark.parametrize(
    "tab", ["Effects", "Shares of the variance", "All settings at once", "Which is best", "How sure"]
)
def test_every_tab_opens(tab, every_index):
    """A study in the design for Sobol indices has all of them."""
    at = open_page("sweep", **every_index)
    assert any("under S&OP by the rules" in each.value for each in at.markdown)
    at.session_state["sweep tabs"] = tab
    at.run()
    assert not at.exception
    assert not any("need a design of their own" in each.value for each in at.info)


def test_a_link_brings_a_study_back():
    """What one reader put together, another one sees."""
    vary = [{"entry": "policy.safety_stock.z", "low": 0.5, "high": 1.5, "steps": 3}]
    at = open_page("sweep", study="own", vary=json.dumps(vary), **{"with": "chase", "reps-own": "7"})
    assert at.multiselect(key="with").value == ["chase"]
    assert at.number_input(key="high policy.safety_stock.z").value == 1.5
    assert at.number_input(key="reps-own").value == 7


@pytest.mark.parametrize(
    "vary",
    [
        "[" * 5000,
        "{}",
        '[{"entry": ["x"]}]',
        '[{"entry": "x", "low": NaN}]',
        '[{"entry": "x", "steps": 1000000}]',
        '[{"entry": "x", "values": [{}]}]',
        '[{"entry": "x"}, {"entry": "x"}]',
    ],
)
def test_a_hostile_link_is_named_and_ignored(vary):
    """A sentence at the head of the page, no traceback."""
    at = open_page("sweep", study="own", vary=vary)
    assert not at.exception
    assert any("vary" in each.value for each in at.warning)


@pytest.mark.parametrize(
    ("factor", "said"),
    [
        ({"entry": "policy.safety_stock.z", "low": 0, "high": 7}, "it must be from 0 to 6"),
        ({"entry": "policy.safety_stock.z", "low": 2, "high": 1}, "low must be below high"),
        ({"entry": "policy.safety_stock.q", "low": 0, "high": 1}, "has no entry policy.safety_stock.q"),
        ({"entry": "resources.packing.hours", "low": -1, "high": 1}, "it must be above 0"),
        ({"entry": "policy.allocation", "values": ["nobody"]}, "known: first-come, proportional, ranked"),
    ],
)
def test_a_wrong_range_is_refused_at_its_inputs(factor, said):
    """The sentence of the command line; nothing is planned or run."""
    at = open_page("sweep", study="own", vary=json.dumps([factor]))
    assert not at.exception
    assert any(said in each.value for each in at.error), [each.value for each in at.error]
    assert "Run" not in {each.label for each in at.button}


def test_a_factor_that_is_chosen_has_a_range_that_can_be():
    """A fifth below and above what the entry says now, to be changed."""
    at = open_page("sweep", study="own")
    at.multiselect(key="factors").set_value(["policy.safety_stock.z", "resources.packing.hours"]).run()
    assert at.number_input(key="low resources.packing.hours").value == pytest.approx(3.6)
    at.number_input(key="low resources.packing.hours").set_value(4.0).run()
    assert json.loads(at.query_params["vary"])[1]["low"] == 4.0
    assert not at.error


def test_choices_and_switches_take_their_levels():
    """What is no number is varied over what it may be."""
    found = factors.entries_of(Case("giftware"), ("sop",))
    assert factors.usual_range(found["policy.safety_stock_static"])["values"] == [False, True]
    assert factors.usual_range(found["policy.allocation"])["values"] == [
        "ranked",
        "reserved",
        "proportional",
        "first-come",
    ]
    whole = factors.usual_range(found["policy.decision_delay"])
    assert (whole["low"], whole["high"]) == (0, 2)


def test_a_study_that_comes_with_the_product_can_be_changed():
    """Its factors, policies and measures become inputs."""
    at = open_page("sweep")
    at.session_state["factors shown"] = True
    next(each for each in at.button if each.label == "Change this study").click().run()
    assert at.selectbox(key="study").value == "own"
    assert at.multiselect(key="factors").value == ["policy.safety_stock.z", "resources.packing.hours"]
    assert at.number_input(key="reps-own").value == 50


def planned(seconds, replications=23):
    """An example with other replications whose plan says so many seconds."""
    ask = studies.asked(
        Case("giftware"), "safety-stock", {**studies.words_of("safety-stock"), "replications": replications}
    )
    folder = jobs.folder_of(Ask("plan", ask.case, ask.policies, ask.replications, ask.seed, ask.more).key)
    folder.mkdir(parents=True, exist_ok=True)
    runs = 42 * replications
    plan = {
        "points": 21,
        "policies": 2,
        "replications": replications,
        "runs": runs,
        "seconds": seconds,
        "bytes": 9e4,
        "workers": 2,
    }
    (folder / "plan.json").write_text(json.dumps(plan))
    (folder / "done.json").write_text("{}")
    return open_page("sweep", **{"reps-safety-stock": str(replications)})


def test_the_plan_is_said_before_anything_runs():
    """Runs, time, disk; then the button. The last result is not there, so the page says what to do."""
    at = planned(30.0)
    assert any("= **966 runs**; about **30 s**, 90 kB on disk" in each.value for each in at.markdown)
    assert {"Run", "Open the example"} <= {each.label for each in at.button}
    next(each for each in at.button if each.label == "Open the example").click().run()
    assert any("moves fill rate most" in each.value for each in at.markdown)


def test_a_long_study_is_asked_about_and_a_smaller_one_offered():
    """Above ten minutes: fewer replications, or start it all the same."""
    at = planned(2 * ASKED_FROM, 40)
    assert "Run" not in {each.label for each in at.button}
    assert any("too long for a page" in each.value for each in at.warning)
    offer = at.button(key="smaller")
    assert offer.label == "Take 16 replications: about 8 min"
    at.checkbox[0].check().run()
    assert "Run" in {each.label for each in at.button}
    at.button(key="smaller").click().run()
    assert at.number_input(key="reps-safety-stock").value == 16


def test_far_too_long_a_study_is_not_offered():
    """Whoever wants that takes the command line."""
    at = planned(5 * 3600.0, 41)
    assert "Run" not in {each.label for each in at.button}
    assert not at.checkbox
    assert any("too long for a page" in each.value for each in at.warning)


def test_inputs_that_changed_leave_the_last_answer():
    """Stale state: what is shown says that it is of earlier inputs."""
    planned(30.0, 22)
    at = open_page("sweep")
    at.number_input(key="reps-safety-stock").set_value(22).run()
    assert "Inputs changed" in texts(at)
    assert any("moves fill rate most" in each.value for each in at.markdown)


def test_too_many_points_are_refused_before_they_are_laid_out():
    """One sentence with what to take instead."""
    vary = [{"entry": f"products.{name}.price", "low": 1, "high": 2, "steps": 1000} for name in ("85123A", "20725")]
    at = open_page("sweep", study="own", vary=json.dumps(vary))
    assert any("2,000 is the most" in each.value for each in at.error)


# --- files ---


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x00\xff", "UTF-8"),
        (b"x = 1\n" + b"# " * 600_000, "at most"),
        (b"x = 1", "scenario is missing"),
        (b'scenario = "/etc/passwd"\npolicies = ["sop"]', "must name one of"),
        (b'scenario = "../giftware.toml"\npolicies = ["sop"]', "must name one of"),
        (b'scenario = "giftware"\npolicies = ["/etc/x.toml"]', "there is no policy 'x.toml'"),
        (b'scenario = "giftware"\npolicies = ["sop"]\nreplications = 99999999999', "from 1 to 1,000,000,000"),
        (
            b'scenario = "giftware"\npolicies = ["sop"]\nchanges = {"demand.history.file" = "/etc/passwd"}',
            "comes with the product",
        ),
        (b'scenario = "giftware"\npolicies = ["sop"]\n[design]\nkind = "sobol"\npoints = 524288', "is the most"),
    ],
)
def test_a_hostile_study_is_refused_in_a_sentence(content, said):
    """Named, not run, not kept."""
    before = set((HOME / "studies").glob("*")) if (HOME / "studies").exists() else set()
    with pytest.raises(ScenarioError, match=said):
        studies.brought(content)
    assert set((HOME / "studies").glob("*")) == before


def test_a_saved_study_loads_again():
    """The same study, with what was changed of its company; a link to it opens."""
    words = {**studies.words_of("what-matters"), "design": {"kind": "sobol-indices", "points": 4}}
    ask = studies.asked(Case("giftware").with_entry("products.85123A.price", 3.25), "what-matters", words)
    code, base = studies.brought(studies.study_file(ask))
    again = studies.asked(Case(base), code, studies.words_of(code))
    assert studies.study_of(again).key == studies.study_of(ask).key
    at = open_page("sweep", study=code)
    assert at.selectbox(key="study").value == code
    assert not at.exception


def test_a_study_that_is_not_here_is_told():
    """A link from another machine."""
    at = open_page("sweep", study="@0123456789ab")
    assert any("load its file again" in each.value for each in at.warning)
    assert not at.exception


def test_downloads_hold_the_study(small):
    """Workbook without live formulas, the store as `sop results` reads it, the commands."""
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(downloads.study_file_of(small, ".xlsx")))
    assert {"Settings", "all measures", "runs", "inputs", "Definitions"} <= {*book.sheet_names}
    assert len(book.get_sheet_by_name("runs").to_python()) == 1 + 12 * 3 * 3
    names = zipfile.ZipFile(io.BytesIO(export.zipped(jobs.folder_of(small.key) / jobs.STORE))).namelist()
    assert {"manifest.json", "points.parquet"} <= set(names)
    assert downloads.study_lines(small).startswith("sop sweep sop-own.toml")


@pytest.mark.parametrize("file", ["manifest.json", "points.parquet", "parts"])
def test_a_damaged_result_is_not_shown_and_the_same_run_mends_it(small, file):
    """No table with rows left out; what is whole is kept."""
    content, store = results.swept(small).content, jobs.folder_of(small.key) / jobs.STORE
    hurt = min(store.rglob("parts/*/*.parquet")) if file == "parts" else store / file
    hurt.write_bytes(hurt.read_bytes()[:-9])
    results._swept.clear()
    assert not results.whole(small)
    until = time.monotonic() + 30
    while jobs.state_of(small.key).status == "running" and time.monotonic() < until:
        time.sleep(0.05)  # the process of the last run is about to end
    assert jobs.state_of(small.key).status == "stopped"
    assert finished(small).status == "done"
    assert results.whole(small)
    assert results.swept(small).content == content


def test_the_winner_is_scored_on_fresh_luck(small):
    """Twice as many new replications; what it says is on the page."""
    more = (("sweep", small.key), ("measure", "contribution"), *small.more)
    fresh = Ask("winner", small.case, small.policies, small.replications, small.seed, more)
    assert finished(fresh).status == "done", jobs.state_of(fresh.key)
    found = results.noted(fresh, "winner.json")
    best = results.view(small, "ranking", Asked("contribution")).iloc[0]
    assert found["seen"]["mean"] == pytest.approx(best["mean"])
    assert found["optimism"]["mean"] == pytest.approx(found["seen"]["mean"] - found["fresh"]["mean"])


def test_a_setting_opens_in_compare():
    """The policy as it is, and with the setting; the company with it."""
    at = open_page("sweep", spot="5")
    at.button(key="to compare").click().run()
    assert not at.exception
    assert at.multiselect(key="policies").value == ["sop", "sop-setting-3"]
    assert json.loads(at.query_params["set"])["resources.packing.hours"] == 4.95
