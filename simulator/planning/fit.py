"""Check a rule's lists against the company: no unknown names, nothing left out, no meaningless figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from simulator.company.entries import dotted_below
from simulator.kernel.messages import Message, Value, msg
from simulator.kernel.messages import listed as in_a_row
from simulator.kernel.units import Record, nearest

if TYPE_CHECKING:
    from simulator.company import Company

Misfits: TypeAlias = Iterator[Message]
"""What does not fit, a sentence each about an entry of the rule."""


def unknown_items(rule: Record, company: Company, *tables: str) -> Misfits:
    """Names in these tables that are no items of the company: slips of the pen."""
    known = list(company.items)
    for table in tables:
        for name in getattr(rule, table) or ():
            if name not in known:
                yield no_item(table, name, known)


def no_item(entry: str, name: str, known: Sequence[str]) -> Message:
    """Say that an entry lists what the company does not stock."""
    hint = nearest(name, known)
    return msg("{entry} lists {name}, which is no item of the company; {hint}", entry=entry, name=repr(name), hint=hint)


def omissions(table: str, listed: Mapping[str, Any] | None, mine: Sequence[str], remedy: Message) -> Misfits:
    """Items that a table leaves out where it names others: they would silently have nothing."""
    missing = [name for name in mine if name not in listed] if listed is not None else []
    if missing:
        names: Value = in_a_row(map(repr, missing[:3]), ", ")
        if len(missing) > 3:
            names = msg("{names} and {n} more", names=names, n=len(missing) - 3)
        yield msg("{entry} lists no figure for {names}; {remedy}", entry=table, names=names, remedy=remedy)


def refuse_wrong_figures(rule: Record, **least: float | None) -> None:
    """A table without entries says nothing, and stock levels are at least 0; where `least` is None figures are above 0."""
    for table, low in least.items():
        figures = getattr(rule, table)
        if figures is not None and not figures:
            raise ValueError(msg("{entry} has 0 entries; it must have at least 1 entry, or be left out", entry=table))
        for name, figure in (figures or {}).items():
            if figure < 0 or (low is None and figure == 0):
                must = msg("above {n}", n=0) if low is None else msg("at least {n}", n=0)
                raise ValueError(
                    msg(
                        "{entry} is {value} units; it must be {what}",
                        entry=dotted_below(table, name),
                        value=f"{figure:g}",
                        what=must,
                    )
                )
