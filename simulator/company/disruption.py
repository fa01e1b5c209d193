"""Describe disruptions: a supplier, a lane of transport or a site is out for a while."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import model_validator

from simulator.company.laws import LawOfDays
from simulator.kernel.messages import listed, msg
from simulator.kernel.units import Record, quantity


class Disruption(Record):
    """A supplier, a lane of transport or a site of one's own is out: on a date, or by chance."""

    supplier: Annotated[str | None, quantity("name", "the supplier who is out: orders wait until it is back")] = None
    route: Annotated[
        str | None, quantity("name", "the lane that is closed: what would arrive over it waits until it opens")
    ] = None
    resource: Annotated[str | None, quantity("name", "the site that is out: its hours are lost")] = None
    start: Annotated[dt.date | None, quantity("date", "first day that it is out; leave out where chance decides")] = (
        None
    )
    rate: Annotated[
        float | None,
        quantity("times/year", "mean number while it is well; leave out where the date is known", gt=0, le=365),
    ] = None
    length: Annotated[LawOfDays, quantity("days", "how long it is out; begun days count")]
    severity: Annotated[float, quantity("share", "of it that is lost", gt=0, le=1)] = 1.0
    warning: Annotated[int, quantity("days", "before it begins that planners learn of it", ge=0, le=365)] = 0
    note: Annotated[str, quantity("text", "what happens", luck=False)] = ""

    @property
    def thing(self) -> tuple[str, str]:
        """Return the kind and name of the thing that is out."""
        kind = next(kind for kind in OUTAGE_KINDS if getattr(self, kind) is not None)
        return kind, getattr(self, kind)

    @model_validator(mode="after")
    def _one_of_each(self) -> Disruption:
        for entries, what in ((OUTAGE_KINDS, msg("what is out")), (("start", "rate"), msg("when it is out"))):
            given = [entry for entry in entries if getattr(self, entry) is not None]
            if len(given) != 1:
                named = listed(given, " and ") if given else msg("none of them")
                raise ValueError(
                    msg(
                        "it must name {what} by one of {entries}; it has {named}",
                        what=what,
                        entries=listed(entries, ", "),
                        named=named,
                    )
                )
        return self


OUTAGE_KINDS = ("supplier", "route", "resource")
"""What can be out."""
