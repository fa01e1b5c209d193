"""The life of a product in a history: sold from the first day to the last, new, or gone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from simulator.company.buckets import period_end
from simulator.company.calendar import Days
from simulator.company.history import OrderLines
from simulator.kernel.units import Array, Mask, Whole

QUIET_MONTHS = 62  # days without a sale at an end of the history that any product may have ...
QUIET_GAPS = 6  # ... and mean gaps between its sales: chance alone leaves longer ones in one product of 400
FEWEST_SALES = 3  # fewer tell no gap
BUSY_MONTH = 5  # rows a month from which one without any is a month that the file lacks


@dataclass(frozen=True)
class Lives:
    """Hold the first and last day of each product's life, by the days of the history."""

    first: Whole
    last: Whole
    count: int

    @property
    def whole(self) -> Mask:
        """Products sold all the time."""
        return np.asarray((self.first == 0) & (self.last == self.count - 1))

    def alive(self, days: Days) -> Array:
        """1 on the days of each product's life: (days, products)."""
        day = np.arange(days.count)[:, None]
        return ((day >= self.first) & (day <= self.last)).astype(np.float64)

    def since(self, product: int, days: Days) -> dt.date | None:
        """The first day of a product that was not there before."""
        return days.date(int(self.first[product])) if self.first[product] > 0 else None

    def until(self, product: int, days: Days) -> dt.date | None:
        """The last day of a product that is gone."""
        return days.date(int(self.last[product])) if self.last[product] < self.count - 1 else None

    @staticmethod
    def closed_months(lines: OrderLines) -> bool:
        """Tell if months without a row are months that the file lacks: others have many."""
        month = lines.date.astype("datetime64[M]").astype(np.int64)
        rows = np.bincount(month - month.min()) if len(month) else np.zeros(1)
        return bool(np.median(rows[rows > 0]) >= BUSY_MONTH) if rows.any() else False


def product_lives(lines: OrderLines, days: Days) -> Lives:
    """A product is new, or gone, if it is quiet at an end for far longer than between its sales."""
    first, last = np.zeros(len(lines.products), dtype=np.int64), np.full(len(lines.products), days.count - 1)
    start = np.datetime64(lines.start, "D")
    for product in np.unique(lines.product):
        periods = np.unique(lines.date[lines.product == product])
        sales = np.clip((periods - start).astype(np.int64), 0, days.count - 1)
        ends = np.clip((period_end(periods, lines.bucket) - 1 - start).astype(np.int64), 0, days.count - 1)
        if len(sales) < FEWEST_SALES:
            continue
        quiet = max(QUIET_MONTHS, QUIET_GAPS * (sales[-1] - sales[0]) / (len(sales) - 1))
        if sales[0] > quiet:
            first[product] = sales[0]
        if days.count - 1 - ends[-1] > quiet:
            last[product] = ends[-1]
    return Lives(first, last, days.count)
