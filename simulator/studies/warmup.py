"""The length of time for which the start of a run is felt.

Two looks at it. The classic one: MSER-5 and Welch's curve of a level from the first day on, the season taken out; they
need a steady state to settle to. And one that needs none: the same company on the same luck from half and from twice its
opening stock; the start is over when it no longer matters what it was.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.company import Component, Product
from simulator.engine.play import play, replication_blocks, trimmed, weather_for
from simulator.engine.running import months_before
from simulator.engine.scenario import Scenario
from simulator.engine.settings import Setting, changed_scenario
from simulator.kernel.ledger import SCORED
from simulator.kernel.messages import Message, msg, percent
from simulator.kernel.units import DAYS_A_MONTH, Array, ScenarioError
from simulator.planning import Policy
from simulator.results.cautions import cautions
from simulator.theory.arrays import average
from simulator.theory.statistics import Interval, mean_interval
from simulator.theory.warmup import (
    Truncation,
    moving_average_of_welch,
    mser,
    periods_outside,
    settling_period,
    smoothed,
    without_season,
)
from simulator.world.luck import Weather

if TYPE_CHECKING:
    import pandas as pd

YEARS = 3
"""Simulated for the purpose: the first holds the start, the others teach the season."""

SEASON_DAYS = 365
GIVEN = "as given"
STARTS = {GIVEN: 1.0, "half": 0.5, "twice": 2.0}
"""Opening stocks, as multiples of the scenario's own."""

TOLERANCE = 0.05
"""Share of a level within which a curve counts as settled, and a difference as forgotten."""

QUANTITIES = {"on_hand": "Stock on hand", "position": "Stock on hand and on its way", "backlog": "Backlog"}
STOCK_LEVELS = ("on_hand", "position")
"""A backlog that is nothing most of the time has no level to come near to."""


@dataclass(frozen=True)
class Course:
    """One quantity by day: from each start, and what follows from it."""

    name: str
    title: str
    days: dict[str, Array]  # by start, (days, replications)
    window: int

    @property
    def level(self) -> float:
        """Its mean over the whole run as given."""
        return float(self.days[GIVEN].mean())

    @property
    def without_season(self) -> Array:
        """The mean over replications of the run as given, less its season."""
        return without_season(average(self.days[GIVEN].T), SEASON_DAYS)

    @property
    def cut(self) -> Truncation:
        """MSER-5."""
        return mser(self.without_season)

    @property
    def settled(self) -> int | None:
        """Day from which Welch's curve stays near its later level."""
        return settling_period(smoothed(self.without_season, self.window), TOLERANCE)

    def curve(self, start: str) -> Array:
        """Welch's curve, season and all."""
        return moving_average_of_welch(self.days[start].T, self.window)

    @property
    def forgotten(self) -> int | None:
        """Day from which no other start surely differs by more than the tolerance; None if one does to the end."""
        last = 0
        for gap in self._gaps():
            surely = np.maximum(np.abs(gap.mean) - gap.half_width, 0.0)
            last = max(last, periods_outside(surely, TOLERANCE * self.level))
        return last if last < len(self.days[GIVEN]) else None

    def apart(self, day: int) -> float:
        """Return the largest deviation of the other starts on a day, as a share of the level."""
        return max(abs(float(gap.mean[day])) for gap in self._gaps()) / self.level

    def _gaps(self) -> list[Interval]:
        """Estimate the effect of each other start by day, with its interval."""
        changes = [self.days[start] - self.days[GIVEN] for start in STARTS if start != GIVEN]
        return [mean_interval(smoothed(change, self.window).T) for change in changes]


@dataclass(frozen=True)
class WarmUp:
    """Effects of the start on a scenario under a policy, and the warm-up that follows from them."""

    scenario: Scenario
    policy: Policy
    seed: int
    replications: int
    courses: dict[str, Course]

    @property
    def cautions(self) -> list[Message]:
        """Cautions to read before these figures are believed, a sentence each."""
        return cautions(self.scenario, [self.policy])

    @property
    def months(self) -> int | None:
        """Whole months after which stock has forgotten how it began; None if it never does."""
        days = [self.courses[name].forgotten for name in STOCK_LEVELS]
        known = [day for day in days if day is not None]
        return math.ceil(max(known) / DAYS_A_MONTH) if len(known) == len(days) else None

    def apart(self, months: int) -> float:
        """Return the remaining effect of another start after some months, as a share of the level of stock."""
        return max(self.courses[name].apart(int(months * DAYS_A_MONTH)) for name in STOCK_LEVELS)

    def table(self) -> pd.DataFrame:
        """A row a quantity: the days that each look at it asks to leave out; none where it never settles."""
        import pandas as pd

        rows = [
            {
                "quantity": course.name,
                "title": course.title,
                "mser_days": course.cut.periods if course.cut.found else None,
                "welch_days": course.settled,
                "forgotten_days": course.forgotten if course.name in STOCK_LEVELS else None,
                "level": course.level,
            }
            for course in self.courses.values()
        ]
        return pd.DataFrame(rows).astype({f"{look}_days": "Int64" for look in ("mser", "welch", "forgotten")})

    def curves(self) -> pd.DataFrame:
        """Welch's curves: a row a quantity, start and day."""
        import pandas as pd

        parts = [
            pd.DataFrame({"title": course.title, "start": start, "day": np.arange(len(curve)), "value": curve})
            for course in self.courses.values()
            for start in STARTS
            for curve in [course.curve(start)]
        ]
        return pd.concat(parts, ignore_index=True)

    @property
    def finding(self) -> Message:
        """The finding on stock's independence of its start, and its month."""
        if self.months is None:
            return msg(
                "Half or twice the opening stock still shows after {years} years: "
                "what is scored depends on where the company starts.",
                years=YEARS,
            )
        return msg("After {months} months stock has forgotten how it began", months=self.months)

    def sentences(self) -> list[Message]:
        """Say the consequences for the experiment's warm-up."""
        has, months = self.scenario.experiment.warm_up, self.months
        if months is None:
            return [
                self.finding,
                msg("Score it from today's true position: set the opening stocks and experiment.warm_up = 0."),
            ]
        told = [
            msg(
                "{finding}; experiment.warm_up is {has} months, which is {enough}.",
                finding=self.finding,
                has=has,
                enough=msg("enough") if has >= months else msg("too short"),
            )
        ]
        if has < months:
            told.append(
                msg(
                    "After {months} months half or twice the opening stock still moves stock by {share}; "
                    "it matters the less, the nearer opening stocks are to what the company settles at.",
                    months=has,
                    share=percent(self.apart(has), 0),
                )
            )
        if not all(course.cut.found for course in self.courses.values()):
            told.append(
                msg(
                    "A level that never settles drifts with demand, not with the start: score the years that are asked about."
                )
            )
        return told


def warm_up(
    scenario: Scenario,
    policy: Any,
    replications: int = 30,
    window: int = 15,
    seed: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> WarmUp:
    """Run a company for years from three starts on the same luck, and see when they have come together."""
    chosen, seed = scenario.policy(policy), scenario.experiment.seed if seed is None else seed
    if not 1 <= window <= SEASON_DAYS // 4:
        raise ScenarioError(msg("the window is {n} days; it must be from 1 to {most}", n=window, most=SEASON_DAYS // 4))
    if replications < 2:
        raise ScenarioError(
            msg("replications is {n}; at least 2 are needed to tell a difference from luck", n=replications)
        )
    if scenario.replayed is not None:
        raise ScenarioError(
            msg("a replay has one past and no steady state; leave out the year that teaches the forecast")
        )
    long = changed_scenario(scenario, {"experiment.months": 12 * YEARS, "experiment.warm_up": 0})
    cases = {
        start: long if start == GIVEN else changed_scenario(long, opening_share(long, share))
        for start, share in STARTS.items()
    }
    parts: dict[tuple[str, str], list[Array]] = {(name, start): [] for name in QUANTITIES for start in STARTS}
    cut = list(replication_blocks(long, range(replications)))
    for done, block in enumerate(cut, 1):
        weather = weather_for(long, seed, block)
        for start, case in cases.items():
            for name, days in _by_day(case, chosen, weather, len(block)).items():
                parts[name, start].append(days)
        if progress:
            progress(done, len(cut))
    found = {key: np.concatenate(days, axis=1) for key, days in parts.items()}
    courses = {
        name: Course(name, title, {start: found[name, start] for start in STARTS}, window)
        for name, title in QUANTITIES.items()
    }
    return WarmUp(scenario, chosen, seed, replications, courses)


def opening_share(scenario: Scenario, share: float) -> Setting:
    """The opening stock of every item, times a share."""
    company = scenario.company
    tables: tuple[tuple[str, Mapping[str, Product | Component]], ...] = (
        ("products", company.products),
        ("components", company.components),
    )
    return {
        f"{table}.{name}.opening_stock": float(math.floor(share * opening_stock_of(scenario, name)))
        for table, items in tables
        for name in items
    }


def opening_stock_of(scenario: Scenario, name: str) -> float:
    """The opening stock of an item; where none is stated, that with which the months before the first day begin."""
    stated, earlier = scenario.company.items[name].opening_stock, months_before(scenario)
    if stated is not None or earlier is None:
        return stated or 0.0
    return earlier.company.items[name].opening_stock or 0.0


def _by_day(scenario: Scenario, policy: Policy, weather: Weather, lanes: int) -> dict[str, Array]:
    """Values of everything by day, (days, replications)."""
    books, n = trimmed(play(scenario, policy, weather, SCORED), lanes), scenario.network
    on_hand, on_order = ((books.closing[name] * n.unit_cost).sum(axis=1) for name in ("on_hand", "on_order"))
    owed = (books.closing["backlog"] * n.price).sum(axis=(1, 2))
    return {"on_hand": on_hand, "position": on_hand + on_order, "backlog": owed}
