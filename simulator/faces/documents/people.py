"""People in the documents: how many there are to be, who is hired, who is told to go, what is made outside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np

from simulator.faces.documents import roles
from simulator.faces.documents.paper import PEOPLE, RESOURCE, Figure, Grid, Point, by_month
from simulator.faces.documents.phrases import units
from simulator.kernel.messages import Message, Value, msg, number
from simulator.results.reading.month import EXECUTIVE, Month


def people_grid(month: Month) -> list[Grid]:
    """People by resource and month, as decided before and as planned now; nothing where the company describes none."""
    planned, settled = month.noted("people planned"), month.noted("people settled")
    manned = _manned(month)
    if planned is None or settled is None or not manned:
        return []
    figures = {
        Figure(msg("people, decided before"), PEOPLE, names_unit=True): settled[:, manned],
        Figure(msg("people, planned"), PEOPLE, names_unit=True): planned[:, manned],
        Figure(msg("change"), PEOPLE, signed=True): np.diff(planned[:, manned], axis=0, prepend=settled[:1, manned]),
    }
    return [by_month(msg("People"), RESOURCE, [month.n.resources[r] for r in manned], month.ahead, figures)]


def _manned(month: Month) -> list[int]:
    staffing = month.n.staffing
    return [] if staffing is None else np.flatnonzero(staffing.manned[:, 0]).tolist()


def staff_actions(month: Month) -> Iterator[Point]:
    """List the people to hire and to give notice to, and the units to order of subcontractors."""
    due, staffing = month.days.date(month.working_days_from(month.held[EXECUTIVE], 1)), month.n.staffing
    for table, come in (("people hired", True), ("people told to go", False)):
        moves = month.noted(table)
        if staffing is None or moves is None:
            continue
        days = staffing.hire_days if come else staffing.notice_days
        for r in np.flatnonzero(moves > 0.5):
            on = month.days.date(month.effective + round(float(days[r, 0])))
            yield Point(_move(month.n.resources[r], float(moves[r]), on, come), roles.MANUFACTURING, due, on)
    outside = month.still_outside[:3].sum(axis=0)
    for family in np.flatnonzero(outside > 0.5):
        text = msg(
            "Order {units} of {family} from subcontractors, in the place of own production to {month}",
            units=units(outside[family]),
            family=month.families[family],
            month=month.ahead[2],
        )
        yield Point(text, roles.PURCHASING, due, month.days.date(month.effective))


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
