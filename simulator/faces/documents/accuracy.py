"""How forecasts did: each stage's forecast of a month, at the lag at which it was used, against what came."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.engine.month.sales_report import LAG
from simulator.faces.documents.month import Month
from simulator.kernel.lanes import TINY
from simulator.kernel.messages import Message, msg
from simulator.kernel.units import Array

NAIVE, STATISTICAL, SALES_TEAM, AGREED = msg("naive"), msg("statistical"), msg("sales team"), msg("agreed")
STAGES = {"naive": NAIVE, "statistical": STATISTICAL, "sales": SALES_TEAM, "final": AGREED}
"""Stages of the forecast chain, in order, and what the documents call them."""

WINDOW = 12
"""Months over which a forecast is judged."""

ALARM = 4.0
"""A tracking signal beyond this, either way, says that a forecast is biased (Trigg 1964)."""


@dataclass(frozen=True)
class Record:
    """Forecasts of one stage and what came, month by month: (months, products) each, families beside."""

    forecast: Array
    actual: Array
    by_family: tuple[Array, Array]  # the same by family and in total

    @property
    def months(self) -> int:
        """How many months can be told."""
        return len(self.forecast)

    def wmape(self, month: Month) -> Array:
        """Sum of |forecast - demand| by product and month, over demand; by family and in total."""
        missed = _and_total(month.by_family(np.abs(self.forecast - self.actual).sum(axis=0)))
        return _ratio(missed, self.by_family[1].sum(axis=0))

    def bias(self) -> Array:
        """Sum of forecast less demand, over demand; by family and in total."""
        forecast, actual = self.by_family
        return _ratio((forecast - actual).sum(axis=0), actual.sum(axis=0))

    def tracking_signal(self) -> Array:
        """Cumulative error over the mean absolute error; by family and in total."""
        error = self.by_family[0] - self.by_family[1]
        return _ratio(error.sum(axis=0), np.abs(error).mean(axis=0))


def _and_total(families: Array) -> Array:
    return np.concatenate([families, families.sum(axis=-1, keepdims=True)], axis=-1)


def _ratio(part: Array, whole: Array) -> Array:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(np.abs(whole) > TINY, part / whole, np.nan))


def records(month: Month) -> dict[Message, Record]:
    """Each stage's record over the last months, by what the documents call it; empty before the first can be told."""
    over = [k for k in month.plans.forecast_in if k + LAG < month.index]
    made = [k for k in over if month.days.worked[k + LAG]][-WINDOW:]  # a month without a working day has no error
    if not made:
        return {}
    actual = np.stack([month.demand_of(k + LAG) for k in made])
    found = {}
    for stage, name in STAGES.items():
        table = month.plans.tables.get(f"forecast: {stage}")
        if table is not None:
            forecast = table[made][..., month.lane]
            families = tuple(_and_total(month.by_family(products)) for products in (forecast, actual))
            found[name] = Record(forecast, actual, (families[0], families[1]))
    return found


def next_month(month: Month) -> dict[Message, Array]:
    """What each stage expects of the month after this one, by product."""
    noted = {name: month.noted(f"forecast: {stage}") for stage, name in STAGES.items()}
    return {name: forecast for name, forecast in noted.items() if forecast is not None}
