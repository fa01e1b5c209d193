"""Calibration: the plans of every cycle, at every distance, held against what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simulator.engine.scenario import Scenario
from simulator.kernel.messages import Message, Value, msg, number, percent
from simulator.kernel.units import Array, Mask, ScenarioError
from simulator.results.reading.month import Month
from simulator.results.reading.plan_record import NOBODY, PLAN_FIGURES, PLANNED_EBIT, PlanFigure, PlanRecord
from simulator.results.reading.record import Reading, ratio
from simulator.results.run import Run, simulate

if TYPE_CHECKING:
    import pandas as pd

DISTANCES = 4
"""Months ahead that are told: the current one and three more."""


class PlanAgainstActual(NamedTuple):
    """A figure at one distance over all scored cycles: sums, and the share of single figures within the range given."""

    figure: Message
    ahead: int
    planned: float
    expected: float
    actual: float
    within: float
    cases: int

    @property
    def plan_off(self) -> float:
        """The plan over what came, less 1."""
        return float(ratio(np.array(self.planned), np.array(self.actual)) - 1)

    @property
    def expected_off(self) -> float:
        """The expected figure, past errors taken out, over what came, less 1."""
        return float(ratio(np.array(self.expected), np.array(self.actual)) - 1)


class NoBacklog(NamedTuple):
    """The chance of no backlog at a month's end that plans stated, and the share of months without any."""

    ahead: int
    said: float
    true: float


class Commitments(NamedTuple):
    """Units that plans committed to for the current month as far as customers wanted them, and those that were shipped."""

    in_shortage: bool
    committed: float
    shipped: float

    @property
    def kept(self) -> float:
        """The share that was shipped."""
        return float(ratio(np.array(self.shipped), np.array(self.committed)))


@dataclass
class Calibration:
    """Plans of one policy against what happened, from the first scored month for which there is a record of plans."""

    run: Run
    records: list[PlanRecord]

    @property
    def cautions(self) -> list[Message]:
        """Cautions to read before these figures are believed, a sentence each."""
        return self.run.cautions

    def _cells(self, record: PlanRecord, ahead: int) -> list[int]:
        """The scored cycles whose month that far ahead is in the run, and that have a record."""
        first, end = self.run.scenario.experiment.warm_up, record.months - ahead
        return [made for made in record.plans.made_in if first <= made < end and record.scale(made, ahead) is not None]

    @cached_property
    def figures(self) -> list[PlanAgainstActual]:
        """Every figure at every distance."""
        return [self._figure(figure, ahead) for figure in PLAN_FIGURES for ahead in range(DISTANCES)]

    def _figure(self, figure: PlanFigure, ahead: int) -> PlanAgainstActual:
        sums, within, count = np.zeros(3), 0, 0
        for record in self.records:
            planned, came = record.both(figure)
            for made in self._cells(record, ahead):
                likely, actual = record.likely(figure, made, ahead), came[made + ahead]
                assert likely is not None
                sums += [amount[-1].sum() for amount in (planned[made, ahead], likely.expected, actual)]
                rows = slice(None) if figure is PLANNED_EBIT else slice(-1)
                held = (likely.low <= actual) & (actual <= likely.high)
                within, count = within + int(held[rows].sum()), count + held[rows].size
        share = within / count if count else float("nan")
        return PlanAgainstActual(figure.name, ahead, float(sums[0]), float(sums[1]), float(sums[2]), share, count)

    @cached_property
    def no_backlog(self) -> list[NoBacklog]:
        """Of all families together, at every distance."""
        return [self._no_backlog(ahead) for ahead in range(DISTANCES)]

    def _no_backlog(self, ahead: int) -> NoBacklog:
        said, true = [], []
        for record in self.records:
            for made in self._cells(record, ahead):
                chance = record.chance_of_none(made, ahead)
                assert chance is not None
                said.append(chance[-1])
                owed = record.read.owed(record.read.span_of(made + ahead)[1] - 1)
                true.append(owed.sum(axis=0) < NOBODY)
        return NoBacklog(ahead, _mean(said), _mean(true))

    @cached_property
    def commitments(self) -> list[Commitments]:
        """Of the current month, by family: where supply covers demand, and in shortage."""
        sums = np.zeros((2, 2))
        for record in self.records:
            for made in self._cells(record, 0):
                for lane in range(record.plans.forecast.shape[-1]):
                    short, committed, shipped = kept_of_month(Month(record.read.books, made, lane))
                    for row, where in enumerate((~short, short)):
                        sums[row] += committed[where].sum(), shipped[where].sum()
        return [Commitments(bool(row), float(sums[row, 0]), float(sums[row, 1])) for row in (0, 1)]

    # --- in words and tables ---

    def table(self) -> pd.DataFrame:
        """Tidy table: figure, months ahead, planned, expected, actual, plan off, expected off, within the range, cases."""
        import pandas as pd

        rows: list[dict[str, Any]] = [
            {"figure": str(f.figure), "months_ahead": f.ahead, "planned": f.planned, "expected": f.expected,
             "actual": f.actual, "plan_off": f.plan_off, "expected_off": f.expected_off, "within": f.within,
             "cases": f.cases} for f in self.figures
        ]  # fmt: skip
        return pd.DataFrame(rows)

    def sentences(self) -> Iterator[Message]:
        """Say how far plans were kept and how well they knew."""
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


def kept_of_month(month: Month) -> tuple[Mask, Array, Array]:
    """By family: is the month planned short; units committed for it, as far as they were wanted; and units shipped of those."""
    (first, end), read = month.span(month.index), month.read
    owed = month.by_family(month.morning("backlog", first).sum(axis=0))
    wanted = owed + month.by_family(month.flow("due", first, end).sum(axis=0))
    committed = np.minimum(month.projected.shipments[0], wanted)
    shipped = month.by_family(read.shipped(first, end)[:, 0])
    return np.asarray(month.projected.backlog[0] > NOBODY), committed, np.minimum(shipped, committed)


def _mean(parts: Sequence[Array]) -> float:
    return float(np.concatenate(parts).mean()) if parts else float("nan")


def calibrate(
    scenario: Scenario | str | Path,
    policy: Any = "sop",
    replications: int = 10,
    progress: Callable[[int, int], object] = lambda done, of: None,
) -> Calibration:
    """Hold the plans of a policy against what happened in some replications.

    Raise a ScenarioError where the policy holds no planning cycles.
    """
    run = simulate(scenario, policy, replications)
    records = []
    for books in run.books():
        if not books.plans.made_in:
            raise ScenarioError(
                msg(
                    "the policy {policy} holds no planning cycles, so there is no plan to hold against what happened",
                    policy=repr(run.policy.name),
                )
            )
        records.append(PlanRecord(Reading(books)))
        progress(sum(len(record.read.books.replications) for record in records), len(run.replications))
    return Calibration(run, records)
