"""Policies: a file for each decision right, presets as data. Begin with policy.py and rules.py."""

from pathlib import Path

from simulator.planning import (
    allocation,
    anchoring,
    by_class,
    capacity,
    classes,
    demand_plan,
    expediting,
    forecast,
    master_schedule,
    replenishment,
    safety_stock,
    shortage,
    sourcing,
    supply_plan,
    usage,
    workforce,
)
from simulator.planning.own import take_in_installed
from simulator.planning.policy import Policy

PRESETS = Path(__file__).with_name("presets")
"""Folder of the shipped policies, a file each."""
ELEMENTS = Path(__file__).with_name("elements.toml")
"""What each element of S&OP switches on in a policy."""

__all__ = [
    "ELEMENTS",
    "PRESETS",
    "Policy",
    "allocation",
    "anchoring",
    "by_class",
    "capacity",
    "classes",
    "demand_plan",
    "expediting",
    "forecast",
    "master_schedule",
    "replenishment",
    "safety_stock",
    "shortage",
    "sourcing",
    "supply_plan",
    "usage",
    "workforce",
]

take_in_installed()
