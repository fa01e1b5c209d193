"""Forecast a company's real history month by month from what was known before each month: a back-test by rolling origin.

Hyndman & Athanasopoulos (2021), Forecasting: principles and practice, 5.10.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from simulator.kernel.messages import Message, msg, number, percent, said
from simulator.kernel.plans import HORIZON
from simulator.kernel.units import Array
from simulator.planning.forecast import HoltWinters, Naive
from simulator.planning.rules import Forecast
from simulator.world.view import Past

if TYPE_CHECKING:
    from simulator.results.data_check import DataCheck

A_YEAR = 12
LEAST_KNOWN = 6
"""Months that must be known before the first one that is forecast."""

MOST_FITS = 480
"""Fits of AutoETS that a back-test waits for, a product and month each; on more it is left out, and said so."""

AUTO_ETS = "AutoETS"
METHODS: dict[str, Message] = {
    "naive": msg("naive, as last month"),
    "seasonal": msg("naive, as the same month a year ago"),
    "holt-winters": msg("Holt-Winters, one setting for all products"),
    "fitted": msg("Holt-Winters, fitted by product"),
    AUTO_ETS: msg("AutoETS of statsforecast"),
}
RULES: dict[str, Forecast] = {
    "naive": Naive(),
    "seasonal": Naive(seasonal=True),
    "holt-winters": HoltWinters(),
    "fitted": HoltWinters(fitted=True),
}


@dataclass(frozen=True)
class BackTest:
    """Real units of the last months, and what each method said of each one at its start: (months, products)."""

    actual: Array
    said_of: dict[str, Array]
    left_out: int  # fits of AutoETS that would have been too many; 0 where it ran or is not installed

    def error(self, method: str) -> float:
        """Absolute errors of products and months over units (WMAPE)."""
        return float(np.abs(self.said_of[method] - self.actual).sum() / self.actual.sum())

    def bias(self, method: str) -> float:
        """Units said beyond those that came, over these."""
        return float((self.said_of[method] - self.actual).sum() / self.actual.sum())

    def rows(self) -> list[list[str]]:
        """A line a method, with heads."""
        heads = [said("a month ahead"), said("error (WMAPE)"), said("bias")]
        return [
            heads,
            *(
                [str(METHODS[name]), str(percent(self.error(name))), str(percent(self.bias(name), signed=True))]
                for name in self.said_of
            ),
        ]

    def records(self) -> list[dict[str, object]]:
        """The lines, for programs."""
        return [
            {"method": name, "months": len(self.actual), "wmape": self.error(name), "bias": self.bias(name)}
            for name in self.said_of
        ]

    def sentences(self) -> list[Message]:
        """Name the method with the least error, and say what was left out."""
        best = min(self.said_of, key=self.error)
        found = [
            msg(
                "Each of the last {n} months was forecast from those before it; least error: {best}.",
                n=number(len(self.actual)),
                best=METHODS[best],
            )
        ]
        if self.left_out:
            found.append(
                msg(
                    "AutoETS was left out: it would take {n} fits, and {most} are waited for.",
                    n=number(self.left_out),
                    most=number(MOST_FITS),
                )
            )
        return found


def back_test(check: DataCheck) -> BackTest | None:
    """Forecast the last twelve months of a history, or those with half a year known before them; None where there are none.

    A month that has not been worked is neither forecast nor known.
    """
    days = check.days
    units = check.by_month(check.real)
    worked = np.add.reduceat(days.working.astype(float), days.month_start[:-1])
    months = [month for month in range(LEAST_KNOWN, len(units)) if worked[month]][-A_YEAR:]
    if not months or not units[months].any():
        return None
    season = np.array([(check.lines.start.month - 1 + month) % A_YEAR for month in range(len(units) + HORIZON)])
    usual = worked[worked > 0].mean()

    def known(month: int) -> Past:
        there = np.flatnonzero(worked[:month])
        ahead = np.concatenate([worked[month : month + HORIZON], np.full(HORIZON, usual)])[:HORIZON]
        rates = (units[there] / worked[there, None])[..., None]
        return Past(rates, season[there], season[month : month + HORIZON], ahead, numbers=there, until=month)

    said_of = {
        name: np.stack([rule(known(month))[0, :, 0] for month in months])
        for name, rule in RULES.items()
        if name != "seasonal" or months[0] >= A_YEAR
    }
    fits, forecast = len(months) * units.shape[1], auto_ets()
    if forecast is not None and fits <= MOST_FITS:
        said_of[AUTO_ETS] = np.stack([[forecast(row[:month]) for row in units.T] for month in months])
    return BackTest(units[months], said_of, fits if forecast is not None and fits > MOST_FITS else 0)


def auto_ets() -> Callable[[Array], float] | None:
    """The next month by the exponential smoothing that fits a product best, where statsforecast is installed (extra `forecasts`)."""
    if find_spec("statsforecast") is None:
        return None
    from statsforecast.models import AutoETS

    def forecast(months: Array) -> float:
        if not months.any():
            return 0.0
        seasons = A_YEAR if len(months) > 2 * A_YEAR else 1
        return max(0.0, float(AutoETS(season_length=seasons).forecast(y=months.astype(np.float64), h=1)["mean"][0]))

    return forecast
