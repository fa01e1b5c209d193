"""List the actions that follow from the decision, with an owner, a due date and the day from which they hold."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.faces.documents import accuracy, report, roles, supply
from simulator.faces.documents.balance import SHORTAGE, balances
from simulator.faces.documents.indicators import FILL_RATE, KEPT, STOCK, YIELD, indicators
from simulator.faces.documents.paper import Point
from simulator.faces.documents.people import staff_actions
from simulator.faces.documents.phrases import beside_name, hours, largest, months, units
from simulator.kernel.messages import Message, Value, listed, msg, number
from simulator.results.reading.capacity import Needs
from simulator.results.reading.month import EXECUTIVE, PRE_MEETING, REPORT, SUPPLY, Month

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
    return found or [Point(msg("None: the plan stands."), roles.SOP)]


def _action(month: Month, text: Message, owner: Message, due: int, effective: int) -> Point:
    return Point(text, owner, month.days.date(due), month.days.date(effective))


def _step_of_next_cycle(month: Month, step: int) -> int:
    return month.days.working_day(month.next_cycle, month.policy.meeting_days[step])


def _production(month: Month) -> Iterator[Point]:
    if month.has_family_plan:
        plan = month.production[:LOOK].sum(axis=1)
        each = zip(plan, month.ahead, strict=False)
        amounts = listed(msg("{units} in {month}", units=units(q), month=name) for q, name in each)
        text = msg("Load the approved plan into the master schedule: {amounts}", amounts=amounts)
        yield _action(month, text, roles.SCHEDULER, month.effective, month.effective)


def _overtime(month: Month) -> Iterator[Point]:
    for r, name in enumerate(month.n.resources):
        for k in np.flatnonzero(month.overtime[:LOOK, r] > 0.5):
            start = max(month.effective, int(month.days.first_worked[month.index + k]))
            text = msg(
                "Staff {hours} of overtime on {resource} in {month}",
                hours=hours(month.overtime[k, r]),
                resource=name,
                month=month.ahead[k],
            )
            due = month.effective if k == 0 else month.working_days_from(month.held[EXECUTIVE], 5)
            yield _action(month, text, roles.MANUFACTURING, due, start)


def _purchasing(month: Month) -> Iterator[Point]:
    needs = Needs(month)
    if not needs.names:
        return
    near = needs.to_buy[:LOOK].sum(axis=0)
    top = [beside_name(needs.names[k], number(near[k])) for k in largest(near * needs.cost)]
    if top:
        text = msg(
            "Order for {months} what is not on order yet, above all {items}",
            months=months(month.ahead[:LOOK]),
            items=listed(top),
        )
        yield _action(month, text, roles.PURCHASING, month.effective, month.effective)


def _parts(month: Month) -> Iterator[Point]:
    for name, when, most in supply.shortest(month)[:LOOK]:
        due = month.working_days_from(month.held[EXECUTIVE], 1)
        text = msg(
            "Ask the supplier of {item} for an earlier delivery: {units} are missing from {month} on",
            item=name,
            units=units(most),
            month=when,
        )
        yield _action(month, text, roles.PURCHASING, due, month.effective)


def _customers(month: Month) -> Iterator[Point]:
    for balance in balances(month):
        late = float((balance.wanted - balance.must_be_met()).sum())
        if balance.rule == SHORTAGE and late > 0.5:
            due = month.working_days_from(month.effective, 1)
            text = msg(
                "Give customers of {family} new dates for {units}, and keep the must-meet quantity by rank",
                family=balance.name,
                units=units(late),
            )
            yield _action(month, text, roles.SERVICE, due, month.effective)


def _later_shortage(month: Month) -> Iterator[Point]:
    for balance in balances(month):
        owed = np.flatnonzero(balance.is_short)
        if owed.size and balance.rule != SHORTAGE:
            due = _step_of_next_cycle(month, SUPPLY)
            text = msg(
                "Bring a plan that closes the shortage of {family} in {month} ({units})",
                family=balance.name,
                month=month.ahead[int(owed[0])],
                units=units(balance.short.max()),
            )
            yield _action(month, text, roles.SCHEDULER, due, due)


def _forecasts(month: Month) -> Iterator[Point]:
    for name, signal in report.biased(month, accuracy.records(month)):
        due = _step_of_next_cycle(month, REPORT)
        found: dict[str, Value] = {"family": name, "signal": number(signal, 1, signed=True)}
        if signal > 0:
            text = msg("Say why {family} is over-forecast (tracking signal {signal}) and correct it", **found)
        else:
            text = msg("Say why {family} is under-forecast (tracking signal {signal}) and correct it", **found)
        yield _action(month, text, roles.DEMAND, due, due)


def _indicators(month: Month) -> Iterator[Point]:
    owners = {
        FILL_RATE: roles.SOP,
        STOCK: roles.SCHEDULER,
        KEPT: roles.MANUFACTURING,
        YIELD: roles.MANUFACTURING,
    }
    due = _step_of_next_cycle(month, PRE_MEETING)
    for each in indicators(month):
        if not each.good:
            text = msg("Report what brings this back to plan: {figure}", figure=each.said())
            yield _action(month, text, owners.get(each.name, roles.DEMAND), due, due)
