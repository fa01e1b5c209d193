"""Named alternatives: how they are typed, what each changes, and that all meet the same luck."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from simulator import compare, load
from simulator.faces.cli import main
from simulator.kernel.units import ScenarioError
from simulator.results.alternatives import alternative_in, alternatives_in, compare_alternatives, of_alternative


def test_an_alternative_is_typed_in_one_line() -> None:
    words = 'S&OP, z 1.65, rubber out: policy=sop, policy.safety_stock.z=1.65, what_if.supplier_out={ rubber = 6 }, company.note="a, b"'
    assert alternative_in(words) == (
        "S&OP, z 1.65, rubber out",
        {"policy": "sop", "policy.safety_stock.z": 1.65, "what_if.supplier_out": {"rubber": 6}, "company.note": "a, b"},
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["no colon"], "the alternative is 'no colon'; it must be NAME: policy=POLICY, ENTRY=VALUE, ..."),
        (["a: policy"], "the alternative is 'a: policy'; it must be"),
        (["a: policy=sop, x=1, x=2"], "alternative 'a' sets x twice; set it once"),
        (["a: policy=sop", "a: policy=chase"], "two alternatives are called 'a'; give each a name of its own"),
    ],
)
def test_typing_errors_are_one_sentence(words: list[str], said: str) -> None:
    with pytest.raises(ScenarioError) as problem:
        alternatives_in(words)
    assert said in str(problem.value)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"what_if.demand": 1.2}, "the alternative 'x' names no policy"),
        ({"policy": "sopp"}, "alternative 'x': there is no policy 'sopp'; did you mean sop"),
        (
            {"policy": "sop", "policy.safety_stock.zz": 1},
            "alternative 'x': policy 'sop' has no entry policy.safety_stock.zz",
        ),
        (
            {"policy": "sop", "what_if.demnd": 1},
            "alternative 'x': trading.toml: what_if.demnd is 1, but there is no such entry; did you mean demand?",
        ),
        ({"policy": "sop", "what_if.demand": -1}, "what_if.demand is -1 (factor); it must be above 0"),
    ],
)
def test_what_an_alternative_cannot_be(setting: dict[str, Any], said: str) -> None:
    with pytest.raises(ScenarioError) as problem:
        of_alternative(load("trading"), "x", setting)
    assert said in str(problem.value)


def test_alternatives_are_the_runs_that_their_files_would_give() -> None:
    """Each column to the last bit: the policy as it is, with another safety factor, and in another company."""
    base = load("trading")
    z = base.policy("chase").model_dump(mode="json")
    z["safety_stock"]["z"] = 2.5
    named = {
        "as it is": {"policy": "chase"},
        "z 2.5": {"policy": "chase", "policy.safety_stock.z": 2.5},
        "dearer": {"policy": "chase", "what_if.price": 1.1},
    }
    measures = ["fill_rate", "stock_value", "ebit"]
    found = compare_alternatives(base, named, 3, 5, measures).found
    plain = compare(base, ["chase", {**z, "name": "z 2.5"}], 3, 5, measures).found
    dearer = compare(load("trading", {"what_if.price": 1.1}), ["chase"], 3, 5, measures).found
    np.testing.assert_array_equal(found["as it is"], plain["chase"])
    np.testing.assert_array_equal(found["z 2.5"], plain["z 2.5"])
    np.testing.assert_array_equal(found["dearer"], dearer["chase"])
    assert (found["z 2.5"][1] > found["as it is"][1]).all()


def test_tables_tell_alternatives_apart() -> None:
    named = {"a": {"policy": "chase"}, "b": {"policy": "chase", "what_if.demand": 1.2}}
    result = compare_alternatives(load("trading"), named, 2, 1, ["fill_rate"])
    assert result.summary()["alternative"].tolist() == ["a", "b"]
    assert not result.table.duplicated(["scenario", "policy", "replication", "measure"]).any()
    assert result.record()["alternatives"] == named


def test_the_command_compares_policies_and_alternatives() -> None:
    common = ["compare", "trading", "--replications", "2", "--measure", "fill_rate"]
    told = CliRunner().invoke(main, [*common, "--policy", "chase", "--case", "more: policy=chase, what_if.demand=1.3"])
    assert told.exit_code == 0, told.output
    assert "chase" in told.output
    assert "more" in told.output
    alone = CliRunner().invoke(main, [*common, "--case", "more: policy=chase"])
    assert alone.exit_code == 2
    assert "name another with --case, or a policy with --policy" in alone.output
