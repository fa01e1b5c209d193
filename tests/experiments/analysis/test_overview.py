"""All settings at one glance, and how they settle; pictures on light and dark, in the reader's language."""

from dataclasses import replace

import numpy as np
import pytest
from made_up import category, number, results

from simulator.faces.analysis import pictures, standings
from simulator.faces.charts.look import DARK, LIGHT
from simulator.studies import analysis

RNG = np.random.default_rng(11)


def study(noise=0.02):
    """Fill rate that rises with z, two policies of which `plan` is better; stock that rises with z."""
    z, rule = [k / 9 for k in range(10)], ["a", "b"] * 5
    luck = RNG.normal(0, noise, 16)
    fill = [[0.6 + 0.3 * x - 0.01 * p for p in (0, 1)] for x in z]
    stock = [[20 + 30 * x + p for p in (0, 1)] for x in z]
    values = {
        name: np.array(means).reshape(-1, 1) + luck for name, means in (("fill_rate", fill), ("days_of_supply", stock))
    }
    return results([number("z"), category("rule", "a", "b")], (z, rule), values, policies=("plan", "pull"))


def test_parallel_has_a_place_on_every_axis_for_every_setting():
    """Policy, factors, stock and the measure; the ends of each lie at 0 and 1."""
    table = analysis.parallel(study(), "fill_rate")
    assert list(dict.fromkeys(table["axis"])) == ["policy", "z", "rule", "days_of_supply", "fill_rate"]
    assert len(table) == 5 * 20
    ends = table.groupby("axis")["place"].agg(["min", "max"])
    assert (ends["min"] == 0).all()
    assert (ends["max"] == 1).all()


@pytest.mark.parametrize(("measure", "place"), [("fill_rate", 1.0), ("days_of_supply", 0.0)])
def test_the_best_tenth_follows_the_direction_of_the_measure(measure, place):
    """Two of twenty settings: those of most service, or of least stock."""
    table = analysis.parallel(study(), measure)
    best = table[table["best"] & (table["axis"] == "z")]
    assert best["place"].tolist() == [place, place]


def test_convergence_ends_where_the_study_does():
    """The last step is the mean of all replications with its half-width; intervals hold the means."""
    made = study()
    table = analysis.convergence(made, "fill_rate")
    assert table["row"].nunique() == 3
    last = table[table["row"] == table["row"].iloc[0]].iloc[-1]
    whole = made.mean("fill_rate").iloc[last["row"]]
    assert last["replications"] == 16
    assert last["mean"] == pytest.approx(whole["mean"], abs=1e-12)
    assert last["high"] - last["mean"] == pytest.approx(whole["half_width"], abs=1e-12)
    assert whole["mean"] == made.mean("fill_rate")["mean"].max()


def drawn(look):
    """Every picture of the study."""
    made, names = study(), ["z", "rule"]
    yield pictures.draw_tornado(analysis.tornado(made, "fill_rate"), "fill_rate", "EUR", look)
    yield pictures.draw_effects(analysis.effects(made, "fill_rate"), "fill_rate", "EUR", look)
    yield pictures.draw_heat(analysis.heat(made, "fill_rate", "z", "rule"), "fill_rate", "z", "rule", "EUR", look)
    front = analysis.frontier(made)
    yield standings.draw_frontier(
        front, analysis.SERVICE_MEASURE, analysis.STOCK_MEASURE, analysis.CALM_MEASURE, "EUR", look
    )
    yield standings.draw_ranking(analysis.comparisons(made, "fill_rate"), "fill_rate", names, "EUR", look)
    yield standings.draw_parallel(analysis.parallel(made, "fill_rate"), "fill_rate", look)
    yield standings.draw_convergence(analysis.convergence(made, "fill_rate"), "fill_rate", names, "EUR", look)


def test_pictures_take_the_colours_of_their_background():
    """Nothing of the light look is left on the dark one but figures within coloured cells."""
    for picture in drawn(DARK):
        said = picture.to_json(validate=False)
        assert LIGHT.up not in said
        assert LIGHT.faint not in said


def test_means_of_few_runs_stay_on_an_axis_of_shares():
    """Two replications know a fill rate only to within points, and no fill rate is more than 100 %."""
    table = analysis.convergence(study(), "fill_rate")
    table["high"] = table["mean"] + 0.4
    chart = standings.draw_convergence(table, "fill_rate", ["z", "rule"]).to_dict(validate=False)
    assert max(layer["encoding"]["y"]["scale"]["domain"][1] for layer in chart["layer"]) <= 1


def test_names_above_axes_stand_whole():
    """In lines of their own, of which a reader hears one."""
    table = analysis.parallel(study(), "fill_rate")
    chart = standings.draw_parallel(table, "fill_rate").to_dict(validate=False)
    rows = chart["datasets"][chart["layer"][0]["data"]["name"]] if "datasets" in chart else chart["data"]["values"]
    heads = {row["axis"]: row["head"] for row in rows}
    assert heads["Days of stock of products"] == "Days of stock of\nproducts"
    assert not any("\n" in row["said"] for row in rows)
    assert chart["layer"][0]["encoding"]["x"]["axis"]["labelLimit"] == 0


def test_names_of_settings_stand_whole():
    """In several lines where they are long: what tells two of them apart stands at their ends."""
    table = analysis.comparisons(study(), "fill_rate")
    table["policy"] = [f"a way of planning that has a rather long name, {name}" for name in table["policy"]]
    chart = standings.draw_ranking(table, "fill_rate", ["z", "rule"]).to_dict(validate=False)
    beside = chart["layer"][0]["encoding"]["y"]
    assert all(len(line) <= 48 for name in beside["sort"] for line in name.split("\n"))
    assert (len(set(beside["sort"])), beside["axis"]["labelLimit"]) == (20, 0)


def test_pictures_speak_the_language_of_the_reader():
    """Every title and axis goes through the look; what is not translated is a name of the study or a figure."""
    heard = []
    look = replace(LIGHT, say=lambda text: heard.append(text) or text)
    count = sum(1 for _ in drawn(look))
    assert count == 7
    assert {"factor at its", "means over all other factors and replications", "may be the best", "replications"} <= set(
        heard
    )


def test_a_setting_is_named_by_what_was_chosen():
    """Policy and factors, in the words of the study."""
    table = analysis.comparisons(study(), "fill_rate")
    assert standings.labels(table, ["z", "rule"])[0] == "plan, z 1, rule b"
