"""The company in motion: its stocks, order book, backlog, open orders and approved plans."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from simpy import Environment

from simulator.company import Company, Days
from simulator.company.calendar import with_history
from simulator.company.market import market_outlook
from simulator.engine.accounts import accounts, departments_of, memos
from simulator.engine.commitments import Commitments
from simulator.engine.departments import (
    Customers,
    Department,
    People,
    Pipeline,
    Purchasing,
    Quality,
    Sales,
    Stockroom,
    Subcontractors,
)
from simulator.engine.mandates import Mandates
from simulator.engine.money.journal import ClosedMonths
from simulator.engine.promises import Promises
from simulator.engine.register import Register
from simulator.engine.treasury import Treasury
from simulator.kernel.ledger import EVERYTHING, Ledger, Shelf
from simulator.kernel.messages import Text, msg
from simulator.kernel.plans import HORIZON, PEOPLE_WANTED, Plans
from simulator.kernel.units import Array, Mask, PolicyError, Whole
from simulator.planning import Policy
from simulator.planning.decisions import Decided, Decision
from simulator.planning.late import LateCost
from simulator.planning.projection import Outlook
from simulator.world.archive import Archive
from simulator.world.call_offs import CallOffs
from simulator.world.luck import Weather
from simulator.world.network import Network, lock
from simulator.world.opening import Opening, enter
from simulator.world.view import Desk, View

D = TypeVar("D", bound=Department)


@dataclass
class HeldBack:
    """Effects of holding orders back, by the end of each month ahead."""

    orders: Array  # share of what is still to be ordered that waits, (months ahead, bought items, lanes)
    products: Array  # share of what is made or comes without that, (months ahead, products, lanes)


@dataclass
class Option:
    """A plan that could be approved, and what it is expected to do: (months ahead, families or resources, lanes)."""

    name: Text
    production: Array
    overtime: Array  # hours a working day
    outside: Array | None = None  # made by subcontractors, as production
    people: Array | None = None  # hours a working day that people are to give; None for as many as on the first day
    express: Array | None = None  # parts that suppliers are to deliver express, (bought items, lanes)
    orders: Array | None = None  # parts to be ordered beyond what the rules order, (bought items, lanes)
    budget: Array | None = None  # money a month for orders, without end where nothing is held back, (lanes,)
    held: HeldBack | None = None  # what follows from orders that are held back
    declines: Array | None = None  # units from which on a family's deals in sight are declined, (families, lanes)
    declined: Array | None = None  # units of these, as they are weighted, by month due, (months ahead, products, lanes)
    breach: Array | None = None  # money by which the cash plan breaks the credit line, (lanes,)
    closing_stock: Array = field(default_factory=lambda: np.zeros(0))
    shortage: Array = field(default_factory=lambda: np.zeros(0))
    cost: Array = field(default_factory=lambda: np.zeros(0))  # expected, (lanes,)
    low: Array = field(default_factory=lambda: np.zeros(0))  # of the cost, one time in ten it is less
    high: Array = field(default_factory=lambda: np.zeros(0))  # of the cost, one time in ten it is more
    figures: Array = field(default_factory=lambda: np.zeros((0, 0)))  # of the meetings' criteria, (criteria, lanes)


class Firm(Archive):
    """All that changes while the clock runs; processes move it, planners see it through a view."""

    def __init__(
        self,
        env: Environment,
        company: Company,
        network: Network,
        days: Days,
        weather: Weather,
        policy: Policy,
        keep: Collection[str] = EVERYTHING,
        shelf: Shelf | None = None,
        opening: Opening | None = None,
        decisions: Sequence[Decision] = (),
    ) -> None:
        self.env, self.company, self.network, self.days = env, company, network, days
        self.weather, self.policy, self.lanes = weather, policy, len(weather.replications)
        self.calendar = Days(company.calendar, days.months + HORIZON + 2)
        self.decided = Decided(network, self.calendar, decisions, self.lanes)
        self.planning_day = _planning_days(self.calendar, days.count)
        _ = (
            self.calendar.next_working,
            self.calendar.first_worked,
            self.calendar.worked_so_far,
            self.calendar.worked,
            self.calendar.rated_so_far,
        )  # worked out before they are locked
        lock(self.calendar)
        self.market = market_outlook(company, network.segments, self.calendar)
        items, orders = (len(network.names), self.lanes), (len(network.segments), len(network.products), self.lanes)
        kinds = departments_of(company)
        self._kinds = {kind.name for kind in kinds}
        self.departments: dict[str, Department] = {}
        self.ledger = Ledger(
            days.count, accounts(network, self.lanes, kinds), memos(network, self.lanes, kinds), keep, shelf
        )
        self.opening = opening
        self.treasury: Treasury | None = None  # in a run whose money is counted
        self.in_money = ClosedMonths()  # of closed months, for the treasurer
        self.ledger.open("on_hand", opening.on_hand if opening else np.nan_to_num(network.opening_stock))
        if opening:
            self.ledger.open("on_order", opening.on_order)
        self.opened = {account: self.ledger.level[account].copy() for account in ("on_hand", "on_order")}
        self.plans = Plans(
            days.months,
            len(network.products),
            len(network.families),
            len(network.names),
            len(network.resources),
            self.lanes,
        )
        self.classes = _rows_by_class(policy.classes(company, network), network)
        self.of_today: dict[tuple[str, int], Array] = {}  # what planners ask for several times a day, worked out once
        self.of_the_run: dict[
            int, tuple[Mapping[str, float], Array]
        ] = {}  # what their rules list, by the list, in the order of the items
        self.view, self.desk = View(self), Desk(self)
        self._open_calendars(items, orders)
        self._open_past()
        self.people, self.purchasing = self._found(People), self._found(Purchasing)
        self.subcontractors = self._found(Subcontractors)
        self.quality, self.stockroom = self._found(Quality), self._found(Stockroom)
        self.customers, self.sales = self._found(Customers), self._found(Sales)
        self.pipeline = self._found(Pipeline)

    def _found(self, kind: type[D]) -> D | None:
        """Found the department, if the company describes it."""
        if kind.name not in self._kinds:
            return None
        self.departments[kind.name] = department = kind(self)
        return department

    def _open_calendars(self, items: tuple[int, int], orders: tuple[int, int, int]) -> None:
        n, w = self.network, self.weather
        self.to_start: Array = np.zeros(items)
        self.over: Mask = np.zeros(len(n.names), dtype=bool)  # whose demand of today is known in full
        rules = ((self.policy.products, n.sold), (self.policy.components, slice(len(n.products), None)))
        scheduled = np.zeros((len(n.names), 1))  # a schedule that is made anew calls for parts when work on it starts
        for rule, rows in rules:
            scheduled[rows] = rule.replaces
        self.scheduled: Whole = np.flatnonzero(scheduled)
        self.drawn: Mask = n.bill.flow(scheduled)[:, 0] > 0  # what goes into that
        self.begun: Array = np.zeros(items)  # part of a unit that the floor has worked on
        self.not_yet_good: Array = np.zeros(items)  # part of a good unit, where yield is below one
        longest = max([int(w.delivery.max(initial=1)), n.longest_lot])
        longest = max(longest, int(n.outside.lead_time.max()) if n.outside else 0)
        longest = max(longest, n.longest_delivery)  # in a fork open orders may come as late
        longest = max(longest, len(self.opening.arrivals) - 1 if self.opening else 0)
        self.arrivals: Array = np.zeros((longest + 1, *items))
        self.last_arrival: Whole = np.zeros((len(n.varying), self.lanes), dtype=np.int64)
        if self.opening:
            self.to_start += self.opening.to_start
            self.begun += self.opening.begun
            self.not_yet_good += self.opening.not_yet_good
            self.last_arrival += self.opening.last_arrival
            enter(self.arrivals, self.opening.arrivals)
        self.overtaking: Mask = np.array([[i.buy.overtaking] for i in n.items if i.buy], dtype=bool).reshape(-1, 1)
        self.requested = np.array([self.company.segments[s].lead_time - self.company.way(s) for s in n.segments])
        ahead = int((w.signings.due - w.signings.day).max(initial=0))
        run = np.arange(self.days.count)[:, None]
        asked = int((self.calendar.next_working[run + self.requested] - run).max())  # days off in between may be many
        self.owed = self._open_orders()
        ahead = max([ahead, asked, *(due for due, *_ in self.owed)])
        self.falling_due = np.zeros((ahead + 1, *orders))
        self.patience = [self.company.segments[s].patience for s in n.segments]
        self.recent: Array = np.zeros(orders)  # what fell due within each segment's patience

    def _open_orders(self) -> list[tuple[int, int, int, float]]:
        """List the customer orders that were signed before the first day: working day due, segment, product, units."""
        n, first = self.network, self.company.calendar.start
        return [
            (
                int(self.calendar.next_working[min(max((order.due - first).days, 0), self.days.count)]),
                n.segments.index(order.segment),
                n.products.index(order.product),
                order.quantity,
            )
            for order in self.company.open_orders
        ]

    def _open_past(self) -> None:
        """Months before the first day, and the forecasts that would have been made in them."""
        self.past_months = len(self.weather.past)
        months = self.past_months + self.days.months
        self.demand_by_month = np.zeros((months, len(self.network.products), self.lanes))
        self.demand_by_month[: self.past_months] = self.weather.past
        self.long = with_history(self.company.calendar, self.past_months, self.days.months + HORIZON + 1)
        lock(self.long)
        self.snapshots, self.learnt = [], {}
        self.holds_cycles = self.policy.holds_cycles(
            self.network.products, self.network.names[len(self.network.products) :]
        )
        for month in range(3, self.past_months) if self.holds_cycles else ():
            if not self.long.worked[:month].any():
                continue  # nobody could have forecast from nothing
            self.snapshots.append((month, self.policy.forecast.backcast(self.past_to(month - self.past_months))))
        self.stages, self.seen, self.begun_months = {}, [], []
        self.signed_by_month = self.demand_by_month.copy()
        self.cycle_notes: dict[str, Array] = {}
        self.options: list[Option] = []
        self.register, self.commitments, self.mandates = Register(self), Commitments(), Mandates(self)
        self.promises = Promises(self)
        self.late_cost = LateCost(self.company, self.network, self.policy.allocation.by_rank)
        self.outlook: Outlook | None = None  # of this cycle
        self.due_by_month: tuple[int, Array] = (-1, np.zeros(0))  # scheduled receipts, as of a day
        self.deals = {}
        frames = bool(self.weather.frames.day.size or self.company.open_frames)
        if frames or self.weather.projects.day.size:
            ahead = (self.days.months + HORIZON + 40, *self.demand_by_month.shape[1:])
            self.deals = {name: np.zeros(ahead) for name in ("frames", "projects", "weighted")}
        if frames:
            self.call_offs = CallOffs(len(self.network.products), self.lanes)
        for frame in self.company.open_frames:
            product, ahead_of_first = (
                self.network.products.index(frame.product),
                frame.months_ahead(self.company.calendar.start),
            )
            for k, units in enumerate(frame.portions(self.company.whole_units)):
                month = min(ahead_of_first + k, len(self.deals["frames"]) - 1)
                self.deals["frames"][month, product] += units

    # --- the clock ---

    @property
    def works_today(self) -> bool:
        """Tell if today is a working day."""
        return bool(self.days.working[self.today])

    # --- hours ---

    @property
    def hours_today(self) -> Array:
        """Regular hours of every resource today, (resources, 1 or lanes)."""
        hours = self.people.hours if self.people else self.network.hours
        open_sites = self.purchasing.site_share if self.purchasing else None
        return hours if open_sites is None else hours * open_sites

    @property
    def overtime_today(self) -> Array:
        """Return authorised overtime, as far as the people present can work it, (resources, lanes)."""
        authorised: Array = self.plans.force_overtime[self.view.month] * self.register.is_staffed
        if self.people:
            return np.minimum(authorised, self.hours_today * self.people.staffing.overtime)
        open_sites = self.purchasing.site_share if self.purchasing else None
        return authorised if open_sites is None else authorised * open_sites

    @property
    def hours_ahead(self) -> Array:
        """Regular hours a working day that may be counted on, (months ahead or 1, resources, 1 or lanes)."""
        if self.people is None:
            return self.of_open_sites(self.network.hours[None])
        wanted = self.cycle_notes.get(PEOPLE_WANTED)
        return self.of_open_sites(
            self.people.hours_ahead() if wanted is None else self.people.hours_of(*self.people.path(wanted))
        )

    def of_open_sites(self, hours: Array) -> Array:
        """Reduce hours by sites that are known to be out, (months ahead or 1, resources, 1 or lanes)."""
        share = self.purchasing.site_share_ahead(HORIZON) if self.purchasing else None
        return hours if share is None else hours * share

    @property
    def may_change_people(self) -> bool:
        """Tell if the policy may hire and dismiss, in a company that has people."""
        return self.people is not None and self.policy.workforce.changes

    # --- what rules answer ---

    def checked(self, answer: Array, shape: tuple[int, ...], rule: object, below_zero: bool = False) -> Array:
        """A rule's answer, if a company can act on it; a safety stock may be below zero where its rule says so."""
        answer = np.asarray(answer, dtype=np.float64)
        if answer.shape != shape:
            raise PolicyError(
                msg(
                    "{rule} answered an array of shape {shape} on day {day}; it must be {wanted}",
                    rule=self._called(rule),
                    shape=f"{answer.shape}",
                    day=self.today,
                    wanted=f"{shape}",
                )
            )
        least = -np.finfo(np.float64).max if below_zero else 0.0
        if answer.size and not (answer.min() >= least and answer.max() < np.inf):  # not a number is neither
            bad = np.argwhere(~(answer >= least) | np.isinf(answer))[0]
            raise PolicyError(
                msg(
                    "{rule} answered {value} on day {day} in replication {replication}; an answer must be {what}",
                    rule=self._called(rule),
                    value=f"{answer[tuple(bad)]}",
                    day=self.today,
                    replication=f"{self.weather.replications[bad[-1]]}",
                    what=msg("finite") if below_zero else msg("finite and at least 0"),
                )
            )
        return answer

    def _called(self, rule: object) -> Text:
        name = repr(getattr(rule, "name", "") or type(rule).__name__)
        return msg("the rule {rule} of policy {policy}", rule=name, policy=repr(self.policy.name))


def _rows_by_class(of_item: Mapping[str, str], network: Network) -> dict[str, Whole]:
    """The items of each class, by the class's name."""
    found = {
        name: np.array([k for k, item in enumerate(network.names) if of_item[item] == name])
        for name in dict.fromkeys(of_item.values())
    }
    for rows in found.values():
        rows.flags.writeable = False
    return found


def _planning_days(calendar: Days, count: int) -> Mask:
    """The first working day of each week and of each month."""
    week = (np.arange(calendar.count) - calendar.weekday + 6) // 7
    group = np.stack([week, calendar.month])
    first = np.zeros(calendar.count, dtype=bool)
    for marks in group:
        worked = np.flatnonzero(calendar.working)
        first[worked[np.unique(marks[worked], return_index=True)[1]]] = True
    return first[: count + 1]
