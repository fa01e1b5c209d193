"""The floor's queue: released units that were not started by the evening, and the part or resource that held each back."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from simulator.kernel.clock import WEEK
from simulator.kernel.lanes import TINY
from simulator.kernel.units import Array, Whole
from simulator.results.reading.record import Reading

__all__ = ["Queue"]


class Queue:
    """Made items that waited on the evenings of some days, and why: (days, made items, lanes) each.

    An input is a row: items first, as parts, then resources. That of which least was left for all that still waited for it
    held an item back; where it is itself made here and waits, the input that holds that part back.
    """

    def __init__(self, read: Reading, first: int, end: int) -> None:
        self.read, self.n = read, read.network
        self.first, self.end = max(first, 0), end
        self.worked: Whole = np.flatnonzero(read.days.working[self.first : end]) + self.first

    @cached_property
    def units(self) -> Array:
        """Good units that waited, on the evening of each working day."""
        book = self.read.books.memos.get("waiting")
        lanes = self.read.books.closing["backlog"].shape[-1]
        if book is None:
            return np.zeros((len(self.worked), len(self.n.made), lanes))
        return np.maximum(book[self.worked], 0.0) * self.n.good[self.n.made]

    @cached_property
    def held_by(self) -> Whole:
        """The input that held each item back at the root, on the evening of each working day."""
        blocks = np.array_split(np.arange(len(self.worked)), max(1, len(self.worked) // (4 * WEEK)))
        found = [self._roots(block) for block in blocks]
        return np.concatenate(found) if found else np.zeros(self.units.shape, dtype=np.int16)

    def evenings(self, days: Whole) -> Whole:
        """The last working day until the evening of each day, by its place here; -1 before the first."""
        return np.searchsorted(self.worked, days, side="right") - 1

    def for_a_week(self, days: Whole, row: int) -> Array:
        """Good units of a made item that waited all week until each evening, (days, lanes); a shorter wait is the week's work."""
        least = np.full((len(days), self.units.shape[-1]), np.inf)
        for ago in range(WEEK):
            place = self.evenings(days - ago)
            np.minimum(least, np.where(place[:, None] >= 0, self.units[place, row], 0.0), out=least)
        return least

    def _roots(self, block: Whole) -> Whole:
        """Follow what held items back through the bills, (days, made items, lanes)."""
        n, days, lanes = self.n, len(block), self.units.shape[-1]
        waiting = np.zeros((len(n.names), days * lanes))
        waiting[n.made] = (self.units[block] / n.good[n.made]).swapaxes(0, 1).reshape(len(n.made), -1)
        limit = self._limits(waiting, self._left(self.worked[block]))
        root = np.repeat(np.arange(n.inputs.targets)[:, None], days * lanes, axis=1)
        for level in reversed(n.levels):
            made = np.intersect1d(level, n.made)
            found = np.take_along_axis(root, limit[made], axis=0)
            root[made] = np.where(waiting[made] > TINY, found, root[made])
        by_item = root[n.made].reshape(len(n.made), days, lanes)
        return np.ascontiguousarray(by_item.swapaxes(0, 1), dtype=np.int16)

    def _limits(self, waiting: Array, left: Array) -> Whole:
        """The input of each item of which least was left for what waits, (items, days and lanes)."""
        inputs = self.n.inputs
        asked = inputs.flow(waiting)
        share = np.where(asked > TINY, left / np.maximum(asked, TINY), np.inf)
        share = np.concatenate([share, np.full((1, share.shape[-1]), np.inf)])
        least = np.full(waiting.shape, np.inf)
        limit = np.repeat(np.minimum(inputs.slots[:, :1], inputs.targets - 1), waiting.shape[-1], axis=1)
        for slot in inputs.slots.T:
            closer = share[slot] < least
            limit, least = np.where(closer, slot[:, None], limit), np.where(closer, share[slot], least)
        return limit

    def _left(self, days: Whole) -> Array:
        """Parts and hours that the evening's start left over, (parts and resources, days and lanes)."""
        books = self.read.books
        parts = books.closing["on_hand"][days].copy()
        for flow in ("expired", "shrunk"):  # these leave the shelf later at night
            if flow in books.flows:
                parts += books.flows[flow][days]
        hours = np.maximum(self._hours(days) - books.hours_used[days], 0.0)
        both = np.concatenate([parts, np.broadcast_to(hours, (*hours.shape[:2], parts.shape[-1]))], axis=1)
        return np.where(both > TINY, both, 0.0).swapaxes(0, 1).reshape(both.shape[1], -1)

    def _hours(self, days: Whole) -> Array:
        """Hours there to work in with authorised overtime, (days, resources, lanes)."""
        read, n = self.read, self.n
        there = read.books.hours_there
        there = np.repeat(there, len(days), axis=0) if len(there) == 1 else there[days]
        if not read.plans.overtime.any():
            return there
        month = read.days.month
        allowed = np.stack([read.in_force(read.plans.overtime, int(month[day]), int(day)) for day in days])
        if n.staffing:
            return there + np.minimum(allowed, there * n.staffing.overtime)
        return there + allowed * np.minimum(there / np.maximum(n.hours, TINY), 1.0)
