"""Chase demand, keep production level, or part of each."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from simulator.kernel.units import Array, quantity
from simulator.planning.capacity import working_days
from simulator.planning.requirement import chase_plan, net_requirement, with_made
from simulator.planning.rules import SupplyPlan
from simulator.world.view import Desk


class Chase(SupplyPlan, name="chase"):
    """Make each month what that month needs."""

    def __call__(self, view: Desk) -> Array:
        """The net requirement of each month."""
        return with_made(view, chase_plan(view))


class Level(SupplyPlan, name="level"):
    """Make the same every working day; stock built before the peak carries it."""

    catch_up: Annotated[
        float, quantity("months", "in which stock is brought back to where it should be", by_lane=True, ge=1, le=24)
    ] = 6.0

    def __call__(self, view: Desk) -> Array:
        """Mean demand a working day, and a share of what stock lacks of the level plan's own course."""
        requirement, worked = view.network.by_family(net_requirement(view)), working_days(view)
        months = len(requirement)
        days = np.cumsum(worked)[:, None, None]
        demand = view.network.by_family(view.made_demand)
        demand[0] *= view.share_left_of_month()
        rate = np.add.reduce(demand, axis=0) / days[-1]
        lacking = np.max(requirement - rate * days, axis=0)  # stock that the peak takes and that is not there
        daily = np.maximum(rate + lacking / (self.catch_up * days[-1] / months), 0.0)
        return with_made(view, daily * worked[:, None, None])


class NoPlan(SupplyPlan, name="none"):
    """No family plan: every item is replenished by its own rule."""

    def __call__(self, view: Desk) -> Array:
        """Nothing is planned ahead."""
        return np.zeros((len(view.demand_plan), len(view.network.families), view.lanes))


class Hybrid(SupplyPlan, name="hybrid"):
    """Part level, part chase: a core crew makes the same every day, the rest follows demand."""

    core: Annotated[float, quantity("share", "of production that is level", ge=0, le=1)] = 0.6
    catch_up: Annotated[float, quantity("months", "in which the level part brings stock back", ge=1, le=24)] = 6.0

    def __call__(self, view: Desk) -> Array:
        """The weighted mean of the two plans."""
        return np.asarray(self.core * Level(catch_up=self.catch_up)(view) + (1 - self.core) * Chase()(view))
