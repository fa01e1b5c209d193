"""Scheduled receipts by the day on which they are due: first in, first out."""

from __future__ import annotations

import numpy as np

from simulator.kernel.lanes import TINY, between
from simulator.kernel.units import Array, Whole

RECENT = 365
"""Days of receipts from which lateness is learnt."""


def due_before(on_order: Array, placed: Array, lead_time: Array, days: Whole) -> Array:
    """Work out the scheduled receipts due before each of some days ahead, (days ahead, rows, lanes).

    `placed` is the amount put on order on each day up to yesterday, the latest last, (days, rows, lanes); `lead_time` is
    in days, (rows, 1 or lanes). Orders from before these days are taken as placed evenly over the rest of the lead time.
    Overdue orders count as due now.
    """
    known, (rows, lanes) = len(placed), on_order.shape
    latest = np.zeros((rows, known + 2, lanes))  # of the last 0, 1, 2, ... days
    for days_ago, amount in enumerate(placed[::-1]):
        np.add(latest[:, days_ago], amount, out=latest[:, days_ago + 1])
    latest[:, -1] = latest[:, -2]
    # An order so old is due by then, (rows, days ahead, 1 or lanes).
    age = np.maximum(lead_time[:, None] - days[:, None], 0.0)
    not_due = between(latest, np.minimum(age, known))
    before = np.maximum(on_order - latest[:, -1], 0.0)[:, None]
    unknown = np.maximum(lead_time - known, 0.0)[:, None]
    not_due = not_due + before * np.where(unknown > 0, np.maximum(age - known, 0.0) / np.maximum(unknown, TINY), 0.0)
    return np.ascontiguousarray(np.maximum(on_order[:, None] - not_due, 0.0).swapaxes(0, 1))


def lateness(on_order: Array, received: Array, lead_time: Array) -> Array:
    """Learn the days by which receipts come later than planned, from the sums of levels and receipts over past days, (rows, lanes).

    The mean time on order is the mean level over the receipts a day (Little 1961); nothing before anything was received.
    """
    days = on_order / np.maximum(received, TINY)
    return np.where(received > TINY, np.maximum(days - lead_time, 0.0), 0.0)
