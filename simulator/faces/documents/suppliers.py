"""Suppliers as the meetings see them: how each source has done over the year, and what is out or will be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from simulator.faces.documents import roles
from simulator.faces.documents.paper import SHARE, SOURCE, Figure, Grid, Section, beside, said
from simulator.kernel.messages import Message, Text, Value, listed, msg
from simulator.kernel.units import Array
from simulator.results.reading import ratio
from simulator.results.reading.month import Month


class Outage(NamedTuple):
    """Something that planners know to be out, or to be so soon."""

    kind: str
    name: str
    begun: bool
    until: dt.date
    hits: list[str]  # items that come from there, or families that are made there

    def sentence(self) -> Message:
        """Say it in a sentence."""
        values: dict[str, Value] = {"name": self.name, "date": self.until, "items": listed(self.hits)}
        if self.kind == "supplier":
            if self.begun:
                return msg("Supplier {name} is out, back expected on {date}; it concerns {items}.", **values)
            return msg("Supplier {name} will be out, back expected on {date}; it concerns {items}.", **values)
        if self.kind == "route":
            if self.begun:
                return msg("The lane {name} is out, back expected on {date}; it concerns {items}.", **values)
            return msg("The lane {name} will be out, back expected on {date}; it concerns {items}.", **values)
        if self.begun:
            return msg("The site {name} is out, back expected on {date}; it concerns {items}.", **values)
        return msg("The site {name} will be out, back expected on {date}; it concerns {items}.", **values)


def record(month: Month) -> Section | None:
    """The supplier record of the last twelve months, in a company that keeps one."""
    if "came_from" not in month.books.memos:
        return None
    texts = [outage.sentence() for outage in outages(month)] or [msg("Nobody is known to be out.")]
    grid = _grid(month)
    return Section(msg("Suppliers"), roles.PURCHASING, said(*texts), [grid] if grid else [])


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
        Figure(msg("ordered")): ordered,
        Figure(msg("delivered")): came,
        Figure(msg("on time"), SHARE): shares[0],
        Figure(msg("rejected"), SHARE): shares[1],
    }
    return beside(msg("Record of the last twelve months"), SOURCE, _sources(month), figures, month.name)


def _sources(month: Month) -> list[Text]:
    """Every source: which item from whom."""
    n = month.n
    return [
        msg("{item} from {supplier}", item=n.names[n.bought[item]], supplier=n.suppliers[supplier])
        for item, supplier in zip(n.sources.item, n.sources.supplier, strict=True)
    ]


def outages(month: Month) -> Iterator[Outage]:
    """List the outages that planners were told of by the day of the supply plan."""
    if "told_until" not in month.books.memos:
        return
    day, n = month.supply_day, month.n
    told, out = (month.counted(memo, day, day + 1) for memo in ("told_until", "outage"))
    for row, (kind, name) in enumerate(n.sources.disrupted):
        if told[row] > day:
            yield Outage(kind, name, bool(out[row] > 0), month.days.date(int(told[row])), _hit(month, row, kind))


def _hit(month: Month, row: int, kind: str) -> list[str]:
    n = month.n
    if kind == "resource":
        load: Array = n.total_load.matrix.toarray()[n.sources.outage_of_resource == row]
        return list(dict.fromkeys(n.families[k] for k in n.family_of[load.any(axis=0)]))
    reach = n.sources.outage_of_supplier if kind == "supplier" else n.sources.outage_of_route
    return [n.names[n.bought[item]] for item in dict.fromkeys(n.sources.item[reach == row].tolist())]


def other_way(month: Month, outage: Outage) -> Message:
    """Suggest an alternative in an outage."""
    if outage.kind == "resource":
        return msg("Alternative: make ahead what it would have made, or have it made outside.")
    n = month.n.sources
    items = [month.n.names[month.n.bought[k]] for k in n.item]
    names = _sources(month)
    others = [
        name
        for name, item, supplier in zip(names, items, n.supplier, strict=True)
        if item in outage.hits and month.n.suppliers[supplier] != outage.name and items.count(item) > 1
    ]
    express = [name for k, name in enumerate(names) if items[k] in outage.hits and n.express_days[k, 0]]
    if others and express:
        return msg(
            "Alternative: ask {sources} or order express {express}.", sources=listed(others), express=listed(express)
        )
    if others:
        return msg("Alternative: ask {sources}.", sources=listed(others))
    if express:
        return msg("Alternative: order express {express}.", express=listed(express))
    return msg("Alternative: wait, and ration what is there.")
