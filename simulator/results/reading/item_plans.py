"""Plans of one month by item and period: sales, production, purchases and stock, as other systems take them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulator.kernel.units import Array
from simulator.results.reading.capacity import Needs
from simulator.results.reading.month import Month

SALES_PLAN, PRODUCTION_PLAN, PURCHASE_PLAN, INVENTORY_PLAN = "sales", "production", "purchase", "inventory"
"""The four plans."""


@dataclass(frozen=True)
class ItemPlan:
    """Units by month and item; of stock, what is there when the month ends: (months ahead, items)."""

    kind: str
    items: Sequence[str]
    months: Sequence[str]
    units: Array


def item_plans(month: Month) -> list[ItemPlan]:
    """The plans that came out of a month's cycle, item by item; those of which the company has no item are left out.

    Production of a family is shared out to its products as their demand plans are; purchases are the net requirement of the month.
    """
    n, needs = month.n, Needs(month)
    made = np.flatnonzero(month.is_made)
    found = [ItemPlan(SALES_PLAN, list(n.products), month.ahead, month.demand)]
    if month.has_family_plan and made.size:
        units = month.by_product(month.production)[:, made]
        found.append(ItemPlan(PRODUCTION_PLAN, [n.products[k] for k in made], month.ahead, units))
    if needs.names:
        found.append(ItemPlan(PURCHASE_PLAN, needs.names, month.ahead, needs.to_buy))
    stock = np.maximum(month.projected.products, 0.0)
    return [*found, ItemPlan(INVENTORY_PLAN, list(n.products), month.ahead, stock)]
