"""Things that happen on some days in some lanes only."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from simulator.company import Days
from simulator.kernel.units import Array, Whole

NO_DUE_DAY = -100_000
"""The due day of an event that is no order."""


@dataclass
class Events:
    """Things that happen on some days in some lanes only; flat arrays, in the order of their days."""

    day: Whole
    month: Whole  # of the expected or requested date
    due: Whole  # day on which it falls due, NEVER where it does not
    segment: Whole
    product: Whole
    lane: Whole
    quantity: Array
    weight: Array  # stated probability of winning, 1 where it is firm
    deal: Whole  # the number of the deal that it is about
    stage: Whole  # of the pipeline, 0 where there are none
    starts: Whole = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def on(self, day: int) -> slice:
        """The events of one day."""
        return slice(int(self.starts[day]), int(self.starts[day + 1]))

    def in_order(self, days: int) -> Events:
        """Sort by day, so that a day's events are one slice."""
        order = np.argsort(self.day, kind="stable")
        parts = [getattr(self, name)[order] for name in EVENT_COLUMNS]
        events = Events(*parts)
        events.starts = np.searchsorted(parts[0], np.arange(days + 1))
        return events


EVENT_COLUMNS = ("day", "month", "due", "segment", "product", "lane", "quantity", "weight", "deal", "stage")


def joined_events(parts: list[Events]) -> Events:
    return Events(*(np.concatenate([getattr(part, name) for part in parts]) for name in EVENT_COLUMNS))


def from_first_day(parts: list[Events], days: Days) -> Events:
    """Events of the run in order; those before the first day are already known on it."""
    if not parts:
        nobody = np.zeros(0, dtype=np.int64)
        return Events(*(nobody,) * 6, np.zeros(0), np.zeros(0), nobody, nobody).in_order(days.count)
    events = joined_events(parts)
    alive = (events.day < days.count) & ((events.due == NO_DUE_DAY) | (events.due >= 0)) & (events.quantity != 0)
    kept = Events(*(getattr(events, name)[alive] for name in EVENT_COLUMNS))
    kept.day = np.maximum(kept.day, 0)
    return kept.in_order(days.count)


def fold_past(past: Array, signings: list[Events], gap: int) -> None:
    """Orders that fell due before the first day are history, up to the month of the start, so many days of which are over by then."""
    months = len(past)
    for events in signings:
        month = events.month + months
        old = (events.day < 0) & (events.due < -gap) & (month < months) & (month >= 0)
        np.add.at(past, (month[old], events.product[old], events.lane[old]), events.quantity[old])
