"""What supply plans reckon with, digits worked by hand: costs of families, people and changes, rules, sources, express orders."""

from types import SimpleNamespace as Only

import numpy as np
import pytest

from simulator.kernel.messages import msg
from simulator.kernel.plans import HORIZON
from simulator.kernel.units import DAYS_A_MONTH, PolicyError
from simulator.planning import rules
from simulator.planning.supply_plan import cost_optimal, decision_rule
from simulator.planning.supply_plan.cost_optimal import CostOptimal, missing_in_words, seconds_each, uses, with_load
from simulator.planning.supply_plan.decision_rule import LinearDecision, decide, demand_and_stock, newsvendor_curve
from simulator.planning.supply_plan.program import EATEN, Figures, Program, Staffed, family_costs, insist
from simulator.planning.supply_plan.staff import (
    change_rates,
    cost_of_hours,
    hours_of,
    hours_to_plan,
    outside_rate,
    prices_of_people,
)
from simulator.planning.supply_plan.staffed_program import StaffedProgram
from simulator.planning.workforce import averaged, outside_band
from tests.engine.small import BREAD, CAKE, FLOUR, SALT, at, company, expecting, holding

BAKED, DRY = 0, 1
FINANCE = {"finance__holding_rate": 0.24, "finance__late_penalty": 0.01}


def column(*figures):
    """A figure of each row."""
    return np.array(figures, dtype=float)[:, None]


# --- costs of a family ---


def test_costs_of_a_family_are_means_over_its_mix():
    """Three loaves to a cake: cost .75 x 2 + .25 x 4 = 2.5, price 6.25, of which 3.75 and 1 % a day of 30.4375 are at stake.

    In two months whose mixes are 1 and .5 bread the mean is .75. A price below cost leaves the penalty alone.
    """
    desk = at(**FINANCE).desk
    mix = np.array([[[1.0], [0.0], [1.0]], [[0.5], [0.5], [1.0]]])
    found = family_costs(desk, mix)
    assert found.unit[:, 0].tolist() == pytest.approx([2.5, 1])
    assert found.holding[:, 0].tolist() == pytest.approx([2.5 * 0.02, 0.02])
    assert found.owed[:, 0].tolist() == pytest.approx([3.75 + 0.01 * DAYS_A_MONTH * 6.25, 2 + 0.01 * DAYS_A_MONTH * 3])
    below = family_costs(at(**FINANCE, products__salt__unit_cost=4.0).desk, mix).owed[DRY, 0]
    assert below == pytest.approx(0.01 * DAYS_A_MONTH * 3)


def test_a_cost_above_nothing_is_insisted_on():
    """In every replication."""
    words = msg("a cost of owing"), msg("give it one")
    insist("rule", np.array([[0.1, 0.2]]), ["cups"], *words)
    for figures in ([[0.1, 0.0]], [[-1.0, 1.0]]):
        with pytest.raises(PolicyError, match="family 'cups' has none; give it one"):
            insist("rule", np.array(figures), ["cups"], *words)


# --- the linear decision rule ---


def test_the_newsvendors_cost_curves_at_its_least():
    """h 1 and b 1: 2 phi(0) / 2 = .39894; h 1 and b 3: z .67449, phi .317777, 4 x .317777 / 2 = .635553; without a cost nothing."""
    found = newsvendor_curve(np.array([1.0, 1.0, 0.0, 1.0, 2.0]), np.array([1.0, 3.0, 3.0, 0.0, 6.0]))
    np.testing.assert_allclose(found, [0.398942, 0.635553, 0, 0, 2 * 0.635553], atol=2e-6)


def resources(**more):
    """The line, the oven: their rates."""
    line = {
        "resources__line__change_cost": 6.0,
        "resources__line__hour_cost": 7.0,
        "resources__line__overtime_premium": 3.0,
    }
    oven = {
        "resources__oven__change_cost": 10.0,
        "resources__oven__hour_cost": 20.0,
        "resources__oven__overtime_premium": 8.0,
    }
    return at(**FINANCE, **line, **oven, **more)


def test_costs_of_the_linear_rule():
    """Bread and cake alike: .05 of an hour at the line and .1 at the oven. Change .05 x 6 + .1 x 10; overtime .05 x 5 + .1 x 14."""
    [(change, overtime, stock)] = LinearDecision()._costs(resources().desk, np.array([BAKED]))
    assert change == pytest.approx(1.3)
    assert overtime == pytest.approx(1.65)
    owed = 4.5 + 0.01 * DAYS_A_MONTH * 7.5
    assert stock == pytest.approx(float(newsvendor_curve(np.array([3 * 0.02]), np.array([owed]))[0]))


@pytest.mark.parametrize(
    ("entries", "lacks"),
    [
        ({"resources__line__change_cost": 0.0, "resources__oven__change_cost": 0.0}, "a cost of changing hours"),
        (
            {
                f"resources__{name}__{rate}": 0.0
                for name in ("line", "oven")
                for rate in ("hour_cost", "overtime_premium")
            },
            "a cost of overtime and idle hours",
        ),
        ({"finance__holding_rate": 0.0, "finance__capital_rate": 0.0}, "a cost of stock"),
    ],
)
def test_a_linear_rule_without_costs_is_refused(entries, lacks):
    """Each by what it lacks."""
    base = {
        "resources__line__change_cost": 6.0, "resources__oven__change_cost": 6.0, "resources__line__hour_cost": 7.0,
        "resources__oven__hour_cost": 7.0,
    }  # fmt: skip
    with pytest.raises(PolicyError, match=lacks):
        LinearDecision()._costs(at(**{**base, **entries}).desk, np.array([BAKED]))


def test_demand_is_that_of_a_lead_time_later_and_stock_what_is_beyond_safety_stock():
    """Ten loaves a day, a day to bake them; 60 there, 5 owed, 20 of safety stock: 55 - 20 - 10 = 25. Salt is bought."""
    firm = holding(expecting(at(), bread=10, salt=4), BREAD, on_hand=60, owed=5)
    firm.plans.safety_stock[0, BREAD] = 20
    demand, stock = demand_and_stock(firm.desk, np.array([BAKED]))
    assert stock[0].tolist() == pytest.approx([25, 25])
    assert demand[:3, 0, 0].tolist() == pytest.approx([280, 310, 300])


def test_each_family_is_decided_by_its_own_rule():
    """Rows of forecasts, levels and stocks by family."""

    def rule(k):
        return Only(decide=lambda ahead, level, stock: (ahead.sum() + k * level, stock - k))

    ahead = np.array([[1.0, 10.0], [2.0, 20.0]])
    made, level = decide([rule(1), rule(100)], ahead, np.array([5.0, 7.0]), np.array([3.0, 4.0]))
    assert (made.tolist(), level.tolist()) == ([8, 730], [2, -96])


def linear(monkeypatch, in_force=0.0, day=0, **made):
    """What the rule is shown, month by month, where it answers the month's rate and one more, and a level of 90 and on."""
    shown = []

    def answer(found, ahead, level, stock):
        shown.append((ahead[:, 0, 0].copy(), float(level[0, 0]), float(stock[0, 0])))
        return ahead[0] + 1, level * 0 + 90 + len(shown)

    monkeypatch.setattr(decision_rule, "decide", answer)
    monkeypatch.setattr(LinearDecision, "_costs", lambda *_: [])
    firm = holding(expecting(at(day), bread=10), BREAD, on_hand=60)
    firm.plans.force_production[:, BAKED] = in_force
    return (*LinearDecision()._decided(firm.desk, np.array([BAKED])), shown)


def test_the_linear_rule_goes_on_month_by_month(monkeypatch):
    """The mean month has 365 / 12 days: rates of 304.17, whatever a month's days; the plan is scaled to its own days.

    Level: the mean rate where nothing is in force, else what is in force of this month; then what was answered. Stock: 50
    beyond a day's demand, plus what is made, less what is asked.
    """
    mean = 365 / 12
    plan, levels, shown = linear(monkeypatch)
    np.testing.assert_allclose(plan[:2, 0, 0], [(10 * mean + 1) * 28 / mean, (10 * mean + 1) * 31 / mean])
    np.testing.assert_allclose(levels[:2, 0, 0], [91 / mean, 92 / mean])
    ahead, level, stock = shown[0]
    assert len(ahead) == 24
    np.testing.assert_allclose(ahead, 10 * mean)
    assert (level, stock) == (pytest.approx(10 * mean), pytest.approx(50))
    assert shown[1][1:] == (91, pytest.approx(50 + 28 / mean))
    assert shown[2][1:] == (92, pytest.approx(50 + 59 / mean))
    assert linear(monkeypatch, in_force=140.0)[2][0][1] == pytest.approx(140 / 28 * mean)


def test_within_a_month_the_linear_rule_plans_the_days_that_are_left(monkeypatch):
    """On the tenth of February 18 of 28 days are left; levels are of whole months."""
    mean = 365 / 12
    plan, _, shown = linear(monkeypatch, in_force=140.0, day=10)
    assert plan[0, 0, 0] == pytest.approx((10 * mean + 1) * 18 / mean)
    assert shown[0][1] == pytest.approx(140 / 28 * mean)


# --- people in a plan ---


MANNED = Only(
    manned=np.array([[True], [False]]),
    wage=column(9, 0),
    hire_cost=column(300, 0),
    dismiss_cost=column(500, 0),
    per_head=column(2, 1),
    a_head=column(1.5, 4),
    overtime=column(0.25, 0.5),
    least=column(1, 0),
    most=column(6, 0),
)


def staffed_desk(settled=True, staffing=MANNED, **more):
    """Two resources, the first with people; 10 and 8 hours a day, at most 12 and 8 with all that can be hired."""
    rate = {"saw": Only(change_cost=7.0, hour_cost=5.0), "oven": Only(change_cost=9.0, hour_cost=6.0)}
    return Only(
        resources=rate,
        network=Only(staffing=staffing, outside_premium=column(4.0)),
        settled_people=np.full((2, 2, 1), 3.0) if settled else None,
        hours_ahead=column(10, 8)[None],
        overtime_ahead=column(2, 3)[None],
        most_hours_ahead=column(12, 8)[None],
        people_reach=(np.array([[False, False], [True, False]]), np.array([[True, False], [True, False]])),
        settled_hours=column(5, 8),
        **more,
    )


def test_changes_of_hours_cost_nothing_where_people_have_a_price():
    """People hired and dismissed are paid for by themselves."""
    for desk, rates in (
        (staffed_desk(), [0, 9]),
        (staffed_desk(settled=False), [7, 9]),
        (staffed_desk(staffing=None), [7, 9]),
    ):
        more, less = change_rates(desk)
        assert more[:, 0].tolist() == less[:, 0].tolist() == rates


def test_an_hour_costs_the_wage_of_people_or_what_a_machine_costs():
    """Nine for people at the saw, six for the oven."""
    assert cost_of_hours(staffed_desk()).tolist() == [9, 6]
    assert cost_of_hours(staffed_desk(staffing=None)).tolist() == [5, 6]


def test_hours_of_people_are_chosen_and_others_given():
    """20 and 21 days: the saw's hours are chosen, the oven has 8 a day; overtime is a share of the most hours there may be."""
    days = np.array([20.0, 21.0])
    hours, longer, people = hours_to_plan(staffed_desk(), days)
    assert hours[..., 0].tolist() == [[0, 160], [0, 168]]
    assert longer[..., 0].tolist() == [[12 * 0.25 * 20, 8 * 0.5 * 20], [12 * 0.25 * 21, 8 * 0.5 * 21]]
    assert (people.least.tolist(), people.most.tolist()) == ([[1], [0]], [[6], [0]])
    assert people.can_come.tolist() == [[False, False], [True, False]]
    assert people.can_go.tolist() == [[True, False], [True, False]]
    for desk in (staffed_desk(settled=False), staffed_desk(staffing=None)):
        hours, longer, people = hours_to_plan(desk, days)
        assert hours[..., 0].tolist() == [[200, 160], [210, 168]]
        assert longer[..., 0].tolist() == [[40, 60], [42, 63]]
        assert people is None


def test_prices_of_people():
    """Two hours a head at nine on 20 and 21 days; hiring 300 and dismissing 500."""
    found = prices_of_people(staffed_desk(), np.array([20.0, 21.0]))
    assert found["heads"][..., 0].tolist() == [[360, 0], [378, 0]]
    assert (found["hired"][:, 0].tolist(), found["dismissed"][:, 0].tolist()) == ([300, 0], [500, 0])
    assert prices_of_people(staffed_desk(settled=False), np.array([20.0])) == {}
    assert prices_of_people(staffed_desk(staffing=None), np.array([20.0])) == {}


def test_making_outside_saves_no_wages_that_are_not_there():
    """Four beyond standard cost; where the people of half an hour could go, 4.5 more, and the oven's hour counts nothing."""
    load = np.array([[[[0.5], [2.0]]]])
    assert outside_rate(staffed_desk(), load)[..., 0].tolist() == [[4 + 4.5]]
    assert outside_rate(staffed_desk(settled=False), load)[..., 0].tolist() == [[4]]


def test_people_that_a_program_chose_give_hours():
    """Four heads at 1.5 where a plan was found; without one, and at the oven, the hours there are."""
    heads = np.full((2, 2, 2), 4.0)
    found = hours_of(staffed_desk(), Only(heads=heads, found=np.array([True, False])))
    assert found[0].tolist() == [[6, 5], [8, 8]]


STAFFING = Only(manned=np.array([[True]]), a_head=column(8), overtime=column(0.25))


def staffed(
    required, hire=10.0, dismiss=10.0, wage=0.0, longer=100.0, most=9.0, settled=2.0, least=0.0, reach=(True, True)
):
    """The cheapest plan of one family of an hour a unit, made by people of 8 hours on 20 days: 160 a month each."""
    required = np.array(required, dtype=float)
    months = len(required)
    can = [np.full((months, 1), may) for may in reach]
    people = Staffed(np.full((months, 1, 1), settled), column(least), column(most), *can)
    free = {name: np.zeros(1) for name in ("more", "less")}
    prices = {"stock": 1.0, "owed": 50.0, "overtime": 3.0, "heads": wage, "hired": hire, "dismissed": dismiss}
    figures = Figures(
        required=required[:, None, None],
        load=np.ones((months, 1, 1, 1)),
        days=np.full(months, 20.0),
        hours=np.zeros((months, 1, 1)),
        overtime=np.full((months, 1, 1), longer),
        before=np.full((1, 1), np.nan),
        safety_stock=np.zeros((1, 1)),
        prices=free | {name: np.full(1, price) for name, price in prices.items()},
        catch_up=months,
        people=people,
    )
    found = StaffedProgram(figures.days, np.ones((1, 1), dtype=bool), STAFFING).solve(figures)
    return found, found.heads[:, 0, 0].tolist()


def test_people_are_hired_where_that_is_cheaper_than_overtime():
    """480 units take three people: one is hired for 10, where 160 hours of overtime would be 480, and two may work 80 only."""
    found, heads = staffed([320, 480, 480])
    assert heads == pytest.approx([2, 3, 3])
    assert float(found.cost[0]) == pytest.approx(10)
    assert found.make[:, 0, 0].tolist() == pytest.approx([320, 480, 480])


def test_overtime_is_worked_where_that_is_cheaper_than_hiring():
    """Forty hours at 3 are 120, of the 80 that two people may work at most; hiring and dismissing would be 1,000 each."""
    found, heads = staffed([320, 360, 320], hire=1000.0, dismiss=1000.0)
    assert heads == pytest.approx([2, 2, 2])
    assert float(found.cost[0]) == pytest.approx(120)


def test_who_is_not_needed_is_dismissed_where_wages_cost_more():
    """One of two for 160 units a month: 30 to dismiss, 3 x 100 of wages saved; one always stays, nobody goes who cannot."""
    cost, heads = staffed([160, 160, 160], wage=100.0, dismiss=30.0)
    assert heads == pytest.approx([1, 1, 1])
    assert float(cost.cost[0]) == pytest.approx(300 + 30)
    assert staffed([160, 160], wage=100.0, dismiss=30.0, least=2.0)[1] == pytest.approx([2, 2])
    assert staffed([160, 160], wage=100.0, dismiss=30.0, reach=(True, False))[1] == pytest.approx([2, 2])


def test_nobody_is_hired_beyond_the_most_or_before_they_can_come():
    """Three at most, and nobody where nobody can come: then no plan catches up, and 160 hours a month lack of 480."""
    assert not staffed([640, 640], most=3.0)[0].found[0]
    late, _ = staffed([480, 480], reach=(False, True), longer=0.0)
    assert not late.found[0]
    assert float(late.missing.sum()) == pytest.approx(320, rel=1e-3)
    assert staffed([480, 480], most=1.0, settled=3.0)[1] == pytest.approx([3, 3])  # who is there may stay


# --- the figures of the cheapest plan ---


def test_figures_of_the_cheapest_plan():
    """On the tenth of February: 18 of 28 days are left, and holding and owing count for that part of the month.

    Bread alone: .1 of an hour at the line at 6 of change cost. 84 planned in February are 3 a day worked at. Safety stock
    of -5 cakes is none.
    """
    firm = holding(expecting(resources(resources__line__overtime=0.2), bread=10), BREAD, on_hand=60)
    firm.ledger.day = 10
    firm.plans.demand[0] = firm.plans.force_demand[:HORIZON]
    firm.plans.force_production[0, BAKED] = 84
    firm.plans.safety_stock[0, BREAD], firm.plans.safety_stock[0, CAKE] = 20, -5
    desk, load = firm.desk, np.zeros((HORIZON, 2, 2, 2))
    load[:, BAKED, 0] = 0.1
    mix = np.zeros((HORIZON, 3, 2))
    mix[:, BREAD] = mix[:, SALT] = 1.0
    found = CostOptimal(catch_up=4)._figures(desk, mix, load, np.array([BAKED]))
    part = 18 / 28
    owed = 3 + 0.01 * DAYS_A_MONTH * 5
    for name, each in {
        "stock": 0.04,
        "owed": owed,
        **dict(zip(EATEN, (0.15 * owed, 0.25 * owed, 0.4 * owed), strict=True)),
    }.items():
        assert found.prices[name][:2, 0, 0].tolist() == pytest.approx([part * each, each]), name
    assert found.prices["more"][0, 0, 0] == pytest.approx(0.6)
    assert found.prices["less"][0, 0, 0] == pytest.approx(0.6)
    assert found.prices["overtime"][:, 0].tolist() == [3, 8]
    assert found.before[:, 0].tolist() == pytest.approx([3])
    assert found.safety_stock[:, 0].tolist() == pytest.approx([20])
    assert found.required[0, 0, 0] == pytest.approx(10 * 19 + 20 - 60)
    assert found.days[:2].tolist() == [18, 31]
    assert found.hours[:2, :, 0].tolist() == [[180, 72], [310, 124]]
    assert found.overtime[:2, 0, 0].tolist() == pytest.approx([36, 62])
    assert (found.catch_up, found.outside, found.people) == (4, 0.0, None)
    firm.plans.force_production[0] = 0.0
    assert np.isnan(CostOptimal()._figures(desk, mix, load, np.array([BAKED])).before).all()


def test_families_take_the_hours_of_their_products():
    """Baked goods take line and oven, dry ones none."""
    network = company().network
    assert uses(network).tolist() == [[True, True], [False, False]]
    assert with_load(network).tolist() == [BAKED]


def test_a_made_up_year_tells_how_long_a_program_takes(monkeypatch):
    """Of 21 days a month at nine tenths of the hours of the busiest resource; twice as long for 8 replications is an eighth each."""
    seen, clock = [], iter([100.0, 104.0])
    monkeypatch.setattr(Program, "solve", lambda self, figures: seen.append(figures))
    monkeypatch.setattr(cost_optimal, "perf_counter", lambda: next(clock))
    assert seconds_each(company().network) == 0.5
    first, second = seen
    assert first is second
    assert first.required.shape == (HORIZON, 1, 8)
    # a unit takes .05 hours at the line of 10 and .1 at the oven of 4: the oven is the busier one
    wave = 1 + 0.6 * np.sin(np.arange(HORIZON)[:, None] + np.arange(8))
    scale = 0.9 * 21 * 4 / (0.1 * wave.mean())
    np.testing.assert_allclose(first.required[:, 0], scale * wave)
    np.testing.assert_allclose(first.load[0, 0, :, 0], [0.05, 0.1])
    np.testing.assert_allclose(first.hours[0, :, 0], [210, 84])
    np.testing.assert_allclose(first.safety_stock, 0.2 * scale)
    assert [float(first.prices[name][0]) for name in ("stock", *EATEN, "owed")] == [1, 3, 6, 9, 10]


def test_missing_hours_are_told_where_there_are_any():
    """Half an hour is none; the others by month and resource."""
    missing = np.array([[0.5, 12.0], [0.6, 0.0]])
    said = str(missing_in_words(["2026-02", "2026-03"], ["line", "oven"], missing))
    assert "12 hours of oven in 2026-02, 1 hours of line in 2026-03 missing" in said
    assert not str(missing_in_words(["2026-02", "2026-03"], ["line", "oven"], np.full((2, 2), 0.5)))


# --- people that a plan asks for ---


def working(*days):
    """The morning of a first of months with so many working days."""
    return Only(
        days=Only(month_start=np.arange(len(days) + 1), worked_so_far=np.cumsum([0, *days])),
        month=0,
        today=0,
        demand_plan=days,
    )


def test_hours_are_averaged_over_the_months_to_come():
    """100, 220 and 60 hours on 20, 20 and 10 days: 320 on 40 are 8, 280 on 30 are 9.33, the last month alone 6."""
    hours = column(100, 220, 60)[..., None]
    assert averaged(working(20, 20, 10), hours, 2)[:, 0, 0].tolist() == pytest.approx([8, 280 / 30, 6])
    assert averaged(working(20, 20, 10), hours, 3)[:, 0, 0].tolist() == pytest.approx([380 / 50, 280 / 30, 6])


def test_nobody_moves_inside_the_band_nor_before_they_can():
    """Ten hours there: 11 is inside a tenth, 12 not, but nobody can come before the second month. From 8 there are 8.7 inside, 8.9 not."""
    come, go = np.array([[False], [True], [True], [True]]), np.array([[True], [True], [True], [False]])
    desk = Only(settled_hours=column(10.0), people_reach=(come, go))
    needed = np.array([12.0, 12.0, 11.0, 8.0])[:, None, None]
    assert outside_band(desk, needed, 0.1)[:, 0, 0].tolist() == [10, 12, 12, 12]
    needed = np.array([8.0, 8.7, 8.9, 9.0])[:, None, None]
    assert outside_band(desk, needed, 0.1)[:, 0, 0].tolist() == [8, 8, 8.9, 8.9]


def test_people_follow_the_load_that_a_plan_may_take():
    """Two months of 180 and 90 hours on 20 and 10 days, nine tenths of an hour each: ten a day. The level is that of all months."""
    hours = np.array([180.0, 90.0, 360.0])[:, None, None]
    desk = working(20, 10, 20)
    always = np.ones((3, 1), dtype=bool)
    desk.settled_hours, desk.people_reach, desk.note = column(1.0), (always, always), {}
    known = rules.Workforce.known
    follow = known["follow-plan"](months=2, band=0.0)(desk, hours)
    assert follow[:, 0, 0].tolist() == pytest.approx([10, 450 / 30 / 0.9, 20])
    level = known["level"](band=0.0)(desk, hours)
    assert level[:, 0, 0].tolist() == pytest.approx([630 / 50 / 0.9] * 3)
    assert known["fixed"]()(desk, hours) is None
    desk.note["hours wanted of people"] = "chosen"
    assert known["follow-plan"]()(desk, hours) == "chosen"


# --- sources and express orders ---


SOURCES = Only(
    price=column(2.0, 2.5, 3.0),
    share=column(0.75, 0.25, 0.0),
    lead_time=column(10, 4, 7),
    minimum=column(0, 8, 0),
    multiple=column(0, 0, 5),
    first=np.array([0, 2]),
    item=np.array([0, 0, 1]),
    by_item=lambda amount: np.add.reduceat(amount, [0, 2], axis=0),
)


def ranked(rule, **settings):
    """Two sources of one item and one of another; the record of each."""
    record = Only(
        ordered=column(29, 4, 0),
        came=column(40, 20, 0),
        on_time=column(30, 20, 0),
        rejected=column(2, 0, 0),
        delay=column(0, 7, 0),
    )
    view = Only(network=Only(sources=SOURCES), supply_record=record)
    chosen = rules.Sourcing.known[rule](**settings)
    return chosen(view)[:, 0].tolist(), np.ravel(chosen.shares(view)).tolist()


def test_sources_are_ranked():
    """30 over .75 is 40 and 5 over .25 is 20: the second is behind; by price the first; by lead time and delay 10 is before 11.

    By record: 2 x (1 + (.2 x 10 + 2) / (40 + 3)), 2.5 without a fault, and 3 who has no record yet.
    """
    order, shares = ranked("shares")
    assert order == pytest.approx([40, 20, 1e9])
    assert shares == [0.75, 0.25, 0]
    assert ranked("cheapest") == ([2, 2.5, 3], [1, 0, 1])
    assert ranked("fastest") == ([10, 11, 7], [1, 0, 1])
    order, shares = ranked("by-record")
    assert order == pytest.approx([2 * (1 + 4 / 43), 2.5, 3])
    order, _ = ranked("by-record", late=1.0, rejected=5.0, credit=0.0)
    assert order == pytest.approx([2 * (1 + 20 / 40), 2.5, 3])
    order, shares = ranked("by-record", late=2.0, rejected=5.0, credit=0.0)
    assert order[0] == pytest.approx(2 * (1 + 30 / 40))
    assert shares == [0, 1, 1]


def test_sources_that_rank_alike_share_the_order():
    """Half each."""
    alike = rules.Sourcing.known["cheapest"]()
    sources = Only(**{**vars(SOURCES), "price": column(2.0, 2.0, 3.0)})
    assert alike.shares(Only(network=Only(sources=sources)))[:, 0].tolist() == [0.5, 0.5, 1]


def express(rule, on_hand, closed=0.0, ordered=100.0, **settings):
    """Salt of 4 a day with 3 days of lead time and 10 of safety stock, flour of none; the way may be closed for some days."""
    firm = holding(expecting(at(), salt=4), SALT, on_hand=on_hand)
    firm.plans.force_safety_stock[SALT] = 10
    bought = firm.network.bought.tolist()
    held = np.zeros((2, 1))
    held[bought.index(SALT)] = closed
    view = type("Tonight", (type(firm.view),), {"nothing_comes": held})(firm)
    asked = np.full((2, 2), ordered)
    found = rules.Expediting.known[rule](usage={"rule": "planned", "days": 20}, **settings)(view, asked)[:, 0]
    assert found[bought.index(FLOUR)] == 0
    return float(found[bought.index(SALT)])


@pytest.mark.parametrize(
    ("rule", "settings", "on_hand", "closed", "ordered", "units"),
    [
        ("cover", {}, 5, 0, 100, 7),  # 12 until the order is there
        ("cover", {}, 20, 0, 100, 0),
        ("cover", {"days": 2.0}, 5, 0, 100, 15),
        ("cover", {"days": 2.0}, 5, 0, 9, 9),  # no more than is ordered
        ("cover", {"days": 2.0}, 5, 6, 100, 27),  # the way is closed for six days
        ("cover", {"days": 2.0}, 5, 2, 100, 15),
        ("below-safety-stock", {}, 5, 0, 100, 17),
        ("below-safety-stock", {"share": 0.5}, 5, 0, 100, 12),
        ("below-safety-stock", {"share": 0.5}, 5, 6, 100, 24),
    ],
)
def test_as_much_goes_express_as_will_be_missing(rule, settings, on_hand, closed, ordered, units):
    """Before a normal order, or what is held up on its way, would come."""
    assert express(rule, on_hand, closed, ordered, **settings) == pytest.approx(units)


def test_express_orders_ask_for_plans_where_they_follow_them():
    """Safety stock is one, planned use too."""
    known = rules.Expediting.known
    past = {"usage": {"rule": "recent-mean", "days": 9}}
    assert [known[name](**past).asks_for_plans() for name in ("cover", "below-safety-stock")] == [False, True]
    assert known["cover"]().asks_for_plans()
    assert not known["none"]().asks_for_plans()
