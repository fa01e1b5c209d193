"""Profit: what the year earned, and who and what earned it."""

from __future__ import annotations

import numpy as np

from simulator.engine.money.accounts import EBIT, GROSS_MARGIN, NET_SALES, PLANT, WRITE_OFFS
from simulator.kernel.units import DAYS_A_YEAR, Array
from simulator.results.kpis.registry import SERVICE, measure
from simulator.results.kpis.stock import all_stock_value
from simulator.results.money.margin import earned
from simulator.results.reading.record import ratio
from simulator.results.reading.score import Score

SERVED = (*GROSS_MARGIN, "transport", "selling", "penalties", "bad_debt")


@measure("Net sales", "money/year", "higher", "orders")
def revenue(s: Score) -> Array:
    """A year's goods shipped at list price, less price changes, discounts and credits for goods sent back."""
    return s.orders(earned(s.margins, NET_SALES)) * (DAYS_A_YEAR / s.span)


@measure("Gross margin", "money/year", "higher", "orders")
def gross_margin(s: Score) -> Array:
    """A year's net sales less the standard cost of what was shipped; variances from standard are told apart, in EBIT."""
    return s.orders(earned(s.margins, GROSS_MARGIN)) * (DAYS_A_YEAR / s.span)


@measure("Margin after cost to serve", "money/year", "higher", "orders")
def customer_margin(s: Score) -> Array:
    """A year's gross margin less what serving those customers costs: transport, selling, late penalties, bad debt."""
    return s.orders(earned(s.margins, SERVED)) * (DAYS_A_YEAR / s.span)


@measure("EBIT", "money/year", "higher", "company")
def ebit(s: Score) -> Array:
    """A year's profit before interest and tax.

    Stock and work in process stay in the books at standard cost, so that running them down at the end earns nothing;
    orders earn when they are shipped. The price of capital is not in it.
    """
    return a_year(s, EBIT)


@measure("Wages parked in stock", "money/year", "", "company")
def wages_parked(s: Score) -> Array:
    """A year's growth of the conversion cost (wages, hours) within stock and work in process, at standard; below 0 it was released."""
    held = s.money.parked(s.first, s.end)
    return np.asarray(sum(held.values()))[None] * (DAYS_A_YEAR / s.span)


@measure("EBIT before absorption", "money/year", "higher", "company")
def ebit_before_absorption(s: Score) -> Array:
    """EBIT less the wages parked in stock: stock and work in process count at material cost on the first and on the last scored day.

    All wages are a cost of the days on which they are paid, so that making the same goods earlier earns nothing. Policies
    are judged by it.
    """
    return ebit(s) - wages_parked(s)


@measure("EBIT margin", "share", "higher", "company", matters=SERVICE)
def ebit_share(s: Score) -> Array:
    """A year's profit before interest and tax / net sales."""
    return ratio(ebit(s), s.money.total(NET_SALES, s.over)[None] * (DAYS_A_YEAR / s.span))


@measure("Economic profit", "money/year", "higher", "company")
def economic_profit(s: Score) -> Array:
    """EBIT before absorption less the capital rate on the mean capital employed.

    Employed are stock, work in process, receivables and fixed assets less debts.
    """
    return ebit_before_absorption(s) - mean_capital(s) * s.books.scenario.company.finance.capital_rate


@measure("Idle capacity", "money/year", "lower", "company")
def idle_cost(s: Score) -> Array:
    """A year's wages, overtime and other cost of people and plant, less the conversion that the standard cost of what was started holds."""
    return -a_year(s, PLANT)


@measure("Late penalties", "money/year", "lower", "orders")
def penalties(s: Score) -> Array:
    """A year's backlog at sales price, evening by evening, times the late penalty of each segment."""
    return s.orders(s.margins["penalties"]) * (DAYS_A_YEAR / s.span)


@measure("Write-offs", "money/year", "lower", "company")
def write_offs(s: Score) -> Array:
    """A year's scrap beyond the planned yield, goods past their shelf life and shrinkage, at standard cost."""
    return -a_year(s, WRITE_OFFS)


@measure("Return on capital employed", "share", "higher", "company")
def roce(s: Score) -> Array:
    """A year's EBIT / mean capital employed; without capital there is no return on it."""
    return ratio(ebit(s), mean_capital(s))


@measure("Gross margin return on inventory (GMROI)", "ratio", "higher", "company")
def gmroi(s: Score) -> Array:
    """A year's gross margin / mean value of everything on hand."""
    return ratio(s.goods(earned(s.margins, GROSS_MARGIN).sum(axis=0)) * (DAYS_A_YEAR / s.span), all_stock_value(s))


def mean_capital(s: Score) -> Array:
    """Mean capital employed over the scored days, (1, lanes)."""
    return np.asarray(s.money.capital[s.over].mean(axis=0))[None]


def a_year(s: Score, lines: tuple[str, ...]) -> Array:
    """Sum some flows of money over a year, (1, lanes); expenses are below 0."""
    return s.money.total(lines, s.over)[None] * (DAYS_A_YEAR / s.span)
