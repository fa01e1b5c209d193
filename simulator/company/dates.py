"""Every date on which something happens to a company: all must lie within the run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from simulator.company.company import Company
from simulator.company.entries import dotted


def dates(company: Company) -> Iterator[tuple[str, dt.date]]:
    """Each date with its entry."""
    if company.what_if.out_from is not None:
        yield "what_if.out_from", company.what_if.out_from
    for entry, event in company.market.events.items():
        yield f"{entry}.start", event.start
    for name, product in company.products.items():
        for turn in ("launch", "phase_out"):
            found = getattr(product, turn)
            if found:
                yield dotted("products", name, turn, "month"), found.month
    for kind, table in (("products", company.products), ("components", company.components)):
        for name, item in table.items():
            for k, trouble in enumerate(item.make.trouble if item.make else ()):
                yield dotted(kind, name, "make", "trouble", k, "start"), trouble.start
    for k, disruption in enumerate(company.disruptions):
        if disruption.start is not None:
            yield f"disruptions[{k}].start", disruption.start
