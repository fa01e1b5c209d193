"""Luck of a fork: what is known is drawn once, and each lane goes on in its numbers behind that."""

import numpy as np
import pytest

from simulator.company.demand import Orders
from simulator.world.luck import stream as streams
from simulator.world.luck.counts import draw_counts
from simulator.world.luck.everyday import _order_lines
from simulator.world.luck.fork import Fork
from simulator.world.luck.stream import Numbers, Stream

FORK = Fork(seed=1, replication=4, day=5, month=0, orders=5, anew=9)


@pytest.fixture
def drawn(monkeypatch):
    """How many numbers are drawn, each time."""
    found = []

    class Counting(Numbers):
        def fill(self, replication, out, first=0):
            found.append(out.size)
            return super().fill(replication, out, first)

    monkeypatch.setattr(streams, "Numbers", Counting)
    return found


def numbers(seed, replication, count, source="demand"):
    """The first numbers of a replication."""
    return Numbers(seed, source, "shop/cup").fill(replication, np.empty(count))


def test_known_numbers_are_drawn_once(drawn):
    """Five of eight days are known: five numbers of the run, and three of each lane, its sixth to eighth."""
    found = Stream(FORK, "demand", "shop/cup", "orders").table([0, 7], 8)
    assert sorted(drawn) == [3, 3, 5]
    for lane, replication in enumerate([0, 7]):
        assert found[lane, :5].tolist() == numbers(1, 4, 5).tolist()
        assert found[lane, 5:].tolist() == numbers(9, replication, 8)[5:].tolist()


def test_what_is_known_altogether_is_drawn_once_for_all_lanes(drawn):
    """Four days of five known ones: four numbers of the run."""
    found = Stream(FORK, "demand", "shop/cup", "orders").table(range(50), 4)
    assert drawn == [4]
    assert (found == numbers(1, 4, 4)).all()


@pytest.mark.parametrize("known", [0, 3, 8, 20])
def test_order_lines_go_on_behind_those_that_are_known(known, drawn):
    """As if every lane had drawn all its sizes, and those of the run's lines stood before its own."""
    fork = Fork(seed=1, replication=4, day=known, month=0, orders=known, anew=9)
    law = Orders(law="orders", lines=2.0, dispersion=1.5, sizes=(1.0, 4.0, 9.0))
    factor, lanes = np.linspace(0.5, 2, 8), [0, 7, 2]
    u = Stream(fork, "demand", "shop/cup", "orders").table(lanes, 8)
    drawn.clear()
    found = _order_lines(law, factor, u, Stream(fork, "size", "shop/cup", "orders"), lanes)
    counts = draw_counts(2.0 * factor, 1.5, u)
    lines = int(counts[0, :known].sum())
    assert sum(drawn) == lines + int(counts[:, known:].sum())
    for lane, replication in enumerate(lanes):
        pick = numbers(9, replication, int(counts[lane].sum()), "size")
        pick[:lines] = numbers(1, 4, lines, "size")
        size = np.array([1.0, 4.0, 9.0])[(pick * 3).astype(int)]
        assert found[:, lane].tolist() == [part.sum() for part in np.split(size, np.cumsum(counts[lane])[:-1])]
