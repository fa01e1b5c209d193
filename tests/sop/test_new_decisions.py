"""What decisions on parts, stock, deals, promotions, prices and purchases do, on digits worked by hand."""

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pytest

from simulator.engine.decided import decisions_of
from simulator.engine.month.further import _Parts
from simulator.engine.play import books_of_firm, play, run_until
from simulator.engine.scenario import load
from simulator.engine.treasury import CashPlan, Treasury
from simulator.kernel.ledger import EVERYTHING
from simulator.kernel.plans import BREACH, PURCHASE_BUDGET
from simulator.kernel.units import ScenarioError
from simulator.planning.further import FurtherOptions
from simulator.results.money import Money
from simulator.results.reading.month import Month
from simulator.results.reading.plan_record import planned_money
from tests.sop.workshop import bought, luck, policy, stream

OFFER = {"most_lift": 1.0, "days": 14, "pull_forward": 0.3, "weeks": 4, "discount_per_lift": 0.1}


def shop(months=4, segments=("customers",), opening=100.0, lead_time=5, **tables):
    """Mugs that are bought in five days; ten a day are asked for by each segment, every day of the year."""
    words = {
        "company": {"whole_units": False},
        "calendar": {"start": dt.date(2025, 1, 1)},
        "segments": {
            name: {"rank": k + 1, **(segments[name] if isinstance(segments, dict) else {})}
            for k, name in enumerate(segments)
        },
        "products": {
            "mug": {
                "family": "mugs",
                "price": 5.0,
                "unit_cost": 2.0,
                "opening_stock": opening,
                "elasticity": 2.0,
                "buy": bought(lead_time),
            }
        },
        "suppliers": {"near": {}},
        "demand": {"everyday": [{**stream("mug", 10), "segment": name} for name in segments]},
        "market": {"offer": OFFER, "most_price_change": 0.2},
        "experiment": {"months": months, "history": 24, "replications": 3},
    }
    return load({**words, **tables})


FOLLOW = policy(products="order-up-to", supply_plan="none", safety_stock={"rule": "days-of-cover", "days": 5.0})
"""Every evening up to the demand of the lead time and five days."""


def played(company, words="", month=1, how=FOLLOW):
    """The books with decisions of a month, counted from 0."""
    taken = decisions_of(words, company, how, month) if words else ()
    return play(company, how, luck(company), decisions=taken)


def test_parts_ordered_ahead_come_once_and_the_rules_order_less_after_them():
    """Fifty more on the first of February: nothing is ordered for five days, and in March as much is on order as ever."""
    company = shop()
    was, now = (played(company, words).flows["released"][:, 0, 0] for words in ("", "order-ahead:mug=50"))
    np.testing.assert_allclose(was[31:40], 10.0)
    np.testing.assert_allclose(now[31:38], [60, 0, 0, 0, 0, 0, 10])
    later = played(company, "order-ahead:mug@3=50").flows["released"][:, 0, 0]
    np.testing.assert_allclose(later[31:59], was[31:59])
    np.testing.assert_allclose(later[59:61], [60, 0])


def test_orders_stop_when_the_money_of_the_month_is_spent():
    """A mug costs 2 and ten a day are ordered: 130 buy six days and a half; the month after has no budget, and catches up."""
    company = shop()
    now = played(company, "purchases:all=130").flows["released"][:, 0, 0]
    np.testing.assert_allclose(now[31:39], [10, 10, 10, 10, 10, 10, 5, 0])
    assert now[39:59].sum() == 0
    np.testing.assert_allclose(now[59], 10 + 28 * 10 - 65)
    both = played(company, "purchases:all@3=130").flows["released"][:, 0, 0]
    np.testing.assert_allclose([both[31:59].sum(), both[59:90].sum()], 65.0)


def test_reserved_stock_is_left_for_its_segment():
    """No more comes, and each wants ten a day: the last fifty are kept for the first in rank, whose service lasts five days longer."""
    company = shop(segments=("key", "walk"), opening=1000.0, lead_time=300)
    before, after = (played(company, words).flows["served"][:, :, 0, 0] for words in ("", "reserve:key@3=5"))
    # 31 days of January take 620; 380 are left. Without a reserve they last for 19 days and are gone for both.
    np.testing.assert_allclose(before[31:50], 10.0)
    assert before[50:].sum() == 0
    # With 5 days of 10 kept for key the others get the last on day 16: 380 - 16 x 20 = 60, then 10 to key and none of 50 to walk.
    np.testing.assert_allclose(after[31:47], 10.0)
    np.testing.assert_allclose(after[47:53, 0], 10.0)
    np.testing.assert_allclose(after[47:59, 1].sum(), 0.0)
    assert after[53:].sum() == 0


def test_orders_of_a_segment_are_promised_later():
    """From the first of February to the end of March walk's ten a day fall due five days later; key's on the day, as ever."""
    books = played(shop(segments=("key", "walk")), "promise:walk@3=5")
    due = books.flows["due"][:, :, 0, 0]
    np.testing.assert_allclose(due[:, 0], 10.0)
    np.testing.assert_allclose(due[:31, 1], 10.0)
    np.testing.assert_allclose(due[31:36, 1], 0.0)
    np.testing.assert_allclose(due[36:90, 1], 10.0)
    np.testing.assert_allclose(due[90:95, 1], 20.0)  # the last of March and the first of April, who are told no more
    np.testing.assert_allclose(due[95:, 1], 10.0)
    np.testing.assert_allclose(books.flows["signed"][:, 1, 0, 0], 10.0)
    np.testing.assert_allclose(books.closing["order_book"][31:37, 1, 0, 0], [10, 20, 30, 40, 50, 50])


def test_patience_runs_from_the_day_on_which_goods_were_wanted():
    """Nothing is there. Who waits for seven days is owed 70 and leaves on the seventh; promised in five, owed 20 and leaves then too."""
    company = shop(segments={"walk": {"patience": 7}}, opening=0.0, lead_time=300)
    was, now = (played(company, words) for words in ("", "promise:walk@3=5"))
    lost = [found.flows["lost"][:, 0, 0, 0] for found in (was, now)]
    np.testing.assert_allclose(lost[0][7:], 10.0)
    np.testing.assert_allclose(lost[1][7:97], 10.0)
    owed = [found.closing["backlog"][:, 0, 0, 0] for found in (was, now)]
    np.testing.assert_allclose(owed[0][38:90], 70.0)
    np.testing.assert_allclose(owed[1][38:90], 20.0)
    np.testing.assert_allclose(owed[1][102:], 70.0)
    assert not now.scenario.company.segments["walk"].loyalty


def test_customers_judge_by_the_day_on_which_they_wanted_it():
    """All of February's orders come five days later than wanted: half of them deserve to go, four tenths of these at once."""
    loyalty = {"expects": 1.0, "sensitivity": 0.5, "fall": 0.4, "rise": 0.1, "most_lost": 0.6}
    company = shop(segments={"walk": {"loyalty": loyalty}}, opening=1000.0)
    level = played(company, "promise:walk=5").memos["loyalty"][:, 0, 0]
    np.testing.assert_allclose(level[57], 1.0)
    np.testing.assert_allclose(level[58], 0.8)
    np.testing.assert_allclose(played(company).memos["loyalty"], 1.0)


def test_a_promotion_lifts_demand_and_takes_part_of_it_back():
    """Half as much again for 14 days, 15 a day; three tenths of the 70 are missing in the 28 days after, .75 a day."""
    company = shop()
    books = played(company, "promotion:mugs@3=0.5")
    due = books.flows["due"][:, 0, 0, 0]
    np.testing.assert_allclose(due[:59], 10.0)
    np.testing.assert_allclose(due[59:73], 15.0)
    np.testing.assert_allclose(due[73:101], 9.25)
    np.testing.assert_allclose(due[101:], 10.0)
    plan, was = (each.plans.demand[1, :3, 0, 0] for each in (books, played(company)))
    np.testing.assert_allclose(plan - was, [0, 70 - 17 * 0.75, -11 * 0.75], atol=1e-9)
    money = Money(books)
    np.testing.assert_allclose(money.flows["price_changes"][59:73, 0], 15 * 5 * 0.05)
    np.testing.assert_allclose(money.flows["price_changes"][73:, 0], 0.0, atol=1e-9)


def test_a_promotion_is_held_later():
    """The one of March begins ten days later, and nothing else of it changes."""
    first, start = dt.date(2025, 1, 1), dt.date(2025, 3, 5)
    company = shop(market={"promotions": [{"family": "mugs", "start": start, "days": 7, "lift": 1.0}]})
    was, now = (played(company, words).flows["due"][:, 0, 0, 0] for words in ("", "move-promotion:mugs=10"))
    begin = (start - first).days
    np.testing.assert_allclose(was[begin : begin + 7], 20.0)
    np.testing.assert_allclose(now[:begin], 10.0)
    np.testing.assert_allclose(now[begin : begin + 10], 10.0)
    np.testing.assert_allclose(now[begin + 10 : begin + 17], 20.0)
    np.testing.assert_allclose(now[begin + 17 :], 10.0)


def test_a_lower_price_sells_more_by_the_elasticity():
    """A tenth less with an elasticity of two: .9 ** -2 = 1.2346 times as much, each at 4.50."""
    company = shop()
    books = played(company, "price:mug@3=-0.1")
    due = books.flows["due"][:, 0, 0, 0]
    np.testing.assert_allclose(due[:59], 10.0)
    np.testing.assert_allclose(due[59:], 10 / 0.81)
    money = Money(books)
    net = money.flows["sales"] - money.flows["price_changes"]
    np.testing.assert_allclose(net[65, 0], 4.5 * 10 / 0.81)
    np.testing.assert_allclose(Money(played(company)).flows["sales"][:59], money.flows["sales"][:59])


def deals(months=8):
    """The shop with deals of 40 mugs, seen for three months before they are signed."""
    project = {
        "product": "mug",
        "segment": "customers",
        "per_month": 2.0,
        "size": {"law": "constant", "mean": 40.0},
        "sight": 3,
        "lead_time": {"law": "constant", "mean": 30.0},
    }
    everyday = [stream("mug", 10)]
    return shop(months, demand={"everyday": everyday, "projects": [project]})


def test_deals_that_are_declined_are_never_signed():
    """What came into sight before the first of April and was not signed is gone; what comes later is not."""
    company = deals()
    weather, day = luck(company), int(company.days.month_start[3])
    was, now, smaller = (played(company, words, 3) for words in ("", "decline:mugs=40", "decline:mugs=41"))
    np.testing.assert_array_equal(was.flows["signed"], smaller.flows["signed"])
    seen = weather.projects
    first = {}
    for number, when in zip(seen.deal.tolist(), seen.day.tolist(), strict=True):
        first[number] = min(first.get(number, when), when)
    kept = [
        units
        for number, when, units in zip(
            weather.signings.deal.tolist(),
            weather.signings.day.tolist(),
            weather.signings.quantity.tolist(),
            strict=True,
        )
        if when < day or first[number] >= day
    ]
    gone = weather.signings.quantity.sum() - sum(kept)
    assert gone > 0
    np.testing.assert_allclose(was.flows["signed"].sum() - now.flows["signed"].sum(), gone)
    assert now.plans.demand[3].sum() <= was.plans.demand[3].sum()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("order-ahead:mugs=5", "there is no part 'mugs'"),
        ("purchases:mugs=5", "there is no company 'mugs'"),
        ("reserve:customers=5", "the company has one segment, so that stock would be kept back from nobody"),
        ("promise:customers=40", "40 days cannot be decided in 2025-02; it must be 0 to 31"),
        ("promise:customers=1.5", "orders are promised a whole number of days later"),
        ("promise:nobody=5", "there is no segment 'nobody'"),
        ("decline:mugs=5", "no deals of the family come into sight"),
        ("promotion:mugs@4=1.5", "it must be 0 to 1"),
        ("promotion:mugs=0.5", "what is decided in 2025-02 holds from 2025-03 on"),
        ("price:mug@4=-0.3", "it must be -0.2 to 0.2"),
        ("move-promotion:mugs=5", "there is no promotion 'mugs'"),
    ],
)
def test_what_nobody_could_decide_is_refused(words, said):
    with pytest.raises(ScenarioError, match=said):
        decisions_of(words, shop(), FOLLOW, 1)


def test_a_reason_may_follow():
    """It is kept with the decision, and changes nothing of it."""
    (decision,) = decisions_of("purchases:all=130 because the bank has cut the line", shop(), FOLLOW, 1)
    assert (str(decision), decision.reason) == ("purchases:all=130", "the bank has cut the line")


# --- as options of the meetings ---


def squeezed(**finance):
    """The shop with a workshop's plan to choose from: mugs bought at 2 on delivery, sold at 5 and paid after 90 days."""
    words = {
        "segments": {"customers": {"rank": 1, "payment_days": 90}},
        "finance": {"credit_line": 100.0, "opening_cash": 2000.0, "holding_rate": 0.0, **finance},
    }
    return shop(months=8, **words)


MEETS = FOLLOW.model_copy(update={"further": FurtherOptions(hold_purchases=True, keeps_to_line=True)})


def test_orders_are_held_where_the_cash_plan_breaks_the_line():
    """Cash comes in at 50 a day as goes out at 20 and 1,400 a month: the line of 100 holds until the drawings double."""
    kept, broken = (played(squeezed(drawings=drawings), how=MEETS) for drawings in (800.0, 2000.0))
    assert PURCHASE_BUDGET not in kept.plans.tables
    budgets = broken.plans.tables[PURCHASE_BUDGET]
    assert np.isfinite(budgets[3:]).any()
    first = next(month for month in range(3, 8) if np.isfinite(budgets[month]).all())
    days = broken.scenario.days
    start, end = days.month_start[first : first + 2]
    ordered = 2.0 * broken.flows["released"][start:end, 0, 0].sum()
    assert ordered <= budgets[first, 0] + 1e-6
    assert ordered < 2.0 * 10 * (end - start)


def test_a_plan_commits_to_no_more_than_what_is_left_of_held_orders():
    """All orders of April are held: of 300 mugs asked for 50 are there and 50 are due; 200 will be owed, as 200 are on the first of May."""
    books = played(squeezed(drawings=2000.0), how=MEETS)
    april = Month(books, 3, 0)
    assert april.projected.products[:2, 0] == pytest.approx([-200, -510])  # of May's 310 nothing can be had
    assert april.projected.shipments[0] == pytest.approx([100])
    assert april.projected.receipts_of_products[:2, 0] == pytest.approx([50, 0])
    assert april.morning("backlog", 120).sum() == pytest.approx(200)
    assert planned_money(april)._newly_ordered[:6] == pytest.approx(0.0)  # it waits until the lowest evening is over
    march = Month(books, 2, 0)  # nothing is held: 260 come beside the 50 due, and 50 are left for safety
    assert march.projected.products[0, 0] == pytest.approx(50)
    assert planned_money(march)._newly_ordered[0] == pytest.approx([260])


def parts_to_order(new, there, wanted, lead_time):
    """Parts at one each, six months of thirty days ahead, seen from the first of them; one lane."""
    parts = _Parts.__new__(_Parts)
    parts.rows = np.arange(len(new))
    parts.new, parts.wanted = (np.zeros((6, len(new), 1)) + np.array(figure)[:, None] for figure in (new, wanted))
    parts.there, parts.outlook = np.array(there)[:, None], SimpleNamespace(ends=30 * np.arange(1, 7))
    lead = np.array(lead_time)[:, None]
    parts.firm = SimpleNamespace(
        desk=SimpleNamespace(lead_time=lead), network=SimpleNamespace(unit_cost=np.ones_like(lead))
    )
    return parts


def test_orders_held_until_the_worst_month_are_missing_a_lead_time_longer():
    """A quarter is held through next month, the 60th day: what takes ten days waits for a third of the month after, sixty days for two."""
    parts = parts_to_order([80.0, 80.0], [20.0, 20.0], [100.0, 100.0], [10.0, 60.0])
    waits = parts.waits(np.array([0.25]), np.array([1]))
    assert waits[:3, 0, 0] == pytest.approx([0.25, 0.25, 0.25 / 3])
    assert waits[:, 1, 0] == pytest.approx([0.25, 0.25, 0.25, 0.25, 0.0, 0.0])
    assert not parts.waits(np.array([0.0]), np.array([1])).any()


def test_money_that_is_left_buys_first_what_lasts_shortest():
    """Of 100 wanted 80 and 20 are there. 75 of 100 may be spent: both come up to 87.5, so that 12.5 of 20 and of 80 wait."""
    parts = parts_to_order([20.0, 80.0], [80.0, 20.0], [100.0, 100.0], [10.0, 10.0])
    waits = parts.waits(np.array([0.25]), np.array([0]))
    assert waits[0, :, 0] == pytest.approx([12.5 / 20, 12.5 / 80])


def test_the_bank_closes_options_only_where_the_policy_obeys_it():
    """Chase breaks the line from month 3 on, held purchases break it less: obeyed, they are approved; weighed by cost, never."""
    weighed = FOLLOW.model_copy(update={"further": FurtherOptions(hold_purchases=True)})
    obeyed, paid = (played(squeezed(drawings=2000.0), how=how) for how in (MEETS, weighed))
    assert [int(one.max()) for one in obeyed.plans.chosen.values()] == [0, 0, 0, 1, 1, 1, 1, 1]
    assert [int(one.max()) for one in paid.plans.chosen.values()] == [0] * 8


def test_a_reserve_is_left_of_the_line():
    """The line of 100 holds by 40 on its lowest evening: with a reserve of 50, 10 is missing, of which the first order is four times."""
    evenings, orders = np.array([[70.0], [-60.0], [20.0]]), np.array([[0.0], [40.0], [40.0]])
    kept, broken = (CashPlan(evenings, orders, 100.0 - reserve) for reserve in (0.0, 50.0))
    assert (kept.missing, broken.missing) == (0.0, 10.0)
    assert broken.could_be_held == 40.0


def test_purchases_are_held_where_the_reserve_is_broken():
    """A reserve of all that the plan of April leaves of the line holds nothing back; one of 50 more is broken by 50."""
    company = squeezed(drawings=800.0)
    _, watched = cash_plans(company, MEETS)
    left = 100.0 + float(watched[3].evenings.min())
    kept, broken = (
        played(
            company,
            how=FOLLOW.model_copy(update={"further": MEETS.further.model_copy(update={"cash_reserve": left + more})}),
        )
        for more in (0.0, 50.0)
    )
    assert PURCHASE_BUDGET not in kept.plans.tables or not np.isfinite(kept.plans.tables[PURCHASE_BUDGET][3]).any()
    assert np.isfinite(broken.plans.tables[PURCHASE_BUDGET][3]).all()
    assert broken.plans.tables[BREACH][3][0] == pytest.approx(50.0)


@pytest.mark.parametrize("entry", ["keeps_to_line", "cash_reserve"])
def test_a_line_is_kept_only_to_a_cash_plan(entry):
    """Without held purchases no cash plan is made that could be kept."""
    with pytest.raises(ValueError, match=rf"{entry} needs hold_purchases = true: without it no cash plan is made"):
        FurtherOptions(**{entry: True if entry == "keeps_to_line" else 500.0})


def cash_plans(company, how):
    """A run, and the cash plan that its treasurer made in each month."""
    made = {}

    class Watched(Treasury):
        def plan(self, firm, *amounts):
            found = super().plan(firm, *amounts)
            if found is not None:
                made.setdefault(firm.view.month, found)
            return found

    with run_until(company, how, luck(company), company.days.count, EVERYTHING, treasury=Watched(company)) as firm:
        return books_of_firm(firm, company, how), made


def test_the_treasurer_knows_the_bank():
    """On the evening of the 31st of March the plan stands where the books do; a steady business goes on as planned."""
    company = squeezed(drawings=800.0)
    books, made = cash_plans(company, MEETS)
    cash = Money(books).closing("cash")
    month, plan = min(made), made[min(made)]
    start, ends = company.days.month_start[month], company.days.month_start[month + 1 : month + 4] - 1
    np.testing.assert_allclose(plan.evenings[ends - start, 0], cash[ends, 0], atol=120.0)


def test_a_small_contract_is_promised_later_and_a_deal_is_not():
    """Of the contracts that are signed in February and March each falls due six days after the day asked for."""
    small = {
        "product": "mug",
        "segment": "customers",
        "per_month": 3.0,
        "size": {"law": "constant", "mean": 40.0},
        "lead_time": {"law": "constant", "mean": 20.0},
    }
    company = shop(demand={"everyday": [stream("mug", 10)], "contracts": [small]})
    news, (start, end) = luck(company).signings, company.days.month_start[[1, 3]]
    mine = (news.lane == 0) & (news.day >= start) & (news.day < end) & (news.due + 6 < company.days.count)
    assert mine.sum() >= 2
    was, now = (played(company, words).flows["due"][:, 0, 0, 0] for words in ("", "promise:customers@3=6"))
    moved = np.zeros_like(was)
    np.add.at(moved, news.due[mine], -40.0)
    np.add.at(moved, news.due[mine] + 6, 40.0)
    moved[start : start + 6] -= 10.0
    moved[end : end + 6] += 10.0
    np.testing.assert_allclose((now - was)[:end], moved[:end], atol=1e-9)
    seen, sold = (played(deals(), words, 3).flows["due"].sum(axis=(0, 1, 2)) for words in ("", "promise:customers=1"))
    np.testing.assert_allclose(seen, sold)
