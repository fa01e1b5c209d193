"""The part of customers' plans that they tell the sales team: promotions and listings of which statistics hear nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulator.company import Company
from simulator.company.demand import Demand
from simulator.company.market import mean_units
from simulator.kernel.units import DAYS_A_MONTH, Array
from simulator.world.luck.everyday import swings_told
from simulator.world.luck.fork import Seed


def told_to_sales(company: Company, history: int, months: int, seed: Seed, replications: Sequence[int]) -> Array | None:
    """Return the level that demand is to be expected at by what customers tell, 1 as usual; none where they tell nothing.

    (months from the first of the past to the last that can be told of in the run, products, lanes), by month due.
    """
    demand, segments = company.demand, list(company.segments)
    streams = [stream for stream in demand.everyday if stream.pattern.swing]
    if not (demand.foreseen and streams):
        return None
    products, share = list(company.products), _everyday_share(company, segments)
    reach = months + demand.sight
    told = np.ones((history + reach, len(products), len(replications)))
    for stream in streams:
        s, p = segments.index(stream.segment), products.index(stream.product)
        name = f"{stream.segment}/{stream.product}"
        ahead = swings_told(stream.pattern, reach, seed, name, replications, "month", demand.foreseen)
        told[history:, p] += share[s, p] * (_by_month_due(ahead, company.segments[stream.segment].lead_time) - 1)
        if history:
            before = swings_told(stream.pattern, history, seed, f"past/{name}", replications, "past", demand.foreseen)
            told[:history, p] += share[s, p] * (before - 1)
    return told


def _everyday_share(company: Company, segments: Sequence[str]) -> Array:
    """Each segment's everyday orders as a share of all that is asked of a product, (segments, products)."""
    everyday = Demand(everyday=company.demand.everyday)
    every = mean_units(company, company.demand, segments).sum(axis=0)
    return mean_units(company, everyday, segments) / np.where(every > 0, every, 1.0)


def _by_month_due(signed: Array, lead_time: int) -> Array:
    """Levels of the month of signature as those of the month due, (months, lanes); the month before the run is as usual."""
    late, part = divmod(lead_time / DAYS_A_MONTH, 1.0)
    padded = np.concatenate([np.ones((int(late) + 1, signed.shape[1])), signed])
    return (1 - part) * padded[1 : 1 + len(signed)] + part * padded[: len(signed)]
