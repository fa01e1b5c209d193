"""Comparisons: paired Student intervals against hand calculation, verdicts in words."""

from contextlib import nullcontext
from importlib import import_module

import numpy as np
import pandas as pd
import pytest

from simulator.engine.play import weather_for
from simulator.engine.scenario import load
from simulator.kernel.units import ScenarioError
from simulator.kernel.workers import Serial
from simulator.planning import Policy
from simulator.results import side_by_side
from simulator.results.compare import Comparison, compare, compare_scenarios, estimate, verdict
from simulator.results.kpis import MAIN, MEASURES
from tests.engine.small import company
from tests.laws.tight import preset, scenario

comparing = import_module("simulator.results.compare")
SHORT = {"experiment.months": 3, "experiment.warm_up": 1}

T_4 = 2.7764451052
"""Student's t for 95 % and four degrees of freedom (any table)."""


def compared(name, **found):
    """A comparison of one measure with made-up results by policy."""
    policies = [Policy(name=policy) for policy in found]
    arrays = {policy: np.array([sample], dtype=float) for policy, sample in found.items()}
    lanes = len(next(iter(found.values())))
    return Comparison(
        company(), policies, list(range(lanes)), 1, "total", [(MEASURES[name], "total")], arrays, pd.DataFrame()
    )


def test_an_interval_is_students():
    """1, 2, 3, 4, 10: mean 4, variance 50 / 4, half width t sqrt(12.5 / 5)."""
    found = estimate(np.array([1.0, 2.0, 3.0, 4.0, 10.0]))
    assert found.mean == 4.0
    assert found.half == pytest.approx(T_4 * np.sqrt(12.5 / 5))
    assert (found.low, found.high) == pytest.approx((4 - T_4 * np.sqrt(2.5), 4 + T_4 * np.sqrt(2.5)))
    assert (found.p5, found.p95) == pytest.approx((1.2, 8.8))


def test_replications_without_the_measure_are_left_out():
    """What is not a number is no observation; without any there is no mean."""
    assert estimate(np.array([1.0, np.nan, 3.0])).mean == 2.0
    assert np.isnan(estimate(np.array([np.nan, np.nan])).mean)
    assert np.isnan(estimate(np.array([7.0])).half)


def test_differences_are_paired():
    """Two policies that differ by 1, 2, 3, 2, 2 in each replication: the interval is that of the five differences."""
    first, second = [10.0, 50.0, 90.0, 20.0, 70.0], [11.0, 52.0, 93.0, 22.0, 72.0]
    line = compared("stock_value", one=first, two=second).summary().iloc[1]
    half = T_4 * np.sqrt(0.5 / 5)  # differences have mean 2 and variance (1 + 0 + 1 + 0 + 0) / 4
    assert (line.difference, line.difference_low, line.difference_high) == pytest.approx((2.0, 2 - half, 2 + half))
    assert line["mean"] == pytest.approx(50.0)
    assert line.high - line.low > 50  # unpaired, nothing could be told
    assert line.verdict == "worse"


def test_a_probability_has_an_interval_that_stays_one():
    """None of twenty runs missed the contract, all of the other's did: Wilson's ends, and a difference of at most -100 points."""
    line = compared("contract_missed", one=[1.0] * 20, two=[0.0] * 20).summary().iloc[1]
    assert (line["mean"], line.low) == (0.0, 0.0)
    assert line.high == pytest.approx(0.1611, abs=5e-5)
    assert line.difference == line.difference_low == -1.0
    assert -1.0 < line.difference_high < -0.75
    assert line.verdict == "better"


def test_leaders_are_those_that_cannot_be_told_from_the_best():
    """The best mean first; then those whose paired difference from it holds 0, of whatever rank."""
    found = {
        "one": [0.90, 0.92, 0.94, 0.91],
        "two": [0.95, 0.96, 0.99, 0.97],
        "three": [0.96, 0.95, 0.99, 0.96],
    }
    told = compared("fill_rate", **found)
    assert told.leaders("fill_rate") == ["two", "three"]
    assert compared("backlog_value", **found).leaders("backlog_value") == ["one"]
    assert told.gap("fill_rate", "one", "two").mean == pytest.approx(-0.05)


@pytest.mark.parametrize(
    ("name", "sample", "word"),
    [
        ("fill_rate", [0.9, 0.8, 0.95], "better"),
        ("fill_rate", [0.4, 0.35, 0.38], "worse"),
        ("stock_value", [9.0, 9.5, 9.2], "worse"),
        ("stock_value", [0.1, 0.2, 0.15], "better"),
        ("forecast_bias", [3.0, 3.1, 3.2], "higher"),
        ("forecast_bias", [-3.0, -3.1, -3.2], "lower"),
        ("fill_rate", [0.5, 0.7, 0.6], "not distinguishable"),
        ("fill_rate", [0.6, 0.6, 0.6], "equal"),
        ("fill_rate", [np.nan, np.nan, np.nan], "not measured"),
    ],
)
def test_verdicts_in_words(name, sample, word):
    """Better and worse follow the measure's direction; where it has none, higher and lower."""
    assert compared(name, one=[0.6, 0.6, 0.6], two=sample).summary().verdict.tolist() == ["reference", word]


def test_an_interval_that_touches_nought_says_nothing():
    """A difference whose interval ends at nought is not distinguishable."""
    assert verdict(MEASURES["fill_rate"], estimate(np.array([0.0, 0.0]))) == "not distinguishable"
    assert verdict(MEASURES["fill_rate"], estimate(np.array([1.0]))) == "one replication says nothing of luck"
    assert compared("fill_rate", one=[0.6], two=[0.6]).summary().verdict.tolist() == ["reference", "equal"]


def test_sentences_say_what_a_policy_does_against_the_first():
    """Stock in percent of the first policy's, fill rate in points, each with its interval."""
    policies = [Policy(name="level"), Policy(name="chase")]
    rows = [(MEASURES["stock_value"], "total"), (MEASURES["fill_rate"], "total")]
    found = {
        "level": np.array([[200.0, 200.0, 200.0], [0.9, 0.9, 0.9]]),
        "chase": np.array([[140.0, 138.0, 136.0], [0.86, 0.86, 0.854]]),
    }
    told = Comparison(company(), policies, [0, 1, 2], 1, "total", rows, found, pd.DataFrame()).sentences()
    stock, fill = 4.30265273 * 2 / np.sqrt(3) / 2, 4.30265273 * 0.34641016 / np.sqrt(3)
    expected = (
        f"chase holds 31 % less stock [{31 - stock:.0f}, {31 + stock:.0f}] and "
        f"fills 4.2 points less [{4.2 - fill:.1f}, {4.2 + fill:.1f}] than level"
    )
    assert [*map(str, told)] == [expected]


def short(**run):
    """A comparison on four months of the tight company."""
    run = {"replications": [1, 5, 9], "measures": ["all"], **run}
    return compare(scenario(experiment__months=4), **run)


def test_the_same_policy_twice_differs_by_exactly_nothing():
    """Two names for one set of rules: no difference to the last bit, and equal everywhere."""
    result = short(policies=[preset("sop"), preset("sop").model_copy(update={"name": "twin"})])
    np.testing.assert_array_equal(result.found["sop"], result.found["twin"])
    twin = result.summary()[result.summary().policy == "twin"].dropna(subset="difference")
    assert len(twin) > 30
    chances = twin.unit == "probability"  # that no run of a hundred tells two apart does not make them equal for sure
    assert (twin[~chances][["difference", "difference_low", "difference_high"]] == 0).all(axis=None)
    assert (twin[chances].difference == 0).all()
    assert (twin[chances].difference_low < 0).all()
    assert set(twin.verdict) == {"equal"}


def test_the_order_of_policies_changes_no_number():
    """Each policy's results are its own, whoever ran before; differences only change their sign."""
    one, other = short(policies=["chase", "siloed", "pull"]), short(policies=["pull", "chase", "siloed"])
    for policy, found in one.found.items():
        np.testing.assert_array_equal(found, other.found[policy])
    there = one.summary().set_index(["measure", "policy"]).difference.xs("pull", level="policy")
    back = other.summary().set_index(["measure", "policy"]).difference.xs("chase", level="policy")
    np.testing.assert_allclose(there, -back)


def test_the_table_holds_every_replication():
    """A row for each policy, measure and replication, with the numbers of the comparison."""
    result = short(policies=["chase", "pull"], measures=["fill_rate", "bullwhip"], by="product")
    assert list(result.table.columns) == ["scenario", "policy", "replication", "product", "measure", "unit", "value"]
    assert len(result.table) == 2 * 2 * 7 * 3
    for policy in ("chase", "pull"):
        mine = result.table[result.table.policy == policy]
        np.testing.assert_array_equal(mine.value.to_numpy().reshape(14, 3), result.found[policy])
        assert mine.replication.tolist() == [1, 5, 9] * 14


class TwoInOne(Serial):
    """Two workers, who are this process."""

    workers = 2


def test_workers_find_what_is_found_here_and_draw_each_luck_once(monkeypatch):
    """Bit by bit, with the slow policy handed out first; two blocks are drawn by a worker that plays three policies in each."""
    policies = ["chase", "pull", "sop-optimised"]
    here, drawn, done = short(policies=policies), [], []
    monkeypatch.setattr(side_by_side, "parent_process", lambda: "somebody")
    monkeypatch.setattr(side_by_side, "DRAWN", {})
    monkeypatch.setattr(side_by_side, "PAPER", {})
    monkeypatch.setattr(side_by_side, "weather_for", lambda *of: drawn.append(of[2]) or weather_for(*of))
    monkeypatch.setattr(comparing, "replication_blocks", lambda _, numbers: [numbers[:2], numbers[2:]])
    monkeypatch.setattr(comparing, "crew", lambda workers: nullcontext(TwoInOne()))
    monkeypatch.setattr(comparing, "may_start_workers", lambda *_: None)
    shared = short(policies=policies, workers=2, progress=lambda *told: done.append(told))
    assert drawn == [[1, 5], [9]]
    assert done == [(k, 6) for k in range(1, 7)]
    for policy in policies:
        np.testing.assert_array_equal(shared.found[policy], here.found[policy])
    pd.testing.assert_frame_equal(shared.table, here.table)


def test_progress_is_told_to_the_end():
    """Replications done and to do, over all policies."""
    told = []
    short(policies=["chase", "pull"], progress=lambda done, of: told.append((done, of)))
    assert told == [(3, 6), (6, 6)]


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ({"policies": ["chase", "chase"]}, "'chase' is named twice"),
        ({"policies": ["chaise"]}, "chase"),
        ({"measures": ["fil_rate"]}, "fill_rate"),
        ({"by": "colour"}, "'colour'; allowed are total, product, family, segment"),
        ({"replications": []}, "at least 1"),
        ({"replications": [1, 1]}, "different numbers"),
        ({"replications": [-1]}, "at least 0"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_sentence(run, words):
    """Users err: the sentence names what is wrong and what is allowed."""
    with pytest.raises(ScenarioError, match=words):
        short(**{"policies": ["chase"], **run})


def test_one_policy_in_two_scenarios_meets_the_same_luck():
    """What the scenarios have in common is the same; the first is the reference, and each column is a run of its own."""
    base = load("giftware", SHORT)
    shut = load("giftware", {**SHORT, "segments.retailers.patience": 1})
    result = compare_scenarios(
        {"base": base, "impatient": shut}, "chase", [0, 1, 2], measures=["fill_rate", "lost_sales"]
    )
    assert result.columns == ["base", "impatient"]
    assert result.across == "scenario"
    for name, one in (("base", base), ("impatient", shut)):
        alone = compare(one, ["chase"], [0, 1, 2], measures=["fill_rate", "lost_sales"])
        np.testing.assert_array_equal(result.found[name], alone.found["chase"])
    table = result.summary()
    lost = table[(table["measure"] == "lost_sales") & (table["scenario"] == "impatient")].iloc[0]
    assert lost["difference"] > 0
    same = compare_scenarios({"one": base, "two": base}, "chase", 3, measures=["fill_rate"]).summary()
    assert set(same["verdict"]) == {"reference", "equal"}


def test_scenarios_with_other_products_are_compared_in_total_only():
    """By product there is nothing to subtract."""
    both = {name: load(name, SHORT) for name in ("giftware", "trading")}
    with pytest.raises(ScenarioError, match="the scenarios differ in what they have by product; compare them by total"):
        compare_scenarios(both, "chase", 2, measures=["fill_rate"], by="product")


def test_a_scenario_says_what_else_is_looked_at():
    """Beside the usual measures; one that is there in total only is not left out silently by product."""
    company = load("giftware", {**SHORT, "experiment.measures": ["perfect_order"]})
    assert [m.name for m, _ in compare(company, ["chase"], 2).rows] == [*MAIN, "perfect_order"]
    with pytest.raises(
        ScenarioError, match="overtime cannot be told by product; leave out --by, or name other measures"
    ):
        compare(company, ["chase"], 2, measures=["overtime"], by="product")
    with pytest.raises(ScenarioError, match="there is no measure 'perfect'"):
        compare(load("giftware", {**SHORT, "experiment.measures": ["perfect"]}), ["chase"], 2)


def test_a_part_of_the_company_gets_no_sentence():
    """Sentences speak of the whole; by product the first one's figure would pass for it."""
    found = compare(load("giftware", SHORT), ["siloed", "level"], 3, measures=["fill_rate"], by="family")
    assert found.sentences() == []
    assert compare(load("giftware", SHORT), ["siloed", "level"], 3, measures=["fill_rate"]).sentences()
