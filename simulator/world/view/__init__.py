"""What a planner may know: records of the past, the company this morning, and the desk of those who plan."""

from simulator.world.view.desk import Desk
from simulator.world.view.told import MONTH, Accuracy, Past, Serving, SupplyRecord, Told, read_only
from simulator.world.view.view import View

__all__ = ["MONTH", "Accuracy", "Desk", "Past", "Serving", "SupplyRecord", "Told", "View", "read_only"]
