"""sop check: it knows what a file is, and what it passes one replication runs."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import fuzz, mutations
from simulator.company.files import read_toml, scenario_names
from simulator.engine.scenario import load
from simulator.faces.cli import main
from simulator.faces.kinds import check_file, kind_of
from simulator.results.run import simulate

QUICK = [f"textbook/{name}" for name in ("w1", "w2", "min-max", "two-classes", "perishable", "bullwhip-clipped")]


def sop(*words):
    """Run a command."""
    return CliRunner().invoke(main, words)


@pytest.mark.parametrize("file", mutations.SCENARIOS, ids=lambda file: file.stem)
def test_shipped_scenarios_are_known(file):
    """By what stands in them."""
    assert kind_of(read_toml(file)) == "scenario"


@pytest.mark.parametrize("file", [*mutations.POLICIES, *mutations.STUDIES], ids=lambda file: file.stem)
def test_shipped_policies_and_studies_are_known(file):
    """By what stands in them."""
    assert kind_of(read_toml(file)) == ("policy" if file in mutations.POLICIES else "study")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ({"products": {"rule": "order-up-to", "days": 7}}, "policy"),
        ({"products": "pull", "components": "pull"}, "policy"),
        ({"products": {"rule": {"price": 3.0}}}, "scenario"),
        ({"products": {"a": {"price": 1}}, "seed": 3}, "scenario"),
        ({"note": "mine", "supply_plan": "level", "prodcuts": "pull"}, "policy"),
        ({"policies": ["sop"], "scenario": "giftware"}, "study"),
        ({"policies": {"mine": {"supply_plan": "none"}}, "extends": "giftware"}, "scenario"),
        ({"policies": ["sop"], "measure": ["fill_rate"]}, "study"),
        ({}, "scenario"),
    ],
)
def test_a_file_is_known_by_most_of_its_entries(words, kind):
    """Also where one of them is misspelt, and where scenario and policy have an entry of the same name."""
    assert kind_of(words) == kind


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_misspelt_policy_is_told_as_a_policy(shelf):
    """Its own entries are proposed, and not those of a scenario."""
    (shelf / "mine.toml").write_text(
        'supply_plan = "level"\nforcast = "holt"\nproducts = { rule = "order-up-to", days = 7 }\n'
    )
    said = sop("check", "mine.toml")
    assert said.exit_code == 2
    assert "mine.toml: forcast is 'holt', but there is no such entry; did you mean forecast" in said.stderr


def test_a_policy_is_tried_in_a_company(shelf):
    """What a company does not have is refused as a run refuses it; without a company nobody can know."""
    (shelf / "mine.toml").write_text('products = { rule = "order-up-to", days = 7, level = { dril = 400 } }\n')
    assert sop("check", "mine.toml").stdout == "mine.toml: ok: a policy.\n"
    said, run = sop("check", "mine.toml", "--with", "trading"), sop("run", "trading", "--policy", "mine.toml")
    assert said.exit_code == run.exit_code == 2
    assert said.stderr == run.stderr
    assert "'dril', which is no item of the company; did you mean drill?" in said.stderr
    (shelf / "mine.toml").write_text('products = { rule = "order-up-to", days = 7 }\n')
    assert sop("check", "mine.toml", "--with", "trading").stdout == "mine.toml: ok: a policy. It runs in trading.\n"


def test_a_policy_inside_a_scenario_is_tried(shelf):
    """Also one that is not compared when none is named."""
    (shelf / "mine.toml").write_text(
        'extends = "trading"\n[policies.slip]\nproducts = { rule = "order-up-to", level = { dril = 400 } }\n'
    )
    assert "'dril', which is no item" in sop("check", "mine.toml").stderr


def test_a_study_is_told_and_tried(shelf):
    """What it varies; in another company where one is named."""
    (shelf / "study.toml").write_text(
        'scenario = "trading"\npolicies = ["order-up-to"]\n[[factors]]\nentry = "products.drill.price"\nlow = 80\nhigh = 120\n'
    )
    said = sop("check", "study.toml")
    assert said.stdout.splitlines()[0].startswith(
        "study.toml: ok: a study of trading: 5 points of 1 factor, policy order-up-to, "
    )
    assert "giftware.toml has no entry products.drill.price" in sop("check", "study.toml", "--with", "giftware").stderr


def test_a_scenario_is_checked_with_none(shelf):
    """--with is for what needs a company."""
    assert "trading is a scenario; --with names the company" in sop("check", "trading", "--with", "giftware").stderr


@pytest.mark.parametrize("name", QUICK)
def test_what_is_passed_runs(name):
    """All shipped scenarios, those that take a moment here; each with every policy that it names."""
    assert check_file(name)
    scenario = load(name)
    for policy in scenario.experiment.policies[:2]:
        assert simulate(scenario, policy, [0]).replications == [0]


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in scenario_names() if name not in QUICK])
def test_what_is_passed_runs_in_large_companies(name):
    """The same for those that take longer."""
    test_what_is_passed_runs(name)


def test_check_and_compare_refuse_alike():
    """Files with things changed at random: what is passed is simulated, what is refused is refused in both."""
    number, found = fuzz.fuzzed(seed=12, seconds=60, most=12, kinds=("scenario", "policy", "study"))
    assert not found, "\n".join(map(str, found))
    assert number > 5


def test_names_of_the_three_kinds_do_not_meet():
    """A name says which file is meant."""
    files = [*mutations.POLICIES, *mutations.STUDIES]
    assert not {file.stem for file in files} & {Path(name).name for name in scenario_names() if "/" not in name}
