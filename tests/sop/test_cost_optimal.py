"""The linear program: as cheap as the textbook's, honest where there is no plan, and announced before it starts."""

import numpy as np
import pytest
from highspy import Highs

from simulator.engine.play import weather_for
from simulator.engine.scenario import preset
from simulator.kernel.units import ScenarioError
from simulator.planning.capacity import load_of
from simulator.planning.supply_plan import missing_in_words
from simulator.planning.supply_plan.program import Figures, Program, new_solver
from tests.sop.aggregate_problem import AggregateProblem, Infeasible
from tests.sop.aggregate_program import least_cost_plan
from tests.sop.workshop import bought, cups, played, policy, stream, two_families, with_subcontractor

MONTHS = 6
PRICES = {"stock": 2.0, "owed": 5.0, "outside": 20.0, "overtime": 1.5}
HOURS_EACH = 4.0
NO_CHANGES = {"more": np.zeros(1), "less": np.zeros(1)}


def figures_for(required, hours, overtime, outside=True, prices=PRICES, safety_stock=0.0, catch_up=MONTHS):
    """One family on one resource in each lane, four hours a unit."""
    required = np.asarray(required, dtype=float)
    months, lanes = required.shape
    return Figures(
        required=required[:, None],
        load=np.full((months, 1, 1, lanes), HOURS_EACH),
        days=np.full(months, 20.0),
        hours=np.full((months, 1, 1), float(hours)),
        overtime=np.full((months, 1, 1), float(overtime)),
        before=np.full((1, lanes), np.nan),
        safety_stock=np.full((1, lanes), float(safety_stock)),
        prices={**NO_CHANGES, **{name: np.full(1, price) for name, price in prices.items()}},
        catch_up=catch_up,
        outside=np.inf if outside else 0.0,
    )


def solved(figures):
    """The program's answer."""
    return Program(figures.days, np.ones((1, 1), dtype=bool)).solve(figures)


def cost(figures, solution, lane):
    """What a plan costs, worked out from what is made and bought alone."""
    made, outside = solution.make[:, 0, lane], solution.outside[:, 0, lane]
    net = np.cumsum(made + outside - figures.required[:, 0, lane])
    extra = np.maximum(made * HOURS_EACH - figures.hours[:, 0, 0], 0.0)
    p = {name: float(np.ravel(price)[0]) for name, price in figures.prices.items()}
    return (
        p["stock"] * np.maximum(net, 0).sum()
        + p["owed"] * np.maximum(-net, 0).sum()
        + p["outside"] * outside.sum()
        + p["overtime"] * extra.sum()
    )


@pytest.mark.parametrize(("outside", "overtime"), [(True, 800.0), (False, 800.0), (True, 0.0)])
def test_the_plan_is_as_cheap_as_the_textbook_program(outside, overtime):
    """The same problem told to both, in seven lanes: the same cost (Chopra & Meindl 2016, chapter 8)."""
    demand = np.random.default_rng(2).gamma(6.0, 150.0, (MONTHS, 7))
    figures = figures_for(demand, 4200.0, overtime, outside)
    solution = solved(figures)
    for lane in range(7):
        problem = AggregateProblem(
            demand=demand[:, lane],
            units_per_worker=4200.0 / HOURS_EACH,
            opening_workers=1.0,
            fewest_workers=1.0,
            most_workers=1.0,
            most_overtime=overtime / HOURS_EACH,
            overtime_per_worker=np.inf,
            overtime_cost=PRICES["overtime"] * HOURS_EACH,
            subcontract_cost=PRICES["outside"],
            most_subcontract=np.inf if outside else 0.0,
            holding_cost=PRICES["stock"],
            backlog_cost=PRICES["owed"],
            most_backlog=np.inf,
        )
        try:
            least = least_cost_plan(problem).cost
        except Infeasible:
            assert not solution.found[lane]
            continue
        assert solution.found[lane]
        np.testing.assert_allclose(cost(figures, solution, lane), least, rtol=1e-8, atol=1e-6)
    assert solution.found.any()


def test_a_plan_holds_its_hours_and_catches_up():
    """Hours and overtime in every month; nothing owed at the end."""
    demand = np.random.default_rng(3).gamma(6.0, 150.0, (MONTHS, 9))
    figures = figures_for(demand, 4000.0, 900.0)
    solution = solved(figures)
    assert (load_of(solution.make, figures.load) <= 4900.0 * (1 + 1e-9)).all()
    assert (np.cumsum(solution.make + solution.outside - demand[:, None], axis=0)[-1] > -1e-6).all()


def test_safety_stock_is_taken_before_anyone_is_owed():
    """Ninety of safety stock and sixty too few hours' worth: sixty come from safety stock, which is filled up again."""
    demand = np.array([[100.0, 160.0, 100.0, 100.0, 100.0, 40.0]]).T
    eaten = {"first eaten": 1.0, "then eaten": 2.0, "last eaten": 3.0}
    figures = figures_for(demand, 400.0, 0.0, False, {**PRICES, "stock": 50.0, **eaten}, safety_stock=90.0)
    solution = solved(figures)
    np.testing.assert_allclose(solution.make[:, 0, 0], [100, 100, 100, 100, 100, 100], rtol=1e-6)


def test_changes_of_hours_are_paid_from_the_level_worked_at():
    """What is made now counts as the month before; where nothing is planned yet the first month is free."""
    demand = np.array([[100.0] * MONTHS, [100.0] * MONTHS]).T
    figures = figures_for(demand, 4000.0, 0.0, False, {**PRICES, "more": 30.0, "less": 30.0, "stock": 0.1})
    figures.before[0, 1] = 120.0 / 20.0
    made = solved(figures).make[:, 0]
    np.testing.assert_allclose(made[:, 0], 100.0, rtol=1e-6)
    assert made[0, 1] == pytest.approx(120.0)


def test_what_is_missing_is_said_in_hours():
    """Six months of 400 hours, 700 units of four hours: 400 hours lack; with everything caught up by month 3, more and sooner."""
    demand = np.array([[150.0, 150.0, 150.0, 150.0, 50.0, 50.0]]).T
    late = solved(figures_for(demand, 400.0, 0.0, False))
    soon = solved(figures_for(demand, 400.0, 0.0, False, catch_up=3))
    assert not late.found[0]
    assert not soon.found[0]
    np.testing.assert_allclose(late.missing.sum(), 700 * 4 - 6 * 400, rtol=1e-6)
    np.testing.assert_allclose(late.missing[:5], 0, atol=1e-6)  # as late as possible
    np.testing.assert_allclose(soon.missing[:, 0, 0], [0, 0, 600, 200, 0, 0], atol=1e-3)


def test_a_lane_is_solved_the_same_alone_or_in_company():
    """To the last bit: nothing is shared between the programs of two lanes."""
    demand = np.random.default_rng(5).gamma(6.0, 150.0, (MONTHS, 8))
    together = solved(figures_for(demand, 4000.0, 700.0))
    few = solved(figures_for(demand[:, [1, 6]], 4000.0, 700.0))
    np.testing.assert_array_equal(few.make, together.make[..., [1, 6]])


def test_a_caller_may_have_used_the_solver_in_its_own_way():
    """Six months of 120 units of four hours, 400 hours a month: 480 lack, also where HiGHS chose its threads in this thread before."""
    other = Highs()
    other.silent()
    other.maximize(other.addVariable(0.0, 1.0))
    short = solved(figures_for(np.full((MONTHS, 1), 120.0), 400.0, 0.0, False))
    assert not short.found[0]
    np.testing.assert_allclose(short.missing.sum(), 480.0, rtol=1e-6)


OTHER_WAYS = [
    ("presolve", "choose"),
    ("simplex_strategy", 4),
    ("solver", "ipm"),
    ("simplex_dual_edge_weight_strategy", 2),
]


@pytest.mark.parametrize(("option", "value"), OTHER_WAYS)
def test_plans_that_cost_the_same_are_told_apart_by_a_rule(monkeypatch, option, value):
    """Two equal families, 400 hours too few in the last month: the first in the file is made ahead, in the month before, by any way.

    A month has 1,000 hours, and a unit takes four: 250 of the last month's 350 units can be made in it, and 100 in the fifth beside
    the 150 that it needs itself.
    """

    def otherwise():
        solver = new_solver()
        solver.setOptionValue(option, value)
        return solver

    required = np.full((MONTHS, 2, 1), 75.0)
    required[-1] = 175.0
    one = figures_for(np.zeros((MONTHS, 1)), 1000.0, 0.0, False)
    same = {name: getattr(one, name) for name in ("days", "hours", "overtime", "prices", "catch_up", "outside")}
    wide = {"load": np.full((MONTHS, 2, 1, 1), HOURS_EACH), "before": np.full((2, 1), np.nan)}
    figures = Figures(required=required, safety_stock=np.zeros((2, 1)), **wide, **same)
    program = Program(figures.days, np.ones((2, 1), dtype=bool))
    for solve_with in (new_solver, otherwise):
        monkeypatch.setattr("simulator.planning.supply_plan.program.new_solver", solve_with)
        made = program.solve(figures).make[..., 0]
        np.testing.assert_allclose(made[:4], 75.0, rtol=1e-6)
        np.testing.assert_allclose(made[4:], [[175.0, 75.0], [75.0, 175.0]], rtol=1e-6)


# --- in a company ---


def test_without_a_plan_the_fitted_chase_plan_is_followed_and_it_is_noted():
    """A wheel of 8 a day, 9.6 with overtime, of 10 asked: nobody ever catches up."""
    books = played(cups(hours=0.8, overtime=0.2, opening=20), policy(supply_plan="cost-optimal"))
    plans, days = books.plans, np.array([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    np.testing.assert_array_equal(plans.tables["plans without a solution"], 1.0)
    np.testing.assert_allclose(plans.production[0, :, 0, 0], 9.6 * days)
    asked = 10 * days.sum() - 20
    np.testing.assert_allclose(plans.tables["hours missing"][0, :, 0, 0].sum(), 0.1 * (asked - 9.6 * days.sum()))
    names = [f"2024-{month:02}" for month in range(1, 13)]
    told = missing_in_words(names, ["wheel"], plans.tables["hours missing"][0, :, :, 0])
    assert str(told) == (
        "No plan catches up: 13 hours of wheel in 2024-12 missing; instead demand is chased within hours and overtime."
    )
    assert not missing_in_words(names, ["wheel"], np.zeros((12, 1)))


def test_lanes_with_a_plan_keep_theirs():
    """With hours that just suffice luck decides who finds a plan; each lane's is the same without those beside it."""
    resources = {name: {"hours": 5.6, "overtime": 0.1} for name in ("saw", "paint")}
    experiment = {"months": 3, "history": 18, "replications": 6, "seed": 3}
    company = two_families(resources=resources, experiment=experiment)
    how = policy(supply_plan="cost-optimal")
    books = played(company, how)
    assert set(np.unique(books.plans.tables["plans without a solution"])) == {0.0, 1.0}
    few = [0, 4]
    alone = played(company, how, weather_for(company, 3, few))
    np.testing.assert_array_equal(alone.plans.production, books.plans.production[..., few])
    np.testing.assert_array_equal(alone.flows["released"], books.flows["released"][..., few])


def test_subcontracting_is_planned_only_where_somebody_offers_it():
    """A fifth of the demand is beyond the wheel: with a subcontractor it is bought outside, as the floor does not make it."""
    plans = played(with_subcontractor(cups(hours=0.8, opening=20)), policy(supply_plan="cost-optimal")).plans
    np.testing.assert_array_equal(plans.tables["plans without a solution"], 0.0)
    days = np.array([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    outside, make = plans.tables["made outside"][0, :, 0, 0], plans.production[0, :, 0, 0]
    np.testing.assert_allclose(make + outside, 10.0 * days + [-20 + 10, *[0] * 10, -10], atol=1e-6)
    np.testing.assert_allclose(make, 8.0 * days, rtol=1e-6)
    without = played(cups(opening=20), policy(supply_plan="cost-optimal")).plans
    assert "made outside" not in without.tables


def test_families_that_take_no_hours_follow_demand():
    """A bought family and one that is made without hours: chase, and no program for a company of these alone."""
    free = {"family": "free", "price": 4.0, "opening_stock": 20.0, "make": {}}
    mug = {"family": "mugs", "price": 4.0, "unit_cost": 2.0, "opening_stock": 50.0, "buy": bought(5)}
    company = cups(
        products={"free": free, "mug": mug},
        suppliers={"near": {}},
        demand={"everyday": [stream("free", 10), stream("mug", 7)]},
    )
    chase, best = (played(company, policy(supply_plan=rule)).plans for rule in ("chase", "cost-optimal"))
    np.testing.assert_array_equal(chase.production, best.production)
    assert preset("sop-optimised").supply_plan.cost_note(company.network, 100 * company.experiment.months) is None


def test_it_says_its_cost_before_it_starts():
    """How many programs, and about how long; rules that are quick say nothing."""
    company = two_families()
    told = preset("sop-optimised").supply_plan.cost_note(company.network, 100 * company.experiment.months)
    assert str(told).startswith("cost-optimal solves 700 linear programs, about ")
    assert str(told).endswith(" s on this machine")
    assert preset("sop").supply_plan.cost_note(company.network, 100 * company.experiment.months) is None


def test_costs_that_are_not_there_are_asked_for():
    """No price, no margin: one sentence names rule, family and remedy."""
    company = cups(products={"cup": {"family": "cups", "unit_cost": 2.0, "make": {"hours": {"wheel": 0.1}}}})
    with pytest.raises(
        ScenarioError, match=r"^the rule 'cost-optimal' needs a cost of owing above 0, and family 'cups' has"
    ):
        played(company, policy(supply_plan="cost-optimal"))
    idle = cups(resources={"wheel": {"hours": 2.0, "change_cost": 0.0}})
    with pytest.raises(
        ScenarioError, match=r"'linear-decision-rule' needs a cost of changing hours above 0, and family"
    ):
        played(idle, policy(supply_plan="linear-decision-rule"))
