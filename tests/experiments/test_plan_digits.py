"""What a study will cost and what it asks for next, with digits worked by hand; nothing is simulated."""

from types import SimpleNamespace

import numpy as np
import pytest
from bakery import study

from simulator.studies import optimise as staging
from simulator.studies import plan as planning
from simulator.studies.blocks import blocks_of_stage, origin_of
from simulator.studies.cutting import Block, Stage
from simulator.studies.optimise import _more, next_stages, too_wide
from simulator.studies.plan import (
    Pace,
    Plan,
    _block_seconds,
    _bytes_a_run,
    _pace,
    _runs_found,
    core_time,
    plan,
    size_words,
)
from simulator.studies.store import part_of
from simulator.studies.study import Precision


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (119, "119 s"), (120, "2 minutes"), (150, "2 minutes"), (7_199, "120 minutes"), (7_200, "2 hours"),
     (172_799, "48 hours"), (172_800, "2 days"), (259_200, "3 days")],
)  # fmt: skip
def test_a_time_changes_its_unit_at_two_of_the_next(seconds, words):
    """Two minutes, two hours, two days."""
    assert str(planning.duration_words(seconds)) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(7_199, "120 minutes of a core"), (7_200, "2 core-hours"), (36_000, "10 core-hours"), (60, "60 s of a core")],
)
def test_work_is_told_in_core_hours_from_two_on(seconds, words):
    """Less of it as a time."""
    assert str(core_time(seconds)) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [(2_000, "2 kB"), (999_000, "999 kB"), (1e6, "1.0 MB"), (2.5e8, "250.0 MB"), (1e9, "1.0 GB"), (9.99e11, "999.0 GB"),
     (1e12, "1.0 TB"), (3.4e13, "34.0 TB")],
)  # fmt: skip
def test_a_size_in_thousands(count, words):
    """From one of the next unit on."""
    assert str(size_words(count)) == words


def test_a_pace_counts_what_is_done_at_all_and_each_lane():
    """3 x 2 s and 10 x 0.5 s."""
    assert Pace(2.0, 0.5).seconds(3, 10) == 11.0


@pytest.mark.parametrize(
    ("few", "more", "pace"),
    [((9, 3), (26, 30), Pace(2.0, 0.5)), ((3, 3), (2, 2), Pace(3.0, 0.0)), ((1, 1), (47, 47), Pace(0.0, 1.0))],
)
def test_a_pace_is_told_by_2_and_by_48_lanes(monkeypatch, few, more, pace):
    """(26 - 3) / 46 a lane, 3 - 2 x 0.5 at all, the quicker of two each; neither is less than nothing."""
    found = {2: [*few], 48: [*more]}
    monkeypatch.setattr(planning, "_seconds", lambda work, lanes: found[lanes].pop(0))
    assert _pace(None) == pace


def test_seconds_go_by_the_clock(monkeypatch):
    """From 5 to 7.5."""
    clock = [5.0, 7.5]
    monkeypatch.setattr(planning, "perf_counter", lambda: clock.pop(0))
    assert planning._seconds(lambda lanes: None, 2) == 2.5


@pytest.fixture
def bakery(tmp_path, monkeypatch):
    """6 points x 2 policies x 7 replications = 84 runs; a block takes 10 s and a run 100 bytes; ten lanes fit at once."""
    monkeypatch.setattr(planning, "_block_seconds", lambda study, block: 10.0)
    monkeypatch.setattr(planning, "_bytes_a_run", lambda study, runs: 100.0)
    monkeypatch.setattr("simulator.studies.blocks.lanes_at_once", lambda scenario: 10)
    return study(tmp_path)


@pytest.mark.parametrize(
    ("there", "at_once", "seconds", "workers"),
    [(1, 1, 30.0, 1), (2, 2, 15.0, 2), (3, 3, 10.0, 3), (8, 8, 10.0, 3), (0, 0, 30.0, 0), (3, 2, 15.0, 3)],
)
def test_a_plan_shares_blocks_among_workers(bakery, monkeypatch, there, at_once, seconds, workers):
    """32 lanes in a block of 2 policies x 7 replications are 2 points: 3 blocks of 28 runs, 30 s in all."""
    monkeypatch.setattr(planning, "hands", lambda *_: (there, at_once))
    assert plan(bakery) == Plan(6, 2, 7, 84, 0, 3, seconds, 30.0, workers, 8_400)


def test_a_plan_with_small_blocks_has_more_of_them(bakery, monkeypatch):
    """7 lanes are no more than one policy: a point each, 6 blocks of 14 runs, 60 s."""
    monkeypatch.setattr(planning, "hands", lambda *_: (1, 1))
    found = plan(bakery, lanes=7)
    assert (found.blocks, found.core_seconds, found.runs) == (6, 60.0, 84)


def test_a_plan_leaves_out_what_is_there(bakery, monkeypatch):
    """28 of 84 runs: 56 are left, two blocks' worth, 5,600 bytes."""
    monkeypatch.setattr(planning, "hands", lambda *_: (2, 2))
    monkeypatch.setattr(planning, "_runs_found", lambda *_: 28)
    assert plan(bakery) == Plan(6, 2, 7, 84, 28, 3, 10.0, 20.0, 2, 5_600)


def test_a_plan_up_to_a_precision_counts_the_most(bakery, tmp_path, monkeypatch):
    """At most 40 replications: 6 x 2 x 40."""
    monkeypatch.setattr(planning, "hands", lambda *_: (1, 1))
    wanted = {"half_width": {"fill_rate": 0.01}, "at_least": 20, "at_most": 40}
    found = plan(study(tmp_path, replications=wanted))
    assert (found.replications, found.runs, found.open_end) == (40, 480, True)
    assert not plan(bakery).open_end


def test_a_block_that_is_there_has_its_points_policies_and_replications(bakery, monkeypatch):
    """The second of three blocks: 2 points x 2 policies x 7; of a stage from 7 to 10, 6 points x 2 policies x 3."""
    stages = [Stage(None, 0, 7), Stage(None, 7, 10)]
    monkeypatch.setattr(planning, "stages_begun", lambda *_: stages)
    first, later = [[*blocks_of_stage(bakery, stage)] for stage in stages]
    name = lambda block: part_of(block, origin_of(bakery))  # noqa: E731
    files = {name(first[1])}
    store = SimpleNamespace(parts=lambda: files)
    assert _runs_found(bakery, None, None) == 0
    assert _runs_found(bakery, store, None) == 28
    files |= {name(block) for block in later}
    assert _runs_found(bakery, store, None) == 28 + 36


@pytest.mark.parametrize(
    ("points", "seconds"),
    [
        # a draw is 2 plays of 5 lanes at most and 7 lanes, 2 + 0.7; each of two policies plays 7 lanes in 2 likewise
        ((0,), 2.7 + 2 * 2.7),
        # another opening stock: the same luck, plays of their own
        ((0, 1), 2.7 + 2 * 5.4),
        # another safety factor shares plays: 14 lanes in 3, 3 + 1.4
        ((0, 2), 2.7 + 2 * 4.4),
    ],
)
def test_a_block_draws_luck_once_and_plays_what_cannot_share(tmp_path, monkeypatch, points, seconds):
    """7 replications, five at once; a second at all and a tenth of it a lane."""
    case = study(tmp_path)
    monkeypatch.setattr(planning, "_pace", lambda work: Pace(1.0, 0.1))
    monkeypatch.setattr(planning, "lanes_at_once", lambda scenario: 5)
    monkeypatch.setattr(planning, "weather_for", lambda *_: None)
    assert _block_seconds(case, Block(points, 0, 7)) == pytest.approx(seconds)
    assert _block_seconds(case, Block(points, 20, 27)) == pytest.approx(seconds)


def test_a_run_takes_eight_bytes_a_measure_and_its_keys(tmp_path):
    """Two measures that do not compress are 16 bytes; point, policy and replication at most as much again."""
    assert 15.0 < _bytes_a_run(study(tmp_path), 10_000) < 32.0


def wants(replications, points=3):
    """A study of so many points that asks for replications."""
    return SimpleNamespace(replications=replications, points=[{}] * points)


@pytest.mark.parametrize(
    ("begun", "following"),
    [
        ([], [Stage(None, 0, 7)]),
        ([Stage(None, 0, 5)], [Stage(None, 5, 7)]),
        ([Stage(None, 0, 7)], []),
        ([Stage(None, 0, 9)], []),
        ([Stage(None, 0, 5), Stage((1,), 5, 9)], [Stage((0, 2), 5, 7)]),
        ([Stage(None, 0, 2), Stage((1,), 2, 4)], [Stage((0, 2), 2, 7), Stage((1,), 4, 7)]),
        ([Stage((0, 1, 2), 0, 6)], [Stage(None, 6, 7)]),
    ],
)
def test_each_point_goes_on_from_where_its_stages_end(begun, following):
    """Up to 7 of three points."""
    assert next_stages(wants(7), None, begun) == following


@pytest.mark.parametrize(
    ("begun", "wide", "following"),
    [
        ([], [], [Stage(None, 0, 20)]),
        ([Stage(None, 0, 19)], [], [Stage(None, 19, 20)]),
        ([Stage((0, 2), 0, 20)], [], [Stage((1,), 0, 20)]),
        ([Stage(None, 0, 20)], [0, 1, 2], [Stage(None, 20, 30)]),
        ([Stage(None, 0, 20)], [1], [Stage((1,), 20, 30)]),
        ([Stage(None, 0, 20)], [], []),
        (
            [Stage(None, 0, 20), Stage((1,), 20, 30)],
            [0, 1],
            [Stage((0,), 20, 30), Stage((1,), 30, 40)],
        ),  # 45 is too many
        ([Stage(None, 0, 40)], [0, 1, 2], []),
    ],
)
def test_points_go_on_by_half_until_narrow_enough(monkeypatch, begun, wide, following):
    """At least 20, at most 40; only those that are too wide."""
    monkeypatch.setattr(staging, "Results", lambda store: None)
    monkeypatch.setattr(staging, "too_wide", lambda *_: np.isin(np.arange(3), wide))
    wanted = Precision(half_width={"fill_rate": 0.01}, at_least=20, at_most=40)
    assert next_stages(wants(wanted), None, begun) == following


def test_half_as_many_again_and_ten_at_least():
    """Of 10, 20, 21, 22, 30 and 101."""
    assert _more(np.array([10, 20, 21, 22, 30, 101])).tolist() == [20, 30, 31, 33, 45, 151]


@pytest.mark.parametrize(
    ("widths", "wide"),
    [
        ({"fill_rate": 12.70}, [False, True, True, False]),
        ({"fill_rate": 12.71}, [False, False, True, False]),
        ({"fill_rate": 25.42}, [False, False, False, False]),
        ({"fill_rate": 25.42, "stock_value": 6.35}, [True, False, False, False]),
        ({"stock_value": 6.35, "fill_rate": 12.71}, [True, False, True, False]),
    ],
)
def test_a_point_is_too_wide_where_some_policy_is(widths, wide):
    """Two runs, d apart: Student's quantile of one degree, 12.706, times d / 2. Two policies a point; no interval is not wide."""
    fill = [[0, 0], [0, 1], [0, 2], [5, 5], [3, 3], [4, 1], [np.nan, 1], [np.nan, np.nan]]
    stock = [[0, 1], [2, 2], [0, 0.5], [1, 1], [1, 1], [1, 1], [1, 1], [np.nan, 1]]
    tables = {"fill_rate": np.array(fill, dtype=float), "stock_value": np.array(stock, dtype=float)}
    wanted = Precision(half_width=widths)
    assert too_wide(SimpleNamespace(array=tables.get), wanted, 4).tolist() == wide


def test_a_width_that_is_just_met_is_narrow_enough():
    """Runs that do not differ at all have an interval of no width, which is what is asked for."""
    runs = SimpleNamespace(array=lambda measure: np.array([[2.0, 2.0]]))
    assert too_wide(runs, SimpleNamespace(half_width={"fill_rate": 0.0}), 1).tolist() == [False]
