"""Studies as files, the designs that they lay out, and what they cost."""

from itertools import combinations

import numpy as np
import pytest
from bakery import study

from simulator.company.files import scenario_names
from simulator.engine.scenario import load
from simulator.engine.settings import changed_policy, changed_scenario
from simulator.kernel.units import ScenarioError
from simulator.studies import plan as planning
from simulator.studies.blocks import blocks_of_stage, count_blocks
from simulator.studies.cutting import Stage
from simulator.studies.store import Store
from simulator.studies.study import find_study, load_study, study_names
from simulator.studies.sweep import sweep

FACTORS = [
    {"entry": "policy.safety_stock.z", "name": "z", "low": 0.0, "high": 2.0, "steps": 3},
    {"entry": "products.salt.opening_stock", "low": 10.0, "high": 90.0, "steps": 2},
    {"entry": "segments.customers.patience", "low": 1, "high": 4, "steps": 4},
    {"entry": "policy.allocation", "values": ["ranked", "first-come", "proportional"]},
]


def points(folder, kind, factors=FACTORS, **design):
    """The points of a design, a tuple each."""
    laid_out = study(folder, factors=factors, design={"kind": kind, **design}).points
    return [tuple(setting.values()) for setting in laid_out]


@pytest.mark.parametrize("name", study_names())
def test_studies_that_come_with_the_product_load(name):
    """And are no scenarios."""
    assert len(load_study(name).points) > 1
    assert find_study(name).stem not in scenario_names()


def test_a_grid_has_all_combinations(tmp_path):
    """The last factor varies fastest; a range is cut into its steps, whole numbers stay whole."""
    found = points(tmp_path, "grid")
    assert len(set(found)) == len(found) == 3 * 2 * 4 * 3
    assert found[0] == (0.0, 10.0, 1, "ranked")
    assert {row[2] for row in found} == {1, 2, 3, 4}
    assert all(isinstance(row[2], int) for row in found)


def test_a_list_takes_values_together(tmp_path):
    """As many each, or a sentence that counts them."""
    pairs = [
        {"entry": "policy.safety_stock.z", "values": [0.0, 1.0]},
        {"entry": "products.salt.price", "values": [1.0, 2.0]},
    ]
    assert points(tmp_path, "list", pairs) == [(0.0, 1.0), (1.0, 2.0)]
    pairs[1]["values"] = [1.0, 2.0, 3.0]
    with pytest.raises(ScenarioError, match=r"they have policy.safety_stock.z 2, products.salt.price 3"):
        points(tmp_path, "list", pairs)


@pytest.mark.parametrize(("kind", "size"), [("latin-hypercube", 12), ("sobol", 16)])
def test_samples_fill_every_range_evenly_and_repeat(tmp_path, kind, size):
    """A point in each of as many equal parts of every range; categories and whole numbers in equal shares."""
    found = points(tmp_path, kind, points=size)
    z = np.array([row[0] for row in found])
    assert sorted((z / 2.0 * size).astype(int)) == list(range(size))
    assert {row[2] for row in found} == {1, 2, 3, 4}
    assert {row[3] for row in found} == {"ranked", "first-come", "proportional"}
    assert points(tmp_path, kind, points=size) == found
    other = study(tmp_path, factors=FACTORS, design={"kind": kind, "points": size}, seed=6)
    assert [tuple(setting.values()) for setting in other.points] != found


def test_one_at_a_time_starts_from_what_the_company_says(tmp_path):
    """The base, then each factor at its ends while the others stay."""
    base, *others = points(tmp_path, "one-at-a-time")
    case = study(tmp_path)
    assert base[1] == case.scenario.company.products["salt"].opening_stock == 60.0
    assert len(others) == 2 + 2 + 2 + 2
    assert all(sum(a != b for a, b in zip(row, base, strict=True)) == 1 for row in others)


def coded(found):
    """Low and high as -1 and 1."""
    columns = [sorted(set(column), key=str) for column in zip(*found, strict=True)]
    return np.array([[-1 if value == c[0] else 1 for value, c in zip(row, columns, strict=True)] for row in found])


@pytest.mark.parametrize("resolution", [3, 4, 5])
@pytest.mark.parametrize("factors", [3, 5, 7])
def test_a_fraction_keeps_to_its_resolution(tmp_path, factors, resolution):
    """No product of fewer columns is constant, and every column is half low, half high (Box & Hunter 1961)."""
    entries = ["price", "unit_cost", "opening_stock"]
    all_of_them = [f"products.{p}.{e}" for p in ("bread", "salt") for e in entries] + ["finance.holding_rate"]
    chosen = [{"entry": entry, "low": 0.1, "high": 0.9} for entry in all_of_them[:factors]]
    table = coded(points(tmp_path, "fractional-factorial", chosen, resolution=resolution))
    assert len(table) <= 2**factors
    for size in range(1, min(resolution, factors + 1)):
        for columns in combinations(table.T, size):
            product = np.prod(columns, axis=0)
            assert abs(product.sum()) < len(table), "a product of so few columns is a constant"
    assert (table.sum(axis=0) == 0).all()


def test_known_fractions_are_found(tmp_path):
    """2^(5-2) III, 2^(7-4) III, 2^(4-1) IV, 2^(8-4) IV, 2^(5-1) V: the sizes of the textbook (Box, Hunter & Hunter 2005)."""
    from simulator.studies.design import _words

    sizes = {(5, 3): 8, (7, 3): 8, (4, 4): 8, (8, 4): 16, (5, 5): 16, (15, 3): 16}
    for (factors, resolution), runs in sizes.items():
        assert 2 ** len(_words(factors, resolution)[0]) == runs


def test_a_full_factorial_has_all_corners(tmp_path):
    """Of a category the first and the last."""
    assert len(set(points(tmp_path, "full-factorial"))) == 2**4


def test_a_changed_company_is_the_one_that_a_file_with_the_change_describes():
    """Also where order lines were fitted, and whether or not they are read again."""
    scenario = load("giftware")
    for entry, value in {
        "products.85123A.price": 3.25, "components.bottle.buy.lead_time.mean": 30.0, "resources.packing.hours": 5.0,
        "experiment.months": 18, "products.85123A.family": "bags", "demand.history.key_account_units": 3000,
    }.items():  # fmt: skip
        found, wanted = changed_scenario(scenario, {entry: value}), load("giftware", {entry: value})
        assert found.company == wanted.company, entry
        assert found.experiment == wanted.experiment
        assert found.fingerprint == wanted.fingerprint


def test_a_changed_policy_keeps_the_rest():
    """Also inside a rule's rule."""
    policy = load("giftware").policy("sop")
    found = changed_policy(policy, {"policy.forecast.sales.optimism": 0.4}, "test")
    assert found.forecast.sales.optimism == 0.4
    assert found.model_copy(update={"forecast": policy.forecast}) == policy


def test_blocks_cover_a_stage_once(tmp_path):
    """Every point and replication, whatever the lanes."""
    case = study(tmp_path)
    for lanes in (None, 1, 3, 10, 1000):
        stage = Stage(None, 2, 13)
        blocks = [*blocks_of_stage(case, stage, lanes)]
        runs = [(point, r) for b in blocks for point in b.points for r in range(b.start, b.stop)]
        assert sorted(runs) == [(point, r) for point in range(6) for r in range(2, 13)]
        assert len(blocks) == count_blocks(case, stage, lanes)
        assert len({block.key(case.key) for block in blocks}) == len(blocks)


def test_the_plan_knows_what_is_there(tmp_path):
    """And what is left costs less."""
    case = study(tmp_path, replications=4)
    sweep(case, tmp_path / "out", workers=1)
    more = planning.plan(study(tmp_path, replications=10), Store(tmp_path / "out"), 1)
    assert more.runs == 120
    assert more.runs_found == 48
    assert planning.plan(study(tmp_path, replications=10), None, 1).bytes > more.bytes


@pytest.mark.parametrize(
    ("seconds", "words"), [(5, "5 s"), (300, "5 minutes"), (7_300, "2 hours"), (86_400 * 58, "58 days")]
)
def test_times_as_one_says_them(seconds, words):
    """A unit of which there are at least two."""
    assert str(planning.duration_words(seconds)) == words
