"""Parts of the company that only some companies describe, each with a state of its own; processes move them."""

from simulator.departments.customers import Customers
from simulator.departments.department import Department
from simulator.departments.people import People
from simulator.departments.pipeline import Pipeline
from simulator.departments.purchasing import Purchasing
from simulator.departments.quality import Quality
from simulator.departments.sales import Sales
from simulator.departments.stockroom import Stockroom
from simulator.departments.subcontractors import Subcontractors

DEPARTMENTS: tuple[type[Department], ...] = (
    People, Subcontractors, Purchasing, Quality, Stockroom, Customers, Sales, Pipeline,
)  # fmt: skip

__all__ = [
    "DEPARTMENTS", "Customers", "Department", "People", "Pipeline", "Purchasing", "Quality", "Sales", "Stockroom",
    "Subcontractors",
]  # fmt: skip
