"""The stages that a deal goes through before it is signed."""

from __future__ import annotations

from typing import Annotated

from simulator.kernel.units import Record, quantity


class Stage(Record):
    """A stage of the pipeline: a deal stays some months in it and then moves on or is lost."""

    name: Annotated[str, quantity("text", "what the stage is called, such as offer")]
    months: Annotated[int, quantity("months", "that a deal is in it, if its date does not slip", ge=1, le=24)]
    passes: Annotated[float, quantity("probability", "that a deal in it really moves on", ge=0, le=1)]
    says: Annotated[
        float,
        quantity(
            "probability", "of winning that the sales team states for a deal in it; planners go by it", ge=0, le=1
        ),
    ]
