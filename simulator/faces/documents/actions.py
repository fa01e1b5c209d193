"""The executives' follow-up: key figures of last month beside what they should be, and actions with owner and dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from simulator.faces.documents import roles
from simulator.faces.documents.paper import COMPANY, DAYS, SHARE, Figure, Grid, Point
from simulator.faces.documents.phrases import beside_name, days, hours, largest, money, months, units
from simulator.kernel.messages import Message, Value, listed, msg, number, percent
from simulator.results.reading import LITTLE
from simulator.results.reading.accuracy import biased
from simulator.results.reading.capacity import Needs, come_express
from simulator.results.reading.further import deals_declined, parts_ordered_ahead, purchase_budget
from simulator.results.reading.last_month import (
    ERROR,
    FILL_RATE,
    KEPT,
    SAFETY_STOCK,
    STOCK,
    YIELD,
    KeyFigure,
    key_figures,
    last_month,
)
from simulator.results.reading.meeting import SHORTAGE, Balance, balances
from simulator.results.reading.month import EXECUTIVE, LOOK, PRE_MEETING, REPORT, SUPPLY, Month

NAMES = {
    FILL_RATE: msg("Fill rate"),
    STOCK: msg("Stock of all products less what is owed"),
    SAFETY_STOCK: msg("Safety stock that is there"),
    KEPT: msg("Production plan kept"),
    ERROR: msg("Forecast error (WMAPE)"),
    YIELD: msg("Yield"),
}
"""Key figures by their codes. The report has all products on hand as well, which are other days of stock."""

STANDARDS = {
    FILL_RATE: msg("the service target"),
    STOCK: msg("planned for the month's end"),
    SAFETY_STOCK: msg("all of it"),
    KEPT: msg("Class A"),
    ERROR: msg("the naive forecast"),
    YIELD: msg("the planned yield"),
}
"""What each is held against."""

OWNERS = {
    FILL_RATE: roles.SOP,
    STOCK: roles.SCHEDULER,
    SAFETY_STOCK: roles.SCHEDULER,
    KEPT: roles.MANUFACTURING,
    ERROR: roles.DEMAND,
    YIELD: roles.MANUFACTURING,
}
"""Owners of what brings them back to plan."""


def key_figure_grid(month: Month) -> Grid | None:
    """Actual beside plan."""
    found = key_figures(month)
    if not found:
        return None
    figures = [Figure(NAMES[each.code], DAYS if each.code == STOCK else SHARE) for each in found]
    values = np.array([[[each.actual, each.plan] for each in found]])
    return Grid(msg("Key figures"), COMPANY, [COMPANY], figures, [msg("last month"), msg("plan")], values)


def below_plan(month: Month) -> list[Message]:
    """Those that will not do, in words."""
    found = [each for each in key_figures(month) if not each.good]
    texts = [msg("{figure} {actual} against {plan} ({standard}).", **_values(each)) for each in found]
    return [*texts, *_overdrawn(month)]


def _overdrawn(month: Month) -> Iterator[Message]:
    """Say how far the account was overdrawn last month, where the bank sets a limit."""
    last, line = last_month(month), month.company.finance.credit_line
    if last is not None and line is not None and last.overdrawn > LITTLE:
        taken, allowed = money(last.overdrawn, month.currency), money(line, month.currency)
        yield msg("Overdrawn by {taken} at the most; the bank allows {allowed}.", taken=taken, allowed=allowed)


def _said(each: KeyFigure) -> Message:
    """Say a key figure as a part of a sentence."""
    return msg("{figure} {actual} against {plan} ({standard})", **_values(each))


def _values(each: KeyFigure) -> dict[str, Value]:
    shown: Callable[[float], Value] = days if each.code == STOCK else percent
    return {
        "figure": NAMES[each.code],
        "actual": shown(each.actual),
        "plan": shown(each.plan),
        "standard": STANDARDS[each.code],
    }


# --- actions ---


class Action(NamedTuple):
    """Something to do by a day; like actions of other months have the same name, whatever their figures."""

    name: Message
    point: Point
    acts: bool = False  # it changes something on floor, in forecasts or orders on the day that it is done


LOAD, ORDER = msg("load the approved plan into the master schedule"), msg("order what is not on order yet")
ROUTINE = (LOAD, ORDER)
"""Actions of every month: nothing but their figures is new."""


def actions(month: Month) -> list[Point]:
    """All of them; dates are those of the company's calendar."""
    return [each.point for each in tasks(month)] or [Point(msg("None: the plan stands."), roles.SOP)]


def tasks(month: Month) -> list[Action]:
    """The actions of a month by their names."""
    found = [
        *_production(month),
        *_overtime(month),
        *_people(month),
        *_purchasing(month),
        *_parts(month),
        *_further(month),
        *_customers(month),
    ]
    return [*found, *_later_shortage(month), *_forecasts(month), *_key_figures(month)]


def _action(
    month: Month, name: Message, text: Message, owner: Message, due: int, effective: int, acts: bool = False
) -> Action:
    return Action(name, Point(text, owner, month.days.date(due), month.days.date(effective)), acts)


def _step_of_next_cycle(month: Month, step: int) -> int:
    return month.days.working_day(month.next_cycle, month.policy.meeting_days[step])


def _production(month: Month) -> Iterator[Action]:
    if month.has_family_plan:
        plan = month.production[:LOOK].sum(axis=1)
        each = zip(plan, month.ahead, strict=False)
        amounts = listed(msg("{units} in {month}", units=units(q), month=name) for q, name in each)
        text = msg("Load the approved plan into the master schedule: {amounts}", amounts=amounts)
        yield _action(month, LOAD, text, roles.SCHEDULER, month.effective, month.effective)


def _overtime(month: Month) -> Iterator[Action]:
    for r, name in enumerate(month.n.resources):
        for k in np.flatnonzero(month.overtime[:LOOK, r] > LITTLE):
            start = max(month.effective, int(month.days.first_worked[month.index + k]))
            text = msg(
                "Staff {hours} of overtime on {resource} in {month}",
                hours=hours(month.overtime[k, r]),
                resource=name,
                month=month.ahead[k],
            )
            due = month.effective if k == 0 else month.working_days_from(month.held[EXECUTIVE], 5)
            yield _action(
                month, msg("overtime on {resource}", resource=name), text, roles.MANUFACTURING, due, start, acts=True
            )


def _purchasing(month: Month) -> Iterator[Action]:
    needs = Needs(month)
    if not needs.names:
        return
    top = [beside_name(needs.names[k], units(float(needs.to_buy_soon[k]))) for k in largest(needs.value_to_buy_soon)]
    if top:
        text = msg(
            "Order for {months} what is not on order yet, above all {items}",
            months=months(month.ahead[:LOOK]),
            items=listed(top),
        )
        yield _action(month, ORDER, text, roles.PURCHASING, month.effective, month.effective)


def _parts(month: Month) -> Iterator[Action]:
    """List the parts that come express."""
    for name, amount in come_express(month).items():
        text = msg("Have {units} of {item} come express", units=units(amount), item=name)
        again = msg("have {item} come express", item=name)
        yield _action(month, again, text, roles.PURCHASING, month.effective, month.effective, acts=True)


def _further(month: Month) -> Iterator[Action]:
    """List the parts that are ordered ahead, the purchasing budget and the deals that are declined."""
    for name, amount in parts_ordered_ahead(month).items():
        text = msg("Order {units} of {item} beyond what is planned", units=units(amount), item=name)
        again = msg("order {item} ahead", item=name)
        yield _action(month, again, text, roles.PURCHASING, month.effective, month.effective)
    budget = purchase_budget(month)
    if budget is not None:
        text = msg(
            "Order goods for no more than {money} a month, what lasts the fewest days first",
            money=money(budget, month.currency),
        )
        yield _action(
            month, msg("keep to the purchasing budget"), text, roles.PURCHASING, month.effective, month.effective
        )
    for name, amount in deals_declined(month).items():
        text = msg("Decline deals in sight for {family} of {units} or more", family=name, units=units(amount))
        again = msg("decline large deals for {family}", family=name)
        yield _action(month, again, text, roles.SALES, month.held[EXECUTIVE], month.held[EXECUTIVE])


def _customers(month: Month) -> Iterator[Action]:
    for balance in balances(month):
        late = float(balance.late.sum())
        if balance.rule == SHORTAGE and late > LITTLE:
            due = month.working_days_from(month.effective, 1)
            text = msg(
                "Give customers of {family} new dates for {units}, and keep the must-meet quantity by rank",
                family=balance.name,
                units=units(late),
            )
            yield _action(
                month,
                msg("give customers of {family} new dates", family=balance.name),
                text,
                roles.SERVICE,
                due,
                month.effective,
            )


def _later_shortage(month: Month) -> Iterator[Action]:
    for balance in balances(month):
        first = balance.first_short
        if first is not None and balance.rule != SHORTAGE:
            due, owner = _step_of_next_cycle(month, SUPPLY), planner_of(balance)
            text = msg(
                "Bring a plan that closes the shortage of {family} in {month} ({units})",
                family=balance.name,
                month=month.ahead[first],
                units=units(balance.short.max()),
            )
            yield _action(month, msg("close the shortage of {family}", family=balance.name), text, owner, due, due)


def planner_of(balance: Balance) -> Message:
    """Name who plans a family: the buyer of what is bought."""
    return roles.PURCHASING if balance.is_bought else roles.SCHEDULER


def _forecasts(month: Month) -> Iterator[Action]:
    for name, signal in biased(month):
        due = _step_of_next_cycle(month, REPORT)
        found: dict[str, Value] = {"family": name, "signal": number(signal, 1, signed=True)}
        again = msg("say why the forecast of {family} is biased and correct it", family=name)
        if signal > 0:
            text = msg("Say why {family} is over-forecast (tracking signal {signal}) and correct it", **found)
        else:
            text = msg("Say why {family} is under-forecast (tracking signal {signal}) and correct it", **found)
        yield _action(month, again, text, roles.DEMAND, due, due, acts=month.policy.corrects_bias)


def _key_figures(month: Month) -> Iterator[Action]:
    due = _step_of_next_cycle(month, PRE_MEETING)
    for each in key_figures(month):
        if not each.good:
            text = msg("Report what brings this back to plan: {figure}", figure=_said(each))
            buyer = month.has_purchase_plan and OWNERS[each.code] == roles.SCHEDULER
            owner, name = OWNERS[each.code], msg("back to plan: {figure}", figure=NAMES[each.code])
            yield _action(month, name, text, roles.PURCHASING if buyer else owner, due, due)


# --- people ---


def _people(month: Month) -> Iterator[Action]:
    """List the people to hire and to give notice to, and the units to order of subcontractors."""
    due, staffing = month.days.date(month.working_days_from(month.held[EXECUTIVE], 1)), month.n.staffing
    for table, come in (("people hired", True), ("people told to go", False)):
        moves = month.noted(table)
        if staffing is None or moves is None:
            continue
        days = staffing.hire_days if come else staffing.notice_days
        for r in np.flatnonzero(moves > LITTLE):
            on = month.days_after_effect(float(days[r, 0]))
            resource = month.n.resources[r]
            name = msg("people of {resource}", resource=resource)
            yield Action(
                name, Point(_move(resource, float(moves[r]), on, come), roles.MANUFACTURING, due, on), acts=True
            )
    outside = month.still_outside[:LOOK].sum(axis=0)
    for family in np.flatnonzero(outside > LITTLE):
        text = msg(
            "Order {units} of {family} from subcontractors, in the place of own production to {month}",
            units=units(outside[family]),
            family=month.families[family],
            month=month.ahead[LOOK - 1],
        )
        name = msg("order {family} from subcontractors", family=month.families[family])
        yield Action(name, Point(text, roles.PURCHASING, due, month.days.date(month.effective)), acts=True)


def _move(resource: str, count: float, on: dt.date, come: bool) -> Message:
    """Say how many people come to a resource or leave it, and when."""
    values: dict[str, Value] = {
        "n": msg("one") if count < 1.5 else number(count),
        "resource": resource,
        "date": on,
    }
    if come:
        return msg("Hire {n} of {resource}, to start on {date} or the next working day", **values)
    return msg("Give notice to {n} of {resource}, to leave on {date} or the next working day", **values)
