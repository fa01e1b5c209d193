"""Money: nothing appears, nothing vanishes, and every account holds what the goods, the orders and the terms say."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from simulator.engine.money.accounts import (
    ACCRUALS,
    CASH,
    EBIT,
    PAYABLES,
    PROFIT,
    RECEIVABLES,
    STOCK,
    WORK_IN_PROCESS,
    sign,
)
from simulator.engine.scenario import load
from simulator.results.kpis import Score, in_company, values
from simulator.results.money import ACCOUNTS, MONEY_FLOWS, Budget, Money, Statements
from simulator.results.money.statements import month_periods
from simulator.results.reading.month import Month
from simulator.results.reading.plan_record import planned_money
from simulator.results.run import simulate
from tests.laws.tight import books as bare_books
from tests.laws.tight import scenario as bare

PATH = Path(__file__).with_name("tight-money.toml")
POLICIES = ("siloed", "sop-smoothed", "pull")
CENT = 1e-6


@cache
def books(policy):
    """The tight company with terms of its own, under one policy."""
    return next(simulate(load(PATH), policy).books())


@cache
def money(policy):
    """The same in money."""
    return Money(books(policy))


def value(amount, each):
    """Rows at so much each, (days, lanes)."""
    return np.einsum("dil,i->dl", amount, each)


@pytest.mark.parametrize("policy", POLICIES)
def test_the_balance_sheet_balances_every_day(policy):
    """What the company has less what it owes is what it began with, the profit since, less drawings."""
    m = money(policy)
    profit = np.cumsum(sum(sign(name) * m.flows[name] for name in PROFIT), axis=0)
    drawn = np.cumsum(m.flows["drawings"], axis=0)
    np.testing.assert_allclose(m.equity, sum(m.opening.values()) + profit - drawn, rtol=0, atol=CENT)


@pytest.mark.parametrize("policy", POLICIES)
def test_every_line_of_income_and_expense_is_in_the_profit(policy):
    """No flow with the outside is forgotten but drawings, and none counted twice."""
    outside = [name for name in MONEY_FLOWS if sign(name)]
    assert sorted(outside) == sorted([*PROFIT, "drawings"])


@pytest.mark.parametrize("policy", POLICIES)
def test_stock_is_worth_what_lies_there(policy):
    """On hand at standard cost, every evening."""
    b = books(policy)
    np.testing.assert_allclose(
        money(policy).closing(STOCK), value(b.closing["on_hand"], b.scenario.network.unit_cost[:, 0]), rtol=0, atol=CENT
    )


@pytest.mark.parametrize("policy", POLICIES)
def test_work_in_process_is_worth_what_is_started(policy):
    """Made items that are not yet in stock, at standard cost."""
    b, made = books(policy), books(policy).scenario.network.made
    cost = b.scenario.network.unit_cost[made, 0]
    np.testing.assert_allclose(
        money(policy).closing(WORK_IN_PROCESS), value(b.closing["on_order"][:, made], cost), rtol=0, atol=CENT
    )


@pytest.mark.parametrize("variant", sorted(path.name for path in PATH.parent.glob("*.toml")))
def test_money_is_conserved_in_every_company(variant):
    """Whatever departments it has: stock and floor are worth their goods, and equity changes by profit less drawings."""
    b = next(simulate(load(PATH.with_name(variant)), "sop", 4).books())
    m, n = Money(b), b.scenario.network
    cost, made = n.unit_cost[:, 0], n.made
    profit = np.cumsum(sum(sign(name) * m.flows[name] for name in (*PROFIT, "drawings")), axis=0)
    np.testing.assert_allclose(m.closing(STOCK), value(b.closing["on_hand"], cost), rtol=0, atol=CENT)
    floor = value(b.closing["on_order"][:, made], cost[made])
    np.testing.assert_allclose(m.closing(WORK_IN_PROCESS), floor, rtol=0, atol=CENT)
    np.testing.assert_allclose(m.equity, sum(m.opening.values()) + profit, rtol=0, atol=CENT)


def lately(amount, days, before):
    """What came up within the last so many days, each evening; `before` the first day it ran at a steady rate a day."""
    run = np.concatenate([np.full((days, amount.shape[-1]), before), amount])
    total = np.concatenate([np.zeros((1, amount.shape[-1])), np.cumsum(run, axis=0)])
    return total[days + 1 :] - total[1 : len(amount) + 1]


@pytest.mark.parametrize("policy", POLICIES)
def test_customers_owe_what_they_were_invoiced_within_their_terms(policy):
    """Sales as served order by order, less bad debt and penalties, of the last days of each segment's terms and way."""
    b, m, found = books(policy), money(policy), 0.0
    company, n = b.scenario.company, b.scenario.network
    for row, name in enumerate(n.segments):
        segment = company.segments[name]
        way = company.channels[segment.channel].transport_days if segment.channel else 0
        rate = company.finance.late_penalty if segment.late_penalty is None else segment.late_penalty
        sold, owed = (value(b_[:, row], n.price[:, 0]) for b_ in (b.flows["served"], b.closing["backlog"]))
        net = sold * (1 - segment.bad_debt) - owed * rate
        found = found + lately(net, segment.payment_days + way, m.expected.invoiced[row])
    np.testing.assert_allclose(m.closing(RECEIVABLES), found, rtol=0, atol=CENT)


@pytest.mark.parametrize("policy", POLICIES)
def test_suppliers_are_owed_what_they_delivered_within_their_terms(policy):
    """Each supplier's deliveries of the last days of its terms, at standard cost."""
    b, m, found = books(policy), money(policy), 0.0
    company, n = b.scenario.company, b.scenario.network
    for row, name in enumerate(n.suppliers):
        items = [k for k in n.bought if n.items[k].buy.supplier == name]
        came = value(b.flows["received"][:, items], n.unit_cost[items, 0])
        found = found + lately(came, company.suppliers[name].payment_days, m.expected.purchases[row])
    np.testing.assert_allclose(-m.closing(PAYABLES), found, rtol=0, atol=CENT)


@pytest.mark.parametrize("policy", POLICIES)
def test_wages_and_fixed_cost_are_paid_by_the_end_of_the_month(policy):
    """Nothing is left on its last evening, something on all others."""
    m = money(policy)
    last = m.days.month_start[1:] - 1
    accrued = m.closing(ACCRUALS)
    assert np.abs(accrued[last]).max() < CENT
    assert np.delete(accrued, last, axis=0).max() < 0


@pytest.mark.parametrize("policy", POLICIES)
def test_interest_is_charged_on_every_overdrawn_evening(policy):
    """Month by month from the cash that the books show."""
    m, cash = money(policy), money(policy).closing(CASH)
    assert m.flows["interest"].any()
    for first, end in zip(m.days.month_start[:-1], m.days.month_start[1:], strict=True):
        evenings = cash[first:end].copy()
        evenings[-1] += m.flows["interest"][end - 1]  # it is taken that evening
        expected = 0.12 / 365.25 * np.maximum(-evenings, 0).sum(axis=0)
        np.testing.assert_allclose(m.flows["interest"][end - 1], expected, rtol=1e-12, atol=CENT)


@pytest.mark.parametrize("policy", POLICIES)
def test_statements_add_up(policy):
    """Subtotals are sums of their lines, cash closes where the next month opens, working capital and cash make equity."""
    m = money(policy)
    lines = Statements(m, [(first, end) for _, first, end in month_periods(m.days)]).lines
    amount = {(line.statement, line.name): line.amount for line in lines}
    loss = [line for line in lines if line.statement == "profit and loss"]
    running = 0.0
    for line in loss:
        if line.is_total:
            np.testing.assert_allclose(line.amount, running, rtol=0, atol=CENT)
        else:
            running = running + line.amount
    opening, closing = amount["cash flow", "opening cash"], amount["cash flow", "closing cash"]
    np.testing.assert_allclose(opening[1:], closing[:-1], rtol=0, atol=CENT)
    np.testing.assert_allclose(opening[0], m.opening[CASH], rtol=0, atol=CENT)
    moved = sum(line.amount for line in lines if line.statement == "cash flow" and not line.is_total)
    np.testing.assert_allclose(opening + moved, closing, rtol=0, atol=CENT)
    held = amount["working capital", "working capital"] + amount["working capital", "cash"]
    np.testing.assert_allclose(held, amount["working capital", "equity but for fixed assets"], rtol=0, atol=CENT)


@pytest.mark.parametrize("policy", ["siloed", "sop-smoothed"])
def test_budget_and_result_are_bridged_to_the_cent(policy):
    """Volume, mix, price, timing and cost add up to the difference, in each business year and lane."""
    explained = dict(Budget(money(policy)).explained)
    result = explained.pop("EBIT")
    np.testing.assert_allclose(sum(explained.values()), result, rtol=0, atol=CENT)
    np.testing.assert_allclose(result.sum(axis=0), money(policy).total(EBIT), rtol=0, atol=CENT)
    for name in ("volume", "mix", "timing", "cost"):
        assert np.abs(explained[name]).max() > 1, name


def test_without_a_business_plan_nothing_is_explained():
    """Pure pull holds no cycle: the difference from nothing is not a number."""
    explained = Budget(money("pull")).explained
    assert np.isnan(explained["budgeted EBIT"]).all()
    assert np.isfinite(explained["EBIT"]).all()


@pytest.mark.parametrize("policy", POLICIES)
def test_margins_of_all_groups_add_up_to_the_profit_and_loss_account(policy):
    """By product, family, segment and channel, and the same in total."""
    m, first = money(policy), int(books(policy).scenario.days.month_start[2])
    for name, lines in Score(books(policy)).margins.items():
        np.testing.assert_allclose(lines.sum(axis=(0, 1)), m.flows[name][first:].sum(axis=0), rtol=1e-9, atol=CENT)
    whole = values(books(policy), ["gross_margin"])[1].sum(axis=0)
    for by in ("product", "family", "segment", "channel"):
        np.testing.assert_allclose(values(books(policy), ["gross_margin"], by)[1].sum(axis=0), whole)


def test_channels_gather_their_segments():
    """Walk-in customers come to the door; the others have a channel each."""
    score = Score(books("siloed"), "channel")
    assert sorted(score.groups) == ["door", "lorry", "web"]


@pytest.mark.parametrize("policy", POLICIES)
def test_terms_of_payment_move_no_goods(policy):
    """The company with terms ships, makes and buys to the bit what the bare one does, unless purchases are held to cash."""
    at_the_door = {"channels.lorry.transport_days": 0, "channels.web.transport_days": 0}  # a way moves what is due
    usual = load(PATH).company.finance.late_penalty  # meetings choose by what customers deduct
    at_the_door |= {f"segments.{name}.late_penalty": usual for name in ("walk-in", "key")}
    company = load(PATH, at_the_door)
    chosen = company.policy(policy)
    free = chosen.model_copy(update={"further": chosen.further.model_copy(update={"hold_purchases": False})})
    rich, poor = next(simulate(company, free).books()), bare_books(policy)
    for name, table in {**poor.flows, **poor.closing, **poor.memos}.items():
        np.testing.assert_array_equal({**rich.flows, **rich.closing, **rich.memos}[name], table, err_msg=name)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_replication_has_the_same_money_alone_or_in_company(policy):
    """To the last bit, for every flow and account."""
    alone = Money(in_company(next(simulate(load(PATH), policy, [7]).books())))
    together = money(policy)
    for name, flow in together.flows.items():
        np.testing.assert_array_equal(alone.flows[name][:, 0], flow[:, 7], err_msg=name)
    for account in ACCOUNTS:
        np.testing.assert_array_equal(alone.closing(account)[:, 0], together.closing(account)[:, 7], err_msg=account)


def test_every_flow_of_the_bare_company_moves():
    """The tight company with terms is tight in money too: what only its departments move is left out."""
    of_departments = {
        "price_changes", "push_discounts", "credits", "price_variance", "subcontracted", "subcontract_premium", "restocked",
        "scrap", "expiry", "shrinkage", "counting", "expediting", "hiring", "dismissal",
    }  # fmt: skip
    m = money("sop-smoothed")
    still = {name for name in MONEY_FLOWS if not m.flows[name].any()}
    assert still == of_departments
    assert (m.closing(CASH) < 0).any()
    assert values(books("sop-smoothed"), ["credit_exceeded"])[1].max() == 1


def test_the_bare_company_is_the_one_that_is_extended():
    """A file that extends another says the same of all that it does not change."""
    assert load(PATH).company.products == bare().company.products


# --- the financial plan ---


def plan_of(played, made=8):
    """The plan of a cycle in money, and the day on whose morning it was made."""
    month = Month(played, made, 0)
    return planned_money(month), month.supply_day


def test_the_planned_balance_sheet_balances_every_day():
    """The financial plan goes on from the books: equity grows by the planned profit less drawings, and accounts begin as they closed."""
    played, m = books("sop-smoothed"), money("sop-smoothed")
    plan, today = plan_of(played)
    profit = np.cumsum(sum(sign(name) * plan.flows[name] for name in PROFIT), axis=0)
    drawn = np.cumsum(plan.flows["drawings"], axis=0)
    np.testing.assert_allclose(plan.equity, sum(plan.opening.values()) + profit - drawn, rtol=0, atol=CENT)
    assert plan.first < today
    for account in ACCOUNTS:
        booked = m.closing(account)[plan.first : today, 0]
        np.testing.assert_allclose(plan.closing(account)[: today - plan.first, 0], booked, rtol=0, atol=CENT)


def test_the_financial_plan_reads_no_book_of_tomorrow():
    """Other books from the morning of the supply plan on, and no line of the plan moves."""
    played = books("sop-smoothed")
    plan, today = plan_of(played)
    other = replace(played, **{name: dict(getattr(played, name)) for name in ("flows", "closing", "memos")})
    for name in ("flows", "closing", "memos"):
        for book, amount in getattr(other, name).items():
            changed = amount.copy()
            changed[today:] = 3.0 * changed[today:] + 7.0
            getattr(other, name)[book] = changed
    again, _ = plan_of(other)
    for flow, amount in plan.flows.items():
        np.testing.assert_array_equal(again.flows[flow], amount, err_msg=flow)
