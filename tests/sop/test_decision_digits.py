"""Decisions beside the rules, who is served when stock is short, lists that do not fit: digits worked by hand."""

import datetime as dt
from types import SimpleNamespace as Only

import numpy as np
import pytest

from simulator.company import Calendar, Days
from simulator.kernel.messages import msg
from simulator.kernel.units import ScenarioError
from simulator.planning import Policy, rules
from simulator.planning.decisions import DECISION_KINDS, Decided, Decision
from simulator.planning.fit import omissions, refuse_wrong_figures, unknown_items
from simulator.planning.supply_plan import decision_rule
from simulator.studies import tuning
from simulator.studies.factors import FactorWords
from simulator.studies.search_space import entries_to_search, safety_parameter
from tests.engine.small import BREAD, CAKE, FLOUR, SALT, company


def decided(*decisions):
    """What was decided for the bakery, which works from Monday to Friday; its first day is Sunday, 1 February 2026."""
    days = Days(Calendar(start=dt.date(2026, 2, 1), working_days=("mon", "tue", "wed", "thu", "fri")), 3)
    return Decided(company().network, days, [Decision(*each) for each in decisions])


def tables(*rows, months=3):
    """The same in every month and both replications."""
    return np.tile(np.array(rows, dtype=float)[None, :, None], (months, 1, 2))


def test_a_correction_goes_to_the_products_of_a_family_as_they_are_planned():
    """40 more of 30 loaves and 10 cakes are 30 and 10; 100 fewer leave nothing; where nothing is planned, half each."""
    plan = tables(30, 10, 7)
    assert decided(("forecast", "baked", 40.0, 1, 1)).demand_plan(1, plan)[0, :, 0].tolist() == [60, 20, 7]
    assert decided(("forecast", "baked", -100.0, 1, 1)).demand_plan(1, plan)[2, :, 1].tolist() == [0, 0, 7]
    assert decided(("forecast", "baked", 40.0, 1, 1)).demand_plan(1, tables(0, 0, 7))[0, :, 0].tolist() == [20, 20, 7]
    assert plan[0, :, 0].tolist() == [30, 10, 7]
    both = decided(("forecast", "baked", 40.0, 1, 1), ("forecast", "dry", 3.0, 1, 1))
    assert both.demand_plan(1, plan)[0, :, 0].tolist() == [60, 20, 10]


@pytest.mark.parametrize(("cycle", "holds"), [(0, False), (1, True), (2, True), (3, True), (4, False)])
def test_a_decision_holds_from_the_cycle_in_which_it_is_taken_to_the_one_that_it_names(cycle, holds):
    """Taken in the second month for the fourth."""
    made = decided(("forecast", "dry", 3.0, 1, 3))
    plan = tables(30, 10, 7)
    assert made.demand_plan(cycle, plan)[0, SALT, 0] == (10 if holds else 7)
    assert (made.demand_plan(cycle, plan) is plan) != holds


def test_safety_stock_of_a_family_is_shared_as_all_its_planned_demand():
    """Eight of 90 loaves and 30 cakes planned in three months: 6 and 2; others keep what they have."""
    made, stock = decided(("safety-stock", "baked", 8.0, 0, 0)), np.full((4, 2), 50.0)
    assert made.safety_stock(0, stock, tables(30, 10, 7))[:, 0].tolist() == [6, 2, 50, 50]
    assert (stock == 50).all()


def test_a_figure_of_the_plan_is_decided_for_its_month():
    """Taken in January for March: two months ahead, and one from February on."""
    made = decided(("production", "baked", 77.0, 0, 2), ("subcontract", "dry", 5.0, 0, 2))
    plan = tables(1, 2)
    assert made.production(0, plan)[:, :, 0].tolist() == [[1, 2], [1, 2], [77, 2]]
    assert made.production(1, plan)[:, :, 0].tolist() == [[1, 2], [77, 2], [1, 2]]
    assert made.outside(1, plan)[:, :, 0].tolist() == [[1, 2], [1, 5], [1, 2]]
    assert (plan == tables(1, 2)).all()


def test_overtime_is_spread_over_the_working_days_after_it_takes_effect():
    """Sixty hours of February, which has 20 working days, decided now: 4 a day over the 15 from Monday 9 on, day 8.

    March has 22; all of them where it was decided in February. After the month nothing is left to work in.
    """
    now, later = ("overtime", "oven", 60.0, 0, 0), ("overtime", "oven", 66.0, 0, 1)
    plan = tables(0, 0)
    assert decided(now).overtime(0, plan, 8)[:, :, 0].tolist() == [[0, 4], [0, 0], [0, 0]]
    assert decided(now).overtime(0, plan, 0)[0, 1, 0] == 3
    assert decided(later).overtime(0, plan, 8)[:, :, 0].tolist() == [[0, 0], [0, 3], [0, 0]]
    assert decided(later).overtime(1, plan, 40)[0, 1, 0] == 3
    assert decided(now).working_days(Decision(*now), 30) == 0
    assert decided(now).working_days(Decision(*now), 27) == 0  # a Saturday
    assert decided(now).working_days(Decision(*now), 26) == 1


def test_people_are_added_where_they_are_decided_or_to_who_is_there():
    """Two more at the oven in January and one in March, one fewer at the line in February."""
    made = decided(("people", "oven", 2.0, 0, 0), ("people", "oven", 1.0, 2, 2), ("people", "line", -1.0, 1, 1))
    assert made.people(0, False)[:, 0].tolist() == [0, 2]
    assert made.people(1, False)[:, 0].tolist() == [-1, 0]
    assert made.people(2, True)[:, 0].tolist() == [-1, 3]
    assert made.people(1, True)[:, 0].tolist() == [-1, 2]
    assert made.people(3, False) is None
    assert decided().people(0, True) is None


def test_what_goes_express_is_what_is_left_of_the_months_decision():
    """Thirty of flour in a month, of which 12 and 40 went so far: 18 are left, and none; nothing is asked for after it."""
    made = decided(("expedite", "flour", 30.0, 0, 1))
    [taken] = made.expedites
    row = company().network.bought.tolist().index(FLOUR)
    so_far = np.zeros((2, 2))
    so_far[row] = 12, 40
    left = made.express([taken], 1, so_far)
    assert left[row].tolist() == [18, 0]
    assert left.sum() == 18
    assert made.express([taken], 2, so_far) is None


def test_a_decision_is_written_as_it_is_typed():
    """With its month where that is a later one; months are counted from 1."""
    assert str(Decision("production", "baked", 77.5, 0, 2)) == "production:baked@3=77.5"
    assert str(Decision("production", "baked", 77.0, 2, 2)) == "production:baked=77"
    steps = {name: (kind.step, kind.below_zero, kind.repeats) for name, kind in DECISION_KINDS.items()}
    assert steps == {
        "forecast": (2, True, True), "safety-stock": (3, False, True), "production": (5, False, False),
        "overtime": (5, False, False), "subcontract": (5, False, False), "people": (5, True, False), "expedite": (5, False, True),
        "order-ahead": (5, False, False), "reserve": (5, False, True), "promise": (5, False, True),
        "decline": (2, False, True), "purchases": (5, False, True),
        "option": (5, False, False),
        "promotion": (2, False, False), "move-promotion": (2, True, False), "price": (2, True, False),
    }  # fmt: skip
    assert Decision("forecast", "baked", 1.0, 0, 0).step == 2


# --- who is served ---


def serve(days, wanted, available):
    """Bread for two segments under first-come: what fell due by days ago, newest first; what is open, what is there."""
    due = np.zeros((len(days), 2, 3, 1))
    due[:, :, BREAD, 0] = days
    looked = []

    def due_lately(many):
        looked.append(many)
        return due[:many]

    open_now, there = np.zeros((2, 3, 1)), np.full((3, 1), 1000.0)
    open_now[:, BREAD, 0], there[BREAD] = wanted, available
    open_now[:, CAKE, 0] = 9
    served = rules.Allocation.known["first-come"]()(Only(due_lately=due_lately), open_now, there)
    assert served[:, CAKE, 0].tolist() == [9, 9]
    return served[:, BREAD, 0].tolist(), looked


@pytest.mark.parametrize(
    ("days", "wanted", "available", "served"),
    [
        ([(10, 0), (0, 10)], (10, 10), 12, [2, 10]),  # yesterday's order of the second first
        ([(10, 0), (0, 10)], (10, 4), 12, [8, 4]),  # of that 6 are served already
        ([(10, 30), (0, 0)], (10, 30), 20, [5, 15]),  # of one day in proportion
        ([(10, 0), (0, 10)], (10, 10), 25, [10, 10]),  # there is enough
        ([(5, 5), (5, 5)], (12, 5), 6, [6, 0]),  # 2 are older than all that is known, and 5 of yesterday
    ],
)
def test_the_longest_wait_is_served_first(days, wanted, available, served):
    """What is open is the newest of what fell due."""
    assert serve(days, wanted, available)[0] == pytest.approx(served)


def test_older_days_are_looked_at_until_all_open_orders_are_found():
    """Sixteen days, then 64: the oldest orders of the first segment fell due 20 days ago."""
    days = [(0, 1)] * 20 + [(30, 0)] + [(0, 0)] * 80
    served, looked = serve(days, (30, 5), 31)
    assert served == pytest.approx([30, 1])
    assert looked == [16, 64]


# --- lists that do not fit ---


def test_the_first_three_of_what_is_left_out_are_named():
    """And the others counted."""
    listed = {"a": 1.0}
    assert list(map(str, omissions("units", listed, ["a"], msg("list it")))) == []
    assert list(omissions("units", None, ["a", "b"], msg("list it"))) == []
    [three] = map(str, omissions("units", listed, ["a", "b", "c", "d"], msg("list it")))
    assert three == "units lists no figure for 'b', 'c', 'd'; list it"
    [five] = map(str, omissions("units", listed, ["b", "c", "d", "e", "f"], msg("list it")))
    assert five == "units lists no figure for 'b', 'c', 'd' and 2 more; list it"


def test_unknown_items_are_named_table_by_table():
    """A slip in the second of two."""
    rule = Only(low={"bread": 1.0}, high={"bred": 1.0}, none=None)
    [said] = map(str, unknown_items(rule, company().company, "low", "high", "none"))
    assert said.startswith("high lists 'bred', which is no item of the company; did you mean bread")


@pytest.mark.parametrize(
    ("figures", "least", "said"),
    [
        (None, 0.0, None),
        ({}, 0.0, "has 0 entries"),
        ({"a": 0.0}, 0.0, None),
        ({"a": -1.0}, 0.0, "units.a is -1 units; it must be at least 0"),
        ({"a": 0.0}, None, "units.a is 0 units; it must be above 0"),
        ({"a": 0.5}, None, None),
        ({"a": 0.5, "b": -2.0}, None, "units.b is -2 units; it must be above 0"),
    ],
)
def test_levels_are_at_least_nothing_and_lots_above_it(figures, least, said):
    """An empty table says nothing."""
    if said is None:
        refuse_wrong_figures(Only(units=figures), units=least)
        return
    with pytest.raises(ValueError, match=said):
        refuse_wrong_figures(Only(units=figures), units=least)


def test_only_the_ratios_of_costs_make_the_linear_rule(monkeypatch):
    """Change 6 and overtime 3 against stock 2; payroll costs nothing, and one of the people makes one unit."""
    monkeypatch.setattr(decision_rule, "linear_decision_rule", lambda costs, months: (vars(costs), months))
    costs, months = decision_rule.fixed_rule.__wrapped__(6.0, 3.0, 2.0)
    assert (costs["payroll"], costs["change"], costs["overtime"], costs["units_per_worker"]) == (0, 3, 1.5, 1)
    assert (costs["stock"], months) == (1, 24)


# --- what is searched and tuned ---


def test_the_number_of_the_safety_stock_is_searched():
    """z from 0 to 6, a fill rate above 0 and below 1; a list has no number."""
    known = rules.SafetyStock.known
    for rule, entry, low, high in (
        (known["demand-error"](), "policy.safety_stock.z", 0, 6),
        (known["fill-rate-target"](), "policy.safety_stock.fill_rate", 0.001, 0.999),
        (known["days-of-cover"](), "policy.safety_stock.days", 0, 365),
    ):
        found = safety_parameter(Policy(name="plan", safety_stock=rule))
        assert (found.entry, found.low, found.high) == (entry, low, high)
    with pytest.raises(ScenarioError, match="has no number to search"):
        safety_parameter(Policy(name="plan", safety_stock=known["listed"](units={"salt": 1.0})))


def test_the_first_entry_is_narrowed_down_and_the_others_take_their_values():
    """A range, then values; neither the other way round."""
    scenario = company()
    policy = Policy(name="plan", safety_stock=rules.SafetyStock.known["demand-error"]())
    entry = "policy.safety_stock.z"
    found = entries_to_search(scenario, policy, [FactorWords(entry=entry, low=1.0, high=2.0)])
    assert (found.entry, found.factor.range, found.beside) == (entry, (1, 2), ())
    assert entries_to_search(scenario, policy, []).factor.range == (0, 6)
    with pytest.raises(ScenarioError, match="needs a range"):
        entries_to_search(scenario, policy, [FactorWords(entry=entry, values=(1.0, 2.0))])
    hours = FactorWords(entry="resources.line.hours", low=8.0, high=12.0)
    with pytest.raises(ScenarioError, match="only the first entry is narrowed down"):
        entries_to_search(scenario, policy, [FactorWords(entry=entry, low=1.0, high=2.0), hours])
    values = FactorWords(entry="resources.line.hours", values=(8.0, 12.0))
    beside = entries_to_search(scenario, policy, [FactorWords(entry=entry, low=1.0, high=2.0), values])
    assert beside.others() == [{"resources.line.hours": 8}, {"resources.line.hours": 12}]


@pytest.mark.parametrize(
    ("target", "replications", "said"),
    [
        (0.97, 2, None),
        (0.0, 2, "target is 0"),
        (1.0, 2, "target is 1"),
        (97, 9, "target is 97"),
        (0.97, 1, "at least 2"),
    ],
)
def test_a_target_is_a_share_and_two_replications_the_least(target, replications, said):
    """Above 0 and below 1."""
    if said is None:
        tuning.check_tuning(target, replications)
        return
    with pytest.raises(ScenarioError, match=said):
        tuning.check_tuning(target, replications)


def test_tuning_uses_the_seed_that_is_named_or_the_scenarios(monkeypatch):
    """And says nothing to nobody who listens."""
    seen = []
    monkeypatch.setattr(tuning, "_tuned", lambda bench, *rest: seen.append((bench.seed, *rest[1:3])) or rest[3](1, 2))
    scenario = company(experiment__seed=5)
    tuning.tune(scenario, "chase", 0.9, 4)
    tuning.tune(scenario, "chase", 0.9, 4, seed=8)
    assert seen == [(5, 0.9, 4), (8, 0.9, 4)]
