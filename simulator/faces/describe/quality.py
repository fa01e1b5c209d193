"""Quality and stock records of a company, in words."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.company.phrases import count, number, percent, some
from simulator.company.stockroom import Stockroom
from simulator.engine.scenario import Scenario


def quality(scenario: Scenario) -> Iterator[str]:
    """Yields that differ, troubles, returns, shelf lives, and how far records can be trusted."""
    yield from _yields(scenario)
    yield from _returns(scenario)
    keeps = {name: item.shelf_life for name, item in scenario.company.items.items() if item.shelf_life}
    if keeps:
        told = [f"{name} {count(days, 'day')}" for name, days in keeps.items()]
        yield f"Shelf life: {some(told)}."
    yield from _records(scenario)


def _yields(scenario: Scenario) -> Iterator[str]:
    made = {name: item.make for name, item in scenario.company.items.items() if item.make}
    differing = [name for name, make in made.items() if make.good_spread]
    repaired = [name for name, make in made.items() if make.rework]
    if differing:
        yield f"Yield differs from lot to lot: {some(differing)}."
    if repaired:
        yield f"Repaired where it can be: {some(repaired)}."
    for name, make in made.items():
        for trouble in make.trouble:
            back = f", and {percent(trouble.sent_back)} more of what is shipped comes back" if trouble.sent_back else ""
            yield (
                f"Trouble with {name}: from {trouble.start} for {count(trouble.days, 'day')} only {_share(trouble.good)} "
                f"are good, not {_share(make.good)}{back}."
            )


def _returns(scenario: Scenario) -> Iterator[str]:
    for name, segment in scenario.company.segments.items():
        if segment.returns:
            back = segment.returns
            fit = f"{percent(back.restock)} of it is sold again" if back.restock else "all of it is scrap"
            yield f"Returns of {name}: {_share(back.share)} of what they get, after {number(back.days.mean)} days; {fit}."


def _records(scenario: Scenario) -> Iterator[str]:
    room = scenario.company.stockroom
    if room:
        yield (
            f"Stock records: {_share(room.shrinkage)} of stock goes missing a month, bookings are wrong by {_share(room.drift)} of "
            f"what moves in a week; {_counts(room)}."
        )


def _counts(room: Stockroom) -> str:
    if room.count is None:
        return "never counted"
    days = [str(each) for each in (room.count.a, room.count.b, room.count.c)]
    often = [*dict.fromkeys(days)]
    if len(often) == 1:
        return "counted every working day" if often == ["1"] else f"counted every {often[0]} days"
    return f"counted every {', '.join(days[:-1])} and {days[-1]} days by class of value"


def _share(share: float) -> str:
    """A small share, with the digits that it needs."""
    return f"{100 * share:.3g} %"
