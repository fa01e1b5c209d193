"""An aggregate planning problem and a plan for it, in months, people and units of one product or family."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from simulator.theory.arrays import Array, as_floats

__all__ = ["AggregatePlan", "AggregateProblem", "Infeasible", "Shortage", "cost_of", "imbalance"]


@dataclass(frozen=True)
class AggregateProblem:
    """State a planning problem: demand by month, and the means and costs of meeting it.

    A figure given once holds in every month, an array gives one a month. Units are of product; `units_per_worker` is
    what a person makes in a month of regular time (working days times units a day where days differ),
    `overtime_per_worker` how much more in overtime at most. Stock and backlog are costed at month's end. Material is
    paid for what is made in the house, `subcontract_cost` is all that a bought unit costs. Closing stock is at least,
    closing backlog at most, as given. Without `idle_allowed` people always make all they can in regular time.
    """

    demand: ArrayLike
    units_per_worker: ArrayLike
    opening_workers: float
    opening_stock: float = 0.0
    opening_backlog: float = 0.0
    closing_stock: float = 0.0
    closing_backlog: float = 0.0
    wage: ArrayLike = 0.0
    hire_cost: ArrayLike = 0.0
    dismiss_cost: ArrayLike = 0.0
    material_cost: ArrayLike = 0.0
    overtime_cost: ArrayLike = 0.0
    subcontract_cost: ArrayLike = 0.0
    holding_cost: ArrayLike = 0.0
    backlog_cost: ArrayLike = 0.0
    overtime_per_worker: ArrayLike = 0.0
    most_overtime: ArrayLike = np.inf
    most_subcontract: ArrayLike = 0.0
    fewest_workers: ArrayLike = 0.0
    most_workers: ArrayLike = np.inf
    least_stock: ArrayLike = 0.0
    most_stock: ArrayLike = np.inf
    most_backlog: ArrayLike = 0.0
    idle_allowed: bool = True

    @property
    def months(self) -> int:
        """Months planned."""
        return int(as_floats(self.demand).shape[0])

    def monthly(self, figure: ArrayLike) -> Array:
        """A figure of this problem, one value a month."""
        return np.broadcast_to(as_floats(figure), (self.months,))

    def stock_bounds(self) -> tuple[Array, Array]:
        """Least and most stock at each month's end, closing stock included."""
        least = self.monthly(self.least_stock).copy()
        least[-1] = max(least[-1], self.closing_stock)
        return least, self.monthly(self.most_stock)

    def backlog_bound(self) -> Array:
        """Most backlog at each month's end, closing backlog included."""
        most = self.monthly(self.most_backlog).copy()
        most[-1] = min(most[-1], self.closing_backlog)
        return most


@dataclass(frozen=True)
class AggregatePlan:
    """A plan by month and its cost; people and units."""

    workers: Array
    hired: Array
    dismissed: Array
    regular: Array
    overtime: Array
    subcontract: Array
    stock: Array
    backlog: Array
    cost: float

    @property
    def production(self) -> Array:
        """Made in the house, regular time and overtime."""
        return self.regular + self.overtime


@dataclass(frozen=True)
class Shortage:
    """State a shortage of a plan: the month (1 is the first), the resource, and the units that are missing."""

    month: int
    resource: str
    missing: float


class Infeasible(ValueError):
    """No plan meets the demand within the limits; `shortages` lists what would just make one possible."""

    def __init__(self, shortages: Sequence[Shortage], limits: str = "") -> None:
        self.shortages = tuple(shortages)
        lacking = "; ".join(f"month {s.month}: {s.missing:,.6g} units of {s.resource} missing" for s in self.shortages)
        super().__init__(f"no plan is feasible: {lacking}" + (f" ({limits})" if limits else ""))


def cost_of(problem: AggregateProblem, plan: AggregatePlan) -> float:
    """Cost of a plan, all months: people, overtime, material, subcontracting, stock and backlog."""
    paid = [
        (problem.wage, plan.workers),
        (problem.hire_cost, plan.hired),
        (problem.dismiss_cost, plan.dismissed),
        (problem.material_cost, plan.production),
        (problem.overtime_cost, plan.overtime),
        (problem.subcontract_cost, plan.subcontract),
        (problem.holding_cost, plan.stock),
        (problem.backlog_cost, plan.backlog),
    ]
    return float(sum((problem.monthly(rate) * amount).sum() for rate, amount in paid))


def imbalance(problem: AggregateProblem, plan: AggregatePlan) -> Array:
    """Largest gap in the books by month: units in less units out, people in less people out; zero for a sound plan."""
    net = plan.stock - plan.backlog
    before = np.concatenate([[problem.opening_stock - problem.opening_backlog], net[:-1]])
    units = before + plan.production + plan.subcontract - problem.monthly(problem.demand) - net
    people = np.diff(plan.workers, prepend=problem.opening_workers) - plan.hired + plan.dismissed
    return np.maximum(np.abs(units), np.abs(people))
