"""Drawn demand follows the market, and comes in whole units where units are whole."""

from __future__ import annotations

import numpy as np

from simulator.kernel.units import Array


def follow(signed: Array, factors: Array) -> None:
    """Multiply quantities, (days, segments, products, lanes), by factors, (days or more, segments, products)."""
    factors = factors[: len(signed)]
    for s, p in np.argwhere((factors != 1).any(axis=0)):
        signed[:, s, p] *= factors[:, s, p, None]


def make_whole(signed: Array) -> None:
    """Carry parts of units from day to day, for each segment, product and lane: (days, segments, products, lanes).

    No unit is lost or made by rounding, however little is wanted a day; a day without demand stays one.
    """
    for s, p in np.ndindex(*signed.shape[1:3]):
        exact = signed[:, s, p]
        if (exact != np.rint(exact)).any():
            signed[:, s, p] = rounded(exact)


def rounded(exact: Array) -> Array:
    """Whole quantities by day whose running total is never more than half a unit from the exact one."""
    total = np.floor(np.cumsum(exact, axis=0) + 0.5)
    return np.diff(total, axis=0, prepend=0.0)
