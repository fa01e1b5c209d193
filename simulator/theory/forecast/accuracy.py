"""Measures of forecast accuracy: (periods, ...) in, (...) out; error = forecast - actual, positive = over-forecast.

A ratio is a ratio of sums unless its name says otherwise, and nan where there is nothing to divide by.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from simulator.theory.arrays import Array, as_floats, average, total

__all__ = [
    "PercentageError",
    "bias",
    "mad",
    "mape",
    "mase",
    "mean_error",
    "rmse",
    "smape",
    "tracking_signal",
    "wape",
]


@dataclass(frozen=True)
class PercentageError:
    """Mean absolute percentage error as a share, and how many periods had no demand and were left out."""

    value: Array
    left_out: Array


def _errors(actual: ArrayLike, forecast: ArrayLike) -> Array:
    return as_floats(forecast) - as_floats(actual)


def _ratio(part: Array, whole: Array) -> Array:
    return np.where(whole != 0.0, part / np.where(whole != 0.0, whole, 1.0), np.nan)


def mean_error(actual: ArrayLike, forecast: ArrayLike) -> Array:
    """Units forecast too much (+) or too little (-) in a period, on average."""
    return average(_errors(actual, forecast))


def bias(actual: ArrayLike, forecast: ArrayLike) -> Array:
    """Share of demand forecast too much (+) or too little (-): sum of errors / sum of actuals."""
    return _ratio(total(_errors(actual, forecast)), total(actual))


def mad(actual: ArrayLike, forecast: ArrayLike) -> Array:
    """Mean absolute deviation (MAE), units a period."""
    return average(np.abs(_errors(actual, forecast)))


def rmse(actual: ArrayLike, forecast: ArrayLike) -> Array:
    """Root mean squared error, units a period; it weighs large misses more."""
    return np.sqrt(average(_errors(actual, forecast) ** 2))


def wape(actual: ArrayLike, forecast: ArrayLike) -> Array:
    """Weighted absolute percentage error (WMAPE): sum of absolute errors / sum of actuals, a share."""
    return _ratio(total(np.abs(_errors(actual, forecast))), total(actual))


def mape(actual: ArrayLike, forecast: ArrayLike) -> PercentageError:
    """Mean over periods of absolute error / actual; periods without demand are left out, and counted."""
    sold = as_floats(actual)
    counted = sold != 0.0
    shares = np.where(counted, np.abs(_errors(sold, forecast)) / np.where(counted, np.abs(sold), 1.0), 0.0)
    return PercentageError(_ratio(total(shares), total(counted)), total(~counted))


def smape(actual: ArrayLike, forecast: ArrayLike) -> Array:
    """Symmetric mean absolute percentage error, 0 to 2: mean of 2|F - A| / (|A| + |F|), 0 for nothing of nothing."""
    error, size = np.abs(_errors(actual, forecast)), np.abs(as_floats(actual)) + np.abs(as_floats(forecast))
    return average(np.where(size > 0.0, 2.0 * error / np.where(size > 0.0, size, 1.0), 0.0))


def mase(actual: ArrayLike, forecast: ArrayLike, training: ArrayLike, season: int = 1) -> Array:
    """Mean absolute error against that of the seasonal naive forecast in the training periods; below 1 beats it.

    Hyndman & Koehler (2006). `season` is 12 for months with a yearly season, 1 for the last value.
    """
    history = as_floats(training)
    if history.shape[0] <= season:
        raise ValueError(f"{history.shape[0]} training periods do not show a seasonal naive error of season {season}")
    return _ratio(mad(actual, forecast), mad(history[season:], history[:-season]))


def tracking_signal(actual: ArrayLike, forecast: ArrayLike) -> Array:
    """Sum of errors in mean absolute deviations: beyond +-4 the forecast is biased; 0 without any error."""
    spread = mad(actual, forecast)
    return np.where(spread > 0.0, total(_errors(actual, forecast)) / np.where(spread > 0.0, spread, 1.0), 0.0)
