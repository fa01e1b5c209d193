"""The tracking signal of a forecast (Trigg 1964)."""

from __future__ import annotations

import numpy as np

from simulator.theory.arrays import Array

ALARM = 4.0
"""A tracking signal beyond this, either way, says that a forecast is biased."""

WINDOW = 12
"""Months over which a forecast is judged."""

TELLING = 1e-9
"""A mean absolute error below this is none."""


def tracking_signals(error: Array) -> Array:
    """Cumulative error over the mean absolute error so far, month after month: (months, ...); not a number without any error."""
    months = np.arange(1, len(error) + 1).reshape((-1,) + (1,) * (error.ndim - 1))
    spread = np.cumsum(np.abs(error), axis=0) / months
    signal: Array = np.where(spread > TELLING, np.cumsum(error, axis=0) / np.maximum(spread, TELLING), np.nan)
    return signal


def beyond_luck(signal: Array, months: int) -> Array:
    """Return the part of a bias that its tracking signal tells from luck: 1 - variance by luck / signal squared, none below 0.

    The sum of unbiased normal errors varies by 1.25 mean absolute errors a month (Brown 1963; the part kept is that of
    James & Stein 1961).
    """
    by_luck = months * np.pi / 2
    return np.where(
        np.abs(signal) > TELLING, np.maximum(1.0 - by_luck / np.maximum(np.square(signal), TELLING), 0.0), 0.0
    )
