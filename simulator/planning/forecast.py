"""Statistical forecasts of monthly demand, from rates per working day; every one starts with whatever past there is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

import numpy as np

from simulator.company.sales import Marketing
from simulator.kernel.lanes import TINY
from simulator.kernel.plans import HORIZON
from simulator.kernel.units import Array, Whole, quantity
from simulator.planning.rules import ChosenForecast, Forecast
from simulator.world.view import Accuracy, Past

MARKETING = "marketing"
"""The stage of the forecast that marketing makes, in companies that describe it."""
LASTING = 0.98
"""Damping of a trend that lasts: above it, next year's trend is as good as a straight line (Hyndman & Athanasopoulos 2021, 8.2)."""

Share = Annotated[float, quantity("share", "smoothing constant", by_lane=True, gt=0, le=1)]


def flat_forecast(rate: Array) -> Array:
    """Repeat a rate in every month ahead, (products, lanes) -> (months ahead, products, lanes)."""
    return np.repeat(rate[None], HORIZON, axis=0)


def zero_forecast(past: Past) -> Array:
    """Without a past there is nothing to go by."""
    return np.zeros((HORIZON, *past.rates.shape[1:]))


class Naive(Forecast, name="naive"):
    """Next month will be like last month; with `seasonal`, like the same month a year ago."""

    seasonal: Annotated[bool, quantity("yes/no", "repeat the same month of last year, once there is one")] = False

    def __call__(self, past: Past) -> Array:
        """Repeat the last month, or the last year."""
        if not len(past.rates):
            return zero_forecast(past)
        if self.seasonal and past.reach >= HORIZON:
            return past.monthly(past.year_before())
        return past.monthly(flat_forecast(past.rates[-1]))


class MovingAverage(Forecast, name="moving-average"):
    """The mean of the last months."""

    months: Annotated[int, quantity("months", "how many months are averaged", ge=1, le=36)] = 3

    def __call__(self, past: Past) -> Array:
        """Carry the mean forward."""
        if not len(past.rates):
            return zero_forecast(past)
        recent = past.rates[-self.months :]
        return past.monthly(flat_forecast(np.add.reduce(recent, axis=0) / len(recent)))


class SimpleSmoothing(Forecast, name="simple-smoothing"):
    """Exponential smoothing of the level (Brown 1959)."""

    level: Share = 0.3

    def __call__(self, past: Past) -> Array:
        """Carry the smoothed level forward."""
        if not len(past.rates):
            return zero_forecast(past)
        level = past.rates[0]
        for rate in past.rates[1:]:
            level = level + self.level * (rate - level)
        return past.monthly(flat_forecast(level))


class Holt(Forecast, name="holt"):
    """Exponential smoothing of level and trend (Holt 1957), the trend damped month by month (Gardner & McKenzie 1985)."""

    level: Share = 0.3
    trend: Share = 0.1
    damping: Annotated[
        float, quantity("share", "of the trend that is left a month later; 1 is not damped", gt=0, le=1)
    ] = 0.9

    def __call__(self, past: Past) -> Array:
        """Carry level and damped trend forward; demand is never negative."""
        if not len(past.rates):
            return zero_forecast(past)
        level, trend = past.rates[0], np.zeros_like(past.rates[0])
        for rate in past.rates[1:]:
            expected = level + self.damping * trend
            before, level = level, expected + self.level * (rate - expected)
            trend = self.damping * trend + self.trend * (level - before - self.damping * trend)
        return past.monthly(np.maximum(level + damped(self.damping)[:, None, None] * trend, 0.0))


class HoltWinters(Forecast, name="holt-winters"):
    """Level, damped trend and multiplicative season (Winters 1960; Gardner & McKenzie 1985); Holt until a year is known.

    Where a season's factor is below one, the level learns from the month in proportion to it: dividing a lumpy month's
    demand by a factor near nothing, as the plain recursion does, lets one order raise the level tenfold.
    """

    level: Share = 0.2
    trend: Share = 0.05
    season: Share = 0.2
    first_year: Annotated[
        float,
        quantity(
            "share", "of the first year's pattern that is taken for season; the rest was luck", by_lane=True, ge=0, le=1
        ),
    ] = 0.5
    damping: Annotated[
        float, quantity("share", "of the trend that is left a month later; 1 is not damped", gt=0, le=1)
    ] = 0.9
    fitted: Annotated[
        bool,
        quantity(
            "yes/no",
            "each product takes of four settings the one that would have forecast its known past best: as stated, with half "
            "the constant of the level, and both with a trend that lasts, damped by 0.98",
        ),
    ] = False

    def __call__(self, past: Past) -> Array:
        """Carry level and damped trend forward and put the season back on; demand is never negative."""
        if past.reach < 12:
            settings = {"level": self.level, "trend": self.trend, "damping": self.damping}
            return Holt().model_copy(update=settings)(past)
        tried = [(1.0, self.damping), (1.0, LASTING), (0.5, LASTING), (0.5, self.damping)][: 4 if self.fitted else 1]
        halved, damping = (np.array(each)[:, None, None] for each in zip(*tried, strict=True))
        found = self._smoothed(past, self.level * halved, damping)
        best = np.argmin(_missed(past, found.missed), axis=0)[None]
        of_each = (found.level, found.trend, np.broadcast_to(damping, found.level.shape), *found.season)
        level, trend, left, *season = (np.take_along_axis(each, best, axis=0)[0] for each in of_each)
        ahead = np.maximum(level + damped(left) * trend, 0.0)
        return past.monthly(ahead * np.maximum(np.stack(season)[past.season_ahead], 0.0))

    def _smoothed(self, past: Past, share: Array, damping: Array) -> Smoothed:
        """Level, trend and season after the known past by several settings at once, (settings, products, lanes).

        They go on from where they were the last time, if the past began then as it does now.
        """
        last = past.carried.get(id(self))
        s = last if isinstance(last, Smoothed) and last.leads_to(past, self) else self._first_year(past, share)
        new = slice(len(s.rates), None)
        for rate, month, number in zip(past.rates[new], past.season[new], past.calendar[new], strict=True):
            expected, now = s.level + damping * s.trend, s.season[month].copy()
            if self.fitted:
                s.said[number + 1] = (s.level + damping * (1 + damping) * s.trend) * s.season[(month + 1) % 12]
                s.missed += np.square(s.said[number] - rate) if number in s.said else 0.0
            told = np.minimum(now, 1.0) / np.maximum(now, 1.0)  # a weak month says little of the level: least squares
            before, s.level = s.level, expected + share * told * (rate - now * expected)
            s.trend = damping * s.trend + self.trend * (s.level - before - damping * s.trend)
            seen = np.where(s.level > TINY, rate / np.maximum(s.level, TINY), 1.0)
            s.season[month] = now + self.season * (seen - now)
        s.rates, s.calendar = past.rates, past.calendar
        past.carried[id(self)] = s
        return s

    def _first_year(self, past: Past, share: Array) -> Smoothed:
        """Level and season of the first year, without a trend."""
        year = int(np.searchsorted(past.calendar, past.calendar[0] + 12))  # months of the first year that were worked
        first_year = np.add.reduce(past.rates[:year], axis=0) / year
        season = np.ones((12, len(share), *first_year.shape))
        seen_once = np.where(first_year > TINY, past.rates[:year] / np.maximum(first_year, TINY), 1.0)
        season[past.season[:year]] = (1 + self.first_year * (seen_once - 1))[:, None]
        level = np.repeat(first_year[None], len(share), axis=0)
        nothing = np.zeros_like(level)
        return Smoothed(self, past.rates[:year], past.calendar[:year], level, nothing, season, nothing.copy())


@dataclass
class Smoothed:
    """Hold what settings of exponential smoothing came to: (settings, products, lanes), of seasons by month of the year."""

    rule: HoltWinters
    rates: Array  # of the past that it was learnt from
    calendar: Whole
    level: Array
    trend: Array
    season: Array
    missed: Array  # sum of the squared errors of what was said at the start of the month before
    said: dict[int, Array] = field(default_factory=dict)  # of a month, at the start of the month before

    def leads_to(self, past: Past, rule: HoltWinters) -> bool:
        """Tell if the rule would learn the same again from this past, and go on."""
        months = len(self.rates)
        return (
            rule is self.rule
            and np.array_equal(self.calendar, past.calendar[:months])
            and np.array_equal(self.rates, past.rates[:months])
        )


def _missed(past: Past, missed: Array) -> Array:
    """Squared errors in a product's own size, half its own, half those of all products: one alone tells little from luck."""
    size = np.maximum(np.add.reduce(past.rates, axis=0) / len(past.rates), TINY)
    own = missed / np.square(size)
    return np.asarray(own + np.add.reduce(own, axis=1)[:, None] / own.shape[1])


class Optimistic(Forecast, name="optimistic"):
    """A sales team's number: the recent months, and then some."""

    months: Annotated[int, quantity("months", "how many months are averaged", ge=1, le=36)] = 3
    optimism: Annotated[
        float, quantity("share", "by which the number exceeds the average", by_lane=True, ge=-0.9, le=5)
    ] = 0.15

    def __call__(self, past: Past) -> Array:
        """The mean of the last months, raised by the optimism."""
        return (1 + self.optimism) * past.as_told(MovingAverage(months=self.months)(past.usual()))


def damped(damping: float | Array) -> Array:
    """Sums of the first powers of the damping: how many trends ahead each month is, months first."""
    powers = np.power(damping, np.arange(1, HORIZON + 1).reshape(-1, *(1 for _ in np.shape(damping))))
    return np.cumsum(powers, axis=0)


class SalesTeam(Forecast, name="sales-team"):
    """Report as a sales team does: it sees signed business and deals in sight, hears what customers plan, and distorts it all."""

    months: Annotated[int, quantity("months", "recent months that it has in mind", ge=1, le=36)] = 3
    season: Annotated[bool, quantity("yes/no", "it remembers last year's season")] = True
    optimism: Annotated[
        float,
        quantity(
            "share", "by which it reports more than it believes; below 0 it sandbags", by_lane=True, ge=-0.9, le=5
        ),
    ] = 0.1
    anchor: Annotated[
        float, quantity("share", "weight of the business plan in what it reports", by_lane=True, ge=0, le=1)
    ] = 0.3
    push: Annotated[
        float,
        quantity(
            "share", "more that it promises for the last month of a quarter, and less for the month after", ge=0, le=1
        ),
    ] = 0.1
    noise: Annotated[
        float, quantity("share", "standard deviation of its mood, by product and month", by_lane=True, ge=0, le=2)
    ] = 0.1

    def __call__(self, past: Past) -> Array:
        """Recent months in season as customers let it hear, or business in sight if more; then budget, optimism, quarter's end, mood."""
        believed = past.as_told(past.as_heard(self.backcast(past.unheard().usual())))
        if past.known is not None:
            believed = np.maximum(believed, past.known)
        if past.budget is not None:
            anchored = (1 - self.anchor) * believed + self.anchor * past.budget
            believed = np.where(past.budget.any(axis=(0, 1)), anchored, believed)
        quarter = np.where(past.season_ahead % 3 == 2, self.push, np.where(past.season_ahead % 3 == 0, -self.push, 0.0))
        mood = 0.0 if past.mood is None else self.noise * past.mood
        return np.asarray(np.maximum(believed * (1 + self.optimism) * (1 + quarter[:, None, None]) * (1 + mood), 0.0))

    def backcast(self, past: Past) -> Array:
        """Forecast the mean of recent months, carried through last year's season."""
        if not self.season or past.reach < 12 + self.months:
            return MovingAverage(months=self.months)(past)
        both = np.isin(past.calendar - 12, past.calendar)  # worked now and a year before
        recent = past.calendar[both][-self.months :]
        now, then = (np.add.reduce(past.rates[np.isin(past.calendar, recent - ago)], axis=0) for ago in (0, 12))
        growth = now / np.maximum(then, TINY) if len(recent) else np.ones_like(past.rates[0])
        return past.monthly(past.year_before() * np.clip(growth, 0.5, 2.0))


class MarketingTeam(Forecast, name="marketing-team"):
    """Forecast as marketing does: last year's season at today's level, and on it what it believes of promotions, prices and listings."""

    months: Annotated[int, quantity("months", "recent months that it has in mind", ge=1, le=36)] = 6

    def __call__(self, past: Past) -> Array:
        """The usual demand as sales remember it, moved by all that is announced and listed, with the company's bias and error."""
        usual = SalesTeam(months=self.months).backcast(past.unheard().usual())
        team = past.marketing or Marketing(optimism=0.0, belief=0.0, noise=0.0)
        error = 0.0 if past.judgement is None else team.noise * past.judgement
        believed = past.as_believed(usual, team.belief)
        return np.asarray(np.maximum(believed * (1 + team.optimism) * (1 + error), 0.0))


class Consensus(Forecast, name="consensus"):
    """Statistical, sales' and marketing's forecast blended by how well each has done, known bias taken out (after Bates & Granger 1969).

    What customers let the sales team hear is put on the statistical forecast first: events on a baseline.
    """

    statistical: ChosenForecast = HoltWinters()
    sales: ChosenForecast = SalesTeam()
    marketing: Annotated[
        float | None,
        quantity(
            "share",
            "weight of marketing's forecast, where it has one; leave out to learn it from its record",
            ge=0,
            le=1,
        ),
    ] = None
    memory: Annotated[
        float,
        quantity(
            "months", "of a perfect record that each is credited with before any is known", by_lane=True, gt=0, le=36
        ),
    ] = 3.0

    def __call__(self, past: Past) -> Array:
        """Weights are inverse to each one's mean squared error after its bias."""
        made = self.stages(past)
        blend, weights = np.zeros_like(made["statistical"]), np.zeros(1)
        learns = MARKETING in made and self.marketing is None
        for stage in ("statistical" if past.heard is None else "informed", "sales", *([MARKETING] if learns else [])):
            bias, weight = self._credit(past.record.get(stage))
            blend, weights = blend + weight * bias * made[stage], weights + weight
        agreed = blend / weights
        if MARKETING in made and self.marketing is not None:
            bias, _ = self._credit(past.record.get(MARKETING))
            agreed = (1 - self.marketing) * agreed + self.marketing * bias * made[MARKETING]
        return np.asarray(agreed)

    def _credit(self, record: Accuracy | None) -> tuple[Array | float, Array | float]:
        """The factor that takes the bias out, shrunk while the record is short, and the weight."""
        if record is None:
            return 1.0, 1.0
        credit = self.memory * record.actual / record.months
        bias = np.clip((record.actual + credit) / np.maximum(record.forecast + credit, TINY), 0.5, 2.0)
        bias = np.where(record.actual > TINY, bias, 1.0)  # what was not sold yet says nothing
        mean = record.actual / record.months
        error = record.squared_error / record.months - np.square((record.forecast - record.actual) / record.months)
        return bias, 1 / np.maximum(error, np.square(0.05 * mean) + TINY)

    def stages(self, past: Past) -> dict[str, Array]:
        """Naive for comparison, and those that are blended; worked out once, since the sales report asks again."""
        if id(self) not in past.stages:
            past.stages[id(self)] = self._stages(past)
        return past.stages[id(self)]

    def _stages(self, past: Past) -> dict[str, Array]:
        """Put what customers let the sales team hear on the statistical one, which makes it an informed one."""
        statistical = past.as_told(self.statistical(past.usual()))  # the demand manager adds what is announced
        made = {"naive": Naive(seasonal=True)(past), "statistical": statistical, "sales": self.sales(past)}
        if past.heard is not None:
            made["informed"] = past.as_told(past.as_heard(self.statistical(past.unheard().usual())))
        if past.marketing is not None:
            made[MARKETING] = MarketingTeam()(past)
        return made

    def backcast(self, past: Past) -> Array:
        """Take the statistical forecast: what sales said before the first day is not known."""
        return self.statistical(past)
