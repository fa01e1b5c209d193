"""What follows from the decision: actions with an owner, a due date and the day from which they hold."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.faces.documents import accuracy, report, roles, supply
from simulator.faces.documents.balance import SHORTAGE, balances
from simulator.faces.documents.capacity import Needs
from simulator.faces.documents.indicators import STOCK, indicators
from simulator.faces.documents.month import EXECUTIVE, PRE_MEETING, REPORT, SUPPLY, Month
from simulator.faces.documents.paper import Point
from simulator.faces.documents.people import staff_actions
from simulator.faces.documents.phrases import hours, largest, listed, months, units

LOOK = 3
"""Months ahead that actions are about."""


def actions(month: Month) -> list[Point]:
    """All of them; dates are those of the company's calendar."""
    found = [
        *_production(month),
        *_overtime(month),
        *staff_actions(month),
        *_purchasing(month),
        *_parts(month),
        *_customers(month),
    ]
    found += [*_later_shortage(month), *_forecasts(month), *_indicators(month)]
    return found or [Point("None: the plan stands.", roles.SOP)]


def _action(month: Month, text: str, owner: str, due: int, effective: int) -> Point:
    return Point(text, owner, month.days.date(due), month.days.date(effective))


def _step_of_next_cycle(month: Month, step: int) -> int:
    return month.days.working_day(month.next_cycle, month.policy.meeting_days[step])


def _production(month: Month) -> Iterator[Point]:
    if month.has_family_plan:
        plan = month.production[:LOOK].sum(axis=1)
        amounts = listed([f"{units(q)} in {name}" for q, name in zip(plan, month.ahead, strict=False)])
        text = f"Load the approved plan into the master schedule: {amounts}"
        yield _action(month, text, roles.SCHEDULER, month.effective, month.effective)


def _overtime(month: Month) -> Iterator[Point]:
    for r, name in enumerate(month.n.resources):
        for k in np.flatnonzero(month.overtime[:LOOK, r] > 0.5):
            start = max(month.effective, int(month.days.first_worked[month.index + k]))
            text = f"Staff {hours(month.overtime[k, r])} of overtime on {name} in {month.ahead[k]}"
            due = month.effective if k == 0 else month.working_days_from(month.held[EXECUTIVE], 5)
            yield _action(month, text, roles.MANUFACTURING, due, start)


def _purchasing(month: Month) -> Iterator[Point]:
    needs = Needs(month)
    if not needs.names:
        return
    near = needs.to_buy[:LOOK].sum(axis=0)
    top = [f"{needs.names[k]} {near[k]:,.0f}" for k in largest(needs.names, near * needs.cost)]
    if top:
        text = f"Order for {months(month.ahead[:LOOK])} what is not on order yet, above all {listed(top)}"
        yield _action(month, text, roles.PURCHASING, month.effective, month.effective)


def _parts(month: Month) -> Iterator[Point]:
    for name, when, most in supply.shortest(month)[:LOOK]:
        due = month.working_days_from(month.held[EXECUTIVE], 1)
        text = f"Ask the supplier of {name} for an earlier delivery: {units(most)} are missing from {when} on"
        yield _action(month, text, roles.PURCHASING, due, month.effective)


def _customers(month: Month) -> Iterator[Point]:
    for balance in balances(month):
        late = float((balance.wanted - balance.must_be_met()).sum())
        if balance.rule == SHORTAGE and late > 0.5:
            due = month.working_days_from(month.effective, 1)
            text = (
                f"Give customers of {balance.name} new dates for {units(late)}, and keep the must-meet quantity by rank"
            )
            yield _action(month, text, roles.SERVICE, due, month.effective)


def _later_shortage(month: Month) -> Iterator[Point]:
    for balance in balances(month):
        owed = np.flatnonzero(balance.is_short)
        if owed.size and balance.rule != SHORTAGE:
            due = _step_of_next_cycle(month, SUPPLY)
            text = (
                f"Bring a plan that closes the shortage of {balance.name} in {month.ahead[int(owed[0])]} "
                f"({units(balance.short.max())})"
            )
            yield _action(month, text, roles.SCHEDULER, due, due)


def _forecasts(month: Month) -> Iterator[Point]:
    for name, signal in report.biased(month, accuracy.records(month)):
        due = _step_of_next_cycle(month, REPORT)
        way = "over" if signal > 0 else "under"
        text = f"Say why {name} is {way}-forecast (tracking signal {signal:+.1f}) and correct it"
        yield _action(month, text, roles.DEMAND, due, due)


def _indicators(month: Month) -> Iterator[Point]:
    owners = {
        "Fill rate": roles.SOP,
        STOCK: roles.SCHEDULER,
        "Production plan kept": roles.MANUFACTURING,
        "Yield": roles.MANUFACTURING,
    }
    due = _step_of_next_cycle(month, PRE_MEETING)
    for each in indicators(month):
        if not each.good:
            text = f"Report what brings this back to plan: {each.text().rstrip('.')}"
            yield _action(month, text, owners.get(each.name, roles.DEMAND), due, due)
