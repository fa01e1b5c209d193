"""The stockroom: what the record says and what is on the shelf, and counts that put it right."""

from __future__ import annotations

from simulator.company import Company
from simulator.departments.department import Department


class Stockroom(Department):
    """The stockroom: what the record says and what is on the shelf, and counts that put it right."""

    name = "stockroom"

    @classmethod
    def wanted(cls, company: Company) -> bool:
        """Not yet."""
        return False
