"""One product that is ordered up to a level every day: whatever is found can be held against the closed form."""

from functools import lru_cache

from scipy.optimize import brentq

from simulator.engine.scenario import load
from simulator.theory.inventory import performance

ENTRY = "policy.products.level.paper"

WORDS = {
    "name": "newsstand",
    "company": {"whole_units": False},
    "suppliers": {"works": {}},
    "products": {
        "paper": {
            "opening_stock": 556.0,
            "price": 2.0,
            "unit_cost": 1.0,
            "buy": {"supplier": "works", "lead_time": {"law": "constant", "mean": 5}},
        }
    },
    "demand": {
        "everyday": [{"product": "paper", "segment": "customers", "daily": {"law": "normal", "mean": 100, "sd": 25}}]
    },
    "policies": {
        "base-stock": {"supply_plan": "none", "products": {"rule": "order-up-to", "level": {"paper": 555.9017}}}
    },
    "experiment": {"months": 12, "warm_up": 1, "seed": 3, "policies": ["base-stock"]},
}


@lru_cache(maxsize=1)
def newsstand():
    """The company."""
    return load(WORDS)


def true_fill_rate(level):
    """Of 5 days at risk, in the long run."""
    return float(performance(level, 100, 25, 5).fill_rate)


def true_stock(level):
    """On hand in the long run, at a unit cost of 1."""
    return float(performance(level, 100, 25, 5).on_hand)


def true_level(fill_rate):
    """The least level that reaches a fill rate."""
    return brentq(lambda level: true_fill_rate(level) - fill_rate, 400, 900)


@lru_cache(maxsize=1)
def kiosk():
    """Two products of different risk, planned by a safety factor that is the same for both."""
    everyday = WORDS["demand"]["everyday"][0]
    sweets = {**WORDS["products"]["paper"], "opening_stock": 100.0}
    return load(
        {
            **WORDS,
            "name": "kiosk",
            "products": {**WORDS["products"], "sweets": sweets},
            "demand": {
                "everyday": [
                    everyday,
                    {**everyday, "product": "sweets", "daily": {"law": "gamma", "mean": 6.0, "sd": 6.0}},
                ]
            },
            "policies": {},
            "experiment": {**WORDS["experiment"], "warm_up": 3, "history": 12, "policies": ["order-up-to"]},
        }
    )


WORKSHOP = {
    "name": "workshop",
    "resources": {"bench": {"hours": 9.0}},
    "products": {
        "chair": {
            "family": "chairs",
            "price": 10.0,
            "unit_cost": 5.0,
            "opening_stock": 60,
            "make": {"lead_time": 2, "hours": {"bench": 1.0}},
        }
    },
    "segments": {"shops": {"lead_time": 0}},
    "demand": {"everyday": [{"product": "chair", "segment": "shops", "daily": {"law": "poisson", "mean": 10}}]},
    "experiment": {"months": 12, "warm_up": 3},
}
"""Ten chairs a day are wanted and nine can be made."""
