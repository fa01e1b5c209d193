"""Earnings by customer and product: the lines of the profit and loss account that can be split by order."""

from __future__ import annotations

import numpy as np

from simulator.engine.money.accounts import sign
from simulator.engine.money.journal import ALWAYS, Money
from simulator.kernel.lanes import TINY
from simulator.kernel.units import Array
from simulator.results.reading.record import Reading


def by_order(money: Money, over: slice = ALWAYS) -> dict[str, Array]:
    """Each line over some days, (segments, products, lanes)."""
    read, terms = money.read, money.terms
    price, cost = money.read.network.price, read.network.unit_cost[read.network.sold]
    over = slice(*over.indices(len(money.books.closing["backlog"])))
    units = Reading(money.books).served(over.start, over.stop)
    sales = units * price
    pushed = _counted(money, "push_discount", over, sales)
    changes = sales - _at_price_of_day(money, over) if read.price_factors is not None else np.zeros_like(sales)
    owed = money.books.closing["backlog"][over].sum(axis=0) * price
    back = _counted(money, "sent_back", over, sales)
    rate = (terms.transport, terms.selling, terms.penalty, terms.bad_debt)
    way, selling, late, never = (each[:, None, None] for each in rate)
    return {
        "sales": sales,
        "price_changes": changes,
        "push_discounts": pushed,
        "credits": _credits(money, over, sales),
        "cost_of_goods": units * cost,
        "restocked": _restocked(money, over, back) * cost,
        "transport": sales * way,
        "selling": sales * selling,
        "penalties": owed * late,
        "bad_debt": (sales - changes - pushed) * never,
    }


def earned(lines: dict[str, Array], names: tuple[str, ...]) -> Array:
    """Income less expense of some lines, (segments, products, lanes)."""
    return np.asarray(sum(sign(name) * lines[name] for name in names))


def _counted(money: Money, memo: str, over: slice, like: Array) -> Array:
    found = money.books.memos.get(memo)
    return np.zeros_like(like) if found is None else np.asarray(found[over].sum(axis=0))


def _at_price_of_day(money: Money, over: slice) -> Array:
    books, price = money.books, money.read.price_of_day
    served = books.flows["due"] - books.flows["lost"] - np.diff(books.closing["backlog"], axis=0, prepend=0.0)
    return np.asarray(np.einsum("dspl,dp->spl", served[over], price[over]))


def _credits(money: Money, over: slice, like: Array) -> Array:
    back, price = money.books.memos.get("sent_back"), money.read.price_of_day
    if back is None:
        return np.zeros_like(like)
    by_day = price[over] if price.ndim == 2 else np.broadcast_to(price, (len(back[over]), len(price)))
    return np.asarray(np.einsum("dspl,dp->spl", back[over], by_day))


def _restocked(money: Money, over: slice, back: Array) -> Array:
    """Split goods that came back into stock over segments as returns were sent."""
    returned = money.books.flows.get("returned")
    if returned is None:
        return np.zeros_like(back)
    units = returned[over, money.read.network.sold].sum(axis=0)
    return np.asarray(back / np.maximum(back.sum(axis=0), TINY) * units)
