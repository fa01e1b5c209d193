"""Estimate the effect of an option on stock, service, hours and money: the arithmetic behind the meetings."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np

from simulator.engine.firm import Firm, Option
from simulator.kernel.lanes import TINY, total
from simulator.kernel.plans import BREACH, DEMAND_AHEAD, OUTSIDE, RECEIPTS_AHEAD, RECEIPTS_LEFT, STOCK_AHEAD
from simulator.kernel.units import DAYS_A_YEAR, Array, Mask, Whole
from simulator.planning.capacity import express_premium
from simulator.planning.criteria import CRITERIA
from simulator.planning.projection import Outlook
from simulator.theory.inventory import normal_shortage

MEETING_MONTHS = 6
"""Months ahead over which options are compared."""

MOST_OPTIONS = 8
"""Options that a meeting compares."""

ONE_IN_TEN = 1.2815515655446004
"""Deviations of a normal law beyond which one case in ten lies."""


CASES = 3
"""Cases of demand in which an option is valued, side by side in lanes of their own: as expected, lower and higher one time in ten."""


def in_each_case(amount: Array | float) -> Array:
    """Repeat what is the same in each case of demand, (..., lanes) to (..., cases times lanes)."""
    return np.concatenate([amount] * CASES, axis=-1) if np.ndim(amount) else np.asarray(amount)


class Valuation:
    """Value the options of a cycle in the company's own money, over the months that the meeting looks at."""

    def __init__(self, firm: Firm, outlook: Outlook) -> None:
        n, desk, look = firm.network, firm.desk, slice(0, MEETING_MONTHS)
        self.firm, self.outlook = firm, outlook
        self.days = _days(firm)
        self.length = np.diff(outlook.ends[look], prepend=0)  # days of each month, of this one those that are left
        self.demand = np.diff(outlook.demand[look], axis=0, prepend=0.0)
        self.turnover = np.maximum((self.demand * n.price).sum(axis=(0, 1)), TINY)
        self.error = error_ahead(firm, outlook.ends[look])
        self.to_deliver = (self.demand.sum(axis=0) + total(desk.backlog)) * n.price
        share = np.ones((MEETING_MONTHS, 1, 1))
        share[0] = desk.share_left_of_month()
        self.budget = (desk.budget[look] * share * n.price).sum(axis=(0, 1))
        worth = self.error[-1] * n.price
        together = np.sqrt(np.square(worth).sum(axis=0)) / np.maximum(worth.sum(axis=0), TINY)
        self.together = ONE_IN_TEN * together
        apart = np.sqrt(1.0 - np.square(together)) * self.error
        self.spread = np.concatenate([self.error, apart, apart], axis=-1)
        self.backlogs, self.demands = in_each_case(desk.backlog), in_each_case(self.demand)

    def impact(
        self,
        option: Option,
        products: Array | None = None,
        saved: Array | float = 0.0,
        beside: Array | float = 0.0,
    ) -> Option:
        """Project stock by family and month, and value what is left, what is short and what it takes.

        Stock less backlog of products may be projected elsewhere; `saved` is what it spares of the expected backlog, `beside` what it
        costs beside all that.
        """
        if products is None:
            products = self.outlook.stock(option.production, option.outside)
        stock, short = by_family(self.firm, products)
        mean, shift = products[:MEETING_MONTHS], self.together * self.error
        stocks = np.concatenate([mean, mean + shift, mean - shift], axis=-1)
        owed = np.maximum(normal_shortage(stocks, 0.0, self.spread) - in_each_case(saved), 0.0)
        cost, low, high = self._costs(stocks, owed).reshape(CASES, -1) + (self._beside(option) + beside)
        low, high = np.minimum(np.minimum(low, high), cost), np.maximum(np.maximum(low, high), cost)
        figures = self._figures(option, mean, owed[..., : mean.shape[-1]], cost, high - cost)
        return replace(option, closing_stock=stock, shortage=short, cost=cost, low=low, high=high, figures=figures)

    def _costs(self, stocks: Array, owed: Array) -> Array:
        """Add up holding what is there and owing what is not, (cases times lanes,)."""
        n = self.firm.network
        held = ((stocks + owed) * n.unit_cost[n.sold] * self.length[:, None, None]).sum(axis=(0, 1))
        holding = held * self.firm.company.finance.holding_rate / DAYS_A_YEAR
        return np.asarray(holding + self.firm.late_cost(self.backlogs, owed, self.demands, self.length))

    def _beside(self, option: Option) -> Array:
        """Overtime, express parts, people and subcontractors, (lanes,)."""
        firm = self.firm
        extra = (option.overtime[:MEETING_MONTHS] * self.days * firm.network.overtime_premium).sum(axis=(0, 1))
        if option.express is not None:
            extra = extra + (option.express * express_premium(firm.network)).sum(axis=0)
        return np.asarray(extra + _staff_cost(firm, option, self.days))

    def _figures(self, option: Option, mean: Array, owed: Array, cost: Array, risk: Array) -> Array:
        """The criteria in their order, shares of the planned turnover, (criteria, lanes)."""
        n = self.firm.network
        price, unit_cost = n.price, n.unit_cost[n.sold]
        late = (owed * price).mean(axis=0).sum(axis=0)
        tied_up = ((mean[-1] + owed[-1]) * unit_cost + owed[-1] * price).sum(axis=0)
        moves = np.abs(np.diff(option.production[:MEETING_MONTHS], axis=0)).sum(axis=0)
        steps = (moves * self.family_cost).sum(axis=0)
        missing = np.maximum(self.budget - (self.to_deliver - owed[-1] * price).sum(axis=0), 0.0)
        missing = np.where(self.budget > 0, missing, 0.0)
        of = {
            "cost": cost,
            "service": late,
            "cash": tied_up,
            "steadiness": steps,
            "business_plan": missing,
            "risk": risk,
        }
        return np.asarray(np.stack([of[name] for name in CRITERIA]) / self.turnover)

    @cached_property
    def family_cost(self) -> Array:
        """Standard cost of a unit of each family in the mix of the demand plan, (families, lanes)."""
        n, mix = self.firm.network, total(self.firm.desk.demand_plan)
        share = mix / np.maximum(n.by_family(mix)[n.family_of], TINY)
        return n.by_family(share * n.unit_cost[n.sold])


def error_ahead(firm: Firm, ends: Whole) -> Array:
    """Deviation of cumulative demand from the plan by the end of each month, (months, products, lanes).

    What goes wrong later than a decision takes to help is made up for by later plans.
    """
    n = firm.network
    interval = protection_interval(firm)
    return np.stack([firm.desk.cumulative_error(np.minimum(interval, float(end)))[n.sold] for end in ends])


def protection_interval(firm: Firm) -> Array:
    """Days until a decision can help: lead time, the days to the next decision, and those that this one takes, (items, 1)."""
    return firm.network.lead_time + firm.policy.reviews(firm.desk) - 1


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
    if RECEIPTS_LEFT in plans.tables:
        receipts = receipts * plans.tables[RECEIPTS_LEFT][month]
    plans.table(RECEIPTS_AHEAD, receipts.shape)[month] = receipts
    plans.table(DEMAND_AHEAD, receipts.shape)[month] = outlook.demand
    plans.table(STOCK_AHEAD, receipts.shape)[month] = outlook.opening + receipts - outlook.demand


def _days(firm: Firm) -> Array:
    """Working days of the months that the meeting looks at, of this one those that are left."""
    days = np.array(firm.desk.working_days_by_month()[:MEETING_MONTHS, None, None])
    days[0] *= firm.desk.share_left_of_month()
    return days


def _staff_cost(firm: Firm, option: Option, days: Array) -> Array | float:
    """Return the cost of people beyond the decided ones and of subcontractors, (lanes,); nothing if there are none."""
    cost: Array | float = 0.0
    if firm.people:
        cost = cost + firm.people.cost(firm.people.path(option.people)[0], days)
    if firm.subcontractors and option.outside is not None:
        cost = cost + (option.outside[:MEETING_MONTHS] * firm.network.outside_premium).sum(axis=(0, 1))
    return cost


def _is_made(firm: Firm) -> Mask:
    return firm.network.makes[firm.network.sold] > 0


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
        money = np.stack([option.cost, option.low, option.high])
        plans.table("option cost", (MOST_OPTIONS, *money.shape))[month, k] = money
        plans.table("option criteria", (MOST_OPTIONS, *option.figures.shape))[month, k] = option.figures
        if option.breach is not None:
            plans.table(BREACH, (MOST_OPTIONS, firm.lanes))[month, k] = option.breach
