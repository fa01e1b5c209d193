"""What sets a safety stock, with digits worked by hand; only the demand of a small company is simulated."""

from types import SimpleNamespace as Only

import numpy as np
import pandas as pd
import pytest
from scipy.stats import gamma

from simulator.kernel.workers import Serial
from simulator.studies import buffers
from tests.engine.small import company

YEAR = 365.25
NUMBERS = {"mean": 10.0, "sd": 2.0, "lead_time": 4.0, "lead_time_sd": 0.5, "level": 55.0}


def test_variation_is_the_mean_of_what_the_runs_vary_by_month():
    """1 and 3 vary by the root of 2 about 2; 4 and 4 by nothing; a product nobody wants does not vary."""
    assert float(buffers._variation(np.array([[1.0, 4.0], [3.0, 4.0]]))) == pytest.approx(np.sqrt(2) / 4)
    assert float(buffers._variation(np.zeros((2, 2)))) == 0.0


def test_classes_by_value_and_by_regularity():
    """50 and 30 of 100 come before .8 is reached, 15 up to .95, the last 5 after; .25 is Y and .5 Z."""
    table = pd.DataFrame({"value": [15.0, 50.0, 5.0, 30.0], "variation": [0.5, 0.24, 0.49, 0.25]})
    found = buffers._classed(table)
    assert found["value"].tolist() == [50, 30, 15, 5]
    assert found["abc"].tolist() == ["A", "A", "B", "C"]
    assert found["xyz"].tolist() == ["X", "Y", "Z", "Y"]
    assert buffers._classed(table * 0.0)["abc"].tolist() == ["A"] * 4


def test_products_are_told_by_their_own_demand(monkeypatch):
    """Bread 2 and 4 in turn of two runs, cake always 5, salt nothing; salt takes three days, the others one.

    The forecast's error is 6 over nine days, so 2 of one.
    """
    scenario = company()
    due = np.zeros((scenario.days.count, 3, 2))
    due[::2, 0], due[1::2, 0], due[:, 1] = (2.0, 4.0), (4.0, 2.0), 5.0
    monkeypatch.setattr(buffers, "_due", lambda *asked: due)
    fed = Only(error=np.full(3, 6.0), protection=np.full(3, 9.0), safety_now=np.array([1.0, 2.0, 3.0]))
    monkeypatch.setattr(buffers, "_formula", lambda *asked: fed)
    table = buffers.products(scenario, 2, 7).set_index("product")
    assert table.index.tolist() == ["cake", "bread", "salt"]
    assert table["mean"].to_dict() == pytest.approx({"bread": 3, "cake": 5, "salt": 0}, abs=0.02)
    assert table["sd"].to_dict() == {"bread": 2, "cake": 2, "salt": 2}
    assert table["value"].to_dict() == pytest.approx({"bread": 3 * YEAR * 2, "cake": 5 * YEAR * 4, "salt": 0}, rel=0.01)
    assert table["lead_time"].to_dict() == {"bread": 1, "cake": 1, "salt": 3}
    assert table["lead_time_sd"].to_dict() == {"bread": 0, "cake": 0, "salt": 0}
    assert table["family"].to_dict() == {"bread": "baked", "cake": "baked", "salt": "dry"}
    months = np.array([[84, 84], [16 * 2 + 15 * 4, 16 * 4 + 15 * 2]])  # March begins with an even day
    variation = (months.std(axis=0, ddof=1) / months.mean(axis=0)).mean()
    assert table.loc["bread", "variation"] == pytest.approx(variation)


def test_demand_is_that_of_all_segments_and_no_policy_moves_it():
    """Three loaves a day of one segment and two of the other, in two runs."""
    wanted = [
        {"product": "bread", "segment": who, "daily": {"law": "constant", "mean": float(units)}}
        for who, units in (("first", 3), ("second", 2))
    ]
    due = buffers._due(company(demand={"everyday": wanted}, segments__first__lead_time=0), 2, 1)
    assert due.shape == (59, 3, 2)
    np.testing.assert_allclose(due[:, 0], 5.0)
    np.testing.assert_array_equal(due[:, 1:], 0.0)


def test_levels_cover_the_days_at_risk_and_so_many_deviations():
    """4 + 3 - 1 days of 10; deviation sqrt(6 x 2^2 + (10 x .5)^2) = 7, of which -.5 to 3 are held."""
    held, levels = buffers.levels(NUMBERS, 3)
    assert held.tolist() == pytest.approx([-3.5, 0, 3.5, 7, 10.5, 14, 21])
    assert levels.tolist() == pytest.approx([56.5, 60, 63.5, 67, 70.5, 74, 81])


def test_the_formula_promises_what_tables_say():
    """Ten a day with a deviation of 2, four days and a lead time of .4: sqrt(4 x 4 + 4^2) = 5.657; one above their mean: .8413 of cycles.

    Short 5.657 x .08332 at the end; a day before the deviation is sqrt(3 x 4 + 4^2) = 5.292, the level 15.657 or 2.959 of it
    above, G(2.959) = .00045: .0469 of a day's demand.
    """
    numbers = {**NUMBERS, "lead_time_sd": 0.4}
    told = buffers.promised(40 + np.sqrt(32), numbers, 1)
    assert told["cycle_formula"] == pytest.approx(0.84134, abs=1e-5)
    assert told["fill_formula"] == pytest.approx(1 - (5.65685 * 0.08332 - 5.29150 * 0.00045) / 10, abs=3e-5)
    weekly = buffers.promised(100.0 + np.sqrt(4 * 10 + 16), numbers, 7)
    assert weekly["cycle_formula"] == pytest.approx(0.84134, abs=1e-5)  # 10 days until the last receipt is over


def test_the_stock_promised_is_the_level_less_demand_and_what_is_short():
    """Certain demand of 10 a day, lead time 4, review 2, level 55: 15 and 5 are left at the ends of the two days."""
    certain = {**NUMBERS, "sd": 0.0, "lead_time_sd": 0.0}
    assert buffers.promised(55.0, certain, 2)["stock_formula"] == pytest.approx((15 + 5) / 2)


def test_uneven_demand_takes_the_gamma_law():
    """Deviation as large as the mean, one day: exponential, P(D > S) = exp(-S/10), E(D-S)+ = 10 exp(-S/10).

    Half of demand is served with S = 10 ln 2 = 6.93; 95 % of cycles with 10 ln 20 = 29.96.
    """
    lumpy = {"mean": 10.0, "sd": 10.0, "lead_time": 1.0, "lead_time_sd": 0.0}
    assert buffers.level_for(lumpy, 1, 0.5, False) == pytest.approx(10 * np.log(2), abs=1e-4)
    assert buffers.level_for(lumpy, 1, 0.95, True) == pytest.approx(10 * np.log(20), abs=1e-4)
    told = buffers.promised(10 * np.log(2), lumpy, 1)
    assert (told["fill_formula"], told["cycle_formula"]) == (pytest.approx(0.5), pytest.approx(0.5))


@pytest.mark.parametrize("sd", [0.0, 4.0, 5.0, 9.0, 30.0])
def test_demand_in_the_formula_s_own_world_has_the_formula_s_mean(sd):
    """Cut at zero, a normal law of mean 10 and deviation 30 would ask for 17.6 a day; two of 5 above nothing ask .4 % more."""
    from simulator.studies.stock_runs import outcome_of

    world = buffers._formula_world({**NUMBERS, "sd": sd, "lead_time_sd": 0.0, "level": 100.0})
    found = outcome_of(world, buffers._order_up_to("level", "unit", 100.0, 7), range(20), 1, Serial())
    days = world.days.count - world.days.month_start[3]
    luck = 2.6 * sd / np.sqrt(20 * days)
    assert found.due.mean() / days == pytest.approx(10.0, abs=0.05 + luck)


def test_a_lead_time_of_nothing_varies_as_one_day_does():
    """sqrt(4 + 5^2) in the one day of its own."""
    numbers = {**NUMBERS, "lead_time": 1.0}
    assert buffers.is_lumpy(numbers, 1)  # late deliveries vary more than demand: gamma of mean 10 and deviation 5.385
    told = buffers.promised(10 + np.sqrt(29), numbers, 1)
    assert told["cycle_formula"] == pytest.approx(gamma.cdf(10 + np.sqrt(29), 100 / 29, scale=2.9), abs=1e-6)


def test_a_level_is_held_at_every_review():
    """The rule that both worlds are run with: no plan, no safety stock of its own."""
    policy = buffers._order_up_to("level-2", "bread", 63.5, 3)
    assert (policy.name, policy.supply_plan.name) == ("level-2", "none")
    for rule in (policy.products, policy.components):
        assert (rule.name, rule.days, rule.level) == ("order-up-to", 3, {"bread": 63.5})


@pytest.mark.parametrize(
    ("numbers", "law"),
    [
        ({}, ("gamma", 4.0, 0.5)),
        ({"lead_time_sd": 0.0}, ("constant", 4.0, 0.0)),
        ({"lead_time_sd": 0.0, "lead_time": 0.5}, ("constant", 1.0, 0.0)),
        ({"lead_time": 0.5}, ("gamma", 1.0, 0.5)),
    ],
)
def test_worlds_hold_the_product_alone(numbers, law):
    """Bought after the lead time, a day at least, and opening with the level; demand normal, or as customers order."""
    numbers, base = {**NUMBERS, **numbers}, company(demand={"everyday": [every("bread"), every("salt")]})
    formula, alone = buffers._formula_world(numbers), buffers._alone(base, "bread", numbers)
    for world, name in ((formula, "unit"), (alone, "bread")):
        item = world.company.products[name]
        assert list(world.company.items) == [name]
        assert (item.make, item.opening_stock) == (None, 55.0)
        found = item.buy.sources[0].lead_time
        assert (found.law, found.mean, found.sd) == law
        assert list(world.company.suppliers) == ["works"]
    [stream] = formula.company.demand.everyday
    assert (stream.daily.law, stream.daily.mean, stream.daily.sd) == ("normal", 10.0, 2.0)
    assert (formula.experiment.months, formula.experiment.warm_up) == (27, 3)
    assert not formula.company.whole_units
    [stream] = alone.company.demand.everyday
    assert (stream.product, stream.daily.mean) == ("bread", 7.0)
    assert (alone.experiment.months, alone.experiment.history, alone.name) == (2, 0, "bread")
    assert (alone.policies, alone.replayed, dict(alone.company.resources)) == ({}, None, {})


def every(product):
    """Seven a day of a product."""
    return {"product": product, "segment": "first", "daily": {"law": "constant", "mean": 7.0}}


def test_each_level_is_simulated_in_both_worlds(monkeypatch):
    """Fill .9 to .96, cycles .8 to .86, stock 20 to 26; the second world begins where the first one ends."""
    asked, seen = [], []

    def compare(case, policies, replications, seed, measures, progress):
        asked.append((case, [next(iter(p.products.level.items())) for p in policies], replications, seed, measures))
        progress(1, 4)
        tables = {p.name: [0.9 + k / 100, 0.8 + k / 100, 20.0 + k] for k, p in enumerate(policies)}
        return Only(found=tables)

    monkeypatch.setattr(buffers, "compare", compare)
    monkeypatch.setattr(buffers, "estimate", lambda x: Only(mean=x, low=x - 0.25, high=x + 0.5))
    monkeypatch.setattr(buffers, "_formula_world", lambda numbers: "normal")
    monkeypatch.setattr(buffers, "_alone", lambda *rest: "own")
    found = buffers.formula_against_simulation(
        None, "bread", NUMBERS, 3, 5, 9, lambda done, total: seen.append((done, total))
    )
    levels = [56.5, 60, 63.5, 67, 70.5, 74, 81]
    assert [row[0] for row in asked] == ["normal", "own"]
    assert [name for name, _ in asked[0][1]] == ["unit"] * 7
    assert [name for name, _ in asked[1][1]] == ["bread"] * 7
    assert [level for _, level in asked[0][1]] == pytest.approx(levels)
    assert asked[0][2:] == (5, 9, ("fill_rate", "cycle_service", "stock_units"))
    assert seen == [(1, 8), (5, 8)]
    assert found["world"].tolist() == ["formula"] * 7 + ["company"] * 7
    assert found["level"].tolist() == pytest.approx(levels * 2)
    assert found["safety_stock"].tolist()[:3] == pytest.approx([-3.5, 0, 3.5])
    third = found.iloc[2]
    assert third[["fill", "fill_low", "fill_high"]].tolist() == pytest.approx([0.92, 0.67, 1.42])
    assert third[["cycle", "cycle_low", "cycle_high"]].tolist() == pytest.approx([0.82, 0.57, 1.32])
    assert third["stock"] == 22
    assert 0 < third["fill_formula"] < 1
    monkeypatch.setattr(
        buffers, "compare", lambda *a, progress: progress(1, 4) or Only(found=compare(*a, lambda *_: 0).found)
    )
    assert len(buffers.formula_against_simulation(None, "bread", NUMBERS, 3, 5, 9)) == 14
