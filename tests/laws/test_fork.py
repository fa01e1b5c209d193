"""Forks: the past is that of the run to the last bit, nothing known is drawn again, and what comes follows its law."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from simulator.engine.forking import day_of_step, fork_of
from simulator.engine.play import weather_for
from simulator.engine.scenario import load
from simulator.kernel.units import ScenarioError
from simulator.results.run import simulate
from tests.laws.tight import PATH

COMPANIES = ("tight", "supply", "quality", "staffed", "market")
PLANS = ("forecast", "demand", "production", "overtime", "safety_stock")
MONTHS, MONTH, LANES = 8, 5, 3


@cache
def scenario(name, months=MONTHS):
    """A company of the laws, or one that comes with the product, for some months."""
    name, _, day = name.partition(" from the ")
    found = load(PATH.with_name(f"{name}.toml") if name in COMPANIES else name)
    if day:
        start = found.company.calendar.start.replace(day=int(day))
        found = load(PATH.with_name(f"{name}.toml"), {"calendar.start": start})
    return replace(found, experiment=found.experiment.model_copy(update={"months": months, "warm_up": 0}))


@cache
def run(name, policy):
    """A run of a few replications; shared, so nobody may write into it."""
    return simulate(scenario(name), policy, [0, 4])


def tables(found):
    """All that is written down day by day."""
    books = next(found.books())
    return {**books.flows, **books.closing, **books.memos}, books.plans


@pytest.mark.parametrize(
    ("name", "policy"),
    [
        *((name, policy) for name in COMPANIES for policy in ("siloed", "sop")),
        ("tight", "order-up-to"),
        ("quality", "order-up-to"),
        ("tight from the 17", "sop"),
    ],
)
def test_a_fork_in_which_nothing_changes_is_the_run(name, policy):
    """Luck that is not drawn again makes every lane the replication that is forked, bit for bit."""
    mine, _ = tables(run(name, policy))
    theirs, _ = tables(run(name, policy).fork(MONTH, LANES, replication=4, redrawn=False))
    for book, table in mine.items():
        for lane in range(LANES):
            np.testing.assert_array_equal(table[..., 1], theirs[book][..., lane], err_msg=book)


@pytest.mark.parametrize("policy", ["siloed", "sop"])
@pytest.mark.parametrize("name", [*COMPANIES, "switchgear", "giftware-everything", "tight from the 17"])
def test_nothing_that_is_known_changes(name, policy):
    """Before the fork all books are those of the run; the plans that are decided that morning are too, in every lane."""
    found = run(name, policy).fork(MONTH, LANES, replication=4)
    (mine, plans), (theirs, then) = tables(run(name, policy)), tables(found)
    day = found.fork_of.day
    for book, table in mine.items():
        np.testing.assert_array_equal(np.repeat(table[:day, ..., 1:], LANES, -1), theirs[book][:day], err_msg=book)
    for plan in PLANS:
        own = np.repeat(getattr(plans, plan)[:MONTH, ..., 1:], LANES, -1)
        np.testing.assert_array_equal(own, getattr(then, plan)[:MONTH], err_msg=plan)
    due = theirs["due"][found.fork_of.orders :]
    assert (due[..., 0] != due[..., 1]).any()
    assert (due[..., 0] != mine["due"][found.fork_of.orders :, ..., 1]).any()


@pytest.mark.parametrize("name", ["supply", "switchgear"])
def test_a_lane_is_the_same_alone_and_in_company(name):
    """How many lanes a fork has changes none of them, nor does a nearer end."""
    together, alone = (run(name, "sop").fork(MONTH, lanes).daily("on_hand") for lanes in (LANES, 1))
    np.testing.assert_array_equal(together[:1], alone)
    short = run(name, "sop").fork(MONTH, LANES, ahead=2).daily("on_hand")
    np.testing.assert_array_equal(together[:, : short.shape[1]], short)


def test_other_futures_have_another_seed():
    """A seed of one's own draws other futures after the same past."""
    one, other = (run("tight", "chase").fork(MONTH, LANES, seed=seed).daily("due") for seed in (None, 8))
    day = day_of_step(scenario("tight"), scenario("tight").policy("chase"), MONTH - 1)
    np.testing.assert_array_equal(one[:, :day], other[:, :day])
    assert (one[:, day:] != other[:, day:]).any()


def came(luck, day):
    """Sums of all that luck brings after a day, by lane: {what: (lanes,)}."""
    lanes, found = len(luck.replications), {}
    for name in ("signed", "delivery", "yields", "rejects", "uptime", "return_days"):
        table = getattr(luck, name)
        if table is not None:
            ahead = table[day:].astype(float)
            found |= {
                f"{name} {k}": ahead[:, k].reshape(len(ahead), -1, lanes).sum(axis=(0, 1))
                for k in range(table.shape[1])
            }
    if luck.outages:
        found |= {f"out {k}": luck.outages.share[day:, k].sum(axis=0) for k in range(luck.outages.share.shape[1])}
    for name in ("signings", "frames", "projects", "decisions"):
        events = getattr(luck, name)
        later = events.day >= day
        found[f"{name}, how many"] = np.bincount(events.lane[later], minlength=lanes).astype(float)
        for power in (1.0, 2.0):
            weight = np.abs(events.quantity[later]) ** power * events.weight[later]
            found[f"{name} ** {power}"] = np.bincount(events.lane[later], weight, minlength=lanes)
        found[f"{name}, when"] = np.bincount(events.lane[later], events.day[later] - day, minlength=lanes)
        found[f"{name}, due"] = np.bincount(
            events.lane[later], events.month[later] * events.quantity[later], minlength=lanes
        )
    return found


MANY = 60
BEYOND = 4.5
"""Standard errors beyond which lie seven in a million means of the same law."""


LATER = [pytest.param(name, 0, marks=pytest.mark.slow) for name in ("supply", "quality", "staffed", "switchgear")]


@pytest.mark.parametrize(("name", "days"), [("supply", 6), ("staffed", 6), ("switchgear", 6), *LATER])
def test_what_comes_after_many_forks_follows_the_law_of_runs(name, days):
    """Each of many replications is forked once: what comes is on average, and spreads, as in replications of their own."""
    company = scenario(name)
    day = int(company.days.month_start[MONTH - 1]) + days
    fresh = came(weather_for(company, 1, range(MANY, 3 * MANY)), day)
    forks = [came(weather_for(company, fork_of(company, r, 1, day), [0, 1]), day) for r in range(MANY)]
    for what, mine in fresh.items():
        theirs = np.array([fork[what][0] for fork in forks])
        for one, other in ((mine, theirs), (np.square(mine - mine.mean()), np.square(theirs - mine.mean()))):
            error = np.sqrt(one.var() / len(one) + other.var() / len(other))
            assert abs(one.mean() - other.mean()) <= BEYOND * error + 1e-9, what


@pytest.mark.parametrize("name", ["supply", "staffed"])
def test_what_runs_on_in_a_fork_is_known(name):
    """Whoever is out or in repair on the morning of a fork is so in every lane."""
    company = scenario(name)
    day, seen = int(company.days.month_start[MONTH - 1]) + 3, 0
    for replication in range(25):
        run_of, fork = (
            weather_for(company, luck, [replication, 1]) for luck in (1, fork_of(company, replication, 1, day))
        )
        if name == "supply":
            out, there = run_of.outages, fork.outages
            for table in ("share", "told_from", "told_until"):
                mine, theirs = getattr(out, table)[day, :, :1], getattr(there, table)[day]
                assert (mine == theirs).all(), table
            seen += (out.share[day, :, 0] > 0).any() and (there.delay[day] != out.delay[day, :, :1]).any()
        else:
            np.testing.assert_array_equal(run_of.uptime[:day, :, :1] + np.zeros(2), fork.uptime[:day])
            seen += (fork.uptime[day:] != run_of.uptime[day:, :, :1]).any()
    assert seen


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"month": 99}, "month is 99; it must be one of 1 to 8"),
        ({"month": MONTH, "ahead": 9}, "a look of 9 months ahead from month 5 is outside the run; it must be 1 to 4"),
        ({"month": MONTH, "lanes": 0}, "replications must be a number of at least 1"),
        ({"month": MONTH, "replication": 7}, "replication is 7; this run holds 0, 4"),
    ],
)
def test_a_fork_that_cannot_be_is_refused_in_a_sentence(asked, said):
    with pytest.raises(ScenarioError, match=said):
        run("tight", "chase").fork(**asked)
