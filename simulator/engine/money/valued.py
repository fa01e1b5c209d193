"""The books of goods valued, day by day; what a company does not have is nothing."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from simulator.company.market import price_factors
from simulator.engine.books import Books
from simulator.kernel.units import Array

if TYPE_CHECKING:
    from simulator.engine.money.terms import Terms


class Valued:
    """The books of one block of replications, valued: (days, rows, lanes)."""

    def __init__(self, books: Books, memory: dict[str, Array] | None = None) -> None:
        """Value books; days that were valued before are taken from the memory, and what is valued now is kept in it."""
        self.memory = memory
        self.books, self.company, self.network = books, books.scenario.company, books.scenario.network
        self.days = books.scenario.days
        self.shape = (self.days.count, books.closing["backlog"].shape[-1])

    @property
    def nothing(self) -> Array:
        """An amount by day that the company does not know."""
        return np.zeros(self.shape)

    def goods(self, flow: str, weights: Array) -> Array:
        """A flow of items times one weight each, summed: (days, lanes)."""
        book = self.books.flows.get(flow)
        return self.nothing if book is None else self._summed(flow, "dil", book, weights, "dl")

    def memo(self, name: str, weights: Array) -> Array:
        """Sum a count times one weight a row: (days, lanes)."""
        memo = self.books.memos.get(name)
        return self.nothing if memo is None else self._summed(name, "dil", memo, weights, "dl")

    def orders(self, name: str, price: Array) -> Array:
        """Value a count of orders at a price for each product: (days, segments, lanes)."""
        memo = self.books.memos.get(name)
        if memo is None:
            return np.zeros((self.shape[0], len(self.network.segments), self.shape[1]))
        return self.at_price(memo, price, name)

    def at_price(self, orders: Array, price: Array, name: str) -> Array:
        """Orders, by the name of their book, at a price for each product, which may differ by day: (days, segments, lanes)."""
        return self._summed(name, "dspl", orders, price, "dsl")

    def _summed(self, name: str, axes: str, book: Array, weights: Array, over: str) -> Array:
        """Sum a book times the weights of its rows, which may differ by day; of days that are remembered nothing is summed again."""
        rows, key = axes[-2], ""
        each = f"d{rows}" if weights.ndim == 2 else rows
        before = np.zeros((0,))
        if self.memory is not None:
            key = f"{name} {weights.tobytes().hex() if weights.ndim == 1 else 'by day'}"
            before = self.memory.get(key, before)
        known = len(before)
        if known == len(book):
            return before
        mine = weights[known:] if weights.ndim == 2 else weights
        found = np.asarray(np.einsum(f"{axes},{each}->{over}", book[known:], mine))
        if self.memory is not None:
            found = self.memory[key] = np.concatenate([before, found]) if known else found
        return found

    @cached_property
    def owed(self) -> Array:
        """The backlog of each evening at list price, (days, segments, lanes)."""
        return self.at_price(self.books.closing["backlog"], self.price, "backlog")

    @cached_property
    def shipped(self) -> Array:
        """Shipments at list price: units due and not lost, less the growth of backlog. (days, segments, lanes)"""
        flows = self.books.flows
        kept = self.at_price(flows["due"], self.price, "due") - self.at_price(flows["lost"], self.price, "lost")
        return kept - np.diff(self.owed, axis=0, prepend=0.0)

    @cached_property
    def shipped_at_price_of_day(self) -> Array:
        """Shipments at the price of the day of shipment."""
        if self.price_factors is None:
            return self.shipped
        served = self.books.flows["due"] - self.books.flows["lost"]
        served -= np.diff(self.books.closing["backlog"], axis=0, prepend=0.0)
        return self.at_price(served, self.price_of_day, "served")

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
            parts = [memo[:, terms.days_to_suppliers == wait].sum(axis=1) for wait in waits]
        return np.stack(parts, axis=1) if parts else np.zeros((self.shape[0], 0, self.shape[1]))

    @cached_property
    def price(self) -> Array:
        """List prices, (products,)."""
        return np.asarray(self.network.price[:, 0])

    @cached_property
    def price_factors(self) -> Array | None:
        """The price of the day over the list price, (days, products); nothing where prices never change."""
        factors = price_factors(self.books.company, self.books.scenario.days)
        return None if factors is None else factors[:, :, 0]
