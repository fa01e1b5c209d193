"""The whole-hour clock: the sequence of a day, and the wait for an hour."""

from __future__ import annotations

from enum import IntEnum

from simpy import Environment
from simpy.events import Event

WEEK = 7
"""Days of a week."""


class Hour(IntEnum):
    """List the moments of a day in their order; no two kinds of moment share an hour."""

    STAFF = 3  # people start and leave; machines are up or down, suppliers and sites open or shut
    MEET = 5  # the S&OP cycle, on its days
    RECEIVE = 7  # finished lots and inspected components enter stock
    COUNT = 8  # stock is counted and its record put right
    DUE = 9  # orders are signed, and those of today fall due
    SHIP = 14  # stock is allocated and shipped
    RETURN = 15  # customers send goods back
    SUBCONTRACT = 16  # what the plan wants made outside is ordered
    RELEASE = 17  # what to make and to buy is released
    START = 18  # the floor starts what people, hours and components allow
    EXPIRE = 19  # what is past its shelf life leaves stock
    WRITE_OFF = 20  # what was lost leaves stock, unseen
    JUDGE = 21  # customers judge how they were served
    CLOSE = 22  # the books are closed


def upcoming(env: Environment, hour: Hour) -> Event:
    """Wait until it is this hour; if it is this hour now, until it is again tomorrow."""
    return env.timeout((hour - env.now) % 24 or 24)
