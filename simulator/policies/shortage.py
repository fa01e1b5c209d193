"""What is done with safety stock where supply does not reach for demand."""

from __future__ import annotations

import numpy as np

from simulator.policies.rules import ShortageRule
from simulator.units import Array
from simulator.view import Desk


class KeepSafetyStock(ShortageRule, name="none"):
    """Safety stock is planned as ever, and competes with orders for what is made."""

    def __call__(self, view: Desk, shortage: Array) -> Array:
        """As it was drafted."""
        return view.safety_stock


class ReleaseSafetyStock(ShortageRule, name="release"):
    """In shortage all stock supports the front line: safety stock is released, down to zero.

    In surplus it is kept and absorbs the error of the forecast.
    """

    def __call__(self, view: Desk, shortage: Array) -> Array:
        """None for the products of a family that is short in the next two months, (months ahead, families, lanes)."""
        n, stock = view.network, view.safety_stock.copy()
        short = np.asarray((shortage[:2] > 0.5).any(axis=0))[n.family_of]
        stock[n.sold] = np.where(short, 0.0, stock[n.sold])
        return stock
