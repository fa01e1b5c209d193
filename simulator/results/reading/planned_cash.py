"""Cash of the approved plan by month: its lowest point against the credit line, and what would raise it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from simulator.engine.money.accounts import CASH
from simulator.kernel.clock import WEEK
from simulator.kernel.units import Array, Whole
from simulator.results.reading.month import Month
from simulator.results.reading.plan_record import Likely, likely, planned_money
from simulator.results.reading.planned_money import PlannedMoney

LINE_KEPT, LINE_AT_RISK, LINE_BROKEN = "kept", "at risk", "broken"
"""States of a credit line: one of ten falls below it where it is at risk, the expected figure where it is broken."""

HELD, EARLIER, LATER, NOT_DRAWN = (
    "orders held back",
    "customers a week earlier",
    "suppliers a week later",
    "no drawings",
)
"""What raises the lowest point."""


class Lever(NamedTuple):
    """Something that raises cash by the day on which it is lowest, and by how much at the most."""

    code: str
    amount: float


@dataclass(frozen=True)
class PlannedCash:
    """Cash over the months ahead that past plans tell something of, over all of them before there is a record."""

    month: Month

    @cached_property
    def plan(self) -> PlannedMoney:
        """The approved plan in money."""
        return planned_money(self.month)

    @cached_property
    def likely(self) -> Likely | None:
        """The plan with the errors of past plans."""
        return likely(self.month)

    @property
    def is_stated(self) -> bool:
        """True if the company says what it has in the bank or may borrow."""
        return bool({"opening_cash", "credit_line"} & self.month.company.finance.model_fields_set)

    @property
    def line(self) -> float | None:
        """The overdraft that the bank allows; None where it sets no limit."""
        return self.month.company.finance.credit_line

    @property
    def months(self) -> list[str]:
        """The months that are told, by their names."""
        return self.month.ahead if self.likely is None else self.month.ahead[: self.likely.months]

    @cached_property
    def closing(self) -> Array:
        """Cash at the end of each month."""
        return self.plan.at_month_ends(CASH)[: len(self.months)]

    @cached_property
    def evenings(self) -> Array:
        """Cash on each evening from the supply plan on, as it is planned: (days,)."""
        return np.asarray(self.plan.closing(CASH)[self._today : self._ends[-1], 0])

    @cached_property
    def expected(self) -> Array:
        """Cash on each evening with the mean error of past plans; as it is planned before there is a record."""
        return self.evenings if self.likely is None else self._with_error(self.likely.cash.expected)

    @cached_property
    def low(self) -> Array:
        """Cash on each evening below which one of ten falls; as it is planned before there is a record."""
        return self.evenings if self.likely is None else self._with_error(self.likely.cash.low)

    def _with_error(self, at_month_ends: Array) -> Array:
        """The planned evenings with an error that grows in straight lines, from nothing today to that of each month's end."""
        error = np.interp(
            np.arange(self._today, self._ends[-1]),
            np.concatenate([[self._today - 1], self._ends - 1]),
            np.concatenate([[0.0], at_month_ends - self.closing]),
        )
        return np.asarray(self.evenings + error)

    @property
    def lowest(self) -> Array:
        """Cash on the evening of each month on which it is expected to be lowest."""
        edges = np.concatenate([[0], self._ends - self._today])
        return np.array([self.expected[first:end].min() for first, end in pairwise(edges)])

    @property
    def drawn(self) -> Array:
        """The most that is expected to be taken of the credit line in each month."""
        return np.maximum(-self.lowest, 0.0)

    @property
    def _today(self) -> int:
        """The day of the supply plan, as a day of the plan."""
        return self.plan.today - self.plan.first

    @property
    def _ends(self) -> Whole:
        """The day after the last of each month that is told, as a day of the plan."""
        return self.plan.month_start[1 : len(self.months) + 1]

    # --- the lowest point ---

    @cached_property
    def worst(self) -> int:
        """The evening on which cash is expected to be lowest, from the supply plan on."""
        return int(np.argmin(self.expected))

    @property
    def worst_date(self) -> dt.date:
        """The date of that evening."""
        return self.month.days.date(self.plan.today + self.worst)

    @property
    def until(self) -> int:
        """The evening until which cash must be raised: the lowest one, of the worst case where only that breaks the line."""
        return int(np.argmin(self.low)) if self.state == LINE_AT_RISK else self.worst

    @property
    def until_date(self) -> dt.date:
        """The date of that evening."""
        return self.month.days.date(self.plan.today + self.until)

    @property
    def missing(self) -> float:
        """By how much the lowest evening is expected to break the line; nothing where it is kept or there is none."""
        return self._beyond_line(self.expected)

    @property
    def missing_at_worst(self) -> float:
        """By how much one of ten breaks the line on its lowest evening."""
        return self._beyond_line(self.low)

    def _beyond_line(self, evenings: Array) -> float:
        return 0.0 if self.line is None else max(-self.line - float(evenings.min()), 0.0)

    @property
    def state(self) -> str:
        """Tell if the line is kept, at risk or broken."""
        if self.missing > 0:
            return LINE_BROKEN
        return LINE_AT_RISK if self.missing_at_worst > 0 else LINE_KEPT

    # --- what helps ---

    @cached_property
    def levers(self) -> list[Lever]:
        """List what raises cash by the decisive evening, the most first; nothing of it is decided here."""
        today, plan = self._today, self.plan
        end = today + self.until + 1
        found = [
            Lever(HELD, float(plan.paid_for_new_orders[today:end].sum())),
            Lever(EARLIER, float(plan.flows["collected"][end : end + WEEK].sum())),
            Lever(LATER, float(plan.flows["paid_suppliers"][max(end - WEEK, today) : end].sum())),
            Lever(NOT_DRAWN, float(plan.flows["drawings"][today:end].sum())),
        ]
        return sorted((lever for lever in found if lever.amount >= 1.0), key=lambda lever: -lever.amount)


def planned_cash(month: Month) -> PlannedCash:
    """Cash of a month's approved plan."""
    return month.once(PlannedCash)
