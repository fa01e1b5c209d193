"""The planners' read-only view: the past (past.py), this morning (now.py, view.py), the drafts of a cycle (desk.py)."""

from simulator.world.view.desk import Desk
from simulator.world.view.past import Accuracy, Heard, MarketNews, Past, Serving, SupplyRecord, read_only
from simulator.world.view.view import View

__all__ = ["Accuracy", "Desk", "Heard", "MarketNews", "Past", "Serving", "SupplyRecord", "View", "read_only"]
