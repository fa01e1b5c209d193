"""Tomorrow: no policy and no rule sees it, and none can touch what it is shown."""

import numpy as np
import pytest

from simulator.engine.scenario import load
from simulator.planning.rules import Allocation, Forecast, SafetyStock, Usage
from simulator.planning.safety_stock import PerProduct
from tests.laws.tight import PATH, POLICIES, once, played, policy_of, scenario, tampered, weather, with_rules

MONTHS = 5
CUT = int(scenario().days.first_worked[3])
"""A first working day of a month: whoever plans that morning does not know its orders yet."""

PLANS = {"forecast": 0, "demand": 1, "safety_stock": 3, "production": 4, "overtime": 4}
"""The step of the cycle that writes each plan last."""


@once
def undisturbed(name):
    """The books of a preset in luck as it is; shared, so nobody may write into it."""
    return played(scenario().policy(name), weather(months=MONTHS), scenario(experiment__months=MONTHS))


def unmoved(policy, cut=CUT, one=None):
    """Assert that nothing before the cut moves when all after it is different, and that what comes after does."""
    company, luck = scenario(experiment__months=MONTHS), weather(months=MONTHS)
    one, other = one or played(policy, luck, company), played(policy, tampered(luck, cut), company)
    for name, table in {**one.flows, **one.closing, "hours": one.hours_used}.items():
        there = {**other.flows, **other.closing, "hours": other.hours_used}[name]
        np.testing.assert_array_equal(table[:cut], there[:cut], err_msg=name)
    month = int(scenario().days.month[cut])
    for name, step in PLANS.items():
        known = month + (policy.meeting_days[step] == 1)
        mine, theirs = getattr(one.plans, name), getattr(other.plans, name)
        np.testing.assert_array_equal(mine[:known], theirs[:known], err_msg=name)
    assert (one.flows["released"][cut:] != other.flows["released"][cut:]).any()


@pytest.mark.parametrize("policy", POLICIES)
def test_no_policy_sees_tomorrow(policy):
    """No plan, release, start or shipment before a day moves when demand from that day on is changed."""
    unmoved(scenario().policy(policy), one=undisturbed(policy))


@pytest.mark.parametrize("policy", POLICIES)
def test_no_policy_sees_the_rest_of_the_month(policy):
    """The same in the middle of a month and a week, when both are half known."""
    unmoved(scenario().policy(policy), CUT + 9, undisturbed(policy))


@pytest.mark.parametrize("rule", Forecast.known)
def test_no_forecast_sees_tomorrow(rule):
    """The same for every forecast rule, in a policy that makes what is forecast."""
    unmoved(policy_of(forecast=rule, supply_plan="chase"))


NEEDS = {
    "listed": PerProduct(units={"axle": 5.0}),
    "by-class": {"rule": "by-class", "of": {"all": "fill-rate-target"}},
    "autoregressive": {"rule": "autoregressive", "mean": 5.0, "correlation": 0.5},
}


@pytest.mark.parametrize("rule", SafetyStock.known)
def test_no_safety_stock_sees_tomorrow(rule):
    """The same for every rule of safety stock."""
    unmoved(policy_of(safety_stock=NEEDS.get(rule, rule), products={"rule": "order-up-to"}))


@pytest.mark.parametrize("rule", Usage.known)
def test_no_belief_about_use_sees_tomorrow(rule):
    """The same for every rule that says what an item needs a day."""
    how = {"rule": "order-up-to", "usage": NEEDS.get(rule, {"rule": rule})}
    unmoved(policy_of(products=how, components=how))


@pytest.mark.parametrize("rule", Allocation.known)
def test_no_allocation_sees_tomorrow(rule):
    """The same for every rule of allocation."""
    unmoved(policy_of(allocation=rule))


ORDERS = {
    "min-max": {"rule": "min-max", "minimum": {"axle": 30.0, "hub": 50.0}, "maximum": {"axle": 90.0, "hub": 120.0}}
}


@pytest.mark.parametrize("rule", ["order-up-to", "reorder-point", "min-max", "kanban"])
def test_no_replenishment_sees_tomorrow(rule):
    """The same for every rule of replenishment that the presets do not use together."""
    how = ORDERS.get(rule, {"rule": rule})
    unmoved(policy_of(products=how, components=how))


def arrays_of(thing, depth=0):
    """All arrays that can be reached from what a rule is shown, by public names."""
    for name in dir(thing):
        if name.startswith("_") or name in ("matrix", "items"):
            continue
        value = getattr(thing, name)
        if isinstance(value, np.ndarray):
            yield name, value
        elif depth < 1 and name in ("network", "days", "bill", "load", "total_use", "total_load"):
            yield from arrays_of(value, depth + 1)


def scribble(*shown):
    """Write into everything that lets itself be written; what does not, raises."""
    refused = set()
    for thing in shown:
        for name, array in [("argument", thing)] if isinstance(thing, np.ndarray) else arrays_of(thing):
            try:
                array[...] = array.dtype.type(77)
            except ValueError:
                refused.add(name)
    return refused


REFUSED = set()


def scribbling(rule):
    """A rule that answers as ever and then scribbles over all it was shown."""

    def answer(self, *shown):
        found = rule(*(np.array(s) if isinstance(s, np.ndarray) else s for s in shown))
        found = found if found is None else np.array(found)
        REFUSED.update(scribble(*shown))
        return found

    return type("Scribbling", (type(rule),), {"__call__": answer})(**dict(rule))


@pytest.mark.parametrize("policy", POLICIES)
def test_rules_cannot_touch_what_they_are_shown(policy):
    """A policy whose rules scribble over all they see runs the same company as one that keeps its hands still."""
    honest = scenario().policy(policy)
    rights = (
        "forecast",
        "demand_plan",
        "safety_stock",
        "supply_plan",
        "shortage",
        "allocation",
        "products",
        "components",
    )
    messy = honest.model_copy(update={right: scribbling(getattr(honest, right)) for right in rights})
    company = load(PATH, {"experiment.months": MONTHS})  # of its own, as it may be spoilt
    one, other = (played(how, weather(months=MONTHS), company) for how in (honest, messy))
    for name, table in {**one.flows, **one.closing}.items():
        np.testing.assert_array_equal(table, {**other.flows, **other.closing}[name], err_msg=name)
    assert {"on_hand", "on_order", "backlog", "to_start", "demand_plan", "production_plan", "safety_stock"} <= REFUSED


def test_luck_that_is_tampered_with_is_different():
    """The laws above can fail: demand, deals and lead times after the cut are others."""
    one, other = weather(months=MONTHS), tampered(weather(months=MONTHS), CUT)
    np.testing.assert_array_equal(one.signed[:CUT], other.signed[:CUT])
    assert (one.signed[CUT:] != other.signed[CUT:]).mean() > 0.9
    late = one.signings.day >= CUT
    assert late.any()
    assert (one.signings.quantity[late] != other.signings.quantity[late]).all()


def test_a_rule_that_sees_tomorrow_is_caught(monkeypatch):
    """The law is proved by breaking it: a view that adds tomorrow's signatures moves today's releases."""
    from simulator.world.view import View

    honest = View.used_lately

    def seeing(self, days):
        used = honest(self, days)
        tomorrow = self._firm.weather.signed[self.today + 1 : self.today + 2].sum(axis=0)
        used[:, self.network.sold] += tomorrow.sum(axis=0)
        return used

    monkeypatch.setattr(View, "used_lately", seeing)
    with pytest.raises(AssertionError):
        unmoved(with_rules("pull"), CUT + 9)
