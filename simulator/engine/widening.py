"""Simulate the common past of many futures in a few lanes, and widen the firm to all of them where they part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from simulator.company import Company
from simulator.engine.firm import Firm
from simulator.kernel.lanes import Links, repeated
from simulator.kernel.ledger import Pages
from simulator.kernel.units import Array, Whole
from simulator.world.luck import Events, Outages, Weather
from simulator.world.luck.events import EVENT_COLUMNS

DEALT = ("signings", "frames", "projects", "decisions")
"""Events that are about deals, in the order in which a lane meets them."""

BY_DAY = ("delivery", "return_days")
"""Tables whose longest entry says how far ahead calendars must reach."""


OFTEN_READ = 62
"""Days before today whose pages are copied into every lane, since they are read on many days to come."""


WORTH_IT = 40
"""Lanes from which on it is worth it."""


def may_be_narrow(company: Company, weather: Weather) -> bool:
    """Tell if nothing of a firm before a fork hangs on its lane: no outage by chance holds up what is on its way."""
    by_chance = any(each.rate is not None for each in company.disruptions)
    by_chance = by_chance or any(each.length.law != "constant" for each in company.disruptions)
    return not by_chance and len(weather.replications) >= WORTH_IT


def narrowed(weather: Weather, lanes: int, day: int) -> Weather:
    """The weather of the first lanes; from a day on, which is never simulated, as long deliveries as in any lane."""
    tables: dict[str, Any] = {
        name: _of_lanes(table, lanes) for name, table in vars(weather).items() if isinstance(table, np.ndarray)
    }
    tables["temper"] = weather.temper
    if weather.outages is not None:
        tables["outages"] = _outages_of(weather.outages, lanes)
    for name in BY_DAY:
        if name in tables:
            tables[name][day:] = getattr(weather, name)[day:].max(axis=-1, keepdims=True)
    events: dict[str, Any] = {
        name: _of_first(news, lanes, day) for name, news in vars(weather).items() if isinstance(news, Events)
    }
    return replace(weather, replications=weather.replications[:lanes], **tables, **events)


def _outages_of(outages: Outages, lanes: int) -> Outages:
    """Outages of the first lanes."""
    tables: dict[str, Any] = {name: _of_lanes(table, lanes) for name, table in vars(outages).items()}
    return Outages(**tables)


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


def widen(firm: Firm, weather: Weather, lane: int | Whole = 0) -> None:
    """Repeat a lane of a firm in as many lanes as the weather has, or for each of these the one that is named.

    Of its books the last pages until today are; all before them stay as they are, and are read in every lane.
    """
    few, many = firm.lanes, len(weather.replications)
    place: Whole = np.broadcast_to(np.asarray(lane), many)
    if firm.customers:
        _remember_deals(firm, weather, place)

    def wide(array: Array) -> Array:
        axes = [axis for axis, length in enumerate(array.shape) if length == few]
        if not axes:
            return array
        return repeated(array, place, axes[-1])  # other lengths that grow with the days may be as large

    ledger, books = firm.ledger, {}
    first = max(firm.today - OFTEN_READ, 0)
    for book in (*ledger.book.values(), *ledger.memo.values(), *ledger.closing.values()):
        late = np.zeros((len(book) - first, *book.shape[1:-1], many))
        late[: firm.today - first] = repeated(book[first : firm.today], place)
        books[id(book)] = Pages(book[:first], late, place)
    _changed(firm, wide, {**_fixed(firm), **books, id(firm.weather): weather})
    firm.lanes = many
    firm.decided = replace(firm.decided, lanes=many)
    ledger.turn_page()


def _remember_deals(firm: Firm, weather: Weather, place: Whole) -> None:
    """Let customers think in every lane what they think of the deals of its own past; each lane has its own numbers for them."""
    assert firm.customers is not None
    stays, asked = (np.zeros(len(weather.temper), dtype=bool) for _ in range(2))
    for name in DEALT:
        was, now = getattr(firm.weather, name), getattr(weather, name)
        past = now.day < firm.today
        for lane in np.unique(place):
            mine = was.deal[(was.lane == lane) & (was.day < firm.today)]
            if not len(mine):
                continue
            here = past & (place[now.lane] == lane)
            for numbers in now.deal[here][np.argsort(now.lane[here], kind="stable")].reshape(-1, len(mine)):
                stays[numbers], asked[numbers] = firm.customers.stays[mine], firm.customers.asked[mine]
    firm.customers.stays, firm.customers.asked = stays, asked


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
