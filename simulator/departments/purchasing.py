"""Purchasing: several suppliers of one component, express orders, disruptions."""

from __future__ import annotations

from simulator.company import Company
from simulator.departments.department import Department


class Purchasing(Department):
    """Purchasing: several suppliers of one component, express orders, disruptions."""

    name = "purchasing"

    @classmethod
    def wanted(cls, company: Company) -> bool:
        """Not yet."""
        return False
