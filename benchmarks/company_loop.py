"""A compiled loop of a simpler model of the reference company: about how far arrays are from a program that does nothing else.

The loop (company_loop.c) meets the same luck as ours, orders, delivers by segment and age, makes from parts within hours, buys up to
a level and forecasts by month. It leaves out books, money, frozen zones, checks and whatever the policy decides beyond a schedule a week.
"""

from pathlib import Path
from time import process_time
from typing import NamedTuple

import numpy as np

from benchmarks.compiled import run
from simulator.engine.scenario import Scenario
from simulator.world.luck import Weather

LOOP = Path(__file__).with_suffix(".c").read_text(encoding="utf-8")
SEASON = 12


class Found(NamedTuple):
    """The service and stock that the loop finds, and its processor time for an item, day and replication."""

    fill_rate: float
    stock_units: float
    nanoseconds: float


def play_loop(scenario: Scenario, weather: Weather, rounds: int = 3) -> Found:
    """Play the simpler model on this luck; the quickest of some rounds counts, and nothing is drawn in it."""
    network, days, experiment = scenario.network, scenario.days, scenario.experiment
    lanes, items, products = len(weather.replications), len(network.names), len(network.products)
    bills, loads = network.bill.matrix.T.tocsr(), network.load.matrix.T.tocsr()
    past = np.moveaxis(weather.past[-SEASON:], -1, 0)
    share = past.mean(axis=0) / past.mean(axis=(0, 1))
    of_segments = [scenario.company.segments[name] for name in network.segments]
    fill_rate, stock = np.empty(lanes), np.empty(lanes)

    def whole(numbers: object) -> np.ndarray:
        return np.ascontiguousarray(numbers, dtype=np.int32)

    def real(numbers: object) -> np.ndarray:
        return np.ascontiguousarray(numbers, dtype=np.float64)

    begins = np.isin(np.arange(days.count), days.first_of_month[:-1])
    given = [
        *(lanes, days.count, items, products, len(network.segments), len(network.resources)),
        *(real(np.moveaxis(weather.signed, -1, 0)), real(past), whole(begins), whole(days.working), real(days.lengths)),
        *(whole([each.lead_time for each in of_segments]), whole([each.patience for each in of_segments])),
        *(whole(np.round(network.lead_time[:, 0])), whole(network.makes[:, 0]), real(network.minimum[:, 0]), real(network.hours[:, 0])),
        *(whole(bills.indptr), whole(bills.indices), real(bills.data), whole(loads.indptr), whole(loads.indices), real(loads.data)),
        *(real(network.total_use.matrix.toarray()), real(share)),
    ]  # fmt: skip
    warm_up = int(days.first_of_month[experiment.warm_up])
    seconds = []
    for _ in range(rounds):
        began = process_time()
        run(LOOP, *given, COVER, warm_up, fill_rate, stock)
        seconds.append(process_time() - began)
    cells = lanes * days.count * items
    return Found(float(fill_rate.mean()), float(stock.mean()), min(seconds) / cells * 1e9)


COVER = 17
"""Days of use that the loop holds beyond lead time and review, about what chase holds."""
