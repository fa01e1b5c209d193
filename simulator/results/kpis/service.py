"""Measures of customer service."""

from __future__ import annotations

import numpy as np

from simulator.kernel.lanes import TINY
from simulator.kernel.units import Array
from simulator.results.kpis.registry import SERVICE, Amount, measure
from simulator.results.reading.record import ratio
from simulator.results.reading.score import Score


@measure("Fill rate", "share", "higher", "orders", matters=SERVICE)
def fill_rate(s: Score) -> Array:
    """1 - new shortage / demand; new shortage of a day is what falls due and stock cannot serve after the old backlog."""
    return 1 - ratio(s.orders(s.short), s.orders(s.due))


@measure("Lines on time in full", "share", "higher", "orders", matters=SERVICE)
def otif(s: Score) -> Array:
    """Order lines shipped complete on the day due / lines due; a line is what one segment wants of one product on one day."""
    lines = (s.flow("due") > 0).sum(axis=0).astype(np.float64)
    missed = (s.new_shortage > TINY).sum(axis=0)
    return 1 - ratio(s.orders(missed.astype(np.float64)), s.orders(lines))


@measure("Contract missed", "probability", "lower", "orders")
def contract_missed(s: Score) -> Array:
    """1 where the fill rate of a replication is below the contract's target, else 0; its mean is the probability of missing it."""
    return misses_target(fill_rate(s), s.target)


def misses_target(rate: Array, target: float) -> Array:
    """1 where a fill rate misses a target, 0 where it does not; not a number where nothing fell due."""
    return np.where(np.isnan(rate), np.nan, (rate < target).astype(np.float64))


@measure("Cycle service level", "share", "higher", matters=SERVICE)
def cycle_service(s: Score) -> Array:
    """Replenishments that arrive while nothing is owed / replenishments; read just before each receipt."""
    in_time, received = replenishments(s)
    return ratio(s.goods(in_time), s.goods(received))


def replenishments(s: Score) -> tuple[Array, Array]:
    """Replenishments that arrive while nothing is owed, and all of them, (products, lanes) each."""
    owed = (
        s.books.closing["backlog"].sum(axis=1)[s.first - 1 : s.end - 1]
        if s.first
        else s.level("backlog").sum(axis=1)[:-1]
    )
    received = s.flow("received")[-len(owed) :, s.network.sold] > TINY
    in_time = (received & (owed <= TINY)).sum(axis=0).astype(np.float64)
    return in_time, received.sum(axis=0).astype(np.float64)


@measure("Months without shortage", "share", "higher", matters=SERVICE)
def period_service(s: Score) -> Array:
    """Product-months without new shortage / product-months with demand."""
    short, due = (s.in_months(a.sum(axis=1)) for a in (s.new_shortage, s.flow("due")))
    wanted = due > TINY
    return ratio(s.goods((wanted & (short <= TINY)).sum(axis=0) * 1.0), s.goods(wanted.sum(axis=0) * 1.0))


@measure("Ready rate", "share", "higher", matters=SERVICE)
def ready_rate(s: Score) -> Array:
    """Share of product-days that close with stock on hand and nothing owed."""
    ready = (s.level("on_hand")[:, s.network.sold] > TINY) & (s.level("backlog").sum(axis=1) <= TINY)
    return s.goods(ready.sum(axis=0) * 1.0) / s.goods(np.full_like(s.shipped, float(s.span)))


@measure("Gamma service", "share", "higher", "orders", matters=SERVICE)
def gamma_service(s: Score) -> Array:
    """1 - mean backlog at day's end / mean daily demand."""
    return 1 - ratio(s.orders(s.mean_backlog), s.orders(s.due) / s.span)


@measure("Order cycle time", "days", "lower", "orders", matters=Amount(0.1))
def cycle_time(s: Score) -> Array:
    """Mean days from order to the customer: requested lead time, to the door, and days late, by Little's law (backlog / served)."""
    lead = np.array([s.books.scenario.company.segments[g].lead_time for g in s.network.segments])[:, None, None]
    return ratio(s.orders(s.mean_backlog * s.span + s.served * lead), s.orders(s.served))


@measure("Delay, 95th percentile", "days", "lower", "orders")
def wait_p95(s: Score) -> Array:
    """Days after the due date within which 95 % of demand is shipped or given up; first in, first out within segment and product."""
    due, open_ = s.flow("due"), s.level("backlog")
    allowed, newer, wait = 0.05 * s.orders(s.due), np.zeros_like(due), np.zeros_like(s.orders(s.due))
    for days in range(s.span):
        cohort = np.zeros_like(due)
        cohort[days:] = due[: s.span - days]
        late = s.orders(np.clip(open_ - newer, 0.0, cohort).sum(axis=0)) > allowed + TINY
        wait = np.where(late, days + 1.0, wait)
        if not late.any():
            break
        newer += cohort
    return wait


@measure("Backlog", "units", "lower", "orders")
def backlog(s: Score) -> Array:
    """Mean units due and not shipped at day's end."""
    return s.orders(s.mean_backlog)


@measure("Backlog value", "money", "lower", "orders", matters=Amount(0.0005, "sales"))
def backlog_value(s: Score) -> Array:
    """Mean backlog at day's end, at sales price."""
    return s.orders(s.mean_backlog * s.price)


@measure("Backlog in days", "days", "lower", "orders", matters=Amount(0.1))
def backlog_days(s: Score) -> Array:
    """Mean backlog / mean daily demand."""
    return ratio(s.orders(s.mean_backlog), s.orders(s.due) / s.span)


@measure("Lost sales", "share", "lower", "orders", matters=SERVICE)
def lost_sales(s: Score) -> Array:
    """Demand given up because customers' patience ran out / demand."""
    return ratio(s.orders(np.asarray(s.flow("lost").sum(axis=0))), s.orders(s.due))
