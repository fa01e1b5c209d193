"""Release what to make and buy from the plans: the master production schedule, and material requirements planning."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar

import numpy as np

from simulator.kernel.clock import WEEK
from simulator.kernel.lanes import TINY, between, lots, running, total
from simulator.kernel.units import DAYS_A_MONTH, Array, Whole, quantity
from simulator.planning.batches import off_by_batches
from simulator.planning.buffer import Buffer
from simulator.planning.requirement import shared_by_need
from simulator.planning.rules import Replenishment
from simulator.world.view import Desk, Serving, View


class MasterSchedule(Replenishment, name="master-schedule"):
    """The week's share of the family plan, by product as each needs it; bought products as the plan needs them.

    Every week, and when a new plan is made; what the floor has not started is scheduled anew. The
    family's quantity changes with the planning cycle only, so that is how long an error stays.
    """

    replaces: ClassVar[bool] = True
    weekly: ClassVar[bool] = True
    cover: Annotated[
        float, quantity("days", "of the demand plan that a product is brought up to in turn", gt=0, le=180)
    ] = 28.0

    def buffer(self) -> Buffer | None:
        """Nothing but the safety stock."""
        return None

    def review(self, cycle: int) -> int:
        """A planning cycle."""
        return cycle

    def serving(self, view: Desk, cycle: int) -> Serving:
        """A week's part, or less where a month begins within it.

        Errors of what is made stay for a planning cycle, and batches leave stock off its plan. What is bought covers the week
        from tomorrow on; weeks in which a month begins hardly run short, so that the others may serve more.
        """
        served, n = super().serving(view, cycle), view.network
        made, split = n.makes > 0, WEEK / DAYS_A_MONTH * (1 - 1 / WEEK)
        days = np.where(made, WEEK / (1 + split), WEEK / (1 - split))
        until = np.where(made, served.until, n.lead_time + WEEK - 1)
        before = np.where(made, until - WEEK, n.lead_time - 1)
        if not (n.makes * n.multiple).any():
            return replace(served, days=days, before=before, until=until)
        off, earlier = off_by_batches(view, self.cover)
        rounded = np.where(made, 0.0, 1.0)
        return replace(served, days=days, before=before, until=until, rounded=rounded, off=off, earlier=earlier)

    def __call__(self, view: View, rows: Whole, released: Array) -> Array | None:
        """Family quantity to products by need, in whole batches; net requirement for what is bought."""
        if not view.plans_the_week:
            return None
        n, lead = view.network, view.network.lead_time[rows, 0]
        within = (lead + np.minimum(self.cover, n.shelf_life[rows, 0])).astype(np.int64)
        target = view.until(view.demand_plan, within) + view.safety_stock[rows]
        need = np.maximum(target - view.position_over(WEEK)[rows], 0.0)
        made = n.makes[rows] > 0
        week = self._shared(view, need * n.makes[rows]) / n.good[rows]
        batch = np.maximum(n.multiple[rows], TINY)
        week = np.where(n.multiple[rows] > 0, np.floor(week / batch + 0.5) * batch, week)
        bought = lots(self._net(view, rows), n.minimum[rows], n.multiple[rows])
        return np.where(made, week, bought)

    @staticmethod
    def _shared(view: View, need: Array) -> Array:
        """This week's part of the month's family plan, to products by need; beyond all need, by planned demand."""
        n = view.network
        left = np.maximum(view.production_plan[0] - n.by_family(view.made_this_month()[n.sold]), 0.0)
        return shared_by_need(n, left * view.share_of_month, need, total(view.made_demand[:2]))

    @staticmethod
    def _net(view: View, rows: Whole) -> Array:
        """Bought products: what the plan needs from tomorrow until the next chance to order has come, closed months or not."""
        plan, ahead = view.demand_plan, (view.lead_time[rows] + WEEK).astype(np.int64)
        until = view.days.rated_days(view.today, ahead)
        target = view.through(plan, until) - view.of_today(plan) + view.safety_stock[rows]
        return np.maximum(target - view.position_over(WEEK)[rows], 0.0)


class MaterialRequirements(Replenishment, name="mrp"):
    """Material requirements planning (Orlicky 1975): the planned starts of what is above, exploded, netted, offset by lead time."""

    replaces: ClassVar[bool] = True
    weekly: ClassVar[bool] = True
    cover: Annotated[
        float,
        quantity(
            "days",
            "of planned use held against late deliveries, where safety stock is less",
            by_lane=True,
            ge=0,
            le=180,
        ),
    ] = 7.0

    def buffer(self) -> Buffer | None:
        """Nothing but the safety stock."""
        return None

    def review(self, cycle: int) -> int:
        """A week."""
        return WEEK

    def __call__(self, view: View, rows: Whole, released: Array) -> Array | None:
        """Release what is needed until the next planning, from the top of the bills down."""
        if not view.plans_the_week:
            return None
        n, starts, lead = view.network, self._planned_starts(view, released), view.lead_time
        days = self._days(view)
        result, position = released.copy(), view.position_over(WEEK)
        for mine in n.levels_of(rows):
            gross = n.bill.flow(starts.reshape(len(starts), -1)).reshape(starts.shape)[mine]
            use = (gross[:, -1:] - gross[:, :1]) / (days[-1] - days[0])
            held = np.maximum(self.cover * use, view.safety_stock[mine][:, None])
            short = gross + held - position[mine][:, None]
            missing = running(np.maximum(short, 0.0).swapaxes(0, 1), np.maximum).swapaxes(0, 1)
            early = self._offset(missing, days, lead[mine])
            starts[mine] = early / n.good[mine][:, None]
            result[mine] = lots(early[:, 0] / n.good[mine], n.minimum[mine], n.multiple[mine])
        return result[rows]

    @staticmethod
    def _days(view: View) -> Whole:
        """Ends of the weeks ahead, as far as the longest chain of lead times; a week reaches over closed months."""
        n = view.network
        chain = max(sum(float(n.lead_time[level].max()) for level in n.levels), n.longest_way)
        return view.days.rated_days(view.today, WEEK * np.arange(1, int(np.ceil(chain / WEEK)) + 3))

    def _planned_starts(self, view: View, released: Array) -> Array:
        """Cumulative starts of every item by the end of each week ahead, (items, weeks, lanes); products from the family plan."""
        n, days = view.network, self._days(view)
        starts = np.zeros((len(n.names), len(days), view.lanes))
        made = view.made_demand[: view.months_to(view.today + days)]
        share = made / np.maximum(n.by_family(made)[:, n.family_of], TINY)
        monthly = view.production_plan[: len(made), n.family_of] * share / n.good[n.sold]
        ahead = view.curve(monthly, days).swapaxes(0, 1)
        starts[n.sold] = released[n.sold][:, None] + np.maximum(ahead - ahead[:, :1], 0.0)
        starts[n.bought] = 0.0
        return starts

    @staticmethod
    def _offset(net: Array, days: Whole, lead: Array) -> Array:
        """Cumulative releases, (items, weeks, lanes): each item's cumulative need, read its lead time, (items, 1 or lanes), later."""
        place = np.interp(days[:, None] + lead[:, None], days, np.arange(len(days)))
        return between(net, place)
