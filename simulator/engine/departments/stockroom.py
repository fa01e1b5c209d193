"""The stockroom: what the record says and what is on the shelf, and counts that put it right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from simulator.company import Company
from simulator.engine.departments.department import Department, whole_units
from simulator.kernel.clock import Hour
from simulator.kernel.lanes import total
from simulator.kernel.units import DAYS_A_YEAR, Array, Mask, Whole
from simulator.world.luck.records import BOOKING_DAYS

if TYPE_CHECKING:
    from simulator.engine.firm import Firm

CLASSES = (0.80, 0.95)
"""Shares of annual value up to which an item is of class A, and of class B."""


class Stockroom(Department):
    """Keep the difference between each item's record and its shelf; planners see the record, pickers the shelf."""

    name = "stockroom"
    flows = ("shrunk",)
    memos = {"counted": "items", "recorded": "items"}

    @classmethod
    def wanted(cls, company: Company) -> bool:
        """Tell if the company describes the accuracy of its records."""
        return company.stockroom is not None

    def __init__(self, firm: Firm) -> None:
        super().__init__(firm)
        assert firm.company.stockroom is not None
        self.habits, items = firm.company.stockroom, (len(firm.network.names), firm.lanes)
        self.error: Array = np.zeros(items)  # record less shelf
        self.broken: Array = np.zeros(items)  # part of a unit that is lost
        self.weekly_loss = 1 - (1 - self.habits.shrinkage) ** (12 * BOOKING_DAYS / DAYS_A_YEAR)
        self.interval: Whole = np.zeros(items, dtype=np.int64)
        self.next_count: Whole = np.zeros(items, dtype=np.int64)
        self.turn: Whole = np.array(
            [[crc32(name.encode()) % 10_000] for name in firm.network.names]
        )  # not all on one day

    @property
    def record(self) -> Array:
        """Return stock on hand by the record, (items, lanes)."""
        record = self.firm.ledger.level["on_hand"] + self.error
        return np.maximum(np.rint(record) if self.firm.company.whole_units else record, 0.0)

    def day(self) -> Iterator[tuple[Hour, Callable[[], None]]]:
        """Count in the morning the items whose turn it is; note each night what the record says."""
        if self.habits.count:
            yield Hour.COUNT, self.count
        yield Hour.WRITE_OFF, self.close_the_day

    def count(self) -> None:
        """Count the items whose turn it is, and put their records right; once a year sort them into classes."""
        firm, today, counts = self.firm, self.firm.today, self.habits.count
        if counts is None or not firm.works_today:
            return
        if firm.view.month % 12 == 0 and today == firm.days.first_worked[firm.view.month]:
            self.interval = np.array([counts.a, counts.b, counts.c])[self._classes()]
            self.next_count = today + self.turn % self.interval
        due = self.next_count <= today
        self.next_count[due] += self.interval[due]
        self.put_right(due)
        firm.ledger.note("counted", np.where(due, 1.0, 0.0))

    def _classes(self) -> Whole:
        """Class 0, 1 or 2 of each item by last year's value of use; all are of the first where no past is known."""
        firm = self.firm
        known = firm.past_months + firm.view.month
        demand = total(firm.demand_by_month[max(0, known - 12) : known])
        value = firm.network.total_use.flow(demand) * firm.network.unit_cost
        order = np.argsort(-value, axis=0, kind="stable")
        ranked = np.take_along_axis(value, order, axis=0)
        before, everything = np.cumsum(ranked, axis=0) - ranked, total(ranked)
        classes = np.zeros(value.shape, dtype=np.int64)
        np.put_along_axis(
            classes, order, sum((before > share * everything).astype(np.int64) for share in CLASSES), axis=0
        )
        return classes

    def put_right(self, where: Mask, rows: slice = slice(None)) -> None:
        """The record says what is on the shelf: it was counted, or a picker found the shelf empty."""
        np.copyto(self.error[rows], 0.0, where=where)

    def close_the_day(self) -> None:
        """Note the record; once a week lose part of the stock and book wrongly, unseen."""
        firm = self.firm
        if firm.today % BOOKING_DAYS == BOOKING_DAYS - 1:
            self._misbook()
            self._lose()
        np.maximum(self.error, -firm.ledger.level["on_hand"], out=self.error)  # an issue below nothing would be noticed
        firm.ledger.note("recorded", self.record)

    def _misbook(self) -> None:
        """Some of what the week's bookings say is not so."""
        firm, book = self.firm, self.firm.ledger.book
        if firm.weather.misbooked is None:
            return
        week = slice(firm.today - BOOKING_DAYS + 1, firm.today + 1)
        moved = total(book["received"][week]) + total(book["consumed"][week])
        moved[firm.network.sold] += total(book["shipped"][week])
        self.error += self.habits.drift * firm.weather.misbooked[firm.today // BOOKING_DAYS] * moved

    def _lose(self) -> None:
        """Lose some of the stock, broken or stolen, without a change of the record."""
        if not self.habits.shrinkage:
            return
        gone = whole_units(self.firm, self.firm.ledger.level["on_hand"] * self.weekly_loss, self.broken)
        self.firm.ledger.move("shrunk", gone)
        self.error += gone
