"""The classic recursions: each period's forecast uses only what was sold before it.

Series are (periods, ...); trailing axes are lanes or products, and the smoothing constants may vary along them.
Chopra & Meindl (2016), chapter 7, whose names are used: level L, trend T, seasonal factor S.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from simulator.theory.arrays import Array, as_floats, average, total

__all__ = [
    "ForecastRun",
    "holt",
    "moving_average",
    "simple_smoothing",
    "trend_line",
    "winters",
    "winters_start",
]


@dataclass(frozen=True)
class ForecastRun:
    """Hold the forecasts that a recursion made along the way, and its state at the end.

    `one_ahead` (periods, ...): the forecast of each period made the period before, nan while history was too short.
    `seasonal` (season, ...): factors of the next periods in order, a single 1 without seasons. `damping` shrinks
    the trend each period.
    """

    one_ahead: Array
    level: Array
    trend: Array
    seasonal: Array
    damping: float = 1.0

    def ahead(self, periods: int) -> Array:
        """Forecast of the next periods, (periods, ...)."""
        rows, trend, reach = [], self.trend, self.level
        for period in range(periods):
            trend = self.damping * trend
            reach = reach + trend
            rows.append(reach * self.seasonal[period % len(self.seasonal)])
        return np.stack(rows)


def _without_season(one_ahead: Array, level: Array, trend: Array, damping: float = 1.0) -> ForecastRun:
    return ForecastRun(one_ahead, level, trend, np.ones((1, *level.shape)), damping)


def moving_average(series: ArrayLike, periods: int) -> ForecastRun:
    """Forecast the average of the last N periods."""
    sold = as_floats(series)
    if not 1 <= periods <= sold.shape[0]:
        raise ValueError(f"a moving average over {periods} periods needs 1 to {sold.shape[0]} of them")
    one_ahead = np.full(sold.shape, np.nan)
    for t in range(periods, sold.shape[0]):
        one_ahead[t] = average(sold[t - periods : t])
    level = average(sold[-periods:])
    return _without_season(one_ahead, level, np.zeros_like(level))


def simple_smoothing(series: ArrayLike, alpha: ArrayLike, level: ArrayLike | None = None) -> ForecastRun:
    """Forecast a level that moves a share alpha of the way to each actual: L' = a D + (1 - a) L.

    Without a first level the average of the whole series is taken, as the book does; a planner has only the past.
    """
    sold, a = as_floats(series), as_floats(alpha)
    known = average(sold) if level is None else as_floats(level)
    one_ahead = np.empty(sold.shape)
    for t, actual in enumerate(sold):
        one_ahead[t] = known
        known = a * actual + (1.0 - a) * known
    return _without_season(one_ahead, known, np.zeros_like(known))


def trend_line(series: ArrayLike, first_period: float = 1.0) -> tuple[Array, Array]:
    """Straight line through a series by least squares: its value in period 0 and its rise a period."""
    sold = as_floats(series)
    period = (first_period + np.arange(sold.shape[0])).reshape(-1, *([1] * (sold.ndim - 1)))
    centre = period - average(period)
    slope = total(centre * sold) / total(centre * centre)
    return average(sold) - slope * average(period), slope + np.zeros(sold.shape[1:])


def holt(
    series: ArrayLike,
    alpha: ArrayLike,
    beta: ArrayLike,
    level: ArrayLike | None = None,
    trend: ArrayLike | None = None,
    damping: float = 1.0,
) -> ForecastRun:
    """Forecast a level with a trend: L' = a D + (1 - a)(L + T), T' = b (L' - L) + (1 - b) T.

    Without a first level and trend the least-squares line of the whole series is taken, as the book does.
    """
    line = trend_line(series) if level is None or trend is None else (level, trend)
    return winters(series, alpha, beta, 0.0, line[0], line[1], np.ones((1, *as_floats(series).shape[1:])), damping)


def winters(
    series: ArrayLike,
    alpha: ArrayLike,
    beta: ArrayLike,
    gamma: ArrayLike,
    level: ArrayLike,
    trend: ArrayLike,
    seasonal: ArrayLike,
    damping: float = 1.0,
) -> ForecastRun:
    """Forecast a level with a trend and seasonal factors, of which the first is the first period's.

    L' = a D/S + (1 - a)(L + T), T' = b (L' - L) + (1 - b) T, next year's S = g D/L' + (1 - g) S. A period whose
    factor is 0 says nothing of the level, a level of 0 nothing of the season.
    """
    sold, a, b, g = (as_floats(x) for x in (series, alpha, beta, gamma))
    lanes = np.zeros(sold.shape[1:])
    base, rise = as_floats(level) + lanes, as_floats(trend) + lanes
    factors = [as_floats(factor) + lanes for factor in as_floats(seasonal)]
    one_ahead = np.empty(sold.shape)
    for t, actual in enumerate(sold):
        factor, expected = factors.pop(0), base + damping * rise
        one_ahead[t] = expected * factor
        reached = np.where(
            factor > 0.0, a * actual / np.where(factor > 0.0, factor, 1.0) + (1.0 - a) * expected, expected
        )
        rise = b * (reached - base) + (1.0 - b) * damping * rise
        base = reached
        factors.append(np.where(base > 0.0, g * actual / np.where(base > 0.0, base, 1.0) + (1.0 - g) * factor, factor))
    return ForecastRun(one_ahead, base, rise, np.stack(factors), damping)


def winters_start(series: ArrayLike, season: int) -> tuple[Array, Array, Array]:
    """First level, trend and seasonal factors from a history: deseasonalise, fit a line, average the ratios to it.

    Chopra & Meindl (2016), chapter 7. Returns L0, T0 and factors (season, ...).
    """
    sold = as_floats(series)
    periods = sold.shape[0]
    if season < 1 or periods < season + 2:
        raise ValueError(f"{periods} periods do not show a season of {season}; at least {season + 2} are needed")
    half = season // 2
    if season % 2:
        smooth = [average(sold[t - half : t + half + 1]) for t in range(half, periods - half)]
    else:  # centred: the two outer periods count half
        smooth = [
            (sold[t - half] + 2.0 * total(sold[t - half + 1 : t + half]) + sold[t + half]) / (2.0 * season)
            for t in range(half, periods - half)
        ]
    level, trend = trend_line(np.stack(smooth), first_period=half + 1.0)
    line = np.stack([level + trend * (t + 1.0) for t in range(periods)])
    ratios = np.where(line > 0.0, sold / np.where(line > 0.0, line, 1.0), 0.0)
    return level, trend, np.stack([average(ratios[position::season]) for position in range(season)])
