"""Three months of a toy company, worked out by hand line by line."""

import numpy as np
import pytest

from simulator.results.kpis import values
from tests.money.toy import run

DAYS = np.array([31, 28, 31])
YEAR, MONTHS = 365.25, 90
EBIT = (988.88 + 863.2 + 988.9) / MONTHS * YEAR
STOCK = (MONTHS * 100 + 20) / MONTHS
PAYABLES = (
    580 + 29 * 560 + 580 + 59 * 600
) / MONTHS  # no bulbs on the first two days, nothing to pay on days 31 and 32
WORKING_CAPITAL = STOCK + 60 + 990 - PAYABLES
ACCRUED = sum((30 * n + 310) * (n - 1) / 2 for n in DAYS) / MONTHS  # n days at 30 + 310 / n, paid on the last
CAPITAL = WORKING_CAPITAL - ACCRUED


@pytest.fixture(scope="module")
def lines():
    """Every line by its name: one amount a month."""
    table = run().money().query("replication == 0")
    return {name: part["value"].to_numpy() for name, part in table.groupby("line")}


def test_goods_are_what_the_sums_rest_on():
    """Every day ten lamps are sold, started and finished and ten bulbs come, but for the first days' opening stock."""
    books = next(run().books())
    assert (books.flows["shipped"] == 10).all()
    assert (books.flows["released"] == 10).all()
    assert (books.flows["consumed"][:, 1] == 10).all()
    assert books.flows["received"][:3, :, 0].tolist() == [[0, 0], [10, 0], [10, 10]]
    assert books.closing["on_hand"][:3, :, 0].tolist() == [[10, 30], [10, 20], [10, 20]]


@pytest.mark.parametrize(
    ("line", "amounts"),
    [
        ("sales", 100 * DAYS),  # 10 lamps at 10
        ("net sales", 100 * DAYS),
        ("cost of goods", -60 * DAYS),  # 10 at 6
        ("gross margin", 40 * DAYS),
        ("wages, worked or idle", -30 * DAYS),  # 2 hours at 15
        ("conversion absorbed", 40 * DAYS),  # 10 lamps started, 4 in each
        ("transport", -2 * DAYS),  # 2 % of 100
        ("selling", -5 * DAYS),  # 5 %
        ("bad debt", -1 * DAYS),  # 1 %
        ("storage", -0.1 * DAYS - [0.02, 0, 0]),  # evenings: 10 lamps and 20 bulbs are 100; the first, ten bulbs more
        ("fixed cost", -310 + 0 * DAYS),
        ("EBIT", (40 - 30 + 40 - 2 - 5 - 1 - 0.1) * DAYS - 310 - [0.02, 0, 0]),  # 988.88, 863.2, 988.9
        ("profit before tax", [988.88, 863.2, 988.9]),
    ],
)
def test_profit_and_loss_by_hand(lines, line, amounts):
    """Each line of each month."""
    np.testing.assert_allclose(lines[line], amounts, rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("line", "amounts"),
    [
        ("opening cash", [1000, 1946.88, 2768.08]),
        (
            "from customers",
            99 * DAYS,
        ),  # ten days later, what is not bad debt; before that what was sold before the first day
        ("to suppliers", [-30 * 20, -27 * 20, -31 * 20]),  # two days without, see below
        ("people and fixed cost", -30 * DAYS - 310),  # on the last day of the month
        ("transport and selling", -7 * DAYS),
        ("storage and counting", -0.1 * DAYS - [0.02, 0, 0]),
        ("drawings", -62 + 0 * DAYS),
        ("closing cash", [1946.88, 2768.08, 3694.98]),
        ("receivables", [990, 990, 990]),  # ten days of 99
        ("stock", [100, 100, 100]),
        ("work in process", [60, 60, 60]),  # ten lamps, started yesterday evening
        ("payables", [-580, -600, -600]),  # 30 days of 20; at the end of January bulbs had come on 29 days
        ("accruals", [0, 0, 0]),
        ("working capital", [570, 550, 550]),
        # opening: 1000 + 990 + 200 of stock - 600 = 1590, then the profit less 62 a month
        ("equity but for fixed assets", [2516.88, 3318.08, 4244.98]),
    ],
)
def test_cash_and_working_capital_by_hand(lines, line, amounts):
    """Bulbs came on all days but the first two, and are paid 30 days later.

    The first 30 days the opening debt is paid, 20 a day. Days 30 and 31 (the last of January, the first of February)
    have nothing to pay.
    """
    np.testing.assert_allclose(lines[line], amounts, rtol=0, atol=1e-9)


def result(**changes):
    """Profit and loss by line and month."""
    table = run(**changes).money().query("replication == 0 and statement == 'profit and loss'")
    return table.set_index(["line", "period"])["value"]


def test_an_overdraft_costs_interest_on_the_last_day_of_the_month():
    """Cash begins at -500 and gains 72 a day less the first day's 2 cents more of storage, until suppliers are not paid for two days."""
    table = result(finance__opening_cash=-500.0, finance__overdraft_rate=0.36525)
    evenings = -500 - 0.02 + (99 - 20 - 7 - 0.1) * np.arange(1, 7)  # overdrawn on the first six: -428.12 ... -68.62
    assert evenings[-1] < 0 < evenings[-1] + 71.9
    assert table["interest", "2026-01"] == pytest.approx(0.001 * evenings.sum())
    assert table["interest", "2026-02"] == 0
    assert table["profit before tax", "2026-01"] == pytest.approx(table["EBIT", "2026-01"] + 0.001 * evenings.sum())


def test_interest_is_charged_on_interest():
    """Deep in debt all the time, February's interest is on January's too."""
    table = result(finance__opening_cash=-100_000.0, finance__overdraft_rate=0.36525)
    none = run(finance__opening_cash=-100_000.0)
    rate = 0.001
    cash = none.money([("day", d, d + 1) for d in range(59)]).query("replication == 0 and line == 'closing cash'")
    owed = -cash["value"].to_numpy()
    january = rate * owed[:31].sum()
    assert table["interest", "2026-01"] == pytest.approx(-january)
    assert table["interest", "2026-02"] == pytest.approx(-rate * (owed[31:] + january).sum())


@pytest.mark.parametrize(
    ("measure", "amount"),
    [
        ("revenue", 100 * YEAR),
        ("gross_margin", 40 * YEAR),
        ("customer_margin", (40 - 2 - 5 - 1) * YEAR),
        ("ebit", EBIT),
        ("ebit_share", EBIT / (100 * YEAR)),
        ("idle_cost", (30 - 40) * YEAR),
        ("penalties", 0.0),
        ("write_offs", 0.0),
        ("receivables", 990.0),
        ("payables", PAYABLES),
        ("working_capital", WORKING_CAPITAL),
        ("roce", EBIT / CAPITAL),
        ("economic_profit", EBIT - 0.1 * CAPITAL),
        ("gmroi", 40 * YEAR / STOCK),
        ("cash_to_cash", (STOCK + 60) / 60 + 990 / 100 - PAYABLES / (20 * 88 / 90)),
        ("lowest_cash", 1000 - 0.02 + 99 - 20 - 7 - 0.1),  # the first evening
        ("credit_exceeded", 0.0),
    ],
)
def test_measures_by_hand(measure, amount):
    """A year's worth of the three months, and what is tied up on the mean evening."""
    assert values(next(run().books()), [measure])[1][0, 0] == pytest.approx(amount)
