"""Start from today with people who were hired or told to go, and with frame contracts that are partly called off."""

import datetime as dt

import pytest

from simulator import load, simulate
from simulator.engine.expected import expected_units
from simulator.kernel.units import ScenarioError
from tests.engine.test_start_within_a_month import POLICY, WEDNESDAY, WEEKDAYS, shop

CALM = {"everyday": [{"product": "k", "segment": "s", "daily": {"law": "constant", "mean": 0.0}}]}


def frame(**more):
    return {
        "product": "k",
        "segment": "s",
        "quantity": 90.0,
        "first": dt.date(2024, 5, 1),
        "call_offs": 3,
        "notice": 0,
        **more,
    }


def due_of(company, months=3):
    run = simulate(company, policy=POLICY, replications=2)
    return run.daily("due")[:, :, 0, 0].T


def test_call_offs_come_month_by_month():
    """30 each: that of May is over and comes on the first day; June's first is a Saturday, so Monday the third; July's a Monday."""
    due = due_of(shop(demand=CALM, open_frames=[frame()]))
    days = {WEDNESDAY: 30, dt.date(2024, 6, 3): 30, dt.date(2024, 7, 1): 30}
    for lane in (0, 1):
        assert {WEDNESDAY + dt.timedelta(int(k)): due[k, lane] for k in due[:, lane].nonzero()[0]} == days


def test_whole_units_add_up_and_notice_is_kept():
    """100 in three are 33, 34 and 33; ten days after the call-off."""
    found = [frame(quantity=100.0, first=dt.date(2024, 6, 1), notice=10)]
    company = shop(demand=CALM, open_frames=found, months=4)
    due = due_of(company)[:, 0]
    assert {WEDNESDAY + dt.timedelta(int(k)): due[k] for k in due.nonzero()[0]} == {
        dt.date(2024, 6, 13): 33,
        dt.date(2024, 7, 11): 34,
        dt.date(2024, 8, 12): 33,
    }
    assert expected_units(company)[:, 0] == pytest.approx([0, 100 / 3, 100 / 3, 100 / 3])


def test_planners_see_what_is_agreed():
    """On the first day the demand plan holds the call-offs of the months to come."""
    run = simulate(shop(demand=CALM, open_frames=[frame()]), policy="sop", replications=1)
    books = next(iter(run.books()))
    assert books.plans.demand[0, 1:3, 0, 0] == pytest.approx([30, 30])


def test_contracts_of_streams_before_today_are_those_stated():
    """A stream of frames alone would have signed some before the first day; what is stated stands instead of them."""
    stream = {
        "product": "k", "segment": "s", "per_year": 600.0, "size": {"law": "constant", "mean": 12}, "call_offs": 12, "notice": 0,
    }  # fmt: skip
    demand = {**CALM, "frames": [stream]}
    without, stated = due_of(shop(demand=demand)), due_of(shop(demand=demand, open_frames=[frame(call_offs=1)]))
    assert without[19].min() > 200, "Monday, the third of June: about 50 a month of the 12 months before"
    assert stated[0].tolist() == [90, 90]
    assert stated[19].max() < 120, "those that were signed in what is left of May, a portion of each"


def plant(changes, heads=4):
    """A plant whose people give eight hours each; nothing is wanted of it."""
    return load(
        {
            "name": "plant",
            "calendar": {"start": WEDNESDAY, "working_days": WEEKDAYS},
            "products": {"k": {"price": 40.0, "unit_cost": 20.0, "make": {"lead_time": 1, "hours": {"line": 0.1}}}},
            "resources": {"line": {"hours": 64.0, "people": {"heads": heads, "hours": 8.0, "changes": changes}}},
            "segments": {"s": {"lead_time": 0}},
            "demand": {"everyday": [{"product": "k", "segment": "s", "daily": {"law": "constant", "mean": 240}}]},
            "experiment": {"months": 3, "warm_up": 0, "history": 3, "replications": 1},
        }
    )


def test_people_start_and_leave_on_their_days():
    """Four people; two start on Saturday, 1 June, so on Monday the third; three leave on 1 July; one whose day is over on the first day."""
    changes = [
        {"on": dt.date(2024, 6, 1), "heads": 2},
        {"on": dt.date(2024, 7, 1), "heads": -3},
        {"on": dt.date(2024, 5, 1), "heads": 1},
    ]
    policy = {"supply_plan": "none", "products": {"rule": "order-up-to", "days": 7}, "workforce": "fixed"}
    run = simulate(plant(changes), policy={**POLICY, **policy}, replications=1)
    heads = next(iter(run.books())).memos["heads"][:, 0, 0]
    june, july = (dt.date(2024, 6, 3) - WEDNESDAY).days, (dt.date(2024, 7, 1) - WEDNESDAY).days
    assert heads[[0, june - 1, june, july - 1, july]].tolist() == [5, 5, 7, 7, 4]


def test_more_people_than_there_are_cannot_leave():
    with pytest.raises(
        ScenarioError, match=r"resources.line.people.changes let 5 people leave by 2024-06-03, more than there are"
    ):
        plant([{"on": dt.date(2024, 6, 3), "heads": -5}])


def test_an_unknown_product_is_refused():
    with pytest.raises(ScenarioError, match=r"open_frames\[0\].product names 'q'"):
        shop(open_frames=[frame(product="q")])
