"""Policies: one file for each decision right, presets as data."""

from simulator.policies import (
    allocation,
    anchoring,
    by_class,
    capacity,
    classes,
    demand_plan,
    expediting,
    forecast,
    replenishment,
    safety_stock,
    shortage,
    sourcing,
    supply_plan,
    usage,
    workforce,
)
from simulator.policies.policy import Policy

__all__ = [
    "Policy",
    "allocation",
    "anchoring",
    "by_class",
    "capacity",
    "classes",
    "demand_plan",
    "expediting",
    "forecast",
    "replenishment",
    "safety_stock",
    "shortage",
    "sourcing",
    "supply_plan",
    "usage",
    "workforce",
]
