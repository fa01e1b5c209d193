"""Stock held against error, for every item over the days until a decision of today can help."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import model_validator

from simulator.company.entries import under
from simulator.kernel.lanes import TINY
from simulator.kernel.messages import msg
from simulator.kernel.units import DAYS_A_MONTH, Array, quantity
from simulator.planning.buffer import (
    FEWEST_NINES,
    MOST_NINES,
    Buffer,
    listed_times,
    nines_of,
    of_listed,
    times_of,
    together,
)
from simulator.planning.by_class import buffers_by_class, raised_by_class, refuse_nested, rows_by_rule
from simulator.planning.fit import Misfits, omissions, refuse_wrong_figures, unknown_items
from simulator.planning.rules import ChosenSafetyStock, OtherSafetyStock, SafetyStock
from simulator.theory.inventory import Demanded, FromTop, Spread, low_for_fill_rate, tail
from simulator.world.network import Network
from simulator.world.view import Desk, Serving

if TYPE_CHECKING:
    from simulator.company import Company

LUMPY = 0.5
"""Deviation of a day's use over its mean beyond which no normal law holds (Silver, Pyke & Thomas 2017, chapter 6)."""


MOST_COVER, MOST_DEVIATIONS = 120.0, 4.0
"""Days of cover, and deviations of the error, beyond which safety stock is no answer."""

MOST_SHORT = 0.99
"""Share of what is used between two receipts that a target lets run short at most."""


class NoSafetyStock(SafetyStock, name="none"):
    """None is held."""

    def buffer(self) -> Buffer | None:
        """Nothing that could be raised."""
        return None

    def __call__(self, view: Desk, interval: Array) -> Array:
        """Nothing."""
        return np.zeros((len(view.network.names), view.lanes))


class DaysOfCover(SafetyStock, name="days-of-cover"):
    """A fixed number of days of planned use."""

    days: Annotated[float, quantity("days", "of planned use held", by_lane=True, ge=0, le=365)] = 10.0
    parts: Annotated[
        float | None,
        quantity(
            "days", "of planned use of parts held; leave out for as many as of products", by_lane=True, ge=0, le=365
        ),
    ] = None

    def buffer(self) -> Buffer:
        """Days."""
        return Buffer("days", self.days, max(MOST_COVER, self.days))

    def with_buffer(self, amount: float) -> DaysOfCover:
        """Hold so many days."""
        return self.model_copy(update={"days": amount})

    def __call__(self, view: Desk, interval: Array) -> Array:
        """Days times use a day."""
        if self.parts is None:
            return self.days * view.usage()
        use, products = view.usage(), len(view.network.products)
        return np.concatenate([self.days * use[:products], self.parts * use[products:]])


class PerProduct(SafetyStock, name="listed"):
    """A quantity for each item, set by hand; what `others` says, or nothing, for products or parts none of which is named."""

    units: Annotated[dict[str, float], quantity("units", "safety stock by item", by_lane=True)]
    others: Annotated[
        OtherSafetyStock, quantity("choice", "safety stock of items that are not listed; leave out where all are")
    ] = None
    below_zero: Annotated[
        bool, quantity("yes/no", "what is listed may be below zero, where lots alone serve more than is asked")
    ] = False

    @property
    def goes_below_zero(self) -> bool:
        """Tell if what is listed may be, or the rule for the others does."""
        return self.below_zero or (self.others is not None and self.others.goes_below_zero)

    def buffer(self) -> Buffer | None:
        """Times what is listed, and what the others hold."""
        return together([of_listed(self, "units"), self._of_others()])

    def with_buffer(self, amount: float) -> PerProduct:
        """Hold so many times as much of all."""
        others, times = self.others, times_of(self._of_others(), amount)
        if others is not None and times is not None:
            others = others.with_buffer(times)
        return listed_times(self, amount, "units").model_copy(update={"others": others})

    def _of_others(self) -> Buffer | None:
        found = self.others.buffer() if self.others is not None else None
        return found and found.under("others")

    def __call__(self, view: Desk, interval: Array) -> Array:
        """Return the listed quantities."""
        names = view.network.names
        rest = np.zeros((len(names), view.lanes)) if self.others is None else np.array(self.others(view, interval))
        for name, units in self.units.items():
            rest[names.index(name)] = units
        return rest

    def misfits(self, company: Company, mine: Sequence[str]) -> Misfits:
        """Report listed names that the company does not have, and items that are left out."""
        yield from unknown_items(self, company, "units")
        if self.others is not None:
            yield from (under("others", said) for said in self.others.misfits(company, mine))
            return
        remedy = msg('list them too, or say what they hold, such as others = "none"')
        for group in (company.products, company.components):
            if any(name in self.units for name in group):
                yield from omissions("units", self.units, list(group), remedy)

    @model_validator(mode="after")
    def _sound(self) -> PerProduct:
        if not self.below_zero or not self.units:
            refuse_wrong_figures(self, units=0.0)
        return self


class DemandError(SafetyStock, name="demand-error"):
    """z times the deviation of the forecast's cumulative error over the interval (Silver, Pyke & Thomas 2017)."""

    z: Annotated[float, quantity("deviations", "safety factor", by_lane=True, ge=0, le=6)] = 1.65

    def buffer(self) -> Buffer:
        """z."""
        return Buffer("z", self.z, max(MOST_DEVIATIONS, self.z))

    def with_buffer(self, amount: float) -> DemandError:
        """Hold so many deviations."""
        return self.model_copy(update={"z": amount})

    def __call__(self, view: Desk, interval: Array) -> Array:
        """z x RMSE."""
        return self.z * view.cumulative_error(interval)


class DemandAndLeadTimeError(SafetyStock, name="demand-and-lead-time-error"):
    """z times the deviation of forecast error and lead time together (Hadley & Whitin 1963)."""

    z: Annotated[float, quantity("deviations", "safety factor", by_lane=True, ge=0, le=6)] = 1.65

    def buffer(self) -> Buffer:
        """z."""
        return Buffer("z", self.z, max(MOST_DEVIATIONS, self.z))

    def with_buffer(self, amount: float) -> DemandAndLeadTimeError:
        """Hold so many deviations."""
        return self.model_copy(update={"z": amount})

    def __call__(self, view: Desk, interval: Array) -> Array:
        """z x sqrt(RMSE^2 + (use a day x deviation of the lead time)^2)."""
        late = view.usage() * view.network.lead_time_sd
        return np.asarray(self.z * np.sqrt(np.square(view.cumulative_error(interval)) + np.square(late)))


class FillRateTarget(SafetyStock, name="fill-rate-target"):
    """As much as a fill rate asks for, from the loss function of the error (Silver, Pyke & Thomas 2017; Teunter 2009).

    It reckons with what one replenishment really serves: the review, the lot of the rule, the minimum order, multiple or batch.
    Where these serve more than the target by themselves it is below zero, and stock runs short between receipts as far as the
    target allows. Where a day's use varies by more than half its mean, or late deliveries more than demand, the law is gamma
    and not normal; where months passed without any, what counts is how many orders come.
    """

    fill_rate: Annotated[
        float, quantity("share", "of demand to be served from stock on the day", by_lane=True, gt=0, lt=1)
    ] = 0.97

    @property
    def goes_below_zero(self) -> bool:
        """Tell if lots may serve more than the target."""
        return True

    def buffer(self) -> Buffer:
        """The nines of the target."""
        own = nines_of(self.fill_rate)
        return Buffer("fill_rate", own, max(MOST_NINES, own), nines=True)

    def with_buffer(self, amount: float) -> FillRateTarget:
        """Aim at so many nines."""
        return self.model_copy(update={"fill_rate": 1 - 10.0 ** -max(amount, FEWEST_NINES)})

    def __call__(self, view: Desk, interval: Array) -> Array:
        """Hold as much as makes the shortage from one receipt to the next the share that the target leaves."""
        n, use, serving = view.network, view.usage(), view.serving
        square, late = np.square(view.cumulative_error(serving.until)), use * n.lead_time_sd
        lumpy = (square > serving.until * np.square(LUMPY * use)) | (np.square(late) > square)

        def over(days: Array, late: Array | float = 0.0) -> Demanded:
            sd = np.sqrt(square * days / serving.until + np.square(late))
            return Demanded(use * days, sd, lumpy, view.orders_a_month * np.maximum(days, TINY) / DAYS_A_MONTH)

        before, until = over(np.maximum(serving.before, 0.0), late), over(serving.until, late)
        allowed = (
            (1 - self.fill_rate) * serving.days / (serving.until - serving.before)
        )  # of what is used between receipts
        low = low_for_fill_rate(
            1 - np.minimum(allowed, MOST_SHORT), spread_of(serving, over(serving.days), n), before, until
        )
        return np.where(use > 0, low - until.mean - serving.held, 0.0)


def spread_of(serving: Serving, review: Demanded, n: Network) -> Spread:
    """Describe the position after a review, by the lots of the rule, of suppliers and of the floor.

    A minimum order binds where a review lacks less than it: in that share of reviews it lifts the position beyond its level.
    """
    least, multiple = n.minimum * n.good, n.multiple * n.good * serving.rounded
    own = np.where(serving.width > 0, np.maximum(serving.width, least), least * (1.0 - tail(least, review)[0]))
    whole = np.where(multiple > 0, np.ceil(own / np.maximum(multiple, TINY) - TINY) * multiple, own)
    width = np.maximum(whole, multiple)
    from_top = (serving.from_top > 0) & (width <= serving.width)
    off = (serving.off, serving.earlier)
    return FromTop(width, review, from_top, *off) if from_top.any() else Spread(width, *off)


class SafetyStockByClass(SafetyStock, name="by-class"):
    """A rule of safety stock for each class of item, as the policy's `classes` sort them."""

    of: Annotated[dict[str, ChosenSafetyStock], quantity("choice", "what a class holds, by its name", min_length=1)]
    others: Annotated[
        OtherSafetyStock, quantity("choice", "what the classes hold that are not listed; leave out where all are")
    ] = None

    @property
    def goes_below_zero(self) -> bool:
        """Tell if one of its rules does."""
        rules = [*self.of.values(), *([self.others] if self.others is not None else [])]
        return any(rule.goes_below_zero for rule in rules)

    def buffer(self) -> Buffer | None:
        """Times what every class holds."""
        return together(buffers_by_class(self))

    def with_buffer(self, amount: float) -> SafetyStockByClass:
        """Hold so many times as much in every class."""
        return self.model_copy(update=raised_by_class(self, amount))

    def __call__(self, view: Desk, interval: Array) -> Array:
        """Each class by its rule."""
        found = np.zeros((len(view.network.names), view.lanes))
        for rule, rows in rows_by_rule(self, view.classes):
            found[rows] = rule(view, interval)[rows]
        return found

    @model_validator(mode="after")
    def _plain(self) -> SafetyStockByClass:
        refuse_nested(self)
        return self
