"""A company whose three months of money are worked out by hand: lamps, ten a day, of one bulb each."""

from copy import deepcopy

from simulator import load, simulate

WORDS = {
    "name": "lamps",
    "experiment": {"months": 3, "history": 0},  # 31, 28 and 31 days, all of them worked
    "calendar": {"start": "2026-01-01"},
    "finance": {
        "holding_rate": 0.46525,  # less the price of capital .36525 a year: a thousandth of the value a day
        "capital_rate": 0.1,
        "fixed_cost": 310.0,
        "opening_cash": 1000.0,
        "drawings": 62.0,
    },
    "channels": {"post": {"transport_cost": 0.02, "selling_cost": 0.05, "transport_days": 3}},
    "segments": {"shops": {"channel": "post", "lead_time": 3, "payment_days": 7, "bad_debt": 0.01}},
    "resources": {"bench": {"hours": 2.0, "hour_cost": 15.0}},  # one hour a day is worked, two are paid
    "suppliers": {"works": {"payment_days": 30}},
    "components": {
        "bulb": {
            "unit_cost": 2.0,
            "opening_stock": 40.0,
            "buy": {"supplier": "works", "lead_time": {"law": "constant", "mean": 2.0}},
        }
    },
    "products": {
        "lamp": {
            "price": 10.0,
            "unit_cost": 6.0,  # a bulb and 4 of conversion
            "opening_stock": 20.0,
            "make": {"bill": {"bulb": 1.0}, "hours": {"bench": 0.1}, "lead_time": 1},
        }
    },
    "demand": {"everyday": [{"product": "lamp", "segment": "shops", "daily": {"law": "constant", "mean": 10.0}}]},
}
UP_TO = {
    "name": "up to a level",
    "products": {"rule": "order-up-to", "level": {"lamp": 20.0}},
    "components": {"rule": "order-up-to", "level": {"bulb": 40.0}},
}


def run(**changes):
    """The lamp maker's run, with entries changed by dotted name with __ for the dots."""
    return simulate(
        load(deepcopy(WORDS), {name.replace("__", "."): value for name, value in changes.items()}), UP_TO, 2
    )
