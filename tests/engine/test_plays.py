"""Nothing is simulated twice: plays are counted for each question that a run is asked."""

import numpy as np
import pandas as pd
import pytest

from simulator.engine.play import USUAL_MEMORY, bytes_a_lane, may_all_be_kept
from simulator.kernel.ledger import SCORED
from simulator.results import run as running
from simulator.results.kpis import GROUPINGS, table
from simulator.results.run import FEW, simulate
from tests.engine.small import company


@pytest.fixture
def plays(monkeypatch):
    """The replications of every play, in turn."""
    found, play = [], running.play
    monkeypatch.setattr(running, "play", lambda *of: found.append(len(of[2].replications)) or play(*of))
    return found


@pytest.mark.parametrize("replications", [FEW, FEW + 1])
def test_one_play_answers_what_measures_and_books_are_asked(plays, replications):
    """By the whole, by product, by day and in money; of a few replications every other book too."""
    run = simulate(company(), "chase", replications)
    run.measures()
    run.measures(by="product")
    run.measures(measures="all")
    run.daily("on_hand")
    run.money()
    assert plays == [replications]
    next(run.books())
    assert plays == ([FEW] if replications == FEW else [FEW + 1, FEW + 1])  # the order book of many is not kept


@pytest.fixture
def in_two_blocks(monkeypatch):
    """A run that does not fit in one block: its first two replications, then the others."""
    monkeypatch.setattr(running, "replication_blocks", lambda _, numbers: iter([numbers[:2], numbers[2:]]))


@pytest.fixture
def too_many(in_two_blocks, monkeypatch):
    """A run whose blocks do not fit in memory together."""
    monkeypatch.setattr(running, "may_all_be_kept", lambda scenario, replications: False)


def test_a_block_is_played_once_for_the_measures_whatever_they_are_told_by(plays, too_many):
    """The main measures, by the whole and by every part, some of them, and in another order."""
    run = simulate(company(), "chase", 5)
    for by in GROUPINGS:
        run.measures(by=by)
    run.measures(measures=["ebit", "fill_rate"])
    run.measures("product", "stock_value")
    assert plays == [2, 3]
    run.measures("family", ["turns"])  # which is none of the main ones
    run.measures("family", ["turns", "fill_rate"])
    assert plays == [2, 3, 2, 3]


def test_books_of_several_blocks_are_kept_where_all_fit(plays, in_two_blocks, monkeypatch):
    """Every book, money and any measure come of the one play. What does not fit is played for each question."""
    run = simulate(company(), "chase", 5)
    by_day = run.daily("on_hand")
    again = [run.daily("on_hand"), run.daily("due"), run.money(), run.measures(measures="turns")]
    assert plays == [2, 3]
    monkeypatch.setattr(running, "may_all_be_kept", lambda scenario, replications: False)
    run = simulate(company(), "chase", 5)
    fresh = [run.daily("on_hand"), run.daily("due"), run.money(), run.measures(measures="turns")]
    assert plays == [2, 3] * 6
    np.testing.assert_array_equal(by_day, fresh[0])
    for kept, played in zip(again[:2], fresh[:2], strict=True):
        np.testing.assert_array_equal(kept, played)
    for kept, played in zip(again[2:], fresh[2:], strict=True):
        pd.testing.assert_frame_equal(kept, played, check_exact=True)


def test_books_fit_up_to_the_memory_of_the_usual_hundred():
    """By the bytes that the books of one replication take."""
    scenario = company()
    most = USUAL_MEMORY // bytes_a_lane(scenario)
    assert may_all_be_kept(scenario, most)
    assert not may_all_be_kept(scenario, most + 1)


@pytest.mark.parametrize("by", GROUPINGS)
def test_measures_told_by_many_parts_at_once_are_those_of_each_by_itself(in_two_blocks, by):
    """Sums that parts share are made once, and to the same bits; blocks stand one below the other."""
    run = simulate(company(), "chase", 5)
    found = run.measures(by=by)
    alone = pd.concat([table(books, by) for books in run.books(SCORED)], ignore_index=True)
    pd.testing.assert_frame_equal(found, alone, check_exact=True)


def test_a_measure_that_fails_leaves_a_run_as_it_was(plays, too_many, monkeypatch):
    """What was found of the first block is not taken for the whole."""
    run = simulate(company(), "chase", 5)
    monkeypatch.setattr(running, "play", None)
    with pytest.raises(TypeError):
        run.measures(measures="turns")
    monkeypatch.undo()
    assert len(run.measures(measures="turns")) == 5
