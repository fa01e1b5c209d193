"""Customers who react: loyalty follows from service, and demand from loyalty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from simulator.company import Company
from simulator.engine.departments.department import Department
from simulator.kernel.clock import Hour
from simulator.kernel.lanes import TINY, new_shortage
from simulator.kernel.units import Array, Mask, Whole
from simulator.world.luck import Events

if TYPE_CHECKING:
    from simulator.engine.firm import Firm

HALF = 0.5
"""Part of a unit that every customer begins with, so that rounding is fair from the first day."""


class Customers(Department):
    """Customers who judge each month how they were served, and order more or less of what they would have ordered."""

    name = "customers"
    memos = {"loyalty": "segments"}

    @classmethod
    def wanted(cls, company: Company) -> bool:
        """Tell if any segment reacts to service."""
        return any(segment.loyalty for segment in company.segments.values())

    def day(self) -> Iterator[tuple[Hour, Callable[[], None]]]:
        """Judge each evening how the day's orders were served."""
        yield Hour.JUDGE, self.judge

    def __init__(self, firm: Firm) -> None:
        super().__init__(firm)
        n, segments = firm.network, firm.company.segments
        records = [record for name in n.segments if (record := segments[name].loyalty)]
        self.rows: Whole = np.array([k for k, name in enumerate(n.segments) if segments[name].loyalty])
        self.expects, self.sensitivity, self.fall, self.rise, self.most_lost = (
            np.array([[getattr(record, name)] for record in records])
            for name in ("expects", "sensitivity", "fall", "rise", "most_lost")
        )
        self.level: Array = np.ones((len(n.segments), firm.lanes))
        self.due, self.late = np.zeros_like(self.level), np.zeros_like(self.level)  # this month, until today
        self.part: Array = np.full((len(n.segments), len(n.products), firm.lanes), HALF)
        self.stays: Mask = np.zeros(len(firm.weather.temper), dtype=bool)
        self.asked: Mask = np.zeros_like(self.stays)

    def ordered(self, wanted: Array) -> Array:
        """Return the orders of customers at their loyalty; parts of units wait for the next day."""
        exact = wanted * self.level[:, None]
        if not self.firm.company.whole_units:
            return exact
        exact += self.part
        whole: Array = np.floor(exact + TINY)
        np.subtract(exact, whole, out=self.part)
        return whole

    def come_about(self, news: Events, today: slice) -> Array:
        """Return 1 for deals that are kept, 0 for those that a customer gave to a competitor when they first came up."""
        deal = news.deal[today]
        fresh = ~self.asked[deal]
        level = self.level[news.segment[today], news.lane[today]]
        self.stays[deal[fresh]] = self.firm.weather.temper[deal[fresh]] < level[fresh]
        self.asked[deal[fresh]] = True
        return self.stays[deal].astype(np.float64)

    def judge(self) -> None:
        """Note at a day's end what was late; at a month's end move loyalty by it."""
        firm, ledger, today = self.firm, self.firm.ledger, self.firm.today
        if firm.works_today:
            due = ledger.book["due"][today]
            late = new_shortage(due, ledger.level["backlog"], ledger.book["lost"][today])
            late = firm.promises.late_by_wish(late)
            self.due += due.sum(axis=1)
            self.late += late.sum(axis=1)
        if firm.calendar.month[today + 1] != firm.calendar.month[today]:
            self._think()
        ledger.note("loyalty", self.level)

    def _think(self) -> None:
        """Move loyalty towards the level that the service deserves, down fast and up slowly; customers without orders keep theirs."""
        due, late, level = self.due[self.rows], self.late[self.rows], self.level[self.rows]
        missing = np.maximum(self.expects - (1 - late / np.maximum(due, TINY)), 0.0)
        deserved = 1 - np.minimum(self.sensitivity * missing, self.most_lost)
        speed = np.where(deserved < level, self.fall, self.rise)
        self.level[self.rows] = np.where(due > TINY, level + speed * (deserved - level), level)
        self.due[...] = self.late[...] = 0.0
