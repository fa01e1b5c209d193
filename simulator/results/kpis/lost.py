"""Measures of lost service by cause; together they are 1 - fill rate."""

from __future__ import annotations

from simulator.kernel.units import Array
from simulator.results.kpis.registry import SERVICE, measure
from simulator.results.reading.lost import Cause
from simulator.results.reading.record import ratio
from simulator.results.reading.score import Score

LOST_MEASURES = {cause: f"lost_to_{cause}" for cause in Cause}
"""The measure of each cause, in the order in which they are told."""


@measure("Lost to parts", "share", "lower", matters=SERVICE)
def lost_to_parts(s: Score) -> Array:
    """New shortage because work waited on the floor for a part / demand; the seven causes and the fill rate add up to 1.

    Work counts that waited a week or longer, or by whose lack a family was behind its plan, since the month before began.
    """
    return _lost(s, Cause.PARTS)


@measure("Lost to hours", "share", "lower", matters=SERVICE)
def lost_to_hours(s: Score) -> Array:
    """New shortage because work waited on the floor for hours of a resource, as for parts, or nothing else is the cause and it was full
    / demand.
    """
    return _lost(s, Cause.HOURS)


@measure("Lost to purchases", "share", "lower", matters=SERVICE)
def lost_to_purchases(s: Score) -> Array:
    """New shortage because bought products had not come in the days that they usually take / demand."""
    return _lost(s, Cause.PURCHASES)


@measure("Lost to quality", "share", "lower", matters=SERVICE)
def lost_to_quality(s: Score) -> Array:
    """New shortage because more units were bad or expired than was planned with, since the month before began / demand."""
    return _lost(s, Cause.QUALITY)


@measure("Lost to demand", "share", "lower", matters=SERVICE)
def lost_to_demand(s: Score) -> Array:
    """New shortage because more fell due than was planned at the months' start, since the month before began / demand."""
    return _lost(s, Cause.DEMAND)


@measure("Lost to records", "share", "lower", matters=SERVICE)
def lost_to_records(s: Score) -> Array:
    """New shortage because stock was on record and not on the shelf, since the month before began / demand."""
    return _lost(s, Cause.RECORDS)


@measure("Lost to the plan", "share", "lower", matters=SERVICE)
def lost_to_plan(s: Score) -> Array:
    """New shortage that no other cause explains: too little was planned, or too late / demand."""
    return _lost(s, Cause.PLAN)


def _lost(s: Score, cause: Cause) -> Array:
    """New shortage of one cause over demand; not a number where nothing fell due."""
    lost = s.lost.total[s.lost.rows_of(cause)].sum(axis=0)
    return ratio(s.goods(lost), s.orders(s.due))
