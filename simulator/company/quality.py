"""Quality and records: what may go wrong with lots and in the stock record."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import model_validator

from simulator.company.entries import dotted
from simulator.company.laws import LawOfDays
from simulator.kernel.messages import msg
from simulator.kernel.units import Record, quantity


class Rework(Record):
    """Bad units that can be repaired: they come into stock later, and take hours of their own."""

    share: Annotated[float, quantity("share", "of the bad units that can be repaired; the rest is scrap", gt=0, le=1)]
    hours: Annotated[dict[str, float], quantity("hours/unit", "resource and hours to repair one unit")] = {}
    days: Annotated[int, quantity("days", "from the end of its lot until a repaired unit is in stock", ge=1, le=90)] = 1

    @model_validator(mode="after")
    def _positive(self) -> Rework:
        for name, value in self.hours.items():
            if not 0 < value < float("inf"):
                raise ValueError(
                    msg("{entry} is {value}; it must be above 0", entry=dotted("hours", name), value=f"{value}")
                )
        return self


class Trouble(Record):
    """A time in which less is good than usual: a worn tool, a bad batch of thread, a new hand."""

    start: Annotated[dt.date, quantity("date", "first day whose starts are affected")]
    days: Annotated[int, quantity("days", "how long it lasts", ge=1, le=3_650)]
    good: Annotated[float, quantity("share", "yield in that time: good units of those started", gt=0, le=1)]
    sent_back: Annotated[
        float,
        quantity(
            "share", "of what is shipped in that time that customers send back beside their usual share", ge=0, lt=1
        ),
    ] = 0.0


class Returns(Record):
    """State the returns of a segment: share sent back, days until then, and the part fit to be sold again."""

    share: Annotated[float, quantity("share", "of the units shipped that come back and are credited", ge=0, lt=1)]
    days: Annotated[LawOfDays, quantity("days", "from shipment until they are back, in whole days")]
    restock: Annotated[
        float, quantity("share", "of them that is fit to be sold again; the rest is scrap", ge=0, le=1)
    ] = 0.0


# --- stock records ---


class Counts(Record):
    """Days from one count of an item to the next, by its class of annual value."""

    a: Annotated[int, quantity("days", "for the items that make up the first 80 % of annual value", ge=1, le=3_650)]
    b: Annotated[int, quantity("days", "for those that make up the next 15 %", ge=1, le=3_650)]
    c: Annotated[int, quantity("days", "for all the others", ge=1, le=3_650)]


class Stockroom(Record):
    """Stock as it is and as it is on record: planners see the record, pickers meet the shelf."""

    shrinkage: Annotated[
        float, quantity("share/month", "of the stock that is lost, broken or stolen, and nobody books", ge=0, lt=1)
    ] = 0.0
    drift: Annotated[
        float,
        quantity(
            "share",
            "standard deviation of what is booked wrong, of the quantity that an item moves in a week",
            ge=0,
            le=1,
        ),
    ] = 0.0
    count: Annotated[Counts | None, quantity("table", "cycle counts; leave out where nothing is ever counted")] = None
    count_cost: Annotated[float, quantity("money/count", "cost of counting one item once", ge=0)] = 0.0
