"""The companies that come with the product: each loads at once, runs under its policies, and behaves like a company."""

from collections import OrderedDict
from contextlib import suppress
from time import process_time

import numpy as np
import pytest

from simulator.company import history
from simulator.company.files import scenario_names
from simulator.engine.accounts import figures_a_day
from simulator.engine.expected import planned_load
from simulator.engine.play import play, weather_for
from simulator.engine.scenario import load
from simulator.kernel.ledger import SCORED
from simulator.kernel.units import ScenarioError
from simulator.results.compare import DEFAULT_POLICIES, compare
from simulator.results.run import simulate
from tests.every_day import some

SECONDS = 1.0
NAMES = scenario_names()
PLANNED = {"switchgear": ("sop", "sop-smoothed"), "trading": ("sop", "sop-optimised")}
VARIANTS = [name for name in NAMES if name.startswith(("giftware-", "switchgear-"))]


def shortened(name):
    """A scenario as short as what happens in it allows, four months or more."""
    for months in (4, 8, 12, 16, 20):
        with suppress(ScenarioError):  # something happens later
            return load(name, {"experiment.months": months, "experiment.warm_up": 1})
    return load(name)


def policies_of(scenario):
    """What the scenario compares, and all that it brings along."""
    return dict.fromkeys([*(scenario.experiment.policies or DEFAULT_POLICIES), *scenario.policies])


def test_the_known_ones_are_there():
    """Four companies of their own kind, and the textbook."""
    assert {"giftware", "switchgear", "trading", "textbook/w1", "textbook/w2"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_it_loads_at_once(name):
    """In less than a second of a processor; order lines may have been read before."""
    start = process_time()
    load(name)
    assert process_time() - start < SECONDS


def test_order_lines_are_read_at_once(monkeypatch):
    """In less than a second too, the first time."""
    monkeypatch.setattr(history, "_REMEMBERED", OrderedDict())
    test_it_loads_at_once("giftware")


def runs(scenario, policies):
    """Shares are shares, and something is shipped, in each of three replications."""
    for policy in policies:
        run = simulate(scenario, policy, replications=3)
        fill = run.measures().query("measure == 'fill_rate'")["value"]
        assert len(fill) == 3
        assert fill.between(0, 1).all(), policy
        assert run.daily("shipped").sum() > 0, policy


@pytest.mark.parametrize("name", some(NAMES, *(name for name in NAMES if name not in VARIANTS)))
def test_it_runs_under_each_of_its_policies(name):
    """A company that is somebody else's variant runs under all of them on slow days."""
    scenario = shortened(name)
    runs(scenario, policies_of(scenario))


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_runs_under_what_it_is_about(name):
    """The policies that it brings along; without any the one that it names last."""
    scenario = shortened(name)
    runs(scenario, scenario.policies or [*policies_of(scenario)][-1:])


def test_the_test_bay_of_switchgear_is_the_bottleneck():
    """Loaded to about 80 % on average, above 100 % in some months, and more than the fitters."""
    scenario = load("switchgear")
    load_of = dict(zip(scenario.network.resources, planned_load(scenario), strict=True))
    bay, fitters = load_of["test-bay"], load_of["assembly"]
    assert bay[-1] == pytest.approx(0.80, abs=0.03)
    assert (bay[:-1] > 1.0).sum() >= 2
    assert fitters[-1] < bay[-1]


@pytest.mark.parametrize("name", PLANNED)
def test_planning_is_better_than_none(name):
    """Nobody is perfect, nobody is hopeless, and who plans together serves better than departments on their own."""
    found = compare(name, ["siloed", *PLANNED[name]], 15, measures=["fill_rate"]).found
    fill = {policy: values[0] for policy, values in found.items()}
    for policy, values in fill.items():
        assert 0.3 < values.mean() < 0.999, policy
    for policy in PLANNED[name]:
        gain = fill[policy] - fill["siloed"]
        assert gain.mean() > 3 * gain.std(ddof=1) / np.sqrt(len(gain)), policy


@pytest.mark.parametrize("policy", some(DEFAULT_POLICIES, "siloed", "chase"))
def test_stock_does_not_grow_for_ever(policy):
    """The fifth and sixth year of the equipment maker hold about what the third and fourth did, and owe no more."""
    scenario = load("switchgear", {"experiment.months": 72})
    run, start = simulate(scenario, policy, replications=10), scenario.days.month_start
    middle, late = slice(start[24], start[48]), slice(start[48], start[72])
    value = run.daily("on_hand") @ scenario.network.unit_cost[:, 0]
    owed = (run.daily("backlog").sum(axis=2) @ scenario.network.price[:, 0]).mean(axis=0)
    assert value[:, late].mean() < 1.25 * value[:, middle].mean()
    assert owed[late].mean() < 2.0 * owed[middle].mean()


def test_a_variant_in_another_folder_finds_the_order_lines_of_its_base(tmp_path):
    """Order lines lie beside the file that names them; the company is the one that it would be beside its base."""
    file = tmp_path / "mine.toml"
    file.write_text('extends = "giftware"\n[products.85123A]\nprice = 3.25\n', encoding="utf-8")
    there = load("giftware", {"products.85123A.price": 3.25})
    assert load(file).fingerprint == there.fingerprint
    assert load({"extends": "giftware"}).fingerprint == load("giftware").fingerprint
    file.write_text('extends = "giftware"\n[demand.history]\nfile = "own.csv"\n', encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"demand.history.file is 'own.csv', and there is no such file"):
        load(file)


def test_several_bases_lie_on_top_of_each_other(tmp_path):
    """What one changes is not wiped out by another's base; where two speak of the same, the later one decides."""
    files = {
        "calm": 'extends = "giftware"\n[finance]\nholding_rate = 0.1\ncredit_line = 1\n',
        "dear": 'extends = "calm"\n[finance]\nholding_rate = 0.3\n',
        "poor": 'extends = "calm"\n[finance]\ncredit_line = 2\n',
        "cheap": 'extends = "calm"\n[finance]\nholding_rate = 0.2\n',
    }
    for name, text in files.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    both = tmp_path / "both.toml"
    for bases, holding, credit in (('["dear", "poor"]', 0.3, 2), ('["dear", "poor", "cheap"]', 0.2, 2)):
        both.write_text(f"extends = {bases}\n", encoding="utf-8")
        finance = load(both).company.finance
        assert (finance.holding_rate, finance.credit_line) == (holding, credit)


@pytest.mark.parametrize("name", ["giftware", "giftware-everything"])
def test_memory_is_reckoned_by_the_books_that_are_kept(name):
    """What a run is cut by is what its books take up, in every company."""
    scenario = shortened(name)
    books = play(scenario, scenario.policy("chase"), weather_for(scenario, 1, [0, 1]), SCORED)
    kept = sum(table[0].size for tables in (books.flows, books.closing, books.memos) for table in tables.values())
    assert figures_a_day(scenario.company, scenario.network) == kept / 2
