"""Loyalty of a customer segment: what it expects, and how it answers to being served worse."""

from __future__ import annotations

from typing import Annotated

from simulator.kernel.units import Record, quantity


class Loyalty(Record):
    """Customers who are served badly order less, and come back slowly."""

    expects: Annotated[
        float, quantity("share", "of what falls due in a month that must be served on the day", gt=0, le=1)
    ] = 0.95
    sensitivity: Annotated[
        float, quantity("ratio", "share of demand that goes, in the end, for a share of service that is missing", ge=0)
    ] = 1.0
    fall: Annotated[
        float, quantity("share/month", "of the way down to where it tends that it goes in a month", gt=0, le=1)
    ] = 0.5
    rise: Annotated[
        float, quantity("share/month", "of the way up to where it tends that it comes back in a month", gt=0, le=1)
    ] = 0.1
    most_lost: Annotated[float, quantity("share", "of demand that can be lost at most", ge=0, le=1)] = 0.5
    customers: Annotated[int, quantity("customers", "in the segment when all are loyal", ge=1)] = 100
