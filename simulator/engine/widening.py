"""Simulate the common past of many futures in a few lanes, and widen the firm to all of them where they part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from simulator.company import Company
from simulator.engine.firm import Firm
from simulator.kernel.lanes import Links
from simulator.kernel.units import Array
from simulator.world.luck import Events, Weather
from simulator.world.luck.events import EVENT_COLUMNS

BY_DAY = ("delivery", "return_days")
"""Tables whose longest entry says how far ahead calendars must reach."""


WORTH_IT = 40
"""Lanes from which on it is worth it."""


def may_be_narrow(company: Company, weather: Weather) -> bool:
    """Tell if nothing of a firm before a fork hangs on its lane: no outage to come holds up what is on its way.

    Nor may customers think of deals, which are numbered lane by lane.
    """
    numbered = len(weather.temper) > 0 and any(segment.loyalty for segment in company.segments.values())
    return weather.outages is None and not numbered and len(weather.replications) >= WORTH_IT


def narrowed(weather: Weather, lanes: int, day: int) -> Weather:
    """The weather of the first lanes; from a day on, which is never simulated, as long deliveries as in any lane."""
    tables: dict[str, Any] = {
        name: _of_lanes(table, lanes) for name, table in vars(weather).items() if isinstance(table, np.ndarray)
    }
    tables["temper"] = weather.temper
    for name in BY_DAY:
        if name in tables:
            tables[name][day:] = getattr(weather, name)[day:].max(axis=-1, keepdims=True)
    events: dict[str, Any] = {
        name: _of_first(news, lanes, day) for name, news in vars(weather).items() if isinstance(news, Events)
    }
    return replace(weather, replications=weather.replications[:lanes], **tables, **events)


def _of_lanes(table: Array, lanes: int) -> Array:
    return np.ascontiguousarray(table[..., :lanes])


def _of_first(news: Events, lanes: int, day: int) -> Events:
    """Events of the first lanes, and all from a day on."""
    kept = (news.lane < lanes) | (news.day >= day)
    columns = [getattr(news, name)[kept] for name in EVENT_COLUMNS]
    found = Events(*columns)
    found.lane = np.minimum(found.lane, lanes - 1)
    return found.in_order(len(news.starts) - 1)


def arrays_of(firm: Firm) -> Iterator[Array]:
    """All arrays of a firm's state."""
    found: list[Array] = []

    def note(array: Array) -> Array:
        found.append(array)
        return array

    _changed(firm, note, {**_fixed(firm)})
    yield from found


def widen(firm: Firm, weather: Weather) -> None:
    """Repeat the first lane of a firm in as many lanes as the weather has; of its books the pages until today."""
    few, many = firm.lanes, len(weather.replications)

    def wide(array: Array) -> Array:
        axes = [axis for axis, length in enumerate(array.shape) if length == few]
        if not axes:
            return array
        assert len(axes) == 1
        shape = tuple(many if length == few else length for length in array.shape)
        return np.broadcast_to(np.take(array, [0], axis=axes[0]), shape).copy()

    ledger, books = firm.ledger, {}
    for book in (*ledger.book.values(), *ledger.memo.values(), *ledger.closing.values()):
        books[id(book)] = page = np.empty((*book.shape[:-1], many))
        page[: firm.today] = book[: firm.today, ..., :1]
    _changed(firm, wide, {**_fixed(firm), **books, id(firm.weather): weather})
    firm.lanes = many


def _fixed(firm: Firm) -> dict[int, Any]:
    """Things that have no lanes, each itself."""
    n = firm.network
    things = (
        *(firm.env, firm.company, n, n.sources, n.staffing, n.outside, firm.days, firm.calendar, firm.long),
        *(firm.market, firm.policy, firm.weather, firm.decided, firm.treasury),
        *(array for array in vars(n).values() if isinstance(array, np.ndarray)),
    )
    return {id(thing): thing for thing in things}


def _changed(thing: Any, change: Any, done: dict[int, Any]) -> Any:
    """Change every array that a thing holds, in place where it is no array itself."""
    if id(thing) in done:
        return done[id(thing)]
    if isinstance(thing, np.ndarray):
        done[id(thing)] = found = change(thing)
        done[id(found)] = found
        done[-len(done) - 1] = thing  # kept alive, so that no other thing takes its number
        return found
    done[id(thing)] = thing
    if isinstance(thing, dict):
        for key in thing:
            thing[key] = _changed(thing[key], change, done)
    elif isinstance(thing, list):
        thing[:] = [_changed(one, change, done) for one in thing]
    elif isinstance(thing, tuple):
        changed = tuple(_changed(one, change, done) for one in thing)
        return changed
    elif hasattr(thing, "__dict__") and not isinstance(thing, Links | type) and not callable(thing):
        _changed(vars(thing), change, done)
    return thing
