"""Ways of buying: from whom, at what price, after how long, in which quantities, how good, how quick in need."""

from __future__ import annotations

import datetime as dt
from math import ceil, fsum
from typing import Annotated

from pydantic import model_validator

from simulator.company.laws import LawOfDays
from simulator.kernel.messages import listed, msg
from simulator.kernel.units import Record, quantity


class Express(Record):
    """A quicker way for what cannot wait: by air instead of by sea, at the supplier's night shift."""

    days: Annotated[int, quantity("days", "from release to stock, inspection not included", ge=1, le=365)]
    premium: Annotated[float, quantity("share", "of the price that it costs more", ge=0, le=20)]


class Source(Record):
    """One way of buying an item."""

    supplier: Annotated[str, quantity("name", "who delivers it")]
    lead_time: Annotated[
        LawOfDays,
        quantity(
            "days",
            "from release to stock, at least 1 and in whole days; released at the end of day t, there at the start of day t + lead time",
        ),
    ]
    promise: Annotated[
        int | None,
        quantity("days", "in which it promises to deliver; leave out for the mean lead time", ge=1, le=365),
    ] = None
    minimum_order: Annotated[float, quantity("units", "least quantity of an order", ge=0, luck=False)] = 0.0
    multiple: Annotated[
        float, quantity("units", "an order is a multiple of this; 0 for any quantity", ge=0, luck=False)
    ] = 0.0
    overtaking: Annotated[bool, quantity("yes/no", "a later order may arrive before an earlier one", luck=False)] = (
        False
    )
    price: Annotated[
        float | None,
        quantity("money/unit", "price agreed with the supplier; leave out for the standard cost", ge=0, luck=False),
    ] = None
    share: Annotated[
        float, quantity("share", "of the item's purchases that are meant to come from here", ge=0, le=1)
    ] = 1.0
    capacity: Annotated[
        float | None,
        quantity("units/month", "most that the supplier takes on; leave out for no limit", gt=0, luck=False),
    ] = None
    reject: Annotated[float, quantity("share", "of what comes that fails incoming inspection", ge=0, lt=1)] = 0.0
    reject_spread: Annotated[
        float, quantity("share", "standard deviation of the rejected share from lot to lot", ge=0, lt=0.5)
    ] = 0.0
    inspection_days: Annotated[
        int, quantity("days", "that incoming inspection takes on top of the lead time", ge=0, le=60, luck=False)
    ] = 0
    express: Annotated[
        Express | None, quantity("table", "a quicker way; leave out where there is none", luck=False)
    ] = None

    @model_validator(mode="after")
    def _sound(self) -> Source:
        if self.reject_spread and self.reject_spread**2 >= self.reject * (1 - self.reject):
            most = (self.reject * (1 - self.reject)) ** 0.5
            raise ValueError(
                msg(
                    "{entry} is {spread} with a mean of {mean}; it must be below {most}, as no lot is worse than all bad",
                    entry="reject_spread",
                    spread=f"{self.reject_spread}",
                    mean=f"{self.reject}",
                    most=f"{most:.3g}",
                )
            )
        if self.capacity is not None and self.capacity < self.least_order:
            raise ValueError(
                msg(
                    "{entry} is {capacity} units/month; it must be at least the least order, {least}",
                    entry="capacity",
                    capacity=f"{self.capacity:g}",
                    least=f"{self.least_order:g}",
                )
            )
        return self

    @property
    def least_order(self) -> float:
        """The minimum order in whole multiples, at least one of them."""
        if not self.multiple:
            return self.minimum_order
        return max(ceil(self.minimum_order / self.multiple - 1e-9), 1) * self.multiple


class Buy(Source):
    """Bought from a supplier, or from several."""

    others: Annotated[tuple[Source, ...], quantity("list", "further sources of the same item")] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """All ways of buying the item, the first one first."""
        return (self, *self.others)

    @property
    def is_plain(self) -> bool:
        """One supplier who is asked for goods and delivers them: nothing to choose, inspect or hurry."""
        plain = Source(
            supplier=self.supplier, lead_time=self.lead_time, minimum_order=self.minimum_order,
            multiple=self.multiple, overtaking=self.overtaking, share=self.share,
        )  # fmt: skip
        return not self.others and all(getattr(self, name) == getattr(plain, name) for name in Source.model_fields)

    @model_validator(mode="after")
    def _shared_out(self) -> Buy:
        suppliers = [source.supplier for source in self.sources]
        twice = [name for k, name in enumerate(suppliers) if name in suppliers[:k]]
        if twice:
            raise ValueError(
                msg("{supplier} is named as a source twice; make one entry of the two", supplier=repr(twice[0]))
            )
        shares = [source.share for source in self.sources]
        if shares != [1.0] and not self.others:
            raise ValueError(
                msg(
                    "{entry} is {share}; with one source it must be 1, or others be named",
                    entry="share",
                    share=f"{self.share:g}",
                )
            )
        if abs(fsum(shares) - 1) > 1e-9:
            told = " + ".join(f"{share:g}" for share in shares)
            mend = msg("; divide each by {total}", total=f"{fsum(shares):g}") if fsum(shares) else ""
            raise ValueError(
                msg(
                    "{entry} of its sources ({suppliers}) is {shares} = {total}; shares must add up to 1{mend}",
                    entry="share",
                    suppliers=listed(suppliers, ", "),
                    shares=told,
                    total=f"{fsum(shares):g}",
                    mend=mend,
                )
            )
        return self


# --- disruptions ---


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
