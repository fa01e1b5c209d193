"""What the scenarios of suppliers announce is there, with an interval."""

import numpy as np
import pytest

from simulator.engine.scenario import load
from simulator.results.kpis import values
from simulator.results.run import simulate

pytestmark = pytest.mark.slow


def figure(scenario, policy, name, replications, family=None):
    """One measure, a value a replication."""
    run = simulate(scenario, policy, replications)
    parts = []
    for books in run.books():
        rows, found = values(books, [name], "family" if family else "total")
        parts.append(next(x for (_, group), x in zip(rows, found, strict=True) if group == (family or "total")))
    return np.concatenate(parts)


def interval(difference):
    """Mean and half of its 95 % interval."""
    return difference.mean(), 2.05 * difference.std(ddof=1) / np.sqrt(len(difference))


def test_a_shut_works_costs_service_unless_one_is_warned():
    """Hot-water bottles are short by several points without a word, and not with five weeks of warning."""
    base, shut = load("giftware"), load("giftware-supplier-loss")
    warned = load("giftware-supplier-loss", {"disruptions.0.warning": 35})
    fill = [figure(s, "sop", "fill_rate", 30, "warmth") for s in (base, shut, warned)]
    lost, half = interval(fill[1] - fill[0])
    assert lost + half < -0.03
    lost, half = interval(fill[2] - fill[0])
    assert abs(lost) < 0.02 + half
    kept, half = interval(fill[2] - fill[1])
    assert kept - half > 0.03


def test_a_closed_lane_costs_service_and_air_freight_gets_it_back():
    """Six weeks without ships lose a point of service; a few per cent by air mend it."""
    base, closed = load("giftware"), load("giftware-lane-closed")
    fill = [
        figure(s, s.policy(p), "fill_rate", 40) for s, p in ((base, "sop"), (closed, "sop"), (closed, "sop-express"))
    ]
    lost, half = interval(fill[1] - fill[0])
    assert lost + half < 0
    back, half = interval(fill[2] - fill[1])
    assert back - half > 0
    by_air = figure(closed, closed.policy("sop-express"), "expedited_share", 10)
    assert 0.005 < by_air.mean() < 0.05


def test_the_cheapest_maker_is_the_dearest_in_service():
    """Cheapest pays least and serves worst; split and by-record pay more, and serve better."""
    scenario = load("switchgear-two-sources")
    found = {
        (policy, name): figure(scenario, policy, name, 20)
        for policy in ("cheapest", "split", "by-record")
        for name in ("fill_rate", "purchase_price", "supplier_on_time", "reject_rate")
    }
    for other in ("split", "by-record"):
        for name, way in (("fill_rate", 1), ("purchase_price", 1), ("supplier_on_time", 1), ("reject_rate", -1)):
            gain, half = interval(way * (found[other, name] - found["cheapest", name]))
            assert gain - half > 0, (other, name)


@pytest.mark.parametrize("policy", ["siloed", "sop"])
def test_a_test_bay_less_costs_service(policy):
    """Two of six bays down before the mountain are felt under every policy."""
    fill = [figure(load(name), policy, "fill_rate", 20) for name in ("switchgear", "switchgear-capacity-cut")]
    lost, half = interval(fill[1] - fill[0])
    assert lost + half < 0
