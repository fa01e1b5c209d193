"""The company as arrays: items in rows, columns of one, so that a lane axis broadcasts beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

import numpy as np

from simulator.company.company import Company
from simulator.company.items import Item
from simulator.company.whole import in_whole, varies
from simulator.kernel.lanes import Links, stretch
from simulator.kernel.units import Array, Mask, Whole
from simulator.world.sources import Sources, usual_days
from simulator.world.staffing import Outside, Staffing, has_staff, has_subcontractors


def lock(thing: object) -> None:
    """Protect the arrays of a thing that rules are shown."""
    for value in vars(thing).values() if thing is not None else ():
        for array in value if isinstance(value, list) else [value]:
            if isinstance(array, np.ndarray):
                array.flags.writeable = False


class Network:
    """Items in one order, products first, with what links them: bills, resources, lead times, lot sizes."""

    def __init__(self, company: Company) -> None:
        self.names = list(company.items)
        self.items = list(company.items.values())
        self.products = list(company.products)
        self.segments = sorted(company.segments, key=lambda name: company.segments[name].rank)
        self.resources = list(company.resources)
        self.suppliers = list(company.suppliers)
        self.sources = Sources(company)
        self.families = company.families
        self.whole_units = company.whole_units
        self.sold = slice(0, len(self.products))
        self.family_of: Whole = np.array([self.families.index(p.family) for p in company.products.values()])
        self.in_family = Links(
            [(p, int(f), 1.0) for p, f in enumerate(self.family_of)], len(self.products), len(self.families)
        )
        at = {name: k for k, name in enumerate(self.names)}
        self._levels_of: dict[bytes, list[slice | Whole]] = {}
        self.levels: list[Whole] = [np.array([at[n] for n in level]) for level in company.levels]
        self.made: Whole = np.array([k for k, item in enumerate(self.items) if item.make], dtype=np.int64)
        self.bought: Whole = np.array([k for k, item in enumerate(self.items) if item.buy], dtype=np.int64)
        self.made_rows, self.bought_rows = stretch(self.made), stretch(self.bought)
        self._link(at, company)
        self._measure(company)
        self.staffing = Staffing(company) if has_staff(company) else None
        self.outside = Outside(company) if has_subcontractors(company) else None
        linked = (self.in_family, self.bill, self.load, self.total_use, self.total_load)
        for thing in (self, self.sources, *linked, self.staffing, self.outside):
            lock(thing)

    def _link(self, at: dict[str, int], company: Company) -> None:
        bills = [
            (at[n], at[part], use)
            for n, item in company.items.items()
            if item.make
            for part, use in item.make.bill.items()
        ]
        hours = [
            (at[n], self.resources.index(r), h)
            for n, item in company.items.items()
            if item.make
            for r, h in item.make.hours.items()
        ]
        self.bill = Links(bills, len(at), len(at))
        self.load = Links(hours, len(at), len(self.resources))
        every = [*bills, *((item, len(at) + resource, each) for item, resource, each in hours)]
        self.inputs = Links(every, len(at), len(at) + len(self.resources))  # parts and hours together
        self.is_part: Mask = self._goes_into(slice(None))
        self.is_part_of_part: Mask = self._goes_into(slice(len(self.products), None))
        use = self._total_use(bills)
        self.total_use = Links([(p, i, u) for (p, i), u in use.items()], len(self.products), len(at))
        self.total_use_squared = Links([(p, i, u * u) for (p, i), u in use.items()], len(self.products), len(at))

        loads = {(p, r): 0.0 for (p, _) in use for r in range(len(self.resources))}
        by_item: dict[int, list[tuple[int, float]]] = {}
        for row, r, each in [*hours, *self._rework_hours(at)]:
            by_item.setdefault(row, []).append((r, each))
        for (p, item), units in use.items():
            for r, each in by_item.get(item, []):
                loads[p, r] += units * each / self.items[item].make.expected_good  # type: ignore[union-attr]
        self.total_load = Links(
            [(p, r, h) for (p, r), h in loads.items() if h > 0], len(self.products), len(self.resources)
        )

    def _goes_into(self, users: slice) -> Mask:
        """Find the items that go into any of these."""
        uses = np.zeros((len(self.names), 1))
        uses[users] = 1.0
        return np.asarray(self.bill.flow(uses)[:, 0] > 0)

    def _rework_hours(self, at: dict[str, int]) -> Iterator[tuple[int, int, float]]:
        """Hours of repair to be expected for a unit started, by item and resource."""
        for name, item in zip(self.names, self.items, strict=True):
            if item.make and item.make.rework:
                repaired = (1 - item.make.good) * item.make.rework.share
                for resource, each in item.make.rework.hours.items():
                    yield at[name], self.resources.index(resource), repaired * each

    def _total_use(self, bills: list[tuple[int, int, float]]) -> dict[tuple[int, int], float]:
        """Units of every item in one good unit of every product, through all levels, the product itself included."""
        use = {(p, p): 1.0 for p in range(len(self.products))}
        for level in self.levels:  # parents before their parts
            for parent, part, each in (b for b in bills if b[0] in level):
                make = self.items[parent].make
                for p in range(len(self.products)):
                    if (p, parent) in use and make:
                        use[p, part] = use.get((p, part), 0.0) + use[p, parent] * each / make.expected_good
        return use

    def _measure(self, company: Company) -> None:
        self.lead_time = self._column(_usual_lead_time)
        laws = [item.buy.lead_time for item in self.items if item.buy]
        self.varying: Whole = np.flatnonzero([varies(law) for law in laws])  # which of the bought items
        self.makes = self._column(lambda i: 1.0 if i.make else 0.0)
        self.lead_time_sd = self._column(lambda i: usual_days(i.buy.sources)[1] if i.buy else 0.0)
        self.longest_lot = max((i.make.longest for i in self.items if i.make), default=0)
        self.uncertain: Whole = np.array(
            [k for k, i in enumerate(self.items) if i.make and (i.make.good_spread or i.make.rework or i.make.trouble)],
            dtype=np.int64,
        )  # made items whose yield differs from lot to lot, or is known in the end only
        self.good = self._column(lambda i: i.make.expected_good if i.make else 1.0)
        self.shelf_life = self._column(lambda i: i.shelf_life or np.inf)
        self.perishable: Whole = np.flatnonzero(np.isfinite(self.shelf_life[:, 0]))
        self.minimum = self._column(lambda i: i.buy.minimum_order if i.buy else 0.0)
        self.multiple = self._column(lambda i: i.buy.multiple if i.buy else (i.make.batch if i.make else 0.0))
        self.unit_cost = self._column(lambda i: i.unit_cost)
        self.opening_stock = self._column(lambda i: np.nan if i.opening_stock is None else i.opening_stock)
        self.price: Array = np.array([[p.price] for p in company.products.values()])
        self.hours: Array = np.array([[r.hours * r.availability] for r in company.resources.values()]).reshape(-1, 1)
        limits = np.array([[r.overtime, r.overtime_premium] for r in company.resources.values()]).reshape(-1, 2)
        self.overtime_limit: Array = self.hours * limits[:, :1]
        self.overtime_premium: Array = limits[:, 1:]

    def _column(self, figure: Callable[[Item], float]) -> Array:
        return np.array([[figure(item)] for item in self.items])

    @cached_property
    def outside_premium(self) -> Array:
        """Money that a unit of each family costs more where subcontractors make it, by what each offers, (families, 1)."""
        if self.outside is None:
            return np.zeros((len(self.families), 1))
        extra = self.outside.most * self.outside.premium * self.unit_cost[self.sold]
        premium: Array = self.by_family(extra) / np.maximum(self.by_family(self.outside.most), 1e-9)
        premium.flags.writeable = False
        return premium

    @cached_property
    def delivery_edges(self) -> list[Array]:
        """For each source the probabilities at which its lead time is a whole day longer; none where it never varies.

        An uniform number below the first edge means one day, between the first and the second two, and so on.
        """
        edges = []
        for source in self.sources.records:
            days = in_whole(source.lead_time).table
            longer = np.searchsorted(days, np.arange(1, days[-1]), side="right") / len(days)
            edges.append(longer if varies(source.lead_time) else np.zeros(0))
        return edges

    @cached_property
    def longest_delivery(self) -> int:
        """Days that an order whose lead time varies takes at most, 0 where none does."""
        return max((len(edges) + 1 for edges in self.delivery_edges if len(edges)), default=0)

    @cached_property
    def longest_way(self) -> float:
        """Days from ordering what is bought to selling what it goes into, with the delays that are usual where suppliers can be out."""
        way, bill = self.lead_time[:, 0].copy(), self.bill.matrix
        for level in self.levels[1:]:
            for part in level:
                users = bill.indices[bill.indptr[part] : bill.indptr[part + 1]]
                way[part] += way[users].max(initial=0.0)
        late = np.zeros(len(self.bought))
        np.maximum.at(late, self.sources.item, self.sources.most_delay)
        return float((way[self.bought] + late).max(initial=0.0))

    @cached_property
    def made_by_lead_time(self) -> list[tuple[int, slice | Whole]]:
        """Made items, together where they take the same days."""
        days = self.lead_time[self.made, 0].astype(int)
        return [(int(d), stretch(self.made[days == d])) for d in np.unique(days)]

    @cached_property
    def bought_by_lead_time(self) -> list[tuple[int, slice | Whole, slice | Whole]]:
        """Group the bought items of constant lead time by that lead time: which of the bought items, and of all."""
        fixed = np.setdiff1d(np.arange(len(self.bought)), self.varying)
        days = self.lead_time[self.bought[fixed], 0].astype(int)
        return [
            (int(d), stretch(mine), stretch(self.bought[mine]))
            for d, mine in ((d, fixed[days == d]) for d in np.unique(days))
        ]

    @cached_property
    def bought_in_multiples(self) -> Mask:
        """Mark the bought items that come in multiples, (bought items, 1); rules may read it."""
        found = self.multiple[self.bought] > 0
        found.setflags(write=False)
        return found

    def levels_of(self, rows: Whole) -> list[slice | Whole]:
        """These items from the top of the bills down, a level at a time."""
        key = rows.tobytes()
        if key not in self._levels_of:  # rows are what is sold, all the rest, or those of a class
            mine = [np.intersect1d(level, rows) for level in self.levels]
            self._levels_of[key] = [stretch(items) for items in mine if items.size]
        return self._levels_of[key]

    def by_family(self, amount: Array) -> Array:
        """Sum products, on the axis before the lanes, into families."""
        if amount.ndim == 2:
            return self.in_family.flow(amount)
        products = amount.swapaxes(0, -2)
        families = self.in_family.flow(products.reshape(len(products), -1))
        return np.ascontiguousarray(families.reshape(len(families), *products.shape[1:]).swapaxes(0, -2))


def _usual_lead_time(item: Item) -> float:
    """Days that planners count on: those of the floor, or of the suppliers."""
    if item.make:
        return float(item.make.lead_time)
    assert item.buy is not None
    return usual_days(item.buy.sources)[0]
