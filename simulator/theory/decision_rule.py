"""The linear decision rule: when costs are quadratic, the best plan is a fixed weighing of forecasts, people and stock.

Made once from the costs, it is applied by arithmetic alone, so thousands of lanes cost what one costs.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from simulator.theory.arrays import Array, as_floats

__all__ = ["LinearDecisionRule", "QuadraticCosts", "linear_decision_rule"]

LONGEST_LOOK = 1024  # months; costs that still feel the horizon there have no steady rule
SETTLED = 1e-9


@dataclass(frozen=True)
class QuadraticCosts:
    """Monthly cost of people W, production P and end stock I, with dW the change in people and D demand.

    payroll W + change dW^2 + overtime (P - units_per_worker W)^2 + overtime_unit P + overtime_worker W
    + overtime_cross P W + stock (I - stock_target - stock_per_demand D)^2. Holt, Modigliani & Simon (1955), whose C6
    has the other sign. What only adds up to a constant over the years, as `overtime_unit`, does not move the rule.
    """

    payroll: float
    change: float
    overtime: float
    units_per_worker: float
    stock: float
    stock_target: float = 0.0
    overtime_unit: float = 0.0
    overtime_worker: float = 0.0
    overtime_cross: float = 0.0
    stock_per_demand: float = 0.0

    def total(self, production: Array, workers: Array, stock: Array, demand: Array, opening_workers: float) -> float:
        """Cost of a plan, all months."""
        change = np.diff(workers, prepend=opening_workers)
        idle = production - self.units_per_worker * workers
        off_target = stock - self.stock_target - self.stock_per_demand * demand
        return float(
            (self.payroll + self.overtime_worker) * workers.sum()
            + self.change * (change**2).sum()
            + self.overtime * (idle**2).sum()
            + self.overtime_unit * production.sum()
            + self.overtime_cross * (production * workers).sum()
            + self.stock * (off_target**2).sum()
        )


@dataclass(frozen=True)
class LinearDecisionRule:
    """This month's production and people as weighed sums of forecasts, last month's people and last month's stock."""

    production_on_demand: Array
    production_on_workers: float
    production_on_stock: float
    production_constant: float
    workers_on_demand: Array
    workers_on_workers: float
    workers_on_stock: float
    workers_constant: float

    def decide(self, demand: ArrayLike, workers: ArrayLike, stock: ArrayLike) -> tuple[Array, Array]:
        """Production and people for the coming month; demand (months, ...) from that month on, stock net of backlog.

        Forecasts beyond the rule's weights are not needed; missing ones count as a continuation of the last.
        """
        forecast, people, held = as_floats(demand), as_floats(workers), as_floats(stock)
        production = self.production_constant + self.production_on_workers * people + self.production_on_stock * held
        staff = self.workers_constant + self.workers_on_workers * people + self.workers_on_stock * held
        for month, (for_production, for_staff) in enumerate(
            zip(self.production_on_demand, self.workers_on_demand, strict=True)
        ):
            expected = forecast[min(month, forecast.shape[0] - 1)]
            production = production + for_production * expected
            staff = staff + for_staff * expected
        return production, staff


def _first_decision(costs: QuadraticCosts, months: int) -> Array:
    """First month's (P, W) of the best plan over `months`, as weights on (demand..., workers, stock, 1)."""
    one, nought = np.eye(months), np.zeros((months, months))
    summed = np.tril(np.ones((months, months)))
    change = one - np.eye(months, k=-1)
    first, ones, empty = one[:, :1], np.ones((months, 1)), np.zeros((months, 1))
    # Each squared term is weight * (on_plan @ (P, W) - on_given @ (D, W0, I0, 1))^2.
    squares = [
        (costs.change, [nought, change], [nought, first, empty, empty]),
        (costs.overtime, [one, -costs.units_per_worker * one], [nought, empty, empty, empty]),
        (
            costs.stock,
            [summed, nought],
            [summed + costs.stock_per_demand * one, empty, -ones, costs.stock_target * ones],
        ),
    ]
    bend, pull = np.zeros((2 * months, 2 * months)), np.zeros((2 * months, months + 3))
    for weight, on_plan, on_given in squares:
        plan, given = np.hstack(on_plan), np.hstack(on_given)
        bend += 2.0 * weight * plan.T @ plan
        pull += 2.0 * weight * plan.T @ given
    bend += costs.overtime_cross * np.block([[nought, one], [one, nought]])
    pull[:months, -1] -= costs.overtime_unit
    pull[months:, -1] -= costs.payroll + costs.overtime_worker
    return as_floats(np.linalg.solve(bend, pull)[[0, months]])


def linear_decision_rule(costs: QuadraticCosts, months: int = 12) -> LinearDecisionRule:
    """Least-cost rule for production and people over an endless horizon, keeping `months` of forecast weights.

    Solves ever longer horizons until the first month no longer feels their end. Holt, Modigliani & Simon (1955); Holt,
    Modigliani & Muth (1956). Demand need not be certain: with quadratic costs the mean forecast is all that matters.
    """
    if min(costs.change, costs.overtime, costs.stock) <= 0.0:
        raise ValueError("change, overtime and stock must each have a cost above 0, or there is no steady rule")
    horizon = max(64, 2 * months)
    weights = _first_decision(costs, horizon)
    while True:
        horizon, shorter = 2 * horizon, weights
        if horizon > LONGEST_LOOK:
            raise ValueError(f"the rule still feels the end of the horizon after {LONGEST_LOOK} months")
        weights = _first_decision(costs, horizon)
        compared = weights[:, [*range(months), -3, -2, -1]] - shorter[:, [*range(months), -3, -2, -1]]
        if np.abs(compared).max() < SETTLED * max(1.0, np.abs(weights).max()):
            break
    production, workers = weights
    return LinearDecisionRule(
        production[:months].copy(),
        float(production[-3]),
        float(production[-2]),
        float(production[-1]),
        workers[:months].copy(),
        float(workers[-3]),
        float(workers[-2]),
        float(workers[-1]),
    )
