"""A sweep at equal service: buffers are set at every point to one target, once, and on luck by which nothing is scored."""

import numpy as np
import pytest
from bakery import STUDY, study

from simulator.engine.settings import changed_policy, changed_scenario
from simulator.kernel.units import ScenarioError
from simulator.results.compare import compare
from simulator.results.equal_service import tuned_to
from simulator.studies import at_service
from simulator.studies.at_service import FIRST, buffers_told, held_buffers
from simulator.studies.store import Store
from simulator.studies.sweep import sweep

WAYS = [{"entry": "products.bread.buy.lead_time.mean", "name": "lead time", "values": [6.0, 12.0]}]
AT = {"factors": WAYS, "at": "fill_rate=0.9", "measures": ["stock_value"], "replications": 12}


@pytest.fixture(scope="module")
def at_equal(tmp_path_factory):
    """A study whose lead time doubles, its buffers set on twelve replications."""
    folder = tmp_path_factory.mktemp("at")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(at_service, "SET_ON", 12)
        case = study(folder, **AT)
        return case, sweep(case, folder / "out", workers=1), folder


def test_each_point_is_scored_with_the_buffer_that_was_set_there(at_equal):
    """The rows are those of a comparison of policies tuned by hand, and the target's measure is among them."""
    case, found, _ = at_equal
    assert case.measures == ("stock_value", "fill_rate")
    for point, setting in enumerate(case.points):
        scenario = changed_scenario(case.scenario, setting)
        policies = [changed_policy(policy, setting, "test") for policy in case.policies]
        tuned = tuned_to(scenario, policies, "fill_rate=0.9", range(FIRST, FIRST + 12), case.seed, workers=1)
        told = compare(scenario, [one.policy for one in tuned], 12, case.seed, case.measures).found
        for k, one in enumerate(tuned):
            np.testing.assert_array_equal(found.array("fill_rate")[2 * point + k], told[one.policy.name][1])


def test_settings_that_came_to_the_target_serve_alike(at_equal):
    """On fresh luck too, but for the luck of twelve short runs."""
    _, found, folder = at_equal
    reached = [each["outcome"] == "reached" for point in held_buffers(Store(folder / "out")) for each in point]
    assert sum(reached) >= 2
    assert np.abs(found.array("fill_rate").mean(axis=1)[reached] - 0.9).max() < 0.03


def test_buffers_are_set_once(at_equal, monkeypatch):
    """The same command goes on from what the store holds, and says how many came to the target."""
    case, found, folder = at_equal
    monkeypatch.setattr(at_service, "tuned_to", None)
    assert sweep(case, folder / "out", workers=1).content == found.content
    notes = held_buffers(Store(folder / "out"))
    assert [[each["policy"] for each in point] for point in notes] == [list(STUDY["policies"])] * 2
    off = sum(each["outcome"] != "reached" for point in notes for each in point)
    assert str(buffers_told("fill_rate=0.9", notes)).startswith("Buffers ")
    assert (off == 0) == ("all 4 settings" in str(buffers_told("fill_rate=0.9", notes)))


def test_what_the_target_sets_is_no_factor(tmp_path):
    """Safety stock cannot be both."""
    with pytest.raises(ScenarioError, match=r"safety_stock\.z is a factor, and the buffer of policy 'order-up-to'"):
        sweep(study(tmp_path, at="fill_rate=0.9"), tmp_path / "out", workers=1)
    with pytest.raises(ScenarioError, match="to which no buffer can be set"):
        study(tmp_path, at="ebit=3")
