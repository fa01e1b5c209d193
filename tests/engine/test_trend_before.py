"""The months before a run carry its trend, so that planners see it, and a forecast that is fitted to them follows it."""

import numpy as np
import pytest
from small import company
from test_forecasts import past, rates_ahead

from simulator import simulate
from simulator.company.demand import Pattern
from simulator.engine.play import weather_for

FALL = -0.18
DECLINE = {
    "experiment.months": 24,
    "experiment.warm_up": 12,
    "experiment.history": 24,
    "demand.everyday": [
        {
            "product": "salt",
            "segment": "first",
            "daily": {"law": "constant", "mean": 100.0},
            "pattern": {"trend": FALL},
        }
    ],
}


def test_growth_is_carried_back_by_hand():
    """A quarter a year less: a year before 4/3 times the level, two years 16/9; a tenth of the level a year stops at ten times."""
    months = np.array([-24, -12, 0, 12])
    assert Pattern(trend=-0.25).grown(months) == pytest.approx([16 / 9, 4 / 3, 1, 0.75])
    assert Pattern(trend=-0.9).grown(months) == pytest.approx([10, 10, 1, 0.1])
    assert Pattern(trend=0.2, steady=0).grown(months)[:2] == pytest.approx([1 / 1.44, 1 / 1.2])


def test_planners_know_a_past_with_the_trend():
    """Demand of a day, month by month before the first: 100 / .82 ^ (k / 12), k months before."""
    scenario = company(**DECLINE)
    known = weather_for(scenario, 1, [0]).past[:, 2, 0]
    first = np.arange("2024-02", "2026-03", dtype="M8[M]").astype("M8[D]")
    days = np.diff(first).astype(int)
    assert known / days == pytest.approx(100 * (1 + FALL) ** (np.arange(-24, 0) / 12))


def test_deals_were_signed_as_often_as_the_trend_says():
    """Growth of 100 % a year, some 1,000 contracts a month at first: half as many fell due a year before."""
    stream = {
        "product": "salt",
        "segment": "first",
        "per_month": 1_000,
        "size": {"law": "constant", "mean": 1.0},
        "lead_time": {"law": "constant", "mean": 5.0},
        "pattern": {"trend": 1.0},
    }
    scenario = company(**{"experiment.history": 24, "demand.contracts": [stream]})
    known = weather_for(scenario, 1, [0, 1]).past[:, 2].sum(axis=1)
    assert known[12:].sum() / known[:12].sum() == pytest.approx(2.0, rel=0.03)


def test_a_forecast_follows_a_lasting_decline():
    """-18 % a year, after a year of warm-up: constants for a lasting trend leave no bias, a choice by the past 2 %, the usual 6 %."""
    scenario = company(**DECLINE)

    def bias(**settings):
        policy = scenario.policy({"name": "x", "forecast": {"rule": "holt-winters", **settings}})
        found = simulate(scenario, policy=policy, replications=[0]).measures(measures=["forecast_bias"])
        return found["value"].mean()

    assert abs(bias(trend=0.1, damping=0.98)) < 0.005
    assert 0 < bias(fitted=True) < 0.025
    assert bias() > 0.055


def test_each_product_takes_the_setting_that_did_best():
    """Of a straight fall the trend that lasts, of a steady past the first of equals, which is as stated."""
    falling, steady = past(*(100 - 2 * k for k in range(36))), past(*[8.0] * 30)
    lasting = rates_ahead("holt-winters", falling, damping=0.98)
    assert rates_ahead("holt-winters", falling, fitted=True) == pytest.approx(lasting)
    assert rates_ahead("holt-winters", steady, fitted=True) == rates_ahead("holt-winters", steady)
    assert rates_ahead("holt-winters", falling) != pytest.approx(lasting)
