"""How much each family should make, month by month, from the demand plan and the stock there is."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from simulator.policies.rules import SupplyPlan
from simulator.theory.smoothing import taut_string
from simulator.units import Array, quantity
from simulator.view import MONTH, Desk


def needed(view: Desk) -> Array:
    """Cumulative net requirement by the end of each month: (months ahead, products, lanes).

    Goods started by the end of a month serve demand until their lead time later; stock, receipts under
    way and backlog are netted, safety stock is held at the end.
    """
    n, months = view.network, len(view.demand_plan)
    ends = view.days.month_start[view.month + 1 : view.month + 1 + months] - view.today
    lead = n.lead_time[n.sold, 0].astype(np.int64)
    demand = np.stack([view.until(view.demand_plan, end + lead) for end in ends])
    return np.asarray(demand + view.safety_stock[n.sold] - view.stock_position[n.sold])


def working_days(view: Desk) -> Array:
    """Working days of each month ahead, of this month those that are left."""
    start = view.days.month_start[view.month : view.month + len(view.demand_plan) + 1].copy()
    start[0] = view.today
    return np.asarray(np.diff(view.days.worked_so_far[start]))


def chased(view: Desk) -> Array:
    """The steps of the cumulative requirement, by family; what is over one month is used up in the next."""
    cumulative = np.maximum.accumulate(np.maximum(needed(view), 0.0), axis=0)
    return view.network.by_family(np.diff(cumulative, axis=0, prepend=np.zeros_like(cumulative[:1])))


def with_made(view: Desk, plan: Array) -> Array:
    """This month's plan holds what was made of it before today."""
    plan = plan.copy()
    plan[0] += view.network.by_family(view.made_this_month()[view.network.sold])
    return plan


class Chase(SupplyPlan, name="chase"):
    """Make each month what that month needs."""

    def __call__(self, view: Desk) -> Array:
        """The net requirement of each month."""
        return with_made(view, chased(view))


class Level(SupplyPlan, name="level"):
    """Make the same every working day; stock built before the peak carries it."""

    catch_up: Annotated[
        float, quantity("months", "in which stock is brought back to where it should be", ge=1, le=24)
    ] = 6.0

    def __call__(self, view: Desk) -> Array:
        """Mean demand a working day, and a share of what stock lacks of the level plan's own course."""
        requirement, worked = view.network.by_family(needed(view)), working_days(view)
        months = len(requirement)
        days = np.cumsum(worked)[:, None, None]
        demand = view.network.by_family(view.demand_plan)
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


class PeakShaving(SupplyPlan, name="peak-shaving"):
    """Cut the mountain, fill the sea: the calmest production between what is needed and what there is room for.

    The plan of least variance within cumulative demand and storage is a taut string (Modigliani & Hohn
    1955; Veinott 1971). A smoothing fraction below one moves only so far from the plan in force, at the
    price in stock that `price_of_smoothing` states.
    """

    room: Annotated[
        float, quantity("days", "of planned demand that may be stored beyond safety stock", gt=0, le=365)
    ] = 45.0
    fraction: Annotated[
        float, quantity("share", "of the way from the plan in force to the new one that is gone each cycle", gt=0, le=1)
    ] = 1.0

    def __call__(self, view: Desk) -> Array:
        """The taut string by family, smoothed against the plan in force."""
        least = np.maximum.accumulate(np.maximum(view.network.by_family(needed(view)), 0.0), axis=0)
        demand, days = view.network.by_family(view.demand_plan), working_days(view)
        room = np.add.reduce(demand, axis=0) / len(demand) / MONTH * self.room
        plan = with_made(
            view, taut_string(np.diff(least, axis=0, prepend=0.0), 0.0, room, 0.0, days=np.maximum(days, 1e-6))
        )
        before = view.production_in_force
        smoothed = before + self.fraction * (plan - before)
        return np.where(before.any(axis=(0, 1)), np.maximum(smoothed, 0.0), plan) if self.fraction < 1 else plan


def price_of_smoothing(fraction: float, lead_time: float) -> tuple[float, float]:
    """What moving only a fraction of the way costs: variance of orders and of net stock, over that of demand.

    f / (2 - f) and 1 + Tp + (1 - f)^2 / (f (2 - f)) (Disney & Towill 2003).
    """
    return fraction / (2 - fraction), 1 + lead_time + (1 - fraction) ** 2 / (fraction * (2 - fraction))
