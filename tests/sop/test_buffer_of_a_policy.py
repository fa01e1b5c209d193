"""A policy's buffer on one scale: every rule says how it is raised, and more of it is more stock."""

import json

import numpy as np
import pytest

from simulator.engine.play import play, weather_for
from simulator.engine.scenario import load, preset, preset_names
from simulator.kernel.units import ScenarioError
from simulator.planning import Policy
from simulator.planning.rules import Replenishment, SafetyStock, shipped

SAFETY = {
    "listed": {"units": {"drill": 40.0, "bits": 300.0}, "others": {"rule": "days-of-cover", "days": 4.0}},
    "by-class": {"of": {"all": {"rule": "demand-error", "z": 1.5}}, "others": {"rule": "days-of-cover", "days": 9.0}},
}
LISTED = {"drill": 60.0, "bits": 400.0, "kettle": 10.0}


def ruled(right, rule, **settings):
    return Policy.model_validate_json(json.dumps({"name": "mine", right: {"rule": rule, **settings}}))


@pytest.mark.parametrize("kind", [SafetyStock, Replenishment])
def test_every_rule_says_what_its_buffer_is(kind):
    """A new rule without these methods could not be compared at equal service."""
    silent = [name for name, rule in kind.known.items() if shipped(rule) and rule.buffer is kind.buffer]
    assert silent == []
    lame = [
        name
        for name, rule in kind.known.items()
        if shipped(rule) and rule.with_buffer is kind.with_buffer and not _never_holds(rule)
    ]
    assert lame == []


def _never_holds(rule):
    """A rule whose buffer is none whatever it is set to takes no amount."""
    return not rule.model_fields or rule().buffer() is None


def test_a_rule_without_one_is_refused_in_a_sentence():
    class Silent(SafetyStock):
        """Says nothing."""

    policy = preset("sop").model_copy(update={"safety_stock": Silent()})
    with pytest.raises(ScenarioError, match="does not say what its buffer is"):
        policy.buffer()


@pytest.mark.parametrize(
    ("policy", "entry", "amount"),
    [
        (preset("sop"), "safety_stock.z", 1.28),
        (ruled("safety_stock", "days-of-cover", days=10.0), "safety_stock.days", 10.0),
        (preset("pull"), "products.slack + components.slack", 1.0),
        (ruled("safety_stock", "fill-rate-target", fill_rate=0.99), "safety_stock.fill_rate", 2.0),
        (ruled("safety_stock", "none"), "safety_stock.days", 0.0),
        (ruled("safety_stock", "listed", **SAFETY["listed"]), "safety_stock.units + others.days", 1.0),
        (ruled("safety_stock", "by-class", **SAFETY["by-class"]), "safety_stock.of.all.z + others.days", 1.0),
        (ruled("products", "order-up-to", level=LISTED), "products.level", 1.0),
        (ruled("products", "order-up-to"), "safety_stock.days", 0.0),
    ],
)
def test_the_buffer_of_a_policy(policy, entry, amount):
    """Of its safety stock, else of its rules of replenishment, else days of cover; what is set to what it is, stays."""
    found = policy.buffer()
    assert (found.entry, found.amount) == (entry, pytest.approx(amount))
    assert found.most > found.amount
    same = policy.with_buffer(found.amount)
    assert same.buffer().amount == pytest.approx(amount)
    if amount:
        assert same == policy or found.nines


def test_what_is_listed_and_by_class_is_raised_in_proportion():
    listed = ruled("safety_stock", "listed", **SAFETY["listed"]).with_buffer(1.5).safety_stock
    assert (listed.units, listed.others.days) == ({"drill": 60.0, "bits": 450.0}, 6.0)
    classes = ruled("safety_stock", "by-class", **SAFETY["by-class"]).with_buffer(2.0).safety_stock
    assert (classes.of["all"].z, classes.others.days) == (3.0, 18.0)
    assert classes.model_copy(update={}).of["all"].z == 3.0
    none = preset("pull").with_buffer(0.0)
    assert (none.products.slack, none.components.slack) == (0.0, 0.0)
    twice = preset("pull").with_buffer(2.0)
    assert (twice.products.slack, twice.components.slack) == (1.2, 1.0)


def test_nines():
    """.99 has two; three are .999."""
    policy = ruled("safety_stock", "fill-rate-target", fill_rate=0.99)
    assert policy.with_buffer(3.0).safety_stock.fill_rate == pytest.approx(0.999)
    assert policy.buffer().shown(3.0) == pytest.approx(0.999)


@pytest.mark.parametrize("name", preset_names())
def test_a_tuned_policy_may_be_written_and_read(name):
    policy = preset(name).with_buffer(1.1)
    assert Policy.model_validate_json(policy.model_dump_json()) == policy


@pytest.mark.parametrize("name", ["siloed", "sop", "order-up-to", "pull"])
def test_more_of_it_is_more_stock(name):
    """On the company of the tutorial, in every of four steps."""
    scenario = load("trading", {"experiment.months": 6, "experiment.warm_up": 2})
    policy = preset(name)
    weather, most = weather_for(scenario, 1, range(4)), policy.buffer().most
    held = [
        play(scenario, policy.with_buffer(share * most), weather).closing["on_hand"][60:].mean()
        for share in (0.0, 0.25, 0.5, 0.75)
    ]
    assert (np.diff(held) > 0).all()
