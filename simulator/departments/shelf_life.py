"""Shelf life: first expired, first out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.units import Array, Whole

if TYPE_CHECKING:
    from simulator.firm import Firm


class Freshness:
    """How much of the stock that has a shelf life can still be used tomorrow.

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
        """What must be used today or is lost, (items with a shelf life, lanes)."""
        return np.maximum(self.firm.ledger.level["on_hand"][self.rows] - self.fresh, 0.0)

    def leave_out(self, position: Array) -> None:
        """No planner counts on what is on its last day."""
        if self.rows.size:
            position[self.rows] -= self.on_last_day()

    def expire(self) -> None:
        """Take what is past its life off the shelf."""
        if self.rows.size:
            self.firm.ledger.move("expired", self.on_last_day(), self.rows)
