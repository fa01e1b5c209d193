"""Luck with quality: how much of each lot is good, and when customers send goods back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simulator.company import Company, Days, Make
from simulator.company.quality import Trouble
from simulator.company.whole import in_whole
from simulator.kernel.units import Array
from simulator.world.luck.fork import Seed
from simulator.world.luck.stream import Stream
from simulator.world.network import Network

GRID = (np.arange(1_000) + 0.5) / 1_000
"""Probabilities at which a law is tabled: its quantiles cost more than all the luck that is looked up in them."""


def yields(network: Network, days: Days, seed: Seed, replications: Sequence[int]) -> Array | None:
    """Good units of those started on each day, as a share, of items whose yield is not always the same: (days, items, lanes)."""
    if not network.uncertain.size:
        return None
    table = np.empty((days.count, len(network.uncertain), len(replications)))
    for row, item in enumerate(network.uncertain):
        make = network.items[item].make
        assert make is not None
        usual = usual_yield(make, days)
        if not make.good_spread:
            table[:, row] = usual[:, None]
            continue
        place = luck_entries(Stream(seed, "yield", network.names[item]), days, replications)
        for level in np.unique(usual):
            table[usual == level, row] = lot_yields(make, float(level))[place[usual == level]]
    return table


def luck_entries(stream: Stream, days: Days, replications: Sequence[int]) -> NDArray[np.int16]:
    """Choose the entry of a table of GRID that is each day's luck: (days, lanes)."""
    return (stream.table(replications, days.count).T * len(GRID)).astype(np.int16)


def usual_yield(make: Make, days: Days) -> Array:
    """The mean yield of each day, troubles included; where two overlap, the later one in the list holds."""
    usual = np.full(days.count, make.good)
    for trouble in make.trouble:
        usual[trouble_days(trouble, days)] = trouble.good
    return usual


def trouble_days(trouble: Trouble, days: Days) -> slice:
    """The days of the run that a trouble lasts."""
    first = int((np.datetime64(trouble.start, "D") - days.first).astype(np.int64))
    return slice(first, first + trouble.days)


def lot_yields(make: Make, mean: float) -> Array:
    """The yield of a lot at each probability: a beta law about the mean, as tightly held together in trouble as else."""
    from scipy.special import betaincinv

    if mean == 1:
        return np.ones_like(GRID)
    together = make.good * (1 - make.good) / make.good_spread**2 - 1
    return np.asarray(betaincinv(mean * together, (1 - mean) * together, GRID))


def return_days(
    company: Company, network: Network, days: Days, seed: Seed, replications: Sequence[int]
) -> NDArray[np.int16] | None:
    """Whole days until what is shipped on a day comes back, by segment that sends anything back: (days, segments, lanes)."""
    returning = [(name, company.segments[name].returns) for name in network.segments]
    laws = [(name, returns.days) for name, returns in returning if returns]
    if not laws:
        return None
    table = np.empty((days.count, len(laws), len(replications)), dtype=np.int16)
    for row, (name, law) in enumerate(laws):
        whole_days = in_whole(law).quantile(GRID).astype(np.int16)
        table[:, row] = whole_days[luck_entries(Stream(seed, "return", name), days, replications)]
    return table
