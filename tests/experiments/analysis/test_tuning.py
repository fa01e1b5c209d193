"""Safety stock by product: each at its own target, scored on fresh luck."""

import json

import numpy as np
import pytest
from click.testing import CliRunner
from newsstand import kiosk

from simulator.cli import main
from simulator.experiments.tuning import tune
from simulator.units import ScenarioError


def test_each_product_comes_to_its_target():
    """Within what luck leaves; before, one was far above the other."""
    found = tune(kiosk(), "order-up-to", 0.97, replications=40, workers=1)
    table = found.table().set_index("product")
    assert (np.abs(table["fill_rate"] - 0.97) < 0.012).all()
    assert table["units"].tolist() == [found.units["paper"], found.units["sweets"]]
    np.testing.assert_allclose(table["days"], table["units"] / [100, 6], rtol=0.06)


def test_the_tuned_policy_is_one_that_a_file_can_say():
    """The words give the same policy."""
    found = tune(kiosk(), "order-up-to", 0.95, replications=10, workers=1)
    words = {**kiosk().policy("order-up-to").model_dump(mode="json"), **found.policy_words()}
    again = kiosk().policy(words)
    assert again.safety_stock.units == found.units
    assert found.change("fill_rate").mean == pytest.approx(
        (found.fresh.company[0] - found.before.company[0]).mean(), abs=1e-12
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
    told = CliRunner().invoke(main, [*words, "--workers", "1"])
    assert told.exit_code == 0, told.output
    assert "drill" in told.output
    assert "Against chase as it is" in told.output
    record = json.loads(CliRunner().invoke(main, [*words, "--workers", "1", "--json"]).stdout)
    assert record["policy"]["safety_stock"]["rule"] == "listed"
