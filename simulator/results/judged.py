"""Differences judged together: a table is a family of tests, and a verdict holds with all others of its table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from simulator.kernel.messages import Message, msg, number
from simulator.results.estimates import CONFIDENCE, EQUAL, PERHAPS, SMALL, UNTOLD, Estimate, verdict
from simulator.results.kpis import Measure
from simulator.theory.multiple import holm

AS_THEY_ARE: Mapping[str, str] = MappingProxyType({})
FAMILY_ERROR = 1.0 - CONFIDENCE
SURE = tuple(PERHAPS)
"""Verdicts that hold together with all others of their table."""


@dataclass(frozen=True)
class Judged:
    """A difference, the smallest one of its measure that matters, and the verdict."""

    gap: Estimate
    smallest: float
    verdict: str


def judge(differences: Iterable[tuple[Measure, Estimate, float]]) -> list[Judged]:
    """Judge the differences of a table, each with the smallest amount that matters, as one family (Holm 1979)."""
    every = list(differences)
    tested = [k for k, (_, gap, _) in enumerate(every) if gap.p_value is not None]
    adjusted = np.zeros(len(every))
    adjusted[tested] = holm([every[k][1].p_value or 0.0 for k in tested])
    return [
        Judged(gap, smallest, verdict(measure, gap, smallest, bool(p < FAMILY_ERROR)))
        for (measure, gap, smallest), p in zip(every, adjusted, strict=True)
    ]


def legend(judged: Sequence[Judged], short: Mapping[str, str] = AS_THEY_ARE) -> list[Message]:
    """Explain the verdicts that a table uses, and say how many differences chance alone would make in it."""
    words = {each.verdict for each in judged}

    def named(verdict: str) -> Message:
        return msg(short.get(verdict, verdict))

    told = []
    if UNTOLD in words:
        told.append(msg("{word}: the interval holds 0, so luck alone may make the difference", word=named(UNTOLD)))
    if SMALL in words:
        told.append(
            msg("{word}: no more than the smallest amount that matters (sop describe --measures)", word=named(SMALL))
        )
    if EQUAL in words:
        told.append(msg("{word}: the same in every replication", word=named(EQUAL)))
    tests = sum(each.gap.p_value is not None for each in judged)
    if tests < 2:
        return told
    by_chance, weak = tests * FAMILY_ERROR, sum(each.verdict in PERHAPS.values() for each in judged)
    chance = msg(
        "of {n} comparisons, {k} would be called different by chance alone if nothing differed; better, worse, higher and lower "
        "hold for all together (Holm), weak marks (perhaps) only for themselves: {weak}",
        n=number(tests),
        k=number(by_chance, 0 if by_chance >= 1 else 1),
        weak=number(weak),
    )
    return [*told, chance]
