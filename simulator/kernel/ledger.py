"""The books: every movement leaves one account and enters another; closing levels are noted once a day."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from itertools import accumulate, pairwise
from math import prod
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from simulator.kernel.lanes import repeated
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
"""Paper of books that are done with: fresh memory costs more than all that is written into it."""

_PAPER = "paper"


def _papers(shelf: Shelf, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Array]:
    """An array for each book, cut from one piece: of large pieces the system hands out large pages, which come at a fourth of the time."""
    sizes = [prod(shape) for shape in shapes.values()]
    if _PAPER not in shelf or shelf[_PAPER].size != sum(sizes):
        shelf[_PAPER] = np.zeros(sum(sizes))  # days not yet played are read as nothing
    ends = list(accumulate(sizes, initial=0))
    return {
        name: shelf[_PAPER][first:end].reshape(shape)
        for (name, shape), (first, end) in zip(shapes.items(), pairwise(ends), strict=True)
    }


class Pages(NDArrayOperatorsMixin):
    """A book whose first pages are kept in few lanes, since many of its lanes have them in common.

    It is read by day as an array, (days, rows..., lanes), is, and written from its first page in all lanes on.
    """

    def __init__(self, early: Array, late: Array, place: Whole) -> None:
        """The first pages, those after them, and the lane of the first ones from which each lane goes on."""
        self._early, self._late, self._place, self._cut = early, late, place, len(early)
        self._shape: tuple[int, ...] = (len(early) + len(late), *late.shape[1:])
        self._alone = int(place[0]) if place.size and (place == place[0]).all() else -1

    @property
    def shape(self) -> tuple[int, ...]:
        """Days, rows and lanes."""
        return self._shape

    def __len__(self) -> int:
        return self._shape[0]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(np.asarray(self), name)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.asarray(self._days(0, len(self), ()), dtype=dtype)

    def __array_ufunc__(self, function: Any, method: str, *inputs: Any, **options: Any) -> Any:
        return getattr(function, method)(*(np.asarray(x) if isinstance(x, Pages) else x for x in inputs), **options)

    def __getitem__(self, key: Any) -> Any:
        day, rest = (key[0], key[1:]) if isinstance(key, tuple) else (key, ())
        if isinstance(day, slice):
            first, end, step = day.indices(len(self))
            return self._days(first, end, rest) if step == 1 else np.asarray(self)[key]
        if isinstance(day, int | np.integer):
            day = int(day) + (len(self) if day < 0 else 0)
            return (
                self._late[(day - self._cut, *rest)] if day >= self._cut else self._days(day, day + 1, ())[(0, *rest)]
            )
        if day is Ellipsis and len(rest) == 1 and isinstance(rest[0], slice):
            return Pages(self._early, self._late[..., rest[0]], self._place[rest[0]])
        if isinstance(day, np.ndarray) and day.size and day.dtype != bool and (first := int(day.min())) >= 0:
            return self._days(first, int(day.max()) + 1, ())[(day - first, *rest)]
        return np.asarray(self)[key]

    def __setitem__(self, key: Any, amount: Any) -> None:
        day, rest = (key[0], key[1:]) if isinstance(key, tuple) else (key, ())
        assert day >= self._cut, "this page is shared by many lanes"
        self._late[(day - self._cut, *rest)] = amount

    def _days(self, first: int, end: int, rest: tuple[Any, ...]) -> Array:
        """The pages of some days, or some rows of them; of later ones nothing is copied."""
        cut = self._cut
        if first >= cut:
            return self._late[(slice(first - cut, max(end - cut, 0)), *rest)]
        if len(rest) >= self._late.ndim - 1 or any(each is Ellipsis or each is None for each in rest):
            return np.asarray(self._days(first, end, ())[(slice(None), *rest)])  # lanes are named, too
        before = self._early[(slice(first, min(end, cut)), *rest)]
        if self._alone >= 0:
            one = before[..., self._alone : self._alone + 1]
            before = np.broadcast_to(one, (*before.shape[:-1], len(self._place)))
        else:
            before = repeated(before, self._place)
        return np.concatenate([before, self._late[(slice(0, end - cut), *rest)]]) if end > cut else before

    def by_day(self, days: slice, work: Callable[[Array], Array]) -> Array:
        """Work out something of each of these days; of pages that lanes have in common only once."""
        first, end, _ = days.indices(len(self))
        cut = self._cut
        if first >= cut:
            return work(self._late[first - cut : end - cut])
        early = repeated(work(self._early[first : min(end, cut)]), self._place)
        return early if end <= cut else np.concatenate([early, work(self._late[: end - cut])])


def by_day(book: Array | Pages, days: slice, work: Callable[[Array], Array]) -> Array:
    """Work out something of each of these days by itself: (days, rows..., lanes) to (days, ..., lanes)."""
    return book.by_day(days, work) if isinstance(book, Pages) else work(book[days])


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
        kept = {name: shapes[name] for name in (*flows, *self.level) if name in keep}
        papers = _papers(shelf, {name: (days, *shape) for name, shape in (kept | dict(memos)).items()})
        self.book = {flow: papers[flow] for flow in flows if flow in keep}
        self.memo = {name: papers[name] for name in memos}
        self.closing = {account: papers[account] for account in self.level if account in keep}
        self.turn_page()

    def open(self, account: str, amount: Array) -> None:
        """Put the opening amount into an account."""
        self.level[account] += amount

    def move(self, flow: str, amount: Array, rows: slice | Whole | int = slice(None)) -> None:
        """Move an amount along a flow today; `rows` says which items, if not all."""
        source, target = ALL_FLOWS[flow]
        if flow in self.book:
            self.book[flow][self.day][rows] += amount
        if source != OUTSIDE:
            self.level[source][rows] -= amount
        if target != OUTSIDE:
            self.level[target][rows] += amount

    def note(self, memo: str, amount: Array | float, rows: slice | Whole | int = slice(None)) -> None:
        """Add to what is counted today."""
        self.memo[memo][self.day][rows] += amount

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
