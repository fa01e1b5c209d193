"""The value bridge: bars add up, and a switch that changes nothing has none."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner

from simulator import bridge as build
from simulator import compare
from simulator.engine.scenario import load, preset
from simulator.faces.cli import main
from simulator.kernel.messages import rounded
from simulator.kernel.units import ScenarioError
from simulator.kernel.workers import Serial
from simulator.planning import Policy
from simulator.results.bridge import BRIDGE_REASONS, Bridge, elements, policy_with_elements
from simulator.results.bridge_words import bar_words, idle_words, step_words, told_of, whole_words
from simulator.results.equal_bridge import expected_setting
from simulator.results.equal_service import Outcome
from simulator.results.estimates import estimate
from simulator.results.forecast_value import forecast_value, stage_words
from simulator.results.kpis import MEASURES, measures_named
from simulator.results.kpis.sources import SOURCES
from simulator.results.meeting_cost import meeting_hours_a_year, meetings_cost
from simulator.results.money_words import largest_sources
from simulator.results.side_by_side import scored
from simulator.results.target import CommonTarget

FEW = ("safety-stock", "smoothing", "frozen-zone")


@pytest.fixture(scope="module")
def company():
    """A small company with a season and a bottleneck."""
    return load(
        {
            "company": {"name": "small"},
            "products": {
                name: {
                    "price": 10.0,
                    "unit_cost": 6.0,
                    "opening_stock": 200.0,
                    "make": {"hours": {"line": 0.02}, "lead_time": 2},
                }
                for name in ("a", "b")
            },
            "resources": {"line": {"hours": 1.4, "overtime": 0.2}},
            "demand": {
                "everyday": [
                    {
                        "product": name,
                        "segment": "customers",
                        "daily": {"law": "poisson", "mean": 30.0},
                        "pattern": {"season": [0.6, 0.6, 0.8, 0.9, 1, 1, 1, 1, 1.1, 1.3, 1.5, 1.2], "swing": 0.2},
                    }
                    for name in ("a", "b")
                ]
            },
            "experiment": {"months": 18, "warm_up": 6, "history": 12, "replications": 6},
        }
    )


@pytest.fixture(scope="module")
def bridged(company):
    """Three elements between siloed and smoothed S&OP, each combination with the buffer that it has."""
    return build(company, replications=6, parts=FEW, workers=1, as_run=True)


@pytest.fixture(scope="module")
def equal(company):
    """Two elements, every combination at the service of the contract."""
    return build(company, replications=6, parts=("safety-stock", "frozen-zone"), workers=1)


def test_bars_add_up_to_the_total(bridged):
    """In every measure and replication, to rounding."""
    np.testing.assert_allclose(
        sum(bridged.worth.values()), bridged.total, rtol=0, atol=1e-9 * np.abs(bridged.total).max()
    )
    np.testing.assert_allclose(
        sum(bridged.ladder.values()), bridged.total, rtol=0, atol=1e-9 * np.abs(bridged.total).max()
    )


def test_elements_differ_in_worth(bridged):
    """No bar is copied from another: each element does something of its own."""
    worth = [bar[1].mean() for bar in bridged.worth.values()]
    assert len({round(bar, 9) for bar in worth}) == len(FEW)
    assert all(bar != 0 for bar in worth)


def test_a_switch_that_changes_nothing_has_a_bar_of_zero(company):
    """From a policy to itself but for one element, all other bars are exactly zero."""
    base = preset("siloed")
    full = base.model_copy(update={"safety_stock": preset("sop").safety_stock, "name": "buffered"})
    found = build(company, base, full, replications=3, parts=FEW, workers=1, as_run=True)
    assert (found.worth["smoothing"] == 0).all()
    assert (found.worth["frozen-zone"] == 0).all()
    assert (found.worth["safety-stock"] != 0).any()


def glove_game(names, reasons=False):
    """Two left gloves and a right one, as elements of S&OP: a pair is worth 1 in one run and 3 in the other."""
    known = {element.name: element for element in elements()}
    parts = [known[name] for name in names]
    combos = [frozenset(n for n, bit in zip(names, f"{k:03b}", strict=True) if bit == "1") for k in range(8)]
    worth = {on: float(names[2] in on and len(on) > 1) for on in combos}
    value = {on: np.array([[pair, 3 * pair]]) for on, pair in worth.items()}
    policy = Policy(name="x")
    game = Bridge(load("trading"), policy, policy, parts, measures_named(["ebit_before_absorption"]), [0, 1], 1, value)
    if reasons:
        sizes = {"ebit_before_absorption": 1.0, "profit_customers": 5.0, "profit_stock": -4.0, "all_stock_value": 10.0}
        by_name = np.array([sizes.get(name, 0.0) for name in BRIDGE_REASONS])
        game.reasons = {on: by_name[:, None] * value[on] * 1000 for on in combos}
    return game


def test_shapley_values_by_hand():
    """The glove game, each glove a block of its own: Shapley values 1/6, 1/6, 4/6 of a pair."""
    names = ["consensus", "capacity", "safety-stock"]
    game = glove_game(names)
    assert [game.worth[name].tolist() for name in names] == [
        [pytest.approx([share, 3 * share])] for share in (1 / 6, 1 / 6, 4 / 6)
    ]
    assert [bar.share[0, 0] for bar in game.block_bars] == pytest.approx([1 / 6, 1 / 6, 4 / 6])


def test_a_block_bargains_as_one_by_hand():
    """A left and the right glove in one block, the other left one outside: of the four orders that keep the block together the right
    one makes the pair in three, the left one of the block in one (Owen 1977)."""
    names = ["safety-stock", "capacity", "decisions"]
    game = glove_game(["safety-stock", "capacity", "decisions"])
    found = {bar.name: [float(reading[0, 0]) for reading in (bar.share, bar.alone, bar.last)] for bar in game.bars}
    assert found == {
        "safety-stock": pytest.approx([0, 0, 0]),
        "capacity": pytest.approx([1 / 4, 0, 0]),
        "decisions": pytest.approx([3 / 4, 0, 1]),
    }
    blocks = {
        bar.name: [float(reading[0, 0]) for reading in (bar.share, bar.alone, bar.last)] for bar in game.block_bars
    }
    assert blocks == {"plan": pytest.approx([1, 1, 1]), "buffers": pytest.approx([0, 0, 0])}
    assert sorted(game.worth) == sorted(names)


def test_a_table_holds_all_readings():
    """Over two runs, 1/4 and 3/4: a mean of .5, and an interval of 12.7 standard errors of .25 to either side."""
    bars = glove_game(["safety-stock", "capacity", "decisions"]).table().set_index("element")
    assert bars.loc["capacity", ["value", "alone", "last"]].tolist() == pytest.approx([0.5, 0, 0])
    assert bars.loc["capacity", "high"] == pytest.approx(0.5 + 12.7062 * 0.25, rel=1e-4)
    assert bars.loc["decisions", ["value", "alone", "last", "last_low"]].tolist() == pytest.approx(
        [1.5, 0, 2, 2 - 12.7062], rel=1e-4
    )
    assert bars.loc["decisions", "block"] == "plan"


def test_an_element_without_effect_is_folded_into_a_line():
    """The left glove outside never makes a pair of its own."""
    game = glove_game(["safety-stock", "capacity", "decisions"], reasons=True)
    assert [part.name for part in game.idle] == ["safety-stock"]
    assert str(idle_words(game)) == "No effect here: statistical safety stock."
    assert bar_words(game, next(bar for bar in game.bars if bar.name == "safety-stock")) is None
    assert idle_words(glove_game(["consensus", "capacity", "safety-stock"])) is None


def test_sentences_say_where_the_money_comes_from():
    """A pair is worth 1,000 and 3,000: 2,000 +- 12,706 in all, of which 10,000 from customers and -8,000 for stock."""
    game = glove_game(["safety-stock", "capacity", "decisions"], reasons=True)
    (whole,) = map(str, whole_words(game))
    assert whole == (
        "From x to x: +2,000 [-10,700, +14,700] EUR a year before absorption; it pays in 100 of 100 runs of 24 months."
    )
    told = told_of(game)
    assert str(told["blocks"][0]) == (
        "One feasible plan: no sure effect on profit, +2,000 [-10,700, +14,700] EUR a year (from customers +10,000; for stock "
        "-8,000). Only this: +2,000 [-10,700, +14,700]; as the last one: +2,000 [-10,700, +14,700]."
    )
    assert [str(each).split(":")[0] for each in told["elements"]] == [
        "Capacity check, one plan for production, purchasing and people", "Executives decide", "No effect here",
    ]  # fmt: skip
    sure = {on: reasons[:, :1].repeat(2, axis=1) for on, reasons in game.reasons.items()}
    game = glove_game(["safety-stock", "capacity", "decisions"])
    game.reasons = sure
    block = str(told_of(game)["blocks"][0])
    assert block.startswith(
        "One feasible plan earns: +1,000 [+1,000, +1,000] EUR a year (from customers +5,000; for stock -4,000; "
    )
    assert "all stock +10,000 EUR)" in block
    game = glove_game(["safety-stock", "capacity", "decisions"])
    game.reasons = {on: -reasons for on, reasons in sure.items()}
    assert str(told_of(game)["blocks"][0]).startswith("One feasible plan costs: -1,000 [-1,000, -1,000] EUR a year")
    last = next(bar for bar in game.bars if bar.name == "decisions")
    assert str(step_words(game, last)).startswith(
        "It costs -1,000 [-1,000, -1,000] EUR a year here: from customers -5,000; for"
    )
    game = glove_game(["safety-stock", "capacity", "decisions"])
    game.reasons = sure
    assert step_words(game, last) is None


def test_the_share_of_runs_counts_what_came():
    """At the target 1,000 and 3,000, 2,000 on average; -500 and 2,500 came, 1,000 on average: moved by 1,000 it paid in both.
    Of -3,000 and 5,000, in one."""
    game = glove_game(["safety-stock", "capacity", "decisions"], reasons=True)
    every = frozenset(part.name for part in game.parts)
    for came, share in ((np.array([-500.0, 2500.0]), 100), (np.array([-3000.0, 5000.0]), 50)):
        game.money_as_scored = {frozenset(): np.zeros(2), every: came}
        (whole,) = map(str, whole_words(game))
        assert f"+2,000 [-10,700, +14,700] EUR a year before absorption; it pays in {share} of 100 runs" in whole


def test_the_largest_sources_are_named_by_size():
    """A loss of 8,000 is larger than a gain of 5,000."""
    gaps = [("profit_customers", 5000.0), ("profit_stock", -8000.0), ("profit_way", 100.0)]
    told = largest_sources([(name, estimate(np.array([gap, gap]))) for name, gap in gaps], 2)
    assert [*map(str, told)] == ["for stock -8,000", "from customers +5,000"]


def test_meetings_cost_hours_of_people(company, bridged):
    """Eight people, two hours, five meetings, twelve cycles: 960 hours at 50; nobody meets in silos, nor where all lies on one day."""
    finance = company.company.finance
    assert meeting_hours_a_year(finance, preset("siloed")) == 0
    assert meeting_hours_a_year(finance, preset("sop")) == 8 * 2 * 5 * 12
    quarterly = preset("sop").model_copy(update={"cycle_months": 3})
    assert meetings_cost(finance, quarterly) == 8 * 2 * 5 * 4 * 50
    assert len([*whole_words(bridged)]) == 1  # without the element of speed nobody meets


def test_bars_of_a_block_add_up_to_it(bridged):
    """To a hundredth of a cent of what is earned: in every measure and replication."""
    for bar in bridged.block_bars:
        parts = sum(
            bridged.worth[name] for block in bridged.blocks if block.name == bar.name for name in block.elements
        )
        np.testing.assert_allclose(bar.share, parts, rtol=0, atol=1e-4)
    np.testing.assert_allclose(sum(bar.share for bar in bridged.block_bars), bridged.total, rtol=0, atol=1e-4)


def test_readings_are_runs_of_their_own(company, bridged):
    """Alone: the base policy with one element; as the last one: all elements against all but one."""
    known = {element.name: element for element in elements()}
    base, full = preset("siloed"), preset("sop-smoothed")
    sets = [(), ("smoothing",), FEW, ("safety-stock", "frozen-zone")]
    policies = [policy_with_elements(base, full, [known[name] for name in names]) for names in sets]
    found = scored(company, policies, range(6), 1, ["ebit_before_absorption"], Serial())
    row = [measure.name for measure in bridged.measures].index("ebit_before_absorption")
    bar = next(bar for bar in bridged.bars if bar.name == "smoothing")
    np.testing.assert_array_equal(bar.alone[row], (found[1] - found[0])[0])
    np.testing.assert_array_equal(bar.last[row], (found[2] - found[3])[0])


def test_all_elements_switched_on_are_the_full_policy():
    """What differs between siloed and S&OP is covered by the elements."""
    base, full = preset("siloed"), preset("sop-smoothed")
    whole = policy_with_elements(base, full, elements())
    same = {"name": "", "note": ""}
    assert whole.model_copy(update=same) == full.model_copy(update=same)


def test_an_unknown_element_is_refused(company):
    """With the nearest names."""
    with pytest.raises(ScenarioError, match="there is no element 'smothing' of S&OP; did you mean smoothing"):
        build(company, parts=["smothing"])


def test_every_combination_is_at_the_contracts_service(company, equal):
    """On the luck of the search to half a point; scored on replications that no setting was chosen by."""
    assert equal.at == CommonTarget("fill_rate", company.experiment.service_target)
    assert equal.replications == list(range(6, 12))
    assert [one.outcome for one in equal.tuned.values()] == [Outcome.REACHED] * 4
    assert not equal.unequal
    policies = [one.policy for one in equal.tuned.values()]
    found = scored(company, policies, range(6), 1, ["fill_rate"], Serial())
    assert [rates.mean() for rates in found] == pytest.approx([0.95] * 4, abs=5e-3)
    np.testing.assert_allclose(sum(equal.worth.values()), equal.total, atol=1e-9 * np.abs(equal.total).max())
    row = [measure.name for measure in equal.measures].index("fill_rate")
    fresh = scored(company, policies, equal.replications, 1, ["fill_rate", "ebit_before_absorption"], Serial())
    money = [measure.name for measure in equal.measures].index("ebit_before_absorption")
    for (on, one), (rates, profit) in zip(equal.tuned.items(), fresh, strict=True):
        np.testing.assert_array_equal(one.reached, rates)
        np.testing.assert_allclose(equal.value[on][row], 0.95, atol=1e-12)
        price = one.prices["ebit_before_absorption"]
        np.testing.assert_allclose(equal.value[on][money], profit - price * (rates - 0.95), rtol=1e-9)


def test_a_bridge_of_policies_as_they_run(company):
    """Its ends are what a comparison finds, on the same replications."""
    found = build(company, replications=3, parts=FEW, measures=["fill_rate", "ebit"], workers=1, as_run=True)
    assert (found.at, found.tuned, found.replications) == (None, {}, [0, 1, 2])
    np.testing.assert_array_equal(
        found.value[frozenset()], compare(company, ["siloed"], 3, measures=["fill_rate", "ebit"]).found["siloed"]
    )


def test_a_combination_begins_where_its_neighbours_say():
    """None at z = 1, a at 1.5, b at .8: both at 1.5 x .8 / 1; three elements from the pairs, each over what it has in common."""
    settings = {"": 1.0, "a": 1.5, "b": 0.8, "c": 1.1, "ab": 1.2, "ac": 1.6, "bc": 0.9}
    found = {frozenset(on): setting_found(z) for on, z in settings.items()}
    policy = preset("sop")
    assert expected_setting(frozenset("ab"), policy, found) == pytest.approx(1.2)
    # 1.2 x 1.6 / 1.5 = 1.28, 1.2 x .9 / .8 = 1.35, 1.6 x .9 / 1.1 = 1.31
    assert expected_setting(frozenset("abc"), policy, found) == pytest.approx(1.6 * 0.9 / 1.1)
    assert expected_setting(frozenset("a"), policy, found) == 1.0
    assert expected_setting(frozenset("a"), preset("siloed"), found) is None


def test_a_search_without_success_says_nothing_of_its_neighbours():
    """With a out of reach at z = 4, only b speaks for both; with b beyond the target at no buffer, nobody does."""
    found = {frozenset(): setting_found(1.0), frozenset("b"): setting_found(0.8)}
    found[frozenset("a")] = setting_found(4.0, Outcome.OUT_OF_REACH)
    assert expected_setting(frozenset("ab"), preset("sop"), found) == 0.8
    found[frozenset("b")] = setting_found(0.0, Outcome.ABOVE)
    assert expected_setting(frozenset("ab"), preset("sop"), found) is None
    found = {frozenset(on): setting_found(z) for on, z in {"": 0.0, "a": 1.5, "b": 0.8}.items()}
    assert expected_setting(frozenset("ab"), preset("sop"), found) == pytest.approx(1.15)  # no proportion to nothing


def setting_found(z, outcome=Outcome.REACHED):
    """A combination that a search left at a safety factor."""
    return SimpleNamespace(setting=z, buffer=SimpleNamespace(entry="safety_stock.z"), outcome=outcome)


def test_the_command_tells_the_settings_of_both_ends():
    words = ["bridge", "trading", "--element", "safety-stock", "--replications", "3", "--workers", "1", "--months", "6"]
    words += ["--warm-up", "2", "--measure", "ebit"]
    told = CliRunner().invoke(main, [*words, "--json", "--at", "fill_rate=0.9"])
    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)
    assert found["inputs"]["at"] == {"fill_rate": 0.9}
    assert [row["entry"] for row in found["settings"]] == ["safety_stock.days", "safety_stock.z"]
    plain = CliRunner().invoke(main, [*words, "--json", "--as-run"])
    assert "settings" not in json.loads(plain.stdout)
    both = CliRunner().invoke(main, [*words, "--as-run", "--at", "fill_rate=0.9"])
    assert both.exit_code == 2
    assert "--at and --as-run exclude each other" in both.output


def test_forecast_value_is_told_at_equal_service(company):
    """Each stage has a setting of its own."""
    found = forecast_value(company, replications=2, at="fill_rate=0.9", workers=1)
    assert found.at == CommonTarget("fill_rate", 0.9)
    assert set(found.tuned) == {"naive", "statistical", "sales", "consensus"}
    gap = found.gap("ebit_before_absorption", "sales", "naive").mean
    words = str(stage_words(found))
    assert words.startswith(
        "With fill rate 90.0 % for all, in EUR a year before absorption against the naive forecast: statistical "
    )
    assert f"; sales {rounded(gap)} [" in words
    sources = {name: found.gap(name, "sales", "naive").mean for name in SOURCES}
    assert sum(sources.values()) == pytest.approx(gap)
    first, second, *_ = sorted(sources, key=lambda name: -abs(sources[name]))
    told = [f"{MEASURES[name].title.lower()} {rounded(sources[name])}" for name in (first, second)]
    assert f"({told[0]}; {told[1]}; forecast error" in words.split("; sales ")[1]
    assert words.count("forecast error") == 3


def test_forecast_value_runs_the_company_on_each_stage(company):
    """Each stage's forecast error is that of the forecast that the company really planned on."""
    found = forecast_value(company, replications=3, as_run=True)
    assert [policy.name for policy in found.policies] == ["naive", "statistical", "sales", "consensus"]
    assert found.rows[0][0].name == "forecast_wmape"
    errors = [found.found[policy.name][0].mean() for policy in found.policies]
    assert len({round(float(error), 9) for error in errors}) == 4
    with pytest.raises(ScenarioError, match="has no stages"):
        forecast_value(company, "chase")


def test_elements_in_which_policies_agree_are_worth_nothing(company):
    """Ten elements, two that differ: four combinations are run, the other elements are worth exactly nothing."""
    full = policy_with_elements(preset("siloed"), preset("sop-smoothed"), [e for e in elements() if e.name in FEW[:2]])
    found = build(
        company, "siloed", full.model_copy(update={"name": "better"}), 2, measures=["fill_rate"], workers=1, as_run=True
    )
    assert (len(found.parts), len(found.value), found.combinations) == (10, 192, 4)
    assert {part.name for part in found.idle} == {part.name for part in found.parts} - {*FEW[:2]}
    np.testing.assert_allclose(sum(found.worth.values()), found.total, atol=1e-12)
