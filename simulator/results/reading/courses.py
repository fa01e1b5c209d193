"""Courses of a company through time: by day and family, and by month as a whole."""

from __future__ import annotations

import numpy as np

from simulator.engine.books import Books
from simulator.kernel.units import Array
from simulator.results.reading.record import Reading, with_total

BY_MONTH = {"demand": "units", "shipped": "units", "production": "units", "stock": "money", "backlog": "money"}
"""What is followed month by month: goods that moved in it, stock at cost and backlog at price at its end."""


def families_by_day(books: Books) -> dict[str, Array]:
    """Demand, production, shipments, stock and backlog of each family: (days, families and total, lanes)."""
    read, sold = Reading(books), books.scenario.network.sold
    by_product = {
        "demand": books.flows["due"].sum(axis=1),
        "production": np.where(read.is_made, books.flows["released"][:, sold], 0.0),
        "shipped": books.flows["shipped"][:, sold],
        "stock": books.closing["on_hand"][:, sold],
        "backlog": books.closing["backlog"].sum(axis=1),
    }
    return {name: with_total(read.by_family(amount), axis=1) for name, amount in by_product.items()}


def company_by_month(books: Books) -> Array:
    """The whole company by month: (kinds, months, lanes)."""
    read = Reading(books)
    return np.stack([_month(read, *read.span_of(month)) for month in range(books.scenario.days.months)], axis=1)


def _month(read: Reading, first: int, end: int) -> Array:
    """A figure of each kind of one month, (kinds, lanes)."""
    n = read.network
    return np.stack(
        [
            read.due(first, end).sum(axis=(0, 1)),
            read.shipped(first, end).sum(axis=0),
            read.started(first, end).sum(axis=0),
            (read.on_hand(end - 1) * n.unit_cost[n.sold]).sum(axis=0),
            (read.owed(end - 1) * n.price).sum(axis=0),
        ]
    )


def mean_levels(books: Books) -> Array:
    """Mean stock and backlog of each month, in money: (kinds, months, lanes)."""
    n, days = books.scenario.network, books.scenario.days
    stock = (books.closing["on_hand"] * n.unit_cost).sum(axis=1)
    owed = (books.closing["backlog"] * n.price).sum(axis=(1, 2))
    length = np.diff(days.month_start)[:, None]
    return np.stack([np.add.reduceat(level, days.month_start[:-1], axis=0) / length for level in (stock, owed)])
