"""Quality and stock records of a company, in words."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.company.phrases import counted_things, first_names, percent, short_number, small_percent
from simulator.company.quality import Stockroom
from simulator.engine.scenario import Scenario
from simulator.kernel.messages import Message, listed, msg


def quality(scenario: Scenario) -> Iterator[Message]:
    """Yields that differ, troubles, returns, shelf lives, and how far records can be trusted."""
    yield from _yields(scenario)
    yield from _returns(scenario)
    keeps = {name: item.shelf_life for name, item in scenario.company.items.items() if item.shelf_life}
    if keeps:
        told = [msg("{name} {value}", name=name, value=counted_things(days, "day")) for name, days in keeps.items()]
        yield msg("Shelf life: {items}.", items=first_names(told))
    yield from _records(scenario)


def _yields(scenario: Scenario) -> Iterator[Message]:
    made = {name: item.make for name, item in scenario.company.items.items() if item.make}
    differing = [name for name, make in made.items() if make.good_spread]
    repaired = [name for name, make in made.items() if make.rework]
    if differing:
        yield msg("Yield differs from lot to lot: {names}.", names=first_names(differing))
    if repaired:
        yield msg("Repaired where it can be: {names}.", names=first_names(repaired))
    for name, make in made.items():
        for trouble in make.trouble:
            told = msg(
                "from {day} for {days} only {good} are good, not {usual}",
                day=trouble.start,
                days=counted_things(trouble.days, "day"),
                good=small_percent(trouble.good),
                usual=small_percent(make.good),
            )
            if trouble.sent_back:
                more = percent(trouble.sent_back)
                told = msg("{trouble}, and {share} more of what is shipped comes back", trouble=told, share=more)
            yield msg("Trouble with {item}: {trouble}.", item=name, trouble=told)


def _returns(scenario: Scenario) -> Iterator[Message]:
    for name, segment in scenario.company.segments.items():
        if segment.returns:
            back = segment.returns
            again = msg("{share} of it is sold again", share=percent(back.restock))
            yield msg(
                "Returns of {segment}: {share} of what they get, after {days} days; {what}.",
                segment=name,
                share=small_percent(back.share),
                days=short_number(back.days.mean),
                what=again if back.restock else msg("all of it is scrap"),
            )


def _records(scenario: Scenario) -> Iterator[Message]:
    room = scenario.company.stockroom
    if room:
        yield msg(
            "Stock records: {missing} of stock goes missing a month, bookings are wrong by {drift} of what moves in a week; "
            "{counts}.",
            missing=small_percent(room.shrinkage),
            drift=small_percent(room.drift),
            counts=_counts(room),
        )


def _counts(room: Stockroom) -> Message:
    if room.count is None:
        return msg("never counted")
    days = [str(each) for each in (room.count.a, room.count.b, room.count.c)]
    often = [*dict.fromkeys(days)]
    if len(often) == 1:
        return msg("counted every working day") if often == ["1"] else msg("counted every {n} days", n=often[0])
    return msg("counted every {numbers} days by class of value", numbers=listed(days))
