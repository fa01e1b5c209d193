"""Hold the settings that a policy file may leave out: a default that changes moves the results of every file that relies on it.

Whoever changes one changes this table and says so in CHANGELOG.md under Numbers.
"""

import pytest

from simulator.planning import Policy
from simulator.planning.rules import Rule

OF_A_POLICY = {
    "safety_stock_static": False,
    "corrects_bias": False,
    "cycle_months": 1,
    "decision_delay": 0,
    "slip_probability": 0.0,
    "slip_days": 5,
    "frozen_months": 0,
    "meeting_days": (1, 1, 1, 1, 1),
}

OF_RULES = {
    ("forecast", "naive"): {"seasonal": False},
    ("forecast", "moving-average"): {"months": 3},
    ("forecast", "simple-smoothing"): {"level": 0.3},
    ("forecast", "holt"): {"level": 0.3, "trend": 0.1, "damping": 0.9},
    ("forecast", "holt-winters"): {
        "level": 0.2,
        "trend": 0.05,
        "season": 0.2,
        "first_year": 0.5,
        "damping": 0.9,
        "fitted": False,
    },
    ("forecast", "optimistic"): {"months": 3, "optimism": 0.15},
    ("forecast", "sales-team"): {
        "months": 3,
        "season": True,
        "optimism": 0.1,
        "anchor": 0.3,
        "push": 0.1,
        "noise": 0.1,
    },
    ("forecast", "marketing-team"): {"months": 6},
    ("forecast", "consensus"): {"memory": 3.0},
    ("demand plan", "four-part"): {"months": 4},
    ("safety stock", "days-of-cover"): {"days": 10.0},
    ("safety stock", "listed"): {"below_zero": False},
    ("safety stock", "demand-error"): {"z": 1.65},
    ("safety stock", "demand-and-lead-time-error"): {"z": 1.65},
    ("safety stock", "fill-rate-target"): {"fill_rate": 0.97},
    ("supply plan", "level"): {"catch_up": 6.0},
    ("supply plan", "hybrid"): {"core": 0.6, "catch_up": 6.0},
    ("supply plan", "cost-optimal"): {"catch_up": 12},
    ("supply plan", "peak-shaving"): {"room": 45.0, "fraction": 1.0},
    ("capacity check", "rccp"): {
        "overtime": True,
        "pull_ahead": 6,
        "parts": True,
        "outside": True,
        "express": True,
    },
    ("shortage", "release"): {"months": 2, "tolerance": 0.001, "commits": False},
    ("classes", "abc"): {"shares": (0.8, 0.95)},
    ("classes", "xyz"): {"bounds": (0.5, 1.0)},
    ("classes", "abc-xyz"): {"shares": (0.8, 0.95), "bounds": (0.5, 1.0)},
    ("allocation", "reserved"): {"ranks": 1, "share": 0.25},
    ("workforce", "follow-plan"): {"months": 3, "band": 0.1, "load": 0.9},
    ("workforce", "level"): {"band": 0.1, "load": 0.9},
    ("usage", "planned"): {"days": 60},
    ("usage", "recent-mean"): {"days": 56},
    ("usage", "smoothed"): {"alpha": 0.1},
    ("usage", "autoregressive"): {"days": 1},
    ("sourcing", "by-record"): {"late": 0.2, "rejected": 1.0, "credit": 3.0},
    ("expediting", "cover"): {"days": 0.0},
    ("expediting", "below-safety-stock"): {"share": 1.0},
    ("replenishment", "order-up-to"): {"days": 1, "fraction": 1.0},
    ("replenishment", "reorder-point"): {"days": 1, "lot_days": 14.0},
    ("replenishment", "min-max"): {"days": 1, "lot_days": 14.0},
    ("replenishment", "kanban"): {"container_days": 2.0, "slack": 0.3, "usage": {"days": 60}},
    ("replenishment", "anchor-and-adjust"): {"days": 1, "alpha": 0.26, "beta": 0.34, "theta": 0.36},
    ("replenishment", "master-schedule"): {"cover": 28.0},
    ("replenishment", "mrp"): {"cover": 7.0},
}


def defaults(kind):
    """Figures, yes/no settings and bounds that a file may leave out, and rules with figures of their own."""
    found = {name: field.default for name, field in kind.model_fields.items()}
    own = {name: set_apart(rule) for name, rule in found.items() if isinstance(rule, Rule)}
    plain = {name: value for name, value in found.items() if isinstance(value, int | float | tuple)}
    return plain | {name: figures for name, figures in own.items() if figures}


def set_apart(rule):
    """Settings of a rule that are not its own defaults."""
    usual = {name: field.default for name, field in type(rule).model_fields.items()}
    return {name: value for name, value in rule if value != usual[name]}


def test_a_policy_is_run_by_its_stated_defaults():
    assert defaults(Policy) == OF_A_POLICY


@pytest.mark.parametrize(
    "right", [right for right in Rule.__subclasses__() if "known" in vars(right)], ids=lambda right: right.kind
)
def test_a_rule_is_run_by_its_stated_defaults(right):
    ours = {name: kind for name, kind in right.known.items() if kind.__module__.startswith("simulator.")}
    found = {(right.kind, name): values for name, kind in ours.items() if (values := defaults(kind))}
    assert found == {place: values for place, values in OF_RULES.items() if place[0] == right.kind}


UNLIKE_THE_OTHERS = {
    ("replenishment", "replaces", True): ["master-schedule", "mrp"],
    ("replenishment", "weekly", True): ["master-schedule", "mrp"],
    ("usage", "looks_back", False): ["planned"],
    ("workforce", "changes", False): ["fixed"],
}
"""What a kind of rule is, and who of it: rules that take back what the floor has not started, decide on the days of weekly
planning, do not look at what was asked for lately, or never hire or dismiss."""


@pytest.mark.parametrize(("right", "what", "unlike"), UNLIKE_THE_OTHERS)
def test_a_rule_is_of_the_kind_that_it_says(right, what, unlike):
    known = next(kind.known for kind in Rule.__subclasses__() if kind.kind == right)
    ours = {name: rule for name, rule in known.items() if rule.__module__.startswith("simulator.")}
    found = [name for name, rule in ours.items() if getattr(rule, what) is unlike]
    assert found == UNLIKE_THE_OTHERS[right, what, unlike]
    assert {getattr(rule, what) for rule in ours.values()} == {True, False}
