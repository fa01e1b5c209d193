"""Measures of suppliers: punctuality, quality, express orders, outages."""

from __future__ import annotations

import numpy as np

from simulator.kernel.units import Array
from simulator.results.kpis.registry import Amount, measure
from simulator.results.reading.record import ratio
from simulator.results.reading.score import Score


@measure("Suppliers on time", "share", "higher", "company")
def supplier_on_time(s: Score) -> Array:
    """Value at cost of what suppliers delivered by the day that they promised / of all that they delivered."""
    return ratio(_sources(s, "on_time"), _sources(s, "came_from"))


@measure("Reject rate at receipt", "share", "lower", "company")
def reject_rate(s: Score) -> Array:
    """Value at cost of what failed incoming inspection / of all that suppliers delivered."""
    return ratio(_sources(s, "rejected_from"), _sources(s, "came_from"))


@measure("Purchase price index", "ratio", "lower", "company", matters=Amount(0.002))
def purchase_price(s: Score) -> Array:
    """Deliveries of suppliers that passed inspection, at the prices agreed with them / at standard cost."""
    good = _sources(s, "came_from") - _sources(s, "rejected_from")
    return ratio(_counted(s, "delivered_value", np.ones((1, 1))), good)


@measure("Expedited share of purchases", "share", "lower", "company")
def expedited_share(s: Score) -> Array:
    """Value at cost of what was ordered express / of all that was ordered from suppliers."""
    express = _counted(s, "expedited", s.unit_cost[s.network.bought])
    return ratio(express, _sources(s, "ordered_from"))


@measure("Disruption", "days", "lower", "company")
def disruption_days(s: Score) -> Array:
    """Days on which a supplier, a lane of transport or a site was out, each by the share of it that was lost."""
    return _counted(s, "outage", np.ones((1, 1)))


def _sources(s: Score, memo: str) -> Array:
    """A memo of sources at standard cost."""
    return _counted(s, memo, s.unit_cost[s.network.bought][s.network.sources.item])


def _counted(s: Score, memo: str, worth: Array) -> Array:
    """A memo of the scored days, summed; not a number in a company that does not keep it."""
    found = s.read.counted(memo, s.first, s.end)
    return s.unknown if found is None else np.asarray((found * worth).sum(axis=0, keepdims=True))
