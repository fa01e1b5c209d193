"""List the parts of S&OP that a planning process lacks."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.kernel.messages import Listed, Message, listed, msg, sentences
from simulator.planning.demand_plan import FourPart
from simulator.planning.shortage import KeepSafetyStock
from simulator.results.reading.month import Month


def meets(month: Month) -> bool:
    """Tell if the steps are held one after the other, on days of their own."""
    return len(set(month.policy.meeting_days)) > 1


def lacking(month: Month) -> list[Message]:
    """The elements of S&OP that a policy does not have."""
    return list(_lacking(month))


def _lacking(month: Month) -> Iterator[Message]:
    policy = month.policy
    if not meets(month):
        yield msg("meetings of its own (all steps are one day's work)")
    if not isinstance(policy.demand_plan, FourPart):
        yield msg("a demand plan of four parts")
    if month.noted("forecast: sales") is None:
        yield msg("a forecast that is agreed between sales and statistics")
    if policy.supply_plan.name == "none":
        yield msg("a production plan of families")
    elif policy.capacity.name == "none":
        yield msg("a capacity check")
    if isinstance(policy.shortage, KeepSafetyStock):
        yield msg("a shortage rule")
    if policy.allocation.name != "ranked":
        yield msg("a ranking of orders")


def does_without(month: Month) -> Listed | None:
    """Say so in a sentence; nothing where nothing is missing."""
    missing = lacking(month)
    if not missing:
        return None
    shown = "" if meets(month) else msg("What follows is what the departments had before them, each on its own.")
    said = msg("Policy {policy} does without {elements}.", policy=month.policy.name, elements=listed(missing))
    return sentences([said, shown])
