"""Measures of quality: good goods, losses and record accuracy; not a number where they are not counted."""

from __future__ import annotations

import numpy as np

from simulator.kernel.lanes import TINY
from simulator.kernel.units import DAYS_A_YEAR, Array
from simulator.results.kpis.registry import SERVICE, measure
from simulator.results.kpis.service import otif
from simulator.results.reading.record import ratio
from simulator.results.reading.score import Score

NEAR = 0.02
"""A record is right within this share of what is on the shelf."""


def _memo(s: Score, name: str) -> Array | None:
    """Return a count over the scored days, (rows, lanes); None where it is not kept."""
    return s.read.counted(name, s.first, s.end)


def _lots(s: Score, name: str) -> Array | None:
    """Units of finished lots, (items, lanes); None where every yield is fixed."""
    found, rows = _memo(s, name), s.network.uncertain
    if found is None or not rows.size:
        return None
    items = np.zeros((len(s.network.names), found.shape[-1]))
    items[rows] = found
    return items


def _company(s: Score, amount: Array) -> Array:
    """A year's value at standard cost, all items together."""
    return np.asarray((amount * s.unit_cost).sum(axis=0, keepdims=True) * (DAYS_A_YEAR / s.span))


@measure("Yield", "share", "higher")
def final_yield(s: Score) -> Array:
    """Units good at once or repaired / units of finished lots, of products whose yield is not always the same."""
    finished, faulty, repaired = (_lots(s, name) for name in ("finished", "faulty", "repaired"))
    if finished is None or faulty is None or repaired is None:
        return s.unknown
    sold = s.network.sold
    return 1 - ratio(s.goods((faulty - repaired)[sold]), s.goods(finished[sold]))


@measure("First-pass yield", "share", "higher")
def first_pass_yield(s: Score) -> Array:
    """Units good without repair / units of finished lots, of products whose yield is not always the same."""
    finished, faulty = _lots(s, "finished"), _lots(s, "faulty")
    if finished is None or faulty is None:
        return s.unknown
    return 1 - ratio(s.goods(faulty[s.network.sold]), s.goods(finished[s.network.sold]))


@measure("Scrap", "money/year", "lower", "company")
def scrap_value(s: Score) -> Array:
    """A year's value at standard cost of units that were neither good nor repaired, and of returns not fit to be sold again."""
    lost, faulty, repaired = np.zeros_like(s.mean_on_hand), _lots(s, "faulty"), _lots(s, "repaired")
    back = _memo(s, "sent_back")
    if back is None:
        return s.unknown
    if faulty is not None and repaired is not None:
        lost += faulty - repaired
    lost[s.network.sold] += back.sum(axis=0) - s.flow("returned").sum(axis=0)[s.network.sold]
    return _company(s, lost)


@measure("Return rate", "share", "lower", "orders")
def return_rate(s: Score) -> Array:
    """Units sent back by customers / units served in the same time."""
    back = _memo(s, "sent_back")
    if back is None or not _returns_anything(s):
        return s.unknown
    return ratio(s.orders(back), s.orders(s.served))


@measure("Perfect order", "share", "higher", "orders", matters=SERVICE)
def perfect_order(s: Score) -> Array:
    """Share of order lines on time in full x share of units that customers kept (SCOR RL.1.1: product of its parts)."""
    return otif(s) * (1 - return_rate(s))


def _returns_anything(s: Score) -> bool:
    return any(segment.returns for segment in s.books.scenario.company.segments.values())


@measure("Expired", "money/year", "lower", "company")
def expired_value(s: Score) -> Array:
    """A year's value at standard cost of what was past its shelf life."""
    if not s.network.perishable.size:
        return s.unknown
    return _company(s, np.asarray(s.flow("expired").sum(axis=0)))


@measure("Shrinkage", "money/year", "lower", "company")
def shrinkage_value(s: Score) -> Array:
    """A year's value at standard cost of stock that was lost, broken or stolen."""
    if "shrunk" not in s.books.flows:
        return s.unknown
    return _company(s, np.asarray(s.flow("shrunk").sum(axis=0)))


@measure("Record accuracy", "share", "higher", "company")
def record_accuracy(s: Score) -> Array:
    """Share of item-days that close with a record within 2 % of what is on the shelf."""
    recorded = s.memo("recorded")
    if recorded is None:
        return s.unknown
    shelf = s.level("on_hand")
    right = np.abs(recorded - shelf) <= NEAR * shelf + TINY
    return np.asarray(right.sum(axis=(0, 1))[None] / (s.span * shelf.shape[1]))
