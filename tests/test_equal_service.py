"""Policies at equal service: the first crossing, what cannot be reached, fresh luck, and targets that are refused."""

import json
import tomllib

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from simulator import compare, load
from simulator.engine.scenario import preset
from simulator.faces.cli import main
from simulator.kernel.units import ScenarioError
from simulator.kernel.workers import Growing, Serial, crew
from simulator.results.alternatives import compare_alternatives
from simulator.results.compare import compared
from simulator.results.comparison import Comparison
from simulator.results.equal_service import Bench, Outcome, Search, Tuned, fresh_numbers, pilot_of, settle, tuned_to
from simulator.results.equal_words import policy_text, settings_table
from simulator.results.exchange import exchange, usual_settings
from simulator.results.kpis import MEASURES
from simulator.results.side_by_side import alike, answer, scored
from simulator.results.target import CommonTarget, target_of

NUMBERS = list(range(40))


class Told(Bench):
    """A bench on which a curve says what each setting reaches."""

    def tries(self, wanted, numbers):
        """Nobody needs to be asked."""
        for search, settings in wanted:
            search.tried |= {place: self.curve(place) for place in settings}
            self.most = max(getattr(self, "most", 0), len(search.tried))
        yield from ()


def searched(curve, target="fill_rate=0.9", guess=None, numbers=NUMBERS):
    """A search for a factor z on a curve."""
    search = Search(preset("sop"), target_of(target), guess)
    bench = Told(None, search.target, 1, Serial())
    bench.curve = curve
    settle([search], bench, numbers)
    return search.found()


@pytest.mark.parametrize("guess", [None, 0.1, 3.9])
def test_a_setting_is_found_to_a_tenth_of_a_point(guess):
    """Odds of a fill rate that grow e-fold a unit of z from .7 on: 90 % at ln(9 / (7 / 3)) = 1.350."""

    def curve(z):
        return 1 / (1 + 3 / 7 * np.exp(-z))

    found = searched(curve, guess=guess)
    assert found.outcome is Outcome.REACHED
    assert found.setting == pytest.approx(np.log(27 / 7), abs=1e-6)
    assert curve(found.setting) == pytest.approx(0.9, abs=1e-3)


def test_a_curve_that_is_no_line_is_followed():
    """A fill rate that saturates: 1 - .4 / (1 + z)^3 is 95 % where (1 + z)^3 = 8."""
    found = searched(lambda z: 1 - 0.4 / (1 + z) ** 3, "fill_rate=0.95")
    assert 1 - 0.4 / (1 + found.setting) ** 3 == pytest.approx(0.95, abs=1e-3)


def test_the_price_of_service_is_read_from_the_nearest_settings_told_apart():
    """Sought at z 1.19: 1.21 lies .05 points beside 1.2 and says nothing, 1.0 lies two points below: 40 for .02 is 2,000 a unit of fill."""
    search = Search(preset("sop"), target_of("fill_rate=0.95"), place=1.19)
    search.tried = {0.5: 0.85, 1.0: 0.93, 1.2: 0.95, 1.21: 0.9505}
    money = {0.5: -90.0, 1.0: 100.0, 1.2: 140.0, 1.21: 170.0}
    search.beside = {z: np.array([figure, search.tried[z]]) for z, figure in money.items()}
    np.testing.assert_allclose(search.prices(), [2000.0, 1.0])
    search.outcome = Outcome.REACHED
    assert search.narrowed() == [1.19]
    search.tried, search.beside = {1.19: 0.94}, {1.19: np.array([120.0, 0.94])}
    np.testing.assert_allclose(search.prices(), [2000.0, 1.0])  # one setting on all replications: the pilot tells
    search.pilot = {}, {}
    assert search.prices().size == 0


def test_a_measure_that_is_missing_in_a_run_keeps_its_price():
    """Known in one of two replications it is 4 there; known in none it stays unknown."""
    figures = np.array([[0.9, 0.9], [np.nan, 4.0], [np.nan, np.nan]])
    search = Search(preset("sop"), target_of("fill_rate=0.9"))
    talk = Bench(None, search.target, 1, Serial(), beside=["inventory_turns", "yield"]).tries([(search, [1.0])], [0, 1])
    (policy,), numbers = next(talk)
    assert (policy.buffer().amount, numbers) == (1.0, [0, 1])
    with pytest.raises(StopIteration):
        talk.send([figures])
    assert search.tried == {1.0: 0.9}
    np.testing.assert_array_equal(search.beside[1.0], [4.0, np.nan])


@pytest.mark.parametrize(("share", "settings"), [(0.95, 6), (0.9, 6), (0.5, 3)])
def test_few_replications_find_a_setting_in_few_rounds(share, settings):
    """A fill rate that saturates from .6 on, 1 - .4 / (1 + z)^3: three settings, the place on a line and one below it, and one more."""
    found = searched(lambda z: 1 - 0.4 / (1 + z) ** 3, f"fill_rate={share}", numbers=range(12))
    assert len(found.tried) <= settings
    if settings > 3:
        assert 1 - 0.4 / (1 + found.setting) ** 3 == pytest.approx(share, abs=2e-3)
    else:
        assert (found.outcome, found.setting) == (Outcome.ABOVE, 0.0)


def test_few_replications_find_the_first_crossing_and_the_highest():
    """As many do: .9 at z = 1 and at 3; .85 at most."""
    assert searched(lambda z: 0.95 - 0.05 * (z - 2) ** 2, numbers=range(12)).setting == pytest.approx(1.0, abs=0.03)
    found = searched(lambda z: 0.85 - 0.02 * (z - 2) ** 2, numbers=range(12))
    assert found.outcome is Outcome.OUT_OF_REACH
    assert found.setting == pytest.approx(2.0, abs=0.35)


def test_the_first_crossing_from_below():
    """Service that rises to .95 at z = 2 and falls after that crosses .9 at 1 and at 3: the lesser stock is taken."""
    found = searched(lambda z: 0.95 - 0.05 * (z - 2) ** 2)
    assert found.outcome is Outcome.REACHED
    assert found.setting == pytest.approx(1.0, abs=0.03)


def test_what_cannot_be_reached_is_told_with_the_highest():
    """Hours bind: .85 at z = 2, and less on either side."""
    found = searched(lambda z: 0.85 - 0.02 * (z - 2) ** 2)
    assert found.outcome is Outcome.OUT_OF_REACH
    assert found.setting == pytest.approx(2.0, abs=0.35)


def test_a_policy_above_the_target_without_a_buffer():
    found = searched(lambda z: 0.93 + 0.01 * z)
    assert (found.outcome, found.setting) == (Outcome.ABOVE, 0.0)


def test_a_chance_to_miss_falls_and_stock_rises():
    assert searched(lambda z: 0.8 - 0.2 * z, "contract_missed=0.3").setting == pytest.approx(2.5, abs=0.05)
    found = searched(lambda z: 20_000 * np.exp(0.4 * z), "all_stock_value=40000")
    assert found.setting == pytest.approx(np.log(2) / 0.4, abs=1e-6)


def test_replications():
    """The fourth part pilots, at least twelve; the score is on as many that no setting was chosen by."""
    assert len(pilot_of(range(100))) == 25
    assert len(pilot_of(range(20))) == 12
    assert fresh_numbers([0, 1, 2]) == [3, 4, 5]
    assert fresh_numbers([7, 3]) == [8, 9]


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("fill=0.9", "to which no buffer can be set; allowed are fill_rate, otif, contract_missed, all_stock_value"),
        ("ebit=3", "to which no buffer can be set"),
        ("fill_rate=95", "it must be above 0 and below 1"),
        ("fill_rate=1", "it must be above 0 and below 1"),
        ("contract_missed=0", "it must be above 0 and below 1"),
        ("all_stock_value=-3", "it must be above 0"),
        ("fill_rate", "it must be one number"),
        ("fill_rate=nan", "it must be one number"),
        ("fill_rate=0.9,0.95", "one number, the same for all policies"),
        ({"fill_rate": np.array([0.9, 0.95])}, "one number, the same for all policies"),
        ({"fill_rate": {"sop": 0.9, "siloed": 0.95}}, "one number, the same for all policies"),
        ({"sop": 0.9, "siloed": 0.95}, "policies are brought to one"),
        ({"fill_rate": 0.9, "otif": 0.9}, "names 2 targets; policies are brought to one"),
    ],
)
def test_bad_targets_are_refused_in_a_sentence(at, told):
    """Unknown measures, figures that cannot be, two targets, unequal ones, one for each lane."""
    with pytest.raises(ScenarioError, match=told):
        target_of(at)


def test_targets_are_read_in_every_form():
    assert target_of("fill_rate = .95") == target_of({"fill_rate": 0.95}) == CommonTarget("fill_rate", 0.95)
    assert target_of(CommonTarget("otif", 0.9)) == CommonTarget("otif", 0.9)


# --- on a company ---


@pytest.fixture(scope="module")
def firm():
    return load("trading", {"experiment.months": 12, "experiment.warm_up": 4, "experiment.replications": 12})


def test_scores_side_by_side_are_those_of_each_alone(firm):
    """To the last bit, whatever shares a run."""
    policies = [preset(name).with_buffer(amount) for name in ("siloed", "sop") for amount in (0.0, 0.9, 2.0)]
    together = scored(firm, policies, range(3), 1, ["fill_rate", "ebit"], Serial())
    for policy, found in zip(policies, together, strict=True):
        alone = compare(firm, [policy], 3, measures=["fill_rate", "ebit"])
        np.testing.assert_array_equal(found, alone.found[policy.name])


@pytest.mark.parametrize("workers", [1, 2])
def test_nobody_waits_for_the_answers_of_the_others(firm, workers):
    """One asks three times, one for nothing and then once, one never; each is told what scores alone are, to the last bit."""
    told = {"thrice": [], "once": []}

    def thrice():
        for amount in (0.0, 0.9, 2.0):
            told["thrice"] += yield [preset("sop").with_buffer(amount)], range(3)

    def once():
        assert (yield [], range(3)) == []
        told["once"] += yield [preset("siloed"), preset("chase")], range(2, 4)

    def never():
        yield from ()

    with crew(workers) as hands:
        answer([thrice(), once(), never()], firm, 1, ["fill_rate", "ebit"], hands)
    three = [preset("sop").with_buffer(amount) for amount in (0.0, 0.9, 2.0)]
    wanted = scored(firm, three, range(3), 1, ["fill_rate", "ebit"], Serial())
    np.testing.assert_array_equal(told["thrice"], wanted)
    wanted = scored(firm, [preset("siloed"), preset("chase")], range(2, 4), 1, ["fill_rate", "ebit"], Serial())
    np.testing.assert_array_equal(told["once"], wanted)


def test_what_goes_wrong_in_a_piece_is_raised(firm):
    """Whoever asked is not told."""

    def asks():
        yield [preset("sop")], range(2)

    with pytest.raises(ScenarioError, match="there is no measure"):
        answer([asks()], firm, 1, ["no such measure"], Serial())


def test_policies_that_differ_in_numbers_alone_are_alike():
    """Two factors of sop share a run; the days of a silo do not."""
    policies = [preset("sop"), preset("siloed"), preset("sop").with_buffer(2.0)]
    assert alike(policies) == [[0, 2], [1]]


def test_jobs_grow_at_either_end_while_others_are_in_work():
    """Two, then one behind and two before; once empty, more may still come."""
    jobs = Growing()
    jobs.add([1, 2])
    assert next(jobs) == 1
    jobs.add([3])
    jobs.add([4, 5], first=True)
    assert [*jobs] == [4, 5, 2, 3]
    jobs.add([6])
    assert [*jobs] == [6]


def test_a_comparison_side_by_side_is_that_in_turn(firm):
    """Bit by bit, by family too: on two cores each policy draws its weather anew."""
    cases = {name: (firm, preset(name)) for name in ("siloed", "sop")}
    with crew(2) as hands:
        beside = compared(firm, cases, [3, 4], 1, ["fill_rate", "days_of_supply"], "family", None, hands=hands)
    told = []
    turn = compared(firm, cases, [3, 4], 1, ["fill_rate", "days_of_supply"], "family", lambda *done: told.append(done))
    assert (beside.rows, told) == (turn.rows, [(2, 4), (4, 4)])
    for name in cases:
        np.testing.assert_array_equal(beside.found[name], turn.found[name])
        np.testing.assert_array_equal(beside.courses[name], turn.courses[name])


@pytest.fixture(scope="module")
def tuned(firm):
    """One policy under a small and a large buffer, and another one."""
    twins = [preset("sop").with_buffer(z).model_copy(update={"name": f"z {z}"}) for z in (0.5, 2.0)]
    return compare(firm, [*twins, "siloed"], 12, at="fill_rate=0.9", workers=1)


def told_at_95(outcomes=(Outcome.REACHED, Outcome.REACHED), by="total"):
    """Two policies in two runs at 95 %: a point of fill costs the first 20 of profit and the second 40; bad years stay as they came."""
    rows = [(MEASURES[name], "total") for name in ("fill_rate", "ebit", "contract_missed")]
    found = {
        "a": np.array([[0.96, 0.93], [140.0, 160.0], [0.0, 1.0]]),
        "b": np.array([[0.97, 0.95], [150.0, 170.0], [0.0, 0.0]]),
    }
    target, policy = CommonTarget("fill_rate", 0.95), preset("sop")
    prices = {"a": {"fill_rate": 1.0, "ebit": 2000.0, "contract_missed": -9.0}, "b": {"ebit": 4000.0, "fill_rate": 1.0}}
    settings = {
        name: Tuned(policy, policy, policy.buffer(), target, 1.0, outcome, (), found[name][0], prices=prices[name])
        for name, outcome in zip("ab", outcomes, strict=True)
    }
    table = pd.DataFrame()
    return Comparison(load("giftware"), [policy], [0, 1], 1, by, rows, found, table, at=target, tuned=settings)


def test_what_is_told_is_told_at_the_target_itself():
    """A point too much takes 20 off 140, two too little add 40 to 160; b: two points too much take 80 off 150."""
    found = told_at_95()
    np.testing.assert_allclose(found.told["a"], [[0.95, 0.95], [120.0, 200.0], [0.0, 1.0]])
    np.testing.assert_allclose(found.told["b"][1], [70.0, 170.0])
    assert found.level("ebit", "a").mean == pytest.approx(160.0)
    assert found.gap("ebit", "b", "a").mean == pytest.approx(-40.0)
    assert found.gap("fill_rate", "b", "a").equal  # what fresh luck gave stands in the table of settings
    assert settings_table(found.tuned)["mean"].tolist() == pytest.approx([0.945, 0.96])
    summary = found.summary().set_index(["measure", "policy"])
    assert summary.loc[("ebit", "b"), "difference"] == pytest.approx(-40.0)
    assert found.leaders("ebit")[0] == "a"


def test_single_runs_are_moved_together():
    """Told means are 160 and 120 where 150 and 160 came: every run of a is 10 more than it came, every run of b 40 less."""
    found = told_at_95()
    np.testing.assert_allclose(found.in_runs(1, "a"), [150.0, 170.0])
    np.testing.assert_allclose(found.in_runs(1, "b"), [110.0, 130.0])
    level = found.level("ebit", "a")
    assert (level.p5, level.p95) == pytest.approx((151.0, 169.0))


def test_who_is_not_at_the_target_and_what_is_told_by_part_stay_as_they_came():
    found = told_at_95((Outcome.REACHED, Outcome.OUT_OF_REACH))
    np.testing.assert_array_equal(found.told["b"], found.found["b"])
    np.testing.assert_allclose(found.told["a"][1], [120.0, 200.0])
    np.testing.assert_array_equal(told_at_95(by="family").told["a"], found.found["a"])


def test_the_prices_of_a_comparison_are_those_of_its_search(tuned):
    """Every measure is moved by the price times what fresh luck gave beside the target."""
    for name, one in tuned.tuned.items():
        rows = {measure.name: row for row, (measure, _) in enumerate(tuned.rows)}
        assert one.prices["fill_rate"] == pytest.approx(1.0)
        miss = tuned.found[name][rows["fill_rate"]].mean() - 0.9
        moved = tuned.found[name][rows["ebit"]].mean() - one.prices["ebit"] * miss
        assert tuned.level("ebit", name).mean == pytest.approx(moved)
        assert one.prices["all_stock_value"] > 0  # who serves more holds more
        assert tuned.record()["prices"][name] == one.prices


def test_a_policy_under_another_buffer_does_not_differ_from_itself(tuned):
    """The setting is the same, and so is everything else: within luck, or within what a setting is found to."""
    small, large = tuned.tuned["z 0.5"], tuned.tuned["z 2.0"]
    assert (small.value_as_run, large.value_as_run) == (0.5, 2.0)
    assert small.value == pytest.approx(large.value, abs=0.03)
    for measure, least in (("fill_rate", 1e-3), ("all_stock_value", 5e-3), ("ebit", 5e-3)):
        gap = tuned.gap(measure, "z 2.0", "z 0.5")
        assert gap.low <= 0 <= gap.high or abs(gap.mean) < least * mean_of(tuned, measure), measure


def mean_of(found, name):
    """The mean of a measure in the first column."""
    row = next(k for k, (measure, _) in enumerate(found.rows) if measure.name == name)
    return abs(found.found[found.columns[0]][row].mean())


def test_the_target_is_reached_on_the_luck_of_the_search(firm, tuned):
    """To a tenth of a point; the score is on other replications."""
    (found,) = scored(firm, [tuned.tuned["siloed"].policy], range(12), 1, ["fill_rate"], Serial())
    assert found.mean() == pytest.approx(0.9, abs=1e-3)
    assert tuned.replications == list(range(12, 24))


def test_the_comparison_says_so(tuned):
    assert tuned.at == CommonTarget("fill_rate", 0.9)
    assert tuned.record()["at"] == {"fill_rate": 0.9}
    table = settings_table(tuned.tuned).set_index("policy")
    row = next(k for k, (measure, _) in enumerate(tuned.rows) if measure.name == "fill_rate")
    assert table.loc["siloed", "mean"] == pytest.approx(tuned.found["siloed"][row].mean())
    assert table.loc["siloed", "share_on_target"] == pytest.approx((tuned.found["siloed"][row] >= 0.9).mean())
    assert set(tuned.summary()["at"]) == {"fill_rate=0.9"}


def test_a_tuned_policy_may_be_saved_and_read(tuned, firm):
    for one in tuned.tuned.values():
        words = tomllib.loads(policy_text(one.policy))
        again = firm.policy({"name": one.policy.name, **words})
        assert again == one.policy


def test_by_part_the_whole_is_brought_to_the_target(firm):
    found = compare(firm, ["siloed", "sop"], 4, measures=["fill_rate"], by="product", at="fill_rate=0.9", workers=1)
    assert found.tuned["sop"].reached.shape == (4,)


def test_two_replications_at_least(firm):
    with pytest.raises(ScenarioError, match="needs at least 2"):
        tuned_to(firm, ["sop"], "fill_rate=0.9", 1, workers=1)


def optimistic(policy, share):
    """A policy planned by a sales team's number, raised by a share."""
    team = preset("siloed").forecast.model_copy(update={"optimism": share})
    return policy.model_copy(update={"forecast": team, "name": f"raised by {share}"})


@pytest.mark.slow
def test_optimism_earns_nothing_at_equal_service():
    """On switchgear, a forecast raised by two fifths takes more stock than an honest one, and earns no more."""
    company = load("switchgear")
    policies = [optimistic(company.policy("sop"), share) for share in (0.0, 0.4)]
    found = compare(
        company, policies, 40, measures=["all_stock_value", "ebit_before_absorption"], at="fill_rate=0.95", workers=1
    )
    honest, raised = found.columns
    assert found.gap("all_stock_value", raised, honest).low > 0
    assert found.gap("ebit_before_absorption", raised, honest).low <= 0


@pytest.mark.slow
def test_optimism_earns_a_silo_nothing_at_equal_service():
    """On giftware, a number raised by 45 instead of 5 % takes more stock for the same service and earns less."""
    cases = {"fair": {"policy": "siloed"}, "raised": {"policy": "siloed", "policy.forecast.optimism": 0.45}}
    measures = ["all_stock_value", "ebit_before_absorption"]
    found = compare_alternatives(load("giftware"), cases, 16, measures=measures, at="fill_rate=0.95", workers=1)
    assert found.gap("all_stock_value", "raised", "fair").low > 5_000
    assert found.gap("ebit_before_absorption", "raised", "fair").high < 0


# --- command ---


def sop(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


COMPARED = ("compare", "trading", "--months", 8, "--warm-up", 2, "--replications", 4, "--workers", 1)


def test_the_command_tells_settings_and_saves_policies(tmp_path):
    told = sop(
        *COMPARED,
        "--policy",
        "siloed",
        "--policy",
        "sop",
        "--at",
        "fill_rate=0.9",
        "--out",
        tmp_path / "out",
        "--format",
        "csv",
    )
    assert told.exit_code == 0, told.output
    assert "brought to fill rate 90.0 %" in told.output
    assert "safety_stock.z=" in told.output
    settings = pd.read_csv(tmp_path / "out" / "settings.csv")
    assert settings["policy"].tolist() == ["siloed", "sop"]
    again = sop("run", "trading", "--policy", tmp_path / "out" / "tuned-sop.toml", "--months", 4, "--warm-up", 1)
    assert again.exit_code == 0, again.output
    over = sop(*COMPARED, "--policy", "sop", "--policy", "chase", "--measure", "fill_rate", "--out", tmp_path / "out")
    assert over.exit_code == 0, over.output
    assert not [*(tmp_path / "out").glob("tuned-*")]


def test_json_holds_the_settings():
    told = sop(*COMPARED, "--policy", "siloed", "--policy", "sop", "--at", "fill_rate=0.9", "--json")
    found = json.loads(told.stdout)
    assert found["inputs"]["at"] == {"fill_rate": 0.9}
    assert [row["entry"] for row in found["settings"]] == ["safety_stock.days", "safety_stock.z"]


def test_two_targets_are_refused():
    told = sop(*COMPARED, "--at", "fill_rate=0.9", "--at", "otif=0.9")
    assert told.exit_code == 2
    assert "all policies are brought to one target" in told.output


def test_an_exchange_curve_is_the_runs_of_its_settings(firm):
    """A row a setting, on the luck that the policy meets anyway."""
    curve = exchange(firm, "sop", [0.0, 1.28], 4, measures=["fill_rate", "all_stock_value"], workers=1)
    as_run = compare(firm, ["sop"], 4, measures=["fill_rate", "all_stock_value"]).summary()
    assert curve["setting"].tolist() == [0.0, 1.28]
    for name in ("fill_rate", "all_stock_value"):
        line = as_run[as_run["measure"] == name].iloc[0]
        assert curve.iloc[1][[name, f"{name}_low", f"{name}_high"]].tolist() == line[["mean", "low", "high"]].tolist()
        assert curve.iloc[0][name] < curve.iloc[1][name]
    assert len(usual_settings(preset("pull"))) == 6
