"""Units not served and not made, by cause: the parts of every figure add up to it."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

import numpy as np

from simulator.kernel.clock import WEEK
from simulator.kernel.lanes import TINY, new_shortage
from simulator.kernel.units import Array, Whole
from simulator.results.reading.record import Reading, ratio
from simulator.results.reading.waiting import Queue

__all__ = ["Cause", "Lost", "LostTo"]


class Cause(StrEnum):
    """List the causes of what was not served or not made, in the order in which they are told."""

    PARTS = "parts"
    HOURS = "hours"
    PURCHASES = "purchases"
    QUALITY = "quality"
    DEMAND = "demand"
    RECORDS = "records"
    PLAN = "plan"


UNNAMED = (*Cause,)[2:]
"""Causes without a part or resource to name."""


NO_ROOM = 0.98
"""Share of its hours, with all overtime that it may work, from which a resource is full."""


class LostTo(NamedTuple):
    """Units of a month that a cause accounts for; the name is of a part or resource, or empty."""

    cause: Cause
    name: str
    made: float
    served: float


class Lost:
    """New shortage, and production below plan, of some months by cause.

    A row is a cause: a part or a resource that held production back, items first, then resources; then every other cause
    in the order of `UNNAMED`.
    """

    def __init__(self, read: Reading, first: int, end: int) -> None:
        """Months are given by the first one and the one after the last."""
        self.read, self.n, self.days, self.months = read, read.network, read.days, range(first, end)
        self.inputs = len(self.n.names) + len(self.n.resources)
        self.rows = self.inputs + len(UNNAMED)
        self.lanes = read.books.closing["backlog"].shape[-1]
        self.lead = np.ceil(self.n.lead_time[:, 0] - TINY).astype(np.int64)
        reach = int(self.lead[self.n.sold].max()) + WEEK + 1
        self.queue = Queue(read, read.span_of(max(first - 1, 0))[0] - reach, int(read.days.month_start[end]))
        made = np.flatnonzero(read.is_made[:, 0])
        self.made: Whole = made
        self.row_of_made: Whole = np.searchsorted(self.n.made, made)

    # --- rows ---

    def row(self, cause: Cause) -> int:
        """The row of a cause that names neither part nor resource."""
        return self.inputs + UNNAMED.index(cause)

    def rows_of(self, cause: Cause) -> slice:
        """The rows of a cause."""
        items = len(self.n.names)
        if cause in (Cause.PARTS, Cause.HOURS):
            return slice(0, items) if cause == Cause.PARTS else slice(items, self.inputs)
        return slice(self.row(cause), self.row(cause) + 1)

    def cause_of(self, row: int) -> tuple[Cause, str]:
        """The cause of a row, and the part or resource that it names."""
        if row >= self.inputs:
            return UNNAMED[row - self.inputs], ""
        return (Cause.PARTS if row < len(self.n.names) else Cause.HOURS), [*self.n.names, *self.n.resources][row]

    def of_month(self, month: int) -> list[LostTo]:
        """Units not made and not served of the first lane, cause by cause; those of nothing are left out."""
        made, served = (units.sum(axis=1)[:, 0] for units in (self.not_made(month), self.not_served(month)))
        rows = np.flatnonzero((made > TINY) | (served > TINY))
        return [LostTo(*self.cause_of(int(row)), float(made[row]), float(served[row])) for row in rows]

    # --- not served on the day ---

    @cached_property
    def total(self) -> Array:
        """New shortage of all these months, (causes, products, lanes)."""
        found = np.zeros((self.rows, *self._shape))
        for month in self.months:
            found += self.not_served(month)
        return found

    @property
    def _shape(self) -> tuple[int, int]:
        return len(self.n.products), self.lanes

    def not_served(self, month: int) -> Array:
        """A month's new shortage by cause, (causes, products, lanes).

        A day's shortage is shared among all that was found missing of the product, in proportion: units held back on the
        floor, bought goods overdue, bad units, demand above plan, goods that only the record has. Beyond what customers
        wait for nothing is missing; what none of these explains is the plan's, or that of a resource that was full.
        """
        first, end = self.read.span_of(month)
        flows, owed = self.read.books.flows, self.read.books.closing["backlog"]
        over = slice(first, end)
        short = np.maximum(new_shortage(flows["due"][over], owed[over], flows["lost"][over]).sum(axis=1), 0.0)
        out = np.zeros((self.rows, *self._shape))
        if not short.any():
            return out
        unserved = (owed[over] + flows["lost"][over]).sum(axis=1)
        held = self._held(month)
        missing = {
            Cause.PURCHASES: self._overdue(first, end),
            Cause.QUALITY: self._bad(month),
            Cause.DEMAND: self._above_plan(month),
            Cause.RECORDS: self._on_record_only(month),
        }
        found = np.asarray(sum([units for units, _ in held]) + sum(missing.values()))
        each = short / np.maximum(np.maximum(unserved, found), TINY)
        for units, by in held:
            for row in np.unique(by[units * each > 0]):
                out[row] += np.where(by == row, units * each, 0.0).sum(axis=0)
        for cause, units in missing.items():
            out[self.row(cause)] = (units * each).sum(axis=0)
        explained = np.where(found >= unserved, short, found * each)
        rest = np.maximum(short - explained, 0.0).sum(axis=0)
        full = self._full(month)
        for row in np.unique(full):
            out[row] += np.where(full == row, rest, 0.0)
        return out

    def _full(self, month: int) -> Whole:
        """The row of the fullest resource on each product's way that has been full since the month before began, or the plan's."""
        start, end = self._window(month)[0], self.read.span_of(month)[1]
        overtime = np.array([each.overtime for each in self.read.company.resources.values()]).reshape(-1, 1)
        load = ratio(self.read.hours_used(start, end), self.read.hours_there(start, end) * (1 + overtime))
        rows, most = np.full(self._shape, self.row(Cause.PLAN)), np.full(self._shape, NO_ROOM)
        for resource, product in zip(*self.n.total_load.matrix.nonzero(), strict=True):
            fuller = load[resource] >= most[product]
            rows[product] = np.where(fuller, len(self.n.names) + resource, rows[product])
            most[product] = np.where(fuller, load[resource], most[product])
        return rows

    def _held(self, month: int) -> list[tuple[Array, Whole]]:
        """Units that would be on the shelf had the floor started them: last month's, and what this month adds.

        Most that waited all week, or that a family was behind its plan with work waiting; with the input that held them,
        (days, products, lanes) each.
        """
        start, mine = self._window(month)
        week, behind = np.zeros((2, mine.stop, *self._shape))
        by = np.zeros(week.shape, dtype=np.int16)
        if not len(self.queue.worked):
            return []
        eve = np.arange(start, start + mine.stop)[:, None] - 1 - self.lead[self.n.sold]
        for product, row in zip(self.made, self.row_of_made, strict=True):
            days = eve[:, product]
            by[:, product] = self.queue.held_by[np.maximum(self.queue.evenings(days), 0), row]
            week[:, product] = self.queue.for_a_week(days, row)
            behind[:, product] = self._behind_by_product[np.maximum(days - self.queue.first, 0), row]
        now = (eve >= self.read.span_of(month)[0])[:, :, None]
        before, by_before = _most(np.where(now, 0.0, np.maximum(week, behind)), by)
        lately, by_lately = _most(np.where(now, np.maximum(behind, week - before), 0.0), by)
        return [(before[mine], by_before[mine]), (lately[mine], by_lately[mine])]

    @cached_property
    def _behind_by_product(self) -> Array:
        """Units that families are behind their plans each evening, by what waits of each: (days, made items, lanes)."""
        queue = self.queue
        place = queue.evenings(np.arange(queue.first, queue.end))
        waiting = np.where((place >= 0)[:, None, None], queue.units[place], 0.0)
        out, family = np.zeros_like(waiting), self.n.family_of[self.made]
        for month in range(int(self.days.month[queue.first]), self.months.stop):
            first, end = self.read.span_of(month)
            kept = slice(max(first - queue.first, 0), end - queue.first)
            mine = waiting[kept][:, self.row_of_made]
            products = np.zeros((len(mine), *self._shape))
            products[:, self.made] = mine
            of_family = self.read.by_family(products)
            share = mine / np.maximum(of_family[:, family], TINY)
            out[kept, self.row_of_made] = share * self._behind(month)[-len(mine) :, family]
        return out

    def _behind(self, month: int) -> Array:
        """Good units that each family has made fewer than planned until each evening, (days, families, lanes).

        The plan is that of the month's start, or the one in force where that is lower.
        """
        read, first, end = self.read, *self.read.span_of(month)
        cube = read.plans.production
        planned = np.stack([read.in_force(cube, month, day) for day in range(first, end)])
        planned = np.minimum(planned, read.planned(cube, month))
        share = np.cumsum(self.days.working[first:end]) / max(float(self.days.worked[month]), 1.0)
        started = np.where(read.is_made, read.books.flows["released"][first:end, self.n.sold], 0.0)
        made = np.cumsum(read.by_family(started), axis=0)
        return np.asarray(np.maximum(planned * share[:, None, None] - made, 0.0))

    def _overdue(self, first: int, end: int) -> Array:
        """Bought products on order for longer than they usually take, each evening: (days, products, lanes)."""
        units = np.zeros((end - first, *self._shape))
        ordered, on_order = self.read.books.flows["released"], self.read.books.closing["on_order"]
        for product in np.setdiff1d(np.arange(len(self.n.products)), self.made):
            lead = int(self.lead[product])
            for day in range(max(first, lead), end):
                lately = ordered[day - lead + 1 : day + 1, product].sum(axis=0)
                units[day - first, product] = np.maximum(on_order[day, product] - lately, 0.0)
        return units

    def _window(self, month: int) -> tuple[int, slice]:
        """The day on which the month before began, and this month's days as counted from there."""
        first, end = self.read.span_of(month)
        start = self.read.span_of(max(month - 1, 0))[0]
        return start, slice(first - start, end - start)

    def _bad(self, month: int) -> Array:
        """Units that turned out bad beyond plan since the month before began, each day: (days, products, lanes)."""
        start, mine = self._window(month)
        flows, sold = self.read.books.flows, self.n.sold
        bad = np.zeros((mine.stop, *self._shape))
        for flow in ("scrapped", "rejected", "expired"):
            if flow in flows:
                bad += flows[flow][start : start + mine.stop, sold]
        return np.asarray(np.maximum(np.cumsum(bad, axis=0)[mine], 0.0))

    def _above_plan(self, month: int) -> Array:
        """Demand above its plan since the month before began, each day: (days, products, lanes); without a plan nothing is."""
        start, mine = self._window(month)
        above = self.read.books.flows["due"][start : start + mine.stop].sum(axis=1)
        for each in {max(month - 1, 0), month}:
            first, end = self.read.span_of(each)
            days = slice(first - start, end - start)
            share = self.days.working[first:end] / max(float(self.days.worked[each]), 1.0)
            above[days] -= self.read.planned(self.read.plans.demand, each) * share[:, None, None]
            above[days] *= self.read.version(each, self.read.began(each)) >= 0
        return np.asarray(np.maximum(np.cumsum(above, axis=0)[mine], 0.0))

    def _on_record_only(self, month: int) -> Array:
        """Most units that were on record and not on the shelf since the month before began, each morning: (days, products, lanes)."""
        start, mine = self._window(month)
        recorded = self.read.books.memos.get("recorded")
        if recorded is None:
            return np.zeros((mine.stop - mine.start, *self._shape))
        over, sold = slice(start, start + mine.stop), self.n.sold
        error = np.maximum(recorded[over, sold] - self.read.books.closing["on_hand"][over, sold], 0.0)
        most = np.maximum.accumulate(error, axis=0)
        return np.concatenate([np.zeros((1, *self._shape)), most[:-1]])[mine]

    # --- not made ---

    def not_made(self, month: int) -> Array:
        """A month's production below the plan in force at its start by cause, (causes, families, lanes).

        Units that wait at the month's end were held back, by each input as many as it held, summed over the month's
        evenings; the rest was planned anew or never called for: the plan's.
        """
        read, first, end = self.read, *self.read.span_of(month)
        planned = read.planned(read.plans.production, month)
        below = np.maximum(planned - read.by_family(read.started(first, end)), 0.0)
        out = np.zeros((self.rows, *below.shape))
        evenings = np.flatnonzero((self.queue.worked >= first) & (self.queue.worked < end))
        held = np.zeros_like(below)
        if evenings.size and self.made.size:
            family = self.n.family_of[self.made]
            units = self.queue.units[evenings][:, self.row_of_made]
            by = self.queue.held_by[evenings][:, self.row_of_made]
            units = np.where(units > TINY, units, 0.0)
            for row in np.unique(by[units > 0]):
                np.add.at(out[row], family, np.where(by == row, units, 0.0).sum(axis=0))
            np.add.at(held, family, units[-1])
            held = np.minimum(held, below)
        out *= held / np.maximum(out.sum(axis=0), TINY)
        out[self.row(Cause.PLAN)] = below - held
        return out


def _most(units: Array, by: Whole) -> tuple[Array, Whole]:
    """The most until each day, and the input that held it then: (days, products, lanes) each."""
    units, by = units.copy(), by.copy()
    for day in range(1, len(units)):
        before = units[day - 1] > units[day]
        np.copyto(by[day], by[day - 1], where=before)
        np.copyto(units[day], units[day - 1], where=before)
    return units, by
