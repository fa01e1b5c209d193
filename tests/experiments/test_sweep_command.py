"""sop sweep and sop results: what people and programs are told, and what happens when things go wrong."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import held
import pandas as pd
import pytest
from bakery import COMPANY
from click.testing import CliRunner

from simulator.faces.cli import main
from simulator.studies.plan import plan
from simulator.studies.results import Results
from simulator.studies.study import load_study

ROOT = Path(__file__).resolve().parent.parent.parent
FILE = """
scenario = "bakery.toml"
policies = ["order-up-to", "reorder-point"]
replications = {replications}
measures = ["fill_rate", "stock_value"]
seed = 5

[[factors]]
entry = "policy.safety_stock.z"
name = "z"
low = {low}
high = 2.0
steps = {steps}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a company and a study of it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bakery.toml").write_text(COMPANY, encoding="utf-8")
    (tmp_path / "buffers.toml").write_text(FILE.format(replications=6, low=0.0, steps=3), encoding="utf-8")
    return tmp_path


def sop(*words):
    """Run a command here."""
    return CliRunner().invoke(main, list(words))


def refused(*words):
    """The one sentence of a refused command."""
    result = sop(*words)
    assert result.exit_code == 2, result.output
    assert result.output.count("\n") == 1
    return result.output


def test_the_plan_says_what_it_costs_and_runs_nothing(folder):
    """Runs, time, disk."""
    told = sop("sweep", "buffers.toml", "--plan").output
    assert "3 points x 2 policies x 6 replications = 36 runs" in told
    assert "kB on disk" in told
    assert not (folder / "sweeps").exists()
    cost = json.loads(sop("sweep", "buffers.toml", "--plan", "--json", "--replications", "1000").stdout)
    assert cost["runs"] == 6_000
    assert cost["seconds"] > 0


def test_a_plan_counts_no_more_cores_than_there_are(folder, monkeypatch):
    """Eight processes on two cores are no faster than two; a scheduler's workers count in full."""
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    study = load_study("buffers.toml", {"replications": 400})
    here = plan(study, workers=8)
    assert here.workers == 8
    assert here.seconds == pytest.approx(here.core_seconds / 2)
    monkeypatch.setattr("simulator.studies.plan.hands", lambda *_: (8, 8))
    there = plan(study, cluster="tcp://elsewhere:8786")
    assert there.seconds == pytest.approx(there.core_seconds / 8)
    monkeypatch.setattr("simulator.studies.plan.hands", lambda *_: (0, 0))
    assert "on one worker, once one joins the scheduler" in str(plan(study, cluster="tcp://elsewhere:8786").sentence())


def test_a_plan_of_open_end_says_what_is_the_most(folder):
    """Replications until a half-width: nobody knows yet how many."""
    text = (folder / "buffers.toml").read_text().replace("= 6", "= { half_width = { fill_rate = 0.01 }, at_most = 40 }")
    (folder / "buffers.toml").write_text(text)
    told = sop("sweep", "buffers.toml", "--plan").output
    assert "2 policies x up to 40 replications = at most 240 runs" in told
    assert "; at most " in told


def test_a_sweep_ends_with_its_hash_and_says_how_to_look_at_it(folder):
    """The default folder is named after the study."""
    told = sop("sweep", "buffers.toml", "--workers", "1")
    assert told.exit_code == 0, told.output
    content = Results("sweeps/buffers").content
    assert f"36 of 36 runs; content {content}" in told.stdout
    assert "sop results sweeps/buffers" in told.stdout
    again = json.loads(sop("sweep", "buffers.toml", "--workers", "1", "--json").stdout)
    assert again["content"] == content


def test_results_for_people_and_programs(folder):
    """The same numbers as a table, as CSV, as JSON, as a file."""
    sop("sweep", "buffers.toml", "--workers", "1")
    text = sop("results", "sweeps/buffers").stdout
    assert "mean ± half-width (95 %) of 6 replications" in text
    settings = [line for line in text.splitlines() if line.startswith(("0 ", "1 ", "2 "))]
    assert len(settings) == 3 * 2
    assert all(line.count("±") == 2 for line in settings)  # a column a measure
    rows = json.loads(sop("results", "sweeps/buffers", "--json").stdout)["rows"]
    assert len(rows) == 3 * 2 * 2
    csv = sop("results", "sweeps/buffers", "--csv", "--runs").stdout
    assert len(csv.splitlines()) == 1 + 36 * 2
    assert sop("results", "sweeps/buffers", "--export", "all.parquet").exit_code == 0
    table = pd.read_parquet("all.parquet")
    assert table["mean"].tolist() == pytest.approx([row["mean"] for row in rows])
    assert "every run is there" in sop("results", "sweeps/buffers", "--check").stdout
    next(Path("sweeps/buffers").rglob("parts/*/*.parquet")).write_bytes(b"PAR1")
    broken = sop("results", "sweeps/buffers", "--check")
    assert broken.exit_code == 1
    assert "has 1 file that is damaged" in broken.stdout


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("safety_stock.z", "safety_stok.z"), "has no entry policy.safety_stok.z; did you mean policy.safety_stock.z"),
        (("low = 0.0", "low = 3.0"), "low of policy.safety_stock.z is 3 and high is 2; low must be below high"),
        (
            ("high = 2.0", "high = 200.0"),
            "buffers.toml: policy 'order-up-to': policy.safety_stock.z is 200.0 (deviations); it must be from 0 to 6",
        ),
        (("high = 2.0", "high = inf"), "factors[0].high is inf"),
        (("steps = 3", "steps = 0"), "factors[0].steps is 0"),
        (("= 6", "= 0"), "replications is 0; it must be from 1"),
        (('"fill_rate"', '"filrate"'), "there is no measure 'filrate'; did you mean fill_rate"),
        (('"reorder-point"', '"kanban"'), "there is no policy 'kanban'"),
        (('"bakery.toml"', '"../bakery2.toml"'), "there is no file ../bakery2.toml"),
        (("steps = 3", "step = 3"), "factors[0].step is 3, but there is no such entry; did you mean steps"),
        (("seed = 5", "sed = 5"), "sed is 5, but there is no such entry; did you mean seed"),
    ],
)
def test_a_wrong_study_is_refused_in_one_sentence(folder, change, sentence):
    """File, entry, what is wrong, what is allowed."""
    text = (folder / "buffers.toml").read_text()
    assert change[0] in text
    (folder / "buffers.toml").write_text(text.replace(*change))
    assert sentence in refused("sweep", "buffers.toml")


def test_what_takes_long_wants_to_be_confirmed(folder):
    """The estimate is told; nothing is begun."""
    result = sop("sweep", "buffers.toml", "--replications", "1000000000")
    assert result.exit_code == 2
    assert "6,000,000,000 runs" in result.output
    assert "give --yes to start it" in result.output
    assert not (folder / "sweeps").exists()


def test_too_many_points_are_refused_before_they_are_laid_out(folder):
    """A thousand to the third."""
    text = (folder / "buffers.toml").read_text().replace("steps = 3", "steps = 1000")
    for entry in ("products.bread.price", "products.salt.price"):
        text += f'[[factors]]\nentry = "{entry}"\nlow = 1.0\nhigh = 2.0\nsteps = 1000\n'
    (folder / "buffers.toml").write_text(text)
    assert "the design has 1,000,000,000 points, and 1,000,000 is the most" in refused("sweep", "buffers.toml")


def test_a_scheduler_that_does_not_answer_is_named(folder, monkeypatch):
    """Within the time that connecting may take."""
    monkeypatch.setattr("simulator.kernel.workers.cluster.SECONDS_TO_CONNECT", 0.5)
    told = sop("sweep", "buffers.toml", "--cluster", "tcp://127.0.0.1:9")
    assert told.exit_code == 2
    assert "--cluster is 'tcp://127.0.0.1:9', where no Dask scheduler answers" in told.output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--workers", "0"], "--workers is 0; it must be a whole number from 1 to 1,000"),
        (["--workers", "2", "--cluster", "tcp://127.0.0.1:9"], "has workers of its own; leave --workers out"),
        (["--cluster", "nonsense"], "no Dask scheduler answers (missing port number"),
    ],
)
def test_workers_that_cannot_be_are_refused_before_anything_is_timed(folder, monkeypatch, words, sentence):
    """At once, and with nothing left behind that complains later."""
    monkeypatch.setattr("simulator.studies.plan._block_seconds", None)
    assert sentence in refused("sweep", "buffers.toml", *words)


def test_a_folder_of_something_else_is_refused(folder):
    """Before anything is timed."""
    sop("sweep", "buffers.toml", "--workers", "1")
    Path("buffers.toml").write_text(FILE.format(replications=6, low=0.5, steps=3))
    assert "sweeps/buffers holds another state of the study 'buffers'; name another folder" in refused(
        "sweep", "buffers.toml"
    )
    assert "holds no results of sop sweep" in refused("sweep", "buffers.toml", "--out", ".")
    assert "ends like a file; it must name a folder" in refused("sweep", "buffers.toml", "--out", "buffers.toml")
    assert "holds no results of sop sweep" in refused("results", "nowhere")


def test_a_full_disk_is_told_and_nothing_half_written_is_left(folder, monkeypatch):
    """With room again, the same command finishes."""
    write = Path.write_bytes

    def full(path, content):
        if path.name.endswith(".part") and "parts" in path.parts and len(list(folder.rglob("*.parquet"))) > 1:
            write(path, content[:10])
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    result = sop("sweep", "buffers.toml", "--workers", "1", "--replications", "40")
    assert result.exit_code == 1
    assert "the disk is full; make room and give the same command again" in result.output
    assert not list(folder.rglob("*.part"))
    monkeypatch.setattr(Path, "write_bytes", write)
    assert sop("sweep", "buffers.toml", "--workers", "1", "--replications", "40").exit_code == 0
    whole = sop("sweep", "buffers.toml", "--workers", "1", "--replications", "40", "--out", "whole")
    assert Results("whole").content == Results("sweeps/buffers").content, whole.output


def started(folder, *words):
    """The command in a process group of its own; from the fourth point on its blocks are never done."""
    command = [sys.executable, held.__file__, "sweep", "buffers.toml", *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command, cwd=folder, env=environment, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )  # fmt: skip


def soon(happened):
    """Wait for something; the machine may be busy."""
    until = time.monotonic() + 60
    while not happened() and time.monotonic() < until:
        time.sleep(0.02)
    assert happened()


def gone(group):
    """Whether nothing of a process group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


LONGER = FILE.format(replications=20, low=0.0, steps=5)


@pytest.fixture(scope="module")
def never_stopped(tmp_path_factory):
    """What a study comes to that nobody stops."""
    place = tmp_path_factory.mktemp("whole")
    (place / "bakery.toml").write_text(COMPANY, encoding="utf-8")
    (place / "buffers.toml").write_text(LONGER, encoding="utf-8")
    assert sop("sweep", str(place / "buffers.toml"), "--workers", "1", "--out", str(place / "out")).exit_code == 0
    return Results(place / "out").content


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_stopped_from_outside_it_goes_on_later(folder, sign, never_stopped):
    """Ctrl-C: status 130, nothing left running, no traceback. Killed: the same rows in the end.

    That Ctrl-C takes at most three seconds is measured by benchmarks/hardships.py, on a machine that is otherwise idle.
    """
    (folder / "buffers.toml").write_text(LONGER, encoding="utf-8")
    run = started(folder, "--workers", "2")
    soon(lambda: len(list((folder / "sweeps").rglob("parts/*/*.parquet"))) == held.DONE)
    (os.killpg if sign is signal.SIGINT else os.kill)(run.pid, sign)  # Ctrl-C reaches all, kill -9 the first only
    _, errors = run.communicate(timeout=60)
    assert run.returncode == (130 if sign is signal.SIGINT else -9)
    assert "Traceback" not in errors
    soon(lambda: gone(run.pid))
    some = Results(folder / "sweeps" / "buffers")
    assert some.runs == held.DONE * 2 * 20 < some.runs_wanted
    assert sop("sweep", "buffers.toml", "--workers", "1").exit_code == 0
    assert Results("sweeps/buffers").content == never_stopped
