"""Goods on their way back: what customers will send back of what they were sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.engine.departments.department import whole_units
from simulator.kernel.lanes import total
from simulator.kernel.units import Array, Whole
from simulator.world.luck.quality import trouble_days

if TYPE_CHECKING:
    from simulator.engine.firm import Firm


class Sendings:
    """Keep the returns of each day, by segment and product."""

    def __init__(self, firm: Firm) -> None:
        self.firm, n = firm, firm.network
        segments = [firm.company.segments[name].returns for name in n.segments]
        self.segments: Whole = np.array([s for s, returns in enumerate(segments) if returns], dtype=np.int64)
        returns = [r for r in segments if r]
        self.share = np.array([r.share for r in returns]).reshape(-1, 1, 1)
        fit_again = np.array([r.restock for r in returns]).reshape(-1, 1, 1)
        self.restock: Array = fit_again * np.isinf(n.shelf_life[n.sold])  # nobody sells what may go bad a second time
        shape = (len(self.segments), len(n.products), firm.lanes)
        self.broken_back: Array = np.zeros(shape)
        self.broken_fit: Array = np.zeros(shape[1:])
        self.back: Array = np.zeros((shape[0], self._longest() + 1, *shape[:0:-1]))  # (segments, days, lanes, products)
        self.trouble = _trouble(firm)

    def _longest(self) -> int:
        """Days until the last of what is shipped on a day can be back, days off included."""
        days = self.firm.weather.return_days
        if days is None:
            return 0
        run = np.arange(len(days))
        return int((self._opens(run + days.max(axis=(1, 2))) - run).max())

    def _opens(self, day: Whole) -> Whole:
        """The working day on which goods that arrive on a day are taken in."""
        calendar = self.firm.calendar
        return calendar.next_working[np.minimum(day, calendar.count - 1)]

    def expect(self, shipped: Array) -> None:
        """Of what is shipped today, (segments, products, lanes), a share will be back."""
        days = self.firm.weather.return_days
        if days is None:
            return
        share = self.share if self.trouble is None else self.share + self.trouble[self.firm.today]
        units = whole_units(self.firm, shipped[self.segments] * share, self.broken_back)
        day = self._opens(self.firm.today + days[self.firm.today].astype(np.int64)) % self.back.shape[1]
        self.back[np.arange(len(day))[:, None], day, np.arange(day.shape[1])] += units.swapaxes(1, 2)

    def take_back(self) -> None:
        """Credit today's returns; units fit to be sold again enter stock, the rest is scrap."""
        today, ledger = self.back[:, self.firm.today % self.back.shape[1]], self.firm.ledger
        if not today.any():
            return
        units = np.ascontiguousarray(today.swapaxes(1, 2))
        ledger.note("sent_back", units, self.segments)
        fit = whole_units(self.firm, total(units * self.restock), self.broken_fit)
        ledger.move("returned", fit, self.firm.network.sold)
        today[...] = 0.0


def _trouble(firm: Firm) -> Array | None:
    """Return the share sent back beside the usual one, by day of shipment: (days, products, 1); None if there is none."""
    table = np.zeros((firm.days.count, len(firm.network.products), 1))
    for product, item in enumerate(firm.company.products.values()):
        for trouble in item.make.trouble if item.make else ():
            table[trouble_days(trouble, firm.days), product] = trouble.sent_back
    return table if table.any() else None
