"""Estimate the effect of an option on stock, service, hours and money: the arithmetic behind the meetings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simulator.engine.firm import Firm, Option
from simulator.kernel.lanes import TINY, total
from simulator.kernel.plans import DEMAND_AHEAD, OUTSIDE, RECEIPTS_AHEAD, STOCK_AHEAD
from simulator.kernel.units import Array, Mask
from simulator.planning.projection import Outlook

MEETING_MONTHS = 6
"""Months ahead over which options are compared."""

MOST_OPTIONS = 4
"""Options that a meeting compares."""


def expected_impact(firm: Firm, option: Option, outlook: Outlook) -> Option:
    """Project stock by family and month: what is left, what is short, what it costs."""
    stock, short = by_family(firm, outlook.stock(option.production, option.outside))
    cost = _cost(firm, stock, short, option.overtime) + _staff_cost(firm, option)
    return replace(option, closing_stock=stock, shortage=short, cost=cost)


def by_family(firm: Firm, stock: Array) -> tuple[Array, Array]:
    """Stock, and backlog, of each family's made products: one product's stock serves no other's orders."""
    stock = np.where(_is_made(firm), stock, 0.0)
    return firm.network.by_family(np.maximum(stock, 0.0)), firm.network.by_family(np.maximum(-stock, 0.0))


def note_projection(firm: Firm) -> None:
    """Keep for the documents what the approved plan is expected to do, from the morning of the supply plan on."""
    month, plans, outlook = firm.desk.month, firm.plans, firm.outlook
    assert outlook is not None
    receipts = outlook.receipts(
        plans.production[month], plans.tables[OUTSIDE][month] if OUTSIDE in plans.tables else None
    )
    plans.table(RECEIPTS_AHEAD, receipts.shape)[month] = receipts
    plans.table(DEMAND_AHEAD, receipts.shape)[month] = outlook.demand
    plans.table(STOCK_AHEAD, receipts.shape)[month] = outlook.opening + receipts - outlook.demand


def _days(firm: Firm) -> Array:
    """Working days of the months that the meeting looks at, of this one those that are left."""
    days = np.array(firm.desk.working_days_by_month()[:MEETING_MONTHS, None, None])
    days[0] *= firm.desk.share_left_of_month()
    return days


def _staff_cost(firm: Firm, option: Option) -> Array | float:
    """Return the cost of people beyond the decided ones and of subcontractors, (lanes,); nothing if there are none."""
    cost: Array | float = 0.0
    if firm.people:
        cost = cost + firm.people.cost(firm.people.path(option.people)[0], _days(firm))
    if firm.subcontractors and option.outside is not None:
        cost = cost + (option.outside[:MEETING_MONTHS] * firm.network.outside_premium).sum(axis=(0, 1))
    return cost


def _cost(firm: Firm, stock: Array, short: Array, overtime: Array) -> Array:
    """Holding, lateness and overtime over the months that the meeting looks at, (lanes,)."""
    n, finance, look = firm.network, firm.company.finance, slice(0, MEETING_MONTHS)
    mix = total(firm.desk.demand_plan)
    family_mix = mix / np.maximum(n.by_family(mix)[n.family_of], TINY)
    cost, price = n.by_family(family_mix * n.unit_cost[n.sold]), n.by_family(family_mix * n.price)
    holding = (stock[look] * cost).sum(axis=(0, 1)) * finance.holding_rate / 12
    late = (short[look] * (price - cost)).sum(axis=(0, 1))
    extra = (overtime[look] * _days(firm) * n.overtime_premium).sum(axis=(0, 1)) if len(n.resources) else 0.0
    return np.asarray(holding + late + extra)


def _is_made(firm: Firm) -> Mask:
    return np.isin(np.arange(len(firm.network.products)), firm.network.made)[:, None]


def minute_options(firm: Firm) -> None:
    """Keep for the documents what each option is expected to do over the months that the meeting looks at."""
    month, plans, look = firm.desk.month, firm.plans, slice(0, MEETING_MONTHS)
    families, hours = plans.production.shape[2:], plans.overtime.shape[2:]
    days = _days(firm)
    plans.options[month] = tuple(option.name for option in firm.options)
    for k, option in enumerate(firm.options):
        short, stock = option.shortage[look], option.closing_stock[look]
        plans.table("option shortage", (MOST_OPTIONS, *families))[month, k] = short.max(axis=0)
        plans.table("option stock", (MOST_OPTIONS, *families))[month, k] = stock.mean(axis=0)
        plans.table("option overtime", (MOST_OPTIONS, *hours))[month, k] = (option.overtime[look] * days).sum(axis=0)
