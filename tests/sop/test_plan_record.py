"""Plans against what happened, on digits worked by hand: errors of the past, ranges, backlogs and commitments."""

from types import SimpleNamespace as Only

import numpy as np
import pytest

from simulator.results.calibration import (
    DISTANCES,
    Calibration,
    Tally,
    _against_actual,
    _no_backlog,
    cells,
    headlines,
    kept_of_month,
)
from simulator.results.reading.plan_record import (
    CYCLES,
    FAR,
    PLAN_FIGURES,
    PLANNED_DEMAND,
    PLANNED_EBIT,
    PLANNED_SALES,
    PLANNED_STOCK,
    PlanRecord,
)

MONTHS = 20


def reading(planned=100.0, came=100.0, demand=100.0, stock=(10.0, 20.0), on_hand=(10.0, 20.0), owed=(0.0, 0.0)):
    """Two cups in one family, one lane; cycles in all months; figures a month, or one for each month."""
    tables = {
        "projected demand": np.zeros((MONTHS, 12, 2, 1)) + _by(demand)[:, None] / 2,
        "projected stock": np.zeros((MONTHS, 12, 2, 1)) + np.array(stock)[:, None],
    }
    plans = Only(
        made_in=list(range(MONTHS)),
        tables=tables,
        demand=np.zeros((MONTHS, 12, 2, 1)) + _by(planned)[:, None] / 2,
        forecast=np.zeros((MONTHS, 12, 2, 1)),
    )
    came = _by(came)
    return Only(
        plans=plans,
        days=Only(months=MONTHS),
        network=Only(family_of=np.array([0, 0])),
        by_family=lambda products: products.sum(axis=-2, keepdims=True),
        span_of=lambda month: (30 * month, 30 * month + 30),
        demand_of=lambda month: np.full((2, 1), came[month, 0, 0] / 2),
        on_hand=lambda day: np.array(on_hand)[:, None],
        owed=lambda day: np.array(owed)[:, None] if np.ndim(owed) == 1 else owed[day // 30],
    )


def _by(figure):
    """A figure of each month: (months, 1, 1)."""
    return np.zeros((MONTHS, 1, 1)) + np.reshape(figure, (-1, 1, 1))


def test_a_plan_looks_back_on_twelve_whose_months_are_over():
    """In month 15 the plans of 3 to 14 tell of their own month, those of 1 to 12 of the month two later; the first of all tells nothing."""
    record = PlanRecord(reading())
    assert record.cycles_before(15, 0) == list(range(3, 15))
    assert record.cycles_before(15, 2) == list(range(1, 13))
    assert record.cycles_before(5, 0) == [1, 2, 3, 4]
    assert len(record.cycles_before(19, 0)) == CYCLES
    assert record.scale(6, 0) is None  # five are not enough
    assert record.scale(7, 0) is not None
    assert PlanRecord(reading(), until=15).cycles_before(15, 3) == list(range(1, 12))


def test_errors_of_the_past_are_added_to_the_plan():
    """Of 100 planned a month came 90 and 104 by turns: -10 and +4. Of 100 planned now 97 are expected, between 90 and 104."""
    record = PlanRecord(reading(came=[90.0, 104.0] * (MONTHS // 2)))
    low, expected, high = (part[-1, 0] for part in record.likely(PLANNED_DEMAND, 15, 0))
    assert (low, expected, high) == pytest.approx((90, 97, 104))
    assert record.likely(PLANNED_DEMAND, 3, 0) is None


def test_errors_grow_by_the_square_root_of_demand():
    """Past plans were of a quarter of today's demand: -10 becomes -20 and +4 becomes +8."""
    demand = [25.0] * 15 + [100.0] * (MONTHS - 15)
    record = PlanRecord(reading(planned=demand, demand=demand, came=[15.0, 29.0] * (MONTHS // 2)))
    assert sorted({round(float(x), 9) for x in record.scenarios(PLANNED_DEMAND, 15, 0)[:, -1, 0]}) == [80, 108]


def in_one_row(months):
    """A figure of the whole company in each month: (months, 1, 1)."""
    return np.array(months, dtype=float)[:, None, None]


def test_ranges_in_money_are_in_proportion_to_net_sales():
    """At 100 of sales EBIT came 10 below or 12 above the 20 planned; 400 of sales are planned now, so that it is 40 below or 48 above.

    What is expected takes the mean error as it was, 1: demand in units has not changed.
    """
    record = PlanRecord(reading())
    sales = np.zeros((MONTHS, 6, 1, 1)) + in_one_row([100.0] * 15 + [400.0] * 5)[:, None]
    record._found = {
        "net sales": (sales, sales[:, 0]),
        "EBIT": (np.full((MONTHS, 6, 1, 1), 20.0), in_one_row([10.0, 32.0] * (MONTHS // 2))),
    }
    low, expected, high = (part[0, 0] for part in record.likely(PLANNED_EBIT, 15, 0))
    assert (low, expected, high) == pytest.approx((20 - 40, 21, 20 + 48))
    sales[3:15] = 0.0  # of plans without any sales errors are taken as they were
    assert [part[0, 0] for part in record.likely(PLANNED_EBIT, 15, 0)] == pytest.approx([10, 21, 32])


def test_recent_errors_weigh_more_for_a_range():
    """Fifty too few came in months 3 and 4, and none was wrong since: weights .9 ** 12 and .9 ** 11 of 1 + .9 + ... + .9 ** 12 = 7.458.

    Up to the second lie .596 / 7.458 = .0799 of all weight and up to the third .1267, so that a tenth is .42897 of the way to no
    error. All weighing alike it would be fifty. The mean weighs all alike.
    """
    record = PlanRecord(reading(came=[100.0] * 3 + [50.0, 50.0] + [100.0] * (MONTHS - 5)))
    low, expected, high = (part[-1, 0] for part in record.likely(PLANNED_DEMAND, 15, 0))
    assert (low, expected, high) == pytest.approx((100 - 50 * (1 - 0.42897), 100 - 100 / 12, 100), abs=1e-3)


def test_backlogs_are_told_product_by_product():
    """Projected were 10 and 20, there were 3 and 26, of the first 4 owed in half of the months: 10 - 11 is owed in half, never the sum."""
    owed = [np.array([[4.0], [0.0]]) if month % 2 else np.zeros((2, 1)) for month in range(MONTHS)]
    record = PlanRecord(reading(on_hand=(3.0, 26.0), owed=owed))
    found = record.backlogs(15, 0)[:, -1, 0]
    assert sorted(set(found.round(9).tolist())) == [0, 1]
    np.testing.assert_allclose(record.chance_of_none(15, 0)[:, 0], 0.5)
    low, expected, high = (part[-1, 0] for part in record.likely(PLANNED_STOCK, 15, 0))
    assert (low, expected, high) == pytest.approx((30 - 5, 30 - 3, 30 - 1))


def tallied(record, figure=PLANNED_DEMAND, first=0):
    """One figure and the backlogs of a record, summed as calibration sums them."""
    found = Tally.nothing(1)
    for ahead in range(DISTANCES):
        for made in cells(record, first, ahead):
            found.figures[PLAN_FIGURES.index(figure), ahead] += _against_actual(record, figure, made, ahead)
            found.none[ahead] += _no_backlog(record, made, ahead)
    return found


def test_calibration_sums_plans_and_what_came():
    """From month 7 on there is a record: 13 months of 100 planned and 80 came, which past errors say to the digit."""
    row = Calibration(None, tallied(PlanRecord(reading(came=80.0)))).figure(PLANNED_DEMAND, 0)
    assert (row.planned, row.expected, row.actual, row.cases) == (1300, pytest.approx(1040), 1040, 13)
    assert (row.plan_off, row.expected_off) == pytest.approx((0.25, 0.0))
    assert row.within == 1.0
    later = Calibration(None, tallied(PlanRecord(reading()), first=10))
    assert [later.figure(PLANNED_DEMAND, ahead).cases for ahead in range(4)] == [10, 9, 8, 7]
    assert FAR == 6


def test_blocks_of_replications_are_summed():
    """Two blocks of 13 months of 100 planned: 80 came in one, 120 in the other; together the plan is on, and nothing is kept of either."""
    blocks = [tallied(PlanRecord(reading(came=came))) for came in (80.0, 120.0)]
    row = Calibration(None, blocks[0] + blocks[1]).figure(PLANNED_DEMAND, 0)
    assert (row.planned, row.actual, row.cases, row.plan_off) == (2600, 2600, 26, 0.0)


def of_ratio(expected, actual, figure=PLANNED_EBIT, ahead=1):
    """A calibration of one figure a month ahead, expected and actual by replication; 1,000 of net sales in each."""
    found = Tally.nothing(len(actual))
    row = found.figures[PLAN_FIGURES.index(figure), ahead]
    row[1], row[2], row[4] = expected, actual, 1
    found.figures[PLAN_FIGURES.index(PLANNED_SALES), ahead, 2] = 1000.0
    return Calibration(None, found)


def test_luck_of_a_ratio_is_told_by_replication():
    """330 expected of 300: a tenth too much. Residuals -1, 0 and 1 from that of a mean of 100: 4.3027 / 3 ** .5 = 2.484 in 100."""
    found = of_ratio([120.0, 110.0, 100.0], [110.0, 100.0, 90.0])
    row = found.figure(PLANNED_EBIT, 1)
    assert row.expected_off == pytest.approx(0.1)
    assert row.luck == pytest.approx(4.302653 / 3**0.5 / 100, rel=1e-6)  # 120 - 121, 110 - 110, 100 - 99
    assert (found.ebit_of_sales.mean, found.ebit_of_sales.half) == (pytest.approx(0.01), pytest.approx(0.0))
    assert found.ebit_share == pytest.approx(0.1)
    assert np.isnan(of_ratio([120.0], [110.0]).figure(PLANNED_EBIT, 1).luck)


@pytest.mark.parametrize(
    ("expected", "actual", "near"),
    [
        ([101.0, 104.0], [100.0, 103.0], "yes"),  # a hundredth off, and hardly any luck
        ([121.0, 124.0], [100.0, 103.0], "no"),
        ([101.0, 101.0], [80.0, 120.0], "luck"),  # a hundredth off, but of forty that came more or less
        ([101.0], [100.0], "luck"),  # of one run
    ],
)
def test_within_ten_percent_is_judged_by_what_luck_allows(expected, actual, near):
    """Inside with all of its interval, outside with all of it, or not to be told."""
    assert of_ratio(expected, actual).figure(PLANNED_EBIT, 1).is_near == near


def test_companies_stand_beside_each_other():
    """What is asked of plans, in words."""
    found = {str(name): str(value) for name, value in headlines(of_ratio([101.0, 104.0], [100.0, 103.0]))}
    assert found["EBIT one month ahead: expected over actual"].startswith("+1.0 % ± 0.")
    assert found["... within 10 % of it"] == "yes"
    assert found["... expected less actual, of net sales"] == "+0.10 % ± 0.00 %"
    assert found["EBIT of net sales"] == "10.2 %"


def test_no_backlog_is_near_as_far_as_luck_tells():
    """Of ten months 7.8 and 5.8 were without: said .2 more in each run is near, 1.2 more is not, 1.2 more and 1.8 less cannot be told."""
    for said, near in (((8.0, 6.0), "yes"), ((9.0, 7.0), "no"), ((9.0, 4.0), "luck")):
        found = Tally.nothing(2)
        found.none[0] = [said, (7.8, 5.8), (10.0, 10.0)]
        assert Calibration(None, found).no_backlog[0].is_near == near
    assert Calibration(None, found).no_backlog[0].luck == pytest.approx(12.7062 * 1.5 / 10, rel=1e-5)  # of 1.2 and -1.8


def test_no_backlog_is_said_and_true():
    """Nothing was ever owed and nothing is projected to be: said and true in all months."""
    none = Calibration(None, tallied(PlanRecord(reading()))).no_backlog
    assert [(row.said, row.true) for row in none] == [(1.0, 1.0)] * 4


@pytest.mark.parametrize(
    ("due", "shipped", "backlog", "expected"),
    [
        (100.0, 90.0, 0.0, (False, 80.0, 80.0)),  # more than was committed
        (100.0, 60.0, 5.0, (True, 80.0, 60.0)),  # less, in shortage
        (40.0, 50.0, 0.0, (False, 50.0, 50.0)),  # customers wanted 40 and were owed 10: no more can be kept
    ],
)
def test_commitments_count_as_far_as_customers_want_them(due, shipped, backlog, expected):
    """Eighty were committed; ten are owed on the first morning."""
    month = Only(
        span=lambda index: (0, 30),
        index=0,
        read=Only(shipped=lambda first, end: np.array([[shipped]])),
        by_family=lambda products: products,
        morning=lambda account, day: np.array([[10.0]]),
        flow=lambda name, first, end: np.array([[due]]),
        projected=Only(shipments=np.array([[80.0]]), backlog=np.array([[backlog]])),
    )
    short, committed, kept = kept_of_month(month)
    assert (bool(short[0]), float(committed[0]), float(kept[0])) == expected
