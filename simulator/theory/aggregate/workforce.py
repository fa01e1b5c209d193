"""The two plans made by hand: follow demand with people (chase), or keep the same people all along (level)."""

from dataclasses import replace

import numpy as np

from simulator.theory.aggregate.problem import AggregatePlan, AggregateProblem, cost_of
from simulator.theory.arrays import Array

__all__ = ["chase_plan", "constant_workforce_plan"]

ROUNDING = 1e-9  # a need this close above a whole number of people is that number


def _needed(problem: AggregateProblem) -> Array:
    """Cumulative production that keeps every month without backlog and closes with the closing stock."""
    demanded = np.add.accumulate(problem.monthly(problem.demand))
    needed = demanded + problem.stock_bounds()[0] - problem.opening_stock + problem.opening_backlog
    return np.maximum.accumulate(np.maximum(needed, 0.0))


def _people(units: Array, per_worker: Array) -> Array:
    return np.ceil(units / per_worker - ROUNDING)


def _plan(problem: AggregateProblem, workers: Array, whole_units: bool) -> AggregatePlan:
    """Work out production by these people, the stock or backlog after it, and the cost."""
    made = workers * problem.monthly(problem.units_per_worker)
    regular = np.rint(made) if whole_units else made
    change = np.diff(workers, prepend=problem.opening_workers)
    net = problem.opening_stock - problem.opening_backlog + np.add.accumulate(regular - problem.monthly(problem.demand))
    nothing = np.zeros(problem.months)
    hired, dismissed = np.maximum(change, 0.0), np.maximum(-change, 0.0)
    stock, backlog = np.maximum(net, 0.0), np.maximum(-net, 0.0)
    plan = AggregatePlan(workers, hired, dismissed, regular, nothing, nothing, stock, backlog, 0.0)
    return replace(plan, cost=cost_of(problem, plan))


def chase_plan(problem: AggregateProblem, whole_units: bool = True) -> AggregatePlan:
    """Chase: hire and dismiss so that each month's people just make that month's net demand.

    Whole people; what rounding up leaves over goes to stock and is not deducted later. Nahmias (2009), chapter 3.
    """
    net = np.diff(_needed(problem), prepend=0.0)
    return _plan(problem, _people(net, problem.monthly(problem.units_per_worker)), whole_units)


def constant_workforce_plan(problem: AggregateProblem, whole_units: bool = True) -> AggregatePlan:
    """Level: the fewest people who, kept all along, leave no month short. Nahmias (2009), chapter 3."""
    per_worker = np.add.accumulate(problem.monthly(problem.units_per_worker))
    people = _people(_needed(problem), per_worker).max()
    return _plan(problem, np.full(problem.months, people), whole_units)
