"""Purchasing: several suppliers of one component, incoming inspection, express orders, disruptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.company import Company
from simulator.engine.departments.department import Department
from simulator.kernel.clock import WEEK
from simulator.kernel.lanes import TINY, Links
from simulator.kernel.units import Array, Mask, Whole
from simulator.world.opening import Suppliers, enter

if TYPE_CHECKING:
    from simulator.engine.firm import Firm


class Purchasing(Department):
    """Purchasing: what each supplier has promised, still takes on and delivered so far; who is out, as far as one knows."""

    name = "purchasing"
    flows = ("rejected",)
    memos = {
        "ordered_from": "sources",
        "came_from": "sources",
        "on_time": "sources",
        "rejected_from": "sources",
        "delivered_value": "suppliers",
        "expedited": "bought",
        "expedite_value": "suppliers",
        "outage": "disrupted",
        "told_until": "disrupted",
    }

    @classmethod
    def wanted(cls, company: Company) -> bool:
        """Tell if a source has more to it than a lead time and a lot, or if something can be out."""
        return bool(company.disruptions) or any(i.buy and not i.buy.is_plain for i in company.items.values())

    def __init__(self, firm: Firm) -> None:
        super().__init__(firm)
        self.sources, self.weather = firm.network.sources, firm.weather
        rows, lanes = len(self.sources.records), firm.lanes
        longest = max(int(self.weather.delivery.max(initial=1)), firm.network.longest_delivery)
        longest += int(self.sources.inspection.max(initial=0))
        longest = max(longest, int((self.sources.express_days + self.sources.inspection).max(initial=0)))
        if self.weather.outages:
            longest += 2 * int(self.weather.outages.delay.max(initial=0))  # at the supplier, and on its way
        under_way = firm.opening.suppliers if firm.opening else None
        longest = max(longest, len(under_way.dock) - 1 if under_way else 0)
        ring = (longest + 1, rows, lanes)
        self.dock, self.punctual = np.zeros(ring), np.zeros(ring)  # what comes, and what of it on the promised day
        self.express = np.zeros(ring)  # what of it comes express
        self.sent = np.zeros((firm.network.longest_delivery + 1, rows, lanes))  # in the usual way, by the day
        self.bad = None if self.weather.rejects is None else np.zeros(ring)
        self.last_arrival: Whole = np.zeros((rows, lanes), dtype=np.int64)
        whole = firm.company.whole_units
        self.monthly: Array = np.floor(self.sources.capacity) if whole else self.sources.capacity
        self.left: Array = np.zeros((rows, lanes))  # of the month's capacity
        self.waiting: Array = np.zeros((rows, lanes))  # ordered, to be taken on next month
        self.part_rejected: Array = np.zeros((rows, lanes))  # of a unit
        self.ordered, self.came = np.zeros((rows, lanes)), np.zeros((rows, lanes))
        self.came_on_time, self.rejected = np.zeros((rows, lanes)), np.zeros((rows, lanes))
        links = [(k, int(supplier), 1.0) for k, supplier in enumerate(self.sources.supplier)]
        self._delay: tuple[int, Array] = (-1, np.zeros((rows, 1)))  # as of a day
        self.to_supplier = Links(links, rows, len(firm.network.suppliers))
        if under_way:
            self._expect(under_way)

    def _expect(self, under_way: Suppliers) -> None:
        """Take over what was ordered before the first day."""
        enter(self.dock, under_way.dock)
        enter(self.punctual, under_way.punctual)
        if self.bad is not None and under_way.bad is not None:
            enter(self.bad, under_way.bad)
        self.waiting += under_way.waiting
        self.part_rejected += under_way.part_rejected
        self.last_arrival += under_way.last_arrival

    # --- who is out ---

    def lost_share(self, things: Whole) -> Array:
        """Of what these sources or resources give, the share that is lost today: (rows, 1 or lanes)."""
        out = self.weather.outages
        return out.share[self.firm.today, things] if out else np.zeros((len(things), 1))

    @property
    def site_share(self) -> Array | None:
        """Share of each resource's hours that are there today, (resources, lanes); None where no site can be out."""
        things = self.sources.outage_of_resource
        if (things == len(self.sources.disrupted)).all():
            return None
        return np.asarray(1.0 - self.lost_share(things))

    def site_share_ahead(self, months: int) -> Array | None:
        """Return the open share of sites by month, as planners expect it from the news: (months ahead, resources, lanes)."""
        things, out, days = self.sources.outage_of_resource, self.weather.outages, self.firm.calendar
        if out is None or (things == len(self.sources.disrupted)).all():
            return None
        today, month = self.firm.today, self.firm.view.month
        worked, start = days.worked_so_far, days.month_start[month : month + months + 1].copy()
        start[0] = today
        begin, end = start[:-1, None, None], start[1:, None, None]
        first, until = (np.maximum(t[today, things], today) for t in (out.told_from, out.told_until))
        lost = worked[np.clip(until, begin, end)] - worked[np.clip(first, begin, end)]
        there = np.maximum(worked[end] - worked[begin], 1.0)
        return np.asarray(1.0 - out.told_share[today, things] * np.maximum(lost, 0.0) / there)

    def shut(self) -> Mask:
        """Mark the sources that are known to take nothing on tonight, (sources, 1 or lanes)."""
        return self.lost_share(self.sources.outage_of_supplier) >= 1

    # --- what a new order would meet ---

    def delay(self) -> Array:
        """Days by which planners expect an order of tonight to come later than usual, (sources, 1 or lanes).

        Of an outage that is announced: as if it were there, since what is ordered tonight must last until it is over.
        """
        if self._delay[0] != self.firm.today:
            self._delay = self.firm.today, self._known_delay()
        return self._delay[1]

    def _known_delay(self) -> Array:
        out, today, n = self.weather.outages, self.firm.today, self.sources
        if out is None or not out.told_until[today].any():
            return np.zeros((len(n.records), 1))
        first, until, share = out.told_from[today], out.told_until[today], out.told_share[today]
        span = share * np.maximum(until - np.maximum(first, today), 0)
        late = span[n.outage_of_supplier]
        arrival, lane = today + n.lead_time + late, n.outage_of_route
        held = np.where(first[lane] <= arrival + WEEK, np.maximum(until[lane] - arrival, 0.0), 0.0)
        return np.asarray(late + share[lane] * held)

    def held(self) -> Array:
        """Days for which nothing that is under way can come, as far as planners know, (bought items, 1 or lanes)."""
        out, today, n = self.weather.outages, self.firm.today, self.sources
        if out is None or not out.told_until[today].any():
            return np.zeros((len(n.first), 1))
        begun = out.told_from[today] <= today
        days = np.where(begun, out.told_share[today] * (out.told_until[today] - today), 0.0)
        return n.by_item(np.maximum(n.share * days[n.outage_of_route], 0.0))

    def expected_lead_time(self) -> Array:
        """Planned lead time of every item with the delays that are known, (items, 1 or lanes)."""
        n, usual = self.firm.network, self.firm.network.lead_time
        weight, delay = self.expected_shares(), self.delay()
        if weight is self.sources.share and not delay.any():
            return usual
        mean = self.sources.by_item(weight * (self.sources.lead_time + delay))
        result = np.repeat(usual, mean.shape[-1], axis=1)
        result[n.bought] = mean
        return result

    def expected_shares(self) -> Array:
        """Of the next order of each item, what is expected to go to each source, (sources, 1 or lanes)."""
        if not self.sources.shared.size:
            return self.sources.share
        share, shut = self.firm.policy.sourcing.shares(self.firm.view), self.shut()
        if not shut.any():
            return share
        open_now = np.where(shut, 0.0, share)
        there = self.sources.by_item(open_now)[self.sources.item]
        return np.where(there > TINY, open_now / np.maximum(there, TINY), share)
