"""Rough-cut capacity planning: what of a plan people, machines and long-lead parts allow."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import partial
from typing import Annotated

import numpy as np

from simulator.kernel.lanes import TINY, running, total
from simulator.kernel.messages import Text, msg
from simulator.kernel.plans import PEOPLE_WANTED
from simulator.kernel.units import Array, Mask, quantity
from simulator.planning.requirement import made_this_month, sold_within_life
from simulator.planning.rules import CapacityCheck, Plan
from simulator.world.network import Network
from simulator.world.view import Desk


class NoCheck(CapacityCheck, name="none"):
    """The plan is passed on as it is; the floor finds out."""

    def __call__(self, view: Desk) -> list[Plan]:
        """One option, without overtime."""
        return [
            (
                msg("as planned"),
                view.production_plan,
                np.zeros((len(view.production_plan), len(view.network.resources), view.lanes)),
            )
        ]


class RoughCut(CapacityCheck, name="rccp"):
    """Load against hours on every resource, overtime within its limit, and what long-lead parts allow.

    What a month cannot do is pulled ahead into earlier months with hours to spare; what cannot be pulled
    ahead comes later. A plan that fits is passed on as it is.
    """

    overtime: Annotated[bool, quantity("yes/no", "overtime may be proposed")] = True
    pull_ahead: Annotated[int, quantity("months", "by which work may be done early", ge=0, le=11)] = 6
    parts: Annotated[bool, quantity("yes/no", "parts that cannot come sooner limit the plan")] = True
    outside: Annotated[bool, quantity("yes/no", "what hours and parts do not allow may be made outside")] = True
    express: Annotated[bool, quantity("yes/no", "parts that are short may come express where a source offers that")] = (
        True
    )

    def __call__(self, view: Desk) -> list[Plan]:
        """Regular hours with pulling ahead; where it can be had also overtime, people hired, the rest made outside."""
        regular, longer, room = view.hours_ahead, view.overtime_ahead, view.outside_ahead
        longer = longer if self.overtime else np.zeros_like(longer)
        mix, most = mix_of(view), view.most_hours_ahead
        parts = LongLead(view, mix) if self.parts else None
        option = partial(self._option, view, load=hours_per_unit(view.network, mix), parts=parts)
        options = [option(msg("regular hours, pulled ahead"), regular, np.zeros_like(longer))]
        if longer.any():
            options.append(option(msg("overtime at the bottleneck"), regular, longer))
        if PEOPLE_WANTED not in view.note and (most > regular).any():
            options.append(
                option(msg("people hired, overtime until they are there"), np.maximum(most, regular), longer)
            )
        if self.express and parts is not None and parts.may_come_express:
            usual = options[1] if longer.any() else options[0]
            options += self._with_express(view, mix, option, longer, usual)
        if self.outside and room is not None:
            options.append(option(msg("overtime, the rest made outside"), regular, longer, room))
        return options

    @staticmethod
    def _with_express(view: Desk, mix: Array, option: Callable[..., Plan], longer: Array, usual: Plan) -> list[Plan]:
        """The plan with parts that are short coming express; where none is short it is the usual plan with overtime once more."""
        hurried = LongLead(view, mix, express=True)
        lacking = hurried.lacking_for(view.production_plan, made_this_month(view))
        if not lacking.any():
            return []
        name = msg("short parts come express, overtime at the bottleneck")
        plan, overtime = option(name, view.hours_ahead, longer, parts=hurried)[1:3]
        short = lacking.any(axis=0)
        return [(name, np.where(short, plan, usual[1]), np.where(short, overtime, usual[2]), None, lacking)]

    def _option(
        self,
        view: Desk,
        name: Text,
        regular: Array,
        longer: Array,
        room: Array | None = None,
        *,
        load: Array,
        parts: LongLead | None,
    ) -> Plan:
        """The plan within these hours a working day, and what of `room` at subcontractors it takes."""
        done, days = made_this_month(view), working_days(view)[:, None, None]

        def fit(plan: Array, pull_ahead: int = self.pull_ahead) -> Array:
            unused = parts.unused() if parts else None
            fitted = within_hours(plan, load, (regular + longer) * days, done, pull_ahead, unused)
            sold = sold_within_life(view, fitted)  # what is pulled ahead may not go bad before it is sold
            too_early = (sold != fitted).any(axis=(0, 1))
            return np.where(too_early, fit(sold, pull_ahead=0), fitted) if pull_ahead and too_early.any() else fitted

        plan = fit(view.production_plan)
        if room is None:
            return name, plan, overtime_of(view, plan, load, regular, longer, done)
        bought = made_outside(view.production_plan, plan, room)
        plan = fit(less_outside(view.production_plan, bought))
        return name, plan, overtime_of(view, plan, load, regular, longer, done), bought


def made_outside(wished: Array, fitted: Array, room: Array) -> Array:
    """Have made outside, within the subcontractors' limit, the units that would be late within hours, in their month."""
    late, bought = running(wished - fitted), np.zeros_like(wished)
    so_far = np.zeros_like(late[0])
    for month, missing in enumerate(late):
        bought[month] = np.clip(missing - so_far, 0.0, room[month])
        so_far = so_far + bought[month]
    return bought


def less_outside(wished: Array, bought: Array) -> Array:
    """Subtract units made outside from production; units bought early reduce later months."""
    left = running(running(wished - bought), np.maximum)
    return np.maximum(np.diff(left, axis=0, prepend=0.0), 0.0)


def working_days(view: Desk) -> Array:
    """Working days of each month ahead, of this month those that are left."""
    start = view.days.month_start[view.month : view.month + len(view.demand_plan) + 1].copy()
    start[0] = view.today
    return np.asarray(np.diff(view.days.worked_so_far[start]))


def mix_of(view: Desk) -> Array:
    """Each made product's share in its family's planned demand, (months ahead, products, lanes)."""
    return product_mix(view.network, view.demand_plan)


def product_mix(n: Network, plan: Array) -> Array:
    """Each made product's share in its family's demand, by month: (months, products, lanes).

    A month without demand has the mix of all months, since work may be pulled into it; a family without any
    demand has its products in equal parts.
    """
    made = np.isin(np.arange(len(n.products)), n.made)[:, None]
    demand = np.where(made, plan, 0.0)
    all_months = total(demand)
    all_months = all_months + np.where(n.by_family(all_months)[n.family_of] > TINY, 0.0, 1.0 * made)
    demand = np.where(n.by_family(demand)[:, n.family_of] > TINY, demand, all_months)
    return np.asarray(demand / np.maximum(n.by_family(demand)[:, n.family_of], TINY))


def hours_per_unit(n: Network, mix: Array) -> Array:
    """Hours that a unit of each family takes, parts made in the company included: (months, families, resources, lanes)."""
    hours = np.zeros((len(mix), len(n.families), len(n.resources), mix.shape[-1]))
    each = n.total_load.matrix.toarray()
    for product in np.flatnonzero(each.any(axis=0)):
        hours[:, n.family_of[product]] += mix[:, product, None] * each[:, product, None]
    return hours


def load_of(plan: Array, load: Array) -> Array:
    """Hours that a plan takes on every resource: (..., families, lanes) -> (..., resources, lanes)."""
    return np.asarray(np.add.reduce(plan[..., None, :] * load, axis=-3))


def overtime_of(view: Desk, plan: Array, load: Array, regular: Array, extra: Array, done: Array) -> Array:
    """Hours a working day beyond the regular ones that a plan takes, in the days that are left."""
    days, open_now = working_days(view)[:, None, None], plan.copy()
    open_now[0] = np.maximum(plan[0] - done, 0.0)
    daily = load_of(open_now, load) / np.maximum(days, TINY)
    return np.where(days > 0, np.clip(daily - regular, 0.0, extra), 0.0)


def within_hours(
    plan: Array, load: Array, hours: Array, done: Array, pull_ahead: int = 11, parts: LongLead | None = None
) -> Array:
    """Fit every month into its hours, (months, resources, 1 or lanes): the excess is made earlier, what is left of it later.

    `done` is what of this month's plan is made already. Never more in all than the plan; a lane that fits
    keeps its plan to the last bit.
    """
    fitted = pulled_ahead(plan, load, hours, pull_ahead)
    late = np.zeros_like(done)
    for month in range(len(plan)):
        wanted = fitted[month] + late
        open_now = np.maximum(wanted - done, 0.0) if month == 0 else wanted
        cut = beyond_hours(open_now, load[month], hours[month])
        if parts is not None:
            cut = cut + parts.beyond(month, open_now - cut)
        fitted[month], late = wanted - cut, cut
    return fitted


def pulled_ahead(plan: Array, load: Array, hours: Array, months: int) -> Array:
    """Move the excess of each month to the latest earlier months with hours to spare, within a limit of months."""
    ahead = plan.copy()
    for month in range(len(plan) - 1, 0, -1):
        excess = beyond_hours(ahead[month], load[month], hours[month])
        ahead[month] -= excess
        ahead[month - 1] += excess
    # By a month's end no more may be made than is planned for so many months later.
    limit = running(plan)[np.minimum(np.arange(len(plan)) + months, len(plan) - 1)]
    too_early = np.maximum(running(ahead) - limit, 0.0)
    ahead -= np.diff(too_early, axis=0, prepend=0.0)
    return np.maximum(ahead, 0.0)


def beyond_hours(wanted: Array, load: Array, hours: Array) -> Array:
    """Return the production beyond a month's hours: cut all families alike, then give hours left over to those that can use them."""
    if not (load_of(wanted, load) > hours).any():
        return np.zeros_like(wanted)
    done, left, free = np.zeros_like(wanted), hours, ~(load > 0)
    for _ in range(load.shape[-2]):
        claim = (wanted - done) * np.logical_and.reduce(free | (left > TINY * hours), axis=-2)
        if not claim.any():
            break
        share = np.minimum(left / np.maximum(load_of(claim, load), TINY), 1.0)
        done = done + claim * np.minimum.reduce(np.where(free, 1.0, share), axis=-2)
        left = np.maximum(hours - load_of(done, load), 0.0)
    return wanted - done


def express_lead(n: Network) -> Array:
    """Days in which bought items come express from the quickest source that offers it, (bought items, 1); infinite where none does."""
    s = n.sources
    if not len(s.records):
        return np.full((len(n.bought), 1), np.inf)
    days = np.where(s.express_days > 0, s.express_days + s.inspection, np.inf)
    return np.asarray(np.minimum.reduceat(days, s.first, axis=0))


def express_premium(n: Network) -> Array:
    """Extra cost of a unit that comes express from that source, (bought items, 1); nothing where none offers it."""
    s = n.sources
    if not len(s.records):
        return np.zeros((len(n.bought), 1))
    extra = np.where(s.express_days > 0, s.price * s.premium, np.inf)
    least: Array = np.minimum.reduceat(extra, s.first, axis=0)
    return np.where(np.isfinite(least), least, 0.0)


class LongLead:
    """Parts that cannot come sooner than their lead time: what is here and on its way is all there is until then.

    With `express` those of sources that offer it can come in the days that this takes.
    """

    def __init__(self, view: Desk, mix: Array, express: bool = False) -> None:
        n = view.network
        self.network, self.mix = n, mix
        self.ends = view.days.month_start[view.month + 1 : view.month + 1 + len(mix)] - view.today
        self.lead_now = np.maximum(view.lead_time, 1.0)
        self.bought: Mask = np.isin(np.arange(len(n.names)), n.bought)[:, None]
        hurried = express_lead(n)
        self.may_come_express = bool((hurried < self.lead_now[n.bought]).any())
        if express:
            self.lead_now = self.lead_now.copy()
            self.lead_now[n.bought] = np.minimum(self.lead_now[n.bought], hurried)
        self.on_hand = view.on_hand
        semi_finished = np.isin(np.arange(len(n.names)), n.made)[:, None]
        semi_finished[n.sold] = False
        self.semi_finished = np.where(semi_finished, view.on_hand + view.on_order, 0.0)
        self.used = np.zeros_like(self.semi_finished)  # by the months that have been looked at
        self.months = int((self.ends < np.max(self.lead_now, where=self.bought, initial=0.0)).sum()) if n.bill else 0
        self.to_come = view.receipts_by_month if self.months else np.zeros((0, *self.on_hand.shape))

    def unused(self) -> LongLead:
        """Take the same parts before any month has used them."""
        parts = copy(self)
        parts.used = np.zeros_like(self.used)
        return parts

    def beyond(self, month: int, wanted: Array) -> Array:
        """Return the production of each family beyond its parts this month; ask for the months in order, once each."""
        if month >= self.months:
            return np.zeros_like(wanted)
        n, mix = self.network, self.mix[month]
        use = n.total_use.flow(wanted[n.family_of] * mix)
        there = self.on_hand + self.to_come[month]
        inside = self._inside(np.minimum(self.semi_finished, self.used + use))
        short = self.bought & (self.lead_now > self.ends[month])
        left = np.maximum(there + inside - self.used, 0.0)
        share = n.total_use.tightest(np.where(short, left / np.maximum(use, TINY), 1.0))
        self.used = self.used + n.total_use.flow(wanted[n.family_of] * mix * share)
        cut = n.by_family((1.0 - share) * mix)
        return np.asarray(wanted * np.minimum(cut, 1.0))

    def lacking_for(self, plan: Array, made: Array, express: bool = True) -> Array:
        """Bought parts that a plan lacks of what is here and on its way before a normal order could come, (bought items, lanes).

        Those only that could come express, unless all are asked for.
        """
        n, parts = self.network, self.unused()
        lead = np.maximum(n.lead_time, 1.0)
        lacking, left = np.zeros_like(self.on_hand), plan.copy()
        left[0] = np.maximum(left[0] - made, 0.0)
        for month in range(self.months):
            parts.used = parts.used + n.total_use.flow(left[month][n.family_of] * self.mix[month])
            inside = self._inside(np.minimum(self.semi_finished, parts.used))
            short = parts.used - self.on_hand - self.to_come[month] - inside
            lacking = np.where(lead > self.ends[month], np.maximum(lacking, short), lacking)
        offered = np.isfinite(express_lead(n)) | (not express)
        return np.where(offered, np.maximum(lacking[n.bought], 0.0), 0.0)

    def _inside(self, amount: Array) -> Array:
        """Parts that are in semi-finished items already, through all levels."""
        n, inside = self.network, np.zeros_like(amount)
        for _ in n.levels[1:]:
            amount = n.bill.flow(amount / n.good)
            inside = inside + amount
        return inside
