"""Rows that follow each other are read where they stand; counts are searched for near a step only."""

import numpy as np
import pytest

from simulator import load
from simulator.kernel.lanes import stretch
from simulator.world.luck.counts import first_above


@pytest.mark.parametrize(("rows", "expected"), [([2, 3, 4], slice(2, 5)), ([7], slice(7, 8))])
def test_rows_in_a_row_are_a_slice(rows, expected):
    assert stretch(np.array(rows)) == expected


@pytest.mark.parametrize("rows", [[2, 4], [4, 3], []])
def test_other_rows_stay_as_they_are(rows):
    assert stretch(np.array(rows, dtype=np.int64)).tolist() == rows


def test_counts_at_and_beside_each_step():
    """Steps at .1, .1, .6 and 1: what is at a step is not above it, a hair more is."""
    hair = np.nextafter(0.1, 1.0)
    few = np.array([[0.0, 0.1, hair], [0.5, 0.6, 0.99]])
    for numbers in (few, np.tile(few, (1, 5_000))):  # 30,000 are looked up, 6 searched for
        found = first_above(np.array([0.1, 0.1, 0.6, 1.0]), numbers)
        assert found[:, :3].tolist() == found[:, -3:].tolist() == [[0, 0, 2], [2, 2, 3]]


def test_what_the_reference_company_buys_stands_in_a_row():
    """Twelve products, sixteen parts that are bought, three that are made."""
    n = load("giftware").network
    assert n.bought_rows == slice(12, 28)
    assert n.made_rows.tolist() == [*range(12), 28, 29, 30]
