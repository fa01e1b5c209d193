"""Calibration: the plans of every cycle, at every distance, held against what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simulator.engine.scenario import Scenario, load
from simulator.kernel.messages import Message, Value, listed, msg, number, percent
from simulator.kernel.units import Array, Mask, ScenarioError
from simulator.results.estimates import Estimate, estimate
from simulator.results.reading.month import Month
from simulator.results.reading.plan_record import (
    MONEY_FIGURES,
    NOBODY,
    PLAN_FIGURES,
    PLANNED_CASH,
    PLANNED_EBIT,
    PLANNED_SALES,
    PLANNED_STOCK,
    PlanFigure,
    PlanRecord,
)
from simulator.results.reading.record import Reading, ratio
from simulator.results.run import Run, replication_numbers, usual_policy

if TYPE_CHECKING:
    import pandas as pd

DISTANCES = 4
"""Months ahead that are told: the current one and three more."""


YES, NO, LUCK = "yes", "no", "luck"
"""Answers to the question if a figure is within so much of what came: the interval lies inside, outside, or on both sides."""

A_TENTH = 0.1
"""The share of what came within which an expected figure is asked to be."""

FIVE_POINTS = 0.05
"""How far the chance of no backlog that plans state is asked to be from the share of months without any, at most."""

EBIT_AHEAD = 1
"""Months ahead at which that is asked of EBIT."""


class PlanAgainstActual(NamedTuple):
    """A figure at one distance over all scored cycles: sums, and the share of single figures within the range given.

    `luck` is the half width of the 95 % interval of the expected figure over what came, by what differs between replications.
    """

    figure: Message
    ahead: int
    planned: float
    expected: float
    actual: float
    within: float
    cases: int
    luck: float = float("nan")

    @property
    def plan_off(self) -> float:
        """The plan over what came, less 1."""
        return float(ratio(np.array(self.planned), np.array(self.actual)) - 1)

    @property
    def expected_off(self) -> float:
        """The expected figure, past errors taken out, over what came, less 1."""
        return float(ratio(np.array(self.expected), np.array(self.actual)) - 1)

    @property
    def is_near(self) -> str:
        """Tell if the expected figure is within a tenth of what came: yes, no, or luck does not tell, as of one run."""
        return _nearness(self.expected_off, self.luck, A_TENTH)


class NoBacklog(NamedTuple):
    """The chance of no backlog at a month's end that plans stated, and the share of months without any; luck as above."""

    ahead: int
    said: float
    true: float
    luck: float = float("nan")

    @property
    def is_near(self) -> str:
        """Tell if what was said is within five points of what was true: yes, no, or luck does not tell."""
        return _nearness(self.said - self.true, self.luck, FIVE_POINTS)


class Commitments(NamedTuple):
    """Units that plans committed to for the current month as far as customers wanted them, and those that were shipped."""

    in_shortage: bool
    committed: float
    shipped: float

    @property
    def kept(self) -> float:
        """The share that was shipped."""
        return float(ratio(np.array(self.shipped), np.array(self.committed)))


@dataclass(frozen=True)
class Tally:
    """Sums over the scored cycles of each replication: what calibration needs of their books, which need not be kept."""

    figures: Array  # (figures, distances, planned, expected, actual, within the range, cases, replications)
    none: Array  # (distances, chance stated of no backlog, months without any, cases, replications)
    kept: Array  # (without and in shortage, committed, shipped)

    @classmethod
    def nothing(cls, lanes: int = 0) -> Tally:
        """Nothing of so many replications yet."""
        figures = np.zeros((len(PLAN_FIGURES), DISTANCES, 5, lanes))
        return cls(figures, np.zeros((DISTANCES, 3, lanes)), np.zeros((2, 2)))

    @classmethod
    def of(cls, record: PlanRecord, first: int) -> Tally:
        """Of one block of replications, from the first scored month on."""
        found = cls.nothing(record.plans.forecast.shape[-1])
        for ahead in range(DISTANCES):
            for made in cells(record, first, ahead):
                for k, figure in enumerate(PLAN_FIGURES):
                    found.figures[k, ahead] += _against_actual(record, figure, made, ahead)
                found.none[ahead] += _no_backlog(record, made, ahead)
        for made in cells(record, first, 0):
            for lane in range(record.plans.forecast.shape[-1]):
                short, committed, shipped = kept_of_month(Month(record.read.books, made, lane))
                for row, where in enumerate((~short, short)):
                    found.kept[row] += committed[where].sum(), shipped[where].sum()
        return found

    def __add__(self, other: Tally) -> Tally:
        """Take two blocks together."""
        figures, none = (
            np.concatenate(both, axis=-1) for both in ((self.figures, other.figures), (self.none, other.none))
        )
        return Tally(figures, none, self.kept + other.kept)


def cells(record: PlanRecord, first: int, ahead: int) -> list[int]:
    """The scored cycles whose month that far ahead is in the run, and that have a record."""
    end = record.months - ahead
    return [made for made in record.plans.made_in if first <= made < end and record.scale(made, ahead) is not None]


def _against_actual(record: PlanRecord, figure: PlanFigure, made: int, ahead: int) -> Array:
    """Planned, expected and actual of all together, single figures within their range, and how many there are: (5, lanes)."""
    planned, came = record.both(figure)
    likely, actual = record.likely(figure, made, ahead), came[made + ahead]
    assert likely is not None
    of_all = [amount[-1] for amount in (planned[made, ahead], likely.expected, actual)]
    rows = slice(None) if figure in MONEY_FIGURES else slice(-1)
    held = ((likely.low <= actual) & (actual <= likely.high))[rows]
    return np.stack([*of_all, held.sum(axis=0), np.full(held.shape[-1], len(held))])


def _no_backlog(record: PlanRecord, made: int, ahead: int) -> Array:
    """Chances stated of no backlog of all families together, months without any, and how many there are: (3, lanes)."""
    chance = record.chance_of_none(made, ahead)
    assert chance is not None
    owed = record.read.owed(record.read.span_of(made + ahead)[1] - 1).sum(axis=0)
    return np.stack([chance[-1], owed < NOBODY, np.ones_like(owed)])


@dataclass(frozen=True)
class Calibration:
    """Plans of one policy against what happened, from the first scored month for which there is a record of plans."""

    run: Run
    tally: Tally

    @property
    def cautions(self) -> list[Message]:
        """Cautions to read before these figures are believed, a sentence each."""
        return self.run.cautions

    @property
    def figures(self) -> list[PlanAgainstActual]:
        """Every figure at every distance."""
        return [self.figure(figure, ahead) for figure in PLAN_FIGURES for ahead in range(DISTANCES)]

    def figure(self, figure: PlanFigure, ahead: int) -> PlanAgainstActual:
        """A figure at a distance."""
        found = self.tally.figures[PLAN_FIGURES.index(figure), ahead]
        planned, expected, actual, within, cases = found.sum(axis=-1).tolist()
        share = within / cases if cases else float("nan")
        luck = luck_of_ratio(found[1], found[2])
        return PlanAgainstActual(figure.name, ahead, planned, expected, actual, share, int(cases), luck)

    @property
    def ebit_of_sales(self) -> Estimate:
        """EBIT as it was expected a month ahead less as it came, as a share of the net sales that came, by replication."""
        ebit, sales = (
            self.tally.figures[PLAN_FIGURES.index(figure), EBIT_AHEAD] for figure in (PLANNED_EBIT, PLANNED_SALES)
        )
        return estimate(np.asarray((ebit[1] - ebit[2]) / sales[2].mean()))

    @property
    def ebit_share(self) -> float:
        """EBIT that came over the net sales that came, in the months of these plans."""
        ebit, sales = (self.figure(figure, EBIT_AHEAD).actual for figure in (PLANNED_EBIT, PLANNED_SALES))
        return float(ratio(np.array(ebit), np.array(sales)))

    @property
    def no_backlog(self) -> list[NoBacklog]:
        """Of all families together, at every distance."""
        found, cases = self.tally.none, self.tally.none[:, 2]
        said, true = (ratio(found[:, k].sum(axis=-1), cases.sum(axis=-1)).tolist() for k in (0, 1))
        return [
            NoBacklog(ahead, said[ahead], true[ahead], luck_of_ratio(found[ahead, 0] - found[ahead, 1], cases[ahead]))
            for ahead in range(DISTANCES)
        ]

    @property
    def commitments(self) -> list[Commitments]:
        """Of the current month, by family: where supply covers demand, and in shortage."""
        return [Commitments(bool(row), *self.tally.kept[row].tolist()) for row in (0, 1)]

    # --- in words and tables ---

    def table(self) -> pd.DataFrame:
        """Tidy table: figure, months ahead, planned, expected, actual, plan off, expected off and its luck, within the range, cases."""
        import pandas as pd

        rows: list[dict[str, Any]] = [
            {"figure": str(f.figure), "months_ahead": f.ahead, "planned": f.planned, "expected": f.expected,
             "actual": f.actual, "plan_off": f.plan_off, "expected_off": f.expected_off, "luck": f.luck,
             "near": f.is_near, "within": f.within, "cases": f.cases} for f in self.figures
        ]  # fmt: skip
        return pd.DataFrame(rows)

    def sentences(self) -> Iterator[Message]:
        """Say how far plans were kept and how well they knew."""
        off = self.ebit_of_sales
        if np.isfinite(off.mean) and np.isfinite(off.half):
            yield msg(
                "EBIT one month ahead: expected less actual is {off} ± {luck} of net sales. "
                "What came is {share} of net sales, 10 % of it {tenth}.",
                off=percent(off.mean, 2, signed=True),
                luck=percent(off.half, 2),
                share=percent(self.ebit_share),
                tenth=percent(A_TENTH * abs(self.ebit_share), 2),
            )
        now = self.no_backlog[0]
        if np.isfinite(now.said):
            yield msg(
                "Plans gave no backlog at the end of the current month a chance of {said}; there was none in {true} of months.",
                said=percent(now.said),
                true=percent(now.true),
            )
        for kind in self.commitments:
            if kind.committed > NOBODY:
                values: dict[str, Value] = {"units": number(kind.committed), "share": percent(kind.kept)}
                if kind.in_shortage:
                    yield msg("Of {units} units committed in shortage {share} were shipped in the month.", **values)
                else:
                    yield msg(
                        "Of {units} units committed without a shortage {share} were shipped in the month.", **values
                    )


def _nearness(off: float, luck: float, within: float) -> str:
    """Tell if a figure is off by no more than so much: yes or no where all of its interval says so, else luck does not tell."""
    if not np.isfinite(luck):
        return LUCK
    low, high = off - luck, off + luck
    if max(abs(low), abs(high)) <= within:
        return YES
    return NO if low > within or high < -within else LUCK


def luck_of_ratio(above: Array, below: Array) -> float:
    """Half width of the 95 % interval of the ratio of two sums over replications, (replications,) each; not a number of one.

    By the residuals of the ratio (Law 2015, section 9.3.2): what a replication's share of the upper sum differs from the ratio's.
    """
    whole, n = float(below.sum()), len(below)
    if n < 2 or whole == 0:
        return float("nan")
    residuals = above - above.sum() / whole * below
    return float(estimate(residuals).half / abs(whole / n))


def kept_of_month(month: Month) -> tuple[Mask, Array, Array]:
    """By family: is the month planned short; units committed for it, as far as they were wanted; and units shipped of those."""
    (first, end), read = month.span(month.index), month.read
    owed = month.by_family(month.morning("backlog", first).sum(axis=0))
    wanted = owed + month.by_family(month.flow("due", first, end).sum(axis=0))
    committed = np.minimum(month.projected.shipments[0], wanted)
    shipped = month.by_family(read.shipped(first, end)[:, 0])
    return np.asarray(month.projected.backlog[0] > NOBODY), committed, np.minimum(shipped, committed)


def calibrate(
    scenario: Scenario | str | Path,
    policy: Any = "sop",
    replications: int = 10,
    progress: Callable[[int, int], object] = lambda done, of: None,
) -> Calibration:
    """Hold the plans of a policy against what happened in some replications.

    Raise a ScenarioError where the policy holds no planning cycles.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    chosen, experiment = usual_policy(scenario, policy), scenario.experiment
    run = Run(scenario, chosen, replication_numbers(replications, experiment.replications), experiment.seed)
    tally, done = Tally.nothing(), 0
    for books in run.books():
        if not books.plans.made_in:
            raise ScenarioError(
                msg(
                    "the policy {policy} holds no planning cycles, so there is no plan to hold against what happened",
                    policy=repr(run.policy.name),
                )
            )
        tally += Tally.of(PlanRecord(Reading(books)), experiment.warm_up)
        done += len(books.replications)
        progress(done, len(run.replications))
    return Calibration(run, tally)


# --- companies beside each other ---


def headlines(found: Calibration) -> Iterator[tuple[Message, Value]]:
    """Tell a calibration in a column: the figures that are asked of plans, each with its name."""
    now, (kept, short) = found.no_backlog[0], found.commitments
    ebit, later = found.figure(PLANNED_EBIT, 0), found.figure(PLANNED_EBIT, EBIT_AHEAD)
    sales, cash = (found.figure(figure, EBIT_AHEAD) for figure in (PLANNED_SALES, PLANNED_CASH))
    yield msg("no backlog at the end of the current month: said / true"), _pair(percent(now.said), percent(now.true))
    yield msg("... said less true, in points"), _points(now)
    yield msg("... within 5 points"), NEARNESS[now.is_near]
    yield msg("committed without a shortage -> shipped"), _shipped(kept)
    yield msg("committed in shortage -> shipped"), _shipped(short)
    yield msg("EBIT of the current month: planned over actual"), percent(ebit.plan_off, signed=True)
    yield msg("EBIT of the current month: expected over actual"), _with_luck(ebit)
    yield msg("EBIT one month ahead: planned over actual"), percent(later.plan_off, signed=True)
    yield msg("EBIT one month ahead: expected over actual"), _with_luck(later)
    yield msg("... within 10 % of it"), NEARNESS[later.is_near]
    of_sales = found.ebit_of_sales
    yield (
        msg("... expected less actual, of net sales"),
        msg("{off} ± {luck}", off=percent(of_sales.mean, 2, signed=True), luck=percent(of_sales.half, 2)),
    )
    yield msg("EBIT of net sales"), percent(found.ebit_share)
    yield msg("net sales one month ahead: planned, expected"), _both_off(sales)
    yield msg("cash one month ahead: planned, expected"), _both_off(cash)
    for figure, name in ((PLANNED_STOCK, msg("stock less backlog within P10 to P90, months 0 to 3 ahead")),
                         (PLANNED_EBIT, msg("EBIT within P10 to P90, months 0 to 3 ahead"))):  # fmt: skip
        yield name, listed([percent(found.figure(figure, ahead).within, 0) for ahead in range(DISTANCES)], ", ")


NEARNESS: dict[str, Message] = {YES: msg("yes"), NO: msg("no"), LUCK: msg("luck does not tell")}
"""Answers in words."""


def _pair(one: Value, other: Value) -> Message:
    return msg("{one} / {other}", one=one, other=other)


def _shipped(kind: Commitments) -> Message:
    units = {"committed": number(kind.committed), "shipped": number(kind.shipped)}
    return msg("{committed} -> {shipped} ({share})", **units, share=percent(kind.kept))


def _with_luck(row: PlanAgainstActual) -> Message:
    return msg("{off} ± {luck}", off=percent(row.expected_off, signed=True), luck=percent(row.luck))


def _points(now: NoBacklog) -> Message:
    off, luck = (100 * share for share in (now.said - now.true, now.luck))
    return msg("{off} ± {luck}", off=number(off, 1, signed=True), luck=number(luck, 1))


def _both_off(row: PlanAgainstActual) -> Message:
    return _pair(percent(row.plan_off, signed=True), percent(row.expected_off, signed=True))
