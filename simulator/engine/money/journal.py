"""The company in money: a double-entry ledger by day and lane, worked out once from the books of goods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from simulator.engine.books import Books
from simulator.engine.money.accounts import (
    ACCOUNTS,
    CASH,
    MONEY_FLOWS,
    PAYABLES,
    RECEIVABLES,
    STOCK,
    WORK_IN_PROCESS,
    sign,
)
from simulator.engine.money.expectation import Expectation
from simulator.engine.money.flows import customer_flows, goods_flows, invoiced, plant_flows, to_be_paid
from simulator.engine.money.terms import Terms
from simulator.engine.money.valued import Valued
from simulator.kernel.lanes import running
from simulator.kernel.units import Array, Whole

ALWAYS = slice(None)
"""All days of a run."""

HELD_AS = {STOCK: "on_hand", WORK_IN_PROCESS: "on_order"}
"""The accounts of goods behind those of money that hold conversion cost."""

CHARGED, NOT_CHARGED = "interest charged", "cash before interest"
"""Totals that the interest of the days to come is reckoned from."""

FIRST_YEAR = 12
"""Months whose expected business is that of the days before the first: a season is in it once, growth hardly."""


class Journal:
    """Flows by day, (days, lanes), and what every account holds each evening, from the opening balances on."""

    def __init__(
        self,
        flows: dict[str, Array],
        opening: Mapping[str, Array | float],
        terms: Terms,
        month_start: Whole,
        before: Mapping[str, Array] | None = None,
    ) -> None:
        """Enter flows; storage follows from stock, interest from what is overdrawn.

        `month_start` has the first day of each month and the day after the last. A journal that goes on from another one has
        the totals of the days `before` its first.
        """
        self.opening, self.terms, self.month_start = opening, terms, month_start
        self.totals: dict[str, Array] = dict(before or {})
        self._before: Mapping[str, Array] = before or {}
        self.nothing: Array = np.zeros_like(flows["sales"])
        self.flows = {**dict.fromkeys(MONEY_FLOWS, self.nothing), **flows}
        self._closing: dict[str, Array] = {}
        self.flows["storage"] = self.closing(STOCK) * terms.storage
        self.flows["interest"] = self._interest()
        self._closing.pop(CASH, None)  # it was read without interest

    def closing(self, account: str) -> Array:
        """Return the balance of an account each evening, (days, lanes)."""
        if account not in self._closing:
            change = np.zeros_like(self.nothing)
            for flow, (source, target) in MONEY_FLOWS.items():
                amount = self.flows[flow]
                if account == target and amount is not self.nothing:
                    change += amount
                elif account == source and amount is not self.nothing:
                    change -= amount
            self._closing[account] = self.opening[account] + self._running(account, change)
        return self._closing[account]

    def _running(self, account: str, change: Array) -> Array:
        """The running total of changes, gone on from that of the days before."""
        name = NOT_CHARGED if account == CASH and self.flows["interest"] is self.nothing else account
        if name in self._before:
            change = np.concatenate([self._before[name][None], change])
        total = running(change)
        if len(total):
            self.totals[name] = total[-1]
        return total[1:] if name in self._before else total

    def balance(self, account: str, day: int) -> Array:
        """Return the balance of an account on the evening of a day, on that of day -1 the opening one: (lanes,)."""
        if day >= 0:
            return np.asarray(self.closing(account)[day])
        return np.zeros(self.nothing.shape[-1]) + self.opening[account]

    def _interest(self) -> Array:
        """Charge overdraft interest on the last day of a month for its overdrawn evenings."""
        rate = self.terms.finance.overdraft_rate / 365.25
        interest, cash = np.zeros_like(self.nothing), self.closing(CASH)
        taken = self._before.get(CHARGED, np.zeros(cash.shape[-1])).copy()
        for first, end in pairwise(self.month_start):
            overdrawn = np.maximum(taken - cash[first:end], 0.0)
            interest[end - 1] = rate * overdrawn.sum(axis=0)
            taken += interest[end - 1]
        self.totals[CHARGED] = taken
        return interest

    def total(self, lines: Sequence[str], over: slice = ALWAYS) -> Array:
        """Income less expense of some lines over some days, (lanes,)."""
        found = np.zeros(self.nothing.shape[-1])
        for line in lines:
            if self.flows[line] is not self.nothing:
                found += sign(line) * self.flows[line][over].sum(axis=0)
        return found

    @property
    def equity(self) -> Array:
        """Assets less debts, each evening: (days, lanes)."""
        return np.asarray(sum(self.closing(account) for account in ACCOUNTS))

    @property
    def capital(self) -> Array:
        """Capital that is tied up each evening: stock, work in process and receivables, less what is owed, and fixed assets."""
        return np.asarray(self.equity - self.closing(CASH) + self.terms.finance.fixed_assets)


@dataclass
class ClosedMonths:
    """The end of a journal, from which another one goes on: some of its flows, what is paid later, and totals."""

    days: int = 0
    flows: dict[str, Array] = field(default_factory=dict)  # (days, lanes)
    to_be_paid: Array = field(default_factory=lambda: np.zeros((0, 0, 0)))
    delivered: Array = field(default_factory=lambda: np.zeros((0, 0, 0)))
    totals: dict[str, Array] = field(default_factory=dict)

    def go_on(self, money: Money, names: Sequence[str]) -> None:
        """Take the days of a journal that went on from here, with the flows of these names."""
        for name in names:
            new = money.flows[name]
            self.flows[name] = np.concatenate([self.flows[name], new]) if self.days else new
        money.closing(CASH)  # its total with interest
        self.to_be_paid, self.delivered, self.totals = money.to_be_paid, money.delivered, money.totals
        self.days = money.days.count


class Money(Journal):
    """The company in money, as its books of goods make it.

    The company did not begin on its first day: customers owe, and suppliers are owed, what the expected business of a
    day comes to over their terms of payment.
    """

    def __init__(self, books: Books, expected: Expectation | None = None, past: ClosedMonths | None = None) -> None:
        """Work the books out in money; what was expected before the first day, and months before, may have been worked out already."""
        self.books, self.days = books, books.scenario.days
        self.expected = expected or Expectation(books.scenario, FIRST_YEAR)
        terms = self.expected.terms
        self.read = read = Valued(books, past.days if past else 0)
        by_segment, delivered = invoiced(read, terms), read.delivered(terms)
        self.to_be_paid: Array = to_be_paid(
            by_segment, read.no_orders
        )  # by the day of the invoice: (days, segments, lanes)
        self.delivered: Array = delivered  # what suppliers will be paid, by the day of delivery: (days, terms, lanes)
        if past and past.days:
            self.to_be_paid = np.concatenate([past.to_be_paid, self.to_be_paid])
            self.delivered = np.concatenate([past.delivered, delivered])
        flows = customer_flows(by_segment, self.to_be_paid, read, terms, self.expected)
        flows |= goods_flows(read, self.delivered, terms, self.expected)
        flows |= plant_flows(read, terms)
        flows = {name: amount for name, amount in flows.items() if amount is not read.nothing}
        super().__init__(flows, self._opening(terms), terms, read.month_start, past.totals if past else None)

    def wages_held(self, account: str, day: int) -> Array:
        """Conversion cost within stock or work in process on the evening of a day, on that of day -1 at the opening: (lanes,)."""
        goods, terms = HELD_AS[account], self.terms
        units = self.books.closing[goods][day] if day >= 0 else self.books.on_first_morning(goods)
        each = terms.conversion_within * (terms.is_made if account == WORK_IN_PROCESS else 1.0)
        return np.asarray((units * each[:, None]).sum(axis=0))

    def parked(self, first: int, end: int) -> dict[str, Array]:
        """Conversion cost that stock and work in process hold more at the end of some days than before them, (lanes,) each."""
        return {account: self.wages_held(account, end - 1) - self.wages_held(account, first - 1) for account in HELD_AS}

    def _opening(self, terms: Terms) -> dict[str, Array | float]:
        """Balances of the first morning."""
        opening: dict[str, Array | float] = {
            **dict.fromkeys(ACCOUNTS, 0.0),
            CASH: terms.finance.opening_cash,
            RECEIVABLES: self.expected.receivables,
            PAYABLES: -self.expected.payables,
            STOCK: self.expected.opening_stock,
        }
        if self.books.scenario.opens_running:  # each year of luck begins with its own
            cost = terms.cost[:, None]
            opening[STOCK] = (self.books.on_first_morning("on_hand") * cost).sum(axis=0)
            made = cost * terms.is_made[:, None]
            opening[WORK_IN_PROCESS] = (self.books.on_first_morning("on_order") * made).sum(axis=0)
        return opening
