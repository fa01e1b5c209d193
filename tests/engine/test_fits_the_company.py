"""What a rule lists is held against the company, in a file, as a change, and at the points of a study; in one sentence."""

import pytest

from simulator import load
from simulator.kernel.units import ScenarioError
from simulator.studies.study import load_study
from tests.engine.small import company

ALL = {"bread": 10.0, "cake": 5.0, "salt": 8.0}
TWICE = {name: 2 * units for name, units in ALL.items()}

WRONG = [
    ({"rule": "order-up-to", "level": {"bred": 5.0}}, "products.level lists 'bred', which is no item of the company; did you mean bread?"),
    ({"rule": "order-up-to", "level": {}}, "products.level has 0 entries; it must have at least 1 entry, or be left out"),
    ({"rule": "order-up-to", "level": {"bread": -5.0}}, "products.level.bread is -5 units; it must be at least 0"),
    ({"rule": "reorder-point", "lot": {"bred": 5.0}}, "products.lot lists 'bred'"),
    ({"rule": "reorder-point", "lot": {"bread": 0.0}}, "products.lot.bread is 0 units; it must be above 0"),
    ({"rule": "reorder-point", "point": {"bread": -1.0}}, "products.point.bread is -1 units; it must be at least 0"),
    ({"rule": "reorder-point", "point": {}}, "products.point has 0 entries"),
    ({"rule": "min-max", "minimum": {**ALL, "bred": 1.0}, "maximum": {**TWICE, "bred": 1.0}}, "products.minimum lists 'bred'"),
    ({"rule": "min-max", "minimum": {"bread": 1.0}, "maximum": {"bread": 5.0}}, "products.minimum lists no figure for 'cake', 'salt'"),
    ({"rule": "min-max", "minimum": TWICE, "maximum": ALL}, "products.minimum.bread is 20 units and maximum.bread 10; the minimum"),
    ({"rule": "min-max", "minimum": ALL}, "maximum.bread is missing, and minimum.bread is listed; list both, or neither"),
    ({"rule": "min-max", "maximum": ALL}, "minimum.bread is missing, and maximum.bread is listed; list both, or neither"),
    ({"rule": "min-max", "minimum": {}, "maximum": {}}, "products.minimum has 0 entries"),
    ({"rule": "min-max", "minimum": {**ALL, "salt": -50.0}, "maximum": TWICE}, "products.minimum.salt is -50 units; it must be at least 0"),
    ({"rule": "anchor-and-adjust", "desired": {"bred": 5.0}}, "products.desired lists 'bred'"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "told"), WRONG, ids=[told[:50] for _, told in WRONG])
def test_stock_levels_fit(rule, told):
    """Strangers, omissions, figures that mean nothing."""
    assert told in said(products=rule)
    assert told.replace("products.", "components.") in said(components=rule) or "no figure" in told


SAFETY = [
    ({"chok": 500.0}, "safety_stock.units lists 'chok', which is no item of the company"),
    ({"bread": 5.0}, "safety_stock.units lists no figure for 'cake', 'salt'; list them too, or say what they hold"),
    ({"bread": -5.0}, "safety_stock.units.bread is -5 units; it must be at least 0"),
    ({}, "safety_stock.units has 0 entries"),
]


@pytest.mark.parametrize(("units", "told"), SAFETY, ids=[told for _, told in SAFETY])
def test_listed_safety_stock_fits(units, told):
    """A typo, one product of three, below zero, nothing."""
    assert told in said(safety_stock={"rule": "listed", "units": units})


def test_what_others_hold_can_be_said():
    """Then one product of three is enough."""
    company().policy({"safety_stock": {"rule": "listed", "units": {"bread": 5.0}, "others": "none"}})
    company().policy({"safety_stock": {"rule": "listed", "units": ALL}})


def test_a_scenario_file_and_a_change_of_it_are_held_against_the_company():
    """As `sop check` and `--set` read them."""
    words = company().words | {"policies": {"mm": {"products": {"rule": "min-max", "minimum": ALL, "maximum": TWICE}}}}
    assert load(words).policies["mm"]
    with pytest.raises(ScenarioError, match=r"policies\.mm\.products\.minimum\.cake is 11 units and maximum\.cake 10"):
        load(words, {"policies.mm.products.minimum.cake": 11})
    with pytest.raises(
        ScenarioError, match=r"policies\.mm\.products\.maximum\.cak is missing, and minimum\.cak is listed"
    ):
        load(words, {"policies.mm.products.minimum.cak": 11})


def study(*factors, design="grid"):
    """A study of levels of one product."""
    lists = {"rule": "min-max", "minimum": {"kettle": 60.0}, "maximum": {"kettle": 120.0}}
    words = {
        "products": {"kettle": {"buy": {"supplier": "far", "lead_time": {"law": "constant", "mean": 5.0}}}},
        "suppliers": {"far": {}},
        "policies": {"mm": {"supply_plan": "none", "products": lists}},
    }
    from simulator.engine.validation import validated
    from simulator.studies.study import StudyWords, study_laid_out

    scenario = load(words)
    told = {"scenario": "kettles", "policies": ["mm"], "factors": list(factors), "design": {"kind": design}}
    return study_laid_out("s", validated(StudyWords, told, "study"), "study", scenario, (scenario.policy("mm"),))


LOW, HIGH = "policy.products.minimum.kettle", "policy.products.maximum.kettle"


def test_values_that_only_clash_together_are_refused_before_anything_runs():
    """s up to 100 and S down to 80 are each right beside what the policy says, and wrong beside one another."""
    with pytest.raises(ScenarioError, match=r"minimum\.kettle is 100 units and maximum\.kettle 80; the minimum"):
        study({"entry": LOW, "values": [60, 100]}, {"entry": HIGH, "values": [80, 120]})


def test_values_that_only_fit_together_are_run():
    """s of 150 is above the S of 120 that the policy says, and right beside an S of 300."""
    found = study({"entry": LOW, "values": [60, 150]}, {"entry": HIGH, "values": [120, 300]}, design="list")
    assert len(found.points) == 2


def test_the_ends_of_a_lone_range_are_looked_at():
    """Also where no point of the sample lies on them."""
    with pytest.raises(ScenarioError, match=r"minimum\.kettle is 130 units and maximum\.kettle 120"):
        study({"entry": LOW, "low": 10, "high": 130})
    with pytest.raises(ScenarioError, match=r"minimum\.kettle is -1 units; it must be at least 0"):
        study({"entry": LOW, "values": [-1, 10]})


def test_entries_of_the_company_that_only_clash_together_are_refused_too():
    """A warm-up of four months in a run of four."""
    factors = ({"entry": "experiment.warm_up", "values": [1, 4]}, {"entry": "experiment.months", "values": [4, 6]})
    with pytest.raises(ScenarioError, match="warm-up must be shorter than the horizon"):
        study(*factors)


def test_what_comes_with_the_product_fits():
    """The shipped studies are laid out."""
    assert load_study("safety-stock").points


def said(**entries):
    """The sentence about a policy."""
    with pytest.raises(ScenarioError) as caught:
        company().policy({"supply_plan": "none", **entries})
    told = str(caught.value)
    assert len(told.splitlines()) == 1
    return told
