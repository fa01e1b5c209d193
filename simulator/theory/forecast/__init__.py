"""Classic forecast recursions and measures of accuracy; error = forecast - actual, positive = over-forecast."""

from simulator.theory.forecast.accuracy import (
    PercentageError,
    bias,
    mad,
    mape,
    mase,
    mean_error,
    rmse,
    smape,
    tracking_signal,
    wape,
)
from simulator.theory.forecast.recursions import (
    ForecastRun,
    holt,
    moving_average,
    simple_smoothing,
    trend_line,
    winters,
    winters_start,
)

__all__ = [
    "ForecastRun",
    "PercentageError",
    "bias",
    "holt",
    "mad",
    "mape",
    "mase",
    "mean_error",
    "moving_average",
    "rmse",
    "simple_smoothing",
    "smape",
    "tracking_signal",
    "trend_line",
    "wape",
    "winters",
    "winters_start",
]
