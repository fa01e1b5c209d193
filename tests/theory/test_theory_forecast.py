"""Accuracy and recursions: worked by hand and by the book, then laws with other numbers."""

import numpy as np
import pytest

from simulator.theory.forecast import (
    bias,
    holt,
    mad,
    mape,
    mase,
    mean_error,
    moving_average,
    rmse,
    simple_smoothing,
    smape,
    tracking_signal,
    trend_line,
    wape,
    winters,
    winters_start,
)

ACTUAL = np.array([100, 20, 50, 200, 80.0])
FORECAST = np.array([110, 10, 60, 150, 80.0])
TRAINING = np.array([60, 80, 50, 90, 70, 100.0])
TAHOE = 1000.0 * np.array([8, 13, 23, 34, 10, 18, 23, 38, 12, 13, 32, 41])


def tracking_range(actual, forecast):
    """Lowest and highest tracking signal along the way, as the book prints it."""
    signals = [float(tracking_signal(actual[:n], forecast[:n])) for n in range(1, len(actual) + 1)]
    return min(signals), max(signals)


# By hand: errors +10 -10 +10 -50 0, absolute 80 of 450 sold


def test_measures_worked_by_hand():
    """They differ, and each is what its definition says."""
    assert mape(ACTUAL, FORECAST).value == pytest.approx((0.10 + 0.50 + 0.20 + 0.25 + 0) / 5)
    assert mape(ACTUAL, FORECAST).left_out == 0
    assert wape(ACTUAL, FORECAST) == pytest.approx(80 / 450)
    assert bias(ACTUAL, FORECAST) == pytest.approx(-40 / 450)
    assert mean_error(ACTUAL, FORECAST) == pytest.approx(-8)
    assert mad(ACTUAL, FORECAST) == pytest.approx(16)
    assert rmse(ACTUAL, FORECAST) == pytest.approx(np.sqrt(2800 / 5))
    assert tracking_signal(ACTUAL, FORECAST) == pytest.approx(-40 / 16)
    assert smape(ACTUAL, FORECAST) == pytest.approx((20 / 210 + 20 / 30 + 20 / 110 + 100 / 350 + 0) / 5)
    assert mase(ACTUAL, FORECAST, TRAINING) == pytest.approx(16 / ((20 + 30 + 40 + 20 + 30) / 5))
    assert mase(ACTUAL, FORECAST, TRAINING, season=2) == pytest.approx(16 / ((10 + 10 + 20 + 10) / 4))


def test_a_month_without_sales_does_not_break_mape():
    """It is left out and counted; the others weigh as before."""
    found = mape([100, 0, 50], [110, 7, 60])
    assert found.value == pytest.approx((0.10 + 0.20) / 2)
    assert found.left_out == 1
    assert np.isnan(mape([0, 0], [1, 2]).value)
    assert np.isnan(wape([0, 0], [1, 2]))
    assert smape([0, 0], [0, 2]) == pytest.approx(1)


def test_over_forecast_is_positive():
    """Error = forecast - actual."""
    assert bias([10, 10], [12, 12]) > 0
    assert mean_error([10, 10], [9, 9]) < 0
    assert tracking_signal([10, 10], [12, 12]) == 2
    assert tracking_signal([10, 10], [10, 10]) == 0


def test_mase_of_the_seasonal_naive_forecast_is_one():
    """It is measured against itself."""
    history = np.random.default_rng(3).uniform(1, 9, 36)
    assert mase(history[12:], history[:-12], history, season=12) == pytest.approx(1)
    with pytest.raises(ValueError, match="6 training periods do not show"):
        mase(ACTUAL, FORECAST, TRAINING, season=6)


# Chopra & Meindl, chapter 7


def test_tahoe_moving_average():
    """Four quarters: level 24,500, MAD 9,719, MAPE 49 %, tracking signal -1.52 to 2.21."""
    found = moving_average(TAHOE, 4)
    assert np.isnan(found.one_ahead[:4]).all()
    np.testing.assert_allclose(found.one_ahead[4:6], [19500, 20000])
    np.testing.assert_allclose(found.ahead(2), 24500)
    actual, forecast = TAHOE[4:], found.one_ahead[4:]
    assert round(float(mad(actual, forecast))) == 9719
    assert round(100 * float(mape(actual, forecast).value)) == 49
    assert tracking_range(actual, forecast) == pytest.approx((-1.52, 2.21), abs=0.005)


def test_tahoe_simple_smoothing():
    """Alpha .1 from the average 22,083: forecast 23,490, MAD 10,208, MAPE 59 %."""
    found = simple_smoothing(TAHOE, 0.1)
    assert round(float(found.one_ahead[0])) == 22083
    assert round(float(found.ahead(1)[0])) == 23490
    assert round(float(mad(TAHOE, found.one_ahead))) == 10208
    assert round(100 * float(mape(TAHOE, found.one_ahead).value)) == 59
    assert tracking_range(TAHOE, found.one_ahead)[0] == pytest.approx(-1.38, abs=0.005)


def test_tahoe_holt():
    """Alpha .1, beta .2 from the line 12,015 + 1,549 t: MAD 8,836, MAPE 52 %, tracking signal -2.15 to 2.00."""
    level, trend = trend_line(TAHOE)
    assert (round(float(level)), round(float(trend))) == (12015, 1549)
    found = holt(TAHOE, 0.1, 0.2)
    assert (round(float(found.level)), round(float(found.trend))) == (30443, 1541)
    assert round(float(mad(TAHOE, found.one_ahead))) == 8836
    assert round(100 * float(mape(TAHOE, found.one_ahead).value)) == 52
    assert tracking_range(TAHOE, found.one_ahead) == pytest.approx((-2.15, 2.00), abs=0.005)


def test_tahoe_winters_start():
    """Deseasonalised line 18,439 + 524 t and factors .47, .68, 1.17, 1.66 (printed 1.67 in places)."""
    level, trend, seasonal = winters_start(TAHOE, 4)
    assert (round(float(level)), round(float(trend))) == (18439, 524)
    np.testing.assert_allclose(seasonal, [0.472, 0.683, 1.171, 1.664], atol=0.0005)


def test_tahoe_winters_first_quarter():
    """Alpha .1, beta .2, gamma .1: level 18,769, trend 485, next forecast 13,093, factor .47 (text of the chapter)."""
    found = winters(TAHOE[:1], 0.1, 0.2, 0.1, 18439, 524, [0.47, 0.68, 1.17, 1.67])
    assert round(float(found.one_ahead[0])) == 8913
    assert (round(float(found.level)), round(float(found.trend))) == (18769, 485)
    assert round(float(found.ahead(1)[0])) == 13093
    assert round(float(found.seasonal[-1]), 2) == 0.47


def test_tahoe_winters():
    """Alpha .05, beta .1, gamma .1 (the chapter's table): MAD 1,469, MAPE 8 %, tracking signal -2.74 to 4.00."""
    found = winters(TAHOE, 0.05, 0.1, 0.1, 18439, 524, [0.47, 0.68, 1.17, 1.67])
    assert round(float(mad(TAHOE, found.one_ahead))) == 1469
    assert round(100 * float(mape(TAHOE, found.one_ahead).value)) == 8
    assert tracking_range(TAHOE, found.one_ahead) == pytest.approx((-2.74, 4.00), abs=0.005)


# Laws


def test_a_forecast_does_not_see_its_own_period():
    """What is sold from period 9 on does not move the forecasts up to period 9."""
    changed = TAHOE.copy()
    changed[8:] *= 3
    starts = (18439.0, 524.0, np.array([0.47, 0.68, 1.17, 1.67]))
    for method in (
        lambda s: moving_average(s, 3),
        lambda s: simple_smoothing(s, 0.3, 9000),
        lambda s: holt(s, 0.3, 0.2, 9000, 100),
        lambda s: winters(s, 0.3, 0.2, 0.1, *starts),
    ):
        np.testing.assert_array_equal(method(TAHOE).one_ahead[:9], method(changed).one_ahead[:9])


def test_winters_keeps_a_perfect_pattern():
    """A line times a season is forecast without error, as far ahead as asked."""
    period = np.arange(1, 25)
    factors = np.array([0.5, 1.5, 1.2, 0.8])
    series = (100 + 3 * period) * np.tile(factors, 6)
    found = winters(series, 0.2, 0.3, 0.4, 100, 3, factors)
    np.testing.assert_allclose(found.one_ahead, series)
    np.testing.assert_allclose(found.ahead(9), (100 + 3 * np.arange(25, 34)) * np.tile(factors, 3)[:9])


def test_winters_start_recovers_a_plain_line():
    """Odd and even seasons, without any season in the data."""
    series = 50 + 2.0 * np.arange(1, 22)
    for season in (1, 3, 4):
        level, trend, seasonal = winters_start(series, season)
        assert (float(level), float(trend)) == pytest.approx((50, 2))
        np.testing.assert_allclose(seasonal, 1)
    with pytest.raises(ValueError, match="5 periods do not show a season of 4"):
        winters_start(series[:5], 4)


def test_a_damped_trend_levels_off():
    """Each step ahead adds a smaller share of the trend."""
    ahead = holt(TAHOE, 0.1, 0.2, 12015, 1549, damping=0.5).ahead(30)
    rises = np.diff(ahead)
    np.testing.assert_allclose(rises[1:], 0.5 * rises[:-1], atol=1e-6)


def test_smoothing_is_its_weights():
    """Simple smoothing weighs the past a, a(1-a), a(1-a)^2, ..."""
    weights = 0.3 * 0.7 ** np.arange(12)[::-1]
    expected = (weights * TAHOE).sum() + 0.7**12 * 5000
    assert float(simple_smoothing(TAHOE, 0.3, 5000).level) == pytest.approx(expected)


def test_zero_factors_and_levels_do_not_break_winters():
    """A product that does not sell in one season, or not at all."""
    never = winters(np.zeros(12), 0.3, 0.2, 0.1, 0.0, 0.0, np.ones(4))
    summer = winters([5, 0, 7, 0, 6, 0.0], 0.3, 0.2, 0.1, 6.0, 0.0, [1.0, 0.0])
    assert np.isfinite(never.one_ahead).all()
    assert np.isfinite(summer.one_ahead).all()
    np.testing.assert_array_equal(summer.one_ahead[1::2], 0)


def test_lanes_are_the_same_alone_or_in_company():
    """Every measure and recursion, bit for bit, with constants that vary by lane; 31 periods, 17 lanes."""
    rng = np.random.default_rng(12)
    sold, guess = rng.poisson(2.5, (31, 17)).astype(float), rng.uniform(0, 9, (31, 17))
    alpha = rng.uniform(0.05, 0.5, 17)
    for measure in (bias, mad, mean_error, rmse, smape, tracking_signal, wape, lambda a, f: mape(a, f).value):
        alone = [measure(sold[:, i], guess[:, i]) for i in range(17)]
        np.testing.assert_array_equal(measure(sold, guess), alone)
    np.testing.assert_array_equal(
        mase(sold, guess, sold, 12), [mase(sold[:, i], guess[:, i], sold[:, i], 12) for i in range(17)]
    )
    for method in (
        lambda s, a: moving_average(s, 5),
        simple_smoothing,
        lambda s, a: holt(s, a, 0.2),
        lambda s, a: winters(s, a, 0.2, 0.1, *winters_start(s, 12)),
    ):
        alone = np.stack([method(sold[:, i], alpha[i]).ahead(14) for i in range(17)], axis=1)
        np.testing.assert_array_equal(method(sold, alpha).ahead(14), alone)


def test_products_may_have_an_axis_too():
    """(periods, products, lanes) in, (products, lanes) out."""
    sold = np.random.default_rng(2).uniform(1, 9, (23, 3, 7))
    assert wape(sold, sold + 1).shape == (3, 7)
    assert winters(sold, 0.1, 0.1, 0.1, *winters_start(sold, 4)).ahead(5).shape == (5, 3, 7)
