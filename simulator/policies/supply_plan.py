"""How much each family should make, month by month, from the demand plan and the stock there is."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from simulator.policies.rules import SupplyPlan
from simulator.units import Array, quantity
from simulator.view import View


def needed(view: View) -> Array:
    """Cumulative net requirement by the end of each month: (months ahead, products, lanes).

    Goods started by the end of a month serve demand until their lead time later; stock, receipts under
    way and backlog are netted, safety stock is held at the end.
    """
    n, months = view.network, len(view.demand_plan)
    ends = view.days.month_start[view.month + 1 : view.month + 1 + months] - view.today
    lead = n.lead_time[n.sold, 0].astype(np.int64)
    demand = np.stack([view.until(view.demand_plan, end + lead) for end in ends])
    return np.asarray(demand + view.safety_stock[n.sold] - view.stock_position[n.sold])


class Chase(SupplyPlan, name="chase"):
    """Make each month what that month needs."""

    def __call__(self, view: View) -> Array:
        """The steps of the cumulative requirement, by family; what is over one month is used up in the next."""
        cumulative = np.maximum.accumulate(np.maximum(needed(view), 0.0), axis=0)
        return view.network.by_family(np.diff(cumulative, axis=0, prepend=np.zeros_like(cumulative[:1])))


class Level(SupplyPlan, name="level"):
    """Make the same every working day; stock built before the peak carries it."""

    catch_up: Annotated[float, quantity("months", "in which stock is brought back to where it should be", ge=1, le=24)] = 6.0

    def __call__(self, view: View) -> Array:
        """Mean demand a working day, and a share of what stock lacks of the level plan's own course."""
        requirement = view.network.by_family(needed(view))
        months = len(requirement)
        start = view.days.month_start[view.month : view.month + months + 1]
        worked = np.diff(view.days.worked_so_far[start])
        worked[0] = view.days.worked_so_far[start[1]] - view.days.worked_so_far[view.today]
        days = np.cumsum(worked)[:, None, None]
        demand = view.network.by_family(view.demand_plan)
        rate = np.add.reduce(demand, axis=0) / days[-1]
        lacking = np.max(requirement - rate * days, axis=0)  # stock that the peak takes and that is not there
        daily = np.maximum(rate + lacking / (self.catch_up * days[-1] / months), 0.0)
        return np.asarray(daily * worked[:, None, None])


class NoPlan(SupplyPlan, name="none"):
    """No family plan: every item is replenished by its own rule."""

    def __call__(self, view: View) -> Array:
        """Nothing is planned ahead."""
        return np.zeros((len(view.demand_plan), len(view.network.families), view.lanes))
