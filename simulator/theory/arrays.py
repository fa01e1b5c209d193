"""Array habits that keep a lane's result the same to the last bit, alone or in company."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Array", "Mask", "as_floats", "average", "newton", "total"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


def as_floats(values: ArrayLike) -> Array:
    """Read any numbers as an array of floats."""
    return np.asarray(values, dtype=np.float64)


def total(values: ArrayLike) -> Array:
    """Add up the periods (first axis), one after the other.

    `np.sum` adds pairwise or in sequence depending on the other axes, so its last bit depends on how many lanes there
    are; a running sum does not.
    """
    series = as_floats(values)
    if series.shape[0] == 0:
        return np.zeros(series.shape[1:])
    running: Array = np.add.accumulate(series, axis=0)
    last: Array = running[-1]
    return last


def average(values: ArrayLike) -> Array:
    """Average over the periods (first axis), one after the other."""
    series = as_floats(values)
    mean: Array = total(series) / series.shape[0]
    return mean


def newton(start: ArrayLike, change: Callable[[Array], Array], steps: int = 200) -> Array:
    """Improve a first guess until it stands still, each element stopping by itself.

    An element that has arrived is frozen, so how long its neighbours still travel does not touch it.
    """
    point = as_floats(start)
    moving = np.ones(point.shape, dtype=bool)
    for _ in range(steps):
        move = np.where(moving, change(point), 0.0)
        point = point + move
        moving = moving & (np.abs(move) > 1e-13 * (1.0 + np.abs(point)))
        if not moving.any():
            break
    return point
