"""Turn market events into factors on demand and prices by day, with the part that planners have been told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from simulator.company.calendar import Days
from simulator.company.company import Company
from simulator.company.demand import Demand
from simulator.company.events import Competitor, Event, Launch, PhaseOut, PriceChange, Promotion, Shock
from simulator.company.items import Product
from simulator.kernel.units import DAYS_A_MONTH, Array, Mask, Whole

AHEAD = 14
"""Months beyond the run over which the market is known to the simulator: planners look a year ahead."""


LONG_AGO = -10_000
"""Month in which products that the company had from the first day came."""


class Effect(NamedTuple):
    """Hold the effect of one event on the demand of some segments and products."""

    told: float  # day from which planners know of it; never where it is infinite
    rows: Mask  # (segments, products)
    course: Array  # factor on demand by day


class Outlook:
    """The market of a company over a run and the year after it; days begin with the run's first."""

    def __init__(self, company: Company, segments: Sequence[str], days: Days) -> None:
        self.days, self.mix = days, segment_mix(company, segments)
        self.effects = list(_effects(company, segments, days))
        lives = [(product.launch, product.phase_out) for product in company.products.values()]
        launches, ends = zip(*lives, strict=True)
        self.new: Mask = np.array([launch is not None for launch in launches])
        self.expected: Array = np.array([[launch.expected if launch else 0.0] for launch in launches])
        self._new_from, self._first_sold = _turns(launches, days, -np.inf)
        self._gone_from, self._end = _turns(ends, days, np.inf)
        self._told: dict[tuple[int, ...], Array] = {}

    @property
    def factors(self) -> Array:
        """On demand: (days, segments, products)."""
        return self._of(range(len(self.effects)))

    @cached_property
    def monthly(self) -> Array:
        """Mean factor of each month: (months, segments, products)."""
        return self.by_month(self.factors)

    def _of(self, which: Sequence[int]) -> Array:
        factors = np.ones((self.days.count, *self.mix.shape))
        for effect in (self.effects[k] for k in which):
            factors[:, effect.rows] *= effect.course[:, None]
        return factors

    def by_month(self, factors: Array) -> Array:
        """The mean over the working days of each month: (months, ...)."""
        worked = np.diff(self.days.worked_so_far[self.days.month_start])[:, None, None]
        sums = np.add.reduceat(factors * self.days.working[:, None, None], self.days.month_start[:-1], axis=0)
        return np.asarray(np.where(worked > 0, sums / np.maximum(worked, 1.0), 1.0))

    def told(self, today: int) -> Array:
        """Return the factor on each month's demand that planners expect from the news so far: (months, products)."""
        which = tuple(k for k, effect in enumerate(self.effects) if effect.told <= today)
        if which not in self._told:
            self._told[which] = (self.by_month(self._of(which)) * self.mix).sum(axis=1)
        return self._told[which]

    @cached_property
    def launched(self) -> Whole:
        """Month of the run in which each product is launched; long before it where it was there already."""
        months = np.searchsorted(self.days.month_start, self._first_sold, side="right") - 1
        return np.where(self.new, months, LONG_AGO)

    def known_new(self, today: int) -> Mask:
        """Products of whose launch planners have been told, or that were launched."""
        return np.asarray(self.new & (self._new_from <= today))

    def sold(self, today: int) -> Array:
        """1 in the months in which a product is sold, as far as is known: (months, products)."""
        first = self.days.month_start[:-1, None]
        end = np.where(self._gone_from <= today, self._end, np.inf)
        return np.where((first >= self._first_sold) & (first < end), 1.0, 0.0)


def _turns(turns: Sequence[Launch | PhaseOut | None], days: Days, never: float) -> tuple[Array, Array]:
    """For each product the day on which a turn of its life is told, and that of the turn."""
    told = [_day(turn, days) - turn.known if turn else np.inf for turn in turns]
    return np.array(told), np.array([_day(turn, days) if turn else never for turn in turns])


def market_outlook(company: Company, segments: Sequence[str], days: Days) -> Outlook | None:
    """The market, in companies for which anything is known to happen in it."""
    lives = any(product.launch or product.phase_out for product in company.products.values())
    return Outlook(company, segments, days) if lives or company.market.events else None


def price_factors(company: Company, days: Days, told: int | None = None) -> Array | None:
    """The list price of each day over the product's price, (days, products, 1); none where prices never change.

    With a day given, of the changes that planners have been told of by then.
    """
    market = company.market
    if not market.prices and not any(promotion.discount for promotion in market.promotions):
        return None
    factors = np.ones((days.count, len(company.products), 1))
    for change in (each for each in market.prices if _is_told(each, days, told)):
        factors[:, _about(change, company.products), 0] *= change.course(days)[:, None]
    for promotion in (each for each in market.promotions if _is_told(each, days, told)):
        given = 1 - promotion.discount * promotion.lasts(days)
        factors[:, _about(promotion, company.products), 0] *= given[:, None]
    return factors


def _is_told(event: Event, days: Days, day: int | None) -> bool:
    """Tell if planners know of an event on a day: they have been told, or it has begun."""
    return day is None or bool(event.since(days)[0] + day + (event.known or 0) >= 0)


def _about(event: Event, products: Mapping[str, Product]) -> Mask:
    """Find the products that an event is about."""
    return np.array(
        [(not event.products or n in event.products) and event.family in (None, p.family) for n, p in products.items()]
    )


def _effects(company: Company, segments: Sequence[str], days: Days) -> Iterator[Effect]:
    """All that moves demand, event by event."""
    for event in company.market.events.values():
        to_whom = np.array([not event.segments or name in event.segments for name in segments])
        told = np.inf if event.known is None else -event.since(days)[0] - event.known
        yield from (Effect(told, to_whom[:, None] & what, course) for what, course in _courses(event, company, days))
    for k, product in enumerate(company.products.values()):
        if product.launch:
            yield from _launched(k, product.launch, company, segments, days)
        if product.phase_out:
            course = _phased_out(product.phase_out, days)
            yield Effect(_day(product.phase_out, days) - product.phase_out.known, _one(k, company, segments), course)


def _courses(event: Event, company: Company, days: Days) -> Iterator[tuple[Mask, Array]]:
    """Work out the effect of an event: products, and the factor on their demand by day."""
    about = _about(event, company.products)
    if isinstance(event, Promotion | Shock | Competitor):
        yield about, event.course(days)
    if isinstance(event, Promotion):
        for k, name in enumerate(company.products):
            if name in event.cannibalises:
                yield np.arange(len(about)) == k, 1 - event.cannibalises[name] * event.lasts(days)
    if isinstance(event, PriceChange):
        for k, product in enumerate(company.products.values()):
            if about[k] and product.elasticity:
                yield np.arange(len(about)) == k, event.course(days) ** -product.elasticity


def _launched(k: int, launch: Launch, company: Company, segments: Sequence[str], days: Days) -> Iterator[Effect]:
    """A product that comes month by month, and those that it takes demand from."""
    begin = _day(launch, days)
    month = days.month - days.month[begin]
    level = np.where(month >= 0, np.clip((month + 1) / launch.ramp, 0, 1), 0.0)
    yield Effect(begin - launch.known, _one(k, company, segments), level)
    for other, name in enumerate(company.products):
        if name in launch.cannibalises:
            rows = _one(other, company, segments)
            yield Effect(begin - launch.known, rows, 1 - launch.cannibalises[name] * level)


def _phased_out(phase_out: PhaseOut, days: Days) -> Array:
    """Usual demand, the last-time buy of its last weeks, and nothing more."""
    end, today = _day(phase_out, days), np.arange(days.count)
    last = (today < end) & (today >= end - 7 * phase_out.weeks)
    year = (today >= end) & (today < end + round(12 * DAYS_A_MONTH))
    more = phase_out.last_time_buy * (year & days.working).sum() / max((last & days.working).sum(), 1)
    return np.where(today < end, 1 + more * last, 0.0)


def _day(turn: Launch | PhaseOut, days: Days) -> int:
    return int((np.datetime64(turn.month, "D") - days.first).astype(np.int64))


def _one(k: int, company: Company, segments: Sequence[str]) -> Mask:
    """One product, for everybody."""
    rows = np.zeros((len(segments), len(company.products)), dtype=bool)
    rows[:, k] = True
    return rows


def segment_mix(company: Company, segments: Sequence[str]) -> Array:
    """Each segment's share in a product's mean demand; alike where nothing says: (segments, products)."""
    units = mean_units(company, company.demand, segments)
    total = units.sum(axis=0)
    return np.where(total > 0, units / np.where(total > 0, total, 1.0), 1 / len(segments))


def mean_units(company: Company, demand: Demand, segments: Sequence[str]) -> Array:
    """Work out the mean units a month that some streams of demand ask for, (segments, products)."""
    products = list(company.products)
    units = np.zeros((len(segments), len(products)))
    streams = [
        *((s.segment, s.product, s.daily.mean * company.calendar.days_a_month) for s in demand.everyday),
        *((s.segment, s.product, s.per_month * s.size.mean) for s in demand.contracts),
        *((s.segment, s.product, s.per_year / 12 * s.size.mean) for s in demand.frames),
        *((s.segment, s.product, s.per_month * s.size.mean * s.win_rate) for s in demand.projects),
    ]
    for segment, product, mean in streams:
        units[segments.index(segment), products.index(product)] += mean
    return units
