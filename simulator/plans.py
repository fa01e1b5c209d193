"""What planning writes down: a plan for the months ahead, a version for every cycle."""

from __future__ import annotations

import numpy as np

from simulator.units import Array

HORIZON = 12
"""Months that every plan looks ahead."""


class Plans:
    """The cube of plan versions: (month made, months ahead, products or families, lanes)."""

    def __init__(self, months: int, products: int, families: int, items: int, lanes: int) -> None:
        self.forecast: Array = np.zeros((months, HORIZON, products, lanes))
        self.demand: Array = np.zeros((months, HORIZON, products, lanes))
        self.production: Array = np.zeros((months, HORIZON, families, lanes))
        self.safety_stock: Array = np.zeros((months, items, lanes))
        self.made_in: list[int] = []

    @property
    def latest(self) -> int:
        """The month in which the plan that is in force was made."""
        return self.made_in[-1]
