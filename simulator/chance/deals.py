"""What is signed ahead: small contracts, frame contracts with their call-offs, projects that are won or lost."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from simulator.chance.counts import cumulative
from simulator.chance.events import NEVER, Events, joined
from simulator.chance.stream import Stream
from simulator.company import Company, Days, FrameContracts, Projects, SmallContracts
from simulator.company.calendar import Calendar
from simulator.company.laws import Law
from simulator.network import Network
from simulator.units import Array, Whole


def deals(
    company: Company, network: Network, days: Days, history: int, seed: int, replications: Sequence[int]
) -> tuple[list[Events], list[Events], list[Events]]:
    """All that is signed ahead: what becomes an order, what frames still hold, which deals are in sight."""
    signings: list[Events] = []
    frames: list[Events] = []
    projects: list[Events] = []
    table = partial(_Table, company, network, days, history, seed=seed, replications=replications)
    signings.extend(table(contracts).small(contracts) for contracts in company.demand.contracts)
    for frame in company.demand.frames:
        called, held = table(frame).frame(frame)
        signings.append(called)
        frames.append(held)
    for deal in company.demand.projects:
        won, seen = table(deal).project(deal)
        signings.append(won)
        projects.append(seen)
    return signings, frames, projects


BEFORE = 24
"""Months before the history from which deals may still be open in it."""

BEYOND = 14
"""Months after the run for which due dates are known: planners look a year ahead, whenever the run ends."""


class _Table:
    """The deals of one stream in all lanes: when they appear, and uniforms for all that is uncertain about them."""

    WIDTH = 40  # uniforms a deal: day, size, lead time, probability, outcome, and the slips

    def __init__(
        self,
        company: Company,
        network: Network,
        days: Days,
        history: int,
        stream: SmallContracts | FrameContracts | Projects,
        seed: int,
        replications: Sequence[int],
    ) -> None:
        history += BEFORE
        self.long = with_history(company.calendar, history, days.months + BEYOND)
        self.offset = int(self.long.month_start[history])
        self.whole, self.days, self.history = company.whole_units, days, history
        self.segment, self.product = network.segments.index(stream.segment), network.products.index(stream.product)
        per_month = stream.per_year / 12 if isinstance(stream, FrameContracts) else stream.per_month
        months = history + days.months
        growth = np.power(1 + stream.pattern.trend, np.maximum(np.arange(months) - history, 0) / 12)
        rate = per_month * growth * np.array(stream.pattern.season)[self.long.month_of_year[:months]]
        name = f"{type(stream).__name__}/{stream.segment}/{stream.product}"
        self.month, self.lane, self.u = _appearances(rate, self.WIDTH, seed, name, replications)

    def small(self, stream: SmallContracts) -> Events:
        """Small contracts: signed on a day of their month, due after their own lead time."""
        day = self._day()
        return self._events(day, self._working(day + self._lead(stream.lead_time)), self._size(stream.size))

    def frame(self, stream: FrameContracts) -> tuple[Events, Events]:
        """Frame contracts: monthly call-offs, each as late as its own slips; and what is held until then."""
        day, portion = self._day(), self._size(stream.size) / stream.call_offs
        called, held = [], []
        for k in range(stream.call_offs):
            planned, share = self.month + 1 + k, self._portion(portion, k)
            slips = _slips(self.u[:, 5 + k % 30], stream.slip)
            call = self._working(self._month_start(planned + slips))
            called.append(self._events(call, self._working(call + stream.notice), share))
            held += [self._events(day, None, share, month=planned), self._events(call, None, -share, month=planned)]
        return joined(called), joined(held)

    def project(self, stream: Projects) -> tuple[Events, Events]:
        """Projects: seen, slipping month by month, then won or lost."""
        day, size = self._day(), self._size(stream.size)
        chance = stream.win_low + (stream.win_high - stream.win_low) * self.u[:, 3]
        lead, expected = self._lead(stream.lead_time), self.month + stream.sight
        slips = _slips(self.u[:, 5], stream.slip)
        signing = self._working(self._month_start(expected + slips))
        due = self._working(signing + lead)
        won = self._events(signing, due, np.where(self.u[:, 4] < chance, size, 0.0))
        seen = [self._events(day, None, size, month=self._month_of(self._month_start(expected) + lead), weight=chance)]
        for k in range(int(slips.max(initial=0))):  # each slip moves the deal a month on, when it is known
            slipped = np.where(slips > k, size, 0.0)
            known, then = self._month_start(expected + k), self._month_of(self._month_start(expected + k) + lead)
            later = self._month_of(self._month_start(expected + k + 1) + lead)
            seen += [
                self._events(known, None, -slipped, month=then, weight=chance),
                self._events(known, None, slipped, month=later, weight=chance),
            ]
        last = self._month_of(self._month_start(expected + slips) + lead)
        seen.append(self._events(signing, None, -size, month=last, weight=chance))
        return won, joined(seen)

    def _day(self) -> Whole:
        start, end = self._month_start(self.month), self._month_start(self.month + 1)
        return self._working(start + (self.u[:, 0] * (end - start)).astype(np.int64))

    def _size(self, law: Law) -> Array:
        size = law.quantile(self.u[:, 1])
        return np.maximum(np.rint(size), 1.0) if self.whole else size

    def _lead(self, law: Law) -> Whole:
        return np.rint(law.quantile(self.u[:, 2])).astype(np.int64)

    def _portion(self, portion: Array, k: int) -> Array:
        """The k-th call-off; in whole units the portions add up to the whole."""
        return np.rint(portion * (k + 1)) - np.rint(portion * k) if self.whole else portion

    def _month_start(self, month: Whole) -> Whole:
        """First day of a month; months past the last are beyond the horizon."""
        starts = self.long.month_start
        return np.where(month < len(starts), starts[np.minimum(month, len(starts) - 1)], starts[-1] + 400)

    def _month_of(self, day: Whole) -> Whole:
        return np.searchsorted(self.long.month_start, day, side="right") - 1

    def _working(self, day: Whole) -> Whole:
        return np.where(
            day < self.long.count, self.long.next_working[np.minimum(day, self.long.count - 1)], self.long.count + 400
        )

    def _events(
        self, day: Whole, due: Whole | None, quantity: Array, month: Whole | None = None, weight: Array | None = None
    ) -> Events:
        due = np.full(len(day), NEVER + self.offset, dtype=np.int64) if due is None else due
        month = self._month_of(due) if month is None else month
        shape = len(day)
        return Events(
            day - self.offset, month - self.history, due - self.offset,
            np.full(shape, self.segment), np.full(shape, self.product), self.lane, quantity,
            np.ones(shape) if weight is None else weight,
        )  # fmt: skip


def with_history(calendar: Calendar, history: int, months: int) -> Days:
    """The days of history and run together."""
    month = np.datetime64(calendar.start, "M") - history
    return Days(calendar.model_copy(update={"start": month.astype("datetime64[D]").astype(object)}), history + months)


def _appearances(
    rate: Array, width: int, seed: int, name: str, replications: Sequence[int]
) -> tuple[Whole, Whole, Array]:
    """Deals by month and lane, each with its own uniforms; a longer horizon leaves the earlier ones as they are."""
    tables = cumulative(rate, 1.0)
    counting, detail = Stream(seed, "deals", name), Stream(seed, "deal", name)
    months: list[Whole] = []
    rows: list[Array] = []
    for replication in replications:
        u = counting.fill(replication, np.empty(len(rate)))
        counts = np.array([np.searchsorted(table, x) for table, x in zip(tables, u, strict=True)])
        months.append(np.repeat(np.arange(len(rate)), counts))
        rows.append(detail.fill(replication, np.empty((int(counts.sum()), width))))
    lane = np.repeat(np.arange(len(replications)), [len(m) for m in months])
    return np.concatenate(months), lane, np.concatenate(rows)


def _slips(u: Array, probability: float) -> Whole:
    """Months of delay, each as likely to be followed by another; at most 24."""
    if probability == 0:
        return np.zeros(len(u), dtype=np.int64)
    return np.asarray(np.minimum(np.floor(np.log(1 - u) / np.log(probability)), 24), dtype=np.int64)
