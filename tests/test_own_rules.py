"""Rules of one's own: from a file that is named on the command line, from installed packages, and from nowhere else."""

import io
import shutil
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from simulator.faces.cli import main
from simulator.kernel.units import ScenarioError
from simulator.kernel.workers import backends
from simulator.planning import own
from simulator.planning.rules import Rule, rights
from simulator.studies.study import load_study

ROOT = Path(__file__).resolve().parent.parent
MINE = (ROOT / "docs" / "mine.py").read_text(encoding="utf-8")
STUDY = """
scenario = "trading"
policies = ["mine.toml"]
replications = 3
measures = ["fill_rate", "all_stock_value"]

[changes]
"experiment.months" = 4
"experiment.warm_up" = 1

[[factors]]
entry = "policy.safety_stock.factor"
values = [5.0, 20.0, 40.0]
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with the rule, the policy and a study; what is loaded meanwhile is forgotten afterwards."""
    kinds = [Rule, *rights()]
    known, loaded, errands = [dict(kind.known) for kind in kinds], dict(own.LOADED), [*backends.ERRANDS]
    own.LOADED.clear()
    backends.ERRANDS.clear()
    for kind in kinds:
        for name in [name for name, rule in kind.known.items() if not rule.__module__.startswith("simulator.")]:
            del kind.known[name]
    for file in ("mine.py", "mine.toml"):
        shutil.copy(ROOT / "docs" / file, tmp_path)
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    for module in own.LOADED.keys() - loaded.keys():
        sys.modules.pop(module, None)
    for kind, before in zip(kinds, known, strict=True):
        kind.known.clear()
        kind.known.update(before)
    own.LOADED.clear()
    own.LOADED.update(loaded)
    backends.ERRANDS[:] = errands


def sop(*words):
    return CliRunner().invoke(main, [*map(str, words)])


def write(folder, text, name="other.py"):
    (folder / name).write_text(text, encoding="utf-8")
    return name


# --- from a file ---


def test_the_documents_show_the_file_that_is_run():
    assert f"```python\n{MINE}```" in (ROOT / "docs" / "your-own.md").read_text(encoding="utf-8")


def test_a_rule_of_one_s_own_decides(here):
    """Four times the safety stock for a factor four times as high: more stock, more filled."""
    write(here, 'safety_stock = { rule = "square-root", factor = 80.0 }', "more.toml")
    few = ["--replications", 3, "--months", 4, "--warm-up", 1, "--csv"]
    told = sop("--rules", "mine.py", "compare", "trading", "--policy", "mine.toml", "--policy", "more.toml", *few)
    assert told.exit_code == 0, told.output
    table = pd.read_csv(io.StringIO(told.stdout)).groupby(["policy", "measure"])["mean"].mean()
    for measure in ("fill_rate", "all_stock_value"):
        assert table["more", measure] > table["mine", measure]


def test_without_its_file_a_rule_is_unknown(here):
    told = sop("compare", "trading", "--policy", "mine.toml")
    assert told.exit_code == 2
    assert "mine.toml: safety_stock.rule is 'square-root', which is no safety stock rule" in told.output


def test_other_commands_see_it(here):
    assert 'rule = "square-root": Safety stock grows' in sop("--rules", "mine.py", "describe", "--rules").output
    assert "rules beside those of the product: safety stock square-root" in sop("--rules", "mine.py", "policies").output
    assert "It runs in trading" in sop("--rules", "mine.py", "check", "mine.toml", "--with", "trading").output
    assert "mine.toml: ok" in sop("--rules", "mine.py", "check", "mine.toml").output


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x = 1\n", "other.py cannot be loaded as rules: it holds no rule; a rule is a class such as"),
        (MINE.replace(', name="square-root"', ""), "it holds no rule"),
        ("import numpy\ndef f(:\n", "other.py, line 2: cannot be loaded as rules: it is no Python: invalid syntax"),
        ("import numpy\nimport nowhere\n", "other.py, line 2: cannot be loaded as rules: ModuleNotFoundError"),
        ("import numpy\n\nraise SystemExit(0)\n", "other.py, line 3: cannot be loaded as rules: SystemExit: 0"),
        (MINE.replace("square-root", "fill-rate-target"), "line 8: cannot be loaded as rules: the safety stock rule "
         "fill-rate-target comes with the product; give yours another name"),
        (MINE.replace("(SafetyStock,", "(Rule,").replace("SafetyStock\n", "Rule\n"), "rule square-root decides nothing; it must"),
        (MINE[: MINE.index("    def")], "rule square-root answers nothing; give it a method __call__"),
    ],
)  # fmt: skip
def test_a_file_that_gives_no_rules_is_refused_in_a_sentence(here, text, sentence):
    told = sop("--rules", write(here, text), "policies")
    assert told.exit_code == 2
    assert sentence in told.output
    assert told.output.count("\n") == 1
    assert not own.own_rules()
    assert not own.LOADED


def test_a_file_that_is_not_there_is_refused(here):
    told = sop("--rules", "nowhere.py", "policies")
    assert (told.exit_code, told.output) == (2, "sop: there is no file nowhere.py\n")


def test_two_files_may_not_bring_one_name(here):
    write(here, MINE.replace("20.0", "30.0"))
    told = sop("--rules", "mine.py", "--rules", "other.py", "policies")
    assert told.exit_code == 2
    assert (
        "other.py, line 8: cannot be loaded as rules: another rules file has a safety stock rule square-root"
        in told.output
    )
    assert sop("--rules", "mine.py", "--rules", "mine.py", "policies").exit_code == 0


def test_a_rule_that_fails_is_named_with_its_line(here):
    write(here, MINE.replace("view.usage()", "view.nothing()"))
    told = sop("--rules", "other.py", "compare", "trading", "--policy", "mine.toml", "--replications", 2)
    assert told.exit_code == 2
    assert "other.py, line 14: rule square-root fails: AttributeError: " in told.output


def test_it_is_told_where_the_option_stands(here):
    assert "--rules stands before the command" in sop("compare", "trading", "--rules", "mine.py").output


# --- workers ---


def swept(folder, out, *words):
    """The rows of the study, sorted."""
    told = sop("--rules", "mine.py", "sweep", "study.toml", "--out", out, "--yes", *words)
    assert told.exit_code == 0, told.output
    from simulator.studies.results import Results

    return Results(folder / out).table()


def test_processes_and_dask_workers_load_the_same_text(here):
    """What they compute is to the bit what this process computes; the file itself is gone by then."""
    alone = swept(here, "alone", "--workers", 1)
    assert alone["value"].nunique() > 6
    for k, words in enumerate((["--workers", 2], ["--workers", 2, "--cluster", "local"])):
        table = swept(here, f"shared-{k}", *words)
        assert table.equals(alone)


@pytest.mark.slow
def test_the_text_travels_not_the_path(here):
    own.load_rules("mine.py")
    (here / "mine.py").unlink()
    with backends_of(2) as hands:
        jobs = [hands.submit(rule_of, "square-root") for _ in range(4)]
        assert {job.result() for job in jobs} == {next(iter(own.LOADED))}


def backends_of(workers):
    from simulator.kernel.workers import crew

    return crew(workers)


def rule_of(name):
    """The module of a rule as a worker knows it."""
    from simulator.planning.rules import SafetyStock

    return SafetyStock.known[name].__module__


def test_the_bridge_and_the_search_run_with_it(here):
    short = ["--months", 4, "--warm-up", 1, "--workers", 2]
    told = sop("--rules", "mine.py", "bridge", "trading", "--base", "mine.toml", "--full", "sop", "--replications", 3,
               "--element", "consensus", "--element", "safety-stock", "--element", "buying", *short)  # fmt: skip
    assert told.exit_code == 0, told.output
    told = sop("--rules", "mine.py", "optimise", "trading", "--policy", "mine.toml", "--service", 0.5, "--yes",
               "--factor", "policy.safety_stock.factor=0:60", "--replications", 5, *short[:-1], 1)  # fmt: skip
    assert told.exit_code == 0, told.output


# --- what results follow from ---


def test_results_of_another_text_are_not_taken_for_these(here):
    own.load_rules("mine.py")
    first = load_study("study.toml").key
    policy = load_study("study.toml").policies[0].model_dump(mode="json")
    assert own.texts_behind(policy)
    assert not own.texts_behind({**policy, "safety_stock": "none"})
    forget()
    write(here, MINE.replace("** 0.5", "** 0.6"))
    own.load_rules("other.py")
    assert load_study("study.toml").key != first
    forget()
    write(here, MINE)
    own.load_rules("other.py")
    assert load_study("study.toml").key == first


def test_a_study_without_such_rules_keeps_its_key(here):
    before = load_study("safety-stock").key
    own.load_rules("mine.py")
    assert load_study("safety-stock").key == before


def forget():
    for right in rights():
        for name in [name for name, rule in right.known.items() if rule.__module__ in own.LOADED]:
            del right.known[name]
    own.LOADED.clear()


# --- installed packages ---


@pytest.fixture
def package(here, monkeypatch):
    """A module as an installed package would bring it, and its entry point."""
    monkeypatch.syspath_prepend(str(here / "site"))

    def make(text):
        (here / "site").mkdir(exist_ok=True)
        write(here / "site", text, "bakery_rules.py")
        sys.modules.pop("bakery_rules", None)
        return [EntryPoint("mine", "bakery_rules", own.GROUP)]

    yield make
    sys.modules.pop("bakery_rules", None)


def test_rules_of_an_installed_package_are_known(package):
    own.take_in_installed(lambda: package(MINE))
    assert [*own.own_rules()] == ["safety stock square-root"]
    assert own.texts_behind({"rule": "square-root"})


def test_an_installed_package_that_fails_is_named(package):
    with pytest.raises(
        ScenarioError, match="the rules bakery_rules of the installed package bakery_rules cannot be loaded"
    ):
        own.take_in_installed(lambda: package("import nowhere"))
    with pytest.raises(ScenarioError, match="fill-rate-target comes with the product"):
        own.take_in_installed(lambda: package(MINE.replace("square-root", "fill-rate-target")))


# --- never from a visitor ---


def test_the_dashboard_has_no_such_door(here):
    told = sop("--rules", "mine.py", "dashboard")
    assert told.exit_code == 2
    assert "--rules has no effect on the dashboard" in told.output
    for file in (ROOT / "dashboard").rglob("*.py"):
        assert "load_rules" not in file.read_text(encoding="utf-8"), file


@pytest.mark.parametrize("entry", ["rules", "plugins"])
@pytest.mark.parametrize("place", ["", "[company]\n", "[experiment]\n", "[policies.own]\n"])
def test_no_scenario_names_a_rules_file(here, entry, place):
    from simulator.engine.scenario import load

    write(
        here,
        f'extends = "trading"\n{place}{entry} = ["mine.py"]\n'
        if place
        else f'extends = "trading"\n{entry} = ["mine.py"]\n',
        "own.toml",
    )
    with pytest.raises(ScenarioError):
        load("own.toml")
    assert not own.own_rules()


def test_its_sentences_are_known_in_chinese():
    from simulator.kernel.messages import speaking

    file = own.RulesFile("/elsewhere/我的.py", b"")
    with speaking("zh"):
        assert str(own.unloadable(file, ImportError("x y"))) == "我的.py 不能作为规则载入：ImportError：x y"
