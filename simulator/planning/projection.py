"""Projection of a plan: stock and backlog at the end of each month, from what is there, what is due and what is planned."""

from __future__ import annotations

import numpy as np

from simulator.kernel.lanes import TINY, running, total
from simulator.kernel.units import Array, Whole
from simulator.planning.requirement import demand_until, made_this_month, net_requirement, shared_in, shares_of_family
from simulator.world.view import Desk


def still_to_make(plan: Array, made: Array) -> Array:
    """A plan by month, (months, rows, ...), its first month less what is made of it already."""
    left = plan.copy()
    left[0] = np.maximum(left[0] - made, 0.0)
    return left


class Outlook:
    """The stock of products as planners expect it at the end of each month ahead, from one morning on.

    Receipts under way come when they are due; of what is still to be started, the units whose lead time ends in a later month
    come in that month. What is bought is brought up to its safety stock as soon as a new order can be there. Stock below
    nothing is owed.
    """

    def __init__(self, view: Desk, plans_families: bool = True) -> None:
        """Look ahead from this morning; where families are not planned, what is made is replenished as what is bought is."""
        n, sold = view.network, view.network.sold
        self.network, made = n, view.made_demand
        self.usual = [shares_of_family(n, made[month : month + 2].sum(axis=0)) for month in range(len(made))]
        self.ends: Whole = view.days.month_start[view.month + 1 : view.month + 1 + len(view.demand_plan)] - view.today
        self.demand = demand_until(view, np.zeros(len(n.products)))
        self.opening = view.on_hand[sold] - total(view.backlog)
        due = view.receipts_by_month
        self.under_way, self.parts_due = due[:, sold], due[:, n.bought]
        self.is_planned = (n.makes[sold] > 0) & plans_families
        self.reordered = _reordered(view, self.opening + self.under_way - self.demand, self.ends)
        self.need, self.made = net_requirement(view), made_this_month(view)
        self.finished = _finished(view, self.ends)

    def stock(self, production: Array, outside: Array | None = None) -> Array:
        """Stock less backlog under a production plan, (months ahead, families, lanes) -> (months ahead, products, lanes).

        What subcontractors make counts in the month in whose place it would be made here.
        """
        return np.asarray(self.opening + self.receipts(production, outside) - self.demand)

    def receipts(self, production: Array, outside: Array | None = None) -> Array:
        """Units of each product that come into stock by the end of each month, (months ahead, products, lanes)."""
        left = still_to_make(production, self.made)
        starts = self.starts(left if outside is None else left + outside)
        come = np.zeros_like(self.demand)
        for month, started_then in enumerate(starts):
            come += self.finished[month][..., None] * started_then
        return self.under_way + np.where(self.is_planned, come, self.reordered)

    def starts(self, left: Array) -> Array:
        """Starts by product of what is still to be made: the family's quantity by need, and beyond it by planned demand."""
        so_far, starts = np.zeros_like(self.need[0]), np.empty_like(self.need)
        for month, quantity in enumerate(left):
            need = np.maximum(self.need[month] - so_far, 0.0)
            starts[month] = shared_in(self.network, quantity, need, self.usual[month])
            so_far += starts[month]
        return starts


def _finished(view: Desk, ends: Whole) -> Array:
    """The part of each month's starts that is in stock by each month's end: (months of start, months ahead, products).

    Starts are even over the working days of a month, of this month over those that are left.
    """
    n, days = view.network, view.days
    lead = n.lead_time[n.sold, 0].astype(np.int64)
    latest = np.clip(view.today + ends[:, None] - lead, view.today, days.count - 1)
    edges = days.worked_so_far[np.concatenate([[view.today], view.today + ends])]
    begin, end = edges[:-1, None, None], edges[1:, None, None]
    return np.asarray(np.clip((days.worked_so_far[latest] - begin) / np.maximum(end - begin, TINY), 0.0, 1.0))


def _reordered(view: Desk, without: Array, ends: Whole) -> Array:
    """Receipts of orders still to be placed: they bring each product up to its safety stock, as soon as they can come."""
    sold = view.network.sold
    lacking = np.maximum(view.safety_stock[sold] - without, 0.0)
    return running(np.where(ends[:, None, None] >= view.lead_time[sold], lacking, 0.0), np.maximum)
