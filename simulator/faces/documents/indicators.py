"""The key figures of last month that the executives look at, each beside what it should be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.faces.documents import accuracy
from simulator.faces.documents.last_month import LastMonth, last_month
from simulator.faces.documents.month import Month
from simulator.faces.documents.paper import Figure, Grid
from simulator.faces.documents.phrases import percent
from simulator.faces.documents.quality import yields

CLASS_A = 0.95
"""Share of a plan that a company with a plan to believe in keeps (Oliver Wight, Class A)."""

TOLERANCE = 0.10
"""Stock that is off its plan by less than this share is on plan."""


STOCK = "Stock of made products, in process included and backlog taken off"
"""The stock that the executives look at; the report has all products on hand as well, which are other days."""

NOTICED = 0.01
"""A yield that is off its plan by less than this is on plan."""


@dataclass(frozen=True)
class Indicator:
    """A key figure: what it was, what it should be, and whether that will do."""

    name: str
    unit: str
    actual: float
    plan: float
    good: bool
    against: str  # what it is held against

    def text(self) -> str:
        """In a sentence."""
        shown = percent if self.unit == "share" else lambda value: f"{value:,.1f} {self.unit}"
        return f"{self.name} {shown(self.actual)} against {shown(self.plan)} ({self.against})."


def indicators(month: Month) -> list[Indicator]:
    """Those of last month that can be told."""
    last = last_month(month)
    if last is None:
        return []
    target, filled = month.experiment.service_target, last.total_fill_rate
    found = [Indicator("Fill rate", "share", filled, target, filled >= target, "the service target")]
    if month.has_family_plan:
        found += [_stock_days(last), _attainment(last)]
    found += [*_forecast_error(month), _yield(last)]
    return [each for each in found if np.isfinite(each.actual) and np.isfinite(each.plan)]


def _stock_days(last: LastMonth) -> Indicator:
    """Stock of made products at its end, in days of the demand plan then in force, against that plan."""
    actual, planned = last.days_of_made
    good = abs(actual - planned) <= TOLERANCE * abs(planned)
    return Indicator(STOCK, "days", actual, planned, good, "planned for the month's end")


def _attainment(last: LastMonth) -> Indicator:
    kept = last.attainment
    return Indicator("Production plan kept", "share", kept, CLASS_A, kept >= CLASS_A, "Class A")


def _yield(last: LastMonth) -> Indicator:
    """Of items whose yield is not always the same."""
    actual, planned = yields(last)
    return Indicator("Yield", "share", actual, planned, actual >= planned - NOTICED, "the planned yield")


def _forecast_error(month: Month) -> list[Indicator]:
    """Of the last months, against the naive forecast, or what there is."""
    found = accuracy.records(month)
    if "agreed" not in found or "naive" not in found:
        return []
    error, naive = (float(found[stage].wmape(month)[-1]) for stage in ("agreed", "naive"))
    return [Indicator("Forecast error (WMAPE)", "share", error, naive, error <= naive, "the naive forecast")]


def indicator_grid(month: Month) -> Grid | None:
    """Actual beside plan."""
    found = indicators(month)
    if not found:
        return None
    figures = [Figure(each.name, each.unit) for each in found]
    values = np.array([[[each.actual, each.plan] for each in found]])
    return Grid("Key figures", "company", ["company"], figures, ["last month", "plan"], values)


def below_plan(month: Month) -> list[str]:
    """Those that will not do, in words."""
    return [each.text() for each in indicators(month) if not each.good]
