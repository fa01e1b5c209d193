"""The statements that a company draws up: profit and loss, effect of absorption, cash flow, working capital; they add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.company import Days
from simulator.engine.money import accounts as of
from simulator.engine.money.journal import Journal, Money
from simulator.kernel.units import Array
from simulator.results.money.budget import Budget

if TYPE_CHECKING:
    import pandas as pd


PROFIT_AND_LOSS = "profit and loss"
CASH_FLOW = "cash flow"
WORKING_CAPITAL = "working capital"
ABSORPTION = "effect of absorption"
AT_STANDARD_COST = "EBIT, stock at standard cost"
PARKED = {of.STOCK: "wages parked in stock", of.WORK_IN_PROCESS: "wages parked in work in process"}
BEFORE_ABSORPTION = "EBIT before absorption"

CASH_LINES: dict[str, tuple[str, ...]] = {
    "from customers": ("collected",),
    "to suppliers": ("paid_suppliers", "subcontracted", "subcontract_premium", "expediting"),
    "people and fixed cost": ("paid_month", "hiring", "dismissal"),
    "transport and selling": ("transport", "selling"),
    "storage and counting": ("storage", "counting"),
    "interest": ("interest",),
    "drawings": ("drawings",),
}
"""What comes into the bank and goes out of it."""

LINE_TITLES = {
    "absorbed": "conversion absorbed",
    "wages": "wages, worked or idle",
    "scrap": "scrap beyond plan",
    "expiry": "past shelf life",
    "price_variance": "purchase prices against standard",
    "usage_variance": "parts used against standard",
    "credits": "credits for returns",
    "restocked": "returned to stock",
}
"""Flows whose lines need more than their name."""


@dataclass(frozen=True)
class Line:
    """A line of a statement, (periods, lanes); totals are sums of the lines above them."""

    statement: str
    name: str
    amount: Array
    is_total: bool = False


class Statements:
    """All lines over some periods, each given by its first day and the day after its last."""

    def __init__(self, money: Journal, periods: Sequence[tuple[int, int]]) -> None:
        self.money, self.periods = money, periods

    @property
    def lines(self) -> list[Line]:
        """Every line in its order; lines without any amount are left out."""
        every = [*self._profit_and_loss(), *self._absorption(), *self._cash_flow(), *self._working_capital()]
        return [line for line in every if line.is_total or line.amount.any()]

    def flow(self, name: str) -> Array:
        """Sum a flow over each period, (periods, lanes)."""
        book = self.money.flows[name]
        return np.stack([book[first:end].sum(axis=0) for first, end in self.periods])

    def level(self, account: str) -> Array:
        """Return the balance of an account at the end of each period."""
        return self.money.closing(account)[[end - 1 for _, end in self.periods]]

    def _profit_and_loss(self) -> list[Line]:
        lines: list[Line] = []
        running = np.zeros((len(self.periods), self.money.nothing.shape[1]))
        subtotals = {
            "net sales": of.NET_SALES,
            "gross margin": of.GROSS_MARGIN,
            "EBIT": of.EBIT,
            "profit before tax": of.PROFIT,
        }
        done = 0
        for title, upto in subtotals.items():
            for name in upto[done:]:
                amount = of.sign(name) * self.flow(name)
                running = running + amount
                lines.append(Line(PROFIT_AND_LOSS, LINE_TITLES.get(name, name.replace("_", " ")), amount))
            done = len(upto)
            lines.append(Line(PROFIT_AND_LOSS, title, running, is_total=True))
        return lines

    def _absorption(self) -> list[Line]:
        """From EBIT to EBIT before absorption; a plan has no such bridge, nor has a company that makes nothing."""
        if not isinstance(self.money, Money) or not self.money.terms.conversion_within.any():
            return []
        months = [self.money.parked(first, end) for first, end in self.periods]
        parked = {account: -np.stack([month[account] for month in months]) for account in PARKED}
        ebit = np.asarray(sum(of.sign(name) * self.flow(name) for name in of.EBIT))
        return [
            Line(ABSORPTION, AT_STANDARD_COST, ebit, is_total=True),
            *(Line(ABSORPTION, PARKED[account], amount) for account, amount in parked.items()),
            Line(ABSORPTION, BEFORE_ABSORPTION, ebit + sum(parked.values()), is_total=True),
        ]

    def _cash_flow(self) -> list[Line]:
        amounts = {title: sum(self._into_cash(name) for name in names) for title, names in CASH_LINES.items()}
        closing = self.level(of.CASH)
        opening = closing - sum(amounts.values())
        middle = [Line(CASH_FLOW, title, np.asarray(amount)) for title, amount in amounts.items()]
        return [
            Line(CASH_FLOW, "opening cash", np.asarray(opening), is_total=True),
            *middle,
            Line(CASH_FLOW, "closing cash", closing, is_total=True),
        ]

    def _into_cash(self, name: str) -> Array:
        inward = of.MONEY_FLOWS[name][1] == of.CASH
        return self.flow(name) * (1.0 if inward else -1.0)

    def _equity(self) -> Array:
        """Return equity, assets less debts; it changes by the profit less drawings."""
        return self.money.equity[[end - 1 for _, end in self.periods]]

    def _working_capital(self) -> list[Line]:
        kept = [account for account in of.ACCOUNTS if account != of.CASH]
        levels = {account: self.level(account) for account in kept}
        return [
            *(Line(WORKING_CAPITAL, account.replace("_", " "), level) for account, level in levels.items()),
            Line(WORKING_CAPITAL, "working capital", np.asarray(sum(levels.values())), is_total=True),
            Line(WORKING_CAPITAL, "cash", self.level(of.CASH), is_total=True),
            Line(WORKING_CAPITAL, "equity but for fixed assets", self._equity(), is_total=True),
        ]


# --- as tables ---


Period = tuple[str, int, int]
"""What a period is called, its first day and the day after its last."""


def month_periods(days: Days) -> list[Period]:
    """Every month of a run."""
    start = days.month_start.tolist()
    return [(days.month_name(k), start[k], start[k + 1]) for k in range(days.months)]


def statement_table(money: Money, periods: Sequence[Period]) -> pd.DataFrame:
    """Each line of the statements by period: scenario, policy, replication, period, statement, line, value."""
    import pandas as pd

    lines = Statements(money, [(first, end) for _, first, end in periods]).lines
    names = [name for name, *_ in periods]
    parts = [_rows(money, names, "period", line.amount, statement=line.statement, line=line.name) for line in lines]
    return pd.concat(parts, ignore_index=True)


def budget_table(money: Money) -> pd.DataFrame:
    """From the budgeted to the real result of each business year: scenario, policy, replication, year, line, value."""
    import pandas as pd

    budget = Budget(money)
    parts = [_rows(money, budget.years, "year", amount, line=name) for name, amount in budget.explained.items()]
    return pd.concat(parts, ignore_index=True)


def _rows(money: Money, names: Sequence[str], kind: str, amount: Array, **about: str) -> pd.DataFrame:
    """Amounts by period and lane, (periods, lanes), a row each."""
    import pandas as pd

    books = money.books
    lanes = len(books.replications)  # a lone replication's double is left out
    columns = {
        "scenario": books.scenario.case,
        "policy": books.policy.name,
        "replication": np.tile(books.replications, len(names)),
        kind: np.repeat(names, lanes),
        **about,
        "value": amount[:, :lanes].ravel(),
    }
    return pd.DataFrame(columns)
