"""Laws of chance keep the mean that they state: cut at zero, in whole units and in whole days."""

import numpy as np
import pytest

from simulator import load, simulate
from simulator.company.laws import Constant, Empirical, Gamma, Lognormal, Normal, Poisson
from simulator.company.whole import in_begun, in_whole
from simulator.engine.expected import expected_units
from simulator.engine.play import weather_for
from simulator.world.luck.supply import _lot

U = (np.arange(400_000) + 0.5) / 400_000

LAWS = [
    {"law": "constant", "mean": 0.4},
    {"law": "constant", "mean": 1.5},
    {"law": "constant", "mean": 10.4},
    {"law": "gamma", "mean": 0.2, "sd": 0.2},
    {"law": "lognormal", "mean": 0.4, "sd": 0.3},
    {"law": "normal", "mean": 10, "sd": 20},
    {"law": "empirical", "values": [0, 0, 0.4, 0.4]},
    {"law": "poisson", "mean": 0.4},
    {"law": "orders", "lines": 0.3, "dispersion": 1.5, "sizes": [0.5, 1, 4.2]},
]


def company(daily, **tables):
    """A company that sells one product, which it buys."""
    buy = {"supplier": "far", "lead_time": {"law": "constant", "mean": 5}}
    stream = {"product": "k", "segment": "customers", "daily": daily}
    return load(
        {
            "name": "one",
            "products": {"k": {"price": 40.0, "unit_cost": 20.0, "opening_stock": 200.0, "buy": buy}},
            "suppliers": {"far": {}},
            "demand": {"everyday": [stream | tables.pop("stream", {})]},
            "experiment": {"months": 24, "history": 24},
            **tables,
        }
    )


@pytest.mark.parametrize(("mean", "sd"), [(10, 20), (10, 10), (1, 5), (100, 25), (10, 0)])
def test_a_normal_law_cut_at_zero_has_the_mean_and_the_deviation_that_it_states(mean, sd):
    """What would be negative is nothing, and the law is moved so that nothing is gained by it."""
    found = Normal(law="normal", mean=mean, sd=sd).quantile(U)
    assert found.min() >= 0
    assert found.mean() == pytest.approx(mean, rel=2e-4)
    assert found.std() == pytest.approx(sd, rel=2e-3)


def test_half_a_normal_law_by_hand():
    """Cut at its middle a normal law of deviation 1 has mean 1 / sqrt(2 pi) and mean square 1/2: 10 and 14.60 is such a one."""
    mean = 1 / np.sqrt(2 * np.pi)
    sd = np.sqrt(0.5 - mean**2)
    found = Normal(law="normal", mean=10.0, sd=10.0 * sd / mean).quantile(np.array([0.4999, 0.5001, 0.8413447]))
    assert found == pytest.approx([0.0, 0.0, 10.0 / mean], abs=0.02)


@pytest.mark.parametrize("daily", LAWS, ids=str)
def test_simulated_demand_has_the_mean_that_planners_are_told(daily):
    """In whole units, over all months and in the past; no month is more than a unit off where nothing is by chance."""
    scenario = company(daily)
    weather = weather_for(scenario, 1, range(400))
    told = expected_units(scenario)[:, 0]
    signed = weather.signed[: scenario.days.count, 0, 0]
    assert (signed == np.rint(signed)).all()
    months = np.add.reduceat(signed, scenario.days.month_start[:-1], axis=0)
    error = months.sum(axis=0).std() / np.sqrt(400)
    assert abs(months.sum(axis=0).mean() - told.sum()) < 4 * error + 1
    past = weather.past[:, 0].sum(axis=0)
    assert abs(past.mean() - told.sum()) < 4 * past.std() / np.sqrt(400) + 0.01 * told.sum()
    if daily["law"] == "constant":
        assert np.abs(months - told[:, None]).max() <= 1


def test_swings_and_markets_lose_no_part_of_a_unit():
    """A promotion of a slow mover: every running total is within half a unit of 0.4 a day times what it does."""
    market = {"promotions": [{"products": ["k"], "start": "2024-03-01", "weeks": 8, "lift": 0.2}]}
    scenario = company({"law": "constant", "mean": 0.4}, market=market)
    exact = 0.4 * np.cumsum(scenario.market.factors[: scenario.days.count, 0, 0])
    found = np.cumsum(weather_for(scenario, 1, range(2)).signed[: scenario.days.count, 0, 0], axis=0)
    assert np.abs(found - exact[:, None]).max() <= 0.5 + 1e-9
    assert exact[-1] > 0.4 * scenario.days.count + 1


def test_a_lane_alone_carries_its_own_parts():
    """What is carried from day to day belongs to a lane."""
    scenario = company({"law": "gamma", "mean": 0.7, "sd": 0.9}, stream={"pattern": {"swing": 0.3, "memory": 0.5}})
    together, alone = (simulate(scenario, "order-up-to", replications=r).daily("due") for r in ([3, 11, 42], [11]))
    np.testing.assert_array_equal(together[1], alone[0])


@pytest.mark.parametrize(
    "law",
    [
        Constant(mean=10.4),
        Constant(mean=7),
        Gamma(law="gamma", mean=2, sd=2),
        Gamma(law="gamma", mean=10.4, sd=0.1),
        Gamma(law="gamma", mean=50, sd=10),
        Normal(law="normal", mean=5, sd=10),
        Lognormal(law="lognormal", mean=1.3, sd=1),
        Empirical(law="empirical", values=(3, 3.4)),
        Poisson(law="poisson", mean=1.2),
    ],
    ids=lambda law: f"{law.law} {law.mean:g}",
)
def test_whole_days_keep_the_mean_and_are_at_least_one(law):
    """What planners count on is what comes, in days and for sizes of deals."""
    whole = in_whole(law)
    found = whole.quantile(U)
    assert found.min() >= 1
    assert found.mean() == pytest.approx(whole.mean, abs=0.01)
    assert whole.mean == pytest.approx(law.mean)
    assert found.std() == pytest.approx(whole.sd, rel=0.02, abs=1e-9)


def test_less_than_the_least_is_the_least_and_said():
    """A deal of 0.4 units on average is one of a unit each, and a lead time of half a day a day."""
    assert in_whole(Gamma(law="gamma", mean=0.4, sd=0.3)).mean == 1
    assert (in_whole(Gamma(law="gamma", mean=0.4, sd=0.3)).quantile(U) == 1).all()


def test_a_delivery_of_ten_days_and_four_tenths_takes_ten_or_eleven():
    """Four in ten take a day more; who plans counts on 10.4."""
    scenario = company({"law": "constant", "mean": 1})
    words = {**scenario.words, "name": "one"}
    words["products"]["k"]["buy"]["lead_time"]["mean"] = 10.4
    scenario = load(words)
    days = weather_for(scenario, 1, range(50)).delivery
    assert set(np.unique(days)) == {10, 11}
    assert days.mean() == pytest.approx(10.4, abs=0.02)
    assert scenario.network.lead_time[0, 0] == pytest.approx(10.4)


@pytest.mark.parametrize(("mean", "sd"), [(0.01, 0.05), (0.05, 0.03), (0.1, 0.2)])
def test_rejects_have_the_mean_that_is_stated(mean, sd):
    """Straight lines between points of a bent curve do not lift it."""
    assert _lot(mean, sd, U).mean() == pytest.approx(mean, rel=2e-3)


def test_begun_days_are_told_as_they_count():
    """An exponential time with three in four days surviving, in begun days, is geometric with mean 4."""
    assert in_begun(Gamma(law="gamma", mean=3.476059, sd=3.476059))[0] == pytest.approx(4.0, abs=0.01)
