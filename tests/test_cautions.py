"""What deserves a look: every kind of nonsense is said, in words that every reader understands, and nothing sound is."""

import re

import pytest

from simulator.company.files import scenario_names
from simulator.engine.scenario import load
from simulator.kernel.messages import written
from simulator.kernel.units import ScenarioError
from simulator.results.cautions import cautions, cautions_beside
from simulator.results.compare import compare_scenarios
from simulator.studies.study import load_study

KETTLES = {
    "company": {"name": "kettles"},
    "calendar": {"start": "2024-01-01"},
    "products": {
        "kettle": {
            "family": "kettles", "price": 40.0, "unit_cost": 22.0, "opening_stock": 100.0,
            "make": {"bill": {"can": 1.0}, "hours": {"line": 0.1}, "lead_time": 2},
        }
    },
    "components": {"can": {"opening_stock": 50.0, "buy": {"supplier": "mill", "lead_time": {"law": "constant", "mean": 5.0}}}},
    "resources": {"line": {"hours": 8.0}},
    "suppliers": {"mill": {}},
    "segments": {"shops": {}},
    "demand": {
        "everyday": [{"product": "kettle", "segment": "shops", "daily": {"law": "normal", "mean": 7.0, "sd": 2.0}}]
    },
    "experiment": {"months": 3, "warm_up": 1, "policies": ["mm"]},
    "policies": {
        "mm": {
            "supply_plan": "none",
            "components": "order-up-to",
            "products": {"rule": "min-max", "minimum": {"kettle": 40.0}, "maximum": {"kettle": 100.0}},
        }
    },
}  # fmt: skip
EVERY_DAY = [f"2024-{month:02}-{day:02}" for month, last in ((1, 31), (2, 29), (3, 31)) for day in range(1, last + 1)]
"""Of the run's 91 days; 7 kettles a day are 637 in all, and as many cans."""

FAILURES = {"machines": 4, "time_to_failure": 50.0, "repair": {"law": "constant", "mean": 1.0}}
NONSENSE = [
    ({}, []),
    ({"calendar.holidays": EVERY_DAY}, ["No day of the run is worked: nothing is made, falls due or is delivered."]),
    ({"calendar.holidays": EVERY_DAY[31:]}, ["No day of the months that are scored is worked."]),
    (
        {"components.can.buy.lead_time.mean": 91.0},
        ["Nothing that is ordered of can arrives: 91 days of lead time, 91 days of run."],
    ),
    ({"components.can.buy.lead_time.mean": 90.0}, []),
    (
        {"policies.mm.components": "mrp"},
        ["Policy mm plans nothing of can: components is mrp, which follows a supply plan, and supply_plan is none."],
    ),
    (
        {"policies.mm.products": "master-schedule"},
        [
            "Policy mm plans nothing of kettle: products is master-schedule, which follows a supply plan, and supply_plan is none."
        ],
    ),
    ({"policies.mm": {"products": "master-schedule", "components": "mrp"}}, []),
    (
        {"experiment.months": 18, "components.can.buy.lead_time.mean": 366.0},
        ["Lead time beyond the 12 months that planners look ahead: can."],
    ),
    ({"experiment.months": 18, "components.can.buy.lead_time.mean": 365.0}, []),
    ({"components.can.opening_stock": 638.0}, ["Opening stock outlasts the run: can."]),
    ({"components.can.opening_stock": 637.0}, []),
    (
        {"components.can.buy.minimum_order": 1e15},
        ["The smallest order of can is 1e+15 units, more than the run uses: 637."],
    ),
    ({"components.can.buy.multiple": 638.0}, ["The smallest order of can is 638 units, more than the run uses: 637."]),
    ({"demand.everyday.0.daily.sd": 1e9}, ["Demand that varies by more than 10 times its mean: kettle."]),
    (
        {"resources.line.failures": FAILURES, "resources.line.hours": 100.0},
        ["line works 100 hours a day, more than 4 stations have."],
    ),
    (
        {"policies.mm.products.minimum.kettle": 0.0, "policies.mm.products.maximum.kettle": 0.0},
        ["Policy mm orders only what is owed of kettle: levels at 0 or below."],
    ),
    ({"resources.line.hours": 0.07}, ["line cannot keep up: expected demand needs 1,000 % of its hours."]),
    ({"products.kettle.price": 21.0}, ["Price below standard cost: kettle."]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "said"), NONSENSE, ids=[next(iter(changes), "sound") for changes, _ in NONSENSE])
def test_nonsense_is_said_and_what_is_sound_is_not(changes, said):
    """Digits worked by hand: 91 days of 7 a day."""
    scenario = load(KETTLES, changes)
    assert [*map(str, cautions(scenario, [*scenario.policies.values()]))] == said


@pytest.mark.parametrize("changes", [changes for changes, said in NONSENSE if said])
def test_it_is_said_in_chinese(changes):
    """No English word stays but the company's own names, and those of entries and rules."""
    scenario = load(KETTLES, changes)
    names = {"kettle", "can", "line", "mm", "products", "components", "supply_plan", "none", "mrp", "master-schedule"}
    for remark in cautions(scenario, [*scenario.policies.values()]):
        rest = set(re.findall("[A-Za-z][A-Za-z_-]+", written(remark, "zh"))) - names
        assert not rest, f"add to simulator/kernel/words/zh/results.po: {remark}"


def test_companies_that_come_with_the_product_are_sound():
    """But for textbook cases that are meant to be overloaded or to begin empty."""
    found = {name for name in scenario_names() if cautions(load(name))}
    assert found == {"textbook/capacity-near-one", "textbook/failures", "textbook/loyalty", "textbook/pipeline"}


def test_companies_that_have_nothing_in_common_are_told_so():
    """The same luck means nothing there; and euros are not taken from pounds."""
    own, other = load(KETTLES), load("trading", {"company.currency": "EUR"})
    first, *_ = cautions_beside({"trading": other, "kettles": own})
    assert str(first) == "kettles and trading have no product in common, so that nothing of their luck is the same."
    beside = cautions_beside({"a": own, "b": load(KETTLES, {"products.kettle.price": 21.0})})
    assert [*map(str, beside)] == ["b: Price below standard cost: kettle."]
    pounds = load(KETTLES, {"company.currency": "GBP"})
    with pytest.raises(
        ScenarioError, match="kettles reckons in EUR and pounds in GBP, so that money cannot be compared"
    ):
        compare_scenarios({"kettles": own, "pounds": pounds}, replications=2)
    assert compare_scenarios({"kettles": own, "pounds": pounds}, replications=2, measures=["fill_rate"]).columns


def test_a_study_says_at_how_many_of_its_settings():
    """Where only some of them are odd."""
    factor = {"entry": "products.kettle.price", "values": [10.0, 30.0, 20.0]}
    study = load_study({"scenario": "trading", "policies": ["chase"], "factors": [], "replications": 2})
    assert study.cautions == []
    product = next(iter(load("trading").company.products))
    cost = load("trading").company.products[product].unit_cost
    factor = {"entry": f"products.{product}.price", "values": [cost / 2, cost * 2, cost / 3]}
    study = load_study({"scenario": "trading", "policies": ["chase"], "factors": [factor], "replications": 2})
    assert [*map(str, study.cautions)] == [f"At 2 of 3 settings looked at: Price below standard cost: {product}."]
