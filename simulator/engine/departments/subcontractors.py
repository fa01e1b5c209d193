"""Subcontractors make products for which the company has no hours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from simulator.company import Company
from simulator.engine.departments.department import Department
from simulator.kernel.clock import Hour
from simulator.kernel.lanes import TINY, total
from simulator.kernel.plans import HORIZON
from simulator.kernel.units import DAYS_A_MONTH, Array, Whole
from simulator.world.staffing import Outside, has_subcontractors

if TYPE_CHECKING:
    from simulator.engine.firm import Firm

COVER = 28
"""Days of the demand plan up to which a product is brought by what is ordered outside, beyond the lead time."""


class Subcontractors(Department):
    """Subcontractors: what is ordered of them, within what they offer."""

    name = "subcontractors"
    flows = ("subcontracted",)

    def __init__(self, firm: Firm) -> None:
        super().__init__(firm)
        assert firm.network.outside is not None
        self.offer: Outside = firm.network.outside
        n = firm.network
        later = np.maximum(self.offer.lead_time - n.lead_time[n.sold, 0], 0.0) * (self.offer.most[:, 0] > 0)
        by_family = [later[n.family_of == family].max() for family in range(len(n.families))]
        self.months_before: Whole = np.minimum(np.rint(np.array(by_family) / DAYS_A_MONTH), HORIZON - 1).astype(
            np.int64
        )

    @classmethod
    def wanted(cls, company: Company) -> bool:
        """Tell if subcontractors make any product."""
        return has_subcontractors(company)

    @property
    def ordered(self) -> Array:
        """Return units ordered since the month began, (products, lanes)."""
        first = int(self.firm.days.month_start[self.firm.view.month])
        return total(self.firm.ledger.book["subcontracted"][first : self.firm.today + 1, self.firm.network.sold])

    @property
    def ahead(self) -> Array:
        """Most that can be had of each family, by the month in whose place it would be made here: (months ahead, families, lanes)."""
        n, most = self.firm.network, np.repeat(self.offer.most, self.firm.lanes, axis=1)
        months = np.arange(HORIZON)[:, None, None] - self.months_before[:, None]
        left = n.by_family(np.maximum(most - self.ordered, 0.0))
        return np.where(months > 0, n.by_family(most), np.where(months == 0, left, 0.0))

    def with_ordered(self, planned: Array) -> Array:
        """A plan with what was ordered of it this month before today."""
        planned, families = planned.copy(), np.arange(len(self.months_before))
        planned[self.months_before, families] += self.firm.network.by_family(self.ordered)
        return planned

    def day(self) -> Iterator[tuple[Hour, Callable[[], None]]]:
        """Order in the afternoon of the days of weekly planning."""
        yield Hour.SUBCONTRACT, self.order_weekly

    def order_weekly(self) -> None:
        """Order on the first working day of a week or month."""
        if self.firm.planning_day[self.firm.today]:
            self.order()

    def order(self) -> None:
        """Order this week's part of what the plan in force wants made outside, by product as each needs it, in whole units."""
        firm, offer = self.firm, self.offer
        n, month = firm.network, firm.view.month
        planned = firm.plans.force_outside[month + self.months_before, np.arange(len(n.families))]
        left = np.maximum(planned - n.by_family(self.ordered), 0.0) * firm.view.share_of_month
        if not left.any():
            return
        wanted, room = left[n.family_of] * self._shares(), np.maximum(offer.most - self.ordered, 0.0)
        if firm.company.whole_units:
            wanted, room = np.floor(wanted + 0.5), np.floor(room)
        self._place(np.minimum(wanted, room))

    def _shares(self) -> Array:
        """Each product's share of its family's order: by need, and by what is offered where none is needed."""
        view, n, offered = self.firm.view, self.firm.network, self.offer.most
        needed = view.until(view.demand_plan, self.offer.lead_time + COVER) + view.safety_stock[n.sold]
        needed = np.maximum(needed - view.stock_position[n.sold], 0.0) * (offered > 0)
        weight = np.where(n.by_family(needed)[n.family_of] > TINY, needed, offered)
        return np.asarray(weight / np.maximum(n.by_family(weight)[n.family_of], TINY))

    def _place(self, units: Array) -> None:
        """Products are on order, and come after their lead time."""
        firm, sold = self.firm, self.firm.network.sold
        firm.ledger.move("subcontracted", units, sold)
        for lead in np.unique(self.offer.lead_time[self.offer.most[:, 0] > 0]):
            rows = np.flatnonzero((self.offer.lead_time == lead) & (self.offer.most[:, 0] > 0))
            firm.arrivals[(firm.today + lead) % len(firm.arrivals), rows] += units[rows]
