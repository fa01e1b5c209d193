"""Expected shortage: what demand takes beyond a stock level, for normal and Poisson demand."""

import math

import numpy as np
from numpy.typing import ArrayLike

from simulator.theory.arrays import Array, as_floats, newton

__all__ = [
    "inverse_standard_loss",
    "normal_shortage",
    "second_order_loss",
    "standard_loss",
]


def _density(k: Array) -> Array:
    return np.exp(-0.5 * k * k) / math.sqrt(2.0 * math.pi)


def standard_loss(k: ArrayLike) -> Array:
    """Shortage that k deviations of safety stock leave, in deviations.

    G(k) = phi(k) - k (1 - Phi(k)). Silver, Pyke & Thomas (2017).
    """
    from scipy.special import ndtr

    point = as_floats(k)
    return _density(point) - point * ndtr(-point)


def second_order_loss(k: ArrayLike) -> Array:
    """Shortage summed over all higher stock levels, in squared deviations; it turns shortages into mean backlogs.

    J(k) = integral of G from k up = [(1 + k^2)(1 - Phi(k)) - k phi(k)] / 2. Hadley & Whitin (1963), chapter 4.
    """
    from scipy.special import ndtr

    point = as_floats(k)
    return 0.5 * ((1.0 + point * point) * ndtr(-point) - point * _density(point))


def inverse_standard_loss(shortage: ArrayLike) -> Array:
    """Safety factor k that leaves exactly this shortage, in deviations; `shortage` is positive.

    log G is concave, so Newton's method on it, begun above the root, comes down to it without overshooting.
    """
    from scipy.special import ndtr

    wanted = as_floats(shortage)
    above = np.sqrt(np.maximum(0.0, -2.0 * np.log(wanted)))  # G(k) < exp(-k^2/2) for k >= 0

    def change(k: Array) -> Array:
        reached = standard_loss(k)
        return np.log(reached / wanted) * reached / ndtr(-k)

    return newton(above, change)


def normal_shortage(level: ArrayLike, mean: ArrayLike, sd: ArrayLike) -> Array:
    """Units that normal demand takes beyond the level, on average; certain demand has sd = 0."""
    stock, expected, spread = as_floats(level), as_floats(mean), as_floats(sd)
    certain = np.maximum(expected - stock, 0.0)
    scale = np.where(spread > 0.0, spread, 1.0)
    return np.where(spread > 0.0, scale * standard_loss((stock - expected) / scale), certain)
