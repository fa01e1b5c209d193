"""What a planning process does without, of all that S&OP asks for."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.faces.documents.month import Month
from simulator.faces.documents.phrases import listed
from simulator.planning.demand_plan import FourPart
from simulator.planning.shortage import KeepSafetyStock


def meets(month: Month) -> bool:
    """Whether the steps are held one after the other, on days of their own."""
    return len(set(month.policy.meeting_days)) > 1


def lacking(month: Month) -> list[str]:
    """The elements of S&OP that a policy does not have."""
    return list(_lacking(month))


def _lacking(month: Month) -> Iterator[str]:
    policy = month.policy
    if not meets(month):
        yield "meetings of its own (all steps are one day's work)"
    if not isinstance(policy.demand_plan, FourPart):
        yield "a demand plan of four parts"
    if month.noted("forecast: sales") is None:
        yield "a forecast that is agreed between sales and statistics"
    if policy.supply_plan.name == "none":
        yield "a production plan of families"
    elif policy.capacity.name == "none":
        yield "a capacity check"
    if isinstance(policy.shortage, KeepSafetyStock):
        yield "a shortage rule"
    if policy.allocation.name != "ranked":
        yield "a ranking of orders"


def does_without(month: Month) -> str:
    """The same in a sentence; empty where nothing is missing."""
    missing = lacking(month)
    if not missing:
        return ""
    shown = "" if meets(month) else " What follows is what the departments had before them, each on its own."
    return f"Policy {month.policy.name} does without {listed(missing)}.{shown}"
