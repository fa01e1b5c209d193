"""Forecast accuracy: forecasts made at the start of the month before, against demand; each figure defined once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulator.kernel.units import Array
from simulator.results.reading.record import LAG, Reading, ratio
from simulator.theory.tracking import ALARM, WINDOW, tracking_signals

if TYPE_CHECKING:
    from simulator.results.reading.month import Month

NAIVE, STATISTICAL, SALES, MARKETING, FINANCE, FINAL = STAGES = (
    "naive", "statistical", "sales", "marketing", "finance", "final",
)  # fmt: skip
"""Stages of the forecast chain, in order, marketing's and finance's own expectations among them; the last one is agreed."""

Grouped = Callable[[Array], Array]
"""Sums (..., products, lanes) into (..., groups, lanes)."""


@dataclass(frozen=True)
class Errors:
    """Forecasts and what came, (months, products, lanes) each; months that nobody forecast or worked in are left out."""

    made_in: list[int]
    forecast: Array
    actual: Array

    def __len__(self) -> int:
        return len(self.made_in)

    def wmape(self, grouped: Grouped) -> Array:
        """Sum of |forecast - demand| by product and month over the sum of demand, (groups, lanes)."""
        return ratio(grouped(np.abs(self.forecast - self.actual).sum(axis=0)), grouped(self.actual.sum(axis=0)))

    def bias(self, grouped: Grouped) -> Array:
        """Sum of forecast less demand over the sum of demand, (groups, lanes); above 0 it is over-forecast."""
        return ratio(grouped((self.forecast - self.actual).sum(axis=0)), grouped(self.actual.sum(axis=0)))

    def tracking_signals(self, grouped: Grouped) -> Array:
        """Cumulative error over the mean absolute error so far, month after month (Trigg 1964): (months, groups, lanes)."""
        return tracking_signals(grouped(self.forecast) - grouped(self.actual))


def forecast_in(read: Reading, first: int, end: int) -> list[int]:
    """Cycles whose forecast of the month after can be held against what came in some months: somebody worked in it."""
    made = [m for m in read.plans.forecast_in if first <= m + LAG < end]
    return [m for m in made if read.days.worked[m + LAG]]


def errors_of(read: Reading, first: int, end: int) -> Errors:
    """The forecast that was planned on, of months from one until before another."""
    made = forecast_in(read, first, end)
    return Errors(made, read.plans.forecast[made, LAG], _came_after(read, made))


def errors_of_stage(read: Reading, stage: str, first: int, end: int) -> Errors | None:
    """One stage of the forecast; None where the process has no such stage."""
    table, made = read.plans.tables.get(f"forecast: {stage}"), forecast_in(read, first, end)
    return None if table is None else Errors(made, table[made], _came_after(read, made))


def _came_after(read: Reading, made: list[int]) -> Array:
    """Demand of the months after these, (months, products, lanes)."""
    past = len(read.books.demand_by_month) - read.days.months
    return read.books.demand_by_month[[past + m + LAG for m in made]]


# --- as planners saw it ---


@dataclass(frozen=True)
class Record:
    """Forecasts of one stage and what came, by family and in total, as the measures have them."""

    errors: Errors
    grouped: Grouped

    @property
    def months(self) -> int:
        """The number of months with both a forecast and demand."""
        return len(self.errors)

    @property
    def forecast(self) -> float:
        """Units that were forecast in all."""
        return float(self.grouped(self.errors.forecast)[:, -1, 0].sum())

    def wmape(self) -> Array:
        """Forecast error by product and month; by family and in total."""
        return self.errors.wmape(self.grouped)[:, 0]

    def bias(self) -> Array:
        """Forecast less demand; by family and in total."""
        return self.errors.bias(self.grouped)[:, 0]

    def tracking_signal(self) -> Array:
        """Cumulative error over the mean absolute error; by family and in total."""
        return self.errors.tracking_signals(self.grouped)[-1, :, 0]


def records(month: Month) -> dict[str, Record]:
    """Each stage's record over the last months; empty before the first can be told."""
    found = {stage: month.errors(stage, WINDOW) for stage in STAGES}
    return {stage: Record(errors, month.families_and_total) for stage, errors in found.items() if errors is not None}


def next_month(month: Month) -> dict[str, Array]:
    """Return each stage's forecast of the month after this one, by product."""
    noted = {stage: month.noted(f"forecast: {stage}") for stage in STAGES}
    return {stage: forecast for stage, forecast in noted.items() if forecast is not None}


def biased(month: Month) -> list[tuple[str, float]]:
    """Families whose agreed forecast has a tracking signal beyond the alarm, with the signal."""
    agreed = records(month).get(FINAL)
    if agreed is None:
        return []
    return [(n, float(s)) for n, s in zip(month.families, agreed.tracking_signal(), strict=False) if abs(s) > ALARM]


class Miss(NamedTuple):
    """The forecast error of late, next month's demand plan, and the units of it that may fall elsewhere."""

    share: float
    plan: float
    units: float


def expected_miss(month: Month) -> Miss | None:
    """Take the error of the agreed forecast over to next month; None where no error can be told."""
    agreed = records(month).get(FINAL)
    error = np.nan if agreed is None else float(agreed.wmape()[-1])
    plan = float(month.demand[1].sum())
    return Miss(error, plan, error * plan) if np.isfinite(error) else None


def without_bias(month: Month, family: str) -> tuple[float, float | None]:
    """The bias of a family's agreed forecast, and the units by which the next months' forecast changes without it.

    None where next to nothing was forecast of what came: the forecast says nothing of what is right.
    """
    row = month.families.index(family)
    bias = float(records(month)[FINAL].bias()[row])
    if bias <= -0.99:
        return bias, None
    coming = float(month.by_family(month.of(month.plans.forecast)[1:4])[:, row].sum())
    return bias, (coming / (1 + bias) if np.isfinite(bias) else 0.0) - coming
