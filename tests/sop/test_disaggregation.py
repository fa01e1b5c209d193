"""From family to product, part and hour: nothing is lost or added on the way."""

import numpy as np
import pytest

from simulator.planning.capacity import hours_per_unit, load_of, mix_of
from tests.sop.workshop import bought, cups, played, policy, stream, two_families

SLACK = {name: {"hours": 60.0, "overtime": 0.1} for name in ("saw", "paint")}
PLENTY = {"wood": 40_000.0, "screw": 90_000.0, "frame": 9_000.0}


def slack_company():
    """Two families with hours and parts enough, so that the floor makes what the plan says."""
    company = two_families(resources=SLACK)
    parts = {
        name: item.model_dump(mode="json", exclude_unset=True) | {"opening_stock": PLENTY[name]}
        for name, item in company.company.components.items()
    }
    return two_families(resources=SLACK, components=parts)


@pytest.fixture(scope="module")
def books():
    """A plan that is made as it is planned."""
    return played(slack_company(), policy(supply_plan="level", meeting_days=(1, 1, 1, 1, 1)))


def by_month(books, daily):
    """Sums of each month."""
    return np.add.reduceat(daily, books.scenario.days.month_start[:-1], axis=0)


def test_products_add_up_to_the_plan_of_their_family(books):
    """Month by month, lane by lane: good units started are the family's plan in force."""
    n = books.scenario.network
    made = n.by_family(by_month(books, books.flows["released"])[:, n.sold])
    np.testing.assert_allclose(made, books.plans.force_production[: len(made)], rtol=1e-9)
    assert (made > 0).all()


@pytest.mark.parametrize("rule", ["chase", "level", "peak-shaving", "linear-decision-rule", "cost-optimal"])
def test_products_add_up_under_every_strategy(rule):
    """The same, with a plan that changes in the middle of the month."""
    found = played(slack_company(), policy(supply_plan=rule, meeting_days=(1, 2, 3, 5, 6), decision_delay=1))
    n, plan = found.scenario.network, found.plans.force_production
    made = n.by_family(by_month(found, found.flows["released"])[:, n.sold])
    # Until the decision takes effect the floor follows the old plan, and may have made more than the new one asks.
    short = plan[: len(made)] - made
    assert (short < 1e-6).all()
    assert (np.abs(short) < 1e-6).mean() > 0.8


def test_parts_used_are_those_of_the_bills(books):
    """Day by day: units started times what one takes."""
    n, company = books.scenario.network, books.scenario.company
    started = books.flows["released"] / n.good
    for part in company.components:
        used = sum(
            started[:, n.names.index(name)] * item.make.bill.get(part, 0.0)
            for name, item in company.items.items()
            if item.make
        )
        np.testing.assert_allclose(books.flows["consumed"][:, n.names.index(part)], used, rtol=1e-9, atol=1e-9)


def test_hours_used_are_those_of_the_bills(books):
    """Day by day: units started times the hours that one takes."""
    n, company = books.scenario.network, books.scenario.company
    started = books.flows["released"] / n.good
    for r, resource in enumerate(n.resources):
        used = sum(
            started[:, n.names.index(name)] * item.make.hours.get(resource, 0.0)
            for name, item in company.items.items()
            if item.make
        )
        np.testing.assert_allclose(books.hours_used[:, r], used, rtol=1e-9, atol=1e-9)


def test_hours_of_a_family_plan_are_those_of_its_products_and_all_that_goes_into_them(books):
    """Bills exploded by hand, level by level, over the yield of each level."""
    company, n, plans = books.scenario.company, books.scenario.network, books.plans
    desk = type("Desk", (), {"network": n, "demand_plan": plans.demand[2]})()
    mix = mix_of(desk)
    load = load_of(plans.production[2], hours_per_unit(n, mix))

    def hours(name, resource):
        make = company.items[name].make
        if make is None:
            return 0.0
        below = sum(use * hours(part, resource) for part, use in make.bill.items())
        return (make.hours.get(resource, 0.0) + below) / make.good

    for r, resource in enumerate(n.resources):
        by_product = plans.production[2][:, n.family_of] * mix
        each = np.array([hours(name, resource) for name in n.products])[:, None]
        np.testing.assert_allclose(load[:, r], (by_product * each).sum(axis=1), rtol=1e-9)


def test_the_weeks_add_up_to_the_month():
    """Each week gets the working days' share of what is left: a plan of 250 is made evenly, 250 in all."""
    found = played(cups(), policy())
    made = found.flows["released"][:31, 0, 0]
    np.testing.assert_allclose(made.sum(), 320 - 100)
    weeks = [made[a:b].sum() for a, b in ((0, 7), (7, 14), (14, 21), (21, 28), (28, 31))]
    np.testing.assert_allclose(weeks, np.array([7, 7, 7, 7, 3]) * 220 / 31)


def test_a_family_that_is_partly_bought_is_planned_for_what_is_made():
    """Cups are made, mugs bought, both in one family: the plan is of cups alone, and mugs come by their own orders."""
    mug = {"family": "cups", "price": 4.0, "unit_cost": 2.0, "opening_stock": 50.0, "buy": bought(5)}
    cup = {"family": "cups", "opening_stock": 40.0, "make": {"hours": {"wheel": 0.1}}}
    company = cups(
        hours=1.0,
        products={"cup": cup, "mug": mug},
        suppliers={"near": {}},
        demand={"everyday": [stream("cup", 10), stream("mug", 7)]},
    )
    found = played(company, policy(capacity="rccp"))
    np.testing.assert_allclose(found.plans.production[0, :3, 0, 0], [310 + 10 - 40, 290, 310])
    made = by_month(found, found.flows["released"])
    np.testing.assert_allclose(made[:, 0], [[280] * 3, [290] * 3, [310] * 3])
    assert found.closing["backlog"][:, 0, 1].max() < 1e-6
    assert made[1:, 1].min() > 0
