"""Open a company that states no opening stock with the state in which an earlier run of it ended."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.kernel.units import Array, Whole


@dataclass(frozen=True)
class Suppliers:
    """Hold the deliveries under way by source, for a company that tells its sources apart; calendars begin with the first day."""

    dock: Array  # (days ahead, sources, lanes), as are the next two
    punctual: Array
    bad: Array | None
    waiting: Array  # (sources, lanes), as are the next two
    part_rejected: Array
    last_arrival: Whole


@dataclass(frozen=True)
class Opening:
    """Stock, work in process and orders on the way; of items whose opening stock is stated that alone."""

    on_hand: Array  # (items, lanes)
    on_order: Array
    arrivals: Array  # (days ahead, items, lanes): good units by the day on which they come
    to_start: Array  # (items, lanes), as are the next two
    begun: Array
    not_yet_good: Array
    last_arrival: Whole  # (bought items whose lead time varies, lanes)
    suppliers: Suppliers | None = None
    verdicts: Array | None = None  # (days ahead, uncertain items, what is found, lanes)


def in_lanes(opening: Opening, lanes: int) -> Opening:
    """The opening in so many lanes: as it is, or that of a replication which is the same in all of them."""
    if opening.on_hand.shape[-1] == lanes:
        return opening

    def repeated(state: Any) -> Any:
        if is_dataclass(state) and not isinstance(state, type):
            return replace(state, **{f.name: repeated(getattr(state, f.name)) for f in fields(state)})
        return state if state is None else np.repeat(state[..., :1], lanes, axis=-1)

    found: Opening = repeated(opening)
    return found


def from_today(calendar: Array, today: int) -> Array:
    """A calendar that goes round, read from a day on."""
    return np.roll(calendar, -(today % len(calendar)), axis=0)


def enter(calendar: Array, ahead: Array) -> None:
    """Put what is to come into a calendar whose first day is today."""
    calendar[: len(ahead)] += ahead


def days_from(day: NDArray[np.int64], today: int) -> Whole:
    """Days from today on, none before it."""
    return np.maximum(day - today, 0)
