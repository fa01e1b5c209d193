"""The search for the best setting, with digits worked by hand on made-up trials; nothing is simulated."""

from types import SimpleNamespace

import numpy as np
import pytest

from simulator.kernel.units import ScenarioError
from simulator.results.kpis import measures_named
from simulator.studies import optimise as optimising
from simulator.studies.factors import NUMBER, WHOLE, Factor
from simulator.studies.narrowing import narrow_down, searched_settings
from simulator.studies.optimise import (
    _counter,
    _searched,
    _worth,
    check_effort,
    confirmed_winner,
    out_of_reach,
    runs_of_search,
    safer_settings,
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
    """Trials whose service is a function of the setting, and whose stock is another."""

    def __init__(self, service, stock=lambda setting: 0.0):
        self.service, self.stock, self.settings, self.asked = service, stock, [], []

    def add(self, settings, replications):
        """Note what is asked for; its places."""
        new = [setting for setting in settings if setting not in self.settings]
        self.asked += [[setting["x"] for setting in new]] if new else []
        self.settings += new
        return [self.settings.index(setting) for setting in settings]

    def of(self, place, measure):
        """The service of a setting, twice, or its stock."""
        figure = self.service if measure == "fill_rate" else self.stock
        return np.array([figure(self.settings[place])] * 2)


def wanted(low, high, kind=NUMBER, *beside):
    """One factor that is narrowed down, others beside it."""
    return SearchSpace(Factor("x", "x", kind, "", low, high, (), low), beside)


def odds(line):
    """The share whose log odds are so high."""
    return 1 / (1 + np.exp(-line))


LOWER, UPPER = [0, 25, 50], [75, 100, 125]


@pytest.mark.parametrize(
    ("crossing", "rounds"),
    [
        (30.0, [LOWER, UPPER, [27.75, 28.65, 29.55, 30.45, 35]]),  # -2.25, -1.35, -0.45, 0.45 and 5 steps of 1 about 30
        (90.0, [LOWER, UPPER, [87.75, 88.65, 89.55, 90.45, 95]]),
        (26.0, [LOWER, UPPER, [25.55, 26.45, 31]]),  # kept above 25, which is known
        (125.0, [LOWER, UPPER, [122.75, 123.65, 124.55]]),  # and below the end
        (126.0, [LOWER, UPPER]),  # none reaches it
        (0.0, [LOWER, UPPER]),  # the least does already
    ],
)
def test_the_range_is_looked_at_in_two_halves_and_then_about_the_line(crossing, rounds):
    """Log odds of service are a straight line through the target at the crossing; steps of 1 are a 125th of the range."""
    trials = Shown(lambda setting: odds(setting["x"] / 20))
    aim = Sure(STOCK, FILL, odds(crossing / 20))
    narrow_down(trials, aim, wanted(0.0, 125.0), 5)
    assert trials.asked == rounds


@pytest.mark.parametrize(
    ("stock", "target", "upper"),
    [
        (lambda s: s["x"], 30, False),  # 50 reaches the target and holds more than 25
        (lambda s: s["x"], 60, True),  # 50 does not reach it
        (lambda s: -s["x"], 30, True),  # more is better
        (lambda s: min(s["x"], 25), 30, True),  # neither is better
    ],
)
def test_the_upper_half_is_left_where_the_highest_below_reaches_the_target_and_does_worse(stock, target, upper):
    """Of 0, 25 and 50 the last is held against the one below it."""
    trials = Shown(lambda setting: odds(setting["x"] / 10), stock)
    narrow_down(trials, Sure(STOCK, FILL, odds(target / 10)), wanted(0.0, 125.0), 5)
    assert ([75, 100, 125] in trials.asked) is upper


def test_who_is_worse_by_luck_only_is_no_reason_to_stop():
    """Differences of 1 and 3: 2 less 318 (Student of one degree at 99.9 %) times a standard error of 1."""
    trials = Shown(lambda setting: odds(setting["x"] / 10))
    by_luck = {0: [0, 0], 25: [0, 0], 50: [1, 3]}
    service = trials.of
    trials.of = lambda place, measure: (
        service(place, measure)
        if measure == "fill_rate"
        else np.array(by_luck.get(trials.settings[place]["x"], [0, 0]), dtype=float)
    )
    narrow_down(trials, Sure(STOCK, FILL, odds(3.0)), wanted(0.0, 125.0), 5)
    assert trials.asked[1] == UPPER


def test_what_no_line_finds_is_cut_evenly_to_a_fine_step():
    """Service leaps from 1/2 to .9999 at 40; the target, whose log odds are 1, is looked for near 25 + 25 x 1 / 9.21 = 27.71."""
    trials = Shown(lambda setting: 0.9999 if setting["x"] >= 40 else 0.5, lambda setting: setting["x"])
    narrow_down(trials, Sure(STOCK, FILL, odds(1.0)), wanted(0.0, 125.0), 5)
    first, about, again, cut, finer = trials.asked
    assert first == LOWER
    assert about == pytest.approx([25.4643, 26.3643, 27.2643, 28.1643, 32.7143], abs=1e-4)  # 27.7143 is the crossing
    # the step is from 32.7143 to 50 now: 32.7143 + 17.2857 x 0.108573 = 34.5911
    assert again == pytest.approx([33.2411, 34.1411, 35.0411, 39.5911], abs=1e-3)
    # from 39.5911 to 50 in five: 2.0818 apart
    assert cut == pytest.approx([41.6729, 43.7546, 45.8364, 47.9182], abs=1e-3)
    # from 39.5911 to 41.6729 in five: 0.4164 apart
    assert finer == pytest.approx([40.0074, 40.4238, 40.8402, 41.2565], abs=1e-3)


def test_the_first_of_two_steps_up_is_followed():
    """Service reaches the target from 20 to 40 and again from 80 on."""
    trials = Shown(lambda setting: 0.9 if 20 <= setting["x"] <= 40 or setting["x"] >= 80 else 0.1)
    narrow_down(trials, Sure(STOCK, FILL, 0.5), wanted(0.0, 125.0), 5)
    assert trials.asked[2] == [10.25, 11.15, 12.05, 12.95, 17.5]  # the line from 0 to 25 crosses at 12.5


def test_whole_numbers_are_tried_once_each():
    """0 to 20 by 4; then 9 and 10, between which the target is crossed at 9.4."""
    trials = Shown(lambda setting: odds(setting["x"] / 10))
    narrow_down(trials, Sure(STOCK, FILL, odds(0.94)), wanted(0.0, 20.0, WHOLE), 5)
    assert trials.asked == [[0, 4, 8], [12, 16, 20], [9, 10]]
    trials = Shown(lambda setting: float(setting["x"]))
    narrow_down(trials, Sure(STOCK, FILL, 1.0), wanted(0.0, 1.0, WHOLE), 5)
    assert trials.asked == [[0, 1]]


def test_all_choices_of_the_other_entries_are_narrowed_side_by_side():
    """Three values of the first for each of two choices at once; the second choice crosses 10 later."""
    other = Factor("y", "y", NUMBER, "", 0, 10, (0, 10), 0)
    trials = Shown(lambda setting: odds((setting["x"] - setting["y"]) / 10), lambda setting: setting["x"])
    narrow_down(trials, Sure(STOCK, FILL, odds(3.0)), wanted(0.0, 125.0, NUMBER, other), 5)
    assert trials.asked == [[0, 25, 50, 0, 25, 50], [27.75, 28.65, 29.55, 30.45, 35, 37.75, 38.65, 39.55, 40.45, 45]]
    assert [setting["y"] for setting in trials.settings] == [0] * 3 + [10] * 3 + [0] * 5 + [10] * 5


def two_by_three():
    """A range beside factors with two and three values."""
    of = [Factor(name, name, NUMBER, "", 1, 3, levels, 1) for name, levels in (("y", (1, 2)), ("z", (1, 2, 3)))]
    return wanted(0.0, 1.0, NUMBER, *of)


def test_settings_are_six_from_end_to_end_and_five_about_the_line(monkeypatch):
    """6 + 5 = 11 for each of 2 x 3 choices: 66, five of 60 runs side by side; a search without a budget is reckoned twice."""
    assert searched_settings(wanted(0.0, 1.0)) == 11
    assert searched_settings(two_by_three()) == 66
    monkeypatch.setattr(optimising, "entries_to_search", lambda *_: wanted(0.0, 1.0))
    # 11 x 60 = 660 runs, as many again or the budget, and 2 x 60 runs of three settings on fresh luck
    assert runs_of_search(None, None, (), 60, None) == (300, (660 + 660 + 360) / 300)
    assert runs_of_search(None, None, (), 60, 240) == (300, (660 + 240 + 360) / 300)


def test_progress_counts_settings_and_never_passes_its_end():
    """11 to narrow down and 3 on fresh luck are planned."""
    seen = []
    told = _counter(lambda done, planned: seen.append((done, planned)), wanted(0.0, 1.0))
    for more in (0, 6, 5, 3, 5):
        told(more)
    assert seen == [(0, 14), (6, 14), (11, 14), (14, 14), (14, 14)]
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
    monkeypatch.setattr(optimising, "narrow_down", lambda *rest: narrowed.append(rest[2:]))
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
    assert narrowed == [(wanted(0.0, 1.0), 5)]
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
