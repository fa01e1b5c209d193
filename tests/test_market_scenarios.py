"""Scenarios of market, customers and sales: the effect that each file's header announces is there, beyond luck."""

from functools import cache

import numpy as np
import pytest

from simulator.engine.scenario import load
from simulator.results.compare import compare, estimate

pytestmark = pytest.mark.slow

RUNS = 20


@cache
def found(name, policy, measure, by="total", group="total", *changes):
    """One measure of one policy, a value a replication."""
    comparison = compare(load(name, dict(changes)), [policy], RUNS, measures=[measure], by=by)
    row = [found for _, found in comparison.rows].index(group)
    return comparison.found[policy][row]


def surely(gap, least=0.0):
    """Whether a paired difference is above a figure with its whole 95 % interval."""
    return estimate(np.asarray(gap)).low > least


def test_who_knows_of_a_promotion_serves_it_and_who_does_not_runs_out():
    """Lights: the promotion costs chase fill rate, and costs it more than sop."""
    lost = {
        policy: found("giftware", policy, "fill_rate", "family", "lights")
        - found("giftware-promotion", policy, "fill_rate", "family", "lights")
        for policy in ("chase", "sop")
    }
    assert surely(lost["chase"])
    assert surely(lost["chase"] - lost["sop"])


@pytest.mark.parametrize("product", ["21733", "85099F"])
def test_who_knows_the_dates_serves_the_first_and_the_last_orders(product):
    """The product launched and the one phased out fill better where plans know the dates."""
    sop, chase = (found("giftware-launch", policy, "fill_rate", "product", product) for policy in ("sop", "chase"))
    assert surely(sop - chase, 0.02)


def test_a_months_end_push_swings_demand_and_raises_stock():
    """The same sales team managed by process has two thirds of the swing, surely less than seven tenths or so, and less stock."""
    name, calm = "giftware-month-end-push", ("sales.managed", "process")
    swing = [found(name, "sop", "demand_swing", "total", "total", *how) for how in ((), (calm,))]
    stock = [found(name, "sop", "stock_value", "total", "total", *how) for how in ((), (calm,))]
    assert surely(swing[0] - 1.4 * swing[1])
    assert surely(stock[0] - stock[1])
    assert found(name, "sop", "pushed_share").min() > 0.02
    assert not found(name, "sop", "pushed_share", "total", "total", calm).any()


def test_optimism_is_bought_as_stock_at_a_rising_price():
    """Bias and stock rise with what sales promise; a point of fill rate costs more stock from step to step."""
    policies = ("honest", "hopeful", "boastful")
    bias, stock, fill = (
        [found("giftware-optimistic-sales", policy, measure) for policy in policies]
        for measure in ("forecast_bias", "stock_value", "fill_rate")
    )
    for low, high in ((0, 1), (1, 2)):
        assert surely(bias[high] - bias[low], 0.1)
        assert surely(stock[high] - stock[low])
        assert surely(fill[high] - fill[low])
    first, second = ((stock[k + 1] - stock[k]).mean() / (fill[k + 1] - fill[k]).mean() for k in (0, 1))
    assert second > 1.3 * first


def test_who_knows_of_his_own_price_cut_is_ready_for_it():
    """Doormats: the price war costs chase more fill rate than sop."""
    name = "giftware-price-war"
    sop, chase = (found(name, policy, "fill_rate", "family", "doormats") for policy in ("sop", "chase"))
    assert surely(sop - chase)
    assert surely(found("giftware", "chase", "fill_rate", "family", "doormats") - chase)


def test_bad_service_costs_customers_and_their_demand():
    """Under siloed loyalty and demand end lower and complaints higher than under sop, on the same market."""
    sop, siloed = (
        {m: found("giftware-loyalty", policy, m) for m in ("loyalty", "complaints", "customers_lost", "contribution")}
        for policy in ("sop", "siloed")
    )
    assert surely(sop["loyalty"] - siloed["loyalty"], 0.02)
    assert surely(siloed["complaints"] - sop["complaints"])
    assert surely(siloed["customers_lost"] - sop["customers_lost"])
    assert surely(sop["contribution"] - siloed["contribution"])


def test_boasted_deals_are_won_less_often_than_stated_and_honest_ones_as_often():
    """By product: the stated chance against the share won."""
    for product, boasted in (
        ("panel-feeder", False),
        ("relay-cabinet", False),
        ("panel-compact", True),
        ("rmu-4", True),
    ):
        won, stated = (
            found("switchgear-honest-pipeline", "chase", measure, "product", product)
            for measure in ("win_rate", "stated_chance")
        )
        gap = estimate(stated - won)
        assert gap.low > 0.25 if boasted else abs(gap.mean) < 0.1
