"""Decisions of single lanes: each lane is as if all had decided so, and a lane that decides nothing is as without any."""

from dataclasses import replace

import numpy as np
import pytest

from simulator.engine.decided import decisions_of
from simulator.engine.play import play
from tests.laws.test_decisions import EVERY, LANES, MONTH, books, luck, scenario

HELD = [(name, words) for name, words in EVERY if words.split(":")[0] not in ("promotion", "price", "move-promotion")]
"""One of each kind but for the market, which is one for all lanes."""


def in_lanes(name, said):
    """Play decisions, each in its own lanes."""
    company, policy = scenario(name), scenario(name).policy("sop")
    taken = [
        replace(each, lanes=lanes)
        for lanes, words in said.items()
        for each in decisions_of(words, company, policy, MONTH - 1)
    ]
    return play(company, policy, luck(name), decisions=taken)


def tables_of(found):
    """All books and plans of a run."""
    plans = found.plans
    cubes = {name: table for name, table in vars(plans).items() if isinstance(table, np.ndarray)}
    return {**found.flows, **found.closing, **found.memos, **cubes, **plans.tables}


@pytest.mark.parametrize(("name", "words"), HELD)
def test_a_lane_that_decides_is_as_if_all_had_and_the_others_as_if_none_had(name, words):
    mixed = tables_of(in_lanes(name, {(1,): words}))
    everywhere, nowhere = tables_of(books(name, words)), tables_of(books(name))
    for book, table in mixed.items():
        np.testing.assert_array_equal(table[..., 1], everywhere[book][..., 1], err_msg=book)
        for lane in (0, LANES - 1):
            if book in nowhere:
                np.testing.assert_array_equal(table[..., lane], nowhere[book][..., lane], err_msg=book)
    assert any((everywhere[book][..., 1] != nowhere[book][..., 1]).any() for book in nowhere)


def test_lanes_decide_different_things_about_one_matter():
    """Each lane keeps to its own amount, as alone."""
    first, last = "overtime:line=9", "overtime:line=3"
    mixed = tables_of(in_lanes("tight", {(0,): first, (LANES - 1,): last}))
    for lane, words in ((0, first), (1, ""), (LANES - 1, last)):
        alone = tables_of(books("tight", words))
        for book, table in mixed.items():
            np.testing.assert_array_equal(table[..., lane], alone[book][..., lane], err_msg=book)
