"""Luck with suppliers: lots that fail inspection, and times when a supplier, a lane of transport or a site is out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.company import Days, Disruption
from simulator.company.whole import days_begun, in_begun
from simulator.kernel.units import DAYS_A_YEAR, Array, Whole
from simulator.world.luck.fork import Seed
from simulator.world.luck.stream import Stream, share_up_to
from simulator.world.sources import Sources

LONGER = 7
"""Days by which planners put off a return that is overdue."""


@dataclass
class Outages:
    """Hold the outages of each day, (days, things, lanes); the last thing of all is never out."""

    share: Array  # that is lost
    delay: NDArray[np.int32]  # days until all of it is back, 0 where nothing is lost
    told_from: NDArray[np.int32]  # first day of what planners know to come or to be
    told_until: NDArray[np.int32]  # day on which they expect it back; 0 where they know of nothing
    told_share: Array


def rejects(sources: Sources, days: Days, seed: Seed, replications: Sequence[int]) -> Array | None:
    """Share of each lot that will fail incoming inspection, a Beta law by source; None where nothing ever does."""
    if not sources.reject.any():
        return None
    share = np.empty((days.count, len(sources.records), len(replications)))
    share[:] = sources.reject
    for row, source in enumerate(sources.records):
        if source.reject_spread:
            luck = Stream(seed, "reject", sources.streams[row]).table(replications, days.count)
            share[:, row] = _lot(source.reject, source.reject_spread, luck).T
    return share


def _lot(mean: float, sd: float, luck: Array) -> Array:
    """The Beta quantile, between points of a fine grid; straight lines between them are high of a bent curve, and are lowered."""
    from scipy.special import betaincinv

    size = mean * (1 - mean) / sd**2 - 1
    grid = np.linspace(0.0, 1.0, 1_001)
    share = betaincinv(mean * size, (1 - mean) * size, grid)
    return np.interp(luck, grid, np.minimum(share * (mean / np.trapezoid(share, grid)), 1.0))


def outages(
    disruptions: Sequence[Disruption],
    things: Sequence[tuple[str, str]],
    days: Days,
    seed: Seed,
    replications: Sequence[int],
) -> Outages | None:
    """Draw all disruptions; None where nothing can be out."""
    if not disruptions:
        return None
    shape = (days.count, len(things) + 1, len(replications))
    delay, told_from, told_until = (np.zeros(shape, dtype=np.int32) for _ in range(3))
    found = Outages(np.zeros(shape), delay, told_from, told_until, np.zeros(shape))
    seen: dict[tuple[str, str], int] = {}
    for disruption in disruptions:
        thing = disruption.thing
        seen[thing] = seen.get(thing, 0) + 1
        stream = Stream(seed, "disruption", "/".join([*thing, str(seen[thing])]))
        _enter(found, things.index(thing), disruption, *_times(disruption, days, stream, replications))
    for day in range(days.count - 1, -1, -1):
        later = found.delay[day + 1] if day + 1 < days.count else 0
        found.delay[day] = np.where(found.share[day] > 0, later + 1, 0)
    return found


def _times(
    disruption: Disruption, days: Days, stream: Stream, replications: Sequence[int]
) -> tuple[Whole, Whole, Whole]:
    """First day, day of return and the return that planners are told, one time after the other: (lanes, times) each.

    By chance: well for a geometric number of days, at least one, then out for the drawn length, and so on.
    """
    known = _as_it_stands(disruption, days, stream) if stream.fork else None
    return _drawn_times(disruption, days, stream, replications, known)


def _drawn_times(
    disruption: Disruption, days: Days, stream: Stream, replications: Sequence[int], known: tuple[int, float] | None
) -> tuple[Whole, Whole, Whole]:
    """Draw these times; a fork knows some of the numbers, and how high the next one is at least."""
    if disruption.start is not None:
        start = int((np.datetime64(disruption.start, "D") - days.first).astype(int))
        first = np.full((len(replications), 1), start)
        length = whole_days(disruption, stream.table(replications, 1, *(known or ())))
        return first, first + length, first + announced_days(disruption, length)
    assert disruption.rate is not None
    luck = stream.table(replications, days.count + days.count % 2, *(known or ())).reshape(len(replications), -1, 2)
    well = np.floor(np.log1p(-luck[:, :, 0]) * (-DAYS_A_YEAR / disruption.rate)).astype(np.int64) + 1
    length = whole_days(disruption, luck[:, :, 1])
    first = np.cumsum(well + length, axis=1) - length - 1
    told = first + announced_days(disruption, length)
    come = max(1, int((first < days.count + disruption.warning).any(axis=0).sum()))
    return first[:, :come], (first + length)[:, :come], told[:, :come]


def _as_it_stands(disruption: Disruption, days: Days, stream: Stream) -> tuple[int, float]:
    """Count the numbers of this luck that are known on the morning of a fork, and tell how high the next is at least.

    Known are the outages that are over; when the one began that is not, which lasts longer than so far; and when the
    one begins that was announced.
    """
    fork = stream.fork
    assert fork is not None
    own = _drawn_times(disruption, days, stream.of_the_run(fork), [fork.replication], None)
    first, back, _ = (times[0] for times in own)
    over = int((back <= fork.day).sum())
    begun, lasting = first[over] if over < len(first) else np.inf, 0.0
    if begun <= fork.day:
        lasting = share_up_to(lambda luck: whole_days(disruption, luck), float(fork.day - begun))
    if disruption.rate is None:
        return over, lasting
    if begun - disruption.warning <= fork.day:
        return 2 * over + 1, lasting
    before = int(back[over - 1]) if over else -1
    well = max(fork.day + disruption.warning - before, 0)  # days at least, and one more
    return 2 * over, float(-np.expm1(-well * disruption.rate / DAYS_A_YEAR))


def whole_days(disruption: Disruption, luck: Array) -> Whole:
    """Return the length of an outage, begun days counted."""
    return days_begun(disruption.length.quantile(luck)).astype(np.int64)


def announced_days(disruption: Disruption, length: Whole) -> Whole:
    """Return the length that planners are told: the usual one if it varies."""
    law = disruption.length
    return np.full_like(length, int(np.rint(in_begun(law)[0]))) if law.sd else length


def _enter(found: Outages, thing: int, disruption: Disruption, first: Whole, back: Whole, told: Whole) -> None:
    """Write the times that it is out, (lanes, times) each, into the tables."""
    day, lanes = np.arange(len(found.share))[:, None], np.arange(len(first))
    now, soon = _latest(first, len(day)), _latest(first - disruption.warning, len(day))
    gone = (now >= 0) & (day < back[lanes, now])
    found.share[:, thing] = np.maximum(found.share[:, thing], np.where(gone, disruption.severity, 0.0))
    meant = np.where(gone, now, soon)
    known = (meant >= 0) & (day < back[lanes, meant])
    until = np.where(known, np.where(day < told[lanes, meant], told[lanes, meant], day + LONGER), 0)
    newer = until > found.told_until[:, thing]
    for table, value in (
        (found.told_from, first[lanes, meant]),
        (found.told_until, until),
        (found.told_share, disruption.severity),
    ):
        table[:, thing] = np.where(newer, value, table[:, thing])


def _latest(begin: Whole, days: int) -> Whole:
    """Find the last time that has begun by each day, -1 before the first: (lanes, times) -> (days, lanes)."""
    begun = np.zeros((days + 1, len(begin)), dtype=np.int64)
    np.add.at(begun, (np.clip(begin, 0, days), np.arange(len(begin))[:, None]), 1)
    return np.asarray(np.cumsum(begun[:days], axis=0) - 1)
