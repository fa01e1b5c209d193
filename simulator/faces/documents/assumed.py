"""Assumptions: what the plan of a month rests on, and which of those of the last month failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from simulator.faces.documents import roles
from simulator.faces.documents.paper import Point, Section
from simulator.faces.documents.phrases import units
from simulator.kernel.messages import Message, Value, listed, msg, number
from simulator.results.reading.assumptions import ANNOUNCED, DELIVERIES, WINS, Assumption, assumptions
from simulator.results.reading.month import Month

SAID: Mapping[str, Message] = {
    DELIVERIES: msg("suppliers deliver what is due"),
    WINS: msg("deals are won at the chances that are stated"),
    ANNOUNCED: msg("what is announced moves demand as planned"),
}
"""Assumptions by kind."""

DOERS_OF: Mapping[str, Message] = {DELIVERIES: roles.PURCHASING, WINS: roles.SALES, ANNOUNCED: roles.DEMAND}
"""Who answers for them."""

MOST_TOLD = 4
"""Failed ones of a kind that are told by name."""


def assumed_now(month: Month) -> Message | str:
    """Name what the plan of this month rests on, to be checked when it is over."""
    kinds = [msg("{what} ({n})", what=SAID[each.kind], n=number(each.made.sum())) for each in _made(month, month.index)]
    if not kinds:
        return ""
    return msg(
        "Assumed of {month}, and checked in the next cycle: {kinds}.", month=month.name, kinds=listed(kinds, "; ")
    )


def failed_assumptions(month: Month) -> Section | None:
    """The assumptions of the last cycle held against what came; None where none were made."""
    made = [each for each in month.plans.made_in if each < month.index]
    if not made:
        return None
    points = [Point(_held(each), DOERS_OF[each.kind]) for each in _made(month, made[-1])]
    return Section(msg("Assumptions of the last cycle"), roles.SOP, points) if points else None


def _made(month: Month, cycle: int) -> Iterator[Assumption]:
    return (each for each in assumptions(month.books, cycle) if each.made.any())


def _held(each: Assumption) -> Message:
    """Say how many held, and name the worst that failed."""
    values: dict[str, Value] = {
        "what": SAID[each.kind],
        "n": number(each.made.sum()),
        "failed": number(each.failed.sum()),
    }
    if not each.failed.any():
        return msg("Assumed that {what}: {n}, all of them held.", **values)
    if each.kind == WINS:
        return msg(
            "Assumed that {what}: {assumed} deals were to be won, {came} were: failed.",
            assumed=number(each.assumed[0, 0], 1),
            came=number(each.came[0, 0]),
            **values,
        )
    gap = np.where(each.failed[:, 0], np.abs(each.came - each.assumed)[:, 0], 0.0)
    worst = [int(k) for k in np.argsort(-gap, kind="stable")[:MOST_TOLD] if gap[k] > 0]
    told = [
        msg(
            "{name}: {came} of {assumed}",
            name=each.names[k],
            came=number(each.came[k, 0]),
            assumed=units(float(each.assumed[k, 0])),
        )
        for k in worst
    ]
    return msg("Assumed that {what}: {failed} of {n} failed: {names}.", names=listed(told, "; "), **values)
