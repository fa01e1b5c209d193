"""Options beside those of the capacity check as they were approved: parts ordered ahead, a purchasing budget, deals declined."""

from __future__ import annotations

import numpy as np

from simulator.kernel.plans import BREACH, DECLINED_FROM, ORDERED_AHEAD, PURCHASE_BUDGET
from simulator.kernel.units import Array
from simulator.results.reading.month import Month
from simulator.results.reading.record import LITTLE


def parts_ordered_ahead(month: Month) -> dict[str, float]:
    """Units of each part that are ordered beyond what the rules order."""
    noted, n = month.noted(ORDERED_AHEAD), month.n
    if noted is None:
        return {}
    return {n.names[n.bought[k]]: float(noted[k]) for k in np.flatnonzero(np.nan_to_num(noted) > LITTLE)}


def purchase_budget(month: Month) -> float | None:
    """Money for which goods may be ordered in a month; None where nothing is held back."""
    noted = month.noted(PURCHASE_BUDGET)
    return None if noted is None or not np.isfinite(noted) else float(noted)


def deals_declined(month: Month) -> dict[str, float]:
    """Units from which on deals in sight are declined, by family."""
    noted = month.noted(DECLINED_FROM)
    if noted is None:
        return {}
    return {month.families[k]: float(noted[k]) for k in np.flatnonzero(np.isfinite(noted))}


def line_broken_by(month: Month, options: int) -> Array | None:
    """Money by which the cash plan of each option breaks the credit line; None where none does."""
    noted = month.noted(BREACH)
    if noted is None or not (np.nan_to_num(noted[:options]) > 1.0).any():
        return None
    return np.nan_to_num(noted[:options])
