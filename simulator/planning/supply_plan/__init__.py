"""Rules of the supply plan, production by family and month: a file for each strategy. Begin with chase_level.py."""

from simulator.planning.requirement import chase_plan, net_requirement, never_falling, with_made
from simulator.planning.supply_plan.chase_level import Chase, Hybrid, Level, NoPlan
from simulator.planning.supply_plan.cost_optimal import CostOptimal, missing_in_words
from simulator.planning.supply_plan.decision_rule import LinearDecision
from simulator.planning.supply_plan.peak_shaving import PeakShaving

__all__ = [
    "Chase",
    "CostOptimal",
    "Hybrid",
    "Level",
    "LinearDecision",
    "NoPlan",
    "PeakShaving",
    "chase_plan",
    "missing_in_words",
    "net_requirement",
    "never_falling",
    "with_made",
]
