"""Tell planners the past, read-only: months of demand, accuracy of forecasts, punctuality of suppliers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from simulator.company.sales import Marketing
from simulator.kernel.lanes import TINY
from simulator.kernel.plans import HORIZON
from simulator.kernel.units import Array, Whole

Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True)
class Accuracy:
    """Hold the accuracy of one stage's forecasts of the month after next: sums over past months, (products, lanes) each."""

    months: int
    forecast: Array
    actual: Array
    squared_error: Array


@dataclass(frozen=True)
class MarketNews:
    """Hold the market news that planners have been told: factors on a product's usual demand."""

    ahead: Array  # (months ahead, products, 1)
    past: Array  # (months, products, 1); 0 where it was not sold yet, or no more
    expected: Array  # of a new product at its full level: units a working day, (products, 1)


@dataclass(frozen=True)
class Heard:
    """Tell what customers have let the sales team know: the level of demand to be expected of it, 1 as usual."""

    ahead: Array  # (months ahead, products, lanes)
    past: Array  # what was told of the past months, (months, products, lanes)


@dataclass(frozen=True)
class SupplyRecord:
    """Hold the record of each source, (sources, 1 or lanes) each: units so far, and days of delay now."""

    ordered: Array
    came: Array
    on_time: Array  # of what came, by the promised day
    rejected: Array  # of what came
    delay: Array  # by which an order of tonight would be later than usual


@dataclass(frozen=True)
class Past:
    """Monthly demand up to the last month that is over, and the calendar of the months ahead.

    A month in which nobody worked has no rate, and is no month of the past.
    """

    rates: Array  # (months, products, lanes): demand per working day
    season: Whole  # month of the year of each past month, January 0
    season_ahead: Whole  # of the next months
    working_days_ahead: Array  # of the next months
    known: Array | None = None  # signed, held in frames or in sight at full quantity: (months ahead, products, lanes)
    budget: Array | None = None  # the business plan: (months ahead, products, lanes)
    mood: Array | None = None  # of the sales team this month, standard normal: (products, lanes)
    record: Mapping[str, Accuracy] = field(default_factory=dict)  # how each stage of the forecast has done
    told: MarketNews | None = None  # of promotions, prices, launches and the like, where there are any
    heard: Heard | None = None  # by the sales team alone, of what customers are about to do, where they tell anything
    marketing: Marketing | None = None  # its ways, where it has a forecast of its own
    judgement: Array | None = None  # of marketing this month, standard normal: (products, lanes)
    numbers: Whole | None = None  # of the past months by the calendar; none where each follows the one before
    until: int = 0  # number of the first month ahead, where numbers are given
    carried: dict[int, object] = field(
        default_factory=dict, repr=False
    )  # what rules learnt from the past of an earlier day, by rule; they see to it that this one goes on from there
    stages: dict[int, dict[str, Array]] = field(
        init=False, default_factory=dict, repr=False
    )  # worked out from it, by rule

    def monthly(self, rates: Array) -> Array:
        """Turn rates per working day, (months ahead, products, lanes), into monthly quantities."""
        return rates * self.working_days_ahead[:, None, None]

    def usual(self) -> Past:
        """Return the past without the effects that planners know of; before a launch, the business case."""
        if self.told is None:
            return self
        moved = self.told.past
        rates = np.where(moved > TINY, self.rates / np.maximum(moved, TINY), self.told.expected)
        return replace(self, rates=rates, told=None)

    def unheard(self) -> Past:
        """Return the past without what the sales team had been told of."""
        if self.heard is None:
            return self
        return replace(self, rates=self.rates / np.maximum(self.heard.past, TINY), heard=None)

    def as_heard(self, forecast: Array) -> Array:
        """A forecast, moved by what the sales team has been told of the months ahead."""
        return forecast if self.heard is None else forecast * self.heard.ahead

    def as_told(self, forecast: Array) -> Array:
        """A forecast of usual demand, moved by what is announced for the months ahead."""
        return forecast if self.told is None else forecast * self.told.ahead

    def as_believed(self, forecast: Array, belief: float) -> Array:
        """A forecast of usual demand, moved by what is announced and heard as one believes in it: by so much more than told."""
        moved = self.as_told(self.as_heard(np.ones_like(forecast)))
        return forecast * np.maximum(1.0 + (1.0 + belief) * (moved - 1.0), 0.0)

    @property
    def calendar(self) -> Whole:
        """The number of each past month by the calendar."""
        return np.arange(len(self.rates)) if self.numbers is None else self.numbers

    @property
    def next(self) -> int:
        """The number of the first month ahead."""
        return len(self.rates) if self.numbers is None else self.until

    @property
    def reach(self) -> int:
        """Count the months from the first that is known to the last, months without work among them."""
        return self.next - int(self.calendar[0]) if len(self.rates) else 0

    def year_before(self) -> Array:
        """Rates of the months ahead a year before, (months ahead, products, lanes), where a year is known.

        A month in which nobody worked then is that of the year before it, or like the mean of last year's.
        """
        place = {int(number): k for k, number in enumerate(self.calendar)}
        asked = [range(self.next + k - HORIZON, -1, -HORIZON) for k in range(HORIZON)]
        found = [next((place[number] for number in numbers if number in place), -1) for numbers in asked]
        rates = self.rates[found]
        if -1 in found:
            rates[[k == -1 for k in found]] = self.rates[self.calendar >= self.next - HORIZON].mean(axis=0)
        return rates

    def last_year(self) -> Array:
        """Last year's months again, in the months ahead; without a year behind it, the mean of what there is."""
        if not len(self.rates):
            return np.zeros((HORIZON, *self.rates.shape[1:]))
        if self.reach >= HORIZON:
            return self.monthly(self.year_before())
        return self.monthly(np.repeat(self.rates.mean(axis=0)[None], HORIZON, axis=0))


@dataclass(frozen=True)
class Serving:
    """Describe the replenishment of items, (items, 1 or lanes) each: the use that one replenishment serves, and its level."""

    days: Array  # of use that one replenishment serves
    before: Array  # days from a decision to its own receipt
    until: Array  # days from a decision to the receipt of the next one, whose errors safety stock meets
    width: Array  # units by which lots let the position after a review differ
    from_top: Array  # 1 where the position starts at the top of that range, 0 where each place is alike
    held: Array  # units of planned use in the level beyond what is used until then
    rounded: Array  # 1 where a multiple or batch makes that width whole, 0 where what it does is said by `off`
    off: Array  # units by which a review leaves the position off its level, (points, items, 1 or lanes), each point alike
    earlier: Array  # the same for what it finds short at its own receipt, less where it serves fewer days

    def with_rows(self, rows: Whole, other: Serving) -> Serving:
        """Some items as another rule replenishes them."""
        return Serving(*(_mixed(getattr(self, f.name), getattr(other, f.name), rows) for f in fields(self)))


def _mixed(mine: Array, theirs: Array, rows: Whole) -> Array:
    one, other = np.broadcast_arrays(mine, theirs)
    result = one.copy()
    result[..., rows, :] = other[..., rows, :]
    return result


def read_only(array: NDArray[Number]) -> NDArray[Number]:
    """Protect numbers from being changed."""
    shown = array.view()
    shown.flags.writeable = False
    return shown
