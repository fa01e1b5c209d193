"""Known answers of the forecast rules, asked as a policy asks them: with a past, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from simulator.kernel.plans import HORIZON
from simulator.kernel.units import Array
from simulator.planning.forecast import Holt, HoltWinters, MovingAverage, SimpleSmoothing
from simulator.planning.rules import Forecast
from simulator.results.verify.case import KnownAnswer, formula
from simulator.world.view import Past

TAHOE = [8000, 13000, 23000, 34000, 10000, 18000, 23000, 38000, 12000, 13000, 32000, 41000]
"""Demand for salt by quarter; the rules take each for a month."""

LEVEL = [22083.0 + 1 / 3]
"""The book's first level is the mean of the whole series; a rule begins with its first month, so that this month comes before."""

TREND_LINE = [4270.0, 81720.0]
"""The book begins on the line through the series, 12,015 and rising by 1,549 (12,015.15 and 1,548.95). A rule begins level with
its first month: with .1 and .2 these two months bring it there, since a tenth of their difference is 7,745, a fifth of which is
1,549."""


def forecast_answers() -> list[KnownAnswer]:
    """Moving average, smoothing and Holt on Tahoe Salt; the seasonal rule by hand, as it says of itself."""
    source = "Chopra & Meindl 2016, ch. 7 (Tahoe Salt)"
    average, smooth, holt = MovingAverage(months=4), SimpleSmoothing(level=0.1), Holt(level=0.1, trend=0.2, damping=1.0)
    return [
        formula("moving average of 4: next quarter", source, "24500", MovingAverage.__call__, lambda: ahead(average, TAHOE)[0]),
        formula("moving average of 4: MAD, MAPE", source, "9719 49", MovingAverage.__call__, lambda: errors(average, [], 4)),
        formula("simple smoothing .1: next quarter", source, "23490", SimpleSmoothing.__call__,
                lambda: ahead(smooth, [*LEVEL, *TAHOE])[0]),
        formula("simple smoothing .1: MAD, MAPE", source, "10208 59", SimpleSmoothing.__call__, lambda: errors(smooth, LEVEL)),
        formula("Holt .1, .2: level, trend", source, "30443 1541", Holt.__call__, lambda: level_and_trend(holt, [*TREND_LINE, *TAHOE])),
        formula("Holt .1, .2: MAD, MAPE", source, "8836 52", Holt.__call__, lambda: errors(holt, TREND_LINE)),
        formula("Holt-Winters .2, .1, .5 with factors .5 and 1.5: months 1, 11, 12 ahead", BY_HAND, "97.5160 56.3931 129.3269",
                HoltWinters.__call__, seasonal),
    ]  # fmt: skip


BY_HAND = "by hand; Winters 1960, the level learning by least squares where a factor is below one"


def past_of(demand: Sequence[float]) -> Past:
    """Build a planner's past from demand by month, each month of one working day."""
    count, ahead = len(demand), np.arange(HORIZON)
    rates = np.array(demand, dtype=np.float64)[:, None, None]
    return Past(rates, np.arange(count) % 12, (count + ahead) % 12, np.ones(HORIZON))


def ahead(rule: Forecast, demand: Sequence[float]) -> Array:
    """Return a rule's forecast of the coming months."""
    return rule(past_of(demand))[:, 0, 0]


def level_and_trend(rule: Forecast, demand: Sequence[float]) -> tuple[Any, Any]:
    """Fit the level and the slope of a straight forecast."""
    first, second = ahead(rule, demand)[:2]
    return 2 * first - second, second - first


def errors(rule: Forecast, before: Sequence[float], first: int = 0) -> tuple[Any, Any]:
    """Mean absolute deviation and mean absolute percentage error, each quarter forecast from those before it."""
    asked = range(first, len(TAHOE))
    missed = np.abs([ahead(rule, [*before, *TAHOE[:t]])[0] - TAHOE[t] for t in asked])
    return missed.mean(), 100 * (missed / TAHOE[first:]).mean()


def seasonal() -> Array:
    """A first year of mean 100 with factors .5 and 1.5, then 70 and 120.

    70: level 100 + .2 x .5 (70 - 50) = 102, trend .2, factor .5 + .5 (70/102 - .5) = .593137. 120: expected 102.2, level
    102.2 + .2/1.5 (120 - 153.3) = 97.76, trend .2 + .1 (-4.44) = -.244, factor 1.363748. So 97.76 - .244; (97.76 - 11 x
    .244) .593137; (97.76 - 12 x .244) 1.363748.
    """
    rule = HoltWinters(level=0.2, trend=0.1, season=0.5, first_year=1.0, damping=1.0)
    return ahead(rule, [50, 150, *[100] * 10, 70, 120])[[0, 10, 11]]
