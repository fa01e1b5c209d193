"""Say a difference in money with its interval, and the sources of profit that it comes from."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from simulator.kernel.messages import Message, inside, msg, rounded
from simulator.results.estimates import Estimate
from simulator.results.kpis import MEASURES


def interval_words(gap: Estimate) -> Message:
    """A difference in money with the ends of its interval, where it has one."""
    if not np.isfinite(gap.half):
        return msg("{gap}", gap=rounded(gap.mean))
    return msg("{gap} [{low}, {high}]", gap=rounded(gap.mean), low=rounded(gap.low), high=rounded(gap.high))


def largest_sources(gaps: Iterable[tuple[str, Estimate]], most: int) -> list[Message]:
    """Name the sources of profit that moved most, with what each brings; at most so many."""
    parts = sorted(gaps, key=lambda pair: -abs(pair[1].mean))
    return [
        msg("{source} {gap}", source=inside(msg(MEASURES[name].title)), gap=rounded(part.mean))
        for name, part in parts[:most]
    ]
