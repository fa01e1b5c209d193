"""From forecast to unconstrained demand."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from simulator.kernel.lanes import TINY, total
from simulator.kernel.units import Array, quantity
from simulator.planning.forecast import Holt, HoltWinters
from simulator.planning.rules import DemandPlan
from simulator.world.view import Desk

BEFORE_A_YEAR, ONCE_A_YEAR_IS_KNOWN = Holt(), HoltWinters()
"""The rules by which the sales plan is forecast from signatures: the same ones each month, so that they go on where they were."""


class ForecastOnly(DemandPlan, name="forecast-only"):
    """The forecast is the demand plan."""

    def __call__(self, view: Desk) -> Array:
        """Take the forecast as it is."""
        return view.forecast


class OrdersOrForecast(DemandPlan, name="orders-or-forecast"):
    """Signed orders consume the forecast: each month is the larger of the two."""

    def __call__(self, view: Desk) -> Array:
        """Plan at least the signed orders."""
        return np.maximum(view.forecast, view.signed_ahead)


class FourPart(DemandPlan, name="four-part"):
    """Small-contract remainder, large-contract remainder, imminent projects, and the forecast of what is not yet signed.

    For the months nearby the four are summed. A forecast is of all demand, so only the share of it that
    experience says is not in sight yet joins the sum: nothing counts twice. Call-offs count when, by experience, they come.
    Beyond, the plan is the
    long-range sales plan times what is shipped of what is signed.
    """

    months: Annotated[int, quantity("months", "for which the four parts are summed", ge=1, le=12)] = 4

    def __call__(self, view: Desk) -> Array:
        """Sum the parts, and keep them with what a naive sum would have counted twice."""
        signed, frames, projects = view.signed_ahead, view.frames_expected, view.weighted_projects_ahead
        in_sight = signed + frames + projects
        unsigned = (1 - self._expected_in_sight(view, in_sight)) * view.forecast
        plan = in_sight + unsigned
        plan[self.months :] = np.maximum(self._long_range(view), signed + frames)[self.months :]  # what is signed stays
        view.note["small contracts"], view.note["large contracts"] = signed, frames
        view.note["imminent projects"], view.note["not yet signed"] = projects, unsigned
        view.note["counted twice by a naive sum"] = in_sight + view.forecast - (in_sight + unsigned)
        return plan

    @staticmethod
    def _expected_in_sight(view: Desk, in_sight: Array) -> Array:
        """The share of a month's demand that is usually in sight by now; before experience, what is in sight itself."""
        share = view.visible_share
        fresh = np.minimum(in_sight / np.maximum(view.forecast, TINY), 1.0)
        return np.where(share > 0, share, fresh)

    def _long_range(self, view: Desk) -> Array:
        """The sales plan, forecast from signatures, times the shipment-to-signing ratio; it joins the agreed forecast's level."""
        past = view.signings_past()
        rule = BEFORE_A_YEAR if past.reach < 12 else ONCE_A_YEAR_IS_KNOWN
        sales = past.as_told(rule(past.usual())) * view.shipped_to_signed
        agreed, near = total(view.forecast[: self.months]), total(sales[: self.months])
        return np.asarray(sales * np.clip(agreed / np.maximum(near, TINY), 0.5, 2.0))
