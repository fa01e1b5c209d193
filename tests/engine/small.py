"""A company small enough to work out by hand, and books that are filled in by hand."""

from copy import deepcopy

import numpy as np
from simpy import Environment

from simulator.engine.books import Books
from simulator.engine.firm import Firm
from simulator.engine.play import weather_for
from simulator.engine.scenario import load
from simulator.kernel.plans import HORIZON, Plans
from simulator.planning import Policy, rules

WORDS = {
    "name": "small",
    "experiment": {"months": 2, "history": 0, "service_target": 0.8},
    "company": {"whole_units": False},
    "calendar": {"start": "2026-02-01"},  # a Sunday; 28 and 31 days: four weeks and three days more
    "resources": {"line": {"hours": 10.0}, "oven": {"hours": 4.0}},
    "suppliers": {"mill": {}},
    "products": {
        "bread": {
            "family": "baked",
            "price": 5.0,
            "unit_cost": 2.0,
            "make": {"bill": {"flour": 2.0}, "hours": {"line": 0.1}},
        },
        "cake": {
            "family": "baked",
            "price": 10.0,
            "unit_cost": 4.0,
            "make": {"bill": {"flour": 1.0}, "hours": {"oven": 0.2}},
        },
        "salt": {
            "family": "dry",
            "price": 3.0,
            "unit_cost": 1.0,
            "buy": {"supplier": "mill", "lead_time": {"law": "constant", "mean": 3.0}},
        },
    },
    "components": {
        "flour": {"unit_cost": 0.5, "buy": {"supplier": "mill", "lead_time": {"law": "constant", "mean": 2.0}}},
    },
    "segments": {"first": {"rank": 1, "lead_time": 2}, "second": {"rank": 2, "patience": 1}},
}

BREAD, CAKE, SALT, FLOUR = range(4)
FIRST, SECOND = range(2)
DAYS, FEBRUARY = 59, 28
PRODUCTS, PARTS = np.arange(3), np.arange(3, 4)


def company(**changes):
    """The company, with entries changed by dotted name."""
    return load(deepcopy(WORDS), {entry.replace("__", "."): value for entry, value in changes.items()})


def blank(scenario=None, lanes=2, past=0):
    """Books in which nothing happened yet."""
    scenario = scenario or company()
    n, days = scenario.network, scenario.days
    goods, orders = (days.count, len(n.names), lanes), (days.count, len(n.segments), len(n.products), lanes)
    flows = {name: np.zeros(goods) for name in ("released", "received", "consumed")}
    flows |= {name: np.zeros(orders) for name in ("signed", "due", "served", "lost")}
    flows["shipped"] = np.zeros((days.count, len(n.products), lanes))
    closing = {name: np.zeros(goods) for name in ("on_hand", "on_order")}
    closing |= {name: np.zeros(orders) for name in ("order_book", "backlog")}
    plans = Plans(days.months, len(n.products), len(n.families), len(n.names), len(n.resources), lanes)
    hours = np.zeros((days.count, len(n.resources), lanes))
    demand = np.zeros((past + days.months, len(n.products), lanes))
    policy = Policy(name="by hand")
    return Books(scenario, policy, list(range(lanes)), flows, closing, plans, {"hours_used": hours}, demand)


def at(day=0, lanes=2, policy=None, **changes):
    """The company on the morning of a day, before anything happened."""
    scenario = company(**changes)
    weather = weather_for(scenario, 1, range(lanes))
    policy = policy or Policy(name="by hand")
    firm = Firm(Environment(), scenario.company, scenario.network, scenario.days, weather, policy)
    firm.ledger.day = day
    for book in (*firm.ledger.book.values(), *firm.ledger.memo.values()):
        book[...] = 0.0
    return firm


def holding(firm, item, on_hand=0.0, on_order=0.0, owed=0.0, to_start=0.0):
    """Put an item's stock, scheduled receipts, backlog and releases not yet started."""
    firm.ledger.level["on_hand"][item], firm.ledger.level["on_order"][item] = on_hand, on_order
    firm.to_start[item] = to_start
    if item < len(firm.network.products):
        firm.ledger.level["backlog"][FIRST, item] = owed
    return firm


def expecting(firm, **per_day):
    """A demand plan of so many units a day of each product, in force and on the desk."""
    month = firm.desk.month
    days = np.diff(firm.calendar.month_start)
    for name, units in per_day.items():
        item = firm.network.products.index(name)
        firm.plans.force_demand[:, item] = units * days[: len(firm.plans.force_demand), None]
        firm.plans.demand[month, :, item] = firm.plans.force_demand[month : month + HORIZON, item]
    return firm


def tonight(firm, rule, rows=PRODUCTS, released=None, **settings):
    """What a rule releases tonight of each item, in the first lane; None where it does not decide."""
    released = np.zeros_like(firm.to_start) if released is None else released
    answer = rules.Replenishment.known[rule](**settings)(firm.view, rows, released)
    return answer if answer is None else answer[:, 0].tolist()
