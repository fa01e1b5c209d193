"""The roles of a team: who sees what, who decides what, and how they fold together in small teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

import numpy as np

from simulator.kernel.messages import Listed, Message, Number, Text, msg, written

DECISION, STATEMENT = "decision", "statement"
"""What a field does: it moves the company, or it says what somebody expects."""


@dataclass(frozen=True)
class Role:
    """A role: its name, its title, and what it is for."""

    name: str
    title: Message
    does: Message


ROLES: Mapping[str, Role] = {
    role.name: role
    for role in (
        Role("sales", msg("Sales"), msg("says what customers will buy, and which orders to take")),
        Role("demand", msg("Demand planner"), msg("agrees one demand plan, leads the meeting, holds buffers")),
        Role("operations", msg("Operations"), msg("plans production, hours and people")),
        Role("purchasing", msg("Purchasing"), msg("buys ahead, and has parts come faster")),
        Role("finance", msg("Finance"), msg("watches cash, and may hold purchases or veto")),
    )
}
"""The roles in the order of the five steps."""

SEATS: Mapping[int, tuple[tuple[str, ...], ...]] = {
    1: (("sales", "demand", "operations", "purchasing", "finance"),),
    2: (("sales", "demand", "finance"), ("operations", "purchasing")),
    3: (("sales",), ("demand", "finance"), ("operations", "purchasing")),
    4: (("sales",), ("demand", "finance"), ("operations",), ("purchasing",)),
    5: (("sales",), ("demand",), ("operations",), ("purchasing",), ("finance",)),
}
"""By the size of a team: the roles that each player holds."""

MOST_PLAYERS = 5

AGENDA, ON_AGENDA = "~agenda:", 3
"""Keys of the issues that the demand planner puts on the agenda begin like this; and so many of them are dealt with."""

ISSUES: Mapping[str, Message] = {
    "demand": msg("Demand"),
    "hours": msg("Hours"),
    "parts": msg("Parts"),
    "cash": msg("Cash"),
    "service": msg("Service of last month"),
    "actions": msg("Actions"),
}
"""Issues that a meeting may deal with, by their name."""


@dataclass(frozen=True)
class Figure:
    """A figure with its unit; `alarm` where it is off limits."""

    label: Text
    value: float | None
    unit: Text = ""
    note: Text = ""
    alarm: bool = False
    places: int = 0
    percent: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell of a table; red where plans clash or a limit is broken."""

    value: float | Text | None
    red: bool = False
    note: Text = ""
    share: bool = False  # shown as percent


@dataclass(frozen=True)
class Sheet:
    """A table: titles of columns, and rows of a title and cells."""

    title: Text
    columns: Sequence[Text]
    rows: Sequence[tuple[Text, Sequence[Cell]]]
    unit: Text = ""


@dataclass(frozen=True)
class Section:
    """A part of a screen: sentences, figures and tables under a title."""

    title: Text
    sentences: Sequence[Text] = ()
    figures: Sequence[Figure] = ()
    tables: Sequence[Sheet] = ()


@dataclass(frozen=True)
class Field:
    """Something that a role decides or states: prefilled with the recommendation, within limits.

    A field left as it is prefilled decides nothing: the recommending rules act.
    """

    key: str  # KIND:NAME@MONTH, with the month counted from 1
    role: str
    about: Text
    label: Text
    unit: Text
    default: float | None  # None where the rules set no limit
    low: float | None = None
    high: float | None = None
    step: float = 1.0
    does: str = DECISION
    group: Text = ""
    note: Text = ""


@dataclass(frozen=True)
class RoleView:
    """All that a role sees in a round, and what it may fill in."""

    role: str
    title: Text
    does: Text
    round: int
    month: str
    news: Sequence[Text] = ()
    sections: Sequence[Section] = ()
    fields: Sequence[Field] = ()
    values: Mapping[str, float] = field(default_factory=dict)  # as submitted, by key
    autopilot: bool = True  # nobody holds the role, so that the recommendation stands


def seats(size: int) -> tuple[tuple[str, ...], ...]:
    """The roles of each player in a team of a size."""
    return SEATS[max(1, min(size, MOST_PLAYERS))]


def for_page(thing: Any, language: str = "en") -> Any:
    """Anything of the training room as JSON can hold it, with its sentences in a language; what is no number is null."""
    if isinstance(thing, Message | Number | Listed):
        return written(thing, language)
    if is_dataclass(thing) and not isinstance(thing, type):
        return {each.name: for_page(getattr(thing, each.name), language) for each in fields(thing)}
    if isinstance(thing, str):
        return written(thing, language)
    if isinstance(thing, Mapping):
        return {str(key): for_page(value, language) for key, value in thing.items()}
    if isinstance(thing, np.ndarray):
        return for_page(thing.tolist(), language)
    if isinstance(thing, list | tuple | set | frozenset):
        return [for_page(each, language) for each in thing]
    if isinstance(thing, bool | np.bool_):
        return bool(thing)
    if isinstance(thing, float | np.floating):
        return float(thing) if np.isfinite(thing) else None
    return int(thing) if isinstance(thing, np.integer) else thing
