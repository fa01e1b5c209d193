"""Forecast accuracy: forecasts made at the start of the month before, against demand; each figure defined once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from simulator.kernel.units import Array
from simulator.results.reading.record import LAG, Reading, ratio

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
        error = grouped(self.forecast) - grouped(self.actual)
        months = np.arange(1, len(error) + 1)[:, None, None]
        return ratio(np.cumsum(error, axis=0), np.cumsum(np.abs(error), axis=0) / months)


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
