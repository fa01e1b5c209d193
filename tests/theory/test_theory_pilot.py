"""Pilots: sample sizes from the books, months by hand, and a pilot played many times."""

import numpy as np
import pytest

from simulator.theory.pilot import months_needed, signal, sites_needed, smallest_seen, wrong_way


def test_the_sample_size_of_the_books():
    """Deviation 10, difference 5, 95 % and 80 %: 2 x 100 x (1.959964 + .841621)^2 / 25 = 62.8, 63 in each group."""
    assert signal() == pytest.approx(2.801585, abs=1e-6)
    assert sites_needed(2 * 100.0, 5.0) == 63
    assert sites_needed(2 * 100.0, -5.0) == 63
    assert sites_needed(2 * 100.0, 5.0, power=0.9) == 85  # 84.06
    assert smallest_seen(2 * 100.0 / 63) == pytest.approx(4.9917, abs=1e-4)  # 2.801585 x sqrt(200 / 63)
    assert sites_needed(1e-6, 5.0) == 1


def test_months_by_hand():
    """Months of no memory, variance 4 each: after and before 8 / m; 7.8489 x 8 / m <= 1 from m = 63."""
    assert months_needed({1: 8.0}, 1.0) == 63
    assert months_needed({1: 8.0}, 20.0) == 1
    # six months that share their luck are worth no more than one: 7.8489 x 8 / 25 = 2.5 single months
    assert months_needed({1: 8.0, 6: 8.0}, 5.0) == 3
    assert (
        months_needed({1: 8.0, 6: 8.0}, 3.0) == 42
    )  # 7 single months would do, but from six on it is 7.8489 x 8 x 6 / 9 = 41.9


def test_nothing_is_never_seen():
    with pytest.raises(ValueError, match="the difference is 0"):
        months_needed({1: 8.0}, 0.0)
    with pytest.raises(ValueError, match="the difference is 0"):
        sites_needed(8.0, 0.0)


def test_the_wrong_way_by_hand():
    """One standard error: 15.87 %; none where there is no luck."""
    assert wrong_way(4.0, -2.0) == pytest.approx(0.158655, abs=1e-6)
    assert wrong_way(0.0, 1.0) == 0.0


def test_a_pilot_of_that_length_sees_the_difference_as_often():
    """63 months before and after, 20,000 times: told in 80 % of cases (z test, deviation known)."""
    months = months_needed({1: 8.0}, 1.0)
    before, after = np.random.default_rng(3).normal(0.0, 2.0, (2, 20_000, months)).mean(axis=-1)
    told = (after + 1.0 - before) / np.sqrt(8.0 / months) > 1.959964
    assert told.mean() == pytest.approx(0.80, abs=0.015)
