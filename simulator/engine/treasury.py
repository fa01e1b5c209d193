"""The treasurer's cash plan in a meeting: what is in the bank, what is due, and what the plan that is put brings and takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simulator.engine.books import Books
from simulator.engine.money.accounts import CASH
from simulator.engine.money.expectation import Expectation
from simulator.engine.money.journal import FIRST_YEAR, ClosedMonths, Money
from simulator.kernel.lanes import TINY
from simulator.kernel.units import Array, Whole

if TYPE_CHECKING:
    from simulator.engine.firm import Firm
    from simulator.engine.scenario import Scenario

LEARNT = 12
"""Closed months whose rates go on."""

FEWEST = 3
"""Closed months before which nobody can tell them."""


STEADY = (
    "storage",
    "counting",
    "expediting",
    "hiring",
    "dismissal",
    "subcontracted",
    "subcontract_premium",
    "interest",
)
"""Flows that go on as they were, whatever is sold."""

READ = ("sales", "transport", "selling", "wages", *STEADY)
"""Flows of closed months that a plan follows from."""


@dataclass
class CashPlan:
    """Cash on each evening of the months ahead, and in it the payments for orders that are still to be placed: (days, lanes)."""

    evenings: Array
    for_new_orders: Array
    line: float
    """Credit that the plan may draw on: the bank's line less the policy's reserve."""

    @property
    def missing(self) -> Array:
        """Money by which the lowest evening goes beyond that, (lanes,)."""
        return np.asarray(np.maximum(-self.line - self.evenings.min(axis=0), 0.0))

    @property
    def worst(self) -> Whole:
        """The day on which cash is lowest, from the first of this month, (lanes,)."""
        return np.asarray(np.argmin(self.evenings, axis=0))

    @property
    def could_be_held(self) -> Array:
        """Payments for new orders up to that evening, (lanes,)."""
        so_far = np.cumsum(self.for_new_orders, axis=0)
        return np.asarray(np.take_along_axis(so_far, self.worst[None], axis=0)[0])


class Treasury:
    """Books in money until the last month's end, and a plan from there."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.expected = Expectation(scenario, FIRST_YEAR)

    def plan(self, firm: Firm, shipped: Array, bought: Array, newly: Array, overtime: Array) -> CashPlan | None:
        """The cash plan of units shipped, (months, products, lanes), bought in all and newly ordered, (months, bought items, lanes).

        Overtime is in hours a month, (months, resources, lanes). None before there are months to learn from.
        """
        month, line = firm.view.month, firm.company.finance.credit_line
        if month < FEWEST or line is None:
            return None
        past, ahead = self._until(firm, month), _Ahead(firm, month, len(shipped))
        terms, cash = self.expected.terms, firm.company.finance.opening_cash + past.totals[CASH]
        year = slice(int(firm.days.month_start[max(month - LEARNT, 0)]), int(firm.days.month_start[month]))
        sold = np.maximum(past.flows["sales"][year].sum(axis=0), TINY)
        sales = ahead.spread((firm.network.price * shipped).sum(axis=1))
        value = firm.network.unit_cost[firm.network.bought]
        flows = past.flows
        serving = (flows["transport"][year] + flows["selling"][year]).sum(axis=0) / sold
        steady = np.asarray(sum(flows[name][year].sum(axis=0) for name in STEADY)) / (year.stop - year.start)
        paid, due = past.to_be_paid, past.to_be_paid[year].sum(axis=(0, 1)) / sold
        mine = paid[year].sum(axis=0)
        share = mine / np.maximum(mine.sum(axis=0), TINY)
        collected = ahead.paid_later(paid, sales[:, None] * share * due, terms.days_to_pay)
        to_pay = ahead.paid_later(past.delivered, self._by_terms(ahead, bought, value), terms.supplier_terms)
        new = ahead.paid_later(np.zeros_like(past.delivered), self._by_terms(ahead, newly, value), terms.supplier_terms)
        last = slice(int(firm.days.month_start[month - 1]), year.stop)
        wages = flows["wages"][last].sum(axis=0) / max(firm.days.working[last].sum(), 1)
        hour = (terms.wage + firm.network.overtime_premium[:, 0])[:, None]
        people = wages * ahead.worked[:, None] + (overtime * hour).sum(axis=1)
        fixed = firm.company.finance.fixed_cost + firm.company.finance.drawings
        change = collected - to_pay - sales * serving - steady
        change[ahead.ends - 1] -= people + fixed * ahead.left
        return CashPlan(cash + np.cumsum(change, axis=0), new, line - firm.policy.further.cash_reserve)

    def _by_terms(self, ahead: _Ahead, units: Array, cost: Array) -> Array:
        """Deliveries at standard cost by days until payment, (days, terms, lanes)."""
        terms, value = self.expected.terms, ahead.spread_rows(units * cost)
        wait = terms.days_to_suppliers[terms.supplier_of]
        return np.stack([value[:, wait == each].sum(axis=1) for each in terms.supplier_terms], axis=1)

    def _until(self, firm: Firm, month: int) -> ClosedMonths:
        """The books in money until a month begins; months that were worked out before are not again."""
        whole, ledger, past = self.scenario, firm.ledger, firm.in_money
        experiment = whole.experiment.model_copy(update={"months": month, "warm_up": 0})
        scenario = replace(whole, experiment=experiment)
        vars(scenario)["network"] = whole.network
        if past.days == scenario.days.count:
            return past
        books = Books(
            scenario, firm.policy, firm.weather.replications, ledger.book, ledger.closing, firm.plans, ledger.memo,
            firm.demand_by_month, firm.opened, decided_company=firm.company,
        )  # fmt: skip
        past.go_on(Money(books, self.expected, past), READ)
        return past


class _Ahead:
    """The days of the months ahead, from the first of this month on."""

    def __init__(self, firm: Firm, month: int, months: int) -> None:
        start = firm.calendar.month_start[month : month + months + 1]
        self.first, self.days = int(start[0]), int(start[-1] - start[0])
        self.ends: Whole = start[1:] - start[0]
        self.month_of_day: Whole = firm.calendar.month[start[0] : start[-1]] - month
        worked = np.diff(firm.calendar.worked_so_far[start])
        working = firm.calendar.working[start[0] : start[-1]]
        length = np.diff(start)
        idle = worked[self.month_of_day] == 0
        self.share: Array = np.where(
            idle, 1.0 / length[self.month_of_day], working / np.where(idle, 1.0, worked[self.month_of_day])
        )
        self.worked: Array = np.asarray(worked, dtype=np.float64)
        self.left: Array = firm.calendar.left[month : month + months, None]

    def spread(self, amount: Array) -> Array:
        """A month's amount over its working days, (months, lanes) -> (days, lanes)."""
        return np.asarray(amount[self.month_of_day] * self.share[:, None])

    def spread_rows(self, amount: Array) -> Array:
        """A month's amounts over its working days, (months, rows, lanes) -> (days, rows, lanes)."""
        return np.asarray(amount[self.month_of_day] * self.share[:, None, None])

    def paid_later(self, booked: Array, ahead: Array, days: Whole) -> Array:
        """Amounts by row, booked before this month and to come, paid so many days later: (days, lanes)."""
        every, paid = np.concatenate([booked, ahead]), np.zeros((self.days, ahead.shape[-1]))
        for row, wait in enumerate(days):
            first = self.first - int(wait)
            part = every[max(first, 0) : first + self.days, row]
            paid[self.days - len(part) :] += part
        return paid
