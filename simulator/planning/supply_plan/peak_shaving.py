"""Peak-shaving: the calmest production that demand and storage allow."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from simulator.kernel.units import DAYS_A_MONTH, Array, quantity
from simulator.planning.capacity import working_days
from simulator.planning.requirement import chase_plan, with_made
from simulator.planning.rules import SupplyPlan
from simulator.theory.smoothing import taut_string
from simulator.world.view import Desk


class PeakShaving(SupplyPlan, name="peak-shaving"):
    """Cut the mountain, fill the sea: the calmest production between what is needed and what there is room for.

    The plan of least variance within cumulative demand and storage is a taut string (Modigliani & Hohn
    1955; Veinott 1971). A smoothing fraction f below one moves only so far from the plan in force, at a price in
    stock: orders vary f / (2 - f) as much as demand, net stock 1 + Tp + (1 - f)^2 / (f (2 - f)) (Disney & Towill 2003).
    """

    room: Annotated[
        float, quantity("days", "of planned demand that may be stored beyond safety stock", by_lane=True, gt=0, le=365)
    ] = 45.0
    fraction: Annotated[
        float, quantity("share", "of the way from the plan in force to the new one that is gone each cycle", gt=0, le=1)
    ] = 1.0

    def __call__(self, view: Desk) -> Array:
        """The taut string by family, smoothed against the plan in force."""
        demand, days = view.network.by_family(view.made_demand), np.maximum(working_days(view), 1e-6)
        room = np.add.reduce(demand, axis=0) / len(demand) / DAYS_A_MONTH * self.room
        plan = with_made(view, taut_string(chase_plan(view), 0.0, room, 0.0, days=days))
        if self.fraction == 1:
            return plan
        before = view.production_in_force
        planned = np.asarray(before.any(axis=1))
        looked_at = np.maximum.accumulate(planned[::-1], axis=0)[::-1]  # months that it reached
        smoothed = np.maximum(before + self.fraction * (plan - before), 0.0)
        return np.where(looked_at[:, None], smoothed, plan)
