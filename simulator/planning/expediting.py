"""Choose the part of tonight's orders that goes express, from sources that offer it."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from simulator.kernel.units import Array, quantity
from simulator.planning.rules import ChosenUsage, Expediting
from simulator.planning.usage import Planned
from simulator.world.view import View


class NeverExpress(Expediting, name="none"):
    """Nothing: an order comes when it comes."""

    def __call__(self, view: View, ordered: Array) -> Array | None:
        """Nothing."""
        return None


class Express(Expediting):
    """As much as will be missing of a reserve before a normal order, or what is held up on its way, would come."""

    usage: ChosenUsage = Planned()

    def asks_for_plans(self) -> bool:
        """Tell if use is taken from the plans."""
        return isinstance(self.usage, Planned)

    def reserve(self, view: View, use: Array) -> Array:
        """Units of each bought item that are to be there all the time."""
        raise NotImplementedError

    def __call__(self, view: View, ordered: Array) -> Array | None:
        """Use until then and the reserve, less what is there by then."""
        bought = view.network.bought
        use = self.usage(view)[bought]
        reserve = self.reserve(view, use)
        short = use * view.lead_time[bought] + reserve - view.stock_position[bought]
        held = view.nothing_comes
        stuck = np.where(held > 0, use * held + reserve - view.on_hand[bought], 0.0)
        return np.clip(np.maximum(short, stuck), 0.0, ordered)


class Cover(Express, name="cover"):
    """As much as will be missing before a normal order would come, and for some days more."""

    days: Annotated[float, quantity("days", "of use beyond that", by_lane=True, ge=0, le=180)] = 0.0

    def reserve(self, view: View, use: Array) -> Array:
        """The use of these days."""
        return use * self.days


class BelowSafetyStock(Express, name="below-safety-stock"):
    """As much as will be missing of the safety stock before a normal order would come."""

    share: Annotated[float, quantity("share", "of the safety stock that is defended", by_lane=True, ge=0, le=1)] = 1.0

    def asks_for_plans(self) -> bool:
        """Safety stock is a plan."""
        return True

    def reserve(self, view: View, use: Array) -> Array:
        """That share of the safety stock."""
        return self.share * view.safety_stock[view.network.bought]
