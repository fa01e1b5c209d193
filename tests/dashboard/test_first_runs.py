"""One policy changed, others kept: the first runs are an answer of their own while the others come, and a process stands by."""

import os
import time
from dataclasses import replace

import numpy as np
import pytest

from dashboard import comparing, jobs, keeping, kinds, results, standing_by
from dashboard.asks import FIRST_RUNS, Ask, first_of
from dashboard.case import Case, scenario_of
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
    """What was drawn before and is wanted still is not drawn again."""
    scenario = scenario_of(CASE)
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
