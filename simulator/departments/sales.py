"""The sales organisation: targets, attainment, alerts, and the push at the end of a month."""

from __future__ import annotations

from simulator.company import Company
from simulator.departments.department import Department


class Sales(Department):
    """The sales organisation: targets, attainment, alerts, and the push at the end of a month."""

    name = "sales"

    @classmethod
    def wanted(cls, company: Company) -> bool:
        """Not yet."""
        return False
