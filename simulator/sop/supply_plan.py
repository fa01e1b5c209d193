"""Step 3, supply plan: safety stock, how much each family makes, and what of that can be done."""

from __future__ import annotations

import numpy as np

from simulator.firm import Firm, Option
from simulator.sop.impact import expected, minute_options
from simulator.units import Array
from simulator.view import MONTH


def plan_supply(firm: Firm) -> None:
    """Set safety stock for the interval that a decision must cover, plan production by family, and check it against capacity."""
    month, policy, plans = firm.desk.month, firm.policy, firm.plans
    plans.safety_stock[month] = safety_stock(firm)
    told = list(firm.cycle_notes)
    plans.production[month] = firm.checked(
        policy.supply_plan(firm.desk), plans.production[month].shape, policy.supply_plan
    )
    for name, amount in firm.cycle_notes.items():
        if name not in told:
            plans.table(name, amount.shape)[month] = amount
    wished = plans.production[month].copy()
    plans.table("wished", wished.shape)[month] = wished
    firm.options = [_option(firm, *plan) for plan in policy.capacity(firm.desk)]
    minute_options(firm)


def _option(firm: Firm, name: str, production: Array, overtime: Array) -> Option:
    """An option that the floor can carry out, with what it is expected to do."""
    production = firm.checked(production, firm.plans.production[0].shape, firm.policy.capacity)
    overtime = firm.checked(overtime, firm.plans.overtime[0].shape, firm.policy.capacity)
    return expected(firm, name, production, overtime)


def safety_stock(firm: Firm) -> Array:
    """By the policy's rule; a static one is kept from the first cycle that had a past, as it was before any release."""
    policy, plans, made = firm.policy, firm.plans, firm.plans.made_in
    if policy.safety_stock_static and made and firm.past_months + made[-1] > 0:
        return np.asarray(plans.tables["safety stock drafted"][made[-1]])
    held = firm.checked(
        policy.safety_stock(firm.desk, protection_interval(firm)), plans.safety_stock[0].shape, policy.safety_stock
    )
    sold = firm.desk.sold_ahead
    return held if sold is None else held * needed_for(firm, sold[:2].min(axis=0))


def needed_for(firm: Firm, sold: Array) -> Array:
    """1 for items that go into a product sold, else 0: in its last month, what guarded a product is used up."""
    return np.where(firm.network.total_use.flow(sold) > 0, 1.0, 0.0)


def protection_interval(firm: Firm) -> Array:
    """Days until a decision can help: lead time, the days to the next decision, and those that this one takes, (items, 1)."""
    n, cycle = firm.network, round(MONTH * firm.policy.cycle_months)
    review = np.full_like(n.lead_time, firm.policy.components.review(cycle))
    review[n.sold] = firm.policy.products.review(cycle)
    return n.lead_time + review - 1
