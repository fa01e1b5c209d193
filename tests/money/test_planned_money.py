"""The financial plan on digits worked by hand: lines of the statements, payments by terms, cash, the line of the bank, the budget."""

from copy import deepcopy
from types import SimpleNamespace as Only

import numpy as np
import pytest

from simulator import load, simulate
from simulator.company import Days
from simulator.company.market import price_factors
from simulator.engine.money.accounts import CASH, EBIT, NET_SALES, PAYABLES, RECEIVABLES
from simulator.faces.documents.cash import cash_told
from simulator.kernel.plans import EXPRESS, PARTS_DUE
from simulator.results.money import Money
from simulator.results.reading.capacity import decided_express
from simulator.results.reading.learnt import Learnt, usual_mix
from simulator.results.reading.month import Month
from simulator.results.reading.plan_record import Range, planned_money
from simulator.results.reading.planned_cash import LINE_AT_RISK, LINE_BROKEN, LINE_KEPT, PlannedCash
from simulator.results.reading.planned_money import PlannedMoney
from tests.money.toy import UP_TO, WORDS
from tests.sop.workshop import cups

FEBRUARY, TODAY = 1, 35
"""Lamps are planned on the morning of the fifth of February; January had 31 days."""


@pytest.fixture(scope="module")
def books():
    """Lamp makers alike, one up to a level (ten sold, made and bought a day), one under S&OP, whose cycles there are."""
    companies = [deepcopy(WORDS) for _ in range(2)]
    companies[1]["experiment"] = {"months": 3, "history": 24}
    return [next(simulate(load(words), how, 2).books()) for words, how in zip(companies, (UP_TO, "sop"), strict=True)]


def by_month(*months, rows=1):
    """Amounts of the first months ahead, nothing in the others: (12, rows)."""
    return np.array([[amount] * rows for amount in (*months, *[0.0] * (12 - len(months)))])


def planned(books, owed=None, **finance):
    """Five lamps a day made and sold until the end of February, 20 a day sold in March; 240 bulbs come in February, 31 in March.

    Bulbs on hand and on order are 271; lamps of February need 120 and those of March 337, so that 186 are ordered for March.
    """
    past, month = Money(books[0]), Month(books[1], FEBRUARY, 0)
    vars(month)["held"] = (TODAY,) * 5
    month.position = lambda day: np.array([0.0, 271.0])
    month.plans.tables[PARTS_DUE][FEBRUARY, :, 0, 0] = [240.0, *[271.0] * 11]
    month.plans.safety_stock[FEBRUARY] = month.plans.overtime[FEBRUARY] = 0.0
    vars(month)["projected"] = Only(
        shipments_to_come=by_month(120.0, 620.0),
        receipts_of_products=by_month(120.0, 337.0),
        to_make=by_month(120.0, 337.0),
        products=by_month(),
    )
    month.morning = lambda account, day: np.zeros((1, 1))
    return PlannedMoney(month, past, 0, owed)


def line(plan, name, month=0):
    """A line of a month's planned statements."""
    return {each.name: each.amount[month, 0] for each in plan.statements.lines}[name]


@pytest.mark.parametrize(
    ("name", "amount"),
    [
        ("sales", 4 * 100 + 24 * 50),  # four days of ten lamps at 10, 24 of five
        ("cost of goods", -(4 * 60 + 24 * 30)),
        ("wages, worked or idle", -28 * 30),
        ("conversion absorbed", 4 * 40 + 24 * 20),
        ("transport", -0.02 * 1600),
        ("selling", -0.05 * 1600),
        ("bad debt", -0.01 * 1600),
        (
            "storage",
            -(4 * 0.1 + 0.001 * (24 * 100 + 10 * 300)),
        ),  # bulbs for ten lamps a day come and five are made: 10 a day more
        ("fixed cost", -310),
        ("EBIT", 1600 - 960 - 840 + 640 - 32 - 80 - 16 - 5.8 - 310),
        ("opening cash", 1946.88),  # as the books have it
        ("from customers", 14 * 99 + 14 * 49.5),  # ten days later: 14 days of January's business, 14 of the plan's
        ("to suppliers", -27 * 20),  # thirty days later: no bulbs had come on the first two days
        ("people and fixed cost", -(28 * 30 + 310)),
        ("transport and selling", -0.07 * 1600),
        ("storage and counting", -5.8),
        ("drawings", -62),
        ("closing cash", 1946.88 + 2079 - 540 - 1150 - 112 - 5.8 - 62),
    ],
)
def test_a_planned_month_line_by_line(books, name, amount):
    """February: four days of the books, then the plan."""
    assert line(planned(books), name) == pytest.approx(amount)


def test_the_plan_has_the_lines_of_the_statements_in_their_order():
    """Of a company with returns, write-offs, price changes and penalties: a planner has a line for each that came, where it came."""
    run = simulate(load("giftware-everything"), "sop", [0])
    table, month = run.money(), Month(next(run.books()), 20, 0)
    real = list(table[["statement", "line"]].drop_duplicates().itertuples(index=False, name=None))
    lines = [(each.statement, each.name) for each in planned_money(month).statements.lines]
    assert [each for each in real if each in lines] == [each for each in lines if each in real]
    for name in (
        "credits for returns",
        "returned to stock",
        "penalties",
        "past shelf life",
        "shrinkage",
        "hiring",
        "counting",
    ):
        assert ("profit and loss", name) in lines


def test_customers_and_suppliers_are_paid_by_their_terms(books):
    """March: invoices of ten days of February and 21 of March; bulbs of six days of the books, 24 of the plan and one of March."""
    plan = planned(books)
    assert line(plan, "from customers", 1) == pytest.approx(10 * 49.5 + 21 * 198)
    assert line(plan, "to suppliers", 1) == pytest.approx(-(6 * 20 + 24 * 20 + 2 + 12))
    assert plan.at_month_ends(RECEIVABLES)[:2] == pytest.approx([10 * 49.5, 10 * 198])
    assert -plan.at_month_ends(PAYABLES)[0] == pytest.approx(6 * 20 + 24 * 20)
    first, end = plan.periods[1]
    assert plan.paid_for_new_orders[first:end].sum() == pytest.approx(
        12
    )  # of 186 ordered for March, the first day's six


def test_penalties_follow_the_backlog_by_contract(books):
    """Nothing is owed today, 2,400 at the end of February: 1,200 on the mean of 24 days, half a percent a day, never paid later."""
    on_time, late = planned(books), planned(books, owed=np.array([2400.0, *[0.0] * 11]))
    assert line(late, "penalties") == pytest.approx(-1200 * 24 * 0.005)
    assert line(late, "EBIT") == pytest.approx(line(on_time, "EBIT") - 144)
    assert late.at_month_ends(CASH)[3] == pytest.approx(on_time.at_month_ends(CASH)[3] - 144 - 1200 * 31 * 0.005)


def test_closed_months_teach_what_no_plan_says():
    """Of 1,000 sold 30 came back; 4 of a stock of 100 a day expired in 20 days; 6 of penalties on 5 owed at the end of the second month."""
    start = np.array([0, 10, 20, 30])
    flows = {
        name: np.zeros((30, 1)) for name in ("sales", "credits", "expiry", "penalties", "counting", "scrap", "absorbed")
    }
    flows["sales"][:20], flows["credits"][19], flows["expiry"][5], flows["penalties"][15] = 50.0, 30.0, 4.0, 6.0
    flows["counting"][3], flows["credits"][25] = 40.0, 999.0  # the third month is not over
    owed = np.zeros((30, 1, 1))
    owed[19] = 5.0
    money = Only(flows=flows, month_start=start, closing=lambda account: np.full((30, 1), 100.0), read=Only(owed=owed))
    learnt = Learnt(money, 2, 0)
    assert learnt.share("credits") == pytest.approx(0.03)
    assert learnt.share("expiry") == pytest.approx(4 / 2000)
    assert learnt.share("scrap") == 0.0
    assert learnt.a_day("counting") == pytest.approx(2.0)
    assert learnt.penalty == pytest.approx(6 / (2.5 * 10))
    assert Learnt(money, 1, 0).penalty is None
    assert Learnt(money, 0, 0).share("credits") == 0.0


def test_what_the_floor_uses_beyond_standard_stays_in_no_process(books, monkeypatch):
    """A quarter of what hours add went in parts beyond standard: 120 of 480, out of stock and written off."""
    usual = planned(books)
    monkeypatch.setattr(Learnt, "share", lambda self, flow: 0.25 if flow == "usage_variance" else 0.0)
    wasteful = planned(books)
    assert line(wasteful, "parts used against standard") == pytest.approx(-120.0)
    assert line(wasteful, "stock") == pytest.approx(line(usual, "stock") - 120)
    assert line(wasteful, "work in process") == pytest.approx(line(usual, "work in process"))


def test_who_buys_is_told_by_the_last_orders():
    """Shops take 30 of 40 cups; nobody bought vases, of which they take what they take of everything."""
    np.testing.assert_allclose(usual_mix(np.array([[30.0, 0.0], [10.0, 0.0]])), [[0.75, 0.75], [0.25, 0.25]])
    np.testing.assert_allclose(usual_mix(np.zeros((2, 1))), [[0.5], [0.5]])


def test_price_changes_are_planned_once_they_are_told():
    """A rise of 10 % from March 2 on is told twenty days before."""
    change = {"start": "2026-03-02", "change": 0.1, "known": 20}
    company = load({**WORDS, "market": {"prices": [change]}}).company
    days = Days(company.calendar, 3)
    assert price_factors(company, days, 39)[60, 0, 0] == 1.0
    assert price_factors(company, days, 40)[59:61, 0, 0] == pytest.approx([1.0, 1.1])


def test_people_are_paid_as_planned_and_leavers_replaced():
    """Seven sew today, of eight planned this month and six from next on; 8 % a year leave: 1.05 are hired, 1.96 dismissed."""
    column = [[8.0], [8.0]]
    staffing = Only(manned=np.array([[True], [False]]), per_head=np.array(column), attrition=np.array([[0.08], [0.0]]))
    people = np.array([[8.0, 0.0], *[[6.0, 0.0]] * 11])
    tables = {"people planned": people, "people settled": np.full((12, 2), 7.0)}
    memos = {name: np.zeros((40, 2, 1)) for name in ("heads", "paid_hours", "shift_hours")}
    memos["heads"][:, 0], memos["paid_hours"][:, :, 0], memos["shift_hours"][:, 1] = 7.0, [56.0, 16.0], 8.0
    plan = PlannedMoney.__new__(PlannedMoney)
    plan.today, plan.lane, plan.month_of_day = 35, 0, np.array([0, 0, 1])
    plan.past = Only(
        books=Only(memos=memos),
        terms=Only(
            paid_hours=None, paid_for=np.ones(2), wage=np.array([10.0, 2.0]), shift_premium=np.array([0.0, 0.5])
        ),
    )
    plan.month = Only(
        n=Only(resources=["sewing", "press"], staffing=staffing),
        noted=tables.get,
        days=Only(working=np.ones(40, dtype=bool)),
    )
    come, go = plan._moves
    assert come[:3, 0] == pytest.approx([8 - 7 + 8 * 0.08 / 12, 0.0, 6 * 0.08 / 12])
    assert go[:3, 0] == pytest.approx([0.0, 2 - 6 * 0.08 / 12, 0.0])
    assert not come[:, 1].any()
    assert plan._wages == pytest.approx([8 * 80 + 32 + 4, 8 * 80 + 32 + 4, 6 * 80 + 32 + 4])


def test_what_was_decided_once_is_not_expedited_every_month():
    """30 hinges at 5 extra in January, 12 by now; of January's 212 these are 150, and the rules' 62 go on at 2 a day."""
    offers = Only(
        records=[0, 1], first=[0, 1], express_days=np.array([[5.0], [0.0]]), inspection=np.zeros((2, 1)),
        price=np.array([[10.0], [4.0]]), premium=np.array([[0.5], [0.5]]),
    )  # fmt: skip
    units = np.full((3, 2, 1), np.nan)
    units[0, :, 0], units[1, :, 0] = [30.0, 0.0], [12.0, 0.0]
    flows = {"expediting": np.zeros((60, 1))}
    flows["expediting"][3], flows["expediting"][40] = 212.0, 999.0  # the second month is not over
    month = Only(index=1, lane=0, n=Only(sources=offers), plans=Only(tables={EXPRESS: units}))
    assert decided_express(month) == pytest.approx([150.0, 60.0])
    plan = PlannedMoney.__new__(PlannedMoney)
    plan.month, plan.today, plan.month_of_day = month, 55, np.array([0] * 4 + [1] * 10)
    month.days = Only(working=np.ones(80, dtype=bool))
    vars(plan)["learnt"] = Learnt(Only(flows=flows, month_start=np.array([0, 31, 59])), 1, 0)
    assert plan._expediting == pytest.approx([15 + 2] * 4 + [2] * 10)
    del month.plans.tables[EXPRESS]
    assert plan._expediting == pytest.approx([212 / 31] * 14)


# --- the credit line ---


def cash_of(evenings, line, likely=None, **finance):
    """Two months of ten evenings, all still to come."""
    stated = {"opening_cash", "credit_line"} if line is not None else {"opening_cash"}
    flow = {"collected": 5.0, "paid_suppliers": 3.0, "drawings": 1.0}
    plan = Only(
        closing=lambda account: np.array(evenings, dtype=float)[:, None],
        at_month_ends=lambda account: np.array(evenings, dtype=float)[[9, 19]],
        month_start=np.array([0, 10, 20]),
        first=100,
        today=100,
        flows={name: np.full((20, 1), amount) for name, amount in flow.items()},
        paid_for_new_orders=np.full((20, 1), 2.0),
    )
    month = Only(
        ahead=["2026-02", "2026-03"],
        company=Only(finance=Only(credit_line=line, model_fields_set=stated if finance.get("stated", True) else set())),
        days=Only(date=lambda day: day),
        currency="EUR",
    )
    cash = PlannedCash(month)
    vars(cash).update(plan=plan, likely=likely)
    month.once = lambda work: cash
    return cash


def test_a_line_that_is_kept_needs_no_decision():
    """From 50 down to 31: the line of 10 is not touched."""
    cash = cash_of(range(50, 30, -1), 10.0)
    assert (cash.state, cash.missing, cash.worst_date) == (LINE_KEPT, 0.0, 119)
    assert cash.lowest.tolist() == [41.0, 31.0]
    assert [str(text) for text in cash_told(cash.month)] == ["Lowest cash 31 EUR (119); the line of 10 EUR is kept."]


def test_a_line_that_breaks_says_what_is_missing_and_what_helps():
    """Down to -14 on the twelfth evening: 4 beyond the line of 10. Twelve days of orders not placed bring 24, a week of collections 35."""
    cash = cash_of([0.0] * 11 + [-14.0] + [0.0] * 8, 10.0)
    assert (cash.state, cash.missing, cash.worst_date) == (LINE_BROKEN, 4.0, 111)
    assert cash.drawn.tolist() == [0.0, 14.0]
    assert [each.amount for each in cash.levers] == [35.0, 24.0, 21.0, 12.0]
    lowest, decide = (str(text) for text in cash_told(cash.month))
    assert lowest == "Lowest cash -14 EUR (111); that breaks the line of 10 EUR by 4 EUR."
    assert decide == (
        "To be decided: what raises cash until 111. At the most: let customers pay a week earlier 35 EUR; "
        "hold orders that are still to be placed 24 EUR; pay suppliers a week later 21 EUR; draw nothing out of the company 12 EUR."
    )


def test_past_errors_are_added_from_today_to_each_month_end():
    """Planned 7 throughout; past plans were 10 and 20 too high at the ends, one of ten 30: half an error lies halfway."""
    likely = Only(months=2, cash=Range(np.array([-23.0, -23.0]), np.array([-3.0, -13.0]), np.array([12.0, 12.0])))
    cash = cash_of([7.0] * 20, 18.0, likely)
    assert cash.expected[[4, 9, 14, 19]] == pytest.approx([2.0, -3.0, -8.0, -13.0])
    assert (cash.state, cash.missing, cash.missing_at_worst) == (LINE_AT_RISK, 0.0, pytest.approx(5.0))
    assert cash.until_date == 109
    assert str(next(cash_told(cash.month))) == (
        "Lowest cash -13 EUR (119), one of ten below -23 EUR; the line of 18 EUR holds, in one of ten it is broken by 5 EUR."
    )


def test_a_company_that_states_no_cash_is_told_so():
    """Neither opening cash nor a line: cash counts from nothing, and no limit is held against it."""
    none, lowest = (str(text) for text in cash_told(cash_of([1.0] * 20, None, stated=False).month))
    assert "states neither its opening cash nor a credit line" in none
    assert lowest == "Lowest cash 1 EUR (100); no bank sets a limit."


# --- the budget ---


def test_the_budget_rolls_into_next_year_with_the_growth_that_it_was_made_with():
    """Ten cups a day and 10 % more asked for: 341 in January, and 375.1 in that of the year after; no month ahead is without."""
    company = cups(months=14, finance={"budget_growth": 0.1}, calendar={"start": "2025-01-01"})
    books = next(simulate(company, "sop", 2).books())
    june, january = Month(books, 5, 0), Month(books, 12, 0)
    assert june.budget[:2, 0] == pytest.approx([330.0, 341.0])
    assert june.budget[6:9, 0] == pytest.approx([341.0, 375.1, 338.8])
    assert june.budgeted.all()
    assert june.months_of_this_year == [f"2025-{k:02}" for k in range(6, 13)]
    assert january.budget[0, 0] == pytest.approx(
        341.0
    )  # what was sold last year, not last year's budget, and the growth asked for


def test_planned_sales_and_result_are_those_of_the_statements(books):
    """The record holds net sales, EBIT and cash of the statements against what came."""
    plan = planned(books)
    assert plan.of_months(NET_SALES)[0] == pytest.approx(line(plan, "net sales"))
    assert plan.of_months(EBIT)[1] == pytest.approx(line(plan, "EBIT", 1))
    assert plan.at_month_ends(CASH)[0] == pytest.approx(line(plan, "closing cash"))
