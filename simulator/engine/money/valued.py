"""The books of goods valued, day by day; what a company does not have is nothing."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from simulator.company.market import price_factors
from simulator.engine.books import Books
from simulator.kernel.ledger import Pages, by_day
from simulator.kernel.units import Array, Whole
from simulator.world.view import read_only

if TYPE_CHECKING:
    from simulator.engine.money.terms import Terms


class Valued:
    """The books of one block of replications, valued: (days, rows, lanes), all days or those from the first of a month on."""

    def __init__(self, books: Books, first: int = 0) -> None:
        self.books, self.company, self.network = books, books.scenario.company, books.scenario.network
        self.first, self.days = first, books.scenario.days
        self.over = slice(first, self.days.count)
        self.shape = (self.days.count - first, books.closing["backlog"].shape[-1])

    @cached_property
    def nothing(self) -> Array:
        """An amount by day that the company does not know; one array for all of them, which nobody adds up."""
        return read_only(np.zeros(self.shape))

    @cached_property
    def no_orders(self) -> Array:
        """An amount by segment that it does not know, (days, segments, lanes)."""
        return read_only(np.zeros((self.shape[0], len(self.network.segments), self.shape[1])))

    def goods(self, flow: str, weights: Array) -> Array:
        """A flow of items times one weight each, summed: (days, lanes)."""
        book = self.books.flows.get(flow)
        return self.nothing if book is None else self._weighed(book, weights)

    def memo(self, name: str, weights: Array) -> Array:
        """Sum a count times one weight a row: (days, lanes)."""
        memo = self.books.memos.get(name)
        return self.nothing if memo is None else self._weighed(memo, weights)

    def _weighed(self, book: Array | Pages, weights: Array) -> Array:
        """Rows of a book times one weight each, summed: (days, lanes)."""
        return by_day(book, self.over, lambda days: np.einsum("dil,i->dl", days, weights))

    def orders(self, name: str, price: Array) -> Array:
        """Value a count of orders at a price for each product: (days, segments, lanes)."""
        memo = self.books.memos.get(name)
        return self.no_orders if memo is None else self._orders_at_price(memo, self.over, price)

    def at_rate(self, by_segment: Array, rates: Array) -> Array:
        """An amount by segment times a rate of each, (days, segments, lanes)."""
        return by_segment * rates[:, None] if rates.any() else self.no_orders

    def all_segments(self, by_segment: Array) -> Array:
        """Sum an amount over the segments, (days, lanes)."""
        return self.nothing if by_segment is self.no_orders else np.asarray(by_segment.sum(axis=1))

    def at_price(self, orders: Array, price: Array) -> Array:
        """Orders at a price for each product, which may differ by day: (days, segments, lanes)."""
        return np.asarray(np.einsum("dspl,dp->dsl" if price.ndim == 2 else "dspl,p->dsl", orders, price))

    def _orders_at_price(self, book: Array | Pages, days: slice, price: Array) -> Array:
        """A book of orders at a price for each product, which may differ by day: (days, segments, lanes)."""
        if price.ndim == 2:
            return self.at_price(book[days], price)
        return by_day(book, days, lambda orders: self.at_price(orders, price))

    @property
    def overtime_hours(self) -> Array:
        """Hours worked beyond the regular ones by day, (days, resources, lanes)."""
        return self.books.overtime_in(self.over)

    @property
    def month_start(self) -> Whole:
        """The first day of each month and the day after the last, from the first of these days on."""
        return np.asarray(self.days.month_start[self.days.month_start >= self.first] - self.first)

    @property
    def _evening_before(self) -> slice:
        """The evening before the first day, if there is one."""
        return slice(max(self.first - 1, 0), self.first)

    def _growth(self, each_evening: Array, before: Array) -> Array:
        """Growth of an amount each evening since the one before; before the first day there was nothing."""
        return np.diff(each_evening, axis=0, prepend=before if self.first else 0.0)

    @cached_property
    def owed(self) -> Array:
        """The backlog of each evening at list price, (days, segments, lanes)."""
        return self._orders_at_price(self.books.closing["backlog"], self.over, self.price)

    @cached_property
    def shipped(self) -> Array:
        """Shipments at list price: units due and not lost, less the growth of backlog. (days, segments, lanes)"""
        flows, owed = self.books.flows, self.books.closing["backlog"]
        due, lost = (self._orders_at_price(flows[name], self.over, self.price) for name in ("due", "lost"))
        return due - lost - self._growth(self.owed, self._orders_at_price(owed, self._evening_before, self.price))

    @cached_property
    def shipped_at_price_of_day(self) -> Array:
        """Shipments at the price of the day of shipment."""
        if self.price_factors is None:
            return self.shipped
        served = self.books.flows["due"][self.over] - self.books.flows["lost"][self.over]
        owed = self.books.closing["backlog"]
        served -= self._growth(owed[self.over], owed[self._evening_before])
        return self.at_price(served, self.price_of_day)

    @property
    def price_of_day(self) -> Array:
        """The price of each product, by day where it changes: ([days,] products)."""
        return self.price if self.price_factors is None else self.price * self.price_factors

    def delivered(self, terms: Terms) -> Array:
        """Return accepted deliveries at their real price, by days until payment: (days, terms, lanes)."""
        memo, waits = self.books.memos.get("delivered_value"), terms.supplier_terms
        if memo is None:
            parts = [self.goods("received", terms.bought_at(wait)) for wait in waits]
        else:
            parts = [memo[self.over, terms.days_to_suppliers == wait].sum(axis=1) for wait in waits]
        return np.stack(parts, axis=1) if parts else np.zeros((self.shape[0], 0, self.shape[1]))

    @cached_property
    def price(self) -> Array:
        """List prices, (products,)."""
        return np.asarray(self.network.price[:, 0])

    @cached_property
    def price_factors(self) -> Array | None:
        """The price of the day over the list price, (days, products); nothing where prices never change."""
        factors = price_factors(self.books.company, self.books.scenario.days)
        return None if factors is None else factors[self.over, :, 0]
