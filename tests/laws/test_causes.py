"""Lost service by cause: the causes of what was not served and not made add up to it, and none is below nothing."""

import numpy as np
import pytest

from simulator.engine.scenario import load
from simulator.results.kpis import values
from simulator.results.reading import Reading
from simulator.results.reading.lost import Cause, Lost
from simulator.results.run import simulate
from tests.laws.tight import EVERY, books

SHARES = [f"lost_to_{cause}" for cause in Cause]


@pytest.fixture(scope="module", params=["giftware-everything", "switchgear-capacity-cut"])
def large(request):
    """Two years of a company in which all goes wrong, and of one whose supplier is cut."""
    return next(simulate(load(request.param, {"experiment.months": 25}), "sop", 2).books())


def adds_up(found):
    """Hold every month's causes against what was not served and not made; how much there was of each."""
    lost = Lost(Reading(found), 0, found.scenario.days.months)
    read, sums = lost.read, np.zeros(2)
    for month in lost.months:
        served, made = lost.not_served(month), lost.not_made(month)
        assert served.min() >= 0
        assert made.min() >= 0
        short = read.short(*read.span_of(month)).sum(axis=0)
        planned = read.planned(read.plans.production, month)
        below = np.maximum(planned - read.by_family(read.started(*read.span_of(month))), 0)
        np.testing.assert_allclose(served.sum(axis=0), short, rtol=1e-9, atol=1e-6)
        np.testing.assert_allclose(made.sum(axis=0), below, rtol=1e-9, atol=1e-6)
        sums += short.sum(), below.sum()
    return sums


@pytest.mark.parametrize(("policy", "units"), EVERY)
def test_causes_add_up(policy, units):
    """In the tight company, under every policy."""
    assert adds_up(books(policy, units))[0] > 0


def test_causes_add_up_where_much_goes_wrong(large):
    """In large companies, with something lost and something not made."""
    assert adds_up(large).min() > 0


def test_shares_and_the_fill_rate_are_one(large):
    """The measures of all causes and the fill rate add up to 1, in all and by family."""
    for by in ("total", "family", "product"):
        found = values(large, ["fill_rate", *SHARES], by)[1]
        groups = len(found) // (1 + len(SHARES))
        total = found.reshape(-1, groups, found.shape[-1]).sum(axis=0)
        np.testing.assert_allclose(total[np.isfinite(total)], 1.0, atol=1e-9)


def test_units_wait_only_where_they_were_released(large):
    """No more waits for a week than ever waited, and what waits has an input that holds it."""
    lost = Lost(Reading(large), 0, large.scenario.days.months)
    assert lost.queue.units.min() >= 0
    assert lost.queue.held_by.max() < lost.inputs
    days = np.arange(60, 90)
    for row in range(len(large.scenario.network.made)):
        last = lost.queue.units[np.maximum(lost.queue.evenings(days), 0), row]
        assert (lost.queue.for_a_week(days, row) <= last).all()
