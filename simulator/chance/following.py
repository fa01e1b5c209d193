"""Drawn demand follows the market: every quantity times its day's factor, whole units whole."""

from __future__ import annotations

import numpy as np

from simulator.units import Array


def follow(signed: Array, factors: Array, whole: bool) -> None:
    """Multiply quantities, (days, segments, products, lanes), by factors, (days or more, segments, products).

    Whole units are rounded as a running total, so that no unit is lost or made by rounding; a day without demand stays one.
    """
    factors = factors[: len(signed)]
    for s, p in np.argwhere((factors != 1).any(axis=0)):
        exact = signed[:, s, p] * factors[:, s, p, None]
        signed[:, s, p] = rounded(exact) if whole else exact


def rounded(exact: Array) -> Array:
    """Whole quantities by day whose running total is never more than half a unit from the exact one."""
    total = np.floor(np.cumsum(exact, axis=0) + 0.5)
    return np.diff(total, axis=0, prepend=0.0)
