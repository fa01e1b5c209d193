"""A run that starts within a month: what is left of the month, what is over by then, and what planners know."""

import datetime as dt

import numpy as np
import pytest

from simulator import load, simulate
from simulator.company import Calendar, Days
from simulator.company.calendar import with_history
from simulator.engine.expected import expected_units
from simulator.engine.play import run_until
from simulator.kernel.ledger import EVERYTHING
from simulator.results.cautions import cautions
from simulator.results.money import Money
from simulator.world.luck import draw

WEDNESDAY = dt.date(2024, 5, 15)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
POLICY = {
    "supply_plan": "none",
    "safety_stock": "none",
    "products": {"rule": "order-up-to", "days": 7},
    "forecast": "moving-average",
}


def shop(start=WEDNESDAY, months=3, demand=None, **more):
    """A shop with 100 units that sells ten on each weekday and is supplied in 45 days."""
    return load(
        {
            "name": "shop",
            "calendar": {"start": start, "working_days": WEEKDAYS},
            "products": {
                "k": {
                    "price": 40.0,
                    "unit_cost": 20.0,
                    "opening_stock": 100,
                    "buy": {"supplier": "far", "lead_time": {"law": "constant", "mean": 45}},
                }
            },
            "suppliers": {"far": {}},
            "segments": {"s": {"lead_time": 0}},
            "demand": demand
            or {"everyday": [{"product": "k", "segment": "s", "daily": {"law": "constant", "mean": 10}}]},
            "experiment": {"months": months, "warm_up": 0, "history": 3, "replications": 2},
            **more,
        }
    )


def test_the_first_month_is_what_is_left_of_it():
    """From Wednesday 15 May 2024: 17 of 31 days, 13 of 23 working days; June is whole."""
    days = Days(Calendar(start=WEDNESDAY, working_days=WEEKDAYS), 2)
    assert days.month_start.tolist() == [0, 17, 47]
    assert days.worked.tolist() == [13, 20]
    assert days.lengths.tolist() == [31, 30]
    assert days.left.tolist() == [17 / 31, 1.0]
    assert [days.month_name(k) for k in (0, 1)] == ["2024-05", "2024-06"]
    assert days.date(0) == WEDNESDAY


def test_the_days_before_it_are_in_no_month():
    """April begins on day 31 of the past and counts its own 22 working days; the run begins on day 75, after 14 days of May."""
    long = with_history(Calendar(start=WEDNESDAY, working_days=WEEKDAYS), 2, 1)
    assert long.month_start.tolist() == [0, 31, 75, 92]
    assert long.first_of_month.tolist() == [0, 31, 61, 92]
    assert long.worked.tolist() == [21, 22, 13]


def test_the_first_of_a_month_is_as_ever():
    days, long = Days(Calendar(start=dt.date(2024, 5, 1)), 3), with_history(Calendar(start=dt.date(2024, 5, 1)), 2, 3)
    assert days.month_start.tolist() == days.first_of_month.tolist() == [0, 31, 61, 92]
    assert long.month_start.tolist() == long.first_of_month.tolist() == [0, 31, 61, 92, 122, 153]
    assert long.left.tolist() == [1.0] * 5


def test_planners_expect_a_month_at_the_rate_of_whole_months():
    """Ten a working day: 210, 210 and 220 before; 130 in what is left of May, 200 in June; the forecast says so on the first day."""
    run = simulate(shop(), policy="chase", replications=1)
    books = next(iter(run.books()))
    assert books.demand_by_month[:, 0, 0].tolist() == [210, 210, 220, 130, 200, 230]
    np.testing.assert_allclose(books.plans.forecast[0, :3, 0, 0], [130, 200, 230])
    assert run.daily("due")[0, :, 0, 0][:17].sum() == 130


def test_a_month_of_fixed_cost_is_charged_by_the_day():
    """3,100 a month are 100 a day of May: 1,700 from the fifteenth on; 3,000 of June."""
    books = next(iter(simulate(shop(months=2, finance={"fixed_cost": 3100.0}), policy=POLICY, replications=1).books()))
    daily = Money(books).flows["fixed_cost"][:, 0]
    np.testing.assert_allclose(daily[:17], 100.0)
    np.testing.assert_allclose(daily[17:].sum(), 3100.0)


def test_400_due_in_ten_days_and_30_owed():
    """On Wednesday 30 leave at once beside the ten of the day, 70 last to Thursday, 400 come on Saturday and leave from Monday on."""
    company = shop(
        open_purchases=[{"item": "k", "due": dt.date(2024, 5, 25), "quantity": 400.0}],
        open_orders=[{"product": "k", "segment": "s", "due": dt.date(2024, 5, 2), "quantity": 30.0}],
    )
    run = simulate(company, policy=POLICY, replications=1)
    assert run.daily("due")[0, :6, 0, 0].tolist() == [40, 10, 10, 0, 0, 10]
    assert run.daily("on_hand")[0, :13, 0].tolist() == [60, 50, 40, 40, 40, 30, 20, 10, 0, 0, 400, 400, 380]


def test_what_was_due_before_it_is_over():
    """A frame is called off on the first of each month: that of May is over, that of June is due on Monday, the third."""
    frames = {
        "frames": [
            {
                "product": "k",
                "segment": "s",
                "per_year": 600.0,
                "size": {"law": "constant", "mean": 12},
                "call_offs": 12,
                "notice": 0,
                "slip": 0.0,
            }
        ]
    }
    company = shop(demand=frames)
    luck = draw(company.company, company.network, company.days, 3, 1, [0])
    due = luck.signings.due[luck.signings.due < 60]
    assert set((company.days.first + due).astype(str)) == {"2024-06-03", "2024-07-01"}
    whole = shop(dt.date(2024, 5, 1), demand=frames)
    same = draw(whole.company, whole.network, whole.days, 3, 1, [0])
    assert same.past.sum() > 0
    np.testing.assert_array_equal(luck.past, same.past)  # what was due on the first of May is in no month


def test_business_that_is_signed_is_expected_for_what_is_left_of_the_month():
    """Two contracts of three units a month: six in June, 6 x 17 / 31 from the fifteenth of May on."""
    contracts = {
        "contracts": [
            {
                "product": "k",
                "segment": "s",
                "per_month": 2.0,
                "size": {"law": "constant", "mean": 3},
                "lead_time": {"law": "constant", "mean": 5},
            }
        ]
    }
    np.testing.assert_allclose(expected_units(shop(demand=contracts))[:, 0], [6 * 17 / 31, 6, 6])


def test_use_before_the_start_is_that_of_the_whole_month():
    """220 in April are 7 1/3 a day of its thirty; so many a day are taken for the first half of May, too."""
    company = shop()
    luck = draw(company.company, company.network, company.days, 3, 1, [0, 1])
    with run_until(company, company.policy("chase"), luck, 1, EVERYTHING) as firm:
        np.testing.assert_allclose(firm.use_before(44)[:, 0, 0], 22 / 3)


def test_it_is_said():
    said = [str(each) for each in cautions(shop())]
    assert "The run begins within 2024-05: its first month is what is left of it, 13 of 23 working days." in said
    assert not [each for each in cautions(shop(dt.date(2024, 5, 1))) if "begins within" in str(each)]


@pytest.mark.parametrize("policy", ["sop", "siloed", "chase"])
def test_policies_run_from_the_last_day_of_a_month(policy):
    """On Friday 31 May one day is left; the meetings of June are held as ever."""
    measures = simulate(shop(dt.date(2024, 5, 31)), policy=policy, replications=2).measures()
    assert np.isfinite(measures.query("measure == 'fill_rate'").value).all()
