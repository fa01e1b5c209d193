"""Promised dates: orders of a segment that are promised later than customers ask for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from simulator.kernel.units import Array, Mask, Whole
from simulator.planning.decisions import Decision
from simulator.world.luck import Events

if TYPE_CHECKING:
    from simulator.engine.firm import Firm


class Promises:
    """New orders that fall due later than asked for; customers wait, and judge, from the day on which they wanted them.

    Dates of call-offs and of deals stand: they are fixed when frame contracts and deals are signed.
    """

    def __init__(self, firm: Firm) -> None:
        self.firm = firm
        self.put_off: dict[int, Array] = {}  # by day due: units that were wanted before, (segments, products, lanes)
        self.patience: dict[int, Array] = {}  # by day: change of the units that are within their patience, likewise

    def keep(self, segment: int, wanted: int, units: Array) -> Array:
        """Return what is promised for the day wanted, (products, lanes), and book the rest on the day that is promised."""
        firm = self.firm
        for decision, where in self._in_force():
            later = int(firm.calendar.next_working[wanted + round(decision.amount)])
            if firm.network.segments.index(decision.name) != segment or later == wanted:
                continue
            moved = np.where(where, units, 0.0)
            self._reach(later)
            firm.falling_due[later % len(firm.falling_due), segment] += moved
            self._add(self.put_off, later, segment, moved)
            self._shorten_the_wait(segment, wanted, later, moved)
            units = np.where(where, 0.0, units)
        return units

    def dates(self, news: Events, which: slice, quantity: Array) -> Whole:
        """Return the days on which contracts that are signed today fall due, those of segments that are promised later moved."""
        firm, due = self.firm, news.due[which]
        for decision, where in self._in_force():
            row = firm.network.segments.index(decision.name)
            moves = (news.segment[which] == row) & where[news.lane[which]] & self._is_small(news.deal[which])
            later = np.where(moves, firm.calendar.next_working[due + round(decision.amount)], due)
            for k in np.flatnonzero(later > due):
                units = np.zeros_like(firm.recent[row])
                units[news.product[which][k], news.lane[which][k]] = quantity[k]
                self._reach(int(later[k]))
                self._add(self.put_off, int(later[k]), row, units)
                self._shorten_the_wait(row, int(due[k]), int(later[k]), units)
            due = later
        return due

    def _is_small(self, deal: Whole) -> Mask:
        """Tell small contracts from call-offs and deals."""
        weather = self.firm.weather
        return ~(np.isin(deal, weather.frames.deal) | np.isin(deal, weather.projects.deal))

    def _in_force(self) -> Iterator[tuple[Decision, Mask]]:
        """Decisions that hold today, each with the lanes in which it does."""
        firm = self.firm
        for decision in firm.decided.held_in("promise", firm.view.month):
            where = firm.mandates.is_in_force(decision)
            if where.any():
                yield decision, where

    def _shorten_the_wait(self, segment: int, wanted: int, later: int, units: Array) -> None:
        """Customers' patience runs from the day wanted: orders promised later leave so many days sooner after they fell due."""
        patience = self.firm.patience[segment]
        if patience is not None:
            self._add(self.patience, max(wanted + patience, later), segment, -units)
            self._add(self.patience, later + patience, segment, units)

    def _add(self, table: dict[int, Array], day: int, segment: int, units: Array) -> None:
        if day not in table:
            table[day] = np.zeros_like(self.firm.recent)
        table[day][segment] += units

    def _reach(self, day: int) -> None:
        """Let the order book reach as far as a promised day."""
        firm, book = self.firm, self.firm.falling_due
        if day - firm.today < len(book):
            return
        longer = np.zeros((day - firm.today + 1, *book.shape[1:]))
        days = firm.today + np.arange(len(book))
        longer[days % len(longer)] = book[days % len(book)]
        firm.falling_due = longer

    def late_by_wish(self, late: Array) -> Array:
        """Return the orders of today that are late in customers' eyes, (segments, products, lanes): also those promised later."""
        put_off = self.put_off.pop(self.firm.today, None)
        return late if put_off is None else np.maximum(late, put_off)

    def out_of_patience(self) -> Array | None:
        """Change of the units that are within their segment's patience today, None for none."""
        return self.patience.pop(self.firm.today, None)
