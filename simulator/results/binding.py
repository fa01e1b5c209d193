"""Tell what holds service down where more stock does not raise it: shares of what is not served by cause."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from simulator.engine.play import play, replication_blocks, trimmed, weather_for
from simulator.engine.scenario import Scenario
from simulator.kernel.ledger import SCORED
from simulator.kernel.messages import Message, inside, listed, msg, number
from simulator.planning import Policy
from simulator.results.kpis import MEASURES, Score, in_company
from simulator.results.kpis.lost import LOST_MEASURES
from simulator.results.reading.lost import Cause

LOOKED_AT, TOLD = 20, 2
"""Replications in which causes are counted, and causes that are told, at most."""


class Binding(NamedTuple):
    """A cause of what is not served, the part or resource that it names, and its share of all that is not served."""

    cause: Cause
    name: str
    share: float


def what_binds(scenario: Scenario, policy: Policy, numbers: Sequence[int], seed: int) -> tuple[Binding, ...]:
    """The causes of what a policy does not serve, the largest first."""
    found: dict[tuple[Cause, str], float] = {}
    for block in replication_blocks(scenario, list(numbers)[:LOOKED_AT]):
        books = trimmed(play(scenario, policy, weather_for(scenario, seed, block), SCORED), len(block))
        lost = Score(in_company(books)).lost
        for row, units in enumerate(lost.total.sum(axis=(1, 2)).tolist()):
            found[lost.cause_of(row)] = found.get(lost.cause_of(row), 0.0) + units
    whole = sum(found.values())
    ranked = sorted(found.items(), key=lambda item: -item[1])
    return tuple(Binding(*key, units / whole) for key, units in ranked if whole and units > 0)


def binding_words(binds: Sequence[Binding]) -> Message:
    """Say the largest causes with their shares."""
    return msg("{causes}", causes=listed([_told(one) for one in binds[:TOLD]], ", "))


def _told(one: Binding) -> Message:
    share = number(100 * one.share)
    title = inside(msg(MEASURES[LOST_MEASURES[one.cause]].title))
    if one.name:
        return msg("{cause} ({name}) {share} %", cause=title, name=one.name, share=share)
    return msg("{cause} {share} %", cause=title, share=share)
