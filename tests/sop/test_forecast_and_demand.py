"""Consensus and the four-part demand plan, worked out by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from simulator.planning.demand_plan import FourPart
from simulator.planning.forecast import Consensus, MovingAverage, Optimistic
from simulator.world.view import Accuracy, Past

DAYS = 20.0


def past_of(rate, record=None):
    """One product whose demand was the same every month, in two lanes."""
    rates = np.full((3, 1, 2), rate)
    season = np.arange(3), np.arange(3, 15) % 12
    return Past(rates, *season, np.full(12, DAYS), record=record or {})


def record(months, forecast, actual, squared):
    """How a stage did, the same in both lanes."""
    return Accuracy(months, *(np.full((1, 2), float(figure)) for figure in (forecast, actual, squared)))


STATISTICAL, SALES = MovingAverage(months=1), Optimistic(months=1, optimism=0.5)
"""Without luck: 200 a month from the one, 300 from the other."""


def test_without_a_record_the_two_count_alike():
    """The mean of 200 and 300."""
    agreed = Consensus(statistical=STATISTICAL, sales=SALES)(past_of(10.0))
    np.testing.assert_allclose(agreed, 250.0)


def test_bias_is_taken_out_and_weights_are_inverse_to_what_error_is_left():
    """Four months known, credited with three perfect ones.

    Statistics: 760 forecast, 800 came; factor (800 + 600) / (760 + 600). Squared errors of 2,000 in all, of which
    the bias of 10 a month explains 400: 500 - 100 = 400 left. Sales: 1,120 forecast; (800 + 600) / (1,120 + 600).
    28,000 in all: 7,000 - 80^2 = 600 left. The floor of 5 % of 200 squared is 100. Weights 1/400 and 1/600.
    """
    known = {"statistical": record(4, 760, 800, 2_000), "sales": record(4, 1_120, 800, 28_000)}
    agreed = Consensus(statistical=STATISTICAL, sales=SALES, memory=3.0)(past_of(10.0, known))
    statistical, sales = 200 * 1_400 / 1_360, 300 * 1_400 / 1_720
    np.testing.assert_allclose(agreed, (statistical / 400 + sales / 600) / (1 / 400 + 1 / 600))


def test_a_perfect_record_is_trusted_but_not_beyond_five_per_cent():
    """No error at all weighs like one of 5 % of demand: 1/100 against 1/600."""
    known = {"statistical": record(4, 800, 800, 0), "sales": record(4, 1_120, 800, 28_000)}
    agreed = Consensus(statistical=STATISTICAL, sales=SALES, memory=3.0)(past_of(10.0, known))
    np.testing.assert_allclose(agreed, (200 / 100 + 300 * 1_400 / 1_720 / 600) / (1 / 100 + 1 / 600))


@pytest.mark.parametrize(("forecast", "factor"), [(8_000, 0.5), (100, 2.0)])
def test_bias_is_corrected_by_a_factor_of_two_at_most(forecast, factor):
    """A record that is absurd does not turn the forecast into another absurdity."""
    known = {name: record(4, forecast, 800, 28_000_000) for name in ("statistical", "sales")}
    agreed = Consensus(statistical=STATISTICAL, sales=SALES, memory=0.01)(past_of(10.0, known))
    np.testing.assert_allclose(agreed, factor * 250.0)


def desk_of(signed=0.0, frames=0.0, projects=0.0, forecast=0.0, share=0.0, shipped_to_signed=1.0, signings=10.0):
    """A desk with the same figures in every month."""

    def monthly(figure):
        return np.full((12, 1, 2), float(figure))

    return SimpleNamespace(
        signed_ahead=monthly(signed),
        frames_expected=monthly(frames),
        weighted_projects_ahead=monthly(projects),
        forecast=monthly(forecast),
        visible_share=monthly(share),
        shipped_to_signed=np.full((1, 2), shipped_to_signed),
        signings_past=lambda: past_of(signings),
        note={},
    )


def test_the_four_parts_count_nothing_twice():
    """A contract of 20, a call-off of 10, a deal of 20 at even odds; 40 % of the 100 are usually in sight: 100, not 140."""
    desk = desk_of(signed=20, frames=10, projects=0.5 * 20, forecast=100, share=0.4)
    plan = FourPart(months=4)(desk)
    np.testing.assert_allclose(plan[:4], 100.0)
    parts = ("small contracts", "large contracts", "imminent projects", "not yet signed")
    assert [float(desk.note[part][0, 0, 0]) for part in parts] == [20, 10, 10, 60]
    np.testing.assert_allclose(desk.note["counted twice by a naive sum"], 40.0)
    np.testing.assert_allclose(sum(desk.note[part] for part in parts)[:4], plan[:4])


@pytest.mark.parametrize(
    ("in_sight", "share", "planned"),
    [
        (60, 0.4, 120),  # more in sight than usual: more is coming
        (10, 0.4, 70),  # less in sight than usual: less is coming
        (40, 0.0, 100),  # no experience yet: what is in sight is part of the forecast
        (130, 0.0, 130),  # and if it is more than that, it is what comes
        (0, 1.0, 0),  # everything is signed this long before, and nothing is
    ],
)
def test_what_is_in_sight_is_held_against_what_usually_is(in_sight, share, planned):
    """A forecast of 100, of which the usual share is in sight."""
    plan = FourPart()(desk_of(signed=in_sight, forecast=100, share=share))
    np.testing.assert_allclose(plan[:4], planned)


def test_beyond_the_months_that_are_summed_the_sales_plan_is_shipped_as_ever():
    """Ten a day are signed, 90 % of it falls due: 180 in a month of twenty days, taken to the level that was agreed for now.

    That level moves it by a factor of two at most; what is signed already stays in the plan.
    """
    agreed, far_off = (FourPart(months=3)(desk_of(forecast=level, shipped_to_signed=0.9)) for level in (150, 50))
    np.testing.assert_allclose(agreed, 150)
    np.testing.assert_allclose(far_off[:3], 50)
    np.testing.assert_allclose(far_off[3:], 90)
    np.testing.assert_allclose(FourPart(months=3)(desk_of(signed=300, shipped_to_signed=0.9))[3:], 300)
