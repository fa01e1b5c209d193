"""Ways of buying as arrays: a row for each source, item after item; with one source each, the rows are the bought items."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simulator.company import Company, Source
from simulator.company.whole import in_begun, in_whole
from simulator.kernel.units import Array, Mask, Whole


class Sources:
    """All sources of all bought items, columns of one, so that a lane axis broadcasts beside them."""

    def __init__(self, company: Company) -> None:
        bought = [(name, item) for name, item in company.items.items() if item.buy]
        rows = [(k, name, s) for k, (name, item) in enumerate(bought) for s in (item.buy.sources if item.buy else ())]
        self.records: list[Source] = [source for _, _, source in rows]
        self.item: Whole = np.array([k for k, _, _ in rows], dtype=np.int64)  # which of the bought items
        self.first: Whole = np.flatnonzero(np.diff(self.item, prepend=-1))
        self.names = [f"{name} from {s.supplier}" for _, name, s in rows]
        self.streams = [
            name if k in self.first else f"{name}/{s.supplier}" for k, (_, name, s) in enumerate(rows)
        ]  # a source more moves nobody else's luck
        suppliers = list(company.suppliers)
        self.supplier: Whole = np.array([suppliers.index(s.supplier) for s in self.records], dtype=np.int64)
        self.is_plain = all(item.buy.is_plain for _, item in bought if item.buy)
        cost = {k: item.unit_cost for k, (_, item) in enumerate(bought)}
        self.price: Array = np.array(
            [[cost[k] if s.price is None else s.price] for k, _, s in rows], dtype=np.float64
        ).reshape(-1, 1)
        self._measure()
        self._reach(company)

    def _measure(self) -> None:
        self.lead_time = self._column(planned_days)
        self.lead_time_sd = self._column(lambda s: in_whole(s.lead_time).sd)
        self.promise: Whole = np.ceil(self._column(_promised_days) - 1e-9).astype(np.int64)
        self.inspection: Whole = self._column(lambda s: s.inspection_days).astype(np.int64)
        self.overtaking: Mask = self._column(lambda s: s.overtaking) > 0
        self.share = self._column(lambda s: s.share)
        self.minimum = self._column(lambda s: s.minimum_order)
        self.multiple = self._column(lambda s: s.multiple)
        self.capacity = self._column(_whole_lots)
        self.reject = self._column(lambda s: s.reject)
        self.express_days: Whole = self._column(lambda s: s.express.days if s.express else 0).astype(np.int64)
        self.premium = self._column(lambda s: s.express.premium if s.express else 0.0)
        many = np.bincount(self.item)
        self.alone: Whole = np.flatnonzero(many[self.item] == 1)  # sources whose item has no other
        self.shared: Whole = np.flatnonzero(many > 1)  # bought items with several sources
        self.slots: Whole = np.full((len(self.shared), many.max(initial=0)), len(self.item))  # of these; else nobody
        for k, item in enumerate(self.shared):
            self.slots[k, : many[item]] = np.flatnonzero(self.item == item)

    def _reach(self, company: Company) -> None:
        """Find the disruptions that can hit a source: rows of what can be out; the last one is never out."""
        self.disrupted = list(dict.fromkeys(disruption.thing for disruption in company.disruptions))
        row = {thing: k for k, thing in enumerate(self.disrupted)}
        never = len(self.disrupted)
        records = [company.suppliers[s.supplier] for s in self.records]
        self.outage_of_supplier: Whole = np.array(
            [row.get(("supplier", s.supplier), never) for s in self.records], dtype=np.int64
        )
        self.outage_of_route: Whole = np.array(
            [row.get(("route", str(record.route)), never) for record in records], dtype=np.int64
        )
        usual = {d.thing: mean + 2 * sd for d in company.disruptions for mean, sd in [in_begun(d.length)]}
        self.most_delay: Array = np.array(
            [
                usual.get(("supplier", s.supplier), 0.0) + usual.get(("route", str(record.route)), 0.0)
                for s, record in zip(self.records, records, strict=True)
            ]
        )  # days that are usual at most
        self.outage_of_resource: Whole = np.array(
            [row.get(("resource", name), never) for name in company.resources], dtype=np.int64
        )

    def _column(self, figure: Callable[[Source], float]) -> Array:
        return np.array([[figure(s)] for s in self.records], dtype=np.float64).reshape(-1, 1)

    def by_item(self, amount: Array) -> Array:
        """Sum (sources, lanes) into the bought items."""
        return np.asarray(np.add.reduceat(amount, self.first, axis=0)) if len(self.first) else amount


def _promised_days(source: Source) -> float:
    """Days from order to stock that the supplier has promised, inspection included."""
    return planned_days(source) if source.promise is None else source.promise + source.inspection_days


def _whole_lots(source: Source) -> float:
    """Most that a source takes on in a month: it makes whole lots."""
    if source.capacity is None:
        return np.inf
    return source.capacity // source.multiple * source.multiple if source.multiple else source.capacity


def planned_days(source: Source) -> float:
    """Days that planners count on: the mean, a day at least, and the inspection."""
    return in_whole(source.lead_time).mean + source.inspection_days


def usual_days(sources: tuple[Source, ...]) -> tuple[float, float]:
    """Mean and standard deviation of the lead time of an item, its purchases shared out as they are meant to be."""
    days = [(s.share, planned_days(s), in_whole(s.lead_time).sd) for s in sources if s.share > 0]
    if len(days) == 1:
        return days[0][1:]
    mean = sum(share * day for share, day, _ in days)
    return mean, sum(share * (sd**2 + (day - mean) ** 2) for share, day, sd in days) ** 0.5
