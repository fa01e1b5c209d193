"""Rehearse a master schedule that rounds each week to whole batches, to know by what it leaves stock off its plan."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.kernel.clock import WEEK
from simulator.kernel.lanes import TINY, total
from simulator.kernel.units import DAYS_A_MONTH, Array
from simulator.planning.requirement import shared_by_need
from simulator.world.network import Network
from simulator.world.view import Desk

PLACES = 8
"""Places within a batch at which the rehearsal begins, each alike."""

REHEARSED, SETTLING = 12, 6
"""Months that are rehearsed, and those of them after which a product of rare batches has found its course."""

REMEMBERED = 16
"""Points, each alike, by which the rehearsal is remembered."""

GOLDEN, PLASTIC = 0.6180339887498949, 0.7548776662466927
"""Steps that spread over a whole evenly, each by itself and side by side."""


def off_by_batches(view: Desk, cover: float) -> tuple[Array, Array]:
    """Units of stock beyond plan at the end and at the beginning of what a week's release serves: points, each alike.

    (points, items, lanes). A week that is rounded down leaves more to the weeks after it, so stock may be less than planned in
    most of them and more in one: neither is each place within a batch alike, nor is the mean nothing. A week in which a month
    begins is served by two releases, so that less lies between beginning and end.
    """
    n = view.network
    made, month = n.makes[n.sold], np.full_like(n.lead_time, DAYS_A_MONTH)
    use, surprise = view.usage()[n.sold] * made, view.cumulative_error(month)[n.sold] * made
    days, offs = zip(*rehearsed(n, np.tile(use, PLACES), np.tile(surprise, PLACES), cover), strict=True)
    ends = np.stack(offs).reshape(len(offs), len(use), PLACES, view.lanes).swapaxes(1, 2)
    fewer = (WEEK - np.array(days))[:, None, None, None] * use
    return _points(n, ends), _points(n, ends - fewer)


def _points(n: Network, off: Array) -> Array:
    """Points of the same mean for what weeks and places leave of each product in batches, nothing for the rest."""
    groups = np.array_split(np.sort(off.reshape(-1, *off.shape[2:]), axis=0), REMEMBERED)
    points = np.zeros((REMEMBERED, len(n.names), off.shape[-1]))
    points[:, n.sold] = np.stack([total(group) / len(group) for group in groups])
    return np.asarray(np.where(n.makes * n.multiple > 0, points, 0.0))


def rehearsed(n: Network, use: Array, surprise: Array, cover: float) -> Iterator[tuple[int, Array]]:
    """The days that each weekly release serves, and the stock beyond plan then, (products, places x lanes).

    The plan of a month makes up for what the one before left, and for the month's surprise, of the size of past errors.
    """
    ahead, day = use * np.minimum(cover, n.shelf_life[n.sold]), 0
    off = (_evenly(0, use) - 0.5) * n.multiple[n.sold] * n.good[n.sold]
    for month in range(REHEARSED):
        first, day = day, day + 30 + month % 2
        news = surprise * _normal(_evenly(month + 1, use))
        weeks = list(month_of_weeks(n, use, off - news, ahead, (first, day)))
        off = weeks[-1][-1]
        if month >= SETTLING:
            yield from ((end - start, late + news * (day - end) / (day - first)) for start, end, late in weeks)


def month_of_weeks(
    n: Network, use: Array, off: Array, ahead: Array, days: tuple[int, int]
) -> Iterator[tuple[int, int, Array]]:
    """Each week of a month from its first day to the next release, and the stock beyond plan then, (products, lanes).

    The month's plan makes up for what is off when it begins; each week gets its part of what is left, in whole batches.
    """
    first, last = days
    batch = n.multiple[n.sold] * n.good[n.sold]
    left = n.by_family(np.maximum(use * (last - first) - off, 0.0))
    for start, end in _weeks(first, last):
        share = (end - start) / (last - start)
        week = shared_by_need(n, left * share, np.maximum(ahead - off, 0.0), use)
        week = np.where(batch > 0, np.floor(week / np.maximum(batch, TINY) + 0.5) * batch, week)
        left = np.maximum(left - n.by_family(week), 0.0)
        off = off + week - use * (end - start)
        yield start, end, off


def _weeks(first: int, end: int) -> list[tuple[int, int]]:
    """The days from each weekly planning of a month to the next: every seventh day, and the first of the month."""
    starts = [day for day in range(first, end) if day == first or day % WEEK == 0]
    return list(zip(starts, [*starts[1:], end], strict=True))


def _evenly(step: int, like: Array) -> Array:
    """Shares between 0 and 1, spread evenly over the places, and otherwise for each product and step, (products, lanes)."""
    lanes = like.shape[-1] // PLACES
    place = np.repeat((np.arange(PLACES) * (3 if step else 1) + 0.5) / PLACES, lanes)
    return np.asarray((place + GOLDEN * np.arange(len(like))[:, None] + PLASTIC * step) % 1.0)


def _normal(share: Array) -> Array:
    """The standard normal figure that so large a share is below."""
    from scipy.special import ndtri

    return np.asarray(ndtri(share))
