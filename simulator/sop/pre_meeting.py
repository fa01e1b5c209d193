"""Step 4, pre-S&OP meeting: balance supply and demand, by the three rules, and recommend."""

from __future__ import annotations

import numpy as np

from simulator.firm import Firm
from simulator.sop.impact import MEETING_MONTHS
from simulator.units import Array, Whole

MOST_OPTIONS = 4
"""Options that a meeting compares."""


def balance(firm: Firm) -> None:
    """Recommend the option that costs least; where even that is short, let the shortage rule decide on safety stock.

    Surplus: the unconstrained plan stands, safety stock absorbs the error. Shortage: safety stock is
    released, orders are ranked, the bottleneck is loaded to its maximum. Waves are the supply plan's.
    """
    month, plans, rule = firm.desk.month, firm.plans, firm.policy.shortage
    cost = np.stack([option.cost for option in firm.options])
    plans.table("option cost", (MOST_OPTIONS, firm.lanes))[month, : len(cost)] = cost
    minute_options(firm)
    recommended = np.argmin(cost, axis=0)
    plans.chosen[month] = recommended
    short = picked(np.stack([option.shortage for option in firm.options]), recommended)
    plans.table("shortage", short.shape)[month] = short
    plans.table("closing stock", short.shape)[month] = picked(
        np.stack([o.closing_stock for o in firm.options]), recommended
    )
    drafted = plans.safety_stock[month]
    plans.table("safety stock drafted", drafted.shape)[month] = drafted
    plans.safety_stock[month] = firm.checked(rule(firm.desk, short), plans.safety_stock[month].shape, rule)


def minute_options(firm: Firm) -> None:
    """Keep for the minutes what each option was expected to do over the months that the meeting looks at."""
    month, plans, look = firm.desk.month, firm.plans, slice(0, MEETING_MONTHS)
    families, hours = plans.production.shape[2:], plans.overtime.shape[2:]
    days = firm.desk.working_days_by_month()[look, None, None]
    plans.options[month] = tuple(option.name for option in firm.options)
    for k, option in enumerate(firm.options):
        short, stock = option.shortage[look], np.maximum(option.closing_stock[look], 0.0)
        plans.table("option shortage", (MOST_OPTIONS, *families))[month, k] = short.max(axis=0)
        plans.table("option stock", (MOST_OPTIONS, *families))[month, k] = stock.mean(axis=0)
        plans.table("option overtime", (MOST_OPTIONS, *hours))[month, k] = (option.overtime[look] * days).sum(axis=0)


def picked(options: Array, chosen: Whole) -> Array:
    """Each lane's own option, (options, ..., lanes) and (lanes,) -> (..., lanes)."""
    index = chosen.reshape((1,) * (options.ndim - 1) + (-1,))
    return np.asarray(np.take_along_axis(options, index, axis=0)[0])
