"""The life of a product: when it is launched, and when it is phased out."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import model_validator

from simulator.kernel.messages import msg
from simulator.kernel.units import Record, quantity


class Turn(Record):
    """A first of a month on which the life of a product turns."""

    month: Annotated[dt.date, quantity("date", "first day of the month in which it happens; within the run")]
    known: Annotated[int, quantity("days", "before that day that planners are told", ge=0, le=1_095)] = 180

    @model_validator(mode="after")
    def _first(self) -> Turn:
        if self.month.day != 1:
            raise ValueError(
                msg("{entry} is {day}; it must be the first day of a month", entry="month", day=self.month)
            )
        return self


class Launch(Turn):
    """A new product: it cannot be bought before, and takes months until it sells as its demand streams say."""

    ramp: Annotated[int, quantity("months", "from the launch to the full level, in equal steps", ge=1, le=36)] = 1
    expected: Annotated[
        float, quantity("units/month", "at the full level, as the business case says; planners go by it", ge=0)
    ]
    cannibalises: Annotated[
        dict[str, float], quantity("share", "by other product, of its demand that goes over at the full level")
    ] = {}


class PhaseOut(Turn):
    """The end of a product: orders are taken until the day before, and then no more."""

    last_time_buy: Annotated[
        float,
        quantity("share", "of the following year's demand that customers still order in the last weeks", ge=0, le=2),
    ] = 0.0
    weeks: Annotated[int, quantity("weeks", "before the end in which they order it", ge=1, le=26)] = 4
