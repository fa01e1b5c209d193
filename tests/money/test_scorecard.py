"""The scorecard: points between poor and good, weighted by department."""

from dataclasses import replace

import numpy as np
import pytest

from simulator.company.scorecard import Scorecard
from simulator.engine.scenario import load
from simulator.kernel.units import ScenarioError
from simulator.results.kpis import MEASURES, Score, scorecard, values
from simulator.results.kpis.scorecard import department_points, indicators, weighted
from tests.laws.tight import PATH, books

DEPARTMENTS = tuple(Scorecard.model_fields)


def test_every_department_is_measured_by_measures_that_there_are():
    """The file names the departments of the record, and measures whose good way is from poor to good."""
    assert set(indicators()) == set(DEPARTMENTS)
    for scales in indicators().values():
        for name, scale in scales.items():
            better = MEASURES[name].better
            assert scale["weight"] > 0
            assert scale["good"] != scale["poor"]
            assert (scale["good"] > scale["poor"]) == (better == "higher"), name


def test_points_run_from_poor_to_good(monkeypatch):
    """Half way is 50, worse than poor 0, better than good 100; a bias counts either way."""
    scale = {
        "fill_rate": {"weight": 3.0, "poor": 0.8, "good": 0.9},
        "forecast_bias": {"weight": 1.0, "poor": 0.2, "good": 0.0},
    }
    monkeypatch.setattr(scorecard, "indicators", lambda: {"sales": scale})
    rates, bias = np.array([[0.85, 0.7, 0.95]]), np.array([[-0.1, 0.5, 0.0]])
    for name, found in (("fill_rate", rates), ("forecast_bias", bias)):
        monkeypatch.setitem(MEASURES, name, replace(MEASURES[name], function=lambda s, found=found: found))
    np.testing.assert_allclose(department_points(Score(books("chase")), "sales"), [[50, 0, 100]])


def test_what_cannot_be_measured_does_not_count():
    """A policy without a cycle has no plan to attain; with nothing at all there are no points."""
    nothing = np.full((1, 1), np.nan)
    assert weighted([(np.full((1, 1), 40.0), 1), (nothing, 3)])[0, 0] == 40
    assert np.isnan(weighted([(nothing, 1), (nothing, 3)])[0, 0])
    assert np.isfinite(values(books("pull"), ["scorecard"])[1]).all()


def test_the_scenario_weighs_the_departments():
    """With all the weight on one, the whole is that one; proportions alone matter."""
    b = books("sop-smoothed")
    whole = {}
    for service, finance in ((1.0, 0.0), (3.0, 1.0), (300.0, 100.0)):
        weights = {f"scorecard.{name}": 0.0 for name in DEPARTMENTS}
        weights |= {"scorecard.customer_service": service, "scorecard.finance": finance}
        b_weighed = type(b)(**{**vars(b), "scenario": load(PATH, weights)})
        whole[service] = values(b_weighed, ["scorecard"])[1][0]
    service, finance = values(b, ["score_service", "score_finance"])[1]
    np.testing.assert_allclose(whole[1.0], service)
    np.testing.assert_allclose(whole[3.0], (3 * service + finance) / 4)
    np.testing.assert_allclose(whole[3.0], whole[300.0])


def test_a_scorecard_without_weights_is_refused():
    """One department at least must count."""
    with pytest.raises(ScenarioError, match="all weights are 0"):
        load(PATH, {f"scorecard.{name}": 0.0 for name in DEPARTMENTS})
