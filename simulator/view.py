"""What a planner may know this morning: the past, the present, the calendar; read-only, and never the future."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from simulator.company import Days, Resource
from simulator.company.finance import Finance
from simulator.lanes import TINY, total
from simulator.network import Network
from simulator.plans import HORIZON
from simulator.units import Array, Mask, Whole

if TYPE_CHECKING:
    from simulator.firm import Firm

Number = TypeVar("Number", bound=np.generic)

MONTH = 365.25 / 12
"""Days of a mean month."""


@dataclass(frozen=True)
class Accuracy:
    """How one stage's forecasts of the month after next did: sums over the months that are over, (products, lanes) each."""

    months: int
    forecast: Array
    actual: Array
    squared_error: Array


@dataclass(frozen=True)
class Told:
    """What planners have been told of the market: factors on a product's usual demand."""

    ahead: Array  # (months ahead, products, 1)
    past: Array  # (months, products, 1); 0 where it was not sold yet, or no more
    expected: Array  # of a new product at its full level: units a working day, (products, 1)


@dataclass(frozen=True)
class SupplyRecord:
    """What buyers know of each source of what is bought, (sources, 1 or lanes) each: units so far, and days of delay now."""

    ordered: Array
    came: Array
    on_time: Array  # of what came, by the promised day
    rejected: Array  # of what came
    delay: Array  # by which an order of tonight would be later than usual


@dataclass(frozen=True)
class Past:
    """Monthly demand up to the last month that is over, and the calendar of the months ahead."""

    rates: Array  # (months, products, lanes): demand per working day
    season: Whole  # month of the year of each past month, January 0
    season_ahead: Whole  # of the next months
    working_days_ahead: Array  # of the next months
    known: Array | None = None  # signed, held in frames or in sight at full quantity: (months ahead, products, lanes)
    budget: Array | None = None  # the business plan: (months ahead, products, lanes)
    mood: Array | None = None  # of the sales team this month, standard normal: (products, lanes)
    record: Mapping[str, Accuracy] = field(default_factory=dict)  # how each stage of the forecast has done
    told: Told | None = None  # of promotions, prices, launches and the like, where there are any

    def monthly(self, rates: Array) -> Array:
        """Turn rates per working day, (months ahead, products, lanes), into monthly quantities."""
        return rates * self.working_days_ahead[:, None, None]

    def usual(self) -> Past:
        """The same past without what planners know to have moved it; before a launch, what its business case says."""
        if self.told is None:
            return self
        moved = self.told.past
        rates = np.where(moved > TINY, self.rates / np.maximum(moved, TINY), self.told.expected)
        return replace(self, rates=rates, told=None)

    def as_told(self, forecast: Array) -> Array:
        """A forecast of usual demand, moved by what is announced for the months ahead."""
        return forecast if self.told is None else forecast * self.told.ahead

    def last_year(self) -> Array:
        """Last year's months again, in the months ahead; without a year behind it, the mean of what there is."""
        if not len(self.rates):
            return np.zeros((HORIZON, *self.rates.shape[1:]))
        if len(self.rates) >= HORIZON:
            return self.monthly(self.rates[-HORIZON:])
        return self.monthly(np.repeat(self.rates.mean(axis=0)[None], HORIZON, axis=0))


def read_only(array: NDArray[Number]) -> NDArray[Number]:
    """The same numbers, protected from being changed."""
    shown = array.view()
    shown.flags.writeable = False
    return shown


class View:
    """The company as its planners see it."""

    def __init__(self, firm: Firm) -> None:
        self._firm = firm

    # --- now ---

    @property
    def network(self) -> Network:
        """Items and what links them."""
        return self._firm.network

    @property
    def finance(self) -> Finance:
        """What things cost beyond the goods themselves."""
        return self._firm.company.finance

    @property
    def resources(self) -> Mapping[str, Resource]:
        """People and machines, with what their hours cost."""
        return self._firm.company.resources

    @property
    def days(self) -> Days:
        """The calendar, one horizon longer than the run."""
        return self._firm.calendar

    @property
    def today(self) -> int:
        """The number of the day."""
        return self._firm.today

    @property
    def month(self) -> int:
        """The number of the month."""
        return int(self.days.month[self.today])

    @property
    def sold_ahead(self) -> Array | None:
        """1 in the months in which a product is sold, as far as is known, else 0; none where all always are.

        (months ahead, products, 1), this month first.
        """
        market = self._firm.market
        if market is None:
            return None
        return read_only(market.sold(self.today)[self.month : self.month + HORIZON, :, None])

    @property
    def lanes(self) -> int:
        """How many replications are in this run."""
        return self._firm.lanes

    @property
    def on_hand(self) -> Array:
        """What is on hand as the record says, (items, lanes)."""
        stockroom = self._firm.stockroom
        return read_only(stockroom.record if stockroom else self._firm.ledger.level["on_hand"])

    @property
    def on_order(self) -> Array:
        """Scheduled receipts, good units only, (items, lanes)."""
        return read_only(self._firm.ledger.level["on_order"])

    @property
    def lead_time(self) -> Array:
        """Days that an order of tonight is expected to take, delays that are known included, (items, 1 or lanes)."""
        buying = self._firm.purchasing
        return buying.expected_lead_time() if buying else self.network.lead_time

    @property
    def nothing_comes(self) -> Array:
        """Days for which nothing that is under way can come, as lanes of transport are closed, (bought items, 1 or lanes)."""
        buying = self._firm.purchasing
        return buying.held() if buying else np.zeros((len(self.network.bought), 1))

    @property
    def supply_record(self) -> SupplyRecord:
        """How each source has done so far; nothing is known in a company that keeps no such record."""
        buying = self._firm.purchasing
        if buying is None:
            return SupplyRecord(*(np.zeros((len(self.network.sources.records), 1)) for _ in range(5)))
        shown = (buying.ordered, buying.came, buying.came_on_time, buying.rejected, buying.delay())
        return SupplyRecord(*(read_only(array) for array in shown))

    @property
    def backlog(self) -> Array:
        """Due and not shipped, today's orders included, (segments, products, lanes)."""
        return read_only(self._firm.ledger.level["backlog"])

    @property
    def to_start(self) -> Array:
        """Released to the floor and not yet started, (items, lanes)."""
        return read_only(self._firm.to_start)

    @property
    def stock_position(self) -> Array:
        """On hand and under way, less the backlog and what expires tonight, (items, lanes)."""
        position = self.on_hand + self.on_order
        position[self.network.sold] -= total(self.backlog)
        if self._firm.quality:
            self._firm.quality.freshness.leave_out(position)
        return position

    @property
    def inventory_position(self) -> Array:
        """Stock position with what the floor has still to start, and less what that will take, (items, lanes)."""
        position = self.stock_position
        if self.network.made.size:
            position += self.to_start * self.network.good
            if self.network.bill:
                position -= self.network.bill.flow(self.to_start)
        return position

    def due_lately(self, days: int) -> Array:
        """Orders that fell due in the last days, today first: (days, segments, products, lanes)."""
        first = max(0, self.today - days + 1)
        return read_only(self._firm.ledger.book["due"][first : self.today + 1][::-1])

    def used_lately(self, days: int) -> Array:
        """What customers asked for and production took in the last days, today last: (days, items, lanes)."""
        first, book = max(0, self.today - days + 1), self._firm.ledger.book
        used = book["consumed"][first : self.today + 1].copy()
        used[:, self.network.sold] += book["due"][first : self.today + 1].sum(axis=1)
        return used

    def review_due(self, days: int) -> bool:
        """Whether a review that comes round every so many days is due tonight; one on a day off is held on the next working day."""
        worked = np.flatnonzero(self.days.working[: self.today])
        before = int(worked[-1]) if worked.size else -1
        return self.today // days > before // days

    @property
    def plans_the_week(self) -> bool:
        """Whether the master schedule and the requirements are planned today."""
        return bool(self._firm.planning_day[self.today])

    @property
    def share_of_month(self) -> float:
        """Working days until the next weekly planning, over those left in the month."""
        worked, end = self.days.worked_so_far, self.days.month_start[self.month + 1]
        until = self.today + 1 + int(np.argmax(np.append(self._firm.planning_day[self.today + 1 :], True)))
        left = worked[end] - worked[self.today]
        return float((worked[min(until, end)] - worked[self.today]) / left)

    def share_left_of_month(self) -> float:
        """Working days left of this month, over all of it."""
        worked, start = self.days.worked_so_far, self.days.month_start
        whole = worked[start[self.month + 1]] - worked[start[self.month]]
        return float((worked[start[self.month + 1]] - worked[self.today]) / max(whole, 1.0))

    def working_days_by_month(self) -> Array:
        """Working days of this month and the months ahead, whole months."""
        start = self.days.month_start[self.month : self.month + HORIZON + 1]
        return np.asarray(np.diff(self.days.worked_so_far[start]))

    # --- the past by month ---

    def past(self, until: int | None = None) -> Past:
        """Demand of the months before this one, or before an earlier month."""
        return self._firm.past_to(self.month if until is None else until)

    @property
    def signed_ahead(self) -> Array:
        """The order book by month due, this month first: (months ahead, products, lanes)."""
        return self._firm.order_book_by_month()

    # --- plans in force ---

    @property
    def demand_plan(self) -> Array:
        """The demand plan in force, this month first, (months ahead, products, lanes)."""
        return read_only(self._firm.plans.force_demand[self.month : self.month + HORIZON])

    @property
    def production_plan(self) -> Array:
        """The production plan in force, this month first, (months ahead, families, lanes)."""
        return read_only(self._firm.plans.force_production[self.month : self.month + HORIZON])

    @property
    def safety_stock(self) -> Array:
        """Safety stock in force, (items, lanes)."""
        return read_only(self._firm.plans.force_safety_stock)

    def made_this_month(self) -> Array:
        """Good units of each item started since the month began, (items, lanes)."""
        start = int(self.days.month_start[self.month])
        return read_only(total(self._firm.ledger.book["released"][start : self.today]) * self.network.makes)

    # --- hours and subcontractors ---

    @property
    def hours_ahead(self) -> Array:
        """Regular hours a working day that may be counted on, (months ahead or 1, resources, 1 or lanes)."""
        return read_only(self._firm.hours_ahead)

    @property
    def overtime_ahead(self) -> Array:
        """Most overtime a working day, (months ahead or 1, resources, 1 or lanes)."""
        staffing = self.network.staffing
        if staffing is None:
            return self._firm.of_open_sites(self.network.overtime_limit[None])
        return self.hours_ahead * staffing.overtime

    @property
    def settled_hours(self) -> Array:
        """Hours a working day of the people there are once all that is decided has come, (resources, lanes)."""
        return self._firm.people.settled_hours if self._firm.people else self.network.hours

    @property
    def settled_people(self) -> Array | None:
        """People as far as it is decided, (months ahead, resources, lanes); None where the plan has no say in them."""
        return self._firm.people.settled_people() if self._firm.people and self._firm.may_change_people else None

    @property
    def people_reach(self) -> tuple[Mask, Mask]:
        """The months in which a decision of today can have hired, and dismissed, (months ahead, resources); never without people."""
        never = np.zeros((HORIZON, len(self.network.resources)), dtype=bool)
        return self._firm.people.reach if self._firm.people else (never, never)

    @property
    def outside_ahead(self) -> Array | None:
        """Most that subcontractors can make, (months ahead, families, lanes), and None where nobody else makes anything."""
        return self._firm.subcontractors.ahead if self._firm.subcontractors else None

    @property
    def most_hours_ahead(self) -> Array:
        """Regular hours a working day if as many people are hired as there may be, as soon as they can come."""
        people = self._firm.people
        if people is None or not self._firm.may_change_people:
            return self.hours_ahead
        return self._firm.of_open_sites(people.hours_of(*people.path(np.full_like(people.settled_hours, np.inf))))

    @property
    def made_demand(self) -> Array:
        """The demand plan of what is made, nothing for what is bought, (months ahead, products, lanes)."""
        return read_only(self.demand_plan * self.network.makes[self.network.sold])

    # --- the plan by day ---

    def until(self, monthly: Array, days_ahead: Whole) -> Array:
        """What a monthly plan, this month first, asks for from this morning through each row's number of days.

        (months ahead, rows, lanes) and (..., rows) -> (..., rows, lanes); within a month by working days.
        """
        bounds = np.concatenate([np.zeros((1, *monthly.shape[1:])), np.cumsum(monthly, axis=0)])
        return self._at(bounds, self.today + days_ahead) - self._at(bounds, np.full(days_ahead.shape[-1], self.today))

    def through(self, monthly: Array, days_ahead: Array) -> Array:
        """The same for days ahead that may differ by lane, (rows, 1 or lanes) -> (rows, lanes)."""
        day = self.today + days_ahead.astype(np.int64)
        if day.shape[-1] == 1:
            return self.until(monthly, day[:, 0] - self.today)
        bounds = np.concatenate([np.zeros((1, *monthly.shape[1:])), np.cumsum(monthly, axis=0)])
        (month, part), rows, lanes = self._place(day, len(monthly)), np.arange(len(day))[:, None], np.arange(self.lanes)
        reached = bounds[month, rows, lanes] + part * (bounds[month + 1, rows, lanes] - bounds[month, rows, lanes])
        return np.asarray(reached - self._at(bounds, np.full(len(day), self.today)))

    def curve(self, monthly: Array, days_ahead: Whole) -> Array:
        """The same for all rows at the same days: (days, rows, lanes)."""
        bounds = np.concatenate([np.zeros((1, *monthly.shape[1:])), np.cumsum(monthly, axis=0)])
        month, part = self._place(self.today + days_ahead, len(monthly))
        month0, part0 = self._place(np.array([self.today]), len(monthly))
        now = bounds[month0[0]] + part0[0] * (bounds[month0[0] + 1] - bounds[month0[0]])
        part_column = part[:, None, None]
        return np.asarray(bounds[month] + part_column * (bounds[month + 1] - bounds[month]) - now)

    def _at(self, bounds: Array, day: Whole) -> Array:
        month, part = self._place(day, len(bounds) - 1)
        rows = np.arange(day.shape[-1])
        return np.asarray(bounds[month, rows] + part[..., None] * (bounds[month + 1, rows] - bounds[month, rows]))

    def _place(self, day: Whole, months: int) -> tuple[Whole, Array]:
        """Which month of the plan a day lies in, and the share of its working days that are over."""
        day = np.minimum(day, self.days.count - 1)
        month = np.minimum(self.days.month[day], self.month + months - 1)
        worked, start = self.days.worked_so_far, self.days.month_start
        length = np.maximum(worked[start[month + 1]] - worked[start[month]], 1.0)
        return month - self.month, np.minimum((worked[day] - worked[start[month]]) / length, 1.0)

    def usage(self, days_ahead: int = 60) -> Array:
        """Planned use of every item a day over the days ahead, bills exploded, (items, lanes)."""
        reach = np.full(len(self.network.products), days_ahead)
        return self.network.total_use.flow(self.until(self.demand_plan, reach)) / days_ahead

    def at_most_to_come(self, level: Array) -> Array:
        """A stock level, but no more than what is still asked for of what goes into products whose end is known, (items, lanes)."""
        sold = self.sold_ahead
        if sold is None:
            return level
        stays = self.network.total_use.flow(sold[-1]) > 0
        whole = np.full(len(self.network.products), self.days.count)
        to_come = self.network.total_use.flow(self.until(self.demand_plan, whole))
        return np.where(stays, level, np.minimum(level, to_come))

    def cumulative_error(self, interval: Array) -> Array:
        """RMSE of the cumulative forecast error over each item's interval of days, (items, 1) -> (items, lanes).

        From forecasts as they were made, against what came; a product's error reaches its parts by the bill,
        errors of products taken as independent. Intervals between whole months by the square root.
        """
        months = np.maximum(np.ceil(interval[:, 0] / MONTH - 1e-9), 1).astype(int)
        error = np.zeros((len(self.network.names), self.lanes))
        for k in np.unique(months):
            rows = np.flatnonzero(months == k)
            square = self.network.total_use_squared.flow(self._firm.mean_square_error(int(k)))
            error[rows] = np.sqrt(square[rows] * (interval[rows] / (k * MONTH)))
        return error


class Desk(View):
    """The company as its planners see it while they plan: the drafts of this cycle lie before them."""

    @property
    def forecast(self) -> Array:
        """The forecast of this cycle, (months ahead, products, lanes)."""
        return read_only(self._firm.plans.forecast[self.month])

    @property
    def demand_plan(self) -> Array:
        """The demand plan of this cycle, (months ahead, products, lanes)."""
        return read_only(self._firm.plans.demand[self.month])

    @property
    def production_plan(self) -> Array:
        """The production plan of this cycle, (months ahead, families, lanes)."""
        return read_only(self._firm.plans.production[self.month])

    @property
    def safety_stock(self) -> Array:
        """The safety stock of this cycle, (items, lanes)."""
        return read_only(self._firm.plans.safety_stock[self.month])

    @property
    def production_in_force(self) -> Array:
        """What the floor works to until this cycle is decided, (months ahead, families, lanes)."""
        return super().production_plan

    @property
    def frames_ahead(self) -> Array:
        """Signed under frame contracts and not called off, by month due as agreed, (months ahead, products, lanes)."""
        return self._firm.deals_ahead("frames")

    @property
    def projects_ahead(self) -> Array:
        """Deals in sight at full quantity, by month expected due, (months ahead, products, lanes)."""
        return self._firm.deals_ahead("projects")

    @property
    def weighted_projects_ahead(self) -> Array:
        """Deals in sight times their stated probability, by month expected due, (months ahead, products, lanes)."""
        return self._firm.deals_ahead("weighted")

    @property
    def visible_share(self) -> Array:
        """How much of a month's demand was in sight so many months before, as experienced: (months ahead, products, lanes)."""
        return self._firm.visible_share()

    def signings_past(self) -> Past:
        """Past signatures by month, as demand is kept."""
        return self._firm.past_to(self.month, signed=True)

    @property
    def shipped_to_signed(self) -> Array:
        """What fell due in the last year over what was signed in it, (products, lanes)."""
        return self._firm.shipped_to_signed()

    @property
    def budget(self) -> Array:
        """The business plan of the months ahead, (months ahead, products, lanes)."""
        return read_only(self._firm.plans.budget[self.month : self.month + HORIZON])

    @property
    def note(self) -> dict[str, Array]:
        """Tables that a rule keeps with this cycle's documents: note[name] = array."""
        return self._firm.cycle_notes


__all__ = ["HORIZON", "MONTH", "Desk", "Past", "View", "read_only"]
