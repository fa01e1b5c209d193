"""Luck: drawn before the clock starts, the same for every policy; different things have different luck."""

from copy import deepcopy

import numpy as np
import pytest

from simulator.engine.play import weather_for
from simulator.engine.scenario import load
from simulator.world.luck import Stream
from tests.laws.tight import PATH, POLICIES, played, scenario, weather

TABLES = ("signed", "delivery", "past", "mood", "slip")
EVENTS = ("signings", "frames", "projects")


def luck(company, replications=range(11)):
    """The weather of some replications."""
    return weather_for(company, company.experiment.seed, list(replications))


def listed(events, network):
    """Events as sorted rows (day, lane, segment, product, due, quantity, weight), with names in place of positions."""
    segments, products = [network.segments[s] for s in events.segment], [network.products[p] for p in events.product]
    return sorted(
        zip(events.day, events.lane, segments, products, events.due, events.quantity, events.weight, strict=True)
    )


def test_no_policy_changes_the_weather():
    """Every policy meets the same demand, and leaves the tables as they were."""
    company = scenario(experiment__months=5)
    mine = luck(company, range(3))
    kept = deepcopy(mine)
    due = [played(company.policy(policy), mine, company).flows["due"] for policy in POLICIES]
    for other in due[1:]:
        np.testing.assert_array_equal(due[0], other)
    for name in TABLES:
        np.testing.assert_array_equal(getattr(mine, name), getattr(kept, name))
    for name in EVENTS:
        assert listed(getattr(mine, name), company.network) == listed(getattr(kept, name), company.network)


def compared(one, other, company, changed):
    """Assert that all that both companies have meets the same luck, by name."""
    a, b = company.network, changed.network
    segments, products = [b.segments.index(s) for s in a.segments], [b.products.index(p) for p in a.products]
    sources = [b.sources.streams.index(name) for name in a.sources.streams]
    np.testing.assert_array_equal(one.signed, other.signed[:, segments][:, :, products])
    np.testing.assert_array_equal(one.delivery, other.delivery[:, sources])
    np.testing.assert_array_equal(one.past, other.past[:, products])
    np.testing.assert_array_equal(one.mood, other.mood[:, products])
    np.testing.assert_array_equal(one.slip, other.slip)
    for name in EVENTS:
        theirs = set(listed(getattr(other, name), b))
        assert theirs >= set(listed(getattr(one, name), a)), name
        assert getattr(one, name).day.size


def changed(entry, value):
    """The company with one more thing."""
    return load(PATH, {entry: value})


STREAM = {"segment": "key", "daily": {"law": "poisson", "mean": 3.0}}
MORE = {
    "a product": (
        "products.aardvark",
        {"family": "light", "buy": {"supplier": "near", "lead_time": {"law": "poisson", "mean": 4.0}}},
    ),
    "a component": (
        "components.aglet",
        {"buy": {"supplier": "near", "lead_time": {"law": "gamma", "mean": 9.0, "sd": 3.0}}},
    ),
    "a source": (
        "components.wire.buy",
        {
            "supplier": "near",
            "lead_time": {"law": "poisson", "mean": 6.0},
            "share": 0.5,
            "others": [{"supplier": "brokers", "lead_time": {"law": "poisson", "mean": 5.0}, "share": 0.5}],
        },
    ),
    "a segment": ("segments.agents", {"rank": 1}),
    "a resource": ("resources.annealing", {"hours": 3.0}),
}


@pytest.mark.parametrize("what", MORE)
def test_another_thing_moves_nobody_elses_luck(what):
    """Adding a product, a component, a source, a segment or a resource leaves the luck of all others."""
    other = changed(*MORE[what])
    compared(luck(scenario()), luck(other), scenario(), other)


def test_another_stream_moves_nobody_elses_luck():
    """A stream more, in front of the others, changes the demand for its own product and segment only."""
    words = scenario().company.demand.model_dump(mode="json")
    words["everyday"].insert(0, {**STREAM, "product": "flange"})
    words["contracts"].insert(0, {**words["contracts"][0], "product": "grip"})
    other = load(PATH, {f"demand.{streams}": words[streams] for streams in ("everyday", "contracts")})
    one, two = luck(scenario()), luck(other)
    touched = np.zeros((3, 7), dtype=bool)
    touched[0, scenario().network.products.index("flange")] = True
    assert (one.signed[:, touched] != two.signed[:, touched]).any()
    np.testing.assert_array_equal(one.signed[:, ~touched], two.signed[:, ~touched])
    assert set(listed(one.signings, scenario().network)) < set(listed(two.signings, other.network))


def test_another_replication_moves_nobody_elses_luck():
    """The luck of a replication depends on its number, not on which others are drawn."""
    one, other = luck(scenario(), [2, 5]), luck(scenario(), [9, 5, 400, 2])
    for name in TABLES:
        np.testing.assert_array_equal(getattr(one, name)[..., [0, 1]], getattr(other, name)[..., [3, 1]])
    for name in EVENTS:
        mine, theirs = getattr(one, name), getattr(other, name)
        for lane, there in ((0, 3), (1, 1)):
            np.testing.assert_array_equal(mine.quantity[mine.lane == lane], theirs.quantity[theirs.lane == there])
            np.testing.assert_array_equal(mine.day[mine.lane == lane], theirs.day[theirs.lane == there])


@pytest.mark.parametrize("policy", POLICIES)
def test_a_longer_horizon_leaves_earlier_days_unchanged(policy):
    """Running on for two months changes nothing of the months before."""
    short, long = (scenario(experiment__months=months) for months in (3, 5))
    one, other = (played(scenario().policy(policy), luck(company, range(5)), company) for company in (short, long))
    for name, table in {**one.flows, **one.closing}.items():
        longer = {**other.flows, **other.closing}[name]
        np.testing.assert_array_equal(table, longer[: len(table)], err_msg=name)
    for name in ("forecast", "demand", "production", "overtime", "safety_stock"):
        np.testing.assert_array_equal(getattr(one.plans, name), getattr(other.plans, name)[:3], err_msg=name)


def test_a_longer_horizon_leaves_earlier_weather_unchanged():
    """Tables of a longer run begin with those of the shorter one."""
    one, other = (weather(months=months) for months in (7, 13))
    for name in ("signed", "delivery", "mood", "slip"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name)[: len(getattr(one, name))], err_msg=name)
    np.testing.assert_array_equal(one.past, other.past)
    for name in EVENTS:
        later = [r for r in listed(getattr(other, name), scenario().network) if r[0] < len(one.signed)]
        assert listed(getattr(one, name), scenario().network) == later


def correlation(a, b):
    """The correlation of two rows of numbers."""
    return abs(np.corrcoef(a.ravel(), b.ravel())[0, 1])


def drawn(seed=1, source="demand", name="key/axle", replication=0, count=20_000):
    """Uniform numbers of one stream."""
    return Stream(seed, source, name).fill(replication, np.empty(count))


MANY = 4.5 / np.sqrt(20_000)
"""Beyond this correlation lie seven in a million pairs of independent rows."""


@pytest.mark.parametrize(
    "other",
    [
        {"seed": 2},
        {"source": "size"},
        {"name": "key/bracket"},
        {"name": "kez/axle"},
        *({"replication": 2**k} for k in range(21)),
    ],
    ids=str,
)
def test_different_things_have_different_luck(other):
    """Another seed, source, name or replication draws numbers that know nothing of these."""
    assert correlation(drawn(), drawn(**other)) < MANY
    assert correlation(drawn()[1:], drawn(**other)[:-1]) < MANY


def test_a_stream_is_uniform():
    """Numbers of many replications lie evenly between 0 and 1, each digit as often as another."""
    numbers = np.concatenate([drawn(replication=r, count=1_000) for r in range(200)])
    counts = np.histogram(numbers, bins=100, range=(0, 1))[0]
    chi_square = ((counts - 2_000) ** 2 / 2_000).sum()
    assert 60 < chi_square < 150


def test_products_and_replications_have_different_demand():
    """Days of the weather are not copied from one product or lane to another."""
    signed = weather().signed
    worked = scenario().days.working
    rows = [
        signed[worked, s, p]
        for s in range(3)
        for p in range(7)
        if signed[:, s, p].std() > 0 and signed[worked, s, p].std() > 0.1
    ]
    limit = 5 / np.sqrt(rows[0].size)
    alike = [correlation(a, b) for k, a in enumerate(rows) for b in rows[:k]]
    assert len(alike) > 70
    assert np.median(alike) < limit
    lanes = [correlation(rows[0][:, a], rows[0][:, b]) for a in range(11) for b in range(a)]
    assert max(lanes) < 0.3
    assert np.mean(lanes) < 0.15


def test_lead_times_have_their_law():
    """Drawn lead times have mean and spread of their law, in whole days of at least one."""
    network, delivery = scenario().network, luck(scenario(), range(150)).delivery
    for bought, k in enumerate(network.bought):
        law, drawn_days = network.items[k].buy.lead_time, delivery[:, bought].astype(float)
        error = 4.5 * max(law.sd, 0.01) / np.sqrt(drawn_days.size)
        assert drawn_days.min() >= 1
        assert abs(drawn_days.mean() - law.mean) < error + 0.05, network.names[k]
        assert abs(drawn_days.std() - law.sd) < 0.05 * law.sd + 0.15, network.names[k]
