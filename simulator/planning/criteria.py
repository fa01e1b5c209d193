"""Criteria by which a meeting chooses between options, and what each department asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import numpy as np
from pydantic import model_validator

from simulator.kernel.lanes import TINY
from simulator.kernel.messages import msg
from simulator.kernel.units import Array, Mask, Record, Whole, quantity


class Criteria(Record):
    """Weights of the criteria of a meeting; they add up to 1. Every criterion is a share of the planned turnover, less is better."""

    cost: Annotated[
        float,
        quantity("weight", "of stock held, lateness, customers lost, overtime, people and subcontractors", ge=0, le=1),
    ] = 0.0
    service: Annotated[float, quantity("weight", "of the value owed to customers at the months' ends", ge=0, le=1)] = (
        0.0
    )
    cash: Annotated[
        float,
        quantity("weight", "of the money in stock and in orders not delivered when the months are over", ge=0, le=1),
    ] = 0.0
    steadiness: Annotated[
        float, quantity("weight", "of the value by which production changes from month to month", ge=0, le=1)
    ] = 0.0
    business_plan: Annotated[
        float, quantity("weight", "of the turnover that is missing to the business plan", ge=0, le=1)
    ] = 0.0
    risk: Annotated[
        float, quantity("weight", "of the cost beyond the expected one that comes one time in ten", ge=0, le=1)
    ] = 0.0

    @model_validator(mode="after")
    def _add_up(self) -> Criteria:
        whole = sum(self.weights)
        if abs(whole - 1.0) > 1e-6:
            raise ValueError(
                msg(
                    "the weights {names} add up to {whole}; they must add up to 1",
                    names=", ".join(CRITERIA),
                    whole=f"{whole:.6g}",
                )
            )
        return self

    @property
    def weights(self) -> Array:
        """The weights in the order of the criteria."""
        return np.array([getattr(self, name) for name in CRITERIA])

    def score(self, figures: Array) -> Array:
        """Weigh the figures of options, (options, criteria, lanes) -> (options, lanes); the least is the best."""
        return np.asarray((figures * self.weights[:, None]).sum(axis=1))

    def choose(self, figures: Array, standing: Whole | None = None, open_to: Mask | None = None) -> Whole:
        """Number the best option of each lane, the first of equals; one that stands already stays where none is better.

        Where not all can be paid for, `open_to` marks those that may be chosen, (options, lanes).
        """
        score = self.score(figures)
        score = score if open_to is None else np.where(open_to, score, np.inf)
        best: Whole = np.argmin(score, axis=0)
        if standing is None:
            return best
        least, now = (np.take_along_axis(score, each[None], axis=0)[0] for each in (best, standing))
        chosen: Whole = np.where((least < now - TINY) | ~np.isfinite(now), best, standing)
        return chosen

    def speaks_for(self, figures: Array, chosen: Whole, instead_of: Whole) -> Whole:
        """Number the criterion that speaks most for one option against another, by lane."""
        gain = _of_each(figures, instead_of) - _of_each(figures, chosen)
        most: Whole = np.argmax(gain * self.weights[:, None], axis=0)
        return most


CRITERIA = tuple(Criteria.model_fields)
"""The criteria in their order."""

BY_COST = Criteria(cost=1.0)
"""Nothing but the expected cost counts."""

DEPARTMENTS: Mapping[str, Criteria] = {
    "sales": Criteria(service=1.0),
    "production": Criteria(steadiness=1.0),
    "finance": Criteria(cost=0.5, cash=0.5),
}
"""What each department asks for in the pre-S&OP meeting."""


def _of_each(figures: Array, chosen: Whole) -> Array:
    """Each lane's own option, (options, criteria, lanes) -> (criteria, lanes)."""
    return np.asarray(np.take_along_axis(figures, chosen[None, None], axis=0)[0])
