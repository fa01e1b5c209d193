"""What the company is: frozen records, valid by construction. Nothing moves here."""

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
from simulator.company.items import Buy, Component, Item, Make, Product, Resource, Supplier

__all__ = [
    "Buy",
    "Calendar",
    "Company",
    "Component",
    "Days",
    "Demand",
    "Everyday",
    "FrameContracts",
    "Item",
    "Make",
    "Orders",
    "Pattern",
    "Product",
    "Projects",
    "Resource",
    "Segment",
    "SmallContracts",
    "Supplier",
]
