"""Describe demand: four kinds of streams, each for one product and one segment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from math import prod
from typing import Annotated, Literal

import numpy as np
from pydantic import model_validator

from simulator.company.calendar import Days
from simulator.company.laws import Constant, Empirical, Gamma, Law, LawOfDays, Lognormal, Normal, Poisson
from simulator.company.quality import Returns
from simulator.company.sales import Loyalty, Stage
from simulator.kernel.messages import Message, msg
from simulator.kernel.units import Array, Index, Mask, Record, quantity

Notice = Annotated[int, quantity("days", "from call-off to requested date", ge=0, le=365)]
Slip = Annotated[
    float,
    quantity("probability", "that a call-off comes a month later than agreed; and again the month after", ge=0, le=0.9),
]

FLAT_YEAR = (1.0,) * 12
FLAT_WEEK = (1.0,) * 7

MOST_BEFORE = 10.0
"""Times the first month's level from which a falling stream may have come in the months before the run."""


NEAR_ONE = 0.005
"""How far the mean of factors may be from 1: they may be written with two decimals."""


def hold_to_mean_one(entry: str, factors: Sequence[float], how_many: Message) -> None:
    """Refuse factors whose mean is not 1, as they say, with what would make it so."""
    mean = sum(factors) / len(factors)
    if abs(mean - 1) <= NEAR_ONE:
        return
    if not mean:
        raise ValueError(
            msg(
                "{entry} holds nothing but zeros; its {how_many} factors must have mean 1",
                entry=entry,
                how_many=how_many,
            )
        )
    if abs(sum(factors) - 1) <= NEAR_ONE:
        raise ValueError(
            msg(
                "{entry} holds shares that add up to 1, and must hold factors of mean 1; multiply its {how_many} by {n}",
                entry=entry,
                how_many=how_many,
                n=len(factors),
            )
        )
    raise ValueError(
        msg(
            "{entry} must have mean 1, and its {how_many} have mean {mean}; divide each by {mean}",
            entry=entry,
            how_many=how_many,
            mean=f"{mean:.4g}",
        )
    )


class Channel(Record):
    """A way to customers: how far it is, what the way and the selling cost."""

    transport_days: Annotated[int, quantity("days", "from dock to customer", ge=0, le=120)] = 0
    transport_cost: Annotated[float, quantity("share", "of the price that the way costs", ge=0, le=1, luck=False)] = 0.0
    selling_cost: Annotated[float, quantity("share", "of the price that selling costs", ge=0, le=1, luck=False)] = 0.0
    note: Annotated[str, quantity("text", "what it is; where its figures come from", luck=False)] = ""


class Segment(Record):
    """A group of customers that is served alike."""

    rank: Annotated[int, quantity("rank", "who comes first when stock is short; 1 is first", ge=1)] = 1
    lead_time: Annotated[int, quantity("days", "requested lead time, from order to due date", ge=0, le=365)] = 0
    patience: Annotated[
        int | None,
        quantity(
            "days", "how long an order waits after its due date before it is lost; leave out to wait for ever", ge=0
        ),
    ] = None
    channel: Annotated[str | None, quantity("name", "the channel that it buys through; leave out for the door")] = None
    payment_days: Annotated[int, quantity("days", "from delivery until customers pay", ge=0, le=365, luck=False)] = 0
    bad_debt: Annotated[float, quantity("share", "of what is invoiced that is never paid", ge=0, lt=1, luck=False)] = (
        0.0
    )
    late_penalty: Annotated[
        float | None,
        quantity(
            "share/day",
            "of the price that a day of delay costs by contract; leave out for the company's",
            ge=0,
            le=1,
            luck=False,
        ),
    ] = None
    loyalty: Annotated[
        Loyalty | None, quantity("table", "how they answer to bad service; leave out if they never do")
    ] = None
    returns: Annotated[Returns | None, quantity("table", "what they send back; leave out where nothing is")] = None
    note: Annotated[str, quantity("text", "who they are", luck=False)] = ""


class Pattern(Record):
    """Move the level of a stream with the calendar."""

    trend: Annotated[
        float, quantity("share/year", "growth of the level a year, before the run as in it", gt=-1, le=5)
    ] = 0.0
    steady: Annotated[
        int | None, quantity("months", "of the run before the growth fades; leave out if it never does", ge=0)
    ] = None
    damping: Annotated[
        float, quantity("share", "of a month's growth that the next still has, once it fades", ge=0, le=1)
    ] = 0.9
    since: Annotated[
        dt.date | None, quantity("date", "first day on which it is wanted; leave out if it always was")
    ] = None
    until: Annotated[
        dt.date | None, quantity("date", "last day on which it is wanted; leave out if it always will be")
    ] = None
    season: Annotated[
        tuple[float, ...],
        quantity("factor", "level of each month, January first, mean 1", min_length=12, max_length=12),
    ] = FLAT_YEAR
    weekday: Annotated[
        tuple[float, ...],
        quantity(
            "factor",
            "level of each day of the week, Monday first, mean 1 over the days that are worked",
            min_length=7,
            max_length=7,
        ),
    ] = FLAT_WEEK
    swing: Annotated[
        float, quantity("share", "standard deviation of the month's level about its pattern", ge=0, le=2)
    ] = 0.0
    memory: Annotated[float, quantity("correlation", "of one month's swing with the next", gt=-1, lt=1)] = 0.0
    together: Annotated[
        float,
        quantity("share", "of the swing's variance in which all streams of everyday demand move together", ge=0, le=1),
    ] = 0.0

    @model_validator(mode="after")
    def _positive(self) -> Pattern:
        for name in ("season", "weekday"):
            if not all(0 <= factor < float("inf") for factor in getattr(self, name)):
                raise ValueError(msg("{entry} must hold finite factors of at least 0", entry=name))
        hold_to_mean_one("season", self.season, msg("twelve"))
        return self

    def factors(self, days: Days, months_before: int = 0) -> Array:
        """The level of each day against the run's first month: trend by the month, season, weekday; 0 where nothing is worked.

        Months before the run grew as its first month does: what planners know of the past shows the trend.
        """
        months = np.arange(days.months) - months_before
        by_month = self.grown(months) * np.array(self.season)[days.month_of_year]
        factors = np.asarray(by_month[days.month] * np.array(self.weekday)[days.weekday] * days.working)
        return factors * self._wanted(days) if self.since or self.until else factors

    def grown(self, months: Index | Array) -> Array:
        """The level that growth brings to months of the run, counted from its first, those before it below 0.

        Nobody measured years long gone, and a steep fall carried back knows no end: the past begins at ten times the level at most.
        """
        return np.minimum(
            np.power(1 + self.trend, self._months_grown(months) / 12), np.where(months < 0, MOST_BEFORE, np.inf)
        )

    def _months_grown(self, months: Index | Array) -> Array:
        """Months of full growth that add up to what growth is left, once it fades."""
        if self.steady is None:
            return np.asarray(months, dtype=np.float64)
        beyond = np.maximum(months - self.steady, 0)
        faded = self.damping * (1 - self.damping**beyond) / (1 - self.damping) if self.damping < 1 else beyond
        return np.asarray(np.minimum(months, self.steady) + faded, dtype=np.float64)

    def _wanted(self, days: Days) -> Mask:
        """Tell of each day if it lies between the first and the last on which the product is wanted."""
        dates = days.first + np.arange(days.count)
        first = np.datetime64(self.since, "D") if self.since else dates[0]
        last = np.datetime64(self.until, "D") if self.until else dates[-1]
        return np.asarray((dates >= first) & (dates <= last))


class Orders(Record):
    """A day's quantity as order lines: how many arrive, and how large they are."""

    law: Literal["orders"]
    lines: Annotated[float, quantity("lines/day", "mean number of order lines on a day of level 1", gt=0, le=5_000)]
    dispersion: Annotated[
        float, quantity("ratio", "variance of the day's lines over their mean; 1 is Poisson", ge=1)
    ] = 1.0
    sizes: Annotated[
        tuple[float, ...], quantity("units", "order-line sizes seen, each as likely as it is frequent", min_length=1)
    ]

    @property
    def mean(self) -> float:
        """Units on a day of level 1."""
        return self.lines * sum(self.sizes) / len(self.sizes)


DailyLaw = Constant | Normal | Gamma | Lognormal | Empirical | Poisson | Orders


class Everyday(Record):
    """Demand that is not signed ahead: it arrives day by day."""

    product: Annotated[str, quantity("name", "the product wanted")]
    segment: Annotated[str, quantity("name", "who wants it")]
    daily: Annotated[DailyLaw, quantity("units/day", "law of a working day's quantity", discriminator="law")]
    pattern: Pattern = Pattern()
    correlation: Annotated[float, quantity("correlation", "of one day's normal demand with the next", gt=-1, lt=1)] = (
        0.0
    )


def deals_follow(pattern: Pattern) -> None:
    """Refuse what has no meaning for deals: they are counted by the month."""
    if pattern.swing or pattern.memory or pattern.together or pattern.weekday != FLAT_WEEK:
        raise ValueError(
            msg(
                "{entry} of deals may hold trend and season only; leave out swing, memory, together and weekday",
                entry="pattern",
            )
        )


class SmallContracts(Record):
    """Orders signed well before they are due: a firm quantity and a requested date."""

    product: Annotated[str, quantity("name", "the product wanted")]
    segment: Annotated[str, quantity("name", "who wants it")]
    per_month: Annotated[float, quantity("contracts/month", "mean number signed a month", gt=0, le=1_000)]
    size: Annotated[Law, quantity("units", "quantity of a contract")]
    lead_time: Annotated[LawOfDays, quantity("days", "from signature to requested date")]
    pattern: Pattern = Pattern()

    @model_validator(mode="after")
    def _by_the_month(self) -> SmallContracts:
        deals_follow(self.pattern)
        return self


class FrameContracts(Record):
    """Large contracts: a firm total that the customer calls off in portions, often later than agreed."""

    product: Annotated[str, quantity("name", "the product wanted")]
    segment: Annotated[str, quantity("name", "who wants it")]
    per_year: Annotated[float, quantity("contracts/year", "mean number signed a year", gt=0, le=1_000)]
    size: Annotated[Law, quantity("units", "total of a contract")]
    call_offs: Annotated[int, quantity("months", "number of monthly call-offs agreed", ge=1, le=36)]
    notice: Notice = 10
    slip: Slip = 0.0
    pattern: Pattern = Pattern()

    @model_validator(mode="after")
    def _by_the_month(self) -> FrameContracts:
        deals_follow(self.pattern)
        return self


class Projects(Record):
    """Deals close to signature: quantity, expected month and a probability of winning."""

    product: Annotated[str, quantity("name", "the product wanted")]
    segment: Annotated[str, quantity("name", "who wants it")]
    per_month: Annotated[
        float, quantity("deals/month", "mean number of deals that come into sight a month", gt=0, le=1_000)
    ]
    size: Annotated[Law, quantity("units", "quantity of a deal")]
    sight: Annotated[int, quantity("months", "from coming into sight to the expected signature", ge=1, le=24)] = 4
    win_low: Annotated[float, quantity("probability", "lowest stated probability of winning", ge=0, le=1)] = 0.2
    win_high: Annotated[float, quantity("probability", "highest stated probability of winning", ge=0, le=1)] = 0.8
    slip: Annotated[
        float, quantity("probability", "that the signature slips by a month; and again the month after", ge=0, le=0.9)
    ] = 0.0
    stages: Annotated[
        tuple[Stage, ...],
        quantity("list", "of the pipeline, first to last, instead of win_low and win_high; leave out for a single one"),
    ] = ()
    lead_time: Annotated[LawOfDays, quantity("days", "from signature to requested date")]
    pattern: Pattern = Pattern()

    @model_validator(mode="after")
    def _ordered(self) -> Projects:
        deals_follow(self.pattern)
        for chance in ("win_low", "win_high"):
            if self.stages and chance in self.model_fields_set:
                raise ValueError(
                    msg("{entry} and {other} are both given; leave one of them out", entry="stages", other=chance)
                )
        months = sum(stage.months for stage in self.stages)
        if self.stages and months != self.sight:
            raise ValueError(
                msg(
                    "{entry} take {months} months and sight is {sight}; the months of the stages must add up to sight",
                    entry="stages",
                    months=months,
                    sight=self.sight,
                )
            )
        if self.win_low > self.win_high:
            raise ValueError(
                msg(
                    "{entry} is {low} and win_high {high}; the first must not be above the second",
                    entry="win_low",
                    low=f"{self.win_low}",
                    high=f"{self.win_high}",
                )
            )
        return self

    @property
    def win_rate(self) -> float:
        """Share of deals that are won."""
        passed = [stage.passes for stage in self.stages]
        return prod(passed) if passed else (self.win_low + self.win_high) / 2


class History(Record):
    """Demand taken from a file of order lines."""

    file: Annotated[str, quantity("file", "CSV of order lines, beside the scenario file")]
    mode: Annotated[
        Literal["fitted", "replay"], quantity("choice", "a generator estimated from the lines, or the real days again")
    ] = "fitted"
    key_account_units: Annotated[
        float, quantity("units", "a customer who bought more than this in all is a key account", gt=0)
    ] = 2_000.0
    bucket: Annotated[
        Literal["line", "day", "week", "month"] | None,
        quantity("choice", "what a row is: an order line or a total; leave out to have it told from the dates"),
    ] = None
    equal_lines: Annotated[
        Literal["keep", "drop"] | None,
        quantity(
            "choice",
            "what becomes of lines that repeat another in every column; leave out to drop them only where a column "
            "numbers the lines of an order",
        ),
    ] = None
    cancelled: Annotated[
        str | None,
        quantity(
            "text",
            "with which the number of an order begins that cancels another; leave out if none does",
            min_length=1,
        ),
    ] = None
    unpriced: Annotated[
        Literal["keep", "drop"], quantity("choice", "what becomes of lines without a price above zero")
    ] = "keep"
    together: Annotated[
        bool, quantity("yes/no", "months in which all products sell more, or less, than their patterns say are fitted")
    ] = True


class Demand(Record):
    """The four streams; any may be left out."""

    history: Annotated[
        History | None, quantity("table", "order lines to estimate the everyday stream from, or to replay")
    ] = None
    everyday: Annotated[tuple[Everyday, ...], quantity("list", "not signed ahead")] = ()
    contracts: Annotated[tuple[SmallContracts, ...], quantity("list", "signed small contracts")] = ()
    frames: Annotated[tuple[FrameContracts, ...], quantity("list", "frame contracts with call-offs")] = ()
    projects: Annotated[tuple[Projects, ...], quantity("list", "deals with a probability of winning")] = ()
    foreseen: Annotated[
        float,
        quantity(
            "share",
            "of the variance of everyday demand's swings that the sales team is told of: customers' promotions, listings",
            ge=0,
            le=1,
        ),
    ] = 0.0
    sight: Annotated[
        int, quantity("months", "before the month itself that the sales team is told of them", ge=0, le=11)
    ] = 2


__all__ = [
    "Channel",
    "Demand",
    "Everyday",
    "FrameContracts",
    "History",
    "Orders",
    "Pattern",
    "Projects",
    "Segment",
    "SmallContracts",
]
