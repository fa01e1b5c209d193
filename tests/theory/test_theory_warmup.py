"""Truncation of a start: by hand on short series, then on processes whose start is known."""

import numpy as np
import pytest

from simulator.theory.warmup import moving_average_of_welch, mser, settling_period, without_season


def test_mser_by_hand():
    """10 4 2 2 4 2 ... : leaving out one value is best; each statistic is worked out with fractions."""
    series = [10, 4, 2, 4, 2, 4, 2, 4]
    found = mser(series, batch=1)
    by_hand = [sum((x - np.mean(series[d:])) ** 2 for x in series[d:]) / (8 - d) ** 2 for d in range(7)]
    np.testing.assert_allclose(found.statistic, by_hand)
    assert found.statistic[0] == pytest.approx(48 / 64)
    assert found.statistic[1] == pytest.approx((7 * 1 - 1 / 7) / 49)
    assert (found.periods, found.found) == (1, True)


def test_five_periods_a_batch():
    """MSER-5 leaves out whole batches of the means of five."""
    start = [50.0] * 5 + [20.0] * 5
    found = mser([*start, *np.tile([9.0, 10.0, 11.0, 10.0, 10.0, 12.0, 8.0, 10.0, 11.0, 9.0], 12)])
    assert (found.periods, found.found) == (10, True)


def test_a_series_that_never_settles_is_told():
    """A straight line has its least in the second half."""
    assert not mser(np.arange(200.0)).found


def test_too_short_is_refused():
    """Four batches at least."""
    with pytest.raises(ValueError, match="19 periods are fewer than four batches of 5"):
        mser(np.ones(19))


def transient(start, replications=200, periods=600, rho=0.9, seed=1):
    """An autoregressive process about 100 that begins away from it: its mean is known, 100 + start rho^t."""
    noise = np.random.default_rng(seed).normal(0, 1, (replications, periods))
    values, level = np.empty_like(noise), np.full(replications, float(start))
    for t in range(periods):
        values[:, t] = 100 + level
        level = rho * level + noise[:, t]
    return values


def test_mser_cuts_the_start_and_little_more():
    """Of 40 rho^t what is left is under one percent of the level, and most of the run stays."""
    found = mser(transient(40).mean(axis=0))
    assert 40 * 0.9**found.periods < 1.0
    assert found.periods < 150


def test_mser_leaves_a_run_without_a_start_alone():
    """Most of the time: on 100 stationary series hardly anything is cut."""
    cut = [mser(row).periods for row in transient(0)[:100, 100:]]
    assert np.median(cut) <= 100


def test_bias_is_smaller_after_truncation():
    """The point of it all."""
    values = transient(40, replications=50, periods=300)
    cut = [row[mser(row).periods :].mean() for row in values]
    assert abs(np.mean(cut) - 100) < 0.25 * abs(values.mean() - 100)


def test_the_moving_average_by_hand():
    """Window 1: the first point alone, then means of three; the last point has no right neighbour."""
    np.testing.assert_allclose(moving_average_of_welch([[2, 4, 9, 1]], 1), [2, 5, 14 / 3])


def test_the_moving_average_smooths_and_keeps_the_mean():
    """The expectation of the curve is the moving average of the known transient."""
    values = transient(40, replications=2_000, periods=120)
    known = moving_average_of_welch((100 + 40 * 0.9 ** np.arange(120))[None], 7)
    np.testing.assert_allclose(moving_average_of_welch(values, 7), known, atol=0.25)


def test_a_window_beyond_a_quarter_is_refused():
    """Law's advice."""
    with pytest.raises(ValueError, match="from 0 to a quarter of 20"):
        moving_average_of_welch(np.ones((1, 20)), 6)


@pytest.mark.parametrize("periods", [208, 221])
def test_the_season_is_taken_out(periods):
    """What is left of a wave about a level with a start is the start, for whole seasons and others."""
    t = np.arange(periods)
    wave, start = 10 * np.sin(2 * np.pi * t / 52), 30 * np.exp(-t / 8)
    left = without_season(100 + wave + start, 52)
    np.testing.assert_allclose(left, 100 + start, atol=0.2)


def test_a_season_needs_two():
    """One teaches nothing."""
    with pytest.raises(ValueError, match="fewer than two seasons"):
        without_season(np.ones(60), 52)


def test_settled_is_the_last_time_outside():
    """A curve that comes back out has not settled before."""
    assert settling_period([1, 9, 10, 8, 10, 10, 10, 10, 10, 10]) == 4
    assert settling_period(np.arange(1.0, 101)) is None
    assert settling_period(np.full(10, 3.0)) == 0
