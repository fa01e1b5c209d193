"""Items by class, and several rules of stock and safety stock in one policy."""

import numpy as np
import pytest

from simulator import load, simulate
from simulator.kernel.units import ScenarioError
from simulator.planning import Policy
from simulator.planning.rules import Classes
from tests.engine.small import at, company, expecting, tonight

UNITS = {
    "demand__everyday": [
        {"product": "bread", "segment": "first", "daily": {"law": "normal", "mean": 10.0, "sd": 1.0}},
        {"product": "cake", "segment": "first", "daily": {"law": "gamma", "mean": 1.0, "sd": 3.0}},
        {"product": "salt", "segment": "first", "daily": {"law": "gamma", "mean": 2.0, "sd": 9.0}},
    ]
}


def sorted_by(name, **settings):
    """The class of each item."""
    words = company(**UNITS)
    return dict(Classes.known[name](**settings)(words.company, words.network))


def test_by_value():
    """Bread 10 x 2 = 20 a day, cake 4, salt 2: of 26 the first is 77 %, with the second 92 %; flour is alone among the parts."""
    assert sorted_by("abc") == {"bread": "A", "cake": "A", "salt": "B", "flour": "A"}
    assert sorted_by("abc", shares=(0.7, 0.9)) == {"bread": "A", "cake": "B", "salt": "C", "flour": "A"}


def test_by_variation():
    """Of a month of 30.4 days: bread .1 / 5.5 = .02, cake 3 / 5.5 = .54, salt 4.5 / 5.5 = .82; flour nearly as bread."""
    assert sorted_by("xyz") == {"bread": "X", "cake": "Y", "salt": "Y", "flour": "X"}
    assert sorted_by("xyz", bounds=(0.5, 0.6))["salt"] == "Z"
    assert sorted_by("abc-xyz", shares=(0.7, 0.9)) == {"bread": "AX", "cake": "BY", "salt": "CY", "flour": "AX"}


def test_by_family_and_by_name():
    """As the products say; as the lists say, and `others` for whoever is not named."""
    assert sorted_by("family") == {"bread": "baked", "cake": "baked", "salt": "dry", "flour": "parts"}
    assert sorted_by("listed", items={"fast": ("bread",)})["salt"] == "others"
    assert set(sorted_by("none").values()) == {"all"}


FAST = {"rule": "listed", "items": {"fast": ["bread", "flour"], "slow": ["salt"]}}
RULES = {
    "of": {
        "fast": {"rule": "order-up-to", "level": {"bread": 50.0, "flour": 200.0}},
        "slow": {"rule": "min-max", "minimum": {"salt": 12.0}, "maximum": {"salt": 60.0}},
    },
    "others": {"rule": "order-up-to", "days": 7, "level": {"cake": 5.0}},
}


def policy(**entries):
    """A policy with rules by class."""
    return company().policy(
        {"supply_plan": "none", "classes": FAST, "products": {"rule": "by-class", **RULES}, **entries}
    )


def test_each_class_is_replenished_by_its_rule():
    """On a day that is no seventh: bread lacks 50, salt at nothing is brought to 60, cake waits for its review."""
    firm = expecting(at(day=3, policy=policy()), bread=10)
    assert tonight(firm, "by-class", **RULES) == [50.0, 0.0, 60.0]
    firm.ledger.day = 7
    assert tonight(firm, "by-class", **RULES) == [50.0, 5.0, 60.0]


def test_each_class_is_protected_for_its_own_review():
    """Cake of lead time 1 with R 7: 7 days; bread and salt day by day: 1 and 3."""
    from simulator.engine.month.supply_plan import protection_interval

    assert protection_interval(at(policy=policy()))[:3, 0].tolist() == [1, 7, 3]


def test_each_class_holds_safety_stock_by_its_rule():
    """Ten days of cover for the fast ones, a list for the slow one, nothing for the others."""
    held = {
        "rule": "by-class",
        "of": {
            "fast": {"rule": "days-of-cover", "days": 10.0},
            "slow": {"rule": "listed", "units": {"salt": 7.0}, "others": "none"},
        },
        "others": "none",
    }
    firm = expecting(at(policy=policy(safety_stock=held)), bread=10, salt=4, cake=1)
    found = firm.policy.safety_stock(firm.desk, np.ones((4, 1)))[:, 0]
    assert found == pytest.approx([100, 0, 7, 210])


def test_a_policy_by_class_is_that_of_each_product_alone():
    """Two products that share nothing: the company by class does for each what its rule would have done for both."""
    scenario = load("trading", {"experiment.months": 6, "experiment.warm_up": 0})
    first, *rest = scenario.network.products
    one = {"rule": "order-up-to", "days": 7, "usage": "recent-mean"}
    other = {"rule": "reorder-point", "lot_days": 20.0, "usage": "recent-mean"}
    classes = {"rule": "listed", "items": {"first": [first]}}
    mixed = {"rule": "by-class", "of": {"first": one}, "others": other}
    runs = [
        simulate(scenario, {"supply_plan": "none", "classes": classes, "products": how}, 2).daily("released")
        for how in (mixed, one, other)
    ]
    np.testing.assert_array_equal(runs[0][:, 0], runs[1][:, 0])
    if rest:
        np.testing.assert_array_equal(runs[0][:, 1:], runs[2][:, 1:])


WRONG = [
    ({"classes": {"rule": "listed", "items": {"fast": ["bred"]}}}, "classes.items.fast lists 'bred', which is no item"),
    ({"classes": {"rule": "listed", "items": {"a": ["salt"], "b": ["salt"]}}}, "classes.items names 'salt' twice"),
    ({"classes": {"rule": "abc", "shares": [0.9, 0.8]}}, "classes.shares is [0.9, 0.8]; both must be above 0"),
    ({"classes": {"rule": "xyz", "bounds": [1.0, 0.5]}}, "classes.bounds is [1.0, 0.5]; both must be above 0"),
    ({"classes": {"rule": "abc-xyz", "bounds": [1.0, 0.5]}}, "classes.bounds is [1.0, 0.5]; both must be above 0"),
    ({"classes": {"rule": "abc-xyz", "shares": [0.9, 0.8]}}, "classes.shares is [0.9, 0.8]; both must be above 0"),
    ({"products": {"rule": "by-class", "of": {"fsat": "order-up-to"}, "others": "kanban"}}, "names the class 'fsat'"),
    (
        {"products": {"rule": "by-class", "of": {"fast": "order-up-to"}}},
        "has no rule for the class 'others', to which 'cake'",
    ),
    (
        {"products": {"rule": "by-class", "of": {"fast": "master-schedule"}, "others": "kanban"}},
        "plans all items together",
    ),
    (
        {"products": {"rule": "by-class", "of": {"fast": {"rule": "by-class", "of": {"fast": "kanban"}}}}},
        "by class again",
    ),
    (
        {"products": {"rule": "by-class", "of": {"fast": {"rule": "kanban", "slack": -1}}, "others": "kanban"}},
        "products.of.fast.slack is -1 (share); it must be from 0 to 5",
    ),
    (
        {
            "products": {
                "rule": "by-class",
                "of": {"fast": {"rule": "order-up-to", "level": {"bred": 1}}},
                "others": "kanban",
            }
        },
        "products.of.fast.level lists 'bred', which is no item of the company; did you mean bread?",
    ),
    (
        {
            "products": {
                "rule": "by-class",
                "of": {"fast": "kanban"},
                "others": {"rule": "min-max", "minimum": {"salt": 1}, "maximum": {"salt": 2}},
            }
        },
        "products.others.minimum lists no figure for 'cake'",
    ),
    (
        {
            "products": {
                "rule": "by-class",
                "of": {"fast": {"rule": "min-max", "minimum": {"salt": 1}, "maximum": {"salt": 2}}},
                "others": "kanban",
            }
        },
        "products.of.fast.minimum lists no figure for 'bread'; list them too",
    ),
]


@pytest.mark.parametrize(("entries", "told"), WRONG, ids=[told for _, told in WRONG])
def test_wrong_classes_are_told_in_a_sentence(entries, told):
    """Entry, value, what is allowed."""
    with pytest.raises(ScenarioError) as caught:
        policy(**entries)
    assert told in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_a_policy_by_class_survives_being_written():
    """As a study or a page writes it and reads it again."""
    one = policy()
    assert Policy.model_validate_json(one.model_dump_json()) == one
