"""Aggregate planning: people, overtime, subcontracting, stock and backlog over the coming months at least cost."""

from simulator.theory.aggregate.decision_rule import LinearDecisionRule, QuadraticCosts, linear_decision_rule
from simulator.theory.aggregate.linear_program import least_cost_plan
from simulator.theory.aggregate.problem import AggregatePlan, AggregateProblem, Infeasible, Shortage, cost_of, imbalance
from simulator.theory.aggregate.workforce import chase_plan, constant_workforce_plan

__all__ = [
    "AggregatePlan",
    "AggregateProblem",
    "Infeasible",
    "LinearDecisionRule",
    "QuadraticCosts",
    "Shortage",
    "chase_plan",
    "constant_workforce_plan",
    "cost_of",
    "imbalance",
    "least_cost_plan",
    "linear_decision_rule",
]
