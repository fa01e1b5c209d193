"""The first rise of a curve to a height, by hand."""

from math import log

import pytest

from simulator.theory.crossing import beyond, first_crossing, logit


def test_a_setting_between_two_by_hand():
    """90 % at 1 and 96 % at 2: odds of 9 and 24; 93 % has odds of 93 / 7, so ln((93/7)/9) / ln(24/9) = .3897 / .9808 of the way."""
    step = first_crossing([2.0, 1.0], [logit(0.96), logit(0.90)], logit(0.93))
    assert step.place == pytest.approx(1 + log(93 / 63) / log(24 / 9))
    assert step.place == pytest.approx(1.397, abs=5e-4)
    assert (step.low, step.high, step.rise) == (1.0, 2.0, pytest.approx(log(24 / 9)))


def test_the_first_rise_counts():
    """A curve that rises to 5, falls, and rises again crosses 4 for the first time between 1 and 2."""
    found = first_crossing([0, 1, 2, 3, 4], [0.0, 3.0, 5.0, 1.0, 9.0], 4.0)
    assert (found.low, found.high, found.place) == (1, 2, 1.5)


def test_the_next_place_to_look_at_leaves_a_fifth_on_either_side():
    """A crossing at 1.05 of a step from 1 to 2 is looked for at 1.2, one in the middle where it is."""
    assert first_crossing([1, 2], [0.0, 1.0], 0.05).trial == pytest.approx(1.2)
    assert first_crossing([1, 2], [0.0, 1.0], 0.95).trial == pytest.approx(1.8)
    assert first_crossing([1, 2], [0.0, 1.0], 0.5).trial == 1.5


def test_a_fall_is_no_crossing():
    assert first_crossing([0, 1], [5.0, 1.0], 3.0) is None
    assert first_crossing([0, 1], [1.0, 2.0], 3.0) is None


def test_shares_of_none_and_all_are_finite():
    assert logit(0.0) == pytest.approx(log(1e-4 / (1 - 1e-4)))
    assert logit(1.0) == pytest.approx(-logit(0.0))


def test_further_along_the_line():
    """From (0, 0) and (1, 1) on to 1.5: half a step, and a fifth more to be on the other side; never beyond the range."""
    assert beyond([0, 1], [0.0, 1.0], 1.5, 0.0, 4.0) == pytest.approx(1.6)
    assert beyond([0, 1], [0.0, 1.0], 9.0, 0.0, 4.0) == pytest.approx(3.0)
    assert beyond([0, 1], [0.0, 1.0], 9.0, 0.0, 2.0) == 2.0
    assert beyond([1, 2], [1.0, 2.0], 0.5, 0.0, 4.0) == pytest.approx(0.4)
