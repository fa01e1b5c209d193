"""A workshop small enough to plan by hand: demand without noise, so that every figure of a plan can be worked out."""

from copy import deepcopy

import numpy as np

from simulator.engine.play import play, weather_for
from simulator.engine.scenario import load
from simulator.engine.validation import validated
from simulator.planning import Policy
from simulator.planning.master_schedule import MasterSchedule

LANES = 3
EVEN = (1.0,) * 12
LOW_THEN_HIGH = (0.8,) * 9 + (1.6,) * 3
"""Mean 1: the last quarter asks for twice as much as the others."""


def stream(product, daily, season=EVEN):
    """Demand for a product, the same every day of a month; a year of which every month is alike has no season but a level."""
    flat = len(set(season)) == 1
    return {
        "product": product,
        "segment": "customers",
        "daily": {"law": "constant", "mean": float(daily) * (season[0] if flat else 1.0)},
        "pattern": {"season": EVEN if flat else season},
    }


def cups(hours=2.0, overtime=0.0, opening=100.0, season=EVEN, months=3, **tables):
    """One product of one family, a tenth of an hour on one resource; ten a day; every day is worked."""
    words = {
        "company": {"whole_units": False},
        "products": {
            "cup": {
                "family": "cups",
                "price": 5.0,
                "unit_cost": 2.0,
                "opening_stock": float(opening),
                "make": {"hours": {"wheel": 0.1}},
            }
        },
        "resources": {"wheel": {"hours": hours, "overtime": overtime, "overtime_premium": 1.0}},
        "demand": {"everyday": [stream("cup", 10, season)]},
        "experiment": {"months": months, "history": 24, "replications": LANES},
    }
    return load({**words, **tables})


def with_subcontractor(company, premium=0.1, lead_time=1, most=1000.0):
    """The same company, in which somebody else makes cups as well."""
    offer = {"premium": premium, "lead_time": lead_time, "most": float(most)}
    return changed(company, **{"products.cup.make.subcontract": offer})


def changed(company, **entries):
    """The same company with some entries set by dotted name."""
    return load({"name": company.name, **company.words}, entries)


def two_families(**tables):
    """Two families that share a resource, a semi-finished item in both, bought parts; five working days a week."""
    words = {
        "company": {"whole_units": False},
        "calendar": {"working_days": ["mon", "tue", "wed", "thu", "fri"]},
        "products": {
            "chair": {
                "family": "seats",
                "price": 60.0,
                "unit_cost": 30.0,
                "opening_stock": 60.0,
                "make": {"bill": {"frame": 1.0, "screw": 4.0}, "hours": {"saw": 0.1, "paint": 0.2}, "lead_time": 2},
            },
            "stool": {
                "family": "seats",
                "price": 40.0,
                "unit_cost": 18.0,
                "opening_stock": 50.0,
                "make": {"bill": {"frame": 0.5}, "hours": {"paint": 0.1}, "good": 0.8},
            },
            "table": {
                "family": "tables",
                "price": 150.0,
                "unit_cost": 80.0,
                "opening_stock": 30.0,
                "make": {"bill": {"frame": 2.0, "screw": 8.0}, "hours": {"paint": 0.4}, "lead_time": 3},
            },
        },
        "components": {
            "frame": {
                "unit_cost": 8.0,
                "opening_stock": 200.0,
                "make": {"bill": {"wood": 2.0}, "hours": {"saw": 0.15}, "lead_time": 1, "good": 0.9},
            },
            "wood": {"unit_cost": 2.0, "opening_stock": 900.0, "buy": bought(8)},
            "screw": {"unit_cost": 0.1, "opening_stock": 4000.0, "buy": bought(15)},
        },
        "suppliers": {"near": {}},
        "resources": {
            "saw": {"hours": 6.5, "overtime": 0.2, "overtime_premium": 8.0},
            "paint": {"hours": 6.5, "overtime": 0.2, "overtime_premium": 8.0},
        },
        "demand": {
            "everyday": [
                {"product": "chair", "segment": "customers", "daily": {"law": "gamma", "mean": 12.0, "sd": 6.0}},
                {"product": "stool", "segment": "customers", "daily": {"law": "gamma", "mean": 8.0, "sd": 4.0}},
                {
                    "product": "table",
                    "segment": "customers",
                    "daily": {"law": "gamma", "mean": 5.0, "sd": 3.0},
                    "pattern": {"season": (0.8, 0.8, 0.9, 1.0, 1.0, 1.2, 1.3, 1.2, 1.0, 1.0, 0.9, 0.9)},
                },
            ],
            "contracts": [
                {
                    "product": "chair",
                    "segment": "customers",
                    "per_month": 2.0,
                    "size": {"law": "gamma", "mean": 20.0, "sd": 8.0},
                    "lead_time": {"law": "gamma", "mean": 35.0, "sd": 15.0},
                }
            ],
            "frames": [
                {
                    "product": "table",
                    "segment": "customers",
                    "per_year": 4.0,
                    "size": {"law": "gamma", "mean": 40.0, "sd": 10.0},
                    "call_offs": 4,
                    "slip": 0.3,
                }
            ],
            "projects": [
                {
                    "product": "stool",
                    "segment": "customers",
                    "per_month": 1.0,
                    "size": {"law": "gamma", "mean": 30.0, "sd": 10.0},
                    "sight": 3,
                    "lead_time": {"law": "gamma", "mean": 20.0, "sd": 8.0},
                }
            ],
        },
        "experiment": {"months": 7, "history": 18, "replications": LANES, "seed": 3},
    }
    return load({**words, **tables})


def bought(days):
    """Bought after so many days."""
    return {"supplier": "near", "lead_time": {"law": "constant", "mean": float(days)}}


def policy(**words):
    """A policy from words; plain, but for what they say."""
    plain = {"name": "made up", "forecast": {"rule": "naive", "seasonal": True}}
    return validated(Policy, {**plain, **words}, "made up")


def luck(scenario):
    """The weather of all replications."""
    return weather_for(scenario, scenario.experiment.seed, list(range(scenario.experiment.replications)))


def played(scenario, how, weather=None):
    """All that a policy did."""
    return play(scenario, how, weather or luck(scenario))


def tampered(weather, day):
    """The same luck until the morning of a day, and other demand and deals from then on."""
    other = deepcopy(weather)
    other.signed[day:] = 2.0 * other.signed[day:] + 9.0
    for events in (other.signings, other.frames, other.projects):
        events.quantity[events.day >= day] *= 4.0
    return other


class Watching(MasterSchedule):
    """A master schedule that keeps the plan which the floor works to, evening by evening."""

    log: dict

    def __call__(self, view, rows, released):
        self.log[view.today] = np.array(view.production_plan)
        return super().__call__(view, rows, released)


def plans_followed(scenario, how):
    """The books, and the family plan in force on every working evening."""
    log = {}
    watching = how.model_copy(update={"products": Watching.model_construct(log=log)})
    return played(scenario, watching), log
