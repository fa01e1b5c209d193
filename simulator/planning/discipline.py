"""The discipline with which an organisation carries out what its meetings decide."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import model_validator

from simulator.kernel.messages import msg
from simulator.kernel.units import Array, Record, Whole, quantity

DONE, LATE, DROPPED = range(3)
"""The status of an action."""


class Discipline(Record):
    """State the part of a changed plan that is carried out, and how reliably the departments do their actions."""

    plan: Annotated[
        float, quantity("share", "of each change of the approved plan that floor and purchasing carry out", ge=0, le=1)
    ] = 1.0
    in_time: Annotated[
        float, quantity("probability", "that a department does its actions of a meeting by their due day", ge=0, le=1)
    ] = 1.0
    late: Annotated[
        float, quantity("probability", "that it does them late; with what is left they are dropped", ge=0, le=1)
    ] = 0.0
    late_days: Annotated[int, quantity("working days", "from the due day until late actions are done", ge=1, le=20)] = (
        10
    )

    @model_validator(mode="after")
    def _no_more_than_all(self) -> Discipline:
        if self.in_time + self.late > 1 + 1e-9:
            raise ValueError(
                msg(
                    "{entries} add up to {whole}; they must add up to at most 1, as the rest is dropped",
                    entries="in_time, late",
                    whole=f"{self.in_time + self.late:.6g}",
                )
            )
        return self

    @property
    def is_full(self) -> bool:
        """Tell if every action is done by its day."""
        return self.in_time >= 1

    def status(self, luck: Array) -> Whole:
        """Done in time, late or dropped, by uniform luck."""
        return np.asarray((luck >= self.in_time) * 1 + (luck >= self.in_time + self.late) * 1)
