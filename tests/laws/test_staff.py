"""People, machines, set-ups and subcontractors: heads add up, hours are there before they are used, luck is their own."""

from copy import deepcopy
from functools import cache

import numpy as np
import pytest

from simulator.engine.play import play, weather_for
from simulator.engine.scenario import load, preset
from simulator.results.run import simulate
from tests.laws.test_goods import overtime_in_force
from tests.laws.tight import PATH, near

POLICIES = ("siloed", "chase", "level", "sop", "sop-optimised")
LANES = 5
STAFFED = PATH.with_name("staffed.toml")


@cache
def scenario(**changes):
    """The staffed company."""
    return load(STAFFED, {"experiment.replications": LANES} | {k.replace("__", "."): v for k, v in changes.items()})


@cache
def weather():
    """Its luck."""
    return weather_for(scenario(), 5, range(LANES))


@cache
def books(policy):
    """All that one policy did."""
    return play(scenario(), scenario().policy(policy), weather())


def yesterday(table, opening):
    """The level of the evening before."""
    return np.concatenate([np.broadcast_to(opening, table[:1].shape), table[:-1]])


@pytest.mark.parametrize("policy", POLICIES)
def test_people_come_and_go_and_are_counted(policy):
    """People = those of yesterday, who started, less who left: whole people, never below nothing, never more than there may be."""
    b, s = books(policy), scenario().network.staffing
    m = b.memos
    heads = yesterday(m["heads"], s.heads) + m["hired"] - m["dismissed"] - m["resigned"]
    np.testing.assert_array_equal(m["heads"], heads)
    assert (m["heads"] == np.rint(m["heads"])).all()
    assert (m["heads"] >= 0).all()
    assert (m["heads"] <= s.most).all()
    assert (m["resigned"] <= yesterday(m["heads"], s.heads) * s.attrition / 12 + 1).all()


@pytest.mark.parametrize("policy", POLICIES)
def test_paid_hours_are_those_of_the_people(policy):
    """Everybody on the payroll is paid on working days, there or not, new or not."""
    b, s = books(policy), scenario().network.staffing
    working = scenario().days.working[:, None, None]
    np.testing.assert_allclose(b.memos["paid_hours"], working * b.memos["heads"] * s.per_head)
    assert (b.memos["shift_hours"] <= b.memos["paid_hours"] * 2 / 3 + 1e-9).all()


@pytest.mark.parametrize("policy", POLICIES)
def test_hours_there_are_those_of_people_and_machines(policy):
    """The fewer of machines in their shifts and people, new ones as far as they have learnt; of that what fails is not there."""
    b, s, m = books(policy), scenario().network.staffing, books(policy).memos
    slow = sum(
        yesterdays(m["hired"], k) * s.slowness * np.maximum(1 - k / np.maximum(s.ramp_days, 1), 0) * (s.ramp_days > 0)
        for k in range(int(s.ramp_days.max()))
    )
    late = m["shift_hours"] / np.maximum(m["paid_hours"], 1e-9)
    machines = s.shift_hours / (1 - late)
    there = np.minimum(machines, np.maximum(m["heads"] - slow, 0.0) * s.per_head) * s.availability * weather().uptime
    working = scenario().days.working[:, None, None]
    np.testing.assert_allclose(b.memos["hours_there"], there * working, rtol=1e-9, atol=1e-9)


def yesterdays(table, days):
    """What happened so many days ago."""
    return np.concatenate([np.zeros_like(table[:days]), table[: len(table) - days]])


@pytest.mark.parametrize("policy", POLICIES)
def test_hours_used_are_there(policy):
    """Hours used, set-ups among them, are regular hours and authorised overtime that the people who are there can work."""
    b, s = books(policy), scenario().network.staffing
    overtime = np.minimum(overtime_in_force(b), b.memos["hours_there"] * s.overtime)
    assert (b.hours_used <= (b.memos["hours_there"] + overtime) * (1 + 1e-9)).all()
    assert (b.memos["setup_hours"] <= b.hours_used * (1 + 1e-9)).all()
    assert (b.memos["setup_hours"] <= b.memos["setups"] * s.setups.max() + 1e-9).all()


@pytest.mark.parametrize("policy", POLICIES)
def test_hours_used_are_those_of_units_and_set_ups(policy):
    """Since the first day: hours a unit x units worked on, and set-ups; within less than a unit begun of each item."""
    b, n = books(policy), scenario().network
    good = np.cumsum(b.flows["released"] / n.good, axis=0)
    for r, resource in enumerate(n.resources):
        each = np.array([[i.make.hours.get(resource, 0.0) if i.make else 0.0] for i in n.items])
        used = np.cumsum(b.hours_used[:, r] - b.memos["setup_hours"][:, r], axis=0)
        gap = used - (good * each).sum(axis=1)
        assert (gap > -1e-6).all()
        assert (gap < 3 * each.sum()).all()  # a unit begun, and part of a good one


@pytest.mark.parametrize("policy", POLICIES)
def test_what_is_made_outside_comes_after_its_lead_time_and_within_the_limit(policy):
    """On order = started here and ordered outside, less what came; whole units, no more a month than is offered."""
    b, n = books(policy), scenario().network
    f = b.flows
    expected = np.cumsum(f["released"] + f["subcontracted"] - f["received"], axis=0)
    np.testing.assert_allclose(b.closing["on_order"], expected, atol=near("whole") + 1e-9)
    assert (f["subcontracted"] == np.rint(f["subcontracted"])).all()
    monthly = np.add.reduceat(f["subcontracted"][:, n.sold], scenario().days.month_start[:-1], axis=0)
    assert (monthly <= n.outside.most).all()
    for item, lead in (("crank", 13), ("drive", 37)):
        k, own = n.names.index(item), scenario().company.products[item].make.lead_time
        come = yesterdays(f["released"][:, k], own) + yesterdays(f["subcontracted"][:, k], lead)
        np.testing.assert_array_equal(f["received"][:, k], come)


def test_all_of_it_binds_somewhere():
    """Otherwise the laws on it prove nothing."""
    b, s = books("sop-optimised"), scenario().network.staffing
    for name in ("hired", "dismissed", "resigned", "setups", "shift_hours"):
        assert books("chase").memos[name].any(), name
    assert b.flows["subcontracted"].any()
    assert (weather().uptime < 0.5).any()
    people = b.memos["heads"] * s.per_head
    assert (people < s.shifts * s.shift_hours).any()
    assert (people > s.shifts * s.shift_hours).any()
    options = {str(name) for policy in POLICIES for names in books(policy).plans.options.values() for name in names}
    assert {"people hired, overtime until they are there", "overtime, the rest made outside"} <= options


@pytest.mark.parametrize("policy", POLICIES)
def test_a_lane_is_the_same_alone_or_in_company(policy):
    """To the last bit, whoever is hired beside it."""
    short = load(STAFFED, {"experiment.months": 5})
    together, alone = (next(simulate(short, policy, lanes).books()) for lanes in ([3, 0, 4], [0]))
    for one, other in ((together.flows, alone.flows), (together.memos, alone.memos)):
        for name, table in one.items():
            np.testing.assert_array_equal(table[..., 1], other[name][..., 0], err_msg=name)
    np.testing.assert_array_equal(together.plans.outside[..., 1], alone.plans.outside[..., 0])


@pytest.mark.parametrize("policy", POLICIES)
def test_no_policy_sees_tomorrows_failures_or_leavers(policy):
    """Nothing before a day moves when machines and people have other luck from that day on."""
    company = load(STAFFED, {"experiment.months": 5, "experiment.replications": LANES})
    luck, cut = weather_for(company, 5, range(LANES)), int(company.days.month_start[3])
    other = deepcopy(luck)
    other.uptime[cut:] = 0.3
    other.resignations[3:] = 1.0 - other.resignations[3:]
    one, two = (play(company, company.policy(policy), w) for w in (luck, other))
    for name, table in {**one.flows, **one.closing, **one.memos}.items():
        np.testing.assert_array_equal(table[:cut], {**two.flows, **two.closing, **two.memos}[name][:cut], err_msg=name)
    assert (one.hours_used[cut:] != two.hours_used[cut:]).any()


def test_people_and_machines_have_luck_of_their_own():
    """Describing them moves nobody else's luck; a further machine, a longer run and other lanes move nothing drawn before."""
    bare, few = weather_for(load(PATH), 5, range(LANES)), weather_for(scenario(), 5, [3, 0])
    np.testing.assert_array_equal(bare.signed, weather().signed)
    np.testing.assert_array_equal(bare.delivery, weather().delivery)
    assert bare.uptime is None
    assert bare.resignations is None
    np.testing.assert_array_equal(few.uptime, weather().uptime[..., [3, 0]])
    np.testing.assert_array_equal(few.resignations, weather().resignations[..., [3, 0]])
    longer = weather_for(scenario(experiment__months=17), 5, range(LANES))
    np.testing.assert_array_equal(longer.uptime[: len(bare.signed)], weather().uptime)
    failing = {"machines": 1, "time_to_failure": 20.0, "repair": {"law": "constant", "mean": 2.0}}
    both = weather_for(load(STAFFED, {"resources.test.failures": failing}), 5, range(LANES))
    np.testing.assert_array_equal(both.uptime[:, 0], weather().uptime[:, 0])
    assert (both.uptime[:, 1] != both.uptime[:, 0]).any()


@pytest.mark.parametrize("policy", ["siloed", "chase", "sop", "sop-smoothed"])
def test_people_who_change_nothing_leave_every_bit_as_it_was(policy):
    """As many as the machines take, who never leave, are not seen in any book of goods."""
    plain = {f"resources.{r}.people": {"heads": h, "hours": 2.0, "most": h} for r, h in (("line", 12), ("test", 3))}
    rules = preset(policy).model_copy(update={"workforce": preset("siloed").workforce})
    bare, staffed = (
        next(simulate(load(PATH, {"experiment.months": 5, **more}), rules, 3).books()) for more in ({}, plain)
    )
    for name, table in {**bare.flows, **bare.closing, "hours": bare.hours_used}.items():
        np.testing.assert_array_equal(
            table, {**staffed.flows, **staffed.closing, "hours": staffed.hours_used}[name], err_msg=name
        )
    np.testing.assert_array_equal(bare.plans.production, staffed.plans.production)
    assert not bare.memos.keys() & {"heads", "hours_there"}
