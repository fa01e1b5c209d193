"""How much each family should make, month by month, from the demand plan and the stock there is: a file for each strategy."""

from simulator.policies.supply_plan.chase_level import Chase, Hybrid, Level, NoPlan
from simulator.policies.supply_plan.cost_optimal import CostOptimal, missing_in_words
from simulator.policies.supply_plan.decision_rule import LinearDecision
from simulator.policies.supply_plan.peak_shaving import PeakShaving, price_of_smoothing
from simulator.policies.supply_plan.requirement import chased, needed, reached, with_made

__all__ = [
    "Chase",
    "CostOptimal",
    "Hybrid",
    "Level",
    "LinearDecision",
    "NoPlan",
    "PeakShaving",
    "chased",
    "missing_in_words",
    "needed",
    "price_of_smoothing",
    "reached",
    "with_made",
]
