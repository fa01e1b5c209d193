"""The sales organisation: targets, attainment, alerts, and the push at the end of a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.company import Company
from simulator.company.market import price_factors, segment_mix
from simulator.engine.departments.department import Department
from simulator.kernel.lanes import TINY, total
from simulator.kernel.units import Array
from simulator.planning.discipline import DONE, LATE
from simulator.world.luck.weather import ACTION_OWNERS

if TYPE_CHECKING:
    from simulator.engine.firm import Firm

MONTHS_A_YEAR = 12
"""Months of a target."""


class Sales(Department):
    """Break targets down from year to month, week and day; channels managed by result pull orders forward to reach them."""

    name = "sales"
    memos = {
        "target": "segments",
        "alerts": "segments",
        "pushed": "orders",
        "push_discount": "orders",
        "mended": "orders",
    }

    @classmethod
    def wanted(cls, company: Company) -> bool:
        """Tell if any channel has a sales target."""
        return company.sales is not None

    def __init__(self, firm: Firm) -> None:
        super().__init__(firm)
        assert firm.company.sales is not None
        self.force = firm.company.sales
        n, company = firm.network, firm.company
        targets = [self.force.targets.get(company.segments[s].channel or "") for s in n.segments]
        self.asked: Array = np.zeros((len(n.segments), len(n.products), 1))  # of last year's sales
        for row, target in zip(self.asked, targets, strict=True):
            if target:
                row[:, 0] = [1 + target.growth * target.products.get(name, 1.0) for name in n.products]
        shape = (len(n.segments), firm.lanes)
        self.year: Array = np.zeros((MONTHS_A_YEAR, *shape))  # target by month
        self.sold, self.to_date = np.zeros(shape), np.zeros(shape)  # this month: signed, and asked for
        self.may_pull: Array = np.zeros(shape)  # what is left of this month's limit
        self.taken: dict[int, Array] = {}  # by day: what was pulled forward from it
        self.acts_on: dict[int, Array] = {}  # by day: 1 for segments whose alert is acted on, (segments, lanes)
        self.read_prices()

    def read_prices(self) -> None:
        """Take up list prices as they are known to come."""
        self.price_factors = price_factors(self.firm.company, self.firm.days)

    # --- targets ---

    def open_day(self) -> None:
        """Targets of the year on its first day, of the day on every day."""
        firm, calendar, today = self.firm, self.firm.calendar, self.firm.today
        month = int(calendar.month[today])
        if today == calendar.month_start[month]:
            if month % MONTHS_A_YEAR == 0:
                self._set_targets()
            self.sold[...] = self.to_date[...] = 0.0
        if firm.works_today:
            self._watch_attainment()
            start = calendar.month_start[month : month + 2]
            worked = np.diff(calendar.worked_so_far[start])[0]
            today_asked = self.year[month % MONTHS_A_YEAR] / worked
            self.to_date += today_asked
            firm.ledger.note("target", today_asked)

    def _set_targets(self) -> None:
        """Last year's months with the growth that each channel is asked for, by the segments' shares in each product."""
        asked = self.asked * self._shares()
        last_year = self.firm.past_to(self.firm.view.month).last_year()
        for segment, share in enumerate(asked):
            self.year[:, segment] = (last_year * share).sum(axis=1)

    def _shares(self) -> Array:
        """Each segment's part in last year's sales of a product; in the first year, its part in the mean demand."""
        firm, year = self.firm, self.firm.calendar.month_start[max(self.firm.view.month - MONTHS_A_YEAR, 0)]
        expected = segment_mix(firm.company, firm.network.segments)[:, :, None]
        due = total(firm.ledger.book["due"][year : firm.today])
        sold = total(due)
        return np.where(sold > TINY, due / np.maximum(sold, TINY), expected)

    def _watch_attainment(self) -> None:
        """Once a week, while it can be mended: an alert where sales lag their target to date."""
        if self.firm.planning_day[self.firm.today] and self._days_left() > self.force.push_days:
            lags = self.sold < (1 - self.force.alert) * self.to_date - TINY
            self.firm.ledger.note("alerts", lags.astype(np.float64))
            if self.force.mends and lags.any():
                self._raise_actions(lags.astype(np.float64))

    def _raise_actions(self, lags: Array) -> None:
        """Have sales managers act on today's alerts: by their due day, late or never, as disciplined as they are."""
        firm, rule = self.firm, self.firm.policy.discipline
        due = firm.calendar.working_days_from(firm.today, self.force.mends_days)
        owner = ACTION_OWNERS.index("demand")
        status = rule.status(firm.weather.follow_up[firm.view.month, owner])
        for how, day in ((DONE, due), (LATE, firm.calendar.working_days_from(due, rule.late_days))):
            if firm.calendar.month[day] == firm.view.month:  # later there is nothing left to mend
                self.acts_on[day] = np.maximum(self.acts_on.get(day, 0.0), lags * (status == how))

    def _days_left(self) -> int:
        """Working days left in the month, today included."""
        worked, end = self.firm.calendar.worked_so_far, self.firm.calendar.month_start[self.firm.view.month + 1]
        return int(worked[end] - worked[self.firm.today])

    # --- orders ---

    def arranged(self, wanted: Array) -> Array:
        """Today's everyday orders: without those that were pulled forward from today, with those pulled forward to today."""
        taken = self.taken.pop(self.firm.today, None)
        if taken is not None:
            wanted = wanted - taken
        left = self._days_left()
        if self.force.pushes and self.firm.works_today and left <= self.force.push_days:
            wanted = wanted + self._pull(wanted, left)
        acts = self.acts_on.pop(self.firm.today, None)
        return wanted if acts is None else wanted + self._mend(wanted, acts)

    def record(self, signed: Array) -> None:
        """Count today's signed orders against the month's target."""
        self.sold += signed.sum(axis=1)

    def _pull(self, wanted: Array, left: int) -> Array:
        """Orders of the coming weeks, the nearest first, as far as the target and the limit go: (segments, products, lanes)."""
        signed, sold = self.firm.weather.signed, self._sold()
        there = {day: (signed[day] - self.taken.get(day, 0.0)) * sold for day in self._window()}
        pool: Array = sum(there.values(), np.zeros_like(wanted))
        if left == self.force.push_days:
            self.may_pull = self._limit() * pool.sum(axis=1)
        gap = np.maximum(self.to_date - self.sold - wanted.sum(axis=1), 0.0) / left  # not all on the first day
        share = np.minimum(gap, self.may_pull) / np.maximum(pool.sum(axis=1), TINY)
        pulled: Array = pool * np.minimum(share, 1.0)[:, None]
        if self.firm.company.whole_units:
            pulled = np.floor(pulled + TINY)
        self.may_pull = self.may_pull - pulled.sum(axis=1)
        self._take(pulled, there)
        self._note(pulled)
        return pulled

    def _mend(self, wanted: Array, acts: Array) -> Array:
        """Orders of next month's first days that customers give today, as far as what lags and the share that agrees go."""
        signed, sold = self.firm.weather.signed, self._sold()
        there = {day: (signed[day] - self.taken.get(day, 0.0)) * sold for day in self._window()}
        pool: Array = sum(there.values(), np.zeros_like(wanted))
        lags = np.maximum(self.to_date - self.sold - wanted.sum(axis=1), 0.0) * acts
        share = np.minimum(lags, self.force.mends * pool.sum(axis=1)) / np.maximum(pool.sum(axis=1), TINY)
        brought: Array = pool * np.minimum(share, 1.0)[:, None]
        if self.firm.company.whole_units:
            brought = np.floor(brought + TINY)
        self._take(brought, there)
        self.firm.ledger.note("mended", brought)
        return brought

    def _window(self) -> list[int]:
        """The working days after this month from which orders can be pulled, as far as demand is known to the simulator."""
        calendar, end = self.firm.calendar, int(self.firm.calendar.month_start[self.firm.view.month + 1])
        worked = np.flatnonzero(calendar.working[end : len(self.firm.weather.signed)])[: self.force.window]
        return [end + int(day) for day in worked]

    def _sold(self) -> Array | float:
        """Return 1 for products that are sold this month: nothing is ordered today that is launched tomorrow."""
        ahead = self.firm.view.sold_ahead
        return 1.0 if ahead is None else ahead[0]

    def _limit(self) -> float:
        """The share of the window that may be pulled forward: more at the end of a quarter."""
        quarter = (self.firm.calendar.month_of_year[self.firm.view.month] + 1) % 3 == 0
        return self.force.most_pulled * (self.force.quarter_end if quarter else 1.0)

    def _take(self, pulled: Array, there: dict[int, Array]) -> None:
        """Note on which later days the orders are missing that were pulled forward: the hole after the push."""
        left = pulled
        for day, units in there.items():
            now = np.minimum(units, left)
            self.taken[day] = self.taken.get(day, 0.0) + now
            left = left - now

    def _note(self, pulled: Array) -> None:
        """Units pulled forward, and what their discount costs; who is no longer a customer takes none."""
        firm = self.firm
        loyal = firm.customers.level[:, None] if firm.customers else 1.0
        price = (
            firm.network.price if self.price_factors is None else firm.network.price * self.price_factors[firm.today]
        )
        firm.ledger.note("pushed", pulled)
        firm.ledger.note("push_discount", pulled * loyal * price * self.force.discount)
