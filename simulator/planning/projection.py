"""Stock rolled forward: what is there, what is still to be made, what is still to come."""

from __future__ import annotations

import numpy as np

from simulator.kernel.units import Array


def still_to_make(plan: Array, made: Array) -> Array:
    """A plan by month, (months, rows, ...), its first month less what is made of it already."""
    left = plan.copy()
    left[0] = np.maximum(left[0] - made, 0.0)
    return left


def rolled_forward(opening: Array, supply: Array, demand: Array) -> Array:
    """Stock at the end of each month, (months, rows, ...); what is below nothing is owed."""
    return np.asarray(opening + np.cumsum(supply - demand, axis=0))
