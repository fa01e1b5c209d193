"""People and machines: who is there, what is up, how many hours that gives."""

from __future__ import annotations

from simulator.company import Company
from simulator.departments.department import Department


class People(Department):
    """People and machines: who is there, what is up, how many hours that gives."""

    name = "people"

    @classmethod
    def wanted(cls, company: Company) -> bool:
        """Not yet."""
        return False
