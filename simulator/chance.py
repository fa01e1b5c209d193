"""The weather of a run: every source of uncertainty drawn before the clock starts, as tables by day and name.

A stream is keyed by seed, source and name, and a replication has a place of its own in it, so that
another product, source, lane or policy moves nobody else's luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np

from simulator.company import Company, Days, Everyday, FrameContracts, Orders, Pattern, Projects, SmallContracts
from simulator.company.calendar import Calendar
from simulator.company.laws import Poisson
from simulator.network import Network
from simulator.units import Array, Whole

PLACE = 64
"""A replication's place in a stream is its number times 2^64: no stream is ever that long."""

NEVER = -100_000
"""The due day of an event that is no order."""


class Stream:
    """Uniform numbers of one named source, replication by replication."""

    def __init__(self, seed: int, source: str, name: str) -> None:
        key = (crc32(source.encode()), crc32(name.encode()))
        self._bits = np.random.PCG64DXSM(np.random.SeedSequence(seed, spawn_key=key))
        self._generator = np.random.Generator(self._bits)
        self._at = 0

    def fill(self, replication: int, out: Array) -> Array:
        """Fill a contiguous array with the first numbers of this replication."""
        place = replication << PLACE
        self._bits.advance((place - self._at) % (1 << 128))
        self._generator.random(out=out)
        self._at = place + out.size
        return out


@dataclass
class Events:
    """Things that happen on some days in some lanes only; flat arrays, in the order of their days."""

    day: Whole
    month: Whole  # of the expected or requested date
    due: Whole  # day on which it falls due, NEVER where it does not
    segment: Whole
    product: Whole
    lane: Whole
    quantity: Array
    weight: Array  # probability of winning, 1 where it is firm
    starts: Whole = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def on(self, day: int) -> slice:
        """The events of one day."""
        return slice(int(self.starts[day]), int(self.starts[day + 1]))

    def in_order(self, days: int) -> Events:
        """Sort by day, so that a day's events are one slice."""
        order = np.argsort(self.day, kind="stable")
        parts = [getattr(self, name)[order] for name in EVENT_COLUMNS]
        return Events(*parts, starts=np.searchsorted(parts[0], np.arange(days + 1)))


EVENT_COLUMNS = ("day", "month", "due", "segment", "product", "lane", "quantity", "weight")


@dataclass
class Weather:
    """What will happen, whatever is decided: the same for every policy."""

    replications: list[int]
    signed: Array  # (days, segments, products, lanes): everyday orders by day of signature
    signings: Events  # contracts, call-offs and won projects as they become orders
    frames: Events  # changes of what is signed under frame contracts and not yet called off
    projects: Events  # changes of the deals in sight
    delivery: Whole  # (days, bought items, lanes): lead time of an order released that day
    past: Array  # (months before the first day, products, lanes): demand by month due
    mood: Array  # (months, products, lanes): of the sales team, standard normal
    slip: Array  # (months, lanes): uniform; whether the decisions of a month slip


def draw(
    company: Company,
    network: Network,
    days: Days,
    history: int,
    seed: int,
    replications: Sequence[int],
    replayed: Array | None = None,
) -> Weather:
    """Draw the weather of these replications; `history` months of demand are drawn before the first day."""
    lanes = len(replications)
    signed = np.zeros((days.count, len(network.segments), len(network.products), lanes))
    past = np.zeros((history, len(network.products), lanes))
    before = _days_before(company.calendar, history)
    if replayed is not None:
        signed += replayed[: days.count, :, :, None]
    for stream in () if replayed is not None else company.demand.everyday:
        s, p = network.segments.index(stream.segment), network.products.index(stream.product)
        signed[:, s, p] += _everyday(company, stream, days, seed, replications)
        if history:
            past[:, p] += _months_past(stream, before, seed, replications)
    signings, frames, projects = _deals(company, network, days, history, seed, replications)
    if history:
        _fold_past(past, signings, before)
    return Weather(
        replications=list(replications),
        signed=signed,
        signings=_from_first_day(signings, days),
        frames=_from_first_day(frames, days),
        projects=_from_first_day(projects, days),
        delivery=_delivery(network, days, seed, replications),
        past=past,
        mood=_moods(network, days, seed, replications),
        slip=_by_lane(Stream(seed, "slip", "decisions"), days.months, replications),
    )


def _by_lane(stream: Stream, count: int, replications: Sequence[int]) -> Array:
    """Uniform numbers, (count, lanes)."""
    u = np.empty((len(replications), count))
    for lane, replication in enumerate(replications):
        stream.fill(replication, u[lane])
    return np.ascontiguousarray(u.T)


def _moods(network: Network, days: Days, seed: int, replications: Sequence[int]) -> Array:
    """How the sales team feels about each product each month, at most two and a half deviations either way."""
    from scipy.special import ndtri

    moods = [_by_lane(Stream(seed, "mood", name), days.months, replications) for name in network.products]
    return np.asarray(np.clip(ndtri(np.stack(moods, axis=1)), -2.5, 2.5))


def _days_before(calendar: Calendar, history: int) -> Days:
    """The days of the months before the first day."""
    month = np.datetime64(calendar.start, "M") - history
    return Days(calendar.model_copy(update={"start": month.astype("datetime64[D]").astype(object)}), history)


# --- everyday demand -------------------------------------------------------------------------------------------------


def swings(pattern: Pattern, months: int, seed: int, name: str, replications: Sequence[int]) -> Array:
    """The month's level about its pattern, mean 1, each month remembering the last: (months, lanes)."""
    from scipy.special import ndtri

    stream, u = Stream(seed, "swing", name), np.empty((len(replications), months))
    for lane, replication in enumerate(replications):
        stream.fill(replication, u[lane])
    z = np.ascontiguousarray(ndtri(u).T)
    for month in range(1, months):
        z[month] = pattern.memory * z[month - 1] + np.sqrt(1 - pattern.memory**2) * z[month]
    spread = np.sqrt(np.log1p(pattern.swing**2))
    return np.asarray(np.exp(spread * z - spread**2 / 2))


def _everyday(company: Company, stream: Everyday, days: Days, seed: int, replications: Sequence[int]) -> Array:
    """One stream's quantities by day, (days, lanes)."""
    name = f"{stream.segment}/{stream.product}"
    factor, luck, u = (
        stream.pattern.factors(days),
        Stream(seed, "demand", name),
        np.empty((len(replications), days.count)),
    )
    for lane, replication in enumerate(replications):
        luck.fill(replication, u[lane])
    level = np.repeat(factor[:, None], len(replications), axis=1)
    if isinstance(stream.daily, Orders):
        quantity = _order_lines(stream.daily, factor, u, Stream(seed, "size", name), replications)
    elif isinstance(stream.daily, Poisson):
        quantity = _counts(stream.daily.mean * factor, 1.0, u).T
    else:
        quantity = stream.daily.quantile(_remembered(u, stream.correlation)).T * level
    if stream.pattern.swing:
        quantity = quantity * swings(stream.pattern, days.months, seed, name, replications)[days.month]
    return np.rint(quantity) if company.whole_units else np.ascontiguousarray(quantity)


def _remembered(u: Array, correlation: float) -> Array:
    """Uniforms whose normal scores remember the day before, (lanes, days)."""
    if not correlation:
        return u
    from scipy.special import ndtr, ndtri

    z = np.ascontiguousarray(ndtri(u).T)
    for day in range(1, len(z)):
        z[day] = correlation * z[day - 1] + np.sqrt(1 - correlation**2) * z[day]
    return np.asarray(ndtr(z)).T


def _counts(rate: Array, dispersion: float, u: Array) -> Whole:
    """Counts with these mean rates by day, Poisson or negative binomial, by inversion: (lanes, days)."""
    counts = np.zeros(u.shape, dtype=np.int64)
    levels, group = np.unique(rate, return_inverse=True)
    order = np.argsort(group, kind="stable")
    days = np.split(order, np.searchsorted(group[order], np.arange(1, len(levels))))
    for level, table, these in zip(levels, cumulative(levels, dispersion), days, strict=True):
        if level > 0:
            counts[:, these] = np.searchsorted(table, u[:, these])
    return counts


def cumulative(mean: Array, dispersion: float) -> Array:
    """Cumulative probabilities of counts with these means and this variance over mean: (means, counts)."""
    from scipy.special import betainc, pdtr

    most = float(mean.max())
    top = np.arange(int(most + 12 * np.sqrt(most * dispersion) + 12 * dispersion + 10))
    if dispersion <= 1 + 1e-9:
        return np.asarray(pdtr(top, mean[:, None]))
    size = mean / (
        dispersion - 1
    )  # of the negative binomial: probabilities by their recursion, where the first can be held
    first = np.power(dispersion, -size)
    if first[mean > 0].min(initial=1.0) < 1e-280:
        return np.asarray(betainc(size[:, None], top + 1.0, 1 / dispersion))
    ratios = (size[:, None] + top[:-1]) / top[1:] * (1 - 1 / dispersion)
    steps = np.concatenate([first[:, None], ratios], axis=1)
    return np.cumsum(np.cumprod(steps, axis=1), axis=1)


def _order_lines(law: Orders, factor: Array, u: Array, sizes: Stream, replications: Sequence[int]) -> Array:
    """A day's quantity as the sum of its order lines, (days, lanes)."""
    counts = _counts(law.lines * factor, law.dispersion, u)
    ends = np.cumsum(counts.ravel())
    pick, seen = np.empty(int(ends[-1])), np.sort(np.array(law.sizes))
    bounds = np.concatenate([[0], ends[counts.shape[1] - 1 :: counts.shape[1]]])
    for lane, replication in enumerate(replications):
        sizes.fill(replication, pick[bounds[lane] : bounds[lane + 1]])
    size = np.append(seen[(pick * len(seen)).astype(np.int64)], 0.0)
    by_day = np.add.reduceat(size, ends - counts.ravel()).reshape(
        counts.shape
    )  # each day by itself: a running sum rounds by lane
    return np.ascontiguousarray(np.where(counts > 0, by_day, 0.0).T)


def _months_past(stream: Everyday, before: Days, seed: int, replications: Sequence[int]) -> Array:
    """Demand of the months before the first day, from the mean and variance of a month: (months, lanes)."""
    from scipy.special import ndtri

    name = f"{stream.segment}/{stream.product}"
    factor = stream.pattern.factors(before, months_before=before.months)
    mean, variance = day_moments(stream)
    by_month = np.array([[f[before.month == m].sum() for m in range(before.months)] for f in (factor, factor**2)])
    counted = isinstance(
        stream.daily, Orders | Poisson
    )  # the variance of counts grows with their level, not its square
    sd = np.sqrt(variance * by_month[0 if counted else 1])
    u, luck = np.empty((len(replications), before.months)), Stream(seed, "past", name)
    for lane, replication in enumerate(replications):
        luck.fill(replication, u[lane])
    months = np.maximum((mean * by_month[0])[:, None] + sd[:, None] * ndtri(u).T, 0.0)
    if stream.pattern.swing:
        months *= swings(stream.pattern, before.months, seed, f"past/{name}", replications)
    return np.ascontiguousarray(months)


def day_moments(stream: Everyday) -> tuple[float, float]:
    """Mean and variance of a working day's quantity at level 1."""
    law = stream.daily
    if isinstance(law, Orders):
        sizes = np.array(law.sizes)
        return law.mean, law.lines * float(sizes.var() + law.dispersion * sizes.mean() ** 2)
    return law.mean, law.sd**2


# --- contracts and projects ------------------------------------------------------------------------------------------


def _deals(
    company: Company, network: Network, days: Days, history: int, seed: int, replications: Sequence[int]
) -> tuple[list[Events], list[Events], list[Events]]:
    """All that is signed ahead: what becomes an order, what frames still hold, which deals are in sight."""
    signings: list[Events] = []
    frames: list[Events] = []
    projects: list[Events] = []
    for stream in (*company.demand.contracts, *company.demand.frames, *company.demand.projects):
        table = _Table(company, network, days, history, stream, seed, replications)
        if isinstance(stream, SmallContracts):
            signings.append(table.small(stream))
        elif isinstance(stream, FrameContracts):
            called, held = table.frame(stream)
            signings.append(called)
            frames.append(held)
        else:
            won, seen = table.project(stream)
            signings.append(won)
            projects.append(seen)
    return signings, frames, projects


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
        self.long = _from(company.calendar, history, days.months + BEYOND)
        self.offset = int(self.long.month_start[history])
        self.whole, self.days, self.history = company.whole_units, days, history
        self.segment, self.product = network.segments.index(stream.segment), network.products.index(stream.product)
        per_month = stream.per_year / 12 if isinstance(stream, FrameContracts) else stream.per_month
        months = history + days.months
        growth = np.power(1 + stream.pattern.trend, (np.arange(months) - history) / 12)
        rate = per_month * growth * np.array(stream.pattern.season)[self.long.month_of_year[:months]]
        name = f"{type(stream).__name__}/{stream.segment}/{stream.product}"
        # deals of the year before the history may still be open in it; they are left out, so its first months run low
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
        return _joined(called), _joined(held)

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
        return won, _joined(seen)

    def _day(self) -> Whole:
        start, end = self._month_start(self.month), self._month_start(self.month + 1)
        return self._working(start + (self.u[:, 0] * (end - start)).astype(np.int64))

    def _size(self, law: object) -> Array:
        size = law.quantile(self.u[:, 1])  # type: ignore[attr-defined]
        return np.maximum(np.rint(size), 1.0) if self.whole else size

    def _lead(self, law: object) -> Whole:
        return np.rint(law.quantile(self.u[:, 2])).astype(np.int64)  # type: ignore[attr-defined, no-any-return]

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


def _from(calendar: Calendar, history: int, months: int) -> Days:
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
    return np.minimum(np.floor(np.log(1 - u) / np.log(probability)), 24).astype(np.int64)


def _joined(parts: list[Events]) -> Events:
    return Events(*(np.concatenate([getattr(part, name) for part in parts]) for name in EVENT_COLUMNS))


def _from_first_day(parts: list[Events], days: Days) -> Events:
    """Events of the run in order; those before the first day are already known on it."""
    if not parts:
        return Events(*(np.zeros(0, dtype=np.int64),) * 6, np.zeros(0), np.zeros(0)).in_order(days.count)
    events = _joined(parts)
    alive = (events.day < days.count) & ((events.due == NEVER) | (events.due >= 0)) & (events.quantity != 0)
    kept = Events(*(getattr(events, name)[alive] for name in EVENT_COLUMNS))
    kept.day = np.maximum(kept.day, 0)
    return kept.in_order(days.count)


def _fold_past(past: Array, signings: list[Events], before: Days) -> None:
    """Orders that fell due before the first day are history."""
    for events in signings:
        month = events.month + before.months
        old = (events.day < 0) & (month < before.months) & (month >= 0)
        np.add.at(past, (month[old], events.product[old], events.lane[old]), events.quantity[old])


# --- supply ----------------------------------------------------------------------------------------------------------


def _delivery(network: Network, days: Days, seed: int, replications: Sequence[int]) -> Whole:
    """Whole days from release to stock for an order released on each day, by bought item."""
    delivery = np.empty((days.count, len(network.bought), len(replications)), dtype=np.int16)
    u = np.empty((len(replications), days.count))
    for row, item in enumerate(network.bought):
        edges, luck = network.delivery_edges[row], Stream(seed, "delivery", network.names[item])
        if not len(edges):
            delivery[:, row] = network.lead_time[item, 0]
            continue
        for lane, replication in enumerate(replications):
            luck.fill(replication, u[lane])
        delivery[:, row] = 1 + np.searchsorted(edges, u).T
    return delivery
