"""Daily demand behind totals by day, week or month: a law whose totals have the mean and the deviation of the real ones.

A total by day is its own law: the quantities seen, over their pattern. Totals by week or month tell nothing of the days
within: these are taken as independent, so that the variance of a total is shared out among its working days, as the
square-root law of safety stock has it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from simulator.company.calendar import Days
from simulator.company.demand import DailyLaw, Orders
from simulator.company.laws import Empirical, Gamma
from simulator.company.season import FREE_FACTORS, ratio
from simulator.kernel.units import Array, Mask, Whole

RARE = 0.1  # share of working days with demand below which days are counted instead of drawn from those seen
LUMPY = 1.0  # deviation over mean of a day above which demand comes in lots instead of every day
FEWEST_TOTALS = 4  # fewer tell no deviation

LEAST_OWN = 0.05
"""Share of a total's variance that is left to the stream itself, however much all have in common."""

Shorten = Callable[[Array], Array]


@dataclass(frozen=True)
class DailyLaws:
    """Hold the law of a working day at level 1 for each segment and product, and the variance it gives a month."""

    laws: dict[tuple[int, int], DailyLaw]
    luck: Array  # variance of a month's units over their mean: (segments, products)


def laws_of_totals(
    units: Array, level: Array, days: Days, bucket: str, own: Array, shorten: Shorten, common: float = 0.0
) -> DailyLaws:
    """Fit a law to each stream's totals: units and level are (days, segments, products).

    `common` is the squared deviation of the months' level that all streams share, which no day's law holds.
    """
    period = _periods(days, bucket)
    laws: dict[tuple[int, int], DailyLaw] = {}
    luck = np.zeros(level.shape[1:])
    spread = _pooled(units, level, period, days, bucket, own, common)
    for s, p in np.argwhere(units.sum(axis=0) > 0):
        real, course = units[:, s, p], level[:, s, p]
        if not course.sum():
            continue
        mean = float(real.sum() / course.sum())
        steps = _within_month(real, course, days) if bucket != "month" else course * mean
        if bucket == "day":
            law, variance = _day_law(real, steps, mean, shorten)
        else:
            law, variance = _long_law(real, steps, course, mean, period, float(spread[s, p]), shorten)
        power = 1 if isinstance(law, Orders) else 2
        laws[int(s), int(p)] = law
        luck[s, p] = variance / mean * float((course**power).sum() / course.sum())
    return DailyLaws(laws, luck)


def _periods(days: Days, bucket: str) -> Whole:
    """Number the periods of totals: for each day that of its month or week, which begins on Monday; -1 where it is cut."""
    if bucket == "month":
        return days.month
    if bucket == "day":
        return np.where(days.working, np.arange(days.count), -1)
    week = np.cumsum(days.weekday == 0)
    whole = np.bincount(week)[week] == 7
    return np.where(whole, week, -1)


def _within_month(real: Array, course: Array, days: Days) -> Array:
    """The units expected on each day, brought to what each month really had, so that its swing does not count as luck."""
    by_month = [np.add.reduceat(each, days.month_start[:-1]) for each in (real, course)]
    return np.asarray(course * ratio(by_month[0], by_month[1])[days.month])


def _sums(amounts: Array, period: Whole) -> Array:
    inside = period >= 0
    totals = np.bincount(period[inside], weights=amounts[inside], minlength=int(period.max()) + 1)
    return totals.astype(np.float64)


def _pooled(units: Array, level: Array, period: Whole, days: Days, bucket: str, own: Array, common: float) -> Array:
    """Variance of a day at level 1 over its squared mean: of each stream by its totals, of one with few by all others'."""
    found = np.full(level.shape[1:], np.nan)
    for s, p in np.argwhere(units.sum(axis=0) > 0):
        real, course = units[:, s, p], level[:, s, p]
        if not course.sum():
            continue
        mean = real.sum() / course.sum()
        steps = _within_month(real, course, days) if bucket == "week" else course * mean
        seen, foreseen, square = (_sums(each, period) for each in (real, steps, (steps**2)))
        some = foreseen > 0
        fixed = len(np.unique(days.month[(period >= 0) & (steps > 0)])) if bucket == "week" else 2
        free = int(some.sum()) - fixed - (FREE_FACTORS * float(own[s, p]) if bucket == "month" else 0.0)
        if some.sum() >= FEWEST_TOTALS and free >= 1:
            off = ((seen - foreseen)[some] ** 2).sum()
            whole = off / square[some].sum() * some.sum() / free
            found[s, p] = max(whole - common * (foreseen[some] ** 2).sum() / square[some].sum(), LEAST_OWN * whole)
    usual = np.nanmedian(found) if np.isfinite(found).any() else 1.0
    return np.where(np.isnan(found), usual, found)


def _day_law(real: Array, steps: Array, mean: float, shorten: Shorten) -> tuple[DailyLaw, float]:
    """The law of a day from the days seen, rare ones by their number and sizes; and its variance at level 1."""
    on = steps > 0
    busy = real[on & (real > 0)]
    if len(busy) < RARE * on.sum():
        sizes = shorten(np.sort(busy))
        law = Orders(law="orders", lines=mean / float(sizes.mean()), sizes=tuple(sizes.tolist()))
        return law, mean * float((sizes**2).mean() / sizes.mean())
    seen = np.sort(real[on] / steps[on])
    values = shorten(seen)
    values = values * (mean / values.mean())
    return Empirical(law="empirical", values=tuple(values.tolist())), float(values.var())


def _long_law(
    real: Array, steps: Array, course: Array, mean: float, period: Whole, spread: float, shorten: Shorten
) -> tuple[DailyLaw, float]:
    """The law of a day behind weeks or months: every day where it varies little, in lots where it varies much.

    Lots have the proportions of the totals seen, and come so often that mean and variance are those of the totals.
    """
    if spread <= LUMPY**2:
        return Gamma(law="gamma", mean=mean, sd=mean * float(np.sqrt(spread))), mean**2 * spread
    seen, foreseen = _sums(real, period), _sums(steps, period)
    some: Mask = (foreseen > 0) & (seen > 0)
    relative = np.sort(seen[some] / foreseen[some]) if some.any() else np.ones(1)
    variance = mean**2 * spread * float((course**2).sum() / course.sum())  # of a day whose variance goes with its level
    size = shorten(relative)
    size = size * (variance / mean) * float(size.mean() / (size**2).mean())
    return Orders(law="orders", lines=mean / float(size.mean()), sizes=tuple(size.tolist())), variance
