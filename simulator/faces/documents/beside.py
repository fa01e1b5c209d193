"""Decisions that people took in a month beside the rules: what, from when to when, who does it, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from simulator.faces.documents import roles
from simulator.faces.documents.paper import Point, Section
from simulator.kernel.messages import Message, Value, msg, number, percent
from simulator.planning.decisions import DECISION_KINDS, Decision
from simulator.results.reading.month import EXECUTIVE, Month

DOERS: Mapping[str, Message] = {
    "forecast": roles.DEMAND,
    "safety-stock": roles.SCHEDULER,
    "production": roles.SCHEDULER,
    "overtime": roles.MANUFACTURING,
    "subcontract": roles.PURCHASING,
    "people": roles.MANUFACTURING,
    "expedite": roles.PURCHASING,
    "order-ahead": roles.PURCHASING,
    "reserve": roles.SERVICE,
    "promise": roles.SERVICE,
    "decline": roles.SALES,
    "purchases": roles.PURCHASING,
    "option": roles.GENERAL,
    "promotion": roles.SALES,
    "move-promotion": roles.SALES,
    "price": roles.SALES,
}
"""Owners of what is decided, by kind of decision."""

DECIDED: Mapping[str, Message] = {
    "forecast": msg("Correct the demand plan of {name} by {amount} units a month, up to the cycle of {month}"),
    "safety-stock": msg("Hold a safety stock of {amount} units of {name}, up to the cycle of {month}"),
    "production": msg("Make {amount} units of {name} in {month}"),
    "overtime": msg("Staff {amount} hours of overtime on {name} in {month}"),
    "subcontract": msg("Have {amount} units of {name} made outside in {month}"),
    "people": msg("Change the people of {name} by {amount} against the rules"),
    "expedite": msg("Have up to {amount} units of {name} a month come express, to {month}"),
    "order-ahead": msg("Order {amount} units of {name} ahead in {month}"),
    "reserve": msg("Keep the stock of {amount} days of its planned demand for {name}, to {month}"),
    "promise": msg("Promise new orders of {name} {amount} days later than they are asked for, to {month}"),
    "decline": msg("Decline deals for {name} of {amount} units or more, up to the cycle of {month}"),
    "purchases": msg("Order goods for no more than {amount} a month, to {month}"),
    "option": msg("Approve option {amount} of the pre-S&OP meeting"),
    "promotion": msg("Promote {name} from {month} on with a lift of {amount}"),
    "move-promotion": msg("Move the next promotion of {name} by {amount} days"),
    "price": msg("Change the list price of {name} by {amount} from {month} on"),
}
"""What is decided, by kind of decision."""

SHARES = ("promotion", "price")
"""Kinds of decision whose amount is a share."""


def beside_the_rules(month: Month) -> Section | None:
    """The decisions of this month's cycle and those of earlier ones that still hold; nothing where none were taken."""
    points = [_point(month, each) for each in month.books.decisions if _is_told(month, each)]
    return Section(msg("Decided beside the rules"), roles.GENERAL, points) if points else None


def _is_told(month: Month, decision: Decision) -> bool:
    return decision.taken == month.index or (DECISION_KINDS[decision.kind].repeats and decision.holds_in(month.index))


def _point(month: Month, decision: Decision) -> Point:
    """One decision with its owner, the day of the meeting and the day from which it holds."""
    kind = DECISION_KINDS[decision.kind]
    shown = percent if decision.kind in SHARES else number
    values: dict[str, Value] = {
        "name": decision.name,
        "amount": shown(decision.amount, 0, signed=kind.below_zero),
        "month": month.days.month_name(decision.month),
    }
    what, owner = replace(DECIDED[decision.kind], values=tuple(values.items())), DOERS[decision.kind]
    text = msg("{decision}. Reason: {reason}.", decision=what, reason=decision.reason or msg("none was given"))
    starts = month.effective if kind.repeats else max(month.effective, int(month.days.month_start[decision.month]))
    return Point(text, owner, month.date(EXECUTIVE), month.days.date(starts))
