"""Cash, and what it is tied up in."""

from __future__ import annotations

import numpy as np

from simulator.engine.money.accounts import CASH, NET_SALES, PAYABLES, RECEIVABLES, STOCK, WORK_IN_PROCESS
from simulator.kernel.lanes import TINY
from simulator.kernel.units import Array
from simulator.results.kpis.registry import measure
from simulator.results.reading.record import ratio
from simulator.results.reading.score import Score


@measure("Lowest cash", "money", "higher", "company")
def lowest_cash(s: Score) -> Array:
    """The least that lies in the bank on any evening; below 0 it is overdrawn."""
    return np.asarray(s.money.closing(CASH)[s.over].min(axis=0))[None]


@measure("Credit line exceeded", "probability", "lower", "company")
def credit_exceeded(s: Score) -> Array:
    """1 where cash falls below the overdraft that the bank allows, else 0; its mean is the probability. Without a limit always 0."""
    line = s.books.scenario.company.finance.credit_line
    if line is None:
        return np.zeros((1, s.due.shape[-1]))
    return (lowest_cash(s) < -line - TINY).astype(np.float64)


@measure("Receivables", "money", "lower", "company")
def receivables(s: Score) -> Array:
    """Mean of what customers owe at day's end."""
    return _mean(s, RECEIVABLES)


@measure("Payables", "money", "", "company")
def payables(s: Score) -> Array:
    """Mean of what suppliers are owed at day's end."""
    return -_mean(s, PAYABLES)


@measure("Working capital", "money", "lower", "company")
def working_capital(s: Score) -> Array:
    """Mean of stock, work in process and receivables less payables at day's end."""
    return sum((_mean(s, account) for account in (STOCK, WORK_IN_PROCESS, RECEIVABLES, PAYABLES)), np.zeros(1))


@measure("Cash to cash", "days", "lower", "company")
def cash_to_cash(s: Score) -> Array:
    """Days of stock and work in process at cost of goods, plus days of receivables at net sales, less days of payables at purchases.

    SCOR AM.1.1.
    """
    m = s.money
    sold, goods = m.total(NET_SALES, s.over)[None], -m.total(("cost_of_goods",), s.over)[None]
    bought = (m.flows["purchases"] + m.flows["price_variance"])[s.over].sum(axis=0)[None]
    stock = ratio(_mean(s, STOCK) + _mean(s, WORK_IN_PROCESS), goods / s.span)
    paid = np.where(bought > TINY, ratio(payables(s), bought / s.span), 0.0)
    return np.asarray(stock + ratio(_mean(s, RECEIVABLES), sold / s.span) - paid)


def _mean(s: Score, account: str) -> Array:
    return np.asarray(s.money.closing(account)[s.over].mean(axis=0))[None]
