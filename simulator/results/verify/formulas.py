"""Known answers that are worked out without simulating: by the formulas, experiments and forecast rules that studies and pages call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np

from simulator.kernel.plans import HORIZON
from simulator.kernel.units import Array
from simulator.planning.forecast import Holt, HoltWinters, MovingAverage, SimpleSmoothing
from simulator.planning.rules import Forecast
from simulator.results.verify.case import KnownAnswer, formula
from simulator.theory.decision_rule import QuadraticCosts, linear_decision_rule
from simulator.theory.inventory import deviation_at_risk, order_up_to_for_cycle_service, performance
from simulator.theory.selection import budget_shares, next_runs
from simulator.theory.sensitivity import factor_effects, radial_points, term_columns, variance_shares
from simulator.theory.smoothing import taut_string
from simulator.theory.statistics import mean_interval, replications_for_half_width
from simulator.world.view import Past

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


# --- experiments ---


CHEN = "Chen & Lee 2011"
BOX = "Box, Hunter & Hunter 2005, ch. 5"
ISHIGAMI = "Ishigami & Homma 1990"
FIRST_SHARES, TOTAL_SHARES = ".3139 .4424 0", ".5576 .4424 .2437"


def experiment_answers() -> list[KnownAnswer]:
    """Ranking and selection, a factorial, Sobol indices."""
    return [
        formula("fixed budget of 50 over five ways", f"{CHEN}, p. 49", "11 9 19 9 2", budget_shares, _shares),
        formula("fixed budget, the next 100 runs", f"{CHEN}, appendix", "48 38 11 2 1", next_runs, _next),
        formula("pilot plant 2^3: T, C, K, TC, TK, CK", BOX, "23 -5 1.5 1.5 10 0", factor_effects, _pilot_plant),
        formula(
            "Ishigami function: Sobol indices alone",
            ISHIGAMI,
            FIRST_SHARES,
            variance_shares,
            lambda: _ishigami()[0],
            0.01,
        ),
        formula(
            "Ishigami function: with interactions",
            ISHIGAMI,
            TOTAL_SHARES,
            variance_shares,
            lambda: _ishigami()[1],
            0.01,
        ),
    ]


def _shares() -> Array:
    """Small is good in the book, more is better here."""
    return np.asarray(np.rint(50 * budget_shares([-1, -2, -3, -4, -5], [1, 1, 9, 9, 4])))


def _next() -> Array:
    means, variances = [-1.2, -2.1, -3.4, -4.87, -6.05], [3.3, 2.0, 4.5, 5.3, 6.9]
    return next_runs(means, variances, [12, 6, 5, 5, 4], 100).astype(np.float64)


def _pilot_plant() -> Array:
    corners = np.array(list(product([-1.0, 1.0], repeat=3)))[:, ::-1]  # temperature changes fastest
    yields = np.array([60, 72, 54, 68, 52, 83, 45, 80.0])
    return factor_effects(*term_columns(corners, "TCK"), yields[:, None]).effect


def _ishigami() -> tuple[Array, Array]:
    x = np.pi * (2.0 * radial_points(1 << 14, 3) - 1.0)
    y = np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    found = variance_shares(y, 3, resamples=2)
    return found.first, found.total


# --- forecast rules ---


TAHOE = [8000, 13000, 23000, 34000, 10000, 18000, 23000, 38000, 12000, 13000, 32000, 41000]
"""Demand for salt by quarter; the rules take each for a month."""

LEVEL = [22083.0 + 1 / 3]
"""The book's first level is the mean of the whole series; a rule begins with its first month, so that this month comes before."""

TREND_LINE = [4270.0, 81720.0]
"""The book begins on the line through the series, 12,015 and rising by 1,549 (12,015.15 and 1,548.95). A rule begins level with
its first month: with .1 and .2 these two months bring it there, since a tenth of their difference is 7,745, a fifth of which is
1,549."""


def forecast_answers() -> list[KnownAnswer]:
    """Moving average, smoothing and Holt on Tahoe Salt; the seasonal rule by hand, as it says of itself."""
    source = "Chopra & Meindl 2016, ch. 7 (Tahoe Salt)"
    average, smooth, holt = MovingAverage(months=4), SimpleSmoothing(level=0.1), Holt(level=0.1, trend=0.2, damping=1.0)
    return [
        formula("moving average of 4: next quarter", source, "24500", MovingAverage.__call__, lambda: ahead(average, TAHOE)[0]),
        formula("moving average of 4: MAD, MAPE", source, "9719 49", MovingAverage.__call__, lambda: errors(average, [], 4)),
        formula("simple smoothing .1: next quarter", source, "23490", SimpleSmoothing.__call__,
                lambda: ahead(smooth, [*LEVEL, *TAHOE])[0]),
        formula("simple smoothing .1: MAD, MAPE", source, "10208 59", SimpleSmoothing.__call__, lambda: errors(smooth, LEVEL)),
        formula("Holt .1, .2: level, trend", source, "30443 1541", Holt.__call__, lambda: level_and_trend(holt, [*TREND_LINE, *TAHOE])),
        formula("Holt .1, .2: MAD, MAPE", source, "8836 52", Holt.__call__, lambda: errors(holt, TREND_LINE)),
        formula("Holt-Winters .2, .1, .5 with factors .5 and 1.5: months 1, 11, 12 ahead", BY_HAND, "97.5160 56.3931 129.3269",
                HoltWinters.__call__, seasonal),
    ]  # fmt: skip


BY_HAND = "by hand; Winters 1960, the level learning by least squares where a factor is below one"


def past_of(demand: Sequence[float]) -> Past:
    """Build a planner's past from demand by month, each month of one working day."""
    count, ahead = len(demand), np.arange(HORIZON)
    rates = np.array(demand, dtype=np.float64)[:, None, None]
    return Past(rates, np.arange(count) % 12, (count + ahead) % 12, np.ones(HORIZON))


def ahead(rule: Forecast, demand: Sequence[float]) -> Array:
    """Return a rule's forecast of the coming months."""
    return rule(past_of(demand))[:, 0, 0]


def level_and_trend(rule: Forecast, demand: Sequence[float]) -> tuple[Any, Any]:
    """Fit the level and the slope of a straight forecast."""
    first, second = ahead(rule, demand)[:2]
    return 2 * first - second, second - first


def errors(rule: Forecast, before: Sequence[float], first: int = 0) -> tuple[Any, Any]:
    """Mean absolute deviation and mean absolute percentage error, each quarter forecast from those before it."""
    asked = range(first, len(TAHOE))
    missed = np.abs([ahead(rule, [*before, *TAHOE[:t]])[0] - TAHOE[t] for t in asked])
    return missed.mean(), 100 * (missed / TAHOE[first:]).mean()


def seasonal() -> Array:
    """A first year of mean 100 with factors .5 and 1.5, then 70 and 120.

    70: level 100 + .2 x .5 (70 - 50) = 102, trend .2, factor .5 + .5 (70/102 - .5) = .593137. 120: expected 102.2, level
    102.2 + .2/1.5 (120 - 153.3) = 97.76, trend .2 + .1 (-4.44) = -.244, factor 1.363748. So 97.76 - .244; (97.76 - 11 x
    .244) .593137; (97.76 - 12 x .244) 1.363748.
    """
    rule = HoltWinters(level=0.2, trend=0.1, season=0.5, first_year=1.0, damping=1.0)
    return ahead(rule, [50, 150, *[100] * 10, 70, 120])[[0, 10, 11]]
