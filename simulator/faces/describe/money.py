"""Add up a company's year in money before any luck: turnover, spending, and capital tied up."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.company.phrases import counted_things, percent, small_percent
from simulator.engine.scenario import Scenario
from simulator.kernel.lanes import TINY
from simulator.kernel.messages import Message, listed, msg, number
from simulator.kernel.units import DAYS_A_YEAR
from simulator.results.money import Expectation


def money(scenario: Scenario) -> Iterator[Message]:
    """The expected year, if anything has a price."""
    expected = Expectation(scenario)
    if expected.sales.sum() > TINY:
        yield from _year(scenario, expected)
        yield from _tied_up(scenario, expected)
        yield from _bank(scenario)


def _year(scenario: Scenario, expected: Expectation) -> Iterator[Message]:
    """Turnover, where it goes and what is left, if everything that is wanted is sold."""
    turnover, currency = float(expected.sales.sum()) * DAYS_A_YEAR, scenario.company.currency
    spent = {
        msg("goods at standard cost"): expected.cost_of_goods,
        msg("hours that the standard cost does not cover"): expected.wages - expected.absorbed,
        msg("transport, selling and bad debt"): expected.serving,
        msg("storage"): expected.storage,
        msg("fixed cost"): expected.fixed_cost,
    }
    shares = [
        msg("{name} {value}", name=name, value=percent(amount * DAYS_A_YEAR / turnover))
        for name, amount in spent.items()
        if abs(amount * DAYS_A_YEAR) > turnover / 200
    ]
    left = turnover - sum(spent.values()) * DAYS_A_YEAR
    yield msg(
        "Turnover: {money} {currency} a year expected on average, if all that is wanted is sold.",
        money=number(turnover),
        currency=currency,
    )
    yield msg(
        "Of it: {shares}; {share} is left before interest and tax, {money} {currency}.",
        shares=listed(shares, ", "),
        share=percent(left / turnover),
        money=number(left),
        currency=currency,
    )
    if expected.wages > TINY:
        yield msg(
            "Wages: {money} {currency} a year, worked or idle; the standard cost of what is made holds {share} of that.",
            money=number(expected.wages * DAYS_A_YEAR),
            currency=currency,
            share=percent(expected.absorbed / expected.wages),
        )


def _tied_up(scenario: Scenario, expected: Expectation) -> Iterator[Message]:
    currency = scenario.company.currency
    parts = {
        msg("stated to be in stock on the first day")
        if scenario.opens_running
        else msg("in stock on the first day"): expected.opening_stock,
        msg("owed by customers"): expected.receivables,
        msg("owed to suppliers"): -expected.payables,
    }
    told = [
        msg("{money} {name}", money=number(amount), name=name) for name, amount in parts.items() if abs(amount) > TINY
    ]
    if told:
        tied = sum(parts.values())
        days = tied / float(expected.sales.sum())
        yield msg(
            "Working capital: {parts}; together {money} {currency}, {days} of turnover.",
            parts=listed(told, ", "),
            money=number(tied),
            currency=currency,
            days=counted_things(round(days), "day"),
        )


def _bank(scenario: Scenario) -> Iterator[Message]:
    finance, currency = scenario.company.finance, scenario.company.currency
    if not finance.opening_cash and finance.credit_line is None:
        return
    told = msg("{money} {currency} on the first morning", money=number(finance.opening_cash), currency=currency)
    if finance.credit_line is not None:
        told = msg("{cash}; the bank lends up to {money}", cash=told, money=number(finance.credit_line))
    if finance.overdraft_rate:
        told = msg("{cash} at {rate} a year", cash=told, rate=small_percent(finance.overdraft_rate))
    if finance.drawings:
        told = msg("{cash}; {money} a month go to owners, lenders and tax", cash=told, money=number(finance.drawings))
    yield msg("Cash: {cash}.", cash=told)
