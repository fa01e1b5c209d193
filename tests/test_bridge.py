"""The value bridge: bars add up, and a switch that changes nothing has none."""

import numpy as np
import pytest

from simulator import bridge as build
from simulator.engine.scenario import load, preset
from simulator.kernel.units import ScenarioError
from simulator.planning import Policy
from simulator.results.bridge import MOST_COMBINED, Bridge, elements, policy_with_elements
from simulator.results.forecast_value import forecast_value

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
    """Three elements between siloed and smoothed S&OP."""
    return build(company, replications=6, parts=FEW, workers=1)


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
    found = build(company, base, full, replications=3, parts=FEW, workers=1)
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


def test_forecast_value_runs_the_company_on_each_stage(company):
    """Each stage's forecast error is that of the forecast that the company really planned on."""
    found = forecast_value(company, replications=3)
    assert [policy.name for policy in found.policies] == ["naive", "statistical", "sales", "consensus"]
    errors = [found.found[policy.name][0].mean() for policy in found.policies]
    assert len({round(float(error), 9) for error in errors}) == 4
    with pytest.raises(ScenarioError, match="has no stages"):
        forecast_value(company, "chase")


def test_elements_in_which_policies_agree_cost_no_sampling(company):
    """Nine elements, two that differ: every combination is run, the others are worth exactly nothing."""
    full = policy_with_elements(preset("siloed"), preset("sop-smoothed"), [e for e in elements() if e.name in FEW[:2]])
    found = build(company, "siloed", full.model_copy(update={"name": "better"}), 2, measures=["fill_rate"], workers=1)
    assert len(found.parts) > MOST_COMBINED
    assert found.orders is None
    for part in found.parts:
        assert part.name in FEW[:2] or not found.worth[part.name].any()
    np.testing.assert_allclose(sum(found.worth.values()), found.total, atol=1e-12)
