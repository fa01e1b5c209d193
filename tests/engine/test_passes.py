"""Work that a day or a year of the books is spared: it is done once, and comes to the same bits."""

import numpy as np
import pytest
from simpy import Environment

from simulator import load, simulate
from simulator.company.calendar import Calendar, Days
from simulator.engine.day.timetable import work_day_by_day
from simulator.engine.firm import Firm
from simulator.engine.money.accounts import MONEY_FLOWS, STOCK
from simulator.engine.play import weather_for
from simulator.results.kpis import in_company
from simulator.results.money import Money
from simulator.world.view.now import Now
from simulator.world.view.view import View

DAYS = 70


def firm_after(policy, days=DAYS):
    """The reference company under a policy on the evening before a day."""
    scenario = load("giftware")
    env = Environment()
    weather = weather_for(scenario, 1, [0, 1])
    firm = Firm(env, scenario.company, scenario.network, scenario.days, weather, scenario.policy(policy))
    env.process(work_day_by_day(firm))
    env.run(until=24 * days)
    return firm


def calls_by_day(monkeypatch, kind, name):
    """Count the calls of a method by the day of its view."""
    honest, days = getattr(kind, name), []

    def counting(self, *asked):
        days.append(self.today)
        return honest(self, *asked)

    monkeypatch.setattr(kind, name, counting)
    return days


def test_planned_use_is_worked_out_once_an_evening_for_points_and_lots(monkeypatch):
    honest, evenings = View._usage, []

    def counting(self, days):
        if self.plans_are_settled:
            evenings.append((self.today, days))
        return honest(self, days)

    monkeypatch.setattr(View, "_usage", counting)
    firm_after("reorder-point")
    assert evenings
    assert len(evenings) == len(set(evenings))


def test_cards_count_the_days_that_are_over_once_a_day(monkeypatch):
    counted = calls_by_day(monkeypatch, Now, "_asked_for")
    firm_after("pull", 65)
    last = [day for day in counted if day == 64]
    levels = 1 + len(load("giftware").network.levels)  # each time for today alone, once for all days before
    assert 2 <= len(last) <= levels + 2


def test_what_is_asked_for_again_tonight_is_what_was_asked_for_first():
    firm = firm_after("pull", 65)
    record = firm.view._record(30)
    again = firm.view._record(30)
    days = range(firm.today - 29, firm.today + 1)
    apart = np.concatenate([firm.view._asked_for(day, slice(day, day + 1)) for day in days])
    assert record.tobytes() == again.tobytes()
    assert record.tobytes() == apart.tobytes()


@pytest.fixture(scope="module")
def money():
    run = simulate("giftware", "chase", replications=2, seed=1)
    return Money(in_company(next(run.books())))


def test_accounts_are_what_all_flows_come_to_and_empty_ones_are_one_array(money):
    change = sum(
        money.flows[flow] * (float(target == STOCK) - float(source == STOCK))
        for flow, (source, target) in MONEY_FLOWS.items()
    )
    assert money.closing(STOCK) == pytest.approx(money.opening[STOCK] + np.cumsum(change, axis=0), rel=1e-12)
    empty = [name for name in MONEY_FLOWS if not money.flows[name].any()]
    assert {"credits", "push_discounts", "price_changes", "restocked"} <= set(empty)
    assert {id(money.flows[name]) for name in ("credits", "push_discounts", "restocked")} == {id(money.nothing)}


def test_the_last_working_day_before_each_day():
    week = Days(Calendar(working_days=("mon", "tue", "wed", "thu", "fri")), 1)  # 1 January 2024 was a Monday
    assert week.last_worked[:9] == [-1, 0, 1, 2, 3, 4, 4, 4, 7]
    assert week.month_of_day[:3] == [0, 0, 0]
    assert [week.working_day(0, number) for number in (1, 6, 6, 40)] == [0, 7, 7, 30]
