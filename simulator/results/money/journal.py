"""The company in money: a double-entry ledger by day and lane, worked out once from the books of goods."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from simulator.engine.books import Books
from simulator.kernel.units import Array
from simulator.results.money.accounts import (
    ACCOUNTS,
    CASH,
    MONEY_FLOWS,
    PAYABLES,
    RECEIVABLES,
    STOCK,
    WORK_IN_PROCESS,
    sign,
)
from simulator.results.money.expectation import Expectation
from simulator.results.money.flows import customer_flows, goods_flows, plant_flows
from simulator.results.reading.valued import Valued

ALWAYS = slice(None)
"""All days of a run."""

FIRST_YEAR = 12
"""Months whose expected business is that of the days before the first: a season is in it once, growth hardly."""


class Money:
    """Flows by day, (days, lanes), and what every account holds each evening.

    The company did not begin on its first day: customers owe, and suppliers are owed, what the expected business of a
    day comes to over their terms of payment.
    """

    def __init__(self, books: Books) -> None:
        self.books, self.days = books, books.scenario.days
        self.expected = Expectation(books.scenario, FIRST_YEAR)
        self.terms = self.expected.terms
        self.read = read = Valued(books)
        self.opening: dict[str, Array | float] = {
            **dict.fromkeys(ACCOUNTS, 0.0),
            CASH: self.terms.finance.opening_cash,
            RECEIVABLES: self.expected.receivables,
            PAYABLES: -self.expected.payables,
            STOCK: self.expected.opening_stock,
        }
        if books.scenario.opens_running:  # each year of luck begins with its own
            cost = self.terms.cost[:, None]
            self.opening[STOCK] = (books.on_first_morning("on_hand") * cost).sum(axis=0)
            made = cost * self.terms.is_made[:, None]
            self.opening[WORK_IN_PROCESS] = (books.on_first_morning("on_order") * made).sum(axis=0)
        self.flows = dict.fromkeys(MONEY_FLOWS, read.nothing)
        self.flows |= customer_flows(read, self.terms, self.expected)
        self.flows |= goods_flows(read, self.terms, self.expected)
        self.flows |= plant_flows(read, self.terms)
        self._closing: dict[str, Array] = {}
        self.flows["storage"] = self.closing(STOCK) * self.terms.storage
        self.flows["interest"] = self._interest()
        self._closing.pop(CASH, None)  # it was read without interest

    def closing(self, account: str) -> Array:
        """Return the balance of an account each evening, (days, lanes)."""
        if account not in self._closing:
            change = self.read.nothing
            for flow, (source, target) in MONEY_FLOWS.items():
                if account in (source, target):
                    change += self.flows[flow] if account == target else -self.flows[flow]
            self._closing[account] = self.opening[account] + np.cumsum(change, axis=0)
        return self._closing[account]

    def _interest(self) -> Array:
        """Charge overdraft interest on the last day of a month for its overdrawn evenings."""
        start, rate = self.days.month_start, self.terms.finance.overdraft_rate / 365.25
        interest, cash = self.read.nothing, self.closing(CASH)
        taken = np.zeros(cash.shape[-1])
        for first, end in pairwise(start):
            overdrawn = np.maximum(taken - cash[first:end], 0.0)
            interest[end - 1] = rate * overdrawn.sum(axis=0)
            taken += interest[end - 1]
        return interest

    def total(self, lines: Sequence[str], over: slice = ALWAYS) -> Array:
        """Income less expense of some lines over some days, (lanes,)."""
        return np.asarray(sum(sign(line) * self.flows[line][over].sum(axis=0) for line in lines))

    @property
    def equity(self) -> Array:
        """Assets less debts, each evening: (days, lanes)."""
        return np.asarray(sum(self.closing(account) for account in ACCOUNTS))

    @property
    def capital(self) -> Array:
        """Capital that is tied up each evening: stock, work in process and receivables, less what is owed, and fixed assets."""
        return np.asarray(self.equity - self.closing(CASH) + self.terms.finance.fixed_assets)
