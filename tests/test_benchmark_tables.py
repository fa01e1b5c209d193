"""The tables of the benchmarks: what is timed does the same work, and shares of a play are shares of a whole."""

import numpy as np
import pytest

from benchmarks import bare_loops, steps, targets
from benchmarks.compiled import COMPILER
from benchmarks.workloads import WORKLOADS
from simulator.engine.day import deliver


@pytest.mark.skipif(COMPILER is None, reason="no C compiler")
@pytest.mark.parametrize("workload", list(WORKLOADS))
def test_the_compiled_loop_finds_what_the_arrays_find(workload):
    """On the same days of demand, fill rate by fill rate."""
    case = WORKLOADS[workload]
    demand = bare_loops.demand_of(case, 7, 3)
    np.testing.assert_allclose(
        bare_loops.by_compiled_loop(case, demand), bare_loops.by_arrays(case, demand), rtol=1e-12
    )


def test_shares_of_steps_add_up_to_the_play_and_nothing_stays_timed():
    """Steps, each with its parts, are the whole play; afterwards the engine is as it was."""
    before = steps.timetable.timetable, steps.meet.CYCLE_STEPS
    first, *rows = steps.profile("textbook/w1", "base-stock", 3)
    assert first[:2] == ("a play", "100.0 %")
    shares = [float(share.removesuffix(" %")) for step, share, *_ in rows if not step.startswith((" " * 4, "beside"))]
    assert sum(shares) == pytest.approx(100, abs=0.05 * len(shares))
    assert any(step.endswith("SHIP") for step, *_ in rows)
    assert (steps.timetable.timetable, steps.meet.CYCLE_STEPS) == before
    assert not hasattr(deliver.lose_the_impatient, "__wrapped__")


def test_a_row_says_by_how_much_it_is_missed_and_long_ones_wait_to_be_asked_for():
    """Three seconds where two are to be reached cost 1.5 times as much."""
    slow = targets.Target("a command", "<= 2 s", lambda: targets.Today("3 s", 3 / 2), long=True)
    assert targets.row(slow, True) == ("a command", "<= 2 s", "3 s", "1.50 missed")
    assert targets.row(slow, False)[3] == ""
    assert targets.judged(1.0) == "1.00 met"


def test_plays_are_counted():
    """One play of a run in blocks answers its measures, by whatever part; a daily book is played again."""
    found = targets.plays_of_questions(replications=1_002)
    assert found.words.split(", ")[:3] == ["1", "1", "1"]
