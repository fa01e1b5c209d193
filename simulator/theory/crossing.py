"""The place where a curve first rises to a height, from points on it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import log
from typing import NamedTuple

LEAST_SHARE = 1e-4
"""Shares nearer to 0 or 1 are taken for this one, so that their logit is finite."""

LEAST_PART = 0.2
"""Part of a step that is kept between its ends and the next place to look at."""


class Crossing(NamedTuple):
    """A step of a curve from below a height to it or above: its ends, and the place between them."""

    low: float
    high: float
    place: float
    rise: float

    @property
    def trial(self) -> float:
        """The place to look at next: the crossing, but a fifth of the step from its ends, so that the step shrinks from both."""
        margin = LEAST_PART * (self.high - self.low)
        return min(max(self.place, self.low + margin), self.high - margin)


def logit(share: float) -> float:
    """Natural logarithm of the odds: a straight line of it bends towards 0 and 1 as service does."""
    kept = min(max(share, LEAST_SHARE), 1 - LEAST_SHARE)
    return log(kept / (1 - kept))


def first_crossing(places: Sequence[float], heights: Sequence[float], height: float) -> Crossing | None:
    """Interpolate the first rise to a height on a straight line; None where no step rises to it."""
    points = sorted(zip(places, heights, strict=True))
    for (low, below), (high, above) in pairwise(points):
        if below < height <= above:
            return Crossing(low, high, low + (high - low) * (height - below) / (above - below), above - below)
    return None


def beyond(places: Sequence[float], heights: Sequence[float], height: float, least: float, most: float) -> float:
    """Extrapolate to a height that no point reaches, or that all exceed; at most as far again as the points lie apart."""
    points = sorted(zip(places, heights, strict=True))
    (first, low), (last, high) = points[0], points[-1]
    apart = (last - first) or max(abs(last), 1.0) / 4
    slope = (high - low) / apart if high > low else 0.0
    up = height > high
    edge, gap = (last, height - high) if up else (first, low - height)
    step = apart if slope <= 0 else min(max(1.2 * gap / slope, apart / 4), 2 * apart)
    return min(max(edge + (step if up else -step), least), most)
