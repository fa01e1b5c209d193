"""The books: every movement leaves one account and enters another; closing levels are noted once a day."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from simulator.kernel.units import Array, Whole

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
"""What moves in every company."""

EXTRA_FLOWS: dict[str, tuple[str, str]] = {
    "subcontracted": (OUTSIDE, "on_order"),  # made by somebody else
    "scrapped": ("on_order", OUTSIDE),  # bad units beyond those that were expected; below nothing where fewer were
    "rejected": ("on_order", OUTSIDE),  # failed incoming inspection
    "returned": (OUTSIDE, "on_hand"),  # sent back by customers and fit to be sold again
    "expired": ("on_hand", OUTSIDE),  # past its shelf life
    "shrunk": ("on_hand", OUTSIDE),  # lost, broken or stolen
}
"""What moves only where a company has the department for it."""

ALL_FLOWS = FLOWS | EXTRA_FLOWS

EVERYTHING = frozenset({*ALL_FLOWS, *(account for flow in FLOWS.values() for account in flow)})
SCORED = EVERYTHING - {"signed", "order_book", "served"}
"""The books that measures and rules read; the others follow from them."""

Shelf = dict[str, Array]
"""Arrays of books that are done with: fresh memory costs more than all that is written into it."""


def _paper(shelf: Shelf, name: str, shape: tuple[int, ...]) -> Array:
    """An array for a book, from the shelf if one of its size lies there."""
    if name not in shelf or shelf[name].shape != shape:
        shelf[name] = np.zeros(shape)  # days not yet played are read as nothing
    return shelf[name]


class Ledger:
    """Accounts of goods, (items, lanes), and of orders, (segments, products, lanes), with their books by day.

    Beside the books lie memos, (rows, lanes) by day, of what is counted but moves between no accounts: hours, heads.
    Nothing here knows what an account or a memo means.
    """

    def __init__(
        self,
        days: int,
        shapes: Mapping[str, tuple[int, ...]],
        memos: Mapping[str, tuple[int, ...]],
        keep: Collection[str] = EVERYTHING,
        shelf: Shelf | None = None,
    ) -> None:
        """Every flow and account that has a shape; `keep` names the books that are wanted afterwards.

        A shelf lends the paper of books that are done with.
        """
        self.day = 0
        shelf = {} if shelf is None else shelf
        flows = {name: flow for name, flow in ALL_FLOWS.items() if name in shapes}
        self.level: dict[str, Array] = {
            account: np.zeros(shapes[account]) for flow in flows.values() for account in flow if account != OUTSIDE
        }
        self.book = {flow: _paper(shelf, flow, (days, *shapes[flow])) for flow in flows if flow in keep}
        self.memo = {name: _paper(shelf, name, (days, *shape)) for name, shape in memos.items()}
        self.closing = {
            account: _paper(shelf, account, (days, *shapes[account])) for account in self.level if account in keep
        }
        self.turn_page()

    def open(self, account: str, amount: Array) -> None:
        """Put the opening amount into an account."""
        self.level[account] += amount

    def move(self, flow: str, amount: Array, rows: slice | Whole | int = slice(None)) -> None:
        """Move an amount along a flow today; `rows` says which items, if not all."""
        source, target = ALL_FLOWS[flow]
        if flow in self.book:
            self.book[flow][self.day, rows] += amount
        if source != OUTSIDE:
            self.level[source][rows] -= amount
        if target != OUTSIDE:
            self.level[target][rows] += amount

    def note(self, memo: str, amount: Array | float, rows: slice | Whole | int = slice(None)) -> None:
        """Add to what is counted today."""
        self.memo[memo][self.day, rows] += amount

    def close(self) -> None:
        """Note the closing level of every account; tomorrow is a new day."""
        for account, book in self.closing.items():
            book[self.day] = self.level[account]
        self.day += 1
        self.turn_page()

    def turn_page(self) -> None:
        """An empty page in every book; memory is first touched by writing, which costs half of reading it first."""
        for book in (*self.book.values(), *self.memo.values()):
            if self.day < len(book):
                book[self.day] = 0.0
