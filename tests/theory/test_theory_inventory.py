"""Stock formulas: the books' answers to the last printed digit, then laws and simulations with other numbers."""

import subprocess
import sys

import numpy as np
import pytest
from scipy import integrate, stats

from simulator.theory.inventory import (
    base_stock_normal,
    best_min_max,
    best_poisson_lot,
    best_serial,
    capacitated_base_stock,
    cycle_service,
    deviation_at_risk,
    fill_rate,
    fill_rate_between,
    fill_rate_of_lots,
    inverse_standard_loss,
    min_max_cost,
    newsvendor_normal,
    newsvendor_poisson,
    normal_leftover,
    normal_lot_performance,
    normal_shortage,
    order_up_to_for_cycle_service,
    order_up_to_for_fill_rate,
    order_up_to_for_fill_rate_between,
    performance,
    poisson_lot,
    poisson_probabilities,
    poisson_shortage,
    ranked_classes,
    safety_stock_for_cycle_service,
    safety_stock_for_fill_rate,
    second_order_loss,
    shortage_per_cycle,
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


def test_newsvendor_and_base_stock_of_snyder_and_shen():
    """Examples 4.3 and 4.4."""
    once, daily = newsvendor_normal(50, 8, 0.18, 0.70), base_stock_normal(50, 8, 5, 0.18, 0.70)
    assert printed(once.order_up_to, 56.6040, 4)
    assert printed(once.cost, 1.997605, 6)
    assert printed(daily.order_up_to, 264.7669, 4)
    assert printed(daily.cost, 4.46678, 5)


def test_lots_of_snyder_and_shen():
    """Example 5.8, both by the optimiser and for the rule it finds."""
    found = best_poisson_lot(rate=1.5, lead_time=2, fixed=100, holding=20, backlog=150)
    assert (found.reorder_point, found.lot_size) == (3, 5)
    assert printed(found.cost, 107.92358, 5)
    assert printed(found.fill_rate, 0.86663, 5)
    assert poisson_lot(3, 5, 1.5, 2, 100, 20, 150) == found


def test_min_max_of_zheng_and_federgruen():
    """Poisson demand of mean 20 (1991)."""
    found = best_min_max(poisson_probabilities(20), fixed=64, holding=1, backlog=9)
    assert (found.reorder_point, found.order_up_to) == (14, 62)
    assert printed(found.cost, 49.173, 3)


def test_serial_stages_of_snyder_and_shen():
    """Example 6.1, stock in transit included."""
    found = best_serial(5, 1, lead_times=(1, 1, 2), echelon_holding=(3, 2, 2), backlog=37.12)
    assert printed(found.echelon_order_up_to, (6.49, 12.02, 22.71), 2)
    assert printed(found.cost, 47.66, 2)
    assert found.local_order_up_to == pytest.approx((6.4909, 12.0176 - 6.4909, 22.7055 - 12.0176), abs=1e-4)


def test_capacity_of_federgruen_and_zipkin():
    """Capacity 10, Poisson(8), base stock 20 (1986)."""
    found = capacitated_base_stock(20, 10, poisson_probabilities(8))
    assert printed(found.fill_rate, 0.99840, 5)
    assert printed(found.on_hand, 11.1344, 4)
    assert printed(found.backlog, 0.01299, 5)


def test_two_ranked_classes():
    """Strict priority from stocks of 110 and 90."""
    found = ranked_classes([110, 90], means=(60, 40), sds=(10, 15)).fill_rate
    assert printed(found[0], [1.0, 0.99994], 4)
    assert printed(found[0, 1], 0.99994, 5)
    assert printed(found[1], [0.91823, 0.66832], 5)


def test_safety_stocks_of_chopra_and_meindl():
    """Weekly N(2500, 500), two weeks of lead time, lots of 10,000; then a review every four weeks."""
    sd = deviation_at_risk(500, 2)
    assert printed(cycle_service(1000, sd), 0.9214, 4)
    assert printed(fill_rate_of_lots(1000, sd, 10000), 0.9975, 4)
    assert printed(safety_stock_for_cycle_service(0.90, sd), 906, 0)
    found = safety_stock_for_fill_rate([0.975, 0.98, 0.985, 0.99, 0.995], sd, 10000)
    assert np.all(np.abs(found - [67, 183, 321, 499, 767]) < 1.0)
    assert printed(safety_stock_for_cycle_service(0.90, deviation_at_risk(500, 6)), 1570, 0)
    assert printed(order_up_to_for_cycle_service(0.90, 2500, 500, 2, 4), 16570, 0)


def test_random_lead_time_of_chopra_and_meindl():
    """Daily N(2500, 500), lead time of mean 7 and deviation 0 to 6 days, 90 % cycle service."""
    found = safety_stock_for_cycle_service(0.90, deviation_at_risk(500, 7, 2500, np.arange(7)))
    assert np.all(np.abs(found - [1695, 3625, 6628, 9760, 12927, 16109, 19298]) < 1.0)


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


def test_shortage_less_leftover_is_demand_less_stock():
    """Nothing is lost between the two, with certain demand too."""
    level, mean, sd = np.array([3.0, 7.0, 11.0]), 7.0, np.array([2.0, 0.0, 5.0])
    np.testing.assert_allclose(normal_shortage(level, mean, sd) - normal_leftover(level, mean, sd), mean - level)


def test_poisson_shortage_is_its_sum():
    """Levels between whole numbers and below zero included."""
    counts, chances = np.arange(200), stats.poisson.pmf(np.arange(200), 3.7)
    for level in (-4, -0.5, 0, 0.3, 1, 2.5, 3, 9, 30):
        direct = (np.maximum(counts - level, 0) * chances).sum()
        assert poisson_shortage(level, 3.7) == pytest.approx(direct, rel=1e-9, abs=1e-12)


def test_poisson_probabilities_are_all_there():
    """They add up to one and have the mean, for slow and fast movers."""
    for mean in (0.01, 1, 20, 3000):
        chances = poisson_probabilities(mean)
        assert chances.sum() == pytest.approx(1, abs=1e-10)
        assert (chances * np.arange(chances.size)).sum() == pytest.approx(mean, rel=1e-9)


def test_poisson_newsvendor_is_the_smallest_sufficient_stock():
    """Checked against the quantile and against its neighbours' costs."""
    rng = np.random.default_rng(5)
    mean, ratio = rng.uniform(0.05, 60, 300), rng.uniform(0.02, 0.999, 300)
    found = newsvendor_poisson(mean, 1 - ratio, ratio)
    np.testing.assert_array_equal(found.order_up_to, stats.poisson.ppf(ratio, mean))
    short = poisson_shortage(found.order_up_to, mean)
    np.testing.assert_allclose(found.cost, (1 - ratio) * (found.order_up_to - mean + short) + ratio * short)


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
    lots = safety_stock_for_fill_rate(target, sd, 50)
    np.testing.assert_array_equal(lots, [safety_stock_for_fill_rate(target[i], sd[i], 50) for i in range(37)])


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


@pytest.mark.parametrize(
    ("rate", "lead", "fixed", "holding", "backlog"), [(4, 0.5, 8, 1, 9), (0.3, 5, 2, 2, 30), (2, 1, 40, 1, 1)]
)
def test_best_lot_against_brute_force(rate, lead, fixed, holding, backlog):
    """No reorder point and lot size nearby cost less."""
    found = best_poisson_lot(rate, lead, fixed, holding, backlog)
    all_costs = [
        poisson_lot(r, q, rate, lead, fixed, holding, backlog).cost for r in range(-12, 15) for q in range(1, 40)
    ]
    assert found.cost == pytest.approx(min(all_costs), rel=1e-12)


@pytest.mark.parametrize(
    ("mean", "fixed", "holding", "backlog", "days"), [(3, 5, 1, 4, 1), (2.2, 30, 1, 9, 3), (6, 0.5, 1, 9, 2)]
)
def test_best_min_max_against_brute_force(mean, fixed, holding, backlog, days):
    """No reorder point and maximum nearby cost less."""
    chances = poisson_probabilities(mean)
    found = best_min_max(chances, fixed, holding, backlog, days)
    costs = [
        min_max_cost(s, s + gap, chances, fixed, holding, backlog, days) for s in range(-4, 22) for gap in range(1, 26)
    ]
    assert found.cost == pytest.approx(min(costs), rel=1e-12)


def test_min_max_cost_against_simulation():
    """Two days at risk: ordered at the end of a day, on the shelf two mornings later."""
    rng, lanes, days = np.random.default_rng(8), 3000, 260
    stock, coming, cost = np.full(lanes, 5.0), np.zeros(lanes), 0.0
    for day in range(days):
        ordered = np.where(stock + coming <= 2, 7 - stock - coming, 0.0)
        # Ordered before this day's demand and received before the next day's: two days of demand at risk.
        stock = stock + coming - rng.poisson(1.3, lanes)
        coming = ordered
        if day >= 60:
            cost += (18 * (ordered > 0) + np.maximum(stock, 0) + 7 * np.maximum(-stock, 0)).mean()
    found = min_max_cost(2, 7, poisson_probabilities(1.3), fixed=18, holding=1, backlog=7, days_at_risk=2)
    assert cost / (days - 60) == pytest.approx(found, rel=0.01)


def test_normal_lots_average_over_the_position():
    """The inventory position is uniform between the reorder point and a lot above it."""
    found = normal_lot_performance(120, 60, 100, 25)
    position = 120 + 60 * (np.arange(20_000) + 0.5) / 20_000
    assert found.backlog == pytest.approx(normal_shortage(position, 100, 25).mean(), rel=1e-6)
    assert found.fill_rate == pytest.approx(stats.norm.cdf(position, 100, 25).mean(), rel=1e-6)
    assert found.on_hand == pytest.approx(normal_leftover(position, 100, 25).mean(), rel=1e-6)
    assert found.cycle_service == pytest.approx(stats.norm.cdf(0.8))


def test_one_stage_of_a_row_is_a_newsvendor():
    """And a stage above that costs nothing to hold leaves the first stage alone."""
    single = best_serial(5, 1, lead_times=(3,), echelon_holding=(2,), backlog=20)
    book = base_stock_normal(5, 1, 3, 2, 20)
    assert single.echelon_order_up_to[0] == pytest.approx(float(book.order_up_to), abs=1e-4)
    assert single.cost == pytest.approx(float(book.cost), abs=1e-4)


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


@pytest.mark.parametrize(("level", "capacity", "mean", "days_at_risk"), [(9, 6, 5, 1), (31, 11, 10, 2), (4, 3, 1.5, 1)])
def test_capacity_against_simulation(level, capacity, mean, days_at_risk):
    """Produced overnight up to the base stock, but no more than capacity."""
    rng, lanes, days, warm_up = np.random.default_rng(1), 4000, 400, 150
    net, coming = np.full(lanes, float(level)), [np.zeros(lanes) for _ in range(days_at_risk)]
    short = asked = held = owed = 0.0
    for day in range(days):
        net = net + coming.pop(0)
        demand = rng.poisson(mean, lanes)
        new = np.maximum(demand - np.maximum(net, 0), 0)
        net = net - demand
        coming.append(np.minimum(capacity, level - net - sum(coming)))
        if day >= warm_up:
            short, asked = short + new.mean(), asked + demand.mean()
            held, owed = held + np.maximum(net, 0).mean(), owed + np.maximum(-net, 0).mean()
    found = capacitated_base_stock(level, capacity, poisson_probabilities(mean), days_at_risk)
    assert 1 - short / asked == pytest.approx(found.fill_rate, abs=0.003)
    assert held / (days - warm_up) == pytest.approx(found.on_hand, rel=0.01)
    assert owed / (days - warm_up) == pytest.approx(found.backlog, rel=0.04, abs=0.01)


def test_shortfall_is_a_distribution_that_stays():
    """One more day changes nothing."""
    chances = poisson_probabilities(8)
    shortfall = capacitated_base_stock(20, 10, chances).shortfall
    after = np.convolve(shortfall, chances)
    after = np.concatenate([[after[:11].sum()], after[11:]])
    np.testing.assert_allclose(after[: shortfall.size], shortfall, atol=1e-11)
    assert shortfall.sum() == pytest.approx(1)


def test_too_little_capacity_is_refused():
    """Nothing settles when demand fills the capacity."""
    with pytest.raises(ValueError, match="capacity 8 a day does not exceed the mean demand of 8"):
        capacitated_base_stock(20, 8, poisson_probabilities(8))


def test_three_ranked_classes_against_simulation():
    """The first served first, and all shortages together are the pool's."""
    rng = np.random.default_rng(6)
    means, sds = (30, 25, 45), (6, 4, 9)
    left, shares = np.full(1_000_000, 88.0), []
    for mean, sd in zip(means, sds, strict=True):
        demand = rng.normal(mean, sd, left.size)
        shares.append(1 - np.maximum(demand - left, 0).mean() / mean)
        left = np.maximum(left - demand, 0)
    found = ranked_classes(88, means, sds)
    np.testing.assert_allclose(found.fill_rate, shares, atol=0.001)
    assert found.shortage.sum() == pytest.approx(float(normal_shortage(88, 100, np.sqrt(133))))


def test_safety_stock_for_fill_rate_undone():
    """The stock for a target gives the target, also where none or less than none is needed."""
    target, sd, lot = np.array([0.4, 0.9, 0.98, 0.9999]), np.array([10.0, 40.0, 5.0, 0.0]), np.array([90, 90, 700, 50])
    stock = safety_stock_for_fill_rate(target, sd, lot)
    np.testing.assert_allclose(fill_rate_of_lots(stock, sd, lot), target, rtol=1e-12)
    assert stock[0] < 0
    assert shortage_per_cycle(stock[1], 40) == pytest.approx(9)


def test_the_classic_slip_is_seen():
    """The normal quantile of a fill-rate target is not the safety factor for it."""
    sd = deviation_at_risk(500, 2)
    assert safety_stock_for_cycle_service(0.975, sd) > 10 * safety_stock_for_fill_rate(0.975, sd, 10000)


def test_theory_is_light_to_import():
    """Nothing of SciPy is loaded before a formula that needs it is used."""
    modules = ("inventory", "smoothing", "aggregate", "forecast", "statistics", "beer_game")
    code = f"import sys\nfrom simulator.theory import {', '.join(modules)}\nprint('scipy' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


def test_lumpy_demand_near_capacity():
    """30 with probability .3 against 10 a day: the chain moves in tens, and its long tail is followed to the end."""
    found = capacitated_base_stock(40, 10, [0.7, *[0.0] * 29, 0.3])
    assert found.fill_rate == pytest.approx(0.28363, abs=5e-6)
    # In tens the root of .3 z^3 - z + .7 beyond 1 is z = 1.10728...: the tail falls by 1/z.
    z = (-0.3 + np.sqrt(0.09 + 4 * 0.3 * 0.7)) / 0.6
    tens = found.shortfall[::10]
    assert tens.sum() == pytest.approx(1)
    assert tens[101] / tens[100] == pytest.approx(1 / z, rel=1e-9)


@pytest.mark.parametrize("load", [0.95, 0.99, 0.999])
def test_single_steps_near_capacity_are_geometric(load):
    """0 or 2 a day against 1: a walk by single steps with a floor, whose shares fall by p / (1 - p) (Feller 1968, ch. 14)."""
    p = load / 2
    shortfall = capacitated_base_stock(5, 1, [1 - p, 0.0, p]).shortfall
    ratio = p / (1 - p)
    geometric = (1 - ratio) * ratio ** np.arange(shortfall.size)
    np.testing.assert_allclose(shortfall, geometric, atol=1e-10)
