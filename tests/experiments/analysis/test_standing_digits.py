"""Frontier, comparisons, allowed settings, precision, parallel axes and settling, with digits worked by hand."""

from types import SimpleNamespace as Only

import numpy as np
import pytest
from made_up import category, number, results

from simulator.kernel.units import ScenarioError
from simulator.results.kpis import MEASURES
from simulator.studies import analysis
from simulator.studies.analysis import best, matters, overview
from simulator.studies.analysis.best import BestSetting, _allowed, _beaten, _efficient, _surely, _usual, directed
from simulator.studies.analysis.sample import complete
from simulator.studies.blocks import points_in_words
from simulator.theory.sensitivity import radial_points
from simulator.theory.statistics import Interval


def made(fill, stock, **more):
    """Settings z = 0, 1, ... with these values of fill rate and days of stock, a row each."""
    z = [float(k) for k in range(len(fill))]
    return results([number("z", 0, len(fill) - 1)], (z,), {"fill_rate": fill, "days_of_supply": stock, **more})


# --- frontier ---


@pytest.mark.parametrize(
    ("first", "second", "rows"),
    [
        ([3, 2, 1], [1, 2, 3], [True, True, True]),
        ([3, 2, 1], [2, 2, 3], [True, False, True]),  # the second has no more of the other
        ([2, 2, 1], [1, 3, 3], [False, True, False]),  # of two alike in one the better in the other
        ([1, 1], [1, 1], [True, False]),
        ([1, 3, 2], [5, 1, 4], [True, True, True]),
    ],
)
def test_a_row_is_efficient_where_nothing_beats_it(first, second, rows):
    """Rows in the order of the first, each with more of the second than all before it."""
    assert _efficient(np.array(first, dtype=float), np.array(second, dtype=float)).tolist() == rows


def test_only_who_is_surely_better_in_both_beats():
    """Row 0 is behind 1 in one and behind 2 in both, but in the second not surely; 3 surely beats it in both."""
    first = np.array([[1.0, 1.0], [2.0, 2.0], [2.0, 2.0], [4.0, 4.0], [5.0, 5.0]])
    second = np.array([[1.0, 1.0], [0.5, 0.5], [1.0, 3.0], [2.0, 2.0], [1.0, 1.0]])
    means = [first.mean(axis=1), second.mean(axis=1)]
    assert _beaten([first, second], means, np.array([1, 2, 3, 4])) == [3, 3, None, None, None]
    assert _beaten([first, second], means, np.array([1, 2])) == [None] * 5


def test_one_replication_is_sure_of_nothing():
    """Nor is a gap of nothing; 1 and 1 always is."""
    assert not _surely(np.array([5.0]))
    assert not _surely(np.array([0.0, 0.0]))
    assert _surely(np.array([1.0, 1.0]))
    assert not _surely(np.array([0.9, 1.1]) - 0.9)  # .1 and 1.27 to either side


def test_the_frontier_shows_both_measures_and_the_third_with_half_widths():
    """Service .9 and .94 is .92 with 12.706 x .02; more stock for no more service is beaten, by the row that does as well."""
    calm = [[0.1, 0.1], [0.2, 0.2], [0.3, 0.5]]
    table = analysis.frontier(
        made([[0.9, 0.94], [0.8, 0.8], [0.7, 0.7]], [[30, 30], [20, 20], [25, 25]], nervousness=calm)
    )
    assert table["efficient"].tolist() == [True, True, False]
    assert table["beaten_by"].iloc[2] == 1
    assert table["fill_rate"].tolist() == pytest.approx([0.92, 0.8, 0.7])
    assert table["fill_rate_half"].tolist() == pytest.approx([0.25412, 0, 0], abs=1e-5)
    assert table["days_of_supply"].tolist() == [30, 20, 25]
    assert table["nervousness"].tolist() == pytest.approx([0.1, 0.2, 0.4])
    assert "nervousness" not in analysis.frontier(made([[0.9, 0.9]], [[30, 30]]))


def test_the_frontier_is_of_means():
    """.9 and .9 serve more than .5 and 1 on average, whatever the better of two runs is; so do 10 days against 5 and 25."""
    table = analysis.frontier(made([[0.9, 0.9], [0.5, 1.0]], [[10, 10], [5, 25]]))
    assert table["efficient"].tolist() == [True, False]


# --- the best, and who may be it ---


@pytest.mark.parametrize(
    ("measure", "order", "low", "high"),
    [
        ("fill_rate", [2, 0, 1], [0, -0.2, -0.3], [0.2, 0, 0]),
        (
            "days_of_supply",
            [1, 0, 2],
            [-10, 0, 0],
            [0, 10, 40],
        ),  # less is better, and 10 and 40 more than the least worse
    ],
)
def test_rows_are_held_against_the_best_of_the_others(measure, order, low, high):
    """Without luck the intervals are the differences themselves: .7, .6 and .9; 30, 20 and 60."""
    table = analysis.comparisons(made([[0.7] * 3, [0.6] * 3, [0.9] * 3], [[30] * 3, [20] * 3, [60] * 3]), measure)
    assert table["z"].tolist() == order
    np.testing.assert_allclose(table["from_best_low"], low, atol=1e-12)
    np.testing.assert_allclose(table["from_best_high"], high, atol=1e-12)
    assert table["possible"].tolist() == [True, False, False]


def test_settings_are_allowed_whose_service_is_surely_at_the_target():
    """.94 and .96 are at least .95 less the one-sided 6.314 x .01: .887; just .9 is at .9."""
    found = made([[0.94, 0.96], [0.9, 0.9], [0.8, 0.8]], [[1, 1]] * 3)
    assert _allowed(found, "fill_rate", None).tolist() == [0, 1, 2]
    assert _allowed(found, "fill_rate", 0.9).tolist() == [1]
    assert _allowed(found, "fill_rate", 0.886).tolist() == [0, 1]
    with pytest.raises(ScenarioError, match=r"fill_rate of 0\.91; the highest is 0\.95"):
        _allowed(found, "fill_rate", 0.91)


class Fresh:
    """A row on luck of its own."""

    def __init__(self, **values):
        self.values, self.policy, self.settings = values, Only(name="plan"), [{"z": 1.0}]

    def of(self, place, measure):
        """Its values."""
        assert place == 0
        return np.array(self.values[measure])


def test_the_best_is_scored_anew_and_its_flattery_told(monkeypatch):
    """Of three settings two serve .9; 20 days are less than 30. Fresh 24 and 26: 5 more than was seen."""
    found, asked = made([[0.95] * 4, [0.92] * 4, [0.8] * 4], [[30] * 4, [19, 21, 19, 21], [1] * 4]), []

    def fresh(results, row, measures, replications, workers):
        asked.append((row, measures, replications, workers))
        return Fresh(days_of_supply=[24, 26], fill_rate=[0.91, 0.93])

    monkeypatch.setattr(best, "_fresh", fresh)
    answer = analysis.best_setting(found, "days_of_supply", 0.9, workers=3)
    assert asked == [(1, ["days_of_supply", "fill_rate"], 8, 3)]
    assert (answer.policy, answer.setting, answer.possible, answer.allowed) == ("plan", {"z": 1.0}, 1, 2)
    assert [float(i.mean) for i in (answer.seen, answer.fresh, answer.optimism)] == pytest.approx([20, 25, 5])
    assert answer.service == pytest.approx(0.92 - 6.314 * 0.01, abs=1e-5)  # one-sided, one degree
    assert not answer.confirmed
    best_service = analysis.best_setting(found, "fill_rate", replications=5)
    assert asked[1] == (0, ["fill_rate"], 5, None)
    assert (best_service.service, best_service.confirmed, best_service.allowed) == (None, True, 3)
    assert float(best_service.optimism.mean) == pytest.approx(0.95 - 0.92)


def test_a_single_setting_is_the_best(monkeypatch):
    """With nobody to be told from."""
    monkeypatch.setattr(best, "_fresh", lambda *_: Fresh(fill_rate=[0.91, 0.93]))
    assert analysis.best_setting(made([[0.9, 0.9]], [[1, 1]]), "fill_rate").possible == 1


@pytest.mark.parametrize(
    ("service", "target", "sure"), [(0.9, 0.9, True), (0.89, 0.9, False), (None, 0.9, False), (None, None, True)]
)
def test_a_target_is_confirmed_where_it_is_kept_on_fresh_luck(service, target, sure):
    """And the record says so."""
    ends = [Interval(np.float64(mean), np.float64(1)) for mean in (5, 7, 2)]
    answer = BestSetting(MEASURES["fill_rate"], "plan", {"z": 1}, 1, 2, *ends, service, target)
    assert answer.confirmed == sure
    record = answer.record()
    assert (record["policy"], record["setting"], record["measure"]) == ("plan", {"z": 1}, "fill_rate")
    assert (record["confirmed"], record["service_at_least"]) == (sure, service)
    assert record["fresh"] == {"mean": 7, "low": 6, "high": 8}
    assert [record[name]["mean"] for name in ("seen", "optimism")] == [5, 2]


def test_a_measure_of_no_direction_is_none_to_be_best_in():
    """More is better, less is better, neither."""
    assert directed("fill_rate").better == "higher"
    with pytest.raises(ScenarioError, match="no better direction"):
        directed("forecast_bias")


def test_precision_asks_half_a_point_of_shares_and_a_percent_of_amounts():
    """.005 of .9; 1 % of 30 days, and of -200."""
    assert [_usual("fill_rate", 0.9), _usual("contract_missed", 0.1)] == [0.005, 0.005]
    assert [_usual("days_of_supply", 30.0), _usual("ebit", -200.0)] == pytest.approx([0.3, 2.0])


def test_precision_looks_at_the_point_that_is_known_least():
    """.9 and .94 are .02 x 12.706 to either side; variance .0008: t(i-1) (.0008/i)^.5 <= .02 from i = 11 on (2.228).

    Ten give 2.262 x .00894 = .0202. Stock that never differs needs no more; what nobody has is left out.
    """
    table = analysis.precision(
        made([[0.9, 0.9], [0.9, 0.94]], [[30, 30], [40, 40]]), {"fill_rate": 0.02, "days_of_supply": 1.0}
    )
    fill, stock = table.to_dict("records")
    assert (fill["point"], fill["policy"], fill["replications"], fill["needed"], fill["asked"]) == (
        1,
        "plan",
        2,
        11,
        0.02,
    )
    assert (fill["mean"], fill["half_width"]) == (pytest.approx(0.92), pytest.approx(0.25412, abs=1e-5))
    assert (stock["needed"], stock["unit"]) == (2, "days")
    usual = analysis.precision(made([[0.9, 0.9]], [[np.nan] * 2]))
    assert usual["measure"].tolist() == ["fill_rate"]
    assert usual["asked"].tolist() == [0.005]
    assert analysis.precision(made([[0.0, 0.0]], [[0.0, 0.0]]))["needed"].isna().tolist() == [False, True]


def test_replications_count_that_all_rows_have():
    """The second lacks one of the first; two are there, three are not."""
    values = np.array([[1.0, np.nan, 3.0], [1.0, 2.0, 3.0]])
    assert complete(values, made([[1]], [[1]]), 2).tolist() == [0, 2]
    with pytest.raises(ScenarioError, match="has 2 replication of all points; this view needs 3"):
        complete(values, made([[1]], [[1]]), 3)


# --- all settings at a glance ---


@pytest.mark.parametrize(("count", "best_ones"), [(3, 1), (10, 1), (19, 1), (20, 2), (29, 2)])
def test_the_best_tenth_is_whole_settings_and_one_at_least(count, best_ones):
    """Rounded down; the highest, or the lowest where less is better."""
    means = np.arange(float(count))
    assert np.flatnonzero(overview._best_tenth(means, False)).tolist() == list(range(count - best_ones, count))
    assert np.flatnonzero(overview._best_tenth(means, True)).tolist() == list(range(best_ones))


def test_places_on_axes():
    """2, 5 and 8 of a range from 2 to 8; categories in equal steps; means from the lowest to the highest; one of all alike at 0."""
    columns = ([2.0, 5.0, 8.0], ["low", "mid", "high"])
    fill, stock = [[0.9, 0.9], [0.85, 0.85], [0.95, 0.95]], [[1234.4] * 2] * 3
    found = results(
        [number("z", 2.0, 8.0), category("rule", "low", "mid", "high")],
        columns,
        {"fill_rate": fill, "days_of_supply": stock},
    )
    table = analysis.parallel(found, "fill_rate")
    axes = dict(iter(table.groupby("axis", sort=False)))
    assert list(axes) == ["z", "rule", "days_of_supply", "fill_rate"]
    assert axes["z"]["place"].tolist() == axes["rule"]["place"].tolist() == [0, 0.5, 1]
    assert axes["z"]["shown"].tolist() == ["2", "5", "8"]
    assert axes["fill_rate"]["place"].tolist() == pytest.approx([0.5, 0, 1])
    assert axes["fill_rate"]["shown"].tolist() == ["90.0 %", "85.0 %", "95.0 %"]
    assert axes["days_of_supply"]["place"].tolist() == [0, 0, 0]
    assert axes["days_of_supply"]["shown"].tolist() == ["1,234"] * 3
    assert axes["fill_rate"]["best"].tolist() == [False, False, True]
    assert set(axes["z"]["kind"]) == {"factor"}
    assert set(axes["fill_rate"]["kind"]) == {"measure"}
    assert [part["row"].tolist() for part in axes.values()] == [[0, 1, 2]] * 4


def test_a_setting_that_was_not_run_has_no_place():
    """The others keep their rows; a category of one level lies at 0."""
    fill = [[0.9, 0.9], [np.nan, np.nan], [0.95, 0.95]]
    found = results([category("rule", "only")], (["only"] * 3,), {"fill_rate": fill})
    table = analysis.parallel(found, "fill_rate")
    assert table[table["axis"] == "rule"][["row", "place"]].values.tolist() == [[0, 0], [2, 0]]


def test_settings_settle_step_by_step():
    """The three of most service, from two replications on to all four: .8 and .9, then .8, .9 and 1 ..."""
    fill = [[0.8, 0.9, 1.0, 0.9], [0.5] * 4, [0.95] * 4, [0.6] * 4]
    table = analysis.convergence(made(fill, [[1] * 4, [4] * 4, [2] * 4, [3] * 4]), "fill_rate")
    assert list(dict.fromkeys(table["row"])) == [2, 0, 3]
    mine = table[table["row"] == 0]
    assert mine["replications"].tolist() == [2, 3, 4]
    assert mine["mean"].tolist() == pytest.approx([0.85, 0.9, 0.9])
    assert (mine["high"] - mine["mean"]).tolist() == pytest.approx(
        [12.706 * 0.05, 4.303 * 0.057735, 3.182 * 0.040825], abs=1e-4
    )
    assert mine["low"].tolist() == pytest.approx((2 * mine["mean"] - mine["high"]).tolist())
    assert mine["z"].tolist() == [0, 0, 0]
    least = analysis.convergence(made(fill, [[1] * 4, [4] * 4, [2] * 4, [3] * 4]), "days_of_supply")
    assert list(dict.fromkeys(least["row"])) == [0, 2, 3]


# --- what matters ---


def test_a_range_that_took_many_values_is_cut_in_six():
    """From 0 to 6: 0 and .99 lie in the first cell, 1 in the second, 6 in the last; cells are named by their middle."""
    given = [0.0, 0.99, 1.0, 3.5, 5.99, 6.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]
    found = results([number("a", 0, 6), number("b")], (given, [0.0] * 13), {"stock_value": [[1.0, 2.0]] * 13})
    places, names = matters._cells(analysis.sample.sample(found, "stock_value"), found.factors[0])
    assert places.tolist() == [0, 0, 1, 3, 5, 5, *[0] * 7]
    assert names == [0.5, 1.5, 2.5, 3.5, 4.5, 5.5]
    few = results([number("a", 0, 6)], (given[:12],), {"stock_value": [[1.0, 2.0]] * 12})
    places, names = matters._cells(analysis.sample.sample(few, "stock_value"), few.factors[0])
    assert names == sorted(given[:12])
    assert places.tolist() == [names.index(value) for value in given[:12]]


def test_cells_have_their_half_width_over_replications():
    """Two points in a cell, of 1 and 3 and of 3 and 5: 2 and 4, Student's 12.706 to either side."""
    found = results([number("a"), number("b")], ([0.0, 0.0], [1.0, 1.0]), {"stock_value": [[1, 3], [3, 5]]})
    [cell] = analysis.heat(found, "stock_value", "a", "b").to_dict("records")
    assert (cell["across"], cell["up"], cell["mean"], cell["points"]) == (0, 1, 3, 2)
    assert cell["half_width"] == pytest.approx(12.706, abs=1e-3)
    alone = results([number("a"), number("b")], ([0.0], [1.0]), {"stock_value": [[1]]})
    assert np.isnan(analysis.heat(alone, "stock_value", "a", "b")["half_width"].iloc[0])


def test_luck_is_what_the_replications_differ_by_over_what_the_points_do():
    """Two replications, one below and one above the mean of each point: variance 2, of their mean 1. With one nobody knows."""
    points = radial_points(8, 2)
    means, factors = 10 * points[:, 0], [number("a"), number("b")]
    pair = results(factors, points.T, {"stock_value": means[:, None] + np.array([-1.0, 1.0])}, "sobol-indices")
    assert analysis.sobol(pair, "stock_value")["luck"].tolist() == pytest.approx([1 / means.var()] * 2)
    alone = results(factors, points.T, {"stock_value": means[:, None]}, "sobol-indices")
    assert analysis.sobol(alone, "stock_value")["luck"].isna().all()


# --- points in words ---


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ([0], "point 0 (a = 1), policies plan, pull"),
        ([0, 1, 3], "point 0 (a = 1), point 1 (a = 2; b = 3), point 3, policies plan, pull"),
        ([0, 1, 3, 2], "point 0 (a = 1), point 1 (a = 2; b = 3), point 3 and 1 more, policies plan, pull"),
    ],
)
def test_three_points_are_named_and_more_are_counted(points, said):
    """With what sets each apart."""
    settings = ({"a": 1}, {"a": 2, "b": 3}, {"a": 5}, {})
    study = Only(points=settings, policies=(Only(name="plan"), Only(name="pull")))
    assert str(points_in_words(study, points)) == said
