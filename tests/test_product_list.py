"""Products as a list: classes by hand, filters, the worst first; on the screen, for programs and as a file."""

import io
import json

import numpy as np
import pandas as pd
import pypdfium2
import pytest
from click.testing import CliRunner

from simulator.engine.scenario import load
from simulator.faces.answer.of_products import answer_of_products
from simulator.faces.answer.writing import answer_bytes
from simulator.faces.cli import main
from simulator.kernel.units import ScenarioError
from simulator.results.compare import OF_A_PART, compare
from simulator.results.product_list import chosen_products, class_sums, product_list, value_classes
from simulator.results.story import story


@pytest.fixture(scope="module")
def short():
    return load("giftware", {"experiment.months": 3, "experiment.warm_up": 1})


@pytest.fixture(scope="module")
def found(short):
    return compare(short, ["sop"], 2, measures=OF_A_PART, by="product")


@pytest.fixture(scope="module")
def every(found):
    return product_list(found, "sop")


def test_classes_by_hand():
    """Of 100 in value, 50 and 30 make 80: both are A; 10 and 5 lead to 95: B; what begins at 95 is C."""
    assert value_classes([5.0, 50.0, 10.0, 30.0, 5.0]) == ["B", "A", "B", "A", "C"]
    assert value_classes([0.0, 0.0]) == ["A", "A"]


def test_a_list_holds_every_product_with_its_own_figures(found, every):
    assert every["share"].sum() == pytest.approx(1)
    fill = {
        group: own
        for (measure, group), own in zip(found.rows, found.found["sop"], strict=True)
        if measure.name == "fill_rate"
    }
    assert dict(zip(every["product"], every["fill_rate"], strict=True)) == pytest.approx(
        {p: own.mean() for p, own in fill.items()}
    )
    sums = class_sums(every)
    assert sums["products"].sum() == len(every)
    assert sums["stock_value"].sum() == pytest.approx(every["stock_value"].sum())
    part = every[every["class"] == "A"]
    assert sums["fill_rate"][0] == pytest.approx(np.average(part["fill_rate"], weights=part["sales"]))


def test_filters_keep_what_is_asked_for_worst_first(every):
    shown = chosen_products(every, classes="AB", family="lights")
    assert len(shown)
    assert set(shown["family"]) == {"lights"}
    assert set(shown["class"]) <= {"A", "B"}
    assert shown["fill_rate"].is_monotonic_increasing
    assert (
        chosen_products(every, sort="stock_value", most=3)["stock_value"].tolist()
        == sorted(every["stock_value"])[:-4:-1]
    )
    bags = chosen_products(every, text="bag", most=0)["name"].tolist()
    assert sorted(bags) == sorted(name for name in every["name"] if "BAG" in name)
    for wrong in ({"family": "light"}, {"classes": "D"}):
        with pytest.raises(ScenarioError):
            chosen_products(every, **wrong)


def test_pages_keep_the_same_figures(short, found):
    """A story holds the products that `compare` tells, run in the same luck."""
    kept = story(short, [short.policy("sop")], [0, 1], short.experiment.seed).comparison("product")
    assert kept.rows == found.rows
    np.testing.assert_array_equal(kept.found["sop"], found.found["sop"])


def test_the_list_leaves_as_a_file(found, every):
    content = answer_bytes(answer_of_products(found, "sop", every, chosen_products(every)), ".pdf")
    printed = "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))
    assert all(product in printed for product in every["product"])


def test_the_command_shows_as_many_as_asked_for():
    run = ["products", "giftware", "--months", "3", "--warm-up", "1", "--replications", "2", "--worst", "4"]
    told = CliRunner().invoke(main, [*run, "--json"])
    assert told.exit_code == 0, told.output
    answer = json.loads(told.stdout)
    assert len(answer["products"]) == 4
    assert [row["class"] for row in answer["classes"]] == ["A", "B", "C"]
    table = pd.read_csv(io.StringIO(CliRunner().invoke(main, [*run, "--csv", "--class", "C"]).stdout))
    assert set(table["class"]) == {"C"}
    assert "4 of 17 products, the worst first" in CliRunner().invoke(main, run).stdout
