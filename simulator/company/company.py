"""The company as a whole: its parts fit together, or it does not exist."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated

from pydantic import model_validator

from simulator.company.calendar import DAY_NAMES, Calendar
from simulator.company.demand import Channel, Demand, Pattern, Segment, hold_to_mean_one
from simulator.company.entries import dotted, not_known
from simulator.company.events import Market
from simulator.company.finance import Finance
from simulator.company.items import Component, Item, Product, Resource, Supplier
from simulator.company.market_checks import check_market
from simulator.company.quality import Stockroom, Trouble
from simulator.company.sales import Marketing, SalesForce
from simulator.company.scorecard import Scorecard
from simulator.company.staff import check_staff
from simulator.company.supply import Disruption
from simulator.company.today import OpenFrame, OpenOrder, OpenPurchase, faults_of_today
from simulator.company.what_if import WhatIf
from simulator.kernel.messages import Message, msg, plural
from simulator.kernel.units import Record, quantity


class Company(Record):
    """A company: products, components, resources, suppliers, customers and what they want."""

    name: Annotated[str, quantity("text", "what the company is called", luck=False)]
    note: Annotated[str, quantity("text", "what it does", luck=False)] = ""
    currency: Annotated[str, quantity("text", "code of its money", min_length=3, max_length=3, luck=False)] = "EUR"
    whole_units: Annotated[bool, quantity("yes/no", "goods are counted in whole units")] = True
    calendar: Annotated[Calendar, quantity("table", "working calendar")] = Calendar()
    products: Annotated[dict[str, Product], quantity("table", "what customers buy", min_length=1)]
    components: Annotated[dict[str, Component], quantity("table", "bought parts and semi-finished items")] = {}
    resources: Annotated[dict[str, Resource], quantity("table", "what limits production")] = {}
    suppliers: Annotated[dict[str, Supplier], quantity("table", "who delivers", luck=False)] = {}
    disruptions: Annotated[
        tuple[Disruption, ...], quantity("list", "suppliers, lanes of transport and sites that are out for a while")
    ] = ()
    channels: Annotated[dict[str, Channel], quantity("table", "ways to customers")] = {}
    segments: Annotated[dict[str, Segment], quantity("table", "groups of customers")] = {"customers": Segment()}
    stockroom: Annotated[
        Stockroom | None, quantity("table", "how far records can be trusted; leave out for ever right")
    ] = None
    finance: Annotated[Finance, quantity("table", "what things cost beyond the goods themselves", luck=False)] = (
        Finance()
    )
    scorecard: Annotated[Scorecard, quantity("table", "how much each department's result counts", luck=False)] = (
        Scorecard()
    )
    demand: Annotated[Demand, quantity("table", "what customers want")] = Demand()
    market: Annotated[Market, quantity("table", "what happens to demand on a date")] = Market()
    open_purchases: Annotated[
        tuple[OpenPurchase, ...], quantity("list", "purchase orders that are on their way on the first day", luck=False)
    ] = ()
    open_orders: Annotated[
        tuple[OpenOrder, ...], quantity("list", "customer orders that are not delivered on the first day", luck=False)
    ] = ()
    open_frames: Annotated[
        tuple[OpenFrame, ...],
        quantity(
            "list",
            "frame contracts of which something is still to be called off on the first day; with some, those that streams "
            "of frames would have signed before it are left out",
            luck=False,
        ),
    ] = ()
    sales: Annotated[
        SalesForce | None, quantity("table", "the sales organisation; leave out if nobody is asked for a number")
    ] = None

    marketing: Annotated[
        Marketing | None, quantity("table", "what marketing expects; leave out if it has no forecast of its own")
    ] = None

    what_if: Annotated[WhatIf, quantity("table", "a few figures that change the whole company")] = WhatIf()

    @cached_property
    def items(self) -> dict[str, Item]:
        """Everything that is stocked, products first."""
        return {**self.products, **self.components}

    @cached_property
    def families(self) -> list[str]:
        """Families of products, in the order in which they first appear."""
        return list(dict.fromkeys(product.family for product in self.products.values()))

    @cached_property
    def levels(self) -> list[list[str]]:
        """Low-level codes: items of level 0 go into nothing, those of level n into something of level n - 1 at the latest."""
        level = dict.fromkeys(self.items, 0)
        for _ in range(len(self.items) + 1):
            moved = False
            for name, item in self.items.items():
                for part in item.make.bill if item.make else {}:
                    if level[part] <= level[name]:
                        level[part], moved = level[name] + 1, True
            if not moved:
                return [[n for n in self.items if level[n] == k] for k in range(max(level.values()) + 1)]
        raise ValueError(
            msg(
                "the bill of materials of {item} leads back to itself; take that part out",
                item=max(level, key=lambda n: level[n]),
            )
        )

    def way(self, segment: str) -> int:
        """Days from the dock to the door of a segment's customers."""
        channel = self.segments[segment].channel
        return self.channels[channel].transport_days if channel else 0

    def penalty(self, segment: str) -> float:
        """Share of the price that a day of delay costs by contract: the segment's own, or the company's."""
        own = self.segments[segment].late_penalty
        return self.finance.late_penalty if own is None else own

    @model_validator(mode="after")
    def _fits_together(self) -> Company:
        twice = [name for name in self.products if name in self.components]
        if twice:
            raise ValueError(
                msg("{entry} has the name of a product; rename one of them", entry=dotted("components", twice[0]))
            )
        for kind, table in (("products", self.products), ("components", self.components)):
            for name, item in table.items():
                self._check_item(dotted(kind, name), item)
        for name, segment in self.segments.items():
            if segment.channel is not None:
                self._known(dotted("segments", name, "channel"), segment.channel, list(self.channels), msg("a channel"))
        check_staff(self)
        self._check_streams()
        check_market(self)
        self._check_supply()
        for fault in faults_of_today(self):
            raise ValueError(fault)
        _ = self.levels
        return self

    def _check_item(self, where: str, item: Item) -> None:
        if item.make:
            for part in item.make.bill:
                self._known(f"{where}.make.bill", part, list(self.items), msg("an item"))
            for resource in item.make.hours:
                self._known(f"{where}.make.hours", resource, list(self.resources), msg("a resource"))
            for resource in item.make.rework.hours if item.make.rework else ():
                self._known(f"{where}.make.rework.hours", resource, list(self.resources), msg("a resource"))
            self._check_troubles(where, item.make.trouble)
        if item.buy:
            for k, source in enumerate(item.buy.sources):
                entry = f"{where}.buy.others[{k - 1}].supplier" if k else f"{where}.buy.supplier"
                self._known(entry, source.supplier, list(self.suppliers), msg("a supplier"))

    def _check_supply(self) -> None:
        """Every supplier delivers something, and what is disrupted is there."""
        deliverers = {source.supplier for item in self.items.values() if item.buy for source in item.buy.sources}
        for name in self.suppliers:
            if name not in deliverers:
                raise ValueError(
                    msg(
                        "{entry} delivers nothing; name it in a table buy, or take it out",
                        entry=dotted("suppliers", name),
                    )
                )
        routes = [supplier.route for supplier in self.suppliers.values() if supplier.route is not None]
        known = {
            "supplier": (list(self.suppliers), msg("a supplier")),
            "route": (list(dict.fromkeys(routes)), msg("the route of a supplier")),
            "resource": (list(self.resources), msg("a resource")),
        }
        for k, disruption in enumerate(self.disruptions):
            kind, name = disruption.thing
            self._known(f"disruptions[{k}].{kind}", name, *known[kind])

    def _check_troubles(self, where: str, troubles: tuple[Trouble, ...]) -> None:
        for k, trouble in enumerate(troubles):
            entry = f"{where}.make.trouble[{k}]"
            shares = [segment.returns.share for segment in self.segments.values() if segment.returns]
            if trouble.sent_back and not shares:
                raise ValueError(
                    msg(
                        "{entry} is {share}, and no segment has returns; give one segments.<name>.returns",
                        entry=f"{entry}.sent_back",
                        share=f"{trouble.sent_back}",
                    )
                )
            if trouble.sent_back and trouble.sent_back + max(shares) > 1:
                raise ValueError(
                    msg(
                        "{entry} is {share}, with returns of {returns}; together at most 1 can come back",
                        entry=f"{entry}.sent_back",
                        share=f"{trouble.sent_back}",
                        returns=f"{max(shares)}",
                    )
                )

    def _check_streams(self) -> None:
        for kind in ("everyday", "contracts", "frames", "projects"):
            seen: set[tuple[str, str]] = set()
            for k, stream in enumerate(getattr(self.demand, kind)):
                if (stream.product, stream.segment) in seen:
                    raise ValueError(
                        msg(
                            "{entry} names {product} for {segment} a second time; make one entry of the two",
                            entry=f"demand.{kind}[{k}]",
                            product=repr(stream.product),
                            segment=repr(stream.segment),
                        )
                    )
                seen.add((stream.product, stream.segment))
                self._check_week(f"demand.{kind}[{k}].pattern", stream.pattern)
                self._known(f"demand.{kind}[{k}].product", stream.product, list(self.products), msg("a product"))
                self._known(f"demand.{kind}[{k}].segment", stream.segment, list(self.segments), msg("a segment"))

    def _check_week(self, where: str, pattern: Pattern) -> None:
        """The levels of the days that are worked have mean 1; what stands for other days is never read."""
        days = self.calendar.working_days
        worked = [pattern.weekday[DAY_NAMES.index(day)] for day in dict.fromkeys(days)]
        many = msg("seven") if len(worked) == 7 else plural("{n} working day", "{n} working days", len(worked))
        hold_to_mean_one(f"{where}.weekday", worked, many)

    @staticmethod
    def _known(where: str, name: str, known: list[str], what: Message) -> None:
        if name not in known:
            raise ValueError(not_known(where, name, what, known))
