"""Many settings at once find what each finds alone, to the last bit."""

import numpy as np
import pytest

from simulator.engine.scenario import load
from simulator.engine.settings import changed_policy, changed_scenario
from simulator.kernel.ledger import SCORED
from simulator.results.kpis import values
from simulator.results.run import Run
from simulator.studies.evaluate import evaluate

SHORT = {"experiment.months": 4, "experiment.warm_up": 1}
MEASURES = ("fill_rate", "stock_value", "production_change", "contribution", "forecast_wmape")


def alone(scenario, policy, setting, replications, seed=3):
    """What a plain run finds."""
    case, chosen = changed_scenario(scenario, setting), changed_policy(policy, setting, "test")
    books = next(Run(case, chosen, list(replications), seed).books(SCORED))
    return values(books, MEASURES)[1]


@pytest.mark.parametrize(("name", "replications"), [("giftware", [0, 5, 2]), ("switchgear", [4])])
def test_settings_find_what_each_finds_alone(name, replications):
    """Policy entries share lanes, company entries share luck, and neither moves a bit."""
    scenario = load(name, SHORT)
    policy, resource = scenario.policy("sop-smoothed"), next(iter(scenario.company.resources))
    settings = [
        {"policy.safety_stock.z": 0.5},
        {},
        {"policy.safety_stock.z": 2.5, "policy.forecast.sales.optimism": 0.4, "policy.slip_probability": 0.5},
        {f"resources.{resource}.hours": 99.0},
        {"policy.safety_stock": {"rule": "days-of-cover", "days": 20.0}},
        {"policy.safety_stock": {"rule": "days-of-cover", "days": 5.0}},
    ]
    found = evaluate(scenario, policy, settings, replications, 3, MEASURES)
    for setting, mine in zip(settings, found, strict=True):
        np.testing.assert_array_equal(mine, alone(scenario, policy, setting, replications))
