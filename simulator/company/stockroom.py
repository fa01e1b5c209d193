"""Describe the accuracy of stock records: shrinkage, wrong bookings, counts."""

from __future__ import annotations

from typing import Annotated

from simulator.kernel.units import Record, quantity


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
