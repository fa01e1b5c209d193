"""Intervals and run lengths: Law's examples, then coverage and minimality with other numbers."""

import numpy as np
import pytest
from scipy import stats

from simulator.theory.statistics import (
    interval_from_summary,
    mean_interval,
    mean_p_value,
    paired_share_ends,
    paired_share_p_value,
    range_of_next,
    replications_for_half_width,
    share_ends,
    student_quantile,
    unpaired_interval,
)

# Law, Simulation Modeling and Analysis: ten observations of chapter 4, ten mean delays of the bank and the costs of
# two inventory policies of chapters 9 and 10.
TEN = [1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09]
BANK = [1.53, 1.66, 1.24, 2.34, 2.00, 1.69, 2.69, 2.86, 1.70, 2.60]
FIRST_POLICY = [126.97, 124.31, 126.68, 122.66, 127.23]
SECOND_POLICY = [118.21, 120.22, 122.45, 122.68, 119.40]


def test_mean_of_laws_ten_observations():
    """1.34 +- .24 at 90 %."""
    found = mean_interval(TEN, confidence=0.90)
    assert float(found.mean) == pytest.approx(1.34, abs=0.005)
    assert float(found.half_width) == pytest.approx(0.24, abs=0.005)


def test_laws_two_inventory_policies():
    """A paired interval is that of the differences: (1.65, 8.31) at 90 %."""
    found = mean_interval(np.subtract(FIRST_POLICY, SECOND_POLICY), confidence=0.90)
    assert (round(float(found.low), 2), round(float(found.high), 2)) == (1.65, 8.31)


def test_laws_number_of_replications():
    """16 for .25 minutes at 90 %, from ten replications of mean 2.03 and variance .31."""
    mean, variance = float(np.mean(BANK)), float(np.var(BANK, ddof=1))
    assert (round(mean, 2), round(variance, 2)) == (2.03, 0.31)
    for s2 in (variance, 0.31):
        assert replications_for_half_width(s2, 0.25, count=10, confidence=0.90) == 16


def test_undefined_precision_is_refused():
    """Of no width, or one that no number of runs reaches."""
    with pytest.raises(ValueError, match="must be above 0"):
        replications_for_half_width(1, 0)
    with pytest.raises(ValueError, match="no practical number"):
        replications_for_half_width(1, 1e-9)


def test_student_quantile_is_two_sided():
    """t with 4 degrees of freedom at 90 % is 2.132."""
    assert float(student_quantile(0.90, 4)) == pytest.approx(2.132, abs=5e-4)
    np.testing.assert_allclose(student_quantile(0.95, [1, 9, 500]), stats.t.ppf(0.975, [1, 9, 500]))


def test_intervals_cover():
    """The truth is inside 95 % of 10,000 intervals from 7 normal values."""
    found = mean_interval(np.random.default_rng(9).normal(3, 2, (7, 10_000)))
    inside = ((found.low <= 3) & (found.high >= 3)).mean()
    assert inside == pytest.approx(0.95, abs=0.008)


def test_an_interval_needs_two_values():
    """One value says nothing of its spread."""
    with pytest.raises(ValueError, match="at least 2 values, not 1"):
        mean_interval([3.0])


def test_an_interval_is_the_same_alone_or_in_company():
    """Bit for bit, whatever is averaged beside it."""
    values = np.random.default_rng(2).lognormal(3, 2, (31, 53))
    together = mean_interval(values)
    alone = [mean_interval(values[:, i]) for i in range(53)]
    np.testing.assert_array_equal(together.mean, [i.mean for i in alone])
    np.testing.assert_array_equal(together.half_width, [i.half_width for i in alone])


@pytest.mark.parametrize("target", [0.5, 0.05, 0.004])
def test_replications_are_just_enough(target):
    """One fewer would not do."""
    needed = replications_for_half_width(3.7, target)
    assert interval_from_summary(0, 3.7, needed).half_width <= target
    assert interval_from_summary(0, 3.7, needed - 1).half_width > target


def test_replications_never_fall_below_the_pilot():
    """What was run stays run; no spread needs no more."""
    assert replications_for_half_width(0.001, 1.0, count=10) == 10
    assert replications_for_half_width(0.0, 1.0) == 2


def test_welchs_interval():
    """Two samples of unequal spread: t = 2.306 on 8 degrees when both are alike; fewer when one is wild."""
    one, other = np.array([1.0, 2, 3, 4, 5]), np.array([2.0, 3, 4, 5, 6])
    assert float(unpaired_interval(one, other).half_width) == pytest.approx(2.306004 * 1.0)
    assert float(unpaired_interval(one, other).mean) == -1
    wild = unpaired_interval(one, 100 * other)
    assert float(wild.half_width) == pytest.approx(2.776 * 100 * np.sqrt(0.5), rel=0.001)


def test_a_share_of_no_run_is_not_sure():
    """Wilson's interval of none of ten: [0, 27.75 %], of three of ten: [10.78 %, 60.32 %] (any table)."""
    assert share_ends(0, 10) == (0.0, pytest.approx(0.2775, abs=5e-5))
    assert share_ends(10, 10) == (pytest.approx(1 - 0.2775, abs=5e-5), 1.0)
    assert share_ends(3, 10) == pytest.approx((0.1078, 0.6032), abs=5e-5)
    reference = stats.binomtest(17, 40).proportion_ci(0.95, method="wilson")
    assert share_ends(17, 40) == pytest.approx((reference.low, reference.high), rel=1e-12)


def test_a_difference_of_shares_stays_one():
    """Never beyond -1 and 1, never sure; even-handed; with many pairs Wald's interval."""
    assert paired_share_ends(0, 100, 100)[0] == -1.0
    assert -1 < paired_share_ends(0, 100, 100)[1] < -0.9
    assert paired_share_ends(0, 0, 50)[0] < 0 < paired_share_ends(0, 0, 50)[1]
    low, high = paired_share_ends(30, 12, 80)
    assert paired_share_ends(12, 30, 80) == pytest.approx((-high, -low))
    wald = 1.959964 * np.sqrt((0.3 - 0.1**2) / 1e6)
    assert paired_share_ends(200_000, 100_000, 10**6) == pytest.approx((0.1 - wald, 0.1 + wald), abs=1e-5)


def test_intervals_of_shares_cover():
    """Of 4,000 pairs of fifty runs each, at least 94 % hold the truth, alone and as a difference."""
    rng = np.random.default_rng(4)
    luck = rng.random((4_000, 50))
    first, second = luck < 0.08, (luck < 0.05) | (rng.random((4_000, 50)) < 0.02)
    ends = [share_ends(int(row.sum()), 50) for row in first]
    assert np.mean([low <= 0.08 <= high for low, high in ends]) >= 0.94
    gaps = [paired_share_ends(int((a & ~b).sum()), int((b & ~a).sum()), 50) for a, b in zip(first, second, strict=True)]
    truth = 0.08 - (0.05 + 0.02 * 0.95)
    assert np.mean([low <= truth <= high for low, high in gaps]) >= 0.94


def test_a_p_value_goes_with_its_interval():
    """Differences 1, 2, 3, 2, 2: t = 2 / sqrt(.5 / 5) = 6.325 with four degrees of freedom, p = .00320 (any table)."""
    assert mean_p_value([1, 2, 3, 2, 2]) == pytest.approx(0.003198, abs=5e-6)
    assert mean_p_value([-1, -2, -3, -2, -2]) == pytest.approx(0.003198, abs=5e-6)
    assert (mean_p_value([0, 0]), mean_p_value([3, 3])) == (1.0, 0.0)
    for sample in np.random.default_rng(6).normal(0.5, 1.0, (500, 8)):
        found = mean_interval(sample)
        assert (mean_p_value(sample) < 0.05) == (not found.low <= 0 <= found.high)


def test_a_p_value_of_shares_goes_with_its_interval():
    """30 against 10 of 100 pairs: z = 20 / sqrt(41 - 20^2 / 102) = 3.2845, p = .00102."""
    assert paired_share_p_value(30, 10, 100) == pytest.approx(0.001022, abs=2e-6)
    assert paired_share_p_value(0, 0, 100) == 1.0
    for more in range(30):
        low, high = paired_share_ends(more, 9, 60)
        assert (paired_share_p_value(more, 9, 60) < 0.05) == (not low <= 0 <= high)


def test_the_next_value_weighs_one_beside_earlier_ones():
    """Weibull where all weigh 1: a tenth of 13 is 1.3, and 11.7. Of weights .25, .5 and 1 a tenth of 2.75 lies .025 into the second."""
    low, high = range_of_next(np.arange(12.0, 0, -1)[:, None], np.ones(12), 0.1)
    assert (low[0], high[0]) == pytest.approx((1.3, 11.7))
    low, high = range_of_next(np.array([10.0, 20.0, 30.0]), np.array([0.25, 0.5, 1.0]), 0.1)
    assert low == pytest.approx(10 + 10 * 0.025 / 0.5)
    assert high == 30.0  # beyond it lies all of 1 in 2.75: never farther than the farthest
