"""Check the names in market, launches, channels and targets, and refuse contradictions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from simulator.company.calendar import Days
from simulator.company.entries import dotted, dotted_below, not_known
from simulator.company.events import Promotion
from simulator.kernel.messages import Message, msg, plural

if TYPE_CHECKING:
    from simulator.company.company import Company

LONGEST_EVENT = 12
"""Months that a promotion and the weeks after it take at most."""


def check_market(company: Company) -> None:
    """Refuse unknown names, and impossible dates and days."""
    for entry, event in company.market.events.items():
        _known(f"{entry}.products", event.products, company.products, msg("a product"))
        _known(f"{entry}.segments", event.segments, company.segments, msg("a segment"))
        _known(f"{entry}.family", [event.family] if event.family else (), company.families, msg("a family"))
        if isinstance(event, Promotion):
            _check_shares(f"{entry}.cannibalises", event.cannibalises, company)
            _check_hole(entry, event, company)
    for name, product in company.products.items():
        if product.launch:
            _check_shares(dotted("products", name, "launch", "cannibalises"), product.launch.cannibalises, company)
    for channel, target in company.sales.targets.items() if company.sales else ():
        _known("sales.targets", [channel], company.channels, msg("a channel"))
        _known(dotted("sales", "targets", channel, "products"), target.products, company.products, msg("a product"))
    _check_ways(company)


def _known(where: str, names: Collection[str], known: Collection[str], what: Message) -> None:
    for name in names:
        if name not in known:
            raise ValueError(not_known(where, name, what, list(known)))


def _check_shares(where: str, shares: Mapping[str, float], company: Company) -> None:
    _known(where, shares, company.products, msg("a product"))
    for name, share in shares.items():
        if not 0 <= share <= 1:
            raise ValueError(
                msg(
                    "{entry} is {value} (share); it must be from 0 to 1",
                    entry=dotted_below(where, name),
                    value=f"{share}",
                )
            )


def _check_hole(entry: str, promotion: Promotion, company: Company) -> None:
    """Refuse to pull forward more demand than there is."""
    start = company.calendar.model_copy(update={"start": promotion.start.replace(day=1)})
    if promotion.course(Days(start, LONGEST_EVENT)).min() < 0:
        raise ValueError(
            msg(
                "{entry} is {value} (share), which is more than customers buy in the weeks after it; take less, "
                "or more than {weeks} for weeks",
                entry=f"{entry}.pull_forward",
                value=f"{promotion.pull_forward}",
                weeks=promotion.weeks,
            )
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
                raise ValueError(
                    msg(
                        "{entry} is {promised}, but the channel {channel} takes {way} days to the customer; it must be at least {way}",
                        entry=entry,
                        promised=plural("{n} day", "{n} days", days),
                        channel=repr(segment.channel),
                        way=way,
                    )
                )
