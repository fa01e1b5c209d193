"""The optimiser finds what the closed form says, keeps its promise on fresh luck, and refuses what cannot be."""

import json

import numpy as np
import pytest
from click.testing import CliRunner
from newsstand import ENTRY, newsstand, true_fill_rate, true_level, true_stock

from simulator.engine.scenario import load
from simulator.faces.cli import main
from simulator.kernel.units import ScenarioError
from simulator.results.kpis import measures_named
from simulator.studies.factors import FactorWords
from simulator.studies.optimise import optimise
from simulator.studies.trials import Trials

LEVELS = [FactorWords(entry=ENTRY, low=400.0, high=700.0)]
LOW = [FactorWords(entry=ENTRY, low=400.0, high=560.0)]


@pytest.fixture(scope="module")
def best():
    """The least stock that keeps a fill rate of 93 %."""
    return optimise(newsstand(), "base-stock", 0.93, "stock", LEVELS, replications=40, workers=1)


def test_the_setting_is_that_of_the_closed_form(best):
    """A little above the least level that would do if it were known exactly."""
    level, least = best.setting[ENTRY], true_level(0.93)
    assert least <= level <= 1.03 * least
    assert true_fill_rate(level) >= 0.93
    assert best.confirmed


def test_what_it_reports_is_on_fresh_luck(best):
    """Stock and service lie in their intervals about the closed form; no replication is met twice."""
    scores = best.scores().set_index("measure")
    level = best.setting[ENTRY]
    for measure, truth in (("fill_rate", true_fill_rate(level)), ("all_stock_value", true_stock(level))):
        low, high = scores.loc[measure, ["low", "high"]]
        slack = 0.5 * (high - low)  # an interval misses one time in twenty, this wider one hardly ever
        assert low - slack <= truth <= high + slack
    assert best.fresh.first == max(values.shape[1] for values in best.search.values)
    assert best.service_at_least >= 0.93


def test_optimism_is_what_the_search_promised_too_much(best):
    """Less stock in the search than on fresh luck is flattery; more service, too."""
    scores = best.scores().set_index("measure")
    stock, service = scores.loc["all_stock_value"], scores.loc["fill_rate"]
    assert stock["optimism_mean"] == pytest.approx(stock["mean"] - stock["search_mean"])
    assert service["optimism_mean"] == pytest.approx(service["search_mean"] - service["mean"])


def test_every_setting_that_counts_as_reaching_has_a_lower_end_above(best):
    """And the others have not."""
    table = best.settings()
    assert table["reaches"].any()
    assert not table["reaches"].all()
    assert (table.loc[table["reaches"], "fill_rate"] > 0.93).all()
    assert table["fill_rate"].is_monotonic_increasing


@pytest.mark.slow
def test_the_confidence_is_kept():
    """Of 100 searches on few replications, at most 5 confirm a setting that is too low; most do confirm one."""
    broken, sure = 0, 0
    for seed in range(100):
        found = optimise(newsstand(), "base-stock", 0.93, "stock", LEVELS, replications=10, seed=seed, workers=1)
        sure += found.confirmed
        broken += found.confirmed and true_fill_rate(found.setting[ENTRY]) < 0.93
    assert broken <= 5
    assert sure >= 80


def test_cost_weighs_more_than_stock():
    """The highest profit of a dear backlog lies above what the service asks for."""
    case = load({**newsstand().words, "name": "newsstand", "finance": {"late_penalty": 0.05}})
    cost = optimise(case, "base-stock", 0.80, "cost", LEVELS, replications=30, workers=1)
    stock = optimise(case, "base-stock", 0.80, "stock", LEVELS, replications=30, workers=1)
    assert cost.setting[ENTRY] > stock.setting[ENTRY]


def test_cost_holds_the_price_of_capital():
    """Without a price of capital the profit that is sought is EBIT before absorption; with one, it lies below."""
    found = []
    for rate in (0.0, 2.0):
        case = load(
            {
                **newsstand().words,
                "name": "newsstand",
                "finance": {"late_penalty": 0.05, "holding_rate": 2.0, "capital_rate": rate},
            }
        )
        found.append(optimise(case, "base-stock", 0.80, "cost", LEVELS, replications=30, workers=1))
    free, dear = (each.scores().set_index("measure")["mean"] for each in found)
    assert free["economic_profit"] == pytest.approx(free["ebit_before_absorption"])
    assert dear["economic_profit"] < dear["ebit_before_absorption"]
    assert found[1].difference == pytest.approx(0.001 * dear["revenue"], rel=0.05)


def test_other_entries_take_each_of_their_values():
    """A grid beside the entry that is narrowed down."""
    beside = FactorWords(entry="policy.products.fraction", values=(0.5, 1.0))
    found = optimise(newsstand(), "base-stock", 0.9, "stock", [*LEVELS, beside], replications=10, workers=1)
    tried = {setting["policy.products.fraction"] for setting in found.search.settings}
    assert tried == {0.5, 1.0}


def test_progress_reaches_its_end():
    """Whoever waits sees how far it is."""
    seen = []
    optimise(
        newsstand(), "base-stock", 0.9, "stock", LEVELS, replications=10, workers=1, progress=lambda *s: seen.append(s)
    )
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1][0] <= seen[-1][1]


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"service": 97}, "the service target is 97; it must be a share above 0 and below 1, such as 0.97"),
        ({"service": 0.9999, "search": LOW}, "no setting of policy 'base-stock' surely reaches a fill rate of 99.99 %"),
        ({"confidence": 1.5}, "the confidence is 1.5; it must be above 0.5 and below 1"),
        ({"minimise": "forecast_bias"}, "forecast_bias has no better direction"),
        ({"replications": 1}, "replications is 1; a search needs at least 5"),
        ({"difference": 0.0}, "the difference worth finding is 0; it must be above 0"),
        ({"budget": 0}, "the budget is 0 runs; it must be at least 1"),
        ({"minimise": "nervousness"}, "policy 'base-stock' gives no plan nervousness"),
        ({"service_measure": "plan_attainment"}, "policy 'base-stock' gives no plan attainment"),
        ({"minimise": "costs"}, "there is no measure 'costs'"),
        ({"service_measure": "bullwhip"}, "bullwhip is no measure of service"),
        ({"search": []}, "the safety stock of policy 'base-stock' is 'none', which has no number to search"),
        ({"search": [FactorWords(entry=ENTRY, values=(500.0, 600.0))]}, "needs a range"),
        ({"search": [*LEVELS, FactorWords(entry="policy.products.fraction", low=0.1, high=1.0)]}, "give the values"),
        ({"search": [FactorWords(entry="policy.products.frction", low=0.1, high=1.0)]}, "has no entry"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(wanted, sentence):
    """Before much is run."""
    asked = {"service": 0.9, "minimise": "stock", "search": LEVELS, "replications": 5, "workers": 1, **wanted}
    with pytest.raises(ScenarioError, match=sentence.replace(".", r"\.")):
        optimise(newsstand(), "base-stock", **asked)


def test_a_difference_that_luck_hides_is_given_up(monkeypatch):
    """Nothing runs for ever."""
    monkeypatch.setattr("simulator.studies.optimise.REPLICATION_LIMIT", 40)
    with pytest.raises(ScenarioError, match="40 replications do not tell settings apart"):
        optimise(newsstand(), "base-stock", 0.9, "stock", LEVELS, replications=5, difference=1e-9, workers=1)


def test_a_budget_is_spent_and_no_difference_promised():
    """So many more runs, to where they tell most."""
    found = optimise(newsstand(), "base-stock", 0.9, "stock", LEVELS, replications=10, budget=60, workers=1)
    assert sum(values.shape[1] - 10 for values in found.search.values) == 60
    assert found.difference is None
    assert true_level(0.9) <= found.setting[ENTRY] <= 1.06 * true_level(0.9)


def test_trials_run_nothing_twice():
    """A setting that is known is not run again; going on gives the same values as running at once."""
    counted = []
    once = Trials(newsstand(), newsstand().policy("base-stock"), 3, measures_named(["fill_rate"]), told=counted.append)
    once.add([{ENTRY: 500.0}, {ENTRY: 600.0}], 4)
    assert once.add([{ENTRY: 600.0}, {ENTRY: 700.0}], 4) == [1, 2]
    once.extend([0, 1], 9)
    assert counted == [2, 1, 2]
    again = Trials(newsstand(), newsstand().policy("base-stock"), 3, measures_named(["fill_rate"]))
    again.add([{ENTRY: 600.0}], 9)
    np.testing.assert_array_equal(once.of(1, "fill_rate"), again.of(0, "fill_rate"))
    assert once.values[2].shape == (1, 4)


# The command


def test_the_command_says_setting_cost_and_confidence():
    """In words, and for programs."""
    words = [
        "optimise",
        "trading",
        "--policy",
        "chase",
        "--service",
        "0.9",
        "--replications",
        "10",
        "--difference",
        "9000",
    ]
    words += ["--workers", "1", "--factor", "policy.safety_stock.z=0.5:2.5"]
    words += ["--set", "experiment.months=14", "--set", "experiment.warm_up=4"]
    told = CliRunner().invoke(main, words)
    assert told.exit_code == 0, told.output
    for part in (
        "policy.safety_stock.z = ",
        "Economic profit, EUR/year",
        "EUR/year or more (Kim",
        "with 95 % confidence",
        "optimism",
    ):
        assert part in told.output
    record = json.loads(CliRunner().invoke(main, [*words, "--json"]).stdout)
    assert record["confirmed"] == (record["service_at_least"] >= 0.9)
    assert len(record["settings"]) >= 6
    assert (
        CliRunner()
        .invoke(main, [*words, "--csv"])
        .stdout.startswith("scenario,policy.safety_stock.z,replications,fill_rate")
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--factor", "policy.safety_stock.z"], "must be ENTRY=LOW:HIGH or ENTRY=A,B,C"),
        (["--factor", "policy.safety_stock.z=1:x"], "a range must be LOW:HIGH, two numbers"),
        (["--factor", "policy.safety_stock.z=3:1"], "low must be below high"),
        (["--factor", "policy.safety_stock.z=1:9"], "it must be from 0 to 6"),
        (["--by-product", "--factor", "policy.safety_stock.z=1:2"], "leave --factor out"),
    ],
)
def test_wrong_words_end_with_status_2(words, sentence):
    """One sentence, no traceback."""
    told = CliRunner().invoke(main, ["optimise", "trading", "--policy", "chase", "--service", "0.9", *words])
    assert told.exit_code == 2
    assert sentence in told.output
    assert "Traceback" not in told.output
