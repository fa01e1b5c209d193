"""The day as one table of steps by the hour, to which departments add their own."""

from __future__ import annotations

from collections.abc import Callable, Generator
from itertools import groupby

from simpy.events import Event

from simulator.engine.day.close import close_books
from simulator.engine.day.deliver import ship
from simulator.engine.day.make import start_production
from simulator.engine.day.meet import hold_cycle
from simulator.engine.day.open_orders import draw_arrivals_anew
from simulator.engine.day.order import take_orders
from simulator.engine.day.purchase import watch_suppliers
from simulator.engine.day.source import receive, release
from simulator.engine.firm import Firm
from simulator.kernel.clock import Hour, upcoming

Step = Callable[[Firm], None]
Wanted = Callable[[Firm], bool]


def always(firm: Firm) -> bool:
    """Take the step in every company."""
    return True


DAY: tuple[tuple[Hour, Step, Wanted], ...] = (
    (Hour.STAFF, draw_arrivals_anew, lambda firm: firm.weather.anew is not None),
    (Hour.STAFF, watch_suppliers, lambda firm: firm.purchasing is not None),
    (Hour.MEET, hold_cycle, lambda firm: firm.holds_cycles),
    (Hour.RECEIVE, receive, always),
    (Hour.DUE, take_orders, always),
    (Hour.SHIP, ship, always),
    (Hour.RELEASE, release, always),
    (Hour.START, start_production, lambda firm: firm.network.made.size > 0),
    (Hour.CLOSE, close_books, always),
)
"""Steps of the day: the hour, what is done, and the companies in which it is done. Departments add theirs (`Department.day`)."""


def timetable(firm: Firm) -> list[tuple[Hour, Callable[[], None]]]:
    """List what this firm does in a day, by the hour."""
    own = [(hour, _done_by(firm, step)) for hour, step, wanted in DAY if wanted(firm)]
    theirs = [row for department in firm.departments.values() for row in department.day()]
    return sorted([*theirs, *own], key=lambda row: row[0])


def work_day_by_day(firm: Firm) -> Generator[Event, None, None]:
    """Go through the day's steps, day after day."""
    day = [(hour, [step for _, step in rows]) for hour, rows in groupby(timetable(firm), key=lambda row: row[0])]
    while True:
        for hour, steps in day:
            yield upcoming(firm.env, hour)
            for step in steps:
                step()


def _done_by(firm: Firm, step: Step) -> Callable[[], None]:
    return lambda: step(firm)
