"""Statements and budget as tidy tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from simulator.company import Days
from simulator.kernel.units import Array
from simulator.results.money.budget import Budget
from simulator.results.money.journal import Money
from simulator.results.money.statements import Statements

if TYPE_CHECKING:
    import pandas as pd

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
