"""Rough-cut capacity in figures: hours against load, long-lead parts, people, and what is asked and had of suppliers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from simulator.kernel.lanes import TINY
from simulator.kernel.plans import EXPRESS, PARTS_DUE
from simulator.kernel.units import Array, Index
from simulator.planning.capacity import express_lead, express_premium
from simulator.results.reading.month import LOOK, Month
from simulator.results.reading.record import LITTLE, ratio

FULL = 0.995
"""A resource that is loaded to this share of its hours is a bottleneck."""


class Overload(NamedTuple):
    """A resource that the wished plan overloads: the hours of its worst month, and those it lacks in all."""

    resource: int
    months: list[int]  # months ahead
    worst: int
    needed: float
    regular: float
    limit: float  # with all overtime
    beyond_regular: float  # over all these months
    beyond_limit: float  # in the month in which most is lacking

    @property
    def share(self) -> float:
        """Hours needed over regular hours."""
        return self.needed / max(self.regular, TINY)

    @property
    def missing(self) -> float:
        """Hours that are too few with all overtime."""
        return self.needed - self.limit

    @property
    def is_met_by_overtime(self) -> bool:
        """True if all overtime is enough, but for little."""
        return self.needed <= self.limit + LITTLE


@dataclass(frozen=True)
class Load:
    """Hours by month and resource: (months ahead, resources)."""

    month: Month

    @cached_property
    def wished(self) -> Array:
        """Of what was still to be made of the plan as it was wished, before any capacity check."""
        noted = self.month.noted("wished")
        return self.month.load(self.month.still(self.month.production if noted is None else noted))

    @cached_property
    def approved(self) -> Array:
        """Of what was still to be made of the approved plan."""
        return self.month.load(self.month.projected.to_make)

    @cached_property
    def limit(self) -> Array:
        """Regular hours and all overtime that could be worked."""
        return self.month.regular + self.month.overtime_limit

    def overloaded(self, months: int) -> list[tuple[int, int]]:
        """(month ahead, resource) in which the wished plan needs more than regular hours."""
        over = self.wished[:months] > self.month.regular[:months] + LITTLE
        return [(int(k), int(r)) for k, r in np.argwhere(over)]

    def overloads(self, months: int) -> list[Overload]:
        """Each resource that the wished plan overloads in some of the months ahead, in the order of resources."""
        regular, found = self.month.regular, []
        over = self.overloaded(months)
        for r in dict.fromkeys(sorted(resource for _, resource in over)):
            mine = [k for k, resource in over if resource == r]
            beyond = [float(self.wished[k, r] - regular[k, r]) for k in mine]
            worst = mine[int(np.argmax(beyond))]
            lacking = max(float(self.wished[k, r] - self.limit[k, r]) for k in mine)
            needed, usual, limit = (float(table[worst, r]) for table in (self.wished, regular, self.limit))
            found.append(Overload(r, mine, worst, needed, usual, limit, float(sum(beyond)), lacking))
        return found

    @property
    def share(self) -> Array:
        """Hours of the approved plan over regular hours."""
        return ratio(self.approved, self.month.regular)

    @property
    def idle(self) -> Array:
        """Regular hours that the approved plan leaves."""
        return np.maximum(self.month.approved_hours - self.approved, 0.0)

    def fullest(self, months: int) -> tuple[int, int, float]:
        """The (month ahead, resource) with the highest wished load of regular hours, and that load."""
        share = self.wished[:months] / np.maximum(self.month.regular[:months], TINY)
        k, r = np.unravel_index(int(np.argmax(share)), share.shape)
        return int(k), int(r), float(share[k, r])

    def bottleneck(self, months: int, family: int) -> tuple[int, int] | None:
        """The (month ahead, resource) whose hours are taken most among those that a family's products need, if any is full."""
        used = self.month.n.total_load.matrix.toarray()[:, (self.month.n.family_of == family) & self.month.is_made]
        mine = used.any(axis=1)
        there = self.month.approved_hours[:months] + self.month.overtime[:months]
        share = np.where(mine, self.approved[:months] / np.maximum(there, TINY), 0.0)
        if not share.size or share.max() < FULL:
            return None
        of_limit = self.approved[:months] / np.maximum(self.limit[:months], TINY)
        k, r = np.unravel_index(int(np.argmax(np.where(share >= FULL, of_limit, 0.0))), share.shape)
        return int(k), int(r)


@dataclass(frozen=True)
class Needs:
    """Requirements of a production plan for every bought item, (months ahead, bought items)."""

    month: Month

    @property
    def names(self) -> list[str]:
        """The bought items."""
        return [self.month.n.names[k] for k in self.month.n.bought]

    @property
    def cost(self) -> Array:
        """Standard cost of each."""
        return np.asarray(self.month.n.unit_cost[self.month.n.bought, 0])

    def at_cost(self, units: Array) -> Array:
        """Units of bought items at standard cost."""
        return np.asarray(units * self.cost)

    def gross(self, production: Array, demand: Array) -> Array:
        """The production plan of families exploded through all bills, and the demand for products that are bought.

        Where families are not planned, the demand for all products.
        """
        m = self.month
        sold = m.by_product(production) + np.where(m.is_made, 0.0, demand) if m.has_family_plan else demand
        return np.asarray(m.n.total_use.flow(sold.T)[m.n.bought].T)

    @cached_property
    def approved(self) -> Array:
        """Of the approved plan; of this month only what is still to be made and to come."""
        m = self.month
        demand = m.demand.copy()
        demand[0] *= m.share_left
        return self.gross(m.projected.to_make, demand)

    @cached_property
    def there(self) -> Array:
        """On hand and on order, less what is owed, on the day of the supply plan."""
        return self.month.position(self.month.supply_day)[self.month.n.bought]

    @cached_property
    def safety_stock(self) -> Array:
        """That is to be left at the end."""
        return self.month.of(self.month.plans.safety_stock)[self.month.n.bought]

    @cached_property
    def to_buy(self) -> Array:
        """Net requirement: units still to be ordered to come in by the end of each month."""
        lacking = np.cumsum(self.approved, axis=0) + self.safety_stock - self.there
        return np.asarray(np.diff(np.maximum.accumulate(np.maximum(lacking, 0.0), axis=0), axis=0, prepend=0.0))

    @property
    def value_to_buy(self) -> Array:
        """Net requirement at standard cost."""
        return self.at_cost(self.to_buy)

    @property
    def to_buy_soon(self) -> Array:
        """Units still to be ordered for the next months, (bought items,)."""
        return np.asarray(self.to_buy[:LOOK].sum(axis=0))

    @property
    def value_to_buy_soon(self) -> Array:
        """Units still to be ordered for the next months, at standard cost."""
        return self.at_cost(self.to_buy_soon)

    def soon(self, production: Array, demand: Array) -> Array:
        """Requirements of plans over the next months, (bought items,)."""
        return np.asarray(self.gross(production, demand)[:LOOK].sum(axis=0))

    def shortest(self) -> list[tuple[str, str, float]]:
        """Long-lead parts that the wished plan lacks: name, first month, units at most; the largest by value first."""
        found: dict[int, tuple[str, float]] = {}
        for k, item, amount in self.short():
            first, most = found.get(item, (self.month.ahead[k], 0.0))
            found[item] = (first, max(most, amount))
        ordered = sorted(found.items(), key=lambda each: -each[1][1] * self.cost[each[0]])
        return [(self.names[item], first, most) for item, (first, most) in ordered]

    def lead_times(self, names: Sequence[str]) -> Array:
        """Lead times of some items, in days."""
        return np.array([self.month.n.lead_time[self.month.n.names.index(name), 0] for name in names])

    def short(self) -> list[tuple[int, int, float]]:
        """(month ahead, bought item, units) that the wished plan lacks by then, as no new order could come in time."""
        m = self.month
        wished = m.noted("wished")
        plan, day = m.still(m.production if wished is None else wished), m.supply_day
        need = np.cumsum(self.gross(plan, np.zeros_like(m.demand)), axis=0)
        ends = m.days.month_start[m.index + 1 : m.index + 1 + len(plan)] - day
        lead, due = np.maximum(m.n.lead_time[m.n.bought, 0], 1.0), m.noted(PARTS_DUE)
        assert due is not None
        there = m.morning("on_hand", day)[m.n.bought] + due
        lacking = np.where(lead > ends[:, None], need - there, 0.0)
        return [(int(k), int(i), float(lacking[k, i])) for k, i in np.argwhere(lacking > LITTLE)]


def come_express(month: Month) -> dict[str, float]:
    """Bought items of which the approved option has some come express, with their units."""
    noted = month.noted(EXPRESS)
    amounts = np.zeros(0) if noted is None else np.nan_to_num(noted)
    return {month.n.names[month.n.bought[k]]: float(amounts[k]) for k in np.flatnonzero(amounts > LITTLE)}


def decided_express(month: Month) -> Array:
    """Extra cost of what approved options have come express, (months until this one,)."""
    noted = month.plans.tables.get(EXPRESS)
    if noted is None:
        return np.zeros(month.index + 1)
    units = np.nan_to_num(noted[: month.index + 1, :, month.lane])
    return np.asarray(units @ express_premium(month.n)[:, 0])


def express_offers(month: Month) -> dict[str, float]:
    """Bought items that some source delivers express, with the extra cost of a unit."""
    lead, extra = express_lead(month.n)[:, 0], express_premium(month.n)[:, 0]
    return {month.n.names[month.n.bought[k]]: float(extra[k]) for k in np.flatnonzero(np.isfinite(lead))}


@dataclass(frozen=True)
class PlannedPeople:
    """People as decided before and as planned now, (months ahead, resources with people)."""

    resources: Index
    settled: Array
    planned: Array

    @property
    def change(self) -> Array:
        """People who come less those who go, month by month."""
        return np.diff(self.planned, axis=0, prepend=self.settled[:1])


def people(month: Month) -> PlannedPeople | None:
    """The people of the approved plan; None where the company describes none."""
    planned, settled, staffing = month.noted("people planned"), month.noted("people settled"), month.n.staffing
    if planned is None or settled is None or staffing is None or not staffing.manned.any():
        return None
    manned = np.flatnonzero(staffing.manned[:, 0])
    return PlannedPeople(manned, settled[:, manned], planned[:, manned])


# --- suppliers ---


@dataclass(frozen=True)
class SupplierRecord:
    """Units of each source over the last twelve months, (sources,) each."""

    ordered: Array
    delivered: Array
    punctual: Array
    rejected: Array

    @property
    def on_time(self) -> Array:
        """Share of deliveries on time."""
        return ratio(self.punctual, self.delivered)

    @property
    def bad(self) -> Array:
        """Share of deliveries rejected at inspection."""
        return ratio(self.rejected, self.delivered)


def supplier_record(month: Month) -> SupplierRecord | None:
    """Each source's record on the day of the supply plan; None before anything came."""
    end = month.supply_day
    memos = ("ordered_from", "came_from", "on_time", "rejected_from")
    found = SupplierRecord(*(month.counted(memo, max(end - 365, 0), end) for memo in memos))
    return found if found.delivered.any() else None


class Outage(NamedTuple):
    """Something that planners know to be out, or to be so soon."""

    kind: str  # supplier, route or resource
    name: str
    begun: bool
    until: dt.date
    hits: list[str]  # items that come from there, or families that are made there


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
