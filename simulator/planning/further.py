"""Options that a meeting puts beside those of the capacity check: purchases held, parts ordered ahead, large deals declined."""

from __future__ import annotations

from typing import Annotated

from pydantic import model_validator

from simulator.kernel.messages import msg
from simulator.kernel.units import Record, quantity


class FurtherOptions(Record):
    """State which options are put where they could help; each is the best of the others with one thing decided more."""

    hold_purchases: Annotated[
        bool, quantity("yes/no", "where the cash plan breaks the credit line, orders are held to a purchasing budget")
    ] = False
    keeps_to_line: Annotated[
        bool,
        quantity("yes/no", "options that break the credit line further than the least are not open to the meetings"),
    ] = False
    cash_reserve: Annotated[
        float,
        quantity(
            "money", "what the cash plan leaves of the credit line, since cash may come in lower than planned", ge=0
        ),
    ] = 0.0
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

    @model_validator(mode="after")
    def _has_a_plan_to_keep_to(self) -> FurtherOptions:
        for entry in ("keeps_to_line", "cash_reserve"):
            if getattr(self, entry) and not self.hold_purchases:
                raise ValueError(
                    msg(
                        "{entry} needs {other}: without it no cash plan is made",
                        entry=entry,
                        other="hold_purchases = true",
                    )
                )
        return self
