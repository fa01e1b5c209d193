"""Show a planner the past, the present and the plans in force; read-only, and never the future."""

from __future__ import annotations

import numpy as np

from simulator.kernel.lanes import total
from simulator.kernel.plans import HORIZON
from simulator.kernel.units import DAYS_A_MONTH, Array, Mask, Whole
from simulator.world.view.now import Now
from simulator.world.view.past import Past, read_only


class View(Now):
    """The company as its planners see it."""

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
        """Return the most that subcontractors can make, (months ahead, families, lanes); None if there are none."""
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
        """Sum a monthly plan, this month first, from this morning through each row's number of days.

        (months ahead, rows, lanes) and (..., rows) -> (..., rows, lanes); within a month by working days.
        """
        bounds = self._bounds(monthly, self.today + days_ahead)
        return self._at(bounds, self.today + days_ahead) - self._at(bounds, np.full(days_ahead.shape[-1], self.today))

    def through(self, monthly: Array, days_ahead: Array | Whole) -> Array:
        """Sum a monthly plan through days ahead that may differ by lane, (rows, 1 or lanes) -> (rows, lanes)."""
        day = self.today + days_ahead.astype(np.int64)
        if day.shape[-1] == 1:
            return self.until(monthly, day[:, 0] - self.today)
        bounds = self._bounds(monthly, day)
        (month, part), rows, lanes = self._place(day, len(monthly)), np.arange(len(day))[:, None], np.arange(self.lanes)
        reached = bounds[month, rows, lanes] + part * (bounds[month + 1, rows, lanes] - bounds[month, rows, lanes])
        return np.asarray(reached - self._at(bounds, np.full(len(day), self.today)))

    def of_today(self, monthly: Array) -> Array:
        """Return the plan's amount for today alone, which is over when a rule decides in the evening: (rows, lanes)."""
        return self.until(monthly, np.ones(monthly.shape[1], dtype=np.int64))

    def curve(self, monthly: Array, days_ahead: Whole) -> Array:
        """Sum a monthly plan for all rows through the same days: (days, rows, lanes)."""
        bounds = self._bounds(monthly, self.today + days_ahead)
        month, part = self._place(self.today + days_ahead, len(monthly))
        month0, part0 = self._place(np.array([self.today]), len(monthly))
        now = bounds[month0[0]] + part0[0] * (bounds[month0[0] + 1] - bounds[month0[0]])
        part_column = part[:, None, None]
        return np.asarray(bounds[month] + part_column * (bounds[month + 1] - bounds[month]) - now)

    def months_to(self, day: Whole, months: int = HORIZON) -> int:
        """Months of a plan, this one first, that are looked at by the latest of these days."""
        latest = min(int(day.max(initial=self.today)), self.days.count - 1)
        return min(self.days.month_of_day[latest] - self.month + 1, months)

    def _bounds(self, monthly: Array, day: Whole) -> Array:
        """Sum a monthly plan until each month begins, and until the last one ends that is looked at: (months + 1, rows, lanes)."""
        months = self.months_to(day, len(monthly))
        bounds = np.zeros((months + 1, *monthly.shape[1:]))
        for so_far, amount, then in zip(bounds, monthly, bounds[1:], strict=False):
            np.add(so_far, amount, out=then)
        return bounds

    def _at(self, bounds: Array, day: Whole) -> Array:
        month, part = self._place(day, len(bounds) - 1)
        rows = np.arange(day.shape[-1])
        return np.asarray(bounds[month, rows] + part[..., None] * (bounds[month + 1, rows] - bounds[month, rows]))

    def _place(self, day: Whole, months: int) -> tuple[Whole, Array]:
        """Find the month of the plan in which a day lies, and the share of its working days that are over."""
        day = np.minimum(day, self.days.count - 1)
        month = np.minimum(self.days.month[day], self.month + months - 1)
        worked, start = self.days.worked_so_far, self.days.month_start
        length = np.maximum(worked[start[month + 1]] - worked[start[month]], 1.0)
        return month - self.month, np.minimum((worked[day] - worked[start[month]]) / length, 1.0)

    def usage(self, days_ahead: int = 60) -> Array:
        """Planned use of every item a day over the days ahead, bills exploded, (items, lanes).

        Months in which nobody works have no rate: so many days are looked ahead without theirs.
        """
        if not self.plans_are_settled:
            return self._usage(days_ahead)
        return self._once_today("usage", days_ahead, lambda: self._usage(days_ahead))

    def _usage(self, days_ahead: int) -> Array:
        reach = self.days.rated_days(self.today, np.full(len(self.network.products), days_ahead))
        return self.network.total_use.flow(self.until(self.demand_plan, reach)) / days_ahead

    def at_most_to_come(self, level: Array) -> Array:
        """A stock level, but no more than what is still asked for of what goes into products whose end is known, (items, lanes)."""
        sold = self.sold_ahead
        if sold is None:
            return level
        stays = self.network.total_use.flow(sold[-1]) > 0
        whole = np.full(len(self.network.products), self.days.count)
        to_come = self.network.total_use.flow(self.until(self.demand_plan, whole) - self.of_today(self.demand_plan))
        return np.where(stays, level, np.minimum(level, to_come))

    def cumulative_error(self, interval: Array) -> Array:
        """RMSE of the cumulative forecast error over each item's interval of days, (items, 1) -> (items, lanes).

        From forecasts as they were made, against what came; a product's error reaches its parts by the bill,
        errors of products taken as independent. Intervals between whole months by the square root.
        """
        months = np.maximum(np.ceil(interval[:, 0] / DAYS_A_MONTH - 1e-9), 1).astype(int)
        error = np.zeros((len(self.network.names), self.lanes))
        for k in np.unique(months):
            rows = np.flatnonzero(months == k)
            square = self.network.total_use_squared.flow(self._firm.mean_square_error(int(k)))
            error[rows] = np.sqrt(square[rows] * (interval[rows] / (k * DAYS_A_MONTH)))
        return error
