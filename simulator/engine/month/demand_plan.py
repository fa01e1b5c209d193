"""Step 2, demand plan: the unconstrained demand by product and month."""

from __future__ import annotations

from simulator.engine.firm import Firm


def plan_demand(firm: Firm) -> None:
    """Turn forecast, contracts and projects into unconstrained demand, and keep what was in sight for the record."""
    month, rule, desk = firm.desk.month, firm.policy.demand_plan, firm.desk
    firm.cycle_notes.clear()
    plan = firm.checked(rule(desk), firm.plans.demand[month].shape, rule)
    firm.plans.demand[month] = firm.decided.demand_plan(month, plan)
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
