"""Quality: yields that vary, rework, incoming inspection, returns of customers, shelf life."""

from __future__ import annotations

from simulator.company import Company
from simulator.departments.department import Department


class Quality(Department):
    """Quality: yields that vary, rework, incoming inspection, returns of customers, shelf life."""

    name = "quality"

    @classmethod
    def wanted(cls, company: Company) -> bool:
        """Not yet."""
        return False
