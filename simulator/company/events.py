"""Events in the market, and the life of products from launch to phase-out."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import numpy as np
from pydantic import model_validator

from simulator.company.calendar import Days
from simulator.kernel.messages import msg
from simulator.kernel.units import Array, Record, Whole, quantity


class Turn(Record):
    """A first of a month on which the life of a product turns."""

    month: Annotated[dt.date, quantity("date", "first day of the month in which it happens; within the run")]
    known: Annotated[int, quantity("days", "before that day that planners are told", ge=0, le=1_095)] = 180

    @model_validator(mode="after")
    def _first(self) -> Turn:
        if self.month.day != 1:
            raise ValueError(
                msg("{entry} is {day}; it must be the first day of a month", entry="month", day=self.month)
            )
        return self


class Launch(Turn):
    """A new product: it cannot be bought before, and takes months until it sells as its demand streams say."""

    ramp: Annotated[int, quantity("months", "from the launch to the full level, in equal steps", ge=1, le=36)] = 1
    expected: Annotated[
        float, quantity("units/month", "at the full level, as the business case says; planners go by it", ge=0)
    ]
    cannibalises: Annotated[
        dict[str, float], quantity("share", "by other product, of its demand that goes over at the full level")
    ] = {}


class PhaseOut(Turn):
    """The end of a product: orders are taken until the day before, and then no more."""

    last_time_buy: Annotated[
        float,
        quantity("share", "of the following year's demand that customers still order in the last weeks", ge=0, le=2),
    ] = 0.0
    weeks: Annotated[int, quantity("weeks", "before the end in which they order it", ge=1, le=26)] = 4


# --- events ---


Share = Annotated[float, quantity("share", "of demand", ge=0, le=1)]


class Event(Record):
    """Something that happens to the demand for some products from a date on."""

    start: Annotated[dt.date, quantity("date", "the day on which it begins; within the run")]
    products: Annotated[tuple[str, ...], quantity("list", "products that it is about; leave out for all")] = ()
    family: Annotated[str | None, quantity("name", "a family that it is about, instead of products")] = None
    segments: Annotated[tuple[str, ...], quantity("list", "customers that it is about; leave out for all")] = ()
    known: Annotated[
        int | None,
        quantity("days", "before its start that planners are told; leave out where nobody tells them", ge=0, le=730),
    ] = None
    note: Annotated[str, quantity("text", "what happens; where its figures come from", luck=False)] = ""

    @model_validator(mode="after")
    def _one_selection(self) -> Event:
        if self.products and self.family:
            raise ValueError(msg("{entry} and family are both given; name one of them", entry="products"))
        return self

    def since(self, days: Days) -> Whole:
        """Days since it began, below 0 before."""
        begin = (np.datetime64(self.start, "D") - days.first).astype(np.int64)
        return np.asarray(np.arange(days.count) - begin)


class Promotion(Event):
    """Some weeks in which customers buy more, partly of what they would have bought later."""

    known: Annotated[int | None, quantity("days", "before its start that planners are told", ge=0, le=730)] = 90
    days: Annotated[int, quantity("days", "that it lasts", ge=1, le=120)] = 14
    lift: Annotated[float, quantity("share", "more demand while it lasts", ge=0, le=20)]
    pull_forward: Annotated[
        float, quantity("share", "of the lift that is missing in the weeks after it: customers stocked up", ge=0, le=1)
    ] = 0.0
    weeks: Annotated[int, quantity("weeks", "after it in which that is missing", ge=1, le=26)] = 4
    cannibalises: Annotated[
        dict[str, float], quantity("share", "by other product, of its demand that is lost while the promotion lasts")
    ] = {}
    discount: Annotated[float, quantity("share", "of the list price that is given away meanwhile", ge=0, lt=1)] = 0.0

    @model_validator(mode="after")
    def _fair(self) -> Promotion:
        if self.discount and self.segments:
            raise ValueError(
                msg("{entry} is given to everybody who buys; leave out segments, or the discount", entry="discount")
            )
        return self

    def lasts(self, days: Days) -> Array:
        """1 on its days, 0 on all others."""
        since = self.since(days)
        return np.asarray((since >= 0) & (since < self.days), dtype=np.float64)

    def course(self, days: Days) -> Array:
        """The factor on demand: lifted, then missing what was pulled forward, spread over the working days of the weeks after."""
        since, on = self.since(days), self.lasts(days)
        after = (since >= self.days) & (since < self.days + 7 * self.weeks)
        taken = self.lift * self.pull_forward * (on * days.working).sum()
        return np.asarray(1 + self.lift * on - after * taken / max((after & days.working).sum(), 1))


class PriceChange(Event):
    """A new list price from a date on; demand answers by the product's elasticity."""

    known: Annotated[int | None, quantity("days", "before its start that planners are told", ge=0, le=730)] = 60
    change: Annotated[float, quantity("share", "by which the list price rises; below 0 it falls", gt=-1, le=5)]

    @model_validator(mode="after")
    def _one_list(self) -> PriceChange:
        if self.segments:
            raise ValueError(
                msg("{entry} cannot be named: there is one list price for all; leave them out", entry="segments")
            )
        return self

    def course(self, days: Days) -> Array:
        """The factor on the list price."""
        return np.where(self.since(days) >= 0, 1 + self.change, 1.0)


class Shock(Event):
    """Demand that rises or falls from outside: a crisis, a fashion, a law."""

    factor: Annotated[float, quantity("factor", "on demand, once it is there in full", ge=0, le=20)]
    ramp: Annotated[int, quantity("days", "until it is there in full, and again until it is gone", ge=0, le=365)] = 0
    days: Annotated[int | None, quantity("days", "that it lasts before it goes; leave out for ever", ge=1)] = None

    def course(self, days: Days) -> Array:
        """The factor on demand: it comes and goes in a straight line."""
        since = self.since(days) + 1.0
        there = np.clip(since / max(self.ramp, 1), 0, 1)
        if self.days is not None:
            there = np.minimum(there, np.clip(1 - (since - self.days) / max(self.ramp, 1), 0, 1))
        return np.asarray(1 + (self.factor - 1) * there)


class Competitor(Event):
    """Somebody else takes a share of the demand; it may be won back."""

    lost: Annotated[float, quantity("share", "of demand that is lost at once", ge=0, le=1)]
    regained: Annotated[
        int | None, quantity("days", "until all of it is won back, a day like another; leave out for never", ge=1)
    ] = None

    def course(self, days: Days) -> Array:
        """The factor on demand."""
        since = self.since(days)
        left = np.ones(days.count) if self.regained is None else np.clip(1 - since / self.regained, 0, 1)
        return np.where(since >= 0, 1 - self.lost * left, 1.0)


class Offer(Record):
    """State the promotions that may be decided beside those that are planned."""

    most_lift: Annotated[float, quantity("share", "largest lift of a promotion", gt=0, le=5, luck=False)]
    days: Annotated[int, quantity("days", "that one lasts", ge=1, le=120, luck=False)] = 14
    pull_forward: Annotated[
        float, quantity("share", "of the lift that is missing in the weeks after it", ge=0, le=1, luck=False)
    ] = 0.0
    weeks: Annotated[int, quantity("weeks", "after it in which that is missing", ge=1, le=26, luck=False)] = 4
    discount_per_lift: Annotated[
        float, quantity("share", "of the list price that is given away, for each 1 of lift", ge=0, lt=0.2, luck=False)
    ] = 0.0


class Market(Record):
    """List the market events with their dates."""

    promotions: Annotated[tuple[Promotion, ...], quantity("list", "customers buy more for some weeks")] = ()
    prices: Annotated[tuple[PriceChange, ...], quantity("list", "new list prices")] = ()
    shocks: Annotated[tuple[Shock, ...], quantity("list", "demand rises or falls from outside")] = ()
    competitors: Annotated[tuple[Competitor, ...], quantity("list", "others take a share of demand")] = ()
    offer: Annotated[
        Offer | None,
        quantity("table", "promotions that may be decided beside these; leave out where none may", luck=False),
    ] = None
    most_price_change: Annotated[
        float, quantity("share", "by which a decision may raise or lower a list price", ge=0, lt=1, luck=False)
    ] = 0.0

    @property
    def events(self) -> dict[str, Event]:
        """All of them, by the entry that describes them."""
        kinds = ("promotions", "prices", "shocks", "competitors")
        return {f"market.{kind}[{k}]": event for kind in kinds for k, event in enumerate(getattr(self, kind))}
