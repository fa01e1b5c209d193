"""Stock formulas: the books' answers to the last printed digit, then laws and simulations with other numbers."""

import subprocess
import sys

import numpy as np
import pytest
from scipy import integrate, stats

from simulator.theory.inventory import (
    fill_rate,
    fill_rate_between,
    inverse_standard_loss,
    normal_shortage,
    order_up_to_for_fill_rate,
    order_up_to_for_fill_rate_between,
    performance,
    second_order_loss,
    standard_loss,
)


def printed(value, answer, digits):
    """Whether a value rounds to what the book prints."""
    return np.all(np.abs(np.asarray(value) - np.asarray(answer)) <= 0.5000001 * 10.0**-digits)


# Answers of the literature


def test_daily_order_up_to_of_silver_pyke_and_thomas():
    """Two base stocks, 20 and 5 days at risk (Silver, Pyke & Thomas; Teunter 2009)."""
    found = performance([2050, 555.9017], 100, 25, [20, 5])
    assert printed(found.fill_rate, [0.80217, 0.95355], 5)
    assert printed(found.cycle_service, [0.67264, 0.84134], 5)
    assert printed(found.on_hand, [73.991, 60.559], 3)
    assert printed(found.backlog, [23.991, 4.657], 3)


def test_forgetting_the_second_loss_term_gives_the_known_wrong_answer():
    """Old backlog is not new shortage: counting it again gives .76009."""
    assert printed(1 - normal_shortage(2050, 2000, 25 * np.sqrt(20)) / 100, 0.76009, 5)


# Laws


def test_loss_and_its_inverse_undo_each_other():
    """From deep backlog to a shortage of one unit in a billion."""
    k = np.linspace(-30, 6, 361)
    np.testing.assert_allclose(inverse_standard_loss(standard_loss(k)), k, atol=1e-9)


def test_loss_functions_are_their_integrals():
    """G integrates the tail, J integrates G."""
    for k in (-2.3, 0.0, 1.7):
        assert standard_loss(k) == pytest.approx(integrate.quad(stats.norm.sf, k, 12)[0], rel=1e-9)
        assert second_order_loss(k) == pytest.approx(integrate.quad(standard_loss, k, 12)[0], rel=1e-8)


@pytest.mark.parametrize("seed", range(4))
def test_fill_rate_formula_undone(seed):
    """The level for a target gives the target, from 1 % to 99.99 %."""
    rng = np.random.default_rng(seed)
    target, mean = rng.uniform(0.01, 0.9999, 503), rng.uniform(0.1, 1000, 503)
    sd, lead, review = mean * rng.uniform(0.01, 1.2, 503), rng.integers(0, 40, 503), rng.integers(1, 30, 503)
    level = order_up_to_for_fill_rate(target, mean, sd, lead, review)
    np.testing.assert_allclose(fill_rate(level, mean, sd, lead, review), target, atol=1e-9)


def test_fill_rate_without_noise_or_without_demand():
    """Certain demand needs no buffer; where nothing is demanded nothing is short."""
    assert order_up_to_for_fill_rate(0.9, 10, 0, 3, 2) == pytest.approx(30 + 0.9 * 20)
    assert fill_rate(48, 10, 0, 3, 2) == pytest.approx(0.9)
    assert fill_rate(0, 0, 5, 3, 2) == 1
    assert order_up_to_for_fill_rate(0.99, 0, 5, 3, 2) == 0
    assert order_up_to_for_fill_rate_between(0.95, 10, 0, 30, 4) == pytest.approx(
        order_up_to_for_fill_rate_between(0.95, 10, 1e-7, 30, 4)
    )


def test_a_level_is_the_same_alone_or_in_company():
    """Bit for bit, although the search takes its time with some and not with others."""
    rng = np.random.default_rng(3)
    target, mean, sd = rng.uniform(0.3, 0.999, 37), rng.uniform(1, 90, 37), rng.uniform(0, 30, 37)
    together = order_up_to_for_fill_rate(target, mean, sd, 4, 3)
    alone = [order_up_to_for_fill_rate(target[[i]], mean[[i]], sd[[i]], 4, 3)[0] for i in range(37)]
    np.testing.assert_array_equal(together, alone)


# Simulations and brute force


def simulated_order_up_to(level, mean, sd, days_at_risk, review, lanes=4000, days=250, seed=11):
    """Order up to a level by hand: released at the end of day t, on the shelf at the start of day t+L."""
    rng = np.random.default_rng(seed)
    net, due = np.full(lanes, float(level)), np.zeros((days + days_at_risk + 1, lanes))
    short = asked = held = owed = 0.0
    for day in range(days):
        net = net + due[day]
        demand = rng.normal(mean, sd, lanes)
        new = np.maximum(demand - np.maximum(net, 0), 0)
        net = net - demand
        if (day + 1) % review == 0:
            due[day + days_at_risk] += level - net - due[day + 1 : day + days_at_risk].sum(axis=0)
        if day >= 50:
            short, asked = short + new.mean(), asked + demand.mean()
            held, owed = held + np.maximum(net, 0).mean(), owed + np.maximum(-net, 0).mean()
    return 1 - short / asked, held / (days - 50), owed / (days - 50)


@pytest.mark.parametrize(
    ("level", "mean", "sd", "days_at_risk", "review"),
    [(150, 20, 5, 7, 1), (260, 20, 5, 8, 5), (55, 20, 4, 1, 2), (1210, 100, 20, 10, 3)],
)
def test_order_up_to_performance_against_simulation(level, mean, sd, days_at_risk, review):
    """Fill rate, stock and backlog, daily and periodic review."""
    found = performance(level, mean, sd, days_at_risk, review)
    fill, on_hand, backlog = simulated_order_up_to(level, mean, sd, days_at_risk, review)
    assert fill == pytest.approx(float(found.fill_rate), abs=0.002)
    assert on_hand == pytest.approx(float(found.on_hand), rel=0.01)
    assert backlog == pytest.approx(float(found.backlog), rel=0.03, abs=0.05)


def test_fill_rate_between_serves_unequal_days():
    """Mean and deviation before and until may come from anywhere, as from a forecast's stored errors."""
    rng = np.random.default_rng(2)
    before, during = rng.normal(40, 9, 400_000), rng.normal(25, 7, 400_000)
    short = np.maximum(before + during - 70, 0) - np.maximum(before - 70, 0)
    found = fill_rate_between(70, 40, 9, 65, np.hypot(9, 7))
    assert 1 - short.mean() / 25 == pytest.approx(float(found), abs=0.002)


def test_serial_stages_against_simulation():
    """The printed levels played by hand: orders in the evening, lead times of 1, 1 and 2 days, local rates 7, 4, 2."""
    rng, lanes, days, warm_up = np.random.default_rng(4), 2000, 200, 40
    on_hand = [np.full(lanes, level) for level in np.diff((6.49, 12.02, 22.71), prepend=0.0)]
    owed = [np.zeros(lanes) for _ in range(3)]
    on_the_way = [[np.zeros(lanes) for _ in range(lead)] for lead in (1, 1, 2)]
    cost = 0.0
    for day in range(days):
        demand = rng.normal(5, 1, lanes)
        on_hand = [stock + queue.pop(0) for stock, queue in zip(on_hand, on_the_way, strict=True)]
        owed[0] = owed[0] + demand
        served = np.minimum(on_hand[0], owed[0])
        on_hand[0], owed[0] = on_hand[0] - served, owed[0] - served
        if day >= warm_up:  # goods that leave tonight still count at their sender's rate: transit is included
            cost += (7 * on_hand[0] + 4 * on_hand[1] + 2 * on_hand[2] + 37.12 * owed[0]).mean()
        on_the_way[2].append(demand)
        for stage in (1, 2):
            owed[stage] = owed[stage] + demand
            shipped = np.minimum(np.maximum(on_hand[stage], 0), owed[stage])
            on_hand[stage], owed[stage] = on_hand[stage] - shipped, owed[stage] - shipped
            on_the_way[stage - 1].append(shipped)
    assert cost / (days - warm_up) == pytest.approx(47.66, abs=0.15)


def test_theory_is_light_to_import():
    """Nothing of SciPy is loaded before a formula that needs it is used."""
    modules = ("inventory", "smoothing", "decision_rule", "statistics", "selection", "multiple")
    code = f"import sys\nfrom simulator.theory import {', '.join(modules)}\nprint('scipy' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
