"""What matters: on values whose effects are known, for every design."""

from itertools import product

import numpy as np
import pytest
from made_up import category, number, results

from simulator.faces.analysis import pictures
from simulator.kernel.units import ScenarioError
from simulator.studies import analysis
from simulator.studies.analysis.sample import sample
from simulator.theory.sensitivity import radial_points

LUCK = np.random.default_rng(7).normal(0, 1, 11)


def on_luck(means, noise=0.0, seed=1):
    """Means of points on luck that all share, with a little of their own."""
    own = np.random.default_rng(seed).normal(0, 1, (len(means), len(LUCK)))
    return np.asarray(means, dtype=float)[:, None] + 5 * LUCK + noise * own


def factorial():
    """Two numbers and a category: 10 + 4 a - 2 (rule is lots) + 3 a (rule is lots), b without effect."""
    rows = list(product([0.0, 1.0], [0.0, 2.0], ["rule", "lots"]))
    a, b, c = zip(*rows, strict=True)
    lots = np.array([r == "lots" for r in c])
    means = 10 + 4 * np.array(a) - 2 * lots + 3 * np.array(a) * lots
    factors = [number("a"), number("b", 0.0, 2.0), category("c", "rule", "lots")]
    return factors, (a, b, c), means


def test_effects_of_a_factorial():
    """a: 4 + 3/2; c: -2 + 3/2; their product 3/2; b nothing; shared luck widens no interval."""
    factors, columns, means = factorial()
    table = analysis.effects(
        results(factors, columns, {"stock_value": on_luck(means)}, "full-factorial"), "stock_value"
    )
    found = table.set_index("term")["effect"]
    assert found.to_dict() == pytest.approx(
        {"a": 5.5, "c = lots": -0.5, "a x c = lots": 1.5, "b": 0, "a x b": 0, "b x c = lots": 0}, abs=1e-9
    )
    assert table["term"].iloc[0] == "a"
    assert (table["high"] - table["low"]).max() < 1e-9
    assert table["explained"].iloc[0] == pytest.approx(1)


def test_a_sample_admits_what_its_plane_misses():
    """A curve is no plane: a factor without any effect stays inside its interval in nearly every sample."""
    inside = []
    for seed in range(60):
        points = np.random.default_rng(seed).random((24, 3))
        made = results(
            [number("a"), number("b"), number("c")],
            points.T,
            {"stock_value": on_luck(np.exp(3 * points[:, 0]))},
            "latin-hypercube",
        )
        table = analysis.effects(made, "stock_value").set_index("term")
        inside.append(table.loc["b", "low"] <= 0 <= table.loc["b", "high"])
    assert np.mean(inside) >= 0.9


def test_one_at_a_time_has_a_tornado_and_no_effects():
    """The base is the first point; what lies on its other side is read off directly."""
    factors = [number("a", 0.0, 2.0), number("b"), category("c", "rule", "lots")]
    columns = ([1.0, 0.0, 2.0, 1.0, 1.0, 1.0], [0, 0, 0, 1.0, 0, 0], ["rule", "rule", "rule", "rule", "lots", "rule"])
    columns = tuple(column[:5] for column in columns)
    made = results(factors, columns, {"stock_value": on_luck([10, 7, 11, 10.5, 14])}, "one-at-a-time")
    table = analysis.tornado(made, "stock_value")
    ends = {(row["factor"], row["end"]): (row["at"], row["difference"]) for row in table.to_dict("records")}
    assert ends[("a", "low")] == ("0", pytest.approx(-3))
    assert ends[("a", "high")] == ("2", pytest.approx(1))
    assert ends[("b", "low")] == ("0", pytest.approx(0))
    assert ends[("c", "high")] == ("lots", pytest.approx(4))
    assert table["factor"].tolist() == ["a", "a", "c", "c", "b", "b"]
    with pytest.raises(ScenarioError, match="varies one at a time"):
        analysis.effects(made, "stock_value")


def test_tornado_of_a_grid_is_of_means():
    """Each end against the mean of all."""
    factors, columns, means = factorial()
    table = analysis.tornado(results(factors, columns, {"stock_value": on_luck(means)}), "stock_value")
    ends = {(row["factor"], row["end"]): row["difference"] for row in table.to_dict("records")}
    assert ends[("a", "low")] == pytest.approx(-2.75)
    assert ends[("a", "high")] == pytest.approx(2.75)
    assert ends[("b", "high")] == pytest.approx(0)


def test_tornado_of_a_sample_is_half_the_effect():
    """Of the plane; of a category, its levels about their middle."""
    rng = np.random.default_rng(3)
    a, c = rng.random(40), rng.choice(["x", "y", "z"], 40)
    shift = {"x": 0.0, "y": 3.0, "z": 6.0}
    means = 8 * a + np.array([shift[level] for level in c])
    made = results([number("a"), category("c", "x", "y", "z")], (a, c), {"stock_value": on_luck(means)}, "sobol")
    ends = {
        (row["factor"], row["end"]): (row["at"], row["difference"])
        for row in analysis.tornado(made, "stock_value").to_dict("records")
    }
    assert ends[("a", "high")][1] == pytest.approx(4)
    assert ends[("c", "low")] == ("x", pytest.approx(-3))
    assert ends[("c", "high")] == ("z", pytest.approx(3))


def test_sobol_indices_of_a_study():
    """Those of Ishigami's function, with luck on top that all points share."""
    unit = radial_points(1024, 3)
    x = np.pi * (2 * unit - 1)
    means = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    made = results(
        [number("x1"), number("x2"), number("x3")], unit.T, {"stock_value": on_luck(means, 0.1)}, "sobol-indices"
    )
    table = analysis.sobol(made, "stock_value")
    np.testing.assert_allclose(table["first"], [0.3139, 0.4424, 0.0], atol=0.03)
    np.testing.assert_allclose(table["total"], [0.5576, 0.4424, 0.2437], atol=0.03)
    with pytest.raises(ScenarioError, match="need a study whose design is sobol-indices; this one is grid"):
        analysis.sobol(results(made.factors, unit.T, {"stock_value": on_luck(means)}), "stock_value")


def test_heat_is_the_mean_over_all_else():
    """Cell by cell; a range that took many values is cut into parts."""
    factors, columns, means = factorial()
    made = results(factors, columns, {"stock_value": on_luck(means)})
    cells = analysis.heat(made, "stock_value", "a", "c").set_index(["across", "up"])["mean"] - 5 * LUCK.mean()
    assert cells.to_dict() == pytest.approx({(0.0, "rule"): 10, (0.0, "lots"): 8, (1.0, "rule"): 14, (1.0, "lots"): 15})
    points = np.random.default_rng(1).random((200, 2))
    sampled = results([number("a"), number("b")], points.T, {"stock_value": on_luck(points[:, 0])}, "sobol")
    table = analysis.heat(sampled, "stock_value", "a", "b")
    assert table["points"].sum() == 200
    np.testing.assert_allclose(table["mean"] - 5 * LUCK.mean(), table["across"], atol=1 / 12)


def test_what_is_not_there_is_named():
    """Factor, policy, measure, a study without factors, a sweep that has hardly begun."""
    factors, columns, means = factorial()
    made = results(factors, columns, {"stock_value": on_luck(means)})
    for ask, sentence in (
        (lambda: analysis.heat(made, "stock_value", "a", "d"), "no factor 'd'"),
        (lambda: analysis.heat(made, "stock_value", "a", "a"), "'a' is named twice"),
        (lambda: analysis.effects(made, "stock_value", "chase"), "no policy 'chase'"),
        (lambda: analysis.effects(made, "stock_valu"), "no measure 'stock_valu'"),
        (lambda: analysis.effects(results([], (), {"stock_value": on_luck([1.0])}), "stock_value"), "varies nothing"),
    ):
        with pytest.raises(ScenarioError, match=sentence):
            ask()
    holes = on_luck(means)
    holes[2] = np.nan
    with pytest.raises(ScenarioError, match="no replication yet that all points were run in"):
        analysis.effects(results(factors, columns, {"stock_value": holes}), "stock_value")


def test_only_common_replications_count():
    """A replication that one point lacks is left out for all."""
    factors, columns, means = factorial()
    holes = on_luck(means)
    holes[2, 3] = holes[5, 8] = np.nan
    assert sample(results(factors, columns, {"stock_value": holes}), "stock_value").values.shape == (8, 9)


def test_pictures_say_what_they_show():
    """Titles are findings, and every mark is there."""
    factors, columns, means = factorial()
    made = results(factors, columns, {"stock_value": on_luck(means, 0.2)})
    storm = pictures.draw_tornado(analysis.tornado(made, "stock_value"), "stock_value", "EUR").to_dict()
    assert storm["title"]["text"] == "a moves stock of products most"
    assert len(storm["layer"]) == 5
    cells = pictures.draw_heat(analysis.heat(made, "stock_value", "a", "c"), "stock_value", "a", "c").to_dict()
    assert cells["title"]["text"] == "Stock of products is lowest at a 0 and c lots"
