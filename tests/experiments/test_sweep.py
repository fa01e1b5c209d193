"""A sweep gives the same rows however it is cut, by whomever it is run, and however often it is stopped."""

import json
import os
import signal
import threading
import time
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from bakery import study

from simulator.engine.settings import changed_policy, changed_scenario
from simulator.kernel.units import ScenarioError
from simulator.kernel.workers import Processes
from simulator.results.compare import compare, estimate
from simulator.studies.blocks import blocks_of_stage, maker_of_results, simulate_block
from simulator.studies.cutting import Stage
from simulator.studies.results import Results, means_of
from simulator.studies.store import Store
from simulator.studies.sweep import sweep


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """An unbroken run."""
    folder = tmp_path_factory.mktemp("whole")
    return sweep(study(folder), folder / "out", workers=1)


@pytest.mark.parametrize("how", [{"workers": 1, "lanes": 3}, {"workers": 1, "lanes": 14}, {"workers": 2, "lanes": 20}])
def test_any_workers_and_any_blocks_give_the_same_rows(tmp_path, whole, how):
    """One hash."""
    found = sweep(study(tmp_path), tmp_path / "out", **how)
    assert found.content == whole.content
    assert found.runs == found.runs_wanted == 6 * 2 * 7


@pytest.mark.slow
def test_a_cluster_gives_the_same_rows(tmp_path, whole):
    """Dask, on this machine."""
    assert sweep(study(tmp_path), tmp_path / "out", workers=2, cluster="local", lanes=20).content == whole.content


def test_rows_are_those_of_a_comparison(tmp_path, whole):
    """A sweep has no numbers of its own."""
    case = study(tmp_path)
    for point, setting in enumerate(case.points):
        policies = [changed_policy(policy, setting, "test") for policy in case.policies]
        found = compare(changed_scenario(case.scenario, setting), policies, 7, 5, case.measures).found
        for k, policy in enumerate(policies):
            for row, measure in enumerate(case.measures):
                np.testing.assert_array_equal(whole.array(measure)[2 * point + k], found[policy.name][row])


def test_more_replications_are_added_to_those_that_are_there(tmp_path, whole):
    """The first ones are not run again, and the whole is as if it had been asked for at once."""
    some = sweep(study(tmp_path, replications=3), tmp_path / "out", workers=1, lanes=10)
    before = some.store.parts()
    more = sweep(study(tmp_path), tmp_path / "out", workers=1, lanes=10)
    assert before < more.store.parts()
    assert more.content == whole.content


def stopping(after):
    """Work that is interrupted after so many blocks."""
    done = []

    def do(*arguments):
        if len(done) == after:
            raise KeyboardInterrupt
        done.append(1)
        return simulate_block(*arguments)

    return do


@pytest.mark.parametrize("after", [0, 1, 5])
def test_what_was_finished_when_it_stopped_is_not_done_again(tmp_path, whole, after):
    """Stopped, then run again by somebody who counts."""
    with pytest.raises(KeyboardInterrupt):
        sweep(study(tmp_path), tmp_path / "out", workers=1, lanes=10, do=stopping(after))
    assert len(Store(tmp_path / "out").parts()) == after
    assert json.loads((tmp_path / "out" / "progress.json").read_text())["state"] == "stopped"
    count = []

    def counted(*arguments):
        count.append(1)
        return simulate_block(*arguments)

    found = sweep(study(tmp_path), tmp_path / "out", workers=1, lanes=10, do=counted)
    blocks = len([*blocks_of_stage(study(tmp_path), Stage(None, 0, 7), 10)])
    assert len(count) == blocks - after
    assert found.content == whole.content
    assert found.progress["state"] == "finished"


def failing(study_key, block, settings):
    """Work that cannot do one of the points."""
    if any(s["policy.safety_stock.z"] == 1.0 and s["products.salt.opening_stock"] == 0.0 for s in settings):
        raise ValueError("no flour")
    return simulate_block(study_key, block, settings)


def test_a_block_that_always_fails_is_named_and_the_rest_finishes(tmp_path, whole):
    """After three tries; a later run tries it again."""
    tries = []

    def do(*arguments):
        try:
            return failing(*arguments)
        except ValueError:
            tries.append(1)
            raise

    found = sweep(study(tmp_path), tmp_path / "out", workers=1, lanes=14, do=do)
    assert len(tries) == 3
    (failed,) = found.failed
    assert "policy.safety_stock.z = 1.0; products.salt.opening_stock = 0.0" in str(failed["where"])
    assert str(failed["reason"]) == "ValueError: no flour"
    assert found.runs == found.runs_wanted - 14
    mended = sweep(study(tmp_path), tmp_path / "out", workers=1, lanes=14)
    assert not mended.failed
    assert mended.content == whole.content


def deadly(study_key, block, settings):
    """Work that kills its worker at one of the points."""
    if any(s["policy.safety_stock.z"] == 2.0 and s["products.salt.opening_stock"] == 60.0 for s in settings):
        os._exit(9)
    return simulate_block(study_key, block, settings)


def test_a_block_that_kills_its_worker_is_named_and_the_rest_finishes(tmp_path):
    """Nobody who was in work beside it is blamed."""
    found = sweep(study(tmp_path), tmp_path / "out", workers=2, lanes=14, do=deadly)
    (failed,) = found.failed
    assert failed["points"] == [5]
    assert "died" in str(failed["reason"])
    assert found.runs == found.runs_wanted - 14


def test_replications_go_on_until_the_interval_is_narrow_enough(tmp_path):
    """Points that are precise enough get no more; those that are not, up to the most."""
    wanted = {"half_width": {"fill_rate": 0.012}, "at_least": 5, "at_most": 60}
    found = sweep(study(tmp_path, replications=wanted), tmp_path / "out", workers=1)
    table = found.mean("fill_rate")
    per_point = table.groupby("point")["replications"].first()
    assert per_point.nunique() > 1
    assert ((table["half_width"] <= 0.012) | (table["replications"] == 60)).all()
    again = sweep(study(tmp_path, replications=wanted), tmp_path / "out", workers=1)
    assert again.content == found.content


def test_a_folder_of_another_study_is_refused(tmp_path):
    """With both names; so is one that holds something else."""
    sweep(study(tmp_path, replications=1), tmp_path / "out", workers=1)
    with pytest.raises(ScenarioError, match="another state of the study 'bakery'; name another folder"):
        sweep(study(tmp_path, seed=6), tmp_path / "out", workers=1)
    with pytest.raises(ScenarioError, match="holds the study 'bakery'; name another folder for 'cakes'"):
        sweep(study(tmp_path, seed=6, name="cakes"), tmp_path / "out", workers=1)
    with pytest.raises(ScenarioError, match="holds no results of sop sweep"):
        sweep(study(tmp_path), tmp_path, workers=1)
    with pytest.raises(ScenarioError, match="holds no results of sop sweep"):
        Results(tmp_path / "nowhere")


def test_a_second_writer_is_refused(tmp_path):
    """Until the first one is gone."""
    store = Store(tmp_path / "out")
    with store.only_writer(), pytest.raises(ScenarioError, match="being written to by another"):
        sweep(study(tmp_path), tmp_path / "out", workers=1)
    assert sweep(study(tmp_path, replications=1), tmp_path / "out", workers=1).runs == 12


def test_results_of_another_version_are_not_mixed(tmp_path, monkeypatch):
    """NumPy's and the processor's bits are their own, also where only the parts still say whose they are."""
    old = {**maker_of_results(), "numpy": "1.0"}
    with monkeypatch.context() as then:
        then.setattr("simulator.studies.blocks.maker_of_results", lambda: old)
        then.setattr("simulator.studies.sweep.maker_of_results", lambda: old)
        sweep(study(tmp_path, replications=1), tmp_path / "out", workers=1)
    with pytest.raises(ScenarioError, match=r"was made with numpy 1\.0, here it is"):
        sweep(study(tmp_path, replications=2), tmp_path / "out", workers=1)
    assert Results(tmp_path / "out").runs == 12  # it can be looked at everywhere
    (tmp_path / "out" / "manifest.json").unlink()
    with pytest.raises(ScenarioError, match=r"was made with numpy 1\.0, here it is"):
        sweep(study(tmp_path, replications=2), tmp_path / "out", workers=1)


def test_a_store_may_lie_anywhere(tmp_path, whole):
    """Any address that fsspec knows."""
    assert sweep(study(tmp_path), "memory://bakery/out", workers=1).content == whole.content
    assert Results("memory://bakery/out").mean("fill_rate").equals(whole.mean("fill_rate"))


# --- parts -----------------------------------------------------------------------------------------------------------


def test_a_damaged_part_alone_is_made_anew(tmp_path, whole):
    """The others stay as they are."""
    sweep(study(tmp_path), tmp_path / "out", workers=1, lanes=10)
    hurt, *others = sorted((tmp_path / "out" / "parts").rglob("*.parquet"))
    hurt.write_bytes(hurt.read_bytes()[:-20])
    times = [part.stat().st_mtime_ns for part in others]
    broken = Results(tmp_path / "out")
    assert broken.runs < broken.runs_wanted
    assert broken.damaged == {f"parts/{hurt.parent.name}/{hurt.name}": "it is not what was written"}
    assert sweep(study(tmp_path), tmp_path / "out", workers=1, lanes=10).content == whole.content
    assert [part.stat().st_mtime_ns for part in others] == times


def test_the_hash_of_rows_does_not_depend_on_their_order_but_on_every_bit(whole):
    """It is a sum of hashes of rows."""
    block = next(whole.cut.blocks(whole.stages[0]))
    part, digest = whole.store.part(block, whole.origin, whole.study.policies, whole.study.measures)
    order = np.random.default_rng(2).permutation(len(part.point))
    for name in ("point", "policy", "replication"):
        setattr(part, name, getattr(part, name)[order])
    part.values = part.values[:, order]
    assert part.digest() == digest
    part.values[1, 3] = np.nextafter(part.values[1, 3], np.inf)
    assert part.digest() != digest


def test_other_programs_read_the_store(whole):
    """pandas part by part, DuckDB all at once."""
    root = whole.store.root
    found = duckdb.sql(
        f"select p.z, r.policy, avg(r.fill_rate) as mean, count(*) as n from read_parquet('{root}/parts/*/*.parquet') r "
        f"join '{root}/points.parquet' p using (point) group by all order by all"
    ).df()
    ours = whole.table(["fill_rate"]).merge(whole.points[["point", "policy", "z"]], on=["point", "policy"])
    ours = ours.groupby(["z", "policy"])["value"].mean()
    np.testing.assert_allclose(found["mean"], ours.to_numpy())
    assert found["n"].sum() == whole.runs
    files = sorted(Path(root).rglob("parts/*/*.parquet"))
    assert sum(len(pd.read_parquet(file)) for file in files) == whole.runs


def test_means_are_those_of_a_comparison(whole):
    """Vectorised, with missing values left out."""
    sample = whole.array("fill_rate").copy()
    sample[2, 3] = np.nan
    counts, means, halves = means_of(sample)
    for row in range(len(sample)):
        one = estimate(sample[row])
        assert means[row] == pytest.approx(one.mean, rel=1e-14)
        assert halves[row] == pytest.approx(one.half, rel=1e-12)
    assert counts[2] == 6


class Interrupted:
    """A pool during whose handing out somebody presses Ctrl-C."""

    done = False

    def __init__(self, thread: int | None = None) -> None:
        self.thread = thread

    def submit(self, *work):
        """Half of it before, half of it after."""
        signal.pthread_kill(self.thread or threading.get_ident(), signal.SIGINT)
        time.sleep(0.05)  # for another thread to hear it
        self.done = True

    def shutdown(self, **how):
        """Nobody works here."""


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="this system cannot hold signals back")
@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "another thread"])
def test_ctrl_c_while_work_is_handed_out_is_heard_afterwards(elsewhere):
    """Neither lost nor in the middle of starting a process, whichever thread the system gives it to."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # pytest may run where Ctrl-C is ignored
    over = threading.Event()
    other = threading.Thread(target=over.wait)
    other.start()
    crew = Processes(1)
    crew.close()
    crew.pool = Interrupted(other.ident if elsewhere else None)
    try:
        with pytest.raises(KeyboardInterrupt):
            crew.submit(len, [])
    finally:
        over.set()
        signal.signal(signal.SIGINT, before)
    assert crew.pool.done
