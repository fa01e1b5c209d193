"""Measure the accuracy of forecasts: each stage's forecast of a month, at the lag at which it was used, against what came."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.kernel.messages import Message, msg
from simulator.kernel.units import Array
from simulator.results.kpis.planning import ALARM as ALARM
from simulator.results.reading.accuracy import Errors, Grouped
from simulator.results.reading.month import Month

NAIVE, STATISTICAL, SALES_TEAM, AGREED = msg("naive"), msg("statistical"), msg("sales team"), msg("agreed")
STAGES = {"naive": NAIVE, "statistical": STATISTICAL, "sales": SALES_TEAM, "final": AGREED}
"""Stages of the forecast chain, in order, and what the documents call them."""

WINDOW = 12
"""Months over which a forecast is judged."""


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
    def by_family(self) -> tuple[Array, Array]:
        """Forecast and what came, (months, families and total) each."""
        return self.grouped(self.errors.forecast)[..., 0], self.grouped(self.errors.actual)[..., 0]

    def wmape(self) -> Array:
        """Forecast error by product and month; by family and in total."""
        return self.errors.wmape(self.grouped)[:, 0]

    def bias(self) -> Array:
        """Forecast less demand; by family and in total."""
        return self.errors.bias(self.grouped)[:, 0]

    def tracking_signal(self) -> Array:
        """Cumulative error over the mean absolute error; by family and in total."""
        return self.errors.tracking_signals(self.grouped)[-1, :, 0]


def records(month: Month) -> dict[Message, Record]:
    """Each stage's record over the last months, by what the documents call it; empty before the first can be told."""
    found = {name: month.errors(stage, WINDOW) for stage, name in STAGES.items()}
    return {name: Record(errors, month.families_and_total) for name, errors in found.items() if errors is not None}


def next_month(month: Month) -> dict[Message, Array]:
    """Return each stage's forecast of the month after this one, by product."""
    noted = {name: month.noted(f"forecast: {stage}") for stage, name in STAGES.items()}
    return {name: forecast for name, forecast in noted.items() if forecast is not None}
