"""Step 3, supply plan: safety stock, and how much each family makes."""

from __future__ import annotations

import numpy as np

from simulator.firm import Firm
from simulator.units import Array
from simulator.view import MONTH


def plan_supply(firm: Firm) -> None:
    """Set safety stock for the interval that a decision must cover, then plan production by family."""
    month, policy, plans = firm.view.month, firm.policy, firm.plans
    earlier = plans.made_in[:-1]
    if policy.safety_stock_static and earlier and firm.past_months + earlier[-1] > 0:
        plans.safety_stock[month] = plans.safety_stock[earlier[-1]]
    else:
        answer = policy.safety_stock(firm.view, protection_interval(firm))
        plans.safety_stock[month] = firm.checked(answer, plans.safety_stock[month].shape, policy.safety_stock)
    plans.production[month] = firm.checked(policy.supply_plan(firm.view), plans.production[month].shape, policy.supply_plan)


def protection_interval(firm: Firm) -> Array:
    """Days until a decision of tonight can help: lead time and the days to the next decision, (items, 1)."""
    n, cycle = firm.network, round(MONTH * firm.policy.cycle_months)
    review = np.full_like(n.lead_time, firm.policy.components.review(cycle))
    review[n.sold] = firm.policy.products.review(cycle)
    return n.lead_time + review - 1
