"""Aggregate planning: the textbook optima, then brute force and optimality laws with other numbers."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from simulator.theory.decision_rule import QuadraticCosts, linear_decision_rule
from tests.sop.aggregate_problem import AggregateProblem, Infeasible, Shortage, cost_of, imbalance
from tests.sop.aggregate_program import least_cost_plan

RED_TOMATO = AggregateProblem(
    demand=[1600, 3000, 3200, 3800, 2200, 2200],
    units_per_worker=40,
    opening_workers=80,
    opening_stock=1000,
    closing_stock=500,
    wage=640,
    hire_cost=300,
    dismiss_cost=500,
    material_cost=10,
    overtime_cost=4 * 6,  # four hours a unit at 6 an hour
    overtime_per_worker=10 / 4,
    subcontract_cost=30,
    most_subcontract=np.inf,
    holding_cost=2,
    backlog_cost=5,
    most_backlog=np.inf,
)

DENSEPACK = AggregateProblem(
    demand=[1280, 640, 900, 1200, 2000, 1400],
    units_per_worker=np.round(0.14653 * np.array([20, 24, 18, 26, 22, 15]), 3),
    opening_workers=300,
    opening_stock=500,
    closing_stock=600,
    hire_cost=500,
    dismiss_cost=1000,
    holding_cost=80,
    idle_allowed=False,
)

PAINT_FACTORY = QuadraticCosts(
    payroll=340,
    change=64.3,
    overtime=0.2,
    units_per_worker=5.67,
    overtime_unit=51.2,
    overtime_worker=-281,
    stock=0.0825,
    stock_target=320,
)


def check(problem, plan):
    """The books balance, the limits hold, and the cost is that of the plan."""
    assert imbalance(problem, plan).max() < 1e-6
    assert (plan.regular <= problem.monthly(problem.units_per_worker) * plan.workers + 1e-6).all()
    assert (plan.overtime <= problem.monthly(problem.overtime_per_worker) * plan.workers + 1e-6).all()
    least, most = problem.stock_bounds()
    assert (plan.stock >= least).all()
    assert (plan.stock <= most).all()
    assert (plan.backlog <= problem.backlog_bound()).all()
    assert cost_of(problem, plan) == pytest.approx(plan.cost)


# Answers of the literature


@pytest.mark.parametrize(
    ("change", "cost"),
    [
        ({}, 422_275),
        ({"holding_cost": 6}, 441_200),
        ({"demand": [1000, 3000, 3800, 4800, 2000, 1400]}, 432_858),
    ],
)
def test_red_tomato(change, cost):
    """Chopra & Meindl, chapter 8: base case, dear holding, and more seasonal demand."""
    problem = replace(RED_TOMATO, **change)
    plan = least_cost_plan(problem)
    check(problem, plan)
    assert round(plan.cost) == cost


def test_densepack_least_cost():
    """Nahmias, chapter 3: 379,320.90, when everybody works all the time."""
    plan = least_cost_plan(DENSEPACK)
    check(DENSEPACK, plan)
    assert round(plan.cost, 2) == 379_320.90
    np.testing.assert_allclose(plan.regular, DENSEPACK.units_per_worker * plan.workers)


def test_paint_factory():
    """Holt, Modigliani & Simon (1955): printed weights within .002; P on last month's W is 1.00653, not .993."""
    rule = linear_decision_rule(PAINT_FACTORY)
    on_demand = [0.463, 0.234, 0.111, 0.046, 0.013, -0.002, -0.008, -0.010, -0.009, -0.008, -0.007, -0.005]
    np.testing.assert_allclose(rule.production_on_demand, on_demand, atol=0.002)
    people = [0.0101, 0.0088, 0.0071, 0.0054, 0.0042, 0.0031, 0.0023, 0.0016, 0.0012, 0.0009, 0.0006, 0.0005]
    np.testing.assert_allclose(rule.workers_on_demand, people, atol=0.002)
    assert rule.production_on_workers == pytest.approx(1.00653, abs=5e-6)
    assert rule.production_on_stock == pytest.approx(-0.464, abs=0.002)
    assert rule.production_constant == pytest.approx(153, abs=0.5)
    assert rule.workers_on_workers == pytest.approx(0.743, abs=0.002)
    assert rule.workers_on_stock == pytest.approx(-0.010, abs=0.002)


# Laws of the least-cost plan


@pytest.mark.parametrize("seed", range(5))
def test_least_cost_plan_against_brute_force(seed):
    """Whole units, fixed people: every regular, overtime, bought and owed quantity of three months is tried."""
    rng = np.random.default_rng(seed)
    people, price = 3, {name: int(rng.integers(1, 9)) for name in ("overtime", "subcontract", "holding", "backlog")}
    demand = rng.integers(0, 9, 3)
    problem = AggregateProblem(
        demand=demand,
        units_per_worker=1,
        opening_workers=people,
        opening_stock=1,
        fewest_workers=people,
        most_workers=people,
        overtime_per_worker=1,
        most_overtime=[2, 1, 2],
        overtime_cost=price["overtime"],
        subcontract_cost=price["subcontract"],
        most_subcontract=[9, 2, 9],
        holding_cost=price["holding"],
        backlog_cost=price["backlog"],
        most_backlog=3,
        most_stock=4,
    )
    choices = itertools.product(
        *(itertools.product(range(people + 1), range(m + 1), range(s + 1)) for m, s in ((2, 9), (1, 2), (2, 9)))
    )
    best = np.inf
    for plan in choices:
        net, cost = 1, 0
        for (regular, overtime, bought), wanted in zip(plan, demand, strict=True):
            net += regular + overtime + bought - int(wanted)
            if not -3 <= net <= 4:
                break
            cost += overtime * price["overtime"] + bought * price["subcontract"]
            cost += net * price["holding"] if net > 0 else -net * price["backlog"]
        else:
            best = min(best, cost if net >= 0 else np.inf)
    plan = least_cost_plan(problem)
    check(problem, plan)
    assert plan.cost == pytest.approx(best)


def test_what_a_limit_costs():
    """Each limit that is drawn tighter can only make the plan dearer; whole people too."""
    free = least_cost_plan(RED_TOMATO).cost
    for limit in (
        {"most_backlog": 0.0},
        {"most_stock": 1000.0},
        {"least_stock": 200.0},
        {"most_overtime": 0.0, "most_subcontract": 0.0, "most_backlog": 100.0},
        {"most_workers": 62.0},
        {"fewest_workers": 70.0},
    ):
        problem = replace(RED_TOMATO, **limit)
        plan = least_cost_plan(problem)
        check(problem, plan)
        assert plan.cost >= free - 1e-6
    whole = least_cost_plan(RED_TOMATO, whole_people=True)
    check(RED_TOMATO, whole)
    np.testing.assert_allclose(whole.workers, np.rint(whole.workers), atol=1e-6)
    assert free < whole.cost < free * 1.01


def test_overtime_without_a_limit_per_person():
    """A month's own limit is enough."""
    problem = AggregateProblem(
        [5, 20],
        1,
        5,
        fewest_workers=5,
        most_workers=5,
        overtime_per_worker=np.inf,
        most_overtime=[9, 12],
        overtime_cost=1,
    )
    plan = least_cost_plan(problem)
    assert plan.overtime.sum() == pytest.approx(15)
    assert plan.overtime[1] <= 12


def test_opening_backlog_is_made_up():
    """What was owed is made besides the demand."""
    problem = AggregateProblem([10, 10], 1, 15, opening_backlog=8, most_backlog=5, backlog_cost=1, hire_cost=100)
    plan = least_cost_plan(problem)
    check(problem, plan)
    assert plan.production.sum() == pytest.approx(28)
    assert plan.backlog[0] == pytest.approx(3)


def test_costs_may_differ_by_month():
    """Dear regular work in the second month is done in the first."""
    plan = least_cost_plan(AggregateProblem([10, 10], 1, 20, material_cost=[1, 5], holding_cost=3))
    np.testing.assert_allclose(plan.regular, [20, 0], atol=1e-9)


# What is missing


@pytest.mark.parametrize(
    ("change", "shortages"),
    [
        ({"most_workers": 60, "most_subcontract": 0}, [Shortage(6, "production capacity", 200)]),
        (
            {"most_workers": 60, "most_subcontract": 0, "most_backlog": 0},
            [Shortage(4, "production capacity", 400)],
        ),
        ({"opening_stock": 9000, "most_stock": 600}, [Shortage(1, "storage room", 6800)]),
        ({"most_stock": 100}, [Shortage(6, "storage room", 400)]),
    ],
)
def test_an_infeasible_plan_says_what_is_missing(change, shortages):
    """Month, resource and amount, worked by hand: 60 people make 60 x 42.5 = 2,550 a month."""
    with pytest.raises(Infeasible) as caught:
        least_cost_plan(replace(RED_TOMATO, **change))
    assert [(s.month, s.resource) for s in caught.value.shortages] == [(s.month, s.resource) for s in shortages]
    assert [s.missing for s in caught.value.shortages] == pytest.approx([s.missing for s in shortages])
    assert f"month {shortages[0].month}: {shortages[0].missing:,.6g} units of {shortages[0].resource}" in str(
        caught.value
    )


def test_what_was_missing_is_just_enough():
    """Bought in, the plan becomes feasible, and a unit less does not do."""
    tight = replace(RED_TOMATO, most_workers=60, most_backlog=0.0, most_subcontract=0.0)
    with pytest.raises(Infeasible, match="month 4 allows at most 60 people") as caught:
        least_cost_plan(tight)
    lacking = np.zeros(6)
    for shortage in caught.value.shortages:
        lacking[shortage.month - 1] = shortage.missing
    check(replace(tight, most_subcontract=lacking), least_cost_plan(replace(tight, most_subcontract=lacking)))
    with pytest.raises(Infeasible):
        least_cost_plan(replace(tight, most_subcontract=np.maximum(lacking - 1, 0)))


def test_limits_that_contradict_are_refused():
    """More people must stay than may."""
    with pytest.raises(ValueError, match="month 2: at least 9 people are to stay, but at most 5 may"):
        least_cost_plan(AggregateProblem([1, 1], 1, 5, fewest_workers=[0, 9], most_workers=5))


# Laws of the linear decision rule


def followed(rule, demand, workers, stock):
    """The rule month by month, demand known ahead."""
    made, people, stocks = [], [], []
    for month in range(len(demand)):
        production, workers = rule.decide(demand[month:], workers, stock)
        stock = stock + production - demand[month]
        made, people, stocks = [*made, production], [*people, workers], [*stocks, stock]
    return np.array(made), np.array(people), np.array(stocks)


@pytest.mark.parametrize(
    "costs",
    [
        PAINT_FACTORY,
        QuadraticCosts(100, 20, 0.5, 3, 0.3, 50, 4, 10, 0.05, 0.4),
    ],
)
def test_no_small_change_of_the_rules_plan_costs_less(costs):
    """The cost is flat around it in every month's production and people, far from the horizon."""
    rng = np.random.default_rng(5)
    demand = np.concatenate([rng.uniform(300, 700, 30), np.full(130, 500.0)])
    rule = linear_decision_rule(costs, months=80)
    made, people, _ = followed(rule, demand, 81.0, 263.0)

    def cost(production, workers):
        return costs.total(production, workers, 263.0 + np.cumsum(production - demand), demand, 81.0)

    base = cost(made, people)
    for month in range(0, 50, 7):
        step = np.zeros(len(demand))
        step[month], step[month + 1] = 1.0, -1.0  # made earlier, not more: the horizon's end is not touched
        assert cost(made + step, people) + cost(made - step, people) > 2 * base
        assert cost(made + step, people) - cost(made - step, people) == pytest.approx(0, abs=1e-5)
        step[month + 1] = 0.0
        assert cost(made, people + step) - cost(made, people - step) == pytest.approx(0, abs=1e-5)


def test_the_rule_is_the_same_for_a_lane_alone_or_in_company():
    """Arithmetic alone, bit for bit; 12 months, 19 lanes."""
    rng, rule = np.random.default_rng(6), linear_decision_rule(PAINT_FACTORY)
    demand, workers, stock = rng.uniform(300, 700, (12, 19)), rng.uniform(70, 90, 19), rng.uniform(200, 400, 19)
    together = np.stack(rule.decide(demand, workers, stock))
    alone = [np.stack(rule.decide(demand[:, i], workers[i], stock[i])) for i in range(19)]
    np.testing.assert_array_equal(together, np.stack(alone, axis=1))


def test_a_short_forecast_goes_on_as_it_ends():
    """Four months of 500 are read as 500 for good."""
    rule = linear_decision_rule(PAINT_FACTORY)
    assert rule.decide(np.full(4, 500.0), 80, 300) == rule.decide(np.full(12, 500.0), 80, 300)


def test_costs_without_a_steady_rule_are_refused():
    """Something must hold each of people, production and stock."""
    with pytest.raises(ValueError, match="must each have a cost above 0"):
        linear_decision_rule(replace(PAINT_FACTORY, stock=0))
