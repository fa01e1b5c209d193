"""The planners' read-only view: the past (told.py), this morning (now.py, view.py), the drafts of a cycle (desk.py)."""

from simulator.world.view.desk import Desk
from simulator.world.view.told import MONTH, Accuracy, Past, Serving, SupplyRecord, Told, read_only
from simulator.world.view.view import View

__all__ = ["MONTH", "Accuracy", "Desk", "Past", "Serving", "SupplyRecord", "Told", "View", "read_only"]
