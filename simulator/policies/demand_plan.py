"""From forecast to unconstrained demand."""

from __future__ import annotations

import numpy as np

from simulator.policies.rules import DemandPlan
from simulator.units import Array
from simulator.view import View


class ForecastOnly(DemandPlan, name="forecast-only"):
    """The forecast is the demand plan."""

    def __call__(self, view: View) -> Array:
        """Take the forecast as it is."""
        return view.forecast


class OrdersOrForecast(DemandPlan, name="orders-or-forecast"):
    """Signed orders consume the forecast: each month is the larger of the two."""

    def __call__(self, view: View) -> Array:
        """What is signed is never planned away."""
        return np.maximum(view.forecast, view.signed_ahead)
