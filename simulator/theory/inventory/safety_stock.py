"""Safety stock as planners set it: from a service target and the deviation of demand until goods come in."""

import numpy as np
from numpy.typing import ArrayLike

from simulator.theory.arrays import Array, as_floats
from simulator.theory.inventory.loss import inverse_standard_loss, normal_shortage

__all__ = [
    "cycle_service",
    "deviation_at_risk",
    "fill_rate_of_lots",
    "safety_stock_for_cycle_service",
    "safety_stock_for_fill_rate",
    "shortage_per_cycle",
]


def deviation_at_risk(sd: ArrayLike, periods: ArrayLike, mean: ArrayLike = 0.0, periods_sd: ArrayLike = 0.0) -> Array:
    """Deviation of demand over the periods at risk, whose number may itself vary.

    sqrt(L sd^2 + mean^2 sL^2); under periodic review L is review plus lead time. Chopra & Meindl (2016), chapter 12.
    Lead times are taken as independent: a supplier who delivers first in, first out varies less than that.
    """
    return np.sqrt(as_floats(periods) * as_floats(sd) ** 2 + as_floats(mean) ** 2 * as_floats(periods_sd) ** 2)


def cycle_service(safety_stock: ArrayLike, sd_at_risk: ArrayLike) -> Array:
    """Share of replenishment cycles without stock-out: Phi(ss / sd_L)."""
    from scipy.special import ndtr

    return ndtr(as_floats(safety_stock) / as_floats(sd_at_risk))


def shortage_per_cycle(safety_stock: ArrayLike, sd_at_risk: ArrayLike) -> Array:
    """Units short in a replenishment cycle (ESC): -ss [1 - Phi(ss/sd_L)] + sd_L phi(ss/sd_L)."""
    return normal_shortage(safety_stock, 0.0, sd_at_risk)


def fill_rate_of_lots(safety_stock: ArrayLike, sd_at_risk: ArrayLike, lot_size: ArrayLike) -> Array:
    """Share of demand served from stock when lots of Q are ordered: 1 - ESC/Q, a cycle that begins without backlog.

    Chopra & Meindl (2016), chapter 12. Small lots need `normal_lot_performance`, which also counts old backlog.
    """
    return 1.0 - shortage_per_cycle(safety_stock, sd_at_risk) / as_floats(lot_size)


def safety_stock_for_cycle_service(target: ArrayLike, sd_at_risk: ArrayLike) -> Array:
    """Safety stock for a share of cycles without stock-out: Phi^-1(target) sd_L."""
    from scipy.special import ndtri

    return ndtri(as_floats(target)) * as_floats(sd_at_risk)


def safety_stock_for_fill_rate(target: ArrayLike, sd_at_risk: ArrayLike, lot_size: ArrayLike) -> Array:
    """Safety stock for a share of demand served from stock when lots of Q are ordered; negative for a modest target.

    Solves ESC = (1 - target) Q. It is not Phi^-1(target) sd_L: that is the classic slip.
    """
    sd = as_floats(sd_at_risk)
    allowed = (1.0 - as_floats(target)) * as_floats(lot_size)
    scale = np.where(sd > 0.0, sd, 1.0)
    # Certain demand needs no buffer; the target is then met by running short of what it allows.
    return np.where(sd > 0.0, scale * inverse_standard_loss(allowed / scale), -allowed)
