"""Plans of one month by item and period: sales, production, purchases and stock, as other systems take them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.kernel.units import Array
from simulator.results.reading.capacity import Needs
from simulator.results.reading.month import Month

if TYPE_CHECKING:
    import pandas as pd

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


def plan_rows(plans: Mapping[str, Sequence[ItemPlan]]) -> pd.DataFrame:
    """The plans of several cycles as rows: cycle, kind, item, month, units."""
    import pandas as pd

    parts = [
        pd.DataFrame(
            {
                "cycle": cycle,
                "kind": plan.kind,
                "item": np.tile(np.asarray(plan.items, dtype=object), len(plan.months)),
                "month": np.repeat(np.asarray(plan.months, dtype=object), len(plan.items)),
                "units": np.asarray(plan.units).ravel(),
            }
        )
        for cycle, mine in plans.items()
        for plan in mine
    ]
    return pd.concat(parts, ignore_index=True)


def plans_of_rows(rows: pd.DataFrame, cycle: str) -> list[ItemPlan]:
    """The plans of one cycle, from such rows."""
    found = []
    for kind, mine in rows[rows["cycle"] == cycle].groupby("kind", sort=False):
        items, months = list(dict.fromkeys(mine["item"])), list(dict.fromkeys(mine["month"]))
        found.append(ItemPlan(str(kind), items, months, mine["units"].to_numpy().reshape(len(months), len(items))))
    return found
