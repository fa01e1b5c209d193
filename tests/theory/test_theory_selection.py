"""Ranking and selection: printed allocations, and the promised probability of a right selection."""

import numpy as np
import pytest

from simulator.theory.selection import budget_shares, fixed_budget, kim_nelson, next_runs, sequential_constant


def normal(means, sd=1.0, common=0.0, seed=0):
    """Alternatives that are normal about these means, with luck of their own and luck they share; each replication drawn once."""
    rng = np.random.default_rng(seed)
    own, shared = rng.normal(0, sd, (len(means), 6000)), rng.normal(0, 1, 6000) * common
    values = np.asarray(means)[:, None] + own + shared
    return lambda who, start, end: values[who, start:end]


# The printed examples of the fixed budget


def test_shares_of_the_book():
    """Chen & Lee (2011), p. 49: means 1 2 3 4 5, variances 1 1 9 9 4, 50 runs: 11 9 19 9 2; small is good there."""
    share = budget_shares([-1, -2, -3, -4, -5], [1, 1, 9, 9, 4])
    assert np.round(50 * share).tolist() == [11, 9, 19, 9, 2]
    assert share.sum() == pytest.approx(1)


def test_a_step_of_the_book():
    """Chen & Lee (2011), appendix: 100 more runs after 12 6 5 5 4 go 48 38 11 2 1."""
    means, variances = [-1.2, -2.1, -3.4, -4.87, -6.05], [3.3, 2.0, 4.5, 5.3, 6.9]
    assert next_runs(means, variances, [12, 6, 5, 5, 4], 100).tolist() == [48, 38, 11, 2, 1]


def test_nobody_gives_runs_back():
    """Who had too many already gets none, and the sum is what was asked."""
    more = next_runs([3.0, 2.9, 1.0], [1, 1, 1], [5, 5, 500], 40)
    assert more[2] == 0
    assert more.sum() == 40
    assert (more >= 0).all()


def test_equal_and_certain_alternatives_do_not_stop_the_sharing():
    """Ties and variances of zero give shares all the same."""
    for means, variances in (([1, 1, 1], [0, 0, 0]), ([1, 1, 0], [1, 0, 4])):
        share = budget_shares(means, variances)
        assert np.isfinite(share).all()
        assert share.sum() == pytest.approx(1)


def test_a_fixed_budget_finds_the_best_more_often_than_equal_shares():
    """On ten ways with means 0 to 9 and deviation 6 (the experiment of Chen et al. 2000), 400 runs in all."""
    means, right, even = np.arange(10.0), 0, 0
    for seed in range(120):
        sample = normal(means, 6.0, seed=seed)
        chosen = fixed_budget(sample, 10, 400, first=10)
        assert chosen.runs == 400
        right += chosen.best == 9
        even += int(np.argmax(sample(list(range(10)), 0, 40).mean(axis=1))) == 9
    assert right > even + 5


def test_the_budget_must_cover_the_first_runs():
    """Said in a sentence."""
    with pytest.raises(ValueError, match="10 alternatives with 20 first runs need 200"):
        fixed_budget(normal(range(10)), 10, 100)


# The sequential procedure


def test_the_constant_by_hand():
    """k = 2, n0 = 11, 95 %: (.1^-.2 - 1) x 10."""
    assert sequential_constant(2, 11, 0.95) == pytest.approx(10 * (0.1**-0.2 - 1))


@pytest.mark.parametrize(
    ("differences", "runs"),
    [
        ([-0.25, 0.75, 1.75], 3),  # mean .75 after 3, beyond W(3) = .5
        ([-0.6, 0.4, 1.4, -0.4], 4),  # mean .4 after 3, within W(3) = .5; .2 after 4, beyond W(4) = .125
        ([-0.9, 0.1, 1.1, 0.1, 0.1], 5),  # mean .1 after 3 and 4, within both; after N + 1 = 5 the better one is taken
    ],
)
def test_a_race_by_hand(differences, runs):
    """Kim & Nelson (2001) with k = 2, n0 = 3, 95 %: h^2 = 2 (.1^-1 - 1) = 18.

    The differences have S^2 = 1, the one worth finding is d = 2: h^2 S^2 / d^2 = 4.5, N = 4, W(r) = d / 2r (4.5 - r), so that
    W(3) = .5 and W(4) = .125. Whoever is behind by more than W(r) after r replications is run no further.
    """
    assert sequential_constant(2, 3, 0.95) == pytest.approx(18.0)
    values = np.array([[0.0] * 9, [*differences, *[9.0] * (9 - len(differences))]])
    found = kim_nelson(lambda who, start, end: values[who, start:end], 2, 2.0, 0.95, first=3)
    assert (found.best, found.counts.tolist()) == (1, [runs, runs])


@pytest.mark.parametrize("common", [0.0, 3.0])
def test_the_promised_probability_of_a_right_selection(common):
    """Slippage: the best is better by exactly the difference, the others are equal; 500 selections, 95 % promised."""
    right = [
        kim_nelson(normal([0.0, 0.0, 0.5, 0.0, 0.0], 1.0, common, seed), 5, 0.5, 0.95, first=10).best == 2
        for seed in range(500)
    ]
    assert np.mean(right) >= 0.95


def test_common_luck_saves_runs():
    """The procedure looks at differences, from which shared luck drops out."""
    runs = {common: kim_nelson(normal([0, 0.2], 1.0, common), 2, 0.2).runs for common in (0.0, 50.0)}
    assert runs[0.0] == runs[50.0] > 40
    assert kim_nelson(normal([0, 0.2], 3.0), 2, 0.2).runs > 3 * runs[0.0]


def test_a_batch_changes_the_work_and_not_the_answer():
    """Replications beyond the end of the race are not counted."""
    one, many = (kim_nelson(normal([0, 0.1, 0.2, 0.4], 1.0, seed=8), 4, 0.2, batch=b) for b in (1, 37))
    assert one.best == many.best
    np.testing.assert_array_equal(one.means[one.best], many.means[many.best])
    assert one.counts[one.best] == many.counts[many.best]


def test_hopeless_alternatives_are_dropped_early():
    """They cost their first runs and few more."""
    found = kim_nelson(normal([0.0, 5.0, 4.9]), 3, 0.1)
    assert found.best == 1
    assert found.counts[0] == 20 < found.counts[1]


def test_equals_end_too():
    """The very same values in every replication part at once."""
    found = kim_nelson(lambda who, a, b: np.ones((len(who), b - a)), 3, 0.1)
    assert found.runs == 60
    assert found.kept == (0, 1, 2)


def test_one_alternative_is_the_best():
    """Nothing to select from."""
    assert kim_nelson(normal([1.0]), 1, 0.1).best == 0


def test_undecidable_differences_are_refused():
    """Before anything is run for ever."""
    with pytest.raises(ValueError, match="must be above 0"):
        kim_nelson(normal([0, 1]), 2, 0.0)


def test_a_race_without_end_is_given_up(monkeypatch):
    """Nothing runs for ever."""
    monkeypatch.setattr("simulator.theory.selection.REPLICATION_LIMIT", 100)
    with pytest.raises(ValueError, match="100 replications did not tell differences of"):
        kim_nelson(normal([0, 0]), 2, 1e-4)
