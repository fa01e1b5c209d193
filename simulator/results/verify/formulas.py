"""Known answers that are worked out without simulating: stock formulas, peak-shaving, plans, accuracy, intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from simulator.kernel.units import Array
from simulator.results.verify.case import Case, formula
from simulator.theory.aggregate import (
    AggregateProblem,
    QuadraticCosts,
    chase_plan,
    constant_workforce_plan,
    least_cost_plan,
    linear_decision_rule,
)
from simulator.theory.beer_game import order_up_to_rule, play
from simulator.theory.forecast import (
    bias,
    holt,
    mad,
    mape,
    mase,
    moving_average,
    simple_smoothing,
    smape,
    tracking_signal,
    trend_line,
    wape,
    winters,
    winters_start,
)
from simulator.theory.inventory import (
    base_stock_normal,
    best_min_max,
    best_poisson_lot,
    best_serial,
    capacitated_base_stock,
    cycle_service,
    deviation_at_risk,
    disrupted_base_stock,
    disrupted_base_stock_cost,
    fill_rate_of_lots,
    newsvendor_normal,
    order_up_to_for_cycle_service,
    performance,
    poisson_probabilities,
    ranked_classes,
    safety_stock_for_cycle_service,
    safety_stock_for_fill_rate,
)
from simulator.theory.smoothing import (
    bullwhip_ar1,
    bullwhip_exponential_smoothing,
    bullwhip_moving_average,
    taut_string,
)
from simulator.theory.statistics import (
    mean_interval,
    paired_interval,
    replications_for_half_width,
    replications_for_relative_half_width,
)

SILVER = "Silver, Pyke & Thomas 2017; Teunter 2009"
SNYDER = "Snyder & Shen 2019"
CHOPRA = "Chopra & Meindl 2016"
HMS = "Holt, Modigliani & Simon 1955"


def inventory() -> list[Case]:
    """Stock for a service, service of a stock, and the best rules."""
    return [*_order_up_to(), *_best_rules(), *_safety_stocks()]


def _order_up_to() -> list[Case]:
    def found(name: str) -> Callable[[], Any]:
        return lambda: getattr(performance([2050, 555.9017], 100, 25, [20, 5]), name)

    def served(stock: float) -> Callable[[], Any]:
        return lambda: ranked_classes(stock, means=(60, 40), sds=(10, 15)).fill_rate

    def limited() -> tuple[float, float]:
        a = capacitated_base_stock(20, 10, poisson_probabilities(8))
        return a.fill_rate, a.backlog

    name, capacity, losses = (
        "formula, 20 and 5 days at risk",
        "Federgruen & Zipkin 1986",
        "differences of normal losses",
    )
    return [
        formula(f"{name}: fill rate", SILVER, ".80217 .95355", found("fill_rate")),
        formula(f"{name}: cycle service", SILVER, ".67264 .84134", found("cycle_service")),
        formula(f"{name}: on hand", SILVER, "73.991 60.559", found("on_hand")),
        formula(f"{name}: backlog", SILVER, "23.991 4.657", found("backlog")),
        formula("formula, capacity 10 a day, base stock 20: fill rate, backlog", capacity, ".99840 .01299", limited),
        formula("formula, two ranked classes, stock 110", losses, "1.0000 .91823", served(110)),
        formula("formula, two ranked classes, stock 90", losses, ".99994 .66832", served(90)),
    ]


def _best_rules() -> list[Case]:
    def once() -> tuple[Any, Any]:
        a = newsvendor_normal(50, 8, 0.18, 0.70)
        return a.order_up_to, a.cost

    def daily() -> tuple[Any, Any]:
        a = base_stock_normal(50, 8, 5, 0.18, 0.70)
        return a.order_up_to, a.cost

    def lot() -> Any:
        return best_poisson_lot(rate=1.5, lead_time=2, fixed=100, holding=20, backlog=150)

    def low_high() -> Any:
        return best_min_max(poisson_probabilities(20), fixed=64, holding=1, backlog=9)

    def stages() -> Any:
        return best_serial(5, 1, lead_times=(1, 1, 2), echelon_holding=(3, 2, 2), backlog=37.12)

    def out_of_business(level: float) -> Any:
        return disrupted_base_stock_cost(level, demand=2000, holding=0.25, stockout=3, disruption=0.04, recovery=0.25)

    out = f"{SNYDER}, ex. 9.3"
    zheng, lots, serial = "Zheng & Federgruen 1991", f"{SNYDER}, ex. 5.8", f"Clark & Scarf 1960; {SNYDER}, ex. 6.1"
    return [
        formula("newsvendor: S", f"{SNYDER}, ex. 4.3", "56.6040", lambda: once()[0]),
        formula("newsvendor: cost", f"{SNYDER}, ex. 4.3", "1.997605", lambda: once()[1]),
        formula("base stock, L 4: S", f"{SNYDER}, ex. 4.4", "264.7669", lambda: daily()[0]),
        formula("base stock, L 4: cost", f"{SNYDER}, ex. 4.4", "4.46678", lambda: daily()[1]),
        formula(
            "supplier out now and then: S", out, "8000", lambda: disrupted_base_stock(2000, 0.25, 3, 0.04, 0.25)[0]
        ),
        formula("supplier out now and then: cost", out, "2737.06897", lambda: out_of_business(8000)),
        formula("supplier out now and then, S 2,000: cost", out, "3310.34483", lambda: out_of_business(2000)),
        formula("(r,Q), continuous review: r, Q", lots, "3 5", lambda: (lot().reorder_point, lot().lot_size)),
        formula(
            "(r,Q), continuous review: cost, fill rate", lots, "107.92358 .86663", lambda: (lot().cost, lot().fill_rate)
        ),
        formula("(s,S): best rule", zheng, "14 62", lambda: (low_high().reorder_point, low_high().order_up_to)),
        formula("(s,S): cost of the best rule", zheng, "49.173", lambda: low_high().cost),
        formula("three stages: echelon levels", serial, "6.49 12.02 22.71", lambda: stages().echelon_order_up_to),
        formula("three stages: least cost", serial, "47.66", lambda: stages().cost),
    ]


def _safety_stocks() -> list[Case]:
    sd, targets = deviation_at_risk(500, 2), [0.975, 0.98, 0.985, 0.99, 0.995]

    def unpunctual() -> Array:
        return safety_stock_for_cycle_service(0.90, deviation_at_risk(500, 7, 2500, np.arange(7)))

    def four_weekly() -> tuple[Any, Any]:
        six_weeks = deviation_at_risk(500, 6)
        return safety_stock_for_cycle_service(0.90, six_weeks), order_up_to_for_cycle_service(0.90, 2500, 500, 2, 4)

    name, dell = "safety stock, weekly N(2500, 500), L 2", "1695 3625 6628 9760 12927 16109 19298"
    return [
        formula(f"{name}: cycle service of 1000", CHOPRA, ".9214", lambda: cycle_service(1000, sd)),
        formula(f"{name}: fill rate of 1000, Q 10000", CHOPRA, ".9975", lambda: fill_rate_of_lots(1000, sd, 10000)),
        formula(f"{name}: for 90 % of cycles", CHOPRA, "906", lambda: safety_stock_for_cycle_service(0.90, sd), 1.0),
        formula(
            f"{name}: for fill rates .975 to .995",
            CHOPRA,
            "67 183 321 499 767",
            lambda: safety_stock_for_fill_rate(targets, sd, 10000),
            1.0,
        ),
        formula(f"{name}: review every 4 weeks", CHOPRA, "1570 16570", four_weekly, 1.0),
        formula("safety stock, random lead time (Dell), sd 0 to 6", CHOPRA, dell, unpunctual, 1.0),
    ]


def smoothing() -> list[Case]:
    """Bullwhip of forecasts, and the calmest plan that storage allows."""
    chen, year = "Chen, Drezner, Ryan & Simchi-Levi 2000", [70, 65, 80, 95, 120, 150, 160, 155, 130, 95, 80, 100]
    hohn = "Modigliani & Hohn 1955; Veinott 1971"
    weight, days = [0.2, 0.1, 0.4], [2, 6, 3]
    return [
        formula(
            "formula, bullwhip, moving average",
            chen,
            "1.48 2.92 2.5 13",
            lambda: bullwhip_moving_average([5, 5, 10, 4], [1, 3, 5, 8]),
        ),
        formula(
            "formula, bullwhip, smoothing",
            "Chen, Ryan & Simchi-Levi 2000",
            "1.97778 2.57895 5.2",
            lambda: bullwhip_exponential_smoothing(weight, days),
        ),
        formula(
            "formula, bullwhip, AR(1)",
            "Lee, Padmanabhan & Whang 1997",
            "1.714 3.32985 .4375",
            lambda: bullwhip_ar1([0.7, 0.7, -0.5], [1, 3, 2]),
        ),
        formula(
            "peak-shaving, a year",
            hohn,
            "97.5 97.5 97.5 97.5 120 123.75 123.75 123.75 123.75 98.333 98.333 98.333",
            lambda: taut_string(year, opening=20, room=100, closing=20),
        ),
        formula(
            "peak-shaving, half a year",
            hohn,
            "1800 2933.333 2933.333 2933.333 2450 2450",
            lambda: taut_string(RED_TOMATO.demand, opening=1000, room=1200, closing=500),
        ),
    ]


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
PAINT = QuadraticCosts(
    payroll=340,
    change=64.3,
    overtime=0.2,
    units_per_worker=5.67,
    overtime_unit=51.2,
    overtime_worker=-281,
    stock=0.0825,
    stock_target=320,
)


def aggregate_planning() -> list[Case]:
    """Least-cost plans of a season, plans by hand, and the linear decision rule."""
    tomato, dense = f"{CHOPRA}, ch. 8", "Nahmias 2009, ch. 3"
    peaked = replace(RED_TOMATO, demand=[1000, 3000, 3800, 4800, 2000, 1400])
    on_demand = ".463 .234 .111 .046 .013 -.002 -.008 -.010 -.009 -.008 -.007 -.005"
    people = ".0101 .0088 .0071 .0054 .0042 .0031 .0023 .0016 .0012 .0009 .0006 .0005"

    def weights(*names: str) -> Callable[[], Any]:
        return lambda: np.hstack([getattr(linear_decision_rule(PAINT), name) for name in names])

    return [
        formula("Red Tomato Tools: least cost", tomato, "422275", lambda: least_cost_plan(RED_TOMATO).cost),
        formula(
            "Red Tomato Tools, holding 6",
            tomato,
            "441200",
            lambda: least_cost_plan(replace(RED_TOMATO, holding_cost=6)).cost,
        ),
        formula("Red Tomato Tools, higher peak", tomato, "432858", lambda: least_cost_plan(peaked).cost),
        formula("Densepack: chase", dense, "572900", lambda: chase_plan(DENSEPACK).cost),
        formula("Densepack: constant workforce", dense, "580460", lambda: constant_workforce_plan(DENSEPACK).cost),
        formula("Densepack: least cost", dense, "379320.90", lambda: least_cost_plan(DENSEPACK).cost),
        formula("paint factory: production on demand", HMS, on_demand, weights("production_on_demand"), 0.002),
        formula("paint factory: workers on demand", HMS, people, weights("workers_on_demand"), 0.002),
        formula(
            "paint factory: workers and production on last month's workers and stock",
            HMS,
            ".743 -.010 -.464",
            weights("workers_on_workers", "workers_on_stock", "production_on_stock"),
            0.002,
        ),
        formula(
            "paint factory: production on last month's workers (printed .993)",
            HMS,
            "1.00653",
            weights("production_on_workers"),
        ),
    ]


TAHOE = 1000.0 * np.array([8, 13, 23, 34, 10, 18, 23, 38, 12, 13, 32, 41])
"""Demand for salt by quarter."""


def forecasts() -> list[Case]:
    """Measures of accuracy by hand, and the recursions on Tahoe Salt."""
    return [*_accuracy(), *_tahoe()]


def _accuracy() -> list[Case]:
    actual, forecast, training = [100, 20, 50, 200, 80], [110, 10, 60, 150, 80], [60, 80, 50, 90, 70, 100]
    hand = "by hand: errors 10 -10 10 -50 0, actuals 450"
    s_mape = (20 / 210 + 20 / 30 + 20 / 110 + 100 / 350) / 5
    return [
        formula("MAPE", hand, ".21", lambda: mape(actual, forecast).value, 1e-9),
        formula("WAPE", hand, f"{80 / 450:.12f}", lambda: wape(actual, forecast)),
        formula("bias", hand, f"{-40 / 450:.12f}", lambda: bias(actual, forecast)),
        formula("MASE", hand, f"{16 / 28:.12f}", lambda: mase(actual, forecast, training)),
        formula("sMAPE", hand, f"{s_mape:.12f}", lambda: smape(actual, forecast)),
        formula("tracking signal", hand, "-2.5", lambda: tracking_signal(actual, forecast), 1e-9),
        formula(
            "MAPE, a month without demand left out", hand, ".15", lambda: mape([100, 0, 50], [110, 7, 60]).value, 1e-9
        ),
    ]


def _tahoe() -> list[Case]:
    source, factors = f"{CHOPRA}, ch. 7 (Tahoe Salt)", [0.47, 0.68, 1.17, 1.67]

    def errors(one_ahead: Array) -> tuple[Any, Any]:
        known = ~np.isnan(one_ahead)
        actual, forecast = TAHOE[known], one_ahead[known]
        return mad(actual, forecast), 100 * mape(actual, forecast).value

    def seasonal() -> Any:
        return winters(TAHOE, 0.05, 0.1, 0.1, 18439, 524, factors)

    def first_quarter() -> Any:
        known = winters(TAHOE[:1], 0.1, 0.2, 0.1, 18439, 524, factors)
        return known.level, known.trend, known.ahead(1)[0]

    def line() -> Any:
        return np.rint(np.stack([*trend_line(TAHOE), *winters_start(TAHOE, 4)[:2]]))

    return [
        formula("moving average of 4: next quarter", source, "24500", lambda: moving_average(TAHOE, 4).ahead(1)[0]),
        formula(
            "moving average of 4: MAD, MAPE", source, "9719 49", lambda: errors(moving_average(TAHOE, 4).one_ahead)
        ),
        formula("simple smoothing .1: next quarter", source, "23490", lambda: simple_smoothing(TAHOE, 0.1).ahead(1)[0]),
        formula(
            "simple smoothing .1: MAD, MAPE", source, "10208 59", lambda: errors(simple_smoothing(TAHOE, 0.1).one_ahead)
        ),
        formula("trend line, and deseasonalised", source, "12015 1549 18439 524", line),
        formula(
            "Holt .1, .2: level, trend",
            source,
            "30443 1541",
            lambda: (holt(TAHOE, 0.1, 0.2).level, holt(TAHOE, 0.1, 0.2).trend),
        ),
        formula("Holt .1, .2: MAD, MAPE", source, "8836 52", lambda: errors(holt(TAHOE, 0.1, 0.2).one_ahead)),
        formula("Winters .1, .2, .1: after a quarter", source, "18769 485 13093", first_quarter),
        formula("Winters .05, .1, .1: MAD, MAPE", source, "1469 8", lambda: errors(seasonal().one_ahead)),
    ]


def statistics_of_runs() -> list[Case]:
    """Intervals, numbers of replications, and the Beer Game's benchmark."""
    ten = [1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09]
    bank = np.array([1.53, 1.66, 1.24, 2.34, 2.00, 1.69, 2.69, 2.86, 1.70, 2.60])
    first, second = [126.97, 124.31, 126.68, 122.66, 127.23], [118.21, 120.22, 122.45, 122.68, 119.40]
    law, board = "Law 2015", (32, 32, 32, 24)

    def mean() -> tuple[Any, Any]:
        found = mean_interval(ten, confidence=0.90)
        return found.mean, found.half_width

    def difference() -> tuple[Any, Any]:
        found = paired_interval(first, second, confidence=0.90)
        return found.low, found.high

    def replications() -> tuple[int, int]:
        spread = float(bank.var(ddof=1))
        absolute = replications_for_half_width(spread, 0.25, count=10, confidence=0.90)
        return absolute, replications_for_relative_half_width(
            float(bank.mean()), spread, 0.10, count=10, confidence=0.90
        )

    def cost(levels: tuple[int, ...]) -> float:
        return play([order_up_to_rule(level) for level in levels]).total

    def best_nearby() -> float:
        return min(cost(levels) for levels in product(*((level - 1, level, level + 1) for level in board)))

    return [
        formula("Student interval of ten observations, 90 %", law, "1.34 .24", mean),
        formula("paired t interval of two policies, 90 %", law, "1.65 8.31", difference),
        formula("replications for a precision: absolute, relative", law, "16 27", replications),
        formula("Beer Game, order-up-to 32 32 32 24 from week 5", "Sterman 1989", "204", lambda: cost(board)),
        formula("Beer Game, best of the levels nearby", "Sterman 1989", "204", best_nearby),
    ]
