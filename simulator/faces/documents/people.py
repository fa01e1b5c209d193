"""People in the documents: how many there are to be, who is hired, who is told to go, what is made outside."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.faces.documents import roles
from simulator.faces.documents.month import EXECUTIVE, Month
from simulator.faces.documents.paper import Figure, Grid, Point, by_month
from simulator.faces.documents.phrases import units


def people_grid(month: Month) -> list[Grid]:
    """People by resource and month, as decided before and as planned now; nothing where the company describes none."""
    planned, settled = month.noted("people planned"), month.noted("people settled")
    manned = _manned(month)
    if planned is None or settled is None or not manned:
        return []
    figures = {
        Figure("people, decided before", "people"): settled[:, manned],
        Figure("people, planned", "people"): planned[:, manned],
        Figure("change", "people", signed=True): np.diff(planned[:, manned], axis=0, prepend=settled[:1, manned]),
    }
    return [by_month("People", "resource", [month.n.resources[r] for r in manned], month.ahead, figures)]


def _manned(month: Month) -> list[int]:
    staffing = month.n.staffing
    return [] if staffing is None else np.flatnonzero(staffing.manned[:, 0]).tolist()


def staff_actions(month: Month) -> Iterator[Point]:
    """Who is to be hired and told to go, and what is to be ordered of subcontractors."""
    due, staffing = month.days.date(month.working_days_from(month.held[EXECUTIVE], 1)), month.n.staffing
    for table, verb, way in (("people hired", "Hire", "start"), ("people told to go", "Give notice to", "leave")):
        moves = month.noted(table)
        if staffing is None or moves is None:
            continue
        days = staffing.hire_days if verb == "Hire" else staffing.notice_days
        for r in np.flatnonzero(moves > 0.5):
            on = month.days.date(month.effective + round(float(days[r, 0])))
            who = "one" if moves[r] < 1.5 else f"{moves[r]:,.0f}"
            text = f"{verb} {who} of {month.n.resources[r]}, to {way} on {on} or the next working day"
            yield Point(text, roles.MANUFACTURING, due, on)
    outside = month.still_outside[:3].sum(axis=0)
    for family in np.flatnonzero(outside > 0.5):
        amount = f"{units(outside[family])} of {month.families[family]}"
        text = f"Order {amount} from subcontractors, in the place of own production to {month.ahead[2]}"
        yield Point(text, roles.PURCHASING, due, month.days.date(month.effective))
