"""What must be made by when: stock, receipts under way and backlog netted against the demand plan and safety stock."""

from __future__ import annotations

import numpy as np

from simulator.policies.capacity import started
from simulator.units import Array
from simulator.view import Desk


def needed(view: Desk) -> Array:
    """Cumulative net requirement by the end of each month: (months ahead, products, lanes).

    Goods started by the end of a month serve demand until their lead time later; stock, receipts under
    way and backlog are netted, safety stock is held at the end.
    """
    n, months = view.network, len(view.demand_plan)
    ends = view.days.month_start[view.month + 1 : view.month + 1 + months] - view.today
    lead = n.lead_time[n.sold, 0].astype(np.int64)
    demand = view.until(view.demand_plan, ends[:, None] + lead)
    return np.asarray((demand + view.safety_stock[n.sold] - view.stock_position[n.sold]) * n.makes[n.sold])


def reached(view: Desk) -> Array:
    """Cumulative requirement that never falls: what is over of a product is used up later, and helps no other."""
    return np.maximum.accumulate(np.maximum(needed(view), 0.0), axis=0)


def chased(view: Desk) -> Array:
    """The steps of the cumulative requirement, by family; what is over one month is used up in the next."""
    cumulative = reached(view)
    return view.network.by_family(np.diff(cumulative, axis=0, prepend=np.zeros_like(cumulative[:1])))


def with_made(view: Desk, plan: Array) -> Array:
    """This month's plan holds what was made of it before today."""
    plan = plan.copy()
    plan[0] += started(view)
    return plan
