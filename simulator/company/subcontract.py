"""Describe products that a subcontractor makes, material included."""

from __future__ import annotations

from typing import Annotated

from simulator.kernel.units import Record, quantity


class Subcontract(Record):
    """Made outside: what it costs more, how long it takes, how much of it there is."""

    premium: Annotated[
        float, quantity("share", "of the standard cost that a unit made outside costs more", ge=0, le=10)
    ]
    lead_time: Annotated[int, quantity("days", "from order to stock", ge=1, le=365)] = 30
    most: Annotated[float, quantity("units/month", "most that can be ordered in a month", gt=0)]
