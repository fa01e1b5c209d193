"""Step 2, demand plan: the unconstrained demand by product and month."""

from __future__ import annotations

import numpy as np

from simulator.engine.firm import Firm
from simulator.kernel.lanes import TINY
from simulator.kernel.plans import HORIZON
from simulator.kernel.units import Array


def plan_demand(firm: Firm) -> None:
    """Turn forecast, contracts and projects into unconstrained demand, and keep what was in sight for the record."""
    month, rule, desk = firm.desk.month, firm.policy.demand_plan, firm.desk
    firm.cycle_notes.clear()
    moved = take_up(firm)
    plan = firm.checked(rule(desk), firm.plans.demand[month].shape, rule)
    firm.plans.demand[month] = firm.decided.demand_plan(month, plan if moved is None else plan * moved)
    if firm.plans.made_in:  # the order book of the first morning of all has only begun: no later one is like it
        firm.seen.append(
            (firm.past_months + month, desk.signed_ahead + desk.frames_expected + desk.weighted_projects_ahead)
        )
    if firm.call_offs:
        firm.call_offs.hold_cycle(desk.frames_ahead[0])
    if firm.pipeline:
        firm.desk.note["in sight by stage"] = firm.pipeline.in_sight.copy()
        firm.desk.note["in sight by stage, as stated"] = firm.pipeline.weighted.copy()
    for part, amount in firm.cycle_notes.items():
        firm.plans.table(part, amount.shape)[month] = amount


def take_up(firm: Firm) -> Array | None:
    """Take up what is decided on deals, promotions and prices; the factor on demand that is told of with it, None for none.

    (months ahead, products, 1).
    """
    month = firm.desk.month
    least = firm.decided.declined_from(month)
    if least is not None:
        firm.mandates.decline(least)
    if not firm.decided.in_the_market(month):
        return None
    was = _told(firm)
    firm.mandates.open_market(month)
    return np.asarray(_told(firm) / np.maximum(was, TINY))


def _told(firm: Firm) -> Array:
    """The factor on demand that planners expect from the news, (months ahead, products, 1)."""
    if firm.market is None:
        return np.ones((HORIZON, len(firm.network.products), 1))
    month = firm.desk.month
    return np.asarray(firm.market.told(firm.today)[month : month + HORIZON, :, None])
