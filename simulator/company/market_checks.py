"""Check the names in market, launches, channels and targets, and refuse contradictions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from simulator.company.calendar import Days
from simulator.company.entries import below, dotted
from simulator.company.events import Promotion
from simulator.kernel.units import nearest

if TYPE_CHECKING:
    from simulator.company.company import Company

LONGEST_EVENT = 12
"""Months that a promotion and the weeks after it take at most."""


def check_market(company: Company) -> None:
    """Refuse unknown names, and impossible dates and days."""
    for entry, event in company.market.events.items():
        _known(f"{entry}.products", event.products, company.products, "a product")
        _known(f"{entry}.segments", event.segments, company.segments, "a segment")
        _known(f"{entry}.family", [event.family] if event.family else (), company.families, "a family")
        if isinstance(event, Promotion):
            _check_shares(f"{entry}.cannibalises", event.cannibalises, company)
            _check_hole(entry, event, company)
    for name, product in company.products.items():
        if product.launch:
            _check_shares(dotted("products", name, "launch", "cannibalises"), product.launch.cannibalises, company)
    for channel, target in company.sales.targets.items() if company.sales else ():
        _known("sales.targets", [channel], company.channels, "a channel")
        _known(dotted("sales", "targets", channel, "products"), target.products, company.products, "a product")
    _check_ways(company)


def _known(where: str, names: Collection[str], known: Collection[str], what: str) -> None:
    for name in names:
        if name not in known:
            raise ValueError(f"{where} names {name!r}, which is not {what}; {nearest(name, list(known))}")


def _check_shares(where: str, shares: Mapping[str, float], company: Company) -> None:
    _known(where, shares, company.products, "a product")
    for name, share in shares.items():
        if not 0 <= share <= 1:
            raise ValueError(f"{below(where, name)} is {share} (share); it must be from 0 to 1")


def _check_hole(entry: str, promotion: Promotion, company: Company) -> None:
    """Refuse to pull forward more demand than there is."""
    start = company.calendar.model_copy(update={"start": promotion.start.replace(day=1)})
    if promotion.course(Days(start, LONGEST_EVENT)).min() < 0:
        raise ValueError(
            f"{entry}.pull_forward is {promotion.pull_forward} (share), which is more than customers buy in the weeks "
            f"after it; take less, or more than {promotion.weeks} for weeks"
        )


def _check_ways(company: Company) -> None:
    """Nobody can be promised goods sooner than the way takes."""
    for name, segment in company.segments.items():
        way = company.way(name)
        promises = {dotted("segments", name, "lead_time"): segment.lead_time} | {
            f"demand.frames[{k}].notice": frame.notice
            for k, frame in enumerate(company.demand.frames)
            if frame.segment == name
        }
        for entry, days in promises.items():
            if days < way:
                promised = f"{days} {'day' if days == 1 else 'days'}"
                raise ValueError(
                    f"{entry} is {promised}, but the channel {segment.channel!r} takes {way} days to the customer; "
                    f"it must be at least {way}"
                )
