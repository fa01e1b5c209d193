"""A least-cost aggregate plan as the books set it up, against which the planners' own programs are held in tests."""

from typing import TYPE_CHECKING

import numpy as np

from simulator.theory.arrays import Array
from tests.sop.aggregate_problem import AggregatePlan, AggregateProblem, Infeasible, Shortage

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["least_cost_plan"]

ACTIVITIES = ("workers", "hired", "dismissed", "regular", "overtime", "subcontract", "stock", "backlog")
RESCUES = ("out of nowhere", "thrown away")  # what only the search for what is missing may do
NOTHING = 1e-6  # units


def least_cost_plan(problem: AggregateProblem, whole_people: bool = False) -> AggregatePlan:
    """Meet demand at least cost with regular time, overtime, hiring, dismissing, subcontracting, stock and backlog.

    Chopra & Meindl (2016), chapter 8; Nahmias (2009), chapter 3; solved by HiGHS. Raises Infeasible with the month,
    the resource and how much is missing.
    """
    _check_limits(problem)
    plan = _solve(problem, _prices(problem), rescues=0.0, whole_people=whole_people)
    if plan is None:
        raise _what_is_missing(problem)
    activities = plan[: len(ACTIVITIES)]  # the rescues behind them are all zero
    cost = float((_prices(problem)[: len(ACTIVITIES)] * activities).sum())
    return AggregatePlan(**dict(zip(ACTIVITIES, activities, strict=True)), cost=cost)


def _solve(problem: AggregateProblem, prices: Array, rescues: float, whole_people: bool = False) -> Array | None:
    """Find the cheapest amounts of all activities and rescues (up to a limit a month) by month; None if impossible."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    matrix, least, most = _rows(problem)
    low, high = _bounds(problem, rescues)
    whole = np.zeros(low.shape, dtype=np.int64)
    whole[ACTIVITIES.index("workers")] = whole_people
    solved = milp(
        prices.ravel(),
        integrality=whole.ravel(),
        bounds=Bounds(low.ravel(), high.ravel()),
        constraints=LinearConstraint(matrix, least, most),
    )
    if solved.x is None:
        return None
    amounts = np.asarray(solved.x, dtype=np.float64).reshape(low.shape)
    return np.clip(amounts, low, high)  # the solver may pass a bound by rounding


def _prices(problem: AggregateProblem) -> Array:
    """Price of a unit of every activity by month; rescues are not for sale."""
    material = problem.monthly(problem.material_cost)
    rates = {
        "workers": problem.wage,
        "hired": problem.hire_cost,
        "dismissed": problem.dismiss_cost,
        "regular": material,
        "overtime": material + problem.monthly(problem.overtime_cost),
        "subcontract": problem.subcontract_cost,
        "stock": problem.holding_cost,
        "backlog": problem.backlog_cost,
    }
    return np.stack([problem.monthly(rates.get(name, 0.0)) for name in ACTIVITIES + RESCUES])


def _rows(problem: AggregateProblem) -> "tuple[csr_array, Array, Array]":
    """Build the balances of each month: people, units, regular time, overtime; with the least and most of each row."""
    from scipy.sparse import block_array, csr_array, diags_array, eye_array

    months = problem.months
    one = eye_array(months)
    change = one - eye_array(months, k=-1)
    per_overtime = problem.monthly(problem.overtime_per_worker)
    limited = np.isfinite(per_overtime)
    regular_time = diags_array(-problem.monthly(problem.units_per_worker))
    extra_time = diags_array(-np.where(limited, per_overtime, 0.0))
    blank = None
    matrix = block_array(
        [
            [change, -one, one, blank, blank, blank, blank, blank, blank, blank],
            [blank, blank, blank, -one, -one, -one, change, -change, -one, one],
            [regular_time, blank, blank, one, blank, blank, blank, blank, blank, blank],
            [extra_time, blank, blank, blank, one, blank, blank, blank, blank, blank],
        ]
    )
    people, units, none = np.zeros(months), -problem.monthly(problem.demand), np.zeros(months)
    people[0] = problem.opening_workers
    units[0] += problem.opening_stock - problem.opening_backlog
    idle = np.full(months, -np.inf if problem.idle_allowed else 0.0)
    least = np.concatenate([people, units, idle, np.full(months, -np.inf)])
    return csr_array(matrix), least, np.concatenate([people, units, none, np.where(limited, 0.0, np.inf)])


def _bounds(problem: AggregateProblem, rescues: float) -> tuple[Array, Array]:
    """Least and most of every activity by month."""
    least_stock, most_stock = problem.stock_bounds()
    low = {"workers": problem.fewest_workers, "stock": least_stock}
    high = {
        "workers": problem.most_workers,
        "overtime": problem.most_overtime,
        "subcontract": problem.most_subcontract,
        "stock": most_stock,
        "backlog": problem.backlog_bound(),
        **dict.fromkeys(RESCUES, rescues),
    }
    names = ACTIVITIES + RESCUES
    lowest = np.stack([problem.monthly(low.get(name, 0.0)) for name in names])
    return lowest, np.stack([problem.monthly(high.get(name, np.inf)) for name in names])


def _check_limits(problem: AggregateProblem) -> None:
    """Refuse limits that contradict each other whatever is planned."""
    least, most = problem.stock_bounds()
    lacking = [Shortage(int(t) + 1, "storage room", float(least[t] - most[t])) for t in np.flatnonzero(least > most)]
    if lacking:
        raise Infeasible(lacking)
    fewest, people = problem.monthly(problem.fewest_workers), problem.monthly(problem.most_workers)
    for t in np.flatnonzero(fewest > people):
        raise ValueError(f"month {t + 1}: at least {fewest[t]:g} people are to stay, but at most {people[t]:g} may")


def _what_is_missing(problem: AggregateProblem) -> Infeasible:
    """Let units come out of nowhere or be thrown away, as few as possible and as late as possible, and say where.

    As late as possible is the month that is hurt; what is missing there could also be made before it.
    """
    months = problem.months
    prices = np.zeros((len(ACTIVITIES) + len(RESCUES), months))
    prices[len(ACTIVITIES) :] = 1.0 + 1e-4 * np.arange(months)[::-1] / months
    rescued = _solve(problem, prices, rescues=np.inf)
    if rescued is None:
        raise RuntimeError("the solver found neither a plan nor what one lacks: look for figures that are not finite")
    resources = ("production capacity", "storage room")
    lacking = [
        Shortage(t + 1, resource, float(amount[t]))
        for t in range(months)
        for resource, amount in zip(resources, rescued[len(ACTIVITIES) :], strict=True)
        if amount[t] > NOTHING
    ]
    return Infeasible(lacking, _limits_of(problem, lacking[0].month))


def _limits_of(problem: AggregateProblem, month: int) -> str:
    """Words for the limits that hold in a month."""
    limits = {
        "people": problem.most_workers,
        "units of overtime": problem.most_overtime,
        "units of overtime a worker": problem.overtime_per_worker,
        "units subcontracted": problem.most_subcontract,
        "units of stock": problem.most_stock,
        "units of backlog": problem.backlog_bound(),
    }
    most = {name: problem.monthly(limit)[month - 1] for name, limit in limits.items()}
    return f"month {month} allows at most " + ", ".join(f"{x:g} {name}" for name, x in most.items() if x < np.inf)
