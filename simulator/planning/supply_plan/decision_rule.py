"""The linear decision rule of Holt, Modigliani, Muth and Simon: production as a fixed weighing of forecasts, level and stock."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from simulator.kernel.messages import msg
from simulator.kernel.plans import PEOPLE_WANTED
from simulator.kernel.units import Array, Whole
from simulator.planning.capacity import hours_per_unit, load_of, mix_of, working_days
from simulator.planning.requirement import chase_plan, net_requirement, with_made
from simulator.planning.rules import SupplyPlan
from simulator.planning.supply_plan.cost_optimal import with_load
from simulator.planning.supply_plan.program import family_costs, insist
from simulator.planning.supply_plan.staff import change_of_people, cost_of_hours
from simulator.theory.decision_rule import LinearDecisionRule, QuadraticCosts, linear_decision_rule
from simulator.world.view import Desk

FORECAST_MONTHS = 24
"""Months of forecast that are weighed; what is further away moves nothing by more than a thousandth."""


class LinearDecision(SupplyPlan, name="linear-decision-rule"):
    """Quadratic costs give a rule that weighs forecasts, the level worked at and stock (Holt, Modigliani & Simon 1955).

    The costs are the scenario's own, as curves that cost at a usual deviation what the linear rates cost
    there: changes of hours, overtime and idle hours, and stock off its target as a newsvendor's cost curves
    at its least. The weights depend on the ratio of these costs alone, so they hold for demand of any size
    and are found once. Hours act as people: the level is what the plan in force has for this month.
    Where people are described and the policy may hire, the level that the rule chooses is what they are to give.
    """

    def __call__(self, view: Desk) -> Array:
        """Decide month after month, rolling stock and level forward; families that take no hours follow demand."""
        plan, families = chase_plan(view), with_load(view.network)
        if families.size:
            plan[:, families], levels = self._decided(view, families)
            if view.settled_people is not None:
                view.note[PEOPLE_WANTED] = load_of(levels, hours_per_unit(view.network, mix_of(view))[:, families])
        return with_made(view, plan)

    def _decided(self, view: Desk, families: Whole) -> tuple[Array, Array]:
        """The families' plans from today on, in rates per mean month, so that a short month is no calm one; levels a working day."""
        rules = [fixed_rule(*costs) for costs in self._costs(view, families)]
        days, months = working_days(view), len(view.demand_plan)
        whole = view.working_days_by_month()
        mean = max(float(whole.mean()), 1.0)
        asked, stock = demand_and_stock(view, families)
        rates = view.network.by_family(view.made_demand)[:, families] * (mean / np.maximum(whole, 1.0))[:, None, None]
        planned = view.production_in_force[0, families] * (mean / max(float(whole[0]), 1.0))
        level = np.where(view.production_in_force[0].any(axis=0), planned, np.add.reduce(rates, axis=0) / months)
        plan, levels = np.zeros_like(rates), np.zeros_like(rates)
        for month in range(months):
            ahead = rates[(month + np.arange(FORECAST_MONTHS)) % months]  # beyond the horizon the year comes again
            wish, level = decide(rules, ahead, level, stock)
            plan[month] = np.maximum(wish, 0.0) * (days[month] / mean)
            levels[month] = np.maximum(level, 0.0) / mean
            stock = stock + plan[month] - asked[month]
        return plan, levels

    def _costs(self, view: Desk, families: Whole) -> list[tuple[float, float, float]]:
        """Return the costs of a unit of change, of overtime or idleness, and of stock off its target, by family."""
        n = view.network
        mix = np.isin(np.arange(len(n.products)), n.made)[None, :, None] * np.ones((1, 1, 1))
        mix = mix / np.maximum(n.by_family(mix), 1.0)[:, n.family_of]  # once a run, so products count alike
        costs, content = family_costs(view, mix), hours_per_unit(n, mix)[0, families, :, 0]
        resources, hour = list(view.resources.values()), cost_of_hours(view)
        change = content @ change_of_people(view)
        overtime = content @ [(r.overtime_premium + cost) / 2 for r, cost in zip(resources, hour, strict=True)]
        stock = newsvendor_curve(costs.holding[families, 0], costs.owed[families, 0])
        names, rates = [n.families[f] for f in families], msg("give its resources hour_cost and change_cost")
        insist(self.name, change, names, msg("a cost of changing hours"), rates)
        insist(self.name, overtime, names, msg("a cost of overtime and idle hours"), rates)
        insist(
            self.name,
            stock,
            names,
            msg("a cost of stock"),
            msg("give its products unit_cost and price, and finance.holding_rate"),
        )
        return list(zip(change.tolist(), overtime.tolist(), stock.tolist(), strict=True))


def newsvendor_curve(holding: Array, owed: Array) -> Array:
    """Return the curvature of a newsvendor's least cost, for an error of one: (h + b) phi(z) / 2 with Phi(z) = b / (h + b)."""
    from scipy.special import ndtri

    rate = np.maximum(holding + owed, 1e-300)
    z = ndtri(np.clip(owed / rate, 1e-9, 1 - 1e-9))
    return np.asarray(np.where(holding * owed > 0, rate * np.exp(-z * z / 2) / np.sqrt(8 * np.pi), 0.0))


@lru_cache(maxsize=256)
def fixed_rule(change: float, overtime: float, stock: float) -> LinearDecisionRule:
    """The rule for these costs, in units of the usual deviation; only their ratio matters."""
    return linear_decision_rule(QuadraticCosts(0.0, change / stock, overtime / stock, 1.0, 1.0), FORECAST_MONTHS)


def demand_and_stock(view: Desk, families: Whole) -> tuple[Array, Array]:
    """Return demand a lead time later by month, (months, families, lanes), and today's stock beyond safety stock."""
    n = view.network
    lead = n.lead_time[n.sold, 0].astype(np.int64)
    lacking = view.until(view.demand_to_come, lead) + view.safety_stock[n.sold] - view.stock_position[n.sold]
    lacking *= n.makes[n.sold]
    today = n.by_family(lacking)[families]
    return np.diff(n.by_family(net_requirement(view))[:, families], axis=0, prepend=today[None]), -today


def decide(rules: list[LinearDecisionRule], ahead: Array, level: Array, stock: Array) -> tuple[Array, Array]:
    """Production and level of the coming month for all families, (families, lanes); each by its own rule."""
    found = [rule.decide(ahead[:, k], level[k], stock[k]) for k, rule in enumerate(rules)]
    return np.stack([production for production, _ in found]), np.stack([staff for _, staff in found])
