"""Net requirements: demand plan and safety stock less stock and receipts under way, plus backlog."""

from __future__ import annotations

import numpy as np

from simulator.kernel.lanes import TINY, running, total
from simulator.kernel.units import DAYS_A_MONTH, Array, Whole
from simulator.world.network import Network
from simulator.world.view import Desk


def net_requirement(view: Desk) -> Array:
    """Cumulative net requirement by the end of each month: (months ahead, products, lanes).

    Goods started by the end of a month serve demand until their lead time later, not counting months in which nobody
    works; stock, receipts under way and backlog are netted, safety stock is held at the end.
    """
    n = view.network
    ends = view.days.month_start[view.month + 1 : view.month + 1 + len(view.demand_plan)]
    demand = demand_until(view, view.days.rated_days(ends[:, None], n.lead_time[n.sold, 0].astype(np.int64)))
    return np.asarray((demand + view.safety_stock[n.sold] - left_at_ends(view)) * n.makes[n.sold])


def left_at_ends(view: Desk) -> Array:
    """Stock position of what is sold, less what will have expired when what is started by the end of each month is there.

    (months ahead or 1, products, lanes)
    """
    n = view.network
    if not n.perishable.size:
        return view.stock_position[None, n.sold]
    ends = view.days.month_start[view.month + 1 : view.month + 1 + len(view.demand_plan)] - view.today
    return np.stack([view.position_until(n.lead_time + end)[n.sold] for end in ends])


def demand_until(view: Desk, beyond: Array | Whole) -> Array:
    """Sum demand to come through the end of each month and some days beyond it: (months ahead, products, lanes)."""
    ends = view.days.month_start[view.month + 1 : view.month + 1 + len(view.demand_plan)] - view.today
    return view.until(view.demand_to_come, ends[:, None] + beyond.astype(np.int64))


def sold_within_life(view: Desk, plan: Array) -> Array:
    """Move production later if it could not be sold within its shelf life, (months ahead, families, lanes).

    A family that also holds products that keep is left as it is: its surplus can be made of those.
    """
    n = view.network
    if not np.intersect1d(n.perishable, n.made[n.made < len(n.products)]).size:
        return plan
    keeps = np.isinf(n.shelf_life[n.sold]) * n.makes[n.sold]
    bound = n.by_family(keeps)[:, 0] == 0
    life = np.where(np.isinf(n.shelf_life[n.sold, 0]), 0.0, n.shelf_life[n.sold, 0])
    sold = demand_until(view, n.lead_time[n.sold, 0] + life) + _beyond_horizon(view, n.lead_time[n.sold, 0] + life)
    most = made_this_month(view) + n.by_family(np.maximum(sold - view.stock_position[n.sold], 0.0) * n.makes[n.sold])
    too_early = np.maximum(running(plan) - most, 0.0)
    later = np.maximum(plan - np.diff(too_early, axis=0, prepend=np.zeros_like(plan[:1])), 0.0)
    return np.where(bound[:, None], later, plan)


def _beyond_horizon(view: Desk, beyond: Array) -> Array:
    """Demand of the days that the plan does not reach, at its mean: (months ahead, products, lanes)."""
    ends = view.days.month_start[view.month + 1 : view.month + 1 + len(view.demand_plan)]
    days = np.maximum(ends[:, None] + beyond - ends[-1], 0.0)
    return np.asarray(days[..., None] * (total(view.demand_plan) / (len(view.demand_plan) * DAYS_A_MONTH)))


def never_falling(view: Desk) -> Array:
    """Cumulative requirement that never falls: what is over of a product is used up later, and helps no other."""
    return running(np.maximum(net_requirement(view), 0.0), np.maximum)


def chase_plan(view: Desk) -> Array:
    """The steps of the cumulative requirement, by family; what is over one month is used up in the next."""
    cumulative = never_falling(view)
    return view.network.by_family(np.diff(cumulative, axis=0, prepend=np.zeros_like(cumulative[:1])))


def with_made(view: Desk, plan: Array) -> Array:
    """This month's plan holds what was made of it before today."""
    plan = plan.copy()
    plan[0] += made_this_month(view)
    return plan


def made_this_month(view: Desk) -> Array:
    """Return the part of this month's plan that was made before today, (families, lanes)."""
    return view.network.by_family(view.made_this_month()[view.network.sold])


def shared_by_need(n: Network, quantity: Array, need: Array, usual: Array) -> Array:
    """Share a quantity of each family, (families, lanes), out to its products: by need, and beyond all need as usual.

    `need` and `usual` are units, (products, lanes); of a family without either, its products get nothing.
    """
    return shared_in(n, quantity, need, shares_of_family(n, usual))


def shares_of_family(n: Network, usual: Array) -> Array:
    """Share of each product in its family's units, (products, lanes)."""
    return np.asarray(usual / np.maximum(n.by_family(usual)[n.family_of], TINY))


def shared_in(n: Network, quantity: Array, need: Array, share: Array) -> Array:
    """Share a quantity of each family out to its products by need, and beyond all need in these shares."""
    rows = n.family_of
    family, all_need = quantity[rows], n.by_family(need)[rows]
    covered = np.minimum(family, all_need)
    return np.asarray(need * covered / np.maximum(all_need, TINY) + (family - covered) * share)
