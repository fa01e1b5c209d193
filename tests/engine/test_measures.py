"""Measures, each against books that are worked out by hand."""

import numpy as np
import pytest

from simulator.results.kpis import MEASURES, values
from tests.engine.small import BREAD, CAKE, DAYS, FEBRUARY, FIRST, FLOUR, SALT, SECOND, blank, company
from tests.laws.tight import books as tight_books

YEAR = 365.25


def found(books, name, by="total"):
    """One measure of the first lane: a number, or one by group."""
    rows, numbers = values(books, [name], by)
    first = dict(zip((group for _, group in rows), numbers[:, 0], strict=True))
    return first["total"] if by == "total" else first


@pytest.fixture
def served():
    """Two weeks of service.

    Bread for the first segment: 10 due on day 0, 10 on day 1, 5 on day 3; 6 shipped at once, 4 and 4 a day later, 6 on
    day 2, 5 on day 3. Cake for the second: 8 due on day 5, 2 shipped, one more the day after, 5 lost that evening.
    Salt for the first: 7 due in March, shipped at once. In the other lane the bread is all shipped at once.
    """
    b = blank()
    for day, units in {0: 10, 1: 10, 3: 5}.items():
        b.flows["due"][day, FIRST, BREAD] = units
        b.flows["served"][day, FIRST, BREAD, 1] = units
    for day, units in {0: 6, 1: 8, 2: 6, 3: 5}.items():
        b.flows["served"][day, FIRST, BREAD, 0] = units
    b.closing["backlog"][:2, FIRST, BREAD, 0] = 4, 6
    b.flows["due"][5, SECOND, CAKE, 0] = 8
    b.flows["served"][5:7, SECOND, CAKE, 0] = 2, 1
    b.flows["lost"][6, SECOND, CAKE, 0] = 5
    b.closing["backlog"][5, SECOND, CAKE, 0] = 6
    b.flows["due"][40, FIRST, SALT] = b.flows["served"][40, FIRST, SALT] = 7
    b.flows["shipped"][...] = b.flows["served"].sum(axis=1)
    b.flows["received"][1:4, BREAD] = 8
    b.closing["on_hand"][2:, BREAD] = 3
    return b


SHORT, DUE = 4 + 6 + 6, 25 + 8 + 7
"""New shortage of bread on days 0 and 1 and of cake on day 5; all that fell due."""


@pytest.mark.parametrize(
    ("name", "total"),
    [
        ("fill_rate", 1 - SHORT / DUE),
        ("otif", 1 - 3 / 5),  # of five lines, those of days 0, 1 and 5 were not complete
        ("contract_missed", 1.0),  # .6 is below .8
        ("cycle_service", 1 / 3),  # bread came on days 1, 2 and 3; 4 and 6 were owed the evenings before the first two
        ("period_service", 1 / 3),  # of bread and cake in February and salt in March, salt
        ("ready_rate", 57 / (3 * DAYS)),
        ("gamma_service", 1 - (4 + 6 + 6) / DUE),
        ("cycle_time", (4 + 6 + 6 + 2 * (25 + 7)) / (25 + 3 + 7)),  # two days asked for by the first segment
        ("wait_p95", 1.0),
        ("backlog", 16 / DAYS),
        ("backlog_value", (10 * 5 + 6 * 10) / DAYS),
        ("backlog_days", 16 / DUE),
        ("lost_sales", 5 / DUE),
    ],
)
def test_service(served, name, total):
    """Each measure of service on the two weeks."""
    assert found(served, name) == pytest.approx(total)


def test_service_of_a_lane_without_trouble(served):
    """The other lane has bread and salt on time: full service, whatever happens beside it."""
    for name, total in {
        "fill_rate": 1.0,
        "otif": 1.0,
        "contract_missed": 0.0,
        "gamma_service": 1.0,
        "wait_p95": 0.0,
    }.items():
        assert values(served, [name])[1][0, 1] == total


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("product", {"bread": 1 - 10 / 25, "cake": 1 - 6 / 8, "salt": 1.0}),
        ("family", {"baked": 1 - 16 / 33, "dry": 1.0}),
        ("segment", {"first": 1 - 10 / 32, "second": 1 - 6 / 8}),
    ],
)
def test_fill_rate_by_group(served, by, groups):
    """A group's ratio is its own sums' ratio."""
    assert found(served, "fill_rate", by) == pytest.approx(groups)


def test_lost_orders_wait_until_they_are_given_up(served):
    """Cake that was given up a day after it was due waited a day, and bread no longer."""
    assert found(served, "wait_p95", "product") == {"bread": 1.0, "cake": 1.0, "salt": 0.0}


def test_waits_of_less_than_a_twentieth_do_not_count():
    """Of a hundred units on each of ten days, 60 of one wait three days: more than a twentieth; 40 less."""
    for waiting, days in ((60, 3.0), (40, 0.0)):
        b = blank()
        b.flows["due"][:10, FIRST, BREAD] = 100
        b.closing["backlog"][4:7, FIRST, BREAD] = waiting
        b.flows["due"][5:10, FIRST, BREAD] = 0
        b.flows["due"][10:15, FIRST, BREAD] = 100
        assert found(b, "wait_p95") == days


def test_service_after_warm_up_looks_back_over_its_first_day():
    """What was owed at the end of the warm-up counts for the receipt of the next morning; its shortage does not."""
    b = blank(company(experiment__warm_up=1))
    b.flows["due"][FEBRUARY - 1, FIRST, BREAD] = 9
    b.closing["backlog"][FEBRUARY - 1, FIRST, BREAD] = 9
    b.flows["received"][FEBRUARY : FEBRUARY + 2, BREAD] = 9
    b.flows["due"][FEBRUARY + 1, FIRST, BREAD] = b.flows["served"][FEBRUARY + 1, FIRST, BREAD] = 6
    b.flows["served"][FEBRUARY, FIRST, BREAD] = 9
    assert found(b, "cycle_service") == 1 / 2
    assert found(b, "fill_rate") == 1.0
    assert found(b, "cycle_time") == (0 + (9 + 6) * 2) / (9 + 6)


@pytest.fixture
def stocked():
    """Bread 3 on hand but for the first two days, 200 on the last; cake 1; flour 40; 25 loaves shipped."""
    b = blank()
    b.closing["on_hand"][2:, BREAD] = 3
    b.closing["on_hand"][-1, BREAD] = 200
    b.closing["on_hand"][:, CAKE] = 1
    b.closing["on_hand"][:, FLOUR] = 40
    b.closing["on_order"][:10, BREAD] = 59
    b.closing["on_order"][:, FLOUR] = 6
    b.closing["on_order"][:, SALT] = 2
    b.flows["shipped"][3, BREAD] = 25
    b.flows["due"][3, FIRST, BREAD] = 25
    b.plans.made_in = b.plans.forecast_in = [0, 1]
    b.plans.safety_stock[0, BREAD], b.plans.safety_stock[1, BREAD] = 3, 4
    return b


LOAVES = 56 * 3 + 200
VALUE = (2 * LOAVES + 4 * DAYS) / DAYS
BEYOND = 200 - 90 * 25 / DAYS


@pytest.mark.parametrize(
    ("name", "total"),
    [
        ("stock_units", (LOAVES + DAYS) / DAYS),
        ("stock_value", VALUE),
        ("component_value", 20.0),
        ("all_stock_value", VALUE + 20.0),
        ("days_of_supply", VALUE / (25 * 2 / DAYS)),
        ("turns", 25 * 2 * YEAR / DAYS / VALUE),
        ("work_in_process", 59 * 10 * 2 / DAYS),
        ("in_transit", 6 * 0.5 + 2 * 1.0),
        ("peak_stock", 404.0),
        ("excess", (2 * BEYOND + 4 * DAYS) / DAYS / VALUE),  # nobody wants cake, so all of it is too much
        ("above_safety_stock", (26 + 1 + 2 * DAYS) / (3 * DAYS)),  # bread: 26 days in February, the last of March
    ],
)
def test_stock(stocked, name, total):
    """Each measure of stock."""
    assert found(stocked, name) == pytest.approx(total)


@pytest.fixture
def produced():
    """Bread 1 a day and then 2, salt bought 3 a day, flour 2 and then 4; the line half used, the oven full in March."""
    b = blank()
    b.flows["released"][:FEBRUARY, BREAD], b.flows["released"][FEBRUARY:, BREAD] = 1, 2
    b.flows["released"][:, SALT] = 3
    b.flows["released"][:FEBRUARY, FLOUR], b.flows["released"][FEBRUARY:, FLOUR] = 2, 4
    b.hours_used[:, 0] = 5
    b.hours_used[:FEBRUARY, 1], b.hours_used[FEBRUARY:, 1] = 1, 4
    return b


@pytest.mark.parametrize(
    ("name", "total"),
    [
        ("production_variation", np.sqrt(0.5) / 1.5),
        ("production_change", 1 / 1.5),
        ("production_peak", 2 / 1.5),
        ("purchase_swing", (1.0 + 0.0) / (1.5 + 3.0)),  # flour from 1 to 2 a day in money, salt always 3
        ("utilisation", (28 * 1 + 31 * 4) / (DAYS * 4)),
        ("peak_utilisation", 1.0),
        ("overtime", 0.0),
    ],
)
def test_smoothness(produced, name, total):
    """Each measure of smoothness and load."""
    assert found(produced, name) == pytest.approx(total)


def test_days_off_do_not_make_production_uneven():
    """Production is per working day: 20 in a February of 20 working days and 22 in a March of 22 is no change."""
    b = blank(company(calendar__working_days=["mon", "tue", "wed", "thu", "fri"]))
    b.flows["released"][b.scenario.days.working, BREAD] = 1
    assert found(b, "production_change") == 0.0
    assert found(b, "production_variation") == 0.0


def alternating(one, other):
    """A day's quantity that makes weeks of these totals in turn; nothing on the three days left over."""
    weeks = np.where(np.arange(8) % 2 == 0, one, other)
    return np.append(np.repeat(weeks / 7, 7), [0.0] * 3)[:, None]


def test_bullwhip_compares_variance_over_mean_of_weeks():
    """Demand of 10 and 20 in turn, releases of 10 and 50: [(40/2)^2 / 30] / [(10/2)^2 / 15] = 8."""
    b = blank()
    b.flows["due"][:, FIRST, BREAD] = alternating(4, 8)
    b.flows["due"][:, SECOND, SALT] = alternating(6, 12)
    b.flows["released"][:, BREAD] = alternating(10, 20)
    b.flows["released"][:, SALT] = alternating(0, 30)
    b.flows["released"][:, FLOUR] = alternating(900, 0)  # no product
    assert found(b, "bullwhip") == pytest.approx(8.0)


def test_net_stock_amplification_is_variance_over_variance():
    """Net stock of 3 less 2 owed and of 5 at week's end in turn, demand of 10 and 20: 2^2 / 5^2."""
    b = blank()
    b.flows["due"][:, FIRST, BREAD] = alternating(10, 20)
    b.closing["on_hand"][6:56:14, BREAD], b.closing["backlog"][6:56:14, FIRST, BREAD] = 3, 2
    b.closing["on_hand"][13:56:14, BREAD] = 5
    assert found(b, "stock_amplification") == pytest.approx(2.0**2 / 5.0**2)


@pytest.fixture
def planned():
    """Two cycles: 100 a month of baked goods planned in February, 110 in March; 90 and 130 made."""
    b = blank(past=12)
    b.plans.made_in = b.plans.forecast_in = [0, 1]
    b.plans.production[0, :, 0], b.plans.production[1, :, 0] = 100, 110
    b.flows["released"][3, BREAD], b.flows["released"][4, CAKE] = 60, 30
    b.flows["released"][FEBRUARY + 3, BREAD], b.flows["released"][FEBRUARY + 4, SALT] = 130, 500
    b.plans.effective = {0: np.array([0, 3]), 1: np.array([FEBRUARY + 5, FEBRUARY])}
    b.plans.forecast[0, 1] = np.array([[110.0], [40.0], [30.0]])
    b.demand_by_month[13] = np.array([[100.0], [50.0], [20.0]])
    b.demand_by_month[1] = np.array([[90.0], [50.0], [40.0]])  # a year before
    b.plans.table("forecast: naive", (3, 2))[0] = np.array([[90.0], [50.0], [40.0]])
    return b


@pytest.mark.parametrize(
    ("name", "total"),
    [
        ("plan_attainment", 1 - (10 + 30) / (100 + 100)),  # what is decided in March holds from the sixth of it on
        ("nervousness", 11 * 10 / (11 * 110)),
        ("decision_latency", (0 + 5) / 2),
        ("forecast_wmape", (10 + 10 + 10) / 170),
        ("forecast_bias", (10 - 10 + 10) / 170),
        ("forecast_rmse", 10.0),
        ("forecast_mase", (10 + 10 + 10) / (10 + 0 + 20)),
        ("wmape_naive", (10 + 0 + 20) / 170),
        ("tracking_alarms", 0.0),
    ],
)
def test_planning(planned, name, total):
    """Each measure of forecasts and plans."""
    assert found(planned, name) == pytest.approx(total)


def test_nervousness_counts_less_as_well_as_more():
    """February plans 100 a month; March takes 30 off April and adds 10 to May: 40 changed of 10 x 100 + 70 + 110 planned."""
    b = blank()
    b.plans.made_in = [0, 1]
    b.plans.production[0, :, 0], b.plans.production[1, :11, 0] = 100, 100
    b.plans.production[1, 1, 0], b.plans.production[1, 2, 0] = 70, 110
    assert found(b, "nervousness") == pytest.approx((30 + 10) / (9 * 100 + 70 + 110))


def test_plans_are_kept_by_family(planned):
    """Only the family that was planned has a plan to keep."""
    by_family = found(planned, "plan_attainment", "family")
    assert by_family["baked"] == pytest.approx(1 - 40 / 200)
    assert np.isnan(by_family["dry"])


def test_a_plan_is_in_force_from_the_day_on_which_its_decision_takes_effect(planned):
    """In the other lane February begins without a plan, and March with the one that takes effect on its first morning."""
    _, numbers = values(planned, ["plan_attainment"])
    assert numbers[0, 1] == pytest.approx(1 - 20 / 110)


def test_families_off_their_plans_either_way_do_not_make_up_for_each_other(planned):
    """Baked goods 10 below and 30 above their plans of 100; dry goods, of which nothing was planned, add nothing they bought."""
    planned.plans.production[0, 0, 0, 0] = 40  # 90 were made: 50 off
    _, numbers = values(planned, ["plan_attainment"])
    assert numbers[0, 0] == pytest.approx(1 - (50 + 30) / (40 + 100))
    planned.plans.production[0, 0, 0, 0] = 1  # 89 off
    planned.plans.production[0, 1, 0, 0] = 1  # 129 off
    _, numbers = values(planned, ["plan_attainment"])
    assert numbers[0, 0] == pytest.approx(1 - (89 + 129) / 2)  # far below nothing, and said so


def test_the_tracking_signal_alarms_beyond_four():
    """Seven months of over-forecast: the signal is 1, 2 ... 7, beyond 4 three times; for the others never."""
    b = blank(company(experiment__months=8))
    b.plans.made_in = b.plans.forecast_in = list(range(8))
    b.plans.forecast[:, 1, BREAD] = 12
    b.demand_by_month[:, BREAD] = 10
    b.plans.forecast[::2, 1, CAKE] = 20
    b.demand_by_month[:, CAKE] = 10  # over and under in turn
    assert found(b, "tracking_alarms") == pytest.approx(3 / 21)


def test_contribution_is_margin_less_holding_delay_and_overtime():
    """A year's margin of 10 loaves at 3, less holding, penalties and overtime, by hand."""
    scenario = company(resources__line__overtime_premium=20.0, finance__holding_rate=0.3, finance__late_penalty=0.01)
    b = blank(scenario)
    b.flows["shipped"][5, BREAD] = 10
    b.closing["on_hand"][:, CAKE] = 2
    b.closing["backlog"][:4, FIRST, CAKE] = 5
    b.hours_used[7, 0] = 12.5
    margin, holding, late, extra = 10 * 3, 2 * 4 * 0.3 * DAYS / YEAR, 4 * 5 * 10 * 0.01, 2.5 * 20
    assert found(b, "contribution") == pytest.approx((margin - holding - late - extra) * YEAR / DAYS)
    assert found(b, "overtime") == pytest.approx(2.5 / (14 * DAYS))


WEIGHTS = {"fill_rate": "due", "lost_sales": "due", "gamma_service": "due", "backlog_days": "due"}
SUMS = ("backlog", "backlog_value", "stock_units", "stock_value")


@pytest.mark.parametrize("by", ["product", "family", "segment"])
@pytest.mark.parametrize("name", [*WEIGHTS, *SUMS])
def test_groups_add_up(name, by):
    """Totals are sums of groups; a total ratio is the groups' ratios weighted by what they are ratios to."""
    b = tight_books("chase")
    total, groups = values(b, [name])[1][0], values(b, [name], by)[1]
    if not len(groups):
        assert MEASURES[name].per == "goods"
        assert by == "segment"
        return
    if name in SUMS:
        np.testing.assert_allclose(groups.sum(axis=0), total)
        return
    first = int(b.scenario.days.month_start[2])
    due = b.flows["due"][first:].sum(axis=0)
    weight = {
        "product": due.sum(axis=0),
        "family": b.scenario.network.by_family(due.sum(axis=0)),
        "segment": due.sum(axis=1),
    }[by]
    np.testing.assert_allclose((groups * weight).sum(axis=0) / weight.sum(axis=0), total)


def test_nothing_to_divide_by_is_not_a_number():
    """Without demand there is no fill rate, and no other ratio; none is nought."""
    b = blank()
    for name in (
        "fill_rate",
        "otif",
        "lost_sales",
        "gamma_service",
        "days_of_supply",
        "bullwhip",
        "forecast_wmape",
        "plan_attainment",
    ):
        assert np.isnan(found(b, name)), name


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_says_what_it_is(name):
    """Title, unit, direction and a definition in a sentence."""
    m = MEASURES[name]
    assert m.title
    assert m.unit
    assert m.better in ("higher", "lower", "")
    assert len(m.definition) > 20
    assert m.per in ("orders", "goods", "company")


OF_PARTS = {f"simulator.results.kpis.{part}" for part in ("market", "people", "quality", "supply")}
"""Measures of parts that the tight company does not have; tests of the parts look at them."""


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize("by", ["total", "product", "family", "segment"])
def test_every_measure_answers_for_every_group_and_lane(name, by):
    """A row a group and a column a replication, on a run of the tight company."""
    b = tight_books("sop-smoothed")
    rows, numbers = values(b, [name], by)
    left_out = (MEASURES[name].per == "company" and by != "total") or (
        MEASURES[name].per == "goods" and by == "segment"
    )
    expected = {"total": 1, "product": 7, "family": 5, "segment": 3}[by]
    assert numbers.shape == (0 if left_out else expected, 11)
    assert len(rows) == len(numbers)
    if by == "total" and MEASURES[name].function.__module__ not in OF_PARTS:
        assert np.isfinite(numbers).all()
