"""Every tidy table says of each row which case it is of; two cases of one name are refused."""

import io
import json

import pandas as pd
import pytest
from click.testing import CliRunner

from simulator.faces.cli import main

SHORT = ["--months", "3", "--warm-up", "1"]
FEW = [*SHORT, "--replications", "2", "--measure", "fill_rate"]
DRILLS = ["--set", "products.drill.opening_stock=9999"]
CHANGE = "products.drill.opening_stock=9999"


def sop(*words):
    return CliRunner().invoke(main, [*map(str, words)])


def table(*words):
    told = sop(*words)
    assert told.exit_code == 0, told.output
    return pd.read_csv(io.StringIO(told.stdout))


def test_a_company_and_the_same_with_a_change_stand_apart(tmp_path):
    """In measures and summary, as files and as JSON: half of the rows each, and the change is named."""
    told = sop("compare", "trading", *DRILLS, "--against", "trading", *FEW, "--out", tmp_path / "X", "--json")
    assert told.exit_code == 0, told.output
    summary = pd.DataFrame(json.loads(told.stdout)["summary"])
    files = [pd.read_parquet(tmp_path / "X" / f"{name}.parquet") for name in ("measures", "summary")]
    for each in (summary, *files):
        names, counts = zip(*sorted(each["scenario"].value_counts().items()), strict=True)
        assert [CHANGE in name for name in names] == [False, True]
        assert len({*counts}) == 1


def test_a_change_is_named_beside_another_company_too():
    found = table("compare", "trading", *DRILLS, "--against", "textbook/w1", "--policy", "order-up-to", *FEW, "--csv")
    assert [*found["scenario"]] == ["w1", f"trading ({CHANGE})"]


@pytest.mark.parametrize(
    "words",
    [
        ["compare", "trading", "--policy", "chase", *FEW],
        ["run", "trading", "--policy", "chase", *SHORT],
        ["run", "trading", "--policy", "chase", *SHORT, "--book", "money"],
        ["fva", "trading", *SHORT, "--replications", "2"],
        ["bridge", "trading", *FEW, "--element", "safety-stock", "--workers", "1"],
    ],
)
def test_each_table_names_its_case_in_every_row(words):
    found = table(*words, *DRILLS, "--csv")
    assert found["scenario"].map(lambda name: CHANGE in name).all()
    said = json.loads(sop(*words, *DRILLS, "--json").stdout)
    rows = next(said[name] for name in ("summary", "rows", "bars") if name in said)
    assert {row["scenario"] for row in rows} == {*found["scenario"]}


@pytest.fixture
def twins(tmp_path, monkeypatch):
    """Two policies and two companies in folders of their own, by the same names."""
    for folder, rule in (("one", "chase"), ("two", "level")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "mine.toml").write_text(f'supply_plan = "{rule}"\n', encoding="utf-8")
        price = 50 if folder == "one" else 60
        (tmp_path / folder / "shop.toml").write_text(f'extends = "trading"\n[products.drill]\nprice = {price}.0\n')
    study = 'scenario = "trading"\npolicies = ["one/mine.toml", "two/mine.toml"]\nreplications = 2\n'
    (tmp_path / "study.toml").write_text(study, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["compare", "trading", "--policy", "one/mine.toml", "--policy", "two/mine.toml"], "the policy 'mine' is named twice"),
        (["compare", "one/shop.toml", "--against", "two/shop.toml"], "both scenarios are called shop, so that no table tells them"),
        (["bridge", "trading", "--base", "one/mine.toml", "--full", "two/mine.toml"], "two policies are called 'mine'"),
        (["bridge", "trading", "--base", "chase", "--full", "chase"], "policies chase and chase differ in no element of S&OP; take"),
        (["sweep", "study.toml", "--yes"], "study.toml: two policies are called 'mine', so that no table tells them apart; rename"),
    ],
)  # fmt: skip
def test_equal_names_are_refused(twins, words, sentence):
    told = sop(*words, *([] if words[0] == "sweep" else SHORT))
    assert told.exit_code == 2
    assert sentence in told.output
