"""The 95 % intervals of simulated figures hold the known answer in 93.5 to 96.5 % of 1,000 experiments."""

import numpy as np
import pytest
from newsstand import ENTRY, newsstand, true_fill_rate, true_stock

from simulator.studies.evaluate import evaluate
from simulator.theory.statistics import mean_interval

EXPERIMENTS, REPLICATIONS = 1_000, 10
LEVELS = (540.0, 555.9017)


@pytest.fixture(scope="module")
def runs():
    """Stock and fill rate of two base stocks, (settings, measures, replications, experiments)."""
    numbers, settings = range(EXPERIMENTS * REPLICATIONS), [{ENTRY: level} for level in LEVELS]
    found = evaluate(newsstand(), newsstand().policy("base-stock"), settings, numbers, 17, ["stock_units", "fill_rate"])
    return found.reshape(2, 2, EXPERIMENTS, REPLICATIONS).swapaxes(-1, -2)


def covered(interval, truth):
    """In how many experiments the truth is inside."""
    return float(np.mean((interval.low <= truth) & (truth <= interval.high)))


@pytest.mark.parametrize("setting", [0, 1])
@pytest.mark.parametrize(("measure", "truth"), [(0, true_stock), (1, true_fill_rate)])
def test_intervals_of_means_cover(runs, setting, measure, truth):
    """Stock on hand and fill rate, from ten replications each."""
    assert 0.935 <= covered(mean_interval(runs[setting, measure]), truth(LEVELS[setting])) <= 0.965


@pytest.mark.parametrize(("measure", "truth"), [(0, true_stock), (1, true_fill_rate)])
def test_intervals_of_differences_cover(runs, measure, truth):
    """And the paired ones, which are far narrower."""
    paired = mean_interval(runs[1, measure] - runs[0, measure])
    assert 0.935 <= covered(paired, truth(LEVELS[1]) - truth(LEVELS[0])) <= 0.965
    assert paired.half_width.mean() < 0.7 * mean_interval(runs[1, measure]).half_width.mean()
