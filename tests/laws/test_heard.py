"""What customers let the sales team hear of their plans: as much of the truth as is stated, and nothing beyond what it was told."""

from dataclasses import replace

import numpy as np
import pytest

from simulator.engine.forking import fork_of
from simulator.engine.play import weather_for
from simulator.engine.scenario import load
from simulator.kernel.units import ScenarioError
from simulator.planning.forecast import SalesTeam
from tests.laws.tight import played

SWING, MONTHS, SIGHT = 0.5, 14, 2
SHOP = f"""
[company]
whole_units = false
[calendar]
start = 2023-01-01
[suppliers.works]
[segments.shop]
[products.kettle]
family = "kettles"
price = 20
unit_cost = 10
opening_stock = 500
buy = {{ supplier = "works", lead_time = {{ law = "constant", mean = 2 }} }}
[demand]
sight = {SIGHT}
[[demand.everyday]]
product = "kettle"
segment = "shop"
daily = {{ law = "constant", mean = 7 }}
pattern = {{ swing = {SWING} }}
[experiment]
months = {MONTHS}
history = 5
warm_up = 0
"""


@pytest.fixture
def shop(tmp_path):
    """A shop whose months differ by their swing alone."""
    file = tmp_path / "shop.toml"
    file.write_text(SHOP)
    return lambda foreseen, **more: load(file, {"demand.foreseen": foreseen, **more})


def levels(scenario, luck):
    """Demand of each month against 7 a day, the past first, (months, lanes)."""
    calendar = scenario.days
    days = np.diff(calendar.month_start)[:MONTHS, None]
    run = np.add.reduceat(luck.signed[:, 0, 0], calendar.month_start[:MONTHS], axis=0) / (7 * days)
    return run


@pytest.mark.parametrize("share", [0.25, 0.64])
def test_the_correlation_of_what_is_told_with_the_truth_is_as_stated(shop, share):
    """R squared of logarithms is the share; and the truth is on average what was told, whatever that was."""
    scenario = shop(share)
    luck = weather_for(scenario, 1, range(400))
    true, told = levels(scenario, luck), luck.told[5 : 5 + MONTHS, 0]
    a, b = np.log(true).ravel(), np.log(told).ravel()
    assert np.corrcoef(a, b)[0, 1] == pytest.approx(share**0.5, abs=0.02)
    spread = np.log1p(SWING**2)
    assert b.var() == pytest.approx(share * spread, rel=0.05)
    assert a.var() == pytest.approx(spread, rel=0.05)  # telling of it moves demand no more than before
    for part in np.array_split(np.argsort(told.ravel()), 4):
        assert true.ravel()[part].mean() == pytest.approx(told.ravel()[part].mean(), rel=0.04)


def test_who_is_told_all_knows_the_level_and_who_is_told_nothing_hears_nothing(shop):
    """With a share of 1 each month is what was told, the past too; with 0 luck is as if nobody had asked."""
    scenario = shop(1.0)
    luck = weather_for(scenario, 1, range(4))
    np.testing.assert_allclose(levels(scenario, luck), luck.told[5 : 5 + MONTHS, 0])
    days = [31, 30, 31, 30, 31]  # August to December 2022
    np.testing.assert_allclose(luck.past[:, 0] / (7 * np.array(days)[:, None]), luck.told[:5, 0], rtol=1e-6)
    assert weather_for(shop(0.0), 1, range(4)).told is None


def test_the_sales_team_hears_so_many_months_ahead_and_no_more(shop):
    """Forecasts stay as they are where only what it is told of later months is changed, and move where it is not."""
    scenario = shop(0.5)
    luck, policy = weather_for(scenario, 1, range(2)), scenario.policy("siloed")
    policy = policy.model_copy(update={"forecast": SalesTeam(anchor=0.0)})
    cycle = 6
    mine = played(policy, luck, scenario).plans.forecast
    later, nearer = luck.told.copy(), luck.told.copy()
    later[5 + cycle + SIGHT + 1 :] *= 3.0
    nearer[5 + cycle + SIGHT :] *= 3.0
    np.testing.assert_array_equal(
        mine[: cycle + 1], played(policy, replace(luck, told=later), scenario).plans.forecast[: cycle + 1]
    )
    heard = played(policy, replace(luck, told=nearer), scenario).plans.forecast
    np.testing.assert_array_equal(mine[:cycle], heard[:cycle])
    np.testing.assert_allclose(heard[cycle, SIGHT], 3.0 * mine[cycle, SIGHT])
    np.testing.assert_array_equal(mine[cycle, :SIGHT], heard[cycle, :SIGHT])
    alone = played(scenario.policy("chase"), luck, scenario).plans.forecast
    np.testing.assert_array_equal(
        alone, played(scenario.policy("chase"), replace(luck, told=nearer), scenario).plans.forecast
    )  # statistics hear nothing


def test_a_fork_keeps_what_has_been_told(shop):
    """In all futures the sales team has heard the same of the months that it was told of, and demand follows that on average."""
    scenario = shop(0.8)
    day = int(scenario.days.month_start[6]) + 4
    run, fork = weather_for(scenario, 1, [3, 4]), weather_for(scenario, fork_of(scenario, 3, 1, day), range(200))
    known = 5 + 6 + SIGHT + 1
    np.testing.assert_array_equal(fork.told[:known], np.repeat(run.told[:known, :, :1], 200, axis=-1))
    assert fork.told[known, 0].std() > 0.1
    ahead = levels(scenario, fork)[7 : 6 + SIGHT + 1]
    np.testing.assert_allclose(ahead.mean(axis=1), run.told[5 + 7 : known, 0, 0], rtol=0.06)


def test_a_share_above_one_is_refused(shop):
    with pytest.raises(ScenarioError, match="foreseen"):
        shop(1.2)
