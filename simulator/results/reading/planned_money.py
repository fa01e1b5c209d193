"""The approved plans of a month in money, day by day, in the accounts and lines in which the books are kept."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from simulator.company.market import price_factors
from simulator.engine.money.accounts import ACCOUNTS, STOCK
from simulator.engine.money.flows import at_month_end, paid_later, to_be_paid
from simulator.engine.money.journal import Journal, Money
from simulator.kernel.lanes import TINY
from simulator.kernel.plans import HORIZON, ORDERS_WAIT, PARTS_DUE, RECEIPTS_LEFT
from simulator.kernel.units import Array, Whole
from simulator.results.money.statements import Statements
from simulator.results.reading.capacity import Needs, decided_express, people
from simulator.results.reading.learnt import FOLLOWS, Learnt, usual_mix
from simulator.results.reading.month import Month

MEMORY = 365
"""Days whose orders tell which customers buy a product."""


class PlannedMoney(Journal):
    """The books in money until the morning of the supply plan, and from then on what is planned: (days, 1).

    Days run from the first of the month through the last month ahead. Plans say what is shipped, made, bought and paid to people;
    closed months say what goes with it (`Learnt`); terms of payment, storage and interest follow as they do in the books.
    `owed` is the backlog to be expected at the end of each month ahead at list price; without it, the projected one.
    """

    def __init__(self, month: Month, past: Money, lane: int = 0, owed: Array | None = None) -> None:
        """Plan the money of a month; of the past no more is read than what the morning of its supply plan knew."""
        self.month, self.past, self.lane = month, past, lane
        start = month.days.month_start[month.index : month.index + HORIZON + 1]
        self.first, self.today = int(start[0]), month.supply_day
        self.month_of_day: Whole = month.days.month[self.today : int(start[-1])] - month.index
        self.owed = self._projected_backlog if owed is None else owed
        month_start = start - self.first
        flows = {name: self._from_here(name, amount) for name, amount in self._planned().items()}
        accrued = flows["wages"] + flows["overtime"] + flows["fixed_cost"]
        flows["paid_month"] = at_month_end(accrued, month_start)
        flows["drawings"] = at_month_end(self._every_day(past.terms.finance.drawings)[:, None], month_start)
        flows["collected"] = self._collected(flows)
        flows["paid_suppliers"] = self._paid_suppliers()
        super().__init__(
            flows, {name: past.balance(name, self.first - 1)[lane] for name in ACCOUNTS}, past.terms, month_start
        )

    # --- the calendar ---

    @property
    def periods(self) -> list[tuple[int, int]]:
        """The months ahead by their first day and the day after the last."""
        return list(zip(self.month_start[:-1].tolist(), self.month_start[1:].tolist(), strict=True))

    @cached_property
    def statements(self) -> Statements:
        """The planned statements by month."""
        return Statements(self, self.periods)

    def of_months(self, lines: tuple[str, ...]) -> Array:
        """Income less expense of some lines by month, (months ahead,)."""
        return np.array([self.total(lines, slice(first, end))[0] for first, end in self.periods])

    def at_month_ends(self, account: str) -> Array:
        """The balance of an account at the end of each month, (months ahead,)."""
        return np.asarray(self.closing(account)[self.month_start[1:] - 1, 0])

    def _spread(self, amount: Array, working: bool = True) -> Array:
        """Amounts by month in equal parts over the days to come, working days where there are any: (days to come, ...)."""
        days = self.month.days
        counted = days.working[self.today : self.today + len(self.month_of_day)] if working else 1.0
        weight = np.zeros(len(self.month_of_day)) + counted
        whole = np.bincount(self.month_of_day, weights=weight, minlength=HORIZON)
        every = np.bincount(self.month_of_day, minlength=HORIZON)
        idle = whole[self.month_of_day] <= 0
        share = np.where(
            idle, 1.0 / np.maximum(every, 1)[self.month_of_day], weight / np.where(idle, 1.0, whole[self.month_of_day])
        )
        return np.asarray(amount[self.month_of_day] * share.reshape(-1, *[1] * (amount.ndim - 1)))

    def _from_here(self, flow: str, planned: Array) -> Array:
        """A flow of the books until yesterday, and planned from today on: (days, 1)."""
        booked = self.past.flows[flow][self.first : self.today, self.lane]
        return np.concatenate([booked, planned])[:, None]

    def _every_day(self, a_month: float) -> Array:
        """A monthly amount in equal parts over the days of each month, from its first on."""
        days, these = self.month.days, slice(self.month.index, self.month.index + HORIZON)
        return np.repeat(a_month / days.lengths[these], np.diff(days.month_start)[these])

    # --- what is planned, (days to come,) each ---

    def _planned(self) -> dict[str, Array]:
        """Every flow that does not follow from the others."""
        sales = self._spread(self._sold_by_segment)
        changes = self._spread(self._price_changes)
        plan = {
            "sales": sales.sum(axis=1),
            "price_changes": changes.sum(axis=1),
            "transport": sales @ self.past.terms.transport,
            "selling": sales @ self.past.terms.selling,
            "penalties": self._spread(self._penalties, working=False),
            "cost_of_goods": self._spread(self.shipped @ self._cost),
            **self._goods(),
            **self._plant(),
        }
        base = {"sales": plan["sales"], "purchases": plan["purchases"], "absorbed": plan["absorbed"]}
        for flow in ("push_discounts", "credits", "restocked", "price_variance", "usage_variance", "scrap"):
            plan[flow] = self.learnt.share(flow) * base[FOLLOWS[flow]]
        plan["used"] = plan["used"] + plan["usage_variance"]
        invoiced = sales - changes - plan["push_discounts"][:, None] * _shares(sales)
        plan["bad_debt"] = invoiced @ self.past.terms.bad_debt
        return {**plan, **self._from_stock(plan)}

    @cached_property
    def learnt(self) -> Learnt:
        """Rates that the closed months before this one teach."""
        return Learnt(self.past, self.month.index, self.lane)

    @property
    def _cost(self) -> Array:
        """Standard cost of products, (products,)."""
        return np.asarray(self.past.terms.cost[self.month.n.sold])

    @cached_property
    def shipped(self) -> Array:
        """Executable shipments from today on, (months ahead, products)."""
        return self.month.projected.shipments_to_come

    @cached_property
    def _mix(self) -> Array:
        """Each customer's share of a product's demand, (segments, products)."""
        return usual_mix(self.month.flow("due", self.today - MEMORY, self.today))

    @cached_property
    def _sold_by_segment(self) -> Array:
        """Shipments at list price, (months ahead, segments)."""
        return np.asarray((self.shipped * self.month.price) @ self._mix.T)

    @property
    def _price_changes(self) -> Array:
        """List prices less the prices of the day as far as planners were told of them, (months ahead, segments)."""
        factors = price_factors(self.month.books.company, self.month.days, self.today)
        if factors is None:
            return np.zeros_like(self._sold_by_segment)
        off = 1.0 - factors[self.today : self.today + len(self.month_of_day), :, 0]
        mean = np.stack([off[self.month_of_day == k].mean(axis=0) for k in range(HORIZON)])
        return np.asarray((self.shipped * self.month.price * mean) @ self._mix.T)

    @property
    def _projected_backlog(self) -> Array:
        """The backlog of the plan at each month's end, at list price."""
        return np.asarray(np.maximum(-self.month.projected.products, 0.0) @ self.month.price)

    @property
    def _penalties(self) -> Array:
        """Deductions of customers for lateness by their contracts, of what is owed in each month, (months ahead,)."""
        now = float(self.month.morning("backlog", self.today).sum(axis=0) @ self.month.price)
        ends = np.concatenate([[now], self.owed])
        days = np.bincount(self.month_of_day, minlength=HORIZON)
        by_contract = self.past.terms.penalty @ self._mix.mean(axis=1)
        rate = self.learnt.penalty
        return np.asarray((ends[:-1] + ends[1:]) / 2 * days * (by_contract if rate is None else rate))

    # --- goods ---

    def _goods(self) -> dict[str, Array]:
        """Goods bought, started and finished."""
        n, terms = self.month.n, self.past.terms
        conversion, outside = terms.conversion_in_all, self._made_outside
        made = self._made
        finished = self.month.projected.receipts_of_products * self.month.is_made
        return {
            "purchases": self._spread(self._bought @ terms.cost[n.bought]),
            "absorbed": self._spread(made @ conversion),
            "used": self._spread(made @ (self._cost - conversion)),
            "subcontracted": self._spread(outside @ self._cost),
            "subcontract_premium": self._spread(outside @ terms.premium_outside[n.sold]),
            "finished": self._spread(finished @ self._cost),
            "counting": np.full(len(self.month_of_day), self.learnt.a_day("counting")),
            "expediting": self._expediting,
        }

    @property
    def _expediting(self) -> Array:
        """Express parts of the approved option, this month, and as much a day as went beyond what earlier options had."""
        decided = decided_express(self.month)
        this_month = np.zeros(HORIZON)
        this_month[0] = decided[-1]
        usual = self.learnt.a_day("expediting", float(decided[self.learnt.first : -1].sum()))
        return self._spread(this_month) + usual

    @property
    def _made(self) -> Array:
        """Units of made products still to be started, (months ahead, products); where families are not planned, as many as are shipped."""
        if self.month.has_family_plan:
            made, left = self.month.by_product(self.month.projected.to_make), self.month.noted(RECEIPTS_LEFT)
            if left is None:
                return made
            made = np.cumsum(made, axis=0) * np.nan_to_num(left, nan=1.0)
            return np.diff(np.maximum.accumulate(made, axis=0), axis=0, prepend=0.0)
        return np.where(self.month.is_made, self.shipped, 0.0)

    @property
    def _made_outside(self) -> Array:
        """Units still to be subcontracted, (months ahead, products)."""
        return self.month.by_product(self.month.still_outside)

    @property
    def _bought(self) -> Array:
        """Deliveries of bought items from today on: open orders when they are due, and new ones, (months ahead, bought items)."""
        due = self.month.noted(PARTS_DUE)
        assert due is not None
        return np.maximum(np.diff(due, axis=0, prepend=0.0), 0.0) + self._newly_ordered

    @cached_property
    def _newly_ordered(self) -> Array:
        """Deliveries of what is still to be ordered, once it can be there."""
        month, needs = self.month, Needs(self.month)
        lead = month.n.lead_time[month.n.bought, 0]
        ends = month.days.month_start[month.index + 1 : month.index + HORIZON + 1] - self.today
        lacking = np.maximum(np.cumsum(needs.approved, axis=0) + needs.safety_stock - needs.there, 0.0)
        ordered = np.maximum.accumulate(np.where(ends[:, None] >= lead, lacking, 0.0), axis=0)
        waits = month.noted(ORDERS_WAIT)
        if waits is not None:
            ordered = ordered * (1.0 - np.nan_to_num(waits))  # not a number before the first that were held
        return np.diff(ordered, axis=0, prepend=0.0)

    def _from_stock(self, plan: dict[str, Array]) -> dict[str, Array]:
        """Goods that expire and go missing, of the stock of each day."""
        flows = ("purchases", "finished", "restocked", "used", "cost_of_goods")
        signs = (1.0, 1.0, 1.0, -1.0, -1.0)
        change = sum(sign * plan[name] for name, sign in zip(flows, signs, strict=True))
        stock = np.maximum(self.past.balance(STOCK, self.today - 1)[self.lane] + np.cumsum(change), 0.0)
        return {flow: self.learnt.share(flow) * stock for flow in ("expiry", "shrinkage")}

    # --- people and plant ---

    def _plant(self) -> dict[str, Array]:
        """People paid, worked or idle, overtime, hires and notices, fixed cost."""
        terms, month = self.past.terms, self.month
        hour = terms.wage + month.n.overtime_premium[:, 0]
        come, go = self._moves
        return {
            "wages": self._wages,
            "overtime": self._spread(month.overtime @ hour),
            "hiring": self._spread(come @ terms.hire_cost, working=False),
            "dismissal": self._spread(go @ terms.dismiss_cost, working=False),
            "fixed_cost": self._every_day(terms.finance.fixed_cost)[self.today - self.first :],
        }

    @property
    def _wages(self) -> Array:
        """Regular hours paid a working day, as of the last one, of planned people where there are any."""
        terms, days = self.past.terms, self.month.days
        worked = days.working[self.today : self.today + len(self.month_of_day)]
        hours, premium = terms.paid_hours, 0.0
        so_far = np.flatnonzero(days.working[: self.today])  # none where the run begins with a holiday
        if "paid_hours" in self.past.books.memos and so_far.size:
            last = int(so_far[-1])
            memos = self.past.books.memos
            hours = memos["paid_hours"][last, :, self.lane] * terms.paid_for
            premium = float(memos["shift_hours"][last, :, self.lane] @ terms.shift_premium)
        by_month = np.repeat(hours[None], HORIZON, axis=0)
        planned, staffing = people(self.month), self.month.n.staffing
        if planned is not None and staffing is not None:
            by_month[:, planned.resources] = planned.planned * staffing.per_head[planned.resources, 0]
        return np.asarray(worked * (by_month @ terms.wage + premium)[self.month_of_day])

    @property
    def _moves(self) -> tuple[Array, Array]:
        """People who come, leavers to be expected replaced, and people who are given notice, (months ahead, resources)."""
        nobody = np.zeros((HORIZON, len(self.month.n.resources)))
        planned, staffing = people(self.month), self.month.n.staffing
        if planned is None or staffing is None:
            return nobody, nobody
        mine, today = planned.resources, planned.settled[0]
        if self.today > 0:
            today = self.past.books.memos["heads"][self.today - 1, mine, self.lane]
        leavers = planned.planned * staffing.attrition[mine, 0] / 12
        change = nobody.copy()
        change[:, mine] = np.diff(planned.planned, axis=0, prepend=today[None]) + leavers
        return np.maximum(change, 0.0), np.maximum(-change, 0.0)

    # --- payments ---

    def _collected(self, flows: dict[str, Array]) -> Array:
        """Receivables open today by the day they are due, then what is invoiced from today on: (days, 1)."""
        sales = self._spread(self._sold_by_segment)
        share = _shares(sales)
        deductions = ("push_discounts", "credits", "penalties")
        ahead = {"sales": sales, "price_changes": self._spread(self._price_changes)}
        ahead |= {name: flows[name][self.today - self.first :] * share for name in deductions}
        ahead["bad_debt"] = (sales - ahead["price_changes"] - ahead["push_discounts"]) * self.past.terms.bad_debt
        return self._paid(
            self.past.to_be_paid, to_be_paid(ahead), self.past.terms.days_to_pay, self.past.expected.invoiced
        )

    def _paid_suppliers(self) -> Array:
        """Payables open today by the day they are due, then what is delivered from today on: (days, 1)."""
        before = self.past.expected.purchases_by_terms
        return self._paid(self.past.delivered, self._at_terms(self._bought), self.past.terms.supplier_terms, before)

    def _at_terms(self, bought: Array) -> Array:
        """Deliveries at the prices that were paid lately, by days until payment: (days to come, terms)."""
        terms = self.past.terms
        cost = [terms.bought_at(wait)[self.month.n.bought] for wait in terms.supplier_terms]
        each = np.stack(cost, axis=1) if cost else np.zeros((len(self.month.n.bought), 0))
        return self._spread(bought @ each) * (1.0 + self.learnt.share("price_variance"))

    @property
    def paid_for_new_orders(self) -> Array:
        """Payments to suppliers for orders still to be placed, (days, 1)."""
        ahead, days = self._at_terms(self._newly_ordered), self.past.terms.supplier_terms
        return self._paid(np.zeros_like(self.past.delivered), ahead, days, np.zeros(len(days)))

    def _paid(self, booked: Array, ahead: Array, days: Whole, before: Array) -> Array:
        """Pay amounts by row so many days later, from the first of the month on."""
        every = np.concatenate([booked[: self.today, :, self.lane], ahead])[..., None]
        return paid_later(every, days, before)[self.first :]


def _shares(amount: Array) -> Array:
    """Each row's share of a day's whole, equal ones where there is nothing: (days, rows)."""
    whole = amount.sum(axis=1, keepdims=True)
    return np.asarray(np.where(whole > TINY, amount / np.maximum(whole, TINY), 1.0 / amount.shape[1]))
