"""Show planners the company this morning: stocks, orders, backlog, the calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Self

import numpy as np

from simulator.company import Days, Resource
from simulator.company.finance import Finance
from simulator.kernel.clock import Hour
from simulator.kernel.lanes import column, stretch, total
from simulator.kernel.plans import HORIZON
from simulator.kernel.units import Array, Mask, Whole
from simulator.world.network import Network
from simulator.world.receipts import RECENT, due_before, lateness
from simulator.world.view.past import SupplyRecord, read_only

if TYPE_CHECKING:
    from simulator.engine.firm import Firm

FOUR_WEEKS = 28
"""Days whose use is expected to go on where no plan says otherwise."""

SLACK = 60
"""Days beyond the lead time for which orders may be late."""


class Now:
    """The company as it stands this morning."""

    def __init__(self, firm: Firm, calls: Array | float = 0.0, over: Mask | bool = False) -> None:
        self._firm = firm
        self._calls, self._over = calls, over  # decided tonight and not yet in the books

    def once_called(self, calls: Array, rows: slice | Whole) -> Self:
        """Tonight, once so much more is called for of what goes into other things; of these rows that is all for today."""
        over = np.zeros(len(self.network.names), dtype=bool)
        over[rows] = True
        return type(self)(self._firm, self._calls + calls, self._over | over)

    @property
    def network(self) -> Network:
        """Items and what links them."""
        return self._firm.network

    @property
    def classes(self) -> Mapping[str, Whole]:
        """The items of each class, as the policy sorts them: which rows, by the class's name."""
        return self._firm.classes

    @property
    def finance(self) -> Finance:
        """Return the rates of finance: holding, lateness, capital and the like."""
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
        firm = self._firm  # asked for most of all: without a detour
        return firm.calendar.month_of_day[firm.ledger.day]

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
        """Count the replications in this run."""
        return self._firm.lanes

    @property
    def on_hand(self) -> Array:
        """Return stock on hand by the record, (items, lanes)."""
        stockroom = self._firm.stockroom
        return read_only(stockroom.record if stockroom else self._firm.ledger.level["on_hand"])

    @property
    def on_order(self) -> Array:
        """Scheduled receipts, good units only, (items, lanes)."""
        return read_only(self._firm.ledger.level["on_order"])

    def receipts_before(self, days: Whole) -> Array:
        """Return the scheduled receipts that planners expect before each of some days ahead, (days ahead, items, lanes).

        Orders are due their lead time after they were placed, those of suppliers as much later as they usually are.
        """
        n, outside = self.network, self.network.outside
        if outside is None:
            return due_before(self.on_order, self._placed("released", n.lead_time), self._promised(), days)
        lead = n.lead_time.copy()
        lead[n.sold, 0] = outside.lead_time
        placed = self._placed("subcontracted", lead)
        under_way = total(placed * (np.arange(len(placed), 0, -1)[:, None, None] <= lead))
        own = due_before(self.on_order - under_way, self._placed("released", n.lead_time), self._promised(), days)
        return own + due_before(under_way, placed, lead, days)

    def _placed(self, flow: str, lead_time: Array) -> Array:
        """Look up the amounts put on order on each day of the longest lead time, the latest last, (days, items, lanes)."""
        first = max(0, self.today - int(np.ceil(lead_time.max())) - SLACK)
        return self._firm.ledger.book[flow][first : self.today]

    def _promised(self) -> Array:
        """Days from an order to its receipt as planners have learnt to expect it, (items, 1 or lanes)."""
        n, books = self.network, self._firm.ledger
        usual = np.maximum(self.lead_time, n.lead_time)
        rows = n.bought if self._firm.purchasing else n.bought[n.varying]
        if not rows.size or not self.today:
            return usual
        year, where = slice(max(0, self.today - RECENT), self.today), stretch(rows)
        level, came = (total(book[year, where]) for book in (books.closing["on_order"], books.book["received"]))
        late = lateness(level, came, n.lead_time[rows])
        promised = np.repeat(usual, self.lanes, axis=1) if usual.shape[1] == 1 else usual.copy()
        promised[rows] = np.maximum(promised[rows], n.lead_time[rows] + late)
        return promised

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
        """Return the record of each source so far; zeros in a company that keeps none."""
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
        """On hand and under way, less the backlog and what will expire before an order of tonight is there, (items, lanes)."""
        return self.position_over(1)

    @property
    def inventory_position(self) -> Array:
        """Stock position with what the floor has still to start, and less what that will take, (items, lanes)."""
        return self.with_the_floor(self.stock_position)

    def position_over(self, days: int) -> Array:
        """Return stock on hand and under way, less backlog and what expires before an order placed some days later arrives.

        For a decision of every day that is 1 and means the lead time of tonight's order; one that is made once a week looks 7
        days ahead, since the next one helps only then.
        """
        return self.position_until(self.lead_time + days - 1)

    def position_until(self, days: Array) -> Array:
        """Return stock on hand and under way, less backlog and what expires within these days, (items, 1 or lanes) -> (items, lanes)."""
        position = self.on_hand + self.on_order
        if self._perishes:
            position -= self.waste_until(days)
        position[self.network.sold] -= total(self.backlog)
        return position

    @property
    def _perishes(self) -> bool:
        """Tell if anything goes bad in stock."""
        return self._firm.quality is not None and self.network.perishable.size > 0

    def waste_until(self, days: Array) -> Array:
        """Estimate the stock that expires within the given days, (items, 1 or lanes) -> (items, lanes)."""
        n, quality, waste = self.network, self._firm.quality, np.zeros((len(self.network.names), self.lanes))
        if quality and self._perishes:
            owed = np.zeros_like(waste)
            owed[n.sold] = total(self.backlog)
            rows, still_to_come = n.perishable, float(self._firm.env.now % 24 < Hour.DUE)
            use = self.use_expected()[rows]
            waste[rows] = quality.freshness.expected_waste(use, days[rows], owed[rows], still_to_come)
        return waste

    def with_the_floor(self, position: Array) -> Array:
        """A position with what the floor has still to start, and less what that will take, (items, lanes)."""
        if self.network.made.size:
            position += self.to_start * self.network.good
            if self.network.bill:
                position -= self.network.bill.flow(self.to_start)
        return position

    def use_expected(self) -> Array:
        """Use a day as planned, and where nothing is planned as in the last four weeks, (items, lanes)."""
        planned, lately = self.usage(), self.used_lately(FOUR_WEEKS)
        return np.where(planned > 0, planned, total(lately) / len(lately))

    def usage(self, days_ahead: int = 60) -> Array:
        """Planned use a day, (items, lanes)."""
        raise NotImplementedError

    def due_lately(self, days: int) -> Array:
        """Orders that fell due in the last days, today first: (days, segments, products, lanes)."""
        first = max(0, self.today - days + 1)
        return read_only(self._firm.ledger.book["due"][first : self.today + 1][::-1])

    def used_lately(self, days: int) -> Array:
        """Return demand of the last days that are over, the latest last: (days, items, lanes).

        Customers ask by what falls due, production by what is released, whether or not there is any, or where a schedule is
        made anew every week, by what is started of it. A day is over for an item once its orders are in and all that it goes
        into is released, or started; until then the latest day is yesterday.
        """
        record = self._record(days + 1)
        record[-1] += self._calls
        used, going_on = record[-days:], np.flatnonzero(~self._firm.over & (self._firm.drawn | ~self._over))
        if len(record) > days:
            used[:, going_on] = record[:-1, going_on]
        else:
            used[1:, going_on] = used[:-1, going_on]
            used[0, going_on] *= self.today > 0  # nothing is known before the first day is over
        return used

    def _record(self, days: int) -> Array:
        """Return demand until now, for all days that are known: (days, items, lanes)."""
        first, today = self.today - days + 1, slice(self.today, self.today + 1)
        over = self._once_today("record", days, lambda: self._asked_for(first, slice(max(first, 0), self.today)))
        return np.concatenate([over, self._asked_for(0, today)])

    def _asked_for(self, first: int, run: slice) -> Array:
        """Demand of some days of the run, behind that of the days before it from the first on: (days, items, lanes)."""
        firm = self._firm
        called, orders = firm.ledger.memo.get("called_for"), firm.ledger.book["due"][run]
        before = firm.use_before(max(-first, 0))
        record: Array = np.zeros((len(before) + len(orders), len(self.network.names), self.lanes))
        record[: len(before)] = before
        if called is not None:
            record[len(before) :] = called[run]
        record[len(before) :, self.network.sold] += orders.sum(axis=1)
        return record

    def review_due(self, days: int) -> bool:
        """Tell if a review with this interval in days is due tonight; one on a day off is held on the next working day."""
        return self.today // days > self.days.last_worked[self.today] // days

    @property
    def plans_are_settled(self) -> bool:
        """Tell if no meeting of today can change a plan in force any more."""
        return self._firm.env.now % 24 > Hour.MEET

    def _once_today(self, what: str, which: int, work: Callable[[], Array]) -> Array:
        """Work out once what stays as it is until midnight."""
        known = self._firm.of_today
        if (what, which) not in known:
            known[what, which] = read_only(work())
        return known[what, which]

    def listed(self, table: Mapping[str, float]) -> Array:
        """A figure that a rule lists for every item, (items, 1 or lanes); brought into the order of the items once a run."""
        known = self._firm.of_the_run
        if id(table) not in known:
            known[id(table)] = table, read_only(column(table[name] for name in self.network.names))
        return known[id(table)][1]

    @property
    def plans_the_week(self) -> bool:
        """Tell if the master schedule and the requirements are planned today."""
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
