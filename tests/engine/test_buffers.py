"""Safety stock, use and demand plans, on cases that are worked out by hand."""

import numpy as np
import pytest

from simulator.kernel.units import DAYS_A_MONTH
from simulator.planning import Policy, rules
from simulator.planning.rules import SafetyStock
from tests.engine.small import BREAD, CAKE, FLOUR, at, expecting


def buffered(rule, firm, interval=DAYS_A_MONTH, **settings):
    """Safety stock of each item in the first lane."""
    days = np.full((4, 1), interval)
    return rules.SafetyStock.known[rule](**settings)(firm.desk, days)[:, 0]


def erring(months=1):
    """Forecasts of the last months, too high by 6 and too low by 8 for bread, too low by 3 for cake."""
    firm = at(day=40)  # in March, with February over
    firm.past_months, flat = 2, np.zeros((12, 3, 2))
    firm.demand_by_month = np.zeros((4, 3, 2))
    firm.demand_by_month[:3, BREAD], firm.demand_by_month[:3, CAKE] = 100, 50
    firm.snapshots = []
    for made, error in ((1, 6.0), (2, -8.0)):
        forecast = flat.copy()
        forecast[:, BREAD], forecast[:, CAKE] = 100 + error, 50 - 3.0
        firm.snapshots.append((made, forecast))
    return expecting(firm, bread=10, salt=4)


RMSE = np.sqrt((36 + 64) / 2)


def test_safety_stock_by_days_of_cover():
    """Five days of 10 loaves, and of the 20 flour that they take."""
    assert buffered("days-of-cover", erring(), days=5.0) == pytest.approx([50, 0, 20, 100])


def test_parts_may_have_days_of_their_own():
    """Five days of 10 loaves, three of the 20 flour that they take; more buffer is more products."""
    rule = SafetyStock.known["days-of-cover"](days=5.0, parts=3.0)
    assert buffered("days-of-cover", erring(), days=5.0, parts=3.0) == pytest.approx([50, 0, 20, 60])
    assert (rule.buffer().amount, rule.with_buffer(8.0).days, rule.with_buffer(8.0).parts) == (5.0, 8.0, 3.0)


def test_safety_stock_by_list_and_none():
    """What the list says; nothing."""
    assert buffered("listed", at(), units={"salt": 7.0}).tolist() == [0, 0, 7, 0]
    assert buffered("none", at()).tolist() == [0, 0, 0, 0]


def test_safety_stock_against_the_forecasts_error():
    """z times the root mean squared error of a month: not the deviation of demand, which never varied."""
    bread, cake, salt, flour = buffered("demand-error", erring(), z=2.0)
    assert (bread, cake, salt) == pytest.approx((2 * RMSE, 2 * 3, 0))
    assert flour == pytest.approx(2 * np.sqrt((2 * RMSE) ** 2 + 3**2))


def test_safety_stock_grows_with_the_root_of_the_interval():
    """A quarter of a month has half the error of a month."""
    assert buffered("demand-error", erring(), DAYS_A_MONTH / 4, z=2.0)[BREAD] == pytest.approx(RMSE)


def test_safety_stock_for_two_months_is_against_their_cumulative_error():
    """Of the one forecast whose two months are over: 6 too high in each is 12, not 6 times the root of two."""
    assert buffered("demand-error", erring(), 2 * DAYS_A_MONTH, z=1.0)[BREAD] == pytest.approx(12)


def test_safety_stock_against_late_deliveries_as_well():
    """Errors of demand and of lead time add in squares; a maker's own lead time does not vary."""
    late = {"law": "gamma", "mean": 6.0, "sd": 2.0}
    firm = expecting(at(products__salt__buy__lead_time=late), bread=10, salt=4)
    found = buffered("demand-and-lead-time-error", firm, z=1.5)
    assert found == pytest.approx([0, 0, 1.5 * 4 * 2, 0])
    both = erring()
    both.network.lead_time_sd.flags.writeable = True
    both.network.lead_time_sd[FLOUR] = 3.0
    flour = buffered("demand-and-lead-time-error", both, z=1.5)[FLOUR]
    assert flour == pytest.approx(1.5 * np.sqrt((2 * RMSE) ** 2 + 9 + (20 * 3.0) ** 2))


@pytest.mark.parametrize(("days", "k", "loss"), [(7, 0.5, 0.19780), (14, 1.0, 0.08332), (2, 2.0, 0.00849)])
def test_safety_stock_for_a_fill_rate(days, k, loss):
    """10 loaves a day reviewed every R days, lead time 1: G(k) of any table x the error of R days is what the target leaves of 10 R."""
    rule = rules.Replenishment.known["order-up-to"](days=days)
    firm = erring()
    firm.policy = Policy(name="p", products=rule, components=rule)
    error = RMSE * np.sqrt(days / DAYS_A_MONTH)
    target = 1 - loss * error / (10 * days)
    found = buffered("fill-rate-target", firm, fill_rate=target)[BREAD]
    assert found == pytest.approx(k * error, rel=2e-3)


def test_safety_stock_for_a_fill_rate_of_what_is_used_slowly():
    """Half a loaf a day with a twentieth of the error, a week at a time: a twentieth of what ten loaves a day hold."""
    rule = rules.Replenishment.known["order-up-to"](days=7)

    def held(scale):
        firm = expecting(erring(), bread=10 * scale)
        firm.demand_by_month[:3, BREAD] *= scale
        for _, forecast in firm.snapshots:
            forecast[:, BREAD] *= scale
        firm.policy = Policy(name="p", products=rule, components=rule)
        return buffered("fill-rate-target", firm, fill_rate=0.999)

    fast, slow = held(1.0), held(0.05)
    assert slow[BREAD] == pytest.approx(fast[BREAD] / 20, rel=1e-3)
    assert slow[BREAD] > 0
    assert fast[CAKE] == 0  # which nobody uses


def used(rule, firm, **settings):
    """What each item is believed to need a day, in the first lane."""
    return rules.Usage.known[rule](**settings)(firm.view)[:, 0]


def taking(*bread):
    """The evening of a company that was asked for these loaves on the days until today, and for two of flour for each."""
    firm = at(day=len(bread) - 1)
    firm.over[:] = True
    for day, units in enumerate(bread):
        firm.ledger.book["due"][day, 0, BREAD] = firm.ledger.book["due"][day, 1, BREAD] = units / 2
        firm.ledger.memo["called_for"][day, FLOUR] = 2 * units
    return firm


def test_use_as_planned_explodes_the_bills():
    """10 loaves and 1 cake a day take 21 flour; at a yield of a half for cake, 22."""
    firm = expecting(at(), bread=10, cake=1, salt=4)
    assert used("planned", firm, days=30) == pytest.approx([10, 1, 4, 21])
    half = expecting(at(products__cake__make__good=0.5), bread=10, cake=1)
    assert used("planned", half, days=30)[FLOUR] == pytest.approx(22)


def test_use_lately_is_the_mean_of_the_last_days():
    """Of 4, 8 and 3 over two days 5.5 in the evening; flour twice that; over more days than there are, of all."""
    assert used("recent-mean", taking(4, 8, 3), days=2) == pytest.approx([5.5, 0, 0, 11])
    assert used("recent-mean", taking(4, 8, 3), days=60)[BREAD] == pytest.approx(5)


def test_a_day_that_is_not_over_is_not_looked_at():
    """Of 4, 8 and 3 the last two are 6 once the last day is over for nobody: on its morning, or where nothing of it is released yet."""
    firm = taking(4, 8, 3)
    firm.over[FLOUR] = False
    assert used("recent-mean", firm, days=2) == pytest.approx([5.5, 0, 0, 12])
    firm.over[:] = False
    assert used("recent-mean", firm, days=2) == pytest.approx([6, 0, 0, 12])
    assert used("smoothed", firm, alpha=1.0) == pytest.approx([8, 0, 0, 16])
    assert used("recent-mean", firm, days=60) == pytest.approx([(4 + 4 + 8) / 3, 0, 0, 2 * (4 + 4 + 8) / 3])
    morning = at(day=0)
    morning.ledger.memo["called_for"][0, FLOUR] = 9
    assert used("recent-mean", morning) == pytest.approx([0, 0, 0, 0])


def test_before_the_first_day_use_is_that_of_the_past():
    """January's 93 loaves are 3 a day, and 6 of flour; with 7 loaves and no call for flour on the first day, over two days."""
    firm = at(experiment__history=12)
    firm.demand_by_month[firm.past_months - 1] = np.array([[93.0], [0.0], [0.0]])
    firm.ledger.book["due"][0, 0, BREAD] = 7
    firm.over[:] = True
    assert used("recent-mean", firm, days=2) == pytest.approx([5, 0, 0, 3])
    firm.over[FLOUR] = False
    assert used("recent-mean", firm, days=2)[FLOUR] == pytest.approx(6)


def test_use_smoothed_by_day():
    """4, then half way to 8 is 6, then half way to 3 is 4.5."""
    assert used("smoothed", taking(4, 8, 3), alpha=0.5) == pytest.approx([4.5, 0, 0, 9])
    assert used("smoothed", taking(4, 8, 3), alpha=1.0)[BREAD] == 3


def test_use_that_remembers_the_day_before():
    """From today's 14 back to a mean of 10 by halves: 12, 11, 10.5 are 11.1667 a day over three days."""
    found = used("autoregressive", taking(9, 14), mean=10.0, correlation=0.5, days=3)
    assert found[BREAD] == pytest.approx((12 + 11 + 10.5) / 3)


def test_demand_plans():
    """The forecast, or where more is signed for a month, that."""
    firm = at()
    firm.plans.forecast[0, :, BREAD] = 100
    firm.falling_due[:] = 0
    firm.falling_due[2, 0, BREAD], firm.falling_due[1, 0, CAKE] = 130, 7
    forecast = rules.DemandPlan.known["forecast-only"]()(firm.desk)
    either = rules.DemandPlan.known["orders-or-forecast"]()(firm.desk)
    assert forecast[:2, :, 0].tolist() == [[100, 0, 0], [100, 0, 0]]
    assert either[:2, :, 0].tolist() == [[130, 7, 0], [100, 0, 0]]
