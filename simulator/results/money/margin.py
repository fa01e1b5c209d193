"""What customers and products earn: the lines of the profit and loss account that can be told by who bought what."""

from __future__ import annotations

import numpy as np

from simulator.kernel.lanes import TINY
from simulator.kernel.units import Array
from simulator.results.money.accounts import sign
from simulator.results.money.journal import Money


def by_order(money: Money, first: int = 0) -> dict[str, Array]:
    """Each line from a day on, (segments, products, lanes)."""
    read, terms = money.read, money.terms
    price, cost = money.read.network.price, read.network.unit_cost[read.network.sold]
    units = shipped(money, first)
    sales = units * price
    pushed = _counted(money, "push_discount", first, sales)
    changes = sales - _at_price_of_day(money, first) if read.price_factors is not None else np.zeros_like(sales)
    owed = money.books.closing["backlog"][first:].sum(axis=0) * price
    back = _counted(money, "sent_back", first, sales)
    rate = (terms.transport, terms.selling, terms.penalty, terms.bad_debt)
    way, selling, late, never = (each[:, None, None] for each in rate)
    return {
        "sales": sales,
        "price_changes": changes,
        "push_discounts": pushed,
        "credits": _credits(money, first, sales),
        "cost_of_goods": units * cost,
        "restocked": _restocked(money, first, back) * cost,
        "transport": sales * way,
        "selling": sales * selling,
        "penalties": owed * late,
        "bad_debt": (sales - changes - pushed) * never,
    }


def shipped(money: Money, first: int) -> Array:
    """Units shipped to each segment from a day on: what fell due and was not lost, less what more is owed."""
    flows, owed = money.books.flows, money.books.closing["backlog"]
    kept = flows["due"][first:].sum(axis=0) - flows["lost"][first:].sum(axis=0)
    return np.asarray(kept - owed[-1] + (owed[first - 1] if first else 0.0))


def earned(lines: dict[str, Array], names: tuple[str, ...]) -> Array:
    """Income less expense of some lines, (segments, products, lanes)."""
    return np.asarray(sum(sign(name) * lines[name] for name in names))


def _counted(money: Money, memo: str, first: int, like: Array) -> Array:
    found = money.books.memos.get(memo)
    return np.zeros_like(like) if found is None else np.asarray(found[first:].sum(axis=0))


def _at_price_of_day(money: Money, first: int) -> Array:
    books, price = money.books, money.read.price_of_day
    served = books.flows["due"] - books.flows["lost"] - np.diff(books.closing["backlog"], axis=0, prepend=0.0)
    return np.asarray(np.einsum("dspl,dp->spl", served[first:], price[first:]))


def _credits(money: Money, first: int, like: Array) -> Array:
    back, price = money.books.memos.get("sent_back"), money.read.price_of_day
    if back is None:
        return np.zeros_like(like)
    by_day = price[first:] if price.ndim == 2 else np.broadcast_to(price, (len(back) - first, len(price)))
    return np.asarray(np.einsum("dspl,dp->spl", back[first:], by_day))


def _restocked(money: Money, first: int, back: Array) -> Array:
    """What came back into stock, told by segment as what was sent back."""
    returned = money.books.flows.get("returned")
    if returned is None:
        return np.zeros_like(back)
    units = returned[first:, money.read.network.sold].sum(axis=0)
    return np.asarray(back / np.maximum(back.sum(axis=0), TINY) * units)
