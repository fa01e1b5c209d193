"""What things cost beyond the goods themselves."""

from __future__ import annotations

from typing import Annotated

from simulator.units import Record, quantity


class Finance(Record):
    """Rates that turn stock, lateness and plans into money."""

    holding_rate: Annotated[
        float, quantity("share/year", "of its value that holding stock costs a year", ge=0, le=2)
    ] = 0.20
    late_penalty: Annotated[float, quantity("share/day", "of the price that a day of delay costs", ge=0, le=1)] = 0.005
    budget_growth: Annotated[
        float, quantity("share/year", "growth that the annual business plan asks for", ge=-0.5, le=2)
    ] = 0.03
    subcontract_premium: Annotated[
        float | None,
        quantity(
            "share",
            "of its standard cost that a unit made by a subcontractor costs more; leave out where nothing is made outside",
            ge=0,
            le=10,
        ),
    ] = None
