"""Options beside those of the capacity check: the best of them with purchases held, parts ordered ahead, or large deals declined."""

from __future__ import annotations

from copy import copy
from dataclasses import replace

import numpy as np

from simulator.engine.firm import Firm, HeldBack, Option
from simulator.engine.month.impact import MEETING_MONTHS, Valuation, by_family, protection_interval
from simulator.engine.treasury import CashPlan
from simulator.kernel.lanes import TINY, running, total
from simulator.kernel.messages import msg
from simulator.kernel.units import DAYS_A_MONTH, DAYS_A_YEAR, Array, Whole
from simulator.planning.capacity import LongLead, mix_of
from simulator.planning.projection import still_to_make
from simulator.theory.inventory import normal_shortage

LOOK = slice(0, MEETING_MONTHS)

HALVINGS = 40
"""Of the span in which the level lies up to which a budget buys every part."""

ORDERS_HELD, PARTS_AHEAD, DEALS_DECLINED = (
    msg("purchases held to the cash plan"),
    msg("short parts ordered ahead"),
    msg("large deals declined"),
)
FURTHER = (ORDERS_HELD, PARTS_AHEAD, DEALS_DECLINED)
"""Names of these options; in a lane in which one changes nothing it is the best of the others once more."""


def put_further_options(firm: Firm, valuation: Valuation) -> None:
    """Put what the policy allows beside the options that there are, where it could help in any lane."""
    wanted = firm.policy.further
    if not (wanted.hold_purchases or wanted.order_ahead or wanted.decline):
        return
    base = best_of_each_lane(firm)
    more: list[Option] = []
    if wanted.hold_purchases and firm.treasury:
        more += purchases_held(firm, valuation, base)
        base = replace(base, breach=firm.options[0].breach)  # what follows breaks the line as far as its base
    if wanted.order_ahead and firm.network.bill:
        more += ordered_ahead(firm, valuation, base)
    if wanted.decline and firm.deals:
        more += deals_declined(firm, valuation, base)
    firm.options += more


def best_of_each_lane(firm: Firm) -> Option:
    """Put together the option that the pre-S&OP meeting would recommend in each lane."""
    options = firm.options
    chosen = firm.policy.pre_meeting_criteria.choose(np.stack([option.figures for option in options]))

    def of(name: str) -> Array | None:
        arrays = [getattr(option, name) for option in options]
        there = next((array for array in arrays if array is not None), None)
        if there is None:
            return None
        return option_of_each_lane(np.stack([np.zeros_like(there) if a is None else a for a in arrays]), chosen)

    production, overtime = of("production"), of("overtime")
    assert production is not None
    assert overtime is not None
    return Option(
        options[0].name, production, overtime, outside=of("outside"), people=of("people"), express=of("express")
    )


def option_of_each_lane(options: Array, chosen: Whole) -> Array:
    """Each lane's own option, (options, ..., lanes) and (lanes,) -> (..., lanes)."""
    index = chosen.reshape((1,) * (options.ndim - 1) + (-1,))
    return np.asarray(np.take_along_axis(options, index, axis=0)[0])


# --- purchases held to the cash plan ---


def purchases_held(firm: Firm, valuation: Valuation, base: Option) -> list[Option]:
    """Hold new orders back until the lowest evening of a cash plan that breaks the credit line is over."""
    parts = _Parts(firm, valuation, base)
    plan = parts.cash()
    if plan is None or not plan.missing.any():
        return []
    firm.options = [replace(option, breach=plan.missing) for option in firm.options]
    held = np.minimum(plan.missing / np.maximum(plan.could_be_held, TINY), 1.0)
    worst = parts.month_of(plan.worst)
    waits, usual, come = parts.waits(held, worst), parts.receipts(), parts.receipts_where_held(held, worst)
    left = np.where(usual > TINY, come / np.maximum(usual, TINY), 1.0)
    option = valuation.impact(
        replace(base, name=ORDERS_HELD, budget=parts.budget(held, worst), held=HeldBack(waits, left)),
        products=parts.outlook.opening + come - parts.outlook.demand,
    )
    return [replace(option, breach=np.maximum(plan.missing - held * plan.could_be_held, 0.0))]


class _Parts:
    """Bought items under an option: what is used, due and still to be ordered, (months ahead, bought items, lanes)."""

    def __init__(self, firm: Firm, valuation: Valuation, option: Option) -> None:
        n, desk, outlook = firm.network, firm.desk, valuation.outlook
        self.firm, self.outlook, self.option, self.rows = firm, outlook, option, n.bought
        left = still_to_make(option.production, outlook.made)
        left = left if option.outside is None else left + option.outside
        made = np.where(outlook.is_planned, outlook.starts(left), 0.0)
        demand = np.diff(outlook.demand, axis=0, prepend=0.0)
        units = made + np.where(outlook.is_planned, 0.0, demand)
        self.use = running(np.stack([n.total_use.flow(month)[n.bought] for month in units]))
        self.on_hand = desk.on_hand[n.bought]
        self.due = outlook.parts_due
        owed = np.zeros((len(n.names), firm.lanes))
        owed[n.sold] = total(desk.backlog)
        self.there = self.on_hand + desk.on_order[n.bought] - owed[n.bought]
        self.wanted = self.use + desk.safety_stock[n.bought]
        self.lacking = np.maximum(self.wanted - self.there, 0.0)
        late = outlook.ends[:, None, None] >= desk.lead_time[n.bought]
        self.new = running(np.where(late, self.lacking, 0.0), np.maximum)

    def month_of(self, day: Whole) -> Whole:
        """The month ahead in which a day lies, counted from the first of this month: (lanes,)."""
        start = self.firm.calendar.month_start[self.firm.view.month :]
        return np.searchsorted(start - start[0], day, side="right") - 1

    def cash(self) -> CashPlan | None:
        """The cash plan of the option."""
        firm, outlook, treasury = self.firm, self.outlook, self.firm.treasury
        assert treasury is not None
        start, sold = int(firm.days.month_start[firm.view.month]), firm.network.sold
        stock = outlook.stock(self.option.production, self.option.outside)
        owed = total(firm.desk.backlog)
        shipped = np.maximum(np.diff(outlook.demand + owed - np.maximum(-stock, 0.0), axis=0, prepend=0.0), 0.0)[LOOK]
        shipped[0] += firm.ledger.book["shipped"][start : firm.today].sum(axis=0)[sold]
        newly = np.diff(self.new, axis=0, prepend=0.0)[LOOK]
        bought = newly + np.maximum(np.diff(self.due, axis=0, prepend=0.0), 0.0)[LOOK]
        bought[0] += firm.ledger.book["received"][start : firm.today, self.rows].sum(axis=0)
        worked = np.array(firm.desk.working_days_by_month()[LOOK, None, None])
        return treasury.plan(firm, shipped, bought, newly, self.option.overtime[LOOK] * worked)

    def budget(self, held: Array, worst: Whole) -> Array:
        """Money a month for orders: of what would be ordered to the worst month, what is not held back; without end where nothing is."""
        n, lead = self.firm.network, self.firm.network.lead_time[self.rows, 0]
        ahead = np.arange(len(self.lacking))[:, None] + np.round(lead / DAYS_A_MONTH).astype(np.int64)
        placed = self.lacking[np.minimum(ahead, len(self.lacking) - 1), np.arange(len(self.rows))]
        value = (running(placed, np.maximum) * n.unit_cost[self.rows]).sum(axis=1)
        until = np.take_along_axis(value, worst[None], axis=0)[0]
        budget = (self.firm.mandates.spent() + (1.0 - held) * until) / (worst + 1)
        return np.where(held > 0, budget, np.inf)

    def waits(self, held: Array, worst: Whole) -> Array:
        """The share of new orders that waits, (months ahead, bought items, lanes).

        What waits is ordered once the worst month is over, and there a lead time later: of that month the days before count.
        """
        ends = self.outlook.ends.astype(float)[:, None, None]
        begins = np.concatenate([np.zeros_like(ends[:1]), ends[:-1]])
        again = ends[worst, 0, 0] + self.firm.desk.lead_time[self.rows]
        missing = np.clip((again - begins) / (ends - begins), 0.0, 1.0)
        new = self.new * (missing > 0)
        waits = 1.0 - self._ordered_within(new, 1.0 - held) / np.maximum(new, TINY)
        return np.asarray(np.where((new > TINY) & (held > 0), waits, 0.0) * missing)

    def _ordered_within(self, new: Array, share: Array) -> Array:
        """Buy with a share of the money for new orders first what covers least of its use and safety stock, as within a budget."""
        money = share * self._value(new)
        low, high = np.zeros_like(money), np.full_like(money, 2.0)  # shares of what is wanted, of which one buys all
        for _ in range(HALVINGS):
            level = (low + high) / 2
            fits = self._value(self._up_to(level, new)) <= money
            low, high = np.where(fits, level, low), np.where(fits, high, level)
        return self._up_to(low, new)

    def _up_to(self, level: Array, new: Array) -> Array:
        """New orders that bring every part up to a share of what is wanted of it."""
        return np.asarray(np.clip(level[:, None] * self.wanted - self.there, 0.0, new))

    def _value(self, units: Array) -> Array:
        """Money for units at standard cost, part by part, so that a lane alone adds up as in company: (months ahead, lanes)."""
        return np.asarray(np.cumsum(units * self.firm.network.unit_cost[self.rows], axis=1)[:, -1])

    def receipts(self) -> Array:
        """Units of products that come into stock by the end of each month, nothing held: (months ahead, products, lanes)."""
        return self.outlook.receipts(self.option.production, self.option.outside)

    def receipts_where_held(self, held: Array, worst: Whole) -> Array:
        """Units of products that come into stock where so much of the new orders waits: (months ahead, products, lanes)."""
        n, outlook = self.firm.network, self.outlook
        waits, receipts = self.waits(held, worst), self.receipts()
        usual, fewer = (self._reach(self.new * (1.0 - part)) for part in (0.0, waits))
        made = receipts * fewer / np.maximum(usual, TINY)
        missing = np.zeros((len(self.new), len(n.names), self.firm.lanes))
        missing[:, self.rows] = self.new * waits
        bought = np.maximum(receipts - missing[:, n.sold], 0.0)
        return np.where(outlook.is_planned, np.where(usual > TINY, made, receipts), bought)

    def _reach(self, new: Array) -> Array:
        """The share of what products need of their parts that is there by each month's end, (months, products, lanes)."""
        n, there = self.firm.network, self.on_hand + self.due + new
        share = np.ones((len(n.names), self.firm.lanes))
        found = np.empty((len(new), len(n.products), self.firm.lanes))
        for month, (have, need) in enumerate(zip(there, self.use, strict=True)):
            share[self.rows] = np.where(need > TINY, np.clip(have / np.maximum(need, TINY), 0.0, 1.0), 1.0)
            found[month] = n.total_use.tightest(share)[n.sold]
        return found


# --- parts ordered ahead ---


def ordered_ahead(firm: Firm, valuation: Valuation, base: Option) -> list[Option]:
    """Order one deviation of the use of a short long-lead part more than the rules: it helps once it can be there."""
    n, desk = firm.network, firm.desk
    lacking = LongLead(desk, mix_of(desk)).lacking_for(desk.production_plan, valuation.outlook.made, express=False)
    if not (lacking > TINY).any():
        return []
    sd = desk.cumulative_error(protection_interval(firm))[n.bought]
    more = np.where(lacking > TINY, sd, 0.0)
    more = np.ceil(more - TINY) if firm.company.whole_units else more
    stock = desk.safety_stock[n.bought]
    fewer = normal_shortage(stock, 0.0, sd) - normal_shortage(stock + more, 0.0, sd)
    demand = valuation.demand.mean(axis=0)
    use = np.maximum(n.total_use.flow(demand)[n.bought], TINY)
    lead, ends = desk.lead_time[n.bought], valuation.outlook.ends[LOOK]
    saved = np.empty_like(valuation.demand)
    for month, end in enumerate(ends):
        left = np.ones((len(n.names), firm.lanes))
        left[n.bought] = 1.0 - np.where(end >= lead, np.minimum(fewer / use, 1.0), 0.0)
        saved[month] = demand * (1.0 - n.total_use.tightest(left)[n.sold])
    days = np.maximum(float(ends[-1]) - lead, 0.0)
    held = (more * n.unit_cost[n.bought] * days).sum(axis=0) * firm.company.finance.holding_rate / DAYS_A_YEAR
    option = replace(base, name=PARTS_AHEAD, orders=more)
    return [valuation.impact(option, saved=saved, beside=held)]


# --- large deals declined ---


def deals_declined(firm: Firm, valuation: Valuation, base: Option) -> list[Option]:
    """Decline deals in sight of a family that is short, from a share of its month's demand on: their margin is lost."""
    n = firm.network
    stock = valuation.outlook.stock(base.production, base.outside)
    short = total(by_family(firm, stock)[1][LOOK]) > TINY
    usual = n.by_family(valuation.demand.mean(axis=0))
    least = np.where(short & (usual > TINY), np.maximum(firm.policy.further.decline * usual, 1.0), np.inf)
    gone = firm.mandates.in_sight_from(least)
    if not gone.any():
        return []
    outlook = copy(valuation.outlook)
    outlook.demand = np.maximum(outlook.demand - running(gone), 0.0)
    without = Valuation(firm, outlook)
    without.turnover = valuation.turnover
    margin = (gone[LOOK] * (n.price - n.unit_cost[n.sold])).sum(axis=(0, 1))
    option = replace(base, name=DEALS_DECLINED, declines=least, declined=gone)
    return [without.impact(option, beside=margin)]
