"""Nothing is simulated twice: plays are counted for each question that a run is asked."""

import pytest

from simulator.results import run as running
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


def test_a_block_is_played_once_for_the_measures(plays, monkeypatch):
    """Two blocks of a run that does not fit; who asks by product has them played again, and then no more."""
    monkeypatch.setattr(running, "replication_blocks", lambda _, numbers: iter([numbers[:2], numbers[2:]]))
    run = simulate(company(), "chase", 5)
    run.measures()
    assert plays == [2, 3]
    run.measures(by="product")
    run.measures(by="product")
    assert plays == [2, 3, 2, 3]
