"""People, shifts, machines and subcontractors as arrays: what the company says of them, for all that plans or works with them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simulator.company import Company, People, Resource, Shifts
from simulator.kernel.units import Array, Mask, Whole

ALMOST = 1e-6
"""A need this close above a whole number of people is that number."""

UNMANNED = People(heads=0, hours=1.0, wage=0.0, hire_days=0, notice_days=0, least=0, most=0)
ONE_SHIFT = Shifts(most=1, notice_days=0)


class Staffing:
    """Hold the sources of each resource's hours, people and machines: columns over the resources, (resources, 1)."""

    def __init__(self, company: Company) -> None:
        self._resources = list(company.resources.values())
        self.manned: Mask = self._column(lambda r: r.people is not None) > 0
        self.heads, self.per_head = self._of_people("heads"), self._of_people("hours")
        self.wage, self.hire_cost, self.dismiss_cost = map(self._of_people, ("wage", "hire_cost", "dismiss_cost"))
        self.hire_days, self.notice_days = self._of_people("hire_days"), self._of_people("notice_days")
        self.ramp_days = self._of_people("ramp_days")
        self.slowness = 1.0 - self._of_people("starting_productivity")
        self.least, self.attrition = self._of_people("least"), self._of_people("attrition")
        self.shifts, self.most_shifts = self._of_shifts("now"), self._of_shifts("most")
        self.shift_notice = self._of_shifts("notice_days")
        self.shift_hours = self._column(lambda r: r.hours / (r.shifts or ONE_SHIFT).now)
        self.availability = self._column(lambda r: r.availability)
        self.up = self._column(up_share)
        self.overtime = self._column(lambda r: r.overtime)
        self.most = self._most_heads()
        self.setups: Array = np.array(
            [[[r.setups.get(family, 0.0)] for r in self._resources] for family in company.families]
        )

    def _column(self, figure: Callable[[Resource], float]) -> Array:
        return np.array([[figure(resource)] for resource in self._resources], dtype=np.float64)

    def _of_people(self, name: str) -> Array:
        return self._column(lambda r: getattr(r.people or UNMANNED, name))

    def _of_shifts(self, name: str) -> Array:
        return self._column(lambda r: getattr(r.shifts or ONE_SHIFT, name))

    def _most_heads(self) -> Array:
        """As many as there is work for: as given, and no more than all shifts of the machines take."""
        for_all = np.ceil(self.most_shifts * self.shift_hours / self.per_head - ALMOST)
        given = self._column(lambda r: np.inf if r.people is None or r.people.most is None else r.people.most)
        return np.where(self.manned, np.maximum(np.minimum(for_all, given), self.heads), 0.0)

    @property
    def a_head(self) -> Array:
        """Hours a working day that one of the people is worth, as planners count: what is lost of them left out."""
        return np.where(self.manned, self.per_head, self.shift_hours) * self.availability * self.up

    def there(self, heads: Array, shifts: Array) -> Array:
        """Hours a working day before failures: of the machines in their shifts, and of the people if they are fewer."""
        machines = shifts * self.shift_hours
        return np.where(self.manned, np.minimum(machines, heads * self.per_head), machines) * self.availability

    def hours(self, heads: Array, shifts: Array) -> Array:
        """Return regular hours less the failures to be expected."""
        return self.there(heads, shifts) * self.up

    def needed(self, hours: Array) -> tuple[Array, Array]:
        """Return the whole people and shifts that give these hours a working day, within their limits."""
        heads = np.clip(np.ceil(hours / self.a_head - ALMOST), self.least, self.most)
        planned = np.where(self.manned, heads * self.per_head, hours / (self.availability * self.up))
        shifts = np.clip(np.ceil(planned / self.shift_hours - ALMOST), 1.0, self.most_shifts)
        return np.where(self.manned, heads, 0.0), shifts


def up_share(resource: Resource) -> float:
    """Share of its hours that a machine runs: MTTF / (MTTF + MTTR) (Hopp & Spearman 2011, chapter 8)."""
    if resource.failures is None:
        return 1.0
    return resource.failures.time_to_failure / (resource.failures.time_to_failure + resource.failures.repair.mean)


def has_staff(company: Company) -> bool:
    """Tell if the company describes people, shifts, failures or set-ups."""
    return any(r.people or r.shifts or r.failures or r.setups for r in company.resources.values())


class Outside:
    """Hold the offers of subcontractors: columns over the products, (products, 1)."""

    def __init__(self, company: Company) -> None:
        offers = [product.make and product.make.subcontract for product in company.products.values()]
        self.most: Array = np.array([[offer.most if offer else 0.0] for offer in offers])
        self.premium: Array = np.array([[offer.premium if offer else 0.0] for offer in offers])
        self.lead_time: Whole = np.array([offer.lead_time if offer else 0 for offer in offers])


def has_subcontractors(company: Company) -> bool:
    """Tell if subcontractors make any product."""
    return any(product.make and product.make.subcontract for product in company.products.values())
