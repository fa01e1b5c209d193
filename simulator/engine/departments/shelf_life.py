"""Shelf life: first expired, first out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.kernel.units import Array, Whole

if TYPE_CHECKING:
    from simulator.engine.firm import Firm


class Freshness:
    """Keep the age of stock that has a shelf life.

    The oldest goes out first, so that what is on hand is the newest of what came in; what is on hand
    beyond the receipts of the last days is past its life. Opening stock counts as received on the first day.
    """

    def __init__(self, firm: Firm) -> None:
        self.firm, n = firm, firm.network
        self.rows = n.perishable
        life = n.shelf_life[self.rows, 0].astype(np.int64)
        self.by_life: list[tuple[int, Whole]] = [(int(days), np.flatnonzero(life == days)) for days in np.unique(life)]
        self.opened: Array = firm.opened["on_hand"][self.rows]
        self.fresh: Array = self.opened.copy()  # received lately enough

    def pass_a_day(self) -> None:
        """This morning's receipts are fresh; those that came a life ago, this day included, are on their last day."""
        if not self.rows.size:
            return
        received, today = self.firm.ledger.book["received"], self.firm.today
        self.fresh += received[today, self.rows]
        for life, mine in self.by_life:
            first = today - life + 1
            if first >= 0:
                self.fresh[mine] -= received[first, self.rows[mine]]
            if first == 0:
                self.fresh[mine] -= self.opened[mine]

    def on_last_day(self) -> Array:
        """Return stock that must be used today or is lost, (items with a shelf life, lanes)."""
        return np.maximum(self.firm.ledger.level["on_hand"][self.rows] - self.fresh, 0.0)

    def expected_waste(self, use: Array, days: Array, owed: Array, today: float) -> Array:
        """Estimate the stock past its life by the end of the given days from now, (items with a shelf life, lanes).

        The oldest goes out first, at the use a day that is expected beyond what is owed: of what expires by a day, what
        nobody takes by then is lost, and the most of that over the days is lost in all (Broekmeulen & van Donselaar 2009).
        What is on order counts as received when it is due. `today` is the part of today's use that is still to come.
        """
        waste = self.on_last_day()
        last = int(np.max(days, initial=0))
        for life, mine in self.by_life:
            longest = int(self.firm.network.lead_time[self.rows[mine]].max())
            ahead = np.arange(1, min(last, life + longest) + 1)
            gone = np.add.accumulate([waste[mine], *self._last_used_in(ahead, life, mine)])[1:]
            ahead = ahead[:, None, None]
            lost = np.where(ahead <= days[mine], gone - owed[mine] - use[mine] * (ahead + today), 0.0)
            waste[mine] = np.maximum(waste[mine], lost.max(axis=0, initial=0.0))
        return waste

    def _last_used_in(self, ahead: Whole, life: int, mine: Whole) -> Array:
        """Return units that can be used until so many days ahead and no longer, by their day of receipt: (days, items, lanes)."""
        book, today, rows = self.firm.ledger.book, self.firm.today, self.rows[mine]
        came = today + ahead - life + 1
        found = np.zeros((len(ahead), len(rows), self.firm.lanes))
        there, later = (came >= 0) & (came <= today), came > today
        found[there] = book["received"][came[there, None], rows]
        found[came == 0] += self.opened[mine]
        ordered = came[later, None] - self.firm.network.lead_time[rows, 0].astype(np.int64)
        known = (ordered >= 0) & (ordered < today)
        found[later] = np.where(known[..., None], book["released"][np.clip(ordered, 0, today), rows], 0.0)
        return found

    def expire(self) -> None:
        """Take what is past its life off the shelf."""
        if self.rows.size:
            self.firm.ledger.move("expired", self.on_last_day(), self.rows)
