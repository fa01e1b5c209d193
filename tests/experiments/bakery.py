"""A small company with a study of it: quick enough to be run many times."""

COMPANY = """
[experiment]
months = 3
history = 6

[calendar]
start = 2026-01-01

[suppliers.mill]

[products.bread]
family = "baked"
price = 5.0
unit_cost = 2.0
opening_stock = 400
buy = { supplier = "mill", lead_time = { law = "gamma", mean = 9.0, sd = 3.0 } }

[products.salt]
family = "dry"
price = 3.0
unit_cost = 1.0
opening_stock = 60
buy = { supplier = "mill", lead_time = { law = "constant", mean = 5.0 } }

[[demand.everyday]]
product = "bread"
segment = "customers"
daily = { law = "poisson", mean = 20.0 }

[[demand.everyday]]
product = "salt"
segment = "customers"
daily = { law = "gamma", mean = 6.0, sd = 3.0 }
"""

STUDY = {
    "name": "bakery",
    "policies": ["order-up-to", "reorder-point"],
    "replications": 7,
    "measures": ["fill_rate", "stock_value"],
    "seed": 5,
    "design": {"kind": "grid"},
    "factors": [
        {"entry": "policy.safety_stock.z", "name": "z", "low": 0.0, "high": 2.0, "steps": 3},
        {"entry": "products.salt.opening_stock", "values": [0.0, 60.0]},
    ],
}


def study(folder, **changes):
    """The study, its company in a file beside it; entries changed by name."""
    from simulator.studies.study import load_study

    file = folder / "bakery.toml"
    file.write_text(COMPANY, encoding="utf-8")
    return load_study({"scenario": str(file), **STUDY, **changes})
