"""One policy changed, others kept: the first runs are an answer of their own while the others come, and a process stands by."""

import os
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest

from dashboard import comparing, jobs, keeping, kinds, results, standing_by
from dashboard.asks import FIRST_RUNS, Ask, first_of
from dashboard.case import Case, scenario_of
from dashboard.standing_by import stand_by
from simulator import load
from simulator.results.compare import compare
from simulator.results.side_by_side import DRAWN, draw_ahead
from simulator.results.story import SERIES, story

CASE = Case("textbook/w1")
POLICIES = ("base-stock", "chase")
RUNS = 2 * FIRST_RUNS + 3


def place_for(ask):
    """The folder of an answer, made."""
    folder = jobs.folder_of(ask.key)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def test_the_first_runs_of_a_changed_policy_are_shown_with_the_same_runs_of_those_kept():
    """What is left meanwhile is what a comparison of twenty runs gives; what comes in the end, what one of all gives."""
    scenario = scenario_of(CASE)
    kept, ask = Ask("compare", CASE, POLICIES[:1], RUNS, 5), Ask("compare", CASE, POLICIES, RUNS, 5)
    kinds.compare_policies(kept, place_for(kept))
    assert jobs.state_of(first_of(ask).key).status == "none"
    kinds.compare_policies(ask, place_for(ask))
    for asked, runs in ((first_of(ask), FIRST_RUNS), (ask, RUNS)):
        found, plain = results.comparison(asked), compare(scenario, POLICIES, runs, 5)
        assert found.replications == list(range(runs))
        for name in POLICIES:
            np.testing.assert_array_equal(found.found[name], plain.found[name])


def test_a_policy_in_parts_is_what_it_is_at_once():
    """Measures by every part, months and courses are the same to the last bit, however the runs were cut."""
    scenario, ask = scenario_of(CASE), Ask("compare", CASE, POLICIES[1:], RUNS, 6)
    kinds.compare_policies(ask, place_for(ask))
    whole, parts = story(scenario, [scenario.policy("chase")], range(RUNS), 6), results.story_of(ask)
    for by, each in whole.found.items():
        np.testing.assert_array_equal(parts.found[by]["chase"], each["chase"])
    np.testing.assert_array_equal(parts.monthly["chase"], whole.monthly["chase"])
    np.testing.assert_array_equal(parts.courses["chase"], whole.courses["chase"])
    assert whole.monthly["chase"].shape[0] == len(SERIES)


@pytest.mark.parametrize("runs", [40, 100, 250, 1_000])
def test_runs_are_cut_into_the_first_ones_and_as_few_parts_as_the_cores_take(runs, monkeypatch):
    """Every run is in one part; with two cores a hundred are two parts, and none has more than a usual block."""
    monkeypatch.setattr(comparing, "CORES", 2)
    first, *others = comparing.runs_in_parts(runs)
    assert first == range(20)
    assert [number for part in others for number in part] == list(range(20, runs))
    assert max(map(len, others)) <= 100
    assert len(others) == {40: 1, 100: 1, 250: 3, 1_000: 10}[runs]


def test_few_runs_and_policies_brought_to_a_target_have_no_first_answer():
    ask = Ask("compare", CASE, POLICIES, RUNS, 1)
    assert first_of(ask) != ask
    assert first_of(replace(ask, replications=2 * FIRST_RUNS - 1)) is None
    assert first_of(replace(ask, more=(("at", "fill_rate=0.95"),))) is None
    assert first_of(replace(ask, kind="exchange")) is None


def test_luck_is_drawn_ahead_for_what_is_looked_at_and_nothing_else():
    """What was drawn before and is wanted still is not drawn again, of a company that had worked out nothing before either."""
    scenario = load("trading")
    draw_ahead(scenario, 1, [[0, 1], [2, 3]])
    before = dict(DRAWN)
    draw_ahead(scenario, 1, [[2, 3], [4, 5]])
    assert len(before) == len(DRAWN) == 2
    assert len([key for key, weather in DRAWN.items() if before.get(key) is weather]) == 1
    DRAWN.clear()


@pytest.mark.skipif(not standing_by.CAN_FORK, reason="a system without forks or /proc")
def test_a_process_stands_by_for_one_ask_after_the_other():
    """Both are answered by processes it forked, in groups of their own; it is the same one afterwards, and ends with its input."""
    ready = standing_by.StandBy()
    first, second = (Ask("compare", CASE, (name,), 4, 7) for name in POLICIES)
    ready.ready(first)
    wait_until(lambda: ready.begin(place_for_ask(first)) is not None)
    wait_until(lambda: jobs.state_of(first.key).status == "done")
    mother = ready.process
    pid = ready.begin(place_for_ask(second))
    assert pid
    assert pid != mother.pid
    assert os.getpgid(pid) == pid
    wait_until(lambda: jobs.state_of(second.key).status == "done")
    wait_until(lambda: not os.path.exists(f"/proc/{pid}"))
    assert ready.process is mother
    assert mother.poll() is None
    mother.stdin.close()
    assert mother.wait(timeout=20) == 0
    assert ready.begin(place_for_ask(second)) is None
    assert keeping.log().is_file()


LISTENS = """
import os, sys, time
print("ready", flush=True)
while line := sys.stdin.readline():
    word, _, rest = line.strip().partition(" ")
"""

DRAWS = """
    if word == "know":
        time.sleep(1.0)
        print("ready", flush=True)
    else:
        print(123, flush=True)
"""

FORKS_LATE = """
    mother = os.getpid()
    if os.fork() == 0:
        os.setsid()
        open(rest, "w").write(str(os.getpid()))
        while os.getppid() == mother:
            time.sleep(0.01)
        print(os.getpid(), flush=True)
        os.dup2(2, 1)
        time.sleep(60)
    time.sleep(60)
"""


@pytest.fixture
def stand_in(monkeypatch):
    """A process that is played by a few lines, in place of the one that stands by."""
    begun = []

    def begin(lines):
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "bufsize": 0}
        started = lambda: begun.append(subprocess.Popen([sys.executable, "-c", LISTENS + lines], **pipes)) or begun[-1]  # noqa: E731
        monkeypatch.setattr(standing_by, "worker", started)
        return standing_by.StandBy()

    yield begin
    for process in begun:
        process.kill()
        process.wait()


@pytest.mark.skipif(not standing_by.CAN_FORK, reason="a system without forks or /proc")
def test_a_process_that_still_draws_luck_is_not_let_go(stand_in, tmp_path):
    """An answer that does not wait for it begins elsewhere; once the luck is drawn, the process has the next one."""
    ready = stand_in(DRAWS)
    ready.ready(None)
    assert ready.begin(tmp_path) is None  # it has not loaded everything yet
    wait_until(lambda: ready.begin(tmp_path) == 123)
    ready.ready(Ask("compare", CASE, POLICIES, RUNS, 5))
    mother = ready.process
    assert ready.begin(tmp_path, 0.01) is None
    wait_until(lambda: ready.begin(tmp_path, 0.01) == 123)
    assert ready.process is mother


@pytest.mark.skipif(not standing_by.CAN_FORK, reason="a system without forks or /proc")
def test_who_was_forked_by_a_process_that_is_let_go_ends_with_it(stand_in, monkeypatch, tmp_path):
    """Else it would write into the folder of the process that is begun in its place, and nobody could stop it."""
    monkeypatch.setattr(standing_by, "ANSWERS_WITHIN", 2.0)
    ready, said = stand_in(FORKS_LATE), tmp_path / "number"
    ready.ready(None)
    wait_until(lambda: ready._listens(0.0))
    assert ready.begin(said) is None
    assert ready.process is None
    assert said.is_file()
    wait_until(lambda: not is_running(int(said.read_text())), 5.0)


def is_running(pid):
    """Tell if a process is there and no corpse."""
    try:
        return open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_without_a_process_that_stands_by_answers_come_all_the_same(monkeypatch):
    """On a system that cannot fork, a process is started for each answer, and its parts are started anew."""
    monkeypatch.setattr(standing_by, "CAN_FORK", False)
    monkeypatch.setattr(
        standing_by, "STANDING_BY", standing_by.StandBy()
    )  # a page of another test may have begun the common one
    monkeypatch.setattr(comparing.multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    ask = Ask("compare", CASE, POLICIES[:1], RUNS, 8)
    stand_by(ask)
    assert standing_by.STANDING_BY.process is None
    assert standing_by.STANDING_BY.begin(place_for_ask(ask)) is None
    kinds.compare_policies(ask, jobs.folder_of(ask.key))
    assert comparing.forked() == "spawn"
    assert results.comparison(ask).found[POLICIES[0]].shape[1] == RUNS


def place_for_ask(ask):
    """The folder of an answer with its ask, as jobs prepare it."""
    jobs._prepare(ask)
    return jobs.folder_of(ask.key)


def wait_until(come, seconds=60.0):
    """Wait for something to come true."""
    until = time.monotonic() + seconds
    while not come():
        assert time.monotonic() < until
        time.sleep(0.05)
