"""Policies: one file for each decision right, presets as data."""

from simulator.policies import allocation, demand_plan, forecast, replenishment, safety_stock, supply_plan, usage
from simulator.policies.policy import Policy

__all__ = ["Policy", "allocation", "demand_plan", "forecast", "replenishment", "safety_stock", "supply_plan", "usage"]
