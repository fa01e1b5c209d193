"""The company as a scenario file states it: frozen records, valid by construction. Begin with company.py."""

from simulator.company.calendar import Calendar, Days
from simulator.company.company import Company
from simulator.company.demand import (
    Demand,
    Everyday,
    FrameContracts,
    Orders,
    Pattern,
    Projects,
    Segment,
    SmallContracts,
)
from simulator.company.items import Component, Item, Make, Product, Resource, Subcontract, Supplier
from simulator.company.staff import Failures, People, Shifts
from simulator.company.supply import Buy, Disruption, Source

__all__ = [
    "Buy",
    "Calendar",
    "Company",
    "Component",
    "Days",
    "Demand",
    "Disruption",
    "Everyday",
    "Failures",
    "FrameContracts",
    "Item",
    "Make",
    "Orders",
    "Pattern",
    "People",
    "Product",
    "Projects",
    "Resource",
    "Segment",
    "Shifts",
    "SmallContracts",
    "Source",
    "Subcontract",
    "Supplier",
]
