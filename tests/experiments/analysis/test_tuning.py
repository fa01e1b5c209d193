"""Safety stock by product: each at its own target, scored on fresh luck."""

import json
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from newsstand import WORKSHOP, kiosk

from simulator.engine.scenario import load
from simulator.faces.cli import main
from simulator.kernel.units import ScenarioError
from simulator.results.compare import compare
from simulator.studies.tuning import COMPANY, tune


@pytest.fixture(scope="module")
def tuned():
    """The kiosk's policy tuned to 95 % on ten replications."""
    return tune(kiosk(), "order-up-to", 0.95, replications=10, workers=1)


def test_each_product_comes_to_its_target():
    """Within what luck leaves; before, one was far above the other."""
    found = tune(kiosk(), "order-up-to", 0.97, replications=40, workers=1)
    table = found.table().set_index("product")
    assert (np.abs(table["fill_rate"] - 0.97) < 0.012).all()
    assert table["units"].tolist() == [found.units["paper"], found.units["sweets"]]
    np.testing.assert_allclose(table["days"], table["units"] / [100, 6], rtol=0.06)


def test_the_tuned_policy_is_one_that_a_file_can_say(tuned):
    """The words give the same policy."""
    words = {**kiosk().policy("order-up-to").model_dump(mode="json"), **tuned.policy_words()}
    again = kiosk().policy(words)
    assert again.safety_stock.units == tuned.units
    assert tuned.change("fill_rate").mean == pytest.approx(
        (tuned.fresh.company[0] - tuned.before.company[0]).mean(), abs=1e-12
    )


def test_a_target_that_is_no_share_is_refused():
    """In a sentence."""
    with pytest.raises(ScenarioError, match="the service target is 97; it must be a share"):
        tune(kiosk(), "order-up-to", 97)
    with pytest.raises(ScenarioError, match="replications is 1; tuning needs at least 2"):
        tune(kiosk(), "order-up-to", 0.97, replications=1)


def test_the_command():
    """A line a product, and the change for the company."""
    words = ["optimise", "trading", "--policy", "chase", "--service", "0.9", "--by-product", "--replications", "6"]
    words += ["--set", "experiment.months=14", "--set", "experiment.warm_up=4"]
    told = CliRunner().invoke(main, [*words, "--workers", "1"])
    assert told.exit_code == 0, told.output
    assert "drill" in told.output
    assert "Against chase as it is" in told.output
    record = json.loads(CliRunner().invoke(main, [*words, "--workers", "1", "--json"]).stdout)
    assert record["policy"]["safety_stock"]["rule"] == "listed"


def test_it_is_scored_on_replications_that_tuning_never_met(tuned):
    """Tuned on the ten numbered 0 to 9: scored, after and before, on the twenty numbered 10 to 29, as `compare` runs them."""
    case = kiosk()
    policy = {**case.policy("order-up-to").model_dump(mode="json"), **tuned.policy_words(), "name": "tuned"}
    fresh = compare(case, [policy, "order-up-to"], range(10, 30), measures=["fill_rate", "all_stock_value"]).found
    for scores, name in ((tuned.fresh, "tuned"), (tuned.before, "order-up-to")):
        for row, measure in enumerate(("fill_rate", "all_stock_value")):
            np.testing.assert_array_equal(scores.company[COMPANY.index(measure)], fresh[name][row])


@pytest.mark.slow
def test_any_number_of_workers_gives_the_same_tuning(monkeypatch):
    """Bit by bit, in blocks as small as can be."""
    monkeypatch.setattr("simulator.engine.play.lanes_at_once", lambda *_: 4)
    one, three = (tune(kiosk(), "order-up-to", 0.95, replications=10, workers=n) for n in (1, 3))
    assert one.units == three.units
    np.testing.assert_array_equal(one.fresh.fill_rate, three.fresh.fill_rate)


def test_what_keeps_a_product_below_its_target_is_named():
    """Ten chairs a day are wanted and nine can be made: at half a year of stock the bench still lacks hours."""
    found = tune(load(WORKSHOP), "order-up-to", 0.97, replications=3, workers=1)
    assert found.missed == [0]
    words = " ".join(map(str, found.sentences()))
    assert "1 product is below the target, 1 of these by more than luck explains" in words
    assert "chair misses it although it holds 180 days of use" in words
    assert "(bench)" in words


def test_a_target_missed_by_luck_is_not_blamed(tuned):
    """What lies below 95 % by less than luck explains is counted, and nothing is said to bind."""
    told = replace(tuned, target=float(tuned.fresh.fill_rate.mean(axis=1).max()) + 0.0005)
    assert told.missed == []
    words = " ".join(map(str, told.sentences()))
    assert "2 products are below the target, 0 of these by more than luck explains" in words
    assert "of what is short" not in words
