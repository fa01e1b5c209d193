"""Step 2, demand plan: the unconstrained demand by product and month."""

from __future__ import annotations

from simulator.firm import Firm


def plan_demand(firm: Firm) -> None:
    """Turn forecast and order book into unconstrained demand."""
    month, rule = firm.view.month, firm.policy.demand_plan
    firm.plans.demand[month] = firm.checked(rule(firm.view), firm.plans.demand[month].shape, rule)
