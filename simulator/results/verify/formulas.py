"""Known answers that are worked out without simulating, by the functions that rules, studies and pages call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from simulator.kernel.units import Array
from simulator.results.verify.case import KnownAnswer, formula
from simulator.theory.decision_rule import QuadraticCosts, linear_decision_rule
from simulator.theory.inventory import deviation_at_risk, order_up_to_for_cycle_service, performance
from simulator.theory.smoothing import taut_string
from simulator.theory.statistics import mean_interval, replications_for_half_width

SILVER = "Silver, Pyke & Thomas 2017; Teunter 2009"
CHOPRA = "Chopra & Meindl 2016"
HMS = "Holt, Modigliani & Simon 1955"


def inventory_formulas() -> list[KnownAnswer]:
    """Service of a stock, and stock for a service."""
    return [*_order_up_to(), *_safety_stocks()]


def _order_up_to() -> list[KnownAnswer]:
    def found(name: str) -> Callable[[], Any]:
        return lambda: getattr(performance([2050, 555.9017], 100, 25, [20, 5]), name)

    name = "formula, 20 and 5 days at risk"
    return [
        formula(f"{name}: fill rate", SILVER, ".80217 .95355", performance, found("fill_rate")),
        formula(f"{name}: cycle service", SILVER, ".67264 .84134", performance, found("cycle_service")),
        formula(f"{name}: on hand", SILVER, "73.991 60.559", performance, found("on_hand")),
        formula(f"{name}: backlog", SILVER, "23.991 4.657", performance, found("backlog")),
    ]


def _safety_stocks() -> list[KnownAnswer]:
    """Safety stock is the level less what is expected until the next receipt."""
    dell = "1695 3625 6628 9760 12927 16109 19298"

    def level(lead_time: int, review: int) -> Array:
        return order_up_to_for_cycle_service(0.90, 2500, 500, lead_time, review)

    def unpunctual() -> Array:
        from scipy.special import ndtri

        return np.asarray(ndtri(0.90) * deviation_at_risk(500, 7, 2500, np.arange(7)))

    def four_weekly() -> tuple[Any, Any]:
        found = level(2, 4)
        return found - 6 * 2500, found

    name, held = "safety stock, weekly N(2500, 500), L 2", order_up_to_for_cycle_service
    return [
        formula(f"{name}: cycle service of 1000", CHOPRA, ".9214", performance,
                lambda: performance(2 * 2500 + 1000, 2500, 500, 2).cycle_service),
        formula(f"{name}: for 90 % of cycles", CHOPRA, "906", held, lambda: level(2, 0) - 2 * 2500, 1.0),
        formula(f"{name}: review every 4 weeks", CHOPRA, "1570 16570", held, four_weekly, 1.0),
        formula("safety stock, random lead time (Dell), sd 0 to 6", CHOPRA, dell, deviation_at_risk, unpunctual, 1.0),
    ]  # fmt: skip


def smoothing_formulas() -> list[KnownAnswer]:
    """The calmest plan that storage allows."""
    hohn, year = "Modigliani & Hohn 1955; Veinott 1971", [70, 65, 80, 95, 120, 150, 160, 155, 130, 95, 80, 100]
    red_tomato = [1600, 3000, 3200, 3800, 2200, 2200]
    calm = "97.5 97.5 97.5 97.5 120 123.75 123.75 123.75 123.75 98.333 98.333 98.333"
    half = "1800 2933.333 2933.333 2933.333 2450 2450"
    return [
        formula("peak-shaving, a year", hohn, calm, taut_string,
                lambda: taut_string(year, opening=20, room=100, closing=20)),
        formula("peak-shaving, half a year", hohn, half, taut_string,
                lambda: taut_string(red_tomato, opening=1000, room=1200, closing=500)),
    ]  # fmt: skip


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


def decision_rule_formulas() -> list[KnownAnswer]:
    """People and production of the paint factory."""
    on_demand = ".463 .234 .111 .046 .013 -.002 -.008 -.010 -.009 -.008 -.007 -.005"
    people = ".0101 .0088 .0071 .0054 .0042 .0031 .0023 .0016 .0012 .0009 .0006 .0005"
    on_last, last = ".743 -.010 -.464", ("workers_on_workers", "workers_on_stock", "production_on_stock")

    def weights(name: str, text: str, *parts: str, floor: float | None = None) -> KnownAnswer:
        def found() -> Any:
            return np.hstack([getattr(linear_decision_rule(PAINT), part) for part in parts])

        return formula(f"paint factory: {name}", HMS, text, linear_decision_rule, found, floor)

    return [
        weights("production on demand", on_demand, "production_on_demand", floor=0.002),
        weights("workers on demand", people, "workers_on_demand", floor=0.002),
        weights("workers and production on last month's workers and stock", on_last, *last, floor=0.002),
        weights("production on last month's workers (printed .993)", "1.00653", "production_on_workers"),
    ]


def statistics_formulas() -> list[KnownAnswer]:
    """Intervals and numbers of replications."""
    ten = [1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09]
    bank = np.array([1.53, 1.66, 1.24, 2.34, 2.00, 1.69, 2.69, 2.86, 1.70, 2.60])
    first, second = [126.97, 124.31, 126.68, 122.66, 127.23], [118.21, 120.22, 122.45, 122.68, 119.40]
    law = "Law 2015"

    def mean() -> tuple[Any, Any]:
        found = mean_interval(ten, confidence=0.90)
        return found.mean, found.half_width

    def difference() -> tuple[Any, Any]:
        found = mean_interval(np.subtract(first, second), confidence=0.90)
        return found.low, found.high

    def replications() -> int:
        return replications_for_half_width(float(bank.var(ddof=1)), 0.25, count=10, confidence=0.90)

    return [
        formula("Student interval of ten observations, 90 %", law, "1.34 .24", mean_interval, mean),
        formula("paired t interval of two policies, 90 %", law, "1.65 8.31", mean_interval, difference),
        formula("replications for a precision", law, "16", replications_for_half_width, replications),
    ]
