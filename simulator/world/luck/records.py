"""Luck with records: what is booked wrong."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simulator.company import Company, Days
from simulator.world.luck.fork import Seed
from simulator.world.luck.stream import Stream
from simulator.world.network import Network

BOOKING_DAYS = 7
"""Days of the run whose bookings are off together."""

UNIT_SPREAD = np.sqrt(12.0)
"""A uniform number less one half, times this, has a standard deviation of 1."""


def misbooked(
    company: Company, network: Network, days: Days, seed: Seed, replications: Sequence[int]
) -> NDArray[np.float32] | None:
    """Draw the error of each week's bookings of an item, in standard deviations: (weeks, items, lanes).

    Uniform, since only their sum over many weeks is ever seen.
    """
    if not (company.stockroom and company.stockroom.drift):
        return None
    weeks = days.count // BOOKING_DAYS + 1
    table = np.empty((weeks, len(network.names), len(replications)), dtype=np.float32)
    for row, name in enumerate(network.names):
        table[:, row] = (Stream(seed, "booking", name, "week").table(replications, weeks).T - 0.5) * UNIT_SPREAD
    return table
