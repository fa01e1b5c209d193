"""Mandates of the meetings beside the plans: parts to order ahead, a purchasing budget, deals declined, stock reserved, the market."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.company.market import Outlook
from simulator.engine.departments.customers import HALF
from simulator.kernel.lanes import TINY, lots, lots_within, total
from simulator.kernel.plans import HORIZON, ORDERED_AHEAD, PURCHASE_BUDGET
from simulator.kernel.units import Array, Mask, Whole
from simulator.planning.decisions import Decision
from simulator.planning.market_decisions import with_decisions
from simulator.world.luck import Events

if TYPE_CHECKING:
    from simulator.engine.firm import Firm


class Mandates:
    """Limits and orders for purchasing, sales and shipping that hold until the next meeting, by lane."""

    def __init__(self, firm: Firm) -> None:
        self.firm = firm
        self.to_order: Array = np.zeros((len(firm.network.bought), firm.lanes))  # beyond what the rules order
        self.budget: Array | None = None  # money for the orders of a month, by the approved option, (lanes,)
        self.declined: dict[
            int, Array
        ] = {}  # by day: from how many units on deals in sight are declined, (families, lanes)
        self.in_sight: dict[int, tuple[Whole, Array]] = {}  # of each deal the first day and the units, by weather
        self.lift: Array | None = None  # on everyday orders by day, (days, segments, products)
        self.part: Array = np.zeros(0)  # of a unit that is carried on

    # --- when they begin ---

    def take_effect(self, month: int, where: Mask) -> None:
        """Ask for the parts that a plan orders ahead, and hold to its purchasing budget, from the day on which it is in force."""
        tables = self.firm.plans.tables
        if ORDERED_AHEAD in tables:
            self.to_order = self.to_order + np.where(where, np.nan_to_num(tables[ORDERED_AHEAD][month]), 0.0)
        if PURCHASE_BUDGET in tables:
            before = np.inf if self.budget is None else self.budget
            self.budget = np.where(where, np.nan_to_num(tables[PURCHASE_BUDGET][month], nan=np.inf), before)
        self._ask(self.firm.decided.ordered_ahead(month, taken_now=True), where)

    def open_month(self) -> None:
        """On the first working day of a month ask for what was decided earlier for it."""
        firm, month = self.firm, self.firm.view.month
        if firm.today == firm.calendar.first_worked[month]:
            self._ask(firm.decided.ordered_ahead(month, taken_now=False), np.ones(firm.lanes, dtype=bool))

    def _ask(self, units: Array | None, where: Mask) -> None:
        if units is not None:
            self.to_order = self.to_order + np.where(where, units, 0.0)

    # --- purchasing ---

    def ordered(self, by_rules: Array) -> Array:
        """Tonight's orders with what is ordered ahead, in the suppliers' lots, and within the budget: (bought items, lanes)."""
        if self.to_order.any():
            n = self.firm.network
            more = lots(self.to_order, n.minimum[n.bought], n.multiple[n.bought])
            by_rules, self.to_order = by_rules + more, np.zeros_like(self.to_order)
        return self._within_budget(by_rules)

    def _within_budget(self, ordered: Array) -> Array:
        """Order what lasts the fewest days first, until the money of the month is spent; the rest is asked for again by the rules."""
        firm, n, rows = self.firm, self.firm.network, self.firm.network.bought
        budget = self._budget_in_force()
        if budget is None or not np.isfinite(budget).any() or not ordered.any():
            return ordered
        cost = n.unit_cost[rows]
        needed = (ordered * cost).sum(axis=0)
        left = np.minimum(
            np.maximum(budget - self.spent(), 0.0), needed + 1.0
        )  # which is more than enough, and a number
        if (needed <= left + TINY).all():
            return ordered
        use = np.maximum(firm.view.use_expected()[rows], TINY)
        urgency = np.argsort(firm.view.inventory_position[rows] / use, axis=0, kind="stable")
        kept, every = np.zeros_like(ordered), np.arange(firm.lanes)
        for row in urgency:
            wanted, each = ordered[row, every], np.maximum(cost[row, 0], TINY)
            most = np.minimum(left / each, wanted)
            room = lots_within(most, n.minimum[rows][row, 0], n.multiple[rows][row, 0])
            room = np.floor(room + TINY) if firm.company.whole_units else room
            units = np.where(wanted * each <= left + TINY, wanted, np.minimum(room, wanted))
            kept[row, every] = units
            left = np.maximum(left - units * each, 0.0)
        return kept

    def _budget_in_force(self) -> Array | None:
        """The budget of the approved option and of people's decisions, each from the day on which it takes effect, (lanes,).

        None where nobody has set one.
        """
        budget = self.budget
        for decision in self.firm.decided.held_in("purchases", self.firm.view.month):
            before = np.inf if budget is None else budget
            budget = np.where(self.is_in_force(decision), np.minimum(before, decision.amount), before)
        return budget

    def is_in_force(self, decision: Decision) -> Mask:
        """Tell if the plan has taken effect with which something was decided, (lanes,)."""
        effective = self.firm.plans.effective.get(decision.taken)
        if effective is None:
            return np.zeros(self.firm.lanes, dtype=bool)
        return decision.where(self.firm.lanes) & (self.firm.today >= effective)

    def spent(self) -> Array:
        """Money for which goods were ordered since the month began, at standard cost, (lanes,)."""
        firm, n = self.firm, self.firm.network
        start = int(firm.days.month_start[firm.view.month])
        bought = firm.ledger.book["released"][start : firm.today, n.bought].sum(axis=0)
        return np.asarray((bought * n.unit_cost[n.bought]).sum(axis=0))

    # --- shipping ---

    def leave_reserved(self, wanted: Array, available: Array) -> Array:
        """Limit what segments may have today by the stock that is kept for another: (segments, products, lanes)."""
        firm, month = self.firm, self.firm.view.month
        for decision in firm.decided.held_in("reserve", month):
            segment = firm.network.segments.index(decision.name)
            days = np.full(len(firm.network.products), round(decision.amount))
            expected = firm.view.until(firm.view.demand_plan, days)
            reserve = firm.late_cost.share[segment] * expected
            others = wanted.copy()
            others[segment] = 0.0
            free = np.maximum(available - np.minimum(wanted[segment], available) - reserve, 0.0)
            limited = np.where(
                (total(others) > free) & self.is_in_force(decision), firm.late_cost.serve(others, free), others
            )
            limited[segment] = wanted[segment]
            wanted = limited
        return wanted

    # --- deals ---

    def decline(self, least: Array) -> None:
        """Decline deals in sight this morning of at least so many units of their family, (families, 1 or lanes)."""
        firm, news = self.firm, self.firm.weather.projects
        so_far = slice(0, int(news.starts[firm.today]))
        before = self._is_declined(news, so_far)
        already = self.declined.get(firm.today, np.inf)  # two meetings may be held in one day
        self.declined[firm.today] = np.minimum(least, already) + np.zeros((1, firm.lanes))
        gone = self._is_declined(news, so_far) & ~before
        quantity = np.where(gone, news.quantity[so_far], 0.0)
        if firm.customers:
            quantity = quantity * firm.customers.stays[news.deal[so_far]]
        where = (
            np.clip(news.month[so_far], 0, len(firm.deals["projects"]) - 1),
            news.product[so_far],
            news.lane[so_far],
        )
        np.subtract.at(firm.deals["projects"], where, quantity)
        np.subtract.at(firm.deals["weighted"], where, quantity * news.weight[so_far])
        if firm.pipeline:
            firm.pipeline.watch(news, so_far, -quantity)

    def in_sight_from(self, least: Array) -> Array:
        """Units in sight this morning of deals of at least so many, as they are weighted: (months ahead, products, lanes)."""
        firm, news, month = self.firm, self.firm.weather.projects, self.firm.view.month
        so_far = slice(0, int(news.starts[firm.today]))
        _, units = self._first_seen()
        deal, product, lane = news.deal[so_far], news.product[so_far], news.lane[so_far]
        large = units[deal] >= least[firm.network.family_of[product], lane]
        quantity = np.where(large, news.quantity[so_far], 0.0) * news.weight[so_far] * self.stands(news, so_far)
        if firm.customers:
            quantity = quantity * firm.customers.stays[deal]
        found = np.zeros((HORIZON, len(firm.network.products), firm.lanes))
        ahead = np.maximum(news.month[so_far] - month, 0)  # what is overdue counts as due now
        inside = ahead < HORIZON
        np.add.at(found, (ahead[inside], product[inside], lane[inside]), quantity[inside])
        return np.maximum(found, 0.0)

    def stands(self, news: Events, today: slice) -> Array | float:
        """Return 1 for deals that the company goes on with, 0 for those that it declined."""
        return np.where(self._is_declined(news, today), 0.0, 1.0) if self.declined else 1.0

    def _is_declined(self, news: Events, which: slice) -> Mask:
        """Tell which deals were in sight on a day on which deals of their size were declined."""
        deal, lane = news.deal[which], news.lane[which]
        first, units = self._first_seen()
        family, found = self.firm.network.family_of[news.product[which]], np.zeros(len(deal), dtype=bool)
        for day, least in self.declined.items():
            found |= (first[deal] < day) & (units[deal] >= least[family, lane])
        return found

    def _first_seen(self) -> tuple[Whole, Array]:
        """The day on which each deal comes into sight, far beyond the run for what is none, and its units as they are seen then."""
        weather = self.firm.weather
        if id(weather) not in self.in_sight:
            news, count = weather.projects, len(weather.temper)
            first, units = np.full(count, 1 << 40), np.zeros(count)
            deals, seen = np.unique(news.deal, return_index=True)  # news are in the order of their days
            first[deals], units[deals] = news.day[seen], news.quantity[seen]
            self.in_sight = {id(weather): (first, units)}
        return self.in_sight[id(weather)]

    # --- the market ---

    def open_market(self, month: int) -> None:
        """Take up the promotions and list prices that are decided this morning: in the news, in orders to come and in prices."""
        firm = self.firm
        decisions = firm.decided.in_the_market(month)
        if not decisions:
            return
        n, before = firm.network, firm.market
        was: Array | float = 1.0 if before is None else before.factors
        firm.company = with_decisions(firm.company, decisions, firm.calendar, firm.today)
        firm.market = Outlook(firm.company, n.segments, firm.calendar)
        lift = np.where(was > 0, firm.market.factors / np.maximum(was, TINY), 0.0)
        self.lift = lift if self.lift is None else self.lift * lift
        if not self.part.size:
            self.part = np.full((len(n.segments), len(n.products), firm.lanes), HALF)
        if firm.sales:
            firm.sales.read_prices()

    def lifted(self, wanted: Array) -> Array:
        """Everyday orders of today as the decided promotions and prices move them, in whole units where units are whole."""
        firm = self.firm
        if self.lift is None or (self.lift[firm.today] == 1).all():
            return wanted
        moved = self.lift[firm.today][..., None] != 1
        exact = wanted * self.lift[firm.today][..., None]
        if not firm.company.whole_units:
            return np.where(moved, exact, wanted)
        exact = exact + self.part
        whole = np.floor(exact + TINY)
        self.part = np.where(moved, exact - whole, self.part)
        return np.where(moved, whole, wanted)
