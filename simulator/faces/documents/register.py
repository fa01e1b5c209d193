"""The actions of the last meeting, each with its status."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.faces.documents import roles
from simulator.faces.documents.actions import ROUTINE, Action, tasks
from simulator.faces.documents.paper import Point, Section
from simulator.kernel.messages import Message, Text, listed, msg
from simulator.planning.discipline import DONE, DROPPED
from simulator.results.reading.month import EXECUTIVE, Month
from simulator.results.reading.register import status_of
from simulator.world.luck.weather import ACTION_OWNERS

_DEMAND_MANAGEMENT, _PRODUCTION, _PURCHASING = ACTION_OWNERS

OWNERS = {roles.MANUFACTURING: _PRODUCTION, roles.SCHEDULER: _PRODUCTION, roles.PURCHASING: _PURCHASING}
"""Departments by the role that owns an action; all others are demand management's."""


AGAIN = msg("Stands again")


def last_actions(month: Month, again: bool = True) -> Section | None:
    """The register of the last meeting's actions, each with its status; those that stand again only where they are asked for.

    None before the second meeting.
    """
    made = [each for each in month.plans.made_in if each < month.index]
    if not made:
        return None
    before = Month(month.books, made[-1], month.lane)
    actions = [each for each in tasks(before) if each.name not in ROUTINE]
    points = [point for status, point in _became(before, actions, month) if again or status != AGAIN]
    return Section(msg("Actions of the last meeting"), roles.SOP, points) if points else None


def _became(before: Month, actions: list[Action], now: Month) -> Iterator[tuple[Message, Point]]:
    """Name the actions owner by owner and status by status, like ones once."""
    found: dict[tuple[Text, Message], dict[Message, None]] = {}
    stands = {each.name for each in tasks(now)}
    for name, point, acts in actions:
        if point.due is not None:
            status = _status(before, now, point) if acts else AGAIN if name in stands else msg("Settled")
            found.setdefault((point.owner, status), {})[name] = None
    for (owner, status), names in found.items():
        yield status, Point(msg("{status}: {actions}.", status=status, actions=listed(names, "; ")), owner)


def _status(before: Month, now: Month, point: Point) -> Message:
    """Done, late, open or dropped, on the day of the executive meeting."""
    assert point.due is not None
    department = next((OWNERS[role] for role in OWNERS if role == point.owner), _DEMAND_MANAGEMENT)
    status, today = status_of(before, department), now.date(EXECUTIVE)
    if status == DROPPED:
        return msg("Dropped")
    if (point.due if status == DONE else before.late_date(point.due)) > today:
        return msg("Overdue") if point.due < today else msg("Not due yet")
    return msg("Done in time") if status == DONE else msg("Done late")
