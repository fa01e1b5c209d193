"""Go on from a morning with several decisions: the days before are simulated once, and each option goes on from them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from itertools import count

import numpy as np
from simpy import Environment

from simulator.engine.books import Books
from simulator.engine.day.timetable import work_day_by_day
from simulator.engine.firm import Firm
from simulator.engine.play import books_of_firm, opening_state, run_until, treasury_of
from simulator.engine.scenario import Scenario
from simulator.engine.widening import arrays_of, may_be_narrow, narrowed, widen
from simulator.kernel.ledger import EVERYTHING, SCORED, Shelf
from simulator.planning import Policy
from simulator.planning.decisions import Decided, Decision
from simulator.world.luck import Weather

GoOn = Callable[[Sequence[Decision]], Books]
"""Goes on from a morning with what is decided."""

FEWEST_LANES = 5
"""Lanes at least in which a common past is simulated; fewer are the length of many things."""


@contextmanager
def common_past(
    scenario: Scenario,
    policy: Policy,
    weather: Weather,
    day: int,
    keep: Collection[str] = EVERYTHING,
    shelf: Shelf | None = None,
    alike: bool = False,
) -> Iterator[GoOn]:
    """Simulate the days before a day, and go on from there with what is decided, to the same bits as all of it by itself.

    An option's books give way to the next one's. Lanes that are `alike` until that day, as those of a fork are, need not all be
    simulated before it.
    """
    narrow = alike and may_be_narrow(scenario.company, weather)
    past = narrowed(weather, number_of_lanes(scenario, policy, weather, day), day) if narrow else weather
    opening = opening_state(scenario, policy, past)
    treasury = treasury_of(scenario, policy)
    with run_until(scenario, policy, past, day, keep, None if narrow else shelf, opening, treasury=treasury) as firm:
        if narrow:
            widen(firm, weather)

        def go_on(decisions: Sequence[Decision]) -> Books:
            again = on_the_morning(firm, day, decisions)
            days = work_day_by_day(again)
            again.env.process(days)
            again.env.run(until=24 * scenario.days.count)
            books = books_of_firm(again, scenario, policy)
            days.close()
            vars(again).clear()
            return books

        yield go_on


def number_of_lanes(scenario: Scenario, policy: Policy, weather: Weather, day: int, least: int = FEWEST_LANES) -> int:
    """Choose the number of lanes in which a common past is simulated: one that is the length of nothing else."""
    firms, begun = [], int(scenario.days.first_worked[0]) + 1  # the first cycle has been held
    for lanes in (2, 3):
        few = narrowed(weather, lanes, day)
        with run_until(scenario, policy, few, min(begun, day), SCORED) as firm:
            firms.append({length for array in arrays_of(firm) for length in array.shape})
    static = firms[0] & firms[1]
    return next(lanes for lanes in count(max(least, FEWEST_LANES)) if lanes not in static)


def on_the_morning(firm: Firm, day: int, decisions: Sequence[Decision]) -> Firm:
    """The firm once more on that morning, with a state of its own; the books are shared, whose pages from then on are new."""
    env, n = Environment(initial_time=24 * day), firm.network
    kept = (
        *(firm.company, n, n.sources, n.staffing, n.outside, firm.days, firm.calendar, firm.long, firm.market),
        *(firm.weather, firm.policy, firm.treasury, n.bill, n.load, n.total_use, n.total_load),
        *(array for array in vars(n).values() if isinstance(array, np.ndarray)),
        *(book for books in (firm.ledger.book, firm.ledger.memo, firm.ledger.closing) for book in books.values()),
    )
    same = {id(thing): thing for thing in kept} | {id(firm.env): env}
    again: Firm = deepcopy(firm, same)
    again.decided = Decided(n, again.calendar, decisions, firm.lanes)
    again.ledger.turn_page()
    return again
