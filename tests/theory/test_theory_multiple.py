"""Several comparisons at once hold together as often as they say."""

import numpy as np

from simulator.theory.multiple import allowances, holm, with_the_best

MEANS = np.array([3.0, 5.0, 4.5, 5.5, 1.0])


def samples(count, replications=13):
    """Five alternatives on common luck, each also with luck of its own."""
    rng = np.random.default_rng(5)
    for _ in range(count):
        yield MEANS[:, None] + rng.normal(0, 1.2, (5, replications)) + rng.normal(0, 2, replications)


def test_comparisons_with_the_best_hold_together():
    """Hsu's intervals hold the true distances from the best of the others, and name the right ones."""
    truth = np.array([v - np.delete(MEANS, k).max() for k, v in enumerate(MEANS)])
    held = []
    for values in samples(2_000):
        found = with_the_best(values.mean(axis=1), allowances(values))
        held.append((found.low <= truth).all() and (truth <= found.high).all())
    assert 0.945 <= np.mean(held) <= 1.0


def test_the_clearly_best_is_the_best():
    """Its low end is 0, and the high end of all others is 0."""
    found = with_the_best([1.0, 2.0, 9.0], 0.5)
    assert found.low[2] == 0 < found.high[2]
    assert found.high.tolist()[:2] == [0, 0]
    assert found.low.tolist()[:2] == [-8.5, -7.5]
    assert found.possible.tolist() == [False, False, True]


def test_two_that_cannot_be_told_apart_are_both_possible():
    """Neither high end is 0."""
    found = with_the_best([1.0, 8.9, 9.0], 0.5)
    np.testing.assert_allclose(found.high, [0, 0.4, 0.6], atol=1e-12)
    np.testing.assert_allclose(found.low, [-8.5, -0.6, -0.4], atol=1e-12)
    assert found.possible.tolist() == [False, True, True]


def test_a_tie_leaves_both_possible():
    """Settings that do the very same are all the best."""
    found = with_the_best([1.0, 9.0, 9.0], 0.0)
    assert found.possible.tolist() == [False, True, True]
    assert found.low.tolist() == [-8, 0, 0]


def test_holm_by_hand():
    """.005 four times, .01 three times, .03 twice and .04 once; the last may not lie below .06, and none above 1."""
    np.testing.assert_allclose(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02])
    np.testing.assert_allclose(holm([0.6, 0.7]), [1.0, 1.0])
    assert holm([]).shape == (0,)


def test_a_family_without_any_difference_is_rarely_called_one():
    """Twenty p-values of nothing, 4,000 times: 64 % of families have one below .05; adjusted, 5 % within luck."""
    families = np.random.default_rng(8).random((4_000, 20))
    some = np.mean([(holm(family) < 0.05).any() for family in families])
    assert (families.min(axis=1) < 0.05).mean() > 0.6
    assert abs(some - 0.05) < 4 * np.sqrt(0.05 * 0.95 / 4_000)
