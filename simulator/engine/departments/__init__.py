"""Departments that only some companies describe, each with a state of its own. Begin with department.py."""

from simulator.engine.departments.customers import Customers
from simulator.engine.departments.department import Department
from simulator.engine.departments.people import People
from simulator.engine.departments.pipeline import Pipeline
from simulator.engine.departments.purchasing import Purchasing
from simulator.engine.departments.quality import Quality
from simulator.engine.departments.sales import Sales
from simulator.engine.departments.stockroom import Stockroom
from simulator.engine.departments.subcontractors import Subcontractors

DEPARTMENTS: tuple[type[Department], ...] = (
    People, Subcontractors, Purchasing, Quality, Stockroom, Customers, Sales, Pipeline,
)  # fmt: skip

__all__ = [
    "DEPARTMENTS", "Customers", "Department", "People", "Pipeline", "Purchasing", "Quality", "Sales", "Stockroom",
    "Subcontractors",
]  # fmt: skip
