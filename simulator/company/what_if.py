"""Change a whole company by a few figures: more demand, longer lead times, less capacity, a supplier out for weeks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import model_validator

from simulator.company.calendar import Days
from simulator.company.entries import dotted, not_known
from simulator.kernel.messages import msg
from simulator.kernel.units import Record, quantity

if TYPE_CHECKING:
    from simulator.company.company import Company

NOTE = "what_if"
"""Marks the entries that stand for one of these."""

MOST_WEEKS = 104


class WhatIf(Record):
    """Say in a few figures how the company differs from what its other entries say; each stands for entries that there are."""

    demand: Annotated[
        float, quantity("factor", "on all demand, from the first day on; the past before it stays", gt=0, le=10)
    ] = 1.0
    price: Annotated[
        float,
        quantity("factor", "on all list prices, from the first day on; demand answers by its elasticity", gt=0, le=6),
    ] = 1.0
    lead_time_days: Annotated[
        int, quantity("days", "that every supplier takes longer; below 0 shorter", ge=-365, le=365)
    ] = 0
    capacity: Annotated[float, quantity("factor", "on the regular hours of all resources", gt=0, le=10)] = 1.0
    overtime: Annotated[
        float | None,
        quantity(
            "share",
            "of regular hours that can be worked in addition on every resource; leave out for each its own",
            ge=0,
            le=1,
        ),
    ] = None
    supplier_out: Annotated[
        dict[str, int], quantity("weeks", "by supplier, in which it delivers nothing, without warning")
    ] = {}
    out_from: Annotated[
        dt.date | None, quantity("date", "first day that suppliers are out; leave out for the first scored day")
    ] = None

    @model_validator(mode="after")
    def _out_for_weeks(self) -> WhatIf:
        for name, weeks in self.supplier_out.items():
            if not 1 <= weeks <= MOST_WEEKS:
                raise ValueError(
                    msg(
                        "{entry} is {weeks} weeks; it must be from 1 to {most}",
                        entry=dotted("supplier_out", name),
                        weeks=weeks,
                        most=MOST_WEEKS,
                    )
                )
        return self

    def applied(self, company: Company, warm_up: int) -> Company:
        """Return the company as it would then be, its entries checked anew; a ValueError names what cannot be."""
        if self == WhatIf():
            return company
        first = Days(company.calendar, warm_up + 1)
        words = company.model_dump(exclude_unset=True)
        market = words.setdefault("market", {})
        if self.demand != 1:
            shock = {"start": first.date(0), "known": 0, "factor": self.demand, "note": NOTE}
            market["shocks"] = (*market.get("shocks", ()), shock)
        if self.price != 1:
            change = {"start": first.date(0), "known": 0, "change": self.price - 1, "note": NOTE}
            market["prices"] = (*market.get("prices", ()), change)
        for kind in ("products", "components") if self.lead_time_days else ():
            for name, item in words.get(kind, {}).items():
                self._take_longer(dotted(kind, name, "buy"), item.get("buy"))
        for resource in words.get("resources", {}).values():
            self._change_hours(resource)
        start = self.out_from or first.date(int(first.month_start[warm_up]))
        words["disruptions"] = (*words.get("disruptions", ()), *self._outages(company, start))
        return type(company).model_validate(words)

    def _take_longer(self, entry: str, buy: dict[str, Any] | None) -> None:
        """Move the law of every source of an item by the days; what a supplier promises in so many words stays."""
        for source in (buy, *buy.get("others", ())) if buy else ():
            law = source["lead_time"]
            if "values" in law:
                law["values"] = tuple(value + self.lead_time_days for value in law["values"])
            else:
                law["mean"] += self.lead_time_days
            least = min(law["values"]) if "values" in law else law["mean"]
            if least < 1:
                raise ValueError(
                    msg(
                        "{entry} is {days}, which leaves {item} {left} days; goods take at least 1 day to come",
                        entry="what_if.lead_time_days",
                        days=self.lead_time_days,
                        item=entry,
                        left=f"{least:g}",
                    )
                )

    def _change_hours(self, resource: dict[str, Any]) -> None:
        """Change the hours of a resource and of its people alike, and the most overtime."""
        resource["hours"] *= self.capacity
        if resource.get("people"):
            resource["people"]["hours"] *= self.capacity
        if self.overtime is not None:
            resource["overtime"] = self.overtime

    def _outages(self, company: Company, start: dt.date) -> Iterator[dict[str, Any]]:
        """Disrupt each supplier named for its weeks."""
        for name, weeks in self.supplier_out.items():
            if name not in company.suppliers:
                raise ValueError(not_known("what_if.supplier_out", name, msg("a supplier"), list(company.suppliers)))
            yield {"supplier": name, "start": start, "length": {"law": "constant", "mean": 7 * weeks}, "note": NOTE}
