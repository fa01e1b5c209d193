"""Cuts, blocks, digests, trials, progress and means of a study, with digits worked by hand; nothing is simulated."""

import errno
import json
from types import SimpleNamespace as Only
from typing import Annotated

import numpy as np
import pandas as pd
import pytest

from simulator.kernel.units import Record, ScenarioError, quantity
from simulator.kernel.workers import Lost
from simulator.results.kpis import measures_named
from simulator.studies import progress as following
from simulator.studies import store as stored
from simulator.studies import sweep as sweeping
from simulator.studies import trials as trying
from simulator.studies.claim import _chained, _may_be_taken
from simulator.studies.cutting import Block, Cut, Stage
from simulator.studies.evaluate import _parts, grouped
from simulator.studies.progress import Progress
from simulator.studies.result_part import ResultPart, packed_part, rows_digest
from simulator.studies.results import Results, means_of
from simulator.studies.seal import Origin
from simulator.studies.search_space import declared_range
from simulator.studies.store import Store, part_of
from simulator.studies.trials import Trials

# --- cuts and blocks ---


@pytest.mark.parametrize(
    ("sizes", "stage", "blocks"),
    [
        # 10 points x 2 policies x 8 = 160 runs: 32 lanes at least, so 2 points of 8
        ((10, 2, 500), (None, 0, 8), [((0, 1), 0, 8), ((2, 3), 0, 8), ((4, 5), 0, 8), ((6, 7), 0, 8), ((8, 9), 0, 8)]),
        # 20 of one point, 32 lanes: all at once; from the 20th on as well
        ((1, 1, 500), (None, 20, 40), [((0,), 20, 40)]),
        # of some points only: 3 x 1 x 20 = 60 runs, 32 lanes: 500 replications fit in memory, so one point by itself
        ((9, 1, 500), ((1, 4, 7), 0, 20), [((1,), 0, 20), ((4,), 0, 20), ((7,), 0, 20)]),
        # memory holds 5: 4 x 5 = 20 lanes; 12 replications in parts of 10 at most, so two equal ones of 6, 3 points each
        ((2, 1, 5), (None, 0, 12), [((0, 1), 0, 6), ((0, 1), 6, 12)]),
    ],
)
def test_a_stage_is_cut_into_blocks(sizes, stage, blocks):
    """Points first, replications in equal parts where not all fit; as many as are counted."""
    cut, stage = Cut(*sizes), Stage(*stage)
    found = list(cut.blocks(stage))
    assert [(b.points, b.start, b.stop) for b in found] == blocks
    assert cut.count(stage) == len(blocks)
    points = sizes[0] if stage.points is None else len(stage.points)
    assert cut.runs(stage) == points * sizes[1] * (stage.stop - stage.start)


@pytest.mark.parametrize(
    ("sizes", "replications", "shape"),
    [
        ((100, 1, 50), 40, (3, 40)),  # 4,000 / 32 = 125 lanes
        ((100, 1, 10), 40, (4, 10)),  # 40 lanes, four runs as wide as memory
        ((4000, 1, 10), 40, (62, 10)),  # 160,000 / 256 = 625 lanes, more than four runs
        ((4000, 1, 1), 400, (64, 1)),  # 6,250 lanes, but no more than 64 runs
        ((2, 3, 1000), 5, (2, 5)),  # 32 lanes hold 2 x 3 x 5
        ((1, 1, 10), 35, (1, 18)),  # 32 lanes: 35 in two parts of 18
        ((5, 1, 100, 7), 9, (1, 5)),  # lanes named: 9 in parts of 7 at most, so 5; one point
        ((5, 1, 100, 40), 9, (4, 9)),
    ],
)
def test_how_wide_and_how_high_a_block_is(sizes, replications, shape):
    """Lanes: a 32nd of the runs, 32 at least, four runs of what memory holds at most; a 256th and 64 runs where that is more."""
    assert Cut(*sizes)._shape(Stage(None, 0, replications)) == shape


def test_rows_of_a_block_go_point_by_point_policy_by_policy():
    """Points 3 and 5, two policies, replications 7 and 8."""
    point, policy, replication = (column.tolist() for column in Block((3, 5), 7, 9).rows(2))
    assert point == [3, 3, 3, 3, 5, 5, 5, 5]
    assert policy == [0, 0, 1, 1, 0, 0, 1, 1]
    assert replication == [7, 8] * 4


def test_blocks_and_stages_are_written_and_found_again():
    """A key of 32 signs, another for another study, points or replications; parts lie in folders by its first two."""
    block = Block((3, 5), 7, 9)
    keys = {
        block.key("a"),
        block.key("b"),
        Block((3,), 7, 9).key("a"),
        Block((3, 5), 6, 9).key("a"),
        Block((3, 5), 7, 8).key("a"),
    }
    assert {len(key) for key in keys} == {32}
    assert len(keys) == 5
    assert block.record() == {"points": [3, 5], "start": 7, "stop": 9}
    assert part_of(block, Only(key="a")) == f"parts/{block.key('a')[:2]}/{block.key('a')}.parquet"
    for stage in (Stage(None, 0, 4), Stage((1, 2), 4, 8)):
        assert Stage.of(json.loads(json.dumps(stage.record()))) == stage


@pytest.mark.parametrize(
    ("spans", "most", "stages"),
    [
        ([(0, 4), (4, 9), (4, 6)], 20, [(0, 4), (4, 6)]),  # the shortest that goes on; nothing begins at 6
        ([(0, 4), (4, 9), (9, 21)], 20, [(0, 4), (4, 9)]),
        ([(0, 4), (4, 9), (9, 20)], 20, [(0, 4), (4, 9), (9, 20)]),
        ([(1, 4)], 20, []),
        ([None, (0, 4)], 20, [(0, 4)]),
    ],
)
def test_stages_follow_from_what_parts_tell(spans, most, stages):
    """One after the other, no further than the study goes; stages of some points tell none."""
    found = _chained([{"stage": span and list(span)} for span in spans], most)
    assert found == [Stage(None, *span) for span in stages]


@pytest.mark.parametrize(
    ("held", "may"),
    [
        (set(), True),
        ({"manifest.json"}, False),
        ({"manifest.json", "points.parquet"}, True),
        ({"manifest.json", "parts"}, True),
        ({"progress.json", "failed.json", "writer.lock", "set-aside"}, True),
        ({"parts", "thesis.tex"}, False),
    ],
)
def test_a_folder_of_a_sweep_alone_may_be_taken(held, may):
    """A manifest by itself may be that of any program."""
    assert _may_be_taken(Only(held=lambda: held)) == may


def test_things_are_grouped_and_parted_in_their_order():
    """By their tens; two and two."""
    assert grouped([21, 3, 25, 7, 30], lambda n: n // 10) == [[21, 25], [3, 7], [30]]
    assert list(_parts([4, 5, 6, 7, 8], 2)) == [[4, 5], [6, 7], [8]]


# --- digests ---


def part(point=(0, 0, 1), policy=(0, 0, 0), replication=(0, 1, 0), values=((1.0, 2.0, 3.0), (4.0, np.nan, 6.0))):
    """Three runs of two measures."""
    return ResultPart(
        np.array(point, dtype=np.int32),
        np.array(policy, dtype=np.int32),
        np.array(replication),
        np.array(values, dtype=float),
    )


def test_a_digest_is_that_of_its_rows_in_any_order_and_cut():
    """The sum of the hashes of the rows; every key and value counts, whatever kind of not-a-number it is."""
    whole, turned = part(), part((1, 0, 0), (0, 0, 0), (0, 1, 0), ((3.0, 2.0, 1.0), (6.0, -np.nan, 4.0)))
    assert whole.digest() == turned.digest()
    one, two = part((0,), (0,), (0,), ((1.0,), (4.0,))), part((0, 1), (0, 0), (1, 0), ((2.0, 3.0), (np.nan, 6.0)))
    assert rows_digest([one.digest(), two.digest()]) == whole.digest() == rows_digest([whole.digest()])
    others = [
        part(point=(0, 0, 2)), part(policy=(0, 0, 1)), part(replication=(0, 2, 0)), part(values=((1, 2, 3), (4, 5, 6))),
        part(values=((4.0, np.nan, 6.0), (1.0, 2.0, 3.0))),
    ]  # fmt: skip
    assert len({each.digest() for each in [whole, *others]}) == 6


def test_a_digest_is_the_published_mixing_function():
    """SplitMix64 of the state 0 gives e220a8397b1dcdaf (Steele, Lea & Flood 2014), its second number 6e789e6aa1b965f4.

    A row of zeros stirs its three keys and its value, all 0, into the states 0 and 1, one after the other.
    """
    mask = 2**64 - 1

    def mixed(state):
        z = (state + 0x9E3779B97F4A7C15) & mask
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return z ^ (z >> 31)

    assert mixed(0) == 0xE220A8397B1DCDAF
    assert mixed(0x9E3779B97F4A7C15) == 0x6E789E6AA1B965F4
    high, low = 0, 1
    for _ in range(4):
        high, low = mixed(high), mixed(low)
    assert part((0,), (0,), (0,), ((0.0,),)).digest() == high << 64 | low
    twice = (2 * high % 2**64) << 64 | 2 * low % 2**64
    assert part((0, 0), (0, 0), (0, 0), ((0.0, 0.0),)).digest() == twice == rows_digest([high << 64 | low] * 2)


# --- means ---


def test_means_are_over_what_is_there():
    """1, 2 and 3: 2 with Student's 4.303 / sqrt(3); 4 and 8: 6 with 12.706 x 2; one figure has no half-width, none no mean."""
    counts, means, halves = means_of(np.array([[1.0, 2, 3], [4, np.nan, 8], [5, np.nan, np.nan], [np.nan] * 3]))
    assert counts.tolist() == [3, 2, 1, 0]
    np.testing.assert_allclose(means, [2, 6, 5, np.nan])
    np.testing.assert_allclose(halves, [4.303 / np.sqrt(3), 12.706 * 2, np.nan, np.nan], rtol=1e-4)
    counts, means, halves = means_of(np.array([[1.0, 2, 3], [4, 4, 4]]))
    np.testing.assert_allclose(halves, [4.303 / np.sqrt(3), 0], rtol=1e-4)


def folder(blocks=(), there=(), failed=(), state="finished", **more):
    """Results of a folder: the blocks that it should hold, what lies there, what was given up."""
    made = Results.__new__(Results)
    made.origin, made.store = Only(key="a"), Only(parts=lambda: set(there))
    vars(made)["_files"] = {part_of(block, made.origin): block for block in blocks}
    vars(made)["_notes"] = {"progress.json": ({"state": state}, ""), "failed.json": ({"blocks": list(failed)}, "")}
    for name, value in more.items():
        vars(made)[name] = value
    return made


ONE, TWO = Block((0,), 0, 4), Block((1,), 0, 4)
FILES = [part_of(block, Only(key="a")) for block in (ONE, TWO)]


@pytest.mark.parametrize(
    ("there", "failed", "state", "missing", "strangers"),
    [
        (FILES, (), "finished", [], []),
        (FILES[:1], (), "finished", FILES[1:], []),
        (FILES[:1], (), "running", [], []),
        (FILES[:1], (), "stopped", [], []),
        (FILES[:1], (), "failed", FILES[1:], []),
        (FILES[:1], [{"points": [1], "replications": [0, 3], "where": "w", "reason": "r"}], "failed", [], []),
        (FILES[:1], [{"points": [1], "replications": [0, 2], "where": "w", "reason": "r"}], "failed", FILES[1:], []),
        ([*FILES, "parts/zz/z"], (), "finished", [], ["parts/zz/z"]),
    ],
)
def test_what_is_missing_and_what_is_strange(there, failed, state, missing, strangers):
    """A part is missing where the runner left off as if it were there, and was not given up."""
    made = folder((ONE, TWO), there, failed, state, _found=(None, "", 0), _broken={})
    assert (made.missing, made.strangers) == (missing, strangers)
    assert made.whole == (not missing and not strangers)


def test_broken_parts_and_notes_are_damages():
    """Each by its file."""
    made = folder((ONE,), FILES[:1], _found=(None, "", 0), _broken={"parts/x": "it is not what was written"})
    vars(made)["_notes"] = {"progress.json": (None, "it is missing"), "failed.json": (None, "")}
    assert made.damaged == {"parts/x": "it is not what was written", "progress.json": "it is missing"}
    assert not made.whole
    assert (made.failed, made.progress) == ([], None)


def test_rows_find_their_place_in_the_table():
    """Points 0 and 1, two policies: point 1 of the second policy is the fourth row; what was not run is not a number."""
    study = Only(policies=("plan", "pull"), measures=("fill_rate",), scenario="made-up")
    points = pd.DataFrame({"point": [0, 0, 1, 1], "policy": ["plan", "pull"] * 2, "z": [5, 5, 7, 7]})
    found = part((1, 1, 0), (1, 1, 0), (0, 2, 1), ((0.5, 0.7, 0.9),))
    made = folder((ONE, TWO), FILES[:1], study=study, points=points, factors=[None])
    made.store.part = lambda block, origin, policies, measures: (found, found.digest())
    table = made.array("fill_rate")
    np.testing.assert_array_equal(table, [[np.nan, 0.9, np.nan], [np.nan] * 3, [np.nan] * 3, [0.5, np.nan, 0.7]])
    assert made.runs == 3
    assert made.content == f"{found.digest():032x}"
    rows = made.table()[["scenario", "point", "policy", "replication", "measure", "value"]].values.tolist()
    assert rows == [
        ["made-up", 0, "plan", 1, "fill_rate", 0.9], ["made-up", 1, "pull", 0, "fill_rate", 0.5],
        ["made-up", 1, "pull", 2, "fill_rate", 0.7],
    ]  # fmt: skip
    told = made.summary()
    assert told.columns.tolist() == [
        "scenario", "point", "policy", "z", "measure", "unit", "better", "replications", "mean", "half_width",
    ]  # fmt: skip
    assert told["replications"].tolist() == [1, 0, 0, 2]
    assert told["mean"].tolist()[3] == pytest.approx(0.6)


# --- ranges ---


@pytest.mark.parametrize(
    ("limits", "ends"),
    [
        ({"ge": 1, "le": 5}, (1, 5)),
        ({"gt": 1, "lt": 5}, (1.004, 4.996)),
        ({"ge": 0, "lt": 2}, (0, 1.998)),
        ({"gt": 0, "le": 2}, (0.002, 2)),
        ({}, (0, 1)),
    ],
)
def test_a_range_keeps_a_thousandth_from_an_end_that_is_left_out(limits, ends):
    """From 0 to 1 where nothing is declared."""

    class Rule(Record):
        """A rule."""

        x: Annotated[float, quantity("share", "of it", **limits)] = 1.5

    assert declared_range(Rule(), "x") == pytest.approx(ends)


# --- trials ---


FILL, STOCK = measures_named(["fill_rate", "all_stock_value"])


def trials(monkeypatch, first=0, **more):
    """Trials whose figure is 100 x and the number of the replication; what was asked of whom."""
    asked = []

    def evaluated(self, settings, numbers):
        asked.append(([s["x"] for s in settings], (numbers.start, numbers.stop)))
        return np.array([[[100 * s["x"] + n for n in numbers], [0.0] * len(numbers)] for s in settings])

    monkeypatch.setattr(Trials, "_evaluated", evaluated)
    return Trials(None, None, 1, [FILL, STOCK], first=first, **more), asked


def test_settings_are_tried_once_and_replications_numbered_from_the_first(monkeypatch):
    """Three replications from number 10 on; a setting that is known keeps its place and is not run again."""
    made, asked = trials(monkeypatch, first=10)
    assert made.add([{"x": 1}, {"x": 2}], 3) == [0, 1]
    assert made.add([{"x": 2}, {"x": 3}], 3) == [1, 2]
    assert asked == [([1, 2], (10, 13)), ([3], (10, 13))]
    assert made.of(2, "fill_rate").tolist() == [310, 311, 312]
    assert made.of(2, "all_stock_value").tolist() == [0, 0, 0]
    assert made.add([], 3) == []


def test_settings_are_run_further_from_where_each_ends(monkeypatch):
    """One with two and one with four replications to five each; who has five is left alone."""
    made, asked = trials(monkeypatch)
    for x, replications in ((1, 2), (2, 4), (3, 5)):
        made.add([{"x": x}], replications)
    del asked[:]
    made.extend([0, 1, 2], 5)
    assert asked == [([1], (2, 5)), ([2], (4, 5))]
    assert [values.shape for values in made.values] == [(2, 5)] * 3
    assert made.of(0, "fill_rate").tolist() == [100, 101, 102, 103, 104]


def test_each_round_tells_the_settings_that_it_ran(monkeypatch):
    """Three, then the one that is new."""
    told = []
    made, _ = trials(monkeypatch, told=told.append)
    made.add([{"x": k} for k in (1, 2, 3)], 2)
    made.add([{"x": k} for k in (3, 4)], 2)
    assert told == [3, 1]


@pytest.mark.parametrize(
    ("alike", "workers", "pieces"),
    [
        ("aaaaa", 1, ["01234 0-6"]),
        ("aaaaa", 3, ["01234 0-2", "01234 2-4", "01234 4-6"]),  # one run: a third of the replications for each
        ("aaaaa", 8, [f"01234 {k}-{k + 1}" for k in range(6)]),  # there are no more replications
        ("abaab", 2, ["023 0-6", "14 0-6"]),  # a run for each
        ("abaab", 4, ["023 0-3", "023 3-6", "14 0-3", "14 3-6"]),
        ("abaab", 3, ["023 0-3", "023 3-6", "14 0-3", "14 3-6"]),  # rather a piece too many
        ("abcde", 3, ["01 0-6", "23 0-6", "4 0-6"]),  # runs that draw the same luck stay together
    ],
)
def test_work_is_spread_by_run_and_then_by_replication(monkeypatch, alike, workers, pieces):
    """Six replications of five settings, of which those with the same letter share a run; figures come back in their places."""
    asked = []

    def evaluated(scenario, policy, settings, numbers, seed, names):
        asked.append(f"{''.join(str(s['x']) for s in settings)} {numbers.start - 10}-{numbers.stop - 10}")
        return np.array([[[100.0 * s["x"] + n for n in numbers]] for s in settings])

    monkeypatch.setattr(trying, "evaluate", evaluated)
    monkeypatch.setattr(trying, "in_order", lambda crew, jobs: [job() for job in jobs])
    monkeypatch.setattr(Trials, "_shared", lambda self, setting: alike[setting["x"]])
    made = Trials(None, None, 1, [FILL], crew=Only(workers=workers))
    found = made._evaluated([{"x": k} for k in range(5)], range(10, 16))
    assert asked == pieces
    assert found.tolist() == [[[100.0 * k + n for n in range(10, 16)]] for k in range(5)]


# --- progress ---


def test_progress_counts_runs_and_tells_the_time_left(monkeypatch):
    """Three of twelve runs found and three done in six seconds: six more take twelve. Means are over finite values."""
    now = [100.0]
    monkeypatch.setattr(following.time, "monotonic", lambda: now[0])
    policies = (Only(name="plan"), Only(name="pull"))
    made = Progress(Only(measures=("fill_rate", "bullwhip"), policies=policies), blocks=4, runs=12, began=100.0)
    assert made.seconds_left is None
    made.add(part(), found=True)
    assert (made.runs_done, made.runs_found, made.seconds_left) == (3, 3, None)
    now[0] = 106.04
    made.add(part(policy=(0, 1, 1)))
    assert (made.blocks_done, made.runs_done, made.runs_found) == (2, 6, 3)
    assert made.seconds_left == pytest.approx(12.08)
    assert made.so_far() == {
        "plan": {"fill_rate": (1 + 2 + 3 + 1) / 4, "bullwhip": (4 + 6 + 4) / 3},
        "pull": {"fill_rate": 2.5, "bullwhip": 6},
    }
    record = made.record("running")
    assert (record["state"], record["seconds"], record["seconds_left"]) == ("running", 6.0, 12.1)
    assert (record["blocks"], record["blocks_done"], record["blocks_failed"]) == (4, 2, 0)
    assert (record["runs"], record["runs_done"]) == (12, 6)
    empty = Progress(Only(measures=("fill_rate",), policies=policies[:1]), began=100.0)
    assert empty.so_far() == {"plan": {"fill_rate": None}}
    assert empty.record("stopped")["seconds_left"] is None


# --- a sweep's notes, and the disk ---


def test_a_block_that_is_given_up_is_noted_with_its_replications():
    """4 to 7 of points 2 and 3; what a file can mend is told apart from what it cannot."""
    study = Only(points=({}, {}, {}, {}), policies=(Only(name="plan"),))
    made = Only(progress=Only(failed=0), failures=[], study=study)
    for error in (ScenarioError("wrong"), sweeping.WorkError("died")):
        sweeping._Sweep._give_up(made, Block((2, 3), 4, 8), Lost("reason", error))
    assert made.progress.failed == 2
    assert [f["wrong_input"] for f in made.failures] == [True, False]
    assert made.failures[0]["replications"] == [4, 7]
    assert made.failures[0]["points"] == (2, 3)


def test_progress_is_told_once_a_second(monkeypatch):
    """At 10, not at 10.9, at 11 and whenever it must be; the folder hears it but for the last time, which has its own note."""
    now, noted, told = [0.0], [], []
    monkeypatch.setattr(sweeping.time, "monotonic", lambda: now[0])
    made = Only(
        said_at=0.0, tell=told.append, progress=Only(record=lambda state: state), origin=None,
        store=Only(note=lambda *note: noted.append(note)),
    )  # fmt: skip
    for at, once in ((10.0, False), (10.9, False), (11.0, False), (11.1, True)):
        now[0] = at
        sweeping._Sweep._say(made, at_once=once)
    assert len(told) == 3
    assert noted == [("progress.json", None, "running")] * 2
    made.tell = None
    sweeping._Sweep._say(made, at_once=True)


def test_a_full_disk_is_told_as_such(tmp_path, monkeypatch):
    """And any other trouble in a sentence."""
    made = Store(tmp_path)

    def fail(number):
        def put(*_):
            raise OSError(number, "trouble")

        monkeypatch.setattr(stored, "_put", put)

    for number in (errno.ENOSPC, errno.EDQUOT):
        fail(number)
        with pytest.raises(OSError, match="the disk is full"):
            made.write(b"x", "file")
    fail(errno.EACCES)
    with pytest.raises(ScenarioError, match="cannot be written to: trouble"):
        made.write(b"x", "file")


def test_half_written_files_are_nobodys(tmp_path):
    """They are not held, are no parts, and are tidied away."""
    made = Store(tmp_path / "out")
    assert (made.held(), made.parts()) == (set(), set())
    made.write(b"x", "parts/ab/whole.parquet")
    (tmp_path / "out/parts/ab/half.parquet.9.part").write_bytes(b"y")
    (tmp_path / "out/manifest.json.9.part").write_bytes(b"y")
    assert made.held() == {"parts"}
    assert made.parts() == {"parts/ab/whole.parquet"}
    made.tidy()
    assert [file.name for file in (tmp_path / "out").rglob("*") if file.is_file()] == ["whole.parquet"]
    made.set_aside({"parts/ab/whole.parquet"})
    assert made.parts() == set()
    assert (tmp_path / "out/set-aside/ab/whole.parquet").read_bytes() == b"x"
    assert made.read("parts/ab") == b""
    assert made.read("nothing") is None


def test_other_programs_see_a_page_that_is_broken():
    """Every page holds a sum of its bytes: a figure that changed is told where that is asked for."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    figure = 0.123456789
    content = packed_part(
        part(values=((figure, 2, 3),)), "parts/x", Origin("a", "made-up", {}), ["plan"], ["fill_rate"], {}
    )
    at = content.index(np.float64(figure).tobytes())
    broken = content[:at] + np.float64(0.5).tobytes() + content[at + 8 :]
    assert pq.read_table(pa.BufferReader(broken))["fill_rate"][0].as_py() == 0.5
    with pytest.raises(OSError, match=r"checksum|CRC"):
        pq.read_table(pa.BufferReader(broken), page_checksum_verification=True)
    found = pq.read_table(pa.BufferReader(content), page_checksum_verification=True)
    assert found["policy"].to_pylist() == ["plan"] * 3
