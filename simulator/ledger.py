"""The books: every movement leaves one account and enters another; closing levels are noted once a day."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from simulator.units import Array, Whole

OUTSIDE = "outside"
"""Markets, suppliers and the floor's conversion: what comes from there or goes there is the flow itself."""

GOODS_FLOWS: dict[str, tuple[str, str]] = {
    "released": (OUTSIDE, "on_order"),  # bought: ordered from a supplier; made: good units started on the floor
    "received": ("on_order", "on_hand"),
    "consumed": ("on_hand", OUTSIDE),  # into products
    "shipped": ("on_hand", OUTSIDE),  # to customers
}
ORDER_FLOWS: dict[str, tuple[str, str]] = {
    "signed": (OUTSIDE, "order_book"),
    "due": ("order_book", "backlog"),
    "served": ("backlog", OUTSIDE),
    "lost": ("backlog", OUTSIDE),
}
FLOWS = GOODS_FLOWS | ORDER_FLOWS


class Ledger:
    """Accounts of goods, (items, lanes), and of orders, (segments, products, lanes), with their books by day.

    Accounts of money join as further flows; nothing here knows what an account means.
    """

    def __init__(self, days: int, shapes: Mapping[str, tuple[int, ...]], flows: Mapping[str, tuple[str, str]] = FLOWS) -> None:
        self.day = 0
        self.flows = flows
        self.level: dict[str, Array] = {}
        self.book: dict[str, Array] = {}
        for flow, (source, target) in flows.items():
            self.book[flow] = np.empty((days, *shapes[flow]))
            for account in (source, target):
                if account != OUTSIDE and account not in self.level:
                    self.level[account] = np.zeros(shapes[account])
        self.closing = {account: np.empty((days, *level.shape)) for account, level in self.level.items()}
        self._turn_page()

    def open(self, account: str, amount: Array) -> None:
        """Put the opening amount into an account."""
        self.level[account] += amount

    def move(self, flow: str, amount: Array, rows: slice | Whole | int = slice(None)) -> None:
        """Move an amount along a flow today; `rows` says which items, if not all."""
        source, target = self.flows[flow]
        self.book[flow][self.day, rows] += amount
        if source != OUTSIDE:
            self.level[source][rows] -= amount
        if target != OUTSIDE:
            self.level[target][rows] += amount

    def close(self) -> None:
        """Note the closing level of every account; tomorrow is a new day."""
        for account, level in self.level.items():
            self.closing[account][self.day] = level
        self.day += 1
        self._turn_page()

    def _turn_page(self) -> None:
        """An empty page in every book; memory is first touched by writing, which costs half of reading it first."""
        for book in self.book.values():
            if self.day < len(book):
                book[self.day] = 0.0
