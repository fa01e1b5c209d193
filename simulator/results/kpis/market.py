"""Measures of the market: customers' answer to service, results of the sales organisation, honesty of its pipeline."""

from __future__ import annotations

import numpy as np

from simulator.company.sales import Loyalty
from simulator.kernel.lanes import TINY
from simulator.kernel.units import Array
from simulator.results.kpis.registry import measure
from simulator.results.reading.record import ratio
from simulator.results.reading.score import OF_CUSTOMERS, Score

THOUSAND = 1_000.0


def _by_customer(s: Score, amount: Array) -> Array:
    """An amount by segment, (segments, lanes), summed into the groups; nothing by product."""
    return s.orders(amount[:, None]) if s.by in ("total", *OF_CUSTOMERS) else s.unknown


def _share(s: Score, part: Array, whole: Array) -> Array:
    """A ratio of two such sums."""
    return ratio(_by_customer(s, part), _by_customer(s, whole))


# --- customers who react ---


def _temper(s: Score) -> list[Loyalty | None]:
    segments = s.books.scenario.company.segments
    return [segments[name].loyalty for name in s.network.segments]


def _reacting(s: Score, entry: str) -> Array:
    """An entry of each segment's loyalty, 0 where it has none: (segments, 1)."""
    return np.array([[float(getattr(record, entry)) if record else 0.0] for record in _temper(s)])


@measure("Loyalty", "share", "higher", "orders")
def loyalty(s: Score) -> Array:
    """Mean of what segments that react order, over what they would order if they were all loyal; weighed by customers."""
    level = s.memo("loyalty")
    if level is None:
        return s.unknown
    customers = _reacting(s, "customers") + np.zeros_like(level[0])
    return _share(s, (level * customers).mean(axis=0), customers)


def _monthly(s: Score, daily: Array) -> Array:
    """Daily (segments, products, lanes) as sums of scored months: (months, segments, lanes)."""
    return s.in_months(daily.sum(axis=2))


def _service(s: Score) -> tuple[Array, Array]:
    """Units due and units late of segments that react, by month: (months, segments, lanes)."""
    reacts = _reacting(s, "customers") > 0
    return _monthly(s, s.flow("due")) * reacts, _monthly(s, s.new_shortage) * reacts


@measure("Satisfaction", "share", "higher", "orders")
def satisfaction(s: Score) -> Array:
    """Service on the day over what a segment expects, at most 1, month by month; weighed by demand, of segments that react."""
    if "loyalty" not in s.books.memos:
        return s.unknown
    due, late = _service(s)
    met = np.minimum((1 - late / np.maximum(due, TINY)) / np.maximum(_reacting(s, "expects"), TINY), 1.0)
    return _share(s, (met * due).sum(axis=0), due.sum(axis=0))


@measure("Complaints", "1/1,000 units", "lower", "orders")
def complaints(s: Score) -> Array:
    """Units late beyond what customers put up with (1 - expected service), month by month, of 1,000 units due."""
    if "loyalty" not in s.books.memos:
        return s.unknown
    due, late = _service(s)
    beyond = np.maximum(late - (1 - _reacting(s, "expects")) * due, 0.0)
    return _share(s, THOUSAND * beyond.sum(axis=0), due.sum(axis=0))


def _moved(s: Score, sign: float) -> Array:
    level = s.memo("loyalty")
    if level is None:
        return s.unknown
    steps = np.maximum(sign * np.diff(level, axis=0), 0.0).sum(axis=0)
    return _by_customer(s, steps * _reacting(s, "customers"))


@measure("Customers lost", "customers", "lower", "orders")
def customers_lost(s: Score) -> Array:
    """Customers that the falls of loyalty stand for: their number when all are loyal times each fall."""
    return _moved(s, -1.0)


@measure("Customers won back", "customers", "", "orders")
def customers_won(s: Score) -> Array:
    """Customers that the rises of loyalty stand for: their number when all are loyal times each rise."""
    return _moved(s, 1.0)


# --- the sales organisation ---


@measure("Sales target reached", "share", "higher", "orders")
def target_attainment(s: Score) -> Array:
    """Units due in segments that have a target / units of their targets."""
    target = s.memo("target")
    if target is None:
        return s.unknown
    asked = target.sum(axis=0)
    return _share(s, s.due.sum(axis=1) * (asked > 0), asked)


@measure("Orders pulled forward", "share", "lower", "orders")
def pushed_share(s: Score) -> Array:
    """Units that the sales team pulled forward at the end of a month / units due."""
    pushed = s.memo("pushed")
    return s.unknown if pushed is None else ratio(s.orders(pushed.sum(axis=0)), s.orders(s.due))


@measure("Sales alerts", "alerts/month", "lower", "orders")
def sales_alerts(s: Score) -> Array:
    """Weekly alerts that a segment lags its target to date, while it can be mended, a month."""
    alerts = s.memo("alerts")
    if alerts is None:
        return s.unknown
    return _by_customer(s, alerts.sum(axis=0) / (s.end_month - s.first_month))


@measure("Variability of weekly demand", "share", "lower", "orders")
def demand_swing(s: Score) -> Array:
    """Standard deviation of the units due in a week over their mean, whole weeks of seven days."""
    weeks = s.span // 7
    if weeks < 2:
        return s.unknown
    daily = np.stack([s.orders(day) for day in s.flow("due")[: 7 * weeks]])
    by_week = daily.reshape(weeks, 7, *daily.shape[1:]).sum(axis=1)
    return ratio(by_week.std(axis=0, ddof=1), by_week.mean(axis=0))


# --- the pipeline ---


@measure("Deals won", "share", "higher")
def win_rate(s: Score) -> Array:
    """Deals won / deals decided, of those that go through stages."""
    return _of_decided(s, "won")


@measure("Stated chance of deals", "share", "")
def stated_chance(s: Score) -> Array:
    """Mean chance that was stated when they came into sight, of the same deals; above the share won, it was boasted."""
    return _of_decided(s, "stated")


def _of_decided(s: Score, memo: str) -> Array:
    counted, decided = s.memo(memo), s.memo("decided")
    if counted is None or decided is None:
        return s.unknown
    return ratio(s.goods(counted.sum(axis=0)), s.goods(decided.sum(axis=0)))


# --- products that are gone ---


@measure("Obsolete stock", "money", "lower")
def left_over(s: Score) -> Array:
    """Stock at cost on the last day of products no longer sold, and in total of parts that go into nothing else."""
    products = s.books.scenario.company.products.values()
    if not any(product.phase_out for product in products):
        return s.unknown
    gone = np.array([[1.0 if product.phase_out else 0.0] for product in products])
    n, value = s.network, s.level("on_hand")[-1] * s.unit_cost
    if s.by != "total":
        return s.goods(value[n.sold] * gone)
    only = (n.total_use.flow(gone) > 0) & (n.total_use.flow(1 - gone) <= 0)
    return np.asarray((value * only).sum(axis=0, keepdims=True))
