"""Settings side by side in one run give the bits of each alone: in every company that comes with the product, and with every part on."""

from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from simulator.company.files import scenario_names
from simulator.engine.play import weather_for
from simulator.engine.scenario import load
from simulator.engine.settings_in_lanes import shared_words, tiled
from simulator.kernel.units import Record, ScenarioError
from simulator.planning import Policy
from simulator.results.kpis import MAIN, measures_named
from simulator.studies.evaluate import evaluate
from simulator.world.luck import Events
from tests.every_day import some

LAWS = Path(__file__).resolve().parents[1] / "laws"
ALL_ON = ["market", "quality", "supply", "staffed", "tight-money"]
SHORT = {"experiment.months": 4, "experiment.warm_up": 1}
LOYAL = {"expects": 0.9, "sensitivity": 0.8, "fall": 0.7, "rise": 0.1, "most_lost": 0.4}
COMPANIES = [*scenario_names(), "tight", *ALL_ON, "all laws"]
OF_THEIR_KIND = [name for name in COMPANIES if not name.startswith(("giftware-", "switchgear-"))]
EVERY = [measure.name for measure in measures_named(["all"])]


def company(name):
    """A company as short as its dates allow."""
    if name == "all laws":
        return load({"extends": [str(LAWS / part) for part in ALL_ON]})
    where = LAWS / f"{name}.toml" if name in (*ALL_ON, "tight") else name
    for months in (4, 8, 12, 16, 20):
        with suppress(ScenarioError):  # something happens later
            return load(where, {"experiment.months": months, "experiment.warm_up": 1})
    return load(where)


def moved(record, share):
    """A record of the same frame whose numbers that may vary by lane lie elsewhere in their bounds."""
    update = {}
    for name, field in type(record).model_fields.items():
        value, extra = getattr(record, name), field.json_schema_extra
        if isinstance(value, Record):
            update[name] = moved(value, share)
        elif isinstance(extra, dict) and extra.get("by_lane"):
            update[name] = _elsewhere(value, share)
    return record.model_copy(update=update)


def _elsewhere(value, share):
    if isinstance(value, dict):
        return {key: float(np.rint(share * number)) for key, number in value.items()}
    return value if value is None or isinstance(value, int) else share * value


def alone_and_together(scenario, policy, measures):
    """What two settings find in one run, and each by itself."""
    settings = [{"policy": one} for one in (policy, moved(policy, 0.5))]
    entries = [entry_of(each["policy"]) for each in settings]
    assert len({shared_words(each["policy"]) for each in settings}) == 1
    together = evaluate(scenario, policy, entries, [0, 3], 1, measures)
    return together, [evaluate(scenario, policy, [entry], [0, 3], 1, measures)[0] for entry in entries]


def entry_of(policy):
    """The setting that turns any policy into this one."""
    tables = policy.model_dump(mode="json")
    return {f"policy.{name}": value for name, value in tables.items() if name not in ("name", "note")}


def side_by_side(scenario, policy, measures=EVERY):
    """Together each finds what it finds alone, and not all of them the same."""
    together, alone = alone_and_together(scenario, policy, measures)
    for found, mine in zip(together, alone, strict=True):
        np.testing.assert_array_equal(found, mine)
    return together


@pytest.mark.parametrize("name", some(COMPANIES, *OF_THEIR_KIND))
def test_settings_side_by_side_give_the_bits_of_each_alone(name):
    """In every company: under its own policy in a textbook's, under the one with most to set in all others."""
    scenario = company(name)
    policy = scenario.policy(scenario.experiment.policies[0] if "/" in name else "sop-smoothed")
    together = side_by_side(scenario, policy, EVERY if name == "all laws" else MAIN)
    assert not np.array_equal(together[0], together[1], equal_nan=True) or "/" in name


@pytest.mark.parametrize("name", ["switchgear", "switchgear-honest-pipeline", "tight"])
def test_settings_share_no_memory_of_customers_who_sign_deals(name):
    """Each setting has deals of its own: a customer who was lost to one still signs with the other."""
    base = company(name)
    loyal = {f"segments.{segment}.loyalty": LOYAL for segment in base.company.segments}
    scenario = load(LAWS / f"{name}.toml" if name == "tight" else name, {**SHORT, "experiment.months": 8, **loyal})
    together = side_by_side(scenario, scenario.policy("chase"))
    assert (together[:, EVERY.index("customers_lost")] > 0).any()


def test_a_deal_is_a_deal_of_its_own_in_every_repetition():
    """Three copies of two lanes: three times the deals, each with the temper of the one that it repeats."""
    weather = weather_for(company("switchgear"), 1, [0, 3])
    wide, deals = tiled(weather, 2, 3), len(weather.temper)
    assert len(wide.temper) == 3 * deals
    for field, events in vars(wide).items():
        if isinstance(events, Events):
            first = getattr(weather, field)
            np.testing.assert_array_equal(events.deal // deals, events.lane // 2, err_msg=field)
            for k in range(3):
                mine = events.lane // 2 == k
                np.testing.assert_array_equal(events.deal[mine] % deals, first.deal, err_msg=field)
                np.testing.assert_array_equal(events.day[mine], first.day, err_msg=field)
                np.testing.assert_array_equal(wide.temper[events.deal[mine]], weather.temper[first.deal])


def test_a_table_that_is_not_by_lane_is_never_repeated_as_if_it_were():
    """Whoever adds a table by something else must say so; two lanes of a table of fifty things are no lanes."""
    weather = weather_for(company("switchgear"), 1, [0, 3])
    weather.mood = np.zeros((4, 7, 50))
    with pytest.raises(AssertionError, match="mood"):
        tiled(weather, 2, 3)


def test_policies_know_which_settings_vary_by_lane():
    """The law above moves something in the policy that has most to set."""
    policy = company("trading").policy("sop-smoothed")
    assert isinstance(policy, Policy)
    assert moved(policy, 0.5) != policy
