"""The generator of a company's everyday demand, estimated from its own order lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from pydantic import ValidationError

from simulator.company.calendar import Calendar, Days
from simulator.company.demand import DailyLaw, Everyday, Orders, Pattern
from simulator.company.history import OrderLines
from simulator.company.lives import Lives, product_lives
from simulator.company.season import FREE_FACTORS, Patterns, ratio, season_patterns
from simulator.company.totals import DailyLaws, laws_of_totals
from simulator.kernel.messages import Message, msg, percent
from simulator.kernel.units import Array, ScenarioError, in_file

MOST_MEMORY = 0.9  # two years cannot tell a level that never returns from one that returns slowly
MOST_SWING = 2.0  # what a pattern allows; beyond it a level has no pattern
MONTHS_WITH_GROWTH, WORTH_SAYING = 24, 0.01
"""Months from which growth can be told, and growth a year that is worth a sentence."""

DAMPING = 0.9  # of growth, a month, beyond the last month of the history: in all three quarters of a year of it
BEYOND_LUCK = 2.0  # deviations of luck from which on streams are said to move together
REPRESENTATIVES = 200  # order-line sizes kept of a stream: each stands for half a percent of its lines


def fit(
    lines: OrderLines, calendar: Calendar, families: Mapping[str, str] | None = None, together: bool = True
) -> tuple[Everyday, ...]:
    """One everyday stream for each product and segment that was ever ordered.

    Over the history a stream's expected units are the real ones. Growth takes two years of whole months, a season one;
    with less, the level stays flat. `families` names the family of a product; those without one are a family together.
    `together` lets streams share as much of their months' swings as the history shows.
    """
    try:
        return tuple(_streams(lines, calendar, families or {}, together))
    except ValidationError as error:
        wrong = error.errors()[0]
        raise ScenarioError(
            in_file(
                lines.treatment.file,
                msg(
                    "the generator fitted to it has {setting} {value}, but its {limit}; split or leave out the "
                    "largest products, or use the mode replay",
                    setting=f"{wrong['loc'][-1]}",
                    value=f"{wrong['input']:,.4g}",
                    limit=wrong["msg"].lower(),
                ),
            )
        ) from error


def _streams(lines: OrderLines, calendar: Calendar, families: Mapping[str, str], together: bool) -> Iterator[Everyday]:
    days = lines.days(calendar)
    before = int((np.datetime64(calendar.start, "M") - np.datetime64(lines.start, "M")).astype(np.int64))
    family = [families.get(product, "") for product in lines.products]
    lives = product_lives(lines, days)
    found = _patterns(lines, days, family, lives)
    week = np.stack([_weekdays(lines, days, s) for s in range(len(lines.segments))])
    trend = np.expm1(found.growth)
    level = _levels(days, before, trend, found.season, week) * lives.alive(days)[:, None, :]
    expected = level * ratio(lines.units_per_day.sum(axis=0), level.sum(axis=0))
    common = Common.of(lines, expected, found.common, days) if together else Common()
    by_month = lines.bucket == "month"  # all variation that is not common is the law's of the day
    daily = _laws(lines, level, days, found, common.variance if by_month else 0.0)
    swing, memory = _swing(lines, expected, daily.luck, found.own, days)
    swing = np.maximum(swing, np.sqrt(common.variance))  # none swings less than all do together
    share = common.share(swing)
    growing = Growing(lines.months - 1 - before)

    for s, p in sorted(daily.laws, key=lambda cell: cell[::-1]):
        yield Everyday(
            product=lines.products[p],
            segment=lines.segments[s],
            daily=daily.laws[s, p],
            pattern=Pattern(
                trend=growing.trend(float(trend[s, p])),
                steady=growing.steady,
                damping=DAMPING,
                season=tuple(found.season[:, s, p].tolist()),
                weekday=tuple(week[s].tolist()),
                swing=float(swing[s]),
                memory=float(memory[s]),
                together=share if swing[s] else 0.0,
                since=lives.since(p, days),
                until=lives.until(p, days),
            ),
        )


def common_of(streams: Sequence[Everyday]) -> list[Message]:
    """Say how far products sell more, or less, together, where the history shows that they do."""
    total = sum(stream.daily.mean for stream in streams)
    if not total:
        return []
    variance = sum(s.daily.mean * s.pattern.together * s.pattern.swing**2 for s in streams) / total
    swings = sum(s.daily.mean * s.pattern.swing**2 for s in streams) / total
    if variance < WORTH_SAYING**2:
        return []
    return [
        msg(
            "Months in which all products sell more, or less, together: by {share} either way, {part} of the variance of their swings.",
            share=percent(np.sqrt(variance)),
            part=percent(variance / swings, 0),
        )
    ]


def growth_of(streams: Sequence[Everyday], lines: OrderLines, start: dt.date) -> list[Message]:
    """Say which growth was found, and how it goes on where the run is longer than the file."""
    total = sum(stream.daily.mean for stream in streams)
    if not total or lines.months < MONTHS_WITH_GROWTH:
        return []
    growth = sum(stream.daily.mean * stream.pattern.trend for stream in streams) / total
    if abs(growth) < WORTH_SAYING:
        return []
    beyond = np.datetime64(start, "M") >= np.datetime64(lines.start, "M") + lines.months
    yearly = percent(growth, 0, signed=True)
    if beyond:
        return [
            msg(
                "Growth in the run's first month, as {file} shows it: {growth} a year; from month to month less, adding in all "
                "what nine months of it would.",
                file=lines.treatment.file,
                growth=yearly,
            )
        ]
    return [
        msg(
            "Growth found in {file}: {growth} a year; it fades after its last month.",
            file=lines.treatment.file,
            growth=yearly,
        )
    ]


def expected_per_day(stream: Everyday, days: Days, months_before: int = 0) -> Array:
    """Mean units of a stream on each day, the first of which lies that many months before the run's start."""
    return stream.pattern.factors(days, months_before) * stream.daily.mean


@dataclass(frozen=True)
class Growing:
    """State how far the growth of a history reaches into a run: it goes on to the last month of the history, then fades."""

    ahead: int  # months from the run's first to the history's last; negative where the run starts later

    @property
    def steady(self) -> int:
        """Months of the run over which the growth goes on undamped."""
        return max(self.ahead, 0)

    def trend(self, yearly: float) -> float:
        """Growth a year in the run's first month, faded by the months since the history ended."""
        return yearly if self.ahead >= 0 else float((1.0 + yearly) ** (DAMPING**-self.ahead) - 1.0)

    def years(self, months: int) -> Array:
        """Years of undamped growth from the run's first month to each of the history's."""
        since = np.arange(months) - (months - 1 - self.ahead)
        faded = sum(DAMPING**k for k in range(1, -self.ahead + 1)) if self.ahead < 0 else 0.0
        return np.asarray((since - faded - self.ahead) / 12 if self.ahead < 0 else since / 12)


def _patterns(lines: OrderLines, days: Days, family: list[str], lives: Lives) -> Patterns:
    """Growth and season of the products that were sold all the time; others take those of their family."""
    traded = _by_month(_weekdays(lines, days, slice(None))[days.weekday] * days.working, days)
    units = _by_month(lines.units_per_day, days)
    told = units * lives.whole if (units * lives.whole).any() else units
    sold = told.sum(axis=(1, 2)) > 0
    if lives.closed_months(lines):  # a month in which nothing at all was sold is one that the file lacks
        traded = np.where(sold, traded, 0.0)
    found = season_patterns(told, traded, days.month_of_year, family)
    if (
        lines.bucket == "month" and lines.months < MONTHS_WITH_GROWTH
    ):  # each month once: its season and its luck are one
        return replace(found, season=np.ones_like(found.season), common=0.0)
    return found


def _weekdays(lines: OrderLines, days: Days, segments: int | slice) -> Array:
    """Levels of the days of the week, by units; totals by week or month tell none."""
    if lines.bucket in ("week", "month"):
        return np.sign(np.bincount(days.weekday, weights=days.working, minlength=7))
    return _week(lines.units_per_day[:, segments], days)


def _laws(lines: OrderLines, level: Array, days: Days, found: Patterns, common: float) -> DailyLaws:
    """The law of each stream's day: by the number and size of its order lines, or by its totals, less what is common."""
    units = lines.units_per_day
    if lines.bucket != "line":
        part = units.sum(axis=0) / max(units.sum(), 1e-9)  # of the company's season, which its own months made too
        return laws_of_totals(
            units, level, days, lines.bucket, found.own + found.common * part, _representative, common
        )
    sizes = {cell: _representative(quantities) for cell, quantities in _quantities(lines).items()}
    dispersion = _dispersion(lines.lines_per_day, level, days)
    expected = level * ratio(units.sum(axis=0), level.sum(axis=0))
    laws: dict[tuple[int, int], DailyLaw] = {}
    luck = np.zeros_like(dispersion)  # variance of a month's units over their mean, were there no swing
    for cell, some in sizes.items():
        a_day = expected[:, *cell].sum() / level[:, *cell].sum()
        laws[cell] = Orders(
            law="orders",
            lines=float(a_day / some.mean()),
            dispersion=float(dispersion[cell]),
            sizes=tuple(some.tolist()),
        )
        luck[cell] = dispersion[cell] * some.mean() + some.var() / some.mean()
    return DailyLaws(laws, luck)


def _levels(days: Days, months_before: int, trend: Array, season: Array, week: Array) -> Array:
    """The factors of all patterns at once: (days, segments, products)."""
    growth = (1.0 + trend) ** Growing(days.months - 1 - months_before).years(days.months)[:, None, None]
    weekday = (week.T[days.weekday] * days.working[:, None])[:, :, None]
    return np.asarray((growth * season[days.month_of_year])[days.month] * weekday)


def _by_month(amounts: Array, days: Days) -> Array:
    """Sum daily amounts over each month."""
    return np.asarray(np.add.reduceat(amounts, days.month_start[:-1], axis=0))


def _week(units: Array, days: Days) -> Array:
    """Units on each day of the week over those on a plain one, of mean 1 over the days of the week that are worked."""
    traded = np.bincount(days.weekday, weights=days.working, minlength=7).astype(np.float64)
    seen = np.bincount(days.weekday, weights=units.reshape(days.count, -1).sum(axis=1), minlength=7)
    a_day = ratio(seen.astype(np.float64), traded)
    if not a_day.any():
        return np.sign(traded)
    return np.asarray(a_day / a_day[traded > 0].mean())


def _quantities(lines: OrderLines) -> dict[tuple[int, int], Array]:
    """The sizes of a stream's order lines, smallest first, by segment and product."""
    cell = lines.segment * len(lines.products) + lines.product
    order = np.lexsort((lines.quantity, cell))
    cells, starts = np.unique(cell[order], return_index=True)
    parts = np.split(lines.quantity[order], starts[1:])
    return {divmod(int(c), len(lines.products)): part for c, part in zip(cells, parts, strict=True)}


def _representative(quantities: Array) -> Array:
    """At most REPRESENTATIVES sizes with the mean of all: each the mean of an equal share of the sorted lines.

    A size rarer than one share is part of the mean of the largest. Whole sizes stay whole: the running total is
    rounded, so the mean moves by no more than half a unit over all of them, which the level of the stream makes good.
    """
    if len(quantities) <= REPRESENTATIVES:
        return quantities
    running = np.concatenate([[0.0], np.cumsum(quantities)])
    share = np.linspace(0, len(quantities), REPRESENTATIVES + 1)
    totals = np.interp(share, np.arange(len(running)), running) * (REPRESENTATIVES / len(quantities))
    whole = np.all(quantities == np.rint(quantities))
    return np.diff(np.rint(totals) if whole else totals)


def _dispersion(lines: Array, level: Array, days: Days) -> Array:
    """Variance over mean of a day's lines (Pearson), about the month's own lines so that its swing does not count."""
    of_month = ratio(_by_month(lines, days), _by_month(level, days))
    foreseen = level * of_month[days.month]
    worked = _by_month(days.working.astype(np.float64), days)
    free = ((of_month > 0) * np.maximum(worked - 1, 0)[:, None, None]).sum(axis=0)
    return np.maximum(1.0, ratio(ratio((lines - foreseen) ** 2, foreseen).sum(axis=0), free))


@dataclass(frozen=True)
class Common:
    """State how far the months of all streams move together about their patterns.

    Luck of single orders is independent from stream to stream, so that whatever two streams have in common is their swing's
    (one factor: Spearman 1904). The growth and as much of the season as is the company's own were taken from the same months,
    which makes good for the variation that they took along.
    """

    covariance: float = 0.0  # of the units of two streams, summed over all pairs and months
    means: Array = field(default_factory=lambda: np.zeros((0, 0, 0)))  # expected units, (months, segments, products)

    @classmethod
    def of(cls, lines: OrderLines, expected: Array, season: float, days: Days) -> Common:
        """Pool the products of deviations of all pairs of streams; `season` is the share of the company's season that is its own.

        Were streams independent, the sum would be luck of variance 2 x months x the sum of v x w over all pairs of variances.
        """
        mean, real = _by_month(expected, days), _by_month(lines.units_per_day, days)
        free = len(mean) - 2 - FREE_FACTORS * season
        if free < 1:
            return cls()
        off = real - mean
        found, luck = _pairs(off), np.sqrt(2 * len(mean) * max(_pairs(np.square(off).mean(axis=0)[None]), 0.0))
        if found <= BEYOND_LUCK * luck or not luck:
            return cls()
        return cls(float(found * (1 - (luck / found) ** 2) * len(mean) / free), mean)

    @property
    def variance(self) -> float:
        """The squared deviation of the level that all streams share, were it the same of all."""
        pairs = _pairs(self.means) if self.means.size else 0.0
        return min(self.covariance / pairs, MOST_SWING**2) if pairs > 0 else 0.0

    def share(self, swing: Array) -> float:
        """The share of the variance of swings, a segment each, in which streams move together."""
        pairs = _pairs(self.means * swing[:, None]) if self.means.size else 0.0
        return float(min(self.covariance / pairs, 1.0)) if pairs > 0 else 0.0


def _pairs(amounts: Array) -> float:
    """Sum the products of all pairs of streams over the months: (months, segments, products)."""
    every = amounts.reshape(len(amounts), -1)
    return float((np.square(every.sum(axis=1)) - np.square(every).sum(axis=1)).sum())


def _swing(lines: OrderLines, expected: Array, luck: Array, own: Array, days: Days) -> tuple[Array, Array]:
    """Standard deviation of the month's level about its pattern, and its correlation with the next, by segment.

    It is what the months vary beyond the luck of single orders. A product of a segment has too few months to show it,
    so those of a segment are pooled, each month in proportion to its units. The level, the growth and as much of the
    season as is the stream's own were taken from the same months, which makes good for the variation they took along.
    Totals by month have all of their variation in the law of the day.
    """
    mean, real = _by_month(expected, days), _by_month(lines.units_per_day, days)
    if lines.bucket == "month":
        return np.zeros(len(own)), np.zeros(len(own))
    free = len(mean) - 2 - FREE_FACTORS * own
    if free.min() < 1:
        return np.zeros(len(own)), np.zeros(len(own))
    off = (real - mean) * np.sqrt(len(mean) / free)
    total = mean.sum(axis=(0, 2))
    variance = (ratio(off**2, mean) - luck * (mean > 0)).sum(axis=(0, 2)) / np.maximum(total, 1e-9)
    together = ratio(off[1:] * off[:-1], np.sqrt(mean[1:] * mean[:-1])).sum(axis=(0, 2)) / np.maximum(total, 1e-9)
    swing = np.sqrt(np.maximum(variance, 0.0))
    return np.minimum(swing, MOST_SWING), np.clip(ratio(together, variance), 0.0, MOST_MEMORY)
