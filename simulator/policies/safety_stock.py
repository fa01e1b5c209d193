"""Stock held against error, for every item over the days until a decision of today can help."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from simulator.lanes import column
from simulator.policies.rules import SafetyStock
from simulator.units import Array, quantity
from simulator.view import Desk


class NoSafetyStock(SafetyStock, name="none"):
    """None is held."""

    def __call__(self, view: Desk, interval: Array) -> Array:
        """Nothing."""
        return np.zeros((len(view.network.names), view.lanes))


class DaysOfCover(SafetyStock, name="days-of-cover"):
    """A fixed number of days of planned use."""

    days: Annotated[float, quantity("days", "of planned use held", by_lane=True, ge=0, le=365)] = 10.0

    def __call__(self, view: Desk, interval: Array) -> Array:
        """Days times use a day."""
        return self.days * view.usage()


class PerProduct(SafetyStock, name="listed"):
    """A quantity for each item, set by hand; none for items that are not named."""

    units: Annotated[dict[str, float], quantity("units", "safety stock by item", by_lane=True)]

    def __call__(self, view: Desk, interval: Array) -> Array:
        """What the list says."""
        listed = column(self.units.get(name, 0.0) for name in view.network.names)
        return listed + np.zeros(view.lanes)


class DemandError(SafetyStock, name="demand-error"):
    """z times the deviation of the forecast's cumulative error over the interval (Silver, Pyke & Thomas 2017)."""

    z: Annotated[float, quantity("deviations", "safety factor", by_lane=True, ge=0, le=6)] = 1.65

    def __call__(self, view: Desk, interval: Array) -> Array:
        """z x RMSE."""
        return self.z * view.cumulative_error(interval)


class DemandAndLeadTimeError(SafetyStock, name="demand-and-lead-time-error"):
    """z times the deviation of forecast error and lead time together (Hadley & Whitin 1963)."""

    z: Annotated[float, quantity("deviations", "safety factor", by_lane=True, ge=0, le=6)] = 1.65

    def __call__(self, view: Desk, interval: Array) -> Array:
        """z x sqrt(RMSE^2 + (use a day x deviation of the lead time)^2)."""
        late = view.usage() * view.network.lead_time_sd
        return np.asarray(self.z * np.sqrt(np.square(view.cumulative_error(interval)) + np.square(late)))


class FillRateTarget(SafetyStock, name="fill-rate-target"):
    """As much as a fill rate asks for, from the loss function of the error (Silver, Pyke & Thomas 2017; Teunter 2009)."""

    fill_rate: Annotated[
        float, quantity("share", "of demand to be served from stock on the day", by_lane=True, gt=0, lt=1)
    ] = 0.97

    def __call__(self, view: Desk, interval: Array) -> Array:
        """The factor at which expected shortage a review is what the target leaves, times the error."""
        late = view.usage() * view.network.lead_time_sd
        error = np.sqrt(np.square(view.cumulative_error(interval)) + np.square(late))
        between = np.maximum(interval - view.network.lead_time + 1, 1.0)  # days that one replenishment serves
        allowed = (1 - self.fill_rate) * view.usage() * between
        return np.asarray(loss_factor(allowed / np.maximum(error, 1e-9)) * error)


def loss_factor(loss: Array) -> Array:
    """The k at which the standard normal loss G(k) = phi(k) - k (1 - Phi(k)) has this value; 0 where less than no buffer would do."""
    from scipy.special import ndtr

    k = np.linspace(0.0, 6.0, 3_001)
    table = np.exp(-k * k / 2) / np.sqrt(2 * np.pi) - k * ndtr(-k)
    found = np.interp(loss, table[::-1], k[::-1])
    return np.asarray(found, dtype=np.float64)
