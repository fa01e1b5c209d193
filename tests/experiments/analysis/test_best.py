"""What is best: frontier, simultaneous comparisons, the winner's curse, replications needed."""

import numpy as np
import pytest
from made_up import number, results
from newsstand import ENTRY, WORDS, true_fill_rate

from simulator.faces.analysis import standings
from simulator.kernel.units import ScenarioError
from simulator.studies import analysis
from simulator.studies.sweep import sweep

RNG = np.random.default_rng(5)


def four(noise=0.01):
    """Service and stock of four settings: b beats a, c and d trade one for the other."""
    luck = RNG.normal(0, 0.05, 30)
    service = np.array([0.90, 0.92, 0.96, 0.98])[:, None] + luck + RNG.normal(0, noise, (4, 30))
    stock = np.array([30.0, 25.0, 33.0, 40.0])[:, None] + 20 * luck + RNG.normal(0, noise, (4, 30))
    return results([number("z", 0, 3)], ([0.0, 1, 2, 3],), {"fill_rate": service, "days_of_supply": stock})


def test_the_frontier_keeps_what_nothing_beats():
    """And says by whom the others are surely beaten."""
    table = analysis.frontier(four(0.001))
    assert table["efficient"].tolist() == [False, True, True, True]
    assert table["beaten_by"].iloc[0] == 1
    assert table["beaten_by"].iloc[1:].isna().all()
    picture = standings.draw_frontier(table, "fill_rate", "days_of_supply", "nervousness").to_dict()
    assert picture["title"]["text"] == "3 of 4 settings lie on the frontier, 1 surely beaten"


def test_noise_beats_nobody_surely():
    """Two settings that do the same: one lies inside the frontier by luck, and is not called beaten."""
    luck = RNG.normal(0, 1, (2, 2, 12))
    made = results([number("z")], ([0.0, 1.0],), {"fill_rate": luck[0], "days_of_supply": luck[1]})
    assert analysis.frontier(made)["beaten_by"].isna().all()


def test_comparisons_name_those_that_may_be_best():
    """The best first; a clear loser is not possible."""
    table = analysis.comparisons(four(0.005), "fill_rate")
    assert table["z"].tolist() == [3, 2, 1, 0]
    assert table["possible"].tolist() == [True, False, False, False]
    assert table["from_best_low"].iloc[0] >= -1e-12
    assert (table["from_best_high"].iloc[1:] == 0).all()
    stock = analysis.comparisons(four(0.005), "days_of_supply")
    assert stock["z"].iloc[0] == 1.0
    assert (stock["from_best_low"].iloc[1:] == 0).all()


def test_precision_needs_what_law_says():
    """The widest point decides; a target that is met needs no more."""
    made = four()
    table = analysis.precision(made, {"fill_rate": 0.005, "days_of_supply": 100.0}).set_index("measure")
    assert table.loc["days_of_supply", "needed"] == 30
    needed = int(table.loc["fill_rate", "needed"])
    variance = made.array("fill_rate").var(axis=1, ddof=1).max()
    assert needed == pytest.approx(1.96**2 * variance / 0.005**2, rel=0.05)
    assert set(analysis.precision(made)["measure"]) == {"fill_rate", "days_of_supply"}


def study(levels, replications):
    """A study of base stocks."""
    return {
        "name": "levels",
        "policies": ["base-stock"],
        "factors": [{"entry": ENTRY, "name": "level", "values": levels}],
        "replications": replications,
        "measures": ["fill_rate", "all_stock_value"],
        "seed": 4,
    }


@pytest.fixture
def swept(tmp_path):
    """A sweep of base stocks, its company in a file."""
    import tomlkit

    file = tmp_path / "newsstand.toml"
    file.write_text(tomlkit.dumps({key: value for key, value in WORDS.items() if key != "name"}), encoding="utf-8")
    return lambda levels, n: sweep({**study(levels, n), "scenario": str(file)}, tmp_path / "out", workers=1)


def test_the_winner_is_scored_on_fresh_luck(swept):
    """The least stock of those that surely serve 93 %, its figures near the closed form."""
    found = analysis.best_setting(swept([480.0, 520.0, 560.0, 600.0, 640.0], 30), "all_stock_value", 0.93, workers=1)
    level = found.setting[ENTRY]
    assert level == 560
    assert found.confirmed
    assert found.service <= true_fill_rate(level) + 0.01
    assert float(found.optimism.mean) == pytest.approx(float(found.fresh.mean - found.seen.mean))
    assert found.allowed == 3


def test_settings_that_do_the_same_may_all_be_the_best(swept):
    """Where nothing is ever short, more stock serves no better."""
    found = analysis.best_setting(swept([500.0, 900.0, 950.0], 5), "fill_rate", workers=1)
    assert (found.possible, found.allowed) == (2, 3)


def test_a_study_that_has_changed_is_not_scored_anew(swept, tmp_path):
    """Its winner would be another company's."""
    made = swept([500.0, 600.0], 4)
    file = tmp_path / "newsstand.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("sd = 25", "sd = 30"), encoding="utf-8")
    with pytest.raises(ScenarioError, match="has changed since"):
        analysis.best_setting(made, "fill_rate", workers=1)


def test_a_target_that_no_point_reaches_is_told(swept):
    """With the highest that there is."""
    with pytest.raises(ScenarioError, match=r"no point of the study surely has a fill_rate of 0\.99; the highest is"):
        analysis.best_setting(swept([480.0, 500.0], 4), "all_stock_value", 0.99, workers=1)


def test_one_replication_tells_nobody_from_the_best(swept):
    """Said in a sentence."""
    with pytest.raises(ScenarioError, match="has 1 replication of all points; this view needs 2"):
        analysis.best_setting(swept([480.0, 500.0], 1), "all_stock_value", workers=1)


def test_a_measure_without_direction_has_no_best():
    """Said in a sentence."""
    with pytest.raises(ScenarioError, match="forecast_bias has no better direction"):
        analysis.comparisons(four(), "forecast_bias")
