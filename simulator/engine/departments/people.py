"""People and machines: who is there, what is up, how many hours that gives today and is to give in the months ahead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from simulator.company import Company
from simulator.engine.departments.department import Department
from simulator.engine.departments.roster import Posts, Roster
from simulator.kernel.clock import Hour
from simulator.kernel.lanes import TINY, Links
from simulator.kernel.plans import HORIZON
from simulator.kernel.units import Array, Mask, Whole
from simulator.world.staffing import Staffing, has_staff

if TYPE_CHECKING:
    from simulator.engine.firm import Firm


class People(Department):
    """People and machines: who is there, what is up, how many hours that gives."""

    name = "people"
    memos = dict.fromkeys(
        (
            "heads",  # on the payroll
            "hired",  # started today
            "dismissed",  # left today, as they were told
            "resigned",  # left of their own will
            "hours_there",  # regular hours to work in: of people, machines that run, sites that are open
            "paid_hours",  # regular hours of all who are on the payroll
            "shift_hours",  # those of them in shifts beyond the first
            "setups",  # how many families started that did not run the working day before
            "setup_hours",  # and what that took
        ),
        "resources",
    )

    def __init__(self, firm: Firm) -> None:
        super().__init__(firm)
        assert firm.network.staffing is not None
        self.staffing: Staffing = firm.network.staffing
        self.roster = Roster(self.staffing, firm.lanes)
        self._enter_changes()
        self.rostered = self._of_roster()
        self._running: Mask = np.zeros((self.staffing.setups.size, firm.lanes), dtype=bool)
        self._families_at = _families_at(firm)

    @classmethod
    def wanted(cls, company: Company) -> bool:
        """Tell if the company describes people, shifts, failures or set-ups."""
        return has_staff(company)

    def _enter_changes(self) -> None:
        """Enter the people who start or leave on days to come, as it was decided before the first day."""
        first, worked = self.firm.company.calendar.start, self.firm.calendar.next_working
        for k, resource in enumerate(self.firm.company.resources.values()):
            for change in resource.people.changes if resource.people else ():
                day = int(worked[min(max((change.on - first).days, 0), len(worked) - 1)])
                amount = np.zeros_like(self.roster.heads)
                amount[k] = abs(change.heads)
                (self.roster.starts if change.heads > 0 else self.roster.ends).append((day, amount))

    # --- today ---

    def day(self) -> Iterator[tuple[Hour, Callable[[], None]]]:
        """Start, leave and be paid in the morning."""
        yield Hour.STAFF, self.begin_the_day

    def begin_the_day(self) -> None:
        """Let people start and leave, and pay those who are there; without a monthly cycle replace leavers."""
        firm = self.firm
        self.turn()
        if firm.works_today:
            self.pay()
        if not firm.holds_cycles and firm.today == firm.days.first_worked[firm.view.month]:
            self.decide(None, firm.today)

    def turn(self) -> None:
        """People start and leave, shifts open and close; on the first day of a month some leave of their own will."""
        firm, ledger, roster, month = self.firm, self.firm.ledger, self.roster, self.firm.view.month
        changing = roster.moves
        started, left = roster.turn(firm.today)
        luck = firm.weather.resignations
        if luck is not None and firm.today == firm.days.month_start[month]:
            changing = True
            gone = np.minimum(np.floor(roster.heads * self.staffing.attrition / 12 + luck[month]), roster.heads)
            roster.heads = roster.heads - gone
            ledger.note("resigned", gone)
        if changing:
            ledger.note("hired", started)
            ledger.note("dismissed", left)
            self.rostered = self._of_roster()
        ledger.note("heads", roster.heads)

    def _of_roster(self) -> Array:
        """Regular hours of today's people and shifts, failures left out."""
        roster = self.roster
        return self.staffing.there(np.maximum(roster.heads - roster.slow_on(roster.today), 0.0), roster.shifts)

    @property
    def hours(self) -> Array:
        """Regular hours of today, (resources, lanes)."""
        uptime = self.firm.weather.uptime
        return self.rostered if uptime is None else self.rostered * uptime[self.firm.today]

    def pay(self) -> None:
        """Count the regular hours that are paid on a working day, and those in shifts beyond the first."""
        s, roster, ledger = self.staffing, self.roster, self.firm.ledger
        paid = np.where(s.manned, roster.heads * s.per_head, roster.shifts * s.shift_hours * s.availability)
        ledger.note("paid_hours", paid)
        if s.most_shifts.max() > 1:
            ledger.note("shift_hours", paid * (1.0 - 1.0 / roster.shifts))

    def clock_in(self) -> None:
        """Count the regular hours that are there to work in."""
        self.firm.ledger.note("hours_there", self.firm.hours_today)

    @property
    def sets_up(self) -> bool:
        """Tell if any resource must be set up for any family."""
        return bool(self._families_at)

    def set_up(self, starting: Array, hours: Array) -> Array:
        """Hours, of those that there are, that set-ups take today for the items about to start, (items, lanes)."""
        running = self._families_at.flow(np.where(starting > TINY, 1.0, 0.0)) > 0
        fresh = (running & ~self._running).reshape(*self.staffing.setups.shape[:2], -1)
        self._running = running
        taken = np.minimum(np.add.reduce(fresh * self.staffing.setups, axis=0), hours)
        self.firm.ledger.note("setups", np.add.reduce(fresh, axis=0))
        self.firm.ledger.note("setup_hours", taken)
        return taken

    # --- the months ahead ---

    @property
    def _middles(self) -> Whole:
        """The day in the middle of what is left of each month ahead."""
        start = self.firm.calendar.month_start[self.firm.view.month : self.firm.view.month + HORIZON + 1]
        return np.asarray((np.maximum(start[:-1], self.firm.today) + start[1:]) // 2)

    @property
    def settled_hours(self) -> Array:
        """Hours a working day of the people, or shifts, that there are once all that is decided has come, (resources, lanes)."""
        there = np.where(self.staffing.manned, self.roster.settled, self.roster.settled_shifts)
        return there * self.staffing.a_head

    def settled_people(self) -> Array:
        """People as far as it is decided, (months ahead, resources, lanes)."""
        return np.stack([self.roster.people_on(int(day)) for day in self._middles])

    @property
    def reach(self) -> tuple[Mask, Mask]:
        """The months in which a decision of today can have hired, and dismissed, (months ahead, resources)."""
        late = self._middles[:, None] - self._decided_on
        return late >= self.staffing.hire_days[:, 0], late >= self.staffing.notice_days[:, 0]

    def path(self, wanted: Array | None) -> tuple[Array, Array]:
        """People and shifts for hours wanted a working day, no sooner than they can come or go: (months ahead, resources, lanes).

        None wants as many as on the first day.
        """
        s, late = self.staffing, self._middles[:, None, None] - self._decided_on
        settled = self.settled_people()
        heads, shifts = (s.heads, s.shifts) if wanted is None else s.needed(wanted)
        heads = np.where(late >= s.hire_days, heads, np.minimum(heads, settled))
        heads = np.where(late >= s.notice_days, heads, np.maximum(heads, settled))
        before = np.stack([self.roster.shifts_on(int(day)) for day in self._middles])
        return heads, np.where(late >= s.shift_notice, shifts, before)

    @property
    def _decided_on(self) -> int:
        return self.firm.calendar.working_days_from(self.firm.today, self.firm.policy.decision_delay)

    def hours_of(self, heads: Array, shifts: Array) -> Array:
        """Regular hours a working day that may be counted on, new people still slow: (months ahead, resources, lanes)."""
        slow = np.stack([self.roster.slow_on(int(day)) for day in self._middles])
        return self.staffing.hours(np.maximum(heads - slow, 0.0), shifts)

    def hours_ahead(self) -> Array:
        """Return regular hours of the people and shifts that are decided."""
        shifts = np.stack([self.roster.shifts_on(int(day)) for day in self._middles])
        return self.hours_of(self.settled_people(), shifts)

    def cost(self, heads: Array, days: Array) -> Array:
        """Work out the cost of hiring, dismissing and wages beyond the decided ones over some months, (lanes,)."""
        s, months = self.staffing, len(days)
        more = (heads - self.settled_people())[:months]
        steps = np.diff(more, axis=0, prepend=np.zeros_like(more[:1]))
        rates = np.maximum(steps, 0.0) * s.hire_cost + np.maximum(-steps, 0.0) * s.dismiss_cost
        return np.asarray((rates + more * s.per_head * s.wage * days).sum(axis=(0, 1)))

    # --- decisions ---

    def decide(self, wanted: Array | None, effective: Whole | int, more: Array | None = None) -> dict[str, Array]:
        """Hire, give notice, open and close shifts so that the first months that this can reach have what is wanted, and more.

        `effective` is the day from which the decision holds, by lane. Nobody is told to go who is wanted again by the time
        that a new one could start. Returns what the minutes say of it.
        """
        s, roster, late = self.staffing, self.roster, self._middles[:, None, None] - self._decided_on
        heads, shifts = self.path(wanted)
        if more is not None:
            heads = np.where(more != 0, np.clip(heads + more, s.least, s.most), heads)
        hire, leave, change = (_first(late >= days) for days in (s.hire_days, s.notice_days, s.shift_notice))
        months = np.arange(HORIZON)[:, None, None]
        kept = np.where((months >= leave) & (months <= np.maximum(leave, hire)), heads, 0.0).max(axis=0)
        wish = np.take_along_axis(heads, hire[None], axis=0)[0]
        minutes = {
            "people settled": self.settled_people(),
            "hours settled": self.hours_ahead(),
            "people planned": heads,
            "hours planned": self.hours_of(heads, shifts),
            "people hired": np.maximum(wish - roster.settled, 0.0),
            "people told to go": np.maximum(roster.settled - np.maximum(kept, wish), 0.0),
        }
        self._post(roster.starts, minutes["people hired"], s.hire_days, effective)
        self._post(roster.ends, minutes["people told to go"], s.notice_days, effective)
        lacking = np.take_along_axis(shifts, change[None], axis=0)[0] - roster.settled_shifts
        self._post(roster.changes, lacking, s.shift_notice, effective)
        return minutes

    def _post(self, posts: Posts, amount: Array, delay: Array, effective: Whole | int) -> None:
        """Enter what was decided for the day on which it comes, by resource and lane."""
        worked = self.firm.calendar.next_working
        days = np.maximum(effective + delay.astype(np.int64), self.firm.today + 1)
        days = np.broadcast_to(worked[np.minimum(days, len(worked) - 1)], amount.shape)
        for day in np.unique(days[amount != 0]):
            posts.append((int(day), np.where(days == day, amount, 0.0)))


def _first(reached: Mask) -> Whole:
    """The first month that can be reached, the last one where none can."""
    return np.where(reached.any(axis=0), np.argmax(reached, axis=0), len(reached) - 1)


def _families_at(firm: Firm) -> Links:
    """Find the items that start a family on a resource that must be set up for it: families and resources in one row."""
    n, setups = firm.network, firm.network.staffing.setups[..., 0]  # type: ignore[union-attr]
    resource, item = n.load.matrix.nonzero()
    links = [
        (int(i), int(n.family_of[i]) * len(n.resources) + int(r), 1.0)
        for r, i in zip(resource, item, strict=True)
        if i < len(n.products) and setups[n.family_of[i], r] > 0
    ]
    return Links(links, len(n.names), setups.size)
