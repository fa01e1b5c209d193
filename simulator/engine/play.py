"""Play a company: one SimPy environment, many lanes, books at the end."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from math import ceil
from typing import Any

import numpy as np
from simpy import Environment

from simulator.engine.accounts import figures_a_day
from simulator.engine.books import Books
from simulator.engine.day.timetable import work_day_by_day
from simulator.engine.firm import Firm
from simulator.engine.running import closing_state, months_before, weather_before
from simulator.engine.scenario import Scenario
from simulator.engine.treasury import Treasury
from simulator.kernel.ledger import EVERYTHING, SCORED, Shelf
from simulator.kernel.memory import keep_what_is_freed
from simulator.planning import Policy
from simulator.planning.decisions import Decision
from simulator.world.luck import Fork, Seed, Weather, draw
from simulator.world.opening import Opening, in_lanes, with_open_purchases

FLOWS_OF_MONEY = 20
"""Flows that measures of money work out beside the books of goods: more than a small company has books."""


MEMORY = 512 << 20
"""Bytes that the books of one block of lanes may take,"""


USUAL_MEMORY = 640 << 20
"""and those of the usual hundred replications, which are quickest at once."""


REHEARSED = 62
"""Days that a rehearsal takes: two cycles of planning are held in them."""


USUAL_BLOCK, LARGEST_BLOCK = 100, 1_000
"""Replications in a block: as many as are usually asked for, and beyond which more together cost no less each."""


def play(
    scenario: Scenario,
    policy: Policy,
    weather: Weather,
    keep: Collection[str] = EVERYTHING,
    shelf: Shelf | None = None,
    decisions: Sequence[Decision] = (),
) -> Books:
    """Simulate one policy in this weather, with what people decide beside it; the next play with a shelf overwrites its books."""
    opening = opening_state(scenario, policy, weather)
    with run_until(
        scenario,
        policy,
        weather,
        scenario.days.count,
        keep,
        shelf,
        opening,
        decisions,
        treasury=treasury_of(scenario, policy),
    ) as firm:
        return books_of_firm(firm, scenario, policy)


def treasury_of(scenario: Scenario, policy: Policy) -> Treasury | None:
    """The treasury of a company whose bank sets a limit, under a policy that holds orders to it."""
    limited = scenario.company.finance.credit_line is not None
    return Treasury(scenario) if limited and policy.further.hold_purchases else None


def opening_state(scenario: Scenario, policy: Policy, weather: Weather) -> Opening | None:
    """The state in which the company begins, where it has been running before."""
    earlier, lanes = months_before(scenario), len(weather.replications)
    if earlier is None:
        return with_open_purchases(None, scenario.company, scenario.network, lanes)
    assert weather.before is not None
    with run_until(earlier, policy, weather.before, earlier.days.count, SCORED) as firm:
        found = in_lanes(closing_state(firm, scenario.network.opening_stock), lanes)
    return with_open_purchases(found, scenario.company, scenario.network, lanes)


@contextmanager
def run_until(
    scenario: Scenario,
    policy: Policy,
    weather: Weather,
    day: int,
    keep: Collection[str],
    shelf: Shelf | None = None,
    opening: Opening | None = None,
    decisions: Sequence[Decision] = (),
    treasury: Treasury | None = None,
) -> Iterator[Firm]:
    """A firm on the evening before a day of its run; where its cash decides, with a treasury."""
    env = Environment()
    firm = Firm(
        env, scenario.company, scenario.network, scenario.days, weather, policy, keep, shelf, opening, decisions
    )
    firm.treasury = treasury
    days = work_day_by_day(firm)
    env.process(days)
    env.run(until=24 * day)
    yield firm
    days.close()  # waiting frames would hold the firm's arrays until the collector comes round
    vars(firm).clear()


def rehearse(scenario: Scenario, policy: Policy) -> None:
    """Play the first days of one replication: what a policy and a company do not agree on is refused as in a run."""
    env = Environment()
    weather = weather_for(scenario, scenario.experiment.seed, [0])
    firm = Firm(env, scenario.company, scenario.network, scenario.days, weather, policy, SCORED)
    days = work_day_by_day(firm)
    env.process(days)
    env.run(until=24 * min(REHEARSED, scenario.days.count))
    days.close()


def books_of_firm(firm: Firm, scenario: Scenario, policy: Policy) -> Books:
    """Close the books of a firm."""
    ledger, weather = firm.ledger, firm.weather
    return Books(
        scenario,
        policy,
        weather.replications,
        ledger.book,
        ledger.closing,
        firm.plans,
        ledger.memo,
        firm.demand_by_month,
        firm.opened,
        tuple(firm.decided.decisions),
        firm.company if firm.company is not scenario.company else None,
    )


def weather_for(scenario: Scenario, seed: Seed, replications: Sequence[int]) -> Weather:
    """The luck of these replications; in a fork, of these lanes of it.

    A lone lane would be summed in another order than lanes in company (NumPy adds a single column
    pairwise), so that a run always holds at least two; `trimmed` takes the second one off.
    """
    keep_what_is_freed()
    lanes = list(replications) if len(replications) > 1 else [*replications, *replications]
    e = scenario.experiment
    weather = draw(
        scenario.company, scenario.network, scenario.days, e.history, seed, lanes, scenario.replayed, scenario.past
    )
    if isinstance(seed, Fork):
        weather.before = weather_before(scenario, seed.seed, [seed.replication] * 2)
    else:
        weather.before = weather_before(scenario, seed, lanes)
    return weather


def trimmed(books: Books, lanes: int) -> Books:
    """The books without the lane that only kept the first one company."""
    if len(books.replications) == lanes:
        return books
    for table in (books.flows, books.closing, books.memos, books.opened):
        for name, array in table.items():
            table[name] = array[..., :lanes]
    tables: tuple[dict[Any, Any], ...] = (
        vars(books.plans),
        books.plans.tables,
        books.plans.carried,
        books.plans.effective,
        books.plans.recommended,
        books.plans.chosen,
    )
    for table in tables:
        for name, array in table.items():
            if isinstance(array, np.ndarray):
                table[name] = array[..., :lanes]
    books.demand_by_month = books.demand_by_month[..., :lanes]
    books.replications = books.replications[:lanes]
    return books


def replication_blocks(scenario: Scenario, replications: Sequence[int]) -> Iterator[list[int]]:
    """Cut the replications into equal blocks whose books fit in memory; how they are cut changes no result."""
    number = ceil(len(replications) / lanes_at_once(scenario))
    for part in np.array_split(np.asarray(replications), number):
        yield [int(replication) for replication in part]


def bytes_a_lane(scenario: Scenario) -> int:
    """Bytes that the books of one replication take."""
    return 8 * scenario.days.count * (figures_a_day(scenario.company, scenario.network) + FLOWS_OF_MONEY)


def may_all_be_kept(scenario: Scenario, replications: int) -> bool:
    """Tell if the books of all replications take no more than those of the usual hundred may."""
    return replications * bytes_a_lane(scenario) <= USUAL_MEMORY


def lanes_at_once(scenario: Scenario) -> int:
    """Replications whose books fit in memory."""
    lane = bytes_a_lane(scenario)
    return max(2, min(LARGEST_BLOCK, max(MEMORY // lane, min(USUAL_BLOCK, USUAL_MEMORY // lane))))
