"""Rough-cut capacity planning: what of a plan people, machines and long-lead parts allow."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from simulator.lanes import TINY, total
from simulator.network import Network
from simulator.policies.rules import CapacityCheck
from simulator.units import Array, quantity
from simulator.view import Desk

Plan = tuple[str, Array, Array]
"""An option: its name, production (months ahead, families, lanes), overtime (months ahead, resources, lanes) in hours a working day."""


class NoCheck(CapacityCheck, name="none"):
    """The plan is passed on as it is; the floor finds out."""

    def __call__(self, view: Desk) -> list[Plan]:
        """One option, without overtime."""
        return [
            (
                "as planned",
                view.production_plan,
                np.zeros((len(view.production_plan), len(view.network.resources), view.lanes)),
            )
        ]


class RoughCut(CapacityCheck, name="rccp"):
    """Load against hours on every resource, overtime within its limit, and what long-lead parts allow.

    What a month cannot do is pulled ahead into earlier months with hours to spare; what cannot be pulled
    ahead comes later.
    """

    overtime: Annotated[bool, quantity("yes/no", "overtime may be proposed")] = True
    pull_ahead: Annotated[int, quantity("months", "by which work may be done early", ge=0, le=11)] = 6
    parts: Annotated[bool, quantity("yes/no", "parts that cannot come sooner limit the plan")] = True

    def __call__(self, view: Desk) -> list[Plan]:
        """Regular hours with pulling ahead; where a resource can work longer, also overtime."""
        limit = view.network.overtime_limit
        options = [("regular hours, pulled ahead", *self._fitted(view, np.zeros_like(limit)))]
        if self.overtime and limit.any():
            options.append(("overtime at the bottleneck", *self._fitted(view, limit)))
        return options

    def _fitted(self, view: Desk, extra: Array) -> tuple[Array, Array]:
        """The plan that fits, and the overtime hours a working day that it takes."""
        n, plan = view.network, view.production_plan
        days = np.maximum(view.working_days_by_month(), 1.0)[:, None, None]
        mix = mix_of(view)
        fitted = plan if not n.resources else within_hours(n, plan, mix, (n.hours + extra) * days, self.pull_ahead)
        if self.parts and n.bill:
            fitted = within_parts(view, fitted, mix)
        load = np.stack(
            [n.total_load.flow(month[n.family_of] * share) for month, share in zip(fitted, mix, strict=True)]
        )
        return fitted, np.clip(load / days - n.hours, 0.0, extra)


def mix_of(view: Desk) -> Array:
    """Each product's share in its family's planned demand, (months ahead, products, lanes)."""
    n, demand = view.network, view.demand_plan
    made = np.isin(np.arange(len(n.products)), n.made)[:, None]
    demand = np.where(made, demand, 0.0)
    return np.asarray(demand / np.maximum(n.by_family(demand)[:, n.family_of], TINY))


def within_hours(n: Network, plan: Array, mix: Array, hours: Array, pull_ahead: int) -> Array:
    """Cut every month to its hours: the excess goes to earlier months, what is left of it to later ones."""
    fitted = plan.copy()
    for month in range(len(plan) - 1, 0, -1):
        excess = fitted[month] - _possible(n, fitted[month], mix[month], hours[month])
        if month > pull_ahead and pull_ahead < len(plan) - 1:
            continue  # beyond the reach of this month's decision
        fitted[month] -= excess
        fitted[month - 1] += excess
    carried = np.zeros_like(fitted[0])
    for month in range(len(plan)):
        wanted = fitted[month] + carried
        fitted[month] = _possible(n, wanted, mix[month], hours[month])
        carried = wanted - fitted[month]
    return fitted


def _possible(n: Network, wanted: Array, mix: Array, hours: Array) -> Array:
    """What of each family a month's hours allow, families that share a resource cut alike."""
    share = hours / np.maximum(n.total_load.flow(wanted[n.family_of] * mix), TINY)
    by_product = n.total_load.tightest(np.minimum(share, 1.0))
    by_product = np.where(mix > 0, by_product, 1.0)
    family = np.ones_like(wanted)
    for product, f in enumerate(n.family_of):
        family[f] = np.minimum(family[f], by_product[product])
    return wanted * family


def within_parts(view: Desk, plan: Array, mix: Array) -> Array:
    """Cut what parts on hand and on order cannot feed before new ones can come; the rest comes later."""
    n = view.network
    ends = view.days.month_start[view.month + 1 : view.month + 1 + len(plan)] - view.today
    lead, bought = np.maximum(n.lead_time, 1.0), np.isin(np.arange(len(n.names)), n.bought)[:, None]
    made = n.by_family(view.made_this_month()[n.sold])  # its parts are used
    result, wanted = plan.copy(), np.zeros_like(plan[0])
    for month, end in enumerate(ends):
        wanted = wanted + plan[month]
        there = view.on_hand + view.on_order * np.minimum(
            end / lead, 1.0
        )  # what is on order, as far as planners can tell
        use = n.total_use.flow(np.maximum(wanted - made, 0.0)[n.family_of] * mix[month])
        share = np.where(bought & (lead > end), np.minimum(there / np.maximum(use, TINY), 1.0), 1.0)
        allowed = n.by_family(np.where(mix[month] > 0, n.total_use.tightest(share), 1.0) * mix[month])
        allowed = np.where(n.by_family(mix[month]) > TINY, np.minimum(allowed, 1.0), 1.0)
        result[month] = np.maximum(made + np.maximum(wanted - made, 0.0) * allowed - total(result[:month]), 0.0)
    return result
