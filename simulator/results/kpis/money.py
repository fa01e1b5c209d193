"""Measures of money: profit contribution and the share of overtime."""

from __future__ import annotations

import numpy as np

from simulator.kernel.units import DAYS_A_YEAR, Array
from simulator.results.kpis.registry import Amount, measure
from simulator.results.kpis.stock import all_stock_value
from simulator.results.reading.score import Score


@measure("Profit contribution", "money/year", "higher", "company")
def contribution(s: Score) -> Array:
    """A year's margin of shipments (price less standard cost), less holding of all stock, overtime premium and backlog penalties."""
    finance, n = s.books.scenario.company.finance, s.network
    margin = (s.shipped * (s.price - n.unit_cost[n.sold])).sum(axis=0, keepdims=True)
    holding = all_stock_value(s) * finance.holding_rate * (s.span / DAYS_A_YEAR)
    late = (s.mean_backlog * s.price).sum(axis=(0, 1))[None] * s.span * finance.late_penalty
    extra = (s.overtime_hours * n.overtime_premium).sum(axis=0, keepdims=True)
    return np.asarray((margin - holding - late - extra) * (DAYS_A_YEAR / s.span))


@measure("Overtime", "share", "lower", "company", matters=Amount(0.002))
def overtime(s: Score) -> Array:
    """Overtime hours worked / regular hours, all resources together."""
    if not len(s.network.resources):
        return s.unknown
    return np.asarray(
        s.overtime_hours.sum(axis=0, keepdims=True) / s.read.hours_there(s.first, s.end).sum(axis=0, keepdims=True)
    )
