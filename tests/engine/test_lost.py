"""What was not served and not made by cause, each against books that are worked out by hand."""

import numpy as np
import pytest

from simulator.results.kpis import values
from simulator.results.reading import Reading
from simulator.results.reading.lost import Cause, Lost
from simulator.results.reading.lost_table import lost_in_lines, lost_table
from simulator.results.reading.waiting import Queue
from tests.engine.small import BREAD, CAKE, FEBRUARY, FIRST, FLOUR, SALT, blank, company
from tests.sop.workshop import cups, played, policy

MADE = {BREAD: 0, CAKE: 1}
"""Rows of what is made: bread and cake, a day each."""

SHORT_ON = 20
"""The day, counted from 0, on which ten loaves fall due that are not there."""


def owing(units=10, product=BREAD, due=None, scenario=None):
    """Books in which some of what falls due one day cannot be served, and is owed to the end of the month."""
    b = blank(scenario)
    b.memos["waiting"] = np.zeros((len(b.memos["hours_used"]), 2, 2))
    b.flows["due"][SHORT_ON, FIRST, product] = due or units
    b.closing["backlog"][SHORT_ON:FEBRUARY, FIRST, product] = units
    b.closing["on_hand"][:, FLOUR] = 100  # flour is plenty, and so are hours, if nothing else is said
    return b


def lost(books, month=0):
    """Units not served in the first lane, by cause and the part or resource it names."""
    return _told(Lost(Reading(books), month, month + 1), lambda found: found.not_served(month))


def _told(found, units):
    by_cause = units(found).sum(axis=1)[:, 0]
    return {found.cause_of(row): units for row, units in enumerate(by_cause.tolist()) if units}


def waiting(books, units, first=10, end=SHORT_ON, product=BREAD):
    """Let units of a product wait on the floor on some evenings."""
    books.memos["waiting"][first:end, MADE[product]] = units
    return books


def test_nothing_missing_is_lost_to_nothing():
    """No shortage, no cause."""
    assert lost(blank()) == {}


def test_what_nothing_explains_is_the_plans():
    """Ten loaves owed while nothing waits and no plan stood: too little was planned."""
    assert lost(owing(10)) == {(Cause.PLAN, ""): 10}


def test_lost_to_a_part():
    """Six loaves wait without flour: of ten loaves owed, six are the flour's."""
    b = waiting(owing(10), 6)
    b.closing["on_hand"][:, FLOUR] = 0
    assert lost(b) == {(Cause.PARTS, "flour"): 6, (Cause.PLAN, ""): 4}


def test_lost_to_hours():
    """Six loaves wait with flour on hand and all ten hours of the line worked, which was idle before."""
    b = waiting(owing(10), 6)
    b.hours_used[5:, 0] = 10
    assert lost(b) == {(Cause.HOURS, "line"): 6, (Cause.PLAN, ""): 4}


def test_the_input_of_which_least_was_left_held_it_back():
    """For six loaves that ask for 12 flour and .6 hours: a third of the flour is there, and half of the hours."""
    b = waiting(owing(6), 6)
    b.closing["on_hand"][:, FLOUR] = 4
    b.hours_used[:, 0] = 9.7
    assert lost(b) == {(Cause.PARTS, "flour"): 6}
    b.closing["on_hand"][:, FLOUR] = 8  # two thirds
    assert lost(b) == {(Cause.HOURS, "line"): 6}


def test_overtime_are_hours_too():
    """Ten hours worked where five more were allowed are not all that there were: flour, of which half was there, held back."""
    b = waiting(owing(6), 6)
    b.closing["on_hand"][:, FLOUR] = 6
    b.hours_used[:, 0] = 10
    assert lost(b) == {(Cause.HOURS, "line"): 6}
    b.plans.made_in, b.plans.effective = [0], {0: np.zeros(2, dtype=np.int64)}
    b.plans.overtime[0, 0, 0] = 5
    b.plans.demand[0, 0, BREAD] = 10  # as much as fell due
    assert lost(b) == {(Cause.PARTS, "flour"): 6}


def test_what_is_planned_for_a_full_resource_is_lost_to_its_hours():
    """275 of the month's 280 hours of the line were worked: no plan could have given more bread; 270 leave room."""
    b = owing(10)
    b.hours_used[:FEBRUARY, 0] = 275 / FEBRUARY
    assert lost(b) == {(Cause.HOURS, "line"): 10}
    b.hours_used[:FEBRUARY, 0] = 270 / FEBRUARY
    assert lost(b) == {(Cause.PLAN, ""): 10}


def test_a_wait_of_less_than_a_week_is_the_weeks_work():
    """Six evenings do not count, seven do; and a loaf takes a day: what was not started by yesterday's eve is not there."""
    for first, held in ((SHORT_ON - 7, 0), (SHORT_ON - 8, 6)):
        b = waiting(owing(10), 6, first, SHORT_ON - 1)
        b.closing["on_hand"][:, FLOUR] = 0
        assert lost(b).get((Cause.PARTS, "flour"), 0) == held


def test_a_missing_part_that_waits_itself_is_held_by_what_holds_it():
    """Dough is made of flour and hours of a mixer: bread without dough is held by whichever holds the dough."""
    dough = {"unit_cost": 1.0, "make": {"bill": {"flour": 2.0}, "hours": {"mixer": 0.5}}}
    scenario = company(
        products__bread__make={"bill": {"dough": 1.0}, "hours": {"line": 0.1}},
        components__dough=dough,
        resources__mixer={"hours": 8.0},
    )
    names = scenario.network.names
    b = owing(6, scenario=scenario)
    b.memos["waiting"] = np.zeros((len(b.memos["hours_used"]), 3, 2))
    b.closing["on_hand"][...] = 0
    waiting(b, 6)
    assert lost(b) == {(Cause.PARTS, "dough"): 6}  # nobody called for dough
    b.memos["waiting"][10:SHORT_ON, 2] = 9
    assert lost(b) == {(Cause.PARTS, "flour"): 6}
    b.closing["on_hand"][:, names.index("flour")] = 99
    b.hours_used[:, 2] = 8
    assert lost(b) == {(Cause.HOURS, "mixer"): 6}


def test_a_family_behind_its_plan_with_work_waiting_is_held():
    """A loaf a day is planned, none was started in 19 days, and two wait since yesterday: more than the ten owed were held.

    With the plan cut to a fifth within the month there would be no more than 3.8 by then.
    """
    b = waiting(owing(10), 2, SHORT_ON - 2, FEBRUARY)
    b.closing["on_hand"][:, FLOUR] = 0
    b.plans.made_in, b.plans.effective = [0], {0: np.zeros(2, dtype=np.int64)}
    b.plans.production[0, 0, 0], b.plans.demand[0, 0, BREAD] = 28, 28
    assert lost(b) == pytest.approx({(Cause.PARTS, "flour"): 10})
    b.plans.production[0, 0, 0] = 5.6
    assert lost(b) == pytest.approx({(Cause.PARTS, "flour"): 3.8, (Cause.PLAN, ""): 6.2})
    b.memos["waiting"][...] = 0  # nothing was called for
    assert lost(b) == {(Cause.PLAN, ""): 10}


def test_lost_to_purchases():
    """Salt takes three days: of twelve ordered on day 16 nothing has come on day 20, and of four of day 18 nothing need have."""
    b = owing(9, SALT)
    b.flows["released"][16, SALT], b.flows["released"][18, SALT] = 12, 4
    b.closing["on_order"][16:18, SALT], b.closing["on_order"][18:, SALT] = 12, 16
    assert lost(b) == {(Cause.PURCHASES, ""): 9}
    b.closing["on_order"][18:, SALT] = 9  # seven came
    assert lost(b) == {(Cause.PURCHASES, ""): 5, (Cause.PLAN, ""): 4}


def test_lost_to_quality():
    """Five loaves fewer were good than planned, two more the week after: three are lacking."""
    b = owing(10)
    b.flows["scrapped"] = np.zeros_like(b.flows["released"])
    b.flows["scrapped"][5, BREAD], b.flows["scrapped"][12, BREAD] = 5, -2
    assert lost(b) == {(Cause.QUALITY, ""): 3, (Cause.PLAN, ""): 7}


def test_lost_to_demand():
    """Of 28 loaves planned for February 21 were due by the evening of day 20; 25 fell due."""
    b = owing(10, due=25)
    b.plans.made_in, b.plans.effective = [0], {0: np.zeros(2, dtype=np.int64)}
    b.plans.demand[0, 0, BREAD] = 28
    assert lost(b) == pytest.approx({(Cause.DEMAND, ""): 4, (Cause.PLAN, ""): 6})


def test_lost_to_records():
    """The record had 30 loaves more than the shelf and was put right to 7 more; what is owed is 10 in all."""
    b = owing(10)
    b.memos["recorded"] = b.closing["on_hand"].copy()
    b.memos["recorded"][3:5, BREAD] += 8
    b.memos["recorded"][5:, BREAD] += 3
    assert lost(b) == {(Cause.RECORDS, ""): 8, (Cause.PLAN, ""): 2}


def test_more_missing_than_owed_is_shared_in_proportion():
    """12 loaves held by flour and 8 bad ones for 10 owed: 6 and 4."""
    b = waiting(owing(10), 12)
    b.closing["on_hand"][:, FLOUR] = 0
    b.flows["scrapped"] = np.zeros_like(b.flows["released"])
    b.flows["scrapped"][5, BREAD] = 8
    assert lost(b) == pytest.approx({(Cause.PARTS, "flour"): 6, (Cause.QUALITY, ""): 4})


def test_what_is_owed_already_takes_its_part():
    """30 loaves owed from before and 10 new ones: of 20 held by flour a half is explained, of the new ones five."""
    b = waiting(owing(10), 20)
    b.closing["on_hand"][:, FLOUR] = 0
    b.closing["backlog"][15:, FIRST, BREAD] = 30
    b.closing["backlog"][SHORT_ON:FEBRUARY, FIRST, BREAD] = 40
    assert lost(b) == {(Cause.PARTS, "flour"): 5, (Cause.PLAN, ""): 5}


def test_what_was_lacking_the_month_before_is_lacking_still():
    """Flour was missing in February, and the loaves that fall due in March are short of it; in April nobody remembers."""
    b = blank(company(experiment__months=3))
    b.memos["waiting"] = np.zeros((len(b.memos["hours_used"]), 2, 2))
    waiting(b, 6)
    for day in (FEBRUARY + 5, FEBRUARY + 31 + 5):
        b.flows["due"][day, FIRST, BREAD] = b.closing["backlog"][day, FIRST, BREAD] = 10
    assert lost(b, 1) == {(Cause.PARTS, "flour"): 6, (Cause.PLAN, ""): 4}
    assert lost(b, 2) == {(Cause.PLAN, ""): 10}


def test_measures_are_shares_of_demand():
    """Six of ten loaves owed are the flour's, of forty due: by product, by family and in all."""
    b = waiting(owing(10, due=40), 6)
    b.closing["on_hand"][:, FLOUR] = 0
    b.flows["due"][30, FIRST, SALT] = 20
    names = ["lost_to_parts", "lost_to_plan", "lost_to_hours", "fill_rate"]
    np.testing.assert_allclose(values(b, names)[1][:, 0], [0.1, 4 / 60, 0.0, 1 - 10 / 60])
    rows, by_family = values(b, ["lost_to_parts"], "family")
    assert [group for _, group in rows] == ["baked", "dry"]
    np.testing.assert_allclose(by_family[:, 0], [0.15, 0.0])


# --- not made ---


@pytest.fixture
def behind():
    """Of 50 loaves and cakes planned for February 30 were started, and 16 loaves wait at its end.

    They waited ten evenings without flour, and 30 evening-loaves more for the line.
    """
    b = owing(10)
    b.plans.made_in, b.plans.effective = [0], {0: np.zeros(2, dtype=np.int64)}
    b.plans.production[0, 0, 0] = 50
    b.flows["released"][4, BREAD] = 30
    b.memos["waiting"][15:25, MADE[BREAD]] = 9
    b.closing["on_hand"][15:25, FLOUR] = 0
    b.memos["waiting"][25:27, MADE[BREAD]] = 7
    b.memos["waiting"][27, MADE[BREAD]] = 16
    b.hours_used[25:28, 0] = 10
    return b


def test_not_made_for_want_of_parts_and_hours(behind):
    """Of 20 units 16 were held back, by flour 90 of 120 evenings and by the line 30; four were planned anew."""
    made = _told(Lost(Reading(behind), 0, 1), lambda found: found.not_made(0))
    assert made == {(Cause.PARTS, "flour"): 12, (Cause.HOURS, "line"): 4, (Cause.PLAN, ""): 4}


def test_no_more_is_held_than_was_not_made(behind):
    """Of 35 planned five were not made: all five were held, three quarters of them by flour."""
    behind.plans.production[0, 0, 0] = 35
    made = _told(Lost(Reading(behind), 0, 1), lambda found: found.not_made(0))
    assert made == {(Cause.PARTS, "flour"): 3.75, (Cause.HOURS, "line"): 1.25}


def test_what_is_made_as_planned_lacks_nothing(behind):
    """More than the plan is no cause of anything."""
    behind.plans.production[0, 0, 0] = 29
    assert _told(Lost(Reading(behind), 0, 1), lambda found: found.not_made(0)) == {}


def test_the_table_sums_the_scored_months_up(behind):
    """Lines of a month and of the scored ones; shares of demand and of the plan; and the part that held most."""
    one = behind.of_lane(0)
    table = lost_table(one)
    made = table[(table["lost"] == "not made") & (table["period"] == "2026-02")]
    assert made[["cause", "name", "units", "share"]].to_numpy().tolist() == [
        ["parts", "flour", 12.0, 0.24],
        ["hours", "line", 4.0, 0.08],
        ["plan", "", 4.0, 0.08],
    ]
    told = {(what, period): (units.tolist(), share, name) for what, period, units, share, name in lost_in_lines(table)}
    assert told["not made", "scored months"] == ([20, 12, 4, 0, 0, 0, 0, 4], pytest.approx(0.4), "flour")
    assert told["not served on the day", "2026-02"][0][0] == 10


def test_evenings_are_those_of_working_days():
    """On a Sunday the queue is what Saturday left; before the first day there is none."""
    b = waiting(
        owing(10, scenario=company(calendar__working_days=["mon", "tue", "wed", "thu", "fri", "sat"])), 6, 0, 28
    )
    queue = Queue(Reading(b), 0, FEBRUARY)
    assert queue.evenings(np.array([0, 1, 6, 7, 8])).tolist() == [-1, 0, 5, 5, 6]


def test_a_wheel_with_half_the_hours():
    """Ten cups a day, half of which the wheel can make: from day 9 on something is short, and all is the wheel's.

    Five on day 9 and ten on each of the 21 days after it; of 270 cups planned 155 were made.
    """
    found = Lost(Reading(played(cups(hours=0.5, opening=50), policy())), 0, 1)
    assert _told(found, lambda lost: lost.not_served(0)) == pytest.approx({(Cause.HOURS, "wheel"): 5 + 21 * 10})
    assert _told(found, lambda lost: lost.not_made(0)) == pytest.approx({(Cause.HOURS, "wheel"): 270 - 31 * 5})
