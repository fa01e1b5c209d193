"""Order as people do in the Beer Game: the expected demand, plus a part of the gap to the desired stock and orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import model_validator

from simulator.kernel.units import Array, Whole, quantity
from simulator.planning.buffer import Buffer, listed_times, of_listed
from simulator.planning.fit import Misfits, refuse_wrong_figures, unknown_items
from simulator.planning.replenishment import Levels, Norms, Review, by_level, listed_levels
from simulator.planning.rules import Replenishment
from simulator.planning.usage import Planned, Smoothed
from simulator.world.view import View

if TYPE_CHECKING:
    from simulator.company import Company


class AnchorAndAdjust(Replenishment, name="anchor-and-adjust"):
    """Order what is expected to be used, and a share of what stock lacks, part of what is on its way forgotten (Sterman 1989).

    O = max(0, L + alpha_S (S' - S - beta SL)): L is use expected by smoothing with theta, S on hand less what is owed, SL on order.
    The means of his 44 players are alpha_S = .26, beta = .34, theta = .36; alpha_S = beta = 1 is order-up-to.
    """

    days: Review = 1
    alpha: Annotated[
        float, quantity("share", "alpha_S: of the gap in stock that an order closes", by_lane=True, ge=0, le=1)
    ] = 0.26
    beta: Annotated[float, quantity("share", "of what is on order that is thought of", by_lane=True, ge=0, le=1)] = 0.34
    theta: Annotated[
        float, quantity("share", "weight of the latest day in expected use; 0 goes by the demand plan", ge=0, le=1)
    ] = 0.36
    desired: Levels = None

    def buffer(self) -> Buffer | None:
        """Times the desired stock that is listed; a computed one holds the safety stock."""
        return of_listed(self, "desired")

    def with_buffer(self, amount: float) -> AnchorAndAdjust:
        """Hold so many times what is listed."""
        return listed_times(self, amount, "desired")

    def review(self, cycle: int) -> int:
        """R days."""
        return self.days

    def asks_for_plans(self, items: list[str]) -> bool:
        """Tell if expected use is that of the plan."""
        return self.theta == 0

    def misfits(self, company: Company, mine: Sequence[str]) -> Misfits:
        """Desired stock of what the company does not stock."""
        return unknown_items(self, company, "desired")

    @model_validator(mode="after")
    def _sound(self) -> AnchorAndAdjust:
        refuse_wrong_figures(self, desired=0.0)
        return self

    def __call__(self, view: View, rows: Whole, released: Array) -> Array | None:
        """The anchor and its adjustment; the desired stock left out is safety stock and beta of what lead time uses."""
        if not view.review_due(self.days):
            return None
        return by_level(view, rows, released, self._norms, self._adjusted, self.theta > 0, self.days)

    def _norms(self, view: View) -> Norms:
        """Expected use between reviews, what is coming, and the stock desired."""
        n, use = view.network, (Smoothed(alpha=self.theta) if self.theta else Planned())(view)
        desired = listed_levels(self.desired, view, lambda: view.safety_stock + self.beta * use * (view.lead_time - 1))
        return use * self.days, view.on_order + view.to_start * n.good, desired

    def _adjusted(self, position: Array, expected: Array, coming: Array, desired: Array) -> Array:
        return anchored_order(expected, position - coming, coming, self.alpha, self.beta, desired)


def anchored_order(
    expected: Array, net_stock: Array, on_order: Array, alpha: Array | float, beta: Array | float, desired: Array
) -> Array:
    """Order what is expected to be used, adjusted towards the stock that is wanted: max(0, L + alpha_S (S' - S - beta SL)).

    Sterman (1989), Management Science 35:3, equations 3 to 6.
    """
    gap = desired - net_stock - beta * on_order
    return np.maximum(expected + alpha * gap, 0.0)


__all__ = ["AnchorAndAdjust"]
