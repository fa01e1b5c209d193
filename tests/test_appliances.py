"""The reference company is what its header says: load of the line, contracts, quota of motors, cost of changes, steady to lumpy."""

import numpy as np
import pytest

from simulator.company.demand import Demand
from simulator.company.market import mean_units
from simulator.engine.expected import planned_load
from simulator.engine.scenario import load
from simulator.results.run import simulate


@pytest.fixture(scope="module")
def company():
    """As it is shipped."""
    return load("appliances")


@pytest.fixture(scope="module")
def asked(company):
    """Units a month by product, of all streams and of those that are not signed ahead."""
    demand, segments = company.company.demand, company.network.segments
    everyday = Demand(everyday=demand.everyday)
    return tuple(mean_units(company.company, part, segments).sum(axis=0) for part in (demand, everyday))


def test_three_fifths_of_turnover_is_signed_ahead(company, asked):
    """By value; the rest is bought from week to week, and account managers hear of the larger part of its swings."""
    every, flow = asked
    price = company.network.price[:, 0]
    assert 1 - flow @ price / (every @ price) == pytest.approx(0.6, abs=0.025)
    assert 0.5 < company.company.demand.foreseen < 0.8


def test_six_families_and_two_dozen_products_on_one_line(company):
    """All that is made goes over the line; controls are bought."""
    network, products = company.network, company.company.products
    assert (len(network.families), len(network.products)) == (6, 21)
    made = [product for product in products.values() if product.make]
    assert all("line" in product.make.hours for product in made)
    assert {product.family for product in products.values() if product.buy} == {"controls"}


def test_the_line_is_loaded_to_ninety_per_cent_and_to_120_in_the_autumn(company):
    """It is loaded more than any other resource, on average and in the worst month, which is September."""
    by_resource = dict(zip(company.network.resources, planned_load(company), strict=True))
    line = by_resource.pop("line")
    assert line[-1] == pytest.approx(0.9, abs=0.02)
    assert line[:-1].max() == pytest.approx(1.2, abs=0.03)
    assert set(np.argsort(line[:-1])[-3:] % 12) <= {8, 9}
    assert all(other[-1] < line[-1] - 0.1 and other[:-1].max() < line[:-1].max() for other in by_resource.values())


def test_three_products_compete_for_motors_that_take_ninety_days(company, asked):
    """The quota is more than the average month uses, and less than the autumn does."""
    users = {
        name: p.make.bill["ec-motor"]
        for name, p in company.company.products.items()
        if p.make and "ec-motor" in p.make.bill
    }
    assert len(users) == 3
    buy = company.company.components["ec-motor"].buy
    use = sum(asked[0][company.network.products.index(name)] * each for name, each in users.items())
    assert buy.lead_time.mean == 90
    assert 1.1 < buy.capacity / use < 1.3


def test_a_change_of_the_line_by_one_costs_one_to_two_per_cent_of_its_wages(company):
    """Of a month, one way or the other; both take four weeks."""
    people, days = company.company.resources["line"].people, company.company.calendar.days_a_month
    wages = people.heads * people.hours * people.wage * days
    assert 0.01 < people.hire_cost / wages < 0.02
    assert people.hire_cost == people.dismiss_cost
    assert people.hire_days == people.notice_days == 28


def test_being_late_costs_each_segment_its_own(company):
    """Two per cent a day by contract, three in a thousand at chains, the customer online; all three remember."""
    segments = company.company.segments
    assert [segments[name].late_penalty for name in ("housing", "chains", "online")] == [0.02, 0.003, 0.0]
    assert segments["online"].patience <= 1
    assert all(segment.loyalty for segment in segments.values())


def test_products_are_from_steady_to_lumpy(company):
    """Standard deviation of a month's demand over its mean, over the scored months of four replications."""
    due, start = simulate(company, "chase", 4).daily("due").sum(axis=2), company.days.month_start
    months = np.stack([due[:, start[k] : start[k + 1]].sum(axis=1) for k in range(12, 36)], axis=1)
    spread = dict(
        zip(company.network.products, months.std(axis=1).mean(axis=0) / months.mean(axis=(0, 1)), strict=True)
    )
    assert spread["hood-90"] < 0.35
    assert 0.35 < spread["wh-80"] < 0.7
    assert spread["vent-roof"] > 1.5
