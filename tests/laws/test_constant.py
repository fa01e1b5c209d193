"""At constant demand nothing is uncertain: every rule of use says the constant, for every item at every level of the bills."""

import numpy as np
import pytest

from simulator.engine.scenario import load
from simulator.planning import rules
from simulator.results.run import simulate

DAILY, LEVELS = 100.0, np.array([[1.0], [1.0], [2.0]])
LEAD_TIMES = np.array([[3.0], [5.0], [4.0]])
SETTLED = 220
LAST_LOOP = 340
"""Kanban under smoothing by a tenth a day: the middle item's loop changes for the last time on day 163, and what its part
is used for then is forgotten by a tenth a day: .9^177 of it, less than 1e-8 of at most 1 %, is left on day 340."""


WORDS = {
    "company": {"whole_units": False},
    "suppliers": {"works": {}},
    "products": {"p": {"opening_stock": 400, "make": {"lead_time": 3, "bill": {"c": 1.0}}}},
    "components": {
        "c": {"opening_stock": 600, "make": {"lead_time": 5, "bill": {"d": 2.0}}},
        "d": {
            "opening_stock": 1_000,
            "buy": {"supplier": "works", "lead_time": {"law": "constant", "mean": 4.0}},
        },
    },
    "segments": {"customers": {}},
    "demand": {"everyday": [{"product": "p", "segment": "customers", "daily": {"law": "constant", "mean": DAILY}}]},
    "experiment": {"months": 8, "warm_up": 5, "history": 24, "replications": 2, "seed": 1},
}
USAGES = [
    {"rule": "planned"},
    {"rule": "recent-mean"},
    {"rule": "recent-mean", "days": 5},
    {"rule": "smoothed"},
    {"rule": "smoothed", "alpha": 0.3},
]
STOCK_RULES = [
    {"rule": "order-up-to"},
    {"rule": "order-up-to", "fraction": 0.2},
    {"rule": "reorder-point", "lot_days": 1},
    {"rule": "kanban", "container_days": 1, "slack": 0.5},
]
SAFE = {"p": 50.0, "c": 70.0, "d": 90.0}


def policy(products, components):
    """No family plan, and safety stocks that never move."""
    return {
        "supply_plan": "none",
        "safety_stock": {"rule": "listed", "units": SAFE},
        "products": products,
        "components": components,
    }


def played(how, **changes):
    """The company under a policy of this test, and its books."""
    scenario = load({**WORDS, "policies": {"constant": how}}, {k.replace("__", "."): v for k, v in changes.items()})
    return next(iter(simulate(scenario, "constant").books()))


def spied(monkeypatch, usage, settled=SETTLED):
    """What a rule of use says of all items, whenever it is asked once things have settled: (items, lanes) each."""
    kind, said = rules.Usage.known[usage["rule"]], []
    honest = kind.__call__

    def answer(self, view):
        found = honest(self, view)
        if view.today >= settled:
            said.append(found)
        return found

    monkeypatch.setattr(kind, "__call__", answer)
    return said


@pytest.mark.parametrize("stock_rule", STOCK_RULES, ids=lambda rule: "-".join(map(str, rule.values())))
@pytest.mark.parametrize("usage", USAGES, ids=lambda usage: "-".join(map(str, usage.values())))
def test_every_rule_of_use_says_the_constant(usage, stock_rule, monkeypatch):
    """A hundred of the product a day are a hundred and two hundred of what goes into it."""
    settled, months = (
        (LAST_LOOP, 12) if (stock_rule["rule"], usage) == ("kanban", {"rule": "smoothed"}) else (SETTLED, 8)
    )
    said = spied(monkeypatch, usage, settled)
    how = {**stock_rule, "usage": usage}
    books = played(policy(how, how), experiment__months=months)
    assert said
    for found in said:
        np.testing.assert_allclose(found, np.broadcast_to(DAILY * LEVELS, found.shape), rtol=1e-9)
    assert books.closing["backlog"][SETTLED:].max() < 1e-6


@pytest.mark.parametrize("usage", USAGES, ids=lambda usage: "-".join(map(str, usage.values())))
def test_the_level_is_use_over_the_lead_time_and_safety_stock(usage):
    """Ordered up to a level every evening, stock and what is under way are the level at every day's end: 100 x 5 + 70 of the part."""
    books = played(policy(*2 * [{"rule": "order-up-to", "usage": usage}]))
    held = (books.closing["on_hand"] + books.closing["on_order"])[SETTLED:]
    level = DAILY * LEVELS * LEAD_TIMES + np.array(list(SAFE.values()))[:, None]
    np.testing.assert_allclose(held, np.broadcast_to(level, held.shape), rtol=1e-9)


@pytest.mark.parametrize("correlation", [0.7, -0.5])
def test_a_demand_that_remembers_the_day_before_is_at_its_mean(correlation, monkeypatch):
    """The rule has one mean for all items: the part goes in one by one."""
    usage = {"rule": "autoregressive", "mean": DAILY, "correlation": correlation, "days": 5}
    said = spied(monkeypatch, usage)
    played(policy(*2 * [{"rule": "order-up-to", "usage": usage}]), components__c__make__bill__d=1.0)
    for found in said:
        np.testing.assert_allclose(found, DAILY, rtol=1e-9)


@pytest.mark.parametrize(
    ("products", "days"),
    [
        ({"rule": "order-up-to", "days": 7}, 56),
        ({"rule": "reorder-point", "lot_days": 14}, 56),
        ({"rule": "kanban", "container_days": 3}, 60),
    ],
    ids=["weekly", "lots", "containers"],
)
def test_whole_rounds_of_lots_are_averaged_to_the_constant(products, days, monkeypatch):
    """What is called for a week or a lot at a time is the constant over whole weeks and lots."""
    usage = {"rule": "recent-mean", "days": days}
    said = spied(monkeypatch, usage)
    played(policy({**products, "usage": usage}, {"rule": "order-up-to", "usage": usage}))
    for found in said:
        np.testing.assert_allclose(found[:2], DAILY, rtol=1e-9)


def test_purchasing_on_past_use_sees_the_constant_under_a_schedule(monkeypatch):
    """Where work is scheduled week by week, what its parts are drawn for averages to the constant, whole weeks of it."""
    usage = {"rule": "recent-mean", "days": 56}
    said = spied(monkeypatch, usage)
    how = policy({"rule": "master-schedule"}, {"rule": "order-up-to", "days": 7, "usage": usage})
    how = {**how, "supply_plan": "chase", "forecast": {"rule": "moving-average", "months": 3}}
    played(how)
    assert said
    mean = np.mean([found[1] for found in said])
    assert mean == pytest.approx(DAILY, rel=0.01)


@pytest.mark.parametrize("preset", ["order-up-to", "reorder-point", "pull", "chase", "sop"])
def test_presets_buy_and_make_the_constant(preset):
    """Over a whole year every item is ordered as it is used, and nobody waits."""
    scenario = load(WORDS, {"experiment.months": 24})
    books = next(iter(simulate(scenario, preset).books()))
    for flow in ("released", "received"):
        daily = books.flows[flow][-365:].mean(axis=0)
        np.testing.assert_allclose(daily, np.broadcast_to(DAILY * LEVELS, daily.shape), rtol=0.04)
    assert books.closing["backlog"][-365:].max() < 1e-6


def test_bought_products_are_held_to_their_safety_stock():
    """What a schedule orders each week lasts until the next order comes, and no day longer: at the lowest the safety stock is there."""
    buy = {"supplier": "works", "lead_time": {"law": "constant", "mean": 10.0}}
    words = {**WORDS, "products": {"p": {"opening_stock": 2_000, "buy": buy}}, "components": {}}
    how = {
        "supply_plan": "chase",
        "forecast": {"rule": "moving-average", "months": 3},
        "safety_stock": {"rule": "listed", "units": {"p": 300.0}},
    }
    books = next(iter(simulate(load({**words, "policies": {"constant": how}}), "constant").books()))
    assert books.closing["on_hand"][SETTLED:].min() == pytest.approx(300.0)
