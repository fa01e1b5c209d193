"""Work out the deviation of demand until goods come in, against which safety stock is held."""

import numpy as np
from numpy.typing import ArrayLike

from simulator.theory.arrays import Array, as_floats

__all__ = ["deviation_at_risk"]


def deviation_at_risk(sd: ArrayLike, periods: ArrayLike, mean: ArrayLike = 0.0, periods_sd: ArrayLike = 0.0) -> Array:
    """Deviation of demand over the periods at risk, whose number may itself vary.

    sqrt(L sd^2 + mean^2 sL^2); under periodic review L is review plus lead time. Chopra & Meindl (2016), chapter 12.
    Lead times are taken as independent: a supplier who delivers first in, first out varies less than that.
    """
    return np.sqrt(as_floats(periods) * as_floats(sd) ** 2 + as_floats(mean) ** 2 * as_floats(periods_sd) ** 2)
