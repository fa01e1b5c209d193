"""What a declaration calls `by_lane` may really differ by lane; what the luck key leaves out is really not drawn."""

from typing import get_origin

import numpy as np
import pytest

from simulator.company.problems import members
from simulator.engine.play import play
from simulator.engine.scenario import load
from simulator.engine.settings import changed_policy, changed_scenario
from simulator.engine.settings_in_lanes import shared_words
from simulator.planning import Policy
from simulator.planning.rules import Rule
from simulator.results.kpis import measures_named
from simulator.studies.evaluate import evaluate, scores
from simulator.studies.luck import luck_key

SHORT = {"experiment.months": 4, "experiment.warm_up": 1}
SCENARIOS = {name: load(name, SHORT) for name in ("giftware", "switchgear")}
RIGHTS = {
    "forecast": "forecast", "demand plan": "demand_plan", "safety stock": "safety_stock", "supply plan": "supply_plan",
    "allocation": "allocation", "capacity check": "capacity", "shortage": "shortage",
}  # fmt: skip
ITEMS = list(SCENARIOS["giftware"].company.items)


def wide_settings(rule):
    """The settings of a rule that may differ by lane."""
    return [
        name
        for name, field in rule.model_fields.items()
        if isinstance(field.json_schema_extra, dict) and field.json_schema_extra.get("by_lane")
    ]


def cases():
    """Every setting of every rule that may differ by lane, with the entry of a policy where it is put."""
    for right in Rule.__subclasses__():
        for name, rule in vars(right).get("known", {}).items():
            homes = [RIGHTS[right.kind]] if right.kind in RIGHTS else []
            if right.kind == "replenishment":
                homes = ["components"] if name == "mrp" else ["products"]
            for setting in wide_settings(rule):
                for home in homes:
                    yield pytest.param(home, name, setting, id=f"{home}-{name}-{setting}")
    for setting in wide_settings(Policy):
        yield pytest.param("", "", setting, id=setting)


def values_of(rule, setting):
    """Three values that are allowed."""
    field = rule.model_fields[setting]
    if get_origin(members(field.annotation)[0]) is dict:
        low = 2_000.0 if setting == "maximum" else 150.0
        return [dict.fromkeys(ITEMS, low * k) for k in (1.0, 2.0, 3.0)]
    ends = {name: getattr(bound, name) for bound in field.metadata for name in BOUNDS if hasattr(bound, name)}
    low = ends.get("ge", ends.get("gt", 0.0))
    high = min(ends.get("le", ends.get("lt", 1.0)), low + 5.0)
    return [low + share * (high - low) for share in (0.15, 0.5, 0.85)]


def rule_of(home, name):
    """The rule of this name of the decision right that the entry of a policy gives."""
    kind = {entry: right for right, entry in RIGHTS.items()}.get(home, "replenishment")
    return next(vars(right)["known"][name] for right in Rule.__subclasses__() if right.kind == kind)


BOUNDS = ("ge", "gt", "le", "lt")
PARTNERS = {"minimum": {"maximum": dict.fromkeys(ITEMS, 5_000.0)}, "maximum": {"minimum": dict.fromkeys(ITEMS, 900.0)}}


@pytest.mark.parametrize(("home", "name", "setting"), [*cases()])
def test_every_setting_that_may_differ_by_lane_does(home, name, setting):
    """Side by side the first and the last find what they find alone."""
    values = values_of(rule_of(home, name) if home else Policy, setting)
    rule = {"rule": name, **PARTNERS.get(setting, {})}
    settings = [{f"policy.{home}": {**rule, setting: v}} if home else {f"policy.{setting}": v} for v in values]
    scenario = SCENARIOS["giftware"]
    base = scenario.policy("chase" if home in ("products", "components") else "sop-smoothed")
    base = base.model_copy(update={"slip_days": 20})
    assert len({shared_words(changed_policy(base, each, "test")) for each in settings}) == 1
    measures = [measure.name for measure in measures_named(["all"])]
    together = evaluate(scenario, base, settings, [0, 3], 1, measures)
    for k in (0, -1):
        np.testing.assert_array_equal(together[k], evaluate(scenario, base, [settings[k]], [0, 3], 1, measures)[0])


def test_settings_that_may_differ_share_a_run(monkeypatch):
    """Ten safety factors are one run of the engine; two rules are two."""
    from simulator.studies import evaluate as module

    runs = []
    monkeypatch.setattr(module, "play", lambda *a: runs.append(a[2].signed.shape[-1]) or play(*a))
    scenario = SCENARIOS["giftware"]
    policy = scenario.policy("chase")
    evaluate(scenario, policy, [{"policy.safety_stock.z": k / 4} for k in range(10)], [0, 1], 1, ["fill_rate"])
    assert runs == [20]
    scores(scenario, [(policy, {}), (scenario.policy("level"), {})], [0, 1], 1, ["fill_rate"])
    assert runs == [20, 2, 2]


@pytest.mark.parametrize(
    ("name", "entry", "value"),
    [
        ("giftware", "components.fabric.buy.lead_time", {"law": "constant", "mean": 9.0}),
        ("giftware", "experiment.months", 5),
        ("giftware", "calendar.working_days", ["mon"]),
        ("switchgear", "segments.utilities.rank", 9),
        ("switchgear", "demand.projects", []),
    ],
)
def test_what_is_drawn_otherwise_shares_no_luck(name, entry, value):
    """Lead times, calendar, customers, demand."""
    scenario = SCENARIOS[name]
    if entry.startswith("segments"):
        entry = f"segments.{next(iter(scenario.company.segments))}.rank"
    assert luck_key(changed_scenario(scenario, {entry: value})) != luck_key(scenario)
