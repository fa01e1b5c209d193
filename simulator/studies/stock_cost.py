"""The service that pays: where one unit more of safety stock costs as much to hold as it saves in shortage (newsvendor)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.engine.scenario import Scenario
from simulator.kernel.messages import msg
from simulator.kernel.units import DAYS_A_YEAR, Array, ScenarioError
from simulator.planning.safety_stock import LUMPY
from simulator.theory.inventory import Demanded, tail

if TYPE_CHECKING:
    from simulator.studies.stock_runs import Formula

LEAST_SERVICE, MOST_SERVICE = 0.5, 0.9995
"""Fill rates between which a service that pays is sought."""


@dataclass(frozen=True)
class ServiceThatPays:
    """Ask for the service of each product that pays, where a unit short costs a share of its price.

    The share is the reader's: the margin where whoever is not served at once is lost, far less where customers wait.
    """

    short: float

    def __post_init__(self) -> None:
        if not 0.0 < self.short <= MOST_SHORT_COST:
            raise ScenarioError(
                msg(
                    "the cost of a unit short is {value}; it must be a share of the price above 0 and at most {most}",
                    value=f"{self.short:g}",
                    most=f"{MOST_SHORT_COST:g}",
                )
            )

    def cost(self, scenario: Scenario) -> Array:
        """The cost of a unit short, by product."""
        return np.asarray(self.short * scenario.network.price[:, 0])


MOST_SHORT_COST = 20.0
"""Times its price that a unit short costs at most."""


def paying_targets(scenario: Scenario, formula: Formula, asked: ServiceThatPays) -> Array:
    """The fill rate of each product that pays, by the formula.

    A unit held over a cycle costs its holding, and saves the cost of a unit short where the cycle runs short: P(short) =
    holding x days of a cycle / cost of a unit short (Silver, Pyke & Thomas 2017, chapter 6, rule B2).
    """
    n, sold = scenario.network, len(scenario.network.products)
    use = np.maximum(formula.use[:sold], 1e-9)
    cycle = np.maximum(formula.review[:sold], formula.lot[:sold] / use)
    held = n.unit_cost[n.sold, 0] * scenario.company.finance.holding_rate * cycle / DAYS_A_YEAR
    risk = np.clip(held / np.maximum(asked.cost(scenario), 1e-9), 1e-4, 0.5)
    until, error = formula.protection[:sold], formula.error[:sold]
    lumpy = error > LUMPY * use * np.sqrt(until)
    before = np.maximum(until - formula.review[:sold], 0.0)
    demand = Demanded(use * until, error, lumpy)
    earlier = Demanded(use * before, error * np.sqrt(before / np.maximum(until, 1e-9)), lumpy)
    level = _exceeded_with(risk, demand)
    short = tail(level, demand)[1] - tail(level, earlier)[1]
    return np.asarray(np.clip(1 - short / (use * cycle), LEAST_SERVICE, MOST_SERVICE))


def _exceeded_with(risk: Array, demand: Demanded) -> Array:
    """The level that demand exceeds with a probability, by halving."""
    low, high = np.zeros_like(risk), demand.mean + 12 * demand.sd
    for _ in range(60):
        middle = (low + high) / 2
        over = tail(middle, demand)[0] > risk
        low, high = np.where(over, middle, low), np.where(over, high, middle)
    return (low + high) / 2
