"""Criteria of the meetings, the cost of late delivery, discipline and the register of actions, on digits worked by hand."""

from types import SimpleNamespace as Only

import numpy as np
import pytest
from pydantic import ValidationError

from simulator.engine.commitments import Commitments
from simulator.engine.day.purchase import pull_in
from simulator.engine.register import Register
from simulator.kernel.lanes import ranked
from simulator.kernel.plans import Plans
from simulator.planning import Policy
from simulator.planning.criteria import BY_COST, CRITERIA, Criteria
from simulator.planning.discipline import DONE, DROPPED, LATE, Discipline
from simulator.planning.late import LateCost
from simulator.theory.tracking import beyond_luck, tracking_signals
from tests.sop.workshop import bought, cups, stream

# --- criteria ---


def figures(*options):
    """Cost, service and risk of options in one lane; the other criteria are nothing."""
    table = np.zeros((len(options), len(CRITERIA), 1))
    for row, (cost, service, risk) in zip(table, options, strict=True):
        row[[CRITERIA.index(name) for name in ("cost", "service", "risk")], 0] = cost, service, risk
    return table


def test_criteria_are_weighed():
    """.6 x 3 % + .3 x 10 % + .1 x 2 % = 5 %; .6 x 4 % + .3 x 6 % + .1 x 1 % = 4.3 %."""
    weights = Criteria(cost=0.6, service=0.3, risk=0.1)
    two = figures((0.03, 0.10, 0.02), (0.04, 0.06, 0.01))
    np.testing.assert_allclose(weights.score(two)[:, 0], [0.05, 0.043])
    assert weights.choose(two).tolist() == [1]
    assert BY_COST.choose(two).tolist() == [0]
    assert weights.speaks_for(two, np.array([1]), np.array([0])).tolist() == [CRITERIA.index("service")]


def test_what_stands_stays_where_nothing_is_better():
    """Of equals the first is chosen, unless another stands already."""
    two = figures((0.03, 0.0, 0.0), (0.03, 0.1, 0.0))
    assert BY_COST.choose(two).tolist() == [0]
    assert BY_COST.choose(two, standing=np.array([1])).tolist() == [1]


@pytest.mark.parametrize(
    ("weights", "whole"), [({"cost": 0.5}, "0.5"), ({"cost": 0.8, "service": 0.4}, "1.2"), ({}, "0")]
)
def test_weights_that_do_not_add_up_are_refused(weights, whole):
    """They say what they add up to."""
    with pytest.raises(ValidationError, match=f"add up to {whole}; they must add up to 1"):
        Criteria(**weights)


# --- late delivery ---


def late_cost(ranked=True, **segments):
    """Two cups at 5, which cost 2; shops and bars take half each."""
    company = cups(
        segments=segments,
        products={"cup": {"family": "cups", "price": 5.0, "unit_cost": 2.0, "buy": bought(4)}},
        suppliers={"near": {}},
        demand={"everyday": [{**stream("cup", 1), "segment": name} for name in segments]},
        finance={"late_penalty": 0.01},
    )
    return LateCost(company.company, company.network, ranked)


def column(*months):
    """Units of the one product by month, in one lane."""
    return np.array(months, dtype=float)[:, None, None]


OPENING = np.zeros((2, 1, 1))


def test_a_penalty_is_paid_for_the_days_that_units_are_owed():
    """Of 100 a month 20 are owed at a month's end, and 30 at the next, by the second in rank: 10 and then 25 on average.

    10 x 30 days x 1 % x 5 + 25 x 31 x 1 % x 5 = 15 + 38.75; where bars ask nothing by contract, nothing.
    """
    cost = late_cost(shops={"rank": 1}, bars={"rank": 2})
    owed, demand, days = column(20, 30), column(100, 100), np.array([30, 31])
    assert cost(OPENING, owed, demand, days).tolist() == pytest.approx([53.75])
    free = late_cost(shops={"rank": 1}, bars={"rank": 2, "late_penalty": 0.0})
    assert free(OPENING, owed, demand, days).tolist() == pytest.approx([0.0])
    alike = late_cost(False, shops={"rank": 1}, bars={"rank": 2, "late_penalty": 0.0})
    assert alike(OPENING, owed, demand, days).tolist() == pytest.approx([53.75 / 2])


def test_what_customers_cancel_is_lost_with_its_margin():
    """Bars wait 6 days: of 20 owed the 10 are open that fell due in the last 6 of 30 days; the others are gone, with a margin of 3.

    They are owed no more in the month after: of 40 then 30 are left, of which 20 are gone.
    """
    cost = late_cost(shops={"rank": 1, "late_penalty": 0.0}, bars={"rank": 2, "late_penalty": 0.0, "patience": 6})
    assert cost(OPENING, column(20), column(100), np.array([30])).tolist() == pytest.approx([30.0])
    assert cost(OPENING, column(20, 40), column(100, 100), np.array([30, 30])).tolist() == pytest.approx([30 + 60])


def test_customers_who_remember_order_less():
    """Bars are served 30 of 50, 60 %, and expect 90 %: 30 % would go in the end and .2 x 30 % = 6 % go now.

    A month without backlog follows: 6 % of its margin of 50 x 3 is missing, 9, and then 6 % for the 1 / .25 = 4 months in which
    they come back, 36.
    """
    loyalty = {"expects": 0.9, "sensitivity": 1.0, "fall": 0.2, "rise": 0.25, "most_lost": 0.5}
    cost = late_cost(shops={"rank": 1, "late_penalty": 0.0}, bars={"rank": 2, "late_penalty": 0.0, "loyalty": loyalty})
    assert cost(OPENING, column(20, 0), column(100, 100), np.array([30, 30])).tolist() == pytest.approx([9 + 36])


# --- tracking signal ---


def test_a_tracking_signal_is_the_sum_of_errors_over_their_mean():
    """Errors 2, -1 and 5: 2 / 2, 1 / 1.5 and 6 / (8 / 3)."""
    np.testing.assert_allclose(tracking_signals(np.array([[2.0], [-1.0], [5.0]]))[:, 0], [1, 2 / 3, 2.25])
    assert np.isnan(tracking_signals(np.zeros((2, 1)))).all()


def test_a_bias_is_told_from_luck_by_its_signal():
    """Twelve months vary by 12 x 1.5708 = 18.85 by luck: a signal of 4 tells nothing, of 6 47.6 %, of -12 86.9 %."""
    np.testing.assert_allclose(beyond_luck(np.array([4.0, 6.0, -12.0, 0.0]), 12), [0, 0.47640, 0.86910, 0], atol=1e-5)


# --- discipline and the register ---


def test_the_rest_is_dropped():
    """Half is done in time and a quarter late."""
    rule = Discipline(in_time=0.5, late=0.25)
    assert rule.status(np.array([0.0, 0.49, 0.5, 0.74, 0.75, 0.99])).tolist() == [
        DONE,
        DONE,
        LATE,
        LATE,
        DROPPED,
        DROPPED,
    ]
    assert Discipline().is_full
    with pytest.raises(ValidationError, match=r"add up to 1\.2; they must add up to at most 1"):
        Discipline(in_time=0.9, late=0.3)
    with pytest.raises(ValidationError, match="less than or equal to 1"):
        Discipline(plan=1.2)


def test_a_share_of_each_change_is_carried_out():
    """100 in force and 200 approved make 170 at 70 %; the next plan of 200 makes 191."""
    plans = Plans(3, 1, 1, 1, 1, 2)
    plans.force_production[:] = 100.0
    plans.production[1] = plans.production[2] = 200.0
    plans.put_in_force(1, np.array([True, False]), 0.7)
    np.testing.assert_allclose(plans.force_production[2, 0], [170, 100])
    plans.put_in_force(2, np.array([True, False]), 0.7)
    np.testing.assert_allclose(plans.force_production[2, 0], [191, 100])


def register(**discipline):
    """Two families in four lanes: what their departments do is done, late, dropped and done."""
    policy = Policy(name="p", corrects_bias=True, discipline=Discipline(**discipline))
    luck = np.tile([0.1, 0.5, 0.9, 0.3], (6, 3, 1))
    firm = Only(policy=policy, plans=Plans(6, 2, 2, 2, 1, 4), lanes=4, weather=Only(follow_up=luck), today=40)
    firm.network = Only(families=["a", "b"], bought=[], family_of=np.array([0, 1]), by_family=lambda amount: amount)
    firm.calendar = Only(working_days_from=lambda day, ahead: day + ahead)
    firm.plans.made_in, firm.past_months, firm.desk = [0, 1], 0, Only(month=2)
    return Register(firm), firm


def test_overtime_is_staffed_when_its_action_is_done():
    """Done on day 40, 5 days late on day 45, and never."""
    actions, firm = register(in_time=0.4, late=0.4, late_days=5)
    firm.plans.overtime[1] = 2.0
    actions._without_bias = lambda: np.full((2, 4), np.nan)
    actions.raise_actions(1)
    np.testing.assert_array_equal(firm.plans.tables["actions raised"][1], [[0] * 4, [1] * 4, [0] * 4])
    np.testing.assert_array_equal(firm.plans.tables["actions by owner"][1, 1], [DONE, LATE, DROPPED, DONE])
    actions.take_effect(1, np.array([True] * 4))
    for day, staffed in ((40, [1, 0, 0, 1]), (44, [1, 0, 0, 1]), (45, [1, 1, 0, 1]), (99, [1, 1, 0, 1])):
        firm.today = day
        assert np.asarray(actions.is_staffed).tolist() == staffed


def test_a_bias_is_taken_out_once_the_action_is_done():
    """The factor of .8 that the meeting asked for holds for the first family where the demand manager did it."""
    actions, firm = register(in_time=0.4, late=0.4)
    firm.plans.forecast[2] = 100.0
    actions._without_bias = lambda: np.array([[0.8] * 4, [np.nan] * 4])
    actions.raise_actions(1)
    actions.correct(2)
    np.testing.assert_allclose(firm.plans.forecast[2, 3], [[80, 100, 100, 80], [100] * 4])


def test_the_factor_takes_out_what_is_more_than_luck():
    """Twelve months of 130 against 100: the signal is 12, of which 86.9 % is no luck: 1 - .869 x 360 / 1,560 = .7994.

    The second family is forecast right.
    """
    actions, firm = register()
    firm.past_months, firm.desk.month = 13, 0
    firm.long = Only(worked=np.ones(13))
    firm.demand_by_month = np.full((13, 2, 4), 100.0)
    said = np.full((2, 4), 100.0)
    said[0] = 130.0
    firm.stages = {name: [(month, said) for month in range(13)] for name in ("final", "uncorrected")}
    factor = actions._without_bias()
    np.testing.assert_allclose(factor[0], 0.79944, atol=1e-5)
    assert np.isnan(factor[1]).all()


# --- must-meet quantities ---


@pytest.mark.parametrize(("to_come", "second"), [(15.0, 9.0), (5.0, 3.0), (0.0, 0.0)])
def test_nobody_is_shipped_what_the_first_in_rank_must_get(to_come, second):
    """Of 10 there and 5 to come the first must get 12: today it wants 3, and 10 - (12 - 5) = 3 may go to the second, who wants 9.

    With 15 to come all may; with none nothing. The other product is not short.
    """
    fixed = Commitments()
    supply = np.array([[10.0 + to_come], [10.0 + to_come]])
    met = fixed.fix(4, np.array([[[12.0], [12.0]], [[20.0], [20.0]]]), supply, np.array([[True], [False]]), ranked)
    assert met[:, 0, 0].tolist() == [min(12.0, 10 + to_come), max(to_come - 2.0, 0.0)]
    wanted = np.array([[[3.0], [3.0]], [[9.0], [9.0]]])
    limited = fixed.within(4, wanted, np.array([[10.0], [10.0]]))
    assert limited[:, 0, 0].tolist() == [3.0, second]
    assert limited[:, 1, 0].tolist() == [3.0, 9.0]
    assert fixed.within(5, wanted, np.array([[10.0], [10.0]])) is wanted


def test_what_is_shipped_is_counted_off():
    """Of the 10 that are there the first must get all: 3 are shipped to it and 2 to the second, 7 are left of it and 5 of the supply."""
    fixed = Commitments()
    fixed.fix(4, np.array([[[12.0]], [[20.0]]]), np.array([[10.0]]), np.array([[True]]), ranked)
    fixed.take(4, np.array([[[3.0]], [[2.0]]]))
    assert fixed.left[:, 0, 0].tolist() == [7.0, 0.0]
    assert fixed.supply.tolist() == [[5.0]]


def test_readers_see_a_plan_as_it_was_carried_out():
    """Of 200 approved 170 are in force at 70 %, in the lane in which it took effect; full discipline keeps no second version."""
    plans = Plans(3, 1, 1, 1, 1, 2)
    plans.force_production[:] = 100.0
    plans.production[1] = 200.0
    plans.put_in_force(1, np.array([True, True]), 1.0)
    assert plans.as_carried_out(plans.production) is plans.production
    plans.force_production[:] = 100.0
    plans.put_in_force(1, np.array([True, False]), 0.7)
    np.testing.assert_allclose(plans.as_carried_out(plans.production)[1, 0, 0], [170, 200])
    assert plans.as_carried_out(plans.forecast) is plans.forecast


def test_a_bias_that_is_taken_out_late_is_out_a_cycle_later():
    """The second lane's demand manager is late: its forecast is as it was in this cycle, and .8 of it in the next."""
    actions, firm = register(in_time=0.4, late=0.4)
    firm.plans.forecast[2] = firm.plans.forecast[3] = 100.0
    actions._without_bias = lambda: np.array([[0.8] * 4, [np.nan] * 4])
    actions.raise_actions(1)
    actions.correct(2)
    actions._without_bias = lambda: np.full((2, 4), np.nan)
    actions.raise_actions(2)
    firm.plans.made_in.append(2)
    actions.correct(3)
    np.testing.assert_allclose(firm.plans.forecast[2, 3, 0], [80, 100, 100, 80])
    np.testing.assert_allclose(firm.plans.forecast[3, 3, 0], [80, 80, 100, 80])


def test_open_orders_are_pulled_in_the_soonest_first():
    """Express takes 2 days. Of 30 wanted, 10 come tomorrow anyway; 20 of day 4 and 10 of the 25 of day 5 come on day 2."""
    dock = np.zeros((7, 1, 1))
    dock[[1, 4, 5], 0, 0] = 10, 20, 25
    sources = Only(express_days=np.array([[2]]), inspection=np.array([[0]]), item=np.array([0]), records=[0])
    sources.price, sources.premium, sources.by_item = np.array([[8.0]]), np.array([[0.25]]), lambda units: units
    buying = Only(sources=sources, dock=dock, punctual=dock.copy(), bad=None, shut=lambda: np.array([[False]]))
    buying.express = np.zeros_like(dock)
    buying.to_supplier, noted = Only(flow=lambda money: money), {}
    ledger = Only(note=lambda memo, amount: noted.update({memo: float(amount.sum())}))
    firm = Only(today=0, lanes=1, company=Only(whole_units=True), ledger=ledger)
    firm.register = Only(to_come_express=np.array([[30.0]]))
    pull_in(firm, buying, np.array([[30.0]]))
    assert dock[:, 0, 0].tolist() == [0, 10, 30, 0, 0, 15, 0]
    assert buying.express[:, 0, 0].tolist() == [0, 0, 30, 0, 0, 0, 0]
    assert noted == {"expedited": 30.0, "expedite_value": 60.0}
    assert firm.register.to_come_express.tolist() == [[0.0]]
