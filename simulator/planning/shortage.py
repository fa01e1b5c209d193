"""Decide on safety stock in a shortage of supply."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from simulator.kernel.lanes import TINY
from simulator.kernel.plans import HORIZON
from simulator.kernel.units import Array, Mask, quantity
from simulator.planning.rules import ShortageRule
from simulator.world.view import Desk


class KeepSafetyStock(ShortageRule, name="none"):
    """Safety stock is planned as without a shortage, and competes with orders for production."""

    def __call__(self, view: Desk, shortage: Array) -> Array:
        """As it was drafted."""
        return view.safety_stock


class ReleaseSafetyStock(ShortageRule, name="release"):
    """In shortage all stock supports the front line: safety stock is released, down to zero.

    In surplus it is kept and absorbs the error of the forecast. What is bought finished keeps it: no
    front line would get more, and the next order would come too late.
    """

    months: Annotated[int, quantity("months", "from the current one on that are looked at", ge=1, le=HORIZON)] = 2
    tolerance: Annotated[
        float, quantity("share", "of a month's demand that is no shortage yet", by_lane=True, ge=0, le=1)
    ] = 0.001

    commits: Annotated[
        bool,
        quantity(
            "yes/no",
            "must-meet quantities are fixed for the month, and nobody is shipped what the first in rank must get",
        ),
    ] = False

    def __call__(self, view: Desk, shortage: Array) -> Array:
        """None for what is made of a family that will be short even without, (months ahead, families, lanes)."""
        n, stock = view.network, view.safety_stock.copy()
        stock[n.sold] = np.where(self.short(view, shortage), np.minimum(stock[n.sold], 0.0), stock[n.sold])
        return stock

    def short(self, view: Desk, shortage: Array) -> Mask:
        """Mark the products that are made, of families that will be short, (products, lanes)."""
        n = view.network
        unnoticed = self.tolerance * n.by_family(view.demand_plan) + TINY
        made = np.isin(np.arange(len(n.products)), n.made)[:, None]
        return np.asarray(np.any((shortage > unnoticed)[: self.months], axis=0)[n.family_of] & made)
