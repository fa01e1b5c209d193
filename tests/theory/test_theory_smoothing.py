"""Bullwhip and peak-shaving: the papers' answers, then simulation and quadratic programs with other numbers."""

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, lsq_linear, minimize

from simulator.theory.smoothing import (
    taut_string,
)

PEAK = [70, 65, 80, 95, 120, 150, 160, 155, 130, 95, 80, 100]
RED_TOMATO = [1600, 3000, 3200, 3800, 2200, 2200]


# Answers of the literature


def test_peak_shaving_over_a_year():
    """97.5 x 4, 120, 123.75 x 4, 98.333 x 3 (Modigliani & Hohn 1955; Veinott 1971)."""
    found = taut_string(PEAK, opening=20, room=100, closing=20)
    np.testing.assert_allclose(found, [97.5] * 4 + [120] + [123.75] * 4 + [295 / 3] * 3, rtol=1e-12)


def test_peak_shaving_of_red_tomato():
    """1800, 2933.333 x 3, 2450 x 2."""
    found = taut_string(RED_TOMATO, opening=1000, room=1200, closing=500)
    np.testing.assert_allclose(found, [1800] + [8800 / 3] * 3 + [2450] * 2, rtol=1e-12)


# Simulation of the formulas


# Laws of the taut string


def stock_of(production, demand, opening):
    """Stock at each month's end."""
    return opening + np.cumsum(np.asarray(production) - demand, axis=0)


@pytest.mark.parametrize("seed", range(12))
def test_taut_string_is_the_least_squares_plan(seed):
    """Against a bounded least-squares solver, with room by month and unequal working days."""
    rng = np.random.default_rng(seed)
    months = 11
    demand, days = rng.uniform(0, 100, months), rng.integers(15, 24, months)
    least, opening, closing = 10.0, rng.uniform(10, 60), rng.uniform(10, 40)
    room = rng.uniform(45, 120)
    found = taut_string(demand, opening, room, closing, least_stock=least, days=days)
    needed = np.cumsum(demand) - opening
    low, high = np.maximum(needed + least, 0), needed + room
    low[-1], high[-1] = needed[-1] + closing - 1e-9, needed[-1] + closing + 1e-9
    slopes = (np.eye(months) - np.eye(months, k=-1)) / np.sqrt(days)[:, None]
    solved = lsq_linear(slopes, np.zeros(months), bounds=(low, high), method="bvls", tol=1e-14)
    np.testing.assert_allclose(np.cumsum(found), solved.x, atol=1e-5)


@pytest.mark.parametrize("seed", range(10))
def test_taut_string_with_capacity_and_changing_room_is_the_least_squares_plan(seed):
    """Against a general solver: no production below zero or above the daily capacity."""
    rng = np.random.default_rng(100 + seed)
    months, capacity, opening = 7, 3.0, 90.0
    days = rng.integers(15, 24, months).astype(float)
    demand, feasible = rng.uniform(0, 100, months), capacity * days * rng.choice([0, 0.4, 1], months)
    stock = stock_of(feasible, demand, opening)
    least, room, closing = stock - rng.uniform(0, 20, months), stock + rng.uniform(0, 20, months), stock[-1]
    found = taut_string(demand, opening, room, closing, least_stock=least, days=days, capacity_per_day=capacity)
    assert (found >= 0).all()
    assert (found <= capacity * days + 1e-9).all()
    reached, summed = stock_of(found, demand, opening), np.tril(np.ones((months, months)))
    assert (reached >= least - 1e-9).all()
    assert (reached <= room + 1e-9).all()
    needed = np.cumsum(demand) - opening
    solved = minimize(
        lambda p: (p * p / days).sum(),
        feasible,
        jac=lambda p: 2 * p / days,
        bounds=[(0, capacity * d) for d in days],
        constraints=[
            LinearConstraint(summed[:-1], (needed + least)[:-1], (needed + room)[:-1]),
            LinearConstraint(summed[-1:], needed[-1] + closing, needed[-1] + closing),
        ],
        method="SLSQP",
        options={"ftol": 1e-11, "maxiter": 500},
    )
    assert solved.success
    assert (found**2 / days).sum() == pytest.approx(solved.fun, rel=1e-6)


def test_changing_room_binds():
    """Worked by hand: a ceiling that falls, a floor that falls, and one that ends the year."""
    np.testing.assert_allclose(taut_string([0, 70, 0, 20], 0, 40, 0, capacity_per_day=35), [35, 35, 10, 10])
    np.testing.assert_allclose(taut_string([50, 50, 50], 0, [80, 20, 80], 0, least_stock=[60, 0, 0]), [110, 10, 30])
    np.testing.assert_allclose(taut_string([10, 10, 50], 0, 80, 0, least_stock=[60, 0, 0]), [70, 0, 0])


def test_lanes_are_the_same_alone_or_in_company():
    """Each lane with its own demand and bounds, bit for bit; 13 months, 29 lanes."""
    rng = np.random.default_rng(21)
    demand, opening, closing = rng.uniform(0, 99, (13, 29)), rng.uniform(0, 50, 29), rng.uniform(0, 50, 29)
    room, days = rng.uniform(55, 200, 29), rng.integers(15, 24, 13)
    together = taut_string(demand, opening, room, closing, days=days)
    alone = [taut_string(demand[:, i], opening[i], room[i], closing[i], days=days) for i in range(29)]
    np.testing.assert_array_equal(together, np.stack(alone, axis=1))
    blocks = taut_string(demand.reshape(13, 1, 29), opening, room, closing, days=days)
    np.testing.assert_array_equal(together, blocks[:, 0])


def test_no_room_is_chase_and_endless_room_is_level():
    """The two ends of the scale."""
    np.testing.assert_allclose(taut_string(PEAK, 0, 0, 0), PEAK)
    np.testing.assert_allclose(taut_string(PEAK, 400, 1e6, 400), np.mean(PEAK))


def test_a_month_without_working_days_makes_nothing():
    """Its demand is made before, whatever the room elsewhere; also in the first month."""
    plan = taut_string([40, 40, 40], 0, 100, 0, days=[20, 0, 20])
    np.testing.assert_allclose(plan, [80, 0, 40])
    first = taut_string([40, 40, 40], 40, 100, 0, days=[0, 20, 20], capacity_per_day=2)
    np.testing.assert_allclose(first, [0, 40, 40])
    last = taut_string([40, 40, 40], 0, 100, 10, days=[20, 20, 0])
    np.testing.assert_allclose(last, [65, 65, 0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"opening": 500, "room": 100, "closing": 0}, r"month 1: 390 units missing"),
        ({"opening": 0, "room": 40, "closing": 50}, r"month 3: 10 units missing"),
        ({"opening": 0, "room": 100, "closing": 0, "capacity_per_day": 35}, r"month 3: 15 units missing"),
        ({"opening": 0, "room": 20, "closing": 0, "least_stock": [0, 25, 0]}, r"month 2: 5 units missing"),
    ],
)
def test_bounds_that_clash_are_named(arguments, message):
    """The month, and how much is missing."""
    with pytest.raises(ValueError, match=message):
        taut_string([10, 10, 100], **arguments)


def test_the_lane_that_clashes_is_named():
    """One bad lane among good ones."""
    demand = np.full((3, 4), 10.0)
    with pytest.raises(ValueError, match="month 1, lane 2: 25 units missing"):
        taut_string(demand, opening=np.array([0, 0, 50, 0]), room=15, closing=0)
