"""Promotions and prices that are decided in a month: the company's market with them, as planners know it from then on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from simulator.company import Company, Days
from simulator.company.events import Event, PriceChange, Promotion
from simulator.planning.decisions import Decision


def with_decisions(company: Company, decisions: Sequence[Decision], days: Days, today: int) -> Company:
    """The company with the promotions and list prices that are decided this morning; planners know of them from now on."""
    market = company.market
    promotions, prices = list(market.promotions), list(market.prices)
    for decision in decisions:
        start = days.date(int(days.month_start[decision.month]))
        known = (start - days.date(today)).days
        if decision.kind == "price":
            about = about_what(company, decision.name)
            prices.append(PriceChange(start=start, known=known, change=decision.amount, **about))
        elif decision.kind == "promotion":
            promotions.append(promotion_of(company, decision, start, known))
        else:
            k = next_promotion(company, decision.name, days.date(today))
            assert k is not None
            moved = promotions[k].start + dt.timedelta(days=round(decision.amount))
            told = {"start": moved, "known": (moved - days.date(today)).days}
            promotions[k] = promotions[k].model_copy(update=told)
    changed = market.model_copy(update={"promotions": tuple(promotions), "prices": tuple(prices)})
    return company.model_copy(update={"market": changed})


def promotion_of(company: Company, decision: Decision, start: dt.date, known: int) -> Promotion:
    """The promotion that is decided, on the company's terms."""
    offer = company.market.offer
    assert offer is not None
    return Promotion(
        start=start,
        known=known,
        days=offer.days,
        lift=decision.amount,
        pull_forward=offer.pull_forward,
        weeks=offer.weeks,
        discount=decision.amount * offer.discount_per_lift,
        **about_what(company, decision.name),
    )


def about_what(company: Company, name: str) -> dict[str, Any]:
    """The family of that name, or else the product."""
    return {"family": name} if name in company.families else {"products": (name,)}


def is_about(event: Event, name: str) -> bool:
    """Tell if an event is about the family or the product of a name."""
    return event.family == name or name in event.products


def next_promotion(company: Company, name: str, today: dt.date) -> int | None:
    """Number the next promotion that has not begun and that planners have been told of; None where there is none."""
    told = [
        (each.start, k)
        for k, each in enumerate(company.market.promotions)
        if is_about(each, name) and each.known is not None and 0 < (each.start - today).days <= each.known
    ]
    return min(told)[1] if told else None
