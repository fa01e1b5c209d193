"""What the public calls of Python hand out: all that is asked for, nothing that changes afterwards, one sentence where it cannot be."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from simulator import compare, simulate, sweep
from simulator.engine.scenario import load
from simulator.kernel.units import ScenarioError
from simulator.results.kpis import MAIN, MEASURES
from simulator.studies.blocks import simulate_block

HERE = Path(__file__).resolve().parents[1]
SHORT = load("trading", {"experiment.months": 3, "experiment.warm_up": 1})


def test_a_run_gives_every_measure_that_is_asked_for():
    """The main ones when none is named, all for `all`, one by its name; a typo names the nearest."""
    run = simulate(SHORT, "chase", 2)
    assert tuple(run.measures()["measure"].unique()) == MAIN
    every = run.measures(measures="all")
    assert set(every["measure"]) == set(MEASURES)
    assert run.measures(measures="production_variation")["value"].size == 2
    assert run.measures(measures=["otif", "fill_rate"])["measure"].tolist() == ["otif"] * 2 + ["fill_rate"] * 2
    for call in (run.measures, lambda measures: compare(SHORT, ["chase"], 2, measures=measures)):
        with pytest.raises(ScenarioError, match="no measure 'fil_rate'; did you mean fill_rate"):
            call(measures=["fil_rate"])
    with pytest.raises(ScenarioError, match="ebit cannot be told by product"):
        run.measures("product", ["ebit"])
    assert compare(SHORT, ["chase"], 2, measures="otif").rows[0][0].name == "otif"
    with pytest.raises(ScenarioError, match="no book 'on_hnd'; did you mean on_hand"):
        run.daily("on_hnd")


def test_books_of_one_block_stay_when_the_next_is_run(monkeypatch):
    """Whoever keeps them finds in each what a run of that block alone finds."""
    monkeypatch.setattr("simulator.engine.play.lanes_at_once", lambda _: 2)
    run = simulate(SHORT, "chase", [0, 1, 2, 3, 4, 5])
    kept = list(run.books())
    assert [books.replications for books in kept] == [[0, 1], [2, 3], [4, 5]]
    for books in kept:
        alone = next(simulate(SHORT, "chase", books.replications).books())
        for name, flow in alone.flows.items():
            np.testing.assert_array_equal(books.flows[name], flow, err_msg=name)


def test_what_a_run_keeps_is_not_simulated_again(monkeypatch):
    """Measures, money and daily books are read from the books that are there, whatever departments the company lacks."""
    few, many = simulate(SHORT, "chase", 2), simulate(SHORT, "chase", 20)
    monkeypatch.setattr("simulator.engine.play.play", None)
    for run in (few, many):
        assert len(run.measures()) > 0
        assert len(run.money()) > 0
        assert run.daily("shipped").sum() > 0
    assert few.daily("signed").sum() > 0
    assert next(few.books()) is next(few.books())


SCRIPT = """
from simulator import bridge, sweep
study = {{"scenario": "trading", "policies": ["chase"], "replications": 2, "measures": ["fill_rate"]}}
{call}
"""


@pytest.mark.parametrize(
    ("call", "what"),
    [
        ("sweep(study, 'out', workers=2)", "sweep"),
        ("sweep(study, 'out')", "sweep"),
        ("bridge('trading', replications=2, workers=2)", "bridge"),
        ("def run():\n    sweep(study, 'out', workers=2)\nrun()", "sweep"),
    ],
)
def test_a_script_without_its_guard_is_told_before_any_worker_starts(tmp_path, call, what):
    """Once, in one sentence, and not with a table of nothing."""
    (tmp_path / "plain.py").write_text(SCRIPT.format(call=call))
    ended = subprocess.run(
        [sys.executable, "plain.py"], cwd=tmp_path, capture_output=True, text=True, env={"PYTHONPATH": str(HERE)}
    )
    assert ended.returncode == 1
    assert ended.stderr.count("Traceback") == 1
    assert (
        f"plain.py calls {what}() where every worker process would call it again; put" in ended.stderr.splitlines()[-1]
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "call", ["sweep(study, 'out', workers=1)", "if __name__ == '__main__':\n    sweep(study, 'out', workers=2)"]
)
def test_a_script_with_its_guard_or_with_one_worker_runs(tmp_path, call):
    """As docs/scale.md has it."""
    (tmp_path / "plain.py").write_text(SCRIPT.format(call=call))
    ended = subprocess.run(
        [sys.executable, "plain.py"], cwd=tmp_path, capture_output=True, text=True, env={"PYTHONPATH": str(HERE)}
    )
    assert ended.returncode == 0, ended.stderr


def broken(*_):
    """A block that always fails."""
    raise ValueError("no flour")


def test_a_sweep_of_which_nothing_could_be_run_says_so(tmp_path):
    """A table of nothing is no answer; where a part could be run, what failed is listed."""
    study = {"scenario": "trading", "policies": ["chase"], "replications": 2, "measures": ["fill_rate"]}
    with pytest.raises(ScenarioError, match="nothing of 'study' could be run: ValueError: no flour"):
        sweep(study, tmp_path / "out", workers=1, do=broken)
    assert sweep(study, tmp_path / "out", workers=1, do=simulate_block).runs == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            ("trading", {"company": {"currency": "USD"}}),
            "trading.toml: company cannot be set as a whole, .*: company.currency",
        ),
        (("trading", {"products": {"drill": {"price": 3.0}}}), "set its entries by name: products.drill"),
        (("trading", {"experiment": {}}), "experiment cannot be set as a whole, .* by name: experiment.months, "),
        (("trading", {"company": "x"}), "company is 'x'; it must be a table"),
        (("trading", "months=3"), "overrides is 'months=3'; it must be a table"),
        (("trading", {3: 4}), "the entry '3' cannot be read; give keys"),
        ((3,), "the scenario is '3'; it must be a path or a name"),
        ((None,), "the scenario is 'None'; it must be a path or a name"),
    ],
)
def test_what_cannot_be_loaded_is_told_in_one_sentence(given, said):
    """A table for a part of the company would lose all else that the part says."""
    with pytest.raises(ScenarioError, match=said):
        load(*given)


def test_a_part_that_is_not_there_may_be_set_as_a_whole():
    """Nothing is lost then; and a table within a part stands instead of the one that was there."""
    plain = load("trading")
    assert "market" not in plain.words
    assert load("trading", {"market": {"shocks": [{"start": "2024-02-01", "factor": 1.2}]}}).company.market.shocks
    buy = {"supplier": "overseas", "lead_time": {"law": "constant", "mean": 9.0}}
    assert load("trading", {"products.drill.buy": {**plain.words["products"]["drill"]["buy"], **buy}})
