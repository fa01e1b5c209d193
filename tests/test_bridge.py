"""The value bridge: bars add up, and a switch that changes nothing has none."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner

from simulator import bridge as build
from simulator import compare
from simulator.engine.scenario import load, preset
from simulator.faces.cli import main
from simulator.kernel.units import ScenarioError
from simulator.kernel.workers import Serial
from simulator.planning import Policy
from simulator.results.bridge import MOST_COMBINED, Bridge, elements, policy_with_elements
from simulator.results.equal_bridge import expected_setting
from simulator.results.equal_service import Outcome
from simulator.results.forecast_value import forecast_value
from simulator.results.side_by_side import scored
from simulator.results.target import CommonTarget

FEW = ("safety-stock", "smoothing", "frozen-zone")


@pytest.fixture(scope="module")
def company():
    """A small company with a season and a bottleneck."""
    return load(
        {
            "company": {"name": "small"},
            "products": {
                name: {
                    "price": 10.0,
                    "unit_cost": 6.0,
                    "opening_stock": 200.0,
                    "make": {"hours": {"line": 0.02}, "lead_time": 2},
                }
                for name in ("a", "b")
            },
            "resources": {"line": {"hours": 1.4, "overtime": 0.2}},
            "demand": {
                "everyday": [
                    {
                        "product": name,
                        "segment": "customers",
                        "daily": {"law": "poisson", "mean": 30.0},
                        "pattern": {"season": [0.6, 0.6, 0.8, 0.9, 1, 1, 1, 1, 1.1, 1.3, 1.5, 1.2], "swing": 0.2},
                    }
                    for name in ("a", "b")
                ]
            },
            "experiment": {"months": 18, "warm_up": 6, "history": 12, "replications": 6},
        }
    )


@pytest.fixture(scope="module")
def bridged(company):
    """Three elements between siloed and smoothed S&OP, each combination with the buffer that it has."""
    return build(company, replications=6, parts=FEW, workers=1, as_run=True)


@pytest.fixture(scope="module")
def equal(company):
    """Two elements, every combination at the service of the contract."""
    return build(company, replications=6, parts=("safety-stock", "frozen-zone"), workers=1)


def test_bars_add_up_to_the_total(bridged):
    """In every measure and replication, to rounding."""
    np.testing.assert_allclose(
        sum(bridged.worth.values()), bridged.total, rtol=0, atol=1e-9 * np.abs(bridged.total).max()
    )
    np.testing.assert_allclose(
        sum(bridged.ladder.values()), bridged.total, rtol=0, atol=1e-9 * np.abs(bridged.total).max()
    )


def test_elements_differ_in_worth(bridged):
    """No bar is copied from another: each element does something of its own."""
    worth = [bar[1].mean() for bar in bridged.worth.values()]
    assert len({round(bar, 9) for bar in worth}) == len(FEW)
    assert all(bar != 0 for bar in worth)


def test_a_switch_that_changes_nothing_has_a_bar_of_zero(company):
    """From a policy to itself but for one element, all other bars are exactly zero."""
    base = preset("siloed")
    full = base.model_copy(update={"safety_stock": preset("sop").safety_stock, "name": "buffered"})
    found = build(company, base, full, replications=3, parts=FEW, workers=1, as_run=True)
    assert (found.worth["smoothing"] == 0).all()
    assert (found.worth["frozen-zone"] == 0).all()
    assert (found.worth["safety-stock"] != 0).any()


def test_shapley_values_by_hand():
    """The glove game: two left gloves and a right one; a pair is worth 1 (Shapley values 1/6, 1/6, 4/6)."""
    left, also_left, right = elements()[:3]
    names = [left.name, also_left.name, right.name]
    combos = [frozenset(n for n, bit in zip(names, f"{k:03b}", strict=True) if bit == "1") for k in range(8)]
    value = {c: np.array([[float(right.name in c and len(c) > 1)]]) for c in combos}
    policy = Policy(name="x")
    game = Bridge(load("trading"), policy, policy, [left, also_left, right], [], [0], 1, value, None)
    assert [float(game.worth[name][0, 0]) for name in names] == pytest.approx([1 / 6, 1 / 6, 4 / 6])


def test_sampled_orders_agree_with_all_combinations(company, bridged):
    """All six orders of three elements give the same values as all combinations."""
    from itertools import permutations

    sampled = Bridge(
        company, bridged.base, bridged.full, bridged.parts, bridged.measures, bridged.replications, 1, bridged.value,
        [tuple(order) for order in permutations(FEW)],
    )  # fmt: skip
    for name in FEW:
        np.testing.assert_allclose(
            sampled.worth[name], bridged.worth[name], rtol=0, atol=1e-9 * np.abs(bridged.total).max()
        )
        assert sampled.sampling_error(0, name) > 0


def test_all_elements_switched_on_are_the_full_policy():
    """What differs between siloed and S&OP is covered by the elements."""
    base, full = preset("siloed"), preset("sop-smoothed")
    whole = policy_with_elements(base, full, elements())
    same = {"name": "", "note": ""}
    assert whole.model_copy(update=same) == full.model_copy(update=same)


def test_an_unknown_element_is_refused(company):
    """With the nearest names."""
    with pytest.raises(ScenarioError, match="there is no element 'smothing' of S&OP; did you mean smoothing"):
        build(company, parts=["smothing"])


def test_every_combination_is_at_the_contracts_service(company, equal):
    """On the luck of the search to half a point; scored on replications that no setting was chosen by."""
    assert equal.at == CommonTarget("fill_rate", company.experiment.service_target)
    assert equal.replications == list(range(6, 12))
    assert [one.outcome for one in equal.tuned.values()] == [Outcome.REACHED] * 4
    assert not equal.unequal
    policies = [one.policy for one in equal.tuned.values()]
    found = scored(company, policies, range(6), 1, ["fill_rate"], Serial())
    assert [rates.mean() for rates in found] == pytest.approx([0.95] * 4, abs=5e-3)
    np.testing.assert_allclose(sum(equal.worth.values()), equal.total, atol=1e-9 * np.abs(equal.total).max())
    row = [measure.name for measure in equal.measures].index("fill_rate")
    for on, one in equal.tuned.items():
        np.testing.assert_array_equal(one.reached, equal.value[on][row])


def test_a_bridge_of_policies_as_they_run(company):
    """Its ends are what a comparison finds, on the same replications."""
    found = build(company, replications=3, parts=FEW, measures=["fill_rate", "ebit"], workers=1, as_run=True)
    assert (found.at, found.tuned, found.replications) == (None, {}, [0, 1, 2])
    np.testing.assert_array_equal(
        found.value[frozenset()], compare(company, ["siloed"], 3, measures=["fill_rate", "ebit"]).found["siloed"]
    )


def test_a_combination_begins_where_its_neighbours_say():
    """None at z = 1, a at 1.5, b at .8, both at 1.3; three elements from the three pairs, each less what it has in common."""
    entry = SimpleNamespace(entry="safety_stock.z")
    settings = {"": 1.0, "a": 1.5, "b": 0.8, "c": 1.1, "ab": 1.2, "ac": 1.6, "bc": 0.9}
    found = {frozenset(on): SimpleNamespace(setting=z, buffer=entry) for on, z in settings.items()}
    policy = preset("sop")
    assert expected_setting(frozenset("ab"), policy, found) == pytest.approx(1.3)
    assert expected_setting(frozenset("abc"), policy, found) == pytest.approx((1.3 + 1.3 + 1.4) / 3)
    assert expected_setting(frozenset("a"), policy, found) == 1.0
    assert expected_setting(frozenset("a"), preset("siloed"), found) is None


def test_the_command_tells_the_settings_of_both_ends():
    words = ["bridge", "trading", "--element", "safety-stock", "--replications", "3", "--workers", "1", "--months", "6"]
    words += ["--warm-up", "2", "--measure", "ebit"]
    told = CliRunner().invoke(main, [*words, "--json", "--at", "fill_rate=0.9"])
    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)
    assert found["inputs"]["at"] == {"fill_rate": 0.9}
    assert [row["entry"] for row in found["settings"]] == ["safety_stock.days", "safety_stock.z"]
    plain = CliRunner().invoke(main, [*words, "--json", "--as-run"])
    assert "settings" not in json.loads(plain.stdout)
    both = CliRunner().invoke(main, [*words, "--as-run", "--at", "fill_rate=0.9"])
    assert both.exit_code == 2
    assert "--at and --as-run exclude each other" in both.output


def test_forecast_value_is_told_at_equal_service(company):
    """Each stage has a setting of its own."""
    found = forecast_value(company, replications=2, at="fill_rate=0.9", workers=1)
    assert found.at == CommonTarget("fill_rate", 0.9)
    assert set(found.tuned) == {"naive", "statistical", "sales", "consensus"}


def test_forecast_value_runs_the_company_on_each_stage(company):
    """Each stage's forecast error is that of the forecast that the company really planned on."""
    found = forecast_value(company, replications=3, as_run=True)
    assert [policy.name for policy in found.policies] == ["naive", "statistical", "sales", "consensus"]
    assert found.rows[0][0].name == "forecast_wmape"
    errors = [found.found[policy.name][0].mean() for policy in found.policies]
    assert len({round(float(error), 9) for error in errors}) == 4
    with pytest.raises(ScenarioError, match="has no stages"):
        forecast_value(company, "chase")


def test_elements_in_which_policies_agree_cost_no_sampling(company):
    """Nine elements, two that differ: every combination is run, the others are worth exactly nothing."""
    full = policy_with_elements(preset("siloed"), preset("sop-smoothed"), [e for e in elements() if e.name in FEW[:2]])
    found = build(
        company, "siloed", full.model_copy(update={"name": "better"}), 2, measures=["fill_rate"], workers=1, as_run=True
    )
    assert len(found.parts) > MOST_COMBINED
    assert found.orders is None
    for part in found.parts:
        assert part.name in FEW[:2] or not found.worth[part.name].any()
    np.testing.assert_allclose(sum(found.worth.values()), found.total, atol=1e-12)
