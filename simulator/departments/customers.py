"""Customers who react: loyalty follows from service, and demand from loyalty."""

from __future__ import annotations

from simulator.company import Company
from simulator.departments.department import Department


class Customers(Department):
    """Customers who react: loyalty follows from service, and demand from loyalty."""

    name = "customers"

    @classmethod
    def wanted(cls, company: Company) -> bool:
        """Not yet."""
        return False
