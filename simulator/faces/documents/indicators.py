"""The key figures of last month that the executives look at, each beside what it should be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from simulator.faces.documents import accuracy
from simulator.faces.documents.paper import COMPANY, DAYS, SHARE, Figure, Grid
from simulator.faces.documents.phrases import days
from simulator.faces.documents.quality import yields
from simulator.kernel.messages import Message, Value, msg, percent
from simulator.results.reading.last_month import LastMonth, last_month
from simulator.results.reading.month import Month

CLASS_A = 0.95
"""Share of a plan that a company with a plan to believe in keeps (Oliver Wight, Class A)."""

TOLERANCE = 0.10
"""Stock that is off its plan by less than this share is on plan."""


STOCK = msg("Stock of made products, in process included and backlog taken off")
"""The stock that the executives look at; the report has all products on hand as well, which are other days."""

NOTICED = 0.01
"""A yield that is off its plan by less than this is on plan."""

FILL_RATE, KEPT = msg("Fill rate"), msg("Production plan kept")
YIELD, ERROR = msg("Yield"), msg("Forecast error (WMAPE)")


@dataclass(frozen=True)
class Indicator:
    """A key figure: what it was, what it should be, and whether that will do."""

    name: Message
    unit: Message
    actual: float
    plan: float
    good: bool
    against: Message  # what it is held against

    def said(self) -> Message:
        """Say it as a part of a sentence."""
        return msg("{figure} {actual} against {plan} ({standard})", **self._values())

    def sentence(self) -> Message:
        """Say it in a sentence."""
        return msg("{figure} {actual} against {plan} ({standard}).", **self._values())

    def _values(self) -> dict[str, Value]:
        shown: Callable[[float], Value] = percent if self.unit == SHARE else days
        return {
            "figure": self.name,
            "actual": shown(self.actual),
            "plan": shown(self.plan),
            "standard": self.against,
        }


def indicators(month: Month) -> list[Indicator]:
    """Those of last month that can be told."""
    last = last_month(month)
    if last is None:
        return []
    target, filled = month.experiment.service_target, last.total_fill_rate
    found = [Indicator(FILL_RATE, SHARE, filled, target, filled >= target, msg("the service target"))]
    if month.has_family_plan:
        found += [_stock_days(last), _attainment(last)]
    found += [*_forecast_error(month), _yield(last)]
    return [each for each in found if np.isfinite(each.actual) and np.isfinite(each.plan)]


def _stock_days(last: LastMonth) -> Indicator:
    """Stock of made products at its end, in days of the demand plan then in force, against that plan."""
    actual, planned = last.days_of_made
    good = abs(actual - planned) <= TOLERANCE * abs(planned)
    return Indicator(STOCK, DAYS, actual, planned, good, msg("planned for the month's end"))


def _attainment(last: LastMonth) -> Indicator:
    kept = last.attainment
    return Indicator(KEPT, SHARE, kept, CLASS_A, kept >= CLASS_A, msg("Class A"))


def _yield(last: LastMonth) -> Indicator:
    """Of items whose yield is not always the same."""
    actual, planned = yields(last)
    return Indicator(YIELD, SHARE, actual, planned, actual >= planned - NOTICED, msg("the planned yield"))


def _forecast_error(month: Month) -> list[Indicator]:
    """Of the last months, against the naive forecast, or what there is."""
    found = accuracy.records(month)
    if accuracy.AGREED not in found or accuracy.NAIVE not in found:
        return []
    error, naive = (float(found[stage].wmape()[-1]) for stage in (accuracy.AGREED, accuracy.NAIVE))
    return [Indicator(ERROR, SHARE, error, naive, error <= naive, msg("the naive forecast"))]


def indicator_grid(month: Month) -> Grid | None:
    """Actual beside plan."""
    found = indicators(month)
    if not found:
        return None
    figures = [Figure(each.name, each.unit) for each in found]
    values = np.array([[[each.actual, each.plan] for each in found]])
    return Grid(msg("Key figures"), COMPANY, [COMPANY], figures, [msg("last month"), msg("plan")], values)


def below_plan(month: Month) -> list[Message]:
    """Those that will not do, in words."""
    return [each.sentence() for each in indicators(month) if not each.good]
