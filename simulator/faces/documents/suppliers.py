"""Suppliers as the meetings see them: how each source has done over the year, and what is out or will be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from simulator.faces.documents import roles
from simulator.faces.documents.month import Month
from simulator.faces.documents.paper import Figure, Grid, Section, beside, said
from simulator.faces.documents.phrases import listed
from simulator.kernel.units import Array
from simulator.results.reading import ratio


class Outage(NamedTuple):
    """Something that planners know to be out, or to be so soon."""

    kind: str
    name: str
    begun: bool
    until: str
    hits: list[str]  # items that come from there, or families that are made there

    def __str__(self) -> str:
        """In a sentence."""
        what = {"supplier": "Supplier", "route": "The lane", "resource": "The site"}[self.kind]
        when = "is out" if self.begun else "will be out"
        return f"{what} {self.name} {when}, back expected on {self.until}; it concerns {listed(self.hits)}."


def record(month: Month) -> Section | None:
    """The supplier record of the last twelve months, in a company that keeps one."""
    if "came_from" not in month.books.memos:
        return None
    texts = [str(outage) for outage in outages(month)]
    grid = _grid(month)
    return Section(
        "Suppliers", roles.PURCHASING, said(*(texts or ["Nobody is known to be out."])), [grid] if grid else []
    )


def _grid(month: Month) -> Grid | None:
    end = month.supply_day
    first = max(end - 365, 0)
    ordered, came, on_time, bad = (
        month.counted(memo, first, end) for memo in ("ordered_from", "came_from", "on_time", "rejected_from")
    )
    if not came.any():
        return None
    shares = [ratio(part, came) for part in (on_time, bad)]
    figures = {
        Figure("ordered"): ordered,
        Figure("delivered"): came,
        Figure("on time", "share"): shares[0],
        Figure("rejected", "share"): shares[1],
    }
    return beside("Record of the last twelve months", "source", month.n.sources.names, figures, month.name)


def outages(month: Month) -> Iterator[Outage]:
    """What planners were told of by the day of the supply plan."""
    if "told_until" not in month.books.memos:
        return
    day, n = month.supply_day, month.n
    told, out = (month.counted(memo, day, day + 1) for memo in ("told_until", "outage"))
    for row, (kind, name) in enumerate(n.sources.disrupted):
        if told[row] > day:
            yield Outage(kind, name, bool(out[row] > 0), str(month.days.date(int(told[row]))), _hit(month, row, kind))


def _hit(month: Month, row: int, kind: str) -> list[str]:
    n = month.n
    if kind == "resource":
        load: Array = n.total_load.matrix.toarray()[n.sources.outage_of_resource == row]
        return list(dict.fromkeys(n.families[k] for k in n.family_of[load.any(axis=0)]))
    reach = n.sources.outage_of_supplier if kind == "supplier" else n.sources.outage_of_route
    return [n.names[n.bought[item]] for item in dict.fromkeys(n.sources.item[reach == row].tolist())]


def other_way(month: Month, outage: Outage) -> str:
    """What else could be done about it."""
    if outage.kind == "resource":
        return "Alternative: make ahead what it would have made, or have it made outside."
    n = month.n.sources
    items = [month.n.names[month.n.bought[k]] for k in n.item]
    others = [
        name
        for name, item, supplier in zip(n.names, items, n.supplier, strict=True)
        if item in outage.hits and month.n.suppliers[supplier] != outage.name and items.count(item) > 1
    ]
    express = [name for k, name in enumerate(n.names) if items[k] in outage.hits and n.express_days[k, 0]]
    ways = [f"ask {listed(others)}" if others else "", f"order express {listed(express)}" if express else ""]
    return f"Alternative: {' or '.join(way for way in ways if way) or 'wait, and ration what is there'}."
