"""Fair shares against games worked by hand."""

from itertools import permutations

import numpy as np
import pytest

from simulator.theory.shares import coalitions, fair_shares, shares_of_blocks


def test_coalitions_of_blocks():
    """Of 8 parts in blocks of 1, 2, 2 and 3: 16 unions of blocks, and 8 unions of the others with each of 2, 2 and 6 parts of a block."""
    blocks = [["a"], ["b", "c"], ["d", "e"], ["f", "g", "h"]]
    found = coalitions(blocks)
    assert len(found) == len(set(found)) == 16 + 8 * (2 + 2 + 6)
    assert found[0] == frozenset()
    assert frozenset("ab") in found
    assert frozenset("bd") not in found
    assert len(coalitions([["a"], ["b"], ["c"]])) == 8
    assert coalitions([]) == [frozenset()]


def test_a_runway_is_paid_by_hand():
    """Runways of 1, 2 and 3 for three planes (Littlechild and Owen 1973): all share the first third, two the next."""
    length = {"small": 1.0, "middle": 2.0, "large": 3.0}
    value = {
        on: np.array(max((length[name] for name in on), default=0.0)) for on in coalitions([[name] for name in length])
    }
    shares = fair_shares(value, [[name] for name in length])
    assert {name: float(share) for name, share in shares.items()} == pytest.approx(
        {"small": 1 / 3, "middle": 5 / 6, "large": 11 / 6}
    )


def test_shares_are_the_mean_over_orders_that_keep_blocks_together():
    """Of a game of chance with four parts in two blocks; a block is worth the sum of its parts."""
    blocks, luck = [["a", "b"], ["c", "d"]], np.random.default_rng(7)
    value = {on: luck.normal(size=3) for on in coalitions(blocks)}
    kept = [order for order in permutations("abcd") if {*order[:2]} in ({"a", "b"}, {"c", "d"})]
    assert len(kept) == 8
    shares = fair_shares(value, blocks)
    for name in "abcd":
        gains = [
            value[frozenset(order[: order.index(name) + 1])] - value[frozenset(order[: order.index(name)])]
            for order in kept
        ]
        np.testing.assert_allclose(shares[name], np.mean(gains, axis=0), atol=1e-12)
    of_blocks = shares_of_blocks(value, blocks)
    np.testing.assert_allclose(of_blocks[0], shares["a"] + shares["b"], atol=1e-12)
    np.testing.assert_allclose(sum(of_blocks), value[frozenset("abcd")] - value[frozenset()], atol=1e-12)
