"""What a year of a company comes to in money before any luck: turnover, what it is spent on, what is tied up."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.company.phrases import count, percent, rate
from simulator.engine.scenario import Scenario
from simulator.kernel.lanes import TINY
from simulator.results.money import Expectation

YEAR = 365.25


def money(scenario: Scenario) -> Iterator[str]:
    """The expected year, if anything has a price."""
    expected = Expectation(scenario)
    if expected.sales.sum() > TINY:
        yield from _year(scenario, expected)
        yield from _tied_up(scenario, expected)
        yield from _bank(scenario)


def _year(scenario: Scenario, expected: Expectation) -> Iterator[str]:
    """Turnover, where it goes and what is left, if everything that is wanted is sold."""
    turnover, currency = float(expected.sales.sum()) * YEAR, scenario.company.currency
    spent = {
        "goods at standard cost": expected.cost_of_goods,
        "hours that the standard cost does not cover": expected.wages - expected.absorbed,
        "transport, selling and bad debt": expected.serving,
        "storage": expected.storage,
        "fixed cost": expected.fixed_cost,
    }
    shares = [
        f"{name} {percent(amount * YEAR / turnover)}"
        for name, amount in spent.items()
        if abs(amount * YEAR) > turnover / 200
    ]
    left = turnover - sum(spent.values()) * YEAR
    yield f"Turnover: {turnover:,.0f} {currency} a year expected on average, if all that is wanted is sold."
    yield f"Of it: {', '.join(shares)}; {percent(left / turnover)} is left before interest and tax, {left:,.0f} {currency}."
    if expected.wages > TINY:
        covered = f"the standard cost of what is made holds {percent(expected.absorbed / expected.wages)} of that"
        yield f"Wages: {expected.wages * YEAR:,.0f} {currency} a year, worked or idle; {covered}."


def _tied_up(scenario: Scenario, expected: Expectation) -> Iterator[str]:
    currency = scenario.company.currency
    parts = {
        "stated to be in stock on the first day"
        if scenario.opens_running
        else "in stock on the first day": expected.opening_stock,
        "owed by customers": expected.receivables,
        "owed to suppliers": -expected.payables,
    }
    told = ", ".join(f"{amount:,.0f} {name}" for name, amount in parts.items() if abs(amount) > TINY)
    if told:
        tied = sum(parts.values())
        days = tied / float(expected.sales.sum())
        yield f"Working capital: {told}; together {tied:,.0f} {currency}, {count(round(days), 'day')} of turnover."


def _bank(scenario: Scenario) -> Iterator[str]:
    finance, currency = scenario.company.finance, scenario.company.currency
    line = "" if finance.credit_line is None else f"; the bank lends up to {finance.credit_line:,.0f}"
    interest = f" at {rate(finance.overdraft_rate)} a year" if finance.overdraft_rate else ""
    drawn = f"; {finance.drawings:,.0f} a month go to owners, lenders and tax" if finance.drawings else ""
    if finance.opening_cash or line:
        yield f"Cash: {finance.opening_cash:,.0f} {currency} on the first morning{line}{interest}{drawn}."
