"""Check a rule's lists against the company: no unknown names, nothing left out, no meaningless figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from simulator.company.entries import below
from simulator.kernel.units import Record, nearest

if TYPE_CHECKING:
    from simulator.company import Company

Misfits: TypeAlias = Iterator[str]
"""What does not fit, a sentence each that begins with the entry."""


def strangers(rule: Record, company: Company, *tables: str) -> Misfits:
    """Names in these tables that are no items of the company: slips of the pen."""
    known = list(company.items)
    for table in tables:
        for name in getattr(rule, table) or ():
            if name not in known:
                yield f"{table} lists {name!r}, which is no item of the company; {nearest(name, known)}"


def omissions(table: str, listed: Mapping[str, Any] | None, mine: Sequence[str], remedy: str) -> Misfits:
    """Items that a table leaves out where it names others: they would silently have nothing."""
    missing = [name for name in mine if name not in listed] if listed is not None else []
    if missing:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        yield f"{table} lists no figure for {', '.join(map(repr, missing[:3]))}{more}; {remedy}"


def refuse_wrong_figures(rule: Record, **least: float | None) -> None:
    """A table without entries says nothing, and stock levels are at least 0; where `least` is None figures are above 0."""
    for table, low in least.items():
        figures = getattr(rule, table)
        if figures is not None and not figures:
            raise ValueError(f"{table} has 0 entries; it must have at least 1 entry, or be left out")
        for name, figure in (figures or {}).items():
            if figure < 0 or (low is None and figure == 0):
                must = "above 0" if low is None else "at least 0"
                raise ValueError(f"{below(table, name)} is {figure:g} units; it must be {must}")
