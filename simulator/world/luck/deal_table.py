"""The deals of one stream in all lanes: when they appear, and uniforms for all that is uncertain about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from simulator.company import Company, Days, FrameContracts, Projects, SmallContracts
from simulator.company.calendar import with_history
from simulator.company.laws import Law
from simulator.company.market import Outlook
from simulator.company.whole import in_whole
from simulator.kernel.units import Array, Whole
from simulator.world.luck.counts import draw_counts
from simulator.world.luck.events import NO_DUE_DAY, Events
from simulator.world.luck.fork import Fork, Seed
from simulator.world.luck.known_deals import KnownDeals
from simulator.world.luck.stream import Stream
from simulator.world.network import Network

BEFORE = 24
"""Months before the history from which deals may still be open in it."""

BEYOND = 14
"""Months after the run for which due dates are known: planners look a year ahead, whenever the run ends."""

SIGNING_DAY, SIZE, LEAD, CHANCE, OUTCOME, SLIPS, TEMPER = 0, 1, 2, 3, 4, 5, 35
"""Which of a deal's uniforms decides what; thirty are for slips."""

UNIFORMS_A_DEAL = 40


class DealTable:
    """The deals of one stream in all lanes: when they appear, and uniforms for all that is uncertain about them."""

    def __init__(
        self,
        company: Company,
        network: Network,
        days: Days,
        history: int,
        stream: SmallContracts | FrameContracts | Projects,
        seed: Seed,
        replications: Sequence[int],
        market: Outlook | None,
    ) -> None:
        self.known: KnownDeals | None = None
        if isinstance(seed, Fork):
            run = self._of_the_run(company, network, days, history, stream, seed, market)
            self.known, seed = KnownDeals(run, seed, len(replications)), seed.anew
        history += BEFORE
        self.long = with_history(company.calendar, history, days.months + BEYOND)
        self.offset = int(self.long.month_start[history])
        self.whole, self.days, self.history = company.whole_units, days, history
        self.segment, self.product = network.segments.index(stream.segment), network.products.index(stream.product)
        self.way = company.way(stream.segment)
        self.seed, self.replications = seed, replications
        self.name = f"{type(stream).__name__}/{stream.segment}/{stream.product}"
        self.month, self.lane, self.u = self._appearing(self._rate(stream, market))
        self.number: Whole = np.arange(len(self.month))

    def _of_the_run(self, *case: Any) -> DealTable:
        """The deals of the run of which this is a fork."""
        *given, seed, market = case
        return DealTable(*given, seed.seed, [seed.replication], market)  # type: ignore[call-arg]

    def _new(self, rate: Array) -> tuple[Whole, Whole, Array]:
        """Deals by month and lane, each with its own uniforms."""
        assert isinstance(self.seed, int)
        return _appearances(rate, UNIFORMS_A_DEAL, self.seed, self.name, self.replications)

    def _appearing(self, rate: Array) -> tuple[Whole, Whole, Array]:
        """Deals by month and lane with their numbers; in a fork those in sight, and new ones on the days to come."""
        if self.known is None:
            return self._new(rate)
        known, run, over = self.known, self.known.run, self.known.share_over(len(rate))
        month, lane, u = self._new(rate * (1 - over))
        u[:, SIGNING_DAY] = over[month] + (1 - over[month]) * u[:, SIGNING_DAY]
        lane = known.join(lane)
        known.draw_again(lane, UNIFORMS_A_DEAL, "open deal", self.replications)
        return known.before(run.month, month), lane, known.before(run.u, u)

    def _rate(self, stream: SmallContracts | FrameContracts | Projects, market: Outlook | None) -> Array:
        """Deals that come into sight a month; the market counts in the month in which they would be signed."""
        per_month = stream.per_year / 12 if isinstance(stream, FrameContracts) else stream.per_month
        months = self.history + self.days.months
        growth = stream.pattern.grown(np.arange(months) - self.history)
        rate = per_month * growth * np.array(stream.pattern.season)[self.long.month_of_year[:months]]
        if market is None:
            return np.asarray(rate)
        factors = market.monthly[:, self.segment, self.product]
        signed = np.arange(months) - self.history + (stream.sight if isinstance(stream, Projects) else 0)
        before = 0.0 if market.new[self.product] else 1.0
        return np.asarray(rate * np.where(signed < 0, before, factors[np.clip(signed, 0, len(factors) - 1)]))

    def more(self, width: int) -> None:
        """Draw further uniforms of each deal, in as many columns after the others."""
        new = self.lane if self.known is None else self.lane[~self.known.mask]
        counts = np.bincount(new, minlength=len(self.replications))
        stream = Stream(self.seed, "stages", self.name)
        rows = [stream.fill(r, np.empty((int(n), width))) for r, n in zip(self.replications, counts, strict=True)]
        drawn = np.concatenate(rows)
        if self.known:
            self.known.run.more(width)
            drawn = self.known.before(self.known.run.u[:, -width:], drawn)
            self.known.draw_again(self.lane, width, "open stages", self.replications)
        self.u = np.concatenate([self.u, drawn], axis=1)

    def day(self) -> Whole:
        """The working day of its month on which each comes into sight."""
        start, end = self.month_start(self.month), self.month_start(self.month + 1)
        day = start + (self.u[:, SIGNING_DAY] * (end - start)).astype(np.int64)
        if self.known:
            day = np.where(self.known.mask, day, np.maximum(day, self.known.open_from))
        return self.working(day)

    def slips(self, column: int, first: Whole, probability: float, told: Callable[[Whole], Whole]) -> Whole:
        """Months of delay from the first month on, each as likely to be followed by another, by a column of uniforms.

        A month's slip is known from the day that `told` says; a fork draws again what is not known.
        """
        u = self.u[:, column]
        late = slips(u, probability)
        if self.known and probability:
            late = slips(self.known.slipped(u, column, (first, late), probability, told), probability)
        return late

    def still_open(self, column: int, day: Whole) -> Array:
        """A column of uniforms that decides something on these days; a fork draws again what is still to come."""
        return self.known.still_open(self.u[:, column], column, day) if self.known else self.u[:, column]

    def first_worked(self, month: Whole) -> Whole:
        """First working day of a month, or after it."""
        return self.working(self.month_start(month))

    def size(self, law: Law) -> Array:
        """Units of each deal."""
        u = self.u[:, SIZE]
        return in_whole(law).quantile(u).astype(np.float64) if self.whole else law.quantile(u)

    def lead(self, law: Law) -> Whole:
        """Return the days from signature until a deal must leave the dock; at once if it is wanted sooner than the way takes."""
        return np.maximum(in_whole(law, 0).quantile(self.u[:, LEAD]) - self.way, 0)

    def portion(self, portion: Array, k: int) -> Array:
        """The k-th call-off; in whole units the portions add up to the whole."""
        return np.rint(portion * (k + 1)) - np.rint(portion * k) if self.whole else portion

    def month_start(self, month: Whole) -> Whole:
        """First day of a month; months past the last are beyond the horizon."""
        starts = self.long.first_of_month
        return np.where(month < len(starts), starts[np.minimum(month, len(starts) - 1)], starts[-1] + 400)

    def month_of(self, day: Whole) -> Whole:
        """The month that a day lies in."""
        return np.searchsorted(self.long.month_start, day, side="right") - 1

    def working(self, day: Whole) -> Whole:
        """Move a day off to the next working day."""
        return np.where(
            day < self.long.count, self.long.next_working[np.minimum(day, self.long.count - 1)], self.long.count + 400
        )

    def events(
        self,
        day: Whole,
        due: Whole | None,
        quantity: Array,
        month: Whole | None = None,
        weight: Array | None = None,
        stage: int = 0,
    ) -> Events:
        """Something that happens to each deal with a quantity; where nothing falls due, `month` is the one that it is expected in."""
        some = np.flatnonzero(quantity)
        day, size = day[some], len(some)
        due = np.full(size, NO_DUE_DAY + self.offset, dtype=np.int64) if due is None else due[some]
        month = self.month_of(due) if month is None else month[some]
        return Events(
            day - self.offset, month - self.history, due - self.offset,
            np.full(size, self.segment), np.full(size, self.product), self.lane[some], quantity[some],
            np.ones(size) if weight is None else weight[some], self.number[some], np.full(size, stage),
        )  # fmt: skip


class OpenFrameTable(DealTable):
    """A contract that was signed before the first day, the same in all lanes; only how late its call-offs come is luck."""

    def __init__(self, *case: Any, place: int, ahead: int) -> None:
        self.place, self.ahead = place, ahead  # months from the first to that of the next call-off
        super().__init__(*case)

    def _of_the_run(self, *case: Any) -> DealTable:
        *given, seed, market = case
        return OpenFrameTable(*given, seed.seed, [seed.replication], market, place=self.place, ahead=self.ahead)

    def _new(self, rate: Array) -> tuple[Whole, Whole, Array]:
        """One in each lane, of the month before its next call-off; none that is new where the run is known."""
        count = 0 if self.known else len(self.replications)
        stream = Stream(self.seed, "open frame", f"{self.place}/{self.name}")
        rows = [stream.fill(r, np.empty((1, UNIFORMS_A_DEAL))) for r in self.replications[:count]]
        u = np.concatenate(rows) if rows else np.zeros((0, UNIFORMS_A_DEAL))
        return np.full(count, self.history + self.ahead - 1), np.arange(count), u

    def day(self) -> Whole:
        """The day before the first one."""
        return np.full(len(self.month), self.offset - 1)

    def working(self, day: Whole) -> Whole:
        """Move a day off to the next working day, and one that is over to the first."""
        return super().working(np.maximum(day, self.offset))


def _appearances(
    rate: Array, width: int, seed: int, name: str, replications: Sequence[int]
) -> tuple[Whole, Whole, Array]:
    """Deals by month and lane, each with its own uniforms; a longer horizon leaves the earlier ones as they are."""
    counting, detail = Stream(seed, "deals", name), Stream(seed, "deal", name)
    counts = draw_counts(rate, 1.0, counting.table(replications, len(rate)))
    ends = np.cumsum(counts.sum(axis=1))
    u = np.empty((int(ends[-1]), width))
    for replication, mine in zip(replications, np.split(u, ends[:-1]), strict=True):
        detail.fill(replication, mine)
    lane, month = (np.repeat(each, counts.ravel()) for each in np.indices(counts.shape).reshape(2, -1))
    return month, lane, u


def slips(u: Array, probability: float) -> Whole:
    """Months of delay, each as likely to be followed by another; at most 24."""
    if probability == 0:
        return np.zeros(len(u), dtype=np.int64)
    return np.asarray(np.minimum(np.floor(np.log(1 - u) / np.log(probability)), 24), dtype=np.int64)
