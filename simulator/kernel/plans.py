"""Keep the written plans: a version of every plan for every cycle, and the plan that is in force."""

from __future__ import annotations

import numpy as np

from simulator.kernel.messages import Text
from simulator.kernel.units import Array, Mask, Whole

HORIZON = 12
"""Months that every plan looks ahead."""

PEOPLE_WANTED = "hours wanted of people"
"""The note in which a supply plan that chooses people says how many hours a working day they are to give."""


OUTSIDE = "made outside"
"""The note in which a supply plan says what it wants made by subcontractors."""

MUST_MEET = "must-meet quantity"
"""The table of units that each segment must get of what is short until the month is over, (segments, products, lanes)."""

EXPRESS = "parts to come express"
"""The table of bought items of which suppliers are asked to deliver so much express, (bought items, lanes)."""

ORDERED_AHEAD = "parts ordered ahead"
"""The table of bought items of which so much is ordered beyond what the rules order, (bought items, lanes)."""

PURCHASE_BUDGET = "purchasing budget"
"""The table of the money for which goods may be ordered in a month, without end where nothing is held back, (lanes,)."""

ORDERS_WAIT = "orders held back"
"""The table of the share of what is still to be ordered by each month's end that waits for money, (months ahead, bought items, lanes)."""

RECEIPTS_LEFT = "receipts where orders are held back"
"""The table of the share of what would come by each month's end that comes where orders wait, (months ahead, products, lanes)."""

DECLINED_FROM = "deals declined"
"""The table of the units from which on a family's deals in sight are declined, without end for none, (families, lanes)."""

BREACH = "credit line broken by"
"""The table of the money by which each option's cash plan breaks the credit line, (options, lanes)."""

SITES_OPEN = "share of sites open"
"""The table of the share of each resource's hours that planners count on where sites are out."""

STOCK_AHEAD = "projected stock"
"""The table of stock less backlog of every product, as the approved plan is expected to leave it at each month's end."""

RECEIPTS_AHEAD = "projected receipts"
"""The table of units of every product that come into stock from the supply plan through each month's end."""

PARTS_DUE = "parts due"
"""The table of bought items on order that planners expect by each month's end."""

DEMAND_AHEAD = "projected demand"
"""The table of demand from the supply plan through each month's end, as the projection counts on it."""


class Plans:
    """The cube of plan versions, (month made, months ahead, rows, lanes), and the plan in force, by month of the run.

    A version becomes the plan in force on the day its decision takes effect, which may differ by lane.
    """

    def __init__(self, months: int, products: int, families: int, items: int, resources: int, lanes: int) -> None:
        self.forecast: Array = np.zeros((months, HORIZON, products, lanes))
        self.demand: Array = np.zeros((months, HORIZON, products, lanes))
        self.production: Array = np.zeros((months, HORIZON, families, lanes))
        self.overtime: Array = np.zeros((months, HORIZON, resources, lanes))  # hours a working day
        self.outside: Array = np.zeros((months, HORIZON, families, lanes))  # made by subcontractors
        self.safety_stock: Array = np.zeros((months, items, lanes))
        ahead = months + HORIZON + 1
        self.force_demand: Array = np.zeros((ahead, products, lanes))
        self.force_production: Array = np.zeros((ahead, families, lanes))
        self.force_overtime: Array = np.zeros((ahead, resources, lanes))
        self.force_outside: Array = np.zeros((ahead, families, lanes))
        self.force_safety_stock: Array = np.zeros((items, lanes))
        self.budget: Array = np.zeros((ahead, products, lanes))  # the business plan, set once a year
        self.made_in: list[int] = []
        self.forecast_in: list[int] = []  # months in which there was a past to forecast from
        self.effective: dict[int, Whole] = {}  # by month made: day on which it takes effect, by lane
        self.recommended: dict[int, Whole] = {}  # by month made: which option the pre-meeting put first, by lane
        self.chosen: dict[int, Whole] = {}  # by month made: which option was approved, by lane
        self.options: dict[int, tuple[Text, ...]] = {}  # by month made: what the meeting chose between
        self.carried: dict[
            str, Array
        ] = {}  # versions as they were carried out, by cube, where that is less than was approved
        self.tables: dict[str, Array] = {}

    def table(self, name: str, shape: tuple[int, ...]) -> Array:
        """A further table of every cycle, (month made, ...), that only some policies write."""
        if name not in self.tables:
            self.tables[name] = np.full((len(self.forecast), *shape), np.nan)
        return self.tables[name]

    def put_in_force(self, month: int, where: Mask, share: float = 1.0) -> None:
        """Let the version made in a month replace what is in force, in some lanes; or a share of each change."""
        ahead = slice(month, month + HORIZON)
        for cube, force in (
            ("demand", self.force_demand[ahead]),
            ("production", self.force_production[ahead]),
            ("overtime", self.force_overtime[ahead]),
            ("outside", self.force_outside[ahead]),
            ("safety_stock", self.force_safety_stock),
        ):
            made = getattr(self, cube)[month]
            np.copyto(force, made if share == 1.0 else force + share * (made - force), where=where)
            if share != 1.0 and cube not in self.carried:
                self.carried[cube] = getattr(self, cube).copy()
            if cube in self.carried:
                np.copyto(self.carried[cube][month], force, where=where)

    def as_carried_out(self, cube: Array) -> Array:
        """Return the versions of a plan as they were carried out: those approved, but for what discipline leaves out."""
        return next((self.carried[name] for name in self.carried if getattr(self, name) is cube), cube)
