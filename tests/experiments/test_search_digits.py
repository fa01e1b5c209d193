"""The search for the best setting, with digits worked by hand on made-up trials; nothing is simulated."""

from types import SimpleNamespace

import numpy as np
import pytest

from simulator.kernel.units import ScenarioError
from simulator.results.kpis import measures_named
from simulator.studies import optimise as optimising
from simulator.studies.factors import NUMBER, WHOLE, Factor
from simulator.studies.optimise import (
    _counter,
    _searched,
    _worth,
    check_effort,
    confirmed_winner,
    narrow_down,
    out_of_reach,
    runs_of_search,
    safer_settings,
    searched_settings,
    select_best,
)
from simulator.studies.optimum import Aim, Optimum, checked_aim
from simulator.studies.search_space import SearchSpace
from simulator.studies.trials import Trials

STOCK, PROFIT, FILL, SALES = measures_named(["all_stock_value", "economic_profit", "fill_rate", "revenue"])


class Sure(Aim):
    """An aim whose mean is its floor, so that a target is reached where it says so."""

    def floor(self, service):
        """What the mean service is."""
        return float(service.mean())


def made(*rows, measures=(FILL, STOCK)):
    """Trials of settings x = 0, 1, ... with these values, a row a measure."""
    settings = [{"x": k} for k in range(len(rows))]
    values = [np.array(row, dtype=float) for row in rows]
    return Trials(None, SimpleNamespace(name="plan"), 1, list(measures), settings=settings, values=values)


class Shown:
    """Trials whose service is a function of the setting."""

    def __init__(self, service):
        self.service, self.settings, self.asked = service, [], []

    def add(self, settings, replications):
        """Note what is asked for; its places."""
        self.asked.append([s["x"] for s in settings])
        self.settings += settings
        return list(range(len(self.settings) - len(settings), len(self.settings)))

    def of(self, place, measure):
        """The service of a setting, twice."""
        return np.array([self.service(self.settings[place])] * 2)


def wanted(low, high, kind=NUMBER, *beside):
    """One factor that is narrowed down, others beside it."""
    return SearchSpace(Factor("x", "x", kind, "", low, high, (), low), beside)


@pytest.mark.parametrize(
    ("target", "rounds"),
    [
        (0.5, [[0, 0.2, 0.4, 0.6, 0.8, 1], [0.4, 0.44, 0.48, 0.52, 0.56, 0.6], [0.48, 0.488, 0.496, 0.504, 0.512, 0.52]]),
        (0.6, [[0, 0.2, 0.4, 0.6, 0.8, 1], [0.4, 0.44, 0.48, 0.52, 0.56, 0.6], [0.56, 0.568, 0.576, 0.584, 0.592, 0.6]]),
        (0.9, [[0, 0.2, 0.4, 0.6, 0.8, 1], [0.8, 0.84, 0.88, 0.92, 0.96, 1], [0.88, 0.888, 0.896, 0.904, 0.912, 0.92]]),
        (1.1, [[0, 0.2, 0.4, 0.6, 0.8, 1]]),  # none reaches it
        (0.0, [[0, 0.2, 0.4, 0.6, 0.8, 1]]),  # the least does already
    ],
)  # fmt: skip
def test_an_interval_is_cut_in_five_three_times(target, rounds):
    """Service is the setting itself; the first step up to the target is the next interval, its end included."""
    trials = Shown(lambda setting: setting["x"])
    narrow_down(trials, Sure(STOCK, FILL, target), wanted(0.0, 1.0), {"y": 3}, 5)
    assert trials.asked == rounds
    assert all(setting["y"] == 3 for setting in trials.settings)


def test_the_first_of_two_steps_up_is_followed():
    """Service reaches the target from 0.2 to 0.4 and again from 0.8 on."""
    trials = Shown(lambda setting: float(0.2 <= setting["x"] <= 0.4 or setting["x"] >= 0.8))
    narrow_down(trials, Sure(STOCK, FILL, 0.5), wanted(0.0, 1.0), {}, 5)
    assert (trials.asked[1][0], trials.asked[1][-1]) == (0, 0.2)


def test_whole_numbers_are_tried_once_each():
    """0 to 10 by 2; then 4, 5 and 6, the target 5; then 4 and 5."""
    trials = Shown(lambda setting: setting["x"])
    narrow_down(trials, Sure(STOCK, FILL, 5.0), wanted(0.0, 10.0, WHOLE), {}, 5)
    assert trials.asked == [[0, 2, 4, 6, 8, 10], [4, 5, 6], [4, 5]]


def two_by_three():
    """A range beside factors with two and three values."""
    of = [Factor(name, name, NUMBER, "", 1, 3, levels, 1) for name, levels in (("y", (1, 2)), ("z", (1, 2, 3)))]
    return wanted(0.0, 1.0, NUMBER, *of)


def test_settings_are_both_ends_and_four_inside_in_three_rounds(monkeypatch):
    """2 + 4 x 3 = 14 for each of 2 x 3 choices: 84, of 60 runs; a search without a budget is reckoned twice."""
    assert searched_settings(wanted(0.0, 1.0)) == 14
    assert searched_settings(two_by_three()) == 84
    monkeypatch.setattr(optimising, "entries_to_search", lambda *_: wanted(0.0, 1.0))
    # 14 x 60 = 840 runs, as many again or the budget, and 2 x 60 runs of three settings on fresh luck
    assert runs_of_search(None, None, (), 60, None) == (60, (840 + 840 + 360) / 60)
    assert runs_of_search(None, None, (), 60, 240) == (60, (840 + 240 + 360) / 60)


def test_progress_counts_settings_and_never_passes_its_end():
    """14 to narrow down and 3 on fresh luck are planned."""
    seen = []
    told = _counter(lambda done, planned: seen.append((done, planned)), wanted(0.0, 1.0))
    for more in (6, 4, 6, 5):
        told(more)
    assert seen == [(6, 17), (10, 17), (16, 17), (17, 17)]
    _counter(None, wanted(0.0, 1.0))(3)


@pytest.mark.parametrize(
    ("effort", "sentence"),
    [((5, None, None), None), ((4, None, None), "at least 5"), ((5, 0.001, None), None), ((5, 0.0, None), "above 0"),
     ((5, -1.0, None), "above 0"), ((5, None, 1), None), ((5, None, 0), "at least 1")],
)  # fmt: skip
def test_an_effort_has_its_least(effort, sentence):
    """Five replications, a difference above nothing, a run."""
    if sentence is None:
        check_effort(*effort)
    else:
        with pytest.raises(ScenarioError, match=sentence):
            check_effort(*effort)


def test_the_search_selects_among_those_that_reach_and_scores_on_fresh_luck(monkeypatch):
    """Services 0.89, 0.9, 0.95 for a target of 0.9: two reach it; the longest had 4 runs, so that fresh luck starts at 4."""
    trials = made([[0.89] * 2, [1] * 2], [[0.9] * 4, [2] * 4], [[0.95] * 3, [3] * 3])
    asked, narrowed = {}, []
    monkeypatch.setattr(optimising, "narrow_down", lambda *rest: narrowed.append(rest[3:]))
    monkeypatch.setattr(
        optimising,
        "select_best",
        lambda t, a, feasible, d, b: asked.update(feasible=feasible) or (SimpleNamespace(best=1), d),
    )
    monkeypatch.setattr(optimising, "confirmed_winner", lambda aim, trials, *rest: rest)
    aim = Sure(STOCK, FILL, 0.9)
    fresh, winner, feasible, _, difference, replications = _searched(trials, aim, wanted(0.0, 1.0), 5, 7.0, None)
    assert (fresh.first, fresh.settings, fresh.values) == (4, [], [])
    assert (winner, feasible, asked["feasible"], difference, replications) == (2, [1, 2], [1, 2], 7.0, 10)
    assert narrowed == [({}, 5)]
    with pytest.raises(ScenarioError, match="no setting"):
        _searched(trials, Sure(STOCK, FILL, 0.96), wanted(0.0, 1.0), 5, 7.0, None)


def test_out_of_reach_names_the_highest_service():
    """The mean of 0.7, 0.8 and 0.9 is 80 %, Student's half-width 4.303 x 10 / sqrt(3) = 24.8 %."""
    trials = made([[0.7, 0.8, 0.9], [0] * 3], [[0.5, 0.6, 0.6], [0] * 3])
    said = str(out_of_reach(trials, Aim(STOCK, FILL, 0.97), wanted(2.0, 3.0)))
    assert "of 97 %: the highest is 80.0 ± 24.8 % with x=0;" in said
    assert "than 2 to 3," in said
    trials = made([[np.nan, 0.8], [0] * 2], [[np.nan, 0.9], [0] * 2])
    assert "gives no fill rate" in str(out_of_reach(trials, Aim(STOCK, FILL, 0.97), wanted(2.0, 3.0)))
    trials = made([[0.7, 0.8], [0] * 2], [[0.6, np.nan], [0] * 2])
    assert "no setting" in str(out_of_reach(trials, Aim(STOCK, FILL, 0.97), wanted(2.0, 3.0)))


def test_the_difference_worth_finding_is_a_share_of_the_largest_aim():
    """0.2 % of a stock of 3,000 (of -4,000 a little more); of a profit 0.1 % of the sales of 9,000."""
    trials = made([[1], [2_000]], [[1], [3_000]], [[1], [-4_000]], [[1], [99_000]])
    assert _worth(trials, Aim(STOCK, FILL, 0.9), [0, 1]) == pytest.approx(6.0)
    assert _worth(trials, Aim(STOCK, FILL, 0.9), [0, 1, 2]) == pytest.approx(8.0)
    trials = made([[5.0], [9_000]], [[7_000.0], [8_000]], measures=(PROFIT, SALES))
    assert _worth(trials, Aim(PROFIT, FILL, 0.9), [0, 1]) == pytest.approx(9.0)


@pytest.mark.parametrize(("budget", "step"), [(1, 1), (9, 1), (10, 2), (100, 20)])
def test_a_budget_is_given_out_in_five_parts(monkeypatch, budget, step):
    """On top of the 3 runs that each of 2 settings had."""
    trials = made([[1] * 3, [9] * 3], [[1] * 3, [5] * 3], [[1] * 3, [7] * 3])
    monkeypatch.setattr(optimising, "fixed_budget", lambda run, *rest: rest)
    assert select_best(trials, Aim(STOCK, FILL, 0.9), [0, 2], None, budget) == ((2, budget + 6, 3, step), None)


def test_without_a_budget_settings_race_until_told_apart(monkeypatch):
    """Runs are taken from those that are there, and run further until the most; less stock is more gain."""
    trials = made([[1] * 3, [9, 8, 7]], [[1] * 3, [5] * 3], [[1] * 3, [4, 5, 6]])
    further = []
    monkeypatch.setattr(Trials, "extend", lambda self, places, until: further.append((list(places), until)))
    monkeypatch.setattr(optimising, "REPLICATION_LIMIT", 40)

    def race(run, count, worth, confidence, first, batch):
        assert (count, worth, confidence, first, batch) == (2, 0.5, 0.9, 3, 3)
        assert run([0, 1], 0, 3).tolist() == [[-9, -8, -7], [-4, -5, -6]]
        assert run([1], 1, 3).tolist() == [[-5, -6]]
        run([1], 39, 50)
        with pytest.raises(ScenarioError, match="40 replications do not tell"):
            run([1], 40, 50)
        return "raced"

    monkeypatch.setattr(optimising, "kim_nelson", race)
    assert select_best(trials, Aim(STOCK, FILL, 0.9, 0.9), [0, 2], 0.5, None) == ("raced", 0.5)
    assert further == [([0, 2], 3), ([2], 3), ([2], 40)]


def test_the_best_is_that_with_least_stock_or_most_profit(monkeypatch):
    """Of 9, 5 and 7 that reach the target the second; of 9 and 7 the last; as profits the first."""
    values = [[[1] * 5, [figure] * 5] for figure in (9, 5, 7)]
    stock, aim = made(*values), Aim(STOCK, FILL, 0.9)
    assert select_best(stock, aim, [0, 1, 2], 1.0, None)[0].best == 1
    assert select_best(stock, aim, [0, 2], 1.0, None)[0].best == 1
    assert (
        select_best(made(*values, measures=(FILL, PROFIT)), Aim(PROFIT, FILL, 0.9), [0, 1, 2], 1.0, None)[0].best == 0
    )
    with pytest.raises(ScenarioError, match="minimise something else"):
        select_best(made([[1] * 5, [np.nan, 1, 1, 1, 1]]), aim, [0], 1.0, None)


def rungs(*services, gains):
    """Settings whose service is constant, but for the first: 0.88, 0.88, 0.92, 0.92, a standard error of 0.011547."""
    rows = [[[0.88, 0.88, 0.92, 0.92], [-gains[0]] * 4]]
    return made(*rows, *([[service] * 4, [-gain] * 4] for service, gain in zip(services, gains[1:], strict=True)))


@pytest.mark.parametrize(
    ("services", "gains", "found"),
    [
        ((0.912, 0.93, 0.95), (9, 8, 5, 3), [2, 1]),  # at two errors, 0.9231, 2 does better than 3; at one, 0.9115, 1
        ((0.911, 0.93, 0.95), (9, 8, 5, 3), [3, 2]),  # 0.911 is below one error above: then 2 first and 3 beside it
        ((0.912, 0.923, 0.95), (9, 8, 5, 3), [3, 1]),  # 0.923 is below two errors
        ((0.912, 0.923, 0.924), (9, 5, 8, 3), [3, 2]),
        ((0.905, 0.91, 0.92), (9, 8, 7, 6), [3]),  # none at two errors, one at one
        ((0.905, 0.91, 0.90), (9, 8, 7, 6), []),
    ],
)
def test_safer_settings_lie_one_and_two_errors_above(services, gains, found):
    """Of those that do, the one that does best each; the safest first. Deviations of 0.02: 0.023094 / 2 = 0.011547."""
    assert safer_settings(rungs(*services, gains=gains), Aim(STOCK, FILL, 0.9), 0, [0, 1, 2, 3]) == found


@pytest.mark.parametrize(
    ("fresh", "answer", "sure"),
    [
        ((0.95, 0.93, 0.91), 2, True),
        ((0.95, 0.93, 0.89), 1, True),
        ((0.95, 0.89, 0.91), 0, True),  # the first that fails ends it
        ((0.9, 0.9, 0.9), 2, True),
        ((0.89, 0.95, 0.95), 0, False),
    ],
)
def test_from_the_safest_down_the_last_that_reaches_the_target_is_the_answer(monkeypatch, fresh, answer, sure):
    """Rungs 4, 3 and the winner 1, scored on 10 fresh runs for a target of 0.9."""
    monkeypatch.setattr(optimising, "safer_settings", lambda *_: [4, 3])
    trials, asked = made(*[[[1], [1]]] * 5), []
    again = SimpleNamespace(
        add=lambda settings, runs: asked.append((settings, runs)) or [5, 6, 7],
        of=lambda place, measure: np.array([fresh[place - 5]] * 2),
    )
    found = confirmed_winner(Sure(STOCK, FILL, 0.9), trials, again, 1, [1, 3, 4], "selection", 2.0, 10)
    assert asked == [([{"x": 4}, {"x": 3}, {"x": 1}], 10)]
    assert (found.place, found.fresh_place, found.confirmed) == ([4, 3, 1][answer], 5 + answer, sure)
    assert (found.setting, found.feasible, found.difference) == ({"x": found.place}, [1, 3, 4], 2.0)


@pytest.mark.parametrize(("confidence", "quantile"), [(0.95, 2.132), (0.9, 1.533), (0.975, 2.776)])
def test_the_floor_is_one_sided(confidence, quantile):
    """Of 1 to 5: 3 less Student's one-sided quantile of 4 degrees (Law 2015, table T.1) x sqrt(2.5 / 5)."""
    floor = Aim(STOCK, FILL, 0.9, confidence).floor(np.array([1.0, 2.0, 3.0, 4.0, 5.0]))
    assert floor == pytest.approx(3.0 - quantile * np.sqrt(0.5), abs=5e-4)


def test_gain_is_more_profit_or_less_stock():
    """With the sign turned where less is better."""
    assert Aim(PROFIT, FILL, 0.9).gain(np.array([3.0, -1.0])).tolist() == [3.0, -1.0]
    assert Aim(STOCK, FILL, 0.9).gain(np.array([3.0, -1.0])).tolist() == [-3.0, 1.0]


def test_optimism_is_what_the_search_promised_too_much():
    """Service of 0.95 was seen and 0.9 found, stock of 20 seen and 26 found: too much by 0.05 and by 6; rows by service."""
    seen = made([[0.98, 0.98, 0.98], [5, 5, 5]], [[0.94, 0.96], [19, 21]], [[0.92, 0.92, 0.92, 0.92], [1, 1, 1, 1]])
    fresh = made([[0.89, 0.91], [25, 27]])
    found = Optimum(Aim(STOCK, FILL, 0.9), {"x": 1}, True, seen, fresh, 1, 0, None, [0, 1], None)
    service, stock = found.scores().to_dict("records")
    assert [service[name] for name in ("mean", "search_mean", "optimism_mean")] == pytest.approx([0.9, 0.95, 0.05])
    assert [stock[name] for name in ("mean", "search_mean", "optimism_mean")] == pytest.approx([26, 20, 6])
    # Student of one degree 12.706, standard error sqrt(2 / 2): 26 and 12.706 to either side
    assert [stock["low"], stock["high"]] == pytest.approx([26 - 12.706, 26 + 12.706], abs=1e-3)
    # one-sided, of one degree 6.314: 0.9 less 6.314 x 0.01
    assert found.service_at_least == pytest.approx(0.9 - 0.06314, abs=1e-5)
    table = found.settings()
    assert table["x"].to_dict() == {0: 2, 1: 1, 2: 0}
    assert table["replications"].tolist() == [4, 2, 3]
    assert table["reaches"].tolist() == [False, True, True]
    assert table["all_stock_value"].tolist() == [1, 20, 5]
    assert table["all_stock_value_half"].tolist() == pytest.approx([0, 12.706, 0], abs=1e-3)


@pytest.mark.parametrize(
    ("target", "confidence", "sentence"),
    [(0.0, 0.95, "service target"), (1.0, 0.95, "service target"), (0.9, 0.5, "confidence"), (0.9, 1.0, "confidence")],
)
def test_targets_and_confidences_lie_between_their_ends(target, confidence, sentence):
    """Neither end itself."""
    with pytest.raises(ScenarioError, match=sentence):
        checked_aim("cost", "fill_rate", target, confidence)
    assert checked_aim("cost", "fill_rate", 0.001, 0.501) == Aim(PROFIT, FILL, 0.001, 0.501)
    assert checked_aim("stock", "fill_rate", 0.999, 0.999) == Aim(STOCK, FILL, 0.999, 0.999)
    with pytest.raises(ScenarioError, match="no measure of service"):
        checked_aim("stock", "lost_sales", 0.9, 0.95)
    with pytest.raises(ScenarioError, match="no measure of service") as told:
        checked_aim("stock", "economic_profit", 0.9, 0.95)
    assert "fill_rate" in str(told.value)
    assert "lost_sales" not in str(told.value)
    assert "revenue" not in str(told.value)
