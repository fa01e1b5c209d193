"""Options that a meeting puts beside those of the capacity check: purchases held, parts ordered ahead, large deals declined."""

from __future__ import annotations

from typing import Annotated

from simulator.kernel.units import Record, quantity


class FurtherOptions(Record):
    """State which options are put where they could help; each is the best of the others with one thing decided more."""

    hold_purchases: Annotated[
        bool, quantity("yes/no", "where the cash plan breaks the credit line, orders are held to a purchasing budget")
    ] = False
    order_ahead: Annotated[
        bool,
        quantity("yes/no", "where parts with a long lead time are short, more of them is ordered than the rules order"),
    ] = False
    decline: Annotated[
        float,
        quantity(
            "share",
            "of a month's planned demand of its family from which on a deal in sight is declined where the family is short; 0 for never",
            ge=0,
            le=10,
        ),
    ] = 0.0
