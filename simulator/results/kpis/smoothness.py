"""Measures of smoothness: stability and load of production and purchasing."""

from __future__ import annotations

import numpy as np

from simulator.kernel.units import Array
from simulator.results.kpis.registry import Amount, measure
from simulator.results.reading.record import ratio
from simulator.results.reading.score import Score


@measure("Production variation", "ratio", "lower", matters=Amount(0.01))
def production_variation(s: Score) -> Array:
    """Standard deviation / mean of monthly production per working day."""
    return ratio(s.production.std(axis=0, ddof=1), s.production.mean(axis=0)) if len(s.production) > 1 else _unknown(s)


@measure("Production change", "share", "lower", matters=Amount(0.01))
def production_change(s: Score) -> Array:
    """Mean |production of a month - of the month before| / mean production, per working day."""
    if len(s.production) < 2:
        return _unknown(s)
    return ratio(np.abs(np.diff(s.production, axis=0)).mean(axis=0), s.production.mean(axis=0))


@measure("Production peak", "ratio", "lower")
def production_peak(s: Score) -> Array:
    """Highest monthly production per working day / its mean."""
    return ratio(s.production.max(axis=0), s.production.mean(axis=0))


def _unknown(s: Score) -> Array:
    return np.full_like(s.production[0], np.nan)


@measure("Bullwhip", "ratio", "lower")
def bullwhip(s: Score) -> Array:
    """[variance / mean of weekly releases of products] / [variance / mean of their weekly demand, served or not] (Chen et al. 2000)."""
    weeks = s.span // 7
    released = s.goods(s.flow("released")[: 7 * weeks, s.network.sold])
    demand = s.goods(s.flow("due")[: 7 * weeks].sum(axis=1))
    return variance_ratio(released, demand, 7)


def variance_ratio(orders: Array, demand: Array, bucket: int) -> Array:
    """[Var(O)/E(O)] / [Var(D)/E(D)] in buckets of days, (days, groups, lanes) each -> (groups, lanes)."""
    weeks = len(orders) // bucket
    o, d = (a[: weeks * bucket].reshape(weeks, bucket, *a.shape[1:]).sum(axis=1) for a in (orders, demand))
    return ratio(ratio(o.var(axis=0, ddof=1), o.mean(axis=0)), ratio(d.var(axis=0, ddof=1), d.mean(axis=0)))


@measure("Net-stock amplification", "ratio", "lower")
def stock_amplification(s: Score) -> Array:
    """Variance of net stock at week's end / variance of weekly demand (Disney & Towill 2003)."""
    weeks = s.span // 7
    net = s.level("on_hand")[:, s.network.sold] - s.level("backlog").sum(axis=1)
    demand = s.goods(s.flow("due")[: 7 * weeks].sum(axis=1))
    weekly = demand.reshape(weeks, 7, *demand.shape[1:]).sum(axis=1)
    return ratio(s.goods(net)[6 : 7 * weeks : 7].var(axis=0, ddof=1), weekly.var(axis=0, ddof=1))


@measure("Purchase swing", "share", "lower", "company", matters=Amount(0.02))
def purchase_swing(s: Score) -> Array:
    """Mean |purchases of a month - of the month before| / mean, at standard cost, each bought item by itself."""
    bought = s.network.bought
    monthly = s.by_month(s.flow("released")[:, bought] * s.unit_cost[bought])
    if len(monthly) < 2 or not bought.size:
        return s.unknown
    change = np.abs(np.diff(monthly, axis=0)).mean(axis=0).sum(axis=0, keepdims=True)
    return ratio(change, monthly.mean(axis=0).sum(axis=0, keepdims=True))


@measure("Utilisation", "share", "", "company")
def utilisation(s: Score) -> Array:
    """Hours used / hours available, of the busiest resource over the scored days."""
    return _load(s, s.first, s.end)


@measure("Peak utilisation", "share", "", "company")
def peak_utilisation(s: Score) -> Array:
    """Hours used / hours available, of the busiest resource in its busiest month."""
    months = range(s.first_month, s.end_month)
    return np.asarray(np.max([_load(s, *s.read.span_of(month)) for month in months], axis=0))


def _load(s: Score, first: int, end: int) -> Array:
    """Load of the busiest resource over some days, (1, lanes); nobody is busy where there are no hours."""
    if not len(s.network.resources):
        return s.unknown
    return np.asarray(np.nan_to_num(s.read.load(first, end), nan=0.0).max(axis=0, keepdims=True))
