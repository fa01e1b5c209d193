"""Go on from a morning with several decisions: the days before are simulated once, and each option goes on from them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from copy import deepcopy

import numpy as np
from simpy import Environment

from simulator.engine.books import Books
from simulator.engine.day.timetable import work_day_by_day
from simulator.engine.firm import Firm
from simulator.engine.play import books_of_firm, opening_state, run_until
from simulator.engine.scenario import Scenario
from simulator.kernel.ledger import EVERYTHING, Shelf
from simulator.planning import Policy
from simulator.planning.decisions import Decided, Decision
from simulator.world.luck import Weather


def play_options(
    scenario: Scenario,
    policy: Policy,
    weather: Weather,
    day: int,
    options: Sequence[Sequence[Decision]],
    keep: Collection[str] = EVERYTHING,
    shelf: Shelf | None = None,
) -> Iterator[Books]:
    """Simulate options that differ from a day on, to the same bits as each by itself; its books give way to the next one's."""
    opening = opening_state(scenario, policy, weather)
    with run_until(scenario, policy, weather, day, keep, shelf, opening) as firm:
        for decisions in options:
            going_on = on_the_morning(firm, day, decisions)
            days = work_day_by_day(going_on)
            going_on.env.process(days)
            going_on.env.run(until=24 * scenario.days.count)
            yield books_of_firm(going_on, scenario, policy)
            days.close()
            vars(going_on).clear()


def on_the_morning(firm: Firm, day: int, decisions: Sequence[Decision]) -> Firm:
    """The firm once more on that morning, with a state of its own; the books are shared, whose pages from then on are new."""
    env, n = Environment(initial_time=24 * day), firm.network
    kept = (
        *(firm.company, n, n.sources, n.staffing, n.outside, firm.days, firm.calendar, firm.long, firm.market),
        *(firm.weather, firm.policy, n.bill, n.load, n.total_use, n.total_load),
        *(array for array in vars(n).values() if isinstance(array, np.ndarray)),
        *(book for books in (firm.ledger.book, firm.ledger.memo, firm.ledger.closing) for book in books.values()),
    )
    same = {id(thing): thing for thing in kept} | {id(firm.env): env}
    again: Firm = deepcopy(firm, same)
    again.decided = Decided(n, again.calendar, decisions)
    again.ledger.turn_page()
    return again
