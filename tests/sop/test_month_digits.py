"""Each step of the month on digits worked by hand: two families, two resources, a firm of which only what the step reads is there."""

from dataclasses import replace
from types import SimpleNamespace as Only

import numpy as np
import pytest

from simulator.company import Calendar, Days
from simulator.engine.departments import People
from simulator.engine.firm import Option
from simulator.engine.month.demand_plan import plan_demand
from simulator.engine.month.executive_meeting import decide
from simulator.engine.month.impact import CASES, Valuation, minute_options
from simulator.engine.month.pre_meeting import balance, option_of_each_lane
from simulator.engine.month.sales_report import report_sales
from simulator.engine.month.supply_plan import plan_supply, protection_interval, safety_stock
from simulator.kernel.plans import HORIZON, OUTSIDE, Plans
from simulator.planning.criteria import BY_COST, CRITERIA, Criteria
from simulator.planning.decisions import Decided
from simulator.planning.further import FurtherOptions
from simulator.world.view import Past
from tests.sop.workshop import bought, cups, stream

LANES = 2
DAYS = np.array([20.0, 21.0, 20.0, 20.0, 20.0, 20.0, 20.0])
"""Working days of seven months, of which the meeting looks at six; half of the first is left."""


def item(family, price, unit_cost, **more):
    """A product."""
    return {"family": family, "price": price, "unit_cost": unit_cost, **more}


def network():
    """Cups and mugs are one family, bowls and bought vases the other; bowls take clay, which goes bad as bowls do."""
    offer = {"lead_time": 1, "most": 100.0}
    cup = {"hours": {"wheel": 0.1}, "good": 0.8, "subcontract": {"premium": 0.1, **offer}}
    mug = {"hours": {"wheel": 0.2}, "subcontract": {"premium": 0.2, **offer}}
    bowl = {"hours": {"kiln": 0.5}, "bill": {"clay": 2.0}, "lead_time": 3, "subcontract": {"premium": 0.5, **offer}}
    return cups(
        products={
            "cup": item("cups", 5.0, 2.0, make=cup),
            "mug": item("cups", 11.0, 5.0, make=mug),
            "bowl": item("bowls", 20.0, 8.0, make=bowl, shelf_life=20),
            "vase": item("bowls", 35.0, 14.0, buy=bought(4)),
        },
        components={"clay": {"unit_cost": 1.0, "buy": bought(9), "shelf_life": 5}},
        suppliers={"near": {}},
        resources={
            "wheel": {"hours": 8.0, "overtime": 0.5, "overtime_premium": 3.0},
            "kiln": {"hours": 8.0, "overtime": 0.5, "overtime_premium": 10.0},
        },
        demand={"everyday": [stream(name, 1) for name in ("cup", "mug", "bowl", "vase")]},
    ).network


def by_lane(*rows):
    """The same in every lane."""
    return np.repeat(np.array(rows, dtype=float)[..., None], LANES, axis=-1)


def by_month(*months, until=7):
    """A plan, the same in every lane: the months given, then nothing."""
    table = np.zeros((until, len(months[0]), LANES))
    table[: len(months)] = by_lane(*months)
    return table


def workshop(**more):
    """On the middle of a month: 20 cups, 10 mugs, 10 bowls and 5 vases are asked for in two months, and in the seventh."""
    asked = by_month((20, 10, 10, 5), (20, 10, 10, 5))
    asked[6] = asked[0]
    desk = Only(
        month=0,
        demand_plan=asked,
        share_left_of_month=lambda: 0.5,
        working_days_by_month=lambda: DAYS.copy(),
        backlog=np.zeros((1, 4, LANES)),
        budget=asked,
        cumulative_error=lambda interval: np.zeros((5, LANES)),
    )
    finance = Only(holding_rate=0.24)
    firm = Only(network=network(), desk=desk, company=Only(finance=finance), people=None, subcontractors=True)
    firm.policy, firm.late = Only(reviews=lambda desk: 30.0), []
    firm.late_cost = lambda *told: firm.late.append(told) or np.array([100.0, 0.0] * CASES)
    vars(firm).update(more)
    desk.network = firm.network
    return firm


def expected_impact(firm, option, outlook):
    """The option with its impact."""
    return Valuation(firm, outlook).impact(option)


def plan(**more):
    """Cups 25 and 47, bowls 6 and 4, in the seventh month 130 cups; 2 cups, then 3 bowls outside; overtime on wheel and kiln."""
    production, outside = by_month((25, 6), (47, 4)), by_month((2, 0), (0, 3))
    production[6, 0] = 130.0
    overtime = by_month((0.5, 2.0), (1.0, 0.0))
    overtime[6] = 9.0
    return Option(**{"name": "plan", "production": production, "overtime": overtime, "outside": outside, **more})


def seen(production, outside=None):
    """Stock of cups, mugs, bowls and vases as it is projected; two cups and three bowls fewer without subcontractors."""
    stock = by_month(*[(20, 12, -4, 50)] * 7)
    stock[0, :, 0], stock[6, :, 0] = (10, 5, -1, 50), (100, 32, -14, 50)
    stock[:, :, 1] = stock[:, :, 0]
    stock[:, 2, 1] += 5.0
    return stock if outside is not None else stock - by_month(*[(2, 0, 3, 0)] * 7)


ENDS = np.array([15, 46, 76, 107, 137, 168, 199])
"""Days until the end of seven months."""

OUTLOOK = Only(stock=seen, ends=ENDS, demand=np.cumsum(by_month(*[(20, 10, 10, 5)] * 2), axis=0))

# --- impact ---


def test_a_family_owes_what_its_products_lack():
    """Cups 10 + 5 = 15, then 20 + 12 = 32; bowls owe 1, then 4, in the second lane nothing; vases are bought and do not count."""
    option = expected_impact(workshop(), plan(), OUTLOOK)
    np.testing.assert_allclose(option.closing_stock[:, 0, 0], [15, 32, 32, 32, 32, 32, 132])
    np.testing.assert_array_equal(option.closing_stock[:, 1, 0], 0.0)
    np.testing.assert_allclose(option.closing_stock[:, 1, 1], [4, 1, 1, 1, 1, 1, 0])
    np.testing.assert_allclose(option.shortage[:, 1, 0], [1, 4, 4, 4, 4, 4, 14])
    np.testing.assert_array_equal(option.shortage[:, 0], 0.0)


def test_an_option_without_subcontractors_has_nothing_from_outside():
    """Two cups and three bowls fewer."""
    option = expected_impact(workshop(subcontractors=None), plan(outside=None), OUTLOOK)
    np.testing.assert_allclose(option.closing_stock[:2, :, 0], [(13, 0), (30, 0)])
    np.testing.assert_allclose(option.shortage[:2, :, 0], [(0, 4), (0, 7)])


def test_one_product_in_stock_serves_no_order_for_another():
    """Of one family 10 cups lie there and 4 mugs are owed: both are told, and not 6 in stock."""
    outlook = Only(**vars(OUTLOOK) | {"stock": lambda *plans: by_month(*[(10, -4, 0, 0)] * 7)})
    option = expected_impact(workshop(), plan(), outlook)
    np.testing.assert_array_equal(option.closing_stock[:, 0], 10.0)
    np.testing.assert_array_equal(option.shortage[:, 0], 4.0)


HELD = 0.24 / 365.25 * np.array([675 + 15_300 + 117_600, 675 + 15_300 + 117_600 + 1_704])
"""Cups and mugs for 45 over 15 days, then 100 over 153; vases for 700 over 168; in the second lane bowls for 32, then 8."""


def test_cost_is_stock_lateness_overtime_and_what_is_made_outside():
    """Overtime .5 x 10 x 3 + 2 x 10 x 10 in what is left of the first month and 1 x 21 x 3 in the second = 278; outside 2 cups at
    (.2 + 1) / 2 and 3 bowls at 4 = 13.2; lateness is what the customers' terms say, 100 in the first lane.
    """
    firm = workshop()
    option = expected_impact(firm, plan(), OUTLOOK)
    np.testing.assert_allclose(option.cost, HELD + [100, 0] + 278 + 13.2)
    np.testing.assert_allclose(option.low, option.cost)
    np.testing.assert_allclose(option.high, option.cost)
    backlog, owed, demand, days = firm.late[0]
    np.testing.assert_array_equal(backlog, 0.0)
    np.testing.assert_array_equal(owed[:, 2, 0], [1, 4, 4, 4, 4, 4])
    np.testing.assert_array_equal(owed[:, :, 1], 0.0)
    np.testing.assert_array_equal(owed[..., :LANES], owed[..., LANES : 2 * LANES])  # nothing errs
    np.testing.assert_array_equal(demand[:, 0, 0], [20, 20, 0, 0, 0, 0])
    assert days.tolist() == [15, 31, 30, 31, 30, 31]


def test_criteria_are_shares_of_the_planned_turnover():
    """Turnover is 2 x (20 x 5 + 10 x 11 + 10 x 20 + 5 x 35) = 1,170.

    In the first lane a mean of 21 / 6 bowls is owed at 20; at the end 20 cups, 12 mugs and 50 vases lie there for 40 + 60 + 700
    and 4 bowls are not paid, 80; cups move by 22 and 47 at 3, bowls by 2 and 4 at 10; half of one month's budget and one in full
    are 877.5, of which 1,170 - 80 are shipped: nothing is missing.
    """
    figures = expected_impact(workshop(), plan(), OUTLOOK).figures[:, 0] * 1_170
    cost = HELD[0] + 100 + 278 + 13.2
    np.testing.assert_allclose(figures, [cost, 70, 880, 69 * 3 + 6 * 10, 0, 0])


def test_what_is_missing_to_the_business_plan_is_a_criterion():
    """Three times the budget, 150 % x 1,755 = 2,632.5, less the 1,090 that are shipped; the second lane ships all of 1,170."""
    firm = workshop()
    firm.desk.budget = 3 * firm.desk.budget
    figures = expected_impact(firm, plan(), OUTLOOK).figures[4] * 1_170
    np.testing.assert_allclose(figures, [2_632.5 - 1_090, 2_632.5 - 1_170])


def test_what_may_go_wrong_is_held_and_owed():
    """Stock of 10 cups that may be off by 10: 10 x .0833 = .833 are owed on average, and 10.833 are held.

    One time in ten demand is 12.8 higher: 2.8 are owed for certain, as nothing but cups errs.
    """
    firm = workshop()
    errs = np.zeros((5, LANES))
    errs[0] = 10.0
    firm.desk.cumulative_error = lambda interval: errs
    outlook = Only(**vars(OUTLOOK) | {"stock": lambda *plans: by_month(*[(10, 0, 0, 0)] * 7)})
    expected_impact(firm, plan(), outlook)
    owed = firm.late[0][1][0, 0, ::LANES]
    np.testing.assert_allclose(owed, [10 * 0.08331547, 0.0, 2.815516], atol=1e-6)


def test_people_wanted_by_an_option_are_part_of_its_cost():
    """A thousand for the people on the way to those that the option wants, over the days left of six months."""
    asked = {}

    def path(wanted):
        asked["wanted"] = wanted
        return "heads", "shifts"

    def cost(heads, days):
        asked["heads"], asked["days"] = heads, days[:, 0, 0].tolist()
        return 1000.0

    people = by_lane(4.0, 2.0)
    option = expected_impact(workshop(people=Only(path=path, cost=cost)), plan(people=people), OUTLOOK)
    np.testing.assert_allclose(option.cost, HELD + [100, 0] + 278 + 13.2 + 1_000)
    assert asked["wanted"] is people
    assert asked["heads"] == "heads"
    assert asked["days"] == [10, 21, 20, 20, 20, 20]


def test_people_cost_their_hiring_their_leaving_and_their_wages():
    """On the wheel one more and then three: 3 hired at 10, wages of half an hour at 2 for 1 x 10 + 3 x 20 days: 30 + 70.

    On the kiln one fewer in the second month: 50 to dismiss, less 1 x 20 days of .25 hours at 4: 50 - 20. The third
    month is not looked at.
    """

    class Told(People):
        """People whose settled path is known."""

        def __init__(self):
            column = {"hire_cost": (10, 30), "dismiss_cost": (20, 50), "per_head": (0.5, 0.25), "wage": (2, 4)}
            self.staffing = Only(**{name: np.array(two, dtype=float)[:, None] for name, two in column.items()})

        def settled_people(self):
            return by_lane((4, 6), (4, 6), (4, 6))

    heads, days = by_lane((5, 6), (7, 5), (90, 90)), np.array([10.0, 20.0])[:, None, None]
    np.testing.assert_allclose(Told().cost(heads, days), [100 + 30, 100 + 30])


def test_the_minutes_keep_most_short_mean_stock_and_overtime_hours():
    """Bowls are 4 short at most, cups lie at (15 + 5 x 32) / 6 on average; the wheel works .5 x 10 + 21 hours more, the kiln 20.

    The second option works no overtime; months beyond the sixth are not in the minutes.
    """
    firm = workshop()
    firm.plans = Plans(3, 4, 2, 5, 2, LANES)
    firm.desk.month = 1
    firm.options = [
        expected_impact(firm, plan(), OUTLOOK),
        expected_impact(firm, plan(name="calm", overtime=by_month((0, 0))), OUTLOOK),
    ]
    minute_options(firm)
    tables = firm.plans.tables
    assert firm.plans.options == {1: ("plan", "calm")}
    np.testing.assert_allclose(tables["option shortage"][1, 0], [(0, 0), (4, 0)])
    np.testing.assert_allclose(tables["option stock"][1, 0], [(175 / 6, 175 / 6), (0, 9 / 6)])
    np.testing.assert_allclose(tables["option overtime"][1, 0], by_lane(26, 20))
    np.testing.assert_array_equal(tables["option overtime"][1, 1], 0.0)
    assert np.isnan(tables["option overtime"][1, 2:]).all()
    assert np.isnan(tables["option stock"][[0, 2]]).all()


# --- sales report and demand plan ---


def same(answer, *_):
    """An answer that nobody objects to."""
    return answer


class Rule:
    """A rule that keeps what it was shown and answers what it was given."""

    goes_below_zero, name = False, "rule"

    def __init__(self, answer=None, notes=None):
        self.answer, self.notes, self.shown = answer, notes or {}, []

    def __call__(self, view, *more):
        self.shown.append((view, *more))
        for name, amount in self.notes.items():
            view.note[name] = amount
        return self.answer

    def stages(self, past):
        """One draft, half the final forecast."""
        return {"draft": self.answer / 2}


def planning(month=1, **desk):
    """A firm with three months of plans and 24 of the past, on its way through the cycle of a month."""
    notes, firm = {}, Only(plans=Plans(3, 4, 2, 5, 2, LANES), network=network(), lanes=LANES, checked=same)
    firm.desk = Only(month=month, note=notes, network=firm.network, sold_ahead=None, **desk)
    firm.cycle_notes, firm.past_months, firm.seen, firm.options = notes, 24, [], []
    firm.snapshots, firm.stages, firm.people, firm.purchasing, firm.pipeline = [], {}, None, None, None
    firm.begun_months = []
    firm.subcontractors, firm.records, firm.decided = None, dict, Decided(firm.network, None)
    return firm


def ahead(*rows):
    """The same in every month ahead and lane."""
    return np.tile(by_lane(*rows), (HORIZON, 1, 1))


def test_in_sight_is_what_is_signed_what_frames_hold_and_projects_by_their_odds():
    """40 signed, 7 in frames, 3 of projects by their odds: 50, of the second month of the run and 25 before it."""
    firm = planning(
        signed_ahead=ahead(40, 1, 0, 0), frames_expected=ahead(7, 2, 0, 0), weighted_projects_ahead=ahead(3, 4, 0, 9)
    )
    firm.call_offs = None
    firm.cycle_notes["of the month before"] = ahead(1, 1, 1, 1)
    firm.pipeline = Only(in_sight=by_lane(5.0), weighted=by_lane(2.0))
    firm.policy = Only(demand_plan=Rule(ahead(60, 8, 0, 9), {"small contracts": ahead(6, 0, 0, 0)}))
    firm.plans.made_in = [0]
    plan_demand(firm)
    [(month, seen)] = firm.seen
    assert month == 25
    np.testing.assert_array_equal(seen, ahead(50, 7, 0, 9))
    np.testing.assert_array_equal(firm.plans.demand[1], ahead(60, 8, 0, 9))
    tables = firm.plans.tables
    assert set(tables) == {"small contracts", "in sight by stage", "in sight by stage, as stated"}
    np.testing.assert_array_equal(tables["small contracts"][1], ahead(6, 0, 0, 0))
    np.testing.assert_array_equal(tables["in sight by stage"][1], by_lane(5.0))
    np.testing.assert_array_equal(tables["in sight by stage, as stated"][1], by_lane(2.0))


def test_the_first_cycle_of_all_teaches_nothing_of_what_is_in_sight():
    """The order book has only begun: 40 signed of the first month are not what a later month has by its second day."""
    firm = planning(
        0, signed_ahead=ahead(40, 1, 0, 0), frames_expected=ahead(7, 2, 0, 0), weighted_projects_ahead=ahead(3, 4, 0, 9)
    )
    firm.call_offs, firm.policy = None, Only(demand_plan=Rule(ahead(60, 8, 0, 9)))
    plan_demand(firm)
    assert firm.seen == []


def test_call_offs_are_learnt_from_what_frames_hold_for_this_month():
    """Seven for this month and nine for the next: whether the seven come is seen."""
    held, learnt = ahead(9, 2, 0, 0), []
    held[0, 0] = 7
    nothing = ahead(0, 0, 0, 0)
    firm = planning(signed_ahead=nothing, frames_expected=nothing, weighted_projects_ahead=nothing, frames_ahead=held)
    firm.call_offs = Only(hold_cycle=lambda units: learnt.append(units[:2, 0].tolist()))
    firm.policy = Only(demand_plan=Rule(nothing))
    plan_demand(firm)
    assert learnt == [[7, 2]]


def reporting(month=0, **more):
    """Ten cups a working day last January, eleven in February, and so on; 20 working days a month; growth of a quarter wanted."""
    deals = {"signed_ahead": ahead(40, 1, 0, 0), "frames_ahead": ahead(7, 2, 0, 0), "projects_ahead": ahead(3, 4, 0, 9)}
    firm = planning(month, **deals, budget=ahead(1, 2, 3, 4))
    rates = np.zeros((12, 4, LANES))
    rates[:, 0] = np.arange(10.0, 22.0)[:, None]
    season = np.arange(12)
    firm.past_to = lambda month: Past(rates, season, season, np.full(12, 20.0))
    firm.company = Only(finance=Only(budget_growth=0.25), marketing=None)
    firm.weather = Only(mood=np.zeros((3, 4, LANES)), told=None, campaigns=None)
    firm.policy = Only(forecast=Rule(ahead(8, 6, 4, 2)), corrects_bias=False)
    firm.register = Only(correct=lambda month: None)
    vars(firm).update(more)
    return firm


def test_the_budget_is_last_year_grown_and_then_grown_once_more():
    """January 200 and a quarter, 250; December 420 and a quarter, 525; the year after 312.5; what the run never reaches is left out."""
    firm = reporting()
    report_sales(firm)
    budget = firm.plans.budget
    assert len(budget) == 3 + 13
    np.testing.assert_allclose(budget[[0, 1, 11, 12, 15], 0, 0], [250, 275, 525, 312.5, 406.25])
    np.testing.assert_array_equal(budget[:, 1:], 0.0)


@pytest.mark.parametrize(
    ("made", "month", "set_now"), [([0], 1, False), ([], 1, True), ([0, 11], 12, True), ([0, 12], 13, False)]
)
def test_the_budget_is_set_in_the_first_cycle_of_a_year(made, month, set_now):
    """February keeps what January set, in the second year as well; the first cycle, and the first of a year, set it from their month on."""
    firm = reporting(month)
    firm.plans, firm.weather.mood = Plans(14, 4, 2, 5, 2, LANES), np.zeros((14, 4, LANES))
    firm.plans.made_in = made
    report_sales(firm)
    np.testing.assert_allclose(firm.plans.budget[[month - 1, month], 0, 0], [0, 250 if set_now else 0])


def test_the_forecast_is_shown_deals_in_full_and_kept_with_its_drafts():
    """Known are 40 + 7 + 3 cups; what is not sold is not forecast; the record keeps each stage of the month after, 24 + 1 + 1."""
    firm = reporting(1)
    firm.desk.sold_ahead = ahead(1, 1, 0, 1)
    firm.plans.made_in = [0]
    report_sales(firm)
    [(past,)] = firm.policy.forecast.shown
    np.testing.assert_array_equal(past.known, ahead(50, 7, 0, 9))
    np.testing.assert_array_equal(past.budget, ahead(1, 2, 3, 4))
    np.testing.assert_array_equal(firm.plans.forecast[1], ahead(8, 6, 0, 2))
    assert firm.plans.forecast_in == [1]
    assert firm.snapshots[0][0] == 25
    assert {stage: kept[0][0] for stage, kept in firm.stages.items()} == {"draft": 26, "final": 26}
    np.testing.assert_array_equal(firm.plans.tables["forecast: final"][1], by_lane(8, 6, 0, 2))
    np.testing.assert_array_equal(firm.stages["draft"][0][1], by_lane(4, 3, 2, 1))


# --- supply plan ---


def test_a_decision_protects_for_lead_time_and_the_days_to_the_next_one():
    """Lead times 1, 1, 3, 4, 9 and a week to the next decision, today's evening counted once: 7, 7, 9, 10, 15."""
    firm = planning()
    firm.policy = Only(reviews=lambda desk: np.full((5, 1), 7.0))
    assert protection_interval(firm)[:, 0].tolist() == [7, 7, 9, 10, 15]


def guarded(**desk):
    """Forty of everything is asked to be held, where two a day of everything are used."""
    firm = planning(**{"usage": lambda: by_lane(2, 2, 2, 2, 2), **desk})
    rule = Rule(by_lane(40, 40, 40, 40, 40))
    firm.policy = Only(safety_stock=rule, safety_stock_static=False, reviews=lambda desk: np.full((5, 1), 7.0))
    return firm, rule


def test_no_more_is_held_than_is_used_within_its_life():
    """Bowls keep 20 days, a replenishment serves 9 - 3 + 1: 13 days of 2 are 26. Clay keeps 5 and is to serve 15 - 9 + 1 = 7: none."""
    firm, rule = guarded()
    np.testing.assert_array_equal(safety_stock(firm), by_lane(40, 40, 26, 40, 0))
    assert rule.shown[0][1][:, 0].tolist() == [7, 7, 9, 10, 15]
    rule.answer = by_lane(40, 40, 10, 40, 0)
    np.testing.assert_array_equal(safety_stock(firm), rule.answer)


@pytest.mark.parametrize("gone", [0, 1])
def test_nothing_is_held_of_what_is_not_sold_next_month(gone):
    """Bowls are not sold this month, or next: neither they nor their clay are guarded; two months on is soon enough."""
    sold = ahead(1, 1, 1, 1)
    sold[2:, 0], sold[gone, 2] = 0.0, 0.0
    firm, _ = guarded()
    firm.desk.sold_ahead = sold[:, :, :1]
    np.testing.assert_array_equal(safety_stock(firm), by_lane(40, 40, 0, 40, 0))


def test_static_safety_stock_is_that_of_the_last_cycle_with_a_past():
    """33 were drafted in the first month; without any past before it they are worked out anew."""
    firm, rule = guarded()
    firm.policy.safety_stock_static, firm.plans.made_in = True, [0]
    firm.plans.table("safety stock drafted", (5, LANES))[0] = 33.0
    np.testing.assert_array_equal(safety_stock(firm), by_lane(33, 33, 33, 33, 33))
    assert not rule.shown
    firm.past_months, firm.plans.made_in = 1, [0, 2]  # the third month had a past, however little of it before the run
    firm.plans.tables["safety stock drafted"][2] = 44.0
    np.testing.assert_array_equal(safety_stock(firm), by_lane(44, 44, 44, 44, 44))
    firm.past_months, firm.plans.made_in = 0, [0]
    np.testing.assert_array_equal(safety_stock(firm), by_lane(40, 40, 26, 40, 0))


def supplying():
    """The workshop on its way through the second cycle, with people, subcontractors and a plan that asks for some outside."""
    firm, rule = guarded(
        demand_plan=ahead(20, 20, 10, 5),
        made_this_month=lambda: by_lane(6, 4, 8, 0, 0),
        share_left_of_month=lambda: 1.0,
        working_days_by_month=lambda: np.full(HORIZON, 20.0),
        share_over=0.1,
        signed_ahead=ahead(9, 7, 5, 3),
        due_so_far=by_lane(4, 3, 2, 1),
    )
    firm.company, firm.subcontractors = Only(finance=Only(holding_rate=0.24)), True
    firm.people = Only(path=lambda wanted: (0, 0), cost=lambda heads, days: 0.0)
    firm.purchasing = Only(site_share_ahead=lambda months: np.full((months, 2, LANES), 0.5))
    firm.cycle_notes["of the demand plan"] = by_lane(7.0)
    wish = Rule(ahead(50, 10), {OUTSIDE: ahead(2, 1), "of the supply plan": by_lane(3.0)})
    offers = [("inside", ahead(30, 8), ahead(0, 0)), ("outside", ahead(30, 8), ahead(1, 0), ahead(5, 0))]
    people = Rule(ahead(4, 2))
    vars(firm.policy).update(plans_families=True, supply_plan=wish, capacity=Rule(offers), workforce=people)
    firm.policy.further = FurtherOptions()
    return firm, rule


@pytest.fixture
def projected(monkeypatch):
    """An outlook in which 9 of clay and 3 vases are due, and nothing else is known."""
    module = "simulator.engine.month.supply_plan"
    monkeypatch.setattr(f"{module}.Outlook", lambda desk, families: Only(parts_due=ahead(3, 9)))
    valued = {name: np.zeros(LANES) for name in ("cost", "low", "high")}
    valued |= {"shortage": ahead(0, 0), "closing_stock": ahead(0, 0), "figures": np.zeros((len(CRITERIA), LANES))}
    monkeypatch.setattr(
        f"{module}.Valuation", lambda firm, outlook: Only(impact=lambda option: replace(option, **valued))
    )


@pytest.mark.usefixtures("projected")
def test_options_make_outside_what_plan_and_check_ask_for_together():
    """The plan asks for 2 cups and 1 bowl outside, the second option for 5 cups more; what the plan wished for stays in the minutes."""
    firm, _ = supplying()
    firm.network.perishable = firm.network.perishable[1:]  # clay alone goes bad: plans are left as they are
    plan_supply(firm)
    one, two = firm.options
    np.testing.assert_array_equal(one.outside, ahead(2, 1))
    np.testing.assert_array_equal(two.outside, ahead(7, 1))
    tables = firm.plans.tables
    np.testing.assert_array_equal(tables["wished"][1], ahead(50, 10))
    np.testing.assert_array_equal(tables["parts due"][1], ahead(3, 9))
    np.testing.assert_array_equal(tables["safety stock drafted"][1], firm.plans.safety_stock[1])
    np.testing.assert_array_equal(tables["of the supply plan"][1], by_lane(3.0))
    np.testing.assert_array_equal(tables["share of sites open"][1], ahead(0.5, 0.5))
    assert "of the demand plan" not in tables
    assert firm.plans.options[1] == ("inside", "outside")
    [(at, over, signed, due)] = firm.begun_months  # the second month of the run, 24 before it
    assert (at, over) == (25, 0.1)
    np.testing.assert_array_equal(signed, by_lane(9, 7, 5, 3))
    np.testing.assert_array_equal(due, by_lane(4, 3, 2, 1))


@pytest.mark.usefixtures("projected")
def test_people_are_wanted_for_the_hours_of_what_is_still_to_make():
    """A good cup takes .1 / .8 hours, a mug .2, in equal parts .1625: 20 of 30 are to make, 3.25 hours; then 4.875.

    The 8 bowls of the month are made; then each takes half an hour in the kiln, 4.
    """
    firm, _ = supplying()
    firm.network.perishable = firm.network.perishable[1:]
    plan_supply(firm)
    _, hours = firm.policy.workforce.shown[0]
    np.testing.assert_allclose(hours[:3, :, 0], [(3.25, 0), (4.875, 4), (4.875, 4)])
    np.testing.assert_array_equal(firm.options[0].people, ahead(4, 2))


# --- pre-meeting and executive meeting ---


def decided(month=1, **policy):
    """Two options of which the first costs 5 and 9, the second 7 and 8: the first lane takes the first, the other the second."""
    firm = planning(month)
    firm.options = [
        Option("one", ahead(30, 8), ahead(1, 0), people=by_lane(4, 2), outside=None),
        Option("two", ahead(40, 9), ahead(2, 3), people=by_lane(5, 3), outside=ahead(6, 0)),
    ]
    stocks, shorts, costs = (ahead(11, 12), ahead(21, 22)), (ahead(1, 2), ahead(3, 4)), ((5.0, 9.0), (7.0, 8.0))
    for option, stock, short, cost in zip(firm.options, stocks, shorts, costs, strict=True):
        option.closing_stock, option.shortage, option.cost = stock, short, np.array(cost)
        option.figures = np.zeros((len(CRITERIA), LANES))
        option.figures[0] = cost
    firm.policy = Only(further=Only(keeps_to_line=False), safety_stock=Rule(), shortage=Rule(by_lane(1, 1, 1, 1, 1)))
    firm.policy.pre_meeting_criteria = firm.policy.executive_criteria = BY_COST
    firm.register = Only(raise_actions=lambda month: None)
    settings = {"frozen_months": 0, "decision_delay": 0, "slip_probability": 0.0, "slip_days": 3}
    vars(firm.policy).update(settings | policy)
    firm.plans.safety_stock[month] = 40.0
    firm.today, firm.calendar = 4, Days(Calendar(working_days=("mon", "tue", "wed", "thu", "fri")), 3)
    firm.planning_day = np.zeros(60, dtype=bool)
    firm.weather = Only(slip=np.tile([0.2, 0.6], (3, 1)))
    firm.plans.made_in = [0] if month else []
    firm.plans.recommended[month] = np.array([0, 1])
    firm.outlook = Only(
        opening=by_lane(1, 2, 3, 4), demand=ahead(9, 9, 9, 9), receipts=lambda *plans: ahead(5, 6, 7, 8)
    )
    return firm


def test_the_cheaper_option_is_recommended_lane_by_lane():
    """5 against 7 and 9 against 8; its shortage is the minutes', and the shortage rule sees that shortage."""
    firm = decided()
    firm.plans.recommended.clear()
    balance(firm)
    plans = firm.plans
    assert plans.recommended[1].tolist() == [0, 1]
    np.testing.assert_array_equal(plans.tables["option wanted"][1], [(0, 0), (0, 0), (0, 1)])
    np.testing.assert_array_equal(plans.tables["shortage"][1, 0], [(1, 3), (2, 4)])
    np.testing.assert_array_equal(firm.policy.shortage.shown[0][1], plans.tables["shortage"][1])
    np.testing.assert_array_equal(plans.safety_stock[1], 1.0)


def test_executives_decide_by_criteria_of_their_own():
    """By service alone .2 beats .3 in the first lane, and .4 against .4 is no reason to leave the recommended option in the second."""
    firm = decided(executive_criteria=Criteria(service=1.0))
    service = CRITERIA.index("service")
    firm.options[0].figures[service], firm.options[1].figures[service] = (0.3, 0.4), (0.2, 0.4)
    decide(firm)
    assert firm.plans.chosen[1].tolist() == [1, 1]
    np.testing.assert_array_equal(firm.plans.production[1, 0, 0], [40, 40])


def test_each_lane_gets_its_own_option():
    """Three options of one row: the first lane's third, the second lane's first."""
    assert option_of_each_lane(np.array([[[1, 2]], [[3, 4]], [[5, 6]]]), np.array([2, 0])).tolist() == [[5, 2]]


def test_the_projection_of_the_approved_plan_is_kept():
    """1 + 5 - 9 = -3 cups, and 0, 1 and 3 of the others, are projected of what was approved, 30 and 40 of cups."""
    firm, approved = decided(), []
    firm.outlook.receipts = lambda production, outside: approved.append(production) or ahead(5, 6, 7, 8)
    decide(firm)
    tables = firm.plans.tables
    np.testing.assert_array_equal(approved[0][0, 0], [30, 40])
    np.testing.assert_array_equal(tables["projected stock"][1, 0], by_lane(-3, -1, 1, 3))
    np.testing.assert_array_equal(tables["projected receipts"][1], ahead(5, 6, 7, 8))
    np.testing.assert_array_equal(tables["projected demand"][1], ahead(9, 9, 9, 9))


def test_frozen_months_keep_production_and_overtime_in_force():
    """Two months are frozen at 33 and 7 and their hours; changes asked are 2 x (3 + 1) in one lane and 2 x (7 + 2) in the other."""
    firm = decided(frozen_months=2)
    firm.desk.production_in_force = ahead(33, 7)
    firm.plans.force_overtime[:] = np.arange(16.0)[:, None, None]
    decide(firm)
    plans = firm.plans
    np.testing.assert_array_equal(plans.production[1, :3, :, 0], [(33, 7), (33, 7), (30, 8)])
    np.testing.assert_array_equal(plans.production[1, :3, :, 1], [(33, 7), (33, 7), (40, 9)])
    np.testing.assert_array_equal(plans.tables["changes asked inside the frozen zone"][1], [8, 18])
    np.testing.assert_array_equal(plans.overtime[1, :3, :, 0], [(1, 1), (2, 2), (1, 0)])
    np.testing.assert_array_equal(plans.overtime[1, :3, :, 1], [(1, 1), (2, 2), (2, 3)])
    assert plans.made_in == [0, 1]


def test_the_first_cycle_freezes_nothing_and_holds_at_once():
    """There is no plan to keep, and nobody waits or slips."""
    firm = decided(0, frozen_months=2, decision_delay=2, slip_probability=1.0)
    decide(firm)
    np.testing.assert_array_equal(firm.plans.production[0, 0, :, 1], [40, 9])
    np.testing.assert_array_equal(firm.plans.overtime[0, 0], [(1, 2), (0, 3)])
    assert firm.plans.effective[0].tolist() == [4, 4]
    assert "changes asked inside the frozen zone" not in firm.plans.tables


def test_a_decision_holds_after_its_delay_and_later_where_it_slips():
    """Decided on Friday 5 January: two working days on is Tuesday 9, day 8; three more is Friday 12, day 11, where luck is below .5."""
    firm = decided(decision_delay=2, slip_probability=0.5)
    decide(firm)
    assert firm.plans.effective[1].tolist() == [11, 8]
    assert np.flatnonzero(firm.planning_day).tolist() == [8]


@pytest.mark.parametrize(("days", "planned"), [(8, []), (9, [8])])
def test_a_decision_that_holds_after_the_last_day_is_planned_no_more(days, planned):
    """Day 8 is the first after a run of eight days, and the last one of nine."""
    firm = decided(decision_delay=2)
    firm.planning_day = np.zeros(days, dtype=bool)
    decide(firm)
    assert np.flatnonzero(firm.planning_day).tolist() == planned


def test_people_and_subcontractors_are_asked_for_the_approved_option():
    """The first lane takes people of 4 and 2 hours, the second of 5 and 3 and 6 cups outside; one more of each is under order."""
    firm, asked = decided(), {}

    def hire(wanted, effective, more):
        asked.update(wanted=wanted.tolist(), effective=effective.tolist())
        return {"people hired": by_lane(1, 0)}

    firm.people, firm.subcontractors = Only(decide=hire), Only(with_ordered=lambda outside: outside + 1.0)
    decide(firm)
    plans = firm.plans
    assert asked == {"wanted": [[4, 5], [2, 3]], "effective": [4, 4]}
    np.testing.assert_array_equal(plans.tables["people hired"][1], by_lane(1, 0))
    np.testing.assert_array_equal(plans.tables[OUTSIDE][1, 0], [(0, 6), (0, 0)])
    np.testing.assert_array_equal(plans.outside[1, 0], [(1, 7), (1, 1)])


@pytest.mark.parametrize(("hours", "settled"), [(True, False), (False, True)])
def test_people_are_settled_where_no_option_asks_for_hours(hours, settled):
    """Decisions beside the rules are added to what the approved option wants, or to who is there."""
    firm, asked = decided(), []
    if not hours:
        firm.options = [replace(option, people=None) for option in firm.options]
    firm.people = Only(decide=lambda wanted, effective, more: asked.append((wanted is None, more)) or {})
    firm.decided = Only(
        people=lambda month, settled: (month, settled),
        production=lambda month, plan: plan,
        overtime=lambda month, plan, day: plan,
        approved=lambda month: (),
    )
    decide(firm)
    assert asked == [(settled, (1, settled))]
