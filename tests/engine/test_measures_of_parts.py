"""Measures of customers who react, of people, quality and suppliers, against books that are worked out by hand."""

import numpy as np
import pytest

from simulator.results.kpis import MEASURES, Score
from tests.engine.small import BREAD, CAKE, DAYS, FIRST, FLOUR, SALT, SECOND, blank, company

YEAR = 365.25
TEMPER = {"expects": 0.8, "customers": 200}


def measured(books, name, by="total"):
    """A measure of the first lane: a number, or one a group."""
    score = Score(books, by)
    found = dict(zip(score.groups, MEASURES[name].function(score)[:, 0].tolist(), strict=True))
    return found["total"] if by == "total" else found


def memo(books, name, *shape):
    """A count by day that nothing was counted in yet."""
    books.memos[name] = np.zeros((DAYS, *shape, 2))
    return books.memos[name]


# --- the market ---


@pytest.fixture
def customers():
    """The first segment reacts, two hundred of them; the second does not and comes through the van.

    February: 100 loaves and 100 cakes fall due, 60 of them late; March: 100 loaves, none late. The second segment has 50
    due in February and all of them late. Loyalty falls from 1 to .9, then to .85, and rises to .95.
    """
    entries = {"segments__first__loyalty": TEMPER, "segments__second__channel": "van", "channels": {"van": {}}}
    books = blank(company(**entries))
    due, owed = books.flows["due"], books.closing["backlog"]
    due[3, FIRST, BREAD], due[4, FIRST, CAKE], due[40, FIRST, BREAD] = 100, 100, 100
    due[3, SECOND, BREAD] = owed[3, SECOND, BREAD] = 50
    owed[3, FIRST, BREAD], owed[4, FIRST, CAKE] = 20, 40
    level = memo(books, "loyalty", 2)
    level[:, SECOND], level[:10, FIRST], level[10:20, FIRST] = 1.0, 1.0, 0.9
    level[20:30, FIRST], level[30:, FIRST] = 0.85, 0.95
    return books


LOYAL = (10 * 1.0 + 10 * 0.9 + 10 * 0.85 + 29 * 0.95) / DAYS


@pytest.mark.parametrize(
    ("name", "total"),
    [
        ("loyalty", LOYAL),
        (
            "satisfaction",
            (200 * (1 - 60 / 200) / 0.8 + 100 * 1.0) / 300,
        ),  # March is better than expected, and counts as 1
        ("complaints", 1000 * (60 - 0.2 * 200) / 300),
        ("customers_lost", 200 * 0.15),
        ("customers_won", 200 * 0.1),
    ],
)
def test_customers_who_react(customers, name, total):
    """The first segment alone is told, by segment and channel as in total; by product nothing is."""
    assert measured(customers, name) == pytest.approx(total)
    by_segment, by_channel = measured(customers, name, "segment"), measured(customers, name, "channel")
    assert by_segment["first"] == pytest.approx(total)
    assert by_channel["door"] == pytest.approx(total)
    assert np.nan_to_num(by_segment["second"]) == 0
    assert all(np.isnan(list(measured(customers, name, "product").values())))


@pytest.mark.parametrize("name", ["loyalty", "satisfaction", "complaints", "customers_lost", "customers_won"])
def test_nobody_reacts_where_nobody_is_said_to(name):
    """A company without loyalty has no such figures."""
    assert np.isnan(measured(blank(), name))


def test_the_sales_team_against_its_targets():
    """Targets of 40 in each month for the first segment; 60 loaves and 10 cakes fall due for it, 99 for the other.

    Twelve loaves were pulled forward on one day and two on another; alerts on three days of two months.
    """
    books = blank()
    books.flows["due"][3, FIRST, BREAD], books.flows["due"][40, FIRST, CAKE] = 60, 10
    books.flows["due"][5, SECOND, SALT] = 99
    target, pushed, alerts = memo(books, "target", 2), memo(books, "pushed", 2, 3), memo(books, "alerts", 2)
    target[[27, 58], FIRST] = 40
    pushed[26, FIRST, BREAD], pushed[57, FIRST, CAKE] = 12, 2
    alerts[[3, 10, 40], FIRST] = 1
    assert measured(books, "target_attainment") == pytest.approx(70 / 80)
    assert measured(books, "target_attainment", "segment")["first"] == pytest.approx(70 / 80)
    assert np.isnan(measured(books, "target_attainment", "segment")["second"])
    assert measured(books, "pushed_share") == pytest.approx(14 / 169)
    assert measured(books, "pushed_share", "product") == pytest.approx({"bread": 12 / 60, "cake": 2 / 10, "salt": 0})
    assert measured(books, "sales_alerts") == pytest.approx(1.5)


def test_demand_swings_from_week_to_week():
    """Weeks of 70 and 140 in turn, eight of them, and three days more that make no week: 35 x (8/7)^.5 of 105."""
    books = blank()
    weeks = np.append(np.repeat([10, 20] * 4, 7), [900] * 3)
    books.flows["due"][:, FIRST, BREAD] = weeks[:, None]
    assert measured(books, "demand_swing") == pytest.approx(35 * np.sqrt(8 / 7) / 105)
    assert np.isnan(measured(books, "demand_swing", "segment")["second"])


def test_deals_won_and_the_chance_that_was_stated():
    """Of eight decided on two days three were won; they were said to have chances of 2 and 4 in all."""
    books = blank()
    decided, won, stated = (memo(books, name, 3) for name in ("decided", "won", "stated"))
    decided[[3, 9], BREAD], won[[3, 9], BREAD], stated[[3, 9], BREAD] = (
        np.array(pair)[:, None] for pair in ((3, 5), (1, 2), (2, 4))
    )
    assert measured(books, "win_rate") == pytest.approx(3 / 8)
    assert measured(books, "stated_chance") == pytest.approx(6 / 8)
    assert np.isnan(measured(books, "win_rate", "product")["cake"])
    assert np.isnan(measured(blank(), "win_rate"))


def test_obsolete_stock_is_of_what_is_gone_and_of_parts_that_nothing_else_takes():
    """Cake is phased out: 3 cakes at 4; flour also goes into bread, sugar into cake alone: 5 at .25. The last evening counts."""
    cake = {"bill": {"flour": 1.0, "sugar": 2.0}, "hours": {"oven": 0.2}}
    sugar = {"unit_cost": 0.25, "buy": {"supplier": "mill", "lead_time": {"law": "constant", "mean": 2.0}}}
    bread = {"bill": {"flour": 0.5}, "hours": {"line": 0.1}}
    entries = {"products__cake__make": cake, "products__bread__make": bread, "components__sugar": sugar}
    books = blank(company(**entries, products__cake__phase_out={"month": "2026-03-01"}))
    books.closing["on_hand"][:] = 100
    books.closing["on_hand"][-1, :, 0] = 7, 3, 11, 13, 5
    assert books.scenario.network.names == ["bread", "cake", "salt", "flour", "sugar"]
    assert measured(books, "left_over") == pytest.approx(3 * 4 + 5 * 0.25)
    assert measured(books, "left_over", "product") == {"bread": 0, "cake": 12, "salt": 0}
    assert np.isnan(measured(blank(company(**entries)), "left_over"))


# --- people ---


@pytest.mark.parametrize(
    ("name", "count"), [("hires", "hired"), ("dismissals", "dismissed"), ("hours_paid", "paid_hours")]
)
def test_people_are_counted_by_the_year(name, count):
    """Three and one and two at both resources on two days of 59."""
    books = blank()
    book = memo(books, count, 2)
    book[3], book[50, 1] = np.array([[3], [1]]), 2
    assert measured(books, name) == pytest.approx(6 * YEAR / DAYS)
    assert np.isnan(measured(blank(), name))


def test_setups_take_a_share_of_the_hours_used():
    """One hour and two of set-up in 5 and 7 hours."""
    books = blank()
    memo(books, "setup_hours", 2)[[3, 4], [0, 1]] = np.array([[1], [2]])
    books.hours_used[[3, 4], [0, 1]] = np.array([[5], [7]])
    assert measured(books, "setup_share") == pytest.approx(3 / 12)


def test_what_is_made_outside_is_a_share_of_what_is_made():
    """Six cakes outside; ten loaves and four cakes here; bought salt and flour are not made."""
    books = blank()
    assert np.isnan(measured(books, "outside_share"))
    books.flows["subcontracted"] = np.zeros_like(books.flows["released"])
    books.flows["subcontracted"][[3, 5], CAKE] = np.array([[2], [4]])
    for item, units in ((BREAD, 10), (CAKE, 4), (SALT, 50), (FLOUR, 90)):
        books.flows["released"][6, item] = units
    assert measured(books, "outside_share") == pytest.approx(6 / 20)


# --- quality ---


@pytest.fixture
def checked():
    """The yield of cake differs; cakes and loaves come back, salt goes bad, and things get lost.

    Of 50 cakes of finished lots 10 were faulty and 4 of those repaired. Three loaves and one cake came back, of which a
    loaf went back on the shelf. Eight units of salt expired, six of flour were lost.
    """
    entries = {
        "products__cake__make__good": 0.8,
        "products__cake__make__good_spread": 0.05,
        "products__salt__shelf_life": 30,
        "segments__first__returns": {"share": 0.1, "days": {"law": "constant", "mean": 2.0}},
    }
    books = blank(company(**entries))
    assert books.scenario.network.uncertain.tolist() == [CAKE]
    for name, units in (("finished", (20, 30)), ("faulty", (3, 7)), ("repaired", (1, 3))):
        memo(books, name, 1)[[4, 5], 0] = np.array(units)[:, None]
    back = memo(books, "sent_back", 2, 3)
    back[7, FIRST, BREAD], back[8, FIRST, CAKE] = 3, 1
    for name, item, units in (("returned", BREAD, 1), ("expired", SALT, 8), ("shrunk", FLOUR, 6)):
        books.flows[name] = np.zeros_like(books.flows["released"])
        books.flows[name][9, item] = units
    books.flows["due"][3, FIRST, BREAD], books.flows["due"][3, FIRST, CAKE] = 30, 10
    books.flows["due"][4, FIRST, BREAD] = books.closing["backlog"][4, FIRST, BREAD] = 8
    books.flows["served"][3, FIRST] = books.flows["due"][3, FIRST]
    books.flows["served"][5, FIRST, BREAD] = 8
    return books


@pytest.mark.parametrize(
    ("name", "total"),
    [
        ("final_yield", 1 - 6 / 50),
        ("first_pass_yield", 1 - 10 / 50),
        ("scrap_value", (6 * 4 + 2 * 2 + 1 * 4) * YEAR / DAYS),
        ("return_rate", 4 / 48),
        ("perfect_order", (2 / 3) * (1 - 4 / 48)),
        ("expired_value", 8 * 1 * YEAR / DAYS),
        ("shrinkage_value", 6 * 0.5 * YEAR / DAYS),
    ],
)
def test_quality(checked, name, total):
    """Each measure of quality, and not a number where nothing of the kind is counted."""
    assert measured(checked, name) == pytest.approx(total)
    assert np.isnan(measured(blank(), name))


def test_quality_by_product(checked):
    """Only cake has a yield; of 38 loaves 3 came back, of 10 cakes one."""
    yields = measured(checked, "first_pass_yield", "product")
    assert yields["cake"] == pytest.approx(0.8)
    assert np.isnan(yields["bread"])
    rates = measured(checked, "return_rate", "product")
    assert (rates["bread"], rates["cake"]) == (pytest.approx(3 / 38), pytest.approx(1 / 10))


def test_no_returns_are_known_of_customers_who_send_nothing_back():
    """What is counted is nothing then, and no share."""
    books = blank()
    memo(books, "sent_back", 2, 3)
    books.flows["returned"] = np.zeros_like(books.flows["released"])
    assert np.isnan(measured(books, "return_rate"))
    assert measured(books, "scrap_value") == 0


def test_a_record_is_right_within_two_in_a_hundred():
    """Of 100 on the shelf 98 and 102 are right, 97 and 103 are not; nothing recorded of nothing is right."""
    books = blank()
    shelf, recorded = books.closing["on_hand"], memo(books, "recorded", 4)
    for day, said in enumerate((98, 102, 97, 103)):
        shelf[day, BREAD], recorded[day, BREAD] = 100, said
    assert measured(books, "record_accuracy") == pytest.approx(1 - 2 / (4 * DAYS))
    assert np.isnan(measured(blank(), "record_accuracy"))


# --- suppliers ---


def test_suppliers():
    """Ten units of salt at 1 and forty of flour at .5 came, 5 and 30 on time; 2 and 4 failed.

    The rest was 30 by standard and 33 by price; 20 and 60 ordered, 4 and 8 of them express; a supplier was out for a day,
    half of another.
    """
    books = blank()
    salt, flour = (
        books.scenario.network.bought.tolist().index(SALT),
        books.scenario.network.bought.tolist().index(FLOUR),
    )
    for name, of_salt, of_flour in (
        ("came_from", 10, 40),
        ("on_time", 5, 30),
        ("rejected_from", 2, 4),
        ("ordered_from", 20, 60),
        ("expedited", 4, 8),
    ):
        book = memo(books, name, 2)
        book[5, salt], book[6, flour] = of_salt, of_flour
    memo(books, "delivered_value", 1)[6] = 33
    memo(books, "outage", 2)[[3, 4], [0, 1]] = np.array([[1.0], [0.5]])
    assert measured(books, "supplier_on_time") == pytest.approx((5 + 15) / 30)
    assert measured(books, "reject_rate") == pytest.approx((2 + 2) / 30)
    assert measured(books, "purchase_price") == pytest.approx(33 / 26)
    assert measured(books, "expedited_share") == pytest.approx((4 + 4) / 50)
    assert measured(books, "disruption_days") == pytest.approx(1.5)
    assert np.isnan(measured(blank(), "supplier_on_time"))


# --- money ---


def test_cash_is_tied_up_until_it_comes_back():
    """Sold 59 loaves at 5 that cost 2, one a day, paid after ten days; salt at 1 is bought for 1.5 each, 2 a day, paid at once.

    Stock grows by what salt adds and bread takes: of no weight here, a day of each is 2 and -2. Receivables are 50 from
    the tenth day on, and rise to it by 5 a day: (5 + 10 + ... + 45 + 50 x 50) / 59.
    """
    books = blank(company(segments__first__payment_days=10, finance__credit_line=100.0))
    books.flows["due"][:, FIRST, BREAD] = books.flows["shipped"][:, BREAD] = 1
    books.flows["received"][:, SALT] = 2
    memo(books, "delivered_value", 1)[:] = 3
    owed = (5 * 45 + 50 * 50) / DAYS
    assert measured(books, "receivables") == pytest.approx(owed)
    assert measured(books, "cash_to_cash") == pytest.approx(0 + owed / 5 - 0)
    late = blank(company(suppliers__mill__payment_days=10))
    for name in ("due", "shipped", "received"):
        late.flows[name][:] = books.flows[name]
    late.memos["delivered_value"] = books.memos["delivered_value"]
    assert measured(late, "payables") == pytest.approx((3 * 45 + 30 * 50) / DAYS)
    assert measured(late, "cash_to_cash") == pytest.approx(0 + 0 - (3 * 45 + 30 * 50) / DAYS / 3)


@pytest.mark.parametrize(("line", "exceeded"), [(99.0, 1), (101.0, 0)])
def test_a_credit_line_is_exceeded_where_cash_falls_below_it(line, exceeded):
    """A hundred units of salt at 1 are paid at once."""
    entries = {"resources__line__hours": 0.001, "resources__oven__hours": 0.001}
    books = blank(company(finance__credit_line=line, finance__holding_rate=0.0, finance__capital_rate=0.0, **entries))
    books.flows["received"][3, SALT] = 100
    wages = 28 * 0.002 * 20 + 31 * 0.002 * 20
    assert measured(books, "lowest_cash") == pytest.approx(-100 - wages, abs=1e-6)
    assert measured(books, "credit_exceeded") == float(100 + wages > line)


# --- plans and service, beyond one product ---


def test_months_and_receipts_are_counted_product_by_product():
    """Bread is short in neither month, cake in both; of five receipts three come while nothing is owed, two of them of salt."""
    books = blank()
    for day in (3, 40):
        books.flows["due"][day, FIRST, :2] = 5
        books.closing["backlog"][day, FIRST, CAKE] = 2
    books.flows["received"][[4, 9, 20], SALT], books.flows["received"][[4, 41], CAKE] = 1, 2
    books.closing["backlog"][19, FIRST, SALT] = 1
    assert measured(books, "period_service") == pytest.approx(2 / 4)
    assert measured(books, "cycle_service") == pytest.approx(2 / 5)


def test_forecasts_are_judged_over_all_months():
    """Bread off by 3 and 4, the others right: the root of 25 / 6; last year's month was 5 and 9 off: (3 + 4) / (5 + 9)."""
    books = blank(company(experiment__months=3), past=12)
    books.plans.made_in = books.plans.forecast_in = [0, 1, 2]
    books.demand_by_month[12:] = 100
    books.demand_by_month[:12] = 100
    books.plans.forecast[0, 1], books.plans.forecast[1, 1] = 100, 100
    books.plans.forecast[0, 1, BREAD], books.plans.forecast[1, 1, BREAD] = 103, 96
    books.demand_by_month[1, BREAD], books.demand_by_month[2, BREAD] = 95, 109
    assert measured(books, "forecast_rmse") == pytest.approx(np.sqrt(25 / 6))
    assert measured(books, "forecast_mase") == pytest.approx(7 / 14)


def test_alarms_are_of_forecasts_that_are_too_low_as_well():
    """Seven months of 8 forecast of 10: the signal is -1 to -7, beyond 4 three times; the other products are never off."""
    books = blank(company(experiment__months=8))
    books.plans.made_in = books.plans.forecast_in = list(range(8))
    books.plans.forecast[:, 1, BREAD] = 8
    books.demand_by_month[:, BREAD] = 10
    assert measured(books, "tracking_alarms") == pytest.approx(3 / 21)


def test_one_month_does_not_vary():
    """There is nothing to hold it against."""
    books = blank(company(experiment__warm_up=1))
    books.flows["released"][:, BREAD] = 1
    assert np.isnan(measured(books, "production_variation"))
    assert np.isnan(measured(books, "production_change"))
    assert measured(books, "production_peak") == 1


def test_changes_in_the_frozen_zone():
    """Asked for and not given: 5 and 7 of 40 and 60 planned for the month that is frozen."""
    books = blank()
    books.policy = books.policy.model_copy(update={"frozen_months": 1})
    assert np.isnan(measured(books, "frozen_changes"))
    books.plans.made_in = [0, 1]
    books.plans.table("changes asked inside the frozen zone", (2,))[:] = np.array([[5.0], [7.0]])
    books.plans.production[0, :, 0], books.plans.production[1, :, 1] = 40, 60
    assert measured(books, "frozen_changes") == pytest.approx(12 / 100)
