"""Weigh the results of the departments in a company's scorecard."""

from __future__ import annotations

from typing import Annotated

from pydantic import model_validator

from simulator.kernel.messages import msg
from simulator.kernel.units import Record, quantity

Weight = Annotated[float, quantity("weight", "of this department in the scorecard", ge=0, le=1_000)]


class Scorecard(Record):
    """Weights of the departments; only their proportions matter. What each is measured by stands with the measures."""

    sales: Weight = 20.0
    customer_service: Weight = 25.0
    production: Weight = 20.0
    purchasing_and_stock: Weight = 15.0
    finance: Weight = 20.0

    @model_validator(mode="after")
    def _weighs_something(self) -> Scorecard:
        if not any(getattr(self, name) for name in type(self).model_fields):
            raise ValueError(msg("all weights are 0; at least one department must count"))
        return self
