"""Six equal policies, 200 times: how many tables have a better or worse that is not there."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from simulator.engine.scenario import load
from simulator.results.compare import Comparison, compare
from simulator.results.judged import SURE, judge

EXPERIMENTS, REPLICATIONS = 200, 20
ALIKE = ("a", "b", "c")
WORDS = {
    "name": "three alike",
    "experiment": {"months": 14, "warm_up": 2, "history": 0, "service_target": 0.967},  # missed in every second run
    "calendar": {"start": "2026-01-01"},
    "finance": {"holding_rate": 0.2, "capital_rate": 0.1, "fixed_cost": 100.0, "late_penalty": 0.01},
    "suppliers": {"works": {}},
    "segments": {"shops": {}},
    "products": {
        name: {
            "price": 10.0,
            "unit_cost": 6.0,
            "opening_stock": 60.0,
            "buy": {"supplier": "works", "lead_time": {"law": "constant", "mean": 3.0}},
        }
        for name in ALIKE
    },
    "demand": {
        "everyday": [
            {"product": name, "segment": "shops", "daily": {"law": "normal", "mean": 10.0, "sd": 4.0}} for name in ALIKE
        ]
    },
}


@pytest.fixture(scope="module")
def tables():
    """Comparisons of the six ways in which three levels are given to three products of one law: none is better than another."""
    levels = [dict(zip(ALIKE, order, strict=True)) for order in permutations((36.0, 40.0, 46.0))]
    policies = [{"name": f"{k}", "products": {"rule": "order-up-to", "level": each}} for k, each in enumerate(levels)]
    whole = compare(load(WORDS), policies, EXPERIMENTS * REPLICATIONS)
    found = []
    for first in range(0, EXPERIMENTS * REPLICATIONS, REPLICATIONS):
        part = {name: sample[:, first : first + REPLICATIONS] for name, sample in whole.found.items()}
        numbers = list(range(REPLICATIONS))
        found.append(Comparison(whole.scenario, whole.policies, numbers, 1, "total", whole.rows, part, pd.DataFrame()))
    return found


@pytest.mark.slow
def test_a_false_verdict_is_rare(tables):
    """At most one table in twenty (three standard errors more of 200), also where every amount matters."""
    some = np.array([any(each.verdict in SURE for each in one.judged.values()) for one in tables])
    bound = 0.05 + 3 * np.sqrt(0.05 * 0.95 / EXPERIMENTS)
    assert some.mean() <= bound
    bare = [judge((one.rows[row][0], each.gap, 0.0) for (row, _), each in one.judged.items()) for one in tables]
    assert np.mean([any(each.verdict in SURE for each in judged) for judged in bare]) <= bound


@pytest.mark.slow
def test_single_intervals_would_be_false_in_every_second_table(tables):
    """Some sixty differences a table, of which 5 % are told by their own interval: what the family is for."""
    told = np.array([[each.gap.is_told for each in one.judged.values()] for one in tables])
    tested = np.array([[each.gap.p_value is not None for each in one.judged.values()] for one in tables])
    assert tested.sum(axis=1).mean() > 50
    assert told.any(axis=1).mean() > 0.4
    assert told.sum() / tested.sum() == pytest.approx(0.05, abs=0.015)
