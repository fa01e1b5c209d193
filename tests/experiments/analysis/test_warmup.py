"""How long a start is felt: known where the company forgets everything after its lead time."""

import json

import numpy as np
import pytest
from click.testing import CliRunner
from newsstand import newsstand

from simulator.engine.scenario import load
from simulator.engine.settings import changed_scenario
from simulator.faces.cli import main
from simulator.kernel.units import ScenarioError
from simulator.studies.warmup import STARTS, opening_share, warm_up


@pytest.fixture(scope="module")
def found():
    """Order-up-to with five days of lead time: surplus is used up in days, a lack is filled after five."""
    return warm_up(newsstand(), "base-stock", replications=20, window=1)


def test_an_order_up_to_level_forgets_its_start_in_days(found):
    """Twice the level lasts for some six days more, then nothing differs to the last bit."""
    course = found.courses["on_hand"]
    assert 5 <= course.forgotten <= 14
    assert found.months == 1
    for start in STARTS:
        np.testing.assert_allclose(course.days[start][60:], course.days["as given"][60:], atol=1e-9)


def test_all_starts_meet_the_same_luck(found):
    """Only the opening stock differs."""
    company = newsstand().company
    for share in STARTS.values():
        case = changed_scenario(newsstand(), opening_share(newsstand(), share))
        assert case.company.products["paper"].opening_stock == np.floor(share * company.products["paper"].opening_stock)


def test_both_classic_rules_agree_where_there_is_a_steady_state(found):
    """The curve settles within days; MSER-5 cuts no more than the noise of a year asks for."""
    course = found.courses["on_hand"]
    assert course.cut.found
    assert course.cut.periods <= 365
    assert found.courses["position"].settled is not None


def test_the_table_and_the_curves_name_every_quantity(found):
    """For people and programs."""
    assert found.table()["quantity"].tolist() == ["on_hand", "position", "backlog"]
    assert set(found.curves()["start"]) == set(STARTS)


def test_a_replay_has_no_steady_state():
    """Said in a sentence, as is a window that smooths a year away."""
    with pytest.raises(ScenarioError, match="a replay has one past"):
        warm_up(load("giftware", {"demand.history.mode": "replay"}), "chase", replications=2)
    with pytest.raises(ScenarioError, match="replications is 1; at least 2"):
        warm_up(newsstand(), "base-stock", replications=1)
    with pytest.raises(ScenarioError, match="the window is 200 days; it must be from 1 to 91"):
        warm_up(newsstand(), "base-stock", window=200)


def test_the_command(tmp_path):
    """Text, JSON, curves as CSV and a picture."""
    words = ["warmup", "trading", "--policy", "chase", "--replications", "5", "--set", "experiment.months=18"]
    told = CliRunner().invoke(main, [*words, "--chart", str(tmp_path / "welch.svg")])
    assert told.exit_code == 0, told.output
    assert "forgets the opening stock" in told.output
    assert "Stock on hand" in (tmp_path / "welch.svg").read_text(encoding="utf-8")
    words[words.index("5")] = "2"
    record = json.loads(CliRunner().invoke(main, [*words, "--json"]).stdout)
    assert record["months"] >= 1
    assert CliRunner().invoke(main, [*words, "--csv"]).stdout.startswith("scenario,title,start,day,value")
